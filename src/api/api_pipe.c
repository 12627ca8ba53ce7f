/* Transfers on pipes, and their policies: not implemented yet. */
#include "api/api.h"

WU_EXPORT BOOL WINAPI WinUsb_ControlTransfer(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                             WINUSB_SETUP_PACKET SetupPacket,
                                             PUCHAR Buffer,
                                             ULONG BufferLength,
                                             PULONG LengthTransferred,
                                             LPOVERLAPPED Overlapped)
{
    UNREFERENCED_PARAMETER(SetupPacket);
    UNREFERENCED_PARAMETER(Buffer);
    UNREFERENCED_PARAMETER(BufferLength);
    UNREFERENCED_PARAMETER(LengthTransferred);
    UNREFERENCED_PARAMETER(Overlapped);
    return wu_api_missing(InterfaceHandle);
}

WU_EXPORT BOOL WINAPI WinUsb_ReadPipe(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                      UCHAR PipeID,
                                      PUCHAR Buffer,
                                      ULONG BufferLength,
                                      PULONG LengthTransferred,
                                      LPOVERLAPPED Overlapped)
{
    UNREFERENCED_PARAMETER(PipeID);
    UNREFERENCED_PARAMETER(Buffer);
    UNREFERENCED_PARAMETER(BufferLength);
    UNREFERENCED_PARAMETER(LengthTransferred);
    UNREFERENCED_PARAMETER(Overlapped);
    return wu_api_missing(InterfaceHandle);
}

WU_EXPORT BOOL WINAPI WinUsb_WritePipe(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                       UCHAR PipeID,
                                       PUCHAR Buffer,
                                       ULONG BufferLength,
                                       PULONG LengthTransferred,
                                       LPOVERLAPPED Overlapped)
{
    UNREFERENCED_PARAMETER(PipeID);
    UNREFERENCED_PARAMETER(Buffer);
    UNREFERENCED_PARAMETER(BufferLength);
    UNREFERENCED_PARAMETER(LengthTransferred);
    UNREFERENCED_PARAMETER(Overlapped);
    return wu_api_missing(InterfaceHandle);
}

WU_EXPORT BOOL WINAPI WinUsb_ResetPipe(WINUSB_INTERFACE_HANDLE InterfaceHandle, UCHAR PipeID)
{
    UNREFERENCED_PARAMETER(PipeID);
    return wu_api_missing(InterfaceHandle);
}

WU_EXPORT BOOL WINAPI WinUsb_ResetPipeAsync(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                            UCHAR PipeID,
                                            LPOVERLAPPED Overlapped)
{
    UNREFERENCED_PARAMETER(PipeID);
    UNREFERENCED_PARAMETER(Overlapped);
    return wu_api_missing(InterfaceHandle);
}

WU_EXPORT BOOL WINAPI WinUsb_AbortPipe(WINUSB_INTERFACE_HANDLE InterfaceHandle, UCHAR PipeID)
{
    UNREFERENCED_PARAMETER(PipeID);
    return wu_api_missing(InterfaceHandle);
}

WU_EXPORT BOOL WINAPI WinUsb_AbortPipeAsync(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                            UCHAR PipeID,
                                            LPOVERLAPPED Overlapped)
{
    UNREFERENCED_PARAMETER(PipeID);
    UNREFERENCED_PARAMETER(Overlapped);
    return wu_api_missing(InterfaceHandle);
}

WU_EXPORT BOOL WINAPI WinUsb_FlushPipe(WINUSB_INTERFACE_HANDLE InterfaceHandle, UCHAR PipeID)
{
    UNREFERENCED_PARAMETER(PipeID);
    return wu_api_missing(InterfaceHandle);
}

WU_EXPORT BOOL WINAPI WinUsb_GetOverlappedResult(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                                 LPOVERLAPPED lpOverlapped,
                                                 LPDWORD lpNumberOfBytesTransferred,
                                                 BOOL bWait)
{
    UNREFERENCED_PARAMETER(lpOverlapped);
    UNREFERENCED_PARAMETER(lpNumberOfBytesTransferred);
    UNREFERENCED_PARAMETER(bWait);
    return wu_api_missing(InterfaceHandle);
}

WU_EXPORT BOOL WINAPI WinUsb_SetPipePolicy(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                           UCHAR PipeID,
                                           ULONG PolicyType,
                                           ULONG ValueLength,
                                           PVOID Value)
{
    UNREFERENCED_PARAMETER(PipeID);
    UNREFERENCED_PARAMETER(PolicyType);
    UNREFERENCED_PARAMETER(ValueLength);
    UNREFERENCED_PARAMETER(Value);
    return wu_api_missing(InterfaceHandle);
}

WU_EXPORT BOOL WINAPI WinUsb_GetPipePolicy(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                           UCHAR PipeID,
                                           ULONG PolicyType,
                                           PULONG ValueLength,
                                           PVOID Value)
{
    UNREFERENCED_PARAMETER(PipeID);
    UNREFERENCED_PARAMETER(PolicyType);
    UNREFERENCED_PARAMETER(ValueLength);
    UNREFERENCED_PARAMETER(Value);
    return wu_api_missing(InterfaceHandle);
}

WU_EXPORT BOOL WINAPI WinUsb_SetPowerPolicy(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                            ULONG PolicyType,
                                            ULONG ValueLength,
                                            PVOID Value)
{
    UNREFERENCED_PARAMETER(PolicyType);
    UNREFERENCED_PARAMETER(ValueLength);
    UNREFERENCED_PARAMETER(Value);
    return wu_api_missing(InterfaceHandle);
}

WU_EXPORT BOOL WINAPI WinUsb_GetPowerPolicy(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                            ULONG PolicyType,
                                            PULONG ValueLength,
                                            PVOID Value)
{
    UNREFERENCED_PARAMETER(PolicyType);
    UNREFERENCED_PARAMETER(ValueLength);
    UNREFERENCED_PARAMETER(Value);
    return wu_api_missing(InterfaceHandle);
}
