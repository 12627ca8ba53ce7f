/*
 * Completion ports: each overlapped request of a file that is bound to one gives one packet, and
 * nothing else does.
 */
#include <string.h>

#include "cases.h"
#include "device.h"

enum { KEY = 4711 };

struct bound {
    struct device device;
    HANDLE port;
};

/* The file is bound before WinUSB gets to know it, as libusb and nusb do. */
static bool open_bound(struct bound *bound)
{
    const HANDLE file = device_open_file(&guid_standard);

    bound->port = CreateIoCompletionPort(file, NULL, KEY, 0);
    EXPECT(bound->port != NULL);
    return device_initialize(&bound->device, file);
}

static void no_packet(const struct bound *bound)
{
    OVERLAPPED *overlapped = NULL;
    ULONG_PTR key = 0;
    DWORD bytes = 0;

    EXPECT_ERROR(GetQueuedCompletionStatus(bound->port, &bytes, &key, &overlapped, MOMENT),
                 WAIT_TIMEOUT);
    EXPECT(overlapped == NULL);
}

/* @param error  ERROR_SUCCESS, or what GetQueuedCompletionStatus fails with */
static void next_packet(const struct bound *bound, OVERLAPPED *wanted, DWORD error, ULONG moved)
{
    OVERLAPPED *overlapped = NULL;
    ULONG_PTR key = 0;
    DWORD bytes = 0;
    BOOL got;

    SetLastError(ERROR_SUCCESS);
    got = GetQueuedCompletionStatus(bound->port, &bytes, &key, &overlapped, PATIENCE);
    EXPECT_EQUAL(got ? ERROR_SUCCESS : GetLastError(), error);
    EXPECT(overlapped == wanted);
    EXPECT_EQUAL(key, KEY);
    EXPECT_EQUAL(bytes, moved);
}

static void close_bound(struct bound *bound)
{
    no_packet(bound);
    device_close(&bound->device);
    EXPECT(CloseHandle(bound->port));
}

/* --- One request ----------------------------------------------------------------------------- */

static void port_success(void)
{
    struct read_request request = { 0 };
    struct bound bound;
    DWORD bytes = 0;

    if (!open_bound(&bound))
        return;

    read_begin(&bound.device, SOURCE, &request);
    next_packet(&bound, &request.overlapped, ERROR_SUCCESS, sizeof(request.data));
    EXPECT(is_pattern(request.data, sizeof(request.data), 0));
    EXPECT(GetOverlappedResult(bound.device.file, &request.overlapped, &bytes, FALSE));
    EXPECT_EQUAL(bytes, sizeof(request.data));
    close_bound(&bound);
}

static void port_short(void)
{
    struct read_request request = { 0 };
    struct bound bound;

    if (!open_bound(&bound))
        return;

    device_first_read(&bound.device, LABDEV_SHORT, 100);
    read_begin(&bound.device, SOURCE, &request);
    next_packet(&bound, &request.overlapped, ERROR_SUCCESS, 100);
    EXPECT(is_pattern(request.data, 100, 0));
    EXPECT_EQUAL(request.data[100], 0);
    close_bound(&bound);
}

static void port_stalled(void)
{
    struct read_request request = { 0 };
    struct bound bound;

    if (!open_bound(&bound))
        return;

    device_first_read(&bound.device, LABDEV_STALL, 0);
    read_begin(&bound.device, SOURCE, &request);
    next_packet(&bound, &request.overlapped, ERROR_GEN_FAILURE, 0);
    EXPECT(WinUsb_ResetPipe(bound.device.usb, SOURCE));
    close_bound(&bound);
}

static void port_cancelled(void)
{
    struct read_request request = { 0 };
    struct bound bound;

    if (!open_bound(&bound))
        return;

    device_behave(&bound.device, SOURCE, LABDEV_NAK);
    read_begin(&bound.device, SOURCE, &request);
    no_packet(&bound);
    EXPECT(CancelIoEx(bound.device.file, &request.overlapped));
    next_packet(&bound, &request.overlapped, ERROR_OPERATION_ABORTED, 0);
    close_bound(&bound);
}

