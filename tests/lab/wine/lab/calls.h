/*
 * The functions of lab-64.so and lab-32.so, which lab.dll calls by src/unix/gate.h: those of
 * lab/machine.h and lab/device/usbfs.h, with their arguments in the same order.
 */
#ifndef LAB_WINE_LAB_CALLS_H
#define LAB_WINE_LAB_CALLS_H

#include "lab/device/usbfs.h"
#include "lab/machine.h"
#include "unix/calls.h"

enum lab_call {
    LAB_VERSION = WU_UNIX_VERSION,
    LAB_FIND,
    LAB_PRESENT,
    LAB_PUBLISH,
    LAB_NOW,
    LAB_SLEEP,
    LAB_MONITOR,
    LAB_USBFS_OPEN,
    LAB_USBFS_CLOSE,
    LAB_USBFS_CONTROL,
    LAB_USBFS_DESCRIPTORS,

    LAB_CALLS,
};

WU_UNIX_SAME(struct lab_device, 36);
WU_UNIX_SAME(struct labdev_setup, 8);

#endif
