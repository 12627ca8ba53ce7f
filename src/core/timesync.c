#include "core/timesync.h"

#include "track/ticks.h"

DWORD wu_timesync_start(struct wu_interface *iface,
                        USB_START_TRACKING_FOR_TIME_SYNC_INFORMATION *info)
{
    struct wu_tracker *tracker;
    DWORD error;

    if (!info)
        return ERROR_INVALID_HANDLE; /* as documented */
    if (!wu_device_present(iface->device))
        return ERROR_DEVICE_NOT_CONNECTED;

    /* Once it is acquired, the tracker stays so until the device closes. */
    error = wu_device_tracker(iface->device, &tracker);
    return error == ERROR_SUCCESS ? wu_tracking_start(&iface->tracking, tracker, info) : error;
}

DWORD wu_timesync_stop(struct wu_interface *iface,
                       const USB_STOP_TRACKING_FOR_TIME_SYNC_INFORMATION *info)
{
    return wu_tracking_stop(&iface->tracking, info);
}

DWORD wu_timesync_query(HANDLE interface_handle,
                        USB_FRAME_NUMBER_AND_QPC_FOR_TIME_SYNC_INFORMATION *info)
{
    return wu_tracking_query(interface_handle, WU_HANDLE_INTERFACE, info);
}

/* --- Plain frame numbers --------------------------------------------------------------------- */

static DWORD current_frame(struct wu_tracker *tracker, ULONG *frame_out, LARGE_INTEGER *time_out)
{
    struct wu_ticks ticks;
    uint32_t frame;
    int64_t time;
    DWORD error;

    wu_ticks_keep();
    error = wu_ticks_begin(&ticks);
    if (error == ERROR_SUCCESS)
        error = wu_tracker_current_frame(tracker, &frame, &time);
    if (error == ERROR_SUCCESS)
        error = wu_ticks_end(&ticks);
    if (error != ERROR_SUCCESS)
        return error;

    *frame_out = frame;
    time_out->QuadPart = wu_ticks_not_after(&ticks, time);
    return ERROR_SUCCESS;
}

DWORD wu_timesync_current_frame(struct wu_interface *iface,
                                ULONG *frame_out,
                                LARGE_INTEGER *time_out)
{
    struct wu_tracker *tracker;
    DWORD error;

    if (!frame_out || !time_out)
        return ERROR_INVALID_PARAMETER;
    if (!wu_device_present(iface->device))
        return ERROR_DEVICE_NOT_CONNECTED;

    error = wu_device_tracker(iface->device, &tracker);
    return error == ERROR_SUCCESS ? current_frame(tracker, frame_out, time_out) : error;
}

DWORD wu_timesync_adjusted_frame(ULONG *frame, LARGE_INTEGER time)
{
    const int64_t frequency = wu_host_qpc_frequency();
    const int64_t now = wu_host_qpc_now();
    const int64_t elapsed = (int64_t)((uint64_t)now - (uint64_t)time.QuadPart);

    if (!frame)
        return ERROR_INVALID_PARAMETER;

    /* In two steps, which cannot overflow; frame numbers count on from 2^32 at 0. */
    *frame += (ULONG)(elapsed / frequency * 1000 + elapsed % frequency * 1000 / frequency);
    return ERROR_SUCCESS;
}
