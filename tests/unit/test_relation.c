/* clock/relation.c: what two clocks say of each other. */
#include "cmocka_all.h"

#include "clock/relation.h"

enum { TICK = 100 };

#define SECOND INT64_C(1000000000) /* [ns] */

static uint64_t state = 1;

static int64_t draw(int64_t from, int64_t to)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return from + (int64_t)(state % (uint64_t)(to - from + 1));
}

static struct wu_instant instant(int64_t time, int64_t lo, int64_t hi)
{
    return (struct wu_instant){ .time = time, .lo = lo, .hi = hi, .slew = WU_SLEW };
}

/* --- Brackets -------------------------------------------------------------------------------- */

static void a_bracket_holds_what_the_clock_would_have_said(void **unused)
{
    const struct wu_bracket bracket = { .before = 1199, .after = 1300 };

    (void)unused;
    for (int64_t count = 9; count < 16; count++) {
        struct wu_bracket read = bracket;

        read.count = count;
        assert_int_equal(wu_bracket_holds(&read, TICK), count >= 11 && count <= 13);
    }
    assert_true(wu_bracket_holds(&(struct wu_bracket){ -250, -150, -2 }, TICK));
    assert_true(wu_bracket_holds(&(struct wu_bracket){ -250, -150, -3 }, TICK));
    assert_false(wu_bracket_holds(&(struct wu_bracket){ -250, -150, -1 }, TICK));
}

static void one_bracket_bounds_by_a_tick_and_its_own_width(void **unused)
{
    const struct wu_bracket bracket = { .before = 1000, .after = 1040, .count = 77 };
    struct wu_instant made;

    (void)unused;
    assert_true(wu_instant_of(&bracket, 1, TICK, 0, &made));
    assert_int_equal(made.time, 1040);
    assert_int_equal(made.lo, 7700 - 1);
    assert_int_equal(made.hi, 7800 + 40 + 1);
}

/* The counter stands at its edge between two brackets: what one leaves open, the other does not. */
static void an_edge_between_brackets_is_seen(void **unused)
{
    const struct wu_bracket brackets[] = { { 1000, 1040, 77 }, { 1040, 1080, 78 } };
    struct wu_instant made;

    (void)unused;
    assert_true(wu_instant_of(brackets, 2, TICK, 0, &made));
    assert_true(made.lo >= 7800 - 1 && made.hi <= 7800 + 80 + 1);
}

static void brackets_over_a_step_make_none(void **unused)
{
    const struct wu_bracket brackets[] = { { 1000, 1040, 77 }, { 1040, 1080, 80 } };
    struct wu_instant made = { .time = 5 };

    (void)unused;
    assert_false(wu_instant_of(brackets, 2, TICK, WU_SLEW, &made));
    assert_int_equal(made.time, 5);
}

/* --- Slew and rate --------------------------------------------------------------------------- */

static void slew_is_what_it_takes_at_least(void **unused)
{
    const struct wu_instant earlier = instant(0, 0, 100);
    const struct {
        int64_t lo, hi, slew;
    } cases[] = {
        { SECOND, SECOND + 100, 0 },
        { SECOND + 100, SECOND + 200, 0 },
        { SECOND - 100, SECOND, 0 },
        { SECOND + 100100, SECOND + 100200, 101 },
        { SECOND - 100100, SECOND - 100000, 101 },
        { 2 * SECOND, 2 * SECOND + 50, 1000000 },
        { 3 * SECOND, 3 * SECOND + 50, INT64_MAX },
        { -SECOND, -SECOND + 50, INT64_MAX },
    };

    (void)unused;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct wu_instant later = instant(SECOND, cases[i].lo, cases[i].hi);

        assert_int_equal(wu_instant_slew(&earlier, &later), cases[i].slew);
    }
}

static void rate_is_that_of_the_middles(void **unused)
{
    const struct wu_instant earlier = instant(0, 0, 100);
    const struct wu_instant later = instant(SECOND, SECOND + 50000, SECOND + 50100);
    const struct wu_instant near = instant(900000, 1900000, 1900100);

    (void)unused;
    assert_int_equal(wu_instant_rate(&earlier, &later), 50000);
    assert_int_equal(wu_instant_rate(&earlier, &near), 0);
}

/* --- Readings -------------------------------------------------------------------------------- */

static void one_instant_bounds_by_the_slew_on_both_sides(void **unused)
{
    const struct wu_instant known = instant(SECOND, 5 * SECOND, 5 * SECOND + 100);
    const struct wu_reading after = wu_relation_at(&known, NULL, SECOND + 1000000);
    const struct wu_reading before = wu_relation_at(NULL, &known, SECOND - 1000000);
    const struct wu_reading then = wu_relation_at(&known, NULL, SECOND);

    (void)unused;
    assert_int_equal(after.middle, 5 * SECOND + 50 + 1000000);
    assert_int_equal(after.error, 50 + 1000 + 1);
    assert_int_equal(before.middle, 5 * SECOND + 50 - 1000000);
    assert_int_equal(before.error, 50 + 1000 + 1);
    assert_int_equal(then.middle, 5 * SECOND + 50);
    assert_int_equal(then.error, 50);
}

static void it_goes_on_at_the_rate_it_had(void **unused)
{
    struct wu_instant known = instant(0, 0, 100);

    (void)unused;
    known.rate = 50000;
    const struct wu_reading ahead = wu_relation_at(&known, NULL, SECOND);

    assert_int_equal(ahead.middle, 50 + SECOND + 50000);
    assert_int_equal(ahead.error, 50 + 1000000 + 1 + 50000);
}

