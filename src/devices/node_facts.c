/*
 * What Windows says of a device node. How it writes hardware IDs and compatible IDs is in
 * Microsoft's "Standard USB identifiers"; the sets and numbers of properties are in devpkey.h.
 */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "devices/node_hub.h"

/* Says something else for each kind of node. */
static bool say_by_kind(const struct wu_node *node,
                        struct wu_node_value *value,
                        const char *function,
                        const char *composite,
                        const char *root_hub)
{
    const char *const texts[] = { function, composite, root_hub };

    return wu_node_say(value, texts[node->kind]);
}

size_t wu_node_texts_size(const char *texts)
{
    size_t size = 0;

    while (texts[size] != '\0')
        size += strlen(texts + size) + 1;
    return size + 1;
}

void wu_node_append(struct wu_node_value *value, const char *format, ...)
{
    const size_t used = wu_node_texts_size(value->text) - 1;
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(value->text + used, sizeof(value->text) - 1 - used, format, arguments);
    va_end(arguments);
}

/* --- Names ----------------------------------------------------------------------------------- */

static bool tell_id(const struct wu_node *node, struct wu_node_value *value)
{
    wu_node_id(node, value->text);
    return true;
}

static bool tell_parent(const struct wu_node *node, struct wu_node_value *value)
{
    struct wu_node parent;

    if (!wu_node_parent(node, &parent))
        return wu_node_say(value, "HTREE\\ROOT\\0");

    wu_node_id(&parent, value->text);
    return true;
}

static bool tell_description(const struct wu_node *node, struct wu_node_value *value)
{
    const char *product = node->function->product;

    return say_by_kind(node, value, *product != '\0' ? product : "WinUSB device",
                       "USB Composite Device", "USB Root Hub (USB 3.0)");
}

/* The device's own name: of a part, too, as its interfaces have none that we know. */
static bool tell_product(const struct wu_node *node, struct wu_node_value *value)
{
    return node->kind != WU_NODE_ROOT_HUB && wu_node_say(value, node->function->product);
}

static bool tell_friendly_name(const struct wu_node *node, struct wu_node_value *value)
{
    return node->kind == WU_NODE_FUNCTION && wu_node_say(value, node->function->product);
}

static bool tell_manufacturer(const struct wu_node *node, struct wu_node_value *value)
{
    const char *manufacturer = node->function->manufacturer;

    return say_by_kind(node, value, *manufacturer != '\0' ? manufacturer : "WinUSB",
                       "(Standard USB Host Controller)", "(Standard USB HUBs)");
}

static bool tell_hardware_ids(const struct wu_node *node, struct wu_node_value *value)
{
    const struct wu_function *function = node->function;
    char part[8] = "";

    if (node->kind == WU_NODE_ROOT_HUB) {
        wu_node_append(value, "USB\\ROOT_HUB30");
        return true;
    }
    if (node->kind == WU_NODE_FUNCTION && function->composite)
        snprintf(part, sizeof(part), "&MI_%02X", function->first_interface);
    wu_node_append(value, "USB\\VID_%04X&PID_%04X&REV_%04X%s", function->vid, function->pid,
                   function->bcd, part);
    wu_node_append(value, "USB\\VID_%04X&PID_%04X%s", function->vid, function->pid, part);
    return true;
}

static void append_classes(struct wu_node_value *value, const char *of, const unsigned char c[3])
{
    wu_node_append(value, "USB\\%sClass_%02x&SubClass_%02x&Prot_%02x", of, c[0], c[1], c[2]);
    wu_node_append(value, "USB\\%sClass_%02x&SubClass_%02x", of, c[0], c[1]);
    wu_node_append(value, "USB\\%sClass_%02x", of, c[0]);
}

static bool tell_compatible_ids(const struct wu_node *node, struct wu_node_value *value)
{
    const struct wu_function *function = node->function;
    const unsigned char by_function[] = { function->class_code, function->subclass,
                                          function->protocol };

    if (node->kind == WU_NODE_ROOT_HUB)
        return false;
    if (node->kind == WU_NODE_FUNCTION) {
        append_classes(value, "", by_function);
        return true;
    }
    append_classes(value, "Dev", function->device_class);
    wu_node_append(value, "USB\\COMPOSITE");
    return true;
}

/* --- Driver ---------------------------------------------------------------------------------- */

static bool tell_service(const struct wu_node *node, struct wu_node_value *value)
{
    return say_by_kind(node, value, "WinUSB", "usbccgp", "USBHUB3");
}

