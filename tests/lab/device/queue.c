/*
 * Transfers that wait: an endpoint works on the oldest only, requests wait each for itself.
 */
#include "model.h"

#include <errno.h>

static const int64_t millisecond = 1000000; /* [ns] */

static void append(struct transfer **list, struct transfer *transfer)
{
    while (*list)
        list = &(*list)->next;
    *list = transfer;
}

static void pop(struct endpoint *endpoint, struct transfer *transfer)
{
    struct transfer **link = &endpoint->head;

    while (*link != transfer)
        link = &(*link)->next;
    *link = transfer->next;
    endpoint->status.held--;
}

/* The one way a transfer of an endpoint ends. */
static void end(struct model *model,
                struct endpoint *endpoint,
                struct transfer *transfer,
                enum labdev_log_kind kind)
{
    pop(endpoint, transfer);
    endpoint->status.bytes += transfer->actual;
    if (kind == LABDEV_LOG_CANCEL)
        endpoint->status.cancels++;
    else
        endpoint->status.transfers++;
    if (!transfer->unlogged)
        journal_end(model, transfer, kind);
    model->transport->ops->complete(model->transport, transfer);
    model_transfer_free(transfer);
}

static void begin(struct model *model, struct endpoint *endpoint, struct transfer *transfer)
{
    int64_t due;

    transfer->begun = true;
    transfer->plan = (struct stream_plan){ 0 };
    if (transfer->packet_count > 0)
        return;
    transfer->plan = stream_begin(&endpoint->stream);
    due = model->now + transfer->plan.delay * millisecond;
    if (transfer->not_before < due)
        transfer->not_before = due;
}

/* Works on the oldest transfer. @return false when it has to wait */
static bool step(struct model *model, struct endpoint *endpoint)
{
    struct transfer *transfer = endpoint->head;

    if (!transfer)
        return false;
    if (endpoint->halted || !endpoint->present) {
        transfer->status = EPIPE;
        end(model, endpoint, transfer, LABDEV_LOG_TRANSFER);
        return true;
    }
    if (!transfer->begun)
        begin(model, endpoint, transfer);
    if (transfer->not_before > model->now || transfer->plan.hold)
        return false;
    if (transfer->packet_count > 0
            ? !endpoint_answer_packets(model, endpoint, transfer, transfer->packet_count)
            : !endpoint_answer(model, endpoint, transfer))
        return false;
    end(model, endpoint, transfer, LABDEV_LOG_TRANSFER);
    return true;
}

static void work_on_controls(struct model *model)
{
    struct transfer **link = &model->controls;

    while (*link) {
        struct transfer *transfer = *link;

        if (transfer->not_before > model->now || !control_answer(model, transfer)) {
            link = &transfer->next;
            continue;
        }
        *link = transfer->next;
        model->transport->ops->complete(model->transport, transfer);
        model_transfer_free(transfer);
    }
}

void queue_work(struct model *model)
{
    bool progress = true;

    work_on_controls(model);
    while (progress && model->unplug_at > model->now) {
        progress = false;
        for (size_t i = 0; i < MODEL_ENDPOINTS; i++)
            progress |= step(model, &model->endpoints[i]);
    }
}

static void enqueue(struct endpoint *endpoint, struct transfer *transfer)
{
    struct labdev_status *status = &endpoint->status;

    append(&endpoint->head, transfer);
    if (++status->held > status->peak)
        status->peak = status->held;
}

void model_submit(struct model *model, struct transfer *transfer)
{
    for (size_t i = 0; i < transfer->packet_count; i++)
        transfer->packets[i].status = EXDEV; /* until its time has come */
    if (transfer->endpoint) {
        enqueue(model_endpoint(model, transfer->endpoint), transfer);
    } else {
        if (transfer->setup.request < LABDEV_PROGRAM)
            journal_setup(model, transfer);
        if (transfer->setup.request == LABDEV_REQUEST_DELAY)
            transfer->not_before = model->now + transfer->setup.value * millisecond;
        append(&model->controls, transfer);
    }
    queue_work(model);
}

/* --- Cancelling ------------------------------------------------------------------------------ */

/* How many packets of an isochronous transfer the bus has got to. */
static size_t packets_elapsed(const struct model *model,
                              const struct endpoint *endpoint,
                              const struct transfer *transfer)
{
    const int64_t left = transfer->not_before - model->now;
    const int64_t packets = left > 0 ? (left + endpoint->period - 1) / endpoint->period : 0;

    return packets > (int64_t)transfer->packet_count ? 0 : transfer->packet_count - (size_t)packets;
}

static void cancel(struct model *model, struct endpoint *endpoint, struct transfer *transfer)
{
    if (transfer->packet_count > 0 && !transfer->plan.hold)
        endpoint_answer_packets(model, endpoint, transfer,
                                packets_elapsed(model, endpoint, transfer));
    transfer->status = ECONNRESET;
    end(model, endpoint, transfer, LABDEV_LOG_CANCEL);
}

static bool cancel_control(struct model *model, uint64_t id)
{
    struct transfer **link = &model->controls;
    struct transfer *transfer;

    while (*link && (*link)->id != id)
        link = &(*link)->next;
    transfer = *link;
    if (!transfer)
        return false;
    *link = transfer->next;
    transfer->status = ECONNRESET;
    control_given_up(model, transfer);
    journal_end(model, transfer, LABDEV_LOG_CANCEL);
    model->transport->ops->complete(model->transport, transfer);
    model_transfer_free(transfer);
    return true;
}

bool model_cancel(struct model *model, uint64_t id)
{
    for (size_t i = 0; i < MODEL_ENDPOINTS; i++) {
        struct endpoint *endpoint = &model->endpoints[i];
        struct transfer *transfer = endpoint->head;

        while (transfer && (transfer->unlogged || transfer->id != id))
            transfer = transfer->next;
        if (!transfer)
            continue;
        cancel(model, endpoint, transfer);
        queue_work(model);
        return true;
    }
    return cancel_control(model, id);
}

void model_drop_stream(struct model *model, unsigned address)
{
    struct endpoint *endpoint = model_endpoint(model, address);
    struct transfer *transfer = endpoint->head;

    while (transfer) {
        struct transfer *const next = transfer->next;

        if (transfer->unlogged) {
            pop(endpoint, transfer);
            model_transfer_free(transfer);
        }
        transfer = next;
    }
}
