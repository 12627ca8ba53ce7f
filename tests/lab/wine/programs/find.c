#include "find.h"

#include <setupapi.h>
#include <string.h>

#include "expect.h"

#define LAB_GUID(last)                                     \
    {                                                      \
        0x8f1d2c5a, 0x3b47, 0x4e0c,                        \
        {                                                  \
            0x9a, 0x61, 0x5c, 0x2e, 0x7d, 0x94, 0xb0, last \
        }                                                  \
    }

const GUID guid_standard = LAB_GUID(0x10), guid_a = LAB_GUID(0xa0), guid_b = LAB_GUID(0xb0);

static bool path_of(HDEVINFO set, SP_DEVICE_INTERFACE_DATA *data, char path[PATH_LENGTH])
{
    union {
        SP_DEVICE_INTERFACE_DETAIL_DATA_A detail;
        char room[sizeof(SP_DEVICE_INTERFACE_DETAIL_DATA_A) + PATH_LENGTH];
    } buffer = { .detail.cbSize = sizeof(buffer.detail) };

    if (!SetupDiGetDeviceInterfaceDetailA(set, data, &buffer.detail, sizeof(buffer), NULL, NULL) ||
        strlen(buffer.detail.DevicePath) >= PATH_LENGTH)
        return false;

    strcpy(path, buffer.detail.DevicePath);
    return true;
}

bool device_find(const GUID *guid, char path[PATH_LENGTH])
{
    const HDEVINFO set =
        SetupDiGetClassDevsA(guid, NULL, NULL, DIGCF_PRESENT | DIGCF_DEVICEINTERFACE);
    SP_DEVICE_INTERFACE_DATA data = { .cbSize = sizeof(data) };
    bool found;

    if (set == INVALID_HANDLE_VALUE)
        return false;

    found = SetupDiEnumDeviceInterfaces(set, NULL, guid, 0, &data) && path_of(set, &data, path);
    SetupDiDestroyDeviceInfoList(set);
    return found;
}

HANDLE device_open_path(const char *path)
{
    return CreateFileA(path, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                       OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL | FILE_FLAG_OVERLAPPED, NULL);
}

HANDLE device_open_file(const GUID *guid)
{
    char path[PATH_LENGTH];
    HANDLE file;

    if (!EXPECT(device_find(guid, path)))
        return INVALID_HANDLE_VALUE;

    file = device_open_path(path);
    EXPECT(file != INVALID_HANDLE_VALUE);
    return file;
}

bool is_pattern(const UCHAR *data, size_t size, size_t position)
{
    for (size_t i = 0; i < size; i++)
        if (data[i] != (position + i) % 251)
            return false;
    return true;
}
