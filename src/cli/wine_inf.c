/* INF files for the command `winusb wine publish`. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/wine_parts.h"
#include "wine/inf.h"

enum { MAX_MEBIBYTES = 16, MAX_SIZE = MAX_MEBIBYTES << 20 };

/* A file's bytes, so far. */
struct content {
    unsigned char *bytes; /* owned */
    size_t size, room;
};

static bool make_room(struct content *content)
{
    const size_t room = content->room > 0 ? 2 * content->room : 1 << 16;
    unsigned char *bytes = realloc(content->bytes, room);

    if (!bytes)
        return false;

    content->bytes = bytes;
    content->room = room;
    return true;
}

/* @return false with errno */
static bool read_all(FILE *file, struct content *content)
{
    size_t more = 1;

    while (more > 0) {
        if (content->size > MAX_SIZE) {
            errno = EFBIG;
            return false;
        }
        if (content->size == content->room && !make_room(content))
            return false;
        more = fread(content->bytes + content->size, 1, content->room - content->size, file);
        content->size += more;
    }
    return !ferror(file);
}

static bool read_file(const char *path, struct content *content)
{
    FILE *file = fopen(path, "re");
    const bool is_read = file && read_all(file, content);

    if (!is_read && errno == EFBIG)
        wu_cli_complain("%s: it has more than %d MiB, as no INF file has", path, MAX_MEBIBYTES);
    else if (!is_read)
        wu_cli_complain("%s: %s", path, strerror(errno));
    if (file)
        fclose(file);
    return is_read;
}

static bool complain_of(const char *path, DWORD error)
{
    if (error == ERROR_MORE_DATA)
        wu_cli_complain("%s gives a device more than %d interface GUIDs", path, WU_GUIDS_MAX);
    else if (error == ERROR_INVALID_DATA)
        wu_cli_complain("%s: sections need others that need others, more than %d deep", path,
                        WU_INF_NEEDS_MAX);
    else
        wu_cli_complain("%s: %s", path, wu_cli_error_text(error));
    return false;
}

static bool
read_devices(const char *path, const struct content *content, struct wu_inf_devices *devices_out)
{
    struct wu_inf_devices devices;
    const DWORD error = wu_inf_read(content->bytes, content->size, &devices);

    if (error != ERROR_SUCCESS)
        return complain_of(path, error);
    if (devices.count == 0) {
        wu_cli_complain("%s gives no USB device a DeviceInterfaceGUID", path);
        wu_inf_devices_free(&devices);
        return false;
    }

    *devices_out = devices;
    return true;
}

bool wu_wine_read_inf(const char *path, struct wu_inf_devices *devices_out)
{
    struct content content = { .size = 0 };
    const bool done = read_file(path, &content) && read_devices(path, &content, devices_out);

    free(content.bytes);
    return done;
}
