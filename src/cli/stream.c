#include "cli/stream.h"

#include <stdlib.h>

#include "cli/interrupt.h"
#include "host/host.h"

enum { LOOK_FOR_NEXT = 10 }; /* [ms] between looks whether there is more to begin */

struct request {
    OVERLAPPED overlapped;
    unsigned char *buffer;
};

struct run {
    const struct wu_stream *stream;
    struct wu_stream_result *result;
    struct request *requests; /* a ring, stream->queue long */
    unsigned oldest;          /* index of the oldest in flight */
    unsigned in_flight;
    bool waiting;   /* there was nothing to begin at the moment */
    int64_t start;  /* [ns] */
    bool ended;     /* nothing more is begun */
    bool cancelled; /* and what is in flight is on its way back */
};

static void cancel(struct run *run)
{
    run->ended = true;
    run->cancelled = true;
    WinUsb_AbortPipe(run->stream->iface, run->stream->pipe);
}

/* What we cancelled ourselves has not failed. */
static void fail(struct run *run, DWORD error)
{
    if (run->cancelled && error == ERROR_OPERATION_ABORTED)
        return;
    if (run->result->error == ERROR_SUCCESS)
        run->result->error = error;
    if (!run->cancelled)
        cancel(run);
}

static bool is_over(const struct run *run)
{
    const double seconds = run->stream->seconds;

    return wu_interrupted() || (seconds > 0 && (double)run->result->amount.time >= seconds * 1e9);
}

/* While requests are in flight, they tell. */
static void look_for_device(struct run *run)
{
    USB_DEVICE_DESCRIPTOR descriptor;
    ULONG count;

    if (run->waiting && run->in_flight == 0 && !run->ended &&
        !WinUsb_GetDescriptor(run->stream->iface, USB_DEVICE_DESCRIPTOR_TYPE, 0, 0,
                              (PUCHAR)&descriptor, sizeof(descriptor), &count))
        fail(run, GetLastError());
}

static void look_around(struct run *run)
{
    const struct wu_stream *stream = run->stream;
    struct wu_amount *amount = &run->result->amount;

    amount->time = wu_host_clock_now() - run->start;
    stream->ops->progress(stream->context, amount);
    look_for_device(run);
    if (!run->cancelled && is_over(run))
        cancel(run);
}

/* --- Requests ------------------------------------------------------------------------------ */

static BOOL begin_transfer(const struct wu_stream *stream, struct request *request, ULONG length)
{
    if (stream->pipe == 0)
        return WinUsb_ControlTransfer(stream->iface, stream->setup, request->buffer, length, NULL,
                                      &request->overlapped);
    return USB_ENDPOINT_DIRECTION_IN(stream->pipe)
               ? WinUsb_ReadPipe(stream->iface, stream->pipe, request->buffer, length, NULL,
                                 &request->overlapped)
               : WinUsb_WritePipe(stream->iface, stream->pipe, request->buffer, length, NULL,
                                  &request->overlapped);
}

static void begin_piece(struct run *run, struct request *request, ULONG length)
{
    if (begin_transfer(run->stream, request, length) || GetLastError() == ERROR_IO_PENDING)
        run->in_flight++;
    else
        fail(run, GetLastError());
}

/* Waits for what is to be begun only while there is nothing else to wait for. */
static void begin_one(struct run *run)
{
    const struct wu_stream *stream = run->stream;
    struct request *request = &run->requests[(run->oldest + run->in_flight) % stream->queue];
    const int wait = run->in_flight > 0 ? 0 : WU_LOOK_AROUND;
    uint32_t length;

    const enum wu_stream_next next =
        stream->ops->next(stream->context, request->buffer, stream->size, wait, &length);
    run->waiting = next == WU_STREAM_NOT_YET;
    if (next == WU_STREAM_PIECE)
        begin_piece(run, request, length);
    else if (next == WU_STREAM_END)
        run->ended = true;
}

static void begin_all(struct run *run)
{
    do {
        begin_one(run);
    } while (!run->ended && !run->waiting && run->in_flight < run->stream->queue);
}

static void take(struct run *run, const struct request *request, DWORD bytes)
{
    const struct wu_stream *stream = run->stream;

    run->result->amount.requests++;
    run->result->amount.bytes += bytes;
    if (run->result->failed || stream->ops->moved(stream->context, request->buffer, bytes))
        return;

    run->result->failed = true;
    cancel(run);
}

static bool await_oldest(const struct run *run)
{
    const HANDLE event = run->requests[run->oldest].overlapped.hEvent;

    return WaitForSingleObject(event, run->waiting ? LOOK_FOR_NEXT : WU_LOOK_AROUND) !=
           WAIT_TIMEOUT;
}

static void finish_oldest(struct run *run)
{
    const struct request *request = &run->requests[run->oldest];
    OVERLAPPED *overlapped = &run->requests[run->oldest].overlapped;
    DWORD error = ERROR_SUCCESS;
    DWORD bytes = 0;

    if (!WinUsb_GetOverlappedResult(run->stream->iface, overlapped, &bytes, TRUE))
        error = GetLastError();
    run->oldest = (run->oldest + 1) % run->stream->queue;
    run->in_flight--;

    if (error == ERROR_SUCCESS || bytes > 0)
        take(run, request, bytes);
    if (error != ERROR_SUCCESS)
        fail(run, error);
}

static void move_all(struct run *run)
{
    do {
        if (!run->ended && run->in_flight < run->stream->queue)
            begin_all(run);
        if (run->in_flight > 0 && await_oldest(run))
            finish_oldest(run);
        look_around(run);
    } while (!run->ended || run->in_flight > 0);
}

/* --- Memory -------------------------------------------------------------------------------- */

static void free_requests(struct request *requests, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        if (requests[i].overlapped.hEvent)
            CloseHandle(requests[i].overlapped.hEvent);
        free(requests[i].buffer);
    }
    free(requests);
}

/* @return NULL without memory */
static struct request *new_requests(unsigned count, uint32_t size)
{
    struct request *requests = calloc(count, sizeof(*requests));

    for (unsigned i = 0; requests && i < count; i++) {
        requests[i].buffer = malloc(size);
        requests[i].overlapped.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL);
        if (requests[i].buffer && requests[i].overlapped.hEvent)
            continue;
        free_requests(requests, count);
        return NULL;
    }
    return requests;
}

bool wu_stream_run(const struct wu_stream *stream, struct wu_stream_result *result_out)
{
    struct wu_stream_result result = { 0 };
    struct run run = { .stream = stream, .result = &result };

    run.requests = new_requests(stream->queue, stream->size);
    if (!run.requests)
        return false;

    run.start = wu_host_clock_now();
    move_all(&run);
    free_requests(run.requests, stream->queue);
    *result_out = result;
    return true;
}
