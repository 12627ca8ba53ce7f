#include "frame/access.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct ioport_source {
    struct wu_frame_source base;
    int file;
    unsigned offset; /* [bytes] of the counter from the first port */
};

bool wu_frame_ioport_read(struct wu_frame_source *source, uint32_t *raw)
{
    const struct ioport_source *self = (const struct ioport_source *)source;
    uint16_t value; /* in the processor's order already */

    if (pread(self->file, &value, sizeof(value), self->offset) != (ssize_t)sizeof(value))
        return false;

    /* FRNUM has 11 bits, the 5 above read as 0: all ones is what an empty port answers. */
    *raw = value == UINT16_MAX ? WU_FRAME_ABSENT : value & ((UINT32_C(1) << source->ops->bits) - 1);
    return true;
}

void wu_frame_ioport_destroy(struct wu_frame_source *source)
{
    struct ioport_source *self = (struct ioport_source *)source;

    close(self->file);
    free(self);
}

/* Reads once, because some kernels and lockdown refuse only that. */
static DWORD try_read(struct ioport_source *self)
{
    uint32_t raw;

    errno = 0; /* a short read sets none */
    if (!wu_frame_ioport_read(&self->base, &raw))
        return wu_frame_error_from_errno(errno);

    return raw == WU_FRAME_ABSENT ? ERROR_NOT_READY : ERROR_SUCCESS;
}

static DWORD open_ports(const struct wu_controller *controller, int *file_out)
{
    char path[PATH_MAX];

    if (snprintf(path, sizeof(path), "%s/resource4", controller->path) >= (int)sizeof(path))
        return ERROR_NOT_SUPPORTED;

    const int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return wu_frame_error_from_errno(errno);

    *file_out = file;
    return ERROR_SUCCESS;
}

DWORD wu_frame_ioport_open(const struct wu_controller *controller,
                           const struct wu_frame_source_ops *ops,
                           unsigned offset,
                           struct wu_frame_source **source_out)
{
    struct ioport_source *self = calloc(1, sizeof(*self));
    if (!self)
        return ERROR_NOT_ENOUGH_MEMORY;

    self->base.ops = ops;
    self->offset = offset;
    DWORD error = open_ports(controller, &self->file);
    if (error != ERROR_SUCCESS) {
        free(self);
        return error;
    }

    error = try_read(self);
    if (error != ERROR_SUCCESS) {
        wu_frame_ioport_destroy(&self->base);
        return error;
    }
    *source_out = &self->base;
    return ERROR_SUCCESS;
}
