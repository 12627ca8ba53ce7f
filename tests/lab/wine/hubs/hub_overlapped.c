/*
 * A program that has no winusb.dll until it opens a device, as browsers: it finds the device by
 * properties, asks its hub by overlapped requests, and opens the path; transfers end in a thread
 * pool and at a port, and are given up by CancelIoEx.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <windows.h>
#include <winusb.h>

#include "lab/device/protocol.h"
#include "lab/wine/programs/expect.h"
#include "nodes.h"

enum {
    MOST = 16,
    SOURCE = 0x81,
    LOOP_OUT = 0x02,
    LOOP_IN = 0x82,
    PATIENCE = 60000, /* [ms] */
};

static struct usb_node ours; /* the lab's device */
static bool found;

/* --- Hubs ------------------------------------------------------------------------------------ */

static bool is_lab_device(HANDLE hub, const struct usb_node *node)
{
    struct hub_connection connection;

    if (!EXPECT(hub_connection(hub, node->port, &connection)))
        return false;
    say("  %ls: %04x:%04x at port %lu of bus %ld", node->id, connection.device.idVendor,
        connection.device.idProduct, node->port, node->has_bus ? (long)node->bus : -1);
    return connection.device.idVendor == LABDEV_VENDOR &&
           connection.device.idProduct == LABDEV_PRODUCT_ID + LABDEV_STANDARD;
}

static void expect_string(HANDLE hub, ULONG port, unsigned index, const WCHAR *wanted)
{
    UCHAR data[DESCRIPTOR_SIZE];
    const ULONG size = hub_descriptor(hub, port, USB_STRING_DESCRIPTOR_TYPE, index, 0x0409, data);

    EXPECT_EQUAL(size, 2 + 2 * wcslen(wanted));
    EXPECT(size >= 2 && memcmp(data + 2, wanted, size - 2) == 0);
}

static void read_descriptors(HANDLE hub, ULONG port)
{
    UCHAR data[DESCRIPTOR_SIZE];
    ULONG size = hub_descriptor(hub, port, USB_CONFIGURATION_DESCRIPTOR_TYPE, 0, 0, data);

    EXPECT(size >= 9 && (ULONG)(data[2] | data[3] << 8) == size);
    size = hub_descriptor(hub, port, USB_STRING_DESCRIPTOR_TYPE, 0, 0, data);
    EXPECT(size >= 4 && (data[2] | data[3] << 8) == 0x0409);
    expect_string(hub, port, 1, L"OpenWinUSB");
    expect_string(hub, port, 2, L"Lab device");
    expect_string(hub, port, 3, L"LAB0001");
    size = hub_descriptor(hub, port, BOS_TYPE, 0, 0, data);
    EXPECT(size >= 5 && (ULONG)(data[2] | data[3] << 8) == size);
}

/* What a hub refuses is refused for good, and not left pending. */
static void expect_refusals(HANDLE hub)
{
    struct hub_connection connection;
    UCHAR data[DESCRIPTOR_SIZE];
    DWORD got;

    EXPECT(!hub_connection(hub, 200, &connection));
    EXPECT(hub_descriptor(hub, 200, USB_CONFIGURATION_DESCRIPTOR_TYPE, 0, 0, data) == 0);
    EXPECT(!hub_ask(hub, PORT_CONNECTION, data, 4, &got));
}

static void ask_hubs(void)
{
    static struct usb_node nodes[MOST];
    int count;

    EXPECT(!GetModuleHandleW(L"winusb.dll"));
    count = nodes_list(&guid_usb_device, nodes, MOST);
    for (int i = 0; i < count && !found; i++) {
        const HANDLE hub = nodes_open_hub(&nodes[i], FILE_FLAG_OVERLAPPED);

        if (hub == INVALID_HANDLE_VALUE)
            continue;
        found = is_lab_device(hub, &nodes[i]);
        if (found) {
            ours = nodes[i];
            read_descriptors(hub, ours.port);
            expect_refusals(hub);
        }
        CloseHandle(hub);
    }
    EXPECT(found);
}

/* --- The device, by functions found late ---------------------------------------------------------
 */

