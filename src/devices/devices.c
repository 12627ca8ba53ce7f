#include "devices/devices.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "devices/file.h"
#include "devices/node.h"
#include "devices/path.h"
#include "devices/split.h"
#include "devices/survey.h"
#include "usb/bytes.h"
#include "usb/usb_attributes.h"

enum { CLASS_HUB = 9 };

/* --- One function -------------------------------------------------------------------------- */

static void set_place(struct wu_function *function, const struct wu_usb_info *info)
{
    size_t used = 0;

    function->bus = info->bus;
    function->address = info->address;
    function->speed = info->speed;
    for (unsigned i = 0; i < info->depth; i++)
        used += (size_t)snprintf(function->port_path + used, sizeof(function->port_path) - used,
                                 "%s%u", i == 0 ? "" : ".", info->ports[i]);
}

static void set_ids(struct wu_function *function, const struct wu_usb_info *info)
{
    function->vid = wu_get16(info->device + 8);
    function->pid = wu_get16(info->device + 10);
    function->bcd = wu_get16(info->device + 12);
    memcpy(function->device_class, info->device + 4, sizeof(function->device_class));
}

static void set_configuration(struct wu_function *function, const struct wu_usb_info *info)
{
    enum { VALUE = 5 };

    if (info->configuration && info->configuration_size > VALUE)
        function->configuration = info->configuration[VALUE];
}

static void set_texts(struct wu_function *function, const struct wu_usb_info *info)
{
    wu_usb_text(info, WU_USB_MANUFACTURER, function->manufacturer, WU_TEXT_SIZE);
    wu_usb_text(info, WU_USB_PRODUCT, function->product, WU_TEXT_SIZE);
    wu_usb_text(info, WU_USB_SERIAL, function->serial, WU_TEXT_SIZE);
}

/* A driver of the kernel's comes before usbfs, which stands for a program. */
static void set_driver(struct wu_function *function, const struct wu_usb_info *info)
{
    char *const driver = function->driver;

    for (unsigned i = 0; i < function->interface_count; i++) {
        char found[sizeof(function->driver)];

        wu_usb_driver(info, function->lowest_interface + i, found, sizeof(found));
        if (found[0] != '\0' && (driver[0] == '\0' || strcmp(driver, "usbfs") == 0))
            strcpy(driver, found);
    }
}

static void
set_span(struct wu_function *function, const struct wu_usb_info *info, const struct wu_span *span)
{
    const bool by_interface = function->composite || info->device[4] == 0;

    function->first_interface = span->first;
    function->lowest_interface = span->lowest;
    function->interface_count = span->count;
    function->class_code = by_interface ? span->class_code : info->device[4];
    function->subclass = by_interface ? span->subclass : info->device[5];
    function->protocol = by_interface ? span->protocol : info->device[6];
}

static void fill(struct wu_function *function,
                 const struct wu_survey_device *device,
                 const struct wu_span *span,
                 bool composite)
{
    const struct wu_usb_info *info = device->info;

    memset(function, 0, sizeof(*function));
    function->composite = composite;
    function->access = device->access;
    function->is_asked = device->is_asked;
    set_place(function, info);
    set_ids(function, info);
    set_configuration(function, info);
    set_span(function, info, span);
    set_texts(function, info);
    set_driver(function, info);
    if (device->known.name == WU_NAME_SERIAL)
        memcpy(function->instance, device->serial, WU_INSTANCE_SIZE);
    else
        wu_path_instance_from_port(function, function->instance);

    wu_guids_add(&function->guids, &wu_guid_usb_device);
    if (device->is_asked)
        wu_msos_add_guids(&device->known.said, composite ? span->first : -1, &function->guids);
}

/* --- Devices ------------------------------------------------------------------------------- */

static bool is_hub(const struct wu_usb_info *info)
{
    return info->device[4] == CLASS_HUB || info->depth == 0;
}

/* Names depend on devices of the same ids alone, so the others need not be asked to find one. */
struct ids {
    const char *name;               /* of an interface that has them; or else */
    const struct wu_usb_info *like; /* a device that has; or NULL as well: all devices are wanted */
};

static bool is_wanted(const struct wu_usb_info *info, const struct ids *ids)
{
    const unsigned char *own = info->device + 8;

    if (is_hub(info) && info != ids->like)
        return false;
    if (ids->name)
        return wu_path_has_ids(ids->name, wu_get16(own), wu_get16(own + 2));
    return !ids->like || memcmp(own, ids->like->device + 8, 4) == 0;
}

struct devices {
    struct wu_survey_device *devices; /* owned */
    size_t count;
};

