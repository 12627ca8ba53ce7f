/* The counters of the controllers that Linux knows, by whichever way this process may read them. */
#include "frame/access.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "host/host.h"
#include "host/posix/sysfs.h"

DWORD wu_frame_error_from_errno(int error)
{
    switch (error) {
    case EACCES:
    case EPERM:
        return ERROR_ACCESS_DENIED;
    case ENOMEM:
    case EMFILE:
    case ENFILE:
        return ERROR_NOT_ENOUGH_MEMORY;
    default:
        return ERROR_NOT_SUPPORTED;
    }
}

static const struct wu_frame_layout *layout_of(enum wu_controller_kind kind)
{
    switch (kind) {
    case WU_CONTROLLER_XHCI:
        return &wu_frame_xhci;
    case WU_CONTROLLER_EHCI:
        return &wu_frame_ehci;
    case WU_CONTROLLER_OHCI:
        return &wu_frame_ohci;
    case WU_CONTROLLER_UHCI:
        return &wu_frame_uhci;
    default:
        return NULL;
    }
}

/* Registers of a controller in D3 must not be touched; "suspending" is as good as there. */
static bool is_suspended(const struct wu_controller *controller)
{
    char text[32];

    return wu_sysfs_read_in(controller->path, "power/runtime_status", text, sizeof(text)) &&
           strncmp(text, "suspend", strlen("suspend")) == 0;
}

/*
 * QEMU computes an xHCI's MFINDEX from its clock, but moves the counters of the others from timers
 * that run late and catch up. tests/lab/counter_lateness.c measured 13 ms (UHCI), 15 ms (OHCI) and
 * 67 ms (EHCI) at the most, on a busy machine; more than three times as much is allowed for.
 */
static int64_t lag_of(const struct wu_controller *controller)
{
    enum { QEMU = 0x1af4, FRAMES_LAG = 50000000, MICROFRAMES_LAG = 250000000 }; /* [ns] */
    char text[32];

    if (controller->kind == WU_CONTROLLER_XHCI ||
        !wu_sysfs_read_in(controller->path, "subsystem_vendor", text, sizeof(text)) ||
        strtoul(text, NULL, 16) != QEMU)
        return 0;
    return controller->kind == WU_CONTROLLER_EHCI ? MICROFRAMES_LAG : FRAMES_LAG;
}

/* Of two failures, the one that somebody can do something about. */
static DWORD worse_told(DWORD registers_error, DWORD debugfs_error)
{
    return registers_error == ERROR_NOT_SUPPORTED ? debugfs_error : registers_error;
}

static DWORD open_registers(const struct wu_frame_layout *layout,
                            const struct wu_controller *controller,
                            struct wu_frame_source **source_out)
{
    if (layout->locate)
        return wu_frame_mmio_open(controller, &layout->registers, layout->locate, source_out);
    return wu_frame_ioport_open(controller, &layout->registers, layout->port, source_out);
}

static DWORD open_debugfs(const struct wu_frame_layout *layout,
                          const struct wu_controller *controller,
                          struct wu_frame_source **source_out)
{
    return wu_frame_debugfs_open(controller, &layout->debugfs, &layout->text, source_out);
}

static DWORD open_best(const struct wu_frame_layout *layout,
                       const struct wu_controller *controller,
                       struct wu_frame_source **source_out)
{
    const DWORD registers_error = open_registers(layout, controller, source_out);
    if (registers_error == ERROR_SUCCESS || registers_error == ERROR_NOT_ENOUGH_MEMORY)
        return registers_error;

    const DWORD debugfs_error = open_debugfs(layout, controller, source_out);
    if (debugfs_error == ERROR_SUCCESS)
        return ERROR_SUCCESS;

    return worse_told(registers_error, debugfs_error);
}

static void log_how_to_get_access(const struct wu_controller *controller)
{
    wu_log(WU_LOG_ERROR,
           "no permission to read the frame counter of %s (%s): it takes root, and either "
           "debugfs (mount -t debugfs debugfs /sys/kernel/debug) or, more accurate, a kernel "
           "booted with iomem=relaxed",
           controller->id, wu_controller_kind_name(controller->kind));
}

static DWORD open_by_method(const struct wu_controller *controller,
                            enum wu_frame_method method,
                            struct wu_frame_source **source_out)
{
    const struct wu_frame_layout *layout = layout_of(controller->kind);

    if (!layout)
        return ERROR_NOT_SUPPORTED;
    if (is_suspended(controller))
        return ERROR_NOT_READY;

    switch (method) {
    case WU_FRAME_METHOD_MMIO:
        return open_registers(layout, controller, source_out);
    case WU_FRAME_METHOD_DEBUGFS:
        return open_debugfs(layout, controller, source_out);
    default:
        return open_best(layout, controller, source_out);
    }
}

DWORD wu_frame_controller_open(const struct wu_controller *controller,
                               enum wu_frame_method method,
                               struct wu_frame_source **source_out)
{
    const DWORD error = open_by_method(controller, method, source_out);

    if (error == ERROR_ACCESS_DENIED)
        log_how_to_get_access(controller);
    if (error == ERROR_SUCCESS)
        (*source_out)->late = lag_of(controller);
    return error;
}
