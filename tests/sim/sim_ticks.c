/*
 * What programs are told in ticks of QueryPerformanceCounter, against simulated controllers and
 * clocks whose truth is known: the frame's bound and that of the conversion together, in virtual
 * time. WINUSB_SIM_SEED replays another draw.
 */
#include "cmocka_all.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host_fake.h"
#include "sim_run.h"
#include "track/ticks.h"

enum { TICK = 100 /* [ns] */, PIECES = 8192 };

#define SECOND INT64_C(1000000000) /* [ns] */

/* --- The counter's course ------------------------------------------------------------------------
 */

/* From some time of our clock on the counter has this rate. */
struct piece {
    int64_t since; /* [ns] */
    int64_t reads; /* [ns] the counter then */
    int64_t rate;  /* [ppb] by which it is faster */
    int64_t slept; /* [ns] in all */
};

static struct piece course[PIECES];
static int pieces;

static void add_piece(int64_t since, int64_t rate, int64_t step)
{
    const struct piece *last = &course[pieces - 1];
    const int64_t spent = since - last->since;

    assert_true(pieces < PIECES);
    course[pieces++] = (struct piece){
        .since = since,
        .reads = last->reads + spent + spent / 1000 * last->rate / 1000000 + step,
        .rate = rate,
        .slept = last->slept + step,
    };
}

static const struct piece *piece_at(int64_t time)
{
    int from = 0;
    int to = pieces;

    while (to - from > 1) {
        const int middle = (from + to) / 2;

        if (course[middle].since <= time)
            from = middle;
        else
            to = middle;
    }
    return &course[from];
}

static double reads_at(int64_t time)
{
    const struct piece *piece = piece_at(time);
    const int64_t spent = time - piece->since;

    return (double)(piece->reads + spent) + (double)spent * (double)piece->rate * 1e-9;
}

static int64_t qpc_of_course(int64_t time)
{
    return (int64_t)floor(reads_at(time) / TICK);
}

static int64_t qpc_of_our_clock(int64_t time)
{
    return time / TICK;
}

/* Both are the course's; who asks for the other one gets its own time besides. */
static int64_t other_clock(enum wu_host_clock clock, int64_t time)
{
    (void)clock;
    return (int64_t)floor(reads_at(time));
}

/* --- One run -------------------------------------------------------------------------------------
 */

static const double HORIZON[] = { 0, 0.01, 1, 60, -0.1, -10 }; /* [s] */

enum { ASKED = sizeof(HORIZON) / sizeof(HORIZON[0]) };

struct run {
    const char *name;
    double seconds;
    double interval; /* [s] mean distance of questions */

    /* What came of it. */
    uint64_t answers[ASKED];
    uint64_t outside[ASKED];
    int64_t settled; /* [ns] from when on the following count */
    uint64_t counted[ASKED];
    double bound_sum[ASKED]; /* [ns] */
    double bound_max[ASKED];
    double error_max[ASKED];
    uint64_t withheld;
    uint64_t unsupported;
    uint32_t generation;
    uint64_t reads;
};

static struct wu_frame_source *source;
static struct wu_poller poller;
static struct wu_history history;

static void score(struct run *run, int horizon, double error, double bound)
{
    run->answers[horizon]++;
    run->outside[horizon] += error > bound;
    if (fake_clock < run->settled)
        return;
    run->counted[horizon]++;
    run->bound_sum[horizon] += bound;
    run->bound_max[horizon] = fmax(run->bound_max[horizon], bound);
    run->error_max[horizon] = fmax(run->error_max[horizon], error);
}

/* A step ends what is known of the times before it, and nobody can know of those to come. */
static bool is_stepped_between(int64_t a, int64_t b)
{
    return piece_at(a)->slept != piece_at(b)->slept;
}

static void ask_about(struct run *run,
                      const struct wu_frame_clock *clock,
                      const struct wu_ticks *ticks,
                      int64_t now,
                      int horizon)
{
    const int64_t microframe =
        wu_frame_clock_microframe_at(clock, now + (int64_t)(HORIZON[horizon] * 1e9));
    const struct wu_bounds bounds = wu_history_bounds(&history, clock, microframe);
    const struct wu_tick_time told = wu_ticks_at(ticks, wu_bounds_middle(bounds));
    const int64_t when = wu_frame_sim_shown_from(source, microframe);
    const double truth = fake_qpc == qpc_of_course ? reads_at(when) : (double)when;
    const double half_tick = TICK / 2;

    if (when < course[0].since || is_stepped_between(when, now))
        return;
    score(run, horizon, fabs((double)told.ticks * TICK - truth),
          (double)(bounds.hi - bounds.lo + 1) / 2 + (double)told.error + half_tick + 1);
}

