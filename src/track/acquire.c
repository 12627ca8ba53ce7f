/* Acquires the clock from one step of the counter. */
#include "track/poller_parts.h"

#include "host/host.h"

static const int64_t PAUSE = 1000000; /* [ns] between reads of a lagging counter */

enum {
    BAD_EDGES = 4,       /* after so many any edge will do */
    HOPELESS_EDGES = 20, /* a counter of which none will do makes no sense */
    SWEEPS_TO_SETTLE = 32,
};

/* One step, caught between two reads of which neither was interrupted. */
static bool is_good_edge(const struct wu_poller *poller,
                         const struct wu_read *before,
                         const struct wu_read *after)
{
    return wu_counter_steps(&poller->estimator.counter, before, after) == 1 &&
           after->after - before->before <= 6 * wu_reader_usual_width(&poller->reader);
}

/* By how much a step came too late [ns]: more ticks than there was time for came in a burst. */
static int64_t surplus_of(const struct wu_poller *poller,
                          const struct wu_read *before,
                          const struct wu_read *after)
{
    const int64_t ticks = wu_counter_steps(&poller->estimator.counter, before, after) - 1;

    return ticks * poller->reader.tick - (after->after - before->before);
}

static bool
start_model(struct wu_poller *poller, const struct wu_read *before, const struct wu_read *after)
{
    const int64_t tick = wu_reader_continued(&poller->reader, after);

    if (!wu_estimator_start(&poller->estimator, before, after,
                            tick * poller->estimator.counter.step, poller->late))
        return false;
    wu_reader_believe(&poller->reader, after, tick);
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
        edges->surplus < WU_LATE_MAX)
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

void wu_poller_acquire(struct wu_poller *poller)
{
    struct edges edges = { 0 };
    struct wu_read previous;
    struct wu_read next;

    if (!wu_reader_read(&poller->reader, &previous) || !wu_reader_is_present(&previous)) {
        wu_poller_stall(poller, WU_FRAME_ABSENT);
        return;
    }
    for (edges.changed = previous.before;; previous = next) {
        if (poller->late > 0) /* there is no edge to catch: no need to hurry */
            wu_host_sleep_until(previous.after + PAUSE);
        if (!wu_reader_read(&poller->reader, &next) || !wu_reader_is_present(&next)) {
            wu_poller_stall(poller, WU_FRAME_ABSENT);
            return;
        }
        wu_reader_note_width(&poller->reader, &next);
        if (next.raw != previous.raw && take_edge(poller, &edges, &previous, &next))
            return;
        if (edges.bad > HOPELESS_EDGES ||
            next.before - edges.changed > WU_STILL_TICKS * poller->reader.tick + poller->late) {
            wu_poller_stall(poller, next.raw);
            return;
        }
    }
}
