#include "cli/find.h"

#include "cli/cli.h"
#include "devices/select.h"

static bool find_by_path(const char *path,
                         const enum wu_frame_method *method,
                         struct wu_inventory_item *item_out)
{
    const DWORD error = wu_function_find(path, &item_out->function);

    if (error != ERROR_SUCCESS) {
        wu_cli_complain("%s: %s", path, wu_cli_error_text(error));
        return false;
    }
    wu_inventory_examine(item_out, method);
    return true;
}

static void complain_of_none(const char *text, int number)
{
    if (!text)
        wu_cli_complain("no USB device is plugged in; 'winusb timesync --source sim' needs none");
    else if (number == WU_ANY_INTERFACE)
        wu_cli_complain("no device %s is there; see 'winusb list'", text);
    else
        wu_cli_complain("no device %s with an interface %d is there; see 'winusb list'", text,
                        number);
}

/* Whichever device it is, is not to be left to chance. */
static bool is_one_device(const struct wu_inventory *inventory, const char *text, int number)
{
    char ports[256];

    if (!text || wu_inventory_ports(inventory, text, number, ports, sizeof(ports)) <= 1)
        return true;

    wu_cli_complain("several devices are %s; choose one by its port: %s", text, ports);
    return false;
}

static bool pick(const struct wu_inventory *inventory,
                 const char *text,
                 int number,
                 struct wu_inventory_item *item_out)
{
    const struct wu_inventory_item *item = wu_inventory_pick(inventory, text, number);

    if (!item)
        complain_of_none(text, number);
    if (!item || !is_one_device(inventory, text, number))
        return false;

    *item_out = *item;
    return true;
}

static bool find_in_inventory(const char *text,
                              int number,
                              const enum wu_frame_method *method,
                              struct wu_inventory_item *item_out)
{
    struct wu_inventory inventory;

    const DWORD error = wu_inventory_get(text, method, &inventory);
    if (error != ERROR_SUCCESS) {
        wu_cli_complain("cannot list the devices: %s", wu_cli_error_text(error));
        return false;
    }

    const bool found = pick(&inventory, text, number, item_out);
    wu_inventory_free(&inventory);
    return found;
}

bool wu_find(const char *text,
             int number,
             const enum wu_frame_method *method,
             struct wu_inventory_item *item_out)
{
    const bool is_path = text && wu_select_form(text) == WU_SELECT_PATH;

    return is_path ? find_by_path(text, method, item_out)
                   : find_in_inventory(text, number, method, item_out);
}
