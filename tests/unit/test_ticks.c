/*
 * track/ticks.c: QueryPerformanceCounter found out and converted to, in virtual time. The state is
 * that of the process, so each test goes on from where the one before has left the clocks.
 */
#include "cmocka_all.h"

#include <stdlib.h>

#include "host_fake.h"
#include "track/ticks.h"

#define MILLISECOND INT64_C(1000000) /* [ns] */
#define SECOND (1000 * MILLISECOND)

/* --- Linux's clocks, as they would be ------------------------------------------------------------
 */

static int64_t base;     /* [ns] of our clock, when the others were last changed */
static int64_t at_base;  /* [ns] CLOCK_MONOTONIC then */
static int64_t rate;     /* [ppm] by which it is faster since */
static int64_t slept;    /* [ns] CLOCK_BOOTTIME is ahead of it */
static int64_t stranger; /* [ns] a clock of nobody's is ahead of ours */

static int64_t monotonic(int64_t time)
{
    return at_base + (time - base) + (time - base) / 1000 * rate / 1000;
}

static int64_t other_clock(enum wu_host_clock clock, int64_t time)
{
    return monotonic(time) + (clock == WU_CLOCK_BOOTTIME ? slept : 0);
}

static int64_t qpc_own(int64_t time)
{
    return time / 100;
}

static int64_t qpc_monotonic(int64_t time)
{
    return monotonic(time) / 100;
}

static int64_t qpc_boottime(int64_t time)
{
    return (monotonic(time) + slept) / 100;
}

static int64_t qpc_strange(int64_t time)
{
    return (time + stranger) / 100;
}

static void slew(int64_t ppm)
{
    at_base = monotonic(fake_clock);
    base = fake_clock;
    rate = ppm;
}

static void be(int64_t (*qpc)(int64_t time))
{
    fake_qpc = qpc;
    wu_ticks_keep();
}

/* Each test finds the clocks stepped, by no little. */
static int set_up(void **state)
{
    static int64_t steps;

    (void)state;
    fake_before_clock = NULL;
    fake_clock_cost = 25;
    fake_other_clock = other_clock;
    fake_spend(SECOND);
    base = fake_clock;
    at_base = fake_clock + ++steps * 10000 * SECOND;
    rate = 0;
    slept = 1000 * SECOND;
    stranger = 5 * SECOND;
    return 0;
}

/* --- What is asked -------------------------------------------------------------------------------
 */

static struct wu_ticks ask(void)
{
    struct wu_ticks ticks;

    assert_int_equal(wu_ticks_begin(&ticks), ERROR_SUCCESS);
    assert_int_equal(wu_ticks_end(&ticks), ERROR_SUCCESS);
    return ticks;
}

/* Against the counter that goes on as it does now. @return its error */
static int64_t assert_true_at(const struct wu_ticks *ticks, int64_t time)
{
    const struct wu_tick_time told = wu_ticks_at(ticks, time);
    const int64_t truth = monotonic(time) + (fake_qpc == qpc_boottime ? slept : 0);

    assert_true(llabs(told.ticks * 100 - truth) <= told.error + 51);
    assert_true(wu_ticks_not_after(ticks, time) * 100 <= truth);
    return told.error;
}

/* --- Which clock it is ---------------------------------------------------------------------------
 */

static void our_clock_is_exact(void **state)
{
    struct wu_ticks ticks;

    (void)state;
    be(qpc_own);
    ticks = ask();

    for (int64_t time = fake_clock - 250; time < fake_clock + 250; time++) {
        assert_int_equal(wu_ticks_at(&ticks, time).ticks, wu_host_qpc_nearest(time));
        assert_int_equal(wu_ticks_at(&ticks, time).error, 0);
        assert_int_equal(wu_ticks_not_after(&ticks, time), wu_host_qpc_from_clock(time));
    }
    assert_int_equal(wu_ticks_spread(), 0);
}

static void our_clock_costs_no_reading(void **state)
{
    int64_t before;

    (void)state;
    be(qpc_own);
    before = fake_clock;
    ask();

    assert_int_equal(fake_clock, before);
}

