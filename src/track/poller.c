#include "track/poller.h"

#include <math.h>
#include <string.h>

#include "host/host.h"

static const int64_t MILLISECOND = 1000000; /* [ns] */

static const double GOAL = 950; /* [ns] half-width wanted */
static const int64_t LONGEST_SLEEP =
    1000 * 1000000LL;                                /* [ns] less than half a wrap of any counter */
static const int64_t STALLED_SLEEP = 10 * 1000000LL; /* [ns] */
static const int64_t LATE_SLEEP = 10 * 1000000LL;    /* [ns] between reads of an uneven counter */
static const double LATE_MIN = 20000;                /* [ns] what is less passes for wander */
static const int64_t LATE_MAX = 300 * 1000000LL;     /* [ns] a later counter is not believed */
static const int64_t UNEVEN_WITHIN =
    2000 * 1000000LL;                          /* [ns] contradictions so close are no accidents */
static const int64_t USUAL_OVERSHOOT = 100000; /* [ns] until it is measured */
static const int64_t FAR = 200000;             /* [ns] worth sleeping for */
static const int64_t SLEPT = 10 * 1000000LL;   /* [ns] of suspension that count as one */

enum {
    READS_PER_SWEEP = 64,
    SWEEPS_USUAL = 3, /* in a step */
    SWEEPS_MOST = 12, /* where the goal is not reached by then */
    SWEEPS_TO_SETTLE = 32,
    BAD_EDGES = 4,      /* after so many any edge will do */
    ABSENT_READS = 3,   /* all ones so often in a row: no power */
    WITHHOLD_AFTER = 3, /* suspect reads in a row */
    UNEVEN_TIMES = 8,   /* contradictions shortly after each other: the counter is uneven */
    STILL_TICKS = 3,    /* without a step: the counter stands */
    DOUBT_TICKS = 20,   /* that suspect reads get to agree with each other */
    REST = 3,           /* a step that missed the goal rests so many times as long as it took */
};

static int64_t tick_of(const struct wu_poller *poller)
{
    return poller->source->ops->tick;
}

/* --- Reading --------------------------------------------------------------------------------- */

/* Between two reads of a burst nothing runs but this. */
static bool read_counter(struct wu_poller *poller, struct wu_read *read)
{
    read->before = wu_host_clock_now();
    if (!poller->source->ops->read(poller->source, &read->raw))
        return false;
    read->after = wu_host_clock_now();
    poller->reads++;
    return true;
}

static bool is_present(const struct wu_read *read)
{
    return read->raw != WU_FRAME_ABSENT;
}

static void note_width(struct wu_poller *poller, const struct wu_read *read)
{
    poller->width[poller->widths++ % WU_POLLER_WIDTHS] = read->after - read->before;
}

/* The 40th percentile of the last brackets [ns]. */
static int64_t usual_width(const struct wu_poller *poller)
{
    const unsigned count =
        poller->widths < WU_POLLER_WIDTHS ? poller->widths : (unsigned)WU_POLLER_WIDTHS;
    int64_t sorted[WU_POLLER_WIDTHS];

    for (unsigned i = 0; i < count; i++) {
        unsigned j = i;

        for (; j > 0 && sorted[j - 1] > poller->width[i]; j--)
            sorted[j] = sorted[j - 1];
        sorted[j] = poller->width[i];
    }
    return count > 0 ? sorted[2 * count / 5] : 0;
}

static uint32_t steps_between(const struct wu_poller *poller,
                              const struct wu_read *earlier,
                              const struct wu_read *later)
{
    return (later->raw - earlier->raw) & (uint32_t)((UINT64_C(1) << poller->source->ops->bits) - 1);
}

/* --- Counting -------------------------------------------------------------------------------- */

/* Continues the counter to 64 bits, as the value nearest to what the clock lets expect. */
static int64_t continued(const struct wu_poller *poller, const struct wu_read *read)
{
    if (poller->last_time == 0)
        return read->raw;
    return wu_frame_extend(poller->last_tick + (read->before - poller->last_time) / tick_of(poller),
                           read->raw, poller->source->ops->bits);
}

static void believe(struct wu_poller *poller, const struct wu_read *read, int64_t tick)
{
    poller->last_tick = tick;
    poller->last_time = read->after;
}

/* Counts on from a read that the model has taken. */
static void believe_model(struct wu_poller *poller, const struct wu_read *read)
{
    believe(poller, read,
            wu_estimator_microframe_of(&poller->estimator, read) / poller->estimator.counter.step);
}

