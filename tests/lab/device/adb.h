/*
 * The lab's device as a phone that speaks adb: it is trusted at once, has a shell that knows
 * `echo`, and takes and gives files. It checks the sums of all that it gets.
 */
#ifndef LABDEV_ADB_H
#define LABDEV_ADB_H

#include <stdbool.h>
#include <stdint.h>

#include "adb_stream.h"
#include "stream.h"

enum {
    ADB_HEADER = 24 /* [bytes] */,
    ADB_PAYLOAD = 256 * 1024 /* [bytes] at most */,
    ADB_STREAMS = 16
};

struct adb {
    const char *folder; /* where files go; NULL: nowhere */
    uint32_t most; /* [bytes] of a message that the host takes; 0: it has not introduced itself */
    uint8_t message[ADB_HEADER + ADB_PAYLOAD]; /* the one that comes in */
    uint32_t have;                             /* [bytes] of it */
    struct adb_stream streams[ADB_STREAMS];    /* number n is in n - 1 */
};

/** Ends all streams, and awaits a message. */
void adb_reset(struct adb *adb);

/**
 * Takes what the host sent.
 *
 * @param back  takes the answers
 * @return false when this is no message; what follows is taken for the beginning of one
 */
bool adb_take(struct adb *adb, struct stream *back, const uint8_t *data, uint32_t size);

#endif
