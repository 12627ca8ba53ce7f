#include "core/device.h"

#include <stdlib.h>
#include <string.h>

#include "frame/controller.h"

/* Held while a device is opened or closed, which may take the kernel's drivers seconds: one being
 * closed is not opened anew while its interfaces are still claimed. */
static struct wu_host_mutex opening_lock = WU_HOST_MUTEX_INIT;

static struct wu_host_mutex devices_lock = WU_HOST_MUTEX_INIT;
static struct wu_device *devices; /* [devices_lock] */

static struct wu_device *find_locked(HANDLE file)
{
    struct wu_device *device = devices;

    while (device && device->file != file)
        device = device->next;

    return device;
}

/* --- Opening ------------------------------------------------------------------------------- */

static DWORD copy_descriptors(struct wu_device *device, const struct wu_usb_info *info)
{
    UCHAR *bytes;

    if (!info->configuration)
        return ERROR_BAD_DEVICE;

    bytes = malloc(info->configuration_size);
    if (!bytes)
        return ERROR_NOT_ENOUGH_MEMORY;

    memcpy(bytes, info->configuration, info->configuration_size);
    device->configuration = (struct wu_chain){ bytes, info->configuration_size };
    memcpy(device->descriptor, info->device, sizeof(device->descriptor));
    device->speed = info->speed;
    return ERROR_SUCCESS;
}

static DWORD open_usb(struct wu_device *device)
{
    const struct wu_usb_info *info;
    struct wu_usb_list list;
    DWORD error = wu_usb_list_get(&list);

    if (error != ERROR_SUCCESS)
        return error;

    info = wu_usb_list_find(&list, device->target.bus, device->target.address);
    error = info ? copy_descriptors(device, info) : ERROR_DEVICE_NOT_CONNECTED;
    if (error == ERROR_SUCCESS)
        error = wu_usb_open(&list, info, &device->usb);

    wu_usb_list_free(&list);
    return error;
}

/* Setting 0, which is current once an interface has been claimed, wherever it is listed. @return
 * NULL where the function has no interface of this number */
static const USB_INTERFACE_DESCRIPTOR *first_setting(struct wu_device *device, unsigned number)
{
    const struct wu_interface_criteria setting_0 = { (LONG)number, 0, -1, -1, -1 };
    const struct wu_chain chain = device->configuration;

    return wu_descriptor_find_interface(chain, chain.bytes, &setting_0);
}

static void give_back(struct wu_device *device)
{
    while (device->claimed > 0) {
        const unsigned number = device->target.lowest_interface + --device->claimed;

        if (first_setting(device, number))
            wu_usb_release(device->usb, (UCHAR)number);
    }
}

/* Takes what the function consists of, as its driver would; numbers may be missing. It consists of
 * nothing if the device had no configuration when its file was opened. */
static DWORD claim_function(struct wu_device *device)
{
    if (device->target.interface_count == 0 ||
        !first_setting(device, device->target.first_interface))
        return ERROR_BAD_DEVICE;

    for (unsigned i = 0; i < device->target.interface_count; i++) {
        const USB_INTERFACE_DESCRIPTOR *setting =
            first_setting(device, device->target.lowest_interface + i);
        const DWORD error =
            setting ? wu_usb_claim(device->usb, setting->bInterfaceNumber) : ERROR_SUCCESS;

        if (error != ERROR_SUCCESS)
            return error;
        device->claimed++;
        if (setting)
            wu_pipes_open(device, setting);
    }
    return ERROR_SUCCESS;
}

static void destroy(struct wu_device *device)
{
    wu_pump_destroy(&device->pump);
    wu_pipes_destroy(device);
    if (device->tracker)
        wu_tracker_release(device->tracker);
    if (device->usb) {
        give_back(device);
        wu_usb_close(device->usb);
    }
    free((void *)device->configuration.bytes);
    wu_host_mutex_destroy(&device->setting_lock);
    wu_host_mutex_destroy(&device->lock);
    free(device);
}