static void a_slewed_clock_is_converted_to(void **state)
{
    struct wu_ticks ticks;

    (void)state;
    for (int ppm = -900; ppm <= 900; ppm += 300) {
        slew(ppm);
        be(qpc_monotonic);
        fake_spend(SECOND);
        wu_ticks_keep();
        ticks = ask();

        assert_true(assert_true_at(&ticks, fake_clock) <= 150);
        assert_true(assert_true_at(&ticks, fake_clock - 125000) <= 300);
        assert_true(assert_true_at(&ticks, fake_clock - 500 * MILLISECOND) <= MILLISECOND);
        assert_true(assert_true_at(&ticks, fake_clock + SECOND) <= 2 * MILLISECOND);
    }
}

static void the_clock_that_counts_sleep_is_converted_to(void **state)
{
    struct wu_ticks ticks;

    (void)state;
    be(qpc_boottime);
    ticks = ask();

    assert_true(assert_true_at(&ticks, fake_clock) <= 150);
}

/* Just after the start of a machine, CLOCK_MONOTONIC is what our clock is. */
static void two_clocks_that_are_alike_are_told_apart_once_one_is_slewed(void **state)
{
    struct wu_ticks ticks;
    uint32_t before;
    int asked = 0;

    (void)state;
    be(qpc_own);
    at_base = base;
    be(qpc_monotonic);
    ticks = ask();
    before = ticks.generation;
    assert_int_equal(assert_true_at(&ticks, fake_clock), 0);

    slew(500);
    while (wu_ticks_begin(&ticks) == ERROR_SUCCESS && ticks.same &&
           wu_ticks_end(&ticks) == ERROR_SUCCESS) {
        assert_true(llabs(wu_ticks_at(&ticks, fake_clock).ticks * 100 - monotonic(fake_clock)) <=
                    50 + 100 + 50);
        fake_spend(20000);
        assert_true(asked++ < 100);
    }
    ticks = ask();
    assert_false(ticks.same);
    assert_int_equal(ticks.generation, before + 1);
    assert_true_at(&ticks, fake_clock);
}

static void clocks_that_cross_are_still_two(void **state)
{
    struct wu_ticks ticks;

    (void)state;
    be(qpc_monotonic);
    at_base = base;
    wu_ticks_keep();
    ticks = ask();

    assert_false(ticks.same);
}

/* Whoever asks all the time compares them now and then. */
static void clocks_that_are_alike_cost_little(void **state)
{
    enum { ASKED = 8000 };
    int64_t before;

    (void)state;
    be(qpc_own);
    at_base = base;
    wu_ticks_keep();
    assert_true(ask().alike);
    before = fake_clock;
    for (int i = 0; i < ASKED; i++)
        ask();

    assert_true(fake_clock - before <= ASKED * 25 * 101 / 100);
}

static void ours_is_known_as_soon_as_they_differ(void **state)
{
    uint32_t before;

    (void)state;
    at_base = base;
    at_base += 1000;
    be(qpc_own);
    at_base = base;
    wu_ticks_keep();
    before = ask().generation;
    assert_true(ask().alike);
    at_base += 1000;
    wu_ticks_keep();

    assert_true(ask().same && !ask().alike);
    assert_int_equal(ask().generation, before);
}

static void a_strange_counter_has_no_answers(void **state)
{
    struct wu_ticks ticks;

    (void)state;
    be(qpc_strange);
    assert_int_equal(wu_ticks_begin(&ticks), ERROR_NOT_SUPPORTED);
    assert_int_equal(wu_ticks_spread(), 0);
}

/* Wine's way to the clock may be another than ours; by so little, no other clock is meant. */
static void a_counter_that_is_nearly_one_is_converted_to(void **state)
{
    struct wu_ticks ticks;

    (void)state;
    for (int sign = -1; sign <= 1; sign += 2) {
        stranger = sign * 90000;
        be(qpc_strange);
        ticks = ask();
        assert_false(ticks.same);
        assert_true(llabs(wu_ticks_at(&ticks, fake_clock).ticks - qpc_strange(fake_clock)) <= 2);

        stranger = sign * 110000;
        wu_ticks_keep();
        assert_int_equal(wu_ticks_begin(&ticks), ERROR_NOT_SUPPORTED);
    }
}