/* --- Stalled --------------------------------------------------------------------------------- */

static void stall(struct wu_poller *poller, uint32_t stood_at)
{
    wu_history_withhold(poller->history);
    poller->state = WU_POLLER_STALLED;
    poller->stood_at = stood_at;
}

static void restart(struct wu_poller *poller)
{
    wu_history_withhold(poller->history);
    poller->state = WU_POLLER_ACQUIRE;
}

static void look_again(struct wu_poller *poller)
{
    struct wu_read read;

    if (read_counter(poller, &read) && is_present(&read) && read.raw != poller->stood_at)
        poller->state = WU_POLLER_ACQUIRE;
}

/* --- Acquire --------------------------------------------------------------------------------- */

/* Half of the narrowest bracket is the limit of what can be known; a tighter goal than this costs
 * ever more reads for ever less. */
static double goal_of(const struct wu_poller *poller)
{
    return fmax(GOAL, 0.8 * (double)usual_width(poller) + 60);
}

/* One step, caught between two reads of which neither was interrupted. */
static bool is_good_edge(const struct wu_poller *poller,
                         const struct wu_read *before,
                         const struct wu_read *after)
{
    return steps_between(poller, before, after) == 1 &&
           after->after - before->before <= 6 * usual_width(poller);
}

/* By how much a step came too late [ns]: more ticks than there was time for came in a burst. */
static int64_t surplus_of(const struct wu_poller *poller,
                          const struct wu_read *before,
                          const struct wu_read *after)
{
    const int64_t ticks = steps_between(poller, before, after) - 1;

    return ticks * tick_of(poller) - (after->after - before->before);
}

static bool
start_model(struct wu_poller *poller, const struct wu_read *before, const struct wu_read *after)
{
    const int64_t tick = continued(poller, after);

    if (!wu_estimator_start(&poller->estimator, before, after,
                            tick * poller->estimator.counter.step, poller->late))
        return false;
    believe(poller, after, tick);
    poller->state = WU_POLLER_TRACK;
    poller->settling = SWEEPS_TO_SETTLE;
    return true;
}

/* How acquiring goes. */
struct edges {
    int64_t changed; /* [ns] by when the counter had last moved */
    int64_t surplus; /* [ns] the largest of the bursts in a row */
    int bursts;      /* in a row */
    int bad;         /* edges that did not serve */
};

/* A glitch looks like a burst, but only an uneven counter comes in one burst after the other. */
static void learn_from_bursts(struct wu_poller *poller, struct edges *edges, int64_t surplus)
{
    edges->bursts = surplus > 0 ? edges->bursts + 1 : 0;
    edges->surplus = surplus > edges->surplus ? surplus : edges->surplus;
    if (edges->bursts >= BAD_EDGES && edges->surplus > poller->late / 2 &&
        edges->surplus < LATE_MAX)
        poller->late = 2 * edges->surplus;
}

/* Takes a step of the counter. @return whether the model could start from it */
static bool take_edge(struct wu_poller *poller,
                      struct edges *edges,
                      const struct wu_read *before,
                      const struct wu_read *after)
{
    edges->changed = after->after;
    learn_from_bursts(poller, edges, surplus_of(poller, before, after));
    return (poller->late > 0 || is_good_edge(poller, before, after) || ++edges->bad > BAD_EDGES) &&
           start_model(poller, before, after);
}

/* Reads back to back until the counter steps. Only the reads on both sides of the step count: older
 * ones may be from before the counter ran again. */
static void acquire(struct wu_poller *poller)
{
    struct edges edges = { 0 };
    struct wu_read previous;
    struct wu_read next;

    if (!read_counter(poller, &previous) || !is_present(&previous)) {
        stall(poller, WU_FRAME_ABSENT);
        return;
    }
    for (edges.changed = previous.before;; previous = next) {
        if (poller->late > 0) /* there is no edge to catch: no need to hurry */
            wu_host_sleep_until(previous.after + MILLISECOND);
        if (!read_counter(poller, &next) || !is_present(&next)) {
            stall(poller, WU_FRAME_ABSENT);
            return;
        }
        note_width(poller, &next);
        if (next.raw != previous.raw && take_edge(poller, &edges, &previous, &next))
            return;
        if (edges.bad > DOUBT_TICKS ||
            next.before - edges.changed > STILL_TICKS * tick_of(poller) + poller->late) {
            stall(poller, next.raw);
            return;
        }
    }
}

/* --- Doubt ----------------------------------------------------------------------------------- */

