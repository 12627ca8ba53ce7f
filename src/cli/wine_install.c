/* The commands `winusb wine install` and `uninstall`. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/interrupt.h"
#include "cli/plain.h"
#include "cli/wine_parts.h"
#include "wine/choice.h"
#include "wine/install.h"
#include "wine/links.h"
#include "wine/override.h"
#include "wine/prefix.h"
#include "wine/rules.h"

/* --- What is said of it ---------------------------------------------------------------------- */

static const char *name_of(enum wu_place place)
{
    return strrchr(wu_place_path(place), '/') + 1;
}

static bool is_dll(enum wu_place place)
{
    return place == WU_PLACE_SYSTEM32 || place == WU_PLACE_SYSWOW64;
}

/* Of a Linux library one says only that it has changed. */
static void tell_place(const char *prefix, enum wu_place place, enum wu_there before)
{
    static const char *const texts[] = {
        [WU_THERE_NOTHING] = "installed %s",
        [WU_THERE_STUB] = "installed %s; the one that was there is kept",
        [WU_THERE_LINK] = "installed %s; the link that was there is kept",
        [WU_THERE_OTHER] = "installed %s; the one that was there is kept",
        [WU_THERE_CURRENT] = "%s is installed already",
        [WU_THERE_OLD] = "installed %s in place of an earlier one of ours",
    };
    char text[128];

    if (!is_dll(place) && before == WU_THERE_CURRENT)
        return;
    snprintf(text, sizeof(text), texts[before], name_of(place));
    wu_plain_line(stdout, "%s: %s/%s", text, prefix, wu_place_path(place));
}

static void tell_installed(const char *prefix,
                           const struct wu_choice *choice,
                           const enum wu_there before[WU_PLACES])
{
    for (int i = 0; i < WU_PLACES; i++)
        if (choice->plan.source[i][0] != '\0')
            tell_place(prefix, (enum wu_place)i, before[i]);
    if (!wu_prefix_is_executable(prefix))
        wu_cli_complain("programs are not served: %s is mounted noexec, so that nothing for Linux "
                        "is loaded from there",
                        prefix);
    if (choice->missing)
        wu_cli_complain("32-bit programs are not served: there is no %s to install",
                        choice->missing);
}

static void tell_failed(const char *prefix, const struct wu_install *install, const char *verb)
{
    const char *name = install->failed < WU_PLACES ? name_of(install->failed) : "winusb.dll";
    const char *reason = errno == ENOEXEC ? "it is none of ours" : wu_wine_reason(errno);

    wu_cli_complain("cannot %s %s in %s: %s; nothing has changed", verb, name, prefix, reason);
}

/* --- Installing ------------------------------------------------------------------------------ */

static bool change_override(const struct wu_wine_settings *settings, bool needed)
{
    const char *prefix = settings->prefix;
    const bool noted = wu_override_is_noted(prefix);

    if (!needed && !noted)
        return true;
    if (needed && !wu_override_note(prefix)) {
        wu_cli_complain("cannot write to %s: %s", prefix, wu_wine_reason(errno));
        return false;
    }
    if (!wu_wine_set_override(settings, needed)) {
        if (!noted && !wu_interrupted())
            wu_override_forget(prefix);
        return false;
    }
    return needed ? wu_override_note(prefix) : wu_override_forget(prefix);
}

static enum wu_cli_exit install(const struct wu_wine_settings *settings,
                                const struct wu_choice *choice)
{
    struct wu_install change;

    if (!wu_install_begin(settings->prefix, &choice->plan, &change)) {
        tell_failed(settings->prefix, &change, "install");
        return WU_CLI_FAILED;
    }

    if (!change_override(settings, true)) {
        wu_install_undo(&change);
        wu_cli_complain("nothing is installed that was not before");
        return WU_CLI_FAILED;
    }

    wu_install_keep(&change);
    tell_installed(settings->prefix, choice, change.before);
    return WU_CLI_OK;
}

/* Which Wine it is matters for the choice, and to set the override. */
enum wu_cli_exit wu_wine_install(const struct wu_wine_settings *settings)
{
    static struct wu_choice choice;
    struct wu_loader loader;
    enum wu_prefix_kind kind;

    if (!wu_wine_check_prefix(settings->prefix))
        return WU_CLI_FAILED;

    kind = wu_prefix_kind(settings->prefix);
    wu_loader_find(settings->prefix, kind, settings->wine, &loader);
    wu_choose(wu_wine_files(), settings->prefix, kind, loader.wow, &choice);
    if (!choice.serves) {
        wu_cli_complain("there is no %s to install: this winusb was built without it",
                        choice.missing);
        return WU_CLI_FAILED;
    }

    wu_interrupts_hold();
    return install(settings, &choice);
}

/* --- Uninstalling ---------------------------------------------------------------------------- */

static DWORD hide_all(struct wu_rules *rules, const void *unused)
{
    struct wu_rule rule = { .hide = true, .device = "*", .part = WU_ANY_PART };

    (void)unused;
    return wu_rules_add(rules, &(struct wu_rules){ &rule, 1 });
}

static bool has_links(const char *prefix)
{
    struct wu_links links;
    bool some;

    if (!wu_links_get(prefix, &links))
        return true; /* trying to withdraw them tells why */

    some = links.count > 0;
    wu_links_free(&links);
    return some;
}

/* The registry is Wine's to write. */
static bool withdraw_all(const struct wu_wine_settings *settings)
{
    const char *prefix = settings->prefix;
    unsigned changes;

    if (!has_links(prefix))
        return true;
    if (!wu_wine_change_rules(prefix, hide_all, NULL) || !wu_wine_sync(settings, &changes))
        return false;
    if (!has_links(prefix))
        return true;

    wu_cli_complain("somebody else goes on publishing devices in %s", prefix);
    return false;
}

static bool take_out(const struct wu_wine_settings *settings)
{
    static const struct wu_plan nothing;
    struct wu_install change;

    if (!wu_install_begin(settings->prefix, &nothing, &change)) {
        tell_failed(settings->prefix, &change, "uninstall");
        return false;
    }
    if (!change_override(settings, false)) {
        wu_install_undo(&change);
        return false;
    }

    wu_install_keep(&change);
    if (wu_prefix_remove_folder(settings->prefix))
        return true;
    wu_cli_complain("cannot remove %s/winusb: %s", settings->prefix, wu_wine_reason(errno));
    return false;
}

static void tell_removed(const char *prefix, enum wu_place place)
{
    const bool back = wu_there(prefix, place, NULL) != WU_THERE_NOTHING;

    wu_plain_line(stdout, "removed winusb.dll%s: %s/%s",
                  back ? "; the one that was there before is back" : "", prefix,
                  wu_place_path(place));
}

enum wu_cli_exit wu_wine_uninstall(const struct wu_wine_settings *settings)
{
    const char *prefix = settings->prefix;
    bool ours[WU_PLACES], some = false;

    if (!wu_wine_check_prefix(prefix))
        return WU_CLI_FAILED;

    wu_interrupts_hold();
    for (int i = 0; i < WU_PLACES; i++)
        ours[i] =
            is_dll((enum wu_place)i) && wu_there_is_ours(wu_there(prefix, (enum wu_place)i, NULL));
    if (!withdraw_all(settings) || !take_out(settings))
        return WU_CLI_FAILED;

    for (int i = 0; i < WU_PLACES; i++)
        if (ours[i]) {
            tell_removed(prefix, (enum wu_place)i);
            some = true;
        }
    if (!some)
        puts("winusb.dll is not installed");
    return WU_CLI_OK;
}
