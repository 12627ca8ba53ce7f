/*
 * The estimator: turns reads of a counter into the tightest clock model that they allow.
 *
 * Set membership: each read says that one boundary was not after it and the next not before it.
 * All that agrees with the newest of these facts is kept, as a polygon of rates and offsets, so the
 * bounds hold as long as the counter's rate wanders by no more than assumed. Pure: no clock, lock
 * or allocation; one thread.
 */
#ifndef WU_CLOCK_ESTIMATOR_H
#define WU_CLOCK_ESTIMATOR_H

#include <stdbool.h>
#include <stdint.h>

#include "clock/frame_clock.h"

/* One read of the counter, somewhere between two readings of the clock. */
struct wu_read {
    int64_t before; /* [ns] */
    int64_t after;  /* [ns] */
    uint32_t raw;   /* [ticks] modulo 2^bits */
};

/* What is known of a counter. */
struct wu_counter {
    unsigned bits;       /* its width */
    int64_t step;        /* [microframes] a tick: 1, or 8 where it counts frames */
    int64_t clock_error; /* [ns] by how much a reading of the clock may be off */
};

/* A fact: boundary m was not after t (side +1), or not before t (side -1). */
struct wu_gate {
    int64_t m; /* [microframes] */
    int64_t t; /* [ns] */
    int side;
};

enum { WU_GATES = 64 };

struct wu_estimator {
    struct wu_counter counter;
    struct wu_frame_clock clock;
    int64_t wander_changed; /* [ns] when clock.wander last changed */
    int64_t narrowest;      /* [ns] bracket of all reads of this generation */
    int count;              /* of gates, oldest first */
    struct wu_gate gate[WU_GATES];
};

enum wu_verdict {
    WU_CONSISTENT, /* taken into the model */
    WU_SUSPECT     /* contradicts the model by more than wander explains; nothing changed */
};

/** Gives by how many ticks a counter went on from one read to a later one. */
uint32_t wu_counter_steps(const struct wu_counter *counter,
                          const struct wu_read *earlier,
                          const struct wu_read *later);

/** Starts without a model; the generation counts on from @p generation. */
void wu_estimator_init(struct wu_estimator *estimator,
                       const struct wu_counter *counter,
                       uint64_t generation);

/**
 * Starts a new generation of the model from the two reads on both sides of one step.
 *
 * @param microframe  the boundary that lies between the reads: where @p after's tick began
 * @param late        [ns] by how much the counter's steps may lag; 0 for real ones
 * @return false when no even counter reads like this (it went further than time allows); nothing
 *         changed
 */
bool wu_estimator_start(struct wu_estimator *estimator,
                        const struct wu_read *before,
                        const struct wu_read *after,
                        int64_t microframe,
                        int64_t late);

/**
 * Takes a read into the model; there must be one.
 *
 * @param since          [ns] when the counter last agreed with the model before this burst of
 *                       reads: the longer ago, the more its rate may have changed
 * @param violation_out  [ns] by how much the read contradicts the model: 0 when not at all,
 *                       positive when the counter is late, negative when it is early
 */
enum wu_verdict wu_estimator_accept(struct wu_estimator *estimator,
                                    const struct wu_read *read,
                                    int64_t since,
                                    double *violation_out);

/** Gives the boundary at which the tick of @p read began [microframes], by the model. */
int64_t wu_estimator_microframe_of(const struct wu_estimator *estimator,
                                   const struct wu_read *read);

/** Tells whether a read agrees with a model, whoever made it. */
bool wu_frame_clock_agrees(const struct wu_frame_clock *clock,
                           const struct wu_counter *counter,
                           const struct wu_read *read);

#endif