static void each_change_of_the_clock_is_a_new_generation(void **state)
{
    struct wu_ticks ticks;
    uint32_t last;

    (void)state;
    be(qpc_own);
    last = ask().generation;
    be(qpc_boottime);
    assert_int_equal(ask().generation, ++last);
    be(qpc_strange);
    assert_int_equal(wu_ticks_begin(&ticks), ERROR_NOT_SUPPORTED);
    be(qpc_own);
    assert_int_equal(ask().generation, ++last);
}

/* --- Steps ---------------------------------------------------------------------------------------
 */

static void a_sleep_is_noticed_by_whoever_keeps(void **state)
{
    struct wu_ticks ticks;
    uint32_t before;

    (void)state;
    be(qpc_boottime);
    before = ask().generation;
    slept += 3600 * SECOND;
    wu_ticks_keep();
    ticks = ask();

    assert_int_equal(ticks.generation, before + 1);
    assert_true(assert_true_at(&ticks, fake_clock) <= 150);
}

/* The first query that comes after it has no answer, and the next one has. */
static void a_sleep_is_noticed_by_whoever_asks(void **state)
{
    struct wu_ticks ticks;
    uint32_t before;

    (void)state;
    be(qpc_boottime);
    before = ask().generation;
    fake_spend(100 * MILLISECOND);
    slept += 3600 * SECOND;
    assert_int_equal(wu_ticks_begin(&ticks), ERROR_SUCCESS);
    assert_int_equal(wu_ticks_end(&ticks), ERROR_NOT_READY);
    ticks = ask();

    assert_int_equal(ticks.generation, before + 1);
    assert_true(assert_true_at(&ticks, fake_clock) <= 150);
    assert_true(assert_true_at(&ticks, fake_clock + SECOND) <= 1001 * MILLISECOND / 1000);
}

static int readings_left; /* of the clock, until the machine sleeps */

static void sleep_before_that_reading(void)
{
    if (readings_left-- == 0)
        slept += 3600 * SECOND;
}

/* Wherever it comes between the answer's time and the end of its conversion. */
static void a_sleep_while_somebody_asks_leaves_no_wrong_answer(void **state)
{
    enum { READINGS = 16 };
    int refused = 0;

    (void)state;
    for (int reading = 0; reading < READINGS; reading++) {
        struct wu_ticks ticks;
        int64_t time, truth;

        be(qpc_boottime);
        ask();
        assert_int_equal(wu_ticks_begin(&ticks), ERROR_SUCCESS);
        time = fake_clock;
        truth = qpc_boottime(time);
        readings_left = reading;
        fake_before_clock = sleep_before_that_reading;
        const DWORD error = wu_ticks_end(&ticks);
        fake_before_clock = NULL;

        if (error == ERROR_SUCCESS)
            assert_true(llabs(wu_ticks_at(&ticks, time).ticks - truth) <= 3);
        refused += error != ERROR_SUCCESS;
    }
    assert_true(refused >= 2);
}

/* Somebody else has noticed it already, and the answer is from before. */
static void a_sleep_that_is_known_is_not_that_of_an_older_answer(void **state)
{
    struct wu_ticks ticks;

    (void)state;
    be(qpc_boottime);
    assert_int_equal(wu_ticks_begin(&ticks), ERROR_SUCCESS);
    slept += 3600 * SECOND;
    wu_ticks_keep();

    assert_int_equal(wu_ticks_end(&ticks), ERROR_NOT_READY);
}

