/* track/ticks.c with each of Linux's own clocks in the place of QueryPerformanceCounter. */
#include "cmocka_all.h"

#include "host/host.h"
#include "track/ticks.h"

enum { TICK = 100 /* [ns] */, ASKED = 20000 };

static enum wu_host_clock counter;

int64_t wu_host_qpc_now(void)
{
    return wu_host_clock_read(counter) / TICK;
}

bool wu_host_qpc_is_clock(void)
{
    return false;
}

/* What is told of a time that was read between two readings of the counter's clock. */
static int64_t assert_asked(void)
{
    struct wu_ticks ticks;
    int64_t before, time, after;

    assert_int_equal(wu_ticks_begin(&ticks), ERROR_SUCCESS);
    before = wu_host_clock_read(counter);
    time = wu_host_clock_now();
    after = wu_host_clock_read(counter);
    assert_int_equal(wu_ticks_end(&ticks), ERROR_SUCCESS);

    const struct wu_tick_time told = wu_ticks_at(&ticks, time);

    assert_true(told.ticks * TICK + TICK / 2 + told.error >= before);
    assert_true(told.ticks * TICK - TICK / 2 - told.error <= after);
    assert_true(wu_ticks_not_after(&ticks, time) <= after / TICK);
    return told.error;
}

static void each_clock_is_converted_to(void **state)
{
    static const char *const names[WU_CLOCKS] = { "RAW", "MONOTONIC", "BOOTTIME" };

    (void)state;
    for (int clock = 0; clock < WU_CLOCKS; clock++) {
        int64_t errors = 0, began;
        struct wu_ticks ticks;

        counter = (enum wu_host_clock)clock;
        wu_ticks_keep();
        assert_int_equal(wu_ticks_begin(&ticks), ERROR_SUCCESS);
        for (int i = 0; i < ASKED; i++)
            errors += assert_asked();
        began = wu_host_clock_now();
        for (int i = 0; i < ASKED; i++) {
            wu_ticks_begin(&ticks);
            wu_ticks_end(&ticks);
        }
        print_message("%s: %s, within %lld ns on the average, %lld ns a time\n", names[clock],
                      ticks.same ? "exact" : "converted to", (long long)(errors / ASKED),
                      (long long)((wu_host_clock_now() - began) / ASKED));
        assert_true(clock == WU_CLOCK_OWN || !ticks.same);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_clock_is_converted_to),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
