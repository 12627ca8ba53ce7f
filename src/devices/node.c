#include "devices/node.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "devices/path.h"

/* --- Names ----------------------------------------------------------------------------------- */

static void capitalize(char *text)
{
    for (; *text != '\0'; text++)
        if (*text >= 'a' && *text <= 'z')
            *text = (char)(*text - 'a' + 'A');
}

/* The functions of a composite device are named like it: by its serial number or by its port. */
static void instance_of_device(const struct wu_function *function, char instance[WU_INSTANCE_SIZE])
{
    struct wu_function device = *function;

    device.composite = false;
    if (!wu_path_instance_from_serial(function->serial, instance) ||
        strcmp(instance, function->instance) != 0)
        wu_path_instance_from_port(&device, instance);
}

static void id_of_function(const struct wu_function *function, char *id)
{
    char part[8] = "";

    if (function->composite)
        snprintf(part, sizeof(part), "&MI_%02X", function->first_interface);
    snprintf(id, WU_NODE_ID_SIZE, "USB\\VID_%04X&PID_%04X%s\\%s", function->vid, function->pid,
             part, function->instance);
}

static void id_of_composite(const struct wu_function *function, char *id)
{
    char instance[WU_INSTANCE_SIZE];

    instance_of_device(function, instance);
    snprintf(id, WU_NODE_ID_SIZE, "USB\\VID_%04X&PID_%04X\\%s", function->vid, function->pid,
             instance);
}

/* Windows tells by its name how fast a root hub is, and so do programs. */
static const char *root_hub_name(const struct wu_hub *hub)
{
    if (hub->speed >= WU_USB_SPEED_SUPER)
        return "ROOT_HUB30";
    return hub->speed == WU_USB_SPEED_HIGH ? "ROOT_HUB20" : "ROOT_HUB";
}

static void id_of_root_hub(const struct wu_node *node, char *id)
{
    const char *name = node->hub ? root_hub_name(node->hub) : "ROOT_HUB30";
    const unsigned bus = node->hub ? node->hub->bus : node->function->bus;

    snprintf(id, WU_NODE_ID_SIZE, "USB\\%s\\4&%08x&0&0", name, bus);
}

/* Hubs are named by their ports: many of one kind have the same serial number. */
static void id_of_hub(const struct wu_hub *hub, char *id)
{
    struct wu_function place = { .bus = hub->bus };
    char instance[WU_INSTANCE_SIZE];

    memcpy(place.port_path, hub->port_path, sizeof(hub->port_path));
    wu_path_instance_from_port(&place, instance);
    snprintf(id, WU_NODE_ID_SIZE, "USB\\VID_%04X&PID_%04X\\%s", hub->vid, hub->pid, instance);
}

/* One for each bus. */
static void id_of_controller(const struct wu_hub *hub, char *id)
{
    const struct wu_hub_controller *controller = &hub->controller;

    if (controller->is_pci)
        snprintf(id, WU_NODE_ID_SIZE,
                 "PCI\\VEN_%04X&DEV_%04X&SUBSYS_%04X%04X&REV_%02X\\3&%08x&0&%02X",
                 controller->vendor, controller->device, controller->subsystem,
                 controller->subsystem_vendor, controller->revision, hub->bus,
                 (controller->slot * 8u + controller->function) & 0xFF);
    else
        snprintf(id, WU_NODE_ID_SIZE, "ROOT\\%s\\%04u", controller->name, hub->bus);
}

void wu_node_id(const struct wu_node *node, char *id)
{
    switch (node->kind) {
    case WU_NODE_FUNCTION:
        id_of_function(node->function, id);
        break;
    case WU_NODE_COMPOSITE:
        id_of_composite(node->function, id);
        break;
    case WU_NODE_ROOT_HUB:
        id_of_root_hub(node, id);
        break;
    case WU_NODE_HUB:
        id_of_hub(node->hub, id);
        break;
    case WU_NODE_CONTROLLER:
        id_of_controller(node->hub, id);
        break;
    }
    capitalize(id);
}

/* In an instance ID, backslashes stand between the parts. */
static void make_part_of_path(char *id)
{
    for (; *id != '\0'; id++)
        if (*id == '\\')
            *id = '#';
        else if (*id >= 'A' && *id <= 'Z')
            *id = (char)(*id - 'A' + 'a');
}

void wu_node_path(const struct wu_node *node, const GUID *guid, char *path)
{
    char id[WU_NODE_ID_SIZE], text[WU_GUID_TEXT_SIZE];

    wu_node_id(node, id);
    make_part_of_path(id);
    wu_guid_format(guid, text);
    snprintf(path, WU_PATH_SIZE, "\\\\?\\%s#%s", id, text);
}

/* --- The tree -------------------------------------------------------------------------------- */

struct wu_node wu_node_of_hub(const struct wu_hub *hub)
{
    static const enum wu_node_kind kinds[] = {
        [WU_HUB_CONTROLLER] = WU_NODE_CONTROLLER,
        [WU_HUB_ROOT] = WU_NODE_ROOT_HUB,
        [WU_HUB_EXTERNAL] = WU_NODE_HUB,
    };

    return (struct wu_node){ .kind = kinds[hub->kind], .hub = hub };
}

/* What is above a device, or above a part of one that is not composite. */
static struct wu_node above_device(const struct wu_node *node)
{
    return node->hub ? wu_node_of_hub(node->hub)
                     : (struct wu_node){ .kind = WU_NODE_ROOT_HUB, .function = node->function };
}

static bool above_hub(const struct wu_node *node, struct wu_node *parent_out)
{
    const struct wu_hub *above = node->hub ? wu_hub_above(node->hub) : NULL;

    if (!above)
        return false;

    *parent_out = wu_node_of_hub(above);
    return true;
}

bool wu_node_parent(const struct wu_node *node, struct wu_node *parent_out)
{
    if (node->kind != WU_NODE_FUNCTION && node->kind != WU_NODE_COMPOSITE)
        return above_hub(node, parent_out);

    if (node->kind == WU_NODE_FUNCTION && node->function->composite)
        *parent_out = (struct wu_node){ WU_NODE_COMPOSITE, node->function, node->hub };
    else
        *parent_out = above_device(node);
    return true;
}
