/*
 * libusb for tests of usb_libusb.c: one device, calls that fail when they are told to, and counts
 * of what has not been given back.
 *
 * It is linked instead of libusb. What libusb forbids, closing what is not open for instance,
 * aborts.
 */
#ifndef WU_TESTS_LIBUSB_FAKE_H
#define WU_TESTS_LIBUSB_FAKE_H

#include <stdbool.h>

#include "usb/usb.h"

/* Where the device is: device 5 of bus 1, on port 3 of the hub on port 2. */
enum { FAKE_BUS = 1, FAKE_ADDRESS = 5, FAKE_VID = 0x1234, FAKE_PID = 0x5678 };

/* The calls that can fail. */
enum fake_libusb_call {
    FAKE_INIT,
    FAKE_LIST,
    FAKE_PORTS,
    FAKE_DESCRIPTOR,
    FAKE_OPEN,
    FAKE_AUTO_DETACH,
    FAKE_CLAIM,
    FAKE_RELEASE,
    FAKE_CONTROL,
    FAKE_DRIVER_ACTIVE,
    FAKE_CALLS
};

struct fake_libusb {
    int result[FAKE_CALLS]; /* below 0: the call fails with it; from 0 up: the call succeeds */
    int speed;              /* of the device, as libusb names them */
    int driver_active;      /* what is told of every interface */

    /* Answers a control transfer with a number of bytes or an error; NULL: a stall. */
    int (*control)(const struct wu_usb_setup *setup, unsigned char *data);

    int contexts; /* begun and not ended, and so on */
    int lists;
    int handles;
    int claims;
    bool auto_detach; /* what was last asked for */
};

extern struct fake_libusb fake_libusb;

/** Forgets everything: nothing fails, nothing is open. */
void fake_libusb_reset(void);

/** Tells whether all that was taken has been given back. */
bool fake_libusb_is_idle(void);

#endif
