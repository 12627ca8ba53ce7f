/* The commands `winusb wine install` and `uninstall`. */
#include <errno.h>
#include <stdio.h>

#include "cli/plain.h"
#include "cli/wine_parts.h"
#include "wine/install.h"
#include "wine/links.h"
#include "wine/rules.h"

static enum wu_cli_exit tell_installed(const struct wu_wine_settings *settings, enum wu_dll before)
{
    static const char *const texts[] = {
        [WU_DLL_NONE] = "installed winusb.dll",
        [WU_DLL_OTHER] = "installed winusb.dll; the one that was there is kept",
        [WU_DLL_CURRENT] = "winusb.dll is installed already",
        [WU_DLL_OLD] = "installed winusb.dll in place of an earlier one of ours",
    };

    wu_plain_line(stdout, "%s: %s/drive_c/windows/system32/winusb.dll", texts[before],
                  settings->prefix);
    return WU_CLI_OK;
}

enum wu_cli_exit wu_wine_install(const struct wu_wine_settings *settings)
{
    char source[PATH_MAX];
    enum wu_dll before;

    if (!wu_wine_check_prefix(settings->prefix))
        return WU_CLI_FAILED;
    if (!wu_wine_find_file("winusb.dll", source)) {
        wu_cli_complain("there is no winusb.dll: this winusb was built without its part for Wine");
        return WU_CLI_FAILED;
    }

    before = wu_dll_which(settings->prefix, source);
    if (before == WU_DLL_CURRENT || wu_dll_install(settings->prefix, source))
        return tell_installed(settings, before);

    wu_cli_complain("cannot install winusb.dll in %s: %s", settings->prefix, wu_wine_reason(errno));
    return WU_CLI_FAILED;
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
static bool withdraw_all(const char *prefix)
{
    unsigned changes;

    if (!has_links(prefix))
        return true;
    if (!wu_wine_change_rules(prefix, hide_all, NULL) || !wu_wine_sync(prefix, &changes))
        return false;
    if (!has_links(prefix))
        return true;

    wu_cli_complain("somebody else goes on publishing devices in %s", prefix);
    return false;
}

enum wu_cli_exit wu_wine_uninstall(const struct wu_wine_settings *settings)
{
    const enum wu_dll before = wu_dll_which(settings->prefix, NULL);

    if (!wu_wine_check_prefix(settings->prefix) || !withdraw_all(settings->prefix))
        return WU_CLI_FAILED;

    if (!wu_dll_uninstall(settings->prefix) || !wu_prefix_remove_folder(settings->prefix)) {
        wu_cli_complain("cannot uninstall from %s: %s", settings->prefix, wu_wine_reason(errno));
        return WU_CLI_FAILED;
    }

    if (before != WU_DLL_CURRENT)
        puts("winusb.dll is not installed");
    else if (wu_dll_which(settings->prefix, NULL) == WU_DLL_OTHER)
        puts("removed winusb.dll; the one that was there before is back");
    else
        puts("removed winusb.dll");
    return WU_CLI_OK;
}
