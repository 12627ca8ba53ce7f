/* timesync.c: who tracks, what a query says, and when it ends. */
#include "cmocka_all.h"

#include <string.h>

#include "core/timesync.h"
#include "core_fixture.h"
#include "host_fake.h"

typedef USB_FRAME_NUMBER_AND_QPC_FOR_TIME_SYNC_INFORMATION FRAME_INFO;
typedef USB_START_TRACKING_FOR_TIME_SYNC_INFORMATION START_INFO;
typedef USB_STOP_TRACKING_FOR_TIME_SYNC_INFORMATION STOP_INFO;

static struct fake_usb_device *device;
static HANDLE file, handle;
static struct wu_interface *iface;

static int open_interface(void **state)
{
    (void)state;
    device = fixture_reset();
    file = fixture_open_file();
    fake_tracker.answer =
        (struct wu_tracker_answer){ .microframe = 8, .error = 1000, .generation = 1 };
    if (wu_interface_open(file, &handle) != ERROR_SUCCESS)
        return 1;
    iface = wu_interface_acquire(handle);
    return 0;
}

static int close_interface(void **state)
{
    (void)state;
    wu_interface_release(iface);
    wu_interface_close(handle);
    CloseHandle(file);
    return !fixture_is_idle();
}

static HANDLE start(void)
{
    START_INFO info = { NULL, TRUE };

    assert_int_equal(wu_timesync_start(iface, &info), ERROR_SUCCESS);
    assert_non_null(info.TimeTrackingHandle);
    return info.TimeTrackingHandle;
}

static DWORD stop(HANDLE tracking)
{
    const STOP_INFO info = { tracking };

    return wu_timesync_stop(iface, &info);
}

static DWORD query(HANDLE tracking)
{
    FRAME_INFO info = { .TimeTrackingHandle = tracking };

    return wu_timesync_query(handle, &info);
}

/* --- Start --------------------------------------------------------------------------------- */

static void start_insists_on_an_answer_only_when_delay_is_not_tolerable(void **state)
{
    START_INFO info = { INVALID_HANDLE_VALUE, FALSE };

    (void)state;

    assert_int_equal(wu_timesync_start(iface, &info), ERROR_SUCCESS);
    assert_true(fake_tracker.insisted);
    assert_ptr_not_equal(info.TimeTrackingHandle, INVALID_HANDLE_VALUE);

    info.IsStartupDelayTolerable = TRUE;
    assert_int_equal(wu_timesync_start(iface, &info), ERROR_SUCCESS);
    assert_false(fake_tracker.insisted);
}

static void starts_are_stopped_each_for_itself(void **state)
{
    HANDLE first, second;

    (void)state;

    first = start();
    second = start();
    assert_ptr_not_equal(first, second);
    assert_int_equal(fake_tracker_clients(), 2);
    assert_int_equal(fake_tracker.acquired, 1);

    assert_int_equal(stop(first), ERROR_SUCCESS);
    assert_int_equal(query(first), ERROR_INVALID_PARAMETER);
    assert_int_equal(query(second), ERROR_SUCCESS);
    assert_int_equal(stop(second), ERROR_SUCCESS);
    assert_int_equal(fake_tracker_clients(), 0);
}

static void failed_start_leaves_nothing_behind(void **state)
{
    const struct {
        DWORD *place;
        DWORD error;
    } cases[] = {
        { &fake_tracker.find_error, ERROR_FILE_NOT_FOUND },
        { &fake_tracker.acquire_error, ERROR_NOT_SUPPORTED },
        { &fake_tracker.acquire_error, ERROR_ACCESS_DENIED },
        { &fake_tracker.start_error, ERROR_NOT_READY },
        { &fake_tracker.start_error, ERROR_NOT_ENOUGH_MEMORY },
    };

    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        START_INFO info = { (HANDLE)77, FALSE };

        *cases[i].place = cases[i].error;
        assert_int_equal(wu_timesync_start(iface, &info), cases[i].error);
        *cases[i].place = ERROR_SUCCESS;
        assert_ptr_equal(info.TimeTrackingHandle, (HANDLE)77);
        assert_int_equal(fake_tracker_clients(), 0);
    }
}

static void start_on_an_unplugged_device_fails(void **state)
{
    START_INFO info = { NULL, TRUE };

    (void)state;
    device->gone = true;

    assert_int_equal(wu_timesync_start(iface, &info), ERROR_DEVICE_NOT_CONNECTED);

    assert_null(info.TimeTrackingHandle);
}

