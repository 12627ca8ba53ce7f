/*
 * What is known of a device beside its descriptors, for as long as it stays plugged in: what it
 * said when it was asked, and whether its serial number is its name.
 *
 * It is remembered in this process, and in notes (usb/usb_notes.h) for the user's others.
 */
#ifndef WU_DEVICES_KNOWN_H
#define WU_DEVICES_KNOWN_H

#include "devices/msos.h"

enum wu_known_name { WU_NAME_NONE, WU_NAME_SERIAL, WU_NAME_PORT };

/* All zeros of a device that nothing is known of. */
struct wu_known {
    uint64_t asked; /* a number of the configuration in which it was asked; 0: it was not */
    struct wu_msos said;
    uint8_t name; /* enum wu_known_name */
};

/** Recalls what is known of a device. Any thread. @param stay  as of wu_usb_stay() */
void wu_known_get(const struct wu_usb_info *info, uint64_t stay, struct wu_known *known_out);

/** Remembers it. Any thread; where several know different things, the last one wins. */
void wu_known_set(const struct wu_usb_info *info, uint64_t stay, const struct wu_known *known);

/** Gives a number of a device's descriptors; never 0. */
uint64_t wu_known_configuration(const struct wu_usb_info *info);

#endif
