/*
 * winusb-wine.exe: brings the Wine prefix in which it runs in step with the USB devices, and tells
 * the programs there. With an argument it changes how winusb.dll gets loaded instead: `override`
 * sets the override and the class installers, `restore` puts back what was there before. The tool
 * `winusb wine` starts it and passes on what it says: changes on stdout, one a line; failures on
 * stderr.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#include "unix/gate.h"
#include "wine/here.h"
#include "wine/installer_set.h"
#include "wine/links.h"
#include "wine/notify.h"
#include "wine/override.h"
#include "wine/override_set.h"
#include "wine/sync.h"

enum { PATIENCE = 10000 /* [ms] */ };

static struct wu_links arrived, gone;

static void tell(enum wu_sync_event event, const char *name, const char *why)
{
    if (event == WU_SYNC_FAILED) {
        fprintf(stderr, "winusb: %s: %s\n", name, why);
        return;
    }

    printf("%s \\\\?\\%s\n", event == WU_SYNC_PUBLISHED ? "published" : "withdrawn", name);
    if (!wu_links_add(event == WU_SYNC_PUBLISHED ? &arrived : &gone, name))
        fprintf(stderr, "winusb: programs do not hear of %s: there is not enough memory\n", name);
}

static bool notify_of(const struct wu_links *links, bool have_arrived)
{
    for (size_t i = 0; i < links->count; i++) {
        const DWORD error = wu_notify(links->links[i].name, have_arrived);

        if (error == RPC_S_SERVER_UNAVAILABLE)
            return true;
        if (error != ERROR_SUCCESS) {
            fprintf(stderr, "winusb: programs do not hear of it: error %lu\n",
                    (unsigned long)error);
            return false;
        }
    }
    return true;
}

static int sync(void)
{
    char prefix[WU_PREFIX_PATH_SIZE];
    bool done;

    if (wu_unix_open() != ERROR_SUCCESS)
        return 1; /* the log says why */
    if (!wu_prefix_here(prefix, sizeof(prefix))) {
        fputs("winusb: Wine does not tell where its prefix is\n", stderr);
        return 1;
    }

    done = wu_sync(prefix, PATIENCE, tell);
    done = notify_of(&gone, false) && done;
    done = notify_of(&arrived, true) && done;
    if (gone.count + arrived.count > 0)
        wu_notify_all();
    wu_links_free(&gone);
    wu_links_free(&arrived);
    return fflush(stdout) == 0 && done ? 0 : 1;
}

/* Without the override, what class installers load is Wine's own. */
static DWORD set_all(bool *changed_out)
{
    DWORD error = wu_override_set(changed_out);

    if (error == ERROR_SUCCESS)
        error = wu_installer_set();
    if (error != ERROR_SUCCESS)
        wu_installer_restore();
    return error;
}

static DWORD restore_all(bool *changed_out)
{
    const DWORD error = wu_override_restore(changed_out);

    return error == ERROR_SUCCESS ? wu_installer_restore() : error;
}

static int change_override(const char *wish)
{
    const bool wanted = strcmp(wish, "override") == 0;
    bool changed;
    const DWORD error = wanted ? set_all(&changed) : restore_all(&changed);

    if (error != ERROR_SUCCESS) {
        fprintf(stderr, "winusb: the registry does not take the override: error %lu\n",
                (unsigned long)error);
        return 1;
    }
    if (changed)
        puts(wanted ? "set the override winusb=" WU_OVERRIDE
                    : "took back the override winusb=" WU_OVERRIDE);
    return fflush(stdout) == 0 ? 0 : 1;
}

int main(int count, char **arguments)
{
    if (!getenv("WINUSB_LOG"))
        putenv("WINUSB_LOG=error"); /* the tool passes on what keeps this program from its work */
    return count > 1 ? change_override(arguments[1]) : sync();
}
