/*
 * A simulated host controller: a counter whose truth is known.
 *
 * Its rate is the sum of a constant, triangle waves (whose slope reaches the wander that was asked
 * for, and never passes it) and an optional step, and its ticks may leap; all in closed form, so
 * that any instant of any length of run can be asked about. Everything is settable and seeded.
 */
#ifndef WU_FRAME_SIM_H
#define WU_FRAME_SIM_H

#include <stdbool.h>
#include <stdint.h>
#include <windows.h>

#include "frame/frame_source.h"

struct wu_sim_options {
    uint64_t seed;
    unsigned bits;         /* of the counter */
    int64_t tick;          /* [ns] 125000 or 1000000 */
    double drift;          /* [ppm] constant part of the rate's deviation */
    double wander;         /* [ppm/min] greatest change of the rate */
    double step;           /* [ppm] a change of rate that breaks the wander... */
    double step_at;        /* [s] ...when it begins */
    double step_tau;       /* [s] ...and how fast it settles */
    double leap;           /* [ns] all ticks come later by this, or earlier... */
    double leap_at;        /* [s] ...from when on */
    int64_t fixed;         /* [ns] what each read takes at least */
    int64_t jitter;        /* [ns] mean of what it takes more (exponential) */
    double tail;           /* [1] share of reads that take up to tail_max more */
    int64_t tail_max;      /* [ns] */
    double preempted;      /* [1] share of reads interrupted for up to preempted_max */
    int64_t preempted_max; /* [ns] */
    double glitch;         /* [1] share of reads that are 8 ticks off */
    double reset_at;       /* [s] jumps to a random value; 0: never */
    double stop_at;        /* [s] stands still from here... */
    double absent_at;      /* [s] reads all ones from here, then continues anywhere... */
    double outage;         /* [s] ...for so long; 0: never */
    int64_t late;          /* [ns] each tick may come late by up to this, as in emulations */

    int64_t first_tick; /* [ticks] the count at the first read */
    int64_t origin;     /* [ns] host time of the first read; 0: now */

    /* Lets time pass; NULL where a real clock does that by itself. */
    void (*spend)(int64_t ns);
};

/** An xHCI read by MMIO: 14 bits of 125 us, drift 37 ppm, wander 1 ppm/min, 0.8 us a read. */
struct wu_sim_options wu_sim_defaults(void);

/**
 * Reads options from text like "drift=37,wander=1,seed=5,reset=3"; the names are those of
 * struct wu_sim_options, with reset, stop and absent for reset_at, stop_at and absent_at.
 *
 * @return false when a name or number is not understood, or a number makes no sense; *options is
 *         undefined then
 */
bool wu_sim_parse(const char *text, struct wu_sim_options *options);

/** Opens a simulated counter with options as text; NULL: the defaults.
 *  @return ERROR_SUCCESS, ERROR_INVALID_PARAMETER for bad text, ERROR_NOT_ENOUGH_MEMORY */
DWORD wu_frame_sim_open(const char *text, struct wu_frame_source **source_out);

/** Opens a simulated counter; NULL when there is no memory. */
struct wu_frame_source *wu_frame_sim_new(const struct wu_sim_options *options);

/** Tells when tick @p index truly begins [ns], counted as if never reset or stopped. */
int64_t wu_frame_sim_truth(const struct wu_frame_source *source, int64_t index);

/** Tells when the counter first shows tick @p index [ns]: the truth and its lag. */
int64_t wu_frame_sim_shown_from(const struct wu_frame_source *source, int64_t index);

/** Tells which tick it truly is at @p time [ns], counted as above. */
int64_t wu_frame_sim_index_at(const struct wu_frame_source *source, int64_t time);

/** Tells what the counter shows at @p time [ns], as its 64-bit continuation: with stop, reset and
 *  lag. */
int64_t wu_frame_sim_shown_at(const struct wu_frame_source *source, int64_t time);

#endif
