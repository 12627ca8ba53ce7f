/*
 * Looking at devices in /sys alone, without libusb: Linux only.
 *
 * It costs a few files a device and opens none, for who asks often or may not disturb. What is
 * there may go, and something else come, at any time.
 */
#ifndef WU_USB_USB_LOOK_H
#define WU_USB_USB_LOOK_H

#include "usb/usb.h"

/**
 * Reads the name of a device in /sys: "usb1" for a root hub, "1-2.3" for what hangs on it.
 *
 * @param info_out  bus, ports and depth are set on success, all else is 0
 * @return false when that is no device's: interfaces have names there, too
 */
bool wu_usb_place(const char *name, struct wu_usb_info *info_out);

/**
 * Looks at the device at a place. It may be another one from one file to the next: who minds
 * compares wu_usb_stay() from before with that from after.
 *
 * @param info  bus, ports and depth are used; address, speed and device are set on success
 * @return false when there is none, or none that is wholly there
 */
bool wu_usb_look(struct wu_usb_info *info);

/** Reads the start of a device's file. @return [bytes] how many; 0 when there is no such file */
size_t wu_usb_file(const struct wu_usb_info *info, const char *name, void *bytes, size_t size);

/** Reads a decimal number from a device's file, which may begin with blanks. @return @p otherwise
 * when there is none in it */
unsigned wu_usb_file_number(const struct wu_usb_info *info, const char *name, unsigned otherwise);

/** Composes the path of a device's file; the folder's when @p name is "". @return whether it fits
 */
bool wu_usb_file_path(const struct wu_usb_info *info, const char *name, char *path, size_t size);

#endif
