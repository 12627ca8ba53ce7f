/* wu_history: the latch and the ring, alone and with readers beside the writer. */
#include "cmocka_all.h"

#include <pthread.h>
#include <string.h>

#include "track/history.h"

static struct wu_history history;

static int empty(void **unused)
{
    (void)unused;
    memset(&history, 0, sizeof(history));
    return 0;
}

/* A model whose every number follows from its microframe, so that a torn copy shows. */
static struct wu_frame_clock clock_at(int64_t m, uint64_t generation)
{
    struct wu_frame_clock clock = {
        .generation = generation,
        .valid = 1,
        .m_ref = m,
        .t_ref = m * WU_MICROFRAME,
        .last_read = m * WU_MICROFRAME,
        .wander = 1e-7,
        .polygon.count = 3 + m % 20,
    };

    for (int64_t i = 0; i < clock.polygon.count; i++)
        clock.polygon.vertex[i] = (struct wu_vertex){ (i % 2 ? 1e-6 : -1e-6), (double)(m % 1000) };
    return clock;
}

static void assert_whole(const struct wu_frame_clock *clock)
{
    const struct wu_frame_clock expected = clock_at(clock->m_ref, clock->generation);

    assert_memory_equal(clock, &expected,
                        offsetof(struct wu_frame_clock, polygon.vertex) +
                            (size_t)expected.polygon.count * sizeof(struct wu_vertex));
}

static void publish(int64_t m, uint64_t generation)
{
    const struct wu_frame_clock clock = clock_at(m, generation);

    wu_history_publish(&history, &clock);
}

static void empty_history_has_no_answer(void **unused)
{
    struct wu_frame_clock clock;

    (void)unused;
    assert_false(wu_history_latest(&history, &clock));
}

static void latest_is_what_was_published(void **unused)
{
    struct wu_frame_clock clock;

    (void)unused;
    publish(8000, 1);
    publish(8007, 1);

    assert_true(wu_history_latest(&history, &clock));
    assert_int_equal(clock.m_ref, 8007);
    assert_whole(&clock);
}

static void withheld_answers_come_back_with_the_next_model(void **unused)
{
    struct wu_frame_clock clock;

    (void)unused;
    publish(8000, 1);
    wu_history_withhold(&history);
    assert_false(wu_history_latest(&history, &clock));

    publish(9000, 2);
    assert_true(wu_history_latest(&history, &clock));
}

/* Samples a second apart; a second away a bound of theirs is 1 us, 100 s away 100 us and more. */
static void past_frames_keep_the_bound_of_their_time(void **unused)
{
    struct wu_frame_clock latest;

    (void)unused;
    for (int64_t second = 1; second <= 200; second++)
        publish(second * 8000, 1);
    assert_true(wu_history_latest(&history, &latest));

    for (int64_t m = 8000; m < 200 * 8000; m += 3777) {
        const struct wu_bounds bounds = wu_history_bounds(&history, &latest, m);

        assert_true(bounds.hi - bounds.lo <= 2 * 1101 + 4);
    }
    const struct wu_bounds near = wu_history_bounds(&history, &latest, 100 * 8000 + 8);
    assert_true(near.hi - near.lo <= 10); /* by the sample before, not the one after */
    assert_true(wu_frame_clock_bounds(&latest, 100 * 8000).hi -
                    wu_frame_clock_bounds(&latest, 100 * 8000).lo >
                200000);
}

static void older_than_the_ring_is_the_oldest_run_backward(void **unused)
{
    struct wu_frame_clock latest;

    (void)unused;
    for (int64_t second = 1; second <= 400; second++)
        publish(second * 8000, 1);
    assert_true(wu_history_latest(&history, &latest));

    const struct wu_bounds bounds = wu_history_bounds(&history, &latest, 8000);
    const struct wu_frame_clock oldest = clock_at((400 - WU_RING + 2) * 8000, 1);
    const struct wu_bounds expected = wu_frame_clock_bounds(&oldest, 8000);

    assert_int_equal(bounds.lo, expected.lo);
    assert_int_equal(bounds.hi, expected.hi);
}

static void another_generation_is_not_asked(void **unused)
{
    struct wu_frame_clock latest;

    (void)unused;
    publish(8000, 1);
    publish(16000, 2);
    assert_true(wu_history_latest(&history, &latest));

    const struct wu_bounds bounds = wu_history_bounds(&history, &latest, 8000);
    const struct wu_bounds expected = wu_frame_clock_bounds(&latest, 8000);

    assert_int_equal(bounds.lo, expected.lo);
    assert_int_equal(bounds.hi, expected.hi);
}

/* A sample whose counter is 8 us off from that of the one before it. */
static void samples_that_contradict_each_other_are_both_allowed(void **unused)
{
    const struct wu_frame_clock early = clock_at(8000, 1);
    struct wu_frame_clock late = clock_at(16000, 1);
    const int64_t microframe = 12000;

    (void)unused;
    late.t_ref -= 8000;
    wu_history_publish(&history, &early);
    wu_history_publish(&history, &late);

    const struct wu_bounds one = wu_frame_clock_bounds(&early, microframe);
    const struct wu_bounds other = wu_frame_clock_bounds(&late, microframe);
    const struct wu_bounds bounds = wu_history_bounds(&history, &late, microframe);

    assert_true(other.hi < one.lo);
    assert_int_equal(bounds.lo, other.lo);
    assert_int_equal(bounds.hi, one.hi);
}

