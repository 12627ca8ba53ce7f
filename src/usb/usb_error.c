#include "usb/usb_error.h"

#include <libusb.h>

uint32_t wu_usb_error(int result)
{
    if (result >= 0)
        return WU_USB_OK;

    /* clang-format off */
    switch (result) {
    case LIBUSB_ERROR_INVALID_PARAM: return WU_USB_INVALID_PARAMETER;
    case LIBUSB_ERROR_ACCESS:        return WU_USB_ACCESS_DENIED;
    case LIBUSB_ERROR_NO_DEVICE:     return WU_USB_DEVICE_NOT_CONNECTED;
    case LIBUSB_ERROR_NOT_FOUND:     return WU_USB_NOT_FOUND;
    case LIBUSB_ERROR_BUSY:          return WU_USB_BUSY;
    case LIBUSB_ERROR_TIMEOUT:       return WU_USB_TIMEOUT;
    case LIBUSB_ERROR_INTERRUPTED:   return WU_USB_ABORTED;
    case LIBUSB_ERROR_NO_MEM:        return WU_USB_NO_MEMORY;
    case LIBUSB_ERROR_NOT_SUPPORTED: return WU_USB_NOT_SUPPORTED;
    case LIBUSB_ERROR_PIPE:          return WU_USB_FAILURE; /* stall */
    case LIBUSB_ERROR_OVERFLOW:      return WU_USB_FAILURE;
    case LIBUSB_ERROR_IO:            return WU_USB_FAILURE;
    default:                         return WU_USB_FAILURE; /* LIBUSB_ERROR_OTHER */
    }
    /* clang-format on */
}

uint32_t wu_usb_error_of_status(int status)
{
    /* clang-format off */
    switch (status) {
    case LIBUSB_TRANSFER_COMPLETED: return WU_USB_OK;
    case LIBUSB_TRANSFER_ERROR:     return WU_USB_FAILURE;
    case LIBUSB_TRANSFER_TIMED_OUT: return WU_USB_TIMEOUT;
    case LIBUSB_TRANSFER_CANCELLED: return WU_USB_ABORTED;
    case LIBUSB_TRANSFER_STALL:     return WU_USB_FAILURE;
    case LIBUSB_TRANSFER_NO_DEVICE: return WU_USB_DEVICE_NOT_CONNECTED;
    case LIBUSB_TRANSFER_OVERFLOW:  return WU_USB_FAILURE;
    default:                        return WU_USB_FAILURE; /* of a later libusb */
    }
    /* clang-format on */
}
