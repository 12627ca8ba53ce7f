/*
 * Where frame numbers come from.
 *
 * A source is one counter of one host controller, read one way: a register by MMIO, a line of a
 * debugfs file, a simulation. It is used by one thread at a time and knows neither time nor
 * history; both belong to those who read it.
 */
#ifndef WU_FRAME_FRAME_SOURCE_H
#define WU_FRAME_FRAME_SOURCE_H

#include <stdbool.h>
#include <stdint.h>
#include <windows.h>

#include "frame/controller.h"

struct wu_frame_source;

/* What a controller answers that has no power or is gone: all ones. */
#define WU_FRAME_ABSENT UINT32_MAX

struct wu_frame_source_ops {
    const char *name; /* for people: "xhci mmio", "ehci debugfs", "sim" */
    unsigned bits;    /* width of the counter; it wraps at 2^bits ticks */
    int64_t tick;     /* [ns] what the counter counts: 125000 (microframes) or 1000000 (frames) */

    /**
     * Reads the counter once, as fast as the hardware allows.
     *
     * @param raw  [ticks] modulo 2^bits, or WU_FRAME_ABSENT; untouched on failure
     * @return false when the source itself is lost (its file is gone, say)
     */
    bool (*read)(struct wu_frame_source *source, uint32_t *raw);
    void (*destroy)(struct wu_frame_source *source);
};

/* First member of every implementation's own struct. */
struct wu_frame_source {
    const struct wu_frame_source_ops *ops;
    int64_t late; /* [ns] by how much the counter's steps are known to lag behind its own rate: 0
                     for real controllers, more for emulated ones whose timers run late */
};

enum wu_frame_method {
    WU_FRAME_METHOD_AUTO, /* the best that may be opened: MMIO, then debugfs */
    WU_FRAME_METHOD_MMIO,
    WU_FRAME_METHOD_DEBUGFS,
    WU_FRAME_METHOD_SIM,
};

/**
 * Opens a controller's counter.
 *
 * @param controller  borrowed for the call
 * @param method      which way to read it
 * @param source_out  set on success; the caller's, to be given to its ops->destroy
 *
 * @return ERROR_SUCCESS;
 *         ERROR_NOT_SUPPORTED  this controller has no frame counter we know how to read;
 *         ERROR_ACCESS_DENIED  it has one, which this process may not open (the log says how to
 *                              get the permission);
 *         ERROR_NOT_READY      the controller is suspended;
 *         ERROR_INVALID_PARAMETER  the options of a simulation are not understood;
 *         ERROR_NOT_ENOUGH_MEMORY
 */
DWORD wu_frame_source_open(const struct wu_controller *controller,
                           enum wu_frame_method method,
                           struct wu_frame_source **source_out);

#endif
