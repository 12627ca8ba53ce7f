/*
 * A USB bus for tests: devices that the test describes, and counts of what was done to them.
 */
#ifndef WU_TESTS_USB_FAKE_H
#define WU_TESTS_USB_FAKE_H

#include <stdatomic.h>
#include <stdbool.h>

#include "usb/usb.h"

struct fake_usb_device {
    struct wu_usb_info info; /* configuration stays the test's */
    const char *texts[3];    /* by enum wu_usb_text; NULL: none */
    const char *driver;      /* of every interface; NULL: none */

    uint32_t open_error;
    uint32_t claim_error;
    void (*during_claim)(void); /* called in the middle of one; NULL: nothing happens */
    _Atomic bool gone;          /* unplugged */

    /* Answers a control transfer; NULL: the device stalls all of them. */
    uint32_t (*control)(const struct wu_usb_setup *setup, void *data, size_t *transferred);

    _Atomic int opens;  /* now open */
    _Atomic int claims; /* interfaces now claimed */
    _Atomic int controls;
};

extern struct fake_usb_device fake_usb[8];
extern size_t fake_usb_count;
extern uint32_t fake_usb_list_error;
extern _Atomic int fake_usb_lists; /* not freed yet */

/** Takes all devices off the bus. */
void fake_usb_reset(void);

/** Plugs a high-speed device in: address @p address on bus 1, port of the same number.
 *  @return to be adapted */
struct fake_usb_device *fake_usb_add(unsigned address,
                                     unsigned vid,
                                     unsigned pid,
                                     const unsigned char *configuration,
                                     size_t configuration_size);

/** Tells whether nothing of the bus is in use any more. */
bool fake_usb_is_idle(void);

#endif
