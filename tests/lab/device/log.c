#include "log.h"

#include <string.h>

void log_add(struct log *log, const struct labdev_log_entry *entry)
{
    struct labdev_log_entry *slot = &log->entries[log->count % LOG_SIZE];

    *slot = *entry;
    slot->number = log->count++;
}

void log_clear(struct log *log)
{
    log->first = log->count;
}

/* Number of the oldest entry that is still there. */
static uint32_t oldest(const struct log *log)
{
    const uint32_t kept = log->count > LOG_SIZE ? log->count - LOG_SIZE : 0;

    return kept > log->first ? kept : log->first;
}

size_t log_copy(const struct log *log, uint32_t number, uint8_t *data, size_t room)
{
    size_t copied = 0;

    if (number < oldest(log))
        number = oldest(log);
    for (; number < log->count; number++) {
        const struct labdev_log_entry *entry = &log->entries[number % LOG_SIZE];
        const size_t size = labdev_log_entry_size(entry);

        if (copied + size > room)
            break;
        memcpy(data + copied, entry, size);
        copied += size;
    }
    return copied;
}
