#include "wine/here.h"

#include <string.h>
#include <windows.h>

#include "host/host.h"
#include "unix/gate.h"
#include "unix/path.h"
#include "wine/sync.h"

enum { PATIENCE = 2000 /* [ms] */ };

/* Wine's loader tells where the prefix is. */
static bool prefix_as_told(char *path, size_t size)
{
    WCHAR folder[WU_PREFIX_PATH_SIZE];

    return wu_unix_prefix(folder, WU_PREFIX_PATH_SIZE) && wu_unix_path(folder, path, size);
}

/* Drives are links in the prefix; from Wine 10.13 on, what they lead to takes their place. */
static bool prefix_of_drive(char *path, size_t size)
{
    char *const end = wu_unix_path(L"C:\\", path, size) ? strstr(path, "/dosdevices/") : NULL;

    if (end)
        *end = '\0';
    return end != NULL;
}

bool wu_prefix_here(char *path, size_t size)
{
    return prefix_as_told(path, size) || prefix_of_drive(path, size);
}

static void tell(enum wu_sync_event event, const char *name, const char *why)
{
    if (event == WU_SYNC_FAILED)
        wu_log(WU_LOG_WARN, "cannot publish: %s: %s", name, why);
    else
        wu_log(WU_LOG_INFO, "%s %s", event == WU_SYNC_PUBLISHED ? "published" : "withdrawn", name);
}

void wu_publish_on_load(void)
{
    const char *wish = wu_host_environment("WINUSB_WINE_PUBLISH");
    char prefix[WU_PREFIX_PATH_SIZE];

    if (!wu_unix_is_open() || (wish && strcmp(wish, "0") == 0))
        return;
    if (wu_prefix_here(prefix, sizeof(prefix)) && wu_sync_is_due(prefix))
        wu_sync(prefix, PATIENCE, tell);
}
