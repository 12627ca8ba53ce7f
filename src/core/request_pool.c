/* The memory of requests, which each pipe uses again: a steady stream of them allocates nothing. */
#include <stdlib.h>

#include "core/request_parts.h"

enum { BOUNCE_KEPT = 0x10000 /* [bytes] what a request keeps for the next one */ };

void wu_request_free(struct wu_request *request)
{
    if (request->transfer != 0)
        wu_usb_transfer_free(request->transfer);
    free(request->packets);
    free(request->bounce);
    free(request);
}

static struct wu_request *take_idle(struct wu_pipe *pipe)
{
    struct wu_request *request;

    wu_host_mutex_lock(&pipe->lock);
    request = pipe->idle;
    if (request)
        pipe->idle = request->next;
    wu_host_mutex_unlock(&pipe->lock);

    return request;
}

void wu_request_recycle_locked(struct wu_request *request)
{
    if (request->bounce_size > BOUNCE_KEPT) {
        free(request->bounce);
        request->bounce = NULL;
        request->bounce_size = 0;
    }

    request->next = request->pipe->idle;
    request->pipe->idle = request;
}

static DWORD reserve_bounce(struct wu_request *request, size_t size)
{
    UCHAR *bounce;

    if (size <= request->bounce_size)
        return ERROR_SUCCESS;

    bounce = malloc(size);
    if (!bounce)
        return ERROR_NOT_ENOUGH_MEMORY;

    free(request->bounce);
    request->bounce = bounce;
    request->bounce_size = size;
    return ERROR_SUCCESS;
}

static DWORD reserve_transfer(struct wu_request *request, ULONG packets)
{
    struct wu_usb_packet *room;
    uint64_t transfer;
    DWORD error;

    if (request->transfer != 0 && packets <= request->packet_room)
        return ERROR_SUCCESS;

    room = calloc((size_t)packets + 1, sizeof(*room));
    if (!room)
        return ERROR_NOT_ENOUGH_MEMORY;

    error = wu_usb_transfer_new(request->pipe->device->usb, packets, &transfer);
    if (error != ERROR_SUCCESS) {
        free(room);
        return error;
    }

    if (request->transfer != 0)
        wu_usb_transfer_free(request->transfer);
    free(request->packets);
    request->transfer = transfer;
    request->packets = room;
    request->packet_room = packets;
    return ERROR_SUCCESS;
}

ULONG wu_request_limit_locked(const struct wu_pipe *pipe)
{
    const uint64_t longest = wu_memory_longest_transfer();
    const ULONG maximum = wu_policy_maximum_transfer(pipe->device->speed);
    const ULONG limit = longest < maximum ? (ULONG)longest : maximum;
    const ULONG packet = pipe->information.MaximumPacketSize;

    return packet > 0 ? limit - limit % packet : limit;
}

static void fill_in(struct wu_request *request)
{
    struct wu_pipe *pipe = request->pipe;

    request->policies = pipe->policies;
    request->limit = wu_request_limit_locked(pipe);
    request->thread = wu_host_thread_self();
    request->state = WU_REQUEST_WAITING;
    request->cancelled = false;
    request->error = ERROR_SUCCESS;
    request->bytes = 0;
    request->begin = 0;
    request->deadline = 0;
    request->isoch.buffer = NULL;
}

DWORD wu_request_new(struct wu_interface *iface,
                     struct wu_pipe *pipe,
                     const struct wu_request_kind *kind,
                     size_t bounce_size,
                     ULONG packets,
                     struct wu_request **request_out)
{
    struct wu_request *request = take_idle(pipe);
    DWORD error;

    if (!request)
        request = calloc(1, sizeof(*request));
    if (!request)
        return ERROR_NOT_ENOUGH_MEMORY;

    request->pipe = pipe;
    request->iface = iface;
    request->kind = kind;
    request->packet_count = packets;
    error = reserve_bounce(request, bounce_size);
    if (error == ERROR_SUCCESS)
        error = reserve_transfer(request, packets);

    wu_host_mutex_lock(&pipe->lock);
    if (error == ERROR_SUCCESS)
        fill_in(request);
    else
        wu_request_recycle_locked(request);
    wu_host_mutex_unlock(&pipe->lock);

    if (error == ERROR_SUCCESS)
        *request_out = request;
    return error;
}
