/* What happens when a program loads the DLL. */
#include <windows.h>

#include "host/host.h"

BOOL WINAPI DllMain(HINSTANCE self, DWORD reason, void *reserved);

BOOL WINAPI DllMain(HINSTANCE self, DWORD reason, void *reserved)
{
    UNREFERENCED_PARAMETER(reserved);
    if (reason != DLL_PROCESS_ATTACH)
        return TRUE;

    DisableThreadLibraryCalls(self);
    wu_log(WU_LOG_INFO, "this is OpenWinUSB " WINUSB_VERSION);
    return TRUE;
}
