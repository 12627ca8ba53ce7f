#include "usb_fake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "usb/usb_attributes.h"
#include "usb/usb_error.h"

struct fake_usb_device fake_usb[8];
size_t fake_usb_count;
uint32_t fake_usb_list_error;
_Atomic int fake_usb_lists;

void fake_usb_reset(void)
{
    memset(fake_usb, 0, sizeof(fake_usb));
    fake_usb_count = 0;
    fake_usb_list_error = WU_USB_OK;
    fake_usb_lists = 0;
}

struct fake_usb_device *fake_usb_add(unsigned address,
                                     unsigned vid,
                                     unsigned pid,
                                     const unsigned char *configuration,
                                     size_t configuration_size)
{
    struct fake_usb_device *device = &fake_usb[fake_usb_count++];
    const unsigned char descriptor[WU_USB_DEVICE_DESCRIPTOR_SIZE] = { 18,
                                                                      1,
                                                                      0x00,
                                                                      0x02,
                                                                      0,
                                                                      0,
                                                                      0,
                                                                      64,
                                                                      (unsigned char)vid,
                                                                      (unsigned char)(vid >> 8),
                                                                      (unsigned char)pid,
                                                                      (unsigned char)(pid >> 8),
                                                                      0x34,
                                                                      0x12,
                                                                      1,
                                                                      2,
                                                                      3,
                                                                      1 };

    memset(device, 0, sizeof(*device));
    device->info.id = fake_usb_count;
    device->info.bus = 1;
    device->info.address = address;
    device->info.ports[0] = (unsigned char)address;
    device->info.depth = 1;
    device->info.speed = WU_USB_SPEED_HIGH;
    memcpy(device->info.device, descriptor, sizeof(descriptor));
    device->info.configuration = (unsigned char *)configuration;
    device->info.configuration_size = configuration_size;
    return device;
}

bool fake_usb_is_idle(void)
{
    for (size_t i = 0; i < fake_usb_count; i++)
        if (fake_usb[i].opens != 0 || fake_usb[i].claims != 0)
            return false;

    return fake_usb_lists == 0;
}

static struct fake_usb_device *device_of(uint64_t number)
{
    if (number == 0 || number > fake_usb_count || fake_usb[number - 1].opens == 0)
        abort(); /* a call on a device that is not open */

    return &fake_usb[number - 1];
}

/* --- usb.h --------------------------------------------------------------------------------- */

uint32_t wu_usb_list_get(struct wu_usb_list *list_out)
{
    struct wu_usb_info *devices = calloc(fake_usb_count + 1, sizeof(*devices));
    size_t count = 0;

    if (!devices || fake_usb_list_error != WU_USB_OK) {
        free(devices);
        return fake_usb_list_error;
    }

    for (size_t i = 0; i < fake_usb_count; i++)
        if (!fake_usb[i].gone)
            devices[count++] = fake_usb[i].info;

    fake_usb_lists++;
    *list_out = (struct wu_usb_list){ devices, count, 1 };
    return WU_USB_OK;
}

void wu_usb_list_free(struct wu_usb_list *list)
{
    fake_usb_lists--;
    free(list->devices);
}

const struct wu_usb_info *
wu_usb_list_find(const struct wu_usb_list *list, unsigned bus, unsigned address)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->devices[i].bus == bus && list->devices[i].address == address)
            return &list->devices[i];

    return NULL;
}

uint32_t
wu_usb_open(const struct wu_usb_list *list, const struct wu_usb_info *info, uint64_t *device_out)
{
    struct fake_usb_device *device = &fake_usb[info->id - 1];

    (void)list;
    if (device->gone)
        return WU_USB_DEVICE_NOT_CONNECTED;
    if (device->open_error != WU_USB_OK)
        return device->open_error;

    device->opens++;
    *device_out = info->id;
    return WU_USB_OK;
}

void wu_usb_close(uint64_t device)
{
    device_of(device)->opens--;
}

uint32_t wu_usb_claim(uint64_t device, uint8_t number)
{
    (void)number;
    if (device_of(device)->claim_error != WU_USB_OK)
        return device_of(device)->claim_error;

    if (device_of(device)->during_claim)
        device_of(device)->during_claim();
    device_of(device)->claims++;
    return WU_USB_OK;
}

void wu_usb_release(uint64_t device, uint8_t number)
{
    (void)number;
    device_of(device)->claims--;
}

uint32_t wu_usb_control(uint64_t number,
                        const struct wu_usb_setup *setup,
                        void *data,
                        unsigned timeout,
                        size_t *transferred)
{
    struct fake_usb_device *device = device_of(number);

    (void)timeout;
    device->controls++;
    if (device->gone)
        return WU_USB_DEVICE_NOT_CONNECTED;
    return device->control ? device->control(setup, data, transferred) : WU_USB_FAILURE;
}

bool wu_usb_present(uint64_t device)
{
    return !device_of(device)->gone;
}

const char *wu_usb_speed_name(enum wu_usb_speed speed)
{
    (void)speed;
    return "fake";
}

/* --- usb_attributes.h ---------------------------------------------------------------------- */

void wu_usb_text(const struct wu_usb_info *info, enum wu_usb_text which, char *text, size_t size)
{
    const char *own = fake_usb[info->id - 1].texts[which];

    snprintf(text, size, "%s", own ? own : "");
}

void wu_usb_driver(const struct wu_usb_info *info,
                   unsigned interface_number,
                   char *name,
                   size_t size)
{
    const char *own = fake_usb[info->id - 1].driver;

    (void)interface_number;
    snprintf(name, size, "%s", own ? own : "");
}
