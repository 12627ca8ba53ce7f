/* Opening, closing, and what is asked of a device. */
#include "api/api.h"

/* What becomes of the handle on failure is not documented; NULL is what programs test for. */
WU_EXPORT BOOL WINAPI WinUsb_Initialize(HANDLE DeviceHandle,
                                        PWINUSB_INTERFACE_HANDLE InterfaceHandle)
{
    if (InterfaceHandle)
        *InterfaceHandle = NULL;
    return wu_api_report(wu_interface_open(DeviceHandle, InterfaceHandle));
}

WU_EXPORT BOOL WINAPI WinUsb_Free(WINUSB_INTERFACE_HANDLE InterfaceHandle)
{
    wu_interface_close(InterfaceHandle);
    return TRUE;
}

WU_EXPORT BOOL WINAPI WinUsb_GetDescriptor(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                           UCHAR DescriptorType,
                                           UCHAR Index,
                                           USHORT LanguageID,
                                           PUCHAR Buffer,
                                           ULONG BufferLength,
                                           PULONG LengthTransferred)
{
    const struct wu_descriptor_request request = { DescriptorType, Index, LanguageID, Buffer,
                                                   BufferLength };
    struct wu_interface *iface = wu_interface_acquire(InterfaceHandle);

    return wu_api_leave(iface, iface
                                   ? wu_interface_get_descriptor(iface, &request, LengthTransferred)
                                   : ERROR_INVALID_HANDLE);
}

WU_EXPORT BOOL WINAPI
WinUsb_QueryInterfaceSettings(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                              UCHAR AlternateInterfaceNumber,
                              PUSB_INTERFACE_DESCRIPTOR UsbAltInterfaceDescriptor)
{
    struct wu_interface *iface = wu_interface_acquire(InterfaceHandle);

    return wu_api_leave(iface, iface ? wu_interface_query_settings(iface, AlternateInterfaceNumber,
                                                                   UsbAltInterfaceDescriptor)
                                     : ERROR_INVALID_HANDLE);
}

WU_EXPORT BOOL WINAPI WinUsb_QueryDeviceInformation(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                                    ULONG InformationType,
                                                    PULONG BufferLength,
                                                    PVOID Buffer)
{
    struct wu_interface *iface = wu_interface_acquire(InterfaceHandle);

    return wu_api_leave(
        iface, iface ? wu_interface_query_device(iface, InformationType, BufferLength, Buffer)
                     : ERROR_INVALID_HANDLE);
}

static DWORD query_pipe(HANDLE handle, UCHAR setting, UCHAR index, WINUSB_PIPE_INFORMATION_EX *pipe)
{
    struct wu_interface *iface = wu_interface_acquire(handle);
    DWORD error = ERROR_INVALID_HANDLE;

    if (iface) {
        error = wu_interface_query_pipe(iface, setting, index, pipe);
        wu_interface_release(iface);
    }
    return error;
}

WU_EXPORT BOOL WINAPI WinUsb_QueryPipeEx(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                         UCHAR AlternateSettingNumber,
                                         UCHAR PipeIndex,
                                         PWINUSB_PIPE_INFORMATION_EX PipeInformationEx)
{
    return wu_api_report(
        query_pipe(InterfaceHandle, AlternateSettingNumber, PipeIndex, PipeInformationEx));
}

WU_EXPORT BOOL WINAPI WinUsb_QueryPipe(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                       UCHAR AlternateInterfaceNumber,
                                       UCHAR PipeIndex,
                                       PWINUSB_PIPE_INFORMATION PipeInformation)
{
    WINUSB_PIPE_INFORMATION_EX pipe;
    const DWORD error = query_pipe(InterfaceHandle, AlternateInterfaceNumber, PipeIndex,
                                   PipeInformation ? &pipe : NULL);

    if (error != ERROR_SUCCESS)
        return wu_api_report(error);

    PipeInformation->PipeType = pipe.PipeType;
    PipeInformation->PipeId = pipe.PipeId;
    PipeInformation->MaximumPacketSize = pipe.MaximumPacketSize;
    PipeInformation->Interval = pipe.Interval;
    return TRUE;
}
