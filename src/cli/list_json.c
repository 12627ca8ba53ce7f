#include "cli/list_json.h"

#include <stdio.h>

#include "cli/json_set.h"

static void set_paths(json_t *object, const struct wu_function *function)
{
    json_t *guids = json_array();
    json_t *paths = json_array();

    for (unsigned i = 0; i < function->guids.count; i++) {
        char guid[WU_GUID_TEXT_SIZE];
        char path[WU_PATH_SIZE];

        wu_guid_format(&function->guids.guid[i], guid);
        json_array_append_new(guids, json_string(guid));
        wu_function_path(function, &function->guids.guid[i], path);
        json_array_append_new(paths, json_string(path));
    }
    json_object_set_new(object, "guids", guids);
    json_object_set_new(object, "paths", paths);
}

static void set_device(json_t *object, const struct wu_function *function)
{
    char text[64];

    snprintf(text, sizeof(text), "%u-%s", function->bus, function->port_path);
    wu_json_set_text(object, "device", text);
    snprintf(text, sizeof(text), "%04x:%04x", function->vid, function->pid);
    wu_json_set_text(object, "id", text);
    wu_json_set_integer(object, "bus", function->bus);
    wu_json_set_integer(object, "address", function->address);
    wu_json_set_text(object, "speed", wu_usb_speed_name(function->speed));
    wu_json_set_text(object, "manufacturer", function->manufacturer);
    wu_json_set_text(object, "product", function->product);
    wu_json_set_text(object, "serial", function->serial);
}

/* Which part of the device this is. */
static void set_part(json_t *object, const struct wu_function *function)
{
    json_object_set_new(object, "composite", json_boolean(function->composite));
    wu_json_set_integer(object, "first_interface", function->first_interface);
    wu_json_set_integer(object, "interfaces", function->interface_count);
}

/* An error member is null where there is none. */
static void set_error(json_t *object, const char *key, DWORD error)
{
    wu_json_set_text(object, key, error == ERROR_SUCCESS ? "" : wu_cli_error_text(error));
}

static json_t *object_of(const struct wu_inventory_item *item)
{
    const struct wu_function *function = &item->function;
    json_t *object = json_object();

    set_device(object, function);
    set_part(object, function);
    wu_json_set_text(object, "driver", function->driver);
    set_error(object, "open_error", function->access);
    wu_json_set_text(object, "controller", item->controller.id);
    wu_json_set_text(object, "controller_kind", wu_controller_kind_name(item->controller.kind));
    wu_json_set_text(object, "frame_source", item->source);
    set_error(object, "frame_source_error", item->source_error);
    set_paths(object, function);
    return object;
}

enum wu_cli_exit wu_cli_list_json(const struct wu_inventory *inventory)
{
    json_t *array = json_array();
    int error = 0;

    for (size_t i = 0; i < inventory->count; i++)
        error |= json_array_append_new(array, object_of(&inventory->items[i]));
    error |= json_dumpf(array, stdout, JSON_INDENT(2));
    json_decref(array);
    putchar('\n');

    if (error) {
        wu_cli_complain("cannot write the list");
        return WU_CLI_FAILED;
    }
    return WU_CLI_OK;
}
