/*
 * Interface GUIDs, and a small set of them.
 */
#ifndef WU_DEVICES_GUIDS_H
#define WU_DEVICES_GUIDS_H

#include <stdbool.h>
#include <stddef.h>
#include <windows.h>

enum { WU_GUIDS_MAX = 32, WU_GUID_TEXT_SIZE = 39 };

struct wu_guids {
    GUID guid[WU_GUIDS_MAX];
    unsigned count;
};

bool wu_guid_equal(const GUID *a, const GUID *b);

/** {A5DCBF10-6530-11D2-901F-00C04FB951ED}: what every USB device is found under. */
extern const GUID wu_guid_usb_device;

/** {DEE824EF-729B-4A0E-9C14-B7117D33A817}: winusb.sys has what it drives found under it. */
extern const GUID wu_guid_winusb;

/** {F18A0E88-C30C-11D0-8815-00A0C906BED8}: what hubs are found under. */
extern const GUID wu_guid_usb_hub;

/** {3ABF6F2D-71C4-462A-8A92-1E6861E6AF27}: what host controllers are found under. */
extern const GUID wu_guid_usb_controller;

/** Writes `{01234567-89ab-cdef-0123-456789abcdef}`, in lower case: WU_GUID_TEXT_SIZE bytes. */
void wu_guid_format(const GUID *guid, char *text);

/**
 * Reads a GUID from text of 38 characters, braces included, in any case.
 *
 * @param guid_out  set on success
 */
bool wu_guid_parse(const char *text, size_t length, GUID *guid_out);

/** Adds a GUID to a set, unless it is in there already. @return false when the set is full */
bool wu_guids_add(struct wu_guids *guids, const GUID *guid);

bool wu_guids_contain(const struct wu_guids *guids, const GUID *guid);

#endif
