/*
 * A program for Windows that finds devices as most do, and nothing else: publish.sh compares what
 * it prints.
 *
 *     find.exe {guid}         the interfaces of that GUID that are present; whether each opens
 *     find.exe --load {guid}  the same, after winusb.dll has been loaded
 *     find.exe --list {guid}  the same by CfgMgr32
 *     find.exe --await N      N changes of any device interface, of which a window is told
 *     find.exe --notify N     the same by CfgMgr32, after winusb.dll has been loaded
 */
#include <windows.h>

#include <cfgmgr32.h>
#include <dbt.h>
#include <setupapi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab/wine/programs/service.h"

enum { PATIENCE = 360000 /* [ms] */ };

static BOOL parse_guid(const char *text, GUID *guid)
{
    unsigned long data1;
    unsigned data2, data3, data4[8];
    const int count =
        sscanf(text, "{%8lx-%4x-%4x-%2x%2x-%2x%2x%2x%2x%2x%2x}", &data1, &data2, &data3, &data4[0],
               &data4[1], &data4[2], &data4[3], &data4[4], &data4[5], &data4[6], &data4[7]);

    guid->Data1 = data1;
    guid->Data2 = (WORD)data2;
    guid->Data3 = (WORD)data3;
    for (int i = 0; i < 8; i++)
        guid->Data4[i] = (BYTE)data4[i];
    return count == 11;
}

static const char *try_to_open(const char *path)
{
    const HANDLE file =
        CreateFileA(path, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                    OPEN_EXISTING, FILE_FLAG_OVERLAPPED, NULL);

    if (file == INVALID_HANDLE_VALUE)
        return "closed";

    CloseHandle(file);
    return "open";
}

static BOOL print_interface(HDEVINFO set, SP_DEVICE_INTERFACE_DATA *interface_data)
{
    union {
        SP_DEVICE_INTERFACE_DETAIL_DATA_A detail;
        char bytes[1024];
    } answer = { .detail = { .cbSize = sizeof(answer.detail) } };

    if (!SetupDiGetDeviceInterfaceDetailA(set, interface_data, &answer.detail, sizeof(answer), NULL,
                                          NULL))
        return FALSE;

    printf("%s %s\n", answer.detail.DevicePath, try_to_open(answer.detail.DevicePath));
    return TRUE;
}

static int find(const GUID *guid)
{
    SP_DEVICE_INTERFACE_DATA data = { .cbSize = sizeof(data) };
    const HDEVINFO set =
        SetupDiGetClassDevsA(guid, NULL, NULL, DIGCF_PRESENT | DIGCF_DEVICEINTERFACE);

    if (set == INVALID_HANDLE_VALUE)
        return EXIT_FAILURE;

    for (DWORD i = 0; SetupDiEnumDeviceInterfaces(set, NULL, guid, i, &data); i++)
        if (!print_interface(set, &data))
            return EXIT_FAILURE;

    SetupDiDestroyDeviceInfoList(set);
    return EXIT_SUCCESS;
}

/* As Microsoft's template for WinUSB programs does. */
static int list(GUID *guid)
{
    static char paths[4096];
    ULONG length = 0;

    if (CM_Get_Device_Interface_List_SizeA(&length, guid, NULL,
                                           CM_GET_DEVICE_INTERFACE_LIST_PRESENT) != CR_SUCCESS ||
        length > sizeof(paths) ||
        CM_Get_Device_Interface_ListA(guid, NULL, paths, length,
                                      CM_GET_DEVICE_INTERFACE_LIST_PRESENT) != CR_SUCCESS)
        return EXIT_FAILURE;

    for (const char *path = paths; *path != '\0'; path += strlen(path) + 1)
        printf("%s %s\n", path, try_to_open(path));
    return EXIT_SUCCESS;
}

/* --- Waiting for changes -------------------------------------------------------------------- */

static volatile int events;

static void print_event(WPARAM what, const DEV_BROADCAST_DEVICEINTERFACE_W *event)
{
    if (!event || event->dbcc_devicetype != DBT_DEVTYP_DEVICEINTERFACE)
        return;

    printf("%s %ls\n", what == DBT_DEVICEARRIVAL ? "arrived" : "gone", event->dbcc_name);
    fflush(stdout);
    events++;
}

