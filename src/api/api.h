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

/** Reports that a function on an interface has no implementation yet, or that there is no such
 *  interface. */
BOOL wu_api_missing(HANDLE interface_handle);

/** The same for a function on a registered isochronous buffer. */
BOOL wu_api_missing_isoch(HANDLE buffer_handle);

#endif
