#include "unix/place.h"

#include <stdio.h>
#include <string.h>
#include <wchar.h>

#include "host/win32/module.h"

/* The folder of the module that this code is in. */
static bool own_folder(WCHAR folder[WU_UNIX_PLACE_SIZE])
{
    const DWORD length = GetModuleFileNameW(wu_module_self(), folder, WU_UNIX_PLACE_SIZE);
    WCHAR *const end = length > 0 && length < WU_UNIX_PLACE_SIZE ? wcsrchr(folder, '\\') : NULL;

    if (end)
        *end = '\0';
    return end != NULL;
}

/* Wine names its prefix as ntdll has names: `\??\Z:\home\...`, `\??\unix\home\...`. */
static bool prefix_folder(WCHAR folder[WU_UNIX_PLACE_SIZE])
{
    static const WCHAR below[] = L"\\winusb";
    const DWORD room = WU_UNIX_PLACE_SIZE - sizeof(below) / sizeof(*below);
    const DWORD length = GetEnvironmentVariableW(L"WINECONFIGDIR", folder, room);

    if (length == 0 || length >= room || wcsncmp(folder, L"\\??\\", 4) != 0)
        return false;

    folder[1] = '\\'; /* what CreateFile takes */
    wcscat(folder, below);
    return true;
}

unsigned wu_unix_places(WCHAR folders[WU_UNIX_PLACES][WU_UNIX_PLACE_SIZE])
{
    unsigned count = 0;

    count += own_folder(folders[count]);
    count += prefix_folder(folders[count]);
    return count;
}

bool wu_unix_path(const WCHAR *name, char *path, size_t size)
{
    typedef char *(__cdecl * unix_name)(const WCHAR *);
    const unix_name unix_name_of = (unix_name)(void *)GetProcAddress(
        GetModuleHandleA("kernel32.dll"), "wine_get_unix_file_name");
    char *found = unix_name_of ? unix_name_of(name) : NULL;
    const bool fits = found && strlen(found) < size;

    if (fits)
        strcpy(path, found);
    HeapFree(GetProcessHeap(), 0, found);
    return fits;
}
