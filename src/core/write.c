/* Writes to bulk and interrupt pipes. */
#include "core/transfer.h"

static bool is_bulk(const struct wu_request *request)
{
    return request->pipe->information.PipeType == UsbdPipeTypeBulk;
}

/* The kernel adds the empty packet to a bulk transfer itself; others need a transfer for it. */
static bool needs_empty_transfer(const struct wu_request *request)
{
    const ULONG packet = request->pipe->information.MaximumPacketSize;

    return request->policies.flags[SHORT_PACKET_TERMINATE] && !is_bulk(request) &&
           request->io.length > 0 && packet > 0 && request->io.length % packet == 0;
}

static bool next(struct wu_request *request, struct wu_usb_submission *submission)
{
    const ULONG left = request->io.length - request->bytes;

    request->piece = left < request->limit ? left : request->limit;
    submission->data = request->io.buffer + request->bytes;
    submission->length = request->piece;
    submission->zero_packet = request->policies.flags[SHORT_PACKET_TERMINATE] && is_bulk(request) &&
                              request->piece == left && left > 0;
    return true;
}

static bool take(struct wu_request *request, const struct wu_usb_completion *completion)
{
    request->bytes += completion->bytes;
    request->error = completion->error;
    if (request->error != ERROR_SUCCESS || completion->bytes != request->piece)
        return false;
    return request->bytes < request->io.length ||
           (request->piece > 0 && needs_empty_transfer(request));
}

/* The next may follow as soon as all of a request is on its way. */
static bool may_queue(const struct wu_request *request)
{
    return request->io.length - request->bytes <= request->limit && !needs_empty_transfer(request);
}

static const struct wu_request_kind kind = { next, take, may_queue, NULL };

static bool is_writable(struct wu_pipe *pipe)
{
    bool writable;

    wu_host_mutex_lock(&pipe->lock);
    writable = pipe->open && pipe->address != 0 && USB_ENDPOINT_DIRECTION_OUT(pipe->address) &&
               pipe->information.PipeType != UsbdPipeTypeIsochronous;
    wu_host_mutex_unlock(&pipe->lock);

    return writable;
}

DWORD wu_transfer_write(struct wu_interface *iface, UCHAR address, const struct wu_io *io)
{
    struct wu_pipe *pipe = wu_pipe_of(iface->device, address);
    struct wu_request *request;
    DWORD error;

    if (!pipe || !is_writable(pipe) || (!io->buffer && io->length > 0))
        return ERROR_INVALID_PARAMETER;

    error = wu_request_new(iface, pipe, &kind, 0, 0, &request);
    if (error != ERROR_SUCCESS)
        return error;

    return wu_request_run(request, io);
}
