/*
 * Our winusb.dll in a Wine prefix, in the place of Wine's own, which is kept.
 */
#ifndef WU_WINE_INSTALL_H
#define WU_WINE_INSTALL_H

#include <stdbool.h>

enum wu_dll {
    WU_DLL_NONE,    /* there is no winusb.dll */
    WU_DLL_OTHER,   /* Wine's own, or Microsoft's */
    WU_DLL_CURRENT, /* ours */
    WU_DLL_OLD,     /* ours, but not the one that would be installed */
};

/** Tells which winusb.dll the prefix has. @param source  the file of ours; NULL: any is current */
enum wu_dll wu_dll_which(const char *prefix, const char *source);

/**
 * Installs winusb.dll: it is there as a whole, or as before. Puts another's aside.
 *
 * @return false with errno
 */
bool wu_dll_install(const char *prefix, const char *source);

/** Removes winusb.dll, if it is ours, and puts back what was put aside. @return false with errno */
bool wu_dll_uninstall(const char *prefix);

/** Removes our folder with all that is in it. @return false with errno */
bool wu_prefix_remove_folder(const char *prefix);

#endif
