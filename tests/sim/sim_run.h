/*
 * One run of the poller against a simulated controller, in virtual time, and what came of it.
 */
#ifndef WU_TESTS_SIM_RUN_H
#define WU_TESTS_SIM_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "frame/sim.h"
#include "track/poller.h"

/* Which instants are asked about, from the moment of the question [s]. */
enum horizon { NOW, AHEAD_1, AHEAD_60, PAST_10, PAST_100, HORIZONS };

struct horizon_stats {
    uint64_t answers;
    uint64_t outside; /* of their bound */
    double bound_sum; /* [ns] half-widths, once settled */
    double bound_max;
    double error_square_sum; /* [ns^2] */
    double error_max;        /* [ns] */
    uint64_t within_one;     /* whose bound is 1 us at most */
    uint64_t settled;        /* answers that count for the above: later than 10 s */
};

struct sim_stats {
    struct horizon_stats horizon[HORIZONS];
    double first_good; /* [ms] from the start to the first bound of at most `goal` */
    uint64_t generations;
    uint64_t withheld;     /* questions without an answer */
    double withheld_until; /* [s] the last of them */
    double overruns;       /* [1] share of questions in the first second with a bound above 1 us */
    double seconds;        /* counted for cost: from 10 s on */
    uint64_t reads;
    uint64_t steps;
    double busy; /* [ns] steps, and 5 us for each wake */
};

struct sim_run {
    struct wu_sim_options options;
    double seconds;     /* how long it lasts */
    double interval;    /* [s] mean distance of questions */
    double goal;        /* [ns] what counts as good for first_good */
    bool steady_sleep;  /* sleeps end on time */
    int64_t late;       /* [ns] what the source knows of its lag */
    int64_t count_from; /* [ticks] from where the poller counts; 0: from what the counter shows */
    double pause_at;    /* [s] the poller is not run from here... */
    double pause;       /* [s] ...for so long */

    /* Called for each question about now; NULL: not. For tests of their own. */
    void (*on_answer)(struct sim_run *run, double since, const struct wu_tracker_answer *answer);
    void *context;

    struct wu_frame_source *source; /* while it runs */
    struct wu_poller poller;
    struct wu_history history;
};

/** Runs and adds to @p stats; a run without questions leaves the counts alone. */
void sim_run(struct sim_run *run, struct sim_stats *stats);

/** Draws a number from [0, 1); reproducible, see sim_seed(). */
double sim_draw(void);
void sim_seed(uint64_t seed);

/** Gives the seed of this execution: WINUSB_SIM_SEED, or 1. */
uint64_t sim_base_seed(void);

/** Prints one line of the summary table; a NULL name prints its head. */
void sim_print(const char *name, const struct sim_stats *stats);

#endif
