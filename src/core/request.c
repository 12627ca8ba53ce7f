#include "core/request.h"

#include "core/memory.h"
#include "core/request_parts.h"
#include "host/ntstatus.h"
#include "host/overlapped.h"

enum {
    LEAST_LIMIT = 0x10000, /* [bytes] shorter transfers gain nothing when memory is short */
    NS_PER_MS = 1000000,
    MEMORY_RETRY = 10, /* [ms] other programs give memory back without our knowing */
};

/* --- The list of a pipe -------------------------------------------------------------------- */

static void link_locked(struct wu_request *request)
{
    struct wu_pipe *pipe = request->pipe;

    request->serial = ++pipe->serial;
    request->next = NULL;
    request->previous = pipe->last;
    if (pipe->last)
        pipe->last->next = request;
    else
        pipe->first = request;
    pipe->last = request;
    if (!pipe->waiting)
        pipe->waiting = request;
}

static void unlink_locked(struct wu_request *request)
{
    struct wu_pipe *pipe = request->pipe;

    if (request->previous)
        request->previous->next = request->next;
    else
        pipe->first = request->next;
    if (request->next)
        request->next->previous = request->previous;
    else
        pipe->last = request->previous;
}

static void skip_begun_locked(struct wu_pipe *pipe)
{
    while (pipe->waiting && pipe->waiting->state != WU_REQUEST_WAITING)
        pipe->waiting = pipe->waiting->next;
}

/* --- Beginning ----------------------------------------------------------------------------- */

static bool is_overlapped(const struct wu_request *request)
{
    return request->io.overlapped != NULL;
}

void wu_request_end_locked(struct wu_request *request, DWORD error, struct wu_request_ended *ended)
{
    request->state = WU_REQUEST_ENDED;
    request->error = error;
    skip_begun_locked(request->pipe);
    wu_host_cond_broadcast(&request->pipe->changed);

    if (is_overlapped(request)) {
        request->end = ++request->pipe->ends;
        request->behind = request->pipe->untold++ > 0;
        request->ended = NULL;
        *ended->last = request;
        ended->last = &request->ended;
    }
}

/* The timeout is of the whole request; it begins when its first transfer does. */
static bool set_timeout(struct wu_request *request, struct wu_usb_submission *submission)
{
    const int64_t now = request->policies.timeout != 0 ? wu_host_clock_now() : 0;
    int64_t left;

    submission->timeout = 0;
    if (request->policies.timeout == 0)
        return true;
    if (request->deadline == 0)
        request->deadline = now + (int64_t)request->policies.timeout * NS_PER_MS;

    left = (request->deadline - now + NS_PER_MS - 1) / NS_PER_MS;
    submission->timeout = left > 0 ? (uint32_t)left : 0;
    return left > 0;
}

/* Where memory is short, shorter transfers may do. */
static bool shorten(struct wu_request *request)
{
    const ULONG packet = request->pipe->information.MaximumPacketSize;
    ULONG limit = request->limit / 2;

    if (request->packet_count > 0 || request->pipe->address == 0)
        return false;
    if (packet > 0)
        limit -= limit % packet;
    if (limit < LEAST_LIMIT)
        return false;

    request->limit = limit;
    return true;
}

static struct wu_memory_need need_of(const struct wu_request *request, uint64_t length)
{
    const bool read = USB_ENDPOINT_DIRECTION_IN(request->pipe->address);

    return wu_memory_need(length, request->packet_count, read && request->packet_count == 0);
}

/* What is taken is noted first: as soon as the transfer runs, its end may come. */
static DWORD start_locked(struct wu_request *request,
                          const struct wu_usb_submission *submission,
                          uint64_t *returns_out)
{
    DWORD error;

    request->memory = need_of(request, submission->length);
    if (!wu_memory_take(request->memory, returns_out))
        return ERROR_NO_SYSTEM_RESOURCES;

    error = wu_usb_transfer_submit(request->transfer, submission);
    if (error != ERROR_SUCCESS)
        wu_memory_give_unused(request->memory);
    return error;
}

