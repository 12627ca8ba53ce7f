/* The official way to a Unix library: Wine loads it, wherever it is. */
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <wchar.h>
#include <windows.h>
#include <winternl.h>

#include "host/ntstatus.h"
#include "unix/way.h"

enum { LOAD_BY_NAME = 1002, ROOT_LENGTH = 8 };

typedef NTSTATUS(WINAPI *query_memory)(HANDLE, const void *, int, void *, SIZE_T, SIZE_T *);

/* "/a/b" is `\??\unix\a\b` to Wine. */
static bool name_for_wine(const char *path, WCHAR *name, int size)
{
    wcscpy(name, L"\\??\\unix");
    if (MultiByteToWideChar(CP_UTF8, 0, path, -1, name + ROOT_LENGTH, size - ROOT_LENGTH) == 0)
        return false;

    for (WCHAR *at = name; *at; at++)
        if (*at == '/')
            *at = '\\';
    return true;
}

/* Earlier Wines complain of a question that they do not know, on the terminal. */
static bool may_know(void)
{
    typedef const char *(__cdecl * version)(void);
    const version version_of =
        (version)(void *)GetProcAddress(GetModuleHandleA("ntdll.dll"), "wine_get_version");

    return !version_of || atoi(version_of()) >= 11;
}

LONG wu_unix_load_by_wine(const char *path, uint64_t *table)
{
    const query_memory query =
        (query_memory)(void *)GetProcAddress(GetModuleHandleA("ntdll.dll"), "NtQueryVirtualMemory");
    WCHAR text[PATH_MAX];
    UNICODE_STRING name;
    uint64_t loaded[2]; /* the library, and its table */
    NTSTATUS status;

    if (!may_know() || !query || !name_for_wine(path, text, PATH_MAX))
        return WU_STATUS_INVALID_INFO_CLASS;

    name.Buffer = text;
    name.Length = (USHORT)(wcslen(text) * sizeof(*text));
    name.MaximumLength = (USHORT)(name.Length + sizeof(*text));
    status = query(GetCurrentProcess(), &name, LOAD_BY_NAME, loaded, sizeof(loaded), NULL);
    if (status == WU_STATUS_SUCCESS)
        *table = loaded[1];
    return status;
}
