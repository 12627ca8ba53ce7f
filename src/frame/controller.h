/*
 * Host controllers: which one a USB bus hangs on, and of what kind it is.
 */
#ifndef WU_FRAME_CONTROLLER_H
#define WU_FRAME_CONTROLLER_H

#include <windows.h>

struct wu_frame_source;

enum wu_controller_kind {
    WU_CONTROLLER_OTHER, /* no frame counter: dummy_hcd, vhci_hcd, SoC controllers */
    WU_CONTROLLER_UHCI,
    WU_CONTROLLER_OHCI,
    WU_CONTROLLER_EHCI,
    WU_CONTROLLER_XHCI,
    WU_CONTROLLER_SIM,
};

struct wu_controller {
    enum wu_controller_kind kind;
    char id[64]; /* names the controller: "0000:00:04.0"; the same for both root hubs of an xHCI */
    char path[256]; /* its folder in sysfs */

    /* Opens a counter that only the caller knows to read, as wu_frame_source_open() does; NULL: the
     * operating system's. */
    DWORD (*open)(void *context, struct wu_frame_source **source_out);
    void *context;
};

/**
 * Finds the host controller that a bus belongs to.
 *
 * @param bus             [1..] number of the bus, as in /dev/bus/usb/BBB
 * @param controller_out  set on success
 *
 * @return ERROR_SUCCESS, also for kinds without a counter; ERROR_FILE_NOT_FOUND: no such bus
 */
DWORD wu_controller_find(unsigned bus, struct wu_controller *controller_out);

/** The simulated controller that `--source sim` and tests track. */
struct wu_controller wu_controller_sim(void);

/** Gives the kind's name for people: "xHCI". */
const char *wu_controller_kind_name(enum wu_controller_kind kind);

#endif
