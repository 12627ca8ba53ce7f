/* Cancelling by the file handle, beside WinUSB. */
#include "cases.h"
#include "device.h"

enum { READS = 3 };

/* Reads that nothing comes for. */
struct pending {
    struct device device;
    struct read_request reads[READS];
};

static bool open_pending(struct pending *pending)
{
    *pending = (struct pending){ 0 };
    if (!device_open(&pending->device))
        return false;

    device_behave(&pending->device, SOURCE, LABDEV_NAK);
    for (int i = 0; i < READS; i++)
        read_begin_event(&pending->device, SOURCE, &pending->reads[i]);
    return true;
}

static void still_pending(struct pending *pending, int i)
{
    EXPECT_EQUAL(WaitForSingleObject(pending->reads[i].overlapped.hEvent, MOMENT), WAIT_TIMEOUT);
    EXPECT(!HasOverlappedIoCompleted(&pending->reads[i].overlapped));
}

static void aborted(struct pending *pending, int i)
{
    read_ends(&pending->device, &pending->reads[i], ERROR_OPERATION_ABORTED, 0);
}

static void cancel_one(void)
{
    struct pending pending;

    if (!open_pending(&pending))
        return;

    EXPECT(CancelIoEx(pending.device.file, &pending.reads[1].overlapped));
    aborted(&pending, 1);
    still_pending(&pending, 0);
    still_pending(&pending, 2);
    EXPECT(CancelIoEx(pending.device.file, &pending.reads[0].overlapped));
    aborted(&pending, 0);
    still_pending(&pending, 2);
    EXPECT(WinUsb_AbortPipe(pending.device.usb, SOURCE));
    aborted(&pending, 2);
    device_close(&pending.device);
}

static void cancel_all(void)
{
    struct pending pending;

    if (!open_pending(&pending))
        return;

    EXPECT(CancelIoEx(pending.device.file, NULL));
    for (int i = 0; i < READS; i++)
        aborted(&pending, i);
    device_close(&pending.device);
}

static void cancel_none(void)
{
    OVERLAPPED never_begun = { 0 };
    struct device device;

    if (!device_open(&device))
        return;

    EXPECT_ERROR(CancelIoEx(device.file, NULL), ERROR_NOT_FOUND);
    EXPECT_ERROR(CancelIoEx(device.file, &never_begun), ERROR_NOT_FOUND);
    EXPECT(CancelIo(device.file));
    device_close(&device);
}

static DWORD WINAPI cancel_from_here(void *file)
{
    return CancelIo(file) ? TRUE : FALSE;
}

/* CancelIo concerns the requests of the thread that calls it. */
static void cancel_thread(void)
{
    struct pending pending;
    DWORD result = FALSE;
    HANDLE thread;

    if (!open_pending(&pending))
        return;

    thread = CreateThread(NULL, 0, cancel_from_here, pending.device.file, 0, NULL);
    EXPECT_EQUAL(WaitForSingleObject(thread, PATIENCE), WAIT_OBJECT_0);
    EXPECT(GetExitCodeThread(thread, &result) && result == TRUE);
    CloseHandle(thread);
    still_pending(&pending, 0);
    EXPECT(CancelIo(pending.device.file));
    for (int i = 0; i < READS; i++)
        aborted(&pending, i);
    device_close(&pending.device);
}

/* --- Events that are closed meanwhile --------------------------------------------------------- */

enum { TRIES = 64 };

/* Makes events until one has the number of an event that has been closed; the others stay. */
static HANDLE make_namesake(HANDLE closed)
{
    HANDLE event = NULL;

    for (int i = 0; event != closed && i < TRIES; i++)
        event = CreateEventA(NULL, TRUE, FALSE, NULL);
    return EXPECT(event == closed) ? event : NULL;
}

static void cancel_closed_event(void)
{
    struct read_request request = { 0 };
    struct device device;
    HANDLE namesake;
    DWORD bytes;

    if (!device_open(&device))
        return;

    device_behave(&device, SOURCE, LABDEV_NAK);
    read_begin_event(&device, SOURCE, &request);
    EXPECT(CloseHandle(request.overlapped.hEvent));
    namesake = make_namesake(request.overlapped.hEvent);
    EXPECT(WinUsb_AbortPipe(device.usb, SOURCE));
    EXPECT(HasOverlappedIoCompleted(&request.overlapped));
    EXPECT_EQUAL(WaitForSingleObject(namesake, MOMENT), WAIT_TIMEOUT);
    EXPECT_ERROR(WinUsb_GetOverlappedResult(device.usb, &request.overlapped, &bytes, FALSE),
                 ERROR_OPERATION_ABORTED);
    CloseHandle(namesake);
    device_close(&device);
}

static void cancel_no_event(void)
{
    struct read_request request = { 0 };
    struct device device;

    if (!device_open(&device))
        return;

    request.overlapped.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL);
    CloseHandle(request.overlapped.hEvent);
    EXPECT_ERROR(WinUsb_ReadPipe(device.usb, SOURCE, request.data, sizeof(request.data), NULL,
                                 &request.overlapped),
                 ERROR_INVALID_HANDLE);
    EXPECT_ERROR(CancelIoEx(device.file, NULL), ERROR_NOT_FOUND);
    device_close(&device);
}

/* Files that are no devices are the system's business, as ever. */
static void cancel_others(void)
{
    OVERLAPPED overlapped = { .hEvent = CreateEventA(NULL, TRUE, FALSE, NULL) };
    const HANDLE pipe =
        CreateNamedPipeA("\\\\.\\pipe\\winusb_lab", PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED, 0, 1,
                         4096, 4096, 0, NULL);
    DWORD bytes = 0;

    EXPECT_ERROR(ConnectNamedPipe(pipe, &overlapped), ERROR_IO_PENDING);
    EXPECT(CancelIoEx(pipe, &overlapped));
    EXPECT_ERROR(GetOverlappedResult(pipe, &overlapped, &bytes, TRUE), ERROR_OPERATION_ABORTED);
    EXPECT(CloseHandle(pipe));
    CloseHandle(overlapped.hEvent);
}

const struct test_case cancel_cases[] = {
    { "cancel_one", cancel_one },           { "cancel_all", cancel_all },
    { "cancel_none", cancel_none },         { "cancel_thread", cancel_thread },
    { "cancel_others", cancel_others },     { "cancel_closed_event", cancel_closed_event },
    { "cancel_no_event", cancel_no_event }, { 0 },
};
