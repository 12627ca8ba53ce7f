/*
 * What the tree of devices says of a function: which device's it is, what drives it, and where it
 * is plugged in. No Windows in here but devnode.h.
 */
#ifndef WU_WINDOWS_PLACE_H
#define WU_WINDOWS_PLACE_H

#include <stdbool.h>
#include <stdint.h>
#include <windows.h>

#include "usb/usb.h"
#include "windows/devnode.h"

struct wu_place {
    char instance[WU_DEVNODE_TEXT_SIZE]; /* USB\VID_1234&PID_5678&MI_02\6&1A2B3C4D&0&0002 */
    char driver[WU_DEVNODE_TEXT_SIZE];   /* service of the function; empty: none */
    uint32_t node;                       /* of the function */

    unsigned short vid; /* of the device */
    unsigned short pid;
    bool composite;                /* a part of the device, not the whole */
    unsigned char first_interface; /* of the part */

    unsigned char ports[WU_USB_DEPTH]; /* from the root hub on */
    unsigned depth;                    /* 0: nobody knows */
    uint32_t controller;               /* node of the host controller; where depth is not 0 */
};

/**
 * Finds the function that a file was opened for.
 *
 * @param object     the name of the file's object
 * @param place_out  set on success
 *
 * @return ERROR_SUCCESS;
 *         ERROR_INVALID_HANDLE        the object is no USB device;
 *         ERROR_DEVICE_NOT_CONNECTED  it is one that is not present any more;
 *         ERROR_NOT_ENOUGH_MEMORY, ERROR_GEN_FAILURE
 */
DWORD wu_place_find(const char *object, struct wu_place *place_out);

/** Tells whether a driver of this name, in any case, is the function's. */
bool wu_place_has_driver(const struct wu_place *place, const char *name);

/** Tells whether libusb can use a function without UsbDk: by its driver, or by a filter. */
bool wu_place_is_usable(const struct wu_place *place);

#endif
