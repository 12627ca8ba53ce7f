/*
 * The tracker against simulated controllers whose truth is known: every figure we promise, in
 * virtual time. WINUSB_SIM_SEED replays another draw.
 */
#include "cmocka_all.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host_fake.h"
#include "sim_run.h"

static struct sim_run run; /* large, hence static; each test starts it anew */

static void set_up_run(uint64_t number)
{
    memset(&run, 0, sizeof(run));
    run.options = wu_sim_defaults();
    run.options.seed = sim_base_seed() * 1000 + number;
    run.options.preempted = 0.0002;
    run.goal = 1000;
    run.interval = 0.3;
    run.seconds = 118;
    sim_seed(run.options.seed);
    run.options.drift = -100 + 200 * sim_draw();
}

static void read_slowly(int64_t fixed, int64_t jitter)
{
    run.options.fixed = fixed;
    run.options.jitter = jitter;
}

static void read_debugfs(void)
{
    read_slowly(2500, 5500);
    run.options.tail = 0.05;
    run.options.tail_max = 50000;
}

static void count_frames(void)
{
    run.options.tick = 1000000;
    run.options.bits = 11;
}

static double rms(const struct horizon_stats *stats)
{
    return sqrt(stats->error_square_sum / (double)stats->settled);
}

static double mean_bound(const struct sim_stats *stats, enum horizon horizon)
{
    return stats->horizon[horizon].bound_sum / (double)stats->horizon[horizon].settled;
}

static uint64_t answers_of(const struct sim_stats *stats)
{
    uint64_t answers = 0;

    for (int i = 0; i < HORIZONS; i++)
        answers += stats->horizon[i].answers;
    return answers;
}

static void assert_honest(const struct sim_stats *stats)
{
    for (int i = 0; i < HORIZONS; i++) {
        assert_true(stats->horizon[i].settled > 0);
        assert_int_equal(stats->horizon[i].outside, 0);
    }
}

/* PredictedAccuracyInMicroSeconds is 1, but for the moments after a sweep that was interrupted. */
static void assert_reported_as_one(const struct sim_stats *stats)
{
    const struct horizon_stats *now = &stats->horizon[NOW];

    assert_true((double)now->within_one >= 0.999 * (double)now->settled);
    assert_true(now->bound_max <= 1500);
}

enum { RUNS = 24 };

/* Runs a scenario RUNS times. @param change  what is special about it; NULL: nothing */
static struct sim_stats repeat(const char *name, void (*change)(void))
{
    struct sim_stats stats = { 0 };

    for (uint64_t i = 0; i < RUNS; i++) {
        set_up_run(i);
        if (change)
            change();
        sim_run(&run, &stats);
    }
    sim_print(name, &stats);
    return stats;
}

/* --- Steady state ---------------------------------------------------------------------------- */

static void mmio_microframes_reach_every_figure(void **unused)
{
    (void)unused;

    const struct sim_stats stats = repeat("125 us, MMIO 0.8 us", NULL);

    assert_honest(&stats);
    assert_reported_as_one(&stats);
    assert_true(rms(&stats.horizon[NOW]) < 200);
    assert_true(stats.horizon[NOW].error_max < 500 + 400);
    assert_true(mean_bound(&stats, AHEAD_1) <= 1350);
    assert_true(mean_bound(&stats, AHEAD_60) <= 214000);
    assert_true(mean_bound(&stats, PAST_10) <= 800);
    assert_true(mean_bound(&stats, PAST_100) <= 800);
    assert_true((double)stats.steps / stats.seconds <= 1.5);
    assert_true((double)stats.reads / stats.seconds <= 14);
    assert_true(stats.busy / stats.seconds / 1e9 <= 0.0005);
}

