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
        snprintf(id, WU_NODE_ID_SIZE, "USB\\ROOT_HUB30\\4&%08x&0&0", node->function->bus);
        break;
    }
    capitalize(id);
}

bool wu_node_parent(const struct wu_node *node, struct wu_node *parent_out)
{
    if (node->kind == WU_NODE_ROOT_HUB)
        return false;

    parent_out->kind = node->kind == WU_NODE_FUNCTION && node->function->composite
                           ? WU_NODE_COMPOSITE
                           : WU_NODE_ROOT_HUB;
    parent_out->function = node->function;
    return true;
}
