/* `winusb wine status --json` */
#include <stdio.h>

#include "cli/json_set.h"
#include "cli/wine_status.h"

static const char *const dlls[] = {
    [WU_THERE_NOTHING] = "none", [WU_THERE_STUB] = "stub",         [WU_THERE_LINK] = "link",
    [WU_THERE_OTHER] = "other",  [WU_THERE_CURRENT] = "installed", [WU_THERE_OLD] = "outdated",
};

static void set_prefix(json_t *object, const struct wu_wine_status *status)
{
    static const char *const kinds[] = {
        [WU_PREFIX_NONE] = "none",
        [WU_PREFIX_FOREIGN] = "foreign",
        [WU_PREFIX_UNFINISHED] = "unfinished",
        [WU_PREFIX_WIN32] = "win32",
        [WU_PREFIX_WIN64] = "win64",
    };
    static const char *const wows[] = {
        [WU_WOW_UNKNOWN] = "unknown",
        [WU_WOW_OLD] = "old",
        [WU_WOW_NEW] = "new",
        [WU_WOW_NONE] = "none",
    };

    wu_json_set_text(object, "prefix", status->prefix);
    wu_json_set_text(object, "prefix_kind", kinds[status->kind]);
    json_object_set_new(object, "writable", json_boolean(status->writable));
    wu_json_set_text(object, "dll", dlls[wu_wine_status_dll(status)]);
    json_object_set_new(object, "dll_disabled",
                        json_boolean(status->override.way == WU_OVERRIDE_DISABLED));
    wu_json_set_text(object, "override", status->override.value);
    wu_json_set_text(object, "wine", status->has_wine ? status->wine.path : "");
    wu_json_set_text(object, "wine_found_by", status->has_wine ? status->wine.why : "");
    wu_json_set_text(object, "wow64", wows[status->wine.wow]);
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

static void set_hubs(json_t *object, const struct wu_wine_status *status)
{
    static const char *const why_not[] = {
        [WU_WINE_HUBS_PUBLISHED] = "",  [WU_WINE_HUBS_NOT_YET] = "not yet",
        [WU_WINE_HUBS_HIDDEN] = "rule", [WU_WINE_HUBS_FOREIGN] = "foreign",
        [WU_WINE_HUBS_NONE] = "none",
    };

    json_object_set_new(object, "hubs_published",
                        json_boolean(status->hubs_are == WU_WINE_HUBS_PUBLISHED));
    wu_json_set_text(object, "hubs_why_not", why_not[status->hubs_are]);
}

static void set_programs(json_t *object, const struct wu_wine_status *status)
{
    json_t *array = json_array();

    for (int i = 0; i < 2; i++) {
        const struct wu_serving *serving = &status->serving[i];
        json_t *programs = json_object();

        wu_json_set_integer(programs, "bits", i == 0 ? 64 : 32);
        json_object_set_new(programs, "served", json_boolean(serving->served));
        wu_json_set_text(programs, "why_not", serving->why);
        wu_json_set_text(programs, "dll", dlls[serving->there]);
        wu_json_set_text(programs, "version", serving->version);
        json_array_append_new(array, programs);
    }
    json_object_set_new(object, "programs", array);
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
    set_programs(object, status);
    set_functions(object, status);
    set_hubs(object, status);
    set_paths(object, status);
    error = json_dumpf(object, stdout, JSON_INDENT(2));
    json_decref(object);
    putchar('\n');
    return error == 0;
}
