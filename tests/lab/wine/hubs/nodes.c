#include "nodes.h"

#include <initguid.h>
#include <devpkey.h>
#include <objbase.h>
#include <string.h>
#include <wchar.h>

#include "lab/wine/programs/expect.h"

const GUID guid_usb_device = { 0xA5DCBF10,
                               0x6530,
                               0x11D2,
                               { 0x90, 0x1F, 0x00, 0xC0, 0x4F, 0xB9, 0x51, 0xED } };
const GUID guid_usb_hub = { 0xF18A0E88,
                            0xC30C,
                            0x11D0,
                            { 0x88, 0x15, 0x00, 0xA0, 0xC9, 0x06, 0xBE, 0xD8 } };
const GUID guid_usb_controller = { 0x3ABF6F2D,
                                   0x71C4,
                                   0x462A,
                                   { 0x8A, 0x92, 0x1E, 0x68, 0x61, 0xE6, 0xAF, 0x27 } };

/* --- Properties ------------------------------------------------------------------------------ */

/* A string, or the strings of a list. */
static bool text(HDEVINFO set, SP_DEVINFO_DATA *info, const DEVPROPKEY *key, WCHAR out[NAME_LENGTH])
{
    DEVPROPTYPE type = 0;

    memset(out, 0, NAME_LENGTH * sizeof(WCHAR));
    return SetupDiGetDevicePropertyW(set, info, key, &type, (BYTE *)out,
                                     (NAME_LENGTH - 2) * sizeof(WCHAR), NULL, 0) &&
           (type == DEVPROP_TYPE_STRING || type == DEVPROP_TYPE_STRING_LIST);
}

static bool number(HDEVINFO set, SP_DEVINFO_DATA *info, const DEVPROPKEY *key, ULONG *out)
{
    DEVPROPTYPE type = 0;

    return SetupDiGetDevicePropertyW(set, info, key, &type, (BYTE *)out, sizeof(*out), NULL, 0) &&
           type == DEVPROP_TYPE_UINT32;
}

static void read_properties(HDEVINFO set, SP_DEVINFO_DATA *info, struct usb_node *node)
{
    EXPECT(text(set, info, &DEVPKEY_Device_InstanceId, node->id));
    EXPECT(text(set, info, &DEVPKEY_Device_Parent, node->parent));
    EXPECT(text(set, info, &DEVPKEY_Device_HardwareIds, node->hardware));
    EXPECT(number(set, info, &DEVPKEY_Device_Address, &node->port));
    text(set, info, &DEVPKEY_Device_Service, node->service);
    text(set, info, &DEVPKEY_Device_Children, node->children);
    node->has_bus = number(set, info, &DEVPKEY_Device_BusNumber, &node->bus);
}

/* --- Paths ----------------------------------------------------------------------------------- */

static bool
detail(HDEVINFO set, SP_DEVICE_INTERFACE_DATA *data, WCHAR path[NAME_LENGTH], SP_DEVINFO_DATA *info)
{
    union {
        SP_DEVICE_INTERFACE_DETAIL_DATA_W detail;
        UCHAR bytes[sizeof(SP_DEVICE_INTERFACE_DETAIL_DATA_W) + NAME_LENGTH * sizeof(WCHAR)];
    } both = { .detail.cbSize = sizeof(both.detail) };

    info->cbSize = sizeof(*info);
    if (!SetupDiGetDeviceInterfaceDetailW(set, data, &both.detail, sizeof(both), NULL, info))
        return false;
    lstrcpynW(path, both.detail.DevicePath, NAME_LENGTH);
    return true;
}

static bool first_path(HDEVINFO set, const GUID *guid, WCHAR path[NAME_LENGTH])
{
    SP_DEVICE_INTERFACE_DATA data = { .cbSize = sizeof(data) };
    SP_DEVINFO_DATA info;

    return SetupDiEnumDeviceInterfaces(set, NULL, guid, 0, &data) &&
           detail(set, &data, path, &info);
}

bool nodes_path(const WCHAR *id, const GUID *guid, WCHAR path[NAME_LENGTH])
{
    const HDEVINFO set =
        SetupDiGetClassDevsW(guid, id, NULL, DIGCF_PRESENT | DIGCF_DEVICEINTERFACE);
    bool found;

    if (set == INVALID_HANDLE_VALUE)
        return false;
    found = first_path(set, guid, path);
    SetupDiDestroyDeviceInfoList(set);
    return found;
}

