/* The part of links.h that is about names alone: pure, for either side of Wine. */
#include "wine/links.h"

#include <stdlib.h>
#include <string.h>

#include "devices/node.h"

void wu_links_free(struct wu_links *links)
{
    free(links->links);
    *links = (struct wu_links){ 0 };
}

bool wu_links_add(struct wu_links *links, const char *name)
{
    struct wu_link *grown;

    if (strlen(name) >= WU_LINK_SIZE)
        return false;

    grown = realloc(links->links, (links->count + 1) * sizeof(*grown));
    if (!grown)
        return false;

    links->links = grown;
    strcpy(grown[links->count++].name, name);
    return true;
}

bool wu_links_contain(const struct wu_links *links, const char *name)
{
    for (size_t i = 0; i < links->count; i++)
        if (strcmp(links->links[i].name, name) == 0)
            return true;

    return false;
}

bool wu_links_have_device(const struct wu_links *links, const char *device)
{
    for (size_t i = 0; i < links->count; i++) {
        char own[WU_LINK_SIZE];

        wu_link_device(links->links[i].name, own);
        if (strcmp(own, device) == 0)
            return true;
    }

    return false;
}

void wu_link_name(const struct wu_function *function, const GUID *guid, char *name)
{
    char path[WU_PATH_SIZE];

    wu_function_path(function, guid, path);
    strcpy(name, path + strlen("\\\\?\\"));
}

void wu_link_name_of_composite(const struct wu_function *function, char *name)
{
    const struct wu_node node = { .kind = WU_NODE_COMPOSITE, .function = function };
    char path[WU_PATH_SIZE];

    wu_node_path(&node, &wu_guid_usb_device, path);
    strcpy(name, path + strlen("\\\\?\\"));
}

void wu_link_name_of_hub(const struct wu_hub *hub, char *name)
{
    char path[WU_PATH_SIZE];

    wu_hub_path(hub, path);
    strcpy(name, path + strlen("\\\\?\\"));
}

const struct wu_function *wu_link_function(const struct wu_function_list *list, const char *name)
{
    char device[WU_LINK_SIZE], own[WU_LINK_SIZE];

    wu_link_device(name, device);
    for (size_t i = 0; i < list->count; i++) {
        wu_link_name(&list->functions[i], &wu_guid_usb_device, own);
        wu_link_device(own, own);
        if (strcmp(own, device) == 0)
            return &list->functions[i];
    }

    return NULL;
}

const struct wu_function *wu_link_part(const struct wu_function_list *list, const char *name)
{
    char own[WU_LINK_SIZE];

    for (size_t i = 0; i < list->count; i++) {
        wu_link_name_of_composite(&list->functions[i], own);
        if (list->functions[i].composite && strcmp(own, name) == 0)
            return &list->functions[i];
    }

    return NULL;
}

const struct wu_hub *wu_link_hub(const struct wu_hub_list *list, const char *name)
{
    char own[WU_LINK_SIZE];

    for (size_t i = 0; i < list->count; i++) {
        wu_link_name_of_hub(&list->hubs[i], own);
        if (strcmp(own, name) == 0)
            return &list->hubs[i];
    }

    return NULL;
}

const char *wu_link_guid(const char *name)
{
    const char *last = strrchr(name, '#');

    return last ? last + 1 : name + strlen(name);
}

void wu_link_device(const char *name, char device[WU_LINK_SIZE])
{
    const char *last = strrchr(name, '#');
    const size_t length = last ? (size_t)(last - name) : strlen(name);

    memmove(device, name, length);
    device[length] = '\0';
}
