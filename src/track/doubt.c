/* Finds out what reads mean that contradict the model. */
#include "track/poller_parts.h"

#include <math.h>

#include "host/host.h"

static const double LATE_MIN = 20000;                     /* [ns] what is less passes for wander */
static const int64_t UNEVEN_WITHIN = INT64_C(2000000000); /* [ns] so close are no accidents */

enum {
    WITHHOLD_AFTER = 3, /* suspect reads in a row */
    UNEVEN_TIMES = 8,   /* contradictions close to each other: the counter is uneven */
    DOUBT_TICKS = 20,   /* that suspect reads get to agree with each other */
};

/*
 * A real clock jumps once, and its reads lie now and then; one that contradicts itself all the time
 * is an emulation that runs late.
 *
 * @return whether this was news, so that the model has to be made anew
 */
static bool learn_lag(struct wu_poller *poller, double violation, int64_t now)
{
    const int64_t lag = poller->late + 2 * (int64_t)fabs(violation);

    if (lag > WU_LATE_MAX || fabs(violation) < LATE_MIN)
        return false;

    poller->uneven = now - poller->uneven_at < UNEVEN_WITHIN ? poller->uneven + 1 : 1;
    poller->uneven_at = now;
    if (poller->late == 0 && poller->uneven < UNEVEN_TIMES)
        return false;

    wu_log(WU_LOG_WARN, "the frame counter lags by up to %lld us", (long long)lag / 1000);
    poller->late = lag;
    return true;
}

/* Tells whether the counter advanced between two reads as time did. */
static bool advanced_evenly(const struct wu_poller *poller,
                            const struct wu_read *earlier,
                            const struct wu_read *later)
{
    const int64_t advance =
        (int64_t)wu_counter_steps(&poller->estimator.counter, earlier, later) * poller->reader.tick;
    const int64_t least = later->before - earlier->after - poller->reader.tick - poller->late;
    const int64_t most = later->after - earlier->before + poller->reader.tick + poller->late;

    return advance >= least - least / 1000 && advance <= most + most / 1000;
}

enum finding {
    UNDECIDED,
    GLITCHES, /* the model is right */
    JUMP,     /* the counter runs, elsewhere */
    STANDS,   /* it does not run, or makes no sense */
};

static enum finding
judge(struct wu_poller *poller, struct wu_doubt *doubt, const struct wu_read *read)
{
    const int64_t tick = poller->reader.tick;
    double ignored;

    if (!wu_reader_is_present(read))
        return ++doubt->absent == WU_ABSENT_READS ? STANDS : UNDECIDED;
    if (wu_estimator_accept(&poller->estimator, read, doubt->since, &ignored) == WU_CONSISTENT) {
        wu_poller_believe(poller, read);
        return GLITCHES;
    }

    doubt->suspects++;
    if (read->raw != doubt->suspect.raw && !advanced_evenly(poller, &doubt->suspect, read))
        doubt->suspect = *read;

    const int64_t agreed = read->before - doubt->suspect.after;

    if (read->before - doubt->began > DOUBT_TICKS * tick + poller->late)
        return STANDS;
    if (read->raw == doubt->suspect.raw)
        return agreed > WU_STILL_TICKS * tick + poller->late ? STANDS : UNDECIDED;
    return doubt->suspects >= WITHHOLD_AFTER && agreed > tick + tick / 2 ? JUMP : UNDECIDED;
}

void wu_poller_resolve(struct wu_poller *poller, struct wu_doubt *doubt)
{
    enum finding finding = UNDECIDED;
    struct wu_read read;

    while (finding == UNDECIDED) {
        if (doubt->suspects >= WITHHOLD_AFTER)
            wu_history_withhold(poller->history);
        if (!wu_reader_read(&poller->reader, &read)) {
            wu_poller_stall(poller, WU_FRAME_ABSENT);
            return;
        }
        finding = judge(poller, doubt, &read);
    }

    if (finding == STANDS)
        wu_poller_stall(poller, read.raw);
    else if (learn_lag(poller, doubt->violation, read.after) || finding == JUMP)
        wu_poller_restart(poller);
}
