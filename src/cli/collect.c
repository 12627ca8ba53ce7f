#include "cli/collect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/interrupt.h"

enum { ENGLISH = 0x0409, STRING_MAX = 255 };

static DWORD
read_descriptor(WINUSB_INTERFACE_HANDLE iface, UCHAR type, UCHAR index, void *buffer, ULONG size)
{
    ULONG count;

    return WinUsb_GetDescriptor(iface, type, index, 0, buffer, size, &count) ? ERROR_SUCCESS
                                                                             : GetLastError();
}

/* Configurations are asked for by index, and told apart by value. Where the active one is not
 * found, the first stands for it. */
static DWORD read_configuration(WINUSB_INTERFACE_HANDLE iface, struct wu_facts *facts)
{
    USB_CONFIGURATION_DESCRIPTOR *found = &facts->configuration;
    const UCHAR type = USB_CONFIGURATION_DESCRIPTOR_TYPE;

    for (UCHAR i = 0; i < facts->device.bNumConfigurations && !wu_interrupted(); i++) {
        if (read_descriptor(iface, type, i, found, sizeof(*found)) == ERROR_SUCCESS &&
            found->bConfigurationValue == facts->function.configuration)
            return ERROR_SUCCESS;
    }
    return read_descriptor(iface, type, 0, found, sizeof(*found));
}

static DWORD read_descriptors(WINUSB_INTERFACE_HANDLE iface, struct wu_facts *facts)
{
    const DWORD error = read_descriptor(iface, USB_DEVICE_DESCRIPTOR_TYPE, 0, &facts->device,
                                        sizeof(facts->device));

    return error == ERROR_SUCCESS ? read_configuration(iface, facts) : error;
}

/* Leaves the text alone when the device has none. @param index  0: none */
static void read_string(WINUSB_INTERFACE_HANDLE iface, UCHAR index, char *text, size_t size)
{
    UCHAR bytes[STRING_MAX];
    ULONG count;
    USHORT language = ENGLISH;

    if (index == 0 || wu_interrupted())
        return;
    if (WinUsb_GetDescriptor(iface, USB_STRING_DESCRIPTOR_TYPE, 0, 0, bytes, sizeof(bytes),
                             &count) &&
        count >= 4)
        language = (USHORT)(bytes[2] | bytes[3] << 8);
    if (WinUsb_GetDescriptor(iface, USB_STRING_DESCRIPTOR_TYPE, index, language, bytes,
                             sizeof(bytes), &count))
        wu_string_text(bytes, count, text, size);
}

/* --- Policies ------------------------------------------------------------------------------ */

/* A switch is a UCHAR, all others are ULONGs. */
struct value {
    union {
        UCHAR byte;
        ULONG number;
    };
    ULONG length;
};

static struct wu_policy policy_of(BOOL succeeded, const struct value *value)
{
    if (!succeeded)
        return (struct wu_policy){ .error = GetLastError() };
    return (struct wu_policy){ .value = value->length == 1 ? value->byte : value->number };
}

static struct wu_policy read_policy(WINUSB_INTERFACE_HANDLE iface, UCHAR pipe, ULONG type)
{
    struct value value = { .length = wu_policy_is_number(type) ? sizeof(ULONG) : sizeof(UCHAR) };
    const BOOL succeeded = WinUsb_GetPipePolicy(iface, pipe, type, &value.length, &value.number);

    return policy_of(succeeded, &value);
}

static struct wu_policy read_power(WINUSB_INTERFACE_HANDLE iface, ULONG type)
{
    struct value value = { .length = type == SUSPEND_DELAY ? sizeof(ULONG) : sizeof(UCHAR) };
    const BOOL succeeded = WinUsb_GetPowerPolicy(iface, type, &value.length, &value.number);

    return policy_of(succeeded, &value);
}

static struct wu_policy read_speed(WINUSB_INTERFACE_HANDLE iface)
{
    struct value value = { .length = sizeof(UCHAR) };
    const BOOL succeeded =
        WinUsb_QueryDeviceInformation(iface, DEVICE_SPEED, &value.length, &value.byte);

    return policy_of(succeeded, &value);
}

/* --- Interfaces ---------------------------------------------------------------------------- */

/* @return the new last element, all zero; NULL without memory */
static void *grow(void *list, size_t *count, size_t size)
{
    void **elements = list;
    unsigned char *grown = realloc(*elements, (*count + 1) * size);

    if (!grown)
        return NULL;
    *elements = grown;
    memset(grown + *count * size, 0, size);
    return grown + (*count)++ * size;
}