static void bus_that_vanishes_with_its_device_is_a_lost_device(void **state)
{
    START_INFO info = { NULL, TRUE };

    (void)state;
    start();
    fake_tracker.find_error = ERROR_FILE_NOT_FOUND;
    device->gone = true;

    assert_int_equal(wu_timesync_start(iface, &info), ERROR_DEVICE_NOT_CONNECTED);
}

static void null_infos_are_invalid_handles(void **state)
{
    (void)state;

    assert_int_equal(wu_timesync_start(iface, NULL), ERROR_INVALID_HANDLE);
    assert_int_equal(wu_timesync_stop(iface, NULL), ERROR_INVALID_HANDLE);
    assert_int_equal(wu_timesync_query(handle, NULL), ERROR_INVALID_HANDLE);
}

static void free_own_handle(void)
{
    wu_interface_close(handle);
}

static void start_overtaken_by_free_leaves_nothing_behind(void **state)
{
    START_INFO info = { NULL, FALSE };

    (void)state;
    fake_tracker.during_start = free_own_handle;

    assert_int_equal(wu_timesync_start(iface, &info), ERROR_INVALID_HANDLE);

    assert_null(info.TimeTrackingHandle);
    assert_int_equal(fake_tracker_clients(), 0);
}

static void close_own_file(void)
{
    CloseHandle(file);
}

static void start_overtaken_by_close_leaves_nothing_behind(void **state)
{
    START_INFO info = { NULL, FALSE };

    (void)state;
    fake_tracker.during_start = close_own_file;

    assert_int_equal(wu_timesync_start(iface, &info), ERROR_INVALID_HANDLE);

    assert_int_equal(fake_tracker_clients(), 0);
}

/* --- Stop ---------------------------------------------------------------------------------- */

static void unknown_tracking_handles_are_not_stopped(void **state)
{
    HANDLE tracking;

    (void)state;

    tracking = start();
    assert_int_equal(stop(NULL), ERROR_INVALID_PARAMETER);
    assert_int_equal(stop(INVALID_HANDLE_VALUE), ERROR_INVALID_PARAMETER);
    assert_int_equal(stop(handle), ERROR_INVALID_PARAMETER);
    assert_int_equal(stop(file), ERROR_INVALID_PARAMETER);
    assert_int_equal(stop(tracking), ERROR_SUCCESS);
    assert_int_equal(stop(tracking), ERROR_INVALID_PARAMETER);
}

static void free_ends_what_its_handle_started_and_no_more(void **state)
{
    HANDLE other, own_tracking, other_tracking;
    START_INFO info = { NULL, TRUE };
    struct wu_interface *other_iface;

    (void)state;
    assert_int_equal(wu_interface_open(file, &other), ERROR_SUCCESS);
    other_iface = wu_interface_acquire(other);
    assert_int_equal(wu_timesync_start(other_iface, &info), ERROR_SUCCESS);
    other_tracking = info.TimeTrackingHandle;
    own_tracking = start();

    wu_interface_close(other);

    assert_int_equal(fake_tracker_clients(), 1);
    assert_int_equal(query(other_tracking), ERROR_INVALID_PARAMETER);
    assert_int_equal(query(own_tracking), ERROR_SUCCESS);
    wu_interface_release(other_iface);
}

static void any_interface_of_the_device_stops(void **state)
{
    HANDLE other;
    struct wu_interface *other_iface;
    STOP_INFO info;

    (void)state;
    info.TimeTrackingHandle = start();
    assert_int_equal(wu_interface_open(file, &other), ERROR_SUCCESS);
    other_iface = wu_interface_acquire(other);

    assert_int_equal(wu_timesync_stop(other_iface, &info), ERROR_SUCCESS);

    assert_int_equal(fake_tracker_clients(), 0);
    wu_interface_release(other_iface);
}

static void close_of_the_file_ends_everything(void **state)
{
    HANDLE tracking;

    (void)state;
    tracking = start();
    start();

    CloseHandle(file);

    assert_int_equal(fake_tracker_clients(), 0);
    assert_int_equal(query(tracking), ERROR_INVALID_HANDLE);
}

/* --- Query --------------------------------------------------------------------------------- */