static void port_control_and_write(void)
{
    const WINUSB_SETUP_PACKET setup = { .RequestType = 0x40, .Request = LABDEV_ECHO, .Length = 8 };
    OVERLAPPED control = { 0 }, written = { 0 };
    UCHAR data[64] = { 1, 2, 3 };
    struct bound bound;

    if (!open_bound(&bound))
        return;

    EXPECT_ERROR(WinUsb_ControlTransfer(bound.device.usb, setup, data, 8, NULL, &control),
                 ERROR_IO_PENDING);
    next_packet(&bound, &control, ERROR_SUCCESS, 8);
    EXPECT_ERROR(WinUsb_WritePipe(bound.device.usb, LOOP_OUT, data, sizeof(data), NULL, &written),
                 ERROR_IO_PENDING);
    next_packet(&bound, &written, ERROR_SUCCESS, sizeof(data));
    close_bound(&bound);
}

static void port_bound_late(void)
{
    struct read_request request = { 0 };
    struct bound bound;

    if (!device_open(&bound.device))
        return;

    bound.port = CreateIoCompletionPort(bound.device.file, NULL, KEY, 0);
    EXPECT(bound.port != NULL);
    read_begin(&bound.device, SOURCE, &request);
    next_packet(&bound, &request.overlapped, ERROR_SUCCESS, sizeof(request.data));
    close_bound(&bound);
}

/* --- Several --------------------------------------------------------------------------------- */

enum { SEVERAL = 5 };

static void port_several(void)
{
    struct read_request requests[SEVERAL] = { 0 };
    OVERLAPPED_ENTRY entries[SEVERAL + 1] = { 0 };
    struct bound bound;

    if (!open_bound(&bound))
        return;

    for (int i = 0; i < SEVERAL; i++)
        read_begin(&bound.device, SOURCE, &requests[i]);
    for (ULONG seen = 0, count = 0; seen < SEVERAL; seen += count) {
        if (!EXPECT(GetQueuedCompletionStatusEx(bound.port, entries, SEVERAL + 1, &count, PATIENCE,
                                                FALSE)))
            break;
        for (ULONG i = 0; i < count; i++) {
            EXPECT(seen + i < SEVERAL && entries[i].lpOverlapped == &requests[seen + i].overlapped);
            EXPECT_EQUAL(entries[i].lpCompletionKey, KEY);
            EXPECT_EQUAL(entries[i].dwNumberOfBytesTransferred, sizeof(requests[0].data));
        }
    }
    for (size_t i = 0; i < SEVERAL; i++)
        EXPECT(
            is_pattern(requests[i].data, sizeof(requests[i].data), i * sizeof(requests[i].data)));
    close_bound(&bound);
}

/* --- None ------------------------------------------------------------------------------------ */

static void port_silent(void)
{
    struct bound bound;
    UCHAR data[512];
    ULONG moved = 0;

    if (!open_bound(&bound))
        return;

    device_loops(&bound.device);
    EXPECT(WinUsb_GetDescriptor(bound.device.usb, USB_DEVICE_DESCRIPTOR_TYPE, 0, 0, data,
                                sizeof(data), &moved));
    EXPECT(WinUsb_ReadPipe(bound.device.usb, SOURCE, data, sizeof(data), &moved, NULL));
    EXPECT(WinUsb_AbortPipe(bound.device.usb, SOURCE));
    EXPECT(WinUsb_ResetPipe(bound.device.usb, SOURCE));
    close_bound(&bound);
}

/* The low bit of the event asks for none. */
static void port_low_bit(void)
{
    const HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL);
    struct read_request request = { .overlapped.hEvent = (HANDLE)((ULONG_PTR)event | 1) };
    struct bound bound;

    if (!open_bound(&bound))
        return;

    read_begin(&bound.device, SOURCE, &request);
    EXPECT_EQUAL(WaitForSingleObject(event, PATIENCE), WAIT_OBJECT_0);
    EXPECT_EQUAL(request.overlapped.InternalHigh, sizeof(request.data));
    close_bound(&bound);
    CloseHandle(event);
}

const struct test_case port_cases[] = {
    { "port_success", port_success },
    { "port_short", port_short },
    { "port_stalled", port_stalled },
    { "port_cancelled", port_cancelled },
    { "port_control_and_write", port_control_and_write },
    { "port_bound_late", port_bound_late },
    { "port_several", port_several },
    { "port_silent", port_silent },
    { "port_low_bit", port_low_bit },
    { 0 },
};
