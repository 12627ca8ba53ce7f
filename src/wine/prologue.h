/*
 * The beginnings of functions, of x64 and x86: moving them elsewhere. Pure.
 */
#ifndef WU_WINE_PROLOGUE_H
#define WU_WINE_PROLOGUE_H

#include <stdbool.h>
#include <stddef.h>

enum { WU_PROLOGUE_MAX = 32 }; /* [bytes] */

/**
 * Copies the instructions that a function begins with to where they do the same: those that save
 * registers, make room on the stack, move and test values. What they say of a place that is so far
 * from them is changed. Instructions that lead elsewhere are not copied.
 *
 * @param to    where they will stand, and do not yet: WU_PROLOGUE_MAX bytes
 * @param from  where they stand: WU_PROLOGUE_MAX bytes
 * @param least how many bytes are needed, up to 16
 * @param x64   whether the code is for x64; else for x86
 * @return the length of whole instructions [bytes], at least @p least; 0: there is one that may not
 *         be moved, that is of a kind not known here, or for which @p to is too far away
 */
size_t wu_prologue_move(unsigned char *to, const unsigned char *from, size_t least, bool x64);

#endif
