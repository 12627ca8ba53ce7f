/* libusb is linked: without it this library would not have been loaded. */
#include "usb/usb_library.h"

#include "usb/usb_error.h"

uint32_t wu_usb_library_load(void)
{
    return WU_USB_OK;
}

void wu_usb_library_configure(struct libusb_context *context)
{
    (void)context; /* as it is */
}
