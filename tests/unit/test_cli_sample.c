/* The statistics of `winusb timesync`. */
#include "cmocka_all.h"
#include "cli/sample.h"

#include <math.h>

enum { FREQUENCY = 10000000 };

static struct wu_feed_answer answer_at(uint32_t frame, uint32_t microframe, int64_t qpc)
{
    return (struct wu_feed_answer){
        .frame = frame,
        .microframe = microframe,
        .qpc = qpc,
        .frequency = FREQUENCY,
        .generation = 1,
    };
}

static struct wu_sample sample_of(double elapsed, uint32_t accuracy, double residual)
{
    struct wu_sample sample = {
        .elapsed = elapsed,
        .answer = answer_at((uint32_t)(elapsed * 1000), 0, (int64_t)(elapsed * FREQUENCY)),
        .rate = (double)NAN,
        .residual = residual,
        .residual_bound = 2,
    };

    sample.answer.accuracy = accuracy;
    return sample;
}

static struct wu_sample withheld_at(double elapsed)
{
    return (struct wu_sample){ .elapsed = elapsed, .error = ERROR_NOT_READY };
}

static struct wu_summary summary_of(const struct wu_sample *sample, size_t count)
{
    struct wu_samples samples = { 0 };

    for (size_t i = 0; i < count; i++)
        assert_true(wu_samples_add(&samples, &sample[i]));

    const struct wu_summary summary = wu_samples_summary(&samples, 0.002);
    wu_samples_free(&samples);
    return summary;
}

#define SUMMARY_OF(samples) summary_of(samples, sizeof(samples) / sizeof(*(samples)))

/* --- wu_rate() ----------------------------------------------------------------------------- */

static void rate_is_how_much_longer_a_frame_lasts(void **state)
{
    const struct wu_feed_answer first = answer_at(1000, 0, 0);
    const struct wu_feed_answer slow = answer_at(2000, 0, FREQUENCY + 370); /* 37 us in 1 s */
    const struct wu_feed_answer fast = answer_at(2000, 0, FREQUENCY - 370);

    (void)state;

    assert_float_equal(wu_rate(&first, &slow), 37, 1e-6);
    assert_float_equal(wu_rate(&first, &fast), -37, 1e-6);
    assert_float_equal(wu_rate(&slow, &first), 37, 1e-6);
}

static void rate_counts_microframes(void **state)
{
    const struct wu_feed_answer first = answer_at(10, 7, 0);
    const struct wu_feed_answer last = answer_at(11, 0, FREQUENCY / 8000);

    (void)state;

    assert_float_equal(wu_rate(&first, &last), 0, 1e-6);
}

static void rate_survives_the_wrap_of_the_frame_number(void **state)
{
    const struct wu_feed_answer first = answer_at(UINT32_MAX - 499, 0, 0);
    const struct wu_feed_answer last = answer_at(500, 0, FREQUENCY);

    (void)state;

    assert_float_equal(wu_rate(&first, &last), 0, 1e-6);
}

static void rate_of_no_time_is_unknown(void **state)
{
    const struct wu_feed_answer answer = answer_at(10, 7, 0);

    (void)state;

    assert_true(isnan(wu_rate(&answer, &answer)));
}

/* --- wu_samples_summary() ------------------------------------------------------------------ */

static void run_without_answers_is_all_unknown(void **state)
{
    const struct wu_sample samples[] = { withheld_at(0), withheld_at(1) };

    (void)state;
    const struct wu_summary summary = SUMMARY_OF(samples);

    assert_int_equal(summary.answers, 0);
    assert_int_equal(summary.withheld, 2);
    assert_int_equal(summary.generations, 0);
    assert_int_equal(summary.residuals, 0);
    assert_true(isnan(summary.accuracy_min));
    assert_true(isnan(summary.accuracy_median));
    assert_true(isnan(summary.accuracy_max));
    assert_true(isnan(summary.rate));
    assert_true(isnan(summary.residual_rms));
    assert_true(isnan(summary.residual_max));
}

