/* UHCI: FRNUM, 11 bits of frames, behind I/O ports. */
#include "frame/access.h"

#include <stdio.h>
#include <string.h>

enum { FRNUM = 6 };

static const struct wu_frame_source_ops registers_ops = {
    .name = "uhci io",
    .bits = 11,
    .tick = 1000000,
    .read = wu_frame_ioport_read,
    .destroy = wu_frame_ioport_destroy,
};

static DWORD open_registers(const struct wu_controller *controller,
                            struct wu_frame_source **source_out)
{
    return wu_frame_ioport_open(controller, &registers_ops, FRNUM, source_out);
}

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

static const struct wu_frame_text status_text = {
    .folder = "usb/uhci",
    .file = "",
    .size = 1024,
    .parse = parse,
};

static const struct wu_frame_source_ops debugfs_ops = {
    .name = "uhci debugfs",
    .bits = 11,
    .tick = 1000000,
    .read = wu_frame_debugfs_read,
    .destroy = wu_frame_debugfs_destroy,
};

static DWORD open_debugfs(const struct wu_controller *controller,
                          struct wu_frame_source **source_out)
{
    return wu_frame_debugfs_open(controller, &debugfs_ops, &status_text, source_out);
}

const struct wu_frame_access wu_frame_uhci = { open_registers, open_debugfs };
