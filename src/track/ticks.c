#include "track/ticks.h"

#include <stdatomic.h>
#include <stddef.h>
#include <string.h>

#include "host/host.h"

enum {
    ROUNDS = 4,   /* of comparing clocks */
    BRACKETS = 2, /* in a row: what one leaves open of a tick, the other may not */
    ATTEMPTS = 3, /* at an instant that is narrow */
    RING = 256,
    NS_PER_SECOND = 1000000000,
};

static const int64_t SPACING = INT64_C(50000000); /* [ns] between instants of the ring */
static const int64_t NARROW = 1000;               /* [ns] of an instant that was not interrupted */
static const int64_t DETOUR =
    100000;                          /* [ns] Wine may take some way round to the clock that it is */
static const int64_t TRUST = 100000; /* [ns] after which clocks that are alike are compared again */
static const int64_t CALM = INT64_C(60000000000); /* [ns] after which a limit is lowered */

enum kind {
    UNKNOWN, /* not compared yet */
    SAME,    /* as our clock, and no other is */
    ALIKE, /* so far: another clock is the same, as nobody has slewed it since the machine began */
    RELATED, /* to our clock: another one */
    STRANGE,
};

static const char *const clock_names[WU_CLOCKS] = {
    [WU_CLOCK_OWN] = "CLOCK_MONOTONIC_RAW",
    [WU_CLOCK_MONOTONIC] = "CLOCK_MONOTONIC",
    [WU_CLOCK_BOOTTIME] = "CLOCK_BOOTTIME",
};

/* An instant, and the generation that it belongs to. */
struct known {
    struct wu_instant instant;
    uint64_t generation;
};

enum { WORDS = sizeof(struct known) / sizeof(uint64_t) };

static struct wu_host_mutex lock = WU_HOST_MUTEX_INIT;
static _Atomic int kind_now = UNKNOWN; /* enum kind; [lock] to write, as the next two */
static _Atomic uint32_t generation;
static _Atomic uint64_t next; /* number of the next instant */
static _Atomic uint64_t ring[RING][WORDS];
static _Atomic int64_t compared; /* [ns] when those that are alike last were */
static int64_t slew = WU_SLEW;   /* [lock] [ppm] */
static int64_t slew_changed;     /* [lock] [ns] */

static int64_t tick_length(void)
{
    return NS_PER_SECOND / wu_host_qpc_frequency();
}

/* --- Ring: an entry is whole while the one that will take its place has not been begun ---------
 */

static bool load(uint64_t number, struct known *known_out)
{
    uint64_t words[WORDS];

    for (size_t i = 0; i < WORDS; i++)
        words[i] = atomic_load_explicit(&ring[number % RING][i], memory_order_acquire);
    memcpy(known_out, words, sizeof(words));
    return atomic_load_explicit(&next, memory_order_acquire) - number < RING;
}

/* There is one, when the counter is RELATED. */
static uint64_t load_newest(struct known *known_out)
{
    uint64_t number;

    do
        number = atomic_load_explicit(&next, memory_order_acquire) - 1;
    while (!load(number, known_out));
    return number;
}

static void append_locked(const struct wu_instant *instant)
{
    const uint64_t number = atomic_load_explicit(&next, memory_order_relaxed);
    const struct known known = { *instant, generation };
    uint64_t words[WORDS];

    memcpy(words, &known, sizeof(words));
    for (size_t i = 0; i < WORDS; i++)
        atomic_store_explicit(&ring[number % RING][i], words[i], memory_order_release);
    atomic_store_explicit(&next, number + 1, memory_order_release);
}

/* --- Reading both clocks -----------------------------------------------------------------------
 */

