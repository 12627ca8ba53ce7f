/*
 * wu_tracker on the real clock and with its real thread, against a simulated controller whose twin,
 * made from the same options, knows the truth.
 */
#include "cmocka_all.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "frame/sim.h"
#include "host/host.h"
#include "system.h"
#include "track/tracker_parts.h"

enum { PATIENCE = 60000 /* [ms] for what comes, however busy the machine */ };

static struct wu_tracker *tracker;
static struct wu_frame_source *twin;
static int64_t origin; /* [ns] when the simulation began */

/* A client whose device is there until the test takes it away. */
struct device {
    struct wu_tracker_client client; /* first member */
    _Atomic bool gone;
    _Atomic int lost;
};

static bool is_there(struct wu_tracker_client *client)
{
    return !((struct device *)client)->gone;
}

static void note_loss(struct wu_tracker_client *client)
{
    ((struct device *)client)->lost++;
}

static struct device new_device(void)
{
    return (struct device){ .client = { .present = is_there, .lost = note_loss } };
}

static int threads(void)
{
    const int count = system_threads();

    assert_true(count > 0);
    return count;
}

static void sleep_ms(int64_t ms)
{
    wu_host_sleep_until(wu_host_clock_now() + ms * 1000000);
}

/* A thread that has been joined is in the kernel's list for a moment more. */
static void await_threads(int count)
{
    for (int i = 0; i < PATIENCE && threads() != count; i++)
        sleep_ms(1);
    assert_int_equal(threads(), count);
}

/* Acquires the tracker of a simulated controller. */
static void acquire(const char *options)
{
    const struct wu_controller sim = wu_controller_sim();
    struct wu_sim_options parsed = wu_sim_defaults();
    char text[256];

    origin = wu_host_clock_now() / 1000000 * 1000000;
    snprintf(text, sizeof(text), "%s,origin=%lld", options, (long long)origin);
    assert_true(wu_sim_parse(text, &parsed));
    twin = wu_frame_sim_new(&parsed);
    assert_true(system_set_environment("WINUSB_FRAME_SOURCE", "sim"));
    assert_true(system_set_environment("WINUSB_SIM", text));
    assert_int_equal(wu_tracker_acquire(&sim, &tracker), ERROR_SUCCESS);
}

static void release(void)
{
    wu_tracker_release(tracker);
    twin->ops->destroy(twin);
}

/* Whether the counter shows the microframe after the time given, and not yet before it. */
static bool is_true(int64_t microframe, int64_t time, int64_t error)
{
    const int64_t before = wu_frame_sim_shown_at(twin, time - error - 1);
    const int64_t after = wu_frame_sim_shown_at(twin, time + error + 1);

    return ((before - microframe) & 0x3FFF) >= 0x2000 && ((after - microframe) & 0x3FFF) < 0x2000;
}

static void started_with_a_wait_it_answers_at_once_and_truly(void **unused)
{
    struct device device = new_device();
    struct wu_tracker_answer answer;

    (void)unused;
    acquire("drift=80,wander=6,seed=3");
    assert_int_equal(wu_tracker_start(tracker, &device.client, true), ERROR_SUCCESS);

    for (int i = 0; i < 500; i++) {
        assert_int_equal(wu_tracker_query(tracker, NULL, &answer), ERROR_SUCCESS);
        assert_true(is_true(answer.microframe, answer.microframe_time, answer.error));
        sleep_ms(1);
    }

    wu_tracker_stop(tracker, &device.client);
    release();
}

static void future_frames_come_when_said(void **unused)
{
    struct device device = new_device();
    struct wu_tracker_answer answer;

    (void)unused;
    acquire("drift=-60,seed=4");
    assert_int_equal(wu_tracker_start(tracker, &device.client, true), ERROR_SUCCESS);

    for (uint32_t ahead = 1; ahead < 200; ahead++) {
        assert_int_equal(wu_tracker_query(tracker, NULL, &answer), ERROR_SUCCESS);
        const struct wu_tracker_asked asked = { (uint32_t)(answer.microframe >> 3) + ahead,
                                                ahead % 8 };

        assert_int_equal(wu_tracker_query(tracker, &asked, &answer), ERROR_SUCCESS);
        const int64_t microframe = (int64_t)asked.frame * 8 + asked.microframe;

        assert_true(is_true(microframe, answer.asked_time, answer.error));
    }

    wu_tracker_stop(tracker, &device.client);
    release();
}

