/* Cancelling requests, and waiting for those that are there to end. */
#include "core/request_parts.h"

static bool matches(const struct wu_request *request, const struct wu_request_filter *filter)
{
    return (!filter->iface || filter->iface == request->iface) &&
           (!filter->overlapped || filter->overlapped == request->io.overlapped) &&
           (!filter->thread || filter->thread == request->thread) &&
           (!filter->buffer || filter->buffer == request->isoch.buffer);
}

/* The newest first: a later read must not get the data of an earlier one that is cancelled. */
static size_t cancel_running_locked(struct wu_pipe *pipe, const struct wu_request_filter *filter)
{
    size_t count = 0;

    for (struct wu_request *request = pipe->last; request; request = request->previous)
        if (request->state == WU_REQUEST_RUNNING && matches(request, filter)) {
            request->cancelled = true;
            wu_usb_transfer_cancel(request->transfer);
            count++;
        }
    return count;
}

static size_t end_waiting_locked(struct wu_pipe *pipe,
                                 const struct wu_request_filter *filter,
                                 struct wu_request_ended *ended)
{
    size_t count = 0;

    for (struct wu_request *request = pipe->waiting; request; request = request->next)
        if (request->state == WU_REQUEST_WAITING && matches(request, filter)) {
            wu_request_end_locked(request, ERROR_OPERATION_ABORTED, ended);
            count++;
        }
    return count;
}

size_t wu_pipe_cancel(struct wu_pipe *pipe, const struct wu_request_filter *filter)
{
    struct wu_request_ended ended = wu_request_none_ended(&ended);
    size_t count;

    wu_host_mutex_lock(&pipe->lock);
    count = cancel_running_locked(pipe, filter);
    count += end_waiting_locked(pipe, filter, &ended);
    wu_request_begin_waiting_locked(pipe, &ended);
    wu_host_mutex_unlock(&pipe->lock);

    wu_request_finish_all(&ended);
    return count;
}

static bool
is_there_locked(const struct wu_pipe *pipe, const struct wu_request_filter *filter, ULONG serial)
{
    for (const struct wu_request *request = pipe->first; request; request = request->next)
        if (matches(request, filter) && (LONG)(request->serial - serial) <= 0)
            return true;
    return false;
}

static void drain(struct wu_pipe *pipe, const struct wu_request_filter *filter, ULONG serial)
{
    wu_host_mutex_lock(&pipe->lock);
    while (is_there_locked(pipe, filter, serial))
        wu_host_cond_wait(&pipe->changed, &pipe->lock);
    wu_host_mutex_unlock(&pipe->lock);
}

static ULONG newest_serial(struct wu_pipe *pipe)
{
    ULONG serial;

    wu_host_mutex_lock(&pipe->lock);
    serial = pipe->serial;
    wu_host_mutex_unlock(&pipe->lock);

    return serial;
}

void wu_pipe_drain(struct wu_pipe *pipe, const struct wu_request_filter *filter)
{
    drain(pipe, filter, newest_serial(pipe));
}

/* One that comes after the others were cancelled need not end: the caller may hold it back. */
void wu_pipe_end(struct wu_pipe *pipe, const struct wu_request_filter *filter)
{
    const ULONG serial = newest_serial(pipe);

    wu_pipe_cancel(pipe, filter);
    drain(pipe, filter, serial);
}

size_t wu_requests_cancel(struct wu_device *device, const struct wu_request_filter *filter)
{
    size_t count = 0;

    for (size_t i = 0; i < WU_PIPES; i++)
        count += wu_pipe_cancel(&device->pipes[i], filter);

    return count;
}

void wu_requests_end(struct wu_device *device, const struct wu_request_filter *filter)
{
    wu_requests_cancel(device, filter);
    for (size_t i = 0; i < WU_PIPES; i++)
        wu_pipe_drain(&device->pipes[i], filter);
}

DWORD wu_requests_cancel_file(HANDLE file, const OVERLAPPED *overlapped, bool thread)
{
    const struct wu_request_filter filter = {
        .overlapped = overlapped,
        .thread = thread ? wu_host_thread_self() : NULL,
    };
    struct wu_device *device = wu_device_find(file);
    size_t count = 0;

    if (device) {
        count = wu_requests_cancel(device, &filter);
        wu_device_release(device);
    }

    return count > 0 ? ERROR_SUCCESS : ERROR_NOT_FOUND;
}
