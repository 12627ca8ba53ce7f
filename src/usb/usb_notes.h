/*
 * What is noted about a device, for all programs of this user, until the machine is switched off.
 *
 * The notes are small files of our own in XDG_RUNTIME_DIR, or in /run for root. Where there is no
 * such folder, or it is somebody else's, nothing is noted.
 */
#ifndef WU_USB_USB_NOTES_H
#define WU_USB_USB_NOTES_H

#include <stdbool.h>
#include <stddef.h>

#include "usb/usb.h"

/**
 * Reads what was noted about a device since it was plugged in.
 *
 * @param stay       its stay, as of wu_usb_stay()
 * @param bytes_out  [size] set on success
 * @return false when there is no note of this size
 */
bool wu_usb_notes_read(const struct wu_usb_info *info, uint64_t stay, void *bytes_out, size_t size);

/** Writes a note in place of the one before. @param size  [bytes] WU_USB_NOTE_MAX at most */
void wu_usb_notes_write(const struct wu_usb_info *info,
                        uint64_t stay,
                        const void *bytes,
                        size_t size);

enum { WU_USB_NOTE_MAX = 1024 };

#endif
