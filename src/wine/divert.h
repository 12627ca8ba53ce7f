/*
 * Sending a function's callers elsewhere.
 */
#ifndef WU_WINE_DIVERT_H
#define WU_WINE_DIVERT_H

#include <stdbool.h>

enum {
    WU_JUMP_SIZE = 12,
    WU_DIVERT_SIZE = 16, /* [bytes] of code that are written at once */
};

/** Finds a function of a module that is loaded; NULL when there is none of that name. */
void *wu_divert_find(const char *module, const char *name);

/** Writes a jump to a function, WU_JUMP_SIZE bytes. Clobbers rax, which is no parameter. */
void wu_divert_make(unsigned char code[WU_DIVERT_SIZE], const void *replacement);

/** Tells whether code begins with such a jump to this function. */
bool wu_divert_leads_to(const void *code, const void *function);

/**
 * Writes a jump over the beginning of a function, in one piece, as other threads may be about to
 * enter it. Clobbers rax, which is no parameter.
 *
 * @return false when its memory cannot be written; it is as before then
 */
bool wu_divert(void *function, const void *replacement);

#endif
