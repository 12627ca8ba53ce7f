/* xHCI: MFINDEX, 14 bits of microframes. */
#include "frame/access.h"

enum {
    CAPLENGTH = 0x00, /* low byte; the specification's least value is 0x20 */
    CAPLENGTH_MIN = 0x20,
    RTSOFF = 0x18, /* offset of the runtime registers, whose first is MFINDEX */
    RTSOFF_RESERVED = 0x1f,
};

static size_t locate(const struct wu_frame_bar *bar)
{
    const uint32_t capability_length = wu_frame_bar_load(bar, CAPLENGTH) & 0xff;
    const uint32_t offset = wu_frame_bar_load(bar, RTSOFF) & ~(uint32_t)RTSOFF_RESERVED;

    if (capability_length < CAPLENGTH_MIN || offset < capability_length)
        return 0;

    return offset;
}

/* The whole register, so all ones show. */
static bool parse(const char *text, uint32_t *raw)
{
    return wu_frame_text_hex(text, "MFINDEX = ", raw);
}

const struct wu_frame_layout wu_frame_xhci = {
    .registers = {
        .name = "xhci mmio",
        .bits = 14,
        .tick = 125000,
        .read = wu_frame_mmio_read,
        .destroy = wu_frame_mmio_destroy,
    },
    .locate = locate,
    .debugfs = {
        .name = "xhci debugfs",
        .bits = 14,
        .tick = 125000,
        .read = wu_frame_debugfs_read,
        .destroy = wu_frame_debugfs_destroy,
    },
    .text = {
        .folder = "usb/xhci",
        .file = "/reg-runtime",
        .size = sizeof("MFINDEX = 0x00000000\n"),
        .kept_open = true,
        .parse = parse,
    },
};