/* @return false when the counter was stepped meanwhile */
static bool read_once(int64_t limit, struct wu_instant *instant_out)
{
    struct wu_bracket brackets[BRACKETS];
    int64_t before = wu_host_clock_now();

    for (int i = 0; i < BRACKETS; i++) {
        brackets[i].before = before;
        brackets[i].count = wu_host_qpc_now();
        brackets[i].after = before = wu_host_clock_now();
    }
    return wu_instant_of(brackets, BRACKETS, tick_length(), limit, instant_out);
}

/* Again when that was interrupted. */
static bool read_instant(int64_t limit, struct wu_instant *instant_out)
{
    bool right = read_once(limit, instant_out);

    for (int i = 1; i < ATTEMPTS && right && instant_out->hi - instant_out->lo > NARROW; i++)
        right = read_once(limit, instant_out);
    return right;
}

/* --- Which clock the counter is ----------------------------------------------------------------
 */

/* Of each clock, whether the counter has read as it does: sets of 1 << enum wu_host_clock. */
struct likeness {
    unsigned exactly;
    unsigned nearly;
};

static struct likeness compare_once(void)
{
    struct wu_bracket brackets[WU_CLOCKS];
    struct likeness likeness = { 0, 0 };
    int64_t count;

    for (int clock = 0; clock < WU_CLOCKS; clock++)
        brackets[clock].before = wu_host_clock_read((enum wu_host_clock)clock);
    count = wu_host_qpc_now();
    for (int clock = WU_CLOCKS - 1; clock >= 0; clock--)
        brackets[clock].after = wu_host_clock_read((enum wu_host_clock)clock);

    for (int clock = 0; clock < WU_CLOCKS; clock++) {
        struct wu_bracket *bracket = &brackets[clock];

        bracket->count = count;
        likeness.exactly |= (unsigned)wu_bracket_holds(bracket, tick_length()) << clock;
        bracket->before -= DETOUR;
        bracket->after += DETOUR;
        likeness.nearly |= (unsigned)wu_bracket_holds(bracket, tick_length()) << clock;
    }
    return likeness;
}

static struct likeness compare(void)
{
    struct likeness all = compare_once();

    for (int i = 1; i < ROUNDS; i++) {
        const struct likeness likeness = compare_once();

        all.exactly &= likeness.exactly;
        all.nearly &= likeness.nearly;
    }
    return all;
}

/* Clocks that are known to be two may read the same for a moment. */
static enum kind kind_of(struct likeness likeness)
{
    const unsigned own = 1U << WU_CLOCK_OWN;

    if (likeness.exactly == own)
        return SAME;
    if ((likeness.exactly & own) && kind_now != RELATED)
        return ALIKE;
    return likeness.nearly != 0 ? RELATED : STRANGE;
}

/* Of those that are alike, the one that Wine would have taken first. */
static const char *name_of(struct likeness likeness)
{
    const unsigned alike = likeness.exactly != 0 ? likeness.exactly : likeness.nearly;
    int clock = 0;

    while (clock < WU_CLOCKS - 1 && !(alike & 1U << clock))
        clock++;
    return clock_names[clock];
}

static void say(enum kind kind, struct likeness likeness)
{
    if (kind == STRANGE)
        wu_log(WU_LOG_ERROR, "QueryPerformanceCounter is none of Linux's clocks: "
                             "no time synchronization");
    else if (kind == RELATED)
        wu_log(WU_LOG_INFO, "QueryPerformanceCounter is %s: times are converted, and less exact",
               name_of(likeness));
    else
        wu_log(WU_LOG_INFO, "QueryPerformanceCounter is %s%s", clock_names[WU_CLOCK_OWN],
               kind == ALIKE ? ", or one that has not been slewed yet" : "");
}

/* --- How they stand to each other --------------------------------------------------------------
 */

static void set_slew_locked(int64_t limit, int64_t now)
{
    slew = limit > WU_SLEW ? limit : WU_SLEW;
    slew_changed = now;
}

