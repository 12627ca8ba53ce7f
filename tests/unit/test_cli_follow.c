/* wu_follow_sample(): a frame clock is asked, and held to what it predicted. */
#include "cmocka_all.h"
#include "cli/follow.h"

#include <math.h>
#include <string.h>

enum { FREQUENCY = 10000000, TICKS_PER_FRAME = FREQUENCY / 1000 };

/* A feed whose frames last exactly as long as they should, but for what a test adds. */
struct fake_feed {
    struct wu_feed base;
    DWORD error;
    uint32_t now; /* [frames] */
    int64_t late; /* [ticks] by which everything is later than it should be */
    uint32_t generation;
    uint32_t asked[16];
    int queries;
};

static DWORD fake_query(struct wu_feed *feed, uint32_t frame, struct wu_feed_answer *answer_out)
{
    struct fake_feed *self = (struct fake_feed *)feed;

    self->asked[self->queries++] = frame;
    if (self->error != ERROR_SUCCESS)
        return self->error;

    *answer_out = (struct wu_feed_answer){
        .frame = self->now,
        .qpc = (int64_t)self->now * TICKS_PER_FRAME + self->late,
        .asked_qpc = frame != 0 ? (int64_t)frame * TICKS_PER_FRAME + self->late : 0,
        .frequency = FREQUENCY,
        .accuracy = frame > self->now ? 3 : 1,
        .generation = self->generation,
    };
    return ERROR_SUCCESS;
}

static const struct wu_feed_ops fake_ops = { .query = fake_query };

static void start(struct wu_follow *follow, struct fake_feed *feed)
{
    memset(feed, 0, sizeof(*feed));
    feed->base.ops = &fake_ops;
    feed->now = 5000;
    feed->generation = 1;
    wu_follow_init(follow, &feed->base, 1.0);
}

/* Takes the next sample, some frames later. */
static struct wu_sample next(struct wu_follow *follow, struct fake_feed *feed)
{
    feed->now += 1000;
    feed->queries = 0;
    return wu_follow_sample(follow, 0);
}

static void first_sample_has_nothing_to_compare_with(void **state)
{
    struct wu_follow follow;
    struct fake_feed feed;

    (void)state;
    start(&follow, &feed);

    const struct wu_sample sample = wu_follow_sample(&follow, 1.5);

    assert_int_equal(sample.error, ERROR_SUCCESS);
    assert_float_equal(sample.elapsed, 1.5, 0);
    assert_int_equal(sample.answer.frame, 5000);
    assert_true(isnan(sample.rate));
    assert_true(isnan(sample.residual));
}

static void prediction_is_for_a_frame_that_will_have_begun(void **state)
{
    struct wu_follow follow;
    struct fake_feed feed;

    (void)state;
    start(&follow, &feed);

    wu_follow_sample(&follow, 0);
    assert_int_equal(feed.queries, 2);
    assert_int_equal(feed.asked[0], 0);
    assert_int_equal(feed.asked[1], 5999);

    next(&follow, &feed);
    assert_int_equal(feed.asked[0], 5999);
    assert_int_equal(feed.asked[1], 6999);
}

static void kept_promise_has_no_residual(void **state)
{
    struct wu_follow follow;
    struct fake_feed feed;

    (void)state;
    start(&follow, &feed);
    wu_follow_sample(&follow, 0);

    const struct wu_sample sample = next(&follow, &feed);

    assert_float_equal(sample.residual, 0, 0);
    assert_float_equal(sample.rate, 0, 1e-9);
}

static void frame_later_than_promised_has_a_positive_residual(void **state)
{
    struct wu_follow follow;
    struct fake_feed feed;

    (void)state;
    start(&follow, &feed);
    wu_follow_sample(&follow, 0);

    feed.late = 25; /* 2.5 us */
    const struct wu_sample sample = next(&follow, &feed);

    assert_float_equal(sample.residual, 2.5, 1e-9);
    assert_float_equal(sample.rate, 2.5, 1e-9);
}

static void residual_may_be_as_great_as_both_accuracies_together(void **state)
{
    struct wu_follow follow;
    struct fake_feed feed;

    (void)state;
    start(&follow, &feed);
    wu_follow_sample(&follow, 0);

    assert_float_equal(next(&follow, &feed).residual_bound, 1 + 3, 0);
}

static void new_generation_is_not_compared_with_the_old(void **state)
{
    struct wu_follow follow;
    struct fake_feed feed;

    (void)state;
    start(&follow, &feed);
    wu_follow_sample(&follow, 0);

    feed.generation = 2;
    const struct wu_sample sample = next(&follow, &feed);

    assert_int_equal(sample.error, ERROR_SUCCESS);
    assert_true(isnan(sample.rate));
    assert_true(isnan(sample.residual));
    assert_true(!isnan(next(&follow, &feed).residual));
}

static void withheld_answer_ends_the_comparison(void **state)
{
    struct wu_follow follow;
    struct fake_feed feed;

    (void)state;
    start(&follow, &feed);
    wu_follow_sample(&follow, 0);

    feed.error = ERROR_NOT_READY;
    assert_int_equal(next(&follow, &feed).error, ERROR_NOT_READY);
    assert_int_equal(feed.queries, 1);

    feed.error = ERROR_SUCCESS;
    const struct wu_sample sample = next(&follow, &feed);
    assert_int_equal(feed.asked[0], 0);
    assert_true(isnan(sample.rate));
    assert_true(isnan(sample.residual));
}

static void frame_zero_is_never_asked_for(void **state)
{
    struct wu_follow follow;
    struct fake_feed feed;

    (void)state;
    start(&follow, &feed);
    feed.now = UINT32_MAX - 998;

    wu_follow_sample(&follow, 0);

    assert_int_equal(feed.asked[1], 1);
}

static void shortest_interval_predicts_a_frame_ahead(void **state)
{
    struct wu_follow follow;
    struct fake_feed feed;

    (void)state;
    start(&follow, &feed);
    wu_follow_init(&follow, &feed.base, 0.001);

    wu_follow_sample(&follow, 0);

    assert_int_equal(feed.asked[1], 5001);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_sample_has_nothing_to_compare_with),
        cmocka_unit_test(prediction_is_for_a_frame_that_will_have_begun),
        cmocka_unit_test(kept_promise_has_no_residual),
        cmocka_unit_test(frame_later_than_promised_has_a_positive_residual),
        cmocka_unit_test(residual_may_be_as_great_as_both_accuracies_together),
        cmocka_unit_test(new_generation_is_not_compared_with_the_old),
        cmocka_unit_test(withheld_answer_ends_the_comparison),
        cmocka_unit_test(frame_zero_is_never_asked_for),
        cmocka_unit_test(shortest_interval_predicts_a_frame_ahead),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
