#include "wine/token.h"

#include <stdio.h>
#include <string.h>

#include "devices/devices.h"

#define IN_FOLDER "/" WU_TOKEN_FOLDER "/"

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
    char guid[WU_GUID_TEXT_SIZE];
    int length;

    if (!name || (size_t)(name + 1 - file) < folder ||
        memcmp(name + 1 - folder, IN_FOLDER, folder) != 0)
        return false;

    wu_guid_format(&wu_guid_usb_device, guid);
    length = snprintf(path, size, "\\\\?\\%.*s#%s", (int)length_of(name + 1), name + 1, guid);
    return length > 0 && (size_t)length < size;
}