static void link_device(struct wu_device *device)
{
    wu_host_mutex_lock(&devices_lock);
    device->next = devices;
    devices = device;
    wu_host_mutex_unlock(&devices_lock);
}

static DWORD
open_device(HANDLE file, const struct wu_file_target *target, struct wu_device **device_out)
{
    struct wu_device *device = calloc(1, sizeof(*device));
    DWORD error;

    if (!device)
        return ERROR_NOT_ENOUGH_MEMORY;

    device->file = file;
    device->target = *target;
    device->references = 1;
    device->power = wu_power_defaults();
    wu_host_mutex_init(&device->lock);
    wu_host_mutex_init(&device->setting_lock);
    wu_pipes_init(device);
    wu_pump_init(&device->pump, device);
    wu_memory_set_limit(wu_usb_transfer_memory());
    error = open_usb(device);
    if (error == ERROR_SUCCESS)
        error = claim_function(device);
    if (error != ERROR_SUCCESS) {
        destroy(device);
        return error;
    }

    link_device(device);
    *device_out = device;
    return ERROR_SUCCESS;
}

/* --- References ---------------------------------------------------------------------------- */

DWORD wu_device_acquire(HANDLE file, struct wu_device **device_out)
{
    struct wu_file_target target;
    struct wu_device *device;
    DWORD error = wu_file_resolve(file, &target);

    if (error == ERROR_SUCCESS && !target.overlapped)
        error = ERROR_INVALID_HANDLE;
    if (error != ERROR_SUCCESS)
        return error;

    wu_host_mutex_lock(&opening_lock);
    device = wu_device_find(file);
    if (!device)
        error = open_device(file, &target, &device);
    wu_host_mutex_unlock(&opening_lock);

    if (error == ERROR_SUCCESS)
        *device_out = device;
    return error;
}

struct wu_device *wu_device_find(HANDLE file)
{
    struct wu_device *device;

    wu_host_mutex_lock(&devices_lock);
    device = find_locked(file);
    if (device)
        device->references++;
    wu_host_mutex_unlock(&devices_lock);

    return device;
}

void wu_device_acquire_again(struct wu_device *device)
{
    wu_host_mutex_lock(&devices_lock);
    device->references++;
    wu_host_mutex_unlock(&devices_lock);
}

static void unlink_locked(struct wu_device *device)
{
    struct wu_device **link = &devices;

    while (*link != device)
        link = &(*link)->next;
    *link = device->next;
}

/* @return whether it is nobody's any more */
static bool give_up_reference(struct wu_device *device)
{
    bool last;

    wu_host_mutex_lock(&devices_lock);
    last = --device->references == 0;
    if (last)
        unlink_locked(device);
    wu_host_mutex_unlock(&devices_lock);

    return last;
}

/* Gives up a reference that is not the last one. @return false when it is, and is kept */
static bool give_up_other(struct wu_device *device)
{
    bool other;

    wu_host_mutex_lock(&devices_lock);
    other = device->references > 1;
    device->references -= other;
    wu_host_mutex_unlock(&devices_lock);

    return other;
}

void wu_device_release(struct wu_device *device)
{
    if (give_up_other(device))
        return;

    wu_host_mutex_lock(&opening_lock);
    if (give_up_reference(device))
        destroy(device);
    wu_host_mutex_unlock(&opening_lock);
}

/* --- Parts of a device --------------------------------------------------------------------- */

bool wu_device_present(const struct wu_device *device)
{
    return wu_usb_present(device->usb);
}

DWORD wu_device_tracker(struct wu_device *device, struct wu_tracker **tracker_out)
{
    struct wu_controller controller;
    DWORD error = wu_controller_find(device->target.bus, &controller);

    if (error != ERROR_SUCCESS)
        return wu_device_present(device) ? error : ERROR_DEVICE_NOT_CONNECTED;

    wu_host_mutex_lock(&device->lock);
    if (!device->tracker)
        error = wu_tracker_acquire(&controller, &device->tracker);
    if (error == ERROR_SUCCESS)
        *tracker_out = device->tracker;
    wu_host_mutex_unlock(&device->lock);

    return error;
}
