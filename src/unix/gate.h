/*
 * The way to a Unix library: for winusb.dll to winusb-64.so or winusb-32.so, whose functions
 * calls.h lists. Built with the library's name and version as WU_UNIX_LIBRARY and
 * WU_UNIX_LIBRARY_VERSION.
 *
 * Code for Windows cannot call Linux. Under Wine it can call functions of a Unix library, by a
 * dispatcher of ntdll's. A call may wait; the thread is one of Wine's, as each is that uses
 * Windows' functions.
 */
#ifndef WU_UNIX_GATE_H
#define WU_UNIX_GATE_H

#include <stdbool.h>
#include <stdint.h>

/**
 * Makes sure that the Unix library is loaded. Any thread, any number of times; tries once.
 *
 * @return 0; ERROR_MOD_NOT_FOUND, which the log explains
 */
uint32_t wu_unix_open(void);

/** Tells whether it is loaded, without trying. */
bool wu_unix_is_open(void);

enum { WU_UNIX_ARGUMENTS = 12 };

/**
 * Calls a function of the Unix library. Any thread.
 *
 * @param otherwise  what to give where there is no Unix library
 * @param arguments  the call, enum wu_unix_call, then those of the function
 * @return the function's result
 */
uint64_t wu_unix_do(uint64_t otherwise, uint64_t arguments[WU_UNIX_ARGUMENTS]);

/* wu_unix(CALL, what to give otherwise, arguments...) */
#define wu_unix(call, otherwise, ...) \
    wu_unix_do(otherwise, (uint64_t[WU_UNIX_ARGUMENTS]){ call, ##__VA_ARGS__ })

/* A pointer as an argument. */
#define WU_UNIX_POINTER(pointer) ((uint64_t)(uintptr_t)(pointer))

#endif
