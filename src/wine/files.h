/*
 * The files of ours for Wine: what each is, and where it is found to install it from. One table.
 */
#ifndef WU_WINE_FILES_H
#define WU_WINE_FILES_H

#include <limits.h>

/* What a file is. Its bits are those of the programs that load a DLL, and those of a Linux library.
 */
enum wu_part {
    WU_PART_DLL_64,
    WU_PART_DLL_32,
    WU_PART_UNIX_64,
    WU_PART_UNIX_32,
    WU_PART_PROGRAM_64, /* winusb-wine.exe, which is not installed */
    WU_PART_PROGRAM_32,
    WU_PARTS,
};

/* Where they are. */
struct wu_files {
    char path[WU_PARTS][PATH_MAX]; /* empty: there is none */
};

/**
 * Looks for all files: in a build folder, installed, and in an unpacked archive.
 *
 * @param folder  where the tool is
 * @param installed  folder of what is installed, from there on
 */
void wu_files_find(const char *folder, const char *installed, struct wu_files *files_out);

/** Names a file from the folder on that has them all, "x64/winusb.dll". */
const char *wu_files_name(enum wu_part part);

#endif