/* --- Nodes ----------------------------------------------------------------------------------- */

void nodes_expect_by_path(const struct usb_node *node)
{
    const HDEVINFO set = SetupDiCreateDeviceInfoList(NULL, NULL);
    SP_DEVICE_INTERFACE_DATA data = { .cbSize = sizeof(data) };
    SP_DEVINFO_DATA info;
    WCHAR path[NAME_LENGTH], id[NAME_LENGTH];

    if (!EXPECT(set != INVALID_HANDLE_VALUE))
        return;
    if (EXPECT(SetupDiOpenDeviceInterfaceW(set, node->path, 0, &data)) &&
        EXPECT(detail(set, &data, path, &info)) &&
        EXPECT(text(set, &info, &DEVPKEY_Device_InstanceId, id)))
        EXPECT(_wcsicmp(path, node->path) == 0 && _wcsicmp(id, node->id) == 0);
    SetupDiDestroyDeviceInfoList(set);
}

int nodes_list(const GUID *guid, struct usb_node *nodes, int most)
{
    const HDEVINFO set =
        SetupDiGetClassDevsW(guid, NULL, NULL, DIGCF_PRESENT | DIGCF_DEVICEINTERFACE);
    SP_DEVICE_INTERFACE_DATA data = { .cbSize = sizeof(data) };
    SP_DEVINFO_DATA info;
    int count = 0;

    if (!EXPECT(set != INVALID_HANDLE_VALUE))
        return 0;
    while (count < most && SetupDiEnumDeviceInterfaces(set, NULL, guid, (DWORD)count, &data)) {
        struct usb_node *node = &nodes[count++];

        memset(node, 0, sizeof(*node));
        if (EXPECT(detail(set, &data, node->path, &info)))
            read_properties(set, &info, node);
    }
    SetupDiDestroyDeviceInfoList(set);
    return count;
}

bool nodes_read(const WCHAR *id, struct usb_node *node)
{
    const HDEVINFO set = SetupDiCreateDeviceInfoList(NULL, NULL);
    SP_DEVINFO_DATA info = { .cbSize = sizeof(info) };
    bool opened;

    memset(node, 0, sizeof(*node));
    if (!EXPECT(set != INVALID_HANDLE_VALUE))
        return false;
    opened = EXPECT(SetupDiOpenDeviceInfoW(set, id, NULL, 0, &info));
    if (opened)
        read_properties(set, &info, node);
    SetupDiDestroyDeviceInfoList(set);
    return opened;
}

/* The first GUID in the registry key of a device. */
static bool read_guid(const WCHAR *id, GUID *guid)
{
    const HDEVINFO set = SetupDiCreateDeviceInfoList(NULL, NULL);
    SP_DEVINFO_DATA info = { .cbSize = sizeof(info) };
    WCHAR value[NAME_LENGTH] = L"";
    DWORD size = sizeof(value) - 2 * sizeof(WCHAR);
    bool read = false;

    if (set == INVALID_HANDLE_VALUE)
        return false;
    if (SetupDiOpenDeviceInfoW(set, id, NULL, 0, &info)) {
        const HKEY key = SetupDiOpenDevRegKey(set, &info, DICS_FLAG_GLOBAL, 0, DIREG_DEV, KEY_READ);

        read = key != INVALID_HANDLE_VALUE && RegQueryValueExW(key, L"DeviceInterfaceGUIDs", NULL,
                                                               NULL, (BYTE *)value, &size) == 0;
        if (key != INVALID_HANDLE_VALUE)
            RegCloseKey(key);
    }
    SetupDiDestroyDeviceInfoList(set);
    return read && IIDFromString(value, guid) == S_OK;
}

bool nodes_path_by_key(const WCHAR *id, WCHAR path[NAME_LENGTH])
{
    GUID guid;

    return EXPECT(read_guid(id, &guid)) && EXPECT(nodes_path(id, &guid, path));
}

HANDLE nodes_open_hub(const struct usb_node *node, DWORD flags)
{
    WCHAR path[NAME_LENGTH];
    HANDLE hub;

    if (!EXPECT(nodes_path(node->parent, &guid_usb_hub, path)))
        return INVALID_HANDLE_VALUE;
    hub = hub_open(path, flags);
    EXPECT(hub != INVALID_HANDLE_VALUE);
    return hub;
}
