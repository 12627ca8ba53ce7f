/*
 * One stream of the many that go over adb's pair of endpoints: what a service of the device has to
 * say, and what it has understood so far.
 */
#ifndef LABDEV_ADB_STREAM_H
#define LABDEV_ADB_STREAM_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "keep.h"

enum {
    ADB_PATH = 1024,           /* [bytes] of a path or a service's name, at most */
    ADB_OUTPUT = 32 << 20,     /* [bytes] that may wait to be sent; with more, the stream ends */
    ADB_SYNC_DATA = 64 * 1024, /* [bytes] in one piece of a file, at most */
};

/* Of the service "sync:", which takes and gives files; see adb_sync.c. */
struct adb_sync {
    uint8_t bytes[8 + ADB_PATH]; /* a request so far, and the path behind it */
    uint32_t have;               /* [bytes] of it */
    uint32_t data_left;          /* [bytes] of the file, until the next request */
    bool sending;                /* the host sends a file */
    FILE *file;                  /* NULL: it cannot be kept */
};

struct adb_stream {
    uint32_t peer; /* the host's number of it; 0: there is no such stream */
    bool waiting;  /* for the host's OKAY, before which nothing may be sent */
    bool ends;     /* as soon as all has been sent */
    bool syncs;    /* it is of "sync:"; others take nothing */
    struct adb_sync sync;
    uint8_t *output; /* owned */
    uint32_t size;   /* [bytes] of it */
    uint32_t sent;   /* [bytes] of them */
};

/** Adds to the output; the program exits when memory is out. */
void adb_stream_put(struct adb_stream *stream, const void *data, uint32_t size);

/** Frees all, and makes it a stream that there is not. */
void adb_stream_end(struct adb_stream *stream);

/** Takes what the host sent to "sync:". @param folder  where files are kept, or NULL */
void adb_sync_take(struct adb_stream *stream,
                   const char *folder,
                   const uint8_t *data,
                   uint32_t size);

/** Reads and writes numbers as adb has them: the lowest byte first. */
static inline uint32_t adb_get32(const uint8_t *bytes)
{
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static inline void adb_put32(uint8_t *bytes, uint32_t value)
{
    for (unsigned i = 0; i < 4; i++)
        bytes[i] = (uint8_t)(value >> 8 * i);
}

/** Gives the number that four letters make: "OKAY". */
static inline uint32_t adb_word(const char *letters)
{
    return adb_get32((const uint8_t *)letters);
}

#endif
