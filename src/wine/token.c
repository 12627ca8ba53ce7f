#include "wine/token.h"

#include <stdio.h>
#include <string.h>

#define IN_FOLDER "/" WU_TOKEN_FOLDER "/"
#define GUID_USB_DEVICE "{a5dcbf10-6530-11d2-901f-00c04fb951ed}"

/* What the kernel puts behind the name of an open file that has been deleted. */
static size_t length_of(const char *name)
{
    const char *deleted = strstr(name, " (deleted)");

    return deleted ? (size_t)(deleted - name) : strlen(name);
}

bool wu_token_path(const char *file, char *path, size_t size)
{
    const char *name = strrchr(file, '/');
    const size_t folder = sizeof(IN_FOLDER) - 1;
    int length;

    if (!name || (size_t)(name + 1 - file) < folder ||
        memcmp(name + 1 - folder, IN_FOLDER, folder) != 0)
        return false;

    length =
        snprintf(path, size, "\\\\?\\%.*s#" GUID_USB_DEVICE, (int)length_of(name + 1), name + 1);
    return length > 0 && (size_t)length < size;
}
