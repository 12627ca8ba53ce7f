/*
 * What a DEVICE argument may look like, and which function it means.
 */
#ifndef WU_DEVICES_SELECT_H
#define WU_DEVICES_SELECT_H

#include <stdbool.h>

#include "devices/devices.h"

enum wu_select_form {
    WU_SELECT_NONSENSE,
    WU_SELECT_IDS,  /* 1234:abcd */
    WU_SELECT_PORT, /* 1-2.3 */
    WU_SELECT_PATH, /* \\?\usb#..., or /dev/bus/usb/BBB/DDD */
};

/** Tells by its looks what a DEVICE argument is. */
enum wu_select_form wu_select_form(const char *text);

/** Tells whether ids or a port mean this function. */
bool wu_select_matches(const char *text, const struct wu_function *function);

#endif
