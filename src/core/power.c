#include "core/power.h"

#include <string.h>

#include "core/interface.h"

enum { DEFAULT_DELAY = 5000 /* [ms] */ };

struct wu_power_policies wu_power_defaults(void)
{
    return (struct wu_power_policies){ .suspend_delay = DEFAULT_DELAY };
}

/* Gives the size of a policy's value [bytes]; 0: there is no such policy. */
static ULONG size_of(ULONG type)
{
    if (type == AUTO_SUSPEND)
        return sizeof(UCHAR);
    return type == SUSPEND_DELAY ? sizeof(ULONG) : 0;
}

DWORD wu_power_set(struct wu_interface *iface, ULONG type, ULONG length, const void *value)
{
    struct wu_device *device = iface->device;

    if (size_of(type) == 0 || length != size_of(type) || !value)
        return ERROR_INVALID_PARAMETER;

    wu_host_mutex_lock(&device->lock);
    if (type == AUTO_SUSPEND)
        device->power.auto_suspend = *(const UCHAR *)value != 0;
    else
        memcpy(&device->power.suspend_delay, value, sizeof(device->power.suspend_delay));
    wu_host_mutex_unlock(&device->lock);
    return ERROR_SUCCESS;
}

DWORD wu_power_get(struct wu_interface *iface, ULONG type, ULONG *length, void *value)
{
    struct wu_device *device = iface->device;

    if (size_of(type) == 0 || !length || !value)
        return ERROR_INVALID_PARAMETER;
    if (*length < size_of(type))
        return ERROR_INSUFFICIENT_BUFFER;

    wu_host_mutex_lock(&device->lock);
    if (type == AUTO_SUSPEND)
        *(UCHAR *)value = device->power.auto_suspend;
    else
        memcpy(value, &device->power.suspend_delay, sizeof(device->power.suspend_delay));
    wu_host_mutex_unlock(&device->lock);
    *length = size_of(type);
    return ERROR_SUCCESS;
}
