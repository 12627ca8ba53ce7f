/*
 * CfgMgr32's own codes, CR_..., and Win32's.
 */
#ifndef WU_DEVICES_CONFIG_RET_H
#define WU_DEVICES_CONFIG_RET_H

#include <windows.h>

/** Gives the Win32 code of a CR_... code, as CM_MapCrToWin32Err does.
 *  @param otherwise  the answer for a code that has none */
DWORD wu_config_ret_error(DWORD code, DWORD otherwise);

#endif
