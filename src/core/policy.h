/*
 * The policies of a pipe: which there are, their sizes, defaults and values. Pure.
 */
#ifndef WU_CORE_POLICY_H
#define WU_CORE_POLICY_H

#include <stdbool.h>
#include <windows.h>

#include "usb/usb.h"
#include "winusb.h"

struct wu_policies {
    bool flags[RESET_PIPE_ON_RESUME + 1]; /* by policy type; those of one byte only */
    ULONG timeout;                        /* [ms] 0: never */
};

/** Gives the defaults of a pipe. @param control  whether it is the control pipe */
struct wu_policies wu_policy_defaults(bool control);

/** Gives MAXIMUM_TRANSFER_SIZE [bytes]: a multiple of 1024. */
ULONG wu_policy_maximum_transfer(enum wu_usb_speed speed);

/** Sets a policy. @return ERROR_SUCCESS; ERROR_INVALID_PARAMETER: unknown or read-only policy,
 * wrong length, or @p value is NULL */
DWORD
wu_policy_set(struct wu_policies *policies, ULONG type, ULONG length, const void *value);

/**
 * Gives a policy.
 *
 * @param length  [bytes] in: of @p value; out: written
 * @return ERROR_SUCCESS; ERROR_INVALID_PARAMETER: unknown policy, or a pointer is NULL;
 *         ERROR_INSUFFICIENT_BUFFER
 */
DWORD wu_policy_get(const struct wu_policies *policies,
                    enum wu_usb_speed speed,
                    ULONG type,
                    ULONG *length,
                    void *value);

#endif
