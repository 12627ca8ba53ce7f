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

static const struct wu_frame_source_ops registers_ops = {
    .name = "ehci mmio",
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

static const struct wu_frame_text registers_text = {
    .folder = "usb/ehci",
    .file = "/registers",
    .size = 2048,
    .parse = parse,
};

static const struct wu_frame_source_ops debugfs_ops = {
    .name = "ehci debugfs",
    .bits = 14,
    .tick = 125000,
    .read = wu_frame_debugfs_read,
    .destroy = wu_frame_debugfs_destroy,
};

static DWORD open_debugfs(const struct wu_controller *controller,
                          struct wu_frame_source **source_out)
{
    return wu_frame_debugfs_open(controller, &debugfs_ops, &registers_text, source_out);
}

const struct wu_frame_access wu_frame_ehci = { open_registers, open_debugfs };
