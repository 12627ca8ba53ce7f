/* Transfers on pipes, and their policies. */
#include "api/api.h"
#include "core/pipe.h"
#include "core/power.h"
#include "core/transfer.h"

/* --- Transfers ------------------------------------------------------------------------------ */

WU_EXPORT BOOL WINAPI WinUsb_ReadPipe(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                      UCHAR PipeID,
                                      PUCHAR Buffer,
                                      ULONG BufferLength,
                                      PULONG LengthTransferred,
                                      LPOVERLAPPED Overlapped)
{
    const struct wu_io io = { Buffer, BufferLength, LengthTransferred, Overlapped };
    struct wu_interface *iface = wu_interface_acquire(InterfaceHandle);

    return wu_api_leave(iface, iface ? wu_transfer_read(iface, PipeID, &io) : ERROR_INVALID_HANDLE);
}

WU_EXPORT BOOL WINAPI WinUsb_WritePipe(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                       UCHAR PipeID,
                                       PUCHAR Buffer,
                                       ULONG BufferLength,
                                       PULONG LengthTransferred,
                                       LPOVERLAPPED Overlapped)
{
    const struct wu_io io = { Buffer, BufferLength, LengthTransferred, Overlapped };
    struct wu_interface *iface = wu_interface_acquire(InterfaceHandle);

    return wu_api_leave(iface,
                        iface ? wu_transfer_write(iface, PipeID, &io) : ERROR_INVALID_HANDLE);
}

WU_EXPORT BOOL WINAPI WinUsb_ControlTransfer(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                             WINUSB_SETUP_PACKET SetupPacket,
                                             PUCHAR Buffer,
                                             ULONG BufferLength,
                                             PULONG LengthTransferred,
                                             LPOVERLAPPED Overlapped)
{
    const struct wu_io io = { Buffer, BufferLength, LengthTransferred, Overlapped };
    struct wu_interface *iface = wu_interface_acquire(InterfaceHandle);

    return wu_api_leave(iface, iface ? wu_transfer_control(iface, &SetupPacket, &io)
                                     : ERROR_INVALID_HANDLE);
}

WU_EXPORT BOOL WINAPI WinUsb_GetOverlappedResult(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                                 LPOVERLAPPED lpOverlapped,
                                                 LPDWORD lpNumberOfBytesTransferred,
                                                 BOOL bWait)
{
    struct wu_interface *iface = wu_interface_acquire(InterfaceHandle);

    return wu_api_leave(iface, iface
                                   ? wu_interface_result(iface, lpOverlapped,
                                                         lpNumberOfBytesTransferred, bWait != FALSE)
                                   : ERROR_INVALID_HANDLE);
}

/* --- Pipes --------------------------------------------------------------------------------- */

WU_EXPORT BOOL WINAPI WinUsb_ResetPipe(WINUSB_INTERFACE_HANDLE InterfaceHandle, UCHAR PipeID)
{
    struct wu_interface *iface = wu_interface_acquire(InterfaceHandle);

    return wu_api_leave(iface, iface ? wu_pipe_reset(iface, PipeID) : ERROR_INVALID_HANDLE);
}

WU_EXPORT BOOL WINAPI WinUsb_AbortPipe(WINUSB_INTERFACE_HANDLE InterfaceHandle, UCHAR PipeID)
{
    struct wu_interface *iface = wu_interface_acquire(InterfaceHandle);

    return wu_api_leave(iface, iface ? wu_pipe_abort(iface, PipeID) : ERROR_INVALID_HANDLE);
}

WU_EXPORT BOOL WINAPI WinUsb_FlushPipe(WINUSB_INTERFACE_HANDLE InterfaceHandle, UCHAR PipeID)
{
    struct wu_interface *iface = wu_interface_acquire(InterfaceHandle);

    return wu_api_leave(iface, iface ? wu_pipe_flush(iface, PipeID) : ERROR_INVALID_HANDLE);
}

/* Done when the call returns; told as an overlapped request is. */
WU_EXPORT BOOL WINAPI WinUsb_ResetPipeAsync(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                            UCHAR PipeID,
                                            LPOVERLAPPED Overlapped)
{
    const struct wu_io io = { .overlapped = Overlapped };
    struct wu_interface *iface = wu_interface_acquire(InterfaceHandle);

    return wu_api_leave(iface, iface ? wu_io_end(iface, &io, wu_pipe_reset(iface, PipeID))
                                     : ERROR_INVALID_HANDLE);
}

WU_EXPORT BOOL WINAPI WinUsb_AbortPipeAsync(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                            UCHAR PipeID,
                                            LPOVERLAPPED Overlapped)
{
    const struct wu_io io = { .overlapped = Overlapped };
    struct wu_interface *iface = wu_interface_acquire(InterfaceHandle);

    return wu_api_leave(iface, iface ? wu_io_end(iface, &io, wu_pipe_abort(iface, PipeID))
                                     : ERROR_INVALID_HANDLE);
}

/* --- Policies ------------------------------------------------------------------------------ */

WU_EXPORT BOOL WINAPI WinUsb_SetPipePolicy(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                           UCHAR PipeID,
                                           ULONG PolicyType,
                                           ULONG ValueLength,
                                           PVOID Value)
{
    struct wu_interface *iface = wu_interface_acquire(InterfaceHandle);

    return wu_api_leave(iface,
                        iface ? wu_pipe_set_policy(iface, PipeID, PolicyType, ValueLength, Value)
                              : ERROR_INVALID_HANDLE);
}

WU_EXPORT BOOL WINAPI WinUsb_GetPipePolicy(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                           UCHAR PipeID,
                                           ULONG PolicyType,
                                           PULONG ValueLength,
                                           PVOID Value)
{
    struct wu_interface *iface = wu_interface_acquire(InterfaceHandle);

    return wu_api_leave(iface,
                        iface ? wu_pipe_get_policy(iface, PipeID, PolicyType, ValueLength, Value)
                              : ERROR_INVALID_HANDLE);
}

WU_EXPORT BOOL WINAPI WinUsb_SetPowerPolicy(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                            ULONG PolicyType,
                                            ULONG ValueLength,
                                            PVOID Value)
{
    struct wu_interface *iface = wu_interface_acquire(InterfaceHandle);

    return wu_api_leave(iface, iface ? wu_power_set(iface, PolicyType, ValueLength, Value)
                                     : ERROR_INVALID_HANDLE);
}

WU_EXPORT BOOL WINAPI WinUsb_GetPowerPolicy(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                            ULONG PolicyType,
                                            PULONG ValueLength,
                                            PVOID Value)
{
    struct wu_interface *iface = wu_interface_acquire(InterfaceHandle);

    return wu_api_leave(iface, iface ? wu_power_get(iface, PolicyType, ValueLength, Value)
                                     : ERROR_INVALID_HANDLE);
}