static void a_slew_beyond_the_limit_raises_it_for_a_while(void **state)
{
    struct wu_ticks ticks;
    uint32_t before;
    int minutes = 0;

    (void)state;
    be(qpc_monotonic);
    before = ask().generation;
    slew(50000);
    fake_spend(100 * MILLISECOND);
    assert_int_equal(wu_ticks_begin(&ticks), ERROR_SUCCESS);
    assert_int_equal(wu_ticks_end(&ticks), ERROR_NOT_READY);
    ticks = ask();
    assert_int_equal(ticks.generation, before + 1);
    assert_in_range(wu_ticks_spread(), 12000, 13000);
    assert_true_at(&ticks, fake_clock - 100 * MILLISECOND);

    slew(0);
    for (; wu_ticks_spread() > 300 && minutes < 100; minutes++) {
        fake_spend(61 * SECOND);
        ask();
    }
    assert_in_range(minutes, 5, 10);
    ticks = ask();
    assert_int_equal(ticks.generation, before + 1);
    assert_true_at(&ticks, fake_clock - 30 * SECOND);
}

/* --- The past ------------------------------------------------------------------------------------
 */

/* Who asks every 50 ms has a past as close, for as far as the ring goes. */
static void the_past_is_known_by_those_who_asked_then(void **state)
{
    enum { ASKED = 400, DISTANCE = 50 };
    static int64_t times[ASKED], truths[ASKED];
    struct wu_ticks ticks;

    (void)state;
    be(qpc_monotonic);
    for (int i = 0; i < ASKED; i++) {
        slew(i % 3 * 900 - 900);
        times[i] = fake_clock + DISTANCE * MILLISECOND / 2;
        truths[i] = monotonic(times[i]);
        fake_spend(DISTANCE * MILLISECOND);
        ask();
    }
    ticks = ask();
    for (int i = 0; i < ASKED; i++) {
        const struct wu_tick_time told = wu_ticks_at(&ticks, times[i]);

        assert_true(llabs(told.ticks * 100 - truths[i]) <= told.error + 51);
        if (i >= ASKED - 250)
            assert_true(told.error <= 25200);
    }
}

/* Before its first instant a generation knows nothing of those before it. */
static void a_generation_has_no_past_of_another(void **state)
{
    struct wu_ticks ticks;

    (void)state;
    be(qpc_boottime);
    ask();
    fake_spend(100 * MILLISECOND);
    slept += 3600 * SECOND;
    wu_ticks_keep();
    ticks = ask();

    assert_true_at(&ticks, fake_clock - 50 * MILLISECOND); /* as if it had been so then */
}

/* A ring that is written anew while an answer is converted has nothing wrong for it. */
static void an_answer_outlasts_the_ring(void **state)
{
    struct wu_ticks ticks;
    int64_t then;

    (void)state;
    be(qpc_monotonic);
    slew(700);
    for (int i = 0; i < 20; i++) {
        fake_spend(60 * MILLISECOND);
        wu_ticks_keep();
    }
    then = fake_clock - 500 * MILLISECOND;
    ticks = ask();
    for (int i = 0; i < 600; i++) {
        assert_true_at(&ticks, then);
        fake_spend(60 * MILLISECOND);
        wu_ticks_keep();
    }
}

#define ticks_test(test) cmocka_unit_test_setup(test, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ticks_test(our_clock_is_exact),
        ticks_test(our_clock_costs_no_reading),
        ticks_test(a_slewed_clock_is_converted_to),
        ticks_test(the_clock_that_counts_sleep_is_converted_to),
        ticks_test(two_clocks_that_are_alike_are_told_apart_once_one_is_slewed),
        ticks_test(clocks_that_cross_are_still_two),
        ticks_test(clocks_that_are_alike_cost_little),
        ticks_test(ours_is_known_as_soon_as_they_differ),
        ticks_test(a_strange_counter_has_no_answers),
        ticks_test(a_counter_that_is_nearly_one_is_converted_to),
        ticks_test(each_change_of_the_clock_is_a_new_generation),
        ticks_test(a_sleep_is_noticed_by_whoever_keeps),
        ticks_test(a_sleep_is_noticed_by_whoever_asks),
        ticks_test(a_sleep_while_somebody_asks_leaves_no_wrong_answer),
        ticks_test(a_sleep_that_is_known_is_not_that_of_an_older_answer),
        ticks_test(a_slew_beyond_the_limit_raises_it_for_a_while),
        ticks_test(the_past_is_known_by_those_who_asked_then),
        ticks_test(a_generation_has_no_past_of_another),
        ticks_test(an_answer_outlasts_the_ring),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