#define LATE(X)                                                                                 \
    X(WinUsb_Initialize, (HANDLE, WINUSB_INTERFACE_HANDLE *))                                   \
    X(WinUsb_Free, (WINUSB_INTERFACE_HANDLE))                                                   \
    X(WinUsb_ControlTransfer,                                                                   \
      (WINUSB_INTERFACE_HANDLE, WINUSB_SETUP_PACKET, UCHAR *, ULONG, ULONG *, OVERLAPPED *))    \
    X(WinUsb_ReadPipe, (WINUSB_INTERFACE_HANDLE, UCHAR, UCHAR *, ULONG, ULONG *, OVERLAPPED *)) \
    X(WinUsb_WritePipe, (WINUSB_INTERFACE_HANDLE, UCHAR, UCHAR *, ULONG, ULONG *, OVERLAPPED *))

#define MEMBER(name, parameters) BOOL(WINAPI *name) parameters;
static struct {
    LATE(MEMBER)
} late;

/* GetProcAddress gives functions of no particular type. */
#define FIND(name, parameters)                                   \
    {                                                            \
        const FARPROC function = GetProcAddress(library, #name); \
        memcpy(&late.name, &function, sizeof(function));         \
        if (!EXPECT(function != NULL))                           \
            return false;                                        \
    }

static bool load(void)
{
    const HMODULE library = LoadLibraryW(L"winusb.dll");

    if (!EXPECT(library != NULL))
        return false;
    LATE(FIND)
    return true;
}

struct opened {
    HANDLE file;
    WINUSB_INTERFACE_HANDLE usb;
};

/* Each request has an event of its own, and is pending or not. */
static bool begun(BOOL result)
{
    return EXPECT(result || GetLastError() == ERROR_IO_PENDING);
}

/* One that is waited for in a thread pool. */
struct request {
    OVERLAPPED overlapped;
    HANDLE wait, told;
};

static void CALLBACK on_event(void *context, BOOLEAN timed_out)
{
    const struct request *request = context;

    EXPECT(!timed_out);
    SetEvent(request->told);
}

static bool request_prepare(struct request *request)
{
    memset(request, 0, sizeof(*request));
    request->overlapped.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL);
    request->told = CreateEventW(NULL, TRUE, FALSE, NULL);
    return EXPECT(RegisterWaitForSingleObject(&request->wait, request->overlapped.hEvent, on_event,
                                              request, PATIENCE, WT_EXECUTEONLYONCE));
}

/* Gives how many bytes were moved. */
static DWORD request_end(const struct opened *device, struct request *request, DWORD error)
{
    DWORD bytes = 0;

    EXPECT_EQUAL(WaitForSingleObject(request->told, 2 * PATIENCE), WAIT_OBJECT_0);
    if (error == ERROR_SUCCESS) {
        SetLastError(ERROR_IO_PENDING); /* nusb reads it, whatever the result is */
        EXPECT(GetOverlappedResult(device->file, &request->overlapped, &bytes, FALSE));
        EXPECT_EQUAL(GetLastError(), ERROR_SUCCESS);
    } else {
        EXPECT_ERROR(GetOverlappedResult(device->file, &request->overlapped, &bytes, FALSE), error);
    }
    UnregisterWaitEx(request->wait, INVALID_HANDLE_VALUE);
    CloseHandle(request->overlapped.hEvent);
    CloseHandle(request->told);
    return bytes;
}

static bool send(const struct opened *device, UCHAR number, USHORT index, void *data, size_t size)
{
    const WINUSB_SETUP_PACKET setup = {
        .RequestType = 0x40, .Request = number, .Index = index, .Length = (USHORT)size
    };
    struct request request;

    return request_prepare(&request) &&
           begun(late.WinUsb_ControlTransfer(device->usb, setup, data, (ULONG)size, NULL,
                                             &request.overlapped)) &&
           EXPECT_EQUAL(request_end(device, &request, ERROR_SUCCESS), size);
}

