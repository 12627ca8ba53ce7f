/*
 * Pairs of frame and time, from many threads on few processors: whatever interrupts a question, the
 * frame is that of the time it comes with. On the real clock, against a simulated controller whose
 * twin knows the truth.
 */
#include "cmocka_all.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "frame/sim.h"
#include "host/host.h"
#include "track/tracker.h"

enum { THREADS = 8, BATCH = 1000 };

static const int64_t PAIRS = 10000000;      /* in all... */
static const int64_t PATIENCE = 8000000000; /* [ns] ...or as many as there is time for */
static const int64_t BOUND = 100000;        /* [ns] of a frame number alone */
static const char OPTIONS[] = "drift=50,wander=2,seed=21"; /* and an origin */

static struct wu_tracker *tracker;
static struct wu_frame_source *twin;
static int64_t until; /* [ns] */

static _Atomic int64_t asked;
static _Atomic int64_t withheld;
static _Atomic int64_t wrong;
static _Atomic int64_t worst; /* [ns] an error's bound */

/* Whether the microframes [first, end) are current within @p error of a time. */
static bool is_current(int64_t first, int64_t end, int64_t time, int64_t error)
{
    return wu_frame_sim_index_at(twin, time + error + 1) >= first &&
           wu_frame_sim_index_at(twin, time - error - 1) < end;
}

static void note_worst(int64_t error)
{
    int64_t before = worst;

    while (error > before && !atomic_compare_exchange_weak(&worst, &before, error))
        ;
}

static void ask_for_microframe(void)
{
    struct wu_tracker_answer answer;

    if (wu_tracker_query(tracker, NULL, &answer) != ERROR_SUCCESS) {
        withheld++;
        return;
    }
    note_worst(answer.error);
    wrong += !is_current(answer.microframe, answer.microframe + 1, answer.time, answer.error);
}

static void ask_for_frame(void)
{
    uint32_t frame;
    int64_t time;

    if (wu_tracker_current_frame(tracker, &frame, &time) != ERROR_SUCCESS) {
        withheld++;
        return;
    }
    wrong += !is_current((int64_t)frame * 8, (int64_t)frame * 8 + 8, time, BOUND);
}

static void *ask_all_the_time(void *unused)
{
    (void)unused;
    while (asked < PAIRS && wu_host_clock_now() < until) {
        for (int i = 0; i < BATCH / 2; i++) {
            ask_for_microframe();
            ask_for_frame();
        }
        asked += BATCH;
    }
    return NULL;
}

static bool is_there(struct wu_tracker_client *client)
{
    (void)client;
    return true;
}

static void note_loss(struct wu_tracker_client *client)
{
    (void)client;
}

/* Makes a twin of the controller that the tracker follows, whose count begins with its first read.
 */
static void acquire(void)
{
    const struct wu_controller sim = wu_controller_sim();
    struct wu_sim_options options = wu_sim_defaults();
    char text[128];

    snprintf(text, sizeof(text), "%s,origin=%lld", OPTIONS,
             (long long)(wu_host_clock_now() / 1000000 * 1000000));
    assert_true(wu_sim_parse(text, &options));
    twin = wu_frame_sim_new(&options);
    assert_non_null(twin);
    setenv("WINUSB_FRAME_SOURCE", "sim", 1);
    setenv("WINUSB_SIM", text, 1);
    assert_int_equal(wu_tracker_acquire(&sim, &tracker), ERROR_SUCCESS);
}

static void every_frame_is_that_of_its_time(void **unused)
{
    struct wu_tracker_client client = { .present = is_there, .lost = note_loss };
    pthread_t threads[THREADS];

    (void)unused;
    acquire();
    assert_int_equal(wu_tracker_start(tracker, &client, true), ERROR_SUCCESS);
    wu_host_sleep_until(wu_host_clock_now() + 500000000); /* until the rate is known as well */

    until = wu_host_clock_now() + PATIENCE;
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask_all_the_time, NULL), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);

    printf("sim: %lld pairs of frame and time in %d threads: %lld wrong, %lld withheld; largest "
           "bound %.1f us\n",
           (long long)asked, (int)THREADS, (long long)wrong, (long long)withheld,
           (double)worst / 1e3);
    assert_int_equal(wrong, 0);
    assert_true(withheld < asked);
    wu_tracker_stop(tracker, &client);
    wu_tracker_release(tracker);
    twin->ops->destroy(twin);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_frame_is_that_of_its_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
