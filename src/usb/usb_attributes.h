/*
 * What is known of a device that has not been opened: usb_sysfs.c on Linux; elsewhere, in
 * usb_parsed.c, its configuration alone.
 */
#ifndef WU_USB_USB_ATTRIBUTES_H
#define WU_USB_USB_ATTRIBUTES_H

#include <stddef.h>
#include <stdint.h>

#include "usb/usb.h"

enum wu_usb_text { WU_USB_MANUFACTURER, WU_USB_PRODUCT, WU_USB_SERIAL };

/** Reads one of a device's texts, in UTF-8; "" when it has none. Too long a text is cut. */
void wu_usb_text(const struct wu_usb_info *info, enum wu_usb_text which, char *text, size_t size);

/**
 * Names the kernel driver that has an interface; "" when none has.
 *
 * @param info  of a device that is configured
 */
void wu_usb_driver(const struct wu_usb_info *info,
                   unsigned interface_number,
                   char *name,
                   size_t size);

/**
 * Reads the active configuration, byte for byte as the device sent it; elsewhere than on Linux
 * without the descriptors that libusb did not expect.
 *
 * @param info       id, bus, ports, depth and device are used
 * @param bytes_out  set on success; to be freed by free(); NULL when the device is not configured,
 *                   or gone
 * @param size_out   [bytes] set on success; 0 when there are none
 *
 * @return 0 or ERROR_NOT_ENOUGH_MEMORY
 */
uint32_t wu_usb_active_configuration(const struct wu_usb_info *info,
                                     unsigned char **bytes_out,
                                     size_t *size_out);

/**
 * Numbers the stay of a device: another device, and the same one when it is plugged in again, has
 * another number, and a greater one if it came later.
 *
 * Kernels before 5.5 give any other number, so that only the order is lost.
 *
 * @return 0 when it is gone
 */
uint64_t wu_usb_stay(const struct wu_usb_info *info);

#endif
