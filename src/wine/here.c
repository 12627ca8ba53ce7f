#include "wine/here.h"

#include <stdio.h>
#include <string.h>
#include <windows.h>

#include "host/host.h"
#include "wine/divert.h"
#include "wine/sync.h"

enum { PATIENCE = 2000 /* [ms] */ };

/* Of Wine's kernel32: wine_get_unix_file_name gives the path for Linux, on the process heap. */
typedef char *(CDECL *get_unix_name)(const WCHAR *path);

bool wu_prefix_here(char *path, size_t size)
{
    const get_unix_name unix_name =
        (get_unix_name)wu_divert_find("kernel32.dll", "wine_get_unix_file_name");
    char *drive = unix_name ? unix_name(L"C:\\") : NULL;
    char *end = drive ? strstr(drive, "/dosdevices/") : NULL;
    int length = -1;

    if (end)
        length = snprintf(path, size, "%.*s", (int)(end - drive), drive);
    HeapFree(GetProcessHeap(), 0, drive);
    return length > 0 && (size_t)length < size;
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

    if (wish && strcmp(wish, "0") == 0)
        return;
    if (wu_prefix_here(prefix, sizeof(prefix)) && wu_sync_is_due(prefix))
        wu_sync(prefix, PATIENCE, tell);
}