/* Starts the next transfer. @return false when there is none, and why in *error_out */
static bool submit_locked(struct wu_request *request, DWORD *error_out, uint64_t *returns_out)
{
    struct wu_pipe *pipe = request->pipe;
    struct wu_usb_submission submission = {
        .tag = (uintptr_t)request,
        .queue = is_overlapped(request) ? pipe->device->pump.queue : 0,
        .type = (enum wu_usb_type)pipe->information.PipeType,
        .endpoint = pipe->address,
    };

    do {
        if (!request->kind->next(request, &submission)) {
            *error_out = request->error;
            return false;
        }
        *error_out = ERROR_SEM_TIMEOUT;
        if (!set_timeout(request, &submission))
            return false;
        *error_out = start_locked(request, &submission, returns_out);
    } while (*error_out == ERROR_NOT_ENOUGH_MEMORY && shorten(request));

    if (*error_out != ERROR_SUCCESS)
        return false;

    pipe->running++;
    if (!request->kind->may_queue(request))
        pipe->exclusive = request;
    return true;
}

/* When memory is looked for again that other programs may have given back. */
static int64_t retry_time(void)
{
    return wu_host_clock_now() + (int64_t)MEMORY_RETRY * NS_PER_MS;
}

/* Takes a request that found no memory, not even for a short transfer, back to where it waits:
 * nothing behind it has begun, as one that takes several transfers lets nothing begin. */
static void put_back_locked(struct wu_request *request)
{
    struct wu_pipe *pipe = request->pipe;

    request->state = WU_REQUEST_WAITING;
    request->limit = wu_request_limit_locked(pipe);
    pipe->waiting = request;
    pipe->starved = true;
    if (is_overlapped(request))
        wu_pump_set_alarm(&pipe->device->pump, retry_time());
    else
        wu_host_cond_broadcast(&pipe->changed); /* its own thread is to look at the time */
}

enum step {
    STEP_BEGUN, /* the next transfer runs */
    STEP_WAITS, /* for memory */
    STEP_OVER,  /* there is none */
};

/* Starts the next transfer, or has the request wait for memory. @param error_out  why it is over */
static enum step step_locked(struct wu_request *request, DWORD *error_out)
{
    enum wu_memory_advice advice;
    uint64_t returns = 0;

    do {
        if (submit_locked(request, error_out, &returns))
            return STEP_BEGUN;
        if (*error_out != ERROR_NOT_ENOUGH_MEMORY && *error_out != ERROR_NO_SYSTEM_RESOURCES)
            return STEP_OVER;
        advice = wu_memory_await(request->pipe, returns);
    } while (advice == WU_MEMORY_AGAIN);

    if (advice == WU_MEMORY_NEVER)
        return STEP_OVER;
    put_back_locked(request);
    return STEP_WAITS;
}

/* @return false when it has to wait after all */
static bool begin_locked(struct wu_request *request, struct wu_request_ended *ended)
{
    DWORD error;

    request->state = WU_REQUEST_RUNNING;
    switch (step_locked(request, &error)) {
    case STEP_BEGUN:
        skip_begun_locked(request->pipe);
        if (!is_overlapped(request))
            wu_host_cond_broadcast(&request->pipe->changed);
        return true;
    case STEP_OVER:
        wu_request_end_locked(request, error, ended);
        return true;
    default:
        return false;
    }
}

/* What reads take while others run is bounded, as a device may leave them without an answer. */
static bool may_queue_locked(const struct wu_request *request)
{
    const struct wu_memory_need need = need_of(request, request->io.length);

    return request->kind->may_queue(request) && (!need.read || wu_memory_may_read_ahead(need));
}

static bool may_begin_locked(const struct wu_pipe *pipe)
{
    const struct wu_request *request = pipe->waiting;

    if (!request || pipe->holds > 0 || pipe->exclusive)
        return false;
    if (pipe->running > 0 && !may_queue_locked(request))
        return false;
    if (request->begin == 0 || request->begin <= wu_host_clock_now())
        return true;

    wu_pump_set_alarm(&pipe->device->pump, request->begin);
    return false;
}

