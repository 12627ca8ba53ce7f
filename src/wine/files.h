/*
 * The files of ours for Wine: what each is, and where it is found to install it from. One table.
 */
#ifndef WU_WINE_FILES_H
#define WU_WINE_FILES_H

#include <limits.h>
#include <stdbool.h>

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

/* Files that belong together; what comes first is preferred. */
enum wu_set {
    WU_SET_PE,  /* DLLs for 64-bit and 32-bit programs, with a Linux library behind them */
    WU_SET_ELF, /* a DLL that is a Linux library itself */
    WU_SETS,
};

/* Where the files of the sets are. */
struct wu_files {
    char path[WU_SETS][WU_PARTS][PATH_MAX]; /* empty: there is none */
};

/**
 * Looks for all files: in a build folder, installed, and in an unpacked archive.
 *
 * @param folder  where the tool is
 * @param installed  folder of what is installed, from there on
 */
void wu_files_find(const char *folder, const char *installed, struct wu_files *files_out);

/** Tells whether a set has such a file, found or not. */
bool wu_files_have(enum wu_set set, enum wu_part part);

/** Names such a file as the build does, "x64/wine/winusb.dll". */
const char *wu_files_name(enum wu_set set, enum wu_part part);

/** Tells whether programs with a set's DLLs need an override, and load no DLL of ours without. */
bool wu_files_need_override(enum wu_set set);

#endif
