/*
 * What flows through an endpoint: the counting pattern, messages, what is looped back; packet by
 * packet, as on the wire.
 */
#ifndef LABDEV_STREAM_H
#define LABDEV_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "protocol.h"

/* One OUT transfer that an IN endpoint has not given back yet. */
struct chunk {
    struct chunk *next;
    uint32_t size; /* [bytes] */
    uint32_t done; /* [bytes] */
    uint8_t data[];
};

struct stream {
    struct labdev_behaviour behaviour;
    uint32_t packet_size;  /* [bytes] at most; isochronous: in one (micro)frame */
    uint32_t begun;        /* transfers or isochronous packets since programmed */
    uint64_t position;     /* [bytes] since programmed */
    uint32_t message;      /* index of the current one */
    uint32_t message_done; /* [bytes] of it */
    uint64_t wrong;        /* [bytes] */
    uint64_t first_wrong;  /* [bytes] */
    struct chunk *chunks;  /* of the IN side of a loopback */
    uint32_t chunk_bytes;  /* [bytes] in them */
};

/* What the events say of one transfer or isochronous packet. */
struct stream_plan {
    uint32_t limit; /* [bytes] it ends after, or UINT32_MAX */
    uint32_t delay; /* [ms] */
    uint32_t fail;  /* 0 or errno */
    bool hold;
    bool stall;
    bool babble;
    bool leave;       /* the device is unplugged */
    uint32_t absence; /* [ms] then */
};

/** Begins anew, with a behaviour; frees what was looped back. */
void stream_program(struct stream *stream, const struct labdev_behaviour *behaviour);

/** Frees what was looped back, or given. */
void stream_forget(struct stream *stream);

/** Begins the next transfer or isochronous packet. */
struct stream_plan stream_begin(struct stream *stream);

enum { STREAM_NOTHING = -1, STREAM_BABBLE = -2 };

/**
 * Produces the next packet.
 *
 * @param room  [bytes] at @p data; a source gives as much as fits, others need room for the packet
 * @return size [bytes]; STREAM_NOTHING: not now; STREAM_BABBLE: it did not fit, @p data is full
 */
int64_t stream_packet(struct stream *stream, uint8_t *data, uint32_t room);

/**
 * Takes what the host sent.
 *
 * @param back  IN side of a loopback
 * @return false when there is no room now
 */
bool stream_take(struct stream *stream, struct stream *back, const uint8_t *data, uint32_t size);

/** Tells whether so much waits in the IN side of a loopback that no more is taken. */
bool stream_is_full(const struct stream *back);

/** Has the IN side of a loopback give this; the program exits when memory is out. */
void stream_give(struct stream *back, const void *data, uint32_t size);

#endif