static LRESULT CALLBACK on_message(HWND window, UINT message, WPARAM wide, LPARAM value)
{
    if (message == WM_DEVICECHANGE &&
        (wide == DBT_DEVICEARRIVAL || wide == DBT_DEVICEREMOVECOMPLETE))
        print_event(wide, (const DEV_BROADCAST_DEVICEINTERFACE_W *)value);
    return DefWindowProcW(window, message, wide, value);
}

static BOOL listen_for_devices(void)
{
    const WNDCLASSW window_class = { .lpfnWndProc = on_message, .lpszClassName = L"find" };
    DEV_BROADCAST_DEVICEINTERFACE_W filter = { .dbcc_size = sizeof(filter),
                                               .dbcc_devicetype = DBT_DEVTYP_DEVICEINTERFACE };
    HWND window;

    RegisterClassW(&window_class);
    window = CreateWindowW(L"find", L"", 0, 0, 0, 0, 0, HWND_MESSAGE, NULL, NULL, NULL);
    return window &&
           RegisterDeviceNotificationW(window, &filter, DEVICE_NOTIFY_ALL_INTERFACE_CLASSES);
}

static int await(int wanted)
{
    const DWORD start = GetTickCount();

    if (!service_await(PATIENCE) || !listen_for_devices())
        return EXIT_FAILURE;

    puts("listening");
    fflush(stdout);
    while (events < wanted && GetTickCount() - start < PATIENCE) {
        MSG message;

        while (PeekMessageW(&message, NULL, 0, 0, PM_REMOVE))
            DispatchMessageW(&message);
        MsgWaitForMultipleObjects(0, NULL, FALSE, 100, QS_ALLINPUT);
    }
    return events == wanted ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* What the compiler's headers have only for later versions of Windows. */
struct notify_filter {
    DWORD size, flags;
    int type;
    DWORD reserved;
    union {
        GUID class_guid;
        HANDLE target;
        WCHAR instance[MAX_DEVICE_ID_LEN];
    } of;
};

struct notify_event {
    int type;
    DWORD reserved;
    GUID class_guid;
    WCHAR path[1];
};

typedef CONFIGRET(WINAPI *notify_register)(struct notify_filter *, void *, void *, void **);
typedef CONFIGRET(WINAPI *notify_unregister)(void *);

static DWORD CALLBACK
on_notification(void *handle, void *context, int action, struct notify_event *event, DWORD size)
{
    (void)handle;
    (void)context;
    (void)size;
    printf("%s %ls\n", action == 0 ? "arrived" : "gone", event->path);
    fflush(stdout);
    InterlockedIncrement((volatile LONG *)&events);
    return ERROR_SUCCESS;
}

static int notify(int wanted)
{
    const HMODULE winusb = LoadLibraryA("winusb.dll"), cfgmgr = LoadLibraryA("cfgmgr32.dll");
    const notify_register begin =
        (notify_register)(void *)GetProcAddress(cfgmgr, "CM_Register_Notification");
    const notify_unregister end =
        (notify_unregister)(void *)GetProcAddress(cfgmgr, "CM_Unregister_Notification");
    struct notify_filter filter = { .size = sizeof(filter), .flags = 1 }; /* all classes */
    const DWORD start = GetTickCount();
    void *handle;

    if (!winusb || !begin || !end || !service_await(PATIENCE) ||
        begin(&filter, NULL, (void *)(ULONG_PTR)on_notification, &handle) != CR_SUCCESS)
        return EXIT_FAILURE;

    puts("listening");
    fflush(stdout);
    while (InterlockedCompareExchange((volatile LONG *)&events, 0, 0) < wanted &&
           GetTickCount() - start < PATIENCE)
        Sleep(100);
    return end(handle) == CR_SUCCESS && events == wanted ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int count, char **arguments)
{
    GUID guid;

    if (count == 3 && strcmp(arguments[1], "--await") == 0)
        return await(atoi(arguments[2]));
    if (count == 3 && strcmp(arguments[1], "--notify") == 0)
        return notify(atoi(arguments[2]));
    if (count == 3 && !LoadLibraryA("winusb.dll"))
        return EXIT_FAILURE;
    if (count < 2 || !parse_guid(arguments[count - 1], &guid))
        return EXIT_FAILURE;
    return count == 3 && strcmp(arguments[1], "--list") == 0 ? list(&guid) : find(&guid);
}