/* As the callers that are known do: they ask at once, and once only. */
static void started_without_insisting_it_answers_at_once(void **unused)
{
    enum { ROUNDS = 200 }; /* others may have the machine for 50 ms now and then */
    bool answered = false;

    (void)unused;
    for (int i = 0; i < ROUNDS && !answered; i++) {
        struct device device = new_device();
        struct wu_tracker_answer answer;

        acquire("seed=15");
        assert_int_equal(wu_tracker_start(tracker, &device.client, false), ERROR_SUCCESS);
        answered = wu_tracker_query(tracker, NULL, &answer) == ERROR_SUCCESS;
        wu_tracker_stop(tracker, &device.client);
        release();
    }
    assert_true(answered);
}

static void what_keeps_the_source_from_opening_is_reported(void **unused)
{
    const struct wu_controller sim = wu_controller_sim();
    struct device device = new_device();
    const int before = threads();
    uint32_t frame = 77;
    int64_t time = 78;

    (void)unused;
    assert_true(system_set_environment("WINUSB_FRAME_SOURCE", "sim"));
    assert_true(system_set_environment("WINUSB_SIM", "bits=888888888"));
    assert_int_equal(wu_tracker_acquire(&sim, &tracker), ERROR_SUCCESS);

    assert_int_equal(wu_tracker_start(tracker, &device.client, true), ERROR_INVALID_PARAMETER);
    assert_int_equal(wu_tracker_start(tracker, &device.client, false), ERROR_INVALID_PARAMETER);
    assert_int_equal(wu_tracker_current_frame(tracker, &frame, &time), ERROR_INVALID_PARAMETER);
    assert_int_equal(wu_tracker_open(tracker), ERROR_INVALID_PARAMETER);

    assert_int_equal(frame, 77);
    assert_int_equal(time, 78);
    wu_tracker_release(tracker);
    await_threads(before);
}

static void stop_ends_the_thread(void **unused)
{
    struct device device = new_device();
    struct wu_tracker_answer answer;
    const int before = threads();

    (void)unused;
    acquire("seed=5");
    await_threads(before);
    assert_int_equal(wu_tracker_start(tracker, &device.client, true), ERROR_SUCCESS);
    await_threads(before + 1);

    wu_tracker_stop(tracker, &device.client);

    await_threads(before);
    assert_int_equal(wu_tracker_query(tracker, NULL, &answer), ERROR_NOT_READY);
    wu_tracker_stop(tracker, &device.client);
    release();
}

static void clients_share_one_thread(void **unused)
{
    struct device first = new_device();
    struct device second = new_device();
    struct wu_tracker_answer answer;
    const int before = threads();

    (void)unused;
    acquire("seed=6");
    assert_int_equal(wu_tracker_start(tracker, &first.client, false), ERROR_SUCCESS);
    assert_int_equal(wu_tracker_start(tracker, &second.client, true), ERROR_SUCCESS);
    await_threads(before + 1);

    wu_tracker_stop(tracker, &first.client);

    await_threads(before + 1);
    assert_int_equal(wu_tracker_query(tracker, NULL, &answer), ERROR_SUCCESS);
    wu_tracker_stop(tracker, &second.client);
    release();
}

static void generation_grows_from_one_tracking_to_the_next(void **unused)
{
    struct device device = new_device();
    struct wu_tracker_answer answer;
    uint32_t generation;

    (void)unused;
    acquire("seed=7");
    assert_int_equal(wu_tracker_start(tracker, &device.client, true), ERROR_SUCCESS);
    assert_int_equal(wu_tracker_query(tracker, NULL, &answer), ERROR_SUCCESS);
    generation = answer.generation;
    wu_tracker_stop(tracker, &device.client);

    assert_int_equal(wu_tracker_start(tracker, &device.client, true), ERROR_SUCCESS);
    assert_int_equal(wu_tracker_query(tracker, NULL, &answer), ERROR_SUCCESS);
    assert_int_equal(answer.generation, generation + 1);
    wu_tracker_stop(tracker, &device.client);
    release();
}

