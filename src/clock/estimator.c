#include "clock/estimator.h"

#include <math.h>
#include <string.h>

static const double RATE_MAX = 1000e-6;   /* [1] */
static const double WANDER_MIN = 0.1e-6;  /* [1/s] */
static const double WANDER_MAX = 2e-6;    /* [1/s] */
static const double WANDER_STEP = 5e-6;   /* [1] a sudden change of rate that passes for wander */
static const double WANDER_SLACK = 100;   /* [ns] */
static const double WANDER_LIMIT = 20000; /* [ns] */
static const int64_t CALM = 60 * INT64_C(1000000000); /* [ns] until less wander is assumed */
static const double USELESS = 2000;                   /* [ns] looser than known by this */

enum {
    NEWEST = 8,    /* gates that are never dropped to make room */
    NEW_FACTS = 2, /* those of one read */
};

void wu_estimator_init(struct wu_estimator *estimator,
                       const struct wu_counter *counter,
                       uint64_t generation)
{
    memset(estimator, 0, sizeof(*estimator));
    estimator->counter = *counter;
    estimator->clock.generation = generation;
    estimator->clock.wander = WANDER_MIN;
}

static int64_t tick(const struct wu_counter *counter)
{
    return counter->step * WU_MICROFRAME;
}

/* --- Gates --------------------------------------------------------------------------------- */

/* A gate of another time, as it bounds rate and offset at the reference: widened by what the rate
 * may have wandered in between, and by the lag where the counter may be late. */
static struct wu_half_plane half_plane_of(const struct wu_frame_clock *clock,
                                          const struct wu_gate *gate)
{
    const int64_t t = (gate->m - clock->m_ref) * WU_MICROFRAME;
    const int64_t late = gate->side < 0 ? clock->late : 0;
    const double offset = (double)(gate->t - late - clock->t_ref - t);

    return (struct wu_half_plane){ gate->side, (double)t,
                                   gate->side * offset +
                                       wu_frame_clock_widening(clock->wander, (double)t) };
}

/* How lonely gate i is in the logarithm of age: the ratio of its neighbours' ages. */
static double loneliness(const struct wu_estimator *estimator, int i)
{
    const int64_t newest = estimator->gate[estimator->count - 1].t + 1000;
    const double older = (double)(newest - estimator->gate[i > 0 ? i - 1 : 0].t);
    const double newer = (double)(newest - estimator->gate[i + 1].t);

    return older / fmax(newer, 1.0);
}

/* Makes room: of the gates that do not shape the polygon, the most crowded goes. */
static void drop_one(struct wu_estimator *estimator)
{
    int victim = 0;
    double least = INFINITY;

    for (int i = 0; i < estimator->count - NEWEST; i++) {
        const struct wu_half_plane half_plane =
            half_plane_of(&estimator->clock, &estimator->gate[i]);

        const double lonely = loneliness(estimator, i);

        if (lonely < least && !wu_polygon_touches(&estimator->clock.polygon, &half_plane)) {
            least = lonely;
            victim = i;
        }
    }

    estimator->count--;
    memmove(&estimator->gate[victim], &estimator->gate[victim + 1],
            (size_t)(estimator->count - victim) * sizeof(estimator->gate[0]));
}

static void push(struct wu_estimator *estimator, struct wu_gate gate)
{
    if (estimator->count == WU_GATES)
        drop_one(estimator);
    estimator->gate[estimator->count++] = gate;
}

/* Keeps only the newest facts. */
static void forget(struct wu_estimator *estimator, int kept)
{
    if (estimator->count <= kept)
        return;
    memmove(estimator->gate, &estimator->gate[estimator->count - kept],
            (size_t)kept * sizeof(estimator->gate[0]));
    estimator->count = kept;
}

/* Keeps the newest gates that agree, and forgets the rest.
 * @return false when some had to be forgotten */
