#include "script.h"

#include <string.h>

#include "usbfs.h"

enum { TO_DEVICE = 0x40, FROM_DEVICE = 0xC0 };

/* --- Requests -------------------------------------------------------------------------------- */

/* @return as labdev_usbfs_control() */
static int control(const struct labdev *device,
                   unsigned type,
                   unsigned request,
                   uint32_t value_and_index,
                   void *data,
                   size_t size)
{
    const struct labdev_setup setup = {
        .type = (uint8_t)type,
        .request = (uint8_t)request,
        .value = (uint16_t)value_and_index,
        .index = (uint16_t)(value_and_index >> 16),
        .size = (uint16_t)size,
    };

    return labdev_usbfs_control(device->file, &setup, data);
}

bool labdev_open(struct labdev *device, const char *node)
{
    device->file = labdev_usbfs_open(node);
    return device->file >= 0;
}

void labdev_close(struct labdev *device)
{
    if (device->file >= 0)
        labdev_usbfs_close(device->file);
    device->file = -1;
}

bool labdev_program(const struct labdev *device,
                    uint8_t endpoint,
                    const struct labdev_behaviour *behaviour)
{
    struct labdev_behaviour copy = *behaviour;

    return control(device, TO_DEVICE, LABDEV_PROGRAM, (uint32_t)endpoint << 16, &copy,
                   sizeof(copy)) == sizeof(copy);
}

bool labdev_clear(const struct labdev *device)
{
    return control(device, TO_DEVICE, LABDEV_CLEAR, 0, NULL, 0) == 0;
}

size_t labdev_descriptors(const struct labdev *device, void *data, size_t size)
{
    return labdev_usbfs_descriptors(device->file, data, size);
}

bool labdev_status(const struct labdev *device, uint8_t endpoint, struct labdev_status *status_out)
{
    struct labdev_status status;

    if (control(device, FROM_DEVICE, LABDEV_STATUS, (uint32_t)endpoint << 16, &status,
                sizeof(status)) != sizeof(status))
        return false;
    *status_out = status;
    return true;
}

bool labdev_replug(const struct labdev *device, const struct labdev_replug *replug)
{
    struct labdev_replug copy = *replug;
    const int moved = control(device, TO_DEVICE, LABDEV_REPLUG, 0, &copy, sizeof(copy));

    return moved == sizeof(copy) || moved == LABDEV_LEFT;
}

/* --- The pattern ----------------------------------------------------------------------------- */

void labdev_fill(void *data, size_t size, uint64_t position)
{
    uint8_t *bytes = data;

    for (size_t i = 0; i < size; i++)
        bytes[i] = labdev_pattern(position + i);
}

size_t labdev_mismatch(const void *data, size_t size, uint64_t position)
{
    const uint8_t *bytes = data;
    size_t i = 0;

    while (i < size && bytes[i] == labdev_pattern(position + i))
        i++;
    return i;
}

/* --- The log --------------------------------------------------------------------------------- */

static bool fetch(struct labdev_log *log)
{
    const int size =
        control(log->device, FROM_DEVICE, LABDEV_LOG, log->number, log->bytes, sizeof(log->bytes));

    log->position = 0;
    log->size = size > 0 ? (size_t)size : 0;
    return log->size > 0;
}

const struct labdev_log_entry *labdev_log_next(struct labdev_log *log)
{
    const size_t header = offsetof(struct labdev_log_entry, data);

    if (log->position >= log->size && !fetch(log))
        return NULL;
    memcpy(&log->entry, log->bytes + log->position, header);
    memcpy(log->entry.data, log->bytes + log->position + header, log->entry.data_size);
    log->position += labdev_log_entry_size(&log->entry);
    log->number = log->entry.number + 1;
    return &log->entry;
}

size_t labdev_log_count(const struct labdev *device, enum labdev_log_kind kind, uint8_t endpoint)
{
    struct labdev_log log = { .device = device };
    const struct labdev_log_entry *entry;
    size_t count = 0;

    while ((entry = labdev_log_next(&log)) != NULL)
        count += entry->kind == kind && entry->endpoint == endpoint;
    return count;
}

bool labdev_log_request(const struct labdev *device,
                        uint8_t type,
                        uint8_t request,
                        struct labdev_log_entry *entry_out)
{
    struct labdev_log log = { .device = device };
    const struct labdev_log_entry *entry;
    bool found = false;

    while ((entry = labdev_log_next(&log)) != NULL) {
        if (entry->kind != LABDEV_LOG_SETUP || entry->setup[0] != type ||
            entry->setup[1] != request)
            continue;
        *entry_out = *entry;
        found = true;
    }
    return found;
}
