/*
 * What a tracker has published: the latest clock model, and a ring of earlier ones.
 *
 * One writer, any number of readers that neither lock nor wait. The latest model is a latch: two
 * copies and a sequence, of which the writer fills the one not in use. The ring holds samples of
 * (microframe, time), each with the model that held then, so that past frames keep the bounds they
 * had when they were new.
 */
#ifndef WU_TRACK_HISTORY_H
#define WU_TRACK_HISTORY_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "clock/frame_clock.h"

enum { WU_SNAPSHOT_WORDS = sizeof(struct wu_frame_clock) / sizeof(uint64_t), WU_RING = 256 };

struct wu_snapshot {
    _Atomic uint64_t word[WU_SNAPSHOT_WORDS];
};

struct wu_ring_entry {
    _Atomic uint64_t
        sequence; /* 2 * number + 2 when it holds sample `number`; odd: being written */
    struct wu_snapshot snapshot;
};

/* All zero bytes is an empty history. */
struct wu_history {
    _Atomic uint64_t sequence; /* of the latch; its low bit says which copy is current */
    struct wu_snapshot latch[2];

    _Atomic uint64_t first; /* number of the oldest sample of this generation */
    _Atomic uint64_t next;  /* number of the next sample */
    struct wu_ring_entry ring[WU_RING];

    int64_t appended;    /* [ns] the writer's: last_read of the newest sample */
    uint64_t generation; /* the writer's: of the newest sample */
};

/* A frame and microframe that a history is asked to date. */
struct wu_tracker_asked {
    uint32_t frame;      /* low 32 bits of a frame number; the one nearest to now is meant */
    uint32_t microframe; /* [0..7] */
};

/* What a history says. All times are of wu_host_clock_now() [ns]. */
struct wu_tracker_answer {
    int64_t microframe;      /* the current one: [microframes] since the tracker first read, plus
                                the counter's value then; low 14 bits as in MFINDEX */
    int64_t time;            /* at which that is the current one */
    int64_t microframe_time; /* when it began */
    int64_t asked_time;      /* when the asked one begins or began; 0 when none was asked for */
    int64_t error;           /* [ns] all of these are true within this, guaranteed */
    uint32_t generation;     /* from 1; samples of different generations must not be mixed */
};

/** Publishes a model, and adds it to the ring unless the newest there is younger than 50 ms. */
void wu_history_publish(struct wu_history *history, const struct wu_frame_clock *clock);

/** Withholds answers until the next model is published. */
void wu_history_withhold(struct wu_history *history);

/** Copies the latest model.
 *  @return false when none stands */
bool wu_history_latest(const struct wu_history *history, struct wu_frame_clock *clock_out);

/** Bounds a microframe by the latest model, and where it is past by what the ring knows. */
struct wu_bounds wu_history_bounds(const struct wu_history *history,
                                   const struct wu_frame_clock *latest,
                                   int64_t microframe);

/**
 * Tells the current microframe, and when another one begins or began.
 *
 * @param latest  from wu_history_latest()
 * @param now     [ns]
 * @param asked   NULL, or which microframe to date as well
 */
struct wu_tracker_answer wu_history_answer(const struct wu_history *history,
                                           const struct wu_frame_clock *latest,
                                           int64_t now,
                                           const struct wu_tracker_asked *asked);

#endif