static void no_rate_leads_out_of_the_bounds(void **unused)
{
    struct wu_instant known = instant(0, 0, 100);

    (void)unused;
    for (int sign = -1; sign <= 1; sign += 2) {
        known.rate = sign * 5000000;
        assert_int_equal(wu_relation_at(&known, NULL, SECOND).error, 2 * (50 + 1000000 + 1));
    }
}

/* Of the time between two instants both know something. */
static void between_two_instants_the_nearer_one_counts(void **unused)
{
    const struct wu_instant earlier = instant(0, 0, 100);
    const struct wu_instant later = instant(SECOND, SECOND + 50000, SECOND + 50100);

    (void)unused;
    for (int64_t time = 0; time <= SECOND; time += SECOND / 20) {
        const struct wu_reading reading = wu_relation_at(&earlier, &later, time);
        const int64_t nearer = time < SECOND / 2 ? time : SECOND - time;

        assert_true(reading.error <= 60 + nearer / 1000 + time / 20000);
        assert_int_equal(reading.middle, 50 + time + time / 20000);
    }
}

/* Months away, and at the highest limit: nothing overflows. */
static void far_times_are_only_very_uncertain(void **unused)
{
    const int64_t far = INT64_C(2200000000) * 1000000; /* [ns] 2^31 frames */
    struct wu_instant known = instant(SECOND << 30, SECOND << 29, (SECOND << 29) + 100);

    (void)unused;
    known.slew = 2 * WU_SLEW_MOST;
    known.rate = -1000 * WU_SLEW_MOST;
    for (int sign = -1; sign <= 1; sign += 2) {
        const struct wu_reading reading = wu_relation_at(&known, NULL, known.time + sign * far);

        assert_int_equal(reading.middle, known.lo + 50 + sign * (far - far / 4));
        assert_in_range(reading.error, far / 4 * 3, far / 4 * 3 + 100);
    }
}

/* --- Any course of a counter that keeps to its limit ------------------------------------------ */

enum { PIECES = 64, INSTANTS = 32 };

/* The counter's course: in each piece of a second it has a rate of its own [ppb]. */
struct course {
    int64_t piece; /* [ns] */
    int64_t offset;
    int64_t rate[PIECES];
};

/* What it would read if it counted nanoseconds. */
static int64_t reads(const struct course *course, int64_t time)
{
    int64_t reading = course->offset + time;

    for (int i = 0; i < PIECES && time > i * course->piece; i++) {
        const int64_t end = (i + 1) * course->piece;
        const int64_t spent = (time < end ? time : end) - i * course->piece;

        reading += spent * course->rate[i] / 1000000000;
    }
    return reading;
}

static struct course draw_course(void)
{
    const int64_t limit = draw(0, 1) ? WU_SLEW * 1000 : draw(0, WU_SLEW * 1000);
    struct course course = { .piece = draw(1000, SECOND), .offset = draw(-SECOND, SECOND) };

    for (int i = 0; i < PIECES; i++)
        course.rate[i] = draw(0, 2) ? draw(-limit, limit) : draw(0, 1) ? limit : -limit;
    return course;
}

static struct wu_instant look(const struct course *course, int64_t time)
{
    struct wu_bracket brackets[2];
    struct wu_instant made;

    for (int i = 0; i < 2; i++) {
        brackets[i].before = time;
        time += draw(1, 200);
        brackets[i].count = reads(course, time) / TICK - (reads(course, time) % TICK < 0);
        time += draw(1, 200);
        brackets[i].after = time;
    }
    assert_true(wu_instant_of(brackets, 2, TICK, WU_SLEW, &made));
    return made;
}

/* Rounding of the course itself: a nanosecond a piece. */
static void assert_inside(struct wu_reading reading, int64_t truth)
{
    assert_in_range(reading.middle - truth + reading.error + PIECES, 0,
                    2 * reading.error + 2 * PIECES);
}

static void no_course_within_the_limit_leaves_a_bound(void **unused)
{
    (void)unused;
    for (int run = 0; run < 3000; run++) {
        const struct course course = draw_course();
        const int64_t whole = PIECES * course.piece;
        const struct wu_instant first = look(&course, draw(0, whole / 2));
        const struct wu_instant second = look(&course, draw(whole / 2, whole) + 1000);

        assert_true(wu_instant_slew(&first, &second) <= WU_SLEW + 1000000 * PIECES / whole);
        for (int i = 0; i < INSTANTS; i++) {
            const int64_t between = draw(first.time, second.time);
            const int64_t before = draw(0, first.time);
            const int64_t after = draw(first.time, whole);

            assert_inside(wu_relation_at(&first, &second, between), reads(&course, between));
            assert_inside(wu_relation_at(NULL, &first, before), reads(&course, before));
            assert_inside(wu_relation_at(&first, NULL, after), reads(&course, after));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bracket_holds_what_the_clock_would_have_said),
        cmocka_unit_test(one_bracket_bounds_by_a_tick_and_its_own_width),
        cmocka_unit_test(an_edge_between_brackets_is_seen),
        cmocka_unit_test(brackets_over_a_step_make_none),
        cmocka_unit_test(slew_is_what_it_takes_at_least),
        cmocka_unit_test(rate_is_that_of_the_middles),
        cmocka_unit_test(one_instant_bounds_by_the_slew_on_both_sides),
        cmocka_unit_test(it_goes_on_at_the_rate_it_had),
        cmocka_unit_test(no_rate_leads_out_of_the_bounds),
        cmocka_unit_test(between_two_instants_the_nearer_one_counts),
        cmocka_unit_test(far_times_are_only_very_uncertain),
        cmocka_unit_test(no_course_within_the_limit_leaves_a_bound),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
