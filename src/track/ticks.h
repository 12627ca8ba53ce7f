/*
 * Times in ticks of QueryPerformanceCounter, which programs know them by.
 *
 * Where that counter is our own clock, this is exact and costs nothing. Under Wine it may be
 * another one of Linux's clocks, of its version's choice: CLOCK_MONOTONIC and CLOCK_BOOTTIME are
 * slewed by NTP, and the latter goes on while the machine sleeps. Which it is shows by comparison,
 * again and again; then times are converted, with a bound of their own, by how the two clocks have
 * been seen to stand to each other.
 *
 * Until somebody slews them for the first time since the machine began, all of these may be the
 * same to the nanosecond. Then there is nothing to convert, and the counter is taken for our clock
 * for as long as it reads like it, which queries look at. An answer about a time to come may turn
 * out wrong then, if the first slew of all comes before that.
 *
 * One state for the process. Queries take no lock and wait for nobody.
 */
#ifndef WU_TRACK_TICKS_H
#define WU_TRACK_TICKS_H

#include <stdbool.h>
#include <stdint.h>
#include <windows.h>

#include "clock/relation.h"

/* What one answer's times are converted by. */
struct wu_ticks {
    bool same;               /* the counter is our clock; instants do not count then */
    bool alike;              /* or one that has been the same so far */
    uint32_t generation;     /* grows when what was converted before means nothing */
    uint64_t number;         /* of the instant that was known before the answer... */
    struct wu_instant known; /* ...and it */
    struct wu_instant now;   /* and one after the answer */
};

/* A time in ticks. */
struct wu_tick_time {
    int64_t ticks; /* the nearest, which is off by half of one at most */
    int64_t error; /* [ns] by which it is off besides, guaranteed */
};

/** Finds out which clock the counter is and how they stand to each other. To be called before the
 *  first answer, and once a second or so while there may be one; may wait for others who do. */
void wu_ticks_keep(void);

/**
 * Begins to convert an answer that has not been asked for yet.
 *
 * @return ERROR_SUCCESS; ERROR_NOT_SUPPORTED: the counter is none of the clocks that we know
 */
DWORD wu_ticks_begin(struct wu_ticks *ticks);

/** Goes on when the answer is there.
 *  @return ERROR_SUCCESS; ERROR_NOT_READY: the counter was stepped meanwhile */
DWORD wu_ticks_end(struct wu_ticks *ticks);

/** Converts a time of wu_host_clock_now() [ns]; between begin and end, what is known since. */
struct wu_tick_time wu_ticks_at(const struct wu_ticks *ticks, int64_t time);

/** Gives the last tick that was certainly there at @p time [ns]. */
int64_t wu_ticks_not_after(const struct wu_ticks *ticks, int64_t time);

/** Tells by how much conversion widens the bound of what has just been [ns]. */
int64_t wu_ticks_spread(void);

#endif