static void lost_device_ends_its_tracking(void **unused)
{
    struct device device = new_device();
    struct wu_tracker_answer answer;
    const int before = threads();

    (void)unused;
    acquire("seed=8");
    assert_int_equal(wu_tracker_start(tracker, &device.client, true), ERROR_SUCCESS);

    device.gone = true;
    for (int i = 0; i < PATIENCE / 10 && threads() > before; i++)
        sleep_ms(10);

    assert_int_equal(device.lost, 1);
    await_threads(before);
    assert_int_equal(wu_tracker_query(tracker, NULL, &answer), ERROR_NOT_READY);
    wu_tracker_stop(tracker, &device.client);
    assert_int_equal(device.lost, 1);

    struct device next = new_device();
    assert_int_equal(wu_tracker_start(tracker, &next.client, true), ERROR_SUCCESS);
    wu_tracker_stop(tracker, &next.client);
    release();
}

static void device_that_is_gone_already_is_reported(void **unused)
{
    struct device device = new_device();

    (void)unused;
    acquire("seed=9");
    device.gone = true;
    assert_int_equal(wu_tracker_start(tracker, &device.client, true), ERROR_DEVICE_NOT_CONNECTED);
    release();
}

static void standing_counter_is_not_ready_when_the_documented_time_is_over(void **unused)
{
    struct device device = new_device();
    const int before = threads();

    (void)unused;
    acquire("stop=0.000001,outage=1000,seed=10");
    const int64_t began = wu_host_clock_now();
    assert_int_equal(wu_tracker_start(tracker, &device.client, true), ERROR_NOT_READY);

    assert_true(wu_host_clock_now() - began >= 1900000000);
    await_threads(before);
    release();
}

static void controller_without_power_is_not_ready(void **unused)
{
    uint32_t frame = 77;
    int64_t time = 78;

    (void)unused;
    acquire("absent=0.000001,outage=1000,seed=11");
    assert_int_equal(wu_tracker_current_frame(tracker, &frame, &time), ERROR_NOT_READY);
    assert_int_equal(frame, 77);
    assert_int_equal(time, 78);
    release();
}

static void frame_number_needs_no_tracking(void **unused)
{
    uint32_t first;
    uint32_t second;
    int64_t first_time;
    int64_t second_time;
    const int before = threads();

    (void)unused;
    acquire("drift=0,wander=0,seed=13");
    assert_int_equal(wu_tracker_current_frame(tracker, &first, &first_time), ERROR_SUCCESS);
    sleep_ms(100);
    assert_int_equal(wu_tracker_current_frame(tracker, &second, &second_time), ERROR_SUCCESS);

    assert_in_range((second_time - first_time) / 1000000 - (second - first) + 1, 0, 2);
    await_threads(before);
    release();
}

/* --- Everything at once ---------------------------------------------------------------------- */

static _Atomic bool stop_asking;

static void *ask_all_the_time(void *wrong)
{
    while (!stop_asking) {
        struct wu_tracker_answer answer;

        if (wu_tracker_query(tracker, NULL, &answer) != ERROR_SUCCESS)
            continue;
        if (!is_true(answer.microframe, answer.microframe_time, answer.error))
            ++*(int *)wrong;
    }
    return NULL;
}

static void queries_race_with_start_and_stop(void **unused)
{
    enum { ASKING = 3, ROUNDS = 60 };
    pthread_t asking[ASKING];
    int wrong[ASKING] = { 0 };

    (void)unused;
    acquire("drift=10,seed=14");
    stop_asking = false;
    for (int i = 0; i < ASKING; i++)
        assert_int_equal(pthread_create(&asking[i], NULL, ask_all_the_time, &wrong[i]), 0);
    for (int i = 0; i < ROUNDS; i++) {
        struct device device = new_device();

        assert_int_equal(wu_tracker_start(tracker, &device.client, i % 2), ERROR_SUCCESS);
        wu_tracker_stop(tracker, &device.client);
    }
    stop_asking = true;
    for (int i = 0; i < ASKING; i++) {
        pthread_join(asking[i], NULL);
        assert_int_equal(wrong[i], 0);
    }
    release();
}

