#include "model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const int64_t millisecond = 1000000; /* [ns] */
static const int64_t plug_retry = 20000000; /* [ns] */

enum { ISOCHRONOUS = 1 };

/* --- Transfers ------------------------------------------------------------------------------- */

static void *allocate(size_t count, size_t size)
{
    void *memory = calloc(count ? count : 1, size);

    if (!memory) {
        fputs("labdevice: out of memory\n", stderr);
        exit(1);
    }
    return memory;
}

struct transfer *model_transfer(uint8_t endpoint, uint32_t length, size_t packets)
{
    struct transfer *transfer = allocate(1, sizeof(*transfer));

    transfer->endpoint = endpoint;
    transfer->length = length;
    transfer->data = allocate(length, 1);
    transfer->packet_count = packets;
    transfer->packets = allocate(packets, sizeof(*transfer->packets));
    return transfer;
}

void model_transfer_free(struct transfer *transfer)
{
    free(transfer->data);
    free(transfer->packets);
    free(transfer);
}

static void free_all(struct transfer **list)
{
    while (*list) {
        struct transfer *transfer = *list;

        *list = transfer->next;
        model_transfer_free(transfer);
    }
}

bool transfer_is_in(const struct transfer *transfer)
{
    return ((transfer->endpoint ? transfer->endpoint : transfer->setup.type) & 0x80) != 0;
}

/* --- Programs -------------------------------------------------------------------------------- */

struct endpoint *model_endpoint(struct model *model, unsigned address)
{
    return &model->endpoints[(address & 0x0F) + (address & 0x80 ? 16 : 0)];
}

/* Tells whether what its first endpoint takes is a protocol. */
static bool speaks(const struct model *model)
{
    return model->identity.personality == LABDEV_FASTBOOT ||
           model->identity.personality == LABDEV_ADB;
}

static bool
is_possible(const struct model *model, unsigned address, const struct labdev_behaviour *behaviour)
{
    if ((address & 0x0F) == 0 || (address & 0x70) != 0 ||
        behaviour->message_count > LABDEV_MESSAGE_COUNT)
        return false;
    switch (behaviour->kind) {
    case LABDEV_NAK:
    case LABDEV_LOOPBACK:
        return true;
    case LABDEV_SOURCE:
    case LABDEV_MESSAGES:
        return (address & 0x80) != 0;
    case LABDEV_SINK:
        return (address & 0x80) == 0;
    case LABDEV_SERVICE:
        return address == 0x01 && speaks(model);
    default:
        return false;
    }
}

bool model_program(struct model *model, unsigned address, const struct labdev_behaviour *behaviour)
{
    struct endpoint *endpoint = model_endpoint(model, address);

    if (!is_possible(model, address, behaviour))
        return false;
    stream_program(&endpoint->stream, behaviour);
    endpoint->halted = false;
    for (struct transfer *transfer = endpoint->head; transfer; transfer = transfer->next) {
        transfer->begun = false;
        transfer->actual = 0;
    }
    return true;
}

/* What each endpoint does until it is told: see README.md. */
static enum labdev_kind default_kind(const struct model *model, unsigned address)
{
    const unsigned number = address & 0x0F;

    if (number == 1 && speaks(model))
        return address & 0x80 ? LABDEV_LOOPBACK : LABDEV_SERVICE;
    if (number == 1 || number == 4)
        return address & 0x80 ? LABDEV_SOURCE : LABDEV_SINK;
    if (number == 3)
        return address & 0x80 ? LABDEV_NAK : LABDEV_SINK;
    return LABDEV_LOOPBACK;
}

/* What was said is forgotten, as if the device had just been switched on. */
static void end_conversation(struct model *model)
{
    fastboot_reset(&model->fastboot);
    adb_reset(&model->adb);
    if (speaks(model))
        stream_forget(&model_endpoint(model, 0x81)->stream);
}

static void program_defaults(struct model *model)
{
    end_conversation(model);
    for (unsigned i = 0; i < MODEL_ENDPOINTS; i++) {
        const unsigned address = i < 16 ? i : 0x80 | (i - 16);
        const struct labdev_behaviour behaviour = { .kind = default_kind(model, address) };

        model->endpoints[i].address = (uint8_t)address;
        model_program(model, address, &behaviour);
    }
}

void model_clear(struct model *model)
{
    program_defaults(model);
    for (size_t i = 0; i < MODEL_ENDPOINTS; i++) {
        struct labdev_status *status = &model->endpoints[i].status;

        *status = (struct labdev_status){ .held = status->held, .peak = status->held };
    }
    log_clear(&model->log);
}

/* --- Configurations -------------------------------------------------------------------------- */

const struct blob *model_configuration(const struct model *model)
{
    const struct descriptors *all = &model->descriptors;

    if (model->configuration == 0 || model->configuration > all->configuration_count)
        return NULL;
    return &all->configurations[model->configuration - 1];
}

