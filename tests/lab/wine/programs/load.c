/*
 * A program that loads the DLL by name when it runs, as libusb and libusbK do: finds all that it
 * exports, by names and by ordinals, and reads from the device by what it found. Its header is the
 * compiler's own.
 */
#include <stdio.h>

#include "device.h"
#include "expect.h"

static const char *const names[] = {
    "WinUsb_AbortPipe",
    "WinUsb_AbortPipeAsync",
    "WinUsb_ControlTransfer",
    "WinUsb_FlushPipe",
    "WinUsb_Free",
    "WinUsb_GetAdjustedFrameNumber",
    "WinUsb_GetAssociatedInterface",
    "WinUsb_GetCurrentAlternateSetting",
    "WinUsb_GetCurrentFrameNumber",
    "WinUsb_GetCurrentFrameNumberAndQpc",
    "WinUsb_GetDescriptor",
    "WinUsb_GetOverlappedResult",
    "WinUsb_GetPipePolicy",
    "WinUsb_GetPowerPolicy",
    "WinUsb_Initialize",
    "WinUsb_ParseConfigurationDescriptor",
    "WinUsb_ParseDescriptors",
    "WinUsb_QueryDeviceInformation",
    "WinUsb_QueryInterfaceSettings",
    "WinUsb_QueryPipe",
    "WinUsb_QueryPipeEx",
    "WinUsb_ReadIsochPipe",
    "WinUsb_ReadIsochPipeAsap",
    "WinUsb_ReadPipe",
    "WinUsb_RegisterIsochBuffer",
    "WinUsb_ResetPipe",
    "WinUsb_ResetPipeAsync",
    "WinUsb_SetCurrentAlternateSetting",
    "WinUsb_SetCurrentAlternateSettingAsync",
    "WinUsb_SetPipePolicy",
    "WinUsb_SetPowerPolicy",
    "WinUsb_StartTrackingForTimeSync",
    "WinUsb_StopTrackingForTimeSync",
    "WinUsb_UnregisterIsochBuffer",
    "WinUsb_WriteIsochPipe",
    "WinUsb_WriteIsochPipeAsap",
    "WinUsb_WritePipe",
};

enum { NAMES = sizeof(names) / sizeof(names[0]) };

static HMODULE module;

static void load_names(void)
{
    char path[MAX_PATH] = "";

    EXPECT(GetModuleFileNameA(module, path, sizeof(path)) > 0);
    say("  %s", path);
    EXPECT_EQUAL(NAMES, 37);
    for (int i = 0; i < NAMES; i++) {
        const FARPROC function = GetProcAddress(module, names[i]);

        if (!function)
            say("  %s is missing", names[i]);
        EXPECT(function != NULL);
        EXPECT(function == GetProcAddress(module, (const char *)(ULONG_PTR)(i + 1)));
    }
}

#define FIND(function) ((__typeof__(&function))(void *)GetProcAddress(module, #function))

static void load_and_read(void)
{
    WINUSB_INTERFACE_HANDLE usb = NULL;
    UCHAR data[512] = { 0 };
    ULONG read = 0;
    const HANDLE file = device_open_file(&guid_standard);

    if (EXPECT(FIND(WinUsb_Initialize)(file, &usb))) {
        EXPECT(FIND(WinUsb_ReadPipe)(usb, SOURCE, data, sizeof(data), &read, NULL));
        EXPECT_EQUAL(read, sizeof(data));
        EXPECT(FIND(WinUsb_Free)(usb));
    }
    CloseHandle(file);
}

/* Libraries unload it while they still hold files. */
static void load_and_unload(void)
{
    const HANDLE file = device_open_file(&guid_standard);

    EXPECT(FreeLibrary(module));
    EXPECT(CloseHandle(file));
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        { "load_names", load_names },
        { "load_and_read", load_and_read },
        { "load_and_unload", load_and_unload },
        { 0 },
    };
    static const struct test_case *const lists[] = { cases, NULL };

    module = LoadLibraryA("winusb.dll");
    if (!module) {
        say("winusb.dll does not load: error %lu", GetLastError());
        return 1;
    }
    return run_cases(lists, argc - 1, argv + 1);
}
