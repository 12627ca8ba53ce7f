/*
 * Who tracks: registrations with a frame tracker, each behind a tracking handle.
 *
 * A tracking handle stands directly for its tracker, which is never freed, so that a query takes no
 * lock and no reference. When the device is lost, the handle stands for NULL.
 */
#ifndef WU_CORE_TRACKING_H
#define WU_CORE_TRACKING_H

#include <stdbool.h>
#include <windows.h>

#include "host/handle.h"
#include "track/ticks.h"
#include "track/tracker.h"
#include "winusb.h"

/* What starts trackings; embedded in what an interface handle stands for. Zero but for the first
 * two. */
struct wu_tracking_owner {
    const void *device; /* what one owner has started, any owner of the same device may stop */

    /* Tells whether the device is still there; as wu_tracker_client.present. */
    bool (*present)(const struct wu_tracking_owner *owner);

    bool ended; /* [registrations] nothing may start any more */
};

/* Each returns the errors of the export of its name, and leaves outputs alone on failure. */

/** Starts to track. The tracker stays acquired, and the owner there, until the call returns and
 *  wu_tracking_end() has been called. */
DWORD wu_tracking_start(struct wu_tracking_owner *owner,
                        struct wu_tracker *tracker,
                        USB_START_TRACKING_FOR_TIME_SYNC_INFORMATION *info);

/** Stops a tracking that was started for the same device. */
DWORD wu_tracking_stop(const struct wu_tracking_owner *owner,
                       const USB_STOP_TRACKING_FOR_TIME_SYNC_INFORMATION *info);

/** Ends all tracking of an owner, which starts none any more. */
void wu_tracking_end(struct wu_tracking_owner *owner);

/**
 * Tells frame and time: no lock, no reference, no system call but the tracker's.
 *
 * @param interface_handle  looked at before and after: an open one of @p kind
 */
DWORD wu_tracking_query(HANDLE interface_handle,
                        enum wu_handle_kind kind,
                        USB_FRAME_NUMBER_AND_QPC_FOR_TIME_SYNC_INFORMATION *info);

/** Puts an answer of a tracker into the members of @p info that are outputs.
 *  @param ticks  begun before the answer, and ended after it
 *  @param asked  whether a frame was asked for */
void wu_tracking_fill(USB_FRAME_NUMBER_AND_QPC_FOR_TIME_SYNC_INFORMATION *info,
                      const struct wu_tracker_answer *answer,
                      const struct wu_ticks *ticks,
                      bool asked);

#endif
