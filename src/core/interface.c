#include "core/interface.h"

#include <stdlib.h>

#include "core/timesync.h"

/* --- Opening ------------------------------------------------------------------------------- */

/* Called with the last reference, after the handle was closed. */
static void destroy(struct wu_object *object)
{
    struct wu_interface *iface = (struct wu_interface *)object;

    wu_device_unclaim(iface->device, iface->number);
    wu_device_release(iface->device);
    free(iface);
}

/* Takes over the reference to the device on success. */
static DWORD interface_new(struct wu_device *device, struct wu_interface **iface_out)
{
    const UCHAR number = device->target.first_interface;
    struct wu_interface *iface;
    DWORD error;

    if (!wu_descriptor_alternate(device->configuration, number, 0))
        return ERROR_BAD_DEVICE;

    iface = calloc(1, sizeof(*iface));
    if (!iface)
        return ERROR_NOT_ENOUGH_MEMORY;

    error = wu_device_claim(device, number);
    if (error != ERROR_SUCCESS) {
        free(iface);
        return error;
    }

    wu_object_init(&iface->object, destroy);
    iface->device = device;
    iface->number = number;
    *iface_out = iface;
    return ERROR_SUCCESS;
}

/* Gives the interface a handle, which takes over the caller's reference on success. */
static DWORD publish(struct wu_interface *iface, HANDLE *handle_out)
{
    struct wu_device *device = iface->device;
    DWORD error;

    wu_host_mutex_lock(&device->lock);
    error = wu_handle_new(WU_HANDLE_INTERFACE, &iface->object, &iface->handle);
    if (error == ERROR_SUCCESS) {
        *handle_out = iface->handle;
        iface->next = device->interfaces;
        device->interfaces = iface;
    }
    wu_host_mutex_unlock(&device->lock);

    return error;
}

/* In the words of WinUsb_Initialize(). */
static DWORD initialize_error(DWORD error)
{
    switch (error) {
    case ERROR_DEVICE_NOT_CONNECTED:
        return ERROR_BAD_COMMAND;
    case ERROR_BUSY:
        return ERROR_ACCESS_DENIED;
    case ERROR_NOT_FOUND:
        return ERROR_BAD_DEVICE;
    default:
        return error;
    }
}

/* Takes over the reference to the device, on failure too. */
static DWORD open_first(struct wu_device *device, HANDLE *handle_out)
{
    struct wu_interface *iface;
    DWORD error = ERROR_DEVICE_NOT_CONNECTED;

    if (wu_device_present(device))
        error = interface_new(device, &iface);
    if (error != ERROR_SUCCESS) {
        wu_device_release(device);
        return error;
    }

    error = publish(iface, handle_out);
    if (error != ERROR_SUCCESS)
        wu_object_release(&iface->object);
    return error;
}

DWORD wu_interface_open(HANDLE file, HANDLE *handle_out)
{
    struct wu_file_target target;
    struct wu_device *device;
    HANDLE handle;
    DWORD error = wu_file_resolve(file, &target);

    if (error == ERROR_SUCCESS && !handle_out)
        error = ERROR_INVALID_PARAMETER;
    if (error == ERROR_SUCCESS)
        error = wu_device_acquire(file, &device);
    if (error == ERROR_SUCCESS)
        error = open_first(device, &handle);
    if (error != ERROR_SUCCESS)
        return initialize_error(error);

    /* Who closed the file meanwhile may have looked for its interfaces too early. */
    if (wu_file_resolve(file, &target) != ERROR_SUCCESS) {
        wu_interface_close(handle);
        return ERROR_INVALID_HANDLE;
    }

    *handle_out = handle;
    return ERROR_SUCCESS;
}

/* --- Closing ------------------------------------------------------------------------------- */

static void unlink_locked(struct wu_interface *iface)
{
    struct wu_interface **link = &iface->device->interfaces;

    while (*link && *link != iface)
        link = &(*link)->next;
    if (*link)
        *link = iface->next;
}

/* Ends all that the handle stood for; a second time does nothing. */
static void end(struct wu_interface *iface)
{
    wu_host_mutex_lock(&iface->device->lock);
    unlink_locked(iface);
    iface->ended = true;
    wu_host_mutex_unlock(&iface->device->lock);

    wu_timesync_end(iface);
}

void wu_interface_close(HANDLE handle)
{
    struct wu_object *object = wu_handle_close(handle, WU_HANDLE_INTERFACE);

    if (object)
        end((struct wu_interface *)object);
    wu_object_release(object);
}

static struct wu_interface *acquire_any(struct wu_device *device)
{
    struct wu_interface *iface;

    wu_host_mutex_lock(&device->lock);
    iface = device->interfaces;
    if (iface)
        wu_object_acquire(&iface->object);
    wu_host_mutex_unlock(&device->lock);

    return iface;
}

void wu_interface_file_closed(HANDLE file)
{
    struct wu_device *device = wu_device_find(file);
    struct wu_interface *iface;

    if (!device)
        return;

    while ((iface = acquire_any(device)) != NULL) {
        struct wu_object *object = wu_handle_close(iface->handle, WU_HANDLE_INTERFACE);

        end(iface);
        wu_object_release(object);
        wu_interface_release(iface);
    }

    wu_device_release(device);
}

struct wu_interface *wu_interface_acquire(HANDLE handle)
{
    return (struct wu_interface *)wu_handle_acquire(handle, WU_HANDLE_INTERFACE);
}

void wu_interface_release(struct wu_interface *iface)
{
    wu_object_release(&iface->object);
}
