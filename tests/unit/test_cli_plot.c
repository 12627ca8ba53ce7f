/* The picture of `winusb timesync`: what gnuplot is told. */
#include "cmocka_all.h"
#include "cli/plot.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 8, PANELS = 3 };

/* One answer a tenth of a second, each with a rate but the first; NAN: withheld. */
static char *script_of(const double *rates, size_t count)
{
    struct wu_sample sample[MOST] = { { .rate = (double)NAN, .residual = (double)NAN } };
    const struct wu_run run = { .subject = "a simulation", .source = "sim" };
    struct wu_samples samples = { sample, count + 1, MOST };
    char *text = NULL;
    size_t size;
    FILE *script = open_memstream(&text, &size);

    for (size_t i = 0; i < count; i++)
        sample[i + 1] = (struct wu_sample){
            .elapsed = 0.1 * (double)(i + 1),
            .error = isnan(rates[i]) ? ERROR_NOT_READY : ERROR_SUCCESS,
            .answer = { .accuracy = 1, .generation = 1 },
            .rate = rates[i],
            .residual_bound = 2,
        };

    const struct wu_summary summary = wu_samples_summary(&samples, 0.002);

    wu_plot_write_script(script, &run, &samples, &summary);
    fclose(script);
    return text;
}

/* The range of each panel; * is gnuplot's to find. */
static void assert_ranges(const char *script, double lowest, double highest)
{
    double lo = 0, hi = 0;
    int panels = 0;

    for (const char *at = script; (at = strstr(at, "set yrange [")) != NULL; at++) {
        if (sscanf(at, "set yrange [%lf:%lf]", &lo, &hi) == 2)
            assert_true(lo < hi);
        panels++;
    }
    assert_int_equal(panels, PANELS);
    assert_true(lo < lowest && hi > highest);
}

static void rates_are_within_their_range(void **state)
{
    const struct {
        double rates[3];
        size_t count;
        double lowest, highest;
    } cases[] = {
        { { 36.5 }, 1, 36.5, 36.5 },
        { { 0, 0, 0 }, 3, 0, 0 },
        { { 1, NAN, 1 }, 3, 1, 1 },
        { { -3, 2, 1 }, 3, -3, 2 },
    };

    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *script = script_of(cases[i].rates, cases[i].count);

        assert_ranges(script, cases[i].lowest, cases[i].highest);
        free(script);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rates_are_within_their_range),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
