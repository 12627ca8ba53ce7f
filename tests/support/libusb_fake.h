/*
 * libusb for tests of the files of usb: one device, calls that fail when they are
 * told to, and counts of what has not been given back.
 *
 * It is linked instead of libusb. What libusb forbids, closing what is not open for instance,
 * aborts. As with libusb, any thread may call; what the tests set, they set while none does.
 */
#ifndef WU_TESTS_LIBUSB_FAKE_H
#define WU_TESTS_LIBUSB_FAKE_H

#include <stdatomic.h>
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
    FAKE_CONFIGURATION,
    FAKE_OPEN,
    FAKE_AUTO_DETACH,
    FAKE_CLAIM,
    FAKE_RELEASE,
    FAKE_CONTROL,
    FAKE_DRIVER_ACTIVE,
    FAKE_ALTERNATE,
    FAKE_CLEAR_HALT,
    FAKE_ALLOC, /* gives NULL then */
    FAKE_SUBMIT,
    FAKE_CANCEL, /* the transfer ends all the same */
    FAKE_EVENTS, /* as often as event_failures says */
    FAKE_CALLS
};

struct libusb_transfer;
struct libusb_config_descriptor;

struct fake_libusb {
    int result[FAKE_CALLS];     /* below 0: the call fails with it; from 0 up: the call succeeds */
    _Atomic int event_failures; /* left */
    int submit_errno;           /* what the kernel has said when a submission fails; 0: nothing */
    int speed;                  /* of the device, as libusb names them */
    int driver_active;          /* what is told of every interface */

    /* The active one, the test's; NULL: the device is not configured. */
    struct libusb_config_descriptor *configuration;

    /* Answers a control transfer with a number of bytes or an error; NULL: a stall. */
    int (*control)(const struct wu_usb_setup *setup, unsigned char *data);

    /* Told of each transfer that is submitted; sets status, actual_length and packets and returns
     * true to end it, at the next handling of events. It must not call libusb. NULL: all of them
     * run until fake_libusb_end(). */
    bool (*transfer)(struct libusb_transfer *transfer);

    /* Called by each thread that is about to handle events; may do what another thread could do at
     * that moment. NULL: nothing happens. */
    void (*before_events)(void);

    _Atomic int contexts; /* begun and not ended, and so on */
    _Atomic int lists;
    _Atomic int configurations;
    _Atomic int handles;
    _Atomic int claims;
    _Atomic int transfers;
    _Atomic bool auto_detach; /* what was last asked for */

    _Atomic int alternates; /* selected, as setting + 256 * interface the last */
    _Atomic int alternate;
    _Atomic int halts; /* cleared, and on which endpoint the last */
    _Atomic int halt;
    _Atomic int interrupts; /* of the handling of events */
};

extern struct fake_libusb fake_libusb;

/** Forgets everything: nothing fails, nothing is open. Comes before all else. */
void fake_libusb_reset(void);

/** Makes one call fail that can, with an error that it may have: the @p nth [1..] from now on, of
 *  any kind; 0: none. */
void fake_libusb_fail_at(int nth);

/** Makes one call of a kind fail likewise, the @p nth [1..] of it from now on. */
void fake_libusb_fail_call_at(enum fake_libusb_call call, int nth);

/** Tells whether that call has come, and failed. */
bool fake_libusb_has_failed(void);

/** Gives the transfer that has run longest on an endpoint; NULL: there is none. */
struct libusb_transfer *fake_libusb_oldest(uint8_t endpoint);

/** Waits until at least @p count transfers run on an endpoint. */
void fake_libusb_await(uint8_t endpoint, int count);

/** Waits until a thread handles events, and has none left to handle. */
void fake_libusb_await_handler(void);

/** Ends a transfer that runs, with an enum libusb_transfer_status, at the next handling of
 *  events. */
void fake_libusb_end(struct libusb_transfer *transfer, int status, int actual_length);

/** Tells whether all that was taken has been given back. */
bool fake_libusb_is_idle(void);

#endif
