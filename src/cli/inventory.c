#include "cli/inventory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/select.h"

void wu_inventory_examine(struct wu_inventory_item *item, enum wu_frame_method method)
{
    struct wu_frame_source *source;

    item->source[0] = '\0';
    item->source_error = wu_controller_find(item->function.bus, &item->controller);
    if (item->source_error == ERROR_SUCCESS)
        item->source_error = wu_frame_source_open(&item->controller, method, &source);
    if (item->source_error != ERROR_SUCCESS)
        return;

    snprintf(item->source, sizeof(item->source), "%s", source->ops->name);
    source->ops->destroy(source);
}

static DWORD make_items(const struct wu_function_list *list,
                        enum wu_frame_method method,
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

DWORD wu_inventory_get(enum wu_frame_method method, struct wu_inventory *inventory_out)
{
    struct wu_function_list list;

    DWORD error = wu_function_list_get(&list);
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

const struct wu_inventory_item *
wu_inventory_pick(const struct wu_inventory *inventory, const char *text, int number)
{
    const struct wu_inventory_item *best = NULL;

    for (size_t i = 0; i < inventory->count; i++) {
        const struct wu_inventory_item *item = &inventory->items[i];

        if (text && !wu_select_matches(text, &item->function))
            continue;
        if (!has_interface(&item->function, number))
            continue;
        if (!best || rank(item) > rank(best))
            best = item;
    }
    return best;
}
