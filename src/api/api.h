/*
 * What the exports have in common: find the object, call one function of core, report.
 */
#ifndef WU_API_API_H
#define WU_API_API_H

#include <windows.h>

#include "core/interface.h"
#include "host/export.h"
#include "winusb.h"

/** Turns an error into what a WinUSB function returns; success leaves the last error alone. */
BOOL wu_api_report(DWORD error);

/** Gives back the interface that a call was about, if there was one, and reports its error. */
BOOL wu_api_leave(struct wu_interface *iface, DWORD error);

#endif
