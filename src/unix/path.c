#include "unix/path.h"

#include <string.h>

#include "unix/config_dir.h"

enum { LONGEST = 4096 };

/* Of Wine's kernel32: gives the path for Linux, on the process heap. */
typedef char *(__cdecl *unix_name)(const WCHAR *path);

bool wu_unix_path(const WCHAR *name, char *path, size_t size)
{
    const HMODULE module = GetModuleHandleA("kernel32.dll");
    const unix_name unix_name_of =
        module ? (unix_name)(void *)GetProcAddress(module, "wine_get_unix_file_name") : NULL;
    char *found = unix_name_of ? unix_name_of(name) : NULL;
    const bool fits = found && strlen(found) < size;

    if (fits)
        strcpy(path, found);
    HeapFree(GetProcessHeap(), 0, found);
    return fits;
}

bool wu_unix_prefix(WCHAR *folder, size_t size)
{
    WCHAR text[LONGEST];
    const DWORD length = GetEnvironmentVariableW(L"WINECONFIGDIR", text, LONGEST);

    return length > 0 && length < LONGEST && wu_config_dir_path(text, folder, size);
}
