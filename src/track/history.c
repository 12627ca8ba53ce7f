#include "track/history.h"

#include <stddef.h>
#include <string.h>

static const int64_t SPACING = 50 * INT64_C(1000000); /* [ns] between samples of the ring */

enum { HEADER_WORDS = offsetof(struct wu_frame_clock, polygon.vertex) / sizeof(uint64_t) };

_Static_assert(sizeof(struct wu_vertex) == 2 * sizeof(uint64_t), "vertices are copied by words");

static size_t words_of(const struct wu_frame_clock *clock)
{
    return HEADER_WORDS + 2 * (size_t)clock->polygon.count;
}

/* --- Snapshots: word by word, so that a torn copy is no data race, only seen to be torn ------ */

static void store(struct wu_snapshot *snapshot, const struct wu_frame_clock *clock)
{
    uint64_t words[WU_SNAPSHOT_WORDS];

    memcpy(words, clock, sizeof(words));
    for (size_t i = 0; i < words_of(clock); i++)
        atomic_store_explicit(&snapshot->word[i], words[i], memory_order_release);
}

static void load_words(const struct wu_snapshot *snapshot, size_t from, size_t to, char *copy)
{
    for (size_t i = from; i < to; i++) {
        const uint64_t word = atomic_load_explicit(&snapshot->word[i], memory_order_acquire);

        memcpy(copy + i * sizeof(word), &word, sizeof(word));
    }
}

/* @return false when what was read cannot be whole */
static bool load(const struct wu_snapshot *snapshot, struct wu_frame_clock *clock_out)
{
    load_words(snapshot, 0, HEADER_WORDS, (char *)clock_out);
    if (clock_out->polygon.count < 0 || clock_out->polygon.count > WU_POLYGON_MAX)
        return false;
    load_words(snapshot, HEADER_WORDS, words_of(clock_out), (char *)clock_out);
    return true;
}

/* --- Latch ----------------------------------------------------------------------------------- */

static void latch(struct wu_history *history, const struct wu_frame_clock *clock)
{
    const uint64_t sequence = atomic_load_explicit(&history->sequence, memory_order_relaxed) + 1;

    store(&history->latch[sequence & 1], clock);
    atomic_store_explicit(&history->sequence, sequence, memory_order_release);
}

bool wu_history_latest(const struct wu_history *history, struct wu_frame_clock *clock_out)
{
    for (;;) {
        const uint64_t sequence = atomic_load_explicit(&history->sequence, memory_order_acquire);
        const bool whole = load(&history->latch[sequence & 1], clock_out);

        if (atomic_load_explicit(&history->sequence, memory_order_acquire) == sequence && whole)
            return clock_out->valid != 0;
    }
}

/* --- Ring ------------------------------------------------------------------------------------ */

static void append(struct wu_history *history, const struct wu_frame_clock *clock)
{
    const uint64_t number = atomic_load_explicit(&history->next, memory_order_relaxed);
    struct wu_ring_entry *entry = &history->ring[number % WU_RING];

    atomic_store_explicit(&entry->sequence, 2 * number + 1, memory_order_relaxed);
    store(&entry->snapshot, clock);
    atomic_store_explicit(&entry->sequence, 2 * number + 2, memory_order_release);

    if (clock->generation != history->generation)
        atomic_store_explicit(&history->first, number, memory_order_release);
    atomic_store_explicit(&history->next, number + 1, memory_order_release);
    history->generation = clock->generation;
    history->appended = clock->last_read;
}

void wu_history_publish(struct wu_history *history, const struct wu_frame_clock *clock)
{
    if (clock->generation != history->generation || clock->last_read - history->appended >= SPACING)
        append(history, clock);
    latch(history, clock);
}

void wu_history_withhold(struct wu_history *history)
{
    latch(history, &(struct wu_frame_clock){ 0 });
}

/* @return false when sample @p number is there no more, or is of another generation */
static bool sample_at(const struct wu_history *history,
                      uint64_t number,
                      uint64_t generation,
                      struct wu_frame_clock *clock_out)
{
    const struct wu_ring_entry *entry = &history->ring[number % WU_RING];

