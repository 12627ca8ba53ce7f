/*
 * What an endpoint does with one transfer.
 */
#include "model.h"

#include <errno.h>

static struct stream *looped_to(struct model *model, const struct endpoint *endpoint)
{
    return &model_endpoint(model, endpoint->address | 0x80u)->stream;
}

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* What fails moves no data unless an event says how much. */
static uint32_t limit_of(const struct stream_plan *plan, uint32_t length)
{
    if (plan->limit == UINT32_MAX && (plan->fail || plan->stall))
        return 0;
    return least(plan->limit, length);
}

static bool receive(struct endpoint *endpoint, struct transfer *transfer, uint32_t limit)
{
    while (transfer->actual < limit) {
        const int64_t size = stream_packet(&endpoint->stream, transfer->data + transfer->actual,
                                           limit - transfer->actual);

        if (size == STREAM_NOTHING)
            return false;
        if (size == STREAM_BABBLE && limit == transfer->length)
            transfer->status = EOVERFLOW;
        transfer->actual = size == STREAM_BABBLE ? limit : transfer->actual + (uint32_t)size;
        if (size < endpoint->stream.packet_size)
            return true;
    }
    return true;
}

static bool ends_with_zero_packet(const struct endpoint *endpoint, const struct transfer *transfer)
{
    return transfer->zero_packet && transfer->actual > 0 && transfer->actual == transfer->length &&
           transfer->length % endpoint->stream.packet_size == 0;
}

/* What the protocol does not know is refused by a stall. */
static bool
carry_out(struct model *model, struct stream *back, struct transfer *transfer, uint32_t size)
{
    if (stream_is_full(back))
        return false;
    if (model->identity.personality == LABDEV_ADB)
        transfer->plan.stall |= !adb_take(&model->adb, back, transfer->data, size);
    else
        fastboot_take(&model->fastboot, back, transfer->data, size);
    transfer->actual = size;
    return true;
}

static bool
take(struct model *model, struct endpoint *endpoint, struct transfer *transfer, uint32_t limit)
{
    struct stream *back = looped_to(model, endpoint);

    if (limit == 0 && transfer->length > 0)
        return true;
    if (endpoint->stream.behaviour.kind == LABDEV_SERVICE)
        return carry_out(model, back, transfer, limit);
    if (!stream_take(&endpoint->stream, back, transfer->data, limit))
        return false;
    transfer->actual = limit;
    if (ends_with_zero_packet(endpoint, transfer))
        stream_take(&endpoint->stream, back, transfer->data, 0);
    return true;
}

static void leave(struct model *model, const struct stream_plan *plan)
{
    struct labdev_replug next = model->identity;

    next.absence = plan->absence;
    model_replug(model, &next, 0);
}

bool endpoint_answer(struct model *model, struct endpoint *endpoint, struct transfer *transfer)
{
    const struct stream_plan *plan = &transfer->plan;
    const uint32_t limit = limit_of(plan, transfer->length);

    if (plan->leave)
        leave(model, plan);
    if (plan->leave)
        return false;
    if (transfer_is_in(transfer) ? !receive(endpoint, transfer, limit)
                                 : !take(model, endpoint, transfer, limit))
        return false;
    endpoint->halted = plan->stall;
    if (plan->stall)
        transfer->status = EPIPE;
    else if (plan->babble)
        transfer->status = EOVERFLOW;
    else if (plan->fail)
        transfer->status = plan->fail;
    return true;
}

static void answer_packet(struct model *model,
                          struct endpoint *endpoint,
                          struct transfer *transfer,
                          struct packet *packet)
{
    const struct stream_plan plan = stream_begin(&endpoint->stream);
    const uint32_t limit = limit_of(&plan, packet->length);
    uint8_t *data = transfer->data + packet->offset;
    int64_t size = limit;

    if (transfer_is_in(transfer))
        size = limit > 0 ? stream_packet(&endpoint->stream, data, limit) : 0;
    else
        stream_take(&endpoint->stream, looped_to(model, endpoint), data, limit);
    packet->actual = size >= 0 ? (uint32_t)size : size == STREAM_BABBLE ? limit : 0;
    packet->status = plan.babble || size == STREAM_BABBLE ? EOVERFLOW : plan.fail;
    transfer->actual += packet->actual;
    transfer->plan.hold |= plan.hold;
    endpoint->status.packets++;
    if (plan.leave)
        leave(model, &plan);
}

bool endpoint_answer_packets(struct model *model,
                             struct endpoint *endpoint,
                             struct transfer *transfer,
                             size_t count)
{
    for (size_t i = 0; i < count && !transfer->plan.hold; i++)
        answer_packet(model, endpoint, transfer, &transfer->packets[i]);
    return !transfer->plan.hold;
}