static DWORD add_pipe(WINUSB_INTERFACE_HANDLE iface,
                      const WINUSB_PIPE_INFORMATION_EX *info,
                      struct wu_facts *facts)
{
    struct wu_pipe_facts *pipe = grow(&facts->pipes, &facts->pipe_count, sizeof(*pipe));
    if (!pipe)
        return ERROR_NOT_ENOUGH_MEMORY;

    pipe->setting = facts->setting_count - 1;
    pipe->info = *info;
    for (ULONG type = 1; type <= WU_POLICIES && facts->settings[pipe->setting].current; type++)
        pipe->policies[type - 1] = read_policy(iface, info->PipeId, type);
    return ERROR_SUCCESS;
}

static DWORD add_setting(WINUSB_INTERFACE_HANDLE iface,
                         UCHAR place,
                         const USB_INTERFACE_DESCRIPTOR *descriptor,
                         struct wu_facts *facts)
{
    struct wu_setting_facts *setting =
        grow(&facts->settings, &facts->setting_count, sizeof(*setting));
    WINUSB_PIPE_INFORMATION_EX info;
    DWORD error = ERROR_SUCCESS;
    UCHAR current;

    if (!setting)
        return ERROR_NOT_ENOUGH_MEMORY;
    setting->descriptor = *descriptor;
    setting->current = WinUsb_GetCurrentAlternateSetting(iface, &current) &&
                       current == descriptor->bAlternateSetting;
    read_string(iface, descriptor->iInterface, setting->name, sizeof(setting->name));
    for (unsigned i = 0; error == ERROR_SUCCESS && i <= UINT8_MAX &&
                         WinUsb_QueryPipeEx(iface, place, (UCHAR)i, &info);
         i++)
        error = add_pipe(iface, &info, facts);
    return error;
}

static DWORD add_settings(WINUSB_INTERFACE_HANDLE iface, struct wu_facts *facts)
{
    USB_INTERFACE_DESCRIPTOR descriptor;
    DWORD error = ERROR_SUCCESS;

    for (unsigned place = 0; error == ERROR_SUCCESS && place <= UINT8_MAX &&
                             WinUsb_QueryInterfaceSettings(iface, (UCHAR)place, &descriptor);
         place++)
        error = add_setting(iface, (UCHAR)place, &descriptor, facts);
    return error;
}

/* The first interface, and those that can be opened beside it. */
static DWORD add_interfaces(WINUSB_INTERFACE_HANDLE first, struct wu_facts *facts)
{
    DWORD error = add_settings(first, facts);

    for (unsigned i = 0; error == ERROR_SUCCESS && i < UINT8_MAX; i++) {
        WINUSB_INTERFACE_HANDLE iface;

        if (!WinUsb_GetAssociatedInterface(first, (UCHAR)i, &iface)) {
            const DWORD reason = GetLastError();

            facts->error = reason == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : reason;
            break;
        }
        error = add_settings(iface, facts);
        WinUsb_Free(iface);
    }
    return error;
}

/* What is of the device as a whole. After Ctrl-C it is not asked any more, and things are missing.
 */
static DWORD add_device(const struct wu_opened *opened, struct wu_facts *facts)
{
    const struct wu_controller *controller = &opened->item.controller;
    const WINUSB_INTERFACE_HANDLE iface = opened->first;

    snprintf(facts->controller, sizeof(facts->controller), "%s %s", controller->id,
             wu_controller_kind_name(controller->kind));
    read_string(iface, facts->configuration.iConfiguration, facts->configuration_name,
                sizeof(facts->configuration_name));
    facts->speed = read_speed(iface);
    facts->auto_suspend = read_power(iface, AUTO_SUSPEND);
    facts->suspend_delay = read_power(iface, SUSPEND_DELAY);
    facts->control_timeout = read_policy(iface, 0, PIPE_TRANSFER_TIMEOUT);
    return wu_interrupted() ? ERROR_OPERATION_ABORTED : ERROR_SUCCESS;
}

DWORD wu_facts_collect(const struct wu_opened *opened, struct wu_facts *facts_out)
{
    const WINUSB_INTERFACE_HANDLE iface = opened->first;
    struct wu_facts facts = { .function = opened->item.function };

    DWORD error = read_descriptors(iface, &facts);
    if (error == ERROR_SUCCESS)
        error = add_interfaces(iface, &facts);
    if (error == ERROR_SUCCESS)
        error = add_device(opened, &facts);
    if (error != ERROR_SUCCESS) {
        wu_facts_free(&facts);
        return error;
    }

    *facts_out = facts;
    return ERROR_SUCCESS;
}
