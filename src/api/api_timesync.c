/* Frame numbers and USB time synchronization. */
#include "api/api.h"
#include "core/timesync.h"

WU_EXPORT BOOL WINAPI
WinUsb_StartTrackingForTimeSync(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                PUSB_START_TRACKING_FOR_TIME_SYNC_INFORMATION StartTrackingInfo)
{
    struct wu_interface *iface = wu_interface_acquire(InterfaceHandle);

    return wu_api_leave(iface,
                        iface ? wu_timesync_start(iface, StartTrackingInfo) : ERROR_INVALID_HANDLE);
}

/* The only one that takes no reference: core checks the handle before and after. */
WU_EXPORT BOOL WINAPI
WinUsb_GetCurrentFrameNumberAndQpc(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                   PUSB_FRAME_NUMBER_AND_QPC_FOR_TIME_SYNC_INFORMATION FrameQpcInfo)
{
    return wu_api_report(wu_timesync_query(InterfaceHandle, FrameQpcInfo));
}

WU_EXPORT BOOL WINAPI
WinUsb_StopTrackingForTimeSync(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                               PUSB_STOP_TRACKING_FOR_TIME_SYNC_INFORMATION StopTrackingInfo)
{
    struct wu_interface *iface = wu_interface_acquire(InterfaceHandle);

    return wu_api_leave(iface,
                        iface ? wu_timesync_stop(iface, StopTrackingInfo) : ERROR_INVALID_HANDLE);
}

WU_EXPORT BOOL WINAPI WinUsb_GetCurrentFrameNumber(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                                   PULONG CurrentFrameNumber,
                                                   LARGE_INTEGER *TimeStamp)
{
    struct wu_interface *iface = wu_interface_acquire(InterfaceHandle);

    return wu_api_leave(iface, iface
                                   ? wu_timesync_current_frame(iface, CurrentFrameNumber, TimeStamp)
                                   : ERROR_INVALID_HANDLE);
}

WU_EXPORT BOOL WINAPI WinUsb_GetAdjustedFrameNumber(PULONG CurrentFrameNumber,
                                                    LARGE_INTEGER TimeStamp)
{
    return wu_api_report(wu_timesync_adjusted_frame(CurrentFrameNumber, TimeStamp));
}