static int64_t period_of(const struct model *model, unsigned type, unsigned interval)
{
    const bool high = model->identity.speed == LABDEV_HIGH_SPEED;

    if (interval == 0)
        interval = 1;
    if (!high && type != ISOCHRONOUS)
        return interval * millisecond;
    return (INT64_C(1) << (interval - 1) % 16) * (high ? millisecond / 8 : millisecond);
}

static void add_endpoint(struct model *model, uint8_t iface, const uint8_t *bytes)
{
    struct endpoint *endpoint = model_endpoint(model, bytes[2]);
    const unsigned size = bytes[4] | (unsigned)bytes[5] << 8;

    endpoint->iface = iface;
    endpoint->type = bytes[3] & 3;
    endpoint->present = true;
    endpoint->stream.packet_size = (size & 0x7FF) * (1 + (size >> 11 & 3));
    endpoint->period = period_of(model, endpoint->type, bytes[6]);
}

void model_find_endpoints(struct model *model)
{
    const struct blob *blob = model_configuration(model);
    uint8_t iface = 0, alternate = 0;

    for (size_t i = 0; i < MODEL_ENDPOINTS; i++)
        model->endpoints[i].present = false;
    for (size_t at = 0; blob && at + 2 <= blob->size; at += blob->bytes[at]) {
        const uint8_t *bytes = blob->bytes + at;

        if (bytes[0] < 2 || at + bytes[0] > blob->size)
            break;
        if (bytes[1] == 4) {
            iface = bytes[2];
            alternate = bytes[3];
        } else if (bytes[1] == 5 && bytes[0] >= 7 && iface < MODEL_INTERFACES &&
                   alternate == model->alternates[iface]) {
            add_endpoint(model, iface, bytes);
        }
    }
}

/* --- Plugging -------------------------------------------------------------------------------- */

static void unconfigure(struct model *model)
{
    model->configuration = 0;
    memset(model->alternates, 0, sizeof(model->alternates));
    for (size_t i = 0; i < MODEL_ENDPOINTS; i++)
        model->endpoints[i].halted = false;
    end_conversation(model);
    model_find_endpoints(model);
}

void model_reset(struct model *model)
{
    unconfigure(model);
    journal_plain(model, LABDEV_LOG_RESET);
}

static void drop_transfers(struct model *model)
{
    free_all(&model->controls);
    for (size_t i = 0; i < MODEL_ENDPOINTS; i++) {
        free_all(&model->endpoints[i].head);
        model->endpoints[i].status.held = 0;
    }
}

void model_replug(struct model *model, const struct labdev_replug *next, int64_t delay)
{
    model->next = *next;
    if (model->next.speed == LABDEV_SAME_SPEED)
        model->next.speed = model->identity.speed;
    model->unplug_at = model->now + delay;
}

static void unplug(struct model *model)
{
    const uint32_t absence = model->next.absence;

    model->unplug_at = MODEL_IDLE;
    model->plugged = false;
    drop_transfers(model);
    journal_plain(model, LABDEV_LOG_UNPLUG);
    model->transport->ops->unplug(model->transport);
    model->plug_at = absence == LABDEV_NEVER ? MODEL_IDLE : model->now + absence * millisecond;
}

static void plug(struct model *model)
{
    model->plug_at = MODEL_IDLE;
    model->identity = model->next;
    descriptors_build(&model->descriptors, &model->identity);
    unconfigure(model);
    program_defaults(model);
    model->plugged = model->transport->ops->plug(model->transport);
    if (model->plugged)
        journal_plain(model, LABDEV_LOG_PLUG);
    else
        model->plug_at = model->now + plug_retry;
}

void model_init(struct model *model, struct transport *transport, const struct labdev_replug *is)
{
    memset(model, 0, sizeof(*model));
    model->transport = transport;
    model->next = *is;
    model->unplug_at = MODEL_IDLE;
}

void model_finish(struct model *model)
{
    drop_transfers(model);
    program_defaults(model);
}

/* --- Time ------------------------------------------------------------------------------------ */

static void heed(int64_t *wake, const struct transfer *transfer, int64_t now)
{
    if (transfer && transfer->not_before > now && transfer->not_before < *wake)
        *wake = transfer->not_before;
}

static int64_t next_wake(const struct model *model)
{
    int64_t wake = model->unplug_at < model->plug_at ? model->unplug_at : model->plug_at;

    for (size_t i = 0; i < MODEL_ENDPOINTS; i++)
        heed(&wake, model->endpoints[i].head, model->now);
    for (const struct transfer *transfer = model->controls; transfer; transfer = transfer->next)
        heed(&wake, transfer, model->now);
    return wake;
}

int64_t model_run(struct model *model, int64_t now)
{
    model->now = now;
    if (model->unplug_at <= now)
        unplug(model);
    if (model->plug_at <= now)
        plug(model);
    queue_work(model);
    return next_wake(model);
}
