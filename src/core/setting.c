#include "core/setting.h"

static const USB_INTERFACE_DESCRIPTOR *find(const struct wu_interface *iface, UCHAR setting)
{
    const struct wu_chain chain = iface->device->configuration;
    const struct wu_interface_criteria criteria = { iface->number, setting, -1, -1, -1 };

    return wu_descriptor_find_interface(chain, chain.bytes, &criteria);
}

UCHAR wu_setting_get(struct wu_interface *iface)
{
    struct wu_device *device = iface->device;
    UCHAR setting;

    wu_host_mutex_lock(&device->lock);
    setting = device->settings[iface->number];
    wu_host_mutex_unlock(&device->lock);

    return setting;
}

/* The pipes of the old setting are closed meanwhile: none may carry anything. */
static DWORD change(struct wu_interface *iface, const USB_INTERFACE_DESCRIPTOR *to)
{
    struct wu_device *device = iface->device;
    uint32_t closed;
    DWORD error = wu_pipes_close(device, iface->number, &closed);

    if (error != ERROR_SUCCESS)
        return error;

    error = wu_usb_set_alternate(device->usb, iface->number, to->bAlternateSetting);
    if (error != ERROR_SUCCESS) {
        wu_pipes_reopen(device, closed);
        return error == ERROR_DEVICE_NOT_CONNECTED ? ERROR_BAD_COMMAND : error;
    }

    wu_pipes_open(device, to);
    wu_host_mutex_lock(&device->lock);
    device->settings[iface->number] = to->bAlternateSetting;
    wu_host_mutex_unlock(&device->lock);
    return ERROR_SUCCESS;
}

DWORD wu_setting_set(struct wu_interface *iface, UCHAR setting)
{
    const USB_INTERFACE_DESCRIPTOR *to = find(iface, setting);
    DWORD error;

    if (!to)
        return ERROR_NOT_FOUND;

    wu_host_mutex_lock(&iface->device->setting_lock);
    error = change(iface, to);
    wu_host_mutex_unlock(&iface->device->setting_lock);
    return error;
}
