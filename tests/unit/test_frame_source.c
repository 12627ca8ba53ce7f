/* wu_frame_source_open(): which way to a counter is taken, and what is said when none is left. */
#include "cmocka_all.h"
#include "fake_sys.h"
#include "frame/frame_source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "frame/sim.h"
#include "host/host.h"

#define in_fake_sys(test) cmocka_unit_test_setup_teardown(test, fake_sys_set_up, fake_sys_tear_down)

#define ID "0000:00:04.0"
#define RESOURCE0 "devices/pci0000:00/" ID "/resource0"
#define RUNTIME_STATUS "devices/pci0000:00/" ID "/power/runtime_status"
#define REG_RUNTIME "kernel/debug/usb/xhci/" ID "/reg-runtime"

static const uint32_t xhci_registers[] = { [0] = 0x01000020, [6] = 0x20, [8] = 0x111 };

static void add_registers(void)
{
    fake_sys_add_registers(ID, 0, xhci_registers, sizeof(xhci_registers));
}

static void add_text(void)
{
    fake_sys_write_text(REG_RUNTIME, "MFINDEX = 0x00000222\n");
}

static void assert_opens(enum wu_frame_method method, const char *name)
{
    const struct wu_controller controller = fake_sys_controller(WU_CONTROLLER_XHCI, ID);
    struct wu_frame_source *source;

    assert_int_equal(wu_frame_source_open(&controller, method, &source), ERROR_SUCCESS);
    assert_string_equal(source->ops->name, name);
    source->ops->destroy(source);
}

static void assert_fails(enum wu_frame_method method, DWORD error)
{
    const struct wu_controller controller = fake_sys_controller(WU_CONTROLLER_XHCI, ID);
    struct wu_frame_source untouched;
    struct wu_frame_source *source = &untouched;

    assert_int_equal(wu_frame_source_open(&controller, method, &source), error);
    assert_ptr_equal(source, &untouched);
}

static void registers_come_before_text(void **state)
{
    (void)state;
    add_registers();
    add_text();

    assert_opens(WU_FRAME_METHOD_AUTO, "xhci mmio");
}

static int64_t lag_of(const char *vendor)
{
    const struct wu_controller controller = fake_sys_controller(WU_CONTROLLER_UHCI, ID);
    struct wu_frame_source *source;

    fake_sys_write_text("kernel/debug/usb/uhci/" ID, "  usbfrnum  =   (0)104\n");
    fake_sys_write_text("devices/pci0000:00/" ID "/subsystem_vendor", vendor);
    assert_int_equal(wu_frame_source_open(&controller, WU_FRAME_METHOD_DEBUGFS, &source),
                     ERROR_SUCCESS);

    const int64_t lag = source->late;
    source->ops->destroy(source);
    return lag;
}

static void emulated_counters_are_known_to_lag(void **state)
{
    (void)state;
    assert_int_equal(lag_of("0x1af4\n"), 50000000);
    assert_int_equal(lag_of("0x8086\n"), 0);
}

static void text_stands_in_for_missing_registers(void **state)
{
    (void)state;
    add_text();

    assert_opens(WU_FRAME_METHOD_AUTO, "xhci debugfs");
}

static void text_stands_in_for_registers_that_may_not_be_opened(void **state)
{
    (void)state;
    add_registers();
    add_text();
    fake_sys_make_private(RESOURCE0);

    fake_sys_drop_root();
    assert_opens(WU_FRAME_METHOD_AUTO, "xhci debugfs");
    fake_sys_regain_root();
}

static void named_method_is_the_only_one_tried(void **state)
{
    (void)state;
    fake_sys_write_text("kernel/debug/usb/devices", "");
    add_registers();
    assert_fails(WU_FRAME_METHOD_DEBUGFS, ERROR_NOT_SUPPORTED);

    add_text();
    fake_sys_remove(RESOURCE0);
    assert_fails(WU_FRAME_METHOD_MMIO, ERROR_NOT_SUPPORTED);
    assert_opens(WU_FRAME_METHOD_DEBUGFS, "xhci debugfs");
}

static void permission_is_what_is_missing_when_any_way_wants_it(void **state)
{
    (void)state;
    fake_sys_write_text("kernel/debug/usb/devices", "");
    add_registers();
    fake_sys_make_private(RESOURCE0);

    fake_sys_drop_root();
    assert_fails(WU_FRAME_METHOD_AUTO, ERROR_ACCESS_DENIED);
    fake_sys_regain_root();

    fake_sys_remove(RESOURCE0);
    add_text();
    fake_sys_make_private(REG_RUNTIME);
    fake_sys_drop_root();
    assert_fails(WU_FRAME_METHOD_AUTO, ERROR_ACCESS_DENIED);
    fake_sys_regain_root();
}

static void nothing_there_is_not_supported(void **state)
{
    (void)state;
    fake_sys_write_text("kernel/debug/usb/devices", "");

    assert_fails(WU_FRAME_METHOD_AUTO, ERROR_NOT_SUPPORTED);
}

static void controllers_without_a_counter_are_not_supported(void **state)
{
    const struct wu_controller controller = fake_sys_controller(WU_CONTROLLER_OTHER, ID);
    struct wu_frame_source *source = NULL;

    (void)state;
    add_registers();
    add_text();

    assert_int_equal(wu_frame_source_open(&controller, WU_FRAME_METHOD_AUTO, &source),
                     ERROR_NOT_SUPPORTED);
    assert_null(source);
}

