/* wu_estimator: which reads are believed, and that its bounds are those of the facts it keeps. */
#include "cmocka_all.h"

#include <math.h>

#include "clock/estimator.h"

static const struct wu_counter XHCI = { .bits = 14, .step = 1, .clock_error = 0 };
static const int64_t START = 1000000000; /* [ns] when microframe 100 begins */

static struct wu_estimator estimator;
static uint64_t state;

static double draw(double low, double high)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return low + (high - low) * (double)(state >> 11) * 0x1p-53;
}

/* A counter that runs `rate` slow, read in a bracket around `time`. */
static struct wu_read read_at(int64_t time, int64_t before, int64_t after, double rate)
{
    const double ticks = (double)(time - START) / (125000 * (1 + rate));

    return (struct wu_read){ time - before, time + after,
                             (uint32_t)(100 + (int64_t)floor(ticks)) & 0x3FFF };
}

static int start(void **unused)
{
    const struct wu_read before = { START - 900, START - 100, 99 };
    const struct wu_read after = { START - 50, START + 700, 100 };

    (void)unused;
    state = 7;
    wu_estimator_init(&estimator, &XHCI, 0);
    assert_true(wu_estimator_start(&estimator, &before, &after, 100, 0));
    return 0;
}

static void first_bound_is_the_edge(void **unused)
{
    (void)unused;

    const struct wu_bounds bounds = wu_frame_clock_bounds(&estimator.clock, 100);

    assert_int_equal(estimator.clock.generation, 1);
    assert_in_range(bounds.lo, START - 900 - 2, START - 900);
    assert_in_range(bounds.hi, START + 700, START + 700 + 2);
}

static void clock_error_widens_the_facts(void **unused)
{
    const struct wu_read before = { START - 900, START - 100, 99 };
    const struct wu_read after = { START - 50, START + 700, 100 };
    struct wu_counter counter = XHCI;

    (void)unused;
    counter.clock_error = 100;
    wu_estimator_init(&estimator, &counter, 4);

    assert_true(wu_estimator_start(&estimator, &before, &after, 100, 0));

    assert_int_equal(estimator.clock.generation, 5);
    assert_true(wu_frame_clock_bounds(&estimator.clock, 100).lo <= START - 1000);
    assert_true(wu_frame_clock_bounds(&estimator.clock, 100).hi >= START + 800);
}

static void impossible_edge_starts_nothing(void **unused)
{
    const struct wu_read before = { START - 900, START - 100, 99 };
    const struct wu_read after = { START - 50, START + 700, 107 };
    const struct wu_frame_clock clock = estimator.clock;

    (void)unused;
    assert_false(wu_estimator_start(&estimator, &before, &after, 107, 0));
    assert_false(wu_estimator_start(&estimator, &before, &before, 99, 0));

    assert_memory_equal(&estimator.clock, &clock, sizeof(clock));
}

static void consistent_read_narrows_the_bound(void **unused)
{
    const struct wu_read read = read_at(START + 125000 - 300, 200, 200, 0);
    const double before = wu_frame_clock_half_width(&estimator.clock, START + 125000);
    double violation = -1;

    (void)unused;
    assert_int_equal(wu_estimator_accept(&estimator, &read, START, &violation), WU_CONSISTENT);

    assert_true(violation == 0);
    assert_true(wu_frame_clock_half_width(&estimator.clock, START + 125000) < before - 100);
    assert_int_equal(estimator.clock.last_read, read.before);
}

static void clock_error_widens_each_read(void **unused)
{
    const struct wu_read early = read_at(START + 125000 - 500, 200, 200, 0);
    const struct wu_read late = read_at(START + 125000 + 500, 200, 200, 0);
    double violation;

    (void)unused;
    estimator.counter.clock_error = 100;
    wu_estimator_accept(&estimator, &early, START, &violation);
    wu_estimator_accept(&estimator, &late, START, &violation);

    const struct wu_bounds bounds = wu_frame_clock_bounds(&estimator.clock, 101);
    assert_in_range(bounds.lo, early.before - 100 - 3, early.before - 100);
    assert_in_range(bounds.hi, late.after + 100, late.after + 100 + 3);
}

static void glitch_is_suspect_and_changes_nothing(void **unused)
{
    struct wu_read read = read_at(START + 10 * 125000 + 5000, 400, 400, 0);
    const struct wu_frame_clock clock = estimator.clock;
    double violation;

    (void)unused;
    read.raw += 8;
    assert_int_equal(wu_estimator_accept(&estimator, &read, START, &violation), WU_SUSPECT);
    assert_true(violation < -900000);
    read.raw -= 16;
    assert_int_equal(wu_estimator_accept(&estimator, &read, START, &violation), WU_SUSPECT);
    assert_true(violation > 800000);

    assert_memory_equal(&estimator.clock, &clock, sizeof(clock));
}

static void small_contradiction_is_wander(void **unused)
{
    const double wander = estimator.clock.wander;
    double violation;
    int64_t since = START;

    (void)unused;
    for (int i = 1; i <= 40; i++) { /* edges from both sides, 25 ms apart: the rate is known */
        for (int side = -500; side <= 500; side += 1000) {
            const struct wu_read read = read_at(START + i * 25000000 + side, 300, 300, 0);

            assert_int_equal(wu_estimator_accept(&estimator, &read, since, &violation),
                             WU_CONSISTENT);
        }
        since = estimator.clock.last_read;
    }

    /* A second later the boundary is 4 us late. */
    struct wu_read late = read_at(START + 2000000000 + 3900, 300, 300, 0);
    late.raw = (late.raw - 1) & 0x3FFF;

    assert_int_equal(wu_estimator_accept(&estimator, &late, since, &violation), WU_CONSISTENT);
    assert_true(violation > 0 && violation < 4000);
    assert_true(estimator.clock.wander >= 4 * wander);
}

