#include "native/devnode.h"

#include <stdio.h>
#include <string.h>

#include "devices/path.h"

/* --- Numbers --------------------------------------------------------------------------------- */

enum { BUS_AT = 16, ADDRESS_AT = 9, PART = 0x1FF };

/* Of a function, its first interface; of a composite device, 0; of a hub, no address either. */
DWORD wu_devnode_number(const struct wu_node *node)
{
    const struct wu_function *function = node->function;
    const DWORD bus = (DWORD)function->bus << BUS_AT;
    const DWORD device = bus | (DWORD)function->address << ADDRESS_AT;

    if (node->kind == WU_NODE_ROOT_HUB)
        return bus;
    return node->kind == WU_NODE_COMPOSITE ? device : device | (function->first_interface + 1u);
}

struct wu_node wu_devnode_node(const struct wu_devnode *devnode)
{
    return (struct wu_node){ .kind = devnode->kind, .function = &devnode->function };
}

/* --- Finding --------------------------------------------------------------------------------- */

/* Whether a node is the one that is looked for, by one or the other. */
struct wanted {
    DWORD number;
    const char *id; /* NULL: by number */
};

static bool is_wanted(const struct wu_node *node, const struct wanted *wanted)
{
    char id[WU_NODE_ID_SIZE];

    if (!wanted->id)
        return wu_devnode_number(node) == wanted->number;

    wu_node_id(node, id);
    return strlen(id) == strlen(wanted->id) && wu_path_equal(id, strlen(id), wanted->id);
}

/* Looks at a function's node and at those above. */
static bool
find_above(struct wu_node node, const struct wanted *wanted, struct wu_devnode *devnode_out)
{
    do {
        if (is_wanted(&node, wanted)) {
            devnode_out->kind = node.kind;
            devnode_out->function = *node.function;
            return true;
        }
    } while (wu_node_parent(&node, &node));

    return false;
}

static DWORD find_in(const struct wu_function_list *list,
                     const struct wanted *wanted,
                     struct wu_devnode *devnode_out)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct wu_node node = { .kind = WU_NODE_FUNCTION, .function = &list->functions[i] };

        if (find_above(node, wanted, devnode_out))
            return ERROR_SUCCESS;
    }

    return ERROR_NOT_FOUND;
}

static DWORD find(bool (*means)(const char *text, const struct wu_function *function),
                  const char *text,
                  const struct wanted *wanted,
                  struct wu_devnode *devnode_out)
{
    struct wu_function_list list;
    DWORD error = wu_function_list_get_meant(means, text, &list);

    if (error != ERROR_SUCCESS)
        return error;

    error = find_in(&list, wanted, devnode_out);
    wu_function_list_free(&list);
    return error;
}

/* A number's text is the number of its device, or of the bus. */
static bool is_at(const char *text, const struct wu_function *function)
{
    const struct wu_node device = { .kind = WU_NODE_COMPOSITE, .function = function };
    const struct wu_node hub = { .kind = WU_NODE_ROOT_HUB, .function = function };
    char own[2][16];

    snprintf(own[0], sizeof(own[0]), "%u", (unsigned)wu_devnode_number(&device));
    snprintf(own[1], sizeof(own[1]), "%u", (unsigned)wu_devnode_number(&hub));
    return strcmp(text, own[0]) == 0 || strcmp(text, own[1]) == 0;
}

DWORD wu_devnode_find(DWORD number, struct wu_devnode *devnode_out)
{
    const struct wanted wanted = { .number = number };
    char text[16];

    snprintf(text, sizeof(text), "%u", (unsigned)(number & ~(DWORD)PART));
    return find(is_at, text, &wanted, devnode_out);
}

/* All IDs of a device's nodes begin in one way; that of the hub has its bus. */
static bool has_id(const char *text, const struct wu_function *function)
{
    const struct wu_node hub = { .kind = WU_NODE_ROOT_HUB, .function = function };
    char start[32], id[WU_NODE_ID_SIZE];

    snprintf(start, sizeof(start), "USB\\VID_%04X&PID_%04X", function->vid, function->pid);
    wu_node_id(&hub, id);
    return wu_path_equal(start, strlen(start), text) || wu_path_equal(id, strlen(id), text);
}

DWORD wu_devnode_find_id(const char *id, struct wu_devnode *devnode_out)
{
    const struct wanted wanted = { .id = id };

    return find(has_id, id, &wanted, devnode_out);
}

/* --- The tree -------------------------------------------------------------------------------- */

/* Takes a node's number when it is the nearest so far that follows. */
static void consider(const struct wu_node *node, DWORD parent, DWORD after, DWORD *nearest)
{
    const DWORD number = wu_devnode_number(node);
    struct wu_node above;

    if (wu_node_parent(node, &above) && wu_devnode_number(&above) == parent && number > after &&
        (*nearest == 0 || number < *nearest))
        *nearest = number;
}

DWORD wu_devnode_next(DWORD parent, DWORD number, DWORD *number_out)
{
    struct wu_function_list list;
    const DWORD error = wu_function_list_get(&list);
    DWORD nearest = 0;

    if (error != ERROR_SUCCESS)
        return error;

    for (size_t i = 0; i < list.count; i++) {
        struct wu_node node = { .kind = WU_NODE_FUNCTION, .function = &list.functions[i] };

        do {
            consider(&node, parent, number, &nearest);
        } while (wu_node_parent(&node, &node));
    }
    wu_function_list_free(&list);
    if (nearest == 0)
        return ERROR_NOT_FOUND;

    *number_out = nearest;
    return ERROR_SUCCESS;
}
