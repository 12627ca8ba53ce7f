/*
 * Whether there is a libusb to call.
 */
#ifndef WU_USB_USB_LIBRARY_H
#define WU_USB_USB_LIBRARY_H

#include <stdint.h>

/** Makes libusb callable: called before any of its functions is, any number of times, by any
 * thread.
 *  @return 0 or ERROR_MOD_NOT_FOUND, which the log explains */
uint32_t wu_usb_library_load(void);

#endif
