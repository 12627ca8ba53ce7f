#include "windows/system_handle.h"

#include <stdlib.h>

struct wu_system_buffer {
    struct wu_system_object base; /* must be first */
    struct wu_system_interface *iface;
    HANDLE handle;                 /* ours */
    struct wu_system_buffer *next; /* [lock] */
};

static struct wu_host_mutex lock = WU_HOST_MUTEX_INIT;

/* --- Both ---------------------------------------------------------------------------------- */

/* Looked at without the table's lock first: devices of our own do not wait for those who wait. */
struct wu_system_object *wu_system_acquire(HANDLE handle, enum wu_handle_kind kind)
{
    if (!wu_handle_is_open(handle, kind))
        return NULL;
    return (struct wu_system_object *)wu_handle_acquire(handle, kind);
}

void wu_system_release(struct wu_system_object *object)
{
    const DWORD error = GetLastError();

    wu_object_release(&object->object);
    SetLastError(error);
}

/* --- Interfaces ------------------------------------------------------------------------------ */

static void interface_destroy(struct wu_object *object)
{
    struct wu_system_interface *iface = (struct wu_system_interface *)object;

    wu_system_counter_destroy(&iface->counter);
    free(iface);
}

DWORD wu_system_interface_new(HANDLE system_handle, HANDLE file, HANDLE *handle_out)
{
    struct wu_system_interface *iface = calloc(1, sizeof(*iface));
    DWORD error;

    if (!iface)
        return ERROR_NOT_ENOUGH_MEMORY;

    wu_object_init(&iface->base.object, interface_destroy);
    iface->base.handle = system_handle;
    iface->file = file;
    wu_system_counter_init(&iface->counter, system_handle, file);

    error = wu_handle_new(WU_HANDLE_SYSTEM_INTERFACE, &iface->base.object, handle_out);
    if (error != ERROR_SUCCESS)
        wu_object_release(&iface->base.object);
    return error;
}

/* While the lock is held, a buffer is on the list just as long as its handle is open. */
static void end_buffers(struct wu_system_interface *iface)
{
    wu_host_mutex_lock(&lock);
    iface->ended = true;
    while (iface->buffers) {
        struct wu_system_buffer *buffer = iface->buffers;

        iface->buffers = buffer->next;
        wu_object_release(wu_handle_close(buffer->handle, WU_HANDLE_SYSTEM_BUFFER));
    }
    wu_host_mutex_unlock(&lock);
}

struct wu_system_interface *wu_system_interface_close(HANDLE handle)
{
    struct wu_system_interface *iface =
        (struct wu_system_interface *)wu_handle_close(handle, WU_HANDLE_SYSTEM_INTERFACE);

    if (!iface)
        return NULL;

    /* While the process ends, its other threads are dead, and may hold what this would wait for. */
    if (wu_host_is_ending()) {
        wu_object_acquire(&iface->base.object);
    } else {
        end_buffers(iface);
        wu_system_counter_end(&iface->counter);
    }
    return iface;
}

/* --- Buffers --------------------------------------------------------------------------------- */

static void buffer_destroy(struct wu_object *object)
{
    struct wu_system_buffer *buffer = (struct wu_system_buffer *)object;

    wu_object_release(&buffer->iface->base.object);
    free(buffer);
}

/* Gives the buffer a handle, which takes over the caller's reference on success. */
static DWORD publish(struct wu_system_buffer *buffer, HANDLE *handle_out)
{
    struct wu_system_interface *iface = buffer->iface;
    DWORD error = ERROR_INVALID_HANDLE;

    wu_host_mutex_lock(&lock);
    if (!iface->ended)
        error = wu_handle_new(WU_HANDLE_SYSTEM_BUFFER, &buffer->base.object, &buffer->handle);
    if (error == ERROR_SUCCESS) {
        *handle_out = buffer->handle;
        buffer->next = iface->buffers;
        iface->buffers = buffer;
    }
    wu_host_mutex_unlock(&lock);

    return error;
}

DWORD wu_system_buffer_new(struct wu_system_interface *iface,
                           HANDLE system_handle,
                           HANDLE *handle_out)
{
    struct wu_system_buffer *buffer = calloc(1, sizeof(*buffer));
    DWORD error;

    if (!buffer)
        return ERROR_NOT_ENOUGH_MEMORY;

    wu_object_init(&buffer->base.object, buffer_destroy);
    wu_object_acquire(&iface->base.object);
    buffer->base.handle = system_handle;
    buffer->iface = iface;
    error = publish(buffer, handle_out);
    if (error != ERROR_SUCCESS)
        wu_object_release(&buffer->base.object);
    return error;
}

static void unlink_locked(struct wu_system_buffer *buffer)
{
    struct wu_system_buffer **link = &buffer->iface->buffers;

    while (*link != buffer)
        link = &(*link)->next;
    *link = buffer->next;
}

struct wu_system_object *wu_system_buffer_close(HANDLE handle)
{
    struct wu_object *object;

    wu_host_mutex_lock(&lock);
    object = wu_handle_close(handle, WU_HANDLE_SYSTEM_BUFFER);
    if (object)
        unlink_locked((struct wu_system_buffer *)object);
    wu_host_mutex_unlock(&lock);

    return (struct wu_system_object *)object;
}
