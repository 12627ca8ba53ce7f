/* wu_polygon: what is cut away, and that nothing possible ever is. */
#include "cmocka_all.h"

#include <math.h>

#include "clock/polygon.h"

static uint64_t state = 1;

static double draw(double low, double high)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return low + (high - low) * (double)(state >> 11) * 0x1p-53;
}

static void half_plane_cuts_the_box(void **unused)
{
    struct wu_polygon polygon;
    double least;
    double greatest;

    (void)unused;
    wu_polygon_box(&polygon, 1e-3, 1000);

    assert_true(wu_polygon_clip(&polygon, &(struct wu_half_plane){ +1, 0, 250 }));
    assert_true(wu_polygon_clip(&polygon, &(struct wu_half_plane){ -1, 0, 100 }));

    wu_polygon_range(&polygon, 0, &least, &greatest);
    assert_true(fabs(greatest - 250) < 1e-6);
    assert_true(fabs(least + 100) < 1e-6);
    wu_polygon_range(&polygon, 1e6, &least, &greatest);
    assert_true(fabs(greatest - 1250) < 1e-6);
    assert_true(fabs(least + 1100) < 1e-6);
}

static void cut_that_would_leave_nothing_changes_nothing(void **unused)
{
    struct wu_polygon polygon;
    double least;
    double greatest;

    (void)unused;
    wu_polygon_box(&polygon, 1e-3, 1000);

    assert_false(wu_polygon_clip(&polygon, &(struct wu_half_plane){ +1, 0, -1001 }));

    wu_polygon_range(&polygon, 0, &least, &greatest);
    assert_true(least == -1000 && greatest == 1000);
}

static void touching_edges_are_told_from_idle_ones(void **unused)
{
    struct wu_polygon polygon;

    (void)unused;
    wu_polygon_box(&polygon, 1e-3, 1000);
    wu_polygon_clip(&polygon, &(struct wu_half_plane){ +1, 0, 250 });

    assert_true(wu_polygon_touches(&polygon, &(struct wu_half_plane){ +1, 0, 250 }));
    assert_false(wu_polygon_touches(&polygon, &(struct wu_half_plane){ +1, 0, 300 }));
}

/* A random truth and half-planes that all contain it: it must stay, and vertices must fit. */
static void truth_survives_any_number_of_cuts(void **unused)
{
    (void)unused;
    for (int round = 0; round < 2000; round++) {
        const double v = draw(-1e-3, 1e-3);
        const double o = draw(-1000, 1000);
        struct wu_polygon polygon;

        wu_polygon_box(&polygon, 1e-3, 1000);
        for (int cut = 0; cut < 100; cut++) {
            const double side = draw(0, 1) < 0.5 ? -1 : 1;
            const double t = -exp(draw(0, 25));
            const struct wu_half_plane half_plane = { side, t, side * (o + v * t) + draw(0, 300) };

            assert_true(wu_polygon_clip(&polygon, &half_plane));
            assert_in_range(polygon.count, 1, WU_POLYGON_MAX);
        }
        for (double t = -1e9; t <= 1e9; t += 2.5e8) {
            double least;
            double greatest;

            wu_polygon_range(&polygon, t, &least, &greatest);
            assert_true(least <= o + v * t + 1e-3 && o + v * t <= greatest + 1e-3);
        }
    }
}

/* Tangents of an ellipse: each cuts a corner off and leaves two. */
static void cuts_that_need_too_many_vertices_are_left_out(void **unused)
{
    struct wu_polygon polygon;
    double least;
    double greatest;

    (void)unused;
    wu_polygon_box(&polygon, 1e-3, 1000);
    for (int i = -40; i <= 40; i++)
        for (int side = -1; side <= 1; side += 2) {
            const double t = i * 5e4;
            const double limit = sqrt(9e-4 * t * 9e-4 * t + 900.0 * 900.0);

            assert_true(wu_polygon_clip(&polygon, &(struct wu_half_plane){ side, t, limit }));
            assert_in_range(polygon.count, 4, WU_POLYGON_MAX);
        }
    assert_int_equal(polygon.count, WU_POLYGON_MAX);
    wu_polygon_range(&polygon, 0, &least, &greatest);
    assert_true(least <= -900 && greatest >= 900);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(half_plane_cuts_the_box),
        cmocka_unit_test(cut_that_would_leave_nothing_changes_nothing),
        cmocka_unit_test(touching_edges_are_told_from_idle_ones),
        cmocka_unit_test(cuts_that_need_too_many_vertices_are_left_out),
        cmocka_unit_test(truth_survives_any_number_of_cuts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