/*
 * A real clock jumps once, and its reads lie now and then; one that contradicts itself all the time
 * is an emulation that runs late.
 *
 * @return whether this was news, so that the model has to be made anew
 */
static bool learn_lag(struct wu_poller *poller, double violation, int64_t now)
{
    const int64_t lag = poller->late + 2 * (int64_t)fabs(violation);

    if (lag > LATE_MAX || fabs(violation) < LATE_MIN)
        return false;

    poller->uneven = now - poller->uneven_at < UNEVEN_WITHIN ? poller->uneven + 1 : 1;
    poller->uneven_at = now;
    if (poller->late == 0 && poller->uneven < UNEVEN_TIMES)
        return false;

    wu_log(WU_LOG_WARN, "the frame counter lags by up to %lld us", (long long)lag / 2000);
    poller->late = lag;
    return true;
}

/* Tells whether the counter advanced between two reads as time did. */
static bool advanced_evenly(const struct wu_poller *poller,
                            const struct wu_read *earlier,
                            const struct wu_read *later)
{
    const int64_t advance = (int64_t)steps_between(poller, earlier, later) * tick_of(poller);
    const int64_t least = later->before - earlier->after - tick_of(poller) - poller->late;
    const int64_t most = later->after - earlier->before + tick_of(poller) + poller->late;

    return advance >= least - least / 1000 && advance <= most + most / 1000;
}

/* What the reads since a contradiction add up to. */
struct doubt {
    struct wu_read suspect; /* since when the suspect reads agree with each other */
    double violation;       /* [ns] of the model, by the last read of the burst */
    int64_t since;          /* [ns] when the counter last agreed with the model before */
    int64_t began;          /* [ns] */
    int suspects;           /* in a row */
    int absent;
};

enum finding {
    UNDECIDED,
    GLITCHES, /* the model is right */
    JUMP,     /* the counter runs, elsewhere */
    STANDS,   /* it does not run, or makes no sense */
};

static enum finding judge(struct wu_poller *poller, struct doubt *doubt, const struct wu_read *read)
{
    const int64_t tick = tick_of(poller);
    double ignored;

    if (!is_present(read))
        return ++doubt->absent == ABSENT_READS ? STANDS : UNDECIDED;
    if (wu_estimator_accept(&poller->estimator, read, doubt->since, &ignored) == WU_CONSISTENT) {
        believe_model(poller, read);
        return GLITCHES;
    }

    doubt->suspects++;
    if (read->raw != doubt->suspect.raw && !advanced_evenly(poller, &doubt->suspect, read))
        doubt->suspect = *read;

    const int64_t agreed = read->before - doubt->suspect.after;

    if (read->before - doubt->began > DOUBT_TICKS * tick + poller->late)
        return STANDS;
    if (read->raw == doubt->suspect.raw)
        return agreed > STILL_TICKS * tick + poller->late ? STANDS : UNDECIDED;
    return doubt->suspects >= WITHHOLD_AFTER && agreed > tick + tick / 2 ? JUMP : UNDECIDED;
}

/*
 * The last read contradicted the model. Reads on: one that agrees with it shows that the others
 * were glitches; others that agree among themselves and advance are a counter that has jumped; one
 * that does not advance stands.
 */
static void resolve(struct wu_poller *poller, struct doubt *doubt)
{
    enum finding finding = UNDECIDED;
    struct wu_read read;

    while (finding == UNDECIDED) {
        if (doubt->suspects >= WITHHOLD_AFTER)
            wu_history_withhold(poller->history);
        if (!read_counter(poller, &read)) {
            stall(poller, WU_FRAME_ABSENT);
            return;
        }
        finding = judge(poller, doubt, &read);
    }

    if (finding == STANDS)
        stall(poller, read.raw);
    else if (learn_lag(poller, doubt->violation, read.after) || finding == JUMP)
        restart(poller);
}

/* --- Sweep ----------------------------------------------------------------------------------- */

static void wait_until(struct wu_poller *poller, int64_t start)
{
    const int64_t now = wu_host_clock_now();

    if (start - now > FAR) {
        wu_host_sleep_until(start - FAR / 2 - poller->overshoot);
        poller->spent -= wu_host_clock_now() - now;
    }
    while (wu_host_clock_now() < start)
        ;
}

struct sweep {
    int64_t start;      /* [ns] when to begin reading */
    int64_t microframe; /* the boundary to read across */
};

