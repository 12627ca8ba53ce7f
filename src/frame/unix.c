/* Controllers and their counters for a DLL under Wine, whose Unix side reads them. */
#include <stdlib.h>
#include <string.h>

#include "frame/access.h"
#include "unix/calls.h"
#include "unix/gate.h"

WU_UNIX_ENDS(struct wu_controller, path, WU_UNIX_CONTROLLER_SIZE);
WU_UNIX_SAME(struct wu_unix_frame, 64);

struct unix_source {
    struct wu_frame_source base;
    struct wu_frame_source_ops ops;
    struct wu_unix_frame frame;
};

DWORD wu_controller_find(unsigned bus, struct wu_controller *controller_out)
{
    struct wu_controller controller = { .open = NULL };
    const DWORD error = (DWORD)wu_unix(WU_UNIX_CONTROLLER_FIND, ERROR_FILE_NOT_FOUND, bus,
                                       WU_UNIX_POINTER(&controller));

    if (error == ERROR_SUCCESS)
        *controller_out = controller;
    return error;
}

static bool read(struct wu_frame_source *base, uint32_t *raw)
{
    const struct unix_source *source = (const struct unix_source *)base;

    return wu_unix(WU_UNIX_FRAME_READ, false, source->frame.source, WU_UNIX_POINTER(raw)) != 0;
}

static void destroy(struct wu_frame_source *base)
{
    struct unix_source *source = (struct unix_source *)base;

    wu_unix(WU_UNIX_FRAME_CLOSE, 0, source->frame.source);
    free(source);
}

static void set_up(struct unix_source *source)
{
    source->base.ops = &source->ops;
    source->base.late = source->frame.late;
    source->ops = (struct wu_frame_source_ops){
        .name = source->frame.name,
        .bits = (unsigned)source->frame.bits,
        .tick = source->frame.tick,
        .read = read,
        .destroy = destroy,
    };
}

DWORD wu_frame_controller_open(const struct wu_controller *controller,
                               enum wu_frame_method method,
                               struct wu_frame_source **source_out)
{
    struct unix_source *source = calloc(1, sizeof(*source));
    DWORD error;

    if (!source)
        return ERROR_NOT_ENOUGH_MEMORY;

    error = (DWORD)wu_unix(WU_UNIX_FRAME_OPEN, ERROR_NOT_SUPPORTED, WU_UNIX_POINTER(controller),
                           method, WU_UNIX_POINTER(&source->frame));
    if (error != ERROR_SUCCESS) {
        free(source);
        return error;
    }

    set_up(source);
    *source_out = &source->base;
    return ERROR_SUCCESS;
}