static void query_tells_frames_and_times(void **state)
{
    FRAME_INFO info = { .TimeTrackingHandle = start() };

    (void)state;
    fake_tracker.answer = (struct wu_tracker_answer){ .microframe = (5000LL * 2048 + 2047) * 8 + 5,
                                                      .microframe_time = 123456749,
                                                      .asked_time = 99,
                                                      .error = 900,
                                                      .generation = 3 };

    assert_int_equal(wu_timesync_query(handle, &info), ERROR_SUCCESS);

    assert_false(fake_tracker.was_asked);
    assert_int_equal(info.QueryPerformanceCounterAtInputFrameOrMicroFrame.QuadPart, 0);
    assert_int_equal(info.QueryPerformanceCounterFrequency.QuadPart, 10000000);
    assert_int_equal(info.PredictedAccuracyInMicroSeconds, 1);
    assert_int_equal(info.CurrentGenerationID, 3);
    assert_int_equal(info.CurrentQueryPerformanceCounter.QuadPart, 1234567);
    assert_int_equal(info.CurrentHardwareFrameNumber, 2047);
    assert_int_equal(info.CurrentHardwareMicroFrameNumber, 5);
    assert_int_equal(info.CurrentUSBFrameNumber, 5000U * 2048 + 2047);
}

static void frame_numbers_wrap_together(void **state)
{
    FRAME_INFO info = { .TimeTrackingHandle = start() };

    (void)state;
    fake_tracker.answer.microframe = ((1LL << 32) + 2049) * 8 + 7;

    assert_int_equal(wu_timesync_query(handle, &info), ERROR_SUCCESS);

    assert_int_equal(info.CurrentUSBFrameNumber, 2049);
    assert_int_equal(info.CurrentHardwareFrameNumber, 1);
    assert_int_equal(info.CurrentHardwareMicroFrameNumber, 7);
}

/* A counter that has jumped back may be continued to before its first read. */
static void frame_numbers_wrap_below_zero(void **state)
{
    FRAME_INFO info = { .TimeTrackingHandle = start() };

    (void)state;
    fake_tracker.answer.microframe = -3;

    assert_int_equal(wu_timesync_query(handle, &info), ERROR_SUCCESS);

    assert_int_equal(info.CurrentUSBFrameNumber, UINT32_MAX);
    assert_int_equal(info.CurrentHardwareFrameNumber, 2047);
    assert_int_equal(info.CurrentHardwareMicroFrameNumber, 5);
}

static void frame_asked_for_is_dated(void **state)
{
    FRAME_INFO info = { .TimeTrackingHandle = start(),
                        .InputFrameNumber = 1234,
                        .InputMicroFrameNumber = 7 };

    (void)state;
    fake_tracker.answer.asked_time = 1000050;

    assert_int_equal(wu_timesync_query(handle, &info), ERROR_SUCCESS);

    assert_true(fake_tracker.was_asked);
    assert_int_equal(fake_tracker.asked.frame, 1234);
    assert_int_equal(fake_tracker.asked.microframe, 7);
    assert_int_equal(info.QueryPerformanceCounterAtInputFrameOrMicroFrame.QuadPart, 10001);
    assert_int_equal(info.InputFrameNumber, 1234);
}

static void either_input_alone_asks(void **state)
{
    FRAME_INFO frame = { .TimeTrackingHandle = start(), .InputFrameNumber = 1 };
    FRAME_INFO microframe = { .TimeTrackingHandle = start(), .InputMicroFrameNumber = 1 };

    (void)state;

    wu_timesync_query(handle, &frame);
    assert_true(fake_tracker.was_asked);
    fake_tracker.was_asked = false;
    wu_timesync_query(handle, &microframe);
    assert_true(fake_tracker.was_asked);
}

static void accuracy_is_rounded_up_and_never_zero(void **state)
{
    const struct {
        int64_t error; /* [ns] */
        ULONG us;      /* with the 50 ns that rounding to a tick of 100 ns costs */
    } cases[] = {
        { 0, 1 },
        { 950, 1 },
        { 951, 2 },
        { 1950, 2 },
        { 1951, 3 },
        { 124950, 125 },
        { (int64_t)UINT32_MAX * 1000, UINT32_MAX },
        { INT64_MAX, UINT32_MAX },
    };
    HANDLE tracking = start();

    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        FRAME_INFO info = { .TimeTrackingHandle = tracking };

        fake_tracker.answer.error = cases[i].error;
        assert_int_equal(wu_timesync_query(handle, &info), ERROR_SUCCESS);
        assert_int_equal(info.PredictedAccuracyInMicroSeconds, cases[i].us);
    }
}

