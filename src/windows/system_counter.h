/*
 * The frame counter behind the system's WinUsb_GetCurrentFrameNumber(), and time synchronization by
 * it, for a Windows that has none.
 */
#ifndef WU_WINDOWS_SYSTEM_COUNTER_H
#define WU_WINDOWS_SYSTEM_COUNTER_H

#include <stdbool.h>
#include <windows.h>

#include "core/tracking.h"
#include "host/host.h"

struct wu_system_slot;

/* Part of what an interface handle of the system's stands for. */
struct wu_system_counter {
    struct wu_tracking_owner tracking; /* must be first */
    HANDLE handle;                     /* the system's */

    struct wu_host_mutex opening;
    struct wu_tracker *tracker;  /* [opening] NULL until it is first needed */
    struct wu_system_slot *slot; /* [opening] has the tracker's number */

    struct wu_host_mutex lock; /* held while the system is asked: just so long may ending it take */
    bool ended;                /* [lock] the handle is not to be used any more */
    unsigned failures;         /* [lock] in a row */

    _Atomic bool lost; /* there is no such device any more */
};

/** @param handle  the system's  @param file  tells devices apart */
void wu_system_counter_init(struct wu_system_counter *counter, HANDLE handle, HANDLE file);

/** Ends all tracking. Nothing uses the system's handle any more when the call returns. */
void wu_system_counter_end(struct wu_system_counter *counter);

/** Gives back what the counter has. It was ended, and nobody else uses it any more. */
void wu_system_counter_destroy(struct wu_system_counter *counter);

/** Starts to track, with the errors of WinUsb_StartTrackingForTimeSync(). */
DWORD wu_system_counter_start(struct wu_system_counter *counter,
                              USB_START_TRACKING_FOR_TIME_SYNC_INFORMATION *info);

#endif
