/* host.h on this machine, ntstatus.h and the log. */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/host.h"
#include "host/ntstatus.h"
#include "system.h"

enum { MS = 1000000 };

/* --- Clock --------------------------------------------------------------------------------- */

static void clock_never_goes_back(void **state)
{
    int64_t before = wu_host_clock_now();

    (void)state;
    for (int i = 0; i < 100000; i++) {
        const int64_t now = wu_host_clock_now();

        assert_true(now >= before);
        before = now;
    }
}

static void clock_error_is_more_than_nothing_and_less_than_two_microseconds(void **state)
{
    (void)state;
    assert_in_range(wu_host_clock_error(), 1, 2000);
}

static void counter_and_clock_convert_into_each_other(void **state)
{
    const int64_t times[] = { 0, 1, 99, 100, 101, 12345678901234, INT64_MAX / 200 };

    (void)state;
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        const int64_t qpc = wu_host_qpc_from_clock(times[i]);

        assert_true(wu_host_clock_from_qpc(qpc) <= times[i]);
        assert_true(wu_host_clock_from_qpc(qpc + 1) > times[i]);
        assert_int_equal(wu_host_qpc_from_clock(wu_host_clock_from_qpc(qpc)), qpc);
    }
    assert_int_equal(wu_host_qpc_from_clock(-1), -1);
    assert_int_equal(wu_host_qpc_from_clock(1000000000), wu_host_qpc_frequency());
}

static void machine_that_does_not_sleep_has_slept_no_longer(void **state)
{
    const int64_t before = wu_host_clock_suspended();

    (void)state;
    assert_in_range(wu_host_clock_suspended() - before + MS, 0, 2 * MS);
}

/* One that was interrupted between its two halves may be off. */
static void sign_of_sleep_stays_while_the_machine_runs(void **unused)
{
    enum { SIGNS = 50 };
    int64_t before = wu_host_clock_sleep_sign();
    int same = 0;

    (void)unused;
    for (int i = 0; i < SIGNS; i++) {
        const int64_t sign = wu_host_clock_sleep_sign();

        same += llabs(sign - before) < WU_SLEEP_SIGN;
        before = sign;
        wu_host_sleep_until(wu_host_clock_now() + MS);
    }

    assert_true(same > SIGNS / 2);
}

static void sleep_ends_no_sooner_than_asked(void **state)
{
    const int64_t when = wu_host_clock_now() + 2 * MS;

    (void)state;
    wu_host_sleep_until(when);
    assert_true(wu_host_clock_now() >= when);
    wu_host_sleep_until(0);
    wu_host_sleep_until(INT64_MIN);
}

/* --- Threads ------------------------------------------------------------------------------- */

struct handshake {
    struct wu_host_mutex mutex;
    struct wu_host_cond changed;
    bool asked;
    bool answered;
};

static void answer(void *opaque)
{
    struct handshake *handshake = opaque;

    wu_host_mutex_lock(&handshake->mutex);
    while (!handshake->asked)
        wu_host_cond_wait(&handshake->changed, &handshake->mutex);
    handshake->answered = true;
    wu_host_cond_broadcast(&handshake->changed);
    wu_host_mutex_unlock(&handshake->mutex);
}

static void threads_wake_each_other(void **state)
{
    struct handshake handshake = { .asked = false };
    struct wu_host_thread thread;

    (void)state;
    wu_host_mutex_init(&handshake.mutex);
    wu_host_cond_init(&handshake.changed);
    assert_true(wu_host_thread_start(&thread, answer, &handshake));

    wu_host_mutex_lock(&handshake.mutex);
    handshake.asked = true;
    wu_host_cond_broadcast(&handshake.changed);
    while (!handshake.answered)
        assert_true(wu_host_cond_wait_until(&handshake.changed, &handshake.mutex, INT64_MAX));
    wu_host_mutex_unlock(&handshake.mutex);

    wu_host_thread_join(&thread);
    wu_host_cond_destroy(&handshake.changed);
    wu_host_mutex_destroy(&handshake.mutex);
}

static void wait_for_nothing_ends_when_the_time_has_come(void **state)
{
    const int64_t when = wu_host_clock_now() + 2 * MS;
    struct wu_host_mutex mutex = WU_HOST_MUTEX_INIT;
    struct wu_host_cond never;

    (void)state;
    wu_host_cond_init(&never);
    wu_host_mutex_lock(&mutex);

    while (wu_host_cond_wait_until(&never, &mutex, when))
        ;

    assert_true(wu_host_clock_now() >= when);
    assert_false(wu_host_cond_wait_until(&never, &mutex, 0));
    assert_false(wu_host_cond_wait_until(&never, &mutex, INT64_MIN));
    wu_host_mutex_unlock(&mutex);
    wu_host_cond_destroy(&never);
}