static void set_device(struct wu_survey_device *device,
                       const struct wu_usb_list *usb,
                       const struct wu_usb_info *info)
{
    char serial[WU_TEXT_SIZE];

    device->usb = usb;
    device->info = info;
    wu_usb_text(info, WU_USB_SERIAL, serial, sizeof(serial));
    wu_path_instance_from_serial(serial, device->serial);
}

static DWORD
survey(const struct wu_usb_list *usb, const struct ids *ids, struct devices *devices_out)
{
    struct devices all = { calloc(usb->count + 1, sizeof(*all.devices)), 0 };
    DWORD error;

    if (!all.devices)
        return ERROR_NOT_ENOUGH_MEMORY;

    for (size_t i = 0; i < usb->count; i++)
        if (is_wanted(&usb->devices[i], ids))
            set_device(&all.devices[all.count++], usb, &usb->devices[i]);

    error = wu_survey(all.devices, all.count);
    if (error == ERROR_SUCCESS)
        *devices_out = all;
    else
        free(all.devices);
    return error;
}

/* --- All functions ------------------------------------------------------------------------- */

/* A device that is not asked cannot say that it wants to stay whole: it is split. */
static bool is_split(const struct wu_survey_device *device)
{
    return wu_split_is_composite(device->info) && !(device->is_asked && device->known.said.whole);
}

static void add_device(struct wu_function_list *list, const struct wu_survey_device *device)
{
    struct wu_span spans[WU_SPLIT_MAX] = { wu_split_whole(device->info) };
    const bool split = is_split(device);
    const size_t count = split ? wu_split(device->info, spans) : 1;

    for (size_t i = 0; i < count; i++)
        fill(&list->functions[list->count++], device, &spans[i], split);
}

static size_t count_functions(const struct devices *devices)
{
    struct wu_span spans[WU_SPLIT_MAX];
    size_t count = 0;

    for (size_t i = 0; i < devices->count; i++)
        count += wu_split(devices->devices[i].info, spans);

    return count;
}

static DWORD list_functions(const struct devices *devices, struct wu_function_list *list_out)
{
    struct wu_function_list list = { 0 };

    list.functions = calloc(count_functions(devices) + 1, sizeof(*list.functions));
    if (!list.functions)
        return ERROR_NOT_ENOUGH_MEMORY;

    for (size_t i = 0; i < devices->count; i++)
        add_device(&list, &devices->devices[i]);
    *list_out = list;
    return ERROR_SUCCESS;
}

/* Lists the functions of devices that have some ids. */
static DWORD
build(const struct wu_usb_list *usb, const struct ids *ids, struct wu_function_list *list_out)
{
    struct devices devices;
    DWORD error = survey(usb, ids, &devices);

    if (error != ERROR_SUCCESS)
        return error;

    error = list_functions(&devices, list_out);
    free(devices.devices);
    return error;
}

DWORD wu_function_list_get(struct wu_function_list *list_out)
{
    const struct ids any = { 0 };
    struct wu_usb_list usb;
    DWORD error = wu_usb_list_get(&usb);

    if (error != ERROR_SUCCESS)
        return error;

    error = build(&usb, &any, list_out);
    wu_usb_list_free(&usb);
    return error;
}

static const struct wu_usb_info *find_meant(const struct wu_usb_list *usb,
                                            bool (*means)(const char *text,
                                                          const struct wu_function *function),
                                            const char *text)
{
    for (size_t i = 0; i < usb->count; i++) {
        struct wu_function function = { 0 };

        set_place(&function, &usb->devices[i]);
        set_ids(&function, &usb->devices[i]);
        if (!is_hub(&usb->devices[i]) && means(text, &function))
            return &usb->devices[i];
    }

    return NULL;
}

DWORD wu_function_list_get_meant(bool (*means)(const char *text,
                                               const struct wu_function *function),
                                 const char *text,
                                 struct wu_function_list *list_out)
{
    struct ids ids = { 0 };
    struct wu_usb_list usb;
    DWORD error = wu_usb_list_get(&usb);

    if (error != ERROR_SUCCESS)
        return error;

    ids.like = find_meant(&usb, means, text);
    if (ids.like)
        error = build(&usb, &ids, list_out);
    else
        *list_out = (struct wu_function_list){ 0 };
    wu_usb_list_free(&usb);
    return error;
}

void wu_function_list_free(struct wu_function_list *list)
{
    free(list->functions);
}

/* --- Finding one --------------------------------------------------------------------------- */