/* The counter has gone further than its limit explains. Was it slewed, it may be so even more. */
static void begin_anew_locked(struct wu_instant *instant, int64_t seen)
{
    wu_log(WU_LOG_WARN, "QueryPerformanceCounter was %s: a new generation begins",
           seen > WU_SLEW_MOST ? "stepped" : "slewed by more than is usual");
    set_slew_locked(seen > WU_SLEW_MOST ? WU_SLEW : 2 * seen, instant->time);
    generation++;
    instant->slew = slew;
    instant->rate = 0;
    append_locked(instant);
}

static void add_locked(struct wu_instant *instant)
{
    struct known newest;

    load_newest(&newest);
    if (instant->time <= newest.instant.time)
        return; /* somebody else was sooner */

    const int64_t seen = wu_instant_slew(&newest.instant, instant);

    if (seen > slew) {
        begin_anew_locked(instant, seen);
    } else if (instant->time - newest.instant.time >= SPACING) {
        instant->slew = slew;
        instant->rate = wu_instant_rate(&newest.instant, instant);
        append_locked(instant);
    }
    if (slew > WU_SLEW && instant->time - slew_changed > CALM)
        set_slew_locked(slew / 2, instant->time);
}

/* @return false when the counter was stepped while it was read, again and again */
static bool begin_locked(void)
{
    struct wu_instant instant;

    set_slew_locked(WU_SLEW, 0);
    for (int i = 0; i < ATTEMPTS; i++)
        if (read_instant(slew, &instant)) {
            append_locked(&instant);
            return true;
        }
    return false;
}

static bool is_same(enum kind kind)
{
    return kind == SAME || kind == ALIKE;
}

static void become_locked(enum kind kind, struct likeness likeness)
{
    const enum kind before = (enum kind)kind_now;

    if (before == STRANGE || (is_same(before) && !is_same(kind)))
        generation++;
    if (kind == RELATED && !begin_locked())
        kind = STRANGE;
    if (kind == before)
        return;
    kind_now = (int)kind;
    say(kind, likeness);
}

static void keep_locked(void)
{
    const struct likeness likeness = compare();
    const enum kind kind = kind_of(likeness);
    struct wu_instant instant;

    if ((int)kind != kind_now)
        become_locked(kind, likeness);
    else if (kind == RELATED && read_instant(slew, &instant))
        add_locked(&instant);
}

void wu_ticks_keep(void)
{
    if (wu_host_qpc_is_clock())
        return;

    wu_host_mutex_lock(&lock);
    keep_locked();
    wu_host_mutex_unlock(&lock);
}

static void keep_if_free(void)
{
    if (!wu_host_mutex_try_lock(&lock))
        return;
    keep_locked();
    wu_host_mutex_unlock(&lock);
}

/* Who else has the lock does it. */
static void add_if_free(struct wu_instant instant)
{
    if (!wu_host_mutex_try_lock(&lock))
        return;
    if (kind_now == RELATED)
        add_locked(&instant);
    wu_host_mutex_unlock(&lock);
}

/* --- Answers -----------------------------------------------------------------------------------
 */

DWORD wu_ticks_begin(struct wu_ticks *ticks)
{
    struct known newest;

    const enum kind kind = wu_host_qpc_is_clock() ? SAME : (enum kind)kind_now;

    ticks->same = is_same(kind);
    ticks->alike = kind == ALIKE;
    ticks->generation = generation;
    if (ticks->same)
        return ERROR_SUCCESS;
    if (kind != RELATED)
        return ERROR_NOT_SUPPORTED;

    ticks->number = load_newest(&newest);
    ticks->generation = (uint32_t)newest.generation;
    ticks->known = newest.instant;
    ticks->now = newest.instant;
    return ERROR_SUCCESS;
}

/* Whoever asks all the time need not compare each time: no clock goes far so soon. */
static bool are_still_alike(void)
{
    struct wu_bracket bracket = { .before = wu_host_clock_now() };
    const int64_t since = bracket.before - compared;

    if (since >= 0 && since < TRUST)
        return true;

    bracket.count = wu_host_qpc_now();
    bracket.after = wu_host_clock_now();
    if (!wu_bracket_holds(&bracket, tick_length()))
        return false;
    compared = bracket.before;
    return true;
}

