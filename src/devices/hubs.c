#include "devices/hubs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "devices/node.h"
#include "devices/path.h"

#define PREFIX "\\\\?\\"

void wu_hub_list_free(struct wu_hub_list *list)
{
    free(list->hubs);
}

const struct wu_hub *wu_hub_above(const struct wu_hub *hub)
{
    return hub->above != 0 ? hub - hub->above : NULL;
}

const struct wu_hub *wu_hub_list_above(const struct wu_hub_list *list,
                                       const struct wu_function *function)
{
    const char *dot = strrchr(function->port_path, '.');
    const size_t length = dot ? (size_t)(dot - function->port_path) : 0;

    for (size_t i = 0; i < list->count; i++) {
        const struct wu_hub *hub = &list->hubs[i];

        if (hub->kind != WU_HUB_CONTROLLER && hub->bus == function->bus &&
            strlen(hub->port_path) == length &&
            strncmp(hub->port_path, function->port_path, length) == 0)
            return hub;
    }

    return NULL;
}

/* --- Paths ----------------------------------------------------------------------------------- */

const GUID *wu_hub_guid(const struct wu_hub *hub)
{
    return hub->kind == WU_HUB_CONTROLLER ? &wu_guid_usb_controller : &wu_guid_usb_hub;
}

void wu_hub_path(const struct wu_hub *hub, char *path)
{
    const struct wu_node node = wu_node_of_hub(hub);

    wu_node_path(&node, wu_hub_guid(hub), path);
}

/* All prefixes have the same length. */
static bool has_prefix(const char *path)
{
    static const char *const prefixes[] = { PREFIX, "\\\\.\\", "\\??\\" };

    for (size_t i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++)
        if (strncmp(path, prefixes[i], sizeof(PREFIX) - 1) == 0)
            return true;

    return false;
}

/* Without its GUID: a hub has one interface. */
static size_t device_length(const char *name)
{
    const char *last = strrchr(name, '#');

    return last ? (size_t)(last - name) : strlen(name);
}

const struct wu_hub *wu_hub_list_find(const struct wu_hub_list *list, const char *path)
{
    size_t length;

    if (!has_prefix(path))
        return NULL;

    path += sizeof(PREFIX) - 1;
    length = device_length(path);
    for (size_t i = 0; i < list->count; i++) {
        char own[WU_PATH_SIZE];

        wu_hub_path(&list->hubs[i], own);
        if (device_length(own + sizeof(PREFIX) - 1) == length &&
            wu_path_equal(path, length, own + sizeof(PREFIX) - 1))
            return &list->hubs[i];
    }

    return NULL;
}