/* --- A counter that jumps when it is told to, and can be held ------------------------------------
 */

/* Counts microframes of the clock; whoever opens or reads it in another thread than the test's can
 * be held. */
static struct {
    struct wu_frame_source base;
    const void *test;     /* the test's thread */
    _Atomic int64_t jump; /* [microframes] */
    _Atomic int reads;
    int own_reads;           /* those of them that the test's thread made */
    int64_t slow;            /* [ms] what the test's own reads take after the counter was latched */
    int slow_reads;          /* so many of which there are until it jumps during one */
    _Atomic bool holds_open; /* others... */
    _Atomic bool holds;
    _Atomic bool held; /* ...of whom there is one */
    _Atomic bool open;
} leaper;

static void hold_others(const _Atomic bool *holds)
{
    while (*holds && wu_host_thread_self() != leaper.test) {
        leaper.held = true;
        sleep_ms(1);
    }
    leaper.held = false;
}

static bool leaper_read(struct wu_frame_source *source, uint32_t *raw)
{
    (void)source;
    leaper.reads++;
    if (wu_host_thread_self() == leaper.test)
        leaper.own_reads++;
    hold_others(&leaper.holds);
    *raw = (uint32_t)(wu_host_clock_now() / 125000 + leaper.jump) & 0x3FFF;
    if (wu_host_thread_self() == leaper.test && leaper.slow > 0) {
        sleep_ms(leaper.slow);
        if (--leaper.slow_reads == 0)
            leaper.jump += 5000;
    }
    return true;
}

static void leaper_destroy(struct wu_frame_source *source)
{
    (void)source;
    leaper.open = false;
}

static DWORD leaper_open(void *context, struct wu_frame_source **source_out)
{
    static const struct wu_frame_source_ops ops = { "leaper", 14, 125000, leaper_read,
                                                    leaper_destroy };

    (void)context;
    hold_others(&leaper.holds_open);
    leaper.base.ops = &ops;
    leaper.open = true;
    *source_out = &leaper.base;
    return ERROR_SUCCESS;
}

static void acquire_leaper(void)
{
    const struct wu_controller controller = { .id = "leaper", .open = leaper_open };

    leaper.test = wu_host_thread_self();
    leaper.jump = 0;
    assert_true(system_set_environment("WINUSB_FRAME_SOURCE", "auto"));
    assert_int_equal(wu_tracker_acquire(&controller, &tracker), ERROR_SUCCESS);
}

static void await(const _Atomic bool *flag)
{
    for (int i = 0; i < PATIENCE && !*flag; i++)
        sleep_ms(1);
    assert_true(*flag);
}

static struct wu_tracker_answer await_answer(void)
{
    struct wu_tracker_answer answer;

    for (int i = 0; i < PATIENCE; i++) {
        if (wu_tracker_query(tracker, NULL, &answer) == ERROR_SUCCESS)
            return answer;
        sleep_ms(1);
    }
    fail_msg("no answer");
    return answer;
}

/* For as long as the tracker is reading, up to 100 ms, answers may still be of the one before. */
static struct wu_tracker_answer await_next_generation(uint32_t generation)
{
    struct wu_tracker_answer answer = await_answer();

    for (int i = 0; i < PATIENCE && answer.generation == generation; i++) {
        sleep_ms(1);
        answer = await_answer();
    }
    assert_int_equal(answer.generation, generation + 1);
    return answer;
}

/* @return the generation of its answers */
static uint32_t start_on_leaper(struct device *device)
{
    acquire_leaper();
    assert_int_equal(wu_tracker_start(tracker, &device->client, true), ERROR_SUCCESS);
    return await_answer().generation;
}

static void end_on_leaper(struct device *device)
{
    wu_tracker_stop(tracker, &device->client);
    wu_tracker_release(tracker);
}

/* Waits until the model has not been confirmed for long enough to be verified before it answers.
 * @return how often the counter has been read */
