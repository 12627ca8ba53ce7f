/* Interfaces beside the first, and their settings. */
#include "api/api.h"
#include "core/request.h"
#include "core/setting.h"

WU_EXPORT BOOL WINAPI
WinUsb_GetAssociatedInterface(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                              UCHAR AssociatedInterfaceIndex,
                              PWINUSB_INTERFACE_HANDLE AssociatedInterfaceHandle)
{
    struct wu_interface *iface = wu_interface_acquire(InterfaceHandle);

    return wu_api_leave(iface, iface ? wu_interface_open_associated(iface, AssociatedInterfaceIndex,
                                                                    AssociatedInterfaceHandle)
                                     : ERROR_INVALID_HANDLE);
}

WU_EXPORT BOOL WINAPI WinUsb_SetCurrentAlternateSetting(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                                        UCHAR SettingNumber)
{
    struct wu_interface *iface = wu_interface_acquire(InterfaceHandle);

    return wu_api_leave(iface, iface ? wu_setting_set(iface, SettingNumber) : ERROR_INVALID_HANDLE);
}

/* Done when the call returns; told as an overlapped request is. */
WU_EXPORT BOOL WINAPI
WinUsb_SetCurrentAlternateSettingAsync(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                       UCHAR SettingNumber,
                                       LPOVERLAPPED Overlapped)
{
    const struct wu_io io = { .overlapped = Overlapped };
    struct wu_interface *iface = wu_interface_acquire(InterfaceHandle);

    return wu_api_leave(iface, iface ? wu_io_end(iface, &io, wu_setting_set(iface, SettingNumber))
                                     : ERROR_INVALID_HANDLE);
}

static DWORD get_setting(struct wu_interface *iface, PUCHAR setting)
{
    if (!setting)
        return ERROR_INVALID_PARAMETER;

    *setting = wu_setting_get(iface);
    return ERROR_SUCCESS;
}

WU_EXPORT BOOL WINAPI WinUsb_GetCurrentAlternateSetting(WINUSB_INTERFACE_HANDLE InterfaceHandle,
                                                        PUCHAR SettingNumber)
{
    struct wu_interface *iface = wu_interface_acquire(InterfaceHandle);

    return wu_api_leave(iface, iface ? get_setting(iface, SettingNumber) : ERROR_INVALID_HANDLE);
}
