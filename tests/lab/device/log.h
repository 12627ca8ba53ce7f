/*
 * What the lab's device has seen, the latest of it.
 */
#ifndef LABDEV_LOG_H
#define LABDEV_LOG_H

#include <stddef.h>
#include <stdint.h>

#include "protocol.h"

enum { LOG_SIZE = 8192 /* entries */ };

struct log {
    uint32_t first; /* number of the first entry since it was emptied */
    uint32_t count; /* number of the next entry */
    struct labdev_log_entry entries[LOG_SIZE];
};

/** Adds an entry; the oldest goes when there is no room. The number is set here. */
void log_add(struct log *log, const struct labdev_log_entry *entry);

/** Empties it; numbers go on. */
void log_clear(struct log *log);

/**
 * Copies entries from a number on, as many as fit whole, each cut after its data.
 *
 * @param room  [bytes] at @p data
 * @return [bytes] copied
 */
size_t log_copy(const struct log *log, uint32_t number, uint8_t *data, size_t room);

#endif
