/*
 * UsbDk, through which libusb for Windows reaches devices whatever their drivers are, if it is
 * asked to. Only the build for Windows has it.
 */
#ifndef WU_USB_USB_USBDK_H
#define WU_USB_USB_USBDK_H

#include <stdbool.h>

/**
 * Tells whether UsbDk is to be used: WINUSB_USBDK=1 in the environment.
 *
 * What it finds is described otherwise (wu_usb_info): bus is a number of UsbDk's own, and of the
 * ports there is but the last one.
 */
bool wu_usbdk_is_wanted(void);

#endif
