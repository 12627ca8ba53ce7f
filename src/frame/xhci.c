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

static const struct wu_frame_source_ops registers_ops = {
    .name = "xhci mmio",
    .bits = 14,
    .tick = 125000,
    .read = wu_frame_mmio_read,
    .destroy = wu_frame_mmio_destroy,
};

static DWORD open_registers(const struct wu_controller *controller,
                            struct wu_frame_source **source_out)
{
    return wu_frame_mmio_open(controller, &registers_ops, locate, source_out);
}

/* The whole register, so all ones show. */
static bool parse(const char *text, uint32_t *raw)
{
    return wu_frame_text_hex(text, "MFINDEX = ", raw);
}

static const struct wu_frame_text reg_runtime = {
    .folder = "usb/xhci",
    .file = "/reg-runtime",
    .size = sizeof("MFINDEX = 0x00000000\n"),
    .kept_open = true,
    .parse = parse,
};

static const struct wu_frame_source_ops debugfs_ops = {
    .name = "xhci debugfs",
    .bits = 14,
    .tick = 125000,
    .read = wu_frame_debugfs_read,
    .destroy = wu_frame_debugfs_destroy,
};

static DWORD open_debugfs(const struct wu_controller *controller,
                          struct wu_frame_source **source_out)
{
    return wu_frame_debugfs_open(controller, &debugfs_ops, &reg_runtime, source_out);
}

const struct wu_frame_access wu_frame_xhci = { open_registers, open_debugfs };
