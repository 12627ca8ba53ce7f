/*
 * What programs call: for each function of winusb.dll one that goes on to the system's DLL with
 * handles and devices of that, and to ours with others. winusb.def, through the build, exports
 * these under their plain names; within, the plain names are ours.
 */
#ifndef WU_WINDOWS_ROUTE_H
#define WU_WINDOWS_ROUTE_H

#include <stdatomic.h>
#include <stdbool.h>

#include "windows/functions.h"

#define WU_ROUTE_PROTOTYPE(result, name, parameters, ...) result WINAPI wu_route_##name parameters;

WU_FUNCTIONS(WU_ROUTE_PROTOTYPE)

/* What stands in, with handles of ours for the system's, where the system's DLL is older. */
#define WU_STAND_IN_PROTOTYPE(result, name, parameters, ...) result wu_stand_in_##name parameters;

WU_YOUNGER_FUNCTIONS(WU_STAND_IN_PROTOTYPE)

/**
 * Says that the system's DLL lacks a function, and nothing stands in for it.
 *
 * @param told  whether the log has said so before
 * @return FALSE, with ERROR_NOT_SUPPORTED as last error
 */
BOOL wu_route_lacks(const char *name, atomic_bool *told);

#endif
