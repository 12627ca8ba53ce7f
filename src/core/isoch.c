#include "core/isoch.h"

#include "core/isoch_time.h"
#include "core/request.h"
#include "core/smaller.h"

/* --- The kind ------------------------------------------------------------------------------ */

/* Tells what a request comes behind: the newest before it that has not ended. */
static struct wu_isoch_stream stream_before(const struct wu_request *request)
{
    const struct wu_request *last = request->previous;
    struct wu_isoch_stream stream = { .pending = false };

    while (last && last->state == WU_REQUEST_ENDED)
        last = last->previous;
    if (!last)
        return stream;

    stream.pending = true;
    stream.framed = last->isoch.wish.start == WU_ISOCH_AT_FRAME;
    stream.frame = last->isoch.wish.frame + last->isoch.wish.frames;
    return stream;
}

static DWORD accept(struct wu_request *request)
{
    struct wu_request_isoch *isoch = &request->isoch;
    const struct wu_isoch_stream stream = stream_before(request);
    struct wu_isoch_schedule schedule;
    DWORD error;

    if (isoch->buffer->ended)
        return ERROR_OPERATION_ABORTED;

    error = wu_isoch_schedule(&isoch->wish, &stream, &schedule);
    if (error != ERROR_SUCCESS)
        return error;

    request->begin = schedule.begin;
    isoch->late = wu_isoch_packets_in(&isoch->shape, schedule.late);
    return isoch->late < request->packet_count ? ERROR_SUCCESS : ERROR_INVALID_PARAMETER;
}

static bool next(struct wu_request *request, struct wu_usb_submission *submission)
{
    const struct wu_request_isoch *isoch = &request->isoch;
    const ULONG first = isoch->late;
    const ULONG length = request->io.length;

    for (ULONG i = first; i < request->packet_count; i++)
        request->packets[i].length =
            wu_smaller(isoch->shape.packet, length - i * isoch->shape.packet);

    submission->packets = request->packets + first;
    submission->packet_count = request->packet_count - first;
    submission->data = request->io.buffer + first * isoch->shape.packet;
    submission->length = length - first * isoch->shape.packet;
    return true;
}

static USBD_STATUS status_of(enum wu_usb_packet_status status)
{
    /* clang-format off */
    switch (status) {
    case WU_USB_PACKET_DONE:      return USBD_STATUS_SUCCESS;
    case WU_USB_PACKET_STALLED:   return USBD_STATUS_STALL_PID;
    case WU_USB_PACKET_OVERRUN:   return USBD_STATUS_DATA_OVERRUN;
    case WU_USB_PACKET_CANCELLED: return USBD_STATUS_CANCELED;
    case WU_USB_PACKET_GONE:      return USBD_STATUS_DEVICE_GONE;
    default:                      return USBD_STATUS_XACT_ERROR;
    }
    /* clang-format on */
}

static USBD_ISO_PACKET_DESCRIPTOR result_of(const struct wu_request *request, ULONG index)
{
    const struct wu_usb_packet *packet = &request->packets[index];
    const bool late = index < request->isoch.late;
    const USBD_ISO_PACKET_DESCRIPTOR result = {
        .Offset = index * request->isoch.shape.packet,
        .Length = late ? 0 : packet->bytes,
        .Status = late ? USBD_STATUS_ISO_NOT_ACCESSED_LATE : status_of(packet->status),
    };

    return result;
}

/* Those that wait for their frames need not wait to hear that the device is gone. */
static void hurry_locked(struct wu_request *request)
{
    for (; request; request = request->next)
        request->begin = 0;
}

/* One packet that came through makes a transfer a success. */
static bool take(struct wu_request *request, const struct wu_usb_completion *completion)
{
    bool any = false;

    for (ULONG i = 0; i < request->packet_count; i++) {
        const USBD_ISO_PACKET_DESCRIPTOR result = result_of(request, i);

        any = any || result.Status == USBD_STATUS_SUCCESS;
        if (request->isoch.results)
            request->isoch.results[i] = result;
    }

    request->error = completion->error;
    if (request->error == ERROR_SUCCESS && !any)
        request->error = ERROR_GEN_FAILURE;
    if (request->error == ERROR_DEVICE_NOT_CONNECTED)
        hurry_locked(request->next);
    return false;
}

