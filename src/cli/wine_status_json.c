/* `winusb wine status --json` */
#include <stdio.h>

#include "cli/json_set.h"
#include "cli/wine_status.h"

static void set_prefix(json_t *object, const struct wu_wine_status *status)
{
    static const char *const kinds[] = {
        [WU_PREFIX_NONE] = "none",
        [WU_PREFIX_FOREIGN] = "foreign",
        [WU_PREFIX_UNFINISHED] = "unfinished",
        [WU_PREFIX_WIN32] = "win32",
        [WU_PREFIX_WIN64] = "win64",
    };
    static const char *const dlls[] = {
        [WU_DLL_NONE] = "none",
        [WU_DLL_OTHER] = "other",
        [WU_DLL_CURRENT] = "installed",
        [WU_DLL_OLD] = "outdated",
    };

    wu_json_set_text(object, "prefix", status->prefix);
    wu_json_set_text(object, "prefix_kind", kinds[status->kind]);
    json_object_set_new(object, "writable", json_boolean(status->writable));
    wu_json_set_text(object, "dll", dlls[status->dll]);
    json_object_set_new(object, "dll_disabled", json_boolean(status->dll_disabled));
    wu_json_set_text(object, "wine", status->wine);
    wu_json_set_text(object, "wine_version", status->wine_version);
    json_object_set_new(object, "can_publish", json_boolean(status->can_publish));
    wu_json_set_integer(object, "wrong_rule", status->wrong_rule);
}

static json_t *object_of(const struct wu_wine_status *status, const struct wu_function *function)
{
    json_t *object = json_object();
    char text[96];

    snprintf(text, sizeof(text), "%u-%s", function->bus, function->port_path);
    wu_json_set_text(object, "device", text);
    snprintf(text, sizeof(text), "%04x:%04x", function->vid, function->pid);
    wu_json_set_text(object, "id", text);
    json_object_set_new(object, "composite", json_boolean(function->composite));
    wu_json_set_integer(object, "first_interface", function->first_interface);
    wu_json_set_text(object, "product", function->product);
    wu_json_set_text(object, "driver", function->driver);
    wu_json_set_text(object, "open_error",
                     function->access == ERROR_SUCCESS ? "" : wu_cli_error_text(function->access));
    json_object_set_new(object, "published",
                        json_boolean(wu_wine_status_is_published(status, function)));
    return object;
}

static void set_functions(json_t *object, const struct wu_wine_status *status)
{
    json_t *array = json_array();

    for (size_t i = 0; i < status->functions.count; i++)
        json_array_append_new(array, object_of(status, &status->functions.functions[i]));
    json_object_set_new(object, "devices", array);
}

static void set_paths(json_t *object, const struct wu_wine_status *status)
{
    json_t *array = json_array();

    for (size_t i = 0; i < status->links.count; i++) {
        const char *name = status->links.links[i].name;
        json_t *path = json_object();
        char text[WU_LINK_SIZE + 4];

        snprintf(text, sizeof(text), "\\\\?\\%s", name);
        wu_json_set_text(path, "path", text);
        json_object_set_new(path, "present", json_boolean(wu_wine_status_is_present(status, name)));
        json_array_append_new(array, path);
    }
    json_object_set_new(object, "published", array);
}

bool wu_wine_status_json(const struct wu_wine_status *status)
{
    json_t *object = json_object();
    int error;

    set_prefix(object, status);
    set_functions(object, status);
    set_paths(object, status);
    error = json_dumpf(object, stdout, JSON_INDENT(2));
    json_decref(object);
    putchar('\n');
    return error == 0;
}
