/* A DLL that calls a function as it is detached, as destructors of C++ are when their DLL is. */
#include <windows.h>

static void (*wanted)(void);

__declspec(dllexport) void on_detach(void (*function)(void));

void on_detach(void (*function)(void))
{
    wanted = function;
}

BOOL WINAPI DllMain(HINSTANCE self, DWORD reason, void *reserved);

BOOL WINAPI DllMain(HINSTANCE self, DWORD reason, void *reserved)
{
    UNREFERENCED_PARAMETER(self);
    UNREFERENCED_PARAMETER(reserved);
    if (reason == DLL_PROCESS_DETACH && wanted)
        wanted();
    return TRUE;
}