void wu_request_begin_waiting_locked(struct wu_pipe *pipe, struct wu_request_ended *ended)
{
    pipe->starved = false;
    while (may_begin_locked(pipe) && begin_locked(pipe->waiting, ended))
        ;
}

/* --- Finishing ----------------------------------------------------------------------------- */

static void leave_locked(struct wu_request *request)
{
    unlink_locked(request);
    wu_request_recycle_locked(request);
    wu_host_cond_broadcast(&request->pipe->changed);
}

/* Tells whether another thread is still about to tell of an earlier end. */
static bool is_behind_locked(const struct wu_request *request)
{
    const struct wu_request *other = request->pipe->first;

    while (other && !(other->state == WU_REQUEST_ENDED && is_overlapped(other) &&
                      (LONG)(other->end - request->end) < 0))
        other = other->next;
    return other != NULL;
}

/* Programs are told of the ends of a pipe's requests in the order in which they came about. */
static void await_turn(struct wu_request *request)
{
    struct wu_pipe *pipe = request->pipe;

    wu_host_mutex_lock(&pipe->lock);
    while (is_behind_locked(request))
        wu_host_cond_wait(&pipe->changed, &pipe->lock);
    wu_host_mutex_unlock(&pipe->lock);
}

/* The program may free all that it lent as soon as its event is set, so that comes first; only
 * then may who drains the pipe go on. */
static void finish(struct wu_request *request)
{
    struct wu_pipe *pipe = request->pipe;

    if (request->behind)
        await_turn(request);
    wu_host_overlapped_finish(pipe->device->file, request->io.overlapped, request->notice,
                              wu_status_of_error(request->error), request->bytes);

    wu_host_mutex_lock(&pipe->lock);
    pipe->untold--;
    leave_locked(request);
    wu_host_mutex_unlock(&pipe->lock);
    wu_pump_end(&pipe->device->pump);
}

void wu_request_finish_all(struct wu_request_ended *ended)
{
    while (ended->first) {
        struct wu_request *request = ended->first;

        ended->first = request->ended;
        finish(request);
    }
}

void wu_request_begin_waiting(struct wu_pipe *pipe)
{
    struct wu_request_ended ended = wu_request_none_ended(&ended);

    wu_host_mutex_lock(&pipe->lock);
    wu_request_begin_waiting_locked(pipe, &ended);
    wu_host_mutex_unlock(&pipe->lock);
    wu_request_finish_all(&ended);
}

/* --- Going on ------------------------------------------------------------------------------ */

static bool wants_reset(const struct wu_request *request, DWORD error)
{
    const bool *flags = request->policies.flags;
    const UCHAR address = request->pipe->address;

    return flags[AUTO_CLEAR_STALL] && !flags[RAW_IO] && USB_ENDPOINT_DIRECTION_IN(address) &&
           request->packet_count == 0 && error != ERROR_SUCCESS &&
           error != ERROR_OPERATION_ABORTED && error != ERROR_DEVICE_NOT_CONNECTED;
}

/* Nothing else begins on the pipe meanwhile; the lock is let go. */
static void reset_locked(struct wu_pipe *pipe)
{
    pipe->holds++;
    wu_host_mutex_unlock(&pipe->lock);

    wu_usb_clear_halt(pipe->device->usb, pipe->address);

    wu_host_mutex_lock(&pipe->lock);
    pipe->holds--;
}

/* @param error_out  why it is over */
static enum step go_on_locked(struct wu_request *request,
                              const struct wu_usb_completion *completion,
                              DWORD *error_out)
{
    const bool more = request->kind->take(request, completion);

    *error_out = more ? ERROR_OPERATION_ABORTED : request->error;
    return more && !request->cancelled ? step_locked(request, error_out) : STEP_OVER;
}

/* Those that wait for memory come before what goes on: it would take all again. */
void wu_request_continue(struct wu_request *request, const struct wu_usb_completion *completion)
{
    struct wu_pipe *pipe = request->pipe;
    struct wu_request_ended ended = wu_request_none_ended(&ended);
    DWORD error;

    if (wu_memory_give(request->memory))
        wu_memory_retry();

    wu_host_mutex_lock(&pipe->lock);
    pipe->running--;
    if (pipe->exclusive == request)
        pipe->exclusive = NULL;
    if (go_on_locked(request, completion, &error) == STEP_OVER) {
        if (wants_reset(request, error))
            reset_locked(pipe);
        wu_request_end_locked(request, error, &ended);
    }
    wu_request_begin_waiting_locked(pipe, &ended);
    wu_host_mutex_unlock(&pipe->lock);

    wu_request_finish_all(&ended);
}

