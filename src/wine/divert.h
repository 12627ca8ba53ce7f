/*
 * Sending a function's callers elsewhere.
 */
#ifndef WU_WINE_DIVERT_H
#define WU_WINE_DIVERT_H

#include <stdbool.h>

enum { WU_DIVERT_SIZE = 16 }; /* [bytes] of code that are no longer what they were */

/** Finds a function of a module that is loaded; NULL when there is none of that name. */
void *wu_divert_find(const char *module, const char *name);

/**
 * Writes a jump over the beginning of a function, in one piece, as other threads may be about to
 * enter it. Clobbers rax, which is no parameter.
 *
 * @return false when its memory cannot be written; it is as before then
 */
bool wu_divert(void *function, const void *replacement);

#endif