static bool rebuild(struct wu_estimator *estimator, double reach)
{
    struct wu_frame_clock *clock = &estimator->clock;
    int i = estimator->count;

    wu_polygon_box(&clock->polygon, RATE_MAX, reach);
    while (i > 0) {
        const struct wu_half_plane half_plane = half_plane_of(clock, &estimator->gate[i - 1]);

        if (!wu_polygon_clip(&clock->polygon, &half_plane))
            break;
        i--;
    }

    forget(estimator, estimator->count - i);
    return i == 0;
}

/* No true facts can bound a boundary more closely than the narrowest read took: all of them would
 * still hold if counter and clock were shifted against each other by that. Half is a safe sign. */
static bool is_too_good(const struct wu_estimator *estimator)
{
    const struct wu_bounds bounds =
        wu_frame_clock_bounds(&estimator->clock, estimator->clock.m_ref);

    return bounds.hi - bounds.lo - estimator->clock.late < estimator->narrowest / 2;
}

/* --- Wander -------------------------------------------------------------------------------- */

static void more_wander(struct wu_estimator *estimator, int64_t now)
{
    estimator->clock.wander = fmin(4 * estimator->clock.wander, WANDER_MAX);
    estimator->wander_changed = now;
}

static void less_wander(struct wu_estimator *estimator, int64_t now)
{
    if (now - estimator->wander_changed < CALM)
        return;
    estimator->clock.wander = fmax(estimator->clock.wander / 2, WANDER_MIN);
    estimator->wander_changed = now;
}

/* --- Reads --------------------------------------------------------------------------------- */

static void note_bracket(struct wu_estimator *estimator, const struct wu_read *read)
{
    if (read->after - read->before < estimator->narrowest)
        estimator->narrowest = read->after - read->before;
}

uint32_t wu_counter_steps(const struct wu_counter *counter,
                          const struct wu_read *earlier,
                          const struct wu_read *later)
{
    return (later->raw - earlier->raw) & (uint32_t)((UINT64_C(1) << counter->bits) - 1);
}

bool wu_estimator_start(struct wu_estimator *estimator,
                        const struct wu_read *before,
                        const struct wu_read *after,
                        int64_t microframe,
                        int64_t late)
{
    const struct wu_counter *counter = &estimator->counter;
    const uint32_t steps = wu_counter_steps(counter, before, after);
    const int64_t gained = (steps - 1) * tick(counter);
    const int64_t lo =
        before->before - counter->clock_error + gained - gained / 1000 - late; /* not before */
    const int64_t hi = after->after + counter->clock_error;                    /* not after */

    if (steps == 0 || lo > hi)
        return false;

    estimator->clock = (struct wu_frame_clock){
        .generation = estimator->clock.generation + 1,
        .valid = 1,
        .m_ref = microframe,
        .t_ref = lo + (hi - lo) / 2,
        .late = late,
        .last_read = after->before,
        .wander = estimator->clock.wander,
    };
    estimator->wander_changed = after->after;
    estimator->count = 0;
    estimator->narrowest = INT64_MAX;
    note_bracket(estimator, before);
    note_bracket(estimator, after);
    push(estimator, (struct wu_gate){ microframe, lo + late, -1 });
    push(estimator, (struct wu_gate){ microframe, hi, +1 });
    rebuild(estimator, (double)(hi - lo) + (double)tick(counter));
    return true;
}

static int64_t middle_of(const struct wu_read *read)
{
    return read->before + (read->after - read->before) / 2;
}

static int64_t boundary_of(const struct wu_frame_clock *clock,
                           const struct wu_counter *counter,
                           const struct wu_read *read)
{
    const int64_t expected = wu_frame_clock_microframe_at(clock, middle_of(read));
    const int64_t ticks = expected >= 0 ? expected / counter->step
                                        : -((counter->step - 1 - expected) / counter->step);

    return wu_frame_extend(ticks, read->raw, counter->bits) * counter->step;
}

int64_t wu_estimator_microframe_of(const struct wu_estimator *estimator, const struct wu_read *read)
{
    return boundary_of(&estimator->clock, &estimator->counter, read);
}

