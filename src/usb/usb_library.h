/*
 * Whether there is a libusb to call, and how it is to work.
 */
#ifndef WU_USB_USB_LIBRARY_H
#define WU_USB_USB_LIBRARY_H

#include <stdint.h>

/** Makes libusb callable: called before any of its functions is, any number of times, by any
 * thread.
 *  @return 0 or ERROR_MOD_NOT_FOUND, which the log explains */
uint32_t wu_usb_library_load(void);

struct libusb_context;

/** Sets what the environment asks for in a context that nobody uses yet. */
void wu_usb_library_configure(struct libusb_context *context);

#endif
