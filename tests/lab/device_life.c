/*
 * The life of a device that a kernel driver has: found by its interface path, opened, asked for its
 * descriptors, given back, pulled out and plugged in again. Guests run no udev daemon.
 *
 *     device_life        needs the tablet on xHCI; changes which devices are plugged in
 */
#include <fcntl.h>
#include <setupapi.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <initguid.h>
#include <usbiodef.h>

#include "lab/lab.h"

#define check(condition) \
    ((condition) || (fprintf(stderr, "%d: not true: %s\n", __LINE__, #condition), false))

/* Gives the path of the only function there is. */
static bool find_path(char *path, size_t size)
{
    const HDEVINFO set = SetupDiGetClassDevsA(&GUID_DEVINTERFACE_USB_DEVICE, NULL, NULL,
                                              DIGCF_PRESENT | DIGCF_DEVICEINTERFACE);
    SP_DEVICE_INTERFACE_DATA data = { .cbSize = sizeof(data) };
    union {
        SP_DEVICE_INTERFACE_DETAIL_DATA_A detail;
        char bytes[512];
    } buffer = { .detail = { .cbSize = sizeof(buffer.detail) } };
    const bool found =
        SetupDiEnumDeviceInterfaces(set, NULL, &GUID_DEVINTERFACE_USB_DEVICE, 0, &data) &&
        SetupDiGetDeviceInterfaceDetailA(set, &data, &buffer.detail, sizeof(buffer), NULL, NULL);

    if (found)
        snprintf(path, size, "%s", buffer.bytes + 4);
    SetupDiDestroyDeviceInfoList(set);
    return found;
}

static HANDLE open_path(const char *path)
{
    return CreateFileA(path, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                       OPEN_EXISTING, FILE_FLAG_OVERLAPPED, NULL);
}

/* Tells whether this driver has interface 0 of the device on a port of bus 1. */
static bool has_driver(unsigned port, const char *name)
{
    char link[64], target[256];
    ssize_t length;

    snprintf(link, sizeof(link), "/sys/bus/usb/devices/1-%u:1.0/driver", port);
    length = readlink(link, target, sizeof(target) - 1);
    target[length > 0 ? length : 0] = '\0';
    return strlen(target) >= strlen(name) &&
           strcmp(target + strlen(target) - strlen(name), name) == 0;
}

/* Our answer from memory must be what the kernel read from the device. */
static bool equals_sysfs(const UCHAR *bytes, ULONG size, size_t offset)
{
    UCHAR expected[512];
    const int file = open("/sys/bus/usb/devices/1-1/descriptors", O_RDONLY);
    const ssize_t length = pread(file, expected, sizeof(expected), (off_t)offset);

    close(file);
    return length >= (ssize_t)size && memcmp(bytes, expected, size) == 0;
}

static bool ask_for_descriptors(WINUSB_INTERFACE_HANDLE handle)
{
    USB_INTERFACE_DESCRIPTOR setting;
    WINUSB_PIPE_INFORMATION pipe;
    UCHAR bytes[512];
    ULONG got = 0;

    return check(WinUsb_GetDescriptor(handle, 1, 0, 0, bytes, sizeof(bytes), &got)) &&
           check(got == 18 && equals_sysfs(bytes, got, 0)) &&
           check(WinUsb_GetDescriptor(handle, 2, 0, 0, bytes, sizeof(bytes), &got)) &&
           check(got == (ULONG)(bytes[2] | bytes[3] << 8) && equals_sysfs(bytes, got, 18)) &&
           check(WinUsb_GetDescriptor(handle, 3, 3, 0x0409, bytes, sizeof(bytes), &got)) &&
           check(got == 2 * (1 + strlen(LAB_TABLET)) && bytes[2] == 'Q') &&
           check(!WinUsb_GetDescriptor(handle, 0x40, 0, 0, bytes, sizeof(bytes), &got)) &&
           check(GetLastError() == ERROR_GEN_FAILURE) &&
           check(WinUsb_QueryInterfaceSettings(handle, 0, &setting)) &&
           check(setting.bInterfaceClass == 3 && setting.bNumEndpoints == 1) &&
           check(WinUsb_QueryPipe(handle, 0, 0, &pipe)) &&
           check(pipe.PipeType == UsbdPipeTypeInterrupt && pipe.PipeId == 0x81);
}

/* The device belongs to one file at a time, and to the kernel's driver otherwise. */
static bool open_and_give_back(const char *path)
{
    const HANDLE file = open_path(path), second = open_path(path);
    WINUSB_INTERFACE_HANDLE handle, refused;
    bool ok = check(has_driver(1, "/usbhid")) && check(WinUsb_Initialize(file, &handle)) &&
              check(has_driver(1, "/usbfs")) && ask_for_descriptors(handle) &&
              check(!WinUsb_Initialize(second, &refused)) &&
              check(GetLastError() == ERROR_ACCESS_DENIED && refused == NULL);

    CloseHandle(second);
    CloseHandle(file);
    ok = ok && check(has_driver(1, "/usbhid")) && check(WinUsb_Free(handle));
    return ok;
}

static bool wait_for(bool present)
{
    for (int i = 0; i < 1200 && lab_present(LAB_TABLET) != present; i++)
        lab_sleep(50000000);

    return check(lab_present(LAB_TABLET) == present);
}

/* Once it is gone, calls say so, also after another device has come in its place. */
static bool pull_and_plug(const char *path)
{
    const HANDLE file = open_path(path);
    WINUSB_INTERFACE_HANDLE handle, again;
    UCHAR bytes[18];
    ULONG got;
    char new_path[512];
    const bool ok =
        check(WinUsb_Initialize(file, &handle)) && lab_monitor("device_del tablet") &&
        wait_for(false) && check(!WinUsb_GetDescriptor(handle, 1, 0, 0, bytes, 18, &got)) &&
        check(GetLastError() == ERROR_DEVICE_NOT_CONNECTED) &&
        check(open_path(path) == INVALID_HANDLE_VALUE) &&
        check(GetLastError() == ERROR_FILE_NOT_FOUND) &&
        lab_monitor("device_add usb-tablet,id=tablet,bus=usb.0,port=1") && wait_for(true) &&
        check(!WinUsb_GetDescriptor(handle, 1, 0, 0, bytes, 18, &got)) &&
        check(!WinUsb_Initialize(file, &again)) && check(GetLastError() == ERROR_BAD_COMMAND) &&
        check(find_path(new_path, sizeof(new_path))) && check(strcmp(path, new_path) == 0);

    CloseHandle(file);
    return ok;
}

int main(void)
{
    char path[512];
    const bool ok = check(find_path(path, sizeof(path))) && open_and_give_back(path) &&
                    pull_and_plug(path) && open_and_give_back(path);

    if (ok)
        printf("%s: found, opened, given back, pulled and plugged\n", path);
    return ok ? 0 : 1;
}
