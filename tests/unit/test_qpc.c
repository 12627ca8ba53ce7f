/* qpc.c: counts and times, at the rates that machines have and some that they might. */
#include "cmocka_all.h"

#include "host/win32/qpc.h"

static const int64_t SECOND = 1000000000; /* [ns] */

static const int64_t frequencies[] = {
    1193182, 3312500, 3579545, 10000000, 14318180, 24000000, 19200000, 999999999, 1000000000,
};

/* From a second before the origin to fifty years after it. */
static const int64_t times[] = {
    -1000000000,
    -999999999,
    -280,
    -1,
    0,
    1,
    41,
    99,
    100,
    139,
    140,
    279,
    280,
    999999999,
    1000000000,
    1000000001,
    12345678901234,
    1577836800000000000,
};

#define EACH(i, list)                     \
    size_t i = 0;                         \
    i < sizeof(list) / sizeof((list)[0]); \
    i++

static void examples_of_three_rates_are_exact(void **state)
{
    static const struct {
        int64_t frequency, qpc, time;
    } examples[] = {
        { 10000000, 0, 0 },
        { 10000000, 1, 100 },
        { 10000000, -1, -100 },
        { 10000000, 36000000000, 3600000000000 },
        { 24000000, 1, 41 },
        { 24000000, 2, 83 },
        { 24000000, 3, 125 },
        { 24000000, -1, -42 },
        { 24000000, 24000001, 1000000041 },
        { 3579545, 1, 279 },
        { 3579545, 2, 558 },
        { 3579545, 3579545, 1000000000 },
        { 3579545, 3579544, 999999720 },
        { 3579545, -1, -280 },
        { 3579545, 3579545LL * 86400 * 365, 31536000000000000 },
    };

    (void)state;
    for (EACH(i, examples)) {
        assert_int_equal(wu_qpc_to_clock(examples[i].qpc, examples[i].frequency), examples[i].time);
        assert_int_equal(wu_qpc_from_clock(examples[i].time, examples[i].frequency),
                         examples[i].qpc);
    }
}

static void count_of_a_time_is_the_last_that_is_not_after_it(void **state)
{
    (void)state;
    for (EACH(i, frequencies))
        for (EACH(j, times)) {
            const int64_t qpc = wu_qpc_from_clock(times[j], frequencies[i]);

            assert_true(wu_qpc_to_clock(qpc, frequencies[i]) <= times[j]);
            assert_true(wu_qpc_to_clock(qpc + 1, frequencies[i]) > times[j]);
        }
}

static void count_survives_the_way_through_a_time(void **state)
{
    (void)state;
    for (EACH(i, frequencies))
        for (EACH(j, times)) {
            const int64_t qpc = times[j] / 1000;
            const int64_t time = wu_qpc_to_clock(qpc, frequencies[i]);

            assert_int_equal(wu_qpc_from_clock(time, frequencies[i]), qpc);
        }
}

/* Counts beside the second that a time is in, so that their distance can be had in full. */
static void nearest_count_is_off_by_half_a_tick_at_most(void **state)
{
    (void)state;
    for (EACH(i, frequencies))
        for (int64_t time = 0; time < 20 * SECOND / frequencies[i]; time++) {
            const int64_t qpc = wu_qpc_nearest(3 * SECOND + time, frequencies[i]);
            const int64_t off = (qpc - 3 * frequencies[i]) * SECOND - time * frequencies[i];

            assert_true(off <= wu_qpc_half_tick(frequencies[i]) * frequencies[i]);
            assert_true(-off <= wu_qpc_half_tick(frequencies[i]) * frequencies[i]);
        }
}

static void half_a_tick_is_rounded_up(void **state)
{
    (void)state;
    assert_int_equal(wu_qpc_half_tick(10000000), 50);
    assert_int_equal(wu_qpc_half_tick(24000000), 21);
    assert_int_equal(wu_qpc_half_tick(3579545), 140);
    assert_int_equal(wu_qpc_half_tick(1000000000), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(examples_of_three_rates_are_exact),
        cmocka_unit_test(count_of_a_time_is_the_last_that_is_not_after_it),
        cmocka_unit_test(count_survives_the_way_through_a_time),
        cmocka_unit_test(nearest_count_is_off_by_half_a_tick_at_most),
        cmocka_unit_test(half_a_tick_is_rounded_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
