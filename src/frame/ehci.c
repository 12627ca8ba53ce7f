/*
 * EHCI: FRINDEX, 14 bits of microframes. It stands still while the controller is halted, which
 * reads no different from a running one.
 */
#include "frame/access.h"

#include <string.h>

enum {
    CAPLENGTH = 0x00, /* low byte: where the operational registers begin */
    CAPLENGTH_MIN = 0x0c,
    FRINDEX = 0x0c, /* operational */
};

static size_t locate(const struct wu_frame_bar *bar)
{
    const uint32_t operational = wu_frame_bar_load(bar, CAPLENGTH) & 0xff;

    return operational < CAPLENGTH_MIN ? 0 : operational + FRINDEX;
}

/* A suspended controller's text says so in the place of the registers. */
static bool parse(const char *text, uint32_t *raw)
{
    if (wu_frame_text_hex(text, "\nuframe ", raw))
        return true;
    if (!strstr(text, "\nSUSPENDED"))
        return false;

    *raw = WU_FRAME_ABSENT;
    return true;
}

const struct wu_frame_layout wu_frame_ehci = {
    .registers = {
        .name = "ehci mmio",
        .bits = 14,
        .tick = 125000,
        .read = wu_frame_mmio_read,
        .destroy = wu_frame_mmio_destroy,
    },
    .locate = locate,
    .debugfs = {
        .name = "ehci debugfs",
        .bits = 14,
        .tick = 125000,
        .read = wu_frame_debugfs_read,
        .destroy = wu_frame_debugfs_destroy,
    },
    .text = {
        .folder = "usb/ehci",
        .file = "/registers",
        .size = 2048,
        .parse = parse,
    },
};
