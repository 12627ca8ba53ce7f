/*
 * Sending a function's callers elsewhere.
 */
#ifndef WU_WINE_DIVERT_H
#define WU_WINE_DIVERT_H

#include <stdbool.h>

#include "wine/machine.h"
#include "wine/prologue.h"

/** Finds a function of a module that is loaded; NULL when there is none of that name. */
void *wu_divert_find(const char *module, const char *name);

/** Writes a jump to a function. @param place  WU_JUMP_ROOM bytes, which may be written */
void wu_divert_make(void *place, const void *function);

/** Tells whether code begins with such a jump to this function, or with a near one to such a jump.
 */
bool wu_divert_leads_to(const void *code, const void *function);

/**
 * Writes a jump over the beginning of a function, in one piece, as other threads may be about to
 * enter it.
 *
 * @return false when its memory cannot be written; it is as before then
 */
bool wu_divert(void *function, const void *replacement);

enum { WU_KEPT_ROOM = WU_PROLOGUE_MAX + WU_JUMP_ROOM }; /* [bytes] */

/**
 * Copies what a function begins with, and a jump to the rest: so it can be called when another jump
 * stands over its beginning.
 *
 * @param room  WU_KEPT_ROOM bytes, 2 GiB from the function at most, which may be written
 * @return false when its beginning may not be moved
 */
bool wu_divert_keep(void *room, const void *function);

/** As wu_divert(), over the first 8 bytes alone. @return false also when the target is more than
 *  2 GiB away */
bool wu_divert_near(void *function, const void *target);

#endif
