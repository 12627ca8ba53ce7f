#include "wine/configuration.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
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

/* "winusb"="": the name may have an asterisk before and the ending behind it. */
static bool disables(const char *line)
{
    const char *name = line + (*line == '"');

    name += *name == '*';
    if (strncasecmp(name, "winusb", 6) != 0)
        return false;
    name += 6;
    if (strncasecmp(name, ".dll", 4) == 0)
        name += 4;
    return strncmp(name, "\"=\"\"", 4) == 0;
}

static bool is_disabled_by_registry(const char *prefix)
{
    static const char section[] = "[Software\\\\Wine\\\\DllOverrides]";
    FILE *file = wu_prefix_open(prefix, "user.reg");
    char line[1024];
    bool within = false, disabled = false;

    if (!file)
        return false;

    while (fgets(line, sizeof(line), file)) {
        if (*line == '[')
            within = strncasecmp(line, section, sizeof(section) - 1) == 0;
        disabled = disabled || (within && disables(line));
    }
    fclose(file);
    return disabled;
}

/* One of `a,b=n,b;winusb=`: names, and how they are loaded; nothing or d means not at all. */
static bool is_disabled_by(const char *entry, size_t length)
{
    const char *equals = memchr(entry, '=', length);
    const char *name = entry;
    bool named = false;

    if (!equals)
        return false;

    while (name < equals) {
        const size_t size = strcspn(name, ",=");

        named = named || (size == 6 && strncasecmp(name, "winusb", 6) == 0) ||
                (size == 10 && strncasecmp(name, "winusb.dll", 10) == 0);
        name += size + 1;
    }
    return named && (equals + 1 == entry + length || equals[1] == 'd');
}

static bool is_disabled_by_environment(const char *overrides)
{
    while (overrides && *overrides != '\0') {
        const size_t length = strcspn(overrides, ";");

        if (is_disabled_by(overrides, length))
            return true;
        overrides += length + (overrides[length] == ';');
    }

    return false;
}

bool wu_prefix_is_dll_disabled(const char *prefix, const char *environment)
{
    return is_disabled_by_environment(environment) || is_disabled_by_registry(prefix);
}
