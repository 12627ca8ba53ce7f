/*
 * System32's winusb.dll, which serves the devices that winusb.sys drives.
 */
#ifndef WU_WINDOWS_SYSTEM_H
#define WU_WINDOWS_SYSTEM_H

#include <windows.h>

#include "windows/functions.h"

#define WU_SYSTEM_MEMBER(result, name, parameters, ...) result(WINAPI *name) parameters;

/* Its functions, each NULL where the DLL is older than that. */
struct wu_system {
    WU_FUNCTIONS(WU_SYSTEM_MEMBER)
};

/** Gets the system's DLL, which is loaded with the first call; NULL when there is none, or when it
 *  is this one. Disturbs the last error. */
const struct wu_system *wu_system_load(void);

/** Gets the system's DLL if it has been loaded, as it has been where there is a handle of its own;
 *  NULL otherwise. */
const struct wu_system *wu_system(void);

#endif
