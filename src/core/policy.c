#include "core/policy.h"

#include <string.h>

enum {
    CONTROL_TIMEOUT = 5000,  /* [ms] */
    MAXIMUM_FAST = 0x1FEC00, /* what current Windows says of high speed */
    MAXIMUM_SLOW = 0x3F000,
};

struct wu_policies wu_policy_defaults(bool control)
{
    struct wu_policies policies = { .timeout = control ? CONTROL_TIMEOUT : 0 };

    policies.flags[ALLOW_PARTIAL_READS] = true;
    return policies;
}

ULONG wu_policy_maximum_transfer(enum wu_usb_speed speed)
{
    return speed >= WU_USB_SPEED_HIGH ? MAXIMUM_FAST : MAXIMUM_SLOW;
}

/* Gives the size of a policy's value [bytes]; 0: there is no such policy. */
static ULONG size_of(ULONG type)
{
    if (type < SHORT_PACKET_TERMINATE || type > RESET_PIPE_ON_RESUME)
        return 0;
    return type == PIPE_TRANSFER_TIMEOUT || type == MAXIMUM_TRANSFER_SIZE ? sizeof(ULONG)
                                                                          : sizeof(UCHAR);
}

DWORD wu_policy_set(struct wu_policies *policies, ULONG type, ULONG length, const void *value)
{
    if (size_of(type) == 0 || type == MAXIMUM_TRANSFER_SIZE || length != size_of(type) || !value)
        return ERROR_INVALID_PARAMETER;

    if (type == PIPE_TRANSFER_TIMEOUT)
        memcpy(&policies->timeout, value, sizeof(policies->timeout));
    else
        policies->flags[type] = *(const UCHAR *)value != 0;
    return ERROR_SUCCESS;
}

DWORD wu_policy_get(const struct wu_policies *policies,
                    enum wu_usb_speed speed,
                    ULONG type,
                    ULONG *length,
                    void *value)
{
    const ULONG maximum = wu_policy_maximum_transfer(speed);

    if (size_of(type) == 0 || !length || !value)
        return ERROR_INVALID_PARAMETER;
    if (*length < size_of(type))
        return ERROR_INSUFFICIENT_BUFFER;

    *length = size_of(type);
    if (type == PIPE_TRANSFER_TIMEOUT)
        memcpy(value, &policies->timeout, sizeof(policies->timeout));
    else if (type == MAXIMUM_TRANSFER_SIZE)
        memcpy(value, &maximum, sizeof(maximum));
    else
        *(UCHAR *)value = policies->flags[type];
    return ERROR_SUCCESS;
}
