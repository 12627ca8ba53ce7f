/* What an interface handle answers about its device, mostly from memory. */
#include "core/interface.h"

#include <string.h>

#include "core/setting.h"
#include "core/smaller.h"
#include "usb/bytes.h"

enum { CONTROL_TIMEOUT = 5000 /* [ms] */, FROM_DEVICE = 0x80 };

DWORD wu_interface_query_settings(struct wu_interface *iface,
                                  UCHAR index,
                                  USB_INTERFACE_DESCRIPTOR *descriptor_out)
{
    const USB_INTERFACE_DESCRIPTOR *found;

    if (!descriptor_out)
        return ERROR_INVALID_PARAMETER;

    found = wu_descriptor_alternate(iface->device->configuration, iface->number, index);
    if (!found)
        return ERROR_NO_MORE_ITEMS;

    *descriptor_out = *found;
    return ERROR_SUCCESS;
}

DWORD wu_interface_query_pipe(struct wu_interface *iface,
                              UCHAR alternate,
                              UCHAR index,
                              WINUSB_PIPE_INFORMATION_EX *pipe_out)
{
    const struct wu_chain chain = iface->device->configuration;
    const USB_INTERFACE_DESCRIPTOR *setting =
        wu_descriptor_alternate(chain, iface->number, alternate);
    const UCHAR *endpoint;

    if (!pipe_out || !setting)
        return ERROR_INVALID_PARAMETER;

    endpoint = wu_descriptor_endpoint(chain, setting, index);
    if (!endpoint)
        return ERROR_NO_MORE_ITEMS;

    *pipe_out = wu_descriptor_pipe(chain, endpoint, iface->device->speed);
    return ERROR_SUCCESS;
}

DWORD wu_interface_query_device(struct wu_interface *iface, ULONG type, ULONG *length, void *buffer)
{
    if (type != DEVICE_SPEED || !length || !buffer)
        return ERROR_INVALID_PARAMETER;
    if (*length < 1)
        return ERROR_INSUFFICIENT_BUFFER;

    *(UCHAR *)buffer = iface->device->speed >= WU_USB_SPEED_HIGH ? HighSpeed : LowSpeed;
    *length = 1;
    return ERROR_SUCCESS;
}

/* --- Descriptors --------------------------------------------------------------------------- */

static struct wu_chain chain_of_one(const void *descriptor)
{
    const struct wu_chain chain = { descriptor, descriptor ? *(const UCHAR *)descriptor : 0 };

    return chain;
}

/* Endpoints are those of the current setting. */
static struct wu_chain find_endpoint(struct wu_interface *iface, UCHAR index)
{
    const struct wu_chain chain = iface->device->configuration;
    const struct wu_interface_criteria current = { iface->number, wu_setting_get(iface), -1, -1,
                                                   -1 };
    const USB_INTERFACE_DESCRIPTOR *setting =
        wu_descriptor_find_interface(chain, chain.bytes, &current);

    return chain_of_one(setting ? wu_descriptor_endpoint(chain, setting, index) : NULL);
}

/* Whatever length a device claims for it. */
static struct wu_chain chain_of_device(const struct wu_device *device)
{
    const struct wu_chain chain = { device->descriptor, sizeof(device->descriptor) };

    return chain;
}

/* Gives what is in memory; no bytes when the device has to be asked. Which index the active
 * configuration has is known only where there is one. */
static struct wu_chain find_cached(struct wu_interface *iface,
                                   const struct wu_descriptor_request *request)
{
    const struct wu_device *device = iface->device;
    const bool only_one = device->descriptor[17] == 1 && request->index == 0;

    switch (request->type) {
    case USB_DEVICE_DESCRIPTOR_TYPE:
        return request->index == 0 ? chain_of_device(device) : chain_of_one(NULL);
    case USB_CONFIGURATION_DESCRIPTOR_TYPE:
        return only_one ? device->configuration : chain_of_one(NULL);
    case USB_INTERFACE_DESCRIPTOR_TYPE:
        return chain_of_one(
            wu_descriptor_alternate(device->configuration, iface->number, request->index));
    case USB_ENDPOINT_DESCRIPTOR_TYPE:
        return find_endpoint(iface, request->index);
    default:
        return chain_of_one(NULL);
    }
}

static DWORD fetch(struct wu_interface *iface,
                   const struct wu_descriptor_request *request,
                   ULONG *transferred_out)
{
    const struct wu_usb_setup setup = {
        .type = FROM_DEVICE,
        .request = USB_REQUEST_GET_DESCRIPTOR,
        .value = USB_DESCRIPTOR_MAKE_TYPE_AND_INDEX(request->type, request->index),
        .index = request->language,
        .length = (uint16_t)wu_smaller(request->length, WU_USB_LONGEST_CONTROL),
    };
    size_t transferred = 0;
    const DWORD error =
        wu_usb_control(iface->device->usb, &setup, request->buffer, CONTROL_TIMEOUT, &transferred);

    if (error == ERROR_SUCCESS)
        *transferred_out = (ULONG)transferred;
    return error;
}

static bool is_on_device(UCHAR type)
{
    return type != USB_INTERFACE_DESCRIPTOR_TYPE && type != USB_ENDPOINT_DESCRIPTOR_TYPE;
}

DWORD wu_interface_get_descriptor(struct wu_interface *iface,
                                  const struct wu_descriptor_request *request,
                                  ULONG *transferred_out)
{
    const struct wu_chain cached = find_cached(iface, request);

    if (!transferred_out || (!request->buffer && request->length > 0))
        return ERROR_INVALID_PARAMETER;
    if (!wu_device_present(iface->device))
        return ERROR_DEVICE_NOT_CONNECTED;

    if (cached.size == 0 && is_on_device(request->type))
        return fetch(iface, request, transferred_out);
    if (cached.size == 0)
        return ERROR_GEN_FAILURE; /* as a device says that it has none */

    *transferred_out = wu_smaller((ULONG)cached.size, request->length);
    if (*transferred_out > 0)
        memcpy(request->buffer, cached.bytes, *transferred_out);
    return ERROR_SUCCESS;
}
