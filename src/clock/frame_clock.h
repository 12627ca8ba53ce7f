/*
 * The clock model: when each microframe begins, within which bounds.
 *
 * Pure values: made by the estimator, copied to readers, kept in the ring. The guarantee: if the
 * counter's rate wanders by no more than `wander`, boundary m lies in [lo, hi].
 */
#ifndef WU_CLOCK_FRAME_CLOCK_H
#define WU_CLOCK_FRAME_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "clock/polygon.h"

enum { WU_MICROFRAME = 125000 }; /* [ns] */

/* Made of 8-byte members only, for the latch copies it word by word. */
struct wu_frame_clock {
    uint64_t generation; /* counts from 1; grows at each discontinuity */
    int64_t valid;       /* 0: no bound stands, answers are withheld */
    int64_t m_ref;       /* [microframes] the boundary that the polygon speaks of */
    int64_t t_ref;       /* [ns] about when it was */
    int64_t late;        /* [ns] by how much the counter's steps may lag behind its own rate */
    int64_t last_read;   /* [ns] until when the counter is known to agree: a read began then */
    int64_t suspended;   /* [ns] how long the machine had slept before it was made... */
    int64_t sleep_sign;  /* [ns] ...and the sign of that; both are its publisher's */
    double wander;       /* [1/s] how fast the rate may change */
    struct wu_polygon polygon; /* the rates and offsets that boundary m_ref may have */
};

/* When a microframe begins. */
struct wu_bounds {
    int64_t lo; /* [ns] not before */
    int64_t hi; /* [ns] not after */
};

/** Bounds the beginning of a microframe. */
struct wu_bounds wu_frame_clock_bounds(const struct wu_frame_clock *clock, int64_t microframe);

/** Gives half the width of the bounds of a boundary that is at about @p time [ns]. */
double wu_frame_clock_half_width(const struct wu_frame_clock *clock, int64_t time);

/** Finds the microframe that is current at @p time [ns], the last whose middle is not after it, and
 *  its bounds. */
int64_t wu_frame_clock_current(const struct wu_frame_clock *clock,
                               int64_t time,
                               struct wu_bounds *bounds_out);

/** The same without the bounds. */
int64_t wu_frame_clock_microframe_at(const struct wu_frame_clock *clock, int64_t time);

/** Gives the middle of bounds. */
static inline int64_t wu_bounds_middle(struct wu_bounds bounds)
{
    return bounds.lo + (bounds.hi - bounds.lo) / 2;
}

/** Widens a distance of @p t [ns] from the reference by what the rate may have wandered [ns]. */
double wu_frame_clock_widening(double wander, double t);

/**
 * Extends a counter of @p bits bits to 64, as the value nearest to what is expected.
 *
 * @param expected  [ticks]
 * @param raw       [ticks] modulo 2^bits
 */
int64_t wu_frame_extend(int64_t expected, uint32_t raw, unsigned bits);

#endif
