/* UHCI: FRNUM, 11 bits of frames, behind I/O ports. */
#include "frame/access.h"

#include <stdio.h>
#include <string.h>

enum { FRNUM = 6 };

/*
 * "usbfrnum = (n)hhh": n is bit 10, hhh four times the lower bits (an offset into the frame list).
 * All ones there may be a frame; in the command register, whose upper bits read as 0, they mean
 * that nobody answers.
 */
static bool parse(const char *text, uint32_t *raw)
{
    const char *found = strstr(text, "usbfrnum");
    uint32_t command;
    unsigned high;
    unsigned low;

    if (!found || sscanf(found, "usbfrnum = (%1u)%3x", &high, &low) != 2 || high > 1)
        return false;

    if (wu_frame_text_hex(text, "usbcmd    =     ", &command) && command == UINT16_MAX)
        *raw = WU_FRAME_ABSENT;
    else
        *raw = high << 10 | low >> 2;
    return true;
}

const struct wu_frame_layout wu_frame_uhci = {
    .registers = {
        .name = "uhci io",
        .bits = 11,
        .tick = 1000000,
        .read = wu_frame_ioport_read,
        .destroy = wu_frame_ioport_destroy,
    },
    .port = FRNUM,
    .debugfs = {
        .name = "uhci debugfs",
        .bits = 11,
        .tick = 1000000,
        .read = wu_frame_debugfs_read,
        .destroy = wu_frame_debugfs_destroy,
    },
    .text = {
        .folder = "usb/uhci",
        .file = "",
        .size = 1024,
        .parse = parse,
    },
};
