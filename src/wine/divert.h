/*
 * Sending a function's callers elsewhere.
 */
#ifndef WU_WINE_DIVERT_H
#define WU_WINE_DIVERT_H

#include <stdbool.h>

#include "wine/machine.h"

/** Finds a function of a module that is loaded; NULL when there is none of that name. */
void *wu_divert_find(const char *module, const char *name);

/** Writes a jump to a function. @param place  WU_JUMP_ROOM bytes, which may be written */
void wu_divert_make(void *place, const void *function);

/** Tells whether code begins with such a jump to this function. */
bool wu_divert_leads_to(const void *code, const void *function);

/**
 * Writes a jump over the beginning of a function, in one piece, as other threads may be about to
 * enter it.
 *
 * @return false when its memory cannot be written; it is as before then
 */
bool wu_divert(void *function, const void *replacement);

#endif
