/* What stands in for functions that an older Windows lacks. */
#include "windows/route.h"

#include <stdlib.h>

#include "api/api.h"
#include "core/descriptor.h"
#include "host/ntstatus.h"
#include "host/overlapped.h"
#include "windows/system_handle.h"

static struct wu_system_interface *acquire(HANDLE handle)
{
    return (struct wu_system_interface *)wu_system_acquire(handle, WU_HANDLE_SYSTEM_INTERFACE);
}

/* Why a function has just failed, if it says so. */
static DWORD reason(void)
{
    const DWORD error = GetLastError();

    return error != ERROR_SUCCESS ? error : ERROR_GEN_FAILURE;
}

/* --- Asynchronous functions: done when the call returns, told as an overlapped request is --- */

static BOOL end_overlapped(HANDLE handle, OVERLAPPED *overlapped, BOOL done)
{
    const LONG status = done ? WU_STATUS_SUCCESS : wu_status_of_error(reason());
    struct wu_system_interface *iface = overlapped ? acquire(handle) : NULL;
    DWORD error;

    if (!iface)
        return done;

    error = wu_host_overlapped_end(iface->file, overlapped, status, 0);
    wu_system_release(&iface->base);
    return wu_api_report(error);
}

BOOL wu_stand_in_WinUsb_AbortPipeAsync(HANDLE handle, UCHAR pipe, LPOVERLAPPED overlapped)
{
    return end_overlapped(handle, overlapped, wu_route_WinUsb_AbortPipe(handle, pipe));
}

BOOL wu_stand_in_WinUsb_ResetPipeAsync(HANDLE handle, UCHAR pipe, LPOVERLAPPED overlapped)
{
    return end_overlapped(handle, overlapped, wu_route_WinUsb_ResetPipe(handle, pipe));
}

BOOL wu_stand_in_WinUsb_SetCurrentAlternateSettingAsync(HANDLE handle,
                                                        UCHAR setting,
                                                        LPOVERLAPPED overlapped)
{
    return end_overlapped(handle, overlapped,
                          wu_route_WinUsb_SetCurrentAlternateSetting(handle, setting));
}

/* --- Pipes: what is not in the answer about one is in the configuration -------------------- */

/* @param chain_out  its bytes are the caller's */
static DWORD read_configuration(HANDLE handle, struct wu_chain *chain_out)
{
    USB_CONFIGURATION_DESCRIPTOR head;
    ULONG size = 0;
    UCHAR *bytes;

    if (!wu_route_WinUsb_GetDescriptor(handle, USB_CONFIGURATION_DESCRIPTOR_TYPE, 0, 0,
                                       (UCHAR *)&head, sizeof(head), &size))
        return reason();
    if (size < sizeof(head))
        return ERROR_GEN_FAILURE;

    bytes = malloc(head.wTotalLength);
    if (!bytes)
        return ERROR_NOT_ENOUGH_MEMORY;
    if (!wu_route_WinUsb_GetDescriptor(handle, USB_CONFIGURATION_DESCRIPTOR_TYPE, 0, 0, bytes,
                                       head.wTotalLength, &size)) {
        const DWORD error = reason();

        free(bytes);
        return error;
    }

    *chain_out = (struct wu_chain){ bytes, size };
    return ERROR_SUCCESS;
}

/* Which setting of which interface is meant. */
static DWORD read_setting(HANDLE handle, UCHAR index, struct wu_interface_criteria *criteria_out)
{
    USB_INTERFACE_DESCRIPTOR setting;

    if (!wu_route_WinUsb_QueryInterfaceSettings(handle, index, &setting))
        return reason();

    *criteria_out = (struct wu_interface_criteria){ setting.bInterfaceNumber,
                                                    setting.bAlternateSetting, -1, -1, -1 };
    return ERROR_SUCCESS;
}

/* What WinUSB says of the speed is high or lower; higher ones show by their descriptors. */
static enum wu_usb_speed speed_of(HANDLE handle, struct wu_chain chain)
{
    UCHAR speed = 0;
    ULONG size = sizeof(speed);

