/* The commands `winusb wine publish` and `unpublish`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/advice.h"
#include "cli/wine_parts.h"
#include "devices/devices.h"
#include "devices/select.h"
#include "wine/foreign.h"
#include "wine/inf.h"
#include "wine/install.h"
#include "wine/links.h"
#include "wine/rules.h"

/* --- From arguments to rules ----------------------------------------------------------------- */

/* A path means one function, where it is plugged in now. */
static bool set_device_by_path(struct wu_rule *rule, const char *path)
{
    struct wu_function function;
    const DWORD error = wu_function_find(path, &function);

    if (error != ERROR_SUCCESS) {
        wu_cli_complain("%s: %s", path, wu_cli_error_text(error));
        return false;
    }

    snprintf(rule->device, sizeof(rule->device), "%u-%.24s", function.bus, function.port_path);
    rule->part = function.composite ? function.first_interface : WU_ANY_PART;
    return true;
}

static bool set_device(struct wu_rule *rule, const char *device)
{
    rule->part = WU_ANY_PART;
    if (device && wu_select_form(device) == WU_SELECT_PATH)
        return set_device_by_path(rule, device);

    if (snprintf(rule->device, sizeof(rule->device), "%s", device ? device : "*") <
        (int)sizeof(rule->device))
        return true;

    wu_cli_complain("%s: the port is too long", device);
    return false;
}

static bool add_guids(struct wu_rule *rule, const struct wu_guids *guids)
{
    for (unsigned i = 0; i < guids->count; i++)
        if (!wu_guids_add(&rule->guids, &guids->guid[i])) {
            wu_cli_complain("%s would have more than %d interface GUIDs", rule->device,
                            WU_GUIDS_MAX);
            return false;
        }

    return true;
}

static bool make_room(struct wu_rules *wishes, size_t count)
{
    wishes->rules = calloc(count, sizeof(*wishes->rules));
    if (!wishes->rules) {
        wu_cli_complain("%s", wu_cli_error_text(ERROR_NOT_ENOUGH_MEMORY));
        return false;
    }

    wishes->count = count;
    return true;
}

/* The user says which device is meant: it has all GUIDs of the file. */
static bool make_rule(const struct wu_wine_settings *settings,
                      const struct wu_inf_devices *devices,
                      struct wu_rules *wishes)
{
    if (!make_room(wishes, 1) || !set_device(wishes->rules, settings->device))
        return false;

    for (size_t i = 0; i < devices->count; i++)
        if (!add_guids(wishes->rules, &devices->devices[i].guids))
            return false;

    return true;
}

static bool make_rule_for_each(const struct wu_inf_devices *devices, struct wu_rules *wishes)
{
    if (!make_room(wishes, devices->count))
        return false;

    for (size_t i = 0; i < devices->count; i++) {
        const struct wu_inf_device *device = &devices->devices[i];
        struct wu_rule *rule = &wishes->rules[i];

        snprintf(rule->device, sizeof(rule->device), "%04x:%04x", device->vid, device->pid);
        rule->part = device->part;
        rule->guids = device->guids;
    }
    return true;
}

static bool make_rules(const struct wu_wine_settings *settings, struct wu_rules *wishes)
{
    struct wu_inf_devices devices = { .count = 0 };
    bool made;

    if (settings->inf && !wu_wine_read_inf(settings->inf, &devices))
        return false;

    made = settings->inf && !settings->device ? make_rule_for_each(&devices, wishes)
                                              : make_rule(settings, &devices, wishes);
    wu_inf_devices_free(&devices);
    return made;
}

static bool make_wishes(const struct wu_wine_settings *settings, bool hide, struct wu_rules *wishes)
{
    if (!make_rules(settings, wishes))
        return false;

    for (size_t i = 0; i < wishes->count; i++) {
        wishes->rules[i].hide = hide;
        if (!add_guids(&wishes->rules[i], &settings->guids))
            return false;
    }
    return true;
}

static DWORD add_wishes(struct wu_rules *rules, const void *user)
{
    return wu_rules_add(rules, user);
}

/* --- What is said of it ---------------------------------------------------------------------- */

static void tell_of_function(const struct wu_function *function)
{
    struct wu_inventory_item item = { .function = *function };

    if (function->access != ERROR_SUCCESS)
        wu_advise_on_open(&item, function->access);
    else if (function->driver[0] != '\0')
        wu_cli_complain("%u-%s: a program that opens it takes it from the kernel's driver %s as "
                        "long as it does",
                        function->bus, function->port_path, function->driver);
}

