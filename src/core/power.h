/*
 * The power policies of a device. Nothing is ever suspended: they are kept and told again.
 */
#ifndef WU_CORE_POWER_H
#define WU_CORE_POWER_H

#include <stdbool.h>
#include <windows.h>

struct wu_interface;

struct wu_power_policies {
    bool auto_suspend;
    ULONG suspend_delay; /* [ms] */
};

struct wu_power_policies wu_power_defaults(void);

/* Each returns the errors of the export of its name. */

DWORD wu_power_set(struct wu_interface *iface, ULONG type, ULONG length, const void *value);
DWORD wu_power_get(struct wu_interface *iface, ULONG type, ULONG *length, void *value);

#endif
