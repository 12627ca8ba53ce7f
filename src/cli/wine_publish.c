/* The commands `winusb wine publish` and `unpublish`. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/advice.h"
#include "cli/wine_parts.h"
#include "devices/devices.h"
#include "devices/select.h"
#include "wine/inf.h"
#include "wine/install.h"
#include "wine/links.h"
#include "wine/rules.h"

enum { NEW_RULES_MAX = WU_INF_DEVICES_MAX };

/* The rules that the arguments make. */
struct wishes {
    struct wu_rule rules[NEW_RULES_MAX];
    size_t count;
};

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

static bool read_inf(const char *path, struct wu_inf_device *devices, size_t *count_out)
{
    enum { MAX_SIZE = 1 << 20 };
    unsigned char *bytes = malloc(MAX_SIZE);
    FILE *file = bytes ? fopen(path, "re") : NULL;
    const size_t size = file ? fread(bytes, 1, MAX_SIZE, file) : 0;
    char *text = file && !ferror(file) ? wu_inf_text(bytes, size) : NULL;

    if (text)
        *count_out = wu_inf_devices(text, devices);
    else
        wu_cli_complain("%s: %s", path, strerror(errno));
    if (file)
        fclose(file);
    free(text);
    free(bytes);
    return text != NULL;
}

/* Each device of the file gets a rule of its own, unless the user says which one is meant. */
static bool add_inf(struct wishes *wishes, const struct wu_wine_settings *settings)
{
    struct wu_inf_device devices[WU_INF_DEVICES_MAX];
    size_t count;

    if (!read_inf(settings->inf, devices, &count))
        return false;
    if (count == 0) {
        wu_cli_complain("%s gives no USB device a DeviceInterfaceGUID", settings->inf);
        return false;
    }

    wishes->count = settings->device ? 1 : count;
    for (size_t i = 0; i < count; i++) {
        struct wu_rule *rule = &wishes->rules[settings->device ? 0 : i];

        if (!settings->device) {
            *rule = (struct wu_rule){ .part = devices[i].part };
            snprintf(rule->device, sizeof(rule->device), "%04x:%04x", devices[i].vid,
                     devices[i].pid);
        }
        for (unsigned j = 0; j < devices[i].guids.count; j++)
            wu_guids_add(&rule->guids, &devices[i].guids.guid[j]);
    }
    return true;
}

static bool make_wishes(const struct wu_wine_settings *settings, bool hide, struct wishes *wishes)
{
    wishes->count = 1;
    wishes->rules[0].hide = hide;
    if (!set_device(&wishes->rules[0], settings->device) ||
        (settings->inf && !add_inf(wishes, settings)))
        return false;

    for (size_t i = 0; i < wishes->count; i++)
        for (unsigned j = 0; j < settings->guids.count; j++)
            wu_guids_add(&wishes->rules[i].guids, &settings->guids.guid[j]);
    return true;
}

static DWORD add_wishes(struct wu_rules *rules, const void *user)
{
    struct wishes wishes = *(const struct wishes *)user;

    return wu_rules_add(rules, &(struct wu_rules){ wishes.rules, wishes.count });
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

static void tell_of_device(const char *device, const struct wu_rule *rule)
{
    struct wu_rule copy = *rule;
    const struct wu_rules rules = { &copy, 1 };
    struct wu_function_list list;
    size_t count = 0;

    if (wu_function_list_get_meant(wu_select_matches, rule->device, &list) != ERROR_SUCCESS)
        return;

    for (size_t i = 0; i < list.count; i++) {
        struct wu_guids guids;

        if (wu_select_matches(rule->device, &list.functions[i]) &&
            wu_rules_want(&rules, &list.functions[i], &guids)) {
            tell_of_function(&list.functions[i]);
            count++;
        }
    }
    wu_function_list_free(&list);
    if (count == 0)
        wu_cli_complain("%s is not plugged in; it will be published when it is", device);
}

static void tell_of_wishes(const struct wishes *wishes)
{
    for (size_t i = 0; i < wishes->count; i++)
        if (strcmp(wishes->rules[i].device, "*") != 0)
            tell_of_device(wishes->rules[i].device, &wishes->rules[i]);
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

static enum wu_cli_exit change(const struct wu_wine_settings *settings, bool hide)
{
    struct wishes wishes = { .count = 0 };
    unsigned changes;

    if (!wu_wine_check_prefix(settings->prefix) || !make_wishes(settings, hide, &wishes) ||
        !wu_wine_change_rules(settings->prefix, add_wishes, &wishes) ||
        !wu_wine_sync(settings->prefix, &changes))
        return WU_CLI_FAILED;

    if (changes == 0)
        tell_of_nothing(settings->prefix);
    if (!hide)
        tell_of_wishes(&wishes);
    if (!hide && wu_dll_which(settings->prefix, NULL) != WU_DLL_CURRENT)
        wu_cli_complain("winusb.dll is not installed in %s: see 'winusb wine install'",
                        settings->prefix);
    return WU_CLI_OK;
}

enum wu_cli_exit wu_wine_publish(const struct wu_wine_settings *settings)
{
    return change(settings, false);
}

enum wu_cli_exit wu_wine_unpublish(const struct wu_wine_settings *settings)
{
    return change(settings, true);
}
