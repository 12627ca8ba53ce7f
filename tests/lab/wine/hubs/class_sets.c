/*
 * Prints what it takes a program to list devices and hubs, and whether it has winusb.dll
 * afterwards: the first time, in which class installers bring in the DLL, and on average of those
 * after that.
 */
#include <stdio.h>
#include <windows.h>

#include <setupapi.h>

#include "nodes.h"

enum { LATER = 10 };

/* How long it takes to make a set and destroy it [us]. */
static LONGLONG list(const GUID *guid)
{
    LARGE_INTEGER frequency, before, after;
    HDEVINFO set;

    QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&before);
    set = SetupDiGetClassDevsW(guid, NULL, NULL, DIGCF_PRESENT | DIGCF_DEVICEINTERFACE);
    if (set != INVALID_HANDLE_VALUE)
        SetupDiDestroyDeviceInfoList(set);
    QueryPerformanceCounter(&after);
    return (after.QuadPart - before.QuadPart) * 1000000 / frequency.QuadPart;
}

static void list_often(const char *name, const GUID *guid)
{
    const LONGLONG first = list(guid);
    LONGLONG later = 0;

    for (int i = 0; i < LATER; i++)
        later += list(guid);
    printf("%s: first %lld us, later %lld us, winusb.dll %s\n", name, first, later / LATER,
           GetModuleHandleW(L"winusb.dll") ? "loaded" : "not loaded");
}

int main(void)
{
    list_often("hubs", &guid_usb_hub);
    list_often("devices", &guid_usb_device);
    return 0;
}
