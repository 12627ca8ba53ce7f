/*
 * Which interface GUIDs an INF file, Windows' installation file of a driver, gives to which USB
 * devices.
 */
#ifndef WU_WINE_INF_H
#define WU_WINE_INF_H

#include <windows.h>

#include "devices/guids.h"

enum { WU_INF_NEEDS_MAX = 64 };

struct wu_inf_device {
    unsigned short vid;
    unsigned short pid;
    int part; /* NN of `&MI_NN`; -1: none is named */
    struct wu_guids guids;
};

struct wu_inf_devices {
    struct wu_inf_device *devices; /* owned */
    size_t count;
    size_t steps; /* how much there was to do; grows as the file does, whatever is in it */
};

/**
 * Lists the devices of an INF file that get GUIDs, by their ids.
 *
 * From the manufacturers to their models' sections for this kind of Windows (in a part of a file
 * that names no manufacturer, all sections may be that); from the hardware ids
 * `USB\VID_1234&PID_5678[&REV_0100][&MI_nn]` there to install sections; from those to what they set
 * in the device's own registry key (`.HW`, AddReg, Needs), DeviceInterfaceGUIDs and
 * DeviceInterfaceGUID.
 *
 * @param devices_out  set on success; to be given to wu_inf_devices_free()
 *
 * @return ERROR_SUCCESS, also for a file without such devices;
 *         ERROR_MORE_DATA          a device has more GUIDs than WU_GUIDS_MAX;
 *         ERROR_INVALID_DATA       sections need others that need others, and so on, more than
 *                                  WU_INF_NEEDS_MAX times;
 *         ERROR_NOT_ENOUGH_MEMORY
 */
DWORD
wu_inf_read(const unsigned char *bytes, size_t size, struct wu_inf_devices *devices_out);

void wu_inf_devices_free(struct wu_inf_devices *devices);

#endif
