/*
 * Tells of what size it is and which Wine runs it; then waits for a file to appear, while somebody
 * looks at it from outside.
 *
 *     sizes.exe FILE
 */
#include <windows.h>

#include <stdio.h>

enum { PAUSE = 50 /* [ms] */, PATIENCE = 120000 /* [ms] */ };

static const char *wine_version(void)
{
    const FARPROC address = GetProcAddress(GetModuleHandleA("ntdll.dll"), "wine_get_version");
    const char *(*ask)(void) = (const char *(*)(void))(void *)address;

    return ask ? ask() : "none";
}

static BOOL await(const char *file)
{
    for (DWORD waited = 0; waited < PATIENCE; waited += PAUSE) {
        if (GetFileAttributesA(file) != INVALID_FILE_ATTRIBUTES)
            return TRUE;
        Sleep(PAUSE);
    }
    return FALSE;
}

int main(int argc, char **argv)
{
    BOOL below = FALSE; /* a 32-bit program where there are 64-bit ones */

    if (argc != 2)
        return 2;
    IsWow64Process(GetCurrentProcess(), &below);
    printf("%u bits, %s, Wine %s\n", (unsigned)(8 * sizeof(void *)),
           below ? "beside 64-bit programs" : "of the system's size", wine_version());
    fflush(stdout);
    return await(argv[1]) ? 0 : 1;
}
