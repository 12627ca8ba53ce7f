#include "track/poller.h"

#include <math.h>

#include "host/host.h"
#include "track/poller_parts.h"

static const int64_t MILLISECOND = 1000000; /* [ns] */

static const double GOAL = 950;                           /* [ns] half-width wanted, in all */
static const int64_t LONGEST_SLEEP = INT64_C(1000000000); /* [ns] less than half a wrap */
static const int64_t STALLED_SLEEP = 10000000;            /* [ns] */
static const int64_t LATE_SLEEP = 10000000;               /* [ns] where the counter lags */
static const int64_t USUAL_OVERSHOOT = 100000;            /* [ns] until it is measured */
static const int64_t FAR_OFF = 200000;                    /* [ns] worth sleeping for */
static const int64_t NARROW = 250000;                     /* [ns] a single read: a quarter frame */

enum {
    READS_PER_SWEEP = 64,
    SWEEPS_USUAL = 3, /* in a step */
    SWEEPS_MOST = 12, /* where the goal is not reached by then */
    REST = 3,         /* a step that missed the goal rests so many times as long as it took */
    SINGLE_READS = 4, /* for one that is narrow */
    LEAP_SWEEPS = 3,  /* without one between them that agreed on both sides of its boundary */
};

/* --- States ------------------------------------------------------------------------------- */

void wu_poller_stall(struct wu_poller *poller, uint32_t stood_at)
{
    wu_history_withhold(poller->history);
    poller->state = WU_POLLER_STALLED;
    poller->stood_at = stood_at;
}

void wu_poller_restart(struct wu_poller *poller)
{
    wu_history_withhold(poller->history);
    poller->state = WU_POLLER_ACQUIRE;
    poller->contradicted = 0;
}

static void look_again(struct wu_poller *poller)
{
    struct wu_read read;

    if (wu_reader_read(&poller->reader, &read) && wu_reader_is_present(&read) &&
        read.raw != poller->stood_at)
        poller->state = WU_POLLER_ACQUIRE;
}

void wu_poller_believe(struct wu_poller *poller, const struct wu_read *read)
{
    wu_reader_believe(&poller->reader, read,
                      wu_estimator_microframe_of(&poller->estimator, read) /
                          poller->estimator.counter.step);
}

/* --- Sweep ----------------------------------------------------------------------------------- */