static int await_doubts(void)
{
    int64_t since = wu_host_clock_now();
    int reads = leaper.reads;

    while (wu_host_clock_now() - since < 110000000) {
        sleep_ms(1);
        if (leaper.reads == reads)
            continue;
        reads = leaper.reads;
        since = wu_host_clock_now();
    }
    return reads;
}

/* Nobody else reads the counter from then on, and it has not been read for long. */
static void hold_readers(void)
{
    int reads;

    do {
        leaper.holds = false;
        reads = await_doubts();
        leaper.holds = true;
    } while (leaper.reads != reads);
}

static void jump(void)
{
    leaper.jump += 5000;
}

enum { SINGLE_READS = 4 };

static void be_slow_and_jump(void)
{
    leaper.slow = 110;
    leaper.slow_reads = SINGLE_READS;
}

/*
 * Has something happen and asks, so that the query reads the counter itself: once more where the
 * tracker, on a busy machine, came first.
 *
 * @return the generation before that
 */
static uint32_t ask_alone(void (*happen)(void), DWORD *error_out)
{
    struct wu_tracker_answer answer;
    struct wu_frame_clock clock;
    int own_reads;

    do {
        leaper.slow = 0;
        hold_readers();
        assert_true(wu_history_latest(&tracker->history, &clock));
        own_reads = leaper.own_reads;
        happen();
        *error_out = wu_tracker_query(tracker, NULL, &answer);
    } while (leaper.own_reads == own_reads);
    leaper.slow = 0;
    return (uint32_t)clock.generation;
}

/* The tracker sleeps for up to a second, but a query does not believe a model older than 100 ms.
 * The one that has found out holds the counter no longer when the next one asks. */
static void wrong_model_is_believed_by_nobody(void **unused)
{
    struct device device = new_device();
    struct wu_tracker_answer answer;
    uint32_t generation;
    DWORD error;

    (void)unused;
    start_on_leaper(&device);

    generation = ask_alone(jump, &error);
    assert_int_equal(error, ERROR_NOT_READY);
    await(&leaper.held);
    assert_int_equal(wu_tracker_query(tracker, NULL, &answer), ERROR_NOT_READY);

    leaper.holds = false;
    answer = await_next_generation(generation);

    const int64_t truth = (answer.microframe_time + 62500) / 125000 + leaper.jump;
    assert_int_equal((truth - answer.microframe) & 0x3FFF, 0);
    end_on_leaper(&device);
}

/* The poller's read has not come to an end, and 100 ms later nobody takes that for a good sign. */
static void model_that_cannot_be_verified_is_not_believed(void **unused)
{
    const struct wu_tracker_asked asked = { .frame = 1 };
    struct device device = new_device();
    struct wu_tracker_answer answer;
    uint32_t generation;

    (void)unused;
    generation = start_on_leaper(&device);
    leaper.holds = true;
    await(&leaper.held);
    leaper.jump = 5000;
    sleep_ms(110);

    for (int i = 0; i < 100; i++) {
        assert_int_equal(wu_tracker_query(tracker, NULL, &answer), ERROR_NOT_READY);
        assert_int_equal(wu_tracker_query(tracker, &asked, &answer), ERROR_NOT_READY);
        sleep_ms(1);
    }
    assert_true(leaper.held);

    leaper.holds = false;
    await_next_generation(generation);
    end_on_leaper(&device);
}

/* That the counter was where it should be when a read began says nothing of when it ended: not even
 * of the last that is made to get a quick one. */
static void slow_read_does_not_speak_for_its_end(void **unused)
{
    struct device device = new_device();
    uint32_t generation;
    DWORD error;

    (void)unused;
    start_on_leaper(&device);

    generation = ask_alone(be_slow_and_jump, &error);
    assert_int_equal(error, ERROR_NOT_READY);

    leaper.holds = false;
    await_next_generation(generation);
    end_on_leaper(&device);
}

