/* `winusb wine status` as text: what there is, then what to do about what stands in the way. */
#include <stdio.h>

#include "cli/advice.h"
#include "cli/plain.h"
#include "cli/table.h"
#include "cli/wine_parts.h"
#include "cli/wine_status.h"
#include "wine/prefix.h"

enum { COLUMNS = 4 };

static void print_serving(const struct wu_wine_status *status, int i, const char *bits)
{
    const struct wu_serving *serving = &status->serving[i];
    const char *space = serving->version[0] != '\0' ? " " : "";

    if (serving->served)
        wu_plain_line(stdout, "  %s    yes, programs get ours%s%s", bits, space, serving->version);
    else if (serving->why[0] != '\0')
        wu_plain_line(stdout, "  %s    no: %s", bits, serving->why);
}

static void print_hubs(const struct wu_wine_status *status)
{
    static const char *const words[] = {
        [WU_WINE_HUBS_PUBLISHED] = "published",
        [WU_WINE_HUBS_NOT_YET] = "not published yet",
        [WU_WINE_HUBS_HIDDEN] = "not published, by a rule",
        [WU_WINE_HUBS_FOREIGN] = "not published: this Wine has its own",
    };

    if (status->hubs_are != WU_WINE_HUBS_NONE)
        printf("hubs        %s\n", words[status->hubs_are]);
}

static void print_facts(const struct wu_wine_status *status)
{
    static const char *const kinds[] = {
        [WU_PREFIX_NONE] = "no Wine prefix",
        [WU_PREFIX_FOREIGN] = "somebody else's",
        [WU_PREFIX_UNFINISHED] = "not finished",
        [WU_PREFIX_WIN32] = "32-bit",
        [WU_PREFIX_WIN64] = "64-bit",
    };
    static const char *const dlls[] = {
        [WU_THERE_NOTHING] = "not installed",
        [WU_THERE_STUB] = "not installed; Wine's own is there",
        [WU_THERE_LINK] = "not installed; a link is there, as a rule to Wine's own",
        [WU_THERE_OTHER] = "not installed; another one is there",
        [WU_THERE_CURRENT] = "installed",
        [WU_THERE_OLD] = "installed, but not this version",
    };
    static const char *const wows[] = {
        [WU_WOW_UNKNOWN] = "",
        [WU_WOW_OLD] = ", old WoW64",
        [WU_WOW_NEW] = ", new WoW64",
        [WU_WOW_NONE] = ", 64-bit programs alone",
    };

    wu_plain_line(stdout, "prefix      %s (%s)", status->prefix, kinds[status->kind]);
    wu_plain_line(stdout, "wine        %s (%s%s)", status->has_wine ? status->wine.path : "-",
                  status->wine_version[0] ? status->wine_version : "not found, or does not run",
                  wows[status->wine.wow]);
    if (status->has_wine)
        printf("            %s\n", status->wine.why);
    printf("winusb.dll  %s\n", dlls[wu_wine_status_dll(status)]);
    print_serving(status, 0, "64-bit");
    print_serving(status, 1, "32-bit");
    if (status->wrong_rule == 0)
        printf("rules       %zu\n", status->rules.count);
    printf("published   %zu interface%s\n", status->links.count,
           status->links.count == 1 ? "" : "s");
    print_hubs(status);
}

static void add_row(struct wu_table *table,
                    const struct wu_wine_status *status,
                    const struct wu_function *function)
{
    char why[96];

    if (function->composite)
        wu_table_add(table, "%u-%s mi_%02x", function->bus, function->port_path,
                     function->first_interface);
    else
        wu_table_add(table, "%u-%s", function->bus, function->port_path);
    wu_table_add(table, "%04x:%04x", function->vid, function->pid);
    wu_wine_status_why(status, function, why, sizeof(why));
    wu_table_add(table, "%s", why);
    wu_table_add(table, "%s", function->product);
}

static bool print_functions(const struct wu_wine_status *status)
{
    static const char *const heads[COLUMNS] = { "DEVICE", "ID", "PUBLISHED", "NAME" };
    struct wu_table table;
    bool complete;

    wu_table_init(&table, COLUMNS);
    for (int i = 0; i < COLUMNS; i++)
        wu_table_add(&table, "%s", heads[i]);
    for (size_t i = 0; i < status->functions.count; i++)
        add_row(&table, status, &status->functions.functions[i]);

    putchar('\n');
    wu_table_print(&table, stdout);
    complete = !table.failed;
    wu_table_free(&table);
    return complete;
}

