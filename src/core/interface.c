#include "core/interface.h"

#include <stdlib.h>

#include "core/isoch.h"
#include "core/request.h"
#include "host/overlapped.h"

/* --- Opening ------------------------------------------------------------------------------- */

/* Called with the last reference, after the handle was closed. */
static void destroy(struct wu_object *object)
{
    struct wu_interface *iface = (struct wu_interface *)object;

    wu_device_release(iface->device);
    free(iface);
}

static bool present(const struct wu_tracking_owner *owner)
{
    return wu_device_present(owner->device);
}

/* Takes over the reference to the device on success. */
static DWORD interface_new(struct wu_device *device,
                           UCHAR number,
                           bool associated,
                           struct wu_interface **iface_out)
{
    struct wu_interface *iface = calloc(1, sizeof(*iface));

    if (!iface)
        return ERROR_NOT_ENOUGH_MEMORY;

    wu_object_init(&iface->object, destroy);
    iface->device = device;
    iface->number = number;
    iface->associated = associated;
    iface->tracking.device = device;
    iface->tracking.present = present;
    *iface_out = iface;
    return ERROR_SUCCESS;
}

/* Only one handle of an associated interface may be out at a time. */
static bool is_out_locked(const struct wu_interface *iface)
{
    const struct wu_interface *other = iface->device->interfaces;

    while (other && !(other->associated && other->number == iface->number))
        other = other->next;

    return iface->associated && other;
}

/* Who closes all interfaces of a file closes this one as well, or else has closed its parent. */
static DWORD check_locked(const struct wu_interface *iface, const struct wu_interface *parent)
{
    if (parent && parent->ended)
        return ERROR_INVALID_HANDLE;
    return is_out_locked(iface) ? ERROR_ALREADY_EXISTS : ERROR_SUCCESS;
}

/* Gives the interface a handle, which takes over the caller's reference on success. */
static DWORD
publish(struct wu_interface *iface, const struct wu_interface *parent, HANDLE *handle_out)
{
    struct wu_device *device = iface->device;
    DWORD error;

    wu_host_mutex_lock(&device->lock);
    error = check_locked(iface, parent);
    if (error == ERROR_SUCCESS)
        error = wu_handle_new(WU_HANDLE_INTERFACE, &iface->object, &iface->handle);
    if (error == ERROR_SUCCESS) {
        *handle_out = iface->handle;
        iface->next = device->interfaces;
        device->interfaces = iface;
    }
    wu_host_mutex_unlock(&device->lock);

    return error;
}

/* Takes over the reference to the device, on failure too. @param parent  of an associated
 * interface, or NULL */
static DWORD open_number(struct wu_device *device,
                         UCHAR number,
                         const struct wu_interface *parent,
                         HANDLE *handle_out)
{
    struct wu_interface *iface;
    DWORD error = ERROR_DEVICE_NOT_CONNECTED;

    if (wu_device_present(device))
        error = interface_new(device, number, parent != NULL, &iface);
    if (error != ERROR_SUCCESS) {
        wu_device_release(device);
        return error;
    }

    error = publish(iface, parent, handle_out);
    if (error != ERROR_SUCCESS)
        wu_object_release(&iface->object);
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

/* Looking for a file's device may take a while, so it is done once, and a bad file is told before a
 * missing output. */
static DWORD open_first(HANDLE file, bool wanted, HANDLE *handle_out)
{
    struct wu_device *device;
    const DWORD error = wu_device_acquire(file, &device);

    if (error != ERROR_SUCCESS)
        return error;
    if (!wanted) {
        wu_device_release(device);
        return ERROR_INVALID_PARAMETER;
    }

    wu_pipes_begin_anew(device, device->target.first_interface);
    return open_number(device, device->target.first_interface, NULL, handle_out);
}

DWORD wu_interface_open(HANDLE file, HANDLE *handle_out)
{
    struct wu_file_target target;
    HANDLE handle;
    const DWORD error = open_first(file, handle_out != NULL, &handle);

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

static bool is_in_function(const struct wu_device *device, UCHAR number)
{
    return number >= device->target.lowest_interface &&
           number - device->target.lowest_interface < device->target.interface_count;
}

/* Finds an interface after the first one, in the order of the configuration: setting 0 of each. */
static const USB_INTERFACE_DESCRIPTOR *find_associated(const struct wu_device *device,
                                                       unsigned index)
{
    const struct wu_interface_criteria settings_0 = { -1, 0, -1, -1, -1 };
    const struct wu_chain chain = device->configuration;
    const USB_INTERFACE_DESCRIPTOR *found =
        wu_descriptor_find_interface(chain, chain.bytes, &settings_0);

    while (found && (!is_in_function(device, found->bInterfaceNumber) ||
                     found->bInterfaceNumber == device->target.first_interface || index-- > 0))
        found =
            wu_descriptor_find_interface(chain, (const UCHAR *)found + found->bLength, &settings_0);

    return found;
}

DWORD wu_interface_open_associated(struct wu_interface *iface, UCHAR index, HANDLE *handle_out)
{
    enum { NO_INDEX = 0xFF };
    struct wu_device *device = iface->device;
    const USB_INTERFACE_DESCRIPTOR *setting = find_associated(device, index);
    DWORD error;

    if (!handle_out || index == NO_INDEX)
        return ERROR_INVALID_PARAMETER;
    if (!setting)
        return ERROR_NO_MORE_ITEMS;

    wu_device_acquire_again(device);
    error = open_number(device, setting->bInterfaceNumber, iface, handle_out);
    if (error == ERROR_SUCCESS)
        wu_pipes_begin_anew(device, setting->bInterfaceNumber);
    return error == ERROR_DEVICE_NOT_CONNECTED ? ERROR_BAD_COMMAND : error;
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

    wu_requests_end(iface->device, &(const struct wu_request_filter){ .iface = iface });
    wu_isoch_end(iface);
    wu_tracking_end(&iface->tracking);
}

/* The handle last: whoever else closes it meanwhile finds it, and waits as well. */
static void close_and_release(struct wu_interface *iface)
{
    end(iface);
    wu_object_release(wu_handle_close(iface->handle, WU_HANDLE_INTERFACE));
    wu_interface_release(iface);
}

void wu_interface_close(HANDLE handle)
{
    struct wu_interface *iface = wu_interface_acquire(handle);

    if (iface)
        close_and_release(iface);
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
    const struct wu_request_filter all = { 0 };
    struct wu_device *device = wu_device_find(file);
    struct wu_interface *iface;

    if (!device)
        return;

    while ((iface = acquire_any(device)) != NULL)
        close_and_release(iface);
    wu_requests_end(device, &all); /* of those that others are closing */

    wu_device_release(device);
}

struct wu_interface *wu_interface_acquire(HANDLE handle)
{
    /* Destructors of a program that forgot to close it must not wait for a thread that is dead. */
    if (wu_host_is_ending())
        return NULL;
    return (struct wu_interface *)wu_handle_acquire(handle, WU_HANDLE_INTERFACE);
}

void wu_interface_release(struct wu_interface *iface)
{
    wu_object_release(&iface->object);
}

/* --- Overlapped requests --------------------------------------------------------------------- */

DWORD wu_interface_result(struct wu_interface *iface,
                          const OVERLAPPED *overlapped,
                          DWORD *bytes_out,
                          bool wait)
{
    if (!overlapped || !bytes_out)
        return ERROR_INVALID_PARAMETER;
    return wu_host_overlapped_result(iface->device->file, overlapped, bytes_out, wait);
}
