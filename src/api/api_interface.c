/* Interfaces beside the first, and their settings: not implemented yet. */
#include "api/api.h"

WU_EXPORT BOOL WINAPI
WinUsb_GetAssociatedInterface(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                              UCHAR AssociatedInterfaceIndex,
                              PWINUSB_INTERFACE_HANDLE AssociatedInterfaceHandle)
{
    UNREFERENCED_PARAMETER(AssociatedInterfaceIndex);
    UNREFERENCED_PARAMETER(AssociatedInterfaceHandle);
    return wu_api_missing(InterfaceHandle);
}

WU_EXPORT BOOL WINAPI WinUsb_SetCurrentAlternateSetting(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                                        UCHAR SettingNumber)
{
    UNREFERENCED_PARAMETER(SettingNumber);
    return wu_api_missing(InterfaceHandle);
}

WU_EXPORT BOOL WINAPI
WinUsb_SetCurrentAlternateSettingAsync(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                       UCHAR SettingNumber,
                                       LPOVERLAPPED Overlapped)
{
    UNREFERENCED_PARAMETER(SettingNumber);
    UNREFERENCED_PARAMETER(Overlapped);
    return wu_api_missing(InterfaceHandle);
}

WU_EXPORT BOOL WINAPI WinUsb_GetCurrentAlternateSetting(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                                        PUCHAR SettingNumber)
{
    UNREFERENCED_PARAMETER(SettingNumber);
    return wu_api_missing(InterfaceHandle);
}