static void ask(struct run *run)
{
    struct wu_frame_clock clock;
    struct wu_ticks ticks;
    DWORD error = wu_ticks_begin(&ticks);

    if (error == ERROR_NOT_SUPPORTED) {
        run->unsupported++;
        return;
    }
    if (!wu_history_latest(&history, &clock)) {
        run->withheld++;
        return;
    }
    const int64_t now = wu_host_clock_now();

    error = wu_ticks_end(&ticks);
    if (error != ERROR_SUCCESS || wu_host_clock_suspended() - clock.suspended > WU_SLEPT) {
        run->withheld++;
        return;
    }
    for (int i = 0; i < ASKED; i++)
        ask_about(run, &clock, &ticks, now, i);
    run->generation = ticks.generation;
}

/* The machine's sleeps come with the pieces of the course. */
static void sleep_by_course(void)
{
    fake_suspended = piece_at(fake_clock)->slept;
}

static void print(const struct run *run)
{
    printf("sim: %-34s", run->name);
    for (int i = 0; i < ASKED; i++)
        printf(" %8.2f/%9.2f", run->error_max[i] / 1e3, run->bound_max[i] / 1e3);
    printf(" mean now %.2f us, %.1f reads/s\n",
           run->bound_sum[0] / fmax((double)run->counted[0], 1) / 1e3,
           (double)run->reads / run->seconds);
}

static void follow(struct run *run)
{
    struct wu_sim_options options = wu_sim_defaults();
    const int64_t end = fake_clock + (int64_t)(run->seconds * 1e9);
    int64_t question = fake_clock;

    run->settled = fake_clock + 20 * SECOND;

    options.seed = sim_base_seed();
    options.spend = fake_spend;
    options.origin = fake_clock - 30000;
    options.preempted = 0.0002;
    memset(&poller, 0, sizeof(poller));
    memset(&history, 0, sizeof(history));
    source = wu_frame_sim_new(&options);
    assert_non_null(source);
    fake_before_clock = sleep_by_course;
    wu_ticks_keep();
    wu_poller_start(&poller, source, &history);
    while (fake_clock < end) {
        wu_ticks_keep();
        poller.spread = wu_ticks_spread();
        const int64_t due = wu_poller_step(&poller);

        for (; question < due; question += (int64_t)(2 * run->interval * 1e9 * sim_draw()) + 1) {
            if (question > fake_clock)
                fake_clock = question;
            ask(run);
        }
        if (due > fake_clock)
            wu_host_sleep_until(due + (int64_t)(sim_draw() * 1e5));
    }
    run->reads = poller.reader.reads;
    fake_before_clock = NULL;
    source->ops->destroy(source);
    print(run);
}

static void assert_honest(const struct run *run)
{
    for (int i = 0; i < ASKED; i++) {
        assert_true(run->answers[i] > 0);
        assert_int_equal(run->outside[i], 0);
    }
}

/* A course that begins a second ago, for one that is drawn. */
static void begin_course(uint64_t number, int64_t offset)
{
    sim_seed(sim_base_seed() * 1000 + number);
    fake_suspended = 0;
    fake_spend(100 * SECOND);
    course[0] = (struct piece){ fake_clock - SECOND, fake_clock + offset, 0, 0 };
    pieces = 1;
    fake_qpc = qpc_of_course;
    fake_other_clock = other_clock;
}

/* A new rate of up to `most` [ppm] after `mean` [s] on the average, sometimes at once. */
static void slew_now_and_then(double seconds, double mean, double most)
{
    const int64_t end = fake_clock + (int64_t)(seconds * 1e9);
    int64_t time = course[pieces - 1].since;

    while (time < end) {
        const double side = sim_draw();
        const double ppm = side < 0.25 ? most : side < 0.5 ? -most : most * (2 * sim_draw() - 1);

        time += (int64_t)(-log(1 - sim_draw()) * mean * 1e9) + 1;
        add_piece(time, (int64_t)(ppm * 1000), 0);
    }
}

/* --- Clocks --------------------------------------------------------------------------------------
 */

static void our_own_clock_widens_nothing(void **state)
{
    struct run run = { .name = "our clock", .seconds = 118, .interval = 0.05 };

    (void)state;
    begin_course(1, 500 * SECOND);
    fake_qpc = qpc_of_our_clock;
    follow(&run);

    assert_honest(&run);
    assert_true(run.bound_max[0] <= 1002);
}

/* As in a machine that has just begun: all clocks are the same, until NTP slews them. Of times to
 * come nobody knows then. */
static void the_first_slew_of_all_is_noticed_at_once(void **state)
{
    struct run run = { .name = "alike, then 500 ppm", .seconds = 60, .interval = 0.002 };

    (void)state;
    begin_course(4, 0);
    course[0].reads = course[0].since;
    fake_qpc = qpc_of_our_clock; /* as it was before, in another process */
    wu_ticks_keep();
    fake_qpc = qpc_of_course;
    add_piece(fake_clock + 30 * SECOND, 500000, 0);
    follow(&run);

    assert_int_equal(run.outside[0], 0);
    assert_int_equal(run.outside[4], 0);
    assert_int_equal(run.outside[5], 0);
    assert_int_equal(run.generation, 1);
}

