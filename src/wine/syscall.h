/*
 * Standing in for system calls of this process.
 *
 * Wine's ntdll enters the system by stubs of one shape. A stand-in takes the first bytes of such a
 * stub, and with them all calls of the process, whichever way they come; a copy of the stub serves
 * it to make the call itself.
 */
#ifndef WU_WINE_SYSCALL_H
#define WU_WINE_SYSCALL_H

#include <stdbool.h>

struct wu_syscall {
    const char *name;  /* "NtClose" */
    void *replacement; /* WINAPI, with the parameters of the call */
    void *original;    /* set: the call itself */
};

/**
 * Replaces system calls, none unless all can be. To be called once; they stay replaced until the
 * process ends.
 *
 * @return false when a stub is of a shape that is not known, or its memory cannot be written
 */
bool wu_syscalls_replace(struct wu_syscall *calls, unsigned count);

#endif