/*
 * How many reads a sweep begins ahead of the middle of its boundary. The first is to end before the
 * boundary can come, one is to be centred on the middle, and one to follow after it can last come:
 * so each sweep tests both sides and halves the rest. A new model needs no test yet: there the
 * boundary had better lie between the first reads than beside one.
 */
static double reads_ahead(const struct wu_poller *poller, double uncertain, double width)
{
    const double half = uncertain / (2 * width);

    return poller->settling > 0 ? fmax(1, ceil(half - 1)) : ceil(half + 0.5) + 0.5;
}

static struct sweep plan(const struct wu_poller *poller, int64_t now)
{
    const struct wu_frame_clock *clock = &poller->estimator.clock;
    const int64_t step = poller->estimator.counter.step;
    const double width = (double)usual_width(poller) + 1;
    int64_t microframe = wu_frame_clock_microframe_at(clock, now);
    struct sweep sweep;

    for (microframe = (microframe / step) * step;; microframe += step) {
        const struct wu_bounds bounds = wu_frame_clock_bounds(clock, microframe);
        const double ahead = reads_ahead(poller, (double)(bounds.hi - bounds.lo), width);

        sweep.start = wu_bounds_middle(bounds) - (int64_t)(ahead * width);
        sweep.microframe = microframe;
        if (sweep.start >= now + 1500 || bounds.lo > now + 4 * tick_of(poller))
            return sweep;
    }
}

/* Reads back to back until the boundary has come. @return how many reads */
static int collect(struct wu_poller *poller, const struct sweep *sweep, struct wu_read *reads)
{
    const int64_t target = sweep->microframe / poller->estimator.counter.step;
    const unsigned bits = poller->source->ops->bits;
    int count = 0;

    wait_until(poller, sweep->start);
    while (count < READS_PER_SWEEP && read_counter(poller, &reads[count])) {
        const struct wu_read *read = &reads[count++];

        if (is_present(read) && wu_frame_extend(target, read->raw, bits) >= target)
            break;
    }
    return count;
}

/* Takes reads into the model. @return whether the last of them were as expected */
static bool accept_all(struct wu_poller *poller, const struct wu_read *reads, int count)
{
    struct doubt doubt = { .since = poller->estimator.clock.last_read };

    for (int i = 0; i < count; i++) {
        if (!is_present(&reads[i])) {
            doubt.absent++;
            continue;
        }
        doubt.absent = 0;
        note_width(poller, &reads[i]);
        if (wu_estimator_accept(&poller->estimator, &reads[i], doubt.since, &doubt.violation) ==
            WU_CONSISTENT) {
            doubt.suspects = 0;
            believe_model(poller, &reads[i]);
        } else {
            doubt.suspects++;
            doubt.suspect = reads[i];
            doubt.began = reads[i].before;
        }
    }

    if (count == 0 || doubt.absent >= ABSENT_READS)
        stall(poller, WU_FRAME_ABSENT);
    else if (doubt.suspects > 0)
        resolve(poller, &doubt);
    return poller->state == WU_POLLER_TRACK && doubt.suspects == 0 && doubt.absent == 0;
}

static bool sweep_once(struct wu_poller *poller)
{
    const struct sweep sweep = plan(poller, wu_host_clock_now());
    struct wu_read reads[READS_PER_SWEEP];
    const int count = collect(poller, &sweep, reads);

    return accept_all(poller, reads, count) &&
           reads[count - 1].after - reads[count - 1].before <= 2 * usual_width(poller);
}

static double half_width_now(const struct wu_poller *poller)
{
    return wu_frame_clock_half_width(&poller->estimator.clock, wu_host_clock_now());
}

/* Whether the bound is as good as sweeps can easily make it, or at least as good as it has to be.
 */
static bool is_enough(const struct wu_poller *poller, int sweeps)
{
    const double half_width = half_width_now(poller);

    return half_width <= 0.56 * (double)usual_width(poller) + 30 ||
           (sweeps >= SWEEPS_USUAL && half_width <= goal_of(poller));
}

static void sweep(struct wu_poller *poller)
{
    const int most = poller->settling > 0 ? 1 : SWEEPS_MOST;

    for (int sweeps = 1; sweeps <= most && poller->state == WU_POLLER_TRACK; sweeps++)
        if (sweep_once(poller) && is_enough(poller, sweeps))
            break;
}

/* Where the steps themselves come late there is no edge to aim at: one read now and then. */
static void sample(struct wu_poller *poller)
{
    struct wu_read read;

    accept_all(poller, &read, read_counter(poller, &read) ? 1 : 0);
}

