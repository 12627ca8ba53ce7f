/* What happens when a program loads the DLL. */
#include <windows.h>

#include "host/host.h"
#include "wine/cfgmgr.h"
#include "wine/file.h"
#include "wine/here.h"
#include "wine/stamp.h"

/* Stays loaded for good: system calls pass through it, and threads of its may be running. */
static void pin(HINSTANCE self)
{
    HMODULE module;

    GetModuleHandleExA(GET_MODULE_HANDLE_EX_FLAG_PIN | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS,
                       (const char *)self, &module);
}

BOOL WINAPI DllMain(HINSTANCE self, DWORD reason, void *reserved);

BOOL WINAPI DllMain(HINSTANCE self, DWORD reason, void *reserved)
{
    UNREFERENCED_PARAMETER(reserved);
    if (reason != DLL_PROCESS_ATTACH)
        return TRUE;

    DisableThreadLibraryCalls(self);
    pin(self);
    wu_log(WU_LOG_INFO, WU_STAMP WINUSB_VERSION);
    wu_cfgmgr_complete();
    wu_file_watch();
    wu_publish_on_load();
    return TRUE;
}
