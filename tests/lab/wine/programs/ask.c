/*
 * Asks again and again when a microframe soon to come begins, and prints a line for each answer:
 *
 *     FRAME MICROFRAME QPC ACCURACY        [QPC ticks], [us]
 *
 * for somebody who watches the counter itself to check, `timesync_honest --answers`.
 *
 *     ask COUNT
 *
 * It ends when nobody reads them any more, or after COUNT of them.
 */
#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "expect.h"

enum { AHEAD = 400 /* [microframes] */, SPREAD = 101, PAUSE = 60 /* [ms] */ };

static bool ask_ahead(const struct device *device, HANDLE tracking, ULONG ahead)
{
    frame_answer now, answer;
    LONGLONG when;

    if (!clock_ask(device, tracking, 0, 0, &now))
        return false;
    when = now.CurrentUSBFrameNumber * 8LL + now.CurrentHardwareMicroFrameNumber + ahead;
    if (!clock_ask(device, tracking, (ULONG)(when / 8), (ULONG)(when % 8), &answer))
        return false;

    say("%lu %lu %lld %lu", answer.InputFrameNumber, answer.InputMicroFrameNumber,
        answer.QueryPerformanceCounterAtInputFrameOrMicroFrame.QuadPart,
        answer.PredictedAccuracyInMicroSeconds);
    return true;
}

int main(int argc, char **argv)
{
    const int count = argc > 1 ? atoi(argv[1]) : 1;
    struct device device;
    HANDLE tracking;
    bool ok = true;

    if (!device_open(&device))
        return 1;

    tracking = clock_start(&device);
    for (int i = 0; tracking && ok && !ferror(stdout) && i < count; i++) {
        ok = ask_ahead(&device, tracking, AHEAD + (ULONG)(rand() % SPREAD));
        Sleep(PAUSE);
    }
    device_close(&device);
    return tracking && ok ? 0 : 1;
}
