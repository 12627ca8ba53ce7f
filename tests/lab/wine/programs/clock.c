/*
 * Time synchronization: what is said of now lies between two readings of the program's own counter.
 */
#include "clock.h"

#include "cases.h"

enum { ASKED = 200 };

HANDLE clock_start(const struct device *device)
{
    USB_START_TRACKING_FOR_TIME_SYNC_INFORMATION start = { NULL, FALSE };

    return EXPECT(WinUsb_StartTrackingForTimeSync(device->usb, &start)) ? start.TimeTrackingHandle
                                                                        : NULL;
}

void clock_stop(const struct device *device, HANDLE tracking)
{
    USB_STOP_TRACKING_FOR_TIME_SYNC_INFORMATION stop = { tracking };

    EXPECT(WinUsb_StopTrackingForTimeSync(device->usb, &stop));
}

bool clock_ask(const struct device *device,
               HANDLE tracking,
               ULONG frame,
               ULONG microframe,
               frame_answer *answer_out)
{
    frame_answer answer = {
        .TimeTrackingHandle = tracking,
        .InputFrameNumber = frame,
        .InputMicroFrameNumber = microframe,
    };

    if (!EXPECT(WinUsb_GetCurrentFrameNumberAndQpc(device->usb, &answer)))
        return false;

    *answer_out = answer;
    return true;
}

/* The counter is that of the beginning of the current microframe, which is within its accuracy of
 * the truth. */
static bool brackets(LONGLONG before, const frame_answer *answer, LONGLONG after)
{
    const LONGLONG frequency = answer->QueryPerformanceCounterFrequency.QuadPart;
    const LONGLONG accuracy = answer->PredictedAccuracyInMicroSeconds * frequency / 1000000;
    const LONGLONG begun = answer->CurrentQueryPerformanceCounter.QuadPart;

    return begun - accuracy <= after && begun + frequency / 8000 + accuracy >= before;
}

static bool ask_now(const struct device *device, HANDLE tracking, frame_answer *answer)
{
    LARGE_INTEGER before, after;

    QueryPerformanceCounter(&before);
    if (!clock_ask(device, tracking, 0, 0, answer))
        return false;
    QueryPerformanceCounter(&after);

    return EXPECT(brackets(before.QuadPart, answer, after.QuadPart)) &&
           EXPECT_EQUAL(answer->CurrentHardwareFrameNumber, answer->CurrentUSBFrameNumber % 2048) &&
           EXPECT(answer->CurrentHardwareMicroFrameNumber < 8) &&
           EXPECT_EQUAL(answer->QueryPerformanceCounterAtInputFrameOrMicroFrame.QuadPart, 0);
}

static LONGLONG microframe_of(const frame_answer *answer)
{
    return answer->CurrentUSBFrameNumber * 8LL + answer->CurrentHardwareMicroFrameNumber;
}

/* Within 1000 ppm, which is what USB allows; and 1 microframe. */
static void keeps_pace(const frame_answer *first, const frame_answer *last)
{
    const LONGLONG frequency = last->QueryPerformanceCounterFrequency.QuadPart;
    const LONGLONG ticks = last->CurrentQueryPerformanceCounter.QuadPart -
                           first->CurrentQueryPerformanceCounter.QuadPart;
    const LONGLONG expected = ticks * 8000 / frequency;
    const LONGLONG wrong = microframe_of(last) - microframe_of(first) - expected;

    say("  %lld microframes, accuracy %lu us", expected, last->PredictedAccuracyInMicroSeconds);
    EXPECT(wrong >= -1 - expected / 1000 && wrong <= 1 + expected / 1000);
}

static void clock_brackets(void)
{
    frame_answer first = { 0 }, answer = { 0 };
    LARGE_INTEGER frequency;
    struct device device;
    HANDLE tracking;

    if (!device_open(&device))
        return;

    QueryPerformanceFrequency(&frequency);
    tracking = clock_start(&device);
    if (tracking) {
        bool ok = ask_now(&device, tracking, &first);

        EXPECT_EQUAL(first.QueryPerformanceCounterFrequency.QuadPart, frequency.QuadPart);
        for (int i = 0; ok && i < ASKED; i++) {
            ok = ask_now(&device, tracking, &answer);
            Sleep(1);
        }
        keeps_pace(&first, &answer);
        clock_stop(&device, tracking);
    }
    device_close(&device);
}

const struct test_case clock_cases[] = {
    { "clock_brackets", clock_brackets },
    { 0 },
};
