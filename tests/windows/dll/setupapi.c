/* A double of setupapi.dll: two host controllers, the second of which is that of the double of
 * cfgmgr32.dll. Both are asked for as libusb does, which numbers its buses so. */
#include <windows.h>
#include <setupapi.h>

#include "double.h"

static const GUID controllers = { 0x3ABF6F2D,
                                  0x71C4,
                                  0x462A,
                                  { 0x8A, 0x92, 0x1E, 0x68, 0x61, 0xE6, 0xAF, 0x27 } };

static int sets;

HDEVINFO WINAPI SetupDiGetClassDevsA(const GUID *class, PCSTR enumerator, HWND parent, DWORD flags)
{
    if (class || enumerator || parent ||
        flags != (DIGCF_ALLCLASSES | DIGCF_PRESENT | DIGCF_DEVICEINTERFACE))
        return INVALID_HANDLE_VALUE;

    sets++;
    return &sets;
}

WINBOOL WINAPI SetupDiEnumDeviceInterfaces(HDEVINFO set,
                                           PSP_DEVINFO_DATA device,
                                           const GUID *class,
                                           DWORD index,
                                           PSP_DEVICE_INTERFACE_DATA found)
{
    if (set != &sets || device || memcmp(class, &controllers, sizeof(controllers)) != 0 ||
        found->cbSize != sizeof(*found) || index > 1)
        return FALSE;

    found->Reserved = index;
    return TRUE;
}

WINBOOL WINAPI SetupDiGetDeviceInterfaceDetailA(HDEVINFO set,
                                                PSP_DEVICE_INTERFACE_DATA found,
                                                PSP_DEVICE_INTERFACE_DETAIL_DATA_A detail,
                                                DWORD size,
                                                PDWORD needed,
                                                PSP_DEVINFO_DATA device)
{
    const bool is_ours = found->Reserved == 1 && !double_is("alike");

    if (set != &sets || detail->cbSize != sizeof(*detail) || size < 200 || needed ||
        device->cbSize != sizeof(*device))
        return FALSE;

    device->DevInst = is_ours ? DOUBLE_CONTROLLER : 99;
    return TRUE;
}

WINBOOL WINAPI SetupDiDestroyDeviceInfoList(HDEVINFO set)
{
    return set == &sets;
}