static bool tell_class(const struct wu_node *node, struct wu_node_value *value)
{
    return say_by_kind(node, value, "USBDevice", "USB", "USB");
}

static bool tell_class_guid(const struct wu_node *node, struct wu_node_value *value)
{
    return say_by_kind(node, value, WU_NODE_CLASS_GUID, WU_NODE_USB_CLASS_GUID,
                       WU_NODE_USB_CLASS_GUID);
}

/* A number that no other node has: bus, address and interface, as far as they are the node's. */
static DWORD number_of(const struct wu_node *node)
{
    const struct wu_function *function = node->function;
    const DWORD address = node->kind == WU_NODE_ROOT_HUB ? 0 : function->address;
    const DWORD part = node->kind == WU_NODE_FUNCTION ? function->first_interface + 1u : 0;

    return (function->bus << 16 | address << 8) + part;
}

static bool tell_driver(const struct wu_node *node, struct wu_node_value *value)
{
    tell_class_guid(node, value);
    snprintf(value->text + strlen(value->text), 16, "\\%04u", (unsigned)number_of(node));
    return true;
}

static bool tell_object_name(const struct wu_node *node, struct wu_node_value *value)
{
    snprintf(value->text, sizeof(value->text), "\\Device\\USBPDO-%u", (unsigned)number_of(node));
    return true;
}

static bool tell_enumerator(const struct wu_node *node, struct wu_node_value *value)
{
    (void)node;
    return wu_node_say(value, "USB");
}

static bool tell_zero(const struct wu_node *node, struct wu_node_value *value)
{
    (void)node;
    return wu_node_count(value, 0);
}

static bool tell_presence(const struct wu_node *node, struct wu_node_value *value)
{
    (void)node;
    return wu_node_count(value, 1);
}

static bool tell_status(const struct wu_node *node, struct wu_node_value *value)
{
    (void)node;
    return wu_node_count(value, WU_NODE_STATUS);
}

static bool tell_capabilities(const struct wu_node *node, struct wu_node_value *value)
{
    const bool named = node->function->serial[0] != '\0';

    return wu_node_count(value, node->kind == WU_NODE_ROOT_HUB
                                    ? 0
                                    : WU_NODE_REMOVABLE | WU_NODE_SURPRISES |
                                          (named ? WU_NODE_UNIQUE : 0));
}

/* CM_REMOVAL_POLICY_EXPECT_NO_REMOVAL, CM_REMOVAL_POLICY_EXPECT_SURPRISE_REMOVAL */
static bool tell_removal_policy(const struct wu_node *node, struct wu_node_value *value)
{
    return wu_node_count(value, node->kind == WU_NODE_ROOT_HUB ? 1 : 3);
}

/* --- Place ----------------------------------------------------------------------------------- */

static unsigned port_of(const struct wu_function *function)
{
    const char *dot = strrchr(function->port_path, '.');
    unsigned port = 0;

    sscanf(dot ? dot + 1 : function->port_path, "%u", &port);
    return port;
}

static bool tell_location(const struct wu_node *node, struct wu_node_value *value)
{
    if (node->kind == WU_NODE_ROOT_HUB)
        return false;

    snprintf(value->text, sizeof(value->text), "Port_#%04u.Hub_#%04u", port_of(node->function),
             node->hub ? node->hub->number : node->function->bus);
    return true;
}

/* Windows writes the way to the controller before it; without that, root hubs are told apart by the
 * number of their bus. */
static char *begin_way(const struct wu_node *node, char *text)
{
    return text + (node->hub ? snprintf(text, WU_HUB_WAY_SIZE, "%s", node->hub->way)
                             : snprintf(text, 32, "USBROOT(%u)", node->function->bus - 1));
}

char *wu_node_write_ports(const char *ports, char *end)
{
    unsigned port;
    int length;

    for (; sscanf(ports, "%3u%n", &port, &length) == 1; ports += length + (ports[length] == '.'))
        end += snprintf(end, 16, "#USB(%u)", port);
    return end;
}

/* `USBROOT(0)#USB(1)#USB(4)#USBMI(2)` */
static bool tell_location_paths(const struct wu_node *node, struct wu_node_value *value)
{
    const struct wu_function *function = node->function;
    const char *ports = node->kind == WU_NODE_ROOT_HUB ? "" : function->port_path;
    char *const end = wu_node_write_ports(ports, begin_way(node, value->text));

    if (node->kind == WU_NODE_FUNCTION && function->composite)
        snprintf(end, 16, "#USBMI(%u)", function->first_interface);
    return true;
}