/* --- Steps ----------------------------------------------------------------------------------- */

/* The last moment, within the longest sleep, at which the bound is still as good as the goal. */
static int64_t bound_expires(const struct wu_poller *poller, int64_t now)
{
    const struct wu_frame_clock *clock = &poller->estimator.clock;
    const double goal = goal_of(poller);
    int64_t good = now;
    int64_t bad = now + LONGEST_SLEEP;

    if (wu_frame_clock_half_width(clock, now) > goal)
        return now;
    if (wu_frame_clock_half_width(clock, bad) <= goal)
        return bad;
    while (bad - good > 1000) {
        const int64_t middle = good + (bad - good) / 2;

        if (wu_frame_clock_half_width(clock, middle) <= goal)
            good = middle;
        else
            bad = middle;
    }
    return good;
}

static int64_t next_step(struct wu_poller *poller, int64_t began)
{
    const int64_t now = wu_host_clock_now();

    if (poller->state == WU_POLLER_STALLED)
        return now + STALLED_SLEEP;
    if (poller->state == WU_POLLER_ACQUIRE)
        return now;
    if (poller->late > 0)
        return now + LATE_SLEEP;

    const int64_t due = bound_expires(poller, now) - poller->overshoot * 3 / 2;

    if (due > now)
        poller->settling = 0;
    else if (poller->settling > 0)
        poller->settling--;
    else
        return now + REST * (now - began);
    return due;
}

static void note_overshoot(struct wu_poller *poller, int64_t now)
{
    const int64_t seen = now - poller->planned;

    if (poller->planned != 0 && seen >= 0)
        poller->overshoot += ((seen < MILLISECOND ? seen : MILLISECOND) - poller->overshoot) / 8;
}

/* The counter may have stood still or lost its value while the machine slept. */
static void notice_suspension(struct wu_poller *poller)
{
    const int64_t suspended = wu_host_clock_suspended();

    if (poller->state == WU_POLLER_TRACK && suspended - poller->suspended > SLEPT)
        restart(poller);
    poller->suspended = suspended;
}

void wu_poller_start(struct wu_poller *poller,
                     struct wu_frame_source *source,
                     struct wu_history *history)
{
    const struct wu_counter counter = {
        .bits = source->ops->bits,
        .step = source->ops->tick / WU_MICROFRAME,
        .clock_error = wu_host_clock_error(),
    };

    wu_history_withhold(history);
    wu_estimator_init(&poller->estimator, &counter, poller->estimator.clock.generation);
    poller->source = source;
    poller->history = history;
    poller->state = WU_POLLER_ACQUIRE;
    poller->widths = 0;
    poller->late = source->late;
    poller->uneven = 0;
    poller->planned = 0;
    poller->overshoot = USUAL_OVERSHOOT;
    poller->suspended = wu_host_clock_suspended();
}

int64_t wu_poller_step(struct wu_poller *poller)
{
    const int64_t began = wu_host_clock_now();

    note_overshoot(poller, began);
    notice_suspension(poller);
    switch (poller->state) {
    case WU_POLLER_STALLED:
        look_again(poller);
        break;
    case WU_POLLER_ACQUIRE:
        acquire(poller);
        break;
    case WU_POLLER_TRACK:
        if (poller->late > 0)
            sample(poller);
        else
            sweep(poller);
        break;
    }
    if (poller->state == WU_POLLER_TRACK)
        wu_history_publish(poller->history, &poller->estimator.clock);

    poller->planned = next_step(poller, began);
    poller->spent += wu_host_clock_now() - began;
    return poller->planned;
}

/* --- Single reads ---------------------------------------------------------------------------- */

bool wu_poller_current(struct wu_poller *poller, int64_t *microframe_out, int64_t *time_out)
{
    struct wu_read read;

    if (!read_counter(poller, &read) || !is_present(&read))
        return false;

    const int64_t tick = continued(poller, &read);

    believe(poller, &read, tick);
    *microframe_out = tick * poller->source->ops->tick / WU_MICROFRAME;
    *time_out = read.before + (read.after - read.before) / 2;
    return true;
}

bool wu_poller_verify(struct wu_poller *poller,
                      const struct wu_frame_clock *clock,
                      int64_t *time_out)
{
    struct wu_read read;

    if (!read_counter(poller, &read) || !is_present(&read) ||
        !wu_frame_clock_agrees(clock, &poller->estimator.counter, &read))
        return false;

    *time_out = read.after;
    return true;
}