static void locked_mutex_cannot_be_tried(void **state)
{
    struct wu_host_mutex mutex = WU_HOST_MUTEX_INIT;

    (void)state;
    assert_true(wu_host_mutex_try_lock(&mutex));
    assert_false(wu_host_mutex_try_lock(&mutex));
    wu_host_mutex_unlock(&mutex);
}

static void wait_that_nobody_ends_lasts_until_its_end_is_reached(void **state)
{
    const int waits[] = { 1, 15, 17, 40 }; /* [ms] clock interrupts may be 16 ms apart */
    struct wu_host_mutex mutex = WU_HOST_MUTEX_INIT;
    struct wu_host_cond never;

    (void)state;
    wu_host_cond_init(&never);
    wu_host_mutex_lock(&mutex);

    for (size_t i = 0; i < sizeof waits / sizeof waits[0]; i++) {
        const int64_t when = wu_host_clock_now() + waits[i] * MS;

        while (wu_host_cond_wait_until(&never, &mutex, when))
            ;
        assert_true(wu_host_clock_now() >= when);
        assert_false(wu_host_mutex_try_lock(&mutex));
    }

    wu_host_mutex_unlock(&mutex);
    wu_host_cond_destroy(&never);
}

static void enter(void *opaque)
{
    struct handshake *handshake = opaque;

    wu_host_mutex_lock(&handshake->mutex);
    handshake->answered = true;
    wu_host_mutex_unlock(&handshake->mutex);
}

static void short_wait_lets_others_in(void **state)
{
    struct handshake handshake = { .asked = false };
    struct wu_host_thread thread;

    (void)state;
    wu_host_mutex_init(&handshake.mutex);
    wu_host_cond_init(&handshake.changed);
    wu_host_mutex_lock(&handshake.mutex);
    assert_true(wu_host_thread_start(&thread, enter, &handshake));

    while (!handshake.answered)
        wu_host_cond_wait_until(&handshake.changed, &handshake.mutex, wu_host_clock_now() + 3 * MS);

    wu_host_mutex_unlock(&handshake.mutex);
    wu_host_thread_join(&thread);
    wu_host_cond_destroy(&handshake.changed);
    wu_host_mutex_destroy(&handshake.mutex);
}

enum { COUNTERS = 4, COUNTS = 20000 };

struct counter {
    struct wu_host_mutex mutex;
    int count; /* [mutex] */
    const void *self[COUNTERS];
    _Atomic int started;
};

static void count(void *opaque)
{
    struct counter *counter = opaque;

    counter->self[counter->started++] = wu_host_thread_self();
    for (int i = 0; i < COUNTS; i++) {
        wu_host_mutex_lock(&counter->mutex);
        counter->count++;
        wu_host_mutex_unlock(&counter->mutex);
    }
    while (counter->started < COUNTERS) /* until then, all of them live */
        wu_host_sleep_until(wu_host_clock_now() + MS);
}

static void mark(void *item)
{
    ++*(unsigned char *)item;
}

static void each_item_of_a_crowd_is_seen_to_once(void **state)
{
    unsigned char items[100] = { 0 }, expected[100];

    (void)state;

    for (size_t count = 0; count <= sizeof(items); count++) {
        memset(items, 0, sizeof(items));
        memset(expected, 0, sizeof(expected));
        memset(expected, 1, count);
        wu_host_run_together(mark, items, 1, count);
        assert_memory_equal(items, expected, sizeof(items));
    }
}

static void threads_are_told_apart_and_kept_apart_by_a_mutex(void **state)
{
    struct counter counter = { .count = 0 };
    struct wu_host_thread threads[COUNTERS];

    (void)state;
    wu_host_mutex_init(&counter.mutex);
    for (int i = 0; i < COUNTERS; i++)
        assert_true(wu_host_thread_start(&threads[i], count, &counter));
    for (int i = 0; i < COUNTERS; i++)
        wu_host_thread_join(&threads[i]);
    wu_host_mutex_destroy(&counter.mutex);

    assert_int_equal(counter.count, COUNTERS * COUNTS);
    for (int i = 0; i < COUNTERS; i++) {
        assert_ptr_not_equal(counter.self[i], wu_host_thread_self());
        for (int j = 0; j < i; j++)
            assert_ptr_not_equal(counter.self[i], counter.self[j]);
    }
    assert_ptr_equal(wu_host_thread_self(), wu_host_thread_self());
    assert_false(wu_host_is_ending());
}

