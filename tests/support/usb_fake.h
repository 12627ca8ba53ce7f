/*
 * A USB bus for tests: devices that the test describes, and counts of what was done to them.
 *
 * A transfer that is submitted pends until the device's `submitted`, or the test, ends it. Threads
 * may use all of this at once, where the host that is linked has any; where it has none, a wait for
 * what can never come aborts.
 */
#ifndef WU_TESTS_USB_FAKE_H
#define WU_TESTS_USB_FAKE_H

#include <stdatomic.h>
#include <stdbool.h>

#include "usb/usb.h"

/* What wu_usb_transfer_new() makes. */
struct fake_usb_transfer {
    struct fake_usb_device *device;
    uint32_t packet_room;
    struct wu_usb_submission submission; /* while it pends; what is received goes into its data
                                            and packets */
    bool cancelled;                      /* while it pends: it was asked to end */

    enum { FAKE_USB_IDLE, FAKE_USB_PENDING, FAKE_USB_ENDED } state;
    struct wu_usb_completion completion; /* once it has ended */
    struct fake_usb_transfer *next;      /* on the bus, or in its queue */
};

struct fake_usb_device {
    struct wu_usb_info info; /* configuration stays the test's */
    const char *texts[3];    /* by enum wu_usb_text; NULL: none */
    const char *driver;      /* of the interfaces from driver_from on; NULL: none */
    unsigned driver_from;
    uint64_t stay;             /* greater than that of any device that was plugged in before */
    const char *driver_before; /* of those before it; NULL: none */

    uint32_t open_error;
    uint32_t claim_error;
    void (*during_claim)(void); /* called in the middle of one; NULL: nothing happens */
    void (*during_new)(void);   /* the same, of wu_usb_transfer_new() */
    void (*during_halt)(void);  /* the same, of wu_usb_clear_halt() */
    _Atomic bool gone;          /* unplugged */

    /* Answers a control transfer; NULL: the device stalls all of them. */
    uint32_t (*control)(const struct wu_usb_setup *setup, void *data, size_t *transferred);

    /* Told of each transfer when it pends, in the thread that submits it; may end it. NULL: nobody
     * is told. */
    void (*submitted)(struct fake_usb_transfer *transfer);
    uint32_t submit_error; /* of each submission after the first submits_allowed */
    int submits_allowed;
    uint32_t longest;     /* [bytes] there is no memory for longer transfers; 0: for all */
    bool keeps_cancelled; /* a cancelled transfer pends until the test ends it, rather than ending
                             at once with ERROR_OPERATION_ABORTED */
    uint32_t new_error;   /* of wu_usb_queue_new() and wu_usb_transfer_new() */
    uint32_t alternate_error;
    uint32_t halt_error;

    _Atomic int submits;    /* that succeeded */
    _Atomic int cancels;    /* of transfers that pended */
    _Atomic int alternates; /* selected, and the last of them */
    uint8_t alternate_interface;
    uint8_t alternate_setting;
    _Atomic int halts; /* cleared, and where the last was */
    uint8_t halt_endpoint;

    _Atomic int opens;  /* now open */
    _Atomic int claims; /* interfaces now claimed */
    _Atomic int controls;
    _Atomic unsigned control_timeout; /* [ms] of the last */

    _Atomic int queues; /* now there */
    _Atomic int transfers;
};

extern struct fake_usb_device fake_usb[8];
extern size_t fake_usb_count;
extern uint32_t fake_usb_list_error;
extern _Atomic int fake_usb_lists; /* not freed yet */

/* The kernel's memory for the data of all transfers, and what it says of it: [bytes] 0: enough. */
extern _Atomic uint64_t fake_usb_memory;
extern _Atomic uint64_t fake_usb_memory_told;

/** Takes all devices off the bus. */
void fake_usb_reset(void);

/** Plugs a high-speed device in: address @p address on bus 1, port of the same number.
 *  @return to be adapted */
struct fake_usb_device *fake_usb_add(unsigned address,
                                     unsigned vid,
                                     unsigned pid,
                                     const unsigned char *configuration,
                                     size_t configuration_size);

/** Gives the transfer that has pended longest on an endpoint, of any device; NULL: there is none.
 */
struct fake_usb_transfer *fake_usb_oldest(uint8_t endpoint);

/** Tells how many transfers pend on an endpoint, of all devices. */
int fake_usb_pending(uint8_t endpoint);

/** Waits until at least @p count transfers pend on an endpoint. */
void fake_usb_await(uint8_t endpoint, int count);

/** Ends a transfer that pends, with a Win32 code and a number of bytes. */
void fake_usb_complete(struct fake_usb_transfer *transfer, uint32_t error, uint32_t bytes);

/** Ends a transfer that pends, successfully, with data of the device: as many of @p size bytes as
 *  it has room for. */
void fake_usb_send(struct fake_usb_transfer *transfer, const void *data, uint32_t size);

/** Pulls a device out: what pends ends with ERROR_DEVICE_NOT_CONNECTED. */
void fake_usb_unplug(struct fake_usb_device *device);

/** Tells whether nothing of the bus is in use any more. */
bool fake_usb_is_idle(void);

#endif
