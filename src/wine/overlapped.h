/*
 * GetOverlappedResult of kernel32, for files of ours.
 */
#ifndef WU_WINE_OVERLAPPED_H
#define WU_WINE_OVERLAPPED_H

/**
 * Has GetOverlappedResult and GetOverlappedResultEx clear the last error when they succeed: Wine's
 * leave what was there before, as ERROR_IO_PENDING, and some programs read it without looking at
 * the result. Other files are as before.
 *
 * Once, in DllMain.
 */
void wu_overlapped_complete(void);

#endif