static void wander_calms_down_again(void **unused)
{
    double violation;

    (void)unused;
    estimator.clock.wander = 8e-7;
    for (int64_t second = 1; second <= 200; second++) {
        const struct wu_read read = read_at(START + second * 1000000000 + 60000, 300, 300, 0);

        wu_estimator_accept(&estimator, &read, estimator.clock.last_read, &violation);
    }

    assert_true(fabs(estimator.clock.wander - 1e-7) < 1e-12);
}

/*
 * The exact answer, by trying all pairs of facts in long double: the extreme offset at distance t
 * that satisfies every gate and the rate's limit.
 */
static long double exact_extreme(const struct wu_frame_clock *clock, double t, int side)
{
    long double slopes[WU_GATES + 2][3]; /* side, T, limit */
    int count = 0;
    long double best = -INFINITY;

    for (int i = 0; i < estimator.count; i++) {
        const struct wu_gate *gate = &estimator.gate[i];
        const long double gate_t = (long double)(gate->m - clock->m_ref) * WU_MICROFRAME;
        const long double offset = (long double)(gate->t - clock->t_ref) - gate_t;

        slopes[count][0] = gate->side;
        slopes[count][1] = gate_t;
        slopes[count++][2] =
            gate->side * offset + 0.5006L * clock->wander * 1e-9L * gate_t * gate_t + 1.0L;
    }
    /* o = (side * limit) - v * T on each edge; candidates are crossings of two edges, or of an edge
     * with a limit of the rate. */
    for (int i = 0; i < count; i++)
        for (int j = i; j < count + 2; j++) {
            long double v;

            if (j == i)
                continue;
            if (j >= count) {
                v = j == count ? 1e-3L : -1e-3L;
            } else {
                if (slopes[i][1] == slopes[j][1])
                    continue;
                v = (slopes[i][0] * slopes[i][2] - slopes[j][0] * slopes[j][2]) /
                    (slopes[i][1] - slopes[j][1]);
            }
            if (fabsl(v) > 1e-3L + 1e-15L)
                continue;
            const long double o = slopes[i][0] * slopes[i][2] - v * slopes[i][1];
            bool possible = true;

            for (int k = 0; possible && k < count; k++)
                possible = slopes[k][0] * (o + v * slopes[k][1]) <= slopes[k][2] + 1e-6L;
            if (possible && side * (o + v * t) > best)
                best = side * (o + v * t);
        }
    return side * best;
}

static void compare_with_exact(double t)
{
    const struct wu_frame_clock *clock = &estimator.clock;
    const int64_t m = clock->m_ref + (int64_t)(t / WU_MICROFRAME);
    const double distance = (double)(m - clock->m_ref) * WU_MICROFRAME;
    const double widening = wu_frame_clock_widening(clock->wander, distance);
    const struct wu_bounds bounds = wu_frame_clock_bounds(clock, m);
    const long double hi = exact_extreme(clock, distance, +1) + widening;
    const long double lo = exact_extreme(clock, distance, -1) - widening;
    const long double got_hi = (long double)(bounds.hi - clock->t_ref) - distance;
    const long double got_lo = (long double)(bounds.lo - clock->t_ref) - distance;
    const double excess = 30 + 0.002 * widening;

    assert_true(got_hi >= hi - 1e-3L && got_hi <= hi + excess);
    assert_true(got_lo <= lo + 1e-3L && got_lo >= lo - excess);
}

static void bounds_are_those_of_the_facts(void **unused)
{
    (void)unused;
    for (int round = 0; round < 20; round++) {
        const double rate = draw(-5e-4, 5e-4);
        int64_t time = START;

        start(NULL);
        state = (uint64_t)round * 77 + 5;
        for (int i = 0; i < 120; i++) {
            double violation;

            time += (int64_t)exp(draw(8, 20));
            const struct wu_read read =
                read_at(time, (int64_t)draw(100, 900), (int64_t)draw(100, 900), rate);

            assert_int_equal(
                wu_estimator_accept(&estimator, &read, estimator.clock.last_read, &violation),
                WU_CONSISTENT);
            assert_true(violation == 0);
        }
        compare_with_exact(0);
        compare_with_exact(1e6);
        compare_with_exact(1e9);
        compare_with_exact(60e9);
        compare_with_exact(-10e9);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(first_bound_is_the_edge, start),
        cmocka_unit_test_setup(clock_error_widens_the_facts, start),
        cmocka_unit_test_setup(impossible_edge_starts_nothing, start),
        cmocka_unit_test_setup(consistent_read_narrows_the_bound, start),
        cmocka_unit_test_setup(clock_error_widens_each_read, start),
        cmocka_unit_test_setup(glitch_is_suspect_and_changes_nothing, start),
        cmocka_unit_test_setup(small_contradiction_is_wander, start),
        cmocka_unit_test_setup(wander_calms_down_again, start),
        cmocka_unit_test_setup(bounds_are_those_of_the_facts, start),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
