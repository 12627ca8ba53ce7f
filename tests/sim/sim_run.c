#include "sim_run.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/host.h"
#include "host_fake.h"

static const double HORIZON_SECONDS[HORIZONS] = { 0, 1, 60, -10, -100 };
static const double SETTLED = 10;     /* [s] */
static const double WAKE_COST = 5000; /* [ns] */

static uint64_t state = 1;

void sim_seed(uint64_t seed)
{
    state = seed * UINT64_C(0x9E3779B97F4A7C15) + 1;
}

double sim_draw(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (double)(state >> 11) * 0x1p-53;
}

uint64_t sim_base_seed(void)
{
    const char *text = getenv("WINUSB_SIM_SEED");

    return text ? strtoull(text, NULL, 10) : 1;
}

/* Sleeps end 50 to 100 us late, one in 200 up to 5 ms. */
static int64_t usual_oversleep(void)
{
    if (sim_draw() < 0.005)
        return (int64_t)(sim_draw() * 5e6);
    return (int64_t)(50000 + 50000 * sim_draw());
}

static double since(int64_t origin, int64_t time)
{
    return (double)(time - origin) * 1e-9;
}

/* --- Questions ------------------------------------------------------------------------------- */

static void score(struct horizon_stats *stats, struct wu_bounds bounds, int64_t truth, bool settled)
{
    const double half = (double)(bounds.hi - bounds.lo) / 2;
    const double error = fabs((double)(truth - bounds.lo) - half);

    stats->answers++;
    stats->outside += truth < bounds.lo || truth > bounds.hi;
    if (!settled)
        return;
    stats->settled++;
    stats->within_one += half <= 1000;
    stats->bound_sum += half;
    stats->bound_max = fmax(stats->bound_max, half);
    stats->error_square_sum += error * error;
    stats->error_max = fmax(stats->error_max, error);
}

/* The poller's count and the simulation's differ by what the register cannot show. */
static int64_t truth_of(const struct sim_run *run, int64_t tick)
{
    const int64_t unseen = run->options.first_tick >> run->options.bits << run->options.bits;

    return wu_frame_sim_shown_from(run->source, run->count_from != 0 ? tick : tick + unseen);
}

static void ask_about(struct sim_run *run,
                      struct sim_stats *stats,
                      const struct wu_frame_clock *clock,
                      int64_t time,
                      double seconds,
                      enum horizon horizon)
{
    const int64_t step = run->options.tick / WU_MICROFRAME;
    const int64_t at =
        wu_frame_clock_microframe_at(clock, time + (int64_t)(HORIZON_SECONDS[horizon] * 1e9));
    const int64_t microframe = (at / step + 1) * step;

    if (HORIZON_SECONDS[horizon] < 0 && seconds < SETTLED - HORIZON_SECONDS[horizon])
        return;
    score(&stats->horizon[horizon], wu_history_bounds(&run->history, clock, microframe),
          truth_of(run, microframe / step), seconds > SETTLED);
}

static void ask(struct sim_run *run, struct sim_stats *stats, int64_t origin, int64_t time)
{
    const double seconds = since(origin, time);
    struct wu_frame_clock clock;

    if (!wu_history_latest(&run->history, &clock)) {
        stats->withheld++;
        stats->withheld_until = fmax(stats->withheld_until, seconds);
        return;
    }
    for (int horizon = 0; horizon < HORIZONS; horizon++)
        ask_about(run, stats, &clock, time, seconds, (enum horizon)horizon);
    if (run->on_answer) {
        const struct wu_tracker_answer answer =
            wu_history_answer(&run->history, &clock, time, NULL);

        run->on_answer(run, seconds, &answer);
    }
}

/* --- Running --------------------------------------------------------------------------------- */

static void note_first(struct sim_run *run, struct sim_stats *stats, int64_t origin)
{
    struct wu_frame_clock clock;

    if (stats->first_good == 0 && wu_history_latest(&run->history, &clock) &&
        wu_frame_clock_half_width(&clock, fake_clock) <= run->goal)
        stats->first_good = since(origin, fake_clock) * 1e3;
}