    if (wu_descriptor_find(chain, chain.bytes, USB_SUPERSPEED_ENDPOINT_COMPANION_DESCRIPTOR_TYPE))
        return WU_USB_SPEED_SUPER;
    return wu_route_WinUsb_QueryDeviceInformation(handle, DEVICE_SPEED, &size, &speed) &&
                   speed == HighSpeed
               ? WU_USB_SPEED_HIGH
               : WU_USB_SPEED_FULL;
}

static DWORD find_bytes(HANDLE handle,
                        struct wu_chain chain,
                        const struct wu_interface_criteria *criteria,
                        UCHAR index,
                        ULONG *bytes_out)
{
    const USB_INTERFACE_DESCRIPTOR *setting =
        wu_descriptor_find_interface(chain, chain.bytes, criteria);
    const UCHAR *endpoint = setting ? wu_descriptor_endpoint(chain, setting, index) : NULL;

    if (!endpoint)
        return ERROR_GEN_FAILURE;

    *bytes_out =
        wu_descriptor_pipe(chain, endpoint, speed_of(handle, chain)).MaximumBytesPerInterval;
    return ERROR_SUCCESS;
}

static DWORD bytes_per_interval(HANDLE handle, UCHAR setting, UCHAR index, ULONG *bytes_out)
{
    struct wu_interface_criteria criteria;
    struct wu_chain chain = { NULL, 0 };
    DWORD error = read_setting(handle, setting, &criteria);

    if (error == ERROR_SUCCESS)
        error = read_configuration(handle, &chain);
    if (error != ERROR_SUCCESS)
        return error;

    error = find_bytes(handle, chain, &criteria, index, bytes_out);
    free((void *)chain.bytes);
    return error;
}

BOOL wu_stand_in_WinUsb_QueryPipeEx(HANDLE handle,
                                    UCHAR setting,
                                    UCHAR index,
                                    PWINUSB_PIPE_INFORMATION_EX information)
{
    WINUSB_PIPE_INFORMATION pipe;
    ULONG bytes;
    DWORD error;

    if (!information)
        return wu_api_report(ERROR_INVALID_PARAMETER);
    if (!wu_route_WinUsb_QueryPipe(handle, setting, index, &pipe))
        return FALSE;

    error = bytes_per_interval(handle, setting, index, &bytes);
    if (error == ERROR_SUCCESS)
        *information = (WINUSB_PIPE_INFORMATION_EX){ pipe.PipeType, pipe.PipeId,
                                                     pipe.MaximumPacketSize, pipe.Interval, bytes };
    return wu_api_report(error);
}

/* --- Time synchronization ------------------------------------------------------------------ */

BOOL wu_stand_in_WinUsb_StartTrackingForTimeSync(HANDLE handle,
                                                 PUSB_START_TRACKING_FOR_TIME_SYNC_INFORMATION info)
{
    struct wu_system_interface *iface = acquire(handle);
    DWORD error = ERROR_INVALID_HANDLE;

    if (iface) {
        error = wu_system_counter_start(&iface->counter, info);
        wu_system_release(&iface->base);
    }
    return wu_api_report(error);
}

BOOL wu_stand_in_WinUsb_StopTrackingForTimeSync(HANDLE handle,
                                                PUSB_STOP_TRACKING_FOR_TIME_SYNC_INFORMATION info)
{
    struct wu_system_interface *iface = acquire(handle);
    DWORD error = ERROR_INVALID_HANDLE;

    if (iface) {
        error = wu_tracking_stop(&iface->counter.tracking, info);
        wu_system_release(&iface->base);
    }
    return wu_api_report(error);
}

BOOL wu_stand_in_WinUsb_GetCurrentFrameNumberAndQpc(
    HANDLE handle,
    PUSB_FRAME_NUMBER_AND_QPC_FOR_TIME_SYNC_INFORMATION info)
{
    return wu_api_report(wu_tracking_query(handle, WU_HANDLE_SYSTEM_INTERFACE, info));
}