/* Filled with a pattern but for its inputs; what comes back must still be that. */
static DWORD query_untouched(HANDLE interface_handle, HANDLE tracking, ULONG microframe)
{
    FRAME_INFO info, before;
    DWORD error;

    memset(&info, 0xA5, sizeof(info));
    info.TimeTrackingHandle = tracking;
    info.InputMicroFrameNumber = microframe;
    before = info;

    error = wu_timesync_query(interface_handle, &info);
    assert_memory_equal(&info, &before, sizeof(info));
    return error;
}

static void failed_query_leaves_its_info_untouched(void **state)
{
    HANDLE tracking = start();

    (void)state;
    fake_tracker.query_error = ERROR_NOT_READY;

    assert_int_equal(query_untouched(NULL, tracking, 0), ERROR_INVALID_HANDLE);
    assert_int_equal(query_untouched(INVALID_HANDLE_VALUE, tracking, 8), ERROR_INVALID_HANDLE);
    assert_int_equal(query_untouched(tracking, tracking, 0), ERROR_INVALID_HANDLE);
    assert_int_equal(query_untouched(file, tracking, 0), ERROR_INVALID_HANDLE);
    assert_int_equal(query_untouched(handle, NULL, 0), ERROR_INVALID_PARAMETER);
    assert_int_equal(query_untouched(handle, handle, 0), ERROR_INVALID_PARAMETER);
    assert_int_equal(query_untouched(handle, tracking, 8), ERROR_INVALID_PARAMETER);
    assert_int_equal(query_untouched(handle, tracking, 7), ERROR_NOT_READY);
    device->gone = true;
    fake_tracker_look();
    assert_int_equal(query_untouched(handle, tracking, 0), ERROR_DEVICE_NOT_CONNECTED);
}

/* Guards behind the packed structure, as in a caller that was compiled without packing. */
static void only_the_packed_size_is_written(void **state)
{
    struct {
        FRAME_INFO info;
        unsigned char behind[8];
    } guarded;

    (void)state;
    memset(&guarded, 0xA5, sizeof(guarded));
    guarded.info.TimeTrackingHandle = start();
    guarded.info.InputMicroFrameNumber = 0;

    assert_int_equal(wu_timesync_query(handle, &guarded.info), ERROR_SUCCESS);

    for (size_t i = 0; i < sizeof(guarded.behind); i++)
        assert_int_equal(guarded.behind[i], 0xA5);
}

static void query_overtaken_by_free_says_so(void **state)
{
    HANDLE tracking = start();

    (void)state;
    fake_tracker.during_query = free_own_handle;

    assert_int_equal(query_untouched(handle, tracking, 0), ERROR_INVALID_HANDLE);
}

static HANDLE stopped;

static void stop_it(void)
{
    stop(stopped);
}

static void query_overtaken_by_stop_says_so(void **state)
{
    (void)state;
    stopped = start();
    fake_tracker.during_query = stop_it;

    assert_int_equal(query_untouched(handle, stopped, 0), ERROR_INVALID_PARAMETER);
}

/* --- A lost device --------------------------------------------------------------------------- */

static void lost_device_is_told_until_it_is_stopped(void **state)
{
    HANDLE tracking = start();

    (void)state;
    fake_tracker_look();
    assert_int_equal(query(tracking), ERROR_SUCCESS);

    device->gone = true;
    fake_tracker_look();

    assert_int_equal(fake_tracker_clients(), 0);
    assert_int_equal(query(tracking), ERROR_DEVICE_NOT_CONNECTED);
    assert_int_equal(stop(tracking), ERROR_SUCCESS);
    assert_int_equal(query(tracking), ERROR_INVALID_PARAMETER);
}

/* --- Plain frame numbers --------------------------------------------------------------------- */

static void current_frame_needs_no_tracking(void **state)
{
    ULONG frame = 0;
    LARGE_INTEGER time = { .QuadPart = 0 };

    (void)state;
    fake_tracker.frame = 4711;
    fake_tracker.frame_time = 12345678;

    assert_int_equal(wu_timesync_current_frame(iface, &frame, &time), ERROR_SUCCESS);

    assert_int_equal(frame, 4711);
    assert_int_equal(time.QuadPart, 123456);
    assert_int_equal(fake_tracker_clients(), 0);
}

