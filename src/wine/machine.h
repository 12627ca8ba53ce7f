/*
 * Machine code of the processor that this is built for: jumps that we write, and what we know
 * Wine's DLLs by. machine.c, and machine_x64.c or machine_x86.c.
 */
#ifndef WU_WINE_MACHINE_H
#define WU_WINE_MACHINE_H

#include <stdbool.h>
#include <stddef.h>

/* [bytes] that are enough for either processor */
enum { WU_JUMP_ROOM = 16, WU_NEAR_JUMP_SIZE = 5, WU_SYSCALL_ROOM = 32 };

/**
 * Composes a jump that changes nothing that a function gets or has to keep.
 *
 * @param code    WU_JUMP_ROOM bytes
 * @param place   where the jump will stand, which may be elsewhere
 * @param target  where it leads to
 * @return its length [bytes]
 */
size_t wu_machine_make_jump(unsigned char *code, const void *place, const void *target);

/** Writes such a jump in one piece, as other threads may be about to enter the function there.
 *  @param place  WU_JUMP_ROOM bytes, which may be written */
void wu_machine_put_jump(void *place, const void *target);

/** As both of these, WU_NEAR_JUMP_SIZE bytes: @p target may be 2 GiB from @p place at most. */
void wu_machine_make_near_jump(unsigned char *code, const void *place, const void *target);
void wu_machine_put_near_jump(void *place, const void *target);

/** Tells where code leads that begins with a near jump; NULL: it does not. */
const void *wu_machine_near_target(const unsigned char *code);

/** Gives the length [bytes] of the stub by which Wine's ntdll enters the system. Nothing in it
 *  depends on where it stands. @return 0 when the code has another shape */
size_t wu_machine_syscall_size(const unsigned char *code);

/** Tells whether the code is what Wine has for a function that it has not: it ends the program. */
bool wu_machine_is_missing(const unsigned char *code);

#endif
