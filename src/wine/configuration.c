#include "wine/configuration.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "wine/beneath.h"
#include "wine/prefix.h"

/* Wine makes this folder first of all. It writes the registry's files after half a minute, or when
 * its last program has ended. */
static enum wu_prefix_kind kind_without_registry(const char *prefix)
{
    const int folder = wu_beneath_open_folder(prefix, "dosdevices");

    if (folder < 0)
        return errno == EPERM ? WU_PREFIX_FOREIGN : WU_PREFIX_NONE;

    close(folder);
    return WU_PREFIX_UNFINISHED;
}

/* The registry's file says so in one of its first lines. */
enum wu_prefix_kind wu_prefix_kind(const char *prefix)
{
    enum { FIRST_LINES = 8 };
    enum wu_prefix_kind kind = WU_PREFIX_NONE;
    FILE *file = wu_prefix_open(prefix, "system.reg");
    char line[256];

    if (!file)
        return errno == ENOENT || errno == EPERM ? kind_without_registry(prefix) : kind;

    for (int i = 0; i < FIRST_LINES && kind == WU_PREFIX_NONE && fgets(line, sizeof(line), file);
         i++) {
        if (strncmp(line, "#arch=win64", 11) == 0)
            kind = WU_PREFIX_WIN64;
        else if (strncmp(line, "#arch=win32", 11) == 0)
            kind = WU_PREFIX_WIN32;
    }
    fclose(file);
    return kind;
}
