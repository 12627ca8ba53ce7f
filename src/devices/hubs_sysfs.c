/* Controllers and hubs as Linux knows them: links in bus/usb/devices lead to where they hang. */
#define _XOPEN_SOURCE 700 /* realpath */

#include "devices/hubs.h"

#include <ctype.h>
#include <dirent.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "devices/path.h"
#include "host/posix/sysfs.h"
#include "usb/bytes.h"
#include "usb/usb_attributes.h"
#include "usb/usb_look.h"

enum { CLASS_HUB = 9, PORTS_MAX = 255 };

/* --- Where devices may be ----------------------------------------------------------------------
 */

struct places {
    struct wu_usb_info *places; /* owned; of which only the place is known */
    size_t count;
    size_t room;
};

static bool add_place(struct places *places, const struct wu_usb_info *place)
{
    if (places->count == places->room) {
        const size_t room = 2 * places->room + 16;
        struct wu_usb_info *more = realloc(places->places, room * sizeof(*more));

        if (!more)
            return false;
        places->places = more;
        places->room = room;
    }

    places->places[places->count++] = *place;
    return true;
}

/* By bus, and by ports, so that those above come before those below. */
static int compare_places(const void *a, const void *b)
{
    const struct wu_usb_info *one = a, *other = b;
    const unsigned depth = one->depth < other->depth ? one->depth : other->depth;
    const int ports = memcmp(one->ports, other->ports, depth);

    if (one->bus != other->bus)
        return one->bus < other->bus ? -1 : 1;
    return ports != 0 ? ports : (int)one->depth - (int)other->depth;
}

static DWORD find_places(struct places *places)
{
    char path[PATH_MAX];
    const struct dirent *entry;
    DIR *folder = wu_sysfs_path(path, sizeof(path), "bus/usb/devices") ? opendir(path) : NULL;
    bool fits = true;

    while (fits && folder && (entry = readdir(folder)) != NULL) {
        struct wu_usb_info place;

        if (wu_usb_place(entry->d_name, &place))
            fits = add_place(places, &place);
    }
    if (folder)
        closedir(folder);
    if (!fits)
        return ERROR_NOT_ENOUGH_MEMORY;

    if (places->count > 0)
        qsort(places->places, places->count, sizeof(*places->places), compare_places);
    return ERROR_SUCCESS;
}

static void set_port_path(struct wu_hub *hub, const struct wu_usb_info *info)
{
    size_t used = 0;

    for (unsigned i = 0; i < info->depth; i++)
        used += (size_t)snprintf(hub->port_path + used, sizeof(hub->port_path) - used, "%s%u",
                                 i == 0 ? "" : ".", info->ports[i]);
}

/* --- Those that a path means ---------------------------------------------------------------------
 */

/* The instance in a path, which stands before the GUID. */
static const char *instance_in(const char *path, size_t *length_out)
{
    const char *const guid = strrchr(path, '#');
    const char *instance = guid;

    while (instance && instance > path && instance[-1] != '#')
        instance--;
    *length_out = guid ? (size_t)(guid - instance) : 0;
    return instance;
}

/* An external hub's instance is made of its place alone. */
static bool is_meant(const struct wu_usb_info *place, const char *path)
{
    struct wu_hub hub = { .bus = place->bus };
    struct wu_function function = { .bus = place->bus };
    char own[WU_INSTANCE_SIZE];
    size_t length;
    const char *const instance = instance_in(path, &length);

    set_port_path(&hub, place);
    memcpy(function.port_path, hub.port_path, sizeof(hub.port_path));
    wu_path_instance_from_port(&function, own);
    return strlen(own) == length && wu_path_equal(instance, length, own);
}

static bool is_above(const struct wu_usb_info *place, const struct wu_usb_info *other)
{
    return place->bus == other->bus && place->depth < other->depth &&
           memcmp(place->ports, other->ports, place->depth) == 0;
}

/* Keeps root hubs, those that are meant, and those above them. From the last on, as those above
 * stand before those below. */
static void keep_meant(struct places *places, const char *path)
{
    size_t first = places->count;

    for (size_t i = places->count; i-- > 0;)
        if (places->places[i].depth == 0 || is_meant(&places->places[i], path) ||
            (first < places->count && is_above(&places->places[i], &places->places[first])))
            places->places[--first] = places->places[i];
    places->count -= first;
    memmove(places->places, places->places + first, places->count * sizeof(*places->places));
}

/* --- Hubs --------------------------------------------------------------------------------------
 */

/* A hub that is not configured has no ports yet. */
static unsigned count_ports(const struct wu_usb_info *info)
{
    const unsigned count = wu_usb_file_number(info, "maxchild", 0);

    return count <= PORTS_MAX ? count : 0;
}

