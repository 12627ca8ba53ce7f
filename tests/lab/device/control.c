/*
 * Requests on endpoint 0: the vendor requests that tests are about, and those by which they tell
 * the device what to do.
 */
#include "model.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { TYPE_MASK = 0x60, VENDOR = 0x40, FOR_DEVICE_OUT = 0x40, FOR_DEVICE_IN = 0xC0 };
static const int64_t reply_time = 20000000; /* [ns] for the reply to get through before leaving */

static void stall(struct transfer *transfer)
{
    transfer->status = EPIPE;
    transfer->actual = 0;
}

static void give(struct transfer *transfer, const void *bytes, size_t size)
{
    transfer->actual = size < transfer->length ? (uint32_t)size : transfer->length;
    memcpy(transfer->data, bytes, transfer->actual);
}

static bool is_in(const struct transfer *transfer)
{
    return (transfer->setup.type & 0x80) != 0;
}

static void echo(struct model *model, struct transfer *transfer)
{
    if (is_in(transfer)) {
        give(transfer, model->store, model->stored);
        return;
    }
    model->stored = transfer->length;
    memcpy(model->store, transfer->data, transfer->length);
    transfer->actual = transfer->length;
}

/* wValue names an interface, in its low byte, where properties are asked for, and a page. */
static const struct blob *find_msos(const struct descriptors *all, const struct setup *setup)
{
    if (setup->index == 5 && setup->value < DESCRIPTORS_INTERFACES)
        return &all->msos1_properties[setup->value];
    if (setup->value != 0)
        return NULL;
    return setup->index == 4 ? &all->msos1_compatible : setup->index == 7 ? &all->msos2 : NULL;
}

static void give_msos(const struct model *model, struct transfer *transfer)
{
    const struct blob *blob = find_msos(&model->descriptors, &transfer->setup);

    if (blob && blob->size > 0 && is_in(transfer))
        give(transfer, blob->bytes, blob->size);
    else
        stall(transfer);
}

/* --- Scripting ------------------------------------------------------------------------------- */

static void program(struct model *model, struct transfer *transfer)
{
    struct labdev_behaviour behaviour;

    if (transfer->length != sizeof(behaviour)) {
        stall(transfer);
        return;
    }
    memcpy(&behaviour, transfer->data, sizeof(behaviour));
    if (!model_program(model, transfer->setup.index, &behaviour))
        stall(transfer);
}

static void give_status(struct model *model, struct transfer *transfer)
{
    const struct endpoint *endpoint = model_endpoint(model, transfer->setup.index);
    struct labdev_status status = endpoint->status;

    status.wrong = endpoint->stream.wrong;
    status.first_wrong = endpoint->stream.first_wrong;
    status.halted = endpoint->halted;
    status.present = endpoint->present;
    give(transfer, &status, sizeof(status));
}

static void replug(struct model *model, struct transfer *transfer)
{
    struct labdev_replug next;

    if (transfer->length != sizeof(next)) {
        stall(transfer);
        return;
    }
    memcpy(&next, transfer->data, sizeof(next));
    if (next.personality >= LABDEV_PERSONALITIES || next.variant >= LABDEV_FAULT_COUNT ||
        next.speed > LABDEV_HIGH_SPEED)
        stall(transfer);
    else
        model_replug(model, &next, reply_time);
}

static void answer_script(struct model *model, struct transfer *transfer)
{
    const struct setup *setup = &transfer->setup;
    const uint32_t number = setup->value | (uint32_t)setup->index << 16;

    transfer->actual = is_in(transfer) ? 0 : transfer->length;
    if (setup->request == LABDEV_PROGRAM && !is_in(transfer))
        program(model, transfer);
    else if (setup->request == LABDEV_CLEAR && !is_in(transfer))
        model_clear(model);
    else if (setup->request == LABDEV_REPLUG && !is_in(transfer))
        replug(model, transfer);
    else if (setup->request == LABDEV_LOG && is_in(transfer))
        transfer->actual =
            (uint32_t)log_copy(&model->log, number, transfer->data, transfer->length);
    else if (setup->request == LABDEV_STATUS && is_in(transfer))
        give_status(model, transfer);
    else
        stall(transfer);
}

/* As Windows asks whether there are Microsoft's descriptors. */
static bool asks_for(const struct transfer *transfer, unsigned descriptor)
{
    return transfer->setup.type == 0x80 && transfer->setup.request == 6 &&
           transfer->setup.value == descriptor;
}

/* But not to the test, which looks who was asked when; a request that is held comes here again. */
static void keep_silent(const char *event)
{
    printf("%d %s\n", (int)getpid(), event);
    fflush(stdout);
}

void control_given_up(const struct model *model, const struct transfer *transfer)
{
    if (model->silent && asks_for(transfer, 0x03EE))
        keep_silent("given up");
}

bool control_answer(struct model *model, struct transfer *transfer)
{
    if (model->silent && asks_for(transfer, 0x03EE)) {
        keep_silent("asked");
        return false;
    }
    if (model->silent && asks_for(transfer, 0x0F00)) {
        stall(transfer);
        return true;
    }
    if ((transfer->setup.type & TYPE_MASK) == 0) {
        standard_answer(model, transfer);
        return true;
    }
    if ((transfer->setup.type & TYPE_MASK) != VENDOR) {
        stall(transfer);
        return true;
    }
    switch (transfer->setup.request) {
    case LABDEV_ECHO:
    case LABDEV_REQUEST_DELAY:
        echo(model, transfer);
        return true;
    case LABDEV_REQUEST_STALL:
        stall(transfer);
        return true;
    case LABDEV_REQUEST_NAK:
        return false;
    case LABDEV_MSOS:
        give_msos(model, transfer);
        return true;
    default:
        answer_script(model, transfer);
        return true;
    }
}
