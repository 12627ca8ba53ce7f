/*
 * What the files over libusb share: a context and the devices opened in it.
 *
 * Does without libusb.h, as its types are structs of these names.
 */
#ifndef WU_USB_USB_SESSION_H
#define WU_USB_USB_SESSION_H

#include <stdatomic.h>
#include <stdint.h>

/* A libusb context, shared by a list and the devices opened from it. */
struct wu_usb_session {
    struct libusb_context *context;
    struct libusb_device **devices; /* the list's; NULL where there is no USB */
    _Atomic unsigned references;
};

/* What the number of an open device stands for. */
struct wu_usb_device {
    struct wu_usb_session *session;
    struct libusb_device_handle *handle;
};

static inline struct wu_usb_device *wu_usb_device_of(uint64_t number)
{
    return (struct wu_usb_device *)(uintptr_t)number;
}

static inline uint64_t wu_usb_number_of(const void *pointer)
{
    return (uintptr_t)pointer;
}

#endif
