/*
 * Prints how long the DLL takes to load [ms], and nothing else: devices are published meanwhile.
 */
#include <stdio.h>
#include <windows.h>

static LONGLONG now(void)
{
    LARGE_INTEGER ticks;

    QueryPerformanceCounter(&ticks);
    return ticks.QuadPart;
}

int main(void)
{
    LARGE_INTEGER frequency; /* [ticks/s] */
    const LONGLONG before = now();
    const HMODULE module = LoadLibraryW(L"winusb.dll");
    const LONGLONG after = now();

    if (!module) {
        fprintf(stderr, "winusb.dll does not load: error %lu\n", GetLastError());
        return 1;
    }
    QueryPerformanceFrequency(&frequency);
    printf("%lld\n", (after - before) * 1000 / frequency.QuadPart);
    return 0;
}