static void mmio_frames_reach_the_same_bound(void **unused)
{
    (void)unused;

    const struct sim_stats stats = repeat("1 ms, MMIO 0.8 us", count_frames);

    assert_honest(&stats);
    assert_reported_as_one(&stats);
    assert_true(rms(&stats.horizon[NOW]) < 200);
    assert_true(stats.busy / stats.seconds / 1e9 <= 0.0005);
}

static void slow_mmio(void)
{
    read_slowly(900, 1100);
}

static void syscall(void)
{
    read_slowly(1200, 1800);
}

static void frames_by_debugfs(void)
{
    count_frames();
    read_debugfs();
}

static void slower_reads_widen_the_bound_as_promised(void **unused)
{
    (void)unused;

    struct sim_stats stats = repeat("125 us, MMIO 2 us", slow_mmio);
    assert_honest(&stats);
    assert_true(mean_bound(&stats, NOW) <= 0.65 * 2000 + 100);

    stats = repeat("125 us, system call 3 us", syscall);
    assert_honest(&stats);
    assert_true(mean_bound(&stats, NOW) <= 0.65 * 3000 + 100);

    stats = repeat("125 us, debugfs 8 us", read_debugfs);
    assert_honest(&stats);
    assert_true(mean_bound(&stats, NOW) <= 0.65 * 8000 + 100);
    assert_true(stats.horizon[NOW].bound_max <= 10000);

    stats = repeat("1 ms, debugfs 8 us", frames_by_debugfs);
    assert_honest(&stats);
    assert_true(mean_bound(&stats, NOW) <= 0.65 * 8000 + 100);
    assert_true(stats.horizon[NOW].bound_max <= 10000);
}

static void with_qpc_ticks(void)
{
    fake_clock_resolution = 100;
}

static void a_clock_of_100_ns_still_gives_a_microsecond(void **unused)
{
    (void)unused;

    const struct sim_stats stats = repeat("125 us, MMIO, clock of 100 ns", with_qpc_ticks);

    fake_clock_resolution = 0;
    assert_honest(&stats);
    assert_reported_as_one(&stats);
}

static void hard(void)
{
    run.options.drift = sim_draw() < 0.5 ? 500 : -500;
    run.options.wander = 6;
    run.options.preempted = 0.001;
    run.options.preempted_max = 5000000;
}

static void fast_wander_stays_inside(void **unused)
{
    (void)unused;

    const struct sim_stats stats = repeat("+-500 ppm, wander 6 ppm/min", hard);

    assert_honest(&stats);
    assert_reported_as_one(&stats);
}

static void slow_down_20_ppm(void)
{
    run.options.step = 20;
    run.options.step_at = 40;
}

static void speed_up_20_ppm(void)
{
    run.options.step = -20;
    run.options.step_at = 40;
}

static void assert_noticed(const struct sim_stats *stats)
{
    const struct horizon_stats *now = &stats->horizon[NOW];

    assert_true((double)now->outside <= 0.08 * (double)now->answers);
    assert_true(now->error_max < 8000);
    assert_int_equal(stats->generations, 1);
}

/* Almost seven times as fast as is assumed: not promised, but noticed and mended. */
static void broken_assumption_is_noticed(void **unused)
{
    (void)unused;

    struct sim_stats stats = repeat("20 ppm slower, W broken 6.7 times", slow_down_20_ppm);
    assert_noticed(&stats);

    stats = repeat("20 ppm faster, W broken 6.7 times", speed_up_20_ppm);
    assert_noticed(&stats);
}

/* --- Honesty --------------------------------------------------------------------------------- */

/* Everything at once, and wander at the very limit of what is assumed. */
static void draw_adversary(void)
{
    run.options.drift = -900 + 1800 * sim_draw();
    run.options.wander = 6;
    run.options.preempted = 0.003;
    run.options.preempted_max = 5000000;
    run.options.tail = 0.05 * sim_draw();
    run.options.tail_max = 50000;
    read_slowly((int64_t)(300 + 3000 * sim_draw()), (int64_t)(200 + 6000 * sim_draw()));
    if (sim_draw() < 0.5)
        count_frames();
    run.options.glitch = sim_draw() < 0.3 ? 0.002 : 0;
    run.options.first_tick = (int64_t)(sim_draw() * (1 << run.options.bits) * 0.9);
    run.interval = 0.02;
    run.seconds = 150;
    run.pause_at = 20 + 40 * sim_draw();
    run.pause = sim_draw() < 0.3 ? 20 * sim_draw() : 0;
}