static void print_absent(const struct wu_wine_status *status)
{
    for (size_t i = 0; i < status->links.count; i++)
        if (!wu_wine_status_is_present(status, status->links.links[i].name))
            wu_plain_line(stdout, "published, but not plugged in: \\\\?\\%s",
                          status->links.links[i].name);
}

/* --- Advice ---------------------------------------------------------------------------------- */

/* Advice that names the prefix. */
static void advise(const char *format, ...)
{
    va_list arguments;

    putchar('\n');
    va_start(arguments, format);
    wu_plain_line_of(stdout, format, arguments);
    va_end(arguments);
}

/* What an override stops that 'install' does not change is there already. */
static bool is_to_be_installed(const struct wu_wine_status *status)
{
    const struct wu_serving *serving = &status->serving[status->kind == WU_PREFIX_WIN32];
    const bool stopped =
        status->override.way == WU_OVERRIDE_DISABLED ||
        (status->override.way == WU_OVERRIDE_BUILTIN && status->override.by_environment);

    return !serving->served && !(wu_there_is_ours(serving->there) && stopped);
}

static void advise_on_override(const struct wu_override *override)
{
    if (override->way == WU_OVERRIDE_DISABLED)
        printf("\n* winusb is disabled by an override: remove it, in winecfg under Libraries or "
               "from WINEDLLOVERRIDES.\n");
    else if (override->way == WU_OVERRIDE_BUILTIN && override->by_environment)
        printf("\n* WINEDLLOVERRIDES has Wine load its own winusb.dll: remove winusb from it.\n");
    if (override->program[0] != '\0')
        advise("* %s has an override of its own, by which it does not get ours: remove it, in "
               "winecfg under Applications and Libraries.",
               override->program);
}

static void advise_on_prefix(const struct wu_wine_status *status)
{
    char why[WU_WINE_WHY_SIZE];

    wu_wine_prefix_why(status->prefix, status->kind, why);
    if (*why != '\0')
        advise("* %s", why);
    else if (!status->writable)
        advise("* This user may not write to %s; act as the user it belongs to.", status->prefix);
    else if (is_to_be_installed(status))
        advise("* Programs do not load our winusb.dll yet: winusb wine install%s", status->option);
    else if (wu_wine_status_is_old(status))
        advise("* Another version of winusb.dll is installed: winusb wine install%s",
               status->option);
    advise_on_override(&status->override);
    if (status->wrong_rule != 0)
        advise("* Line %u of %s/" WU_PREFIX_RULES " is no rule: edit it, or remove the file.",
               status->wrong_rule, status->prefix);
}

static void advise_on_wine(const struct wu_wine_status *status)
{
    if (!status->has_wine)
        printf("\n* Wine is missing: install it, or name its program: --wine /path/to/wine\n");
    if (!status->can_publish)
        printf("\n* This winusb was built without its part for Wine.\n");
}

static void advise_on_functions(const struct wu_wine_status *status)
{
    bool waits = status->hubs_are == WU_WINE_HUBS_NOT_YET, driven = false;

    for (size_t i = 0; i < status->functions.count; i++) {
        const struct wu_function *function = &status->functions.functions[i];
        struct wu_guids guids;
        const bool wanted = wu_rules_want(&status->rules, function, &guids);

        waits |= wanted && !wu_wine_status_is_published(status, function);
        driven |= !wanted && function->access == ERROR_SUCCESS && function->driver[0] != '\0';
    }
    if (waits)
        advise("* To publish what is not yet: winusb wine publish%s", status->option);
    if (driven)
        advise("* What a driver of the kernel's has is published when it is named: winusb wine "
               "publish DEVICE%s",
               status->option);
}

/* The words go to stderr, as with the other commands. */
static void advise_on_access(const struct wu_wine_status *status)
{
    for (size_t i = 0; i < status->functions.count; i++) {
        const struct wu_inventory_item item = { .function = status->functions.functions[i] };
        const struct wu_function *before = i > 0 ? &status->functions.functions[i - 1] : NULL;

        if (item.function.access != ERROR_SUCCESS && (!before || before->bus != item.function.bus ||
                                                      before->address != item.function.address)) {
            fflush(stdout);
            wu_advise_on_open(&item, item.function.access);
        }
    }
}

bool wu_wine_status_text(const struct wu_wine_status *status)
{
    bool complete = true;

    print_facts(status);
    if (status->functions.count > 0)
        complete = print_functions(status);
    else
        printf("\nNo USB device is plugged in.\n");
    print_absent(status);
    advise_on_prefix(status);
    advise_on_wine(status);
    advise_on_functions(status);
    advise_on_access(status);
    return complete;
}
