/* The system's thread pool, as nusb uses it: it binds the file before WinUSB gets to know it. */
#include <string.h>

#include "cases.h"
#include "device.h"

/* What callbacks have seen. */
struct seen {
    LONG volatile count;
    OVERLAPPED *overlapped;
    ULONG result;
    ULONG_PTR bytes;
    HANDLE event; /* set by each */
};

static void note(struct seen *seen, OVERLAPPED *overlapped, ULONG result, ULONG_PTR bytes)
{
    seen->overlapped = overlapped;
    seen->result = result;
    seen->bytes = bytes;
    InterlockedIncrement(&seen->count);
    SetEvent(seen->event);
}

static void expect_seen(struct seen *seen, OVERLAPPED *overlapped, ULONG result, ULONG bytes)
{
    EXPECT_EQUAL(WaitForSingleObject(seen->event, PATIENCE), WAIT_OBJECT_0);
    EXPECT(seen->overlapped == overlapped);
    EXPECT_EQUAL(seen->result, result);
    EXPECT_EQUAL(seen->bytes, bytes);
    EXPECT_EQUAL(seen->count, 1);
}

/* --- CreateThreadpoolIo ---------------------------------------------------------------------- */

static void CALLBACK on_io(TP_CALLBACK_INSTANCE *instance,
                           void *context,
                           void *overlapped,
                           ULONG result,
                           ULONG_PTR bytes,
                           TP_IO *io)
{
    (void)instance;
    (void)io;
    note(context, overlapped, result, bytes);
}

struct pooled {
    struct device device;
    TP_IO *io;
    struct seen seen;
};

static bool open_pooled(struct pooled *pooled)
{
    const HANDLE file = device_open_file(&guid_standard);

    memset(pooled, 0, sizeof(*pooled));
    pooled->seen.event = CreateEventA(NULL, FALSE, FALSE, NULL);
    pooled->io = CreateThreadpoolIo(file, on_io, &pooled->seen, NULL);
    EXPECT(pooled->io != NULL);
    return device_initialize(&pooled->device, file);
}

static void close_pooled(struct pooled *pooled)
{
    WaitForThreadpoolIoCallbacks(pooled->io, FALSE);
    device_close(&pooled->device);
    CloseThreadpoolIo(pooled->io);
    CloseHandle(pooled->seen.event);
}

static void pool_read(void)
{
    struct read_request request = { 0 };
    struct pooled pooled;

    if (!open_pooled(&pooled))
        return;

    StartThreadpoolIo(pooled.io);
    read_begin(&pooled.device, SOURCE, &request);
    WaitForThreadpoolIoCallbacks(pooled.io, FALSE);
    expect_seen(&pooled.seen, &request.overlapped, NO_ERROR, sizeof(request.data));
    EXPECT(is_pattern(request.data, sizeof(request.data), 0));
    close_pooled(&pooled);
}

static void pool_cancelled(void)
{
    struct read_request request = { 0 };
    struct pooled pooled;

    if (!open_pooled(&pooled))
        return;

    device_behave(&pooled.device, SOURCE, LABDEV_NAK);
    StartThreadpoolIo(pooled.io);
    read_begin(&pooled.device, SOURCE, &request);
    EXPECT(CancelIoEx(pooled.device.file, &request.overlapped));
    expect_seen(&pooled.seen, &request.overlapped, ERROR_OPERATION_ABORTED, 0);
    close_pooled(&pooled);
}

/* Synchronous calls are announced to nobody. */
static void pool_silent(void)
{
    struct pooled pooled;

    if (!open_pooled(&pooled))
        return;

    device_loops(&pooled.device);
    EXPECT_EQUAL(WaitForSingleObject(pooled.seen.event, MOMENT), WAIT_TIMEOUT);
    EXPECT_EQUAL(pooled.seen.count, 0);
    close_pooled(&pooled);
}

/* --- BindIoCompletionCallback ---------------------------------------------------------------- */

static struct seen bound_seen; /* its callback has no context */

static void CALLBACK on_bound(DWORD error, DWORD bytes, OVERLAPPED *overlapped)
{
    note(&bound_seen, overlapped, error, bytes);
}

static void pool_bound_callback(void)
{
    struct read_request request = { 0 };
    struct device device;

    bound_seen = (struct seen){ .event = CreateEventA(NULL, FALSE, FALSE, NULL) };
    if (!device_open(&device))
        return;

    EXPECT(BindIoCompletionCallback(device.file, on_bound, 0));
    read_begin(&device, SOURCE, &request);
    expect_seen(&bound_seen, &request.overlapped, NO_ERROR, sizeof(request.data));
    device_behave(&device, SOURCE, LABDEV_NAK);
    bound_seen.count = 0;
    read_begin(&device, SOURCE, &request);
    EXPECT(CancelIoEx(device.file, NULL));
    expect_seen(&bound_seen, &request.overlapped, ERROR_OPERATION_ABORTED, 0);
    device_close(&device);
    CloseHandle(bound_seen.event);
}

const struct test_case pool_cases[] = {
    { "pool_read", pool_read },
    { "pool_cancelled", pool_cancelled },
    { "pool_silent", pool_silent },
    { "pool_bound_callback", pool_bound_callback },
    { 0 },
};
