/* What happens when a program loads the DLL. */
#include <windows.h>

#include "host/host.h"
#include "host/win32/module.h"
#include "unix/gate.h"
#include "wine/cfgmgr.h"
#include "wine/file.h"
#include "wine/here.h"
#include "wine/overlapped.h"
#include "wine/stamp.h"

BOOL WINAPI DllMain(HINSTANCE self, DWORD reason, void *reserved);

BOOL WINAPI DllMain(HINSTANCE self, DWORD reason, void *reserved)
{
    UNREFERENCED_PARAMETER(reserved);
    if (reason != DLL_PROCESS_ATTACH)
        return TRUE;

    DisableThreadLibraryCalls(self);
    wu_module_pin(); /* system calls pass through it, and threads of its may be running */
    wu_unix_open();  /* now, as system calls that pass through it must load nothing */
    wu_log(WU_LOG_INFO, WU_STAMP WINUSB_VERSION);
    wu_cfgmgr_complete();
    wu_file_watch();
    wu_overlapped_complete();
    wu_publish_on_load();
    return TRUE;
}
