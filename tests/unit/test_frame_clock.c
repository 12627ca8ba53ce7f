/* wu_frame_clock: bounds, their inverse, and counters that wrap. */
#include "cmocka_all.h"

#include <math.h>

#include "clock/frame_clock.h"

/* 10 ppm slow, known to +-100 ns at microframe 8000, +-0.1 ppm. */
static const struct wu_frame_clock CLOCK = {
    .generation = 1,
    .valid = 1,
    .m_ref = 8000,
    .t_ref = 5000000000,
    .wander = 1e-7,
    .polygon.count = 4,
    .polygon.vertex = { { 9.9e-6, -100 }, { 10.1e-6, -100 }, { 10.1e-6, 100 }, { 9.9e-6, 100 } },
};

static void bounds_widen_with_distance(void **unused)
{
    (void)unused;

    const struct wu_bounds here = wu_frame_clock_bounds(&CLOCK, 8000);
    assert_int_equal(here.lo, 5000000000 - 101);
    assert_int_equal(here.hi, 5000000000 + 101);

    /* One second on: 10 us +- (100 + 100 + 50 + 1) ns. */
    const struct wu_bounds later = wu_frame_clock_bounds(&CLOCK, 16000);
    assert_in_range(later.lo, 6000010000 - 252, 6000010000 - 251);
    assert_in_range(later.hi, 6000010000 + 251, 6000010000 + 252);
    assert_true(fabs(wu_frame_clock_half_width(&CLOCK, 6000010000) - 251) < 1);
}

static void lag_widens_only_upwards(void **unused)
{
    struct wu_frame_clock late = CLOCK;

    (void)unused;
    late.late = 3000;

    assert_int_equal(wu_frame_clock_bounds(&late, 8000).lo, 5000000000 - 101);
    assert_int_equal(wu_frame_clock_bounds(&late, 8000).hi, 5000000000 + 101 + 3000);
}

static void microframe_at_inverts_the_middle(void **unused)
{
    (void)unused;
    for (int64_t m = 8000 - 800000; m < 8000 + 800000; m += 997) {
        const int64_t begins = wu_bounds_middle(wu_frame_clock_bounds(&CLOCK, m));

        assert_int_equal(wu_frame_clock_microframe_at(&CLOCK, begins), m);
        assert_int_equal(wu_frame_clock_microframe_at(&CLOCK, begins - 1), m - 1);
        assert_int_equal(wu_frame_clock_microframe_at(&CLOCK, begins + 124990), m);
    }
}

static void very_far_frames_do_not_overflow(void **unused)
{
    (void)unused;

    const struct wu_bounds bounds = wu_frame_clock_bounds(&CLOCK, INT64_C(1) << 34);

    assert_true(bounds.lo < bounds.hi);
    assert_true(bounds.hi - bounds.lo > 1000000000);
}

static void counters_extend_to_the_nearest_value(void **unused)
{
    (void)unused;
    for (unsigned bits = 11; bits <= 16; bits++) {
        const int64_t period = INT64_C(1) << bits;

        for (int64_t truth = 5 * period - 3; truth < 5 * period + 3; truth++)
            for (int64_t off = -period / 2 + 1; off < period / 2; off += 7)
                assert_int_equal(
                    wu_frame_extend(truth + off, (uint32_t)(truth & (period - 1)), bits), truth);
    }
}

static void counters_extend_below_zero(void **unused)
{
    (void)unused;
    assert_int_equal(wu_frame_extend(3, 0x3FFF, 14), -1);
    assert_int_equal(wu_frame_extend(-5, 2, 14), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bounds_widen_with_distance),
        cmocka_unit_test(lag_widens_only_upwards),
        cmocka_unit_test(microframe_at_inverts_the_middle),
        cmocka_unit_test(very_far_frames_do_not_overflow),
        cmocka_unit_test(counters_extend_to_the_nearest_value),
        cmocka_unit_test(counters_extend_below_zero),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
