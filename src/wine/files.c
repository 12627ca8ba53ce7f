#include "wine/files.h"

#include <stddef.h>
#include <stdio.h>
#include <unistd.h>

struct row {
    enum wu_set set;
    enum wu_part part;
    const char *built;  /* in the build folder, where the tool is, too */
    const char *packed; /* in the folder of what is installed, and in an archive's `wine` */
};

static const struct row rows[] = {
    { WU_SET_PE, WU_PART_DLL_64, "x64/wine/winusb.dll", "x64/winusb.dll" },
    { WU_SET_PE, WU_PART_DLL_32, "x86/wine/winusb.dll", "x86/winusb.dll" },
    { WU_SET_PE, WU_PART_UNIX_64, "wine/winusb-64.so", "winusb-64.so" },
    { WU_SET_PE, WU_PART_UNIX_32, "wine/winusb-32.so", "winusb-32.so" },
    { WU_SET_PE, WU_PART_PROGRAM_64, "x64/wine/winusb-wine.exe", "x64/winusb-wine.exe" },
    { WU_SET_PE, WU_PART_PROGRAM_32, "x86/wine/winusb-wine.exe", "x86/winusb-wine.exe" },
    /* Until the set above has taken its place. */
    { WU_SET_ELF, WU_PART_DLL_64, "wine/winusb.dll", "winusb.dll" },
    { WU_SET_ELF, WU_PART_PROGRAM_64, "wine/winusb-wine.exe", "winusb-wine.exe" },
};

enum { ROWS = sizeof(rows) / sizeof(*rows) };

/* The archive has the tool in `linux/bin`. */
static void find(const struct row *row, const char *folder, const char *installed, char *path)
{
    const char *const folders[] = { "", installed, "../../wine" };

    for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++) {
        const int size = snprintf(path, PATH_MAX, "%s/%s%s%s", folder, folders[i], i > 0 ? "/" : "",
                                  i > 0 ? row->packed : row->built);

        if (size > 0 && size < PATH_MAX && access(path, R_OK) == 0)
            return;
    }
    *path = '\0';
}

void wu_files_find(const char *folder, const char *installed, struct wu_files *files_out)
{
    for (int set = 0; set < WU_SETS; set++)
        for (int part = 0; part < WU_PARTS; part++)
            files_out->path[set][part][0] = '\0';

    for (int i = 0; i < ROWS; i++)
        find(&rows[i], folder, installed, files_out->path[rows[i].set][rows[i].part]);
}

static const struct row *row_of(enum wu_set set, enum wu_part part)
{
    for (int i = 0; i < ROWS; i++)
        if (rows[i].set == set && rows[i].part == part)
            return &rows[i];

    return NULL;
}

bool wu_files_have(enum wu_set set, enum wu_part part)
{
    return row_of(set, part) != NULL;
}

const char *wu_files_name(enum wu_set set, enum wu_part part)
{
    const struct row *row = row_of(set, part);

    return row ? row->built : "";
}

/* Wine takes an ELF file for one of its own. */
bool wu_files_need_override(enum wu_set set)
{
    return set == WU_SET_PE;
}
