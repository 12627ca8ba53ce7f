/*
 * This DLL, as the process has it loaded.
 */
#ifndef WU_HOST_WIN32_MODULE_H
#define WU_HOST_WIN32_MODULE_H

#include <windows.h>

/** Gives this DLL's own handle; it counts as no reference. */
HMODULE wu_module_self(void);

/** Keeps this DLL loaded until FreeLibrary() is called with what is returned; NULL when that cannot
 *  be. */
HMODULE wu_module_hold(void);

/** Keeps this DLL loaded until the process ends: threads may be running in it from now on. */
void wu_module_pin(void);

#endif
