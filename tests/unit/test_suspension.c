/*
 * What a query makes of a machine that has slept: the clock stood still, so that the model looks as
 * fresh as before, and the counter went on. In virtual time, where the test makes the steps of the
 * thread that follows the counter.
 */
#include "cmocka_all.h"

#include "host/host.h"
#include "host_fake.h"
#include "system.h"
#include "track/tracker_parts.h"

static const int64_t NIGHT = 8 * 3600 * INT64_C(1000000000); /* [ns] */

static struct wu_tracker *tracker;
static int readings_since_read; /* of the clock, since the counter was read */

/* Counts microframes of the clock, and of the time that the machine slept. */
static bool read_counter(struct wu_frame_source *source, uint32_t *raw)
{
    (void)source;
    readings_since_read = 0;
    fake_spend(500);
    *raw = (uint32_t)((fake_clock + fake_suspended * 7 / 5) / 125000) & 0x3FFF;
    fake_spend(500);
    return true;
}

static void destroy(struct wu_frame_source *source)
{
    (void)source;
}

static DWORD open_source(void *context, struct wu_frame_source **source_out)
{
    static const struct wu_frame_source_ops ops = { "counter", 14, 125000, read_counter, destroy };
    static struct wu_frame_source source = { .ops = &ops };

    (void)context;
    *source_out = &source;
    return ERROR_SUCCESS;
}

static void step(void)
{
    tracker->urgent = false;
    wu_poller_step(&tracker->poller);
}

static void settle(void)
{
    for (int i = 0; i < 40; i++)
        step();
}

static int set_up(void **state)
{
    const struct wu_controller controller = { .id = "counter", .open = open_source };

    (void)state;
    assert_true(system_set_environment("WINUSB_FRAME_SOURCE", "auto"));
    fake_before_clock = NULL;
    wu_tracker_acquire(&controller, &tracker);
    wu_tracker_open(tracker);
    settle();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    fake_before_clock = NULL;
    wu_tracker_release(tracker);
    return 0;
}

static void assert_right(const struct wu_tracker_answer *answer)
{
    const int64_t shown = (answer->time + fake_suspended * 7 / 5) / 125000;

    assert_in_range((answer->microframe - shown + 1) & 0x3FFF, 0, 2);
}

static void first_query_after_a_sleep_notices_it(void **state)
{
    struct wu_tracker_answer before;
    struct wu_tracker_answer after;

    (void)state;
    assert_int_equal(wu_tracker_query(tracker, NULL, &before), ERROR_SUCCESS);
    assert_right(&before);

    fake_suspended += NIGHT;
    assert_int_equal(wu_tracker_query(tracker, NULL, &after), ERROR_NOT_READY);
    assert_true(tracker->urgent);
    assert_false(wu_tracker_has_answer(tracker));

    settle();
    assert_int_equal(wu_tracker_query(tracker, NULL, &after), ERROR_SUCCESS);
    assert_right(&after);
    assert_int_equal(after.generation, before.generation + 1);
}

static void nothing_is_answered_until_a_new_model_stands(void **state)
{
    struct wu_tracker_answer answer;

    (void)state;
    fake_suspended += NIGHT;
    for (int64_t waited = 0; waited < 500; waited++) {
        assert_int_equal(wu_tracker_query(tracker, NULL, &answer), ERROR_NOT_READY);
        fake_spend(1000000); /* until it is too old to be believed unread, too */
    }
}

static int readings_left; /* of the clock, until the machine sleeps */
static int64_t slept_at;

static void sleep_before_that_reading(void)
{
    if (readings_left-- != 0)
        return;
    fake_suspended += NIGHT;
    slept_at = fake_clock;
}

/* Wherever in a query the machine goes to sleep, the answer is for a time before that, or none. */
static void sleep_during_a_query_leaves_no_wrong_answer(void **state)
{
    enum { READINGS = 12 };

    (void)state;
    for (int reading = 0; reading < 2 * READINGS; reading++) {
        struct wu_tracker_answer answer;

        settle();
        if (reading >= READINGS)
            fake_spend(150000000); /* so that it is verified */
        readings_left = reading % READINGS;
        fake_before_clock = sleep_before_that_reading;
        const DWORD error = wu_tracker_query(tracker, NULL, &answer);
        fake_before_clock = NULL;

        if (readings_left >= 0)
            assert_int_equal(error, ERROR_SUCCESS);
        else if (error == ERROR_SUCCESS)
            assert_true(answer.time <= slept_at);
        else
            assert_int_equal(error, ERROR_NOT_READY);
    }
}

static void sleep_after_that_read(void)
{
    if (++readings_since_read == 2) /* the first is the end of the read */
        sleep_before_that_reading();
}

/* Among others after the last read, before what came of it is published. */
static void sleep_during_a_step_is_noticed_by_queries(void **state)
{
    int slept = 0;
    int published = 0;

    (void)state;
    for (int read = 0; read < 60; read++) {
        struct wu_tracker_answer answer;
        struct wu_frame_clock clock;

        settle();
        readings_left = read;
        fake_before_clock = sleep_after_that_read;
        step();
        fake_before_clock = NULL;

        if (readings_left >= 0)
            continue;
        slept++;
        published += wu_history_latest(&tracker->history, &clock);
        if (wu_tracker_query(tracker, NULL, &answer) == ERROR_SUCCESS)
            assert_right(&answer);
    }
    assert_true(published > 0 && published < slept);
}

static void time_of_day_that_is_set_changes_nothing(void **state)
{
    struct wu_tracker_answer before;
    struct wu_tracker_answer after;

    (void)state;
    assert_int_equal(wu_tracker_query(tracker, NULL, &before), ERROR_SUCCESS);

    for (int i = 0; i < 2; i++) {
        fake_time_of_day += i == 0 ? NIGHT : -2 * NIGHT;
        assert_int_equal(wu_tracker_query(tracker, NULL, &after), ERROR_SUCCESS);
        assert_false(tracker->urgent);
        step();
        assert_int_equal(wu_tracker_query(tracker, NULL, &after), ERROR_SUCCESS);
        assert_int_equal(after.generation, before.generation);
        assert_right(&after);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(first_query_after_a_sleep_notices_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nothing_is_answered_until_a_new_model_stands, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(sleep_during_a_query_leaves_no_wrong_answer, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(sleep_during_a_step_is_noticed_by_queries, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(time_of_day_that_is_set_changes_nothing, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
