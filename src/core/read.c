/* Reads of bulk and interrupt pipes. */
#include <stdlib.h>
#include <string.h>

#include "core/smaller.h"
#include "core/transfer.h"

static bool is_raw(const struct wu_request *request)
{
    return request->policies.flags[RAW_IO];
}

static ULONG packet_of(const struct wu_pipe *pipe)
{
    return pipe->information.MaximumPacketSize > 0 ? pipe->information.MaximumPacketSize : 1;
}

/* A device sends whole packets, so the bus is asked for whole ones. */
static ULONG round_up(ULONG length, ULONG packet)
{
    return (length + packet - 1) / packet * packet;
}

/* --- What was sent beyond the end of the read before ------------------------------------------ */

/* @return whether there was any */
static bool take_surplus(struct wu_request *request)
{
    struct wu_pipe *pipe = request->pipe;
    const ULONG size = wu_smaller(pipe->surplus_size, request->io.length - request->bytes);

    if (size == 0)
        return false;

    memcpy(request->io.buffer + request->bytes, pipe->surplus + pipe->surplus_offset, size);
    request->bytes += size;
    pipe->surplus_offset += size;
    pipe->surplus_size -= size;
    return true;
}

/* It is shorter than a packet: nobody asks for a packet more than needed. */
static void keep_surplus(struct wu_pipe *pipe, const UCHAR *data, ULONG size)
{
    memcpy(pipe->surplus, data, size);
    pipe->surplus_offset = 0;
    pipe->surplus_size = size;
}

/* --- The kind ------------------------------------------------------------------------------ */

/* There is none when the setting or a policy changed while the request was made. */
static bool has_room(const struct wu_request *request)
{
    return request->pipe->surplus && request->bounce_size >= request->asked;
}

static bool next(struct wu_request *request, struct wu_usb_submission *submission)
{
    const bool to_the_end = request->policies.flags[IGNORE_SHORT_PACKETS];
    const ULONG packet = packet_of(request->pipe);

    if (!is_raw(request) && take_surplus(request) && !to_the_end)
        return false;
    request->piece = wu_smaller(request->io.length - request->bytes, request->limit);
    if (request->piece == 0 && !is_raw(request))
        return false;

    request->asked = round_up(request->piece, packet);
    if (request->asked > request->piece && !has_room(request)) {
        request->error = ERROR_OPERATION_ABORTED;
        return false;
    }

    submission->length = request->asked;
    submission->data =
        request->asked > request->piece ? request->bounce : request->io.buffer + request->bytes;
    return true;
}

/* What came beyond the end of the program's buffer, from @p offset of our own memory on. */
static DWORD take_excess(struct wu_request *request, ULONG offset, ULONG size)
{
    if (size == 0)
        return ERROR_SUCCESS;
    if (!request->policies.flags[ALLOW_PARTIAL_READS])
        return ERROR_GEN_FAILURE;

    if (!request->policies.flags[AUTO_FLUSH])
        keep_surplus(request->pipe, request->bounce + offset, size);
    return ERROR_SUCCESS;
}

static bool take(struct wu_request *request, const struct wu_usb_completion *completion)
{
    const bool to_the_end = request->policies.flags[IGNORE_SHORT_PACKETS] && !is_raw(request);
    const ULONG size = wu_smaller(completion->bytes, request->piece);
    DWORD excess;

    if (request->asked > request->piece && size > 0)
        memcpy(request->io.buffer + request->bytes, request->bounce, size);
    request->bytes += size;
    excess = take_excess(request, size, completion->bytes - size);

    request->error = completion->error != ERROR_SUCCESS ? completion->error : excess;
    return request->error == ERROR_SUCCESS && request->bytes < request->io.length &&
           (to_the_end || completion->bytes == request->asked);
}

/*
 * Without RAW_IO, reads go to the device one at a time, as what is left of one belongs to the next,
 * and as a timeout must not begin before its read. Reads of whole packets without a timeout leave
 * nothing: with them the bus need not pause between two. One that takes several transfers, be it
 * only for want of memory, lets no other come between them.
 */
static bool may_queue(const struct wu_request *request)
{
    const struct wu_policies *policies = &request->policies;

    if (is_raw(request))
        return request->io.length - request->bytes <= request->limit;
    return policies->timeout == 0 && !policies->flags[AUTO_CLEAR_STALL] &&
           !policies->flags[IGNORE_SHORT_PACKETS] && request->pipe->surplus_size == 0 &&
           request->io.length > 0 && request->io.length <= request->limit &&
           request->io.length % packet_of(request->pipe) == 0;
}

static const struct wu_request_kind kind = { next, take, may_queue, NULL };

/* --- Making -------------------------------------------------------------------------------- */

static bool is_readable(const struct wu_pipe *pipe)
{
    return pipe->open && USB_ENDPOINT_DIRECTION_IN(pipe->address) &&
           pipe->information.PipeType != UsbdPipeTypeIsochronous;
}

/* Memory of our own is needed for pieces that are not of whole packets. */
static size_t bounce_size(const struct wu_pipe *pipe, ULONG length)
{
    const ULONG packet = packet_of(pipe);
    const ULONG limit = wu_policy_maximum_transfer(pipe->device->speed);
    const bool whole = length % packet == 0 && !pipe->policies.flags[IGNORE_SHORT_PACKETS];

    return whole ? 0 : round_up(wu_smaller(length, limit), packet);
}

static bool fits_raw(const struct wu_pipe *pipe, ULONG length)
{
    return length % packet_of(pipe) == 0 &&
           length <= wu_policy_maximum_transfer(pipe->device->speed);
}

static bool reserve_surplus_locked(struct wu_pipe *pipe)
{
    if (!pipe->surplus)
        pipe->surplus = malloc(packet_of(pipe));
    return pipe->surplus != NULL;
}

/* What a read of this length needs; nothing at all, not even its turn, if it is @p idle. */
static DWORD look_at(struct wu_pipe *pipe, ULONG length, size_t *bounce_size_out, bool *idle_out)
{
    DWORD error = ERROR_SUCCESS;

    wu_host_mutex_lock(&pipe->lock);
    *bounce_size_out = 0;
    *idle_out = length == 0 && !pipe->policies.flags[RAW_IO];
    if (!is_readable(pipe))
        error = ERROR_INVALID_PARAMETER;
    else if (pipe->policies.flags[RAW_IO])
        error = fits_raw(pipe, length) ? ERROR_SUCCESS : ERROR_INVALID_PARAMETER;
    else
        *bounce_size_out = bounce_size(pipe, length);
    if (*bounce_size_out > 0 && !reserve_surplus_locked(pipe))
        error = ERROR_NOT_ENOUGH_MEMORY;
    wu_host_mutex_unlock(&pipe->lock);

    return error;
}

DWORD wu_transfer_read(struct wu_interface *iface, UCHAR address, const struct wu_io *io)
{
    struct wu_pipe *pipe = wu_pipe_of(iface->device, address);
    struct wu_request *request;
    size_t size;
    bool idle;
    DWORD error;

    if (!pipe || (!io->buffer && io->length > 0))
        return ERROR_INVALID_PARAMETER;

    error = look_at(pipe, io->length, &size, &idle);
    if (error == ERROR_SUCCESS && idle)
        return wu_io_end(iface, io, ERROR_SUCCESS);
    if (error == ERROR_SUCCESS)
        error = wu_request_new(iface, pipe, &kind, size, 0, &request);
    if (error != ERROR_SUCCESS)
        return error;

    return wu_request_run(request, io);
}