static void no_adversarial_answer_leaves_its_bound(void **unused)
{
    struct sim_stats stats = { 0 };
    uint64_t number = 0;

    (void)unused;
    for (; answers_of(&stats) < 1000000; number++) {
        set_up_run(10000 + number);
        draw_adversary();
        sim_run(&run, &stats);
        if (stats.horizon[NOW].outside + stats.horizon[AHEAD_60].outside > 0)
            fail_msg("seed %llu", (unsigned long long)run.options.seed);
    }
    sim_print("adversary", &stats);
    assert_honest(&stats);
    assert_true(answers_of(&stats) >= 1000000);
    assert_int_equal(stats.withheld, 0);
}

static void lag_frames(void)
{
    count_frames();
    run.options.first_tick = 1000; /* lags do not take it below zero */
    run.options.late = 3000000;
    run.late = 6000000;
    run.seconds = 60;
}

static void lag_microframes(void)
{
    run.options.first_tick = 1000;
    run.options.late = 60000000;
    run.late = 200000000;
    run.seconds = 60;
}

static void assert_none_outside(const struct sim_stats *stats)
{
    for (int i = 0; i < HORIZONS; i++)
        assert_int_equal(stats->horizon[i].outside, 0);
}

static void lagging_counter_stays_inside_its_bound(void **unused)
{
    (void)unused;

    struct sim_stats stats = repeat("1 ms, up to 3 ms late, known", lag_frames);
    assert_none_outside(&stats);
    assert_int_equal(stats.generations, 1);
    assert_true(stats.horizon[NOW].bound_max <= 7000000);

    stats = repeat("125 us, up to 60 ms late, known", lag_microframes);
    assert_none_outside(&stats);
    assert_int_equal(stats.generations, 1);
}

static void lag_by_surprise(void)
{
    lag_frames();
    run.late = 0;
    run.interval = 0.02;
}

/* What nobody knew of cannot be in the first bounds, but it soon is. */
static void unknown_lag_is_learnt(void **unused)
{
    (void)unused;

    const struct sim_stats stats = repeat("1 ms, up to 3 ms late, unknown", lag_by_surprise);
    const struct horizon_stats *now = &stats.horizon[NOW];

    assert_true(run.poller.late > 0);
    assert_true((double)now->outside <= 0.1 * (double)now->answers);
}

/* --- Start ----------------------------------------------------------------------------------- */

enum { STARTS = 400 };

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;

    return (x > y) - (x < y);
}

struct start_times {
    double median; /* [ms] */
    double p99;
    double max;
};

/* A read on a quiet machine takes nearly always the same. */
static void quiet(void)
{
    read_slowly(700, 100);
}

static void quiet_frames(void)
{
    quiet();
    count_frames();
}

static struct start_times start_often(const char *name, double goal, void (*change)(void))
{
    double first[STARTS];

    for (uint64_t i = 0; i < STARTS; i++) {
        struct sim_stats stats = { 0 };

        set_up_run(20000 + i);
        run.options.preempted = 0;
        run.options.tail = 0;
        run.interval = 0;
        run.seconds = 0.1;
        run.goal = goal;
        if (change)
            change();
        sim_run(&run, &stats);
        first[i] = stats.first_good > 0 ? stats.first_good : INFINITY;
    }
    qsort(first, STARTS, sizeof(first[0]), compare);

    const struct start_times times = { first[STARTS / 2], first[STARTS * 99 / 100],
                                       first[STARTS - 1] };

