#include "usb/usb_usbdk.h"

#include <libusb.h>
#include <string.h>

#include "host/host.h"
#include "usb/usb_library.h"

bool wu_usbdk_is_wanted(void)
{
    const char *answer = wu_host_environment("WINUSB_USBDK");

    return answer && strcmp(answer, "1") == 0;
}

/* Of each context: it is no option that libusb inherits from the default one. */
void wu_usb_library_configure(struct libusb_context *context)
{
    int result;

    if (!wu_usbdk_is_wanted())
        return;

    result = libusb_set_option(context, LIBUSB_OPTION_USE_USBDK);
    if (result < 0)
        wu_log(WU_LOG_ERROR,
               "WINUSB_USBDK=1, but libusb cannot use UsbDk (%s): it has to be installed",
               libusb_error_name(result));
}
