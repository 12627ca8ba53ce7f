#include "cli/inventory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "devices/select.h"

static void examine_counter(struct wu_inventory_item *item, enum wu_frame_method method)
{
    struct wu_frame_source *source;

    item->source_error = wu_frame_source_open(&item->controller, method, &source);
    if (item->source_error != ERROR_SUCCESS)
        return;

    snprintf(item->source, sizeof(item->source), "%s", source->ops->name);
    source->ops->destroy(source);
}

void wu_inventory_examine(struct wu_inventory_item *item, const enum wu_frame_method *method)
{
    item->source[0] = '\0';
    item->source_error = wu_controller_find(item->function.bus, &item->controller);
    if (item->source_error == ERROR_SUCCESS && method)
        examine_counter(item, *method);
}

static DWORD make_items(const struct wu_function_list *list,
                        const enum wu_frame_method *method,
                        struct wu_inventory *inventory_out)
{
    struct wu_inventory_item *items = calloc(list->count + 1, sizeof(*items));
    if (!items)
        return ERROR_NOT_ENOUGH_MEMORY;

    for (size_t i = 0; i < list->count; i++) {
        items[i].function = list->functions[i];
        wu_inventory_examine(&items[i], method);
    }
    *inventory_out = (struct wu_inventory){ items, list->count };
    return ERROR_SUCCESS;
}

DWORD wu_inventory_get(const char *text,
                       const enum wu_frame_method *method,
                       struct wu_inventory *inventory_out)
{
    struct wu_function_list list;

    DWORD error = text ? wu_function_list_get_meant(wu_select_matches, text, &list)
                       : wu_function_list_get(&list);
    if (error != ERROR_SUCCESS)
        return error;

    error = make_items(&list, method, inventory_out);
    wu_function_list_free(&list);
    return error;
}

void wu_inventory_free(struct wu_inventory *inventory)
{
    free(inventory->items);
}

/* How good a choice this is. */
static int rank(const struct wu_inventory_item *item)
{
    const bool opens = item->function.access == ERROR_SUCCESS;
    const bool has_source = item->source_error == ERROR_SUCCESS;

    return (opens && has_source ? 4 : 0) + (opens ? 2 : 0) +
           (item->function.driver[0] == '\0' ? 1 : 0);
}

static bool has_interface(const struct wu_function *function, int number)
{
    return number == WU_ANY_INTERFACE ||
           (number >= function->lowest_interface &&
            number < function->lowest_interface + function->interface_count);
}

static bool is_meant(const struct wu_function *function, const char *text, int number)
{
    return (!text || wu_select_matches(text, function)) && has_interface(function, number);
}

const struct wu_inventory_item *
wu_inventory_pick(const struct wu_inventory *inventory, const char *text, int number)
{
    const struct wu_inventory_item *best = NULL;

    for (size_t i = 0; i < inventory->count; i++) {
        const struct wu_inventory_item *item = &inventory->items[i];

        if (is_meant(&item->function, text, number) && (!best || rank(item) > rank(best)))
            best = item;
    }
    return best;
}

static bool is_same_device(const struct wu_function *a, const struct wu_function *b)
{
    return a->bus == b->bus && strcmp(a->port_path, b->port_path) == 0;
}

/* The functions of a device follow each other. */
size_t wu_inventory_ports(const struct wu_inventory *inventory,
                          const char *text,
                          int number,
                          char *ports,
                          size_t size)
{
    const struct wu_function *last = NULL;
    size_t count = 0;
    size_t used = 0;

    ports[0] = '\0';
    for (size_t i = 0; i < inventory->count; i++) {
        const struct wu_function *function = &inventory->items[i].function;

        if (!is_meant(function, text, number) || (last && is_same_device(function, last)))
            continue;
        last = function;
        if (used < size)
            used += (size_t)snprintf(ports + used, size - used, "%s%u-%s", count > 0 ? ", " : "",
                                     function->bus, function->port_path);
        count++;
    }
    return count;
}
