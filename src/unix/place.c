#include "unix/place.h"

#include <wchar.h>

#include "host/win32/module.h"
#include "unix/path.h"

/* The folder of the module that this code is in. */
static bool own_folder(WCHAR folder[WU_UNIX_PLACE_SIZE])
{
    const DWORD length = GetModuleFileNameW(wu_module_self(), folder, WU_UNIX_PLACE_SIZE);
    WCHAR *const end = length > 0 && length < WU_UNIX_PLACE_SIZE ? wcsrchr(folder, '\\') : NULL;

    if (end)
        *end = '\0';
    return end != NULL;
}

static bool prefix_folder(WCHAR folder[WU_UNIX_PLACE_SIZE])
{
    static const WCHAR below[] = L"\\winusb";
    const size_t room = WU_UNIX_PLACE_SIZE - sizeof(below) / sizeof(*below);
    const bool told = wu_unix_prefix(folder, room);

    if (told)
        wcscat(folder, below);
    return told;
}

static bool folder_around(const WCHAR *own, WCHAR folder[WU_UNIX_PLACE_SIZE])
{
    const WCHAR *const end = wcsrchr(own, '\\');

    if (end)
        swprintf(folder, WU_UNIX_PLACE_SIZE, L"%.*ls", (int)(end - own), own);
    return end != NULL;
}

unsigned wu_unix_places(WCHAR folders[WU_UNIX_PLACES][WU_UNIX_PLACE_SIZE])
{
    unsigned count = 0;

    count += own_folder(folders[count]);
    if (count > 0)
        count += folder_around(folders[0], folders[count]);
    count += prefix_folder(folders[count]);
    return count;
}