/* --- NTSTATUS ------------------------------------------------------------------------------ */

static void statuses_have_the_errors_that_windows_gives_them(void **state)
{
    static const struct {
        uint32_t status;
        DWORD error;
    } examples[] = {
        { 0x00000000, 0 },    { 0x00000103, 997 },  { 0x80000005, 234 }, { 0xC0000001, 31 },
        { 0xC000000D, 87 },   { 0xC000000E, 433 },  { 0xC0000010, 1 },   { 0xC0000017, 8 },
        { 0xC0000022, 5 },    { 0xC0000023, 122 },  { 0xC0000056, 5 },   { 0xC000009A, 1450 },
        { 0xC000009C, 23 },   { 0xC000009D, 1167 }, { 0xC00000A3, 21 },  { 0xC00000B5, 121 },
        { 0xC00000BB, 50 },   { 0xC0000120, 995 },  { 0xC0000184, 22 },  { 0xC0000185, 1117 },
        { 0xC0000186, 1117 }, { 0xC0000225, 1168 }, { 0xC0FFFFFF, 317 }, { 0x40000000, 0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++)
        assert_int_equal(wu_error_of_status((LONG)examples[i].status), examples[i].error);
}

static void error_survives_the_way_through_a_status(void **state)
{
    const DWORD errors[] = { 0,  1,   5,   6,   8,   21,  22,   23,   31,   50,
                             87, 121, 122, 234, 433, 995, 1117, 1167, 1168, 1450 };

    (void)state;
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++)
        assert_int_equal(wu_error_of_status(wu_status_of_error(errors[i])), errors[i]);
    assert_int_equal(wu_error_of_status(wu_status_of_error(54321)), ERROR_GEN_FAILURE);
}

/* --- Log ----------------------------------------------------------------------------------- */

/* What wu_log() writes to stderr at one level, when WINUSB_LOG asks for another. */
static void log_to(char *text, size_t size, const char *asked, enum wu_log_level level)
{
    FILE *file = tmpfile();
    const int stderr_before = dup(STDERR_FILENO);

    assert_true(system_set_environment("WINUSB_LOG", asked));
    dup2(fileno(file), STDERR_FILENO);
    wu_log(level, "%d devices", 3);
    dup2(stderr_before, STDERR_FILENO);
    close(stderr_before);

    rewind(file);
    text[fread(text, 1, size - 1, file)] = '\0';
    fclose(file);
}

static void log_writes_what_is_asked_for_and_nothing_else(void **state)
{
    static const char *const levels[] = { "", "error", "warn", "info", "debug", "nonsense" };
    char text[100], expected[100];

    (void)state;
    for (int asked = 0; asked < 6; asked++)
        for (int level = WU_LOG_ERROR; level <= WU_LOG_DEBUG; level++) {
            log_to(text, sizeof text, levels[asked], (enum wu_log_level)level);
            snprintf(expected, sizeof expected, "winusb: %s: 3 devices\n", levels[level]);
            assert_string_equal(text, asked < 5 && level <= asked ? expected : "");
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clock_never_goes_back),
        cmocka_unit_test(clock_error_is_more_than_nothing_and_less_than_two_microseconds),
        cmocka_unit_test(counter_and_clock_convert_into_each_other),
        cmocka_unit_test(machine_that_does_not_sleep_has_slept_no_longer),
        cmocka_unit_test(sign_of_sleep_stays_while_the_machine_runs),
        cmocka_unit_test(sleep_ends_no_sooner_than_asked),
        cmocka_unit_test(threads_wake_each_other),
        cmocka_unit_test(wait_for_nothing_ends_when_the_time_has_come),
        cmocka_unit_test(wait_that_nobody_ends_lasts_until_its_end_is_reached),
        cmocka_unit_test(short_wait_lets_others_in),
        cmocka_unit_test(threads_are_told_apart_and_kept_apart_by_a_mutex),
        cmocka_unit_test(locked_mutex_cannot_be_tried),
        cmocka_unit_test(each_item_of_a_crowd_is_seen_to_once),
        cmocka_unit_test(statuses_have_the_errors_that_windows_gives_them),
        cmocka_unit_test(error_survives_the_way_through_a_status),
        cmocka_unit_test(log_writes_what_is_asked_for_and_nothing_else),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