static bool is_wanted(const struct wu_rule *rule, const struct wu_function *function)
{
    struct wu_rule copy = *rule;
    struct wu_guids guids;

    return wu_select_matches(rule->device, function) &&
           wu_rules_want(&(struct wu_rules){ &copy, 1 }, function, &guids);
}

static void tell_of_present(const struct wu_rules *wishes, const struct wu_function_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        for (size_t j = 0; j < wishes->count; j++)
            if (is_wanted(&wishes->rules[j], &list->functions[i])) {
                tell_of_function(&list->functions[i]);
                break;
            }
}

static bool is_absent(const struct wu_rule *rule, const struct wu_function_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (is_wanted(rule, &list->functions[i]))
            return false;

    return true;
}

static void tell_of_absent(const struct wu_rules *wishes, const struct wu_function_list *list)
{
    const struct wu_rule *absent = NULL;
    size_t count = 0;

    for (size_t i = 0; i < wishes->count; i++)
        if (is_absent(&wishes->rules[i], list)) {
            absent = &wishes->rules[i];
            count++;
        }
    if (count == 1)
        wu_cli_complain("%s is not plugged in; it will be published when it is", absent->device);
    else if (count > 1)
        wu_cli_complain("%zu of %zu devices are not plugged in; each will be published when it is",
                        count, wishes->count);
}

static void tell_of_hubs(const char *prefix)
{
    if (wu_foreign_has_hubs(prefix))
        wu_cli_complain("hubs are not published: this Wine has its own");
}

static void tell_of_wishes(const char *prefix, const struct wu_rules *wishes)
{
    const char *device = wishes->rules[0].device;
    struct wu_function_list list;
    DWORD error;

    if (strcmp(device, "*") == 0)
        return;
    if (strcmp(device, WU_RULE_HUBS) == 0) {
        tell_of_hubs(prefix);
        return;
    }

    error = wishes->count == 1 ? wu_function_list_get_meant(wu_select_matches, device, &list)
                               : wu_function_list_get(&list);
    if (error != ERROR_SUCCESS)
        return;

    tell_of_present(wishes, &list);
    tell_of_absent(wishes, &list);
    wu_function_list_free(&list);
}

static void tell_of_nothing(const char *prefix)
{
    struct wu_links links;

    if (!wu_links_get(prefix, &links))
        return;

    printf("nothing has changed: ");
    if (links.count == 0)
        puts("no interface is published");
    else
        printf("%zu interface%s published\n", links.count, links.count == 1 ? " is" : "s are");
    wu_links_free(&links);
}

/* --- The commands ---------------------------------------------------------------------------- */

static enum wu_cli_exit
apply(const struct wu_wine_settings *settings, bool hide, const struct wu_rules *wishes)
{
    char option[WU_WINE_OPTION_SIZE];
    unsigned changes;

    if (!wu_wine_change_rules(settings->prefix, add_wishes, wishes) ||
        !wu_wine_sync(settings, &changes))
        return WU_CLI_FAILED;

    if (changes == 0)
        tell_of_nothing(settings->prefix);
    if (!hide)
        tell_of_wishes(settings->prefix, wishes);
    wu_wine_prefix_option(settings, option);
    if (!hide && !wu_there_is_ours(wu_there(settings->prefix, WU_PLACE_SYSTEM32, NULL)))
        wu_cli_complain("winusb.dll is not installed in %s: winusb wine install%s",
                        settings->prefix, option);
    return WU_CLI_OK;
}

static enum wu_cli_exit change(const struct wu_wine_settings *settings, bool hide)
{
    struct wu_rules wishes = { .count = 0 };
    enum wu_cli_exit status = WU_CLI_FAILED;

    if (wu_wine_check_prefix(settings->prefix) && make_wishes(settings, hide, &wishes))
        status = apply(settings, hide, &wishes);
    wu_rules_free(&wishes);
    return status;
}

enum wu_cli_exit wu_wine_publish(const struct wu_wine_settings *settings)
{
    return change(settings, false);
}

enum wu_cli_exit wu_wine_unpublish(const struct wu_wine_settings *settings)
{
    return change(settings, true);
}
