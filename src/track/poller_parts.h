/*
 * What the parts of the poller ask of each other: poller.c sweeps and keeps time, acquire.c finds
 * the first edge, doubt.c judges what contradicts the model.
 */
#ifndef WU_TRACK_POLLER_PARTS_H
#define WU_TRACK_POLLER_PARTS_H

#include "track/poller.h"

#define WU_LATE_MAX (300 * INT64_C(1000000)) /* [ns] a counter that lags more is not believed */

enum {
    WU_ABSENT_READS = 3, /* all ones so often in a row: no power */
    WU_STILL_TICKS = 3,  /* without a step: the counter stands */
};

/** Withholds answers until the counter moves away from where it stands. */
void wu_poller_stall(struct wu_poller *poller, uint32_t stood_at);

/** Withholds answers until the clock is acquired anew. */
void wu_poller_restart(struct wu_poller *poller);

/** Counts on from a read that the model has taken. */
void wu_poller_believe(struct wu_poller *poller, const struct wu_read *read);

/**
 * Reads back to back until the counter steps, and starts the model from the reads on both sides of
 * the step: older ones may be from before the counter ran again. Stalls when none comes.
 */
void wu_poller_acquire(struct wu_poller *poller);

/* What the reads since a contradiction add up to. */
struct wu_doubt {
    struct wu_read suspect; /* since when the suspect reads agree with each other */
    double violation;       /* [ns] of the model, by the last read of the burst */
    int64_t since;          /* [ns] when the counter last agreed with the model before */
    int64_t began;          /* [ns] */
    int suspects;           /* in a row */
    int absent;
};

/**
 * Reads on after a read that contradicted the model. One that agrees with it shows that the others
 * were glitches; others that agree among themselves and advance are a counter that has jumped; one
 * that does not advance stands.
 */
void wu_poller_resolve(struct wu_poller *poller, struct wu_doubt *doubt);

#endif