static void samples_are_50_ms_apart(void **unused)
{
    (void)unused;
    for (int64_t m = 8000; m < 8000 + 4000; m += 40) /* 5 ms */
        publish(m, 1);

    assert_int_equal(atomic_load(&history.next), 10);
}

static void answer_dates_now_and_the_asked_frame(void **unused)
{
    struct wu_frame_clock latest;

    (void)unused;
    publish(8000, 1);
    assert_true(wu_history_latest(&history, &latest));

    const struct wu_tracker_asked asked = { 1002, 3 };
    const struct wu_tracker_answer answer =
        wu_history_answer(&history, &latest, 8004 * 125000 + 60000, &asked);

    assert_int_equal(answer.microframe, 8004);
    assert_in_range(answer.microframe_time, 8004 * 125000 - 10, 8004 * 125000 + 10);
    assert_in_range(answer.asked_time, 8019 * 125000 - 10, 8019 * 125000 + 10);
    assert_int_equal(answer.generation, 1);
    assert_true(answer.error >= 1);
}

static void asked_frames_wrap_at_32_bits(void **unused)
{
    const int64_t m = ((INT64_C(1) << 32) + 5) * 8; /* five frames after the wrap */
    struct wu_frame_clock latest = clock_at(0, 1);

    (void)unused;
    latest.m_ref = m;
    wu_history_publish(&history, &latest);

    const struct wu_tracker_asked before = { UINT32_MAX, 0 };
    const struct wu_tracker_asked after = { 6, 0 };

    assert_in_range(wu_history_answer(&history, &latest, 1, &before).asked_time + 6000000, 0, 2000);
    assert_in_range(wu_history_answer(&history, &latest, 1, &after).asked_time, 999000, 1001000);
}

/* --- Readers beside the writer --------------------------------------------------------------- */

enum { READERS = 3, PUBLICATIONS = 200000 };

static _Atomic int done;

static void *read_all_the_time(void *torn)
{
    while (!atomic_load(&done)) {
        struct wu_frame_clock clock;

        if (!wu_history_latest(&history, &clock))
            continue;

        const struct wu_frame_clock expected = clock_at(clock.m_ref, clock.generation);
        const size_t size = offsetof(struct wu_frame_clock, polygon.vertex) +
                            (size_t)expected.polygon.count * sizeof(struct wu_vertex);

        if (memcmp(&clock, &expected, size) != 0)
            ++*(uint64_t *)torn;

        /* Samples are 50 ms apart: one mixed of two is off by that. A reader that slept while the
         * ring went round gets bounds from far away, which say nothing. */
        const int64_t m = clock.m_ref - (WU_RING - 3) * 400; /* being overwritten */
        const struct wu_bounds bounds = wu_history_bounds(&history, &clock, m);
        const int64_t nominal = m * WU_MICROFRAME;
        struct wu_frame_clock later;

        if (m > 0 && wu_history_latest(&history, &later) && later.m_ref - m < 400000 &&
            (bounds.lo < nominal - 1000000 || bounds.hi > nominal + 1000000))
            ++*(uint64_t *)torn;
    }
    return NULL;
}

static void readers_never_see_a_torn_model(void **unused)
{
    pthread_t reader[READERS];
    uint64_t torn[READERS] = { 0 };

    (void)unused;
    atomic_store(&done, 0);
    for (int i = 0; i < READERS; i++)
        assert_int_equal(pthread_create(&reader[i], NULL, read_all_the_time, &torn[i]), 0);
    for (int64_t i = 1; i <= PUBLICATIONS; i++)
        publish(i * 400, 1);
    atomic_store(&done, 1);
    for (int i = 0; i < READERS; i++) {
        pthread_join(reader[i], NULL);
        assert_int_equal(torn[i], 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(empty_history_has_no_answer, empty),
        cmocka_unit_test_setup(latest_is_what_was_published, empty),
        cmocka_unit_test_setup(withheld_answers_come_back_with_the_next_model, empty),
        cmocka_unit_test_setup(past_frames_keep_the_bound_of_their_time, empty),
        cmocka_unit_test_setup(older_than_the_ring_is_the_oldest_run_backward, empty),
        cmocka_unit_test_setup(another_generation_is_not_asked, empty),
        cmocka_unit_test_setup(samples_that_contradict_each_other_are_both_allowed, empty),
        cmocka_unit_test_setup(samples_are_50_ms_apart, empty),
        cmocka_unit_test_setup(answer_dates_now_and_the_asked_frame, empty),
        cmocka_unit_test_setup(asked_frames_wrap_at_32_bits, empty),
        cmocka_unit_test_setup(readers_never_see_a_torn_model, empty),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
