/*
 * Where the Unix library may be.
 */
#ifndef WU_UNIX_PLACE_H
#define WU_UNIX_PLACE_H

#include <windows.h>

enum {
    WU_UNIX_PLACES = 3,
    WU_UNIX_PLACE_SIZE = 1024, /* of a folder's name, with its NUL */
};

/**
 * Names the folders to look in: that of the DLL or program itself, the folder around it, where the
 * build and the archive have it, and that of ours in the Wine prefix.
 *
 * @return how many
 */
unsigned wu_unix_places(WCHAR folders[WU_UNIX_PLACES][WU_UNIX_PLACE_SIZE]);

#endif