/* Numbers stay as they are when other hubs come and go; root hubs have those of their buses. */
static void set_hub(struct wu_hub *hub, const struct wu_usb_info *info)
{
    hub->number = info->depth == 0 ? info->bus : info->bus * 128 + info->address;
    hub->bus = info->bus;
    hub->address = info->address;
    hub->speed = info->speed;
    hub->vid = wu_get16(info->device + 8);
    hub->pid = wu_get16(info->device + 10);
    hub->bcd = wu_get16(info->device + 12);
    hub->port_count = count_ports(info);
    set_port_path(hub, info);
    wu_usb_text(info, WU_USB_MANUFACTURER, hub->manufacturer, sizeof(hub->manufacturer));
    wu_usb_text(info, WU_USB_PRODUCT, hub->product, sizeof(hub->product));
}

/* --- Controllers -------------------------------------------------------------------------------
 */

/* Reads the names of PCI functions, "0000:00:14.0", and of root bridges, "pci0000:00". */
static bool parse_function(const char *name, unsigned numbers[4])
{
    int length = 0;

    return sscanf(name, "%8x:%2x:%2x.%1x%n", &numbers[0], &numbers[1], &numbers[2], &numbers[3],
                  &length) == 4 &&
           name[length] == '\0';
}

static bool parse_bridge(const char *name, unsigned numbers[2])
{
    int length = 0;

    return sscanf(name, "pci%8x:%2x%n", &numbers[0], &numbers[1], &length) == 2 &&
           name[length] == '\0';
}

static bool
read_id(const char *folder, const char *name, unsigned long most, unsigned long *number_out)
{
    char text[32], *end;

    if (!wu_sysfs_read_in(folder, name, text, sizeof(text)) || !isxdigit((unsigned char)text[0]))
        return false;

    *number_out = strtoul(text, &end, 16);
    return (*end == '\n' || *end == '\0') && *number_out <= most;
}

/* What is no PCI function, or does not say which, is known by its name. */
static void set_pci(struct wu_hub_controller *controller, const char *folder)
{
    unsigned long vendor, device, class_code = 0, number = 0;
    unsigned numbers[4];

    if (!parse_function(strrchr(folder, '/') + 1, numbers) ||
        !read_id(folder, "vendor", 0xFFFF, &vendor) || !read_id(folder, "device", 0xFFFF, &device))
        return;

    controller->is_pci = true;
    controller->bus = (unsigned short)numbers[1];
    controller->slot = (unsigned short)numbers[2];
    controller->function = (unsigned short)numbers[3];
    controller->vendor = (unsigned short)vendor;
    controller->device = (unsigned short)device;
    if (read_id(folder, "subsystem_vendor", 0xFFFF, &number))
        controller->subsystem_vendor = (unsigned short)number;
    if (read_id(folder, "subsystem_device", 0xFFFF, &number))
        controller->subsystem = (unsigned short)number;
    if (read_id(folder, "revision", 0xFF, &number))
        controller->revision = (unsigned char)number;
    if (read_id(folder, "class", 0xFFFFFF, &class_code))
        controller->program = (unsigned char)class_code;
}

/* Letters, digits and a few signs are in IDs of devices; what else there is becomes one of them. */
static void set_name(struct wu_hub_controller *controller, const char *name)
{
    snprintf(controller->name, sizeof(controller->name), "%.*s", (int)sizeof(controller->name) - 1,
             name);
    for (char *c = controller->name; *c != '\0'; c++)
        if (!isalnum((unsigned char)*c) && strchr(".-", *c) == NULL)
            *c = '_';
}

static void append(char way[WU_HUB_WAY_SIZE], const char *part)
{
    const size_t used = strlen(way);

    snprintf(way + used, WU_HUB_WAY_SIZE - used, "%s", part);
}

/* Adds a folder on the way to a controller. */
static void add_folder(char way[WU_HUB_WAY_SIZE], const char *name)
{
    unsigned numbers[4];
    char part[32];

    if (parse_bridge(name, numbers))
        snprintf(part, sizeof(part), "PCIROOT(%X)", numbers[0] << 8 | numbers[1]);
    else if (parse_function(name, numbers) && *way != '\0')
        snprintf(part, sizeof(part), "#PCI(%02X%02X)", numbers[2], numbers[3]);
    else
        return;

    /* The way begins anew at each bridge that is a root. */
    if (part[0] != '#')
        *way = '\0';
    append(way, part);
}

/* `PCIROOT(0)#PCI(1C04)#PCI(0000)`, as Windows has it, or `ROOT(VHCI_HCD.0)`. */
static void set_way(struct wu_hub *hub, const char *folder)
{
    char copy[PATH_MAX], *rest = copy;

    snprintf(copy, sizeof(copy), "%s", folder);
    if (hub->controller.is_pci)
        for (char *name = strtok_r(copy, "/", &rest); name; name = strtok_r(NULL, "/", &rest))
            add_folder(hub->way, name);
    if (hub->way[0] != '\0' && strlen(hub->way) < WU_HUB_WAY_SIZE - sizeof("#USBROOT(4294967295)"))
        return;

    snprintf(hub->way, sizeof(hub->way), "ROOT(%s)", hub->controller.name);
    for (char *c = hub->way; *c != '\0'; c++)
        *c = (char)toupper((unsigned char)*c);
}