    printf("sim: start: %-27s bound %4.1f us after %.2f ms (p50), %.2f (p99), %.2f (max)\n", name,
           goal / 1e3, times.median, times.p99, times.max);
    return times;
}

static void first_bound_stands_within_a_quarter_millisecond(void **unused)
{
    (void)unused;

    struct start_times times = start_often("125 us, MMIO 0.8 us, quiet", 1000, quiet);

    assert_true(times.median <= 0.1);
    assert_true(times.p99 <= 0.25);

    times = start_often("125 us, MMIO 0.8 us", 1000, NULL);
    assert_true(times.p99 <= 0.6);
    assert_true(times.max <= 2);
}

static void frames_take_three_milliseconds(void **unused)
{
    (void)unused;

    struct start_times times = start_often("1 ms, MMIO 0.8 us, quiet", 1000, quiet_frames);

    assert_true(times.median <= 1);
    assert_true(times.p99 <= 3);

    times = start_often("1 ms, MMIO 0.8 us", 1000, count_frames);
    assert_true(times.p99 <= 8);
}

static void slow_sources_start_in_milliseconds(void **unused)
{
    (void)unused;

    assert_true(start_often("125 us, debugfs 8 us", 10000, read_debugfs).p99 <= 10);
    assert_true(start_often("1 ms, debugfs 8 us", 10000, frames_by_debugfs).p99 <= 15);
}

/* --- Discontinuities ------------------------------------------------------------------------- */

enum { EVENTS = 200 };

/* What the counter showed when an answer said which microframe it was. */
struct wrong {
    uint64_t before; /* wrong answers of the generation that was there before the event */
    uint64_t after;  /* wrong answers of the next generation */
    double noticed;  /* [s] when the next generation first answered */
    double settled;  /* [s] when it first answered within 1 us */
};

static bool is_right(const struct sim_run *sim, const struct wu_tracker_answer *answer)
{
    const int64_t time = answer->microframe_time;
    const int64_t step = sim->options.tick / WU_MICROFRAME;
    const int64_t margin = answer->error + 1;
    const uint32_t mask = (1U << sim->options.bits) - 1;
    const uint32_t said = (uint32_t)(answer->microframe / step) & mask;
    const int64_t within = answer->microframe % step * WU_MICROFRAME;

    return (uint32_t)(wu_frame_sim_shown_at(sim->source, time - within - margin) & mask) ==
               ((said - 1) & mask) &&
           (uint32_t)(wu_frame_sim_shown_at(sim->source, time - within + margin) & mask) == said;
}

static void
compare_with_counter(struct sim_run *sim, double seconds, const struct wu_tracker_answer *answer)
{
    struct wrong *wrong = sim->context;

    if (answer->generation > 1 && wrong->noticed == 0)
        wrong->noticed = seconds;
    if (answer->generation > 1 && wrong->settled == 0 && answer->error <= 1000)
        wrong->settled = seconds;
    if (is_right(sim, answer))
        return;
    if (answer->generation > 1)
        wrong->after++;
    else
        wrong->before++;
}

/* As tracker.c asks: a model that is not fresh is verified first. */
struct event_stats {
    uint64_t noticed;
    uint64_t wrong_after;
    uint64_t false_generations;
    double delay_max; /* [ms] from the end of the event to a bound of 1 us */
    double median;
};