static bool open_device(struct opened *device)
{
    device->file =
        CreateFileW(ours.path, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE,
                    NULL, OPEN_EXISTING, FILE_FLAG_OVERLAPPED, NULL);
    device->usb = NULL;
    return EXPECT(found) && EXPECT(device->file != INVALID_HANDLE_VALUE) && load() &&
           EXPECT(late.WinUsb_Initialize(device->file, &device->usb)) &&
           send(device, LABDEV_CLEAR, 0, NULL, 0);
}

static void close_device(struct opened *device)
{
    if (device->usb)
        EXPECT(late.WinUsb_Free(device->usb));
    if (device->file != INVALID_HANDLE_VALUE)
        CloseHandle(device->file);
}

/* --- Cases ----------------------------------------------------------------------------------- */

static UCHAR sent[] = "there and back again", got[512];

static void pool(void)
{
    struct opened device;
    struct request request;

    if (open_device(&device) && request_prepare(&request) &&
        begun(late.WinUsb_WritePipe(device.usb, LOOP_OUT, sent, sizeof(sent), NULL,
                                    &request.overlapped)) &&
        EXPECT_EQUAL(request_end(&device, &request, ERROR_SUCCESS), sizeof(sent)) &&
        request_prepare(&request) &&
        begun(late.WinUsb_ReadPipe(device.usb, LOOP_IN, got, sizeof(got), NULL,
                                   &request.overlapped)) &&
        EXPECT_EQUAL(request_end(&device, &request, ERROR_SUCCESS), sizeof(sent)))
        EXPECT(memcmp(sent, got, sizeof(sent)) == 0);
    close_device(&device);
}

static bool ends_at_port(HANDLE port, const OVERLAPPED *wanted, DWORD size)
{
    OVERLAPPED *ended = NULL;
    ULONG_PTR key = 0;
    DWORD bytes = 0;

    return EXPECT(GetQueuedCompletionStatus(port, &bytes, &key, &ended, PATIENCE)) &&
           EXPECT(ended == wanted) && EXPECT_EQUAL(key, 7) && EXPECT_EQUAL(bytes, size);
}

static void port(void)
{
    OVERLAPPED write = { 0 }, read = { 0 };
    struct opened device;
    HANDLE file_port = NULL;

    if (open_device(&device) &&
        EXPECT((file_port = CreateIoCompletionPort(device.file, NULL, 7, 0)) != NULL) &&
        begun(late.WinUsb_WritePipe(device.usb, LOOP_OUT, sent, sizeof(sent), NULL, &write)) &&
        ends_at_port(file_port, &write, sizeof(sent)) &&
        begun(late.WinUsb_ReadPipe(device.usb, LOOP_IN, got, sizeof(got), NULL, &read)))
        ends_at_port(file_port, &read, sizeof(sent));
    close_device(&device);
    if (file_port)
        CloseHandle(file_port);
}

static void cancel(void)
{
    struct labdev_behaviour silent = { .kind = LABDEV_NAK };
    struct request first, second;
    struct opened device;

    if (open_device(&device) && send(&device, LABDEV_PROGRAM, SOURCE, &silent, sizeof(silent)) &&
        request_prepare(&first) && request_prepare(&second) &&
        begun(
            late.WinUsb_ReadPipe(device.usb, SOURCE, got, sizeof(got), NULL, &first.overlapped)) &&
        begun(
            late.WinUsb_ReadPipe(device.usb, SOURCE, got, sizeof(got), NULL, &second.overlapped))) {
        EXPECT(CancelIoEx(device.file, &second.overlapped));
        EXPECT_EQUAL(request_end(&device, &second, ERROR_OPERATION_ABORTED), 0);
        EXPECT_EQUAL(WaitForSingleObject(first.told, 0), WAIT_TIMEOUT);
        EXPECT(CancelIoEx(device.file, NULL));
        EXPECT_EQUAL(request_end(&device, &first, ERROR_OPERATION_ABORTED), 0);
    }
    close_device(&device);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        { "ask_hubs", ask_hubs }, { "pool", pool }, { "port", port },
        { "cancel", cancel },     { NULL, NULL },
    };
    const struct test_case *lists[] = { cases, NULL };

    (void)argc;
    (void)argv;
    return run_cases(lists, 0, NULL);
}
