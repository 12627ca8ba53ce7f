/*
 * The override of winusb.dll in the registry of the prefix that this program runs in; see
 * override.h. What was there before is kept in a key of ours, and put back.
 */
#ifndef WU_WINE_OVERRIDE_SET_H
#define WU_WINE_OVERRIDE_SET_H

#include <stdbool.h>
#include <windows.h>

/**
 * Makes programs load our winusb.dll. Leaves an override alone by which they do.
 *
 * @param changed_out  whether it was not so before
 * @return ERROR_SUCCESS; what RegOpenKeyEx and so on say
 */
DWORD wu_override_set(bool *changed_out);

/**
 * Puts back what was there before wu_override_set(), unless somebody has changed it since.
 *
 * @param changed_out  whether anything was put back
 * @return as wu_override_set()
 */
DWORD wu_override_restore(bool *changed_out);

#endif