/* Two buses of a controller are told apart by their numbers there. */
static void number_bus(struct wu_hub *hub, const struct wu_hub_list *list)
{
    const size_t length = strlen(hub->way);
    unsigned before = 0;
    char part[32];

    for (size_t i = 0; i < list->count; i++)
        before += list->hubs[i].kind == WU_HUB_CONTROLLER &&
                  strncmp(list->hubs[i].way, hub->way, length) == 0 &&
                  strncmp(list->hubs[i].way + length, "#USBROOT", 8) == 0;
    snprintf(part, sizeof(part), "#USBROOT(%u)", before);
    append(hub->way, part);
}

/* The controller's folder is that around the root hub's.
 * @return false when that is gone */
static bool
set_controller(struct wu_hub *hub, const struct wu_usb_info *root, const struct wu_hub_list *list)
{
    char link[PATH_MAX], folder[PATH_MAX];

    if (!wu_usb_file_path(root, "..", link, sizeof(link)) || !realpath(link, folder))
        return false;

    set_name(&hub->controller, strrchr(folder, '/') + 1);
    set_pci(&hub->controller, folder);
    set_way(hub, folder);
    number_bus(hub, list);
    hub->kind = WU_HUB_CONTROLLER;
    hub->number = root->bus;
    hub->bus = root->bus;
    hub->speed = root->speed;
    return true;
}

/* --- The tree ----------------------------------------------------------------------------------
 */

/* Adds a bus: its controller and its root hub, or none of them. */
static void add_bus(struct wu_hub_list *list, const struct wu_usb_info *info)
{
    struct wu_hub *controller = &list->hubs[list->count], *root = controller + 1;

    if (!set_controller(controller, info, list)) {
        memset(controller, 0, sizeof(*controller));
        return;
    }

    root->kind = WU_HUB_ROOT;
    root->above = 1;
    root->controller = controller->controller;
    memcpy(root->way, controller->way, sizeof(root->way));
    set_hub(root, info);
    controller->port_count = root->port_count;
    list->count += 2;
}

/* A hub whose parent is not there, or went while we read, is left out. */
static void add_external(struct wu_hub_list *list, const struct wu_usb_info *info)
{
    struct wu_function place = { .bus = info->bus };
    struct wu_hub *hub = &list->hubs[list->count];
    const struct wu_hub *above;

    set_hub(hub, info);
    memcpy(place.port_path, hub->port_path, sizeof(hub->port_path));
    above = wu_hub_list_above(list, &place);
    if (!above) {
        memset(hub, 0, sizeof(*hub));
        return;
    }

    hub->kind = WU_HUB_EXTERNAL;
    hub->above = (unsigned)(hub - above);
    hub->controller = above->controller;
    memcpy(hub->way, above->way, sizeof(hub->way));
    list->count++;
}

/* Most devices are no hubs, which one file tells. */
static bool may_be_hub(const struct wu_usb_info *info)
{
    char text[3] = { 0 };

    return info->depth == 0 || (wu_usb_file(info, "bDeviceClass", text, 2) == 2 &&
                                strtoul(text, NULL, 16) == CLASS_HUB);
}

/* Whoever takes its place while it is looked at has another stay. */
static void add(struct wu_hub_list *list, struct wu_usb_info *info)
{
    const uint64_t stay = may_be_hub(info) ? wu_usb_stay(info) : 0;
    const size_t before = list->count;

    if (stay == 0 || !wu_usb_look(info))
        return;

    if (info->depth == 0)
        add_bus(list, info);
    else if (info->device[4] == CLASS_HUB)
        add_external(list, info);
    if (wu_usb_stay(info) == stay)
        return;

    memset(&list->hubs[before], 0, (list->count - before) * sizeof(*list->hubs));
    list->count = before;
}

/* Those that are at some places. */
static DWORD list_hubs(struct places *places, struct wu_hub_list *list_out)
{
    struct wu_hub_list list = { calloc(2 * places->count + 1, sizeof(*list.hubs)), 0 };

    if (!list.hubs)
        return ERROR_NOT_ENOUGH_MEMORY;

    for (size_t i = 0; i < places->count; i++)
        add(&list, &places->places[i]);
    *list_out = list;
    return ERROR_SUCCESS;
}

DWORD wu_hub_list_get_meant(const char *path, struct wu_hub_list *list_out)
{
    struct places places = { 0 };
    DWORD error = find_places(&places);

    if (error == ERROR_SUCCESS && path && places.count > 0)
        keep_meant(&places, path);
    if (error == ERROR_SUCCESS)
        error = list_hubs(&places, list_out);
    free(places.places);
    return error;
}

DWORD wu_hub_list_get(struct wu_hub_list *list_out)
{
    return wu_hub_list_get_meant(NULL, list_out);
}
