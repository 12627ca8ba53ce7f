/*
 * What a query costs on this machine, in one thread and in four: the whole library from the
 * exports down, with a simulated counter and a device that is not there.
 */
#include "cmocka_all.h"

#include <stdlib.h>

#include "bench/measure.h"
#include "fake_sys.h"
#include "usb_fake.h"

/* A device without endpoints. */
static const unsigned char configuration[] = {
    9, 2, 18, 0, 1, 1,    0, 0x80, 50, /* configuration */
    9, 4, 0,  0, 0, 0xff, 0, 0,    0,  /* interface */
};

static struct lab_session start(void)
{
    const struct lab_device device = { .bus = 1, .node = "/dev/bus/usb/001/002" };
    struct lab_session session;

    setenv("WINUSB_FRAME_SOURCE", "sim", 1);
    fake_sys_add_pci(1, "0000:00:04.0", "0x0c0330");
    fake_usb_reset();
    fake_usb_add(2, 0x1234, 0x5678, configuration, sizeof(configuration));
    assert_true(lab_open(&device, &session));
    assert_int_equal(lab_start(&session, FALSE), ERROR_SUCCESS);
    return session;
}

/* Printed, not judged: the goal is four readings of the clock. It fails when no query is
 * answered. */
static void query_is_measured_alone_and_together(void **state)
{
    struct lab_session session = start();
    double ratio;

    (void)state;

    assert_true(bench_query(&session, 1, &ratio));
    assert_true(bench_query(&session, BENCH_THREADS_MAX, &ratio));

    lab_close(&session);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(query_is_measured_alone_and_together, fake_sys_set_up,
                                        fake_sys_tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
