/* The command `winusb wine status`: finding out. */
#include "cli/wine_status.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/wine_parts.h"
#include "wine/choice.h"
#include "wine/foreign.h"
#include "wine/prefix.h"

/* --- Wine ------------------------------------------------------------------------------------ */

static void take_version(void *user, const char *line, bool is_error)
{
    struct wu_wine_status *status = user;

    if (!is_error && status->wine_version[0] == '\0')
        snprintf(status->wine_version, sizeof(status->wine_version), "%s", line);
}

static void look_for_wine(const char *wish, struct wu_wine_status *status)
{
    char version[] = "--version";
    char *arguments[] = { status->wine.path, version, NULL };

    status->can_publish = wu_choose_program(wu_wine_files(), status->kind) != NULL;
    status->has_wine = wu_loader_find(status->prefix, status->kind, wish, &status->wine);
    if (status->has_wine)
        wu_wine_run(arguments, take_version, status);
}

/* --- The prefix ------------------------------------------------------------------------------ */

static void look_at_rules(struct wu_wine_status *status)
{
    char *text = wu_prefix_read(status->prefix, WU_PREFIX_RULES);
    unsigned line = 1;

    if (!text || wu_rules_parse(text, &status->rules, &line) != ERROR_SUCCESS)
        status->wrong_rule = line;
    free(text);
}

static void look_at_files(struct wu_wine_status *status)
{
    static struct wu_choice choice;
    struct wu_serving_facts facts = {
        .prefix = status->prefix,
        .kind = status->kind,
        .wow = status->wine.wow,
        .plan = &choice.plan,
    };

    wu_choose(wu_wine_files(), status->prefix, status->kind, status->wine.wow, &choice);
    wu_override_get(status->prefix, getenv("WINEDLLOVERRIDES"), &facts.override);
    status->override = facts.override;
    for (int i = 0; i < 2; i++)
        wu_serving_get(&facts, i == 0 ? 64 : 32, &status->serving[i]);
}

static bool has_published_hub(const struct wu_wine_status *status)
{
    for (size_t i = 0; i < status->links.count; i++)
        if (wu_link_hub(&status->hubs, status->links.links[i].name))
            return true;

    return false;
}

static enum wu_wine_hubs find_hubs(const struct wu_wine_status *status)
{
    if (has_published_hub(status))
        return WU_WINE_HUBS_PUBLISHED;
    if (status->hubs.count == 0)
        return WU_WINE_HUBS_NONE;
    if (!wu_rules_want_hubs(&status->rules))
        return WU_WINE_HUBS_HIDDEN;
    return wu_foreign_has_hubs(status->prefix) ? WU_WINE_HUBS_FOREIGN : WU_WINE_HUBS_NOT_YET;
}

static void look_at_prefix(struct wu_wine_status *status)
{
    if (status->kind != WU_PREFIX_WIN32 && status->kind != WU_PREFIX_WIN64)
        return;

    status->writable = wu_prefix_is_writable(status->prefix);
    look_at_files(status);
    look_at_rules(status);
    if (!wu_links_get(status->prefix, &status->links))
        status->links = (struct wu_links){ 0 };
    status->hubs_are = find_hubs(status);
}

enum wu_there wu_wine_status_dll(const struct wu_wine_status *status)
{
    return status->serving[status->kind == WU_PREFIX_WIN32].there;
}

bool wu_wine_status_is_old(const struct wu_wine_status *status)
{
    return status->serving[0].there == WU_THERE_OLD || status->serving[1].there == WU_THERE_OLD;
}

/* --- Devices --------------------------------------------------------------------------------- */

bool wu_wine_status_is_published(const struct wu_wine_status *status,
                                 const struct wu_function *function)
{
    char name[WU_LINK_SIZE];

    wu_link_name(function, &wu_guid_usb_device, name);
    wu_link_device(name, name);
    return wu_links_have_device(&status->links, name);
}

bool wu_wine_status_is_present(const struct wu_wine_status *status, const char *name)
{
    return wu_link_function(&status->functions, name) || wu_link_part(&status->functions, name) ||
           wu_link_hub(&status->hubs, name);
}

void wu_wine_status_why(const struct wu_wine_status *status,
                        const struct wu_function *function,
                        char *why,
                        size_t size)
{
    struct wu_guids guids;
    const bool wanted = wu_rules_want(&status->rules, function, &guids);

    if (wu_wine_status_is_published(status, function))
        snprintf(why, size, "yes%s", wanted ? "" : ", until the next 'publish'");
    else if (wanted)
        snprintf(why, size, "not yet");
    else if (function->access != ERROR_SUCCESS)
        snprintf(why, size, "no: %s", wu_cli_error_text(function->access));
    else if (function->driver[0] != '\0')
        snprintf(why, size, "no: %s has it", function->driver);
    else
        snprintf(why, size, "no: by a rule");
}

/* --- The command ----------------------------------------------------------------------------- */

enum wu_cli_exit wu_wine_status(const struct wu_wine_settings *settings)
{
    struct wu_wine_status status = { .prefix = settings->prefix, .hubs_are = WU_WINE_HUBS_NONE };
    DWORD error = wu_function_list_get(&status.functions);
    bool told;

    if (error != ERROR_SUCCESS)
        return wu_cli_fail(error, "cannot list the devices");
    error = wu_hub_list_get(&status.hubs);
    if (error != ERROR_SUCCESS) {
        wu_function_list_free(&status.functions);
        return wu_cli_fail(error, "cannot list the hubs");
    }

    wu_wine_prefix_option(settings, status.option);
    status.kind = wu_prefix_kind(status.prefix);
    look_for_wine(settings->wine, &status);
    look_at_prefix(&status);
    told = settings->json ? wu_wine_status_json(&status) : wu_wine_status_text(&status);
    wu_links_free(&status.links);
    wu_rules_free(&status.rules);
    wu_function_list_free(&status.functions);
    wu_hub_list_free(&status.hubs);
    if (!told)
        wu_cli_complain("cannot write it all");
    return told ? WU_CLI_OK : WU_CLI_FAILED;
}
