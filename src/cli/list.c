#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/inventory.h"
#include "cli/list_json.h"

enum { COLUMNS = 8, CELL_SIZE = 2 * WU_TEXT_SIZE };

struct row {
    char cell[COLUMNS][CELL_SIZE];
};

static const struct row head = {
    { "DEVICE", "ID", "SPEED", "CONTROLLER", "DRIVER", "OPEN?", "FRAME SOURCE", "NAME" },
};

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

static void fill_cell(struct row *row, int column, const char *first, const char *second)
{
    snprintf(row->cell[column], CELL_SIZE, "%s%s%s", first, *second ? " " : "", second);
}

static void fill_device(struct row *row, const struct wu_function *function)
{
    char part[16] = "";

    if (function->composite)
        snprintf(part, sizeof(part), " mi_%02x", function->first_interface);
    snprintf(row->cell[0], CELL_SIZE, "%u-%s%s", function->bus, function->port_path, part);
    snprintf(row->cell[1], CELL_SIZE, "%04x:%04x", function->vid, function->pid);
}

/* Many products repeat their maker's name. */
static void fill_name(struct row *row, int column, const struct wu_function *function)
{
    const size_t length = strlen(function->manufacturer);

    if (length == 0 || strncmp(function->product, function->manufacturer, length) == 0)
        fill_cell(row, column, function->product, "");
    else
        fill_cell(row, column, function->manufacturer, function->product);
}

static void fill_row(struct row *row, const struct wu_inventory_item *item)
{
    const struct wu_function *function = &item->function;

    fill_device(row, function);
    fill_cell(row, 2, wu_usb_speed_name(function->speed), "");
    fill_cell(row, 3, item->controller.id, wu_controller_kind_name(item->controller.kind));
    fill_cell(row, 4, function->driver[0] ? function->driver : "-", "");
    fill_cell(row, 5, wu_cli_error_text(function->access), "");
    fill_cell(row, 6, item->source[0] ? item->source : wu_cli_error_text(item->source_error), "");
    fill_name(row, 7, function);
}

static void widen(int *widths, const struct row *row)
{
    for (int column = 0; column < COLUMNS; column++) {
        const int width = (int)strlen(row->cell[column]);

        widths[column] = width > widths[column] ? width : widths[column];
    }
}

/* The last column is as wide as it likes. */
static void print_row(const int *widths, const struct row *row)
{
    for (int column = 0; column < COLUMNS - 1; column++)
        printf("%-*s  ", widths[column], row->cell[column]);
    puts(row->cell[COLUMNS - 1]);
}

static void print_paths(const struct wu_function *function)
{
    for (unsigned i = 0; i < function->guids.count; i++) {
        char path[WU_PATH_SIZE];

        wu_function_path(function, &function->guids.guid[i], path);
        printf("    %s\n", path);
    }
}

static enum wu_cli_exit print_table(const struct wu_inventory *inventory)
{
    int widths[COLUMNS] = { 0 };
    struct row *rows = calloc(inventory->count + 1, sizeof(*rows));
    if (!rows) {
        wu_cli_complain("out of memory");
        return WU_CLI_FAILED;
    }

    widen(widths, &head);
    for (size_t i = 0; i < inventory->count; i++) {
        fill_row(&rows[i], &inventory->items[i]);
        widen(widths, &rows[i]);
    }
    print_row(widths, &head);
    for (size_t i = 0; i < inventory->count; i++) {
        print_row(widths, &rows[i]);
        print_paths(&inventory->items[i].function);
    }
    free(rows);
    return WU_CLI_OK;
}

static enum wu_cli_exit list(bool json)
{
    struct wu_inventory inventory;

    const DWORD error = wu_inventory_get(WU_FRAME_METHOD_AUTO, &inventory);
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
