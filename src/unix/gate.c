#include "unix/gate.h"

#include <limits.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>
#include <windows.h>

#include "host/host.h"
#include "host/ntstatus.h"
#include "unix/calls.h"
#include "unix/path.h"
#include "unix/place.h"
#include "unix/way.h"

static wu_unix_dispatcher dispatch;
static _Atomic uint64_t table; /* of the library's functions; 0: it is not there */

/* --- Loading one library --------------------------------------------------------------------- */

/* A library of another version may know other calls. */
static bool is_ours(uint64_t found, const char *path, char *why)
{
    char version[WU_UNIX_VERSION_SIZE] = "";
    uint64_t arguments[WU_UNIX_ARGUMENTS] = { WU_UNIX_VERSION, WU_UNIX_POINTER(version) };
    const LONG status = dispatch(found, 0, arguments);

    if (status != WU_STATUS_SUCCESS)
        snprintf(why, WU_UNIX_WHY_SIZE, "%s does not tell its version: status %08lx", path,
                 (unsigned long)status);
    else if (strcmp(version, WU_UNIX_LIBRARY_VERSION) != 0)
        snprintf(why, WU_UNIX_WHY_SIZE, "%s is of version %s, but %s is expected", path, version,
                 WU_UNIX_LIBRARY_VERSION);
    else
        return true;
    return false;
}

static bool load(const char *path, unsigned bits, char *why)
{
    uint64_t found = 0;
    const LONG status = wu_unix_load_by_wine(path, &found);

    if (status == WU_STATUS_INVALID_INFO_CLASS || status == WU_STATUS_NOT_IMPLEMENTED) {
        if (wu_unix_load_by_code(dispatch, path, bits, &found, why) != ERROR_SUCCESS)
            return false;
    } else if (status != WU_STATUS_SUCCESS) {
        snprintf(why, WU_UNIX_WHY_SIZE, "Wine does not load %s: status %08lx", path,
                 (unsigned long)status);
        return false;
    }

    if (!is_ours(found, path, why))
        return false;
    table = found;
    wu_log(WU_LOG_DEBUG, "the Unix library is %s", path);
    return true;
}

/* --- Looking for it -------------------------------------------------------------------------- */

/* Gives its name for Linux. @return false when there is none in this folder */
static bool find(const WCHAR *folder, unsigned bits, char path[PATH_MAX])
{
    WCHAR name[WU_UNIX_PLACE_SIZE + 16];

    swprintf(name, sizeof(name) / sizeof(*name), L"%ls\\" WU_UNIX_LIBRARY L"-%u.so", folder, bits);
    return GetFileAttributesW(name) != INVALID_FILE_ATTRIBUTES &&
           wu_unix_path(name, path, PATH_MAX);
}

/* The names of folders may have any characters. */
static void say_missing(unsigned bits, const WCHAR *folder)
{
    char name[3 * WU_UNIX_PLACE_SIZE];

    if (WideCharToMultiByte(CP_UTF8, 0, folder, -1, name, sizeof(name), NULL, NULL) > 0)
        wu_log(WU_LOG_ERROR, "there is no " WU_UNIX_LIBRARY "-%u.so in %s", bits, name);
}

static void look_around(unsigned bits)
{
    WCHAR folders[WU_UNIX_PLACES][WU_UNIX_PLACE_SIZE];
    const unsigned count = wu_unix_places(folders);
    char path[PATH_MAX], why[WU_UNIX_WHY_SIZE] = "";

    for (unsigned i = 0; i < count; i++)
        if (find(folders[i], bits, path) && load(path, bits, why))
            return;

    if (why[0] != '\0')
        wu_log(WU_LOG_ERROR, "the Unix library cannot be used: %s", why);
    for (unsigned i = 0; why[0] == '\0' && i < count; i++)
        say_missing(bits, folders[i]);
}

static void open_gate(void)
{
    wu_unix_dispatcher *const place = (wu_unix_dispatcher *)(void *)GetProcAddress(
        GetModuleHandleA("ntdll.dll"), "__wine_unix_call_dispatcher");

    if (!place) {
        wu_log(WU_LOG_ERROR, "ntdll.dll has no __wine_unix_call_dispatcher: "
                             "this is no Wine, or it is older than 8.0");
        return;
    }

    dispatch = *place;
    look_around(wu_unix_bits(dispatch));
}

uint32_t wu_unix_open(void)
{
    static SRWLOCK lock = SRWLOCK_INIT;
    static atomic_bool tried;

    if (!tried) {
        AcquireSRWLockExclusive(&lock);
        if (!tried)
            open_gate();
        tried = true;
        ReleaseSRWLockExclusive(&lock);
    }
    return table != 0 ? ERROR_SUCCESS : ERROR_MOD_NOT_FOUND;
}

bool wu_unix_is_open(void)
{
    return table != 0;
}

uint64_t wu_unix_do(uint64_t otherwise, uint64_t arguments[WU_UNIX_ARGUMENTS])
{
    const bool open = wu_unix_is_open() || wu_unix_open() == ERROR_SUCCESS;

    return open && dispatch(table, 0, arguments) == WU_STATUS_SUCCESS ? arguments[0] : otherwise;
}
