/* Finding the device: SetupDi in both character sets, CfgMgr32; then moving data. */
#include <windows.h>
#include <setupapi.h>
#include <cfgmgr32.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "cases.h"
#include "device.h"

#define HARDWARE_ID "USB\\VID_1209&PID_0001"

/* --- SetupDi, A ------------------------------------------------------------------------------ */

static bool begins(const char *text, const char *start)
{
    return _strnicmp(text, start, strlen(start)) == 0;
}

static void look_at_device_a(HDEVINFO set, SP_DEVINFO_DATA *device)
{
    char instance[200] = "", description[200] = "", hardware[400] = "";

    EXPECT(SetupDiGetDeviceInstanceIdA(set, device, instance, sizeof(instance), NULL));
    EXPECT(SetupDiGetDeviceRegistryPropertyA(set, device, SPDRP_DEVICEDESC, NULL,
                                             (BYTE *)description, sizeof(description), NULL));
    EXPECT(SetupDiGetDeviceRegistryPropertyA(set, device, SPDRP_HARDWAREID, NULL, (BYTE *)hardware,
                                             sizeof(hardware), NULL));
    say("  instance %s, description %s, hardware id %s", instance, description, hardware);
    EXPECT(begins(instance, HARDWARE_ID "\\"));
    EXPECT(begins(hardware, HARDWARE_ID));
    EXPECT(description[0] != '\0');
}

static void look_at_interface_a(HDEVINFO set, SP_DEVICE_INTERFACE_DATA *data)
{
    SP_DEVINFO_DATA device = { .cbSize = sizeof(device) };
    SP_DEVICE_INTERFACE_DETAIL_DATA_A *detail;
    DWORD size = 0;

    EXPECT_ERROR(SetupDiGetDeviceInterfaceDetailA(set, data, NULL, 0, &size, NULL),
                 ERROR_INSUFFICIENT_BUFFER);
    detail = calloc(1, size + 1);
    detail->cbSize = sizeof(*detail);
    if (EXPECT(SetupDiGetDeviceInterfaceDetailA(set, data, detail, size, NULL, &device))) {
        say("  path %s", detail->DevicePath);
        EXPECT(begins(detail->DevicePath, "\\\\?\\usb#vid_1209&pid_0001#"));
        look_at_device_a(set, &device);
    }
    free(detail);
}

static void enumerate_a(void)
{
    SP_DEVICE_INTERFACE_DATA data = { .cbSize = sizeof(data) };
    const HDEVINFO set =
        SetupDiGetClassDevsA(&guid_standard, NULL, NULL, DIGCF_PRESENT | DIGCF_DEVICEINTERFACE);

    if (!EXPECT(set != INVALID_HANDLE_VALUE))
        return;

    if (EXPECT(SetupDiEnumDeviceInterfaces(set, NULL, &guid_standard, 0, &data)))
        look_at_interface_a(set, &data);
    EXPECT_ERROR(SetupDiEnumDeviceInterfaces(set, NULL, &guid_standard, 1, &data),
                 ERROR_NO_MORE_ITEMS);
    SetupDiDestroyDeviceInfoList(set);
}

/* --- SetupDi, W ------------------------------------------------------------------------------ */

static void look_at_device_w(HDEVINFO set, SP_DEVINFO_DATA *device)
{
    WCHAR instance[200] = L"", description[200] = L"", hardware[200] = L"";

    EXPECT(SetupDiGetDeviceInstanceIdW(set, device, instance, 200, NULL));
    EXPECT(SetupDiGetDeviceRegistryPropertyW(set, device, SPDRP_DEVICEDESC, NULL,
                                             (BYTE *)description, sizeof(description), NULL));
    EXPECT(SetupDiGetDeviceRegistryPropertyW(set, device, SPDRP_HARDWAREID, NULL, (BYTE *)hardware,
                                             sizeof(hardware), NULL));
    say("  instance %ls, description %ls, hardware id %ls", instance, description, hardware);
    EXPECT(_wcsnicmp(instance, L"" HARDWARE_ID, wcslen(L"" HARDWARE_ID)) == 0);
    EXPECT(_wcsnicmp(hardware, L"" HARDWARE_ID, wcslen(L"" HARDWARE_ID)) == 0);
    EXPECT(description[0] != L'\0');
}

static void enumerate_w(void)
{
    union {
        SP_DEVICE_INTERFACE_DETAIL_DATA_W detail;
        WCHAR room[PATH_LENGTH];
    } buffer = { .detail.cbSize = sizeof(buffer.detail) };
    SP_DEVICE_INTERFACE_DATA data = { .cbSize = sizeof(data) };
    SP_DEVINFO_DATA device = { .cbSize = sizeof(device) };
    const HDEVINFO set =
        SetupDiGetClassDevsW(&guid_standard, NULL, NULL, DIGCF_PRESENT | DIGCF_DEVICEINTERFACE);

    if (EXPECT(SetupDiEnumDeviceInterfaces(set, NULL, &guid_standard, 0, &data)) &&
        EXPECT(SetupDiGetDeviceInterfaceDetailW(set, &data, &buffer.detail, sizeof(buffer), NULL,
                                                &device))) {
        look_at_device_w(set, &device);
        device_use_path(buffer.detail.DevicePath);
    }
    SetupDiDestroyDeviceInfoList(set);
}

/* --- CfgMgr32 -------------------------------------------------------------------------------- */

typedef CONFIGRET(WINAPI *list_size)(ULONG *, GUID *, char *, ULONG);
typedef CONFIGRET(WINAPI *list)(GUID *, char *, char *, ULONG, ULONG);

static void cfgmgr_lists(void)
{
    const HMODULE module = LoadLibraryA("cfgmgr32.dll");
    const list_size get_size =
        (list_size)(void *)GetProcAddress(module, "CM_Get_Device_Interface_List_SizeA");
    const list get_list = (list)(void *)GetProcAddress(module, "CM_Get_Device_Interface_ListA");
    GUID guid = guid_standard;
    char paths[1000] = "";
    ULONG size = 0;

    if (!get_size || !get_list) {
        skip("cfgmgr32.dll has no CM_Get_Device_Interface_List");
        return;
    }
    EXPECT_EQUAL(get_size(&size, &guid, NULL, CM_GET_DEVICE_INTERFACE_LIST_PRESENT), CR_SUCCESS);
    EXPECT(size > 1);
    EXPECT_EQUAL(get_list(&guid, NULL, paths, sizeof(paths), CM_GET_DEVICE_INTERFACE_LIST_PRESENT),
                 CR_SUCCESS);
    say("  path %s", paths);
    EXPECT(begins(paths, "\\\\?\\usb#vid_1209&pid_0001#"));
}

/* --- Data ------------------------------------------------------------------------------------ */

static void enumerate_and_move_data(void)
{
    struct device device;
    UCHAR data[4096];
    ULONG read = 0;

    if (!device_open(&device))
        return;

    device_loops(&device);
    EXPECT(device_behave(&device, SOURCE, LABDEV_SOURCE));
    EXPECT(WinUsb_ReadPipe(device.usb, SOURCE, data, sizeof(data), &read, NULL));
    EXPECT_EQUAL(read, sizeof(data));
    EXPECT(is_pattern(data, sizeof(data), 0));
    device_close(&device);
}

const struct test_case enumerate_cases[] = {
    { "enumerate_a", enumerate_a },
    { "enumerate_w", enumerate_w },
    { "enumerate_and_move_data", enumerate_and_move_data },
    { "cfgmgr_lists", cfgmgr_lists },
    { 0 },
};