static struct event_stats
repeat_event(const char *name, double over_at, void (*change)(void), uint64_t generations)
{
    struct event_stats result = { 0 };
    double delays[EVENTS];

    for (uint64_t i = 0; i < EVENTS; i++) {
        struct sim_stats stats = { 0 };
        struct wrong wrong = { 0 };

        set_up_run(30000 + i);
        run.seconds = 25;
        run.interval = 0.01;
        change();
        run.on_answer = compare_with_counter;
        run.context = &wrong;
        sim_run(&run, &stats);
        result.noticed += stats.generations == generations;
        result.false_generations += stats.generations > generations;
        result.wrong_after += wrong.after;
        delays[i] = wrong.settled > 0 ? (wrong.settled - over_at) * 1e3 : INFINITY;
    }
    qsort(delays, EVENTS, sizeof(delays[0]), compare);
    result.median = delays[EVENTS / 2];
    result.delay_max = delays[EVENTS - 1];
    printf("sim: event: %-27s noticed %llu of %d, bound of 1 us again after %.0f ms (p50), %.0f "
           "(max), "
           "wrong afterwards %llu\n",
           name, (unsigned long long)result.noticed, EVENTS, result.median, result.delay_max,
           (unsigned long long)result.wrong_after);
    return result;
}

static void reset(void)
{
    run.options.reset_at = 15;
}

static void stop(void)
{
    run.options.stop_at = 12;
    run.options.outage = 3;
}

static void lose_power(void)
{
    run.options.absent_at = 12;
    run.options.outage = 3;
}

static void every_reset_starts_a_new_generation(void **unused)
{
    (void)unused;

    const struct event_stats stats = repeat_event("reset", 15, reset, 2);

    assert_int_equal(stats.noticed, EVENTS);
    assert_int_equal(stats.wrong_after, 0);
    assert_true(stats.delay_max <= 1100);
}

static void every_stop_starts_a_new_generation(void **unused)
{
    (void)unused;

    struct event_stats stats = repeat_event("stopped 3 s", 15, stop, 2);
    assert_int_equal(stats.noticed, EVENTS);
    assert_int_equal(stats.wrong_after, 0);
    assert_true(stats.delay_max <= 60);

    stats = repeat_event("without power 3 s", 15, lose_power, 2);
    assert_int_equal(stats.noticed, EVENTS);
    assert_int_equal(stats.wrong_after, 0);
    assert_true(stats.delay_max <= 60);
}

/* --- Leaps that are small: most reads of a tick agree with the old model, too ---------------- */

enum { LEAP_RUNS = 24 };

static const double LEAP_AT = 15; /* [s] */

static void
note_last_wrong(struct sim_run *sim, double seconds, const struct wu_tracker_answer *answer)
{
    double *last_wrong = sim->context;

    if (!is_right(sim, answer))
        *last_wrong = fmax(*last_wrong, seconds - LEAP_AT);
}

/*
 * Lets the ticks leap by @p leap [ns] and their rate by @p step [ppm].
 *
 * @return for how long after that answers were wrong [s]
 */
static double leap_often(const char *name, void (*change)(void), double leap, double step)
{
    double last_wrong = 0;
    uint64_t generations = 0;

    for (uint64_t i = 0; i < LEAP_RUNS; i++) {
        struct sim_stats stats = { 0 };

        set_up_run(80000 + i);
        change();
        run.seconds = 25;
        run.interval = 0.01;
        run.options.leap = leap;
        run.options.step = step;
        run.options.leap_at = run.options.step_at = LEAP_AT;
        run.options.step_tau = 1e-3;
        run.on_answer = note_last_wrong;
        run.context = &last_wrong;
        sim_run(&run, &stats);
        generations += stats.generations;
    }
    printf("sim: leap: %-20s %+6.1f us, %+4.0f ppm: wrong for %.2f s, %.2f generations\n", name,
           leap / 1e3, step, last_wrong, (double)generations / LEAP_RUNS);
    return last_wrong;
}