static void note_cost(struct sim_run *run, struct sim_stats *stats, uint64_t reads, int64_t spent)
{
    stats->reads += run->poller.reader.reads - reads;
    stats->busy += (double)(run->poller.spent - spent) + WAKE_COST;
    stats->steps++;
}

static double due_of(const struct sim_run *run, double seconds, double due)
{
    if (run->pause > 0 && seconds < run->pause_at && due >= run->pause_at)
        return run->pause_at + run->pause;
    return due;
}

void sim_run(struct sim_run *run, struct sim_stats *stats)
{
    run->options.spend = fake_spend;
    if (run->options.origin == 0) /* the first step comes at any moment of the first tick */
        run->options.origin = fake_clock - (int64_t)(sim_draw() * (double)run->options.tick);
    fake_oversleep = run->steady_sleep ? NULL : usual_oversleep;
    memset(&run->poller, 0, sizeof(run->poller));
    memset(&run->history, 0, sizeof(run->history));
    run->source = wu_frame_sim_new(&run->options);
    run->source->late = run->late;
    if (run->count_from != 0) {
        run->poller.reader.tick = run->options.tick;
        run->poller.reader.last_tick = run->count_from;
        run->poller.reader.last_time = fake_clock;
    }
    wu_poller_start(&run->poller, run->source, &run->history);
    stats->first_good = 0;

    const int64_t origin = fake_clock;
    int64_t question = origin;

    while (since(origin, fake_clock) < run->seconds) {
        const bool counts = since(origin, fake_clock) > SETTLED;
        const uint64_t reads = run->poller.reader.reads;
        const int64_t spent = run->poller.spent;
        const int64_t planned = wu_poller_step(&run->poller);
        const int64_t due =
            origin +
            (int64_t)(due_of(run, since(origin, fake_clock), since(origin, planned)) * 1e9);

        note_first(run, stats, origin);
        if (counts)
            note_cost(run, stats, reads, spent);
        if (run->interval > 0 && question < fake_clock)
            question = fake_clock;
        for (; run->interval > 0 && question < due;
             question += (int64_t)(2 * run->interval * 1e9 * sim_draw()) + 1)
            ask(run, stats, origin, question);
        if (due > fake_clock)
            wu_host_sleep_until(due);
    }

    stats->seconds += fmax(run->seconds - SETTLED, 0);
    stats->generations = run->poller.estimator.clock.generation;
    run->source->ops->destroy(run->source);
}

/* --- Table ----------------------------------------------------------------------------------- */

static double mean(const struct horizon_stats *stats)
{
    return stats->bound_sum / fmax((double)stats->settled, 1) / 1e3;
}

void sim_print(const char *name, const struct sim_stats *stats)
{
    const struct horizon_stats *h;
    uint64_t answers = 0;
    uint64_t outside = 0;

    if (!name) {
        printf("sim: %-34s %11s %11s %9s %9s %9s %9s %8s %7s %7s %7s\n", "scenario", "error us",
               "bound us", "+1 s", "+60 s", "-10 s", "-100 s", "answers", "outside", "reads/s",
               "CPU %");
        return;
    }
    for (int i = 0; i < HORIZONS; i++) {
        answers += stats->horizon[i].answers;
        outside += stats->horizon[i].outside;
    }
    h = stats->horizon;
    printf("sim: %-34s %5.2f/%5.2f %5.2f/%5.2f %9.2f %9.1f %9.2f %9.2f %8llu %7llu %7.1f %7.4f\n",
           name, sqrt(h[NOW].error_square_sum / fmax((double)h[NOW].settled, 1)) / 1e3,
           h[NOW].error_max / 1e3, mean(&h[NOW]), h[NOW].bound_max / 1e3, mean(&h[AHEAD_1]),
           mean(&h[AHEAD_60]), mean(&h[PAST_10]), mean(&h[PAST_100]), (unsigned long long)answers,
           (unsigned long long)outside, (double)stats->reads / fmax(stats->seconds, 1),
           stats->busy / fmax(stats->seconds, 1) / 1e7);
}
