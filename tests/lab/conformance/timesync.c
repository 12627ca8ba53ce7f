/* Frame numbers and time synchronization. How good they are is for timesync_honest to say. */
#include "conformance.h"
#include "fixture.h"

#include <stdlib.h>

#define NO_COUNTER "there is no host controller with a counter"
#define BURSTS "QEMU's counter goes in bursts; timesync_honest looks at it"

enum { TICKS_PER_MICROFRAME = 1250 /* of 100 ns */ };

typedef USB_FRAME_NUMBER_AND_QPC_FOR_TIME_SYNC_INFORMATION information;

static HANDLE start(BOOLEAN delay_tolerable)
{
    USB_START_TRACKING_FOR_TIME_SYNC_INFORMATION info = { NULL, delay_tolerable };

    assert_succeeds(WinUsb_StartTrackingForTimeSync(fixture.first, &info));
    assert_non_null(info.TimeTrackingHandle);
    return info.TimeTrackingHandle;
}

static void stop(HANDLE tracking)
{
    USB_STOP_TRACKING_FOR_TIME_SYNC_INFORMATION info = { tracking };

    assert_succeeds(WinUsb_StopTrackingForTimeSync(fixture.first, &info));
}

static information ask(HANDLE tracking, ULONG frame, ULONG microframe)
{
    information info = { .TimeTrackingHandle = tracking,
                         .InputFrameNumber = frame,
                         .InputMicroFrameNumber = microframe };

    assert_succeeds(WinUsb_GetCurrentFrameNumberAndQpc(fixture.first, &info));
    return info;
}

/* --- Errors ---------------------------------------------------------------------------------- */

static void time_sync_needs_its_structures(void **state)
{
    (void)state;

    assert_fails(WinUsb_StartTrackingForTimeSync(fixture.first, NULL), ERROR_INVALID_HANDLE);
    assert_fails(WinUsb_GetCurrentFrameNumberAndQpc(fixture.first, NULL), ERROR_INVALID_HANDLE);
    assert_fails(WinUsb_StopTrackingForTimeSync(fixture.first, NULL), ERROR_INVALID_HANDLE);
}

static void tracking_that_was_not_started_is_unknown(void **state)
{
    USB_STOP_TRACKING_FOR_TIME_SYNC_INFORMATION info = { NULL };
    information frame = { .TimeTrackingHandle = NULL };

    (void)state;

    assert_fails(WinUsb_GetCurrentFrameNumberAndQpc(fixture.first, &frame),
                 ERROR_INVALID_PARAMETER);
    assert_fails(WinUsb_StopTrackingForTimeSync(fixture.first, &info), ERROR_INVALID_PARAMETER);
}

static void tracking_is_stopped_once(void **state)
{
    USB_STOP_TRACKING_FOR_TIME_SYNC_INFORMATION info;
    information frame = { .TimeTrackingHandle = NULL };

    (void)state;
    leave_out_on("vhci", NO_COUNTER);
    info.TimeTrackingHandle = start(TRUE);
    frame.TimeTrackingHandle = info.TimeTrackingHandle;

    assert_succeeds(WinUsb_StopTrackingForTimeSync(fixture.first, &info));
    assert_fails(WinUsb_StopTrackingForTimeSync(fixture.first, &info), ERROR_INVALID_PARAMETER);
    assert_fails(WinUsb_GetCurrentFrameNumberAndQpc(fixture.first, &frame),
                 ERROR_INVALID_PARAMETER);
}

static void without_a_counter_nothing_is_tracked(void **state)
{
    USB_START_TRACKING_FOR_TIME_SYNC_INFORMATION info = { NULL, TRUE };
    ULONG frame;
    LARGE_INTEGER stamp;

    (void)state;
    leave_out_on("xhci ehci uhci", "there is a counter");

    assert_fails(WinUsb_StartTrackingForTimeSync(fixture.first, &info), ERROR_NOT_SUPPORTED);
    assert_null(info.TimeTrackingHandle);
    assert_fails(WinUsb_GetCurrentFrameNumber(fixture.first, &frame, &stamp), ERROR_NOT_SUPPORTED);
}

static void a_microframe_above_7_is_refused(void **state)
{
    information info;

    (void)state;
    leave_out_on("vhci", NO_COUNTER);
    info = (information){ .TimeTrackingHandle = start(TRUE), .InputMicroFrameNumber = 8 };

    assert_fails(WinUsb_GetCurrentFrameNumberAndQpc(fixture.first, &info), ERROR_INVALID_PARAMETER);
    stop(info.TimeTrackingHandle);
}

static void a_frame_number_needs_somewhere_to_go(void **state)
{
    const LARGE_INTEGER now = { .QuadPart = 0 };
    LARGE_INTEGER stamp;
    ULONG frame;

    (void)state;

    assert_fails(WinUsb_GetCurrentFrameNumber(fixture.first, NULL, &stamp),
                 ERROR_INVALID_PARAMETER);
    assert_fails(WinUsb_GetCurrentFrameNumber(fixture.first, &frame, NULL),
                 ERROR_INVALID_PARAMETER);
    assert_fails(WinUsb_GetAdjustedFrameNumber(NULL, now), ERROR_INVALID_PARAMETER);
}

