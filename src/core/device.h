/*
 * An opened device: one for each file handle, shared by all its interface handles.
 *
 * Lock order: the list of devices; a device's settings; the device; a pipe; the pump; memory. The
 * settings' lock is held while one is changed, for which the device is asked; the others while the
 * kernel is at most.
 */
#ifndef WU_CORE_DEVICE_H
#define WU_CORE_DEVICE_H

#include <windows.h>

#include "core/descriptor.h"
#include "core/pipe.h"
#include "core/power.h"
#include "core/pump.h"
#include "devices/file.h"
#include "host/host.h"
#include "track/tracker.h"
#include "usb/usb.h"

struct wu_interface;
struct wu_isoch_buffer;

struct wu_device {
    HANDLE file;
    struct wu_file_target target;
    uint64_t usb;
    enum wu_usb_speed speed;
    UCHAR descriptor[WU_USB_DEVICE_DESCRIPTOR_SIZE];
    struct wu_chain configuration; /* the active one; owned */

    unsigned references;    /* [devices] */
    struct wu_device *next; /* [devices] */

    unsigned claimed; /* how many numbers of the function, from the lowest on, are ours */

    struct wu_host_mutex setting_lock;

    struct wu_host_mutex lock;
    UCHAR settings[256];                   /* [lock] bAlternateSetting of each interface */
    struct wu_power_policies power;        /* [lock] */
    struct wu_interface *interfaces;       /* [lock] those that are open */
    struct wu_isoch_buffer *isoch_buffers; /* [lock] those that are registered */
    struct wu_tracker *tracker;            /* [lock] NULL until it is first needed */

    struct wu_pump pump;
    struct wu_pipe pipes[WU_PIPES];
};

/**
 * Gets the device behind a file handle, and opens it if it is not yet: all interfaces of its
 * function are claimed then.
 *
 * @param device_out  set on success; to be given to wu_device_release()
 *
 * @return ERROR_SUCCESS;
 *         ERROR_INVALID_HANDLE  not a file of ours, or not FILE_FLAG_OVERLAPPED;
 *         ERROR_DEVICE_NOT_CONNECTED, ERROR_ACCESS_DENIED, ERROR_NOT_ENOUGH_MEMORY;
 *         ERROR_BUSY            another program has one of its interfaces;
 *         ERROR_BAD_DEVICE      it has no configuration, or no interface
 */
DWORD wu_device_acquire(HANDLE file, struct wu_device **device_out);

/** Gets the device of a file that is open already, also if the file has been closed since; NULL
 *  when there is none. To be given to wu_device_release(). */
struct wu_device *wu_device_find(HANDLE file);

/** Takes one more reference to a device, to be given to wu_device_release(). */
void wu_device_acquire_again(struct wu_device *device);

/** Gives a device back; the last one closes it. */
void wu_device_release(struct wu_device *device);

/** Tells whether the device is still plugged in. */
bool wu_device_present(const struct wu_device *device);

/**
 * Gets the tracker of the controller that the device hangs on; it stays the device's.
 *
 * @param tracker_out  set on success
 * @return ERROR_SUCCESS or an error of wu_controller_find() and wu_tracker_acquire()
 */
DWORD wu_device_tracker(struct wu_device *device, struct wu_tracker **tracker_out);

#endif
