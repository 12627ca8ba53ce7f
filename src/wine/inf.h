/*
 * Which interface GUIDs an INF file, Windows' installation file of a driver, gives to which USB
 * devices.
 */
#ifndef WU_WINE_INF_H
#define WU_WINE_INF_H

#include <stdbool.h>
#include <stddef.h>

#include "devices/guids.h"

enum { WU_INF_DEVICES_MAX = 32 };

struct wu_inf_device {
    unsigned short vid;
    unsigned short pid;
    int part; /* NN of `&MI_NN`; -1: none is named */
    struct wu_guids guids;
};

/**
 * Makes plain text of a file's bytes: UTF-16 of either order, which begins with its mark, or any
 * superset of ASCII. Characters beyond ASCII become '?', which is no part of what is looked for.
 *
 * @return owned by the caller; NULL without memory
 */
char *wu_inf_text(const unsigned char *bytes, size_t size);

/**
 * Lists the devices of an INF file that get GUIDs.
 *
 * From the hardware ids `USB\VID_1234&PID_5678[&MI_nn]` of its models to their install sections,
 * from those to the AddReg sections of the device's own registry key (`.HW`), and from those to
 * DeviceInterfaceGUIDs or DeviceInterfaceGUID; `%names%` are looked up in [Strings].
 *
 * @param text     of wu_inf_text()
 * @param devices  WU_INF_DEVICES_MAX of them
 * @return how many there are; those that do not fit are left out
 */
size_t wu_inf_devices(const char *text, struct wu_inf_device *devices);

#endif
