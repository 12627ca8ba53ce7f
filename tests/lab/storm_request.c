#include "storm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GUARD_SIZE = 16, GUARD = 0xA5, POISON = 0xDD };

/* What a request may end with, as NTSTATUS. */
#define STATUS_OK 0
#define STATUS_UNSUCCESSFUL 0xC0000001
#define STATUS_NO_SUCH_DEVICE 0xC000000E
#define STATUS_DEVICE_NOT_CONNECTED 0xC000009D
#define STATUS_IO_TIMEOUT 0xC00000B5
#define STATUS_CANCELLED 0xC0000120
#define STATUS_INVALID_DEVICE_STATE 0xC0000184

/* --- Life ---------------------------------------------------------------------------------- */

static void *allocate(size_t size)
{
    void *memory = calloc(1, size);

    if (memory)
        return memory;
    fprintf(stderr, "storm: no memory\n");
    exit(1);
}

static size_t loan_size(const struct storm_request *request)
{
    return sizeof(*request->loan) + request->length + GUARD_SIZE;
}

struct storm_request *storm_request_new(ULONG length)
{
    struct storm_request *request = allocate(sizeof(*request));

    request->length = length;
    request->event = CreateEventA(NULL, FALSE, FALSE, NULL);
    request->loan = allocate(loan_size(request));
    request->loan->overlapped.hEvent = request->event;
    labdev_fill(request->loan->data, length, 0);
    memset(request->loan->data + length, GUARD, GUARD_SIZE);
    return request;
}

static bool is_filled(const void *memory, size_t size, UCHAR value)
{
    const UCHAR *bytes = memory;
    size_t i = 0;

    while (i < size && bytes[i] == value)
        i++;
    return i == size;
}

static void check_event(const struct storm_request *request)
{
    const bool is_set = WaitForSingleObject(request->event, 0) == WAIT_OBJECT_0;

    if (is_set && request->is_signalled)
        storm_wrong("an event was signalled once too often");
    if (!is_set && !request->is_signalled && !request->may_be_seen)
        storm_wrong("an event was never signalled");
}

void storm_request_free(struct storm_request *request)
{
    check_event(request);
    if (request->is_poisoned && !is_filled(request->loan, loan_size(request), POISON))
        storm_wrong("memory of a request was written to after its end");
    CloseHandle(request->event);
    free(request->loan);
    free(request);
}

/* --- Waiting ------------------------------------------------------------------------------- */

bool storm_request_has_ended(const struct storm_request *request)
{
    return HasOverlappedIoCompleted(&request->loan->overlapped);
}

static void await_event(struct storm_request *request)
{
    WaitForSingleObject(request->event, INFINITE);
    request->is_signalled = true;
    if (!storm_request_has_ended(request))
        storm_wrong("an event was signalled before its request had ended");
}

/* It takes the event's signal only if it has to wait. */
static void await_result(struct storm_request *request, HANDLE file)
{
    DWORD bytes;

    request->may_be_seen = true;
    GetOverlappedResult(file, &request->loan->overlapped, &bytes, TRUE);
    if (!storm_request_has_ended(request))
        storm_wrong("a pending request had a result");
}

/* The signal may come when the memory has gone. */
static void await_status(const struct storm_request *request)
{
    while (!storm_request_has_ended(request))
        Sleep(1);
}

void storm_request_await(struct storm_request *request, struct storm_thread *thread)
{
    switch (storm_random(&thread->random, 3)) {
    case 0:
        await_event(request);
        break;
    case 1:
        await_result(request, thread->scenario->file);
        break;
    default:
        await_status(request);
    }
}

/* --- The end ------------------------------------------------------------------------------- */

static bool may_end_with(const struct storm_scenario *scenario, ULONG status)
{
    switch (status) {
    case STATUS_OK:
    case STATUS_UNSUCCESSFUL:
    case STATUS_IO_TIMEOUT:
    case STATUS_CANCELLED:
        return true;
    case STATUS_NO_SUCH_DEVICE:
    case STATUS_DEVICE_NOT_CONNECTED:
    case STATUS_INVALID_DEVICE_STATE:
        return storm_loses_device(scenario);
    default:
        return false;
    }
}

static void check_counting(const struct storm_request *request, size_t bytes)
{
    const UCHAR *data = request->loan->data;
    const size_t right = bytes > 0 ? labdev_mismatch(data, bytes, data[0]) : 0;

    if (right != bytes)
        storm_wrong("pipe 0x%02X: byte %zu of %zu read does not count: status 0x%08X",
                    request->pipe, right, bytes, (unsigned)request->loan->overlapped.Internal);
}

static void check_data(const struct storm_request *request, const struct storm_scenario *scenario)
{
    const size_t bytes = request->loan->overlapped.InternalHigh;

    if (bytes > request->length)
        storm_wrong("%zu bytes of %u were transferred", bytes, (unsigned)request->length);
    else if (request->is_counting && !scenario->is_qemu)
        check_counting(request, bytes);
    if (!is_filled(request->loan->data + request->length, GUARD_SIZE, GUARD))
        storm_wrong("pipe 0x%02X: a buffer was written to beyond its end", request->pipe);
}

static void take_back(struct storm_request *request, struct storm_thread *thread)
{
    request->is_poisoned = storm_chance(&thread->random, 50);
    if (request->is_poisoned) {
        memset(request->loan, POISON, loan_size(request));
    } else {
        free(request->loan);
        request->loan = NULL;
    }
    request->next = thread->over;
    thread->over = request;
}

void storm_request_close(struct storm_request *request, struct storm_thread *thread)
{
    const ULONG status = (ULONG)request->loan->overlapped.Internal;

    if (!may_end_with(thread->scenario, status))
        storm_wrong("pipe 0x%02X: a request ended with 0x%08X", request->pipe, (unsigned)status);
    check_data(request, thread->scenario);
    take_back(request, thread);
    atomic_fetch_sub(&thread->scenario->pending, 1);
    thread->completed++;
}

/* Its event must not be signalled at all. */
void storm_request_refused(struct storm_request *request, struct storm_thread *thread)
{
    request->is_signalled = true;
    take_back(request, thread);
}