static void suspended_controller_is_not_touched(void **state)
{
    static const enum wu_frame_method methods[] = {
        WU_FRAME_METHOD_AUTO,
        WU_FRAME_METHOD_MMIO,
        WU_FRAME_METHOD_DEBUGFS,
    };

    (void)state;
    add_registers();
    add_text();
    for (int i = 0; i < 3; i++) {
        fake_sys_write_text(RUNTIME_STATUS, "suspended\n");
        assert_fails(methods[i], ERROR_NOT_READY);
        fake_sys_write_text(RUNTIME_STATUS, "suspending\n");
        assert_fails(methods[i], ERROR_NOT_READY);
    }

    fake_sys_truncate(RUNTIME_STATUS);
    fake_sys_write_text(RUNTIME_STATUS, "active\n");
    assert_opens(WU_FRAME_METHOD_AUTO, "xhci mmio");
}

static void controller_without_power_is_not_ready(void **state)
{
    uint32_t absent[16];

    (void)state;
    memset(absent, 0xff, sizeof(absent));
    fake_sys_add_registers(ID, 0, absent, sizeof(absent));
    fake_sys_write_text(REG_RUNTIME, "MFINDEX = 0xffffffff\n");

    assert_fails(WU_FRAME_METHOD_AUTO, ERROR_NOT_READY);
}

static void sim_needs_no_controller(void **state)
{
    const struct wu_controller sim = wu_controller_sim();
    struct wu_frame_source *source;

    (void)state;
    unsetenv("WINUSB_SIM");

    assert_int_equal(wu_frame_source_open(&sim, WU_FRAME_METHOD_AUTO, &source), ERROR_SUCCESS);
    source->ops->destroy(source);
    assert_opens(WU_FRAME_METHOD_SIM, "sim");
}

static void sim_takes_its_options_from_the_environment(void **state)
{
    const struct wu_controller sim = wu_controller_sim();
    struct wu_frame_source *source;

    (void)state;
    setenv("WINUSB_SIM", "bits=11,tick=1000000", 1);

    assert_int_equal(wu_frame_source_open(&sim, WU_FRAME_METHOD_AUTO, &source), ERROR_SUCCESS);

    assert_int_equal(source->ops->bits, 11);
    source->ops->destroy(source);
    unsetenv("WINUSB_SIM");
}

/* --- The simulation's options ---------------------------------------------------------------- */

static const char *const names[] = {
    "seed",  "bits",   "tick",   "drift",    "wander",     "step",          "step_at", "step_tau",
    "fixed", "jitter", "tail",   "tail_max", "preempted",  "preempted_max", "glitch",  "reset",
    "stop",  "absent", "outage", "late",     "first_tick", "origin",        "leap",    "leap_at",
};

/* Reads a counter that takes these options, and asks for its truth. @return whether it does */
static bool simulate(const char *text)
{
    struct wu_frame_source *source;
    uint32_t raw = 0;

    if (wu_frame_sim_open(text, &source) != ERROR_SUCCESS)
        return false;
    for (int i = 0; i < 3; i++)
        assert_true(source->ops->read(source, &raw));
    wu_frame_sim_shown_from(source, wu_frame_sim_index_at(source, wu_host_clock_now()));
    source->ops->destroy(source);
    return true;
}

/* With a sanitizer that looks for numbers that do not fit, this is what it looks at. */
static void sim_takes_no_option_that_makes_no_sense(void **state)
{
    static const char *const values[] = {
        "888888888", "4294967296", "9e15", "9e18",   "1e19",  "1e300", "1e999",
        "inf",       "nan",        "-1",   "-0.5",   "-9e15", "-9e18", "-1e300",
        "-inf",      "-nan",       "0",    "1e-300", "0.5",   "x",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        for (size_t j = 0; j < sizeof(values) / sizeof(values[0]); j++) {
            char text[64];

            snprintf(text, sizeof(text), "stop=1e-9,absent=1e-9,outage=1e-9,%s=%s", names[i],
                     values[j]);
            simulate(text);
        }
    assert_false(simulate("bits=888888888"));
    assert_false(simulate("seed=-1"));
    assert_false(simulate("tail=nan"));
    assert_false(simulate("stop=1e300"));
    assert_false(simulate("tick=500000"));
    assert_false(simulate("drift=-300000,step=-300000,step_at=1"));
}

static void sim_takes_the_extremes_of_its_options_together(void **state)
{
    (void)state;
    assert_true(simulate("seed=9e15,bits=31,drift=500000,wander=1e6,fixed=1e12,jitter=1e12,tail=1,"
                         "tail_max=1e12,preempted=1,preempted_max=1e12,glitch=1,reset=1e9,"
                         "stop=1e9,absent=1e9,outage=1e9,late=1e9,first_tick=9e15,origin=1e18"));
    assert_true(
        simulate("bits=4,tick=1000000,drift=0,step=-500000,step_at=1e-300,step_tau=1e-6,wander=1e6,"
                 "late=1e9,first_tick=-9e15,origin=1,stop=1e-300,outage=1e9"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_fake_sys(registers_come_before_text),
        in_fake_sys(emulated_counters_are_known_to_lag),
        in_fake_sys(text_stands_in_for_missing_registers),
        in_fake_sys(text_stands_in_for_registers_that_may_not_be_opened),
        in_fake_sys(named_method_is_the_only_one_tried),
        in_fake_sys(permission_is_what_is_missing_when_any_way_wants_it),
        in_fake_sys(nothing_there_is_not_supported),
        in_fake_sys(controllers_without_a_counter_are_not_supported),
        in_fake_sys(suspended_controller_is_not_touched),
        in_fake_sys(controller_without_power_is_not_ready),
        in_fake_sys(sim_needs_no_controller),
        in_fake_sys(sim_takes_its_options_from_the_environment),
        cmocka_unit_test(sim_takes_no_option_that_makes_no_sense),
        cmocka_unit_test(sim_takes_the_extremes_of_its_options_together),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