/* --- Answers --------------------------------------------------------------------------------- */

static void asked_for_no_frame_it_tells_no_time_of_one(void **state)
{
    HANDLE tracking;

    (void)state;
    leave_out_on("vhci", NO_COUNTER);
    leave_out_on("ehci uhci", BURSTS);
    tracking = start(FALSE);

    assert_int_equal(ask(tracking, 0, 0).QueryPerformanceCounterAtInputFrameOrMicroFrame.QuadPart,
                     0);
    stop(tracking);
}

static void the_frame_of_an_earlier_answer_began_when_that_said(void **state)
{
    HANDLE tracking;
    information then, now;
    int64_t difference;

    (void)state;
    leave_out_on("vhci", NO_COUNTER);
    leave_out_on("ehci uhci", BURSTS);
    tracking = start(FALSE);

    then = ask(tracking, 0, 0);
    now = ask(tracking, then.CurrentUSBFrameNumber, then.CurrentHardwareMicroFrameNumber);

    difference = now.QueryPerformanceCounterAtInputFrameOrMicroFrame.QuadPart -
                 then.CurrentQueryPerformanceCounter.QuadPart;
    assert_in_range(
        llabs(difference), 0,
        10 * (then.PredictedAccuracyInMicroSeconds + now.PredictedAccuracyInMicroSeconds));
    stop(tracking);
}

static int64_t microframes_of(const information *info)
{
    return (int64_t)info->CurrentUSBFrameNumber * 8 + info->CurrentHardwareMicroFrameNumber;
}

static void frames_pass_as_time_does(void **state)
{
    HANDLE tracking;
    information first, last;
    int64_t ticks, microframes;

    (void)state;
    leave_out_on("vhci", NO_COUNTER);
    leave_out_on("ehci uhci", BURSTS);
    tracking = start(FALSE);

    first = ask(tracking, 0, 0);
    Sleep(SHORTLY);
    last = ask(tracking, 0, 0);

    ticks = last.CurrentQueryPerformanceCounter.QuadPart -
            first.CurrentQueryPerformanceCounter.QuadPart;
    microframes = microframes_of(&last) - microframes_of(&first);
    assert_true(ticks >= SHORTLY * 10000 - TICKS_PER_MICROFRAME);
    assert_in_range(
        llabs(ticks - microframes * TICKS_PER_MICROFRAME), 0,
        10 * (first.PredictedAccuracyInMicroSeconds + last.PredictedAccuracyInMicroSeconds) +
            ticks / 1000);
    stop(tracking);
}

static void hardwares_number_is_the_frames_modulo_2048(void **state)
{
    HANDLE tracking;
    information info;
    LARGE_INTEGER frequency;

    (void)state;
    leave_out_on("vhci", NO_COUNTER);
    leave_out_on("ehci uhci", BURSTS);
    tracking = start(FALSE);

    info = ask(tracking, 0, 0);

    QueryPerformanceFrequency(&frequency);
    assert_int_equal(info.CurrentHardwareFrameNumber, info.CurrentUSBFrameNumber % 2048);
    assert_in_range(info.CurrentHardwareMicroFrameNumber, 0, 7);
    assert_int_equal(info.QueryPerformanceCounterFrequency.QuadPart, frequency.QuadPart);
    stop(tracking);
}

static void a_frame_number_brought_up_to_now_is_the_current_one(void **state)
{
    ULONG adjusted, before, after;
    LARGE_INTEGER stamp, later;

    (void)state;
    leave_out_on("vhci", NO_COUNTER);
    leave_out_on("ehci uhci", BURSTS);
    assert_succeeds(WinUsb_GetCurrentFrameNumber(fixture.first, &adjusted, &stamp));

    Sleep(SHORTLY);
    assert_succeeds(WinUsb_GetCurrentFrameNumber(fixture.first, &before, &later));
    assert_succeeds(WinUsb_GetAdjustedFrameNumber(&adjusted, stamp));
    assert_succeeds(WinUsb_GetCurrentFrameNumber(fixture.first, &after, &later));

    assert_in_range(adjusted, before - 1, after + 1);
}

int timesync_tests(void)
{
    const struct CMUnitTest tests[] = {
        conformance_test(time_sync_needs_its_structures),
        conformance_test(tracking_that_was_not_started_is_unknown),
        conformance_test(tracking_is_stopped_once),
        conformance_test(without_a_counter_nothing_is_tracked),
        conformance_test(a_microframe_above_7_is_refused),
        conformance_test(a_frame_number_needs_somewhere_to_go),
        conformance_test(asked_for_no_frame_it_tells_no_time_of_one),
        conformance_test(the_frame_of_an_earlier_answer_began_when_that_said),
        conformance_test(frames_pass_as_time_does),
        conformance_test(hardwares_number_is_the_frames_modulo_2048),
        conformance_test(a_frame_number_brought_up_to_now_is_the_current_one),
    };

    return run_group("timesync", tests, NULL, NULL);
}
