/*
 * Alternate settings of interfaces.
 */
#ifndef WU_CORE_SETTING_H
#define WU_CORE_SETTING_H

#include <windows.h>

#include "core/interface.h"

/* Each returns the errors of the export of its name. */

DWORD wu_setting_set(struct wu_interface *iface, UCHAR setting);

/** Tells which setting is current. */
UCHAR wu_setting_get(struct wu_interface *iface);

#endif
