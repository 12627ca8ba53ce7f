/*
 * Makes a window, and says so; keeps it until it is killed.
 *
 * With the first window Wine starts its desktop and waits ten seconds for it, which is not enough
 * on an emulated machine: the window is not made then. Programs that want one and give up come
 * later.
 */
#include <windows.h>

#include <stdio.h>

enum { ATTEMPTS = 20 };

int main(void)
{
    HWND window = NULL;

    for (int i = 0; i < ATTEMPTS && !window; i++)
        window = CreateWindowA("STATIC", "lab", WS_OVERLAPPED, 0, 0, 1, 1, NULL, NULL, NULL, NULL);
    if (!window) {
        fprintf(stderr, "desktop: no window: error %lu\n", GetLastError());
        return 1;
    }
    puts("desktop: there is one");
    fflush(stdout);
    Sleep(INFINITE);
    return 0;
}
