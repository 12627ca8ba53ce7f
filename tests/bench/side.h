/*
 * The ways to a device whose transfers are compared: the library, and bare libusb as its own users
 * use it. All are asked for the same, with the same memory, one after the other.
 *
 * This header does without <windows.h>, because libusb.h must not be included after it. Functions
 * that return false have said why on stderr.
 */
#ifndef BENCH_SIDE_H
#define BENCH_SIDE_H

#include <stdbool.h>
#include <stdint.h>

enum {
    BENCH_DEPTH = 16,             /* transfers under way in a stream */
    BENCH_PIECE = 64 * 1024,      /* [bytes] of one of them, at most */
    BENCH_LONGEST = 8 << 20,      /* [bytes] of a single transfer */
    BENCH_CONTROL_TIMEOUT = 5000, /* [ms] the library's default for the control pipe */

    BENCH_ISOCH_INTERFACE = 1, /* where isochronous endpoints are, and in which setting */
    BENCH_ISOCH_SETTING = 1,
    BENCH_ISOCH_DEPTH = 4,
    BENCH_ISOCH_PACKETS = 32,  /* in a transfer */
    BENCH_ISOCH_PACKET = 1024, /* [bytes] */
    BENCH_ISOCH_PIECE = BENCH_ISOCH_PACKETS * BENCH_ISOCH_PACKET,
};

/* Memory for one single transfer, or for the pieces of a stream. */
extern uint8_t bench_memory[BENCH_LONGEST];

/* One of these exists for each way; one device is open at a time. */
struct bench_side {
    const char *name;

    /* Opens the device, and claims its first interface. */
    bool (*open)(unsigned bus, unsigned address);
    void (*close)(void);

    /* Asks for the configuration descriptor, up to @p length bytes, and waits. */
    bool (*control)(uint32_t length);

    /* Transfers @p length bytes of the memory and waits. */
    bool (*single)(uint8_t endpoint, uint32_t length);

    /* Transfers @p count pieces of @p length bytes, BENCH_DEPTH at a time. */
    bool (*stream)(uint8_t endpoint, uint32_t length, unsigned count);

    /* Reads @p count isochronous transfers, BENCH_ISOCH_DEPTH at a time. The first call selects
     * the setting. */
    bool (*isoch)(uint8_t endpoint, unsigned count);
};

extern const struct bench_side bench_winusb;
extern const struct bench_side bench_libusb;        /* handles events in the calling thread */
extern const struct bench_side bench_libusb_thread; /* has a thread for them */

#endif