static bool may_queue(const struct wu_request *request)
{
    (void)request;
    return true;
}

static const struct wu_request_kind kind = { next, take, may_queue, accept };

/* --- Making -------------------------------------------------------------------------------- */

static bool fits(const struct wu_isoch_buffer *buffer, const struct wu_isoch_call *call)
{
    return call->offset <= buffer->length && call->length <= buffer->length - call->offset &&
           (call->start != WU_ISOCH_AT_FRAME || call->frame);
}

static void fill_in(struct wu_request *request,
                    struct wu_isoch_buffer *buffer,
                    const struct wu_isoch_shape *shape,
                    const struct wu_isoch_call *call)
{
    struct wu_isoch_wish wish = {
        .start = call->start,
        .frames = wu_isoch_frames(shape, request->packet_count),
        .lead = buffer->lead,
    };

    if (call->start == WU_ISOCH_AT_FRAME) {
        wish.frame = *call->frame;
        wish.moment = wu_isoch_when(buffer->iface->device, wish.frame);
    }

    request->isoch.buffer = buffer;
    request->isoch.shape = *shape;
    request->isoch.wish = wish;
    request->isoch.results = call->results;
}

static DWORD run(struct wu_request *request, const struct wu_isoch_call *call)
{
    const struct wu_io io = {
        .buffer = request->isoch.buffer->bytes + call->offset,
        .length = call->length,
        .overlapped = call->overlapped,
    };
    const ULONG after = request->isoch.wish.frame + request->isoch.wish.frames;
    const DWORD error = wu_request_run(request, &io);

    if (call->frame && (error == ERROR_SUCCESS || error == ERROR_IO_PENDING))
        *call->frame = after;
    return error;
}

static DWORD make_and_run(struct wu_isoch_buffer *buffer,
                          const struct wu_isoch_shape *shape,
                          ULONG packets,
                          const struct wu_isoch_call *call)
{
    struct wu_request *request;
    const DWORD error = wu_request_new(buffer->iface, buffer->pipe, &kind, 0, packets, &request);

    if (error != ERROR_SUCCESS)
        return error;

    fill_in(request, buffer, shape, call);
    return run(request, call);
}

/* A synchronous request, too, is begun by the pump when it has to wait for its frame. */
static DWORD transfer(struct wu_isoch_buffer *buffer,
                      const struct wu_isoch_shape *shape,
                      ULONG packets,
                      const struct wu_isoch_call *call)
{
    const bool pumped = !call->overlapped && call->start == WU_ISOCH_AT_FRAME;
    struct wu_pump *pump = &buffer->iface->device->pump;
    DWORD error = pumped ? wu_pump_begin(pump) : ERROR_SUCCESS;

    if (error != ERROR_SUCCESS)
        return error;

    error = make_and_run(buffer, shape, packets, call);
    if (pumped)
        wu_pump_end(pump);
    return error;
}

DWORD wu_isoch_read(struct wu_isoch_buffer *buffer, const struct wu_isoch_call *call)
{
    struct wu_isoch_shape shape;
    ULONG packets;

    if (!USB_ENDPOINT_DIRECTION_IN(buffer->pipe->address) || !call->results ||
        !fits(buffer, call) || !wu_isoch_pipe_shape(buffer->pipe, &shape))
        return ERROR_INVALID_PARAMETER;

    packets = wu_isoch_packets(&shape, call->length, true);
    if (packets == 0 || packets != call->result_count)
        return ERROR_INVALID_PARAMETER;

    return transfer(buffer, &shape, packets, call);
}

DWORD wu_isoch_write(struct wu_isoch_buffer *buffer, const struct wu_isoch_call *call)
{
    struct wu_isoch_shape shape;
    ULONG packets;

    if (!USB_ENDPOINT_DIRECTION_OUT(buffer->pipe->address) || !fits(buffer, call) ||
        !wu_isoch_pipe_shape(buffer->pipe, &shape))
        return ERROR_INVALID_PARAMETER;

    packets = wu_isoch_packets(&shape, call->length, false);
    if (packets == 0)
        return ERROR_INVALID_PARAMETER;

    return transfer(buffer, &shape, packets, call);
}