static DWORD find_node(const struct wu_usb_list *usb,
                       unsigned bus,
                       unsigned address,
                       struct wu_function *function_out)
{
    const struct wu_usb_info *info = wu_usb_list_find(usb, bus, address);
    const struct ids ids = { .like = info };
    struct devices devices;
    struct wu_span whole;
    DWORD error;

    if (!info)
        return ERROR_FILE_NOT_FOUND;

    error = survey(usb, &ids, &devices);
    if (error != ERROR_SUCCESS)
        return error;

    whole = wu_split_whole(info);
    for (size_t i = 0; i < devices.count; i++)
        if (devices.devices[i].info == info)
            fill(function_out, &devices.devices[i], &whole, false);
    free(devices.devices);
    return ERROR_SUCCESS;
}

static const struct wu_function *
find_name(const struct wu_function_list *list, const char *name, size_t length)
{
    for (size_t i = 0; i < list->count; i++) {
        char path[WU_PATH_SIZE];
        const char *own;

        wu_function_path(&list->functions[i], &wu_guid_usb_device, path);
        own = wu_path_name(path);
        if (wu_path_equal(name, length, own) && strrchr(own, '#') == own + length)
            return &list->functions[i];
    }

    return NULL;
}

static DWORD find_interface(const struct wu_usb_list *usb,
                            const char *name,
                            size_t length,
                            const GUID *guid,
                            struct wu_function *function_out)
{
    struct wu_function_list list;
    struct wu_function function;
    const struct wu_function *found;
    const struct ids ids = { .name = name };
    const DWORD error = build(usb, &ids, &list);

    if (error != ERROR_SUCCESS)
        return error;

    found = find_name(&list, name, length);
    if (found)
        function = *found;
    wu_function_list_free(&list);

    /* Which GUIDs it has is not known of one that is not asked. */
    if (!found || (function.is_asked && !wu_guids_contain(&function.guids, guid)))
        return ERROR_FILE_NOT_FOUND;

    *function_out = function;
    return ERROR_SUCCESS;
}

DWORD wu_function_find(const char *path, struct wu_function *function_out)
{
    unsigned bus = 0, address = 0;
    GUID guid;
    const bool node = wu_path_parse_node(path, &bus, &address);
    const char *name = wu_path_name(path);
    const size_t length = name ? wu_path_parse_interface(name, &guid) : 0;
    struct wu_usb_list usb;
    DWORD error;

    if (!node && length == 0)
        return ERROR_INVALID_PARAMETER;

    error = wu_usb_list_get(&usb);
    if (error != ERROR_SUCCESS)
        return error;

    error = node ? find_node(&usb, bus, address, function_out)
                 : find_interface(&usb, name, length, &guid, function_out);
    wu_usb_list_free(&usb);
    return error;
}

/* Tells whether a name is that of the device which a function is part of. */
static bool is_of_composite(const char *name, const struct wu_function *function)
{
    const struct wu_node node = { .kind = WU_NODE_COMPOSITE, .function = function };
    char path[WU_PATH_SIZE];
    const char *own;

    wu_node_path(&node, &wu_guid_usb_device, path);
    own = wu_path_name(path);
    return function->composite && wu_path_equal(name, strlen(name), own);
}

static bool names_composite(const struct wu_usb_list *usb, const char *name)
{
    const struct ids ids = { .name = name };
    struct wu_function_list list;
    bool found = false;

    if (build(usb, &ids, &list) != ERROR_SUCCESS)
        return false;

    for (size_t i = 0; i < list.count; i++)
        found = found || is_of_composite(name, &list.functions[i]);
    wu_function_list_free(&list);
    return found;
}

static bool leads_to_composite(const char *path)
{
    const char *name = wu_path_name(path);
    struct wu_usb_list usb;
    bool found;

    if (!name || wu_usb_list_get(&usb) != ERROR_SUCCESS)
        return false;

    found = names_composite(&usb, name);
    wu_usb_list_free(&usb);
    return found;
}

DWORD wu_file_find(const char *path, struct wu_file_target *target_out)
{
    struct wu_function function;
    DWORD error = wu_function_find(path, &function);

    if (error == ERROR_SUCCESS)
        error = function.access;
    else if (error == ERROR_FILE_NOT_FOUND && leads_to_composite(path))
        error = ERROR_NOT_SUPPORTED;
    if (error != ERROR_SUCCESS)
        return error;

    target_out->bus = function.bus;
    target_out->address = function.address;
    target_out->first_interface = function.first_interface;
    target_out->lowest_interface = function.lowest_interface;
    target_out->interface_count = function.interface_count;
    return ERROR_SUCCESS;
}