static void accuracy_is_that_of_answers_only(void **state)
{
    const struct wu_sample samples[] = {
        sample_of(0, 9, (double)NAN),
        withheld_at(1),
        sample_of(2, 1, (double)NAN),
        sample_of(3, 2, (double)NAN),
    };

    (void)state;
    const struct wu_summary summary = SUMMARY_OF(samples);

    assert_float_equal(summary.accuracy_min, 1, 0);
    assert_float_equal(summary.accuracy_median, 2, 0);
    assert_float_equal(summary.accuracy_max, 9, 0);
    assert_int_equal(summary.answers, 3);
    assert_int_equal(summary.withheld, 1);
}

static void median_of_an_even_number_lies_between_two(void **state)
{
    const struct wu_sample samples[] = {
        sample_of(0, 4, (double)NAN),
        sample_of(1, 1, (double)NAN),
    };

    (void)state;

    assert_float_equal(SUMMARY_OF(samples).accuracy_median, 2.5, 0);
}

static void residuals_are_summed_up_by_size(void **state)
{
    const struct wu_sample samples[] = {
        sample_of(0, 1, (double)NAN),
        sample_of(1, 1, 0.3),
        sample_of(2, 1, -0.4),
    };

    (void)state;
    const struct wu_summary summary = SUMMARY_OF(samples);

    assert_int_equal(summary.residuals, 2);
    assert_float_equal(summary.residual_rms, sqrt((0.09 + 0.16) / 2), 1e-12);
    assert_float_equal(summary.residual_max, 0.4, 1e-12);
    assert_int_equal(summary.outside, 0);
}

static void residual_beyond_its_bound_is_counted_on_both_sides(void **state)
{
    const struct wu_sample samples[] = {
        sample_of(0, 1, 2.0),
        sample_of(1, 1, 2.1),
        sample_of(2, 1, -2.1),
    };

    (void)state;

    assert_int_equal(SUMMARY_OF(samples).outside, 2);
}

static void rate_is_over_the_longest_stretch_of_one_generation(void **state)
{
    struct wu_sample samples[] = {
        sample_of(0, 1, (double)NAN), sample_of(1, 1, (double)NAN),
        sample_of(2, 1, (double)NAN), withheld_at(3),
        sample_of(4, 1, (double)NAN), sample_of(8, 1, (double)NAN),
    };

    (void)state;
    samples[1].answer.qpc += 90; /* not the ends of anything */
    samples[2].answer.qpc += 40; /* 2 ppm in 2 s */
    samples[4].answer.generation = 2;
    samples[5].answer.generation = 2;
    samples[5].answer.qpc += 200; /* 5 ppm in 4 s */

    const struct wu_summary summary = SUMMARY_OF(samples);

    assert_float_equal(summary.rate, 5, 1e-6);
    assert_int_equal(summary.generations, 2);
    assert_float_equal(summary.first_answer, 0.002, 0);
}

static void many_samples_are_kept(void **state)
{
    struct wu_samples samples = { 0 };

    (void)state;
    for (int i = 0; i < 1000; i++) {
        const struct wu_sample sample = sample_of(i, (uint32_t)i, (double)NAN);

        assert_true(wu_samples_add(&samples, &sample));
    }

    assert_int_equal(samples.count, 1000);
    for (uint32_t i = 0; i < 1000; i++)
        assert_int_equal(samples.sample[i].answer.accuracy, i);
    wu_samples_free(&samples);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rate_is_how_much_longer_a_frame_lasts),
        cmocka_unit_test(rate_counts_microframes),
        cmocka_unit_test(rate_survives_the_wrap_of_the_frame_number),
        cmocka_unit_test(rate_of_no_time_is_unknown),
        cmocka_unit_test(run_without_answers_is_all_unknown),
        cmocka_unit_test(accuracy_is_that_of_answers_only),
        cmocka_unit_test(median_of_an_even_number_lies_between_two),
        cmocka_unit_test(residuals_are_summed_up_by_size),
        cmocka_unit_test(residual_beyond_its_bound_is_counted_on_both_sides),
        cmocka_unit_test(rate_is_over_the_longest_stretch_of_one_generation),
        cmocka_unit_test(many_samples_are_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
