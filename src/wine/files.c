#include "wine/files.h"

#include <stddef.h>
#include <stdio.h>
#include <unistd.h>

static const char *const names[WU_PARTS] = {
    [WU_PART_DLL_64] = "x64/winusb.dll",          [WU_PART_DLL_32] = "x86/winusb.dll",
    [WU_PART_UNIX_64] = "winusb-64.so",           [WU_PART_UNIX_32] = "winusb-32.so",
    [WU_PART_PROGRAM_64] = "x64/winusb-wine.exe", [WU_PART_PROGRAM_32] = "x86/winusb-wine.exe",
};

/* The build folder has the tool in it, the archive in `linux/bin`. */
static void find(const char *name, const char *folder, const char *installed, char *path)
{
    const char *const folders[] = { "wine", installed, "../../wine" };

    for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++) {
        const int size = snprintf(path, PATH_MAX, "%s/%s/%s", folder, folders[i], name);

        if (size > 0 && size < PATH_MAX && access(path, R_OK) == 0)
            return;
    }
    *path = '\0';
}

void wu_files_find(const char *folder, const char *installed, struct wu_files *files_out)
{
    for (int part = 0; part < WU_PARTS; part++)
        find(names[part], folder, installed, files_out->path[part]);
}

const char *wu_files_name(enum wu_part part)
{
    return names[part];
}
