/*
 * How two clocks of one machine stand to each other: ours, whose rate is constant, and a counter
 * that programs read, which may be slewed.
 *
 * What is known are instants, each from readings of the counter between readings of the clock. The
 * guarantee: if the counter's rate differs from the clock's by no more than `slew`, it is within
 * `error` of what is said. Pure: no clock, lock or allocation.
 */
#ifndef WU_CLOCK_RELATION_H
#define WU_CLOCK_RELATION_H

#include <stdbool.h>
#include <stdint.h>

#include "clock/frame_clock.h"

enum {
    /* [ppm] Linux lets NTP change a clock's rate by 500, and adjtime() by as much again. */
    WU_SLEW = 1000,
    /* [ppm] What goes further is no slew: the kernel's steps of the tick are 10 %, and half a
     * second at most is caught up with by an eighth in a second. */
    WU_SLEW_MOST = 250000,
};

/* One reading of the counter between two of the clock. */
struct wu_bracket {
    int64_t before; /* [ns] */
    int64_t after;  /* [ns] */
    int64_t count;  /* [ticks] */
};

/* When the clock read `time`, the counter stood between `lo` and `hi`. Made of 8-byte members only,
 * as it is copied word by word. */
struct wu_instant {
    int64_t time; /* [ns] */
    int64_t lo;   /* [ns] */
    int64_t hi;   /* [ns] */
    int64_t slew; /* [ppm] the limit: up to then, since the instant before, and from then on */
    int64_t rate; /* [ppb] by how much the counter has gone faster than the clock before that */
};

/* What the counter reads at some time. */
struct wu_reading {
    int64_t middle; /* [ns] the likeliest */
    int64_t error;  /* [ns] by how much it is more or less, guaranteed */
};

/** Tells whether a reading is just what the clock itself would have given. @param tick  [ns] of the
 *  counter */
bool wu_bracket_holds(const struct wu_bracket *bracket, int64_t tick);

/**
 * Makes an instant of the end of some brackets that follow each other.
 *
 * @param tick         [ns] of the counter, which rounds down
 * @param slew         [ppm] its limit
 * @param instant_out  set on success; its rate is 0
 * @return false when they cannot all be true: the counter was stepped
 */
bool wu_instant_of(const struct wu_bracket *brackets,
                   int count,
                   int64_t tick,
                   int64_t slew,
                   struct wu_instant *instant_out);

/** Tells how fast the counter must have been slewed, either way, to get from one instant to a later
 *  one [ppm], rounded up; INT64_MAX when it was faster than that can say. */
int64_t wu_instant_slew(const struct wu_instant *earlier, const struct wu_instant *later);

/** Tells by how much the counter has gone faster than the clock from one instant to a later one
 *  [ppb]: 0 where they are too close to tell. */
int64_t wu_instant_rate(const struct wu_instant *earlier, const struct wu_instant *later);

/**
 * Tells what the counter read, or will read, at some time.
 *
 * @param earlier, later  the instants on both sides of @p time [ns], which the later one's limit
 *                        allows; one of them may be NULL
 */
struct wu_reading
wu_relation_at(const struct wu_instant *earlier, const struct wu_instant *later, int64_t time);

#endif