/* The next sweep finds out: a second later at most. */
static void every_leap_is_noticed(void **unused)
{
    static const double LEAPS[] = { 6000, 15000, 25000, 60000, 124000 };
    static const double LONGEST = 1.1; /* [s] */

    (void)unused;
    for (size_t i = 0; i < sizeof(LEAPS) / sizeof(LEAPS[0]); i++) {
        assert_true(leap_often("125 us, MMIO 0.8 us", quiet, LEAPS[i], 0) < LONGEST);
        assert_true(leap_often("125 us, MMIO 0.8 us", quiet, -LEAPS[i], 0) < LONGEST);
        assert_true(leap_often("1 ms, MMIO 0.8 us", count_frames, LEAPS[i], 0) < LONGEST);
        assert_true(leap_often("1 ms, MMIO 0.8 us", count_frames, -LEAPS[i], 0) < LONGEST);
    }
    assert_true(leap_often("125 us, debugfs 8 us", read_debugfs, 40000, 0) < LONGEST);
    assert_true(leap_often("125 us, debugfs 8 us", read_debugfs, -40000, 0) < LONGEST);
}

/* A sweep soon after the step may not see it yet; the next one does. */
static void every_step_of_the_rate_is_noticed(void **unused)
{
    static const double STEPS[] = { 3, 12, 40, 200, 800 };
    static const double LONGEST = 2.5; /* [s] */

    (void)unused;
    for (size_t i = 0; i < sizeof(STEPS) / sizeof(STEPS[0]); i++) {
        assert_true(leap_often("125 us, MMIO 0.8 us", quiet, 0, STEPS[i]) < LONGEST);
        assert_true(leap_often("125 us, MMIO 0.8 us", quiet, 0, -STEPS[i]) < LONGEST);
        assert_true(leap_often("125 us, MMIO 0.8 us", quiet, 3000, -STEPS[i]) < LONGEST);
    }
}

static void glitch(void)
{
    run.options.glitch = 0.002;
}

static void glitches_are_ignored(void **unused)
{
    struct sim_stats stats = { 0 };

    (void)unused;
    for (uint64_t i = 0; i < EVENTS; i++) {
        set_up_run(40000 + i);
        run.interval = 0.1;
        glitch();
        sim_run(&run, &stats);
        assert_int_equal(stats.generations, 1);
    }
    sim_print("0.2 % of reads 8 ticks off", &stats);
    assert_honest(&stats);
    assert_int_equal(stats.withheld, 0);
}

static void five_minutes_without_polls_are_survived(void **unused)
{
    struct sim_stats stats = { 0 };

    (void)unused;
    for (uint64_t i = 0; i < 50; i++) {
        set_up_run(50000 + i);
        run.seconds = 450;
        run.pause_at = 60;
        run.pause = 300;
        run.interval = 0.05;
        run.options.wander = 6;
        sim_run(&run, &stats);
        assert_int_equal(stats.generations, 1);
    }
    sim_print("not polled for 5 minutes", &stats);
    assert_none_outside(&stats);
    assert_int_equal(stats.withheld, 0);
}

static void resume_from_suspension_starts_a_new_generation(void **unused)
{
    struct wu_frame_clock clock;

    (void)unused;
    set_up_run(1);
    run.seconds = 5;
    run.interval = 0;
    sim_run(&run, &(struct sim_stats){ 0 });
    run.source = wu_frame_sim_new(&run.options);
    run.poller.reader.source = run.source;

    fake_suspended += 60000000000;
    wu_poller_step(&run.poller);

    assert_true(wu_history_latest(&run.history, &clock));
    assert_int_equal(clock.generation, 2);
    run.source->ops->destroy(run.source);
}

/* --- Single reads ---------------------------------------------------------------------------- */

/* One read in ten is interrupted for up to 200 ms, before or after the counter is latched. */
static void an_interrupted_read_does_not_date_the_current_frame(void **unused)
{
    enum { ASKED = 10000 };
    int off = 0;

    (void)unused;
    set_up_run(70000);
    run.seconds = 0;
    run.interval = 0;
    sim_run(&run, &(struct sim_stats){ 0 });
    run.options.preempted = 0.1;
    run.options.preempted_max = 200000000;
    run.source = wu_frame_sim_new(&run.options);
    run.poller.reader.source = run.source;

    for (int i = 0; i < ASKED; i++) {
        int64_t microframe;
        int64_t time;

        assert_true(wu_poller_current(&run.poller, &microframe, &time));
        const int64_t shown = wu_frame_sim_shown_at(run.source, time);

        off += llabs((int64_t)((uint64_t)(microframe - shown + 0x2000) & 0x3FFF) - 0x2000) > 8;
    }
    assert_true(off <= ASKED / 1000);
    run.source->ops->destroy(run.source);
}