static void failed_current_frame_leaves_its_outputs_untouched(void **state)
{
    ULONG frame = 77;
    LARGE_INTEGER time = { .QuadPart = 77 };

    (void)state;
    fake_tracker.frame_error = ERROR_NOT_READY;

    assert_int_equal(wu_timesync_current_frame(iface, &frame, NULL), ERROR_INVALID_PARAMETER);
    assert_int_equal(wu_timesync_current_frame(iface, NULL, &time), ERROR_INVALID_PARAMETER);
    assert_int_equal(wu_timesync_current_frame(iface, &frame, &time), ERROR_NOT_READY);
    device->gone = true;
    assert_int_equal(wu_timesync_current_frame(iface, &frame, &time), ERROR_DEVICE_NOT_CONNECTED);

    assert_int_equal(frame, 77);
    assert_int_equal(time.QuadPart, 77);
}

static void adjusted_frame_counts_whole_milliseconds(void **state)
{
    const struct {
        int64_t elapsed; /* [ticks] */
        ULONG before, after;
    } cases[] = {
        { 0, 5, 5 },         { 9999, 5, 5 },           { 10000, 5, 6 },        { 1000000, 5, 105 },
        { 1009999, 5, 105 }, { 20000, 0xFFFFFFFF, 1 }, { -1000000, 200, 100 },
    };

    (void)state;
    fake_clock_cost = 0;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ULONG frame = cases[i].before;
        const LARGE_INTEGER time = { .QuadPart = fake_clock / 100 - cases[i].elapsed };

        assert_int_equal(wu_timesync_adjusted_frame(&frame, time), ERROR_SUCCESS);
        assert_int_equal(frame, cases[i].after);
    }
    fake_clock_cost = 25;
}

static void nonsense_times_do_not_trap(void **state)
{
    const LARGE_INTEGER first = { .QuadPart = INT64_MIN }, last = { .QuadPart = INT64_MAX };
    ULONG frame = 0;

    (void)state;

    assert_int_equal(wu_timesync_adjusted_frame(&frame, first), ERROR_SUCCESS);
    assert_int_equal(wu_timesync_adjusted_frame(&frame, last), ERROR_SUCCESS);
    assert_int_equal(wu_timesync_adjusted_frame(NULL, last), ERROR_INVALID_PARAMETER);
}

#define timesync_test(test) cmocka_unit_test_setup_teardown(test, open_interface, close_interface)

int main(void)
{
    const struct CMUnitTest tests[] = {
        timesync_test(start_insists_on_an_answer_only_when_delay_is_not_tolerable),
        timesync_test(starts_are_stopped_each_for_itself),
        timesync_test(failed_start_leaves_nothing_behind),
        timesync_test(start_on_an_unplugged_device_fails),
        timesync_test(bus_that_vanishes_with_its_device_is_a_lost_device),
        timesync_test(null_infos_are_invalid_handles),
        timesync_test(start_overtaken_by_free_leaves_nothing_behind),
        timesync_test(start_overtaken_by_close_leaves_nothing_behind),
        timesync_test(unknown_tracking_handles_are_not_stopped),
        timesync_test(free_ends_what_its_handle_started_and_no_more),
        timesync_test(any_interface_of_the_device_stops),
        timesync_test(close_of_the_file_ends_everything),
        timesync_test(query_tells_frames_and_times),
        timesync_test(frame_numbers_wrap_together),
        timesync_test(frame_numbers_wrap_below_zero),
        timesync_test(frame_asked_for_is_dated),
        timesync_test(either_input_alone_asks),
        timesync_test(accuracy_is_rounded_up_and_never_zero),
        timesync_test(failed_query_leaves_its_info_untouched),
        timesync_test(only_the_packed_size_is_written),
        timesync_test(query_overtaken_by_free_says_so),
        timesync_test(query_overtaken_by_stop_says_so),
        timesync_test(lost_device_is_told_until_it_is_stopped),
        timesync_test(current_frame_needs_no_tracking),
        timesync_test(failed_current_frame_leaves_its_outputs_untouched),
        timesync_test(adjusted_frame_counts_whole_milliseconds),
        timesync_test(nonsense_times_do_not_trap),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