    if (atomic_load_explicit(&entry->sequence, memory_order_acquire) != 2 * number + 2)
        return false;
    return load(&entry->snapshot, clock_out) && clock_out->generation == generation &&
           atomic_load_explicit(&entry->sequence, memory_order_acquire) == 2 * number + 2;
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t most(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* Both are true, so what both allow is true. Should they contradict each other, one of the models
 * was wrong, and nobody knows which: all from the one to the other is the answer that is left. */
static struct wu_bounds intersection(struct wu_bounds a, struct wu_bounds b)
{
    const struct wu_bounds both = { most(a.lo, b.lo), least(a.hi, b.hi) };

    if (both.lo <= both.hi)
        return both;
    return (struct wu_bounds){ least(a.lo, b.lo), most(a.hi, b.hi) };
}

/* The samples between `from` (included) and `to` (not) that may be asked for. */
struct span {
    uint64_t from;
    uint64_t to;
};

static struct span span_of(const struct wu_history *history)
{
    const uint64_t to = atomic_load_explicit(&history->next, memory_order_acquire);
    const uint64_t first = atomic_load_explicit(&history->first, memory_order_acquire);
    const uint64_t oldest = to > WU_RING - 1 ? to - (WU_RING - 1) : 0;

    return (struct span){ first > oldest ? first : oldest, to };
}

/* The number of the first sample whose reference is after the microframe. */
static uint64_t first_after(const struct wu_history *history,
                            struct span span,
                            uint64_t generation,
                            int64_t microframe)
{
    while (span.from < span.to) {
        const uint64_t middle = span.from + (span.to - span.from) / 2;
        struct wu_frame_clock clock;

        if (!sample_at(history, middle, generation, &clock) || clock.m_ref <= microframe)
            span.from = middle + 1;
        else
            span.to = middle;
    }
    return span.to;
}

struct wu_bounds wu_history_bounds(const struct wu_history *history,
                                   const struct wu_frame_clock *latest,
                                   int64_t microframe)
{
    const struct wu_bounds bounds = wu_frame_clock_bounds(latest, microframe);

    if (microframe >= latest->m_ref)
        return bounds;

    const struct span span = span_of(history);
    const uint64_t after = first_after(history, span, latest->generation, microframe);
    struct wu_bounds result = bounds;
    struct wu_frame_clock clock;

    if (after < span.to && sample_at(history, after, latest->generation, &clock))
        result = wu_frame_clock_bounds(&clock, microframe);
    if (after > span.from && sample_at(history, after - 1, latest->generation, &clock))
        result = intersection(result, wu_frame_clock_bounds(&clock, microframe));
    return result;
}

/* --- Answers --------------------------------------------------------------------------------- */

static int64_t nearest_microframe(const struct wu_tracker_asked *asked, int64_t current)
{
    const int64_t frame = current >> 3;
    const int32_t ahead = (int32_t)(asked->frame - (uint32_t)frame);

    return (frame + ahead) * 8 + asked->microframe;
}

static int64_t half_width(struct wu_bounds bounds)
{
    return (bounds.hi - bounds.lo + 1) / 2;
}

struct wu_tracker_answer wu_history_answer(const struct wu_history *history,
                                           const struct wu_frame_clock *latest,
                                           int64_t now,
                                           const struct wu_tracker_asked *asked)
{
    struct wu_bounds bounds;
    const int64_t microframe = wu_frame_clock_current(latest, now, &bounds);
    struct wu_tracker_answer answer = {
        .microframe = microframe,
        .time = now,
        .microframe_time = wu_bounds_middle(bounds),
        .error = half_width(bounds),
        .generation = (uint32_t)latest->generation,
    };

    if (asked) {
        const struct wu_bounds when =
            wu_history_bounds(history, latest, nearest_microframe(asked, microframe));

        answer.asked_time = wu_bounds_middle(when);
        answer.error = half_width(when) > answer.error ? half_width(when) : answer.error;
    }
    return answer;
}
