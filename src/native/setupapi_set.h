/*
 * A device information set: the functions that were present, and which of them were asked for.
 */
#ifndef WU_NATIVE_SETUPAPI_SET_H
#define WU_NATIVE_SETUPAPI_SET_H

#include <setupapi.h>
#include <stdbool.h>

#include "devices/devices.h"
#include "host/handle.h"

struct wu_set {
    struct wu_object object; /* must be first */
    struct wu_function_list list;
    bool interfaces; /* whether it is of interfaces, or of devices only */
    bool all;        /* whether all classes were asked for, or only this one: */
    GUID guid;
};

/** Finds the function that an interface of a set belongs to. @return NULL: it is none of the set */
const struct wu_function *wu_set_interface(const struct wu_set *set,
                                           const SP_DEVICE_INTERFACE_DATA *data);

/** Fills in all but the size. @param place  in the set's list, counted from 1
 *  @param number  of the device's node */
void wu_set_fill_device(SP_DEVINFO_DATA *device, size_t place, DWORD number);

#endif
