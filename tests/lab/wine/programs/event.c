/* The ways to wait for a request: events of both kinds, the file itself, looking again and again.
 */
#include "cases.h"
#include "device.h"

/* [ms] until the device answers, when it may; no longer than that one waits in vain before. */
enum { DELAY = 200, SHORTER = 50 };

/* The source does not answer yet. */
static bool open_silent(struct device *device)
{
    return device_open(device) && device_behave(device, SOURCE, LABDEV_NAK);
}

/* It answers, but not before it is waited for; unless the machine is busy, which does no harm. */
static void answer_soon(const struct device *device)
{
    device_program(device, SOURCE,
                   &(struct labdev_behaviour){ .kind = LABDEV_SOURCE, .delay = DELAY });
}

static void came(const struct read_request *request, DWORD bytes)
{
    EXPECT_EQUAL(bytes, sizeof(request->data));
    EXPECT(is_pattern(request->data, sizeof(request->data), 0));
}

static void event_manual(void)
{
    struct read_request request = { 0 };
    struct device device;
    DWORD bytes = 0;

    if (!open_silent(&device))
        return;

    request.overlapped.hEvent = CreateEventA(NULL, TRUE, TRUE, NULL); /* the call resets it */
    read_begin(&device, SOURCE, &request);
    EXPECT_EQUAL(WaitForSingleObject(request.overlapped.hEvent, 0), WAIT_TIMEOUT);
    EXPECT_ERROR(GetOverlappedResult(device.file, &request.overlapped, &bytes, FALSE),
                 ERROR_IO_INCOMPLETE);
    answer_soon(&device);
    EXPECT(GetOverlappedResult(device.file, &request.overlapped, &bytes, TRUE));
    came(&request, bytes);
    bytes = 0;
    EXPECT(WinUsb_GetOverlappedResult(device.usb, &request.overlapped, &bytes, TRUE));
    came(&request, bytes);
    CloseHandle(request.overlapped.hEvent);
    device_close(&device);
}

/* Waiting consumes the signal; asking for the result afterwards must not wait again. */
static void event_auto(void)
{
    struct read_request request = { 0 };
    struct device device;
    DWORD bytes = 0;

    if (!open_silent(&device))
        return;

    request.overlapped.hEvent = CreateEventA(NULL, FALSE, FALSE, NULL);
    read_begin(&device, SOURCE, &request);
    answer_soon(&device);
    EXPECT_EQUAL(WaitForSingleObject(request.overlapped.hEvent, PATIENCE), WAIT_OBJECT_0);
    EXPECT(WinUsb_GetOverlappedResult(device.usb, &request.overlapped, &bytes, TRUE));
    came(&request, bytes);
    CloseHandle(request.overlapped.hEvent);
    device_close(&device);
}

/* Without an event the file itself is waited for. */
static void event_none(void)
{
    struct read_request request = { 0 };
    struct device device;
    DWORD bytes = 0;

    if (!open_silent(&device))
        return;

    read_begin(&device, SOURCE, &request);
    answer_soon(&device);
    EXPECT(GetOverlappedResult(device.file, &request.overlapped, &bytes, TRUE));
    came(&request, bytes);
    answer_soon(&device);
    read_begin(&device, SOURCE, &request);
    bytes = 0;
    EXPECT(WinUsb_GetOverlappedResult(device.usb, &request.overlapped, &bytes, TRUE));
    came(&request, bytes);
    device_close(&device);
}

static void wait_in_vain_then_not(const struct device *device, struct read_request *request)
{
    DWORD bytes = 0;

    device_behave(device, SOURCE, LABDEV_NAK);
    read_begin(device, SOURCE, request);
    EXPECT_ERROR(GetOverlappedResultEx(device->file, &request->overlapped, &bytes, 0, FALSE),
                 ERROR_IO_INCOMPLETE);
    EXPECT_ERROR(GetOverlappedResultEx(device->file, &request->overlapped, &bytes, SHORTER, FALSE),
                 WAIT_TIMEOUT);
    answer_soon(device);
    EXPECT(GetOverlappedResultEx(device->file, &request->overlapped, &bytes, PATIENCE, FALSE));
    came(request, bytes);
}

static void event_timeout(void)
{
    struct read_request request = { 0 };
    struct device device;

    if (!device_open(&device))
        return;

    wait_in_vain_then_not(&device, &request);
    request.overlapped.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL);
    wait_in_vain_then_not(&device, &request);
    CloseHandle(request.overlapped.hEvent);
    device_close(&device);
}

/* Among others, the file is the one that is signalled. */
static void event_file(void)
{
    struct read_request request = { 0 };
    struct device device;
    HANDLE handles[2];

    if (!open_silent(&device))
        return;

    handles[0] = CreateEventA(NULL, TRUE, FALSE, NULL);
    handles[1] = device.file;
    read_begin(&device, SOURCE, &request);
    EXPECT_EQUAL(WaitForMultipleObjects(2, handles, FALSE, SHORTER), WAIT_TIMEOUT);
    answer_soon(&device);
    EXPECT_EQUAL(WaitForMultipleObjects(2, handles, FALSE, PATIENCE), WAIT_OBJECT_0 + 1);
    EXPECT_EQUAL(WaitForSingleObject(device.file, 0), WAIT_OBJECT_0);
    SetEvent(handles[0]);
    EXPECT_EQUAL(WaitForMultipleObjects(2, handles, TRUE, PATIENCE), WAIT_OBJECT_0);
    came(&request, (DWORD)request.overlapped.InternalHigh);
    CloseHandle(handles[0]);
    device_close(&device);
}

static void event_polled(void)
{
    struct read_request request = { 0 };
    struct device device;
    DWORD start;

    if (!open_silent(&device))
        return;

    start = GetTickCount();
    read_begin(&device, SOURCE, &request);
    EXPECT(!HasOverlappedIoCompleted(&request.overlapped));
    answer_soon(&device);
    while (!HasOverlappedIoCompleted((volatile OVERLAPPED *)&request.overlapped) &&
           GetTickCount() - start < PATIENCE)
        Sleep(1);
    came(&request, (DWORD)request.overlapped.InternalHigh);
    device_close(&device);
}

const struct test_case event_cases[] = {
    { "event_manual", event_manual },
    { "event_auto", event_auto },
    { "event_none", event_none },
    { "event_timeout", event_timeout },
    { "event_file", event_file },
    { "event_polled", event_polled },
    { 0 },
};
