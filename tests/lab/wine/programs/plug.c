/*
 * The device leaves while the program has to do with it, and comes back. That its paths go and come
 * with it is the business of whoever publishes devices.
 */
#include <windows.h>
#include <dbt.h>

#include "cases.h"
#include "device.h"
#include "service.h"

#ifndef ERROR_NO_SUCH_DEVICE /* newer than some headers */
#define ERROR_NO_SUCH_DEVICE 433L
#endif

enum {
    ABSENCE = 1500,  /* [ms] less than who publishes devices may take to look */
    RETURN = 300000, /* [ms] at most */
};

static bool leave(const struct device *device, ULONG absence)
{
    struct labdev_replug replug = { .personality = LABDEV_STANDARD, .absence = absence };

    return device_request(device, LABDEV_REPLUG, 0, &replug, sizeof(replug));
}

/* What Windows says of a device that is gone, at one stage or another. */
static bool is_gone(DWORD error)
{
    return error == ERROR_GEN_FAILURE || error == ERROR_DEVICE_NOT_CONNECTED ||
           error == ERROR_NO_SUCH_DEVICE || error == ERROR_FILE_NOT_FOUND ||
           error == ERROR_BAD_COMMAND || error == ERROR_OPERATION_ABORTED;
}

static void pending_read_fails(const struct device *device, struct read_request *request)
{
    DWORD bytes = 0;

    if (!EXPECT_EQUAL(WaitForSingleObject(request->overlapped.hEvent, PATIENCE), WAIT_OBJECT_0))
        return;

    EXPECT(!WinUsb_GetOverlappedResult(device->usb, &request->overlapped, &bytes, FALSE));
    say("  the pending read ended with error %lu", GetLastError());
    EXPECT(is_gone(GetLastError()));
    CloseHandle(request->overlapped.hEvent);
}

static void calls_fail(const struct device *device)
{
    UCHAR data[64];
    ULONG moved;

    EXPECT(!WinUsb_ReadPipe(device->usb, SOURCE, data, sizeof(data), &moved, NULL));
    say("  a read fails with error %lu", GetLastError());
    EXPECT(is_gone(GetLastError()));
    EXPECT(!WinUsb_GetDescriptor(device->usb, USB_STRING_DESCRIPTOR_TYPE, 1, 0x0409, data,
                                 sizeof(data), &moved));
    EXPECT(is_gone(GetLastError()));
}

/* Tries as programs do that were told nothing. */
static bool open_returned(struct device *device)
{
    const DWORD start = GetTickCount();
    char path[PATH_LENGTH];

    while (GetTickCount() - start < RETURN) {
        device->file =
            device_find(&guid_standard, path) ? device_open_path(path) : INVALID_HANDLE_VALUE;
        if (device->file != INVALID_HANDLE_VALUE && WinUsb_Initialize(device->file, &device->usb))
            return true;
        if (device->file != INVALID_HANDLE_VALUE)
            CloseHandle(device->file);
        Sleep(50);
    }
    return EXPECT(!"the device came back");
}

static void plug_unplug(void)
{
    struct read_request request = { 0 };
    struct device device;

    if (!device_open(&device))
        return;

    device_behave(&device, SOURCE, LABDEV_NAK);
    read_begin_event(&device, SOURCE, &request);
    if (leave(&device, ABSENCE)) {
        pending_read_fails(&device, &request);
        calls_fail(&device);
    }
    device_close(&device);
    if (open_returned(&device)) {
        device_loops(&device);
        device_close(&device);
    }
}

/* --- Being told ------------------------------------------------------------------------------ */

static unsigned removals, arrivals;
static WCHAR arrived[PATH_LENGTH]; /* path */

static LRESULT CALLBACK on_message(HWND window, UINT message, WPARAM event, LPARAM data)
{
    const DEV_BROADCAST_DEVICEINTERFACE_W *device = (const void *)data;

    if (message != WM_DEVICECHANGE)
        return DefWindowProcW(window, message, event, data);

    say("  WM_DEVICECHANGE %#llx", (ULONGLONG)event);
    removals += event == DBT_DEVICEREMOVECOMPLETE;
    if (event == DBT_DEVICEARRIVAL && device->dbcc_devicetype == DBT_DEVTYP_DEVICEINTERFACE) {
        arrivals++;
        lstrcpynW(arrived, device->dbcc_name, PATH_LENGTH);
    }
    return TRUE;
}

/* For messages only: that takes no display. */
static HWND create_window(void)
{
    const WNDCLASSW class = {
        .lpfnWndProc = on_message,
        .hInstance = GetModuleHandleA(NULL),
        .lpszClassName = L"winusb_lab",
    };

    RegisterClassW(&class);
    return CreateWindowW(class.lpszClassName, L"", 0, 0, 0, 0, 0, HWND_MESSAGE, NULL,
                         class.hInstance, NULL);
}

static void pump_until_arrival(void)
{
    const DWORD start = GetTickCount();
    MSG message;

    while (arrivals == 0 && GetTickCount() - start < RETURN) {
        MsgWaitForMultipleObjects(0, NULL, FALSE, 100, QS_ALLINPUT);
        while (PeekMessageW(&message, NULL, 0, 0, PM_REMOVE))
            DispatchMessageW(&message);
    }
}

static void plug_notify(void)
{
    DEV_BROADCAST_DEVICEINTERFACE_W filter = {
        .dbcc_size = sizeof(filter),
        .dbcc_devicetype = DBT_DEVTYP_DEVICEINTERFACE,
        .dbcc_classguid = guid_standard,
    };
    const HWND window = create_window();
    struct device device;
    HDEVNOTIFY notify;

    if (!window) {
        skip("no window can be made");
        return;
    }
    EXPECT(service_await(RETURN));
    notify = RegisterDeviceNotificationW(window, &filter, DEVICE_NOTIFY_WINDOW_HANDLE);
    if (EXPECT(notify != NULL) && device_open(&device)) {
        leave(&device, ABSENCE);
        device_close(&device);
        pump_until_arrival();
        EXPECT_EQUAL(removals, 1);
        if (EXPECT_EQUAL(arrivals, 1))
            device_use_path(arrived);
    }
    UnregisterDeviceNotification(notify);
    DestroyWindow(window);
}

const struct test_case plug_cases[] = {
    { "plug_unplug", plug_unplug },
    { "plug_notify", plug_notify },
    { 0 },
};
