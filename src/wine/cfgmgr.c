#include "wine/cfgmgr.h"

#include "wine/cfgmgr_parts.h"

#include <stdint.h>

#include "devices/config_ret.h"

#define ENTRY(result, function_name, parameters) \
    { .name = #function_name, .function = (const void *)(uintptr_t)wu_##function_name },

struct wu_stand_in wu_cfgmgr_functions[WU_CFGMGR_COUNT] = { WU_CFGMGR_FUNCTIONS(ENTRY) };

/* Those that programs get the functions from. */
static const char *const modules[] = {
    "cfgmgr32.dll",
    "setupapi.dll",
    "api-ms-win-devices-config-l1-1-0.dll",
    "api-ms-win-devices-config-l1-1-1.dll",
    "api-ms-win-devices-config-l1-1-2.dll",
    NULL,
};

static struct wu_stand_ins stand_ins = { wu_cfgmgr_functions, WU_CFGMGR_COUNT, modules };

void wu_cfgmgr_complete(void)
{
    wu_exports_stand_in(&stand_ins);
}

DWORD WINAPI wu_CM_MapCrToWin32Err(CONFIGRET code, DWORD otherwise)
{
    return wu_config_ret_error(code, otherwise);
}
