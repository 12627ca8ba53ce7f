#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/inventory.h"
#include "cli/list_json.h"
#include "cli/plain.h"
#include "cli/table.h"

enum { COLUMNS = 8 };

static const char help[] =
    "Usage: winusb list [--json]\n"
    "Lists the USB functions that are present, and the paths that open them.\n"
    "\n"
    "  DEVICE        bus, dash and ports; mi_NN: which part of a composite device\n"
    "  DRIVER        the kernel's driver, which opening puts aside for as long as it is open\n"
    "  OPEN?         whether this user may open it\n"
    "  FRAME SOURCE  how 'winusb timesync' would read its controller's frame counter, or why\n"
    "                it cannot\n"
    "\n"
    "Options:\n"
    "  --json   an array of objects in place of the table\n"
    "  --help   this text\n"
    "\n"
    "Examples:\n"
    "  winusb list\n"
    "  winusb list --json | jq -r '.[].paths[0]'\n"
    "\n"
    "Exit status: 0 done, also when there is no device; 1 failed; 2 wrong usage.\n";

static void add_device(struct wu_table *table, const struct wu_function *function)
{
    if (function->composite)
        wu_table_add(table, "%u-%s mi_%02x", function->bus, function->port_path,
                     function->first_interface);
    else
        wu_table_add(table, "%u-%s", function->bus, function->port_path);
    wu_table_add(table, "%04x:%04x", function->vid, function->pid);
}

/* Many products repeat their maker's name. */
static void add_name(struct wu_table *table, const struct wu_function *function)
{
    const size_t length = strlen(function->manufacturer);

    if (length == 0 || strncmp(function->product, function->manufacturer, length) == 0)
        wu_table_add(table, "%s", function->product);
    else
        wu_table_add(table, "%s %s", function->manufacturer, function->product);
}

static void add_row(struct wu_table *table, const struct wu_inventory_item *item)
{
    const struct wu_function *function = &item->function;

    add_device(table, function);
    wu_table_add(table, "%s", wu_usb_speed_name(function->speed));
    wu_table_add(table, "%s %s", item->controller.id,
                 wu_controller_kind_name(item->controller.kind));
    wu_table_add(table, "%s", function->driver[0] ? function->driver : "-");
    wu_table_add(table, "%s", wu_cli_error_text(function->access));
    wu_table_add(table, "%s",
                 item->source[0] ? item->source : wu_cli_error_text(item->source_error));
    add_name(table, function);
}

static void print_paths(const struct wu_function *function)
{
    for (unsigned i = 0; i < function->guids.count; i++) {
        char path[WU_PATH_SIZE];

        wu_function_path(function, &function->guids.guid[i], path);
        wu_plain_line(stdout, "    %s", path);
    }
}

static void fill_table(struct wu_table *table, const struct wu_inventory *inventory)
{
    static const char *const head[COLUMNS] = {
        "DEVICE", "ID", "SPEED", "CONTROLLER", "DRIVER", "OPEN?", "FRAME SOURCE", "NAME",
    };

    for (size_t i = 0; i < COLUMNS; i++)
        wu_table_add(table, "%s", head[i]);
    for (size_t i = 0; i < inventory->count; i++)
        add_row(table, &inventory->items[i]);
}

static enum wu_cli_exit print_table(const struct wu_inventory *inventory)
{
    struct wu_table table;

    wu_table_init(&table, COLUMNS);
    fill_table(&table, inventory);
    const bool failed = table.failed;
    if (failed)
        wu_cli_complain("out of memory");
    for (size_t i = 0; !failed && i <= inventory->count; i++) {
        wu_table_print_row(&table, i, stdout);
        if (i > 0)
            print_paths(&inventory->items[i - 1].function);
    }
    wu_table_free(&table);
    return failed ? WU_CLI_FAILED : WU_CLI_OK;
}

static enum wu_cli_exit list(bool json)
{
    const enum wu_frame_method method = WU_FRAME_METHOD_AUTO;
    struct wu_inventory inventory;

    const DWORD error = wu_inventory_get(NULL, &method, &inventory);
    if (error != ERROR_SUCCESS) {
        wu_cli_complain("cannot list the devices: %s", wu_cli_error_text(error));
        return WU_CLI_FAILED;
    }

    enum wu_cli_exit status = WU_CLI_OK;
    if (json)
        status = wu_cli_list_json(&inventory);
    else if (inventory.count > 0)
        status = print_table(&inventory);
    else
        wu_cli_complain("no USB device is plugged in");
    wu_inventory_free(&inventory);
    return status;
}

enum wu_cli_exit wu_cli_list(int count, char **arguments)
{
    static const struct option options[] = {
        { "json", no_argument, NULL, 'j' },
        { "help", no_argument, NULL, 'h' },
        { 0 },
    };
    bool json = false;
    int option;

    while ((option = getopt_long(count, arguments, "h", options, NULL)) != -1) {
        switch (option) {
        case 'j':
            json = true;
            break;
        case 'h':
            fputs(help, stdout);
            return WU_CLI_OK;
        default:
            return wu_cli_usage("list", "wrong arguments");
        }
    }
    if (optind < count)
        return wu_cli_usage("list", "what is '%s'?", arguments[optind]);

    return list(json);
}