/* What a model says of the tick that a read fell into. */
struct expected_tick {
    int64_t m; /* [microframes] where it begins */
    struct wu_bounds begins;
    struct wu_bounds ends;
};

static struct expected_tick expected_tick(const struct wu_frame_clock *clock,
                                          const struct wu_counter *counter,
                                          const struct wu_read *read)
{
    const int64_t m = boundary_of(clock, counter, read);

    return (struct expected_tick){ m, wu_frame_clock_bounds(clock, m),
                                   wu_frame_clock_bounds(clock, m + counter->step) };
}

/* By how much a read says otherwise than the model [ns]: positive late, negative early. */
static double violation_of(const struct expected_tick *expected,
                           const struct wu_counter *counter,
                           const struct wu_read *read)
{
    const int64_t early = expected->begins.lo - (read->after + counter->clock_error);
    const int64_t late = (read->before - counter->clock_error) - expected->ends.hi;

    if (early > 0)
        return -(double)early;
    return late > 0 ? (double)late : 0;
}

bool wu_frame_clock_agrees(const struct wu_frame_clock *clock,
                           const struct wu_counter *counter,
                           const struct wu_read *read)
{
    const struct expected_tick expected = expected_tick(clock, counter, read);

    return violation_of(&expected, counter, read) == 0;
}

/* What a sudden change of rate in so long a time could explain [ns]. */
static double explained_by_wander(int64_t age)
{
    return fmin(WANDER_SLACK + WANDER_STEP * (double)age, WANDER_LIMIT);
}

/* A fact much looser than what is known anyway, @p bounds, is not worth a place. */
static void push_if_useful(struct wu_estimator *estimator,
                           struct wu_gate gate,
                           struct wu_bounds bounds,
                           double slack)
{
    const double looser = gate.side > 0 ? (double)(gate.t - bounds.hi + estimator->clock.late)
                                        : (double)(bounds.lo - gate.t + estimator->clock.late);

    if (looser <= slack)
        push(estimator, gate);
}

/* The rate changed by more than was assumed, nobody knows when: all facts but those of the newest
 * read may be from before, and together with it leave a sliver that is as good as never true. */
static void begin_anew(struct wu_estimator *estimator, double reach, int64_t now)
{
    more_wander(estimator, now);
    forget(estimator, NEW_FACTS);
    rebuild(estimator, reach);
}

/* Moves the reference to where the tick was expected to begin. Not to when it was read: a read that
 * was preempted returns long after. */
static void recentre(struct wu_frame_clock *clock, const struct expected_tick *expected)
{
    const struct wu_bounds begins = expected->begins;

    clock->t_ref = wu_bounds_middle((struct wu_bounds){ begins.lo, begins.hi - clock->late });
    clock->m_ref = expected->m;
}

enum wu_verdict wu_estimator_accept(struct wu_estimator *estimator,
                                    const struct wu_read *read,
                                    int64_t since,
                                    double *violation_out)
{
    const struct wu_counter *counter = &estimator->counter;
    struct wu_frame_clock *clock = &estimator->clock;
    const struct expected_tick expected = expected_tick(clock, counter, read);
    const int64_t m = expected.m;
    const double width = (double)(expected.begins.hi - expected.begins.lo);
    const double violation = fabs(*violation_out = violation_of(&expected, counter, read));

    if (violation > explained_by_wander(read->after - since))
        return WU_SUSPECT;

    const double reach = width + violation + (double)tick(counter);
    const double slack = violation > 0 ? INFINITY : width + USELESS;

    push_if_useful(estimator, (struct wu_gate){ m, read->after + counter->clock_error, +1 },
                   expected.begins, slack);
    push_if_useful(estimator,
                   (struct wu_gate){ m + counter->step, read->before - counter->clock_error, -1 },
                   expected.ends, slack);
    recentre(clock, &expected);
    clock->last_read = read->before;
    note_bracket(estimator, read);

    less_wander(estimator, read->after);
    if (violation > 0 || !rebuild(estimator, reach) || is_too_good(estimator))
        begin_anew(estimator, reach, read->after);
    return WU_CONSISTENT;
}
