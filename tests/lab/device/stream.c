#include "stream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATTERN = 251, LOOPBACK_MAX = 1 << 20 /* [bytes] */ };

void stream_forget(struct stream *stream)
{
    while (stream->chunks) {
        struct chunk *chunk = stream->chunks;

        stream->chunks = chunk->next;
        free(chunk);
    }
    stream->chunk_bytes = 0;
}

void stream_program(struct stream *stream, const struct labdev_behaviour *behaviour)
{
    const uint32_t packet_size = stream->packet_size;

    stream_forget(stream);
    *stream = (struct stream){ .behaviour = *behaviour, .packet_size = packet_size };
}

/* --- Events ---------------------------------------------------------------------------------- */

static void add_event(struct stream_plan *plan, const struct labdev_event *event)
{
    switch (event->action) {
    case LABDEV_HOLD:
        plan->hold = true;
        break;
    case LABDEV_SHORT:
        plan->limit = event->value;
        break;
    case LABDEV_STALL:
        plan->stall = true;
        break;
    case LABDEV_BABBLE:
        plan->babble = true;
        break;
    case LABDEV_FAIL:
        plan->fail = event->value;
        break;
    case LABDEV_DELAY:
        plan->delay += event->value;
        break;
    case LABDEV_DISCONNECT:
        plan->leave = true;
        plan->absence = event->value;
        break;
    }
}

struct stream_plan stream_begin(struct stream *stream)
{
    struct stream_plan plan = { .limit = UINT32_MAX, .delay = stream->behaviour.delay };
    const uint32_t number = ++stream->begun;

    for (size_t i = 0; i < LABDEV_EVENTS; i++) {
        const struct labdev_event *event = &stream->behaviour.events[i];

        if (event->at == number || event->at == LABDEV_EVERY)
            add_event(&plan, event);
    }
    return plan;
}

/* --- The pattern ----------------------------------------------------------------------------- */

static uint8_t pattern(const struct stream *stream, uint64_t position)
{
    return (uint8_t)((stream->behaviour.start + position) % PATTERN);
}

static void fill(struct stream *stream, uint8_t *data, uint32_t size)
{
    unsigned value = pattern(stream, stream->position);

    for (uint32_t i = 0; i < size; i++) {
        data[i] = (uint8_t)value;
        value = value + 1 == PATTERN ? 0 : value + 1;
    }
    stream->position += size;
}

static void check(struct stream *stream, const uint8_t *data, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++) {
        if (data[i] == pattern(stream, stream->position + i))
            continue;
        if (stream->wrong++ == 0)
            stream->first_wrong = stream->position + i;
    }
    stream->position += size;
}

/* --- IN -------------------------------------------------------------------------------------- */

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static void end_message(struct stream *stream)
{
    stream->message++;
    stream->message_done = 0;
}

static int64_t message_packet(struct stream *stream, uint8_t *data, uint32_t room)
{
    const struct labdev_behaviour *behaviour = &stream->behaviour;
    uint32_t left, size;

    if (stream->message >= behaviour->message_count)
        return STREAM_NOTHING;
    left = behaviour->messages[stream->message] - stream->message_done;
    size = least(left, stream->packet_size);
    fill(stream, data, least(size, room));
    stream->position += size - least(size, room);
    stream->message_done += size;
    /* A whole packet at the end is not the end where a zero-length one is to follow. */
    if (size < stream->packet_size || (size == left && !behaviour->zero_packets))
        end_message(stream);
    return size <= room ? (int64_t)size : STREAM_BABBLE;
}

static int64_t looped_packet(struct stream *stream, uint8_t *data, uint32_t room)
{
    struct chunk *chunk = stream->chunks;
    uint32_t size;

    if (!chunk)
        return STREAM_NOTHING;
    size = least(chunk->size - chunk->done, stream->packet_size);
    memcpy(data, chunk->data + chunk->done, least(size, room));
    chunk->done += size;
    stream->position += size;
    stream->chunk_bytes -= size;
    if (chunk->done == chunk->size) {
        stream->chunks = chunk->next;
        free(chunk);
    }
    return size <= room ? (int64_t)size : STREAM_BABBLE;
}

int64_t stream_packet(struct stream *stream, uint8_t *data, uint32_t room)
{
    const uint32_t size = least(room, stream->packet_size);

    switch (stream->behaviour.kind) {
    case LABDEV_SOURCE:
        fill(stream, data, size);
        return size;
    case LABDEV_MESSAGES:
        return message_packet(stream, data, room);
    case LABDEV_LOOPBACK:
        return looped_packet(stream, data, room);
    default:
        return STREAM_NOTHING;
    }
}

/* --- OUT ------------------------------------------------------------------------------------- */

bool stream_is_full(const struct stream *back)
{
    return back->chunk_bytes > LOOPBACK_MAX;
}

void stream_give(struct stream *back, const void *data, uint32_t size)
{
    struct chunk **end = &back->chunks;
    struct chunk *chunk = malloc(sizeof(*chunk) + size);

    if (!chunk) {
        fputs("labdevice: out of memory\n", stderr);
        exit(1);
    }
    *chunk = (struct chunk){ .size = size };
    if (size > 0)
        memcpy(chunk->data, data, size);
    while (*end)
        end = &(*end)->next;
    *end = chunk;
    back->chunk_bytes += size;
}

bool stream_take(struct stream *stream, struct stream *back, const uint8_t *data, uint32_t size)
{
    switch (stream->behaviour.kind) {
    case LABDEV_SINK:
        check(stream, data, size);
        return true;
    case LABDEV_LOOPBACK:
        if (stream_is_full(back))
            return false;
        stream_give(back, data, size);
        stream->position += size;
        return true;
    default:
        return false;
    }
}
