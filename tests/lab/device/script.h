/*
 * What a test tells the lab's device, and what it asks it.
 *
 * Goes by a file descriptor of its own on the device node and claims nothing, so it works beside
 * the program under test and whether or not that works. Only a control transfer that is not
 * answered is in the way, on controllers of QEMU: endpoint 0 has one queue.
 *
 * Blocks for a control transfer, or a minute. What fails says so on stderr and returns false.
 * Any thread may call, one at a time.
 */
#ifndef LABDEV_SCRIPT_H
#define LABDEV_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lab/device/protocol.h"

struct labdev {
    int file;
};

/** Opens the device. @param node  "/dev/bus/usb/001/002", from lab_find(LABDEV_PRODUCT, ...) */
bool labdev_open(struct labdev *device, const char *node);

/** Closes it; closing what is closed, or { -1 }, does nothing. */
void labdev_close(struct labdev *device);

/** Programs an endpoint; its counts of transfers and of the pattern begin anew, a halt ends. */
bool labdev_program(const struct labdev *device,
                    uint8_t endpoint,
                    const struct labdev_behaviour *behaviour);

/** Programs the defaults everywhere, and empties the log, the counters and the loopback. */
bool labdev_clear(const struct labdev *device);

/**
 * Reads the device descriptor, and behind it that of the configuration, as the kernel keeps them.
 *
 * @return [bytes] how many, up to @p size
 */
size_t labdev_descriptors(const struct labdev *device, void *data, size_t size);

/** Asks what an endpoint has done. @param status_out  set on success */
bool labdev_status(const struct labdev *device, uint8_t endpoint, struct labdev_status *status_out);

/** Has the device leave, soon after this returns, and come back; see struct labdev_replug. True
 * also when it has left already. */
bool labdev_replug(const struct labdev *device, const struct labdev_replug *replug);

/** Gives byte @p position of the pattern. */
static inline uint8_t labdev_pattern(uint64_t position)
{
    return (uint8_t)(position % 251);
}

/** Fills a buffer with the pattern from @p position on. */
void labdev_fill(void *data, size_t size, uint64_t position);

/** Tells where a buffer differs from the pattern. @return @p size if nowhere */
size_t labdev_mismatch(const void *data, size_t size, uint64_t position);

/* --- The log --------------------------------------------------------------------------------- */

/**
 * A walk through the log, from the entry numbered @p number on:
 *
 *     struct labdev_log log = { .device = &device };
 *     const struct labdev_log_entry *entry;
 *
 *     while ((entry = labdev_log_next(&log)) != NULL)
 *         ...
 *
 * After the end it can go on: what has come in the meantime follows.
 */
struct labdev_log {
    const struct labdev *device;
    uint32_t number; /* of the next entry */
    size_t size;     /* [bytes] */
    size_t position; /* [bytes] */
    struct labdev_log_entry entry;
    uint8_t bytes[4096];
};

/** Gives the next entry, valid until the next call; NULL: there is none. */
const struct labdev_log_entry *labdev_log_next(struct labdev_log *log);

/** Counts the entries of a kind for an endpoint, from the beginning. */
size_t labdev_log_count(const struct labdev *device, enum labdev_log_kind kind, uint8_t endpoint);

/**
 * Looks for a request, from the beginning.
 *
 * @param entry_out  the last one with this type and bRequest; set on success
 * @return false if there is none
 */
bool labdev_log_request(const struct labdev *device,
                        uint8_t type,
                        uint8_t request,
                        struct labdev_log_entry *entry_out);

#endif
