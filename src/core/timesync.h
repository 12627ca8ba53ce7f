/*
 * Frame numbers and time synchronization of our own devices, over the tracker of their controller.
 */
#ifndef WU_CORE_TIMESYNC_H
#define WU_CORE_TIMESYNC_H

#include <windows.h>

#include "core/interface.h"
#include "winusb.h"

/* Each returns the errors of the export of its name, and leaves outputs alone on failure. */

/** Starts to track. The tracking belongs to @p iface and ends with its handle. */
DWORD wu_timesync_start(struct wu_interface *iface,
                        USB_START_TRACKING_FOR_TIME_SYNC_INFORMATION *info);

/** Stops a tracking that was started with any interface of the device. */
DWORD wu_timesync_stop(struct wu_interface *iface,
                       const USB_STOP_TRACKING_FOR_TIME_SYNC_INFORMATION *info);

/** Tells frame and time. Takes the handle itself: no lock, no reference, no system call but the
 *  tracker's. */
DWORD wu_timesync_query(HANDLE interface_handle,
                        USB_FRAME_NUMBER_AND_QPC_FOR_TIME_SYNC_INFORMATION *info);

DWORD wu_timesync_current_frame(struct wu_interface *iface,
                                ULONG *frame_out,
                                LARGE_INTEGER *time_out);

DWORD wu_timesync_adjusted_frame(ULONG *frame, LARGE_INTEGER time);

#endif
