/*
 * Where the operating system does not keep the descriptors of a device that is not opened: as
 * libusb has understood them, put back into bytes. Nor does it limit the memory of transfers.
 */
#include "usb/usb_attributes.h"

#include <libusb.h>
#include <stdlib.h>
#include <string.h>

#include "usb/usb_error.h"

enum { CONFIGURATION_SIZE = 9, INTERFACE_SIZE = 9, ENDPOINT_SIZE = 7, AUDIO_ENDPOINT_SIZE = 9 };

/* Bytes that are counted first, and written the second time. */
struct bytes {
    unsigned char *to; /* NULL: only count */
    size_t size;
};

static void add(struct bytes *bytes, const void *from, size_t size)
{
    if (bytes->to && size > 0)
        memcpy(bytes->to + bytes->size, from, size);
    bytes->size += size;
}

static unsigned char low(unsigned value)
{
    return (unsigned char)value;
}

static unsigned char high(unsigned value)
{
    return (unsigned char)(value >> 8);
}

static void add_endpoint(struct bytes *bytes, const struct libusb_endpoint_descriptor *endpoint)
{
    const size_t size =
        endpoint->bLength >= AUDIO_ENDPOINT_SIZE ? AUDIO_ENDPOINT_SIZE : ENDPOINT_SIZE;
    const unsigned char wire[AUDIO_ENDPOINT_SIZE] = {
        (unsigned char)size,           endpoint->bDescriptorType,
        endpoint->bEndpointAddress,    endpoint->bmAttributes,
        low(endpoint->wMaxPacketSize), high(endpoint->wMaxPacketSize),
        endpoint->bInterval,           endpoint->bRefresh,
        endpoint->bSynchAddress,
    };

    add(bytes, wire, size);
    add(bytes, endpoint->extra, (size_t)endpoint->extra_length);
}

static void add_setting(struct bytes *bytes, const struct libusb_interface_descriptor *setting)
{
    const unsigned char wire[INTERFACE_SIZE] = {
        INTERFACE_SIZE,
        setting->bDescriptorType,
        setting->bInterfaceNumber,
        setting->bAlternateSetting,
        setting->bNumEndpoints,
        setting->bInterfaceClass,
        setting->bInterfaceSubClass,
        setting->bInterfaceProtocol,
        setting->iInterface,
    };

    add(bytes, wire, sizeof(wire));
    add(bytes, setting->extra, (size_t)setting->extra_length);
    for (unsigned i = 0; i < setting->bNumEndpoints; i++)
        add_endpoint(bytes, &setting->endpoint[i]);
}

static void add_configuration(struct bytes *bytes,
                              const struct libusb_config_descriptor *configuration,
                              size_t total)
{
    const unsigned char wire[CONFIGURATION_SIZE] = {
        CONFIGURATION_SIZE,
        configuration->bDescriptorType,
        low((unsigned)total),
        high((unsigned)total),
        configuration->bNumInterfaces,
        configuration->bConfigurationValue,
        configuration->iConfiguration,
        configuration->bmAttributes,
        configuration->MaxPower,
    };

    add(bytes, wire, sizeof(wire));
    add(bytes, configuration->extra, (size_t)configuration->extra_length);
    for (unsigned i = 0; i < configuration->bNumInterfaces; i++)
        for (int j = 0; j < configuration->interface[i].num_altsetting; j++)
            add_setting(bytes, &configuration->interface[i].altsetting[j]);
}

static uint32_t serialise(const struct libusb_config_descriptor *configuration,
                          unsigned char **bytes_out,
                          size_t *size_out)
{
    struct bytes bytes = { 0 };
    size_t total;

    add_configuration(&bytes, configuration, 0);
    total = bytes.size;
    bytes = (struct bytes){ .to = malloc(total) };
    if (!bytes.to)
        return WU_USB_NO_MEMORY;

    add_configuration(&bytes, configuration, total);
    *bytes_out = bytes.to;
    *size_out = total;
    return WU_USB_OK;
}

uint32_t wu_usb_active_configuration(const struct wu_usb_info *info,
                                     unsigned char **bytes_out,
                                     size_t *size_out)
{
    struct libusb_config_descriptor *configuration;
    const int result =
        libusb_get_active_config_descriptor((libusb_device *)(uintptr_t)info->id, &configuration);
    uint32_t error;

    if (result == LIBUSB_ERROR_NO_MEM)
        return WU_USB_NO_MEMORY;
    if (result < 0) {
        *bytes_out = NULL;
        *size_out = 0;
        return WU_USB_OK;
    }

    error = serialise(configuration, bytes_out, size_out);
    libusb_free_config_descriptor(configuration);
    return error;
}

uint64_t wu_usb_transfer_memory(void)
{
    return 0;
}