/* Whoever waited for the read would wait for ever: it ends when the test says so, at its end. */
static void start_does_not_wait_for_a_read_that_does_not_end(void **unused)
{
    struct device insisting = new_device();
    struct device patient = new_device();
    struct wu_tracker_answer answer;
    const int before = threads();

    (void)unused;
    acquire_leaper();
    leaper.holds = true;
    assert_int_equal(wu_tracker_start(tracker, &insisting.client, true), ERROR_NOT_READY);
    assert_int_equal(wu_tracker_start(tracker, &patient.client, false), ERROR_SUCCESS);
    assert_int_equal(wu_tracker_query(tracker, NULL, &answer), ERROR_NOT_READY);
    assert_true(leaper.held);

    leaper.holds = false;
    await_answer();
    end_on_leaper(&patient);
    await_threads(before);
}

static void start_does_not_wait_for_a_source_that_does_not_open(void **unused)
{
    struct device insisting = new_device();
    struct device patient = new_device();

    (void)unused;
    acquire_leaper();
    leaper.holds_open = true;
    assert_int_equal(wu_tracker_start(tracker, &patient.client, false), ERROR_SUCCESS);
    assert_int_equal(wu_tracker_start(tracker, &insisting.client, true), ERROR_NOT_READY);
    assert_true(leaper.held);

    leaper.holds_open = false;
    await_answer();
    end_on_leaper(&patient);
}

static void stop_does_not_wait_for_a_read_that_does_not_end(void **unused)
{
    struct device first = new_device();
    struct device second = new_device();

    (void)unused;
    start_on_leaper(&first);
    leaper.holds = true;
    await(&leaper.held);
    wu_tracker_stop(tracker, &first.client);
    assert_true(leaper.held);

    assert_int_equal(wu_tracker_start(tracker, &second.client, false), ERROR_SUCCESS);
    assert_true(leaper.held);
    leaper.holds = false;
    await_answer();
    end_on_leaper(&second);
}

static void *let_go_later(void *unused)
{
    (void)unused;
    sleep_ms(50);
    leaper.holds = false;
    return NULL;
}

static void last_release_waits_for_a_read_before_it_closes(void **unused)
{
    struct device device = new_device();
    const int before = threads();
    pthread_t helper;

    (void)unused;
    acquire_leaper();
    leaper.holds = true;
    assert_int_equal(wu_tracker_start(tracker, &device.client, false), ERROR_SUCCESS);
    await(&leaper.held);
    wu_tracker_stop(tracker, &device.client);
    assert_true(leaper.open);

    assert_int_equal(pthread_create(&helper, NULL, let_go_later, NULL), 0);
    wu_tracker_release(tracker);
    assert_false(leaper.holds);
    assert_false(leaper.held);
    assert_false(leaper.open);
    pthread_join(helper, NULL);
    await_threads(before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(started_with_a_wait_it_answers_at_once_and_truly),
        cmocka_unit_test(future_frames_come_when_said),
        cmocka_unit_test(started_without_insisting_it_answers_at_once),
        cmocka_unit_test(what_keeps_the_source_from_opening_is_reported),
        cmocka_unit_test(stop_ends_the_thread),
        cmocka_unit_test(clients_share_one_thread),
        cmocka_unit_test(generation_grows_from_one_tracking_to_the_next),
        cmocka_unit_test(lost_device_ends_its_tracking),
        cmocka_unit_test(device_that_is_gone_already_is_reported),
        cmocka_unit_test(standing_counter_is_not_ready_when_the_documented_time_is_over),
        cmocka_unit_test(controller_without_power_is_not_ready),
        cmocka_unit_test(frame_number_needs_no_tracking),
        cmocka_unit_test(queries_race_with_start_and_stop),
        cmocka_unit_test(wrong_model_is_believed_by_nobody),
        cmocka_unit_test(model_that_cannot_be_verified_is_not_believed),
        cmocka_unit_test(slow_read_does_not_speak_for_its_end),
        cmocka_unit_test(start_does_not_wait_for_a_read_that_does_not_end),
        cmocka_unit_test(start_does_not_wait_for_a_source_that_does_not_open),
        cmocka_unit_test(stop_does_not_wait_for_a_read_that_does_not_end),
        cmocka_unit_test(last_release_waits_for_a_read_before_it_closes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
