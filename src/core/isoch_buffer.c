#include "core/isoch_buffer.h"

#include <stdlib.h>

#include "core/isoch_time.h"
#include "core/request.h"

/* --- Registering --------------------------------------------------------------------------- */

/* Called with the last reference, after the handle was closed. */
static void destroy(struct wu_object *object)
{
    struct wu_isoch_buffer *buffer = (struct wu_isoch_buffer *)object;

    wu_interface_release(buffer->iface);
    free(buffer);
}

static struct wu_isoch_buffer *
buffer_new(struct wu_interface *iface, struct wu_pipe *pipe, UCHAR *bytes, ULONG length)
{
    struct wu_isoch_buffer *buffer = calloc(1, sizeof(*buffer));

    if (!buffer)
        return NULL;

    wu_object_init(&buffer->object, destroy);
    wu_object_acquire(&iface->object);
    buffer->iface = iface;
    buffer->pipe = pipe;
    buffer->bytes = bytes;
    buffer->length = length;
    buffer->lead = wu_isoch_lead(iface->device);
    return buffer;
}

/* Gives the buffer a handle, which takes over the caller's reference on success. */
static DWORD publish(struct wu_isoch_buffer *buffer, HANDLE *handle_out)
{
    struct wu_device *device = buffer->iface->device;
    DWORD error = ERROR_INVALID_HANDLE;

    wu_host_mutex_lock(&device->lock);
    if (!buffer->iface->ended)
        error = wu_handle_new(WU_HANDLE_ISOCH_BUFFER, &buffer->object, &buffer->handle);
    if (error == ERROR_SUCCESS) {
        *handle_out = buffer->handle;
        buffer->next = device->isoch_buffers;
        device->isoch_buffers = buffer;
    }
    wu_host_mutex_unlock(&device->lock);

    return error;
}

bool wu_isoch_pipe_shape(struct wu_pipe *pipe, struct wu_isoch_shape *shape_out)
{
    bool found;

    wu_host_mutex_lock(&pipe->lock);
    found = pipe->open && pipe->information.PipeType == UsbdPipeTypeIsochronous;
    if (found)
        *shape_out = wu_isoch_shape(&pipe->information, pipe->device->speed);
    wu_host_mutex_unlock(&pipe->lock);

    return found;
}

DWORD wu_isoch_register(struct wu_interface *iface,
                        UCHAR address,
                        UCHAR *bytes,
                        ULONG length,
                        HANDLE *handle_out)
{
    struct wu_pipe *pipe = wu_pipe_of(iface->device, address);
    struct wu_isoch_shape shape;
    struct wu_isoch_buffer *buffer;
    DWORD error;

    if (!handle_out || !bytes || length == 0 || !pipe || !wu_isoch_pipe_shape(pipe, &shape))
        return ERROR_INVALID_PARAMETER;
    if (!wu_device_present(iface->device))
        return ERROR_DEVICE_NOT_CONNECTED;

    buffer = buffer_new(iface, pipe, bytes, length);
    if (!buffer)
        return ERROR_NOT_ENOUGH_MEMORY;

    error = publish(buffer, handle_out);
    if (error != ERROR_SUCCESS)
        wu_object_release(&buffer->object);
    return error;
}

/* --- Unregistering ------------------------------------------------------------------------- */

static void unlink_locked(struct wu_isoch_buffer *buffer)
{
    struct wu_isoch_buffer **link = &buffer->iface->device->isoch_buffers;

    while (*link && *link != buffer)
        link = &(*link)->next;
    if (*link)
        *link = buffer->next;
}

/* Calls that found the buffer before its handle was closed either come before the drain or see
 * that it has ended. */
static void end(struct wu_isoch_buffer *buffer)
{
    const struct wu_request_filter filter = { .buffer = buffer };
    struct wu_device *device = buffer->iface->device;

    wu_host_mutex_lock(&device->lock);
    unlink_locked(buffer);
    wu_host_mutex_unlock(&device->lock);

    wu_host_mutex_lock(&buffer->pipe->lock);
    buffer->ended = true;
    wu_host_mutex_unlock(&buffer->pipe->lock);

    wu_pipe_drain(buffer->pipe, &filter);
}

DWORD wu_isoch_unregister(HANDLE handle)
{
    struct wu_object *object = wu_handle_close(handle, WU_HANDLE_ISOCH_BUFFER);

    if (!object)
        return ERROR_INVALID_HANDLE;

    end((struct wu_isoch_buffer *)object);
    wu_object_release(object);
    return ERROR_SUCCESS;
}

static struct wu_isoch_buffer *acquire_any(struct wu_interface *iface)
{
    struct wu_device *device = iface->device;
    struct wu_isoch_buffer *buffer;

    wu_host_mutex_lock(&device->lock);
    buffer = device->isoch_buffers;
    while (buffer && buffer->iface != iface)
        buffer = buffer->next;
    if (buffer)
        wu_object_acquire(&buffer->object);
    wu_host_mutex_unlock(&device->lock);

    return buffer;
}

void wu_isoch_end(struct wu_interface *iface)
{
    struct wu_isoch_buffer *buffer;

    while ((buffer = acquire_any(iface)) != NULL) {
        struct wu_object *object = wu_handle_close(buffer->handle, WU_HANDLE_ISOCH_BUFFER);

        end(buffer);
        wu_object_release(object);
        wu_isoch_buffer_release(buffer);
    }
}

/* --- Using --------------------------------------------------------------------------------- */

struct wu_isoch_buffer *wu_isoch_buffer_acquire(HANDLE handle)
{
    return (struct wu_isoch_buffer *)wu_handle_acquire(handle, WU_HANDLE_ISOCH_BUFFER);
}

void wu_isoch_buffer_release(struct wu_isoch_buffer *buffer)
{
    wu_object_release(&buffer->object);
}
