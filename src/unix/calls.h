/*
 * The calls from winusb.dll for Wine, a PE file, to its Unix library, which has libusb and Linux.
 *
 * A call is a number and a struct of numbers of 64 bits, pointers too: it is the same for programs
 * of 32 and of 64 bits, whatever the Unix side is.
 */
#ifndef WU_UNIX_CALLS_H
#define WU_UNIX_CALLS_H

#include <stdint.h>

enum wu_unix_code {
    WU_UNIX_CLOCK_NOW, /* struct wu_unix_clock_now */
    WU_UNIX_CODES,
};

/* wu_host_clock_now() */
struct wu_unix_clock_now {
    uint64_t now; /* out [ns] */
};

#endif
