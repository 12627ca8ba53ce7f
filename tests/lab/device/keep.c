#include "keep.h"

#include <limits.h>
#include <string.h>

bool keep_is_name(const char *name)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";
    const size_t length = strlen(name);

    return length > 0 && length < KEEP_NAME && name[0] != '.' && strspn(name, letters) == length;
}

FILE *keep_open(const char *folder, const char *name, const char *mode)
{
    char path[PATH_MAX];

    if (!folder || !keep_is_name(name) ||
        snprintf(path, sizeof(path), "%s/%s", folder, name) >= (int)sizeof(path))
        return NULL;
    return fopen(path, mode);
}
