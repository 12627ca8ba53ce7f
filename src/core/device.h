/*
 * An opened device: one for each file handle, shared by all its interface handles.
 *
 * Lock order: the list of devices, then a device. A device's lock is held while its interfaces are
 * claimed and its tracker is acquired, both of which ask the kernel and wait for nobody.
 */
#ifndef WU_CORE_DEVICE_H
#define WU_CORE_DEVICE_H

#include <windows.h>

#include "core/descriptor.h"
#include "devices/file.h"
#include "host/host.h"
#include "track/tracker.h"
#include "usb/usb.h"

struct wu_interface;
struct wu_registration;

struct wu_device {
    HANDLE file;
    struct wu_file_target target;
    uint64_t usb;
    enum wu_usb_speed speed;
    UCHAR descriptor[WU_USB_DEVICE_DESCRIPTOR_SIZE];
    struct wu_chain configuration; /* the active one; owned */

    unsigned references;    /* [devices] */
    struct wu_device *next; /* [devices] */

    struct wu_host_mutex lock;
    unsigned claims[256];                  /* [lock] how many handles use each interface */
    struct wu_interface *interfaces;       /* [lock] those that are open */
    struct wu_registration *registrations; /* [lock] those who track */
    struct wu_tracker *tracker;            /* [lock] NULL until it is first needed */
};

/**
 * Gets the device behind a file handle, and opens it if it is not yet.
 *
 * @param device_out  set on success; to be given to wu_device_release()
 *
 * @return ERROR_SUCCESS;
 *         ERROR_INVALID_HANDLE  not a file of ours, or not FILE_FLAG_OVERLAPPED;
 *         ERROR_DEVICE_NOT_CONNECTED, ERROR_ACCESS_DENIED, ERROR_NOT_ENOUGH_MEMORY;
 *         ERROR_BAD_DEVICE      it has no configuration
 */
DWORD wu_device_acquire(HANDLE file, struct wu_device **device_out);

/** Gets the device of a file that is open already, also if the file has been closed since; NULL
 *  when there is none. To be given to wu_device_release(). */
struct wu_device *wu_device_find(HANDLE file);

/** Gives a device back; the last one closes it. */
void wu_device_release(struct wu_device *device);

/** Tells whether the device is still plugged in. */
bool wu_device_present(const struct wu_device *device);

/**
 * Takes an interface of the device, once more if it is taken already.
 *
 * @return ERROR_SUCCESS; ERROR_BUSY: another program has it; ERROR_NOT_FOUND; ...
 */
DWORD wu_device_claim(struct wu_device *device, UCHAR number);

/** Gives an interface back; the last one ends this program's claim. */
void wu_device_unclaim(struct wu_device *device, UCHAR number);

/**
 * Gets the tracker of the controller that the device hangs on; it stays the device's.
 *
 * @param tracker_out  set on success
 * @return ERROR_SUCCESS or an error of wu_controller_find() and wu_tracker_acquire()
 */
DWORD wu_device_tracker(struct wu_device *device, struct wu_tracker **tracker_out);

#endif