static void wait_until(struct wu_poller *poller, int64_t start)
{
    const int64_t now = wu_host_clock_now();

    if (start - now > FAR_OFF) {
        wu_host_sleep_until(start - FAR_OFF / 2 - poller->overshoot);
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
    const double width = (double)wu_reader_usual_width(&poller->reader) + 1;
    int64_t microframe = wu_frame_clock_microframe_at(clock, now);
    struct sweep sweep;

    for (microframe = (microframe / step) * step;; microframe += step) {
        const struct wu_bounds bounds = wu_frame_clock_bounds(clock, microframe);
        const double ahead = reads_ahead(poller, (double)(bounds.hi - bounds.lo), width);

        sweep.start = wu_bounds_middle(bounds) - (int64_t)(ahead * width);
        sweep.microframe = microframe;
        if (sweep.start >= now + 1500 || bounds.lo > now + 4 * poller->reader.tick)
            return sweep;
    }
}

/* Whether a read shows that the boundary has come. */
static bool
shows(const struct wu_poller *poller, const struct sweep *sweep, const struct wu_read *read)
{
    const int64_t target = sweep->microframe / poller->estimator.counter.step;

    return wu_reader_is_present(read) &&
           wu_frame_extend(target, read->raw, poller->reader.bits) >= target;
}

/* Reads back to back until the boundary has come. @return how many reads */
static int collect(struct wu_poller *poller, const struct sweep *sweep, struct wu_read *reads)
{
    int count = 0;

    wait_until(poller, sweep->start);
    while (count < READS_PER_SWEEP && wu_reader_read(&poller->reader, &reads[count]))
        if (shows(poller, sweep, &reads[count++]))
            break;
    return count;
}

/*
 * Most reads of a tick agree with a model that is wrong by less than a tick; only those beside the
 * boundary tell. Sweep after sweep there are no glitches there: the counter has leapt.
 */
static void note_contradiction(struct wu_poller *poller)
{
    if (poller->late == 0 && ++poller->contradicted >= LEAP_SWEEPS &&
        poller->state == WU_POLLER_TRACK)
        wu_poller_restart(poller);
}

/* Takes reads into the model. @return whether the last of them were as expected */
static bool accept_all(struct wu_poller *poller, const struct wu_read *reads, int count)
{
    struct wu_doubt doubt = { .since = poller->estimator.clock.last_read };
    bool contradicted = false;

    for (int i = 0; i < count; i++) {
        if (!wu_reader_is_present(&reads[i])) {
            doubt.absent++;
            continue;
        }
        doubt.absent = 0;
        wu_reader_note_width(&poller->reader, &reads[i]);
        if (wu_estimator_accept(&poller->estimator, &reads[i], doubt.since, &doubt.violation) ==
            WU_CONSISTENT) {
            doubt.suspects = 0;
            wu_poller_believe(poller, &reads[i]);
        } else {
            contradicted = true;
            doubt.suspects++;
            doubt.suspect = reads[i];
            doubt.began = reads[i].before;
        }
    }

    if (count == 0 || doubt.absent >= WU_ABSENT_READS)
        wu_poller_stall(poller, WU_FRAME_ABSENT);
    else if (doubt.suspects > 0)
        wu_poller_resolve(poller, &doubt);
    if (contradicted)
        note_contradiction(poller);
    return poller->state == WU_POLLER_TRACK && !contradicted && doubt.absent == 0;
}

/* @return whether the boundary was seen to come, closely, and as expected: a sweep that comes after
 *         it says nothing of how early it was */
static bool sweep_once(struct wu_poller *poller)
{
    const struct sweep sweep = plan(poller, wu_host_clock_now());
    struct wu_read reads[READS_PER_SWEEP];
    const int count = collect(poller, &sweep, reads);

    if (!accept_all(poller, reads, count) || shows(poller, &sweep, &reads[0]) ||
        reads[count - 1].after - reads[count - 1].before >
            2 * wu_reader_usual_width(&poller->reader))
        return false;
    poller->contradicted = 0;
    return true;
}

static double half_width_now(const struct wu_poller *poller)
{
    return wu_frame_clock_half_width(&poller->estimator.clock, wu_host_clock_now());
}

/* Half of the narrowest bracket is the limit of what can be known; a tighter goal than this costs
 * ever more reads for ever less. */
static double goal_of(const struct wu_poller *poller)
{
    return fmax(GOAL - (double)poller->spread,
                0.8 * (double)wu_reader_usual_width(&poller->reader) + 60);
}

/* Whether the bound is as good as sweeps can easily make it, or at least as good as it has to be.
 */
static bool is_enough(const struct wu_poller *poller, int sweeps)
{
    const double half_width = half_width_now(poller);

    return half_width <= 0.56 * (double)wu_reader_usual_width(&poller->reader) + 30 ||
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

    accept_all(poller, &read, wu_reader_read(&poller->reader, &read) ? 1 : 0);
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

/* The sign first: a sleep in between then shows by it to whoever asks for the model, if not here.
 */
static void note_suspension(struct wu_poller *poller)
{
    poller->sleep_sign = wu_host_clock_sleep_sign();
    poller->suspended = wu_host_clock_suspended();
}

/* The counter may have stood still or lost its value while the machine slept. */
static void notice_suspension(struct wu_poller *poller)
{
    const int64_t before = poller->suspended;

    note_suspension(poller);
    if (poller->state == WU_POLLER_TRACK && poller->suspended - before > WU_SLEPT)
        wu_poller_restart(poller);
}

/* What the machine had slept when the step began: the reads of the model came after that. */
static void publish(struct wu_poller *poller)
{
    poller->estimator.clock.suspended = poller->suspended;
    poller->estimator.clock.sleep_sign = poller->sleep_sign;
    wu_history_publish(poller->history, &poller->estimator.clock);
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
    wu_reader_start(&poller->reader, source);
    poller->history = history;
    poller->state = WU_POLLER_ACQUIRE;
    poller->late = source->late;
    poller->uneven = 0;
    poller->contradicted = 0;
    poller->planned = 0;
    poller->overshoot = USUAL_OVERSHOOT;
    note_suspension(poller);
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
        wu_poller_acquire(poller);
        break;
    case WU_POLLER_TRACK:
        if (poller->late > 0)
            sample(poller);
        else
            sweep(poller);
        break;
    }
    if (poller->state == WU_POLLER_TRACK)
        publish(poller);

    poller->planned = next_step(poller, began);
    poller->spent += wu_host_clock_now() - began;
    return poller->planned;
}

/* --- Single reads ---------------------------------------------------------------------------- */

/* Whether a read was not interrupted, as far as its length tells. */
static bool is_narrow(const struct wu_poller *poller, const struct wu_read *read)
{
    const int64_t usual = 2 * wu_reader_usual_width(&poller->reader);

    return read->after - read->before <= (usual > NARROW ? usual : NARROW);
}

/* Reads until one is not interrupted, which says best when it was; a few times at most. */
static bool read_narrowly(struct wu_poller *poller, struct wu_read *read_out)
{
    struct wu_read read;

    if (!wu_reader_read(&poller->reader, read_out))
        return false;
    for (int reads = 1; reads < SINGLE_READS && !is_narrow(poller, read_out); reads++) {
        if (!wu_reader_read(&poller->reader, &read))
            return false;
        if (read.after - read.before < read_out->after - read_out->before)
            *read_out = read;
    }
    return true;
}

bool wu_poller_current(struct wu_poller *poller, int64_t *microframe_out, int64_t *time_out)
{
    struct wu_read read;

    if (!read_narrowly(poller, &read) || !wu_reader_is_present(&read))
        return false;

    const int64_t tick = wu_reader_continued(&poller->reader, &read);

    wu_reader_believe(&poller->reader, &read, tick);
    *microframe_out = tick * poller->reader.tick / WU_MICROFRAME;
    *time_out = read.before + (read.after - read.before) / 2;
    return true;
}

/*
 * A wide read agrees with any model: it says only that the counter had its value at some time. What
 * a few narrow ones would miss is a jump to just where the counter would have been.
 */
bool wu_poller_verify(struct wu_poller *poller,
                      const struct wu_frame_clock *clock,
                      int64_t *time_out)
{
    struct wu_read read;

    for (int reads = 0; reads < SINGLE_READS; reads++) {
        if (!wu_reader_read(&poller->reader, &read) || !wu_reader_is_present(&read) ||
            !wu_frame_clock_agrees(clock, &poller->estimator.counter, &read))
            return false;
        if (is_narrow(poller, &read))
            break;
    }
    *time_out = read.before;
    return true;
}
