/*
 * libusb-1.0.dll is loaded when it is first needed: so that ours can be loaded where it is missing,
 * and can say so. The linker's stubs for its functions then find it in the process.
 */
#include "usb/usb_library.h"

#include <stdbool.h>
#include <windows.h>

#include "host/host.h"
#include "host/win32/module.h"

static const WCHAR NAME[] = L"libusb-1.0.dll";

/* Composes the path of libusb beside this DLL. */
static bool path_beside(WCHAR *path, size_t size)
{
    const HMODULE self = wu_module_self();
    DWORD length, folder;

    if (!self)
        return false;

    length = GetModuleFileNameW(self, path, (DWORD)size);
    for (folder = length; folder > 0 && path[folder - 1] != '\\'; folder--)
        ;
    if (length >= size || folder + sizeof(NAME) / sizeof(NAME[0]) > size)
        return false;

    lstrcpyW(path + folder, NAME);
    return true;
}

/* Beside this DLL, with what it needs beside it; or where the program's own DLLs are. */
static HMODULE load(void)
{
    WCHAR path[1024];
    HMODULE module = NULL;

    if (path_beside(path, sizeof(path) / sizeof(path[0])))
        module = LoadLibraryExW(path, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
    return module ? module : LoadLibraryW(NAME);
}

/* Stays loaded for good: its threads may be running. */
uint32_t wu_usb_library_load(void)
{
    static _Atomic bool loaded;

    if (loaded)
        return ERROR_SUCCESS;

    if (!load()) {
        wu_log(WU_LOG_ERROR,
               "libusb-1.0.dll cannot be loaded (error %lu): it has to be beside winusb.dll, for "
               "devices that winusb.sys does not drive",
               GetLastError());
        return ERROR_MOD_NOT_FOUND;
    }

    loaded = true;
    return ERROR_SUCCESS;
}
