/* Calling a function of a DLL with nothing but zeros, and seeing what that does to the stack. */
#ifndef WU_WINDOWS_CALLS_H
#define WU_WINDOWS_CALLS_H

#include <windows.h>

struct call {
    ULONG result;
    unsigned bytes; /* that the function took from the stack */
};

/**
 * Calls a function whose arguments are all zero. What it takes too much or too little from the
 * stack does no harm.
 *
 * @param bytes  of arguments, a multiple of 4
 * @param skew   [bytes] below an address that is a multiple of 16, where the arguments end;
 * programs for x86 need not align the stack for more than 4. Means nothing on x64
 */
struct call call_with_zeros(FARPROC function, unsigned bytes, unsigned skew);

#endif