/* As NTP does where a machine has been up for long: always a little. */
static void a_steady_clock_is_as_good_in_whole_microseconds(void **state)
{
    struct run run = { .name = "50 ppm, steady", .seconds = 118, .interval = 0.05 };

    (void)state;
    begin_course(2, 500 * SECOND);
    add_piece(fake_clock, 50000, 0);
    follow(&run);

    assert_honest(&run);
    assert_true(run.bound_sum[0] / (double)run.counted[0] <= 1002);
    assert_true(run.error_max[2] <= 5000);
}

static void slews_of_500_ppm_stay_inside(void **state)
{
    struct run run = { .name = "500 ppm, each 5 s", .seconds = 300, .interval = 0.03 };

    (void)state;
    begin_course(3, 500 * SECOND);
    slew_now_and_then(400, 5, 500);
    follow(&run);

    assert_honest(&run);
}

static void all_that_the_limit_allows_stays_inside(void **state)
{
    static const double means[] = { 30, 1, 0.1 };

    (void)state;
    for (int i = 0; i < 3; i++) {
        char name[32];
        struct run run = { .name = name, .seconds = 200, .interval = 0.02 };

        snprintf(name, sizeof(name), "1000 ppm, each %g s", means[i]);
        begin_course(10 + (uint64_t)i, 500 * SECOND);
        slew_now_and_then(300, means[i], 999);
        follow(&run);

        assert_honest(&run);
    }
}

/* Who asks seldom has a past that is less close, and no less true. */
static void who_asks_seldom_is_told_no_lies(void **state)
{
    struct run run = { .name = "1000 ppm, asked each 5 s", .seconds = 3000, .interval = 5 };

    (void)state;
    begin_course(20, 500 * SECOND);
    slew_now_and_then(3100, 2, 999);
    follow(&run);

    assert_honest(&run);
}

static void sleeps_are_new_generations(void **state)
{
    struct run run = { .name = "BOOTTIME, asleep now and then", .seconds = 240, .interval = 0.02 };
    uint32_t before;
    int sleeps = 0;

    (void)state;
    begin_course(30, 500 * SECOND);
    slew_now_and_then(20, 5, 500);
    while (course[pieces - 1].since < fake_clock + 200 * SECOND) {
        const int64_t since = course[pieces - 1].since + (int64_t)(sim_draw() * 20e9) + 1;

        add_piece(since, (int64_t)(1e6 * sim_draw()) - 500000,
                  SECOND + (int64_t)(sim_draw() * 3600e9));
        sleeps++;
    }
    slew_now_and_then(400, 5, 500);
    fake_clock += SECOND;
    wu_ticks_keep();
    struct wu_ticks ticks;
    assert_int_equal(wu_ticks_begin(&ticks), ERROR_SUCCESS);
    before = ticks.generation;
    follow(&run);

    assert_honest(&run);
    assert_int_equal(run.generation, before + (uint32_t)sleeps);
    assert_true(run.withheld >= (uint64_t)sleeps);
}

/* timesyncd and chronyd catch up with up to a tenth of a second in a second. Until that is seen,
 * nobody knows; from then on all is inside. */
static void a_fast_slew_is_wrong_for_no_longer_than_it_is_unseen(void **state)
{
    struct run run = { .name = "5 %, halved each second", .seconds = 60, .interval = 0.02 };
    uint64_t outside = 0;

    (void)state;
    begin_course(40, 500 * SECOND);
    for (int i = 0; i < 16; i++)
        add_piece(fake_clock + (20 + i) * SECOND, (50000000 >> i) + 1000, 0);
    follow(&run);

    outside = run.outside[0];
    printf("sim: of %llu answers about now %llu outside\n", (unsigned long long)run.answers[0],
           (unsigned long long)outside);
    assert_true(outside <= 3);
    assert_int_equal(run.outside[4], 0);
    assert_int_equal(run.outside[5], 0);
}

static int64_t qpc_of_nobody(int64_t time)
{
    return time / 101 + 5000;
}

static void a_counter_of_nobodys_is_not_answered_for(void **state)
{
    struct run run = { .name = "unknown", .seconds = 10, .interval = 0.05 };

    (void)state;
    begin_course(50, 500 * SECOND);
    fake_qpc = qpc_of_nobody;
    follow(&run);

    assert_int_equal(run.answers[0], 0);
    assert_true(run.unsupported > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(our_own_clock_widens_nothing),
        cmocka_unit_test(the_first_slew_of_all_is_noticed_at_once),
        cmocka_unit_test(a_steady_clock_is_as_good_in_whole_microseconds),
        cmocka_unit_test(slews_of_500_ppm_stay_inside),
        cmocka_unit_test(all_that_the_limit_allows_stays_inside),
        cmocka_unit_test(who_asks_seldom_is_told_no_lies),
        cmocka_unit_test(sleeps_are_new_generations),
        cmocka_unit_test(a_fast_slew_is_wrong_for_no_longer_than_it_is_unseen),
        cmocka_unit_test(a_counter_of_nobodys_is_not_answered_for),
    };

    printf(
        "sim: seed %llu; greatest error/bound in us of now, +10 ms, +1 s, +60 s, -0.1 s, -10 s\n",
        (unsigned long long)sim_base_seed());
    return cmocka_run_group_tests(tests, NULL, NULL);
}
