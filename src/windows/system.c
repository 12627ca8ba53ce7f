#include "windows/system.h"

#include <stdatomic.h>
#include <string.h>

#include "host/host.h"
#include "host/win32/module.h"

static INIT_ONCE once = INIT_ONCE_STATIC_INIT;
static struct wu_system functions;                   /* written once */
static _Atomic(const struct wu_system *) the_system; /* &functions once they are usable */

/* By its full path, as no other winusb.dll is meant; what it needs is beside it. */
static HMODULE load(void)
{
    static const WCHAR NAME[] = L"\\winusb.dll";
    WCHAR path[MAX_PATH + sizeof(NAME) / sizeof(NAME[0])];
    const UINT length = GetSystemDirectoryW(path, MAX_PATH);

    if (length == 0 || length >= MAX_PATH)
        return NULL;

    memcpy(path + length, NAME, sizeof(NAME));
    return LoadLibraryExW(path, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
}

/* In two steps, of which the compiler knows that they may be any function's. */
#define GET(result, name, parameters, ...) \
    functions.name = (result(WINAPI *) parameters)(void (*)(void))GetProcAddress(module, #name);

static void get_functions(HMODULE module)
{
    WU_FUNCTIONS(GET)
}

static BOOL CALLBACK find(INIT_ONCE *unused, void *nothing, void **none)
{
    const HMODULE module = load();

    UNREFERENCED_PARAMETER(unused);
    UNREFERENCED_PARAMETER(nothing);
    UNREFERENCED_PARAMETER(none);
    if (module && module != wu_module_self())
        get_functions(module);

    if (functions.WinUsb_Initialize && functions.WinUsb_Free)
        atomic_store(&the_system, &functions);
    else
        wu_log(WU_LOG_INFO, module == wu_module_self()
                                ? "System32's winusb.dll is this one: it serves all devices"
                                : "System32 has no winusb.dll to go on to");
    return TRUE;
}

const struct wu_system *wu_system_load(void)
{
    InitOnceExecuteOnce(&once, find, NULL, NULL);
    return wu_system();
}

const struct wu_system *wu_system(void)
{
    return atomic_load(&the_system);
}