static bool tell_bus(const struct wu_node *node, struct wu_node_value *value)
{
    return wu_node_count(value, node->function->bus);
}

static bool tell_address(const struct wu_node *node, struct wu_node_value *value)
{
    const struct wu_function *function = node->function;

    if (node->kind == WU_NODE_ROOT_HUB)
        return wu_node_count(value, 0);
    return wu_node_count(value, node->kind == WU_NODE_FUNCTION && function->composite
                                    ? function->first_interface
                                    : port_of(function));
}

/* --- Container ------------------------------------------------------------------------------- */

/* FNV-1a */
static uint64_t hash(const char *text, uint64_t hash)
{
    for (; *text != '\0'; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(1099511628211);

    return hash;
}

void wu_node_container(const char *id, char *text)
{
    const uint64_t high = hash(id, UINT64_C(14695981039346656037)), low = hash(id, high);

    snprintf(text, WU_GUID_TEXT_SIZE, "{%08x-%04x-5%03x-%04x-%04x%08x}", (unsigned)(high >> 32),
             (unsigned)(high >> 16 & 0xFFFF), (unsigned)(high & 0xFFF),
             (unsigned)(low >> 48 & 0x3FFF) | 0x8000, (unsigned)(low >> 32 & 0xFFFF),
             (unsigned)(low & 0xFFFFFFFF));
}

/* All nodes of one thing that a person holds in his hands have one container, made of its name. */
static bool tell_container(const struct wu_node *node, struct wu_node_value *value)
{
    const struct wu_node device = { .kind = node->function->composite ? WU_NODE_COMPOSITE
                                                                      : WU_NODE_FUNCTION,
                                    .function = node->function };
    char id[WU_NODE_ID_SIZE];

    if (node->kind == WU_NODE_ROOT_HUB)
        return wu_node_say(value, WU_NODE_SYSTEM_CONTAINER);

    wu_node_id(&device, id);
    wu_node_container(id, value->text);
    return true;
}

/* --- All of them ----------------------------------------------------------------------------- */

#define SET(data1, data2, data3, ...) \
    {                                 \
        (data1), (data2), (data3),    \
        {                             \
            __VA_ARGS__               \
        }                             \
    }
#define DEVICE SET(0xA45C254E, 0xDF1C, 0x4EFD, 0x80, 0x20, 0x67, 0xD1, 0x46, 0xA8, 0x50, 0xE0)
#define TREE SET(0x4340A6C5, 0x93FA, 0x4706, 0x97, 0x2C, 0x7B, 0x64, 0x80, 0x08, 0xA5, 0xA7)
#define INSTANCE SET(0x78C34FC8, 0x104A, 0x4ACA, 0x9E, 0xA4, 0x52, 0x4D, 0x52, 0x99, 0x6E, 0x57)
#define BUS SET(0x540B947E, 0x8B40, 0x45BC, 0xA8, 0xA2, 0x6A, 0x0B, 0x89, 0x4C, 0xBD, 0xA2)
#define CONTAINER SET(0x8C7ED206, 0x3F8A, 0x4827, 0xB3, 0xAB, 0xAE, 0x9E, 0x1F, 0xAE, 0xFC, 0x6C)
#define INTERFACE SET(0x026E516E, 0xB814, 0x414B, 0x83, 0xCD, 0x85, 0x6D, 0x6F, 0xEF, 0x48, 0x22)
#define NAME SET(0xB725F130, 0x47EF, 0x101A, 0xA5, 0xF1, 0x02, 0x60, 0x8C, 0x9E, 0xEB, 0xAC)

/* In the set DEVICE a key is two more than the number of the same. */
#define NUMBERED(type, number, value, tell, tell_hub)                               \
    {                                                                               \
        WU_NODE_##type, (number), (value), DEVICE, (number) + 2, (tell), (tell_hub) \
    }
#define PROPERTY(type, set, key, tell, tell_hub)                                 \
    {                                                                            \
        WU_NODE_##type, WU_NODE_UNNUMBERED, NULL, set, (key), (tell), (tell_hub) \
    }

static const struct wu_node_fact facts[] = {
    NUMBERED(TEXT, 0x00, "DeviceDesc", tell_description, wu_hub_tell_description),
    NUMBERED(TEXTS, 0x01, "HardwareID", tell_hardware_ids, wu_hub_tell_hardware_ids),
    NUMBERED(TEXTS, 0x02, "CompatibleIDs", tell_compatible_ids, wu_hub_tell_compatible_ids),
    NUMBERED(TEXT, 0x04, "Service", tell_service, wu_hub_tell_service),
    NUMBERED(TEXT, 0x07, "Class", tell_class, wu_hub_tell_class),
    NUMBERED(GUID, 0x08, "ClassGUID", tell_class_guid, wu_hub_tell_class_guid),
    NUMBERED(TEXT, 0x09, "Driver", tell_driver, wu_hub_tell_driver),
    NUMBERED(NUMBER, 0x0A, "ConfigFlags", tell_zero, wu_hub_tell_zero),
    NUMBERED(TEXT, 0x0B, "Mfg", tell_manufacturer, wu_hub_tell_manufacturer),
    NUMBERED(TEXT, 0x0C, "FriendlyName", tell_friendly_name, NULL),
    NUMBERED(TEXT, 0x0D, "LocationInformation", tell_location, wu_hub_tell_location),
    NUMBERED(TEXT, 0x0E, "PhysicalDeviceObjectName", tell_object_name, wu_hub_tell_object_name),
    NUMBERED(NUMBER, 0x0F, "Capabilities", tell_capabilities, wu_hub_tell_capabilities),
    NUMBERED(NUMBER, 0x15, "BusNumber", tell_bus, wu_hub_tell_bus),
    NUMBERED(TEXT, 0x16, "EnumeratorName", tell_enumerator, wu_hub_tell_enumerator),
    NUMBERED(NUMBER, 0x1C, "Address", tell_address, wu_hub_tell_address),
    NUMBERED(NUMBER, 0x1F, "RemovalPolicy", tell_removal_policy, wu_hub_tell_removal_policy),
    NUMBERED(NUMBER, 0x22, "InstallState", tell_zero, wu_hub_tell_zero),
    NUMBERED(TEXTS, 0x23, "LocationPaths", tell_location_paths, wu_hub_tell_location_paths),
    NUMBERED(GUID, 0x24, "ContainerID", tell_container, wu_hub_tell_container),
    PROPERTY(TEXT, INSTANCE, 256, tell_id, wu_hub_tell_id),
    PROPERTY(NUMBER, TREE, 2, tell_status, wu_hub_tell_status),
    PROPERTY(NUMBER, TREE, 3, tell_zero, wu_hub_tell_zero),
    PROPERTY(TEXT, TREE, 8, tell_parent, wu_hub_tell_parent),
    PROPERTY(TEXT, BUS, 4, tell_product, wu_hub_tell_product),
    PROPERTY(FLAG, BUS, 5, tell_presence, wu_hub_tell_presence),
    PROPERTY(GUID, CONTAINER, 2, tell_container, wu_hub_tell_container),
    PROPERTY(TEXT, NAME, 10, tell_description, wu_hub_tell_description),
};

const struct wu_node_fact *wu_node_fact_at(size_t index)
{
    return index < sizeof(facts) / sizeof(*facts) ? &facts[index] : NULL;
}

const struct wu_node_fact *wu_node_fact_of_key(const GUID *set, DWORD key)
{
    for (size_t i = 0; i < sizeof(facts) / sizeof(*facts); i++)
        if (facts[i].key == key && wu_guid_equal(&facts[i].set, set))
            return &facts[i];

    return NULL;
}

const struct wu_node_fact *wu_node_fact_of_number(DWORD number)
{
    for (size_t i = 0; i < sizeof(facts) / sizeof(*facts); i++)
        if (facts[i].number >= 0 && (DWORD)facts[i].number == number)
            return &facts[i];

    return NULL;
}

bool wu_node_tell(const struct wu_node *node,
                  const struct wu_node_fact *fact,
                  struct wu_node_value *value_out)
{
    memset(value_out, 0, sizeof(*value_out));
    if (node->function)
        return fact->tell(node, value_out);
    return fact->tell_hub && fact->tell_hub(node->hub, value_out);
}

enum wu_node_interface_fact wu_node_interface_fact(const GUID *set, DWORD key)
{
    static const struct {
        GUID set;
        DWORD key;
    } keys[] = {
        [WU_NODE_INTERFACE_ID] = { INSTANCE, 256 },
        [WU_NODE_INTERFACE_CLASS] = { INTERFACE, 4 },
        [WU_NODE_INTERFACE_ENABLED] = { INTERFACE, 3 },
    };

    for (unsigned i = WU_NODE_INTERFACE_ID; i <= WU_NODE_INTERFACE_ENABLED; i++)
        if (keys[i].key == key && wu_guid_equal(&keys[i].set, set))
            return (enum wu_node_interface_fact)i;

    return WU_NODE_INTERFACE_UNKNOWN;
}
