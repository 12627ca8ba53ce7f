/*
 * What every winusb.dll of ours has in it, by which it is told from Wine's and Microsoft's.
 */
#ifndef WU_WINE_STAMP_H
#define WU_WINE_STAMP_H

/* The version follows, and then NUL; see dll.c. */
#define WU_STAMP "this is OpenWinUSB for Wine, "

#endif
