#include "service.h"

bool service_await(DWORD patience)
{
    const DWORD start = GetTickCount();

    while (!WaitNamedPipeW(L"\\\\.\\pipe\\wine_plugplay", 1000)) {
        if (GetTickCount() - start > patience)
            return false;
        Sleep(100);
    }
    return true;
}
