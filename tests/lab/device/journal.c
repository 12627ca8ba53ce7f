/*
 * What goes into the log of what happens to a model.
 */
#include "model.h"

#include <string.h>

static void set_data(struct labdev_log_entry *entry, const struct transfer *transfer, uint32_t size)
{
    entry->data_size = size < LABDEV_LOG_DATA ? size : LABDEV_LOG_DATA;
    memcpy(entry->data, transfer->data, entry->data_size);
}

static struct labdev_log_entry entry_of(const struct model *model, enum labdev_log_kind kind)
{
    return (struct labdev_log_entry){ .kind = (uint8_t)kind,
                                      .time = (uint32_t)(model->now / 1000) };
}

void journal_plain(struct model *model, enum labdev_log_kind kind)
{
    const struct labdev_log_entry entry = entry_of(model, kind);

    log_add(&model->log, &entry);
}

static void put_setup(struct labdev_log_entry *entry, const struct setup *setup)
{
    const uint8_t bytes[] = { setup->type,
                              setup->request,
                              (uint8_t)setup->value,
                              (uint8_t)(setup->value >> 8),
                              (uint8_t)setup->index,
                              (uint8_t)(setup->index >> 8),
                              (uint8_t)setup->length,
                              (uint8_t)(setup->length >> 8) };

    memcpy(entry->setup, bytes, sizeof(bytes));
}

void journal_setup(struct model *model, const struct transfer *transfer)
{
    struct labdev_log_entry entry = entry_of(model, LABDEV_LOG_SETUP);

    entry.length = transfer->setup.length;
    put_setup(&entry, &transfer->setup);
    if (!transfer_is_in(transfer))
        set_data(&entry, transfer, transfer->length);
    log_add(&model->log, &entry);
}

void journal_end(struct model *model, const struct transfer *transfer, enum labdev_log_kind kind)
{
    struct labdev_log_entry entry = entry_of(model, kind);

    entry.endpoint = transfer->endpoint;
    entry.status = (uint16_t)transfer->status;
    entry.length = transfer->length;
    entry.actual = transfer->actual;
    if (transfer->endpoint == 0)
        put_setup(&entry, &transfer->setup);
    else if (!transfer_is_in(transfer))
        set_data(&entry, transfer, transfer->length);
    log_add(&model->log, &entry);
}
