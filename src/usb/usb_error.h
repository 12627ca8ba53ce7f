/*
 * From libusb's errors to Win32's: the one place where they meet.
 *
 * The Win32 codes are repeated here because the files that include libusb.h must not include
 * <windows.h>.
 */
#ifndef WU_USB_USB_ERROR_H
#define WU_USB_USB_ERROR_H

#include <stdint.h>

enum {
    WU_USB_OK = 0,                      /* ERROR_SUCCESS */
    WU_USB_ACCESS_DENIED = 5,           /* ERROR_ACCESS_DENIED */
    WU_USB_NO_MEMORY = 8,               /* ERROR_NOT_ENOUGH_MEMORY */
    WU_USB_FAILURE = 31,                /* ERROR_GEN_FAILURE: what WinUSB says of a stall, too */
    WU_USB_NOT_SUPPORTED = 50,          /* ERROR_NOT_SUPPORTED */
    WU_USB_INVALID_PARAMETER = 87,      /* ERROR_INVALID_PARAMETER */
    WU_USB_TIMEOUT = 121,               /* ERROR_SEM_TIMEOUT */
    WU_USB_BUSY = 170,                  /* ERROR_BUSY */
    WU_USB_ABORTED = 995,               /* ERROR_OPERATION_ABORTED */
    WU_USB_DEVICE_NOT_CONNECTED = 1167, /* ERROR_DEVICE_NOT_CONNECTED */
    WU_USB_NOT_FOUND = 1168,            /* ERROR_NOT_FOUND */
};

/** Translates what a libusb function returned; 0 for success, which is any value from 0 up. */
uint32_t wu_usb_error(int result);

/** Translates how a transfer ended, an enum libusb_transfer_status; 0 for completed. */
uint32_t wu_usb_error_of_status(int status);

#endif