/* --- Making -------------------------------------------------------------------------------- */

static void go_on_alone(struct wu_request *request)
{
    struct wu_usb_completion completion;

    wu_host_mutex_unlock(&request->pipe->lock);
    wu_usb_transfer_wait(request->transfer, &completion);
    wu_request_continue(request, &completion);
    wu_host_mutex_lock(&request->pipe->lock);
}

/* Memory that comes back to our own transfers wakes it; what other programs give back does not. */
static void wait_for_turn(struct wu_request *request)
{
    struct wu_pipe *pipe = request->pipe;

    if (!pipe->starved) {
        wu_host_cond_wait(&pipe->changed, &pipe->lock);
        return;
    }
    if (wu_host_cond_wait_until(&pipe->changed, &pipe->lock, retry_time()))
        return;

    wu_host_mutex_unlock(&pipe->lock);
    wu_request_begin_waiting(pipe);
    wu_host_mutex_lock(&pipe->lock);
}

static DWORD wait_for_end(struct wu_request *request)
{
    struct wu_pipe *pipe = request->pipe;
    DWORD error;

    wu_host_mutex_lock(&pipe->lock);
    while (request->state != WU_REQUEST_ENDED)
        if (request->state == WU_REQUEST_RUNNING)
            go_on_alone(request);
        else
            wait_for_turn(request);

    error = request->error;
    if (request->io.transferred)
        *request->io.transferred = request->bytes;
    leave_locked(request);
    wu_host_mutex_unlock(&pipe->lock);

    return error;
}

/* A request that comes while its handle or pipe is being closed ends as those that came before. */
static void accept(struct wu_request *request)
{
    struct wu_pipe *pipe = request->pipe;
    struct wu_request_ended ended = wu_request_none_ended(&ended);
    DWORD error = ERROR_SUCCESS;

    wu_host_mutex_lock(&pipe->lock);
    link_locked(request);
    if (request->iface->ended || !pipe->open)
        error = ERROR_OPERATION_ABORTED;
    else if (request->kind->accept)
        error = request->kind->accept(request);
    if (error != ERROR_SUCCESS)
        wu_request_end_locked(request, error, &ended);
    else
        wu_request_begin_waiting_locked(pipe, &ended);
    wu_host_mutex_unlock(&pipe->lock);

    wu_request_finish_all(&ended);
}

static void drop(struct wu_request *request)
{
    struct wu_pipe *pipe = request->pipe;

    wu_host_mutex_lock(&pipe->lock);
    wu_request_recycle_locked(request);
    wu_host_mutex_unlock(&pipe->lock);
}

static DWORD begin_overlapped(struct wu_request *request)
{
    struct wu_device *device = request->pipe->device;
    DWORD error = wu_pump_begin(&device->pump);

    if (error != ERROR_SUCCESS)
        return error;

    error = wu_host_overlapped_start(device->file, request->io.overlapped, &request->notice);
    if (error != ERROR_SUCCESS)
        wu_pump_end(&device->pump);
    return error;
}

DWORD wu_request_run(struct wu_request *request, const struct wu_io *io)
{
    DWORD error;

    request->io = *io;
    if (!io->overlapped) {
        accept(request);
        return wait_for_end(request);
    }

    error = begin_overlapped(request);
    if (error != ERROR_SUCCESS) {
        drop(request);
        return error;
    }

    accept(request);
    return ERROR_IO_PENDING;
}

DWORD wu_io_end(struct wu_interface *iface, const struct wu_io *io, DWORD error)
{
    if (io->overlapped)
        return wu_host_overlapped_end(iface->device->file, io->overlapped,
                                      wu_status_of_error(error), 0);

    if (io->transferred)
        *io->transferred = 0;
    return error;
}