static DWORD end_same(const struct wu_ticks *ticks)
{
    if (!ticks->alike || are_still_alike())
        return ERROR_SUCCESS;
    keep_if_free();
    return ERROR_NOT_READY;
}

DWORD wu_ticks_end(struct wu_ticks *ticks)
{
    struct wu_instant *now = &ticks->now;
    int64_t since;

    if (ticks->same)
        return end_same(ticks);
    if (!read_instant(ticks->known.slew, now))
        return ERROR_NOT_READY;

    since = now->time - ticks->known.time;
    now->rate = since >= SPACING ? wu_instant_rate(&ticks->known, now) : ticks->known.rate;
    const bool right = wu_instant_slew(&ticks->known, now) <= now->slew;

    if (!right || since >= SPACING)
        add_if_free(*now);
    return right ? ERROR_SUCCESS : ERROR_NOT_READY;
}

/* What is there no more, or of another generation, is older than what is asked for. */
static bool is_after(const struct wu_ticks *ticks, uint64_t number, int64_t time)
{
    struct known known;

    return load(number, &known) && known.generation == ticks->generation &&
           known.instant.time > time;
}

/* The number of the first instant after a time that is before the known one. */
static uint64_t first_after(const struct wu_ticks *ticks, int64_t time)
{
    uint64_t to = ticks->number;
    uint64_t from = to >= RING ? to - RING + 1 : 0;

    while (from < to) {
        const uint64_t middle = from + (to - from) / 2;

        if (is_after(ticks, middle, time))
            to = middle;
        else
            from = middle + 1;
    }
    return to;
}

static struct wu_reading read_past(const struct wu_ticks *ticks, int64_t time)
{
    const uint64_t number = first_after(ticks, time);
    struct known later = { .instant = ticks->known };
    struct known earlier;

    if (number != ticks->number && !load(number, &later))
        later.instant = ticks->known; /* it has gone just now */
    if (number == 0 || !load(number - 1, &earlier) || earlier.generation != ticks->generation)
        return wu_relation_at(NULL, &later.instant, time);
    return wu_relation_at(&earlier.instant, &later.instant, time);
}

static struct wu_reading reading_at(const struct wu_ticks *ticks, int64_t time)
{
    if (time >= ticks->now.time)
        return wu_relation_at(&ticks->now, NULL, time);
    if (time >= ticks->known.time)
        return wu_relation_at(&ticks->known, &ticks->now, time);
    return read_past(ticks, time);
}

static int64_t round_down(int64_t time, int64_t tick)
{
    return time / tick - (time % tick < 0);
}

struct wu_tick_time wu_ticks_at(const struct wu_ticks *ticks, int64_t time)
{
    struct wu_reading reading;

    if (ticks->same)
        return (struct wu_tick_time){ wu_host_qpc_nearest(time), 0 };

    reading = reading_at(ticks, time);
    return (struct wu_tick_time){
        .ticks = round_down(reading.middle + tick_length() / 2, tick_length()),
        .error = reading.error,
    };
}

int64_t wu_ticks_not_after(const struct wu_ticks *ticks, int64_t time)
{
    struct wu_reading reading;

    if (ticks->same)
        return wu_host_qpc_from_clock(time);

    reading = reading_at(ticks, time);
    return round_down(reading.middle - reading.error, tick_length());
}

int64_t wu_ticks_spread(void)
{
    struct known newest;

    if (wu_host_qpc_is_clock() || kind_now != RELATED)
        return 0;

    load_newest(&newest);
    return WU_MICROFRAME * newest.instant.slew / 1000000 +
           (newest.instant.hi - newest.instant.lo) / 2;
}