/* --- Numbers --------------------------------------------------------------------------------- */

static void record(struct sim_run *sim, double seconds, const struct wu_tracker_answer *answer)
{
    int64_t **next = sim->context;

    (void)seconds;
    *(*next)++ = answer->microframe;
    *(*next)++ = answer->microframe_time;
    *(*next)++ = answer->error;
}

enum { RECORDED = 3 * 4096 };

/* Both the controller's count and the poller's are shifted, as after centuries. */
static size_t record_run(int64_t shift_ticks, int64_t shift_ns, int64_t *values)
{
    struct sim_stats stats = { 0 };
    int64_t *next = values;

    set_up_run(60000);
    fake_clock = 1000000000 + shift_ns;
    run.options.origin = fake_clock - 30000;
    run.options.first_tick = 1234 + shift_ticks;
    run.count_from = run.options.first_tick;
    run.interval = 0.05;
    run.seconds = 60;
    run.on_answer = record;
    run.context = &next;
    sim_run(&run, &stats);
    assert_none_outside(&stats);
    return (size_t)(next - values);
}

static void far_offsets_change_nothing(void **unused)
{
    static int64_t here[RECORDED];
    static int64_t there[RECORDED];
    const int64_t ticks = INT64_C(1) << 45;
    const int64_t ns = INT64_C(1) << 61;
    const size_t count = record_run(0, 0, here);

    (void)unused;
    assert_true(count > 1000 && count < RECORDED);
    assert_int_equal(record_run(ticks, ns, there), count);

    for (size_t i = 0; i < count; i += 3) {
        assert_int_equal(there[i], here[i] + ticks);
        assert_int_equal(there[i + 1], here[i + 1] + ns);
        assert_int_equal(there[i + 2], here[i + 2]);
    }
    fake_clock = 1000000000;
}

static void head(void)
{
    printf(
        "sim: seed %llu; error rms/max and bound mean/max for frames near now; mean bounds in us\n",
        (unsigned long long)sim_base_seed());
    sim_print(NULL, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mmio_microframes_reach_every_figure),
        cmocka_unit_test(mmio_frames_reach_the_same_bound),
        cmocka_unit_test(slower_reads_widen_the_bound_as_promised),
        cmocka_unit_test(a_clock_of_100_ns_still_gives_a_microsecond),
        cmocka_unit_test(fast_wander_stays_inside),
        cmocka_unit_test(broken_assumption_is_noticed),
        cmocka_unit_test(no_adversarial_answer_leaves_its_bound),
        cmocka_unit_test(lagging_counter_stays_inside_its_bound),
        cmocka_unit_test(unknown_lag_is_learnt),
        cmocka_unit_test(first_bound_stands_within_a_quarter_millisecond),
        cmocka_unit_test(frames_take_three_milliseconds),
        cmocka_unit_test(slow_sources_start_in_milliseconds),
        cmocka_unit_test(every_reset_starts_a_new_generation),
        cmocka_unit_test(every_stop_starts_a_new_generation),
        cmocka_unit_test(every_leap_is_noticed),
        cmocka_unit_test(every_step_of_the_rate_is_noticed),
        cmocka_unit_test(glitches_are_ignored),
        cmocka_unit_test(five_minutes_without_polls_are_survived),
        cmocka_unit_test(resume_from_suspension_starts_a_new_generation),
        cmocka_unit_test(an_interrupted_read_does_not_date_the_current_frame),
        cmocka_unit_test(far_offsets_change_nothing),
    };

    head();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
