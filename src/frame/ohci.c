/*
 * OHCI: HcFmNumber, 16 bits of frames. The driver's text shows the copy of it that the controller
 * writes to memory at the start of each frame; there 0xffff is a frame like any other, and a
 * controller that is gone merely stands still.
 */
#include "frame/access.h"

#include <string.h>

enum {
    HC_REVISION = 0x00, /* low byte: 0x10, or 0x11 */
    HC_FM_NUMBER = 0x3c,
};

static size_t locate(const struct wu_frame_bar *bar)
{
    const uint32_t revision = wu_frame_bar_load(bar, HC_REVISION) & 0xff;

    return revision == 0x10 || revision == 0x11 ? HC_FM_NUMBER : 0;
}

/* A suspended controller's text says so in the place of the registers. */
static bool parse(const char *text, uint32_t *raw)
{
    if (wu_frame_text_hex(text, "\nhcca frame ", raw))
        return true;
    if (!strstr(text, "\nSUSPENDED"))
        return false;

    *raw = WU_FRAME_ABSENT;
    return true;
}

const struct wu_frame_layout wu_frame_ohci = {
    .registers = {
        .name = "ohci mmio",
        .bits = 16,
        .tick = 1000000,
        .read = wu_frame_mmio_read,
        .destroy = wu_frame_mmio_destroy,
    },
    .locate = locate,
    .debugfs = {
        .name = "ohci debugfs",
        .bits = 16,
        .tick = 1000000,
        .read = wu_frame_debugfs_read,
        .destroy = wu_frame_debugfs_destroy,
    },
    .text = {
        .folder = "usb/ohci",
        .file = "/registers",
        .size = 2048,
        .parse = parse,
    },
};
