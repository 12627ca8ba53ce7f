/*
 * Asks again and again when a microframe soon to come begins, and prints a line for each answer:
 *
 *     FRAME MICROFRAME QPC ACCURACY        [QPC ticks], [us]
 *
 * for somebody who watches the counter itself to check, `timesync_honest --answers`. An answer that
 * is withheld is no line.
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

/* @return ERROR_SUCCESS; ERROR_NOT_READY: withheld, which is no failure; or another error */
static DWORD ask(const struct device *device, HANDLE tracking, LONGLONG when, frame_answer *answer)
{
    *answer = (frame_answer){
        .TimeTrackingHandle = tracking,
        .InputFrameNumber = (ULONG)(when / 8),
        .InputMicroFrameNumber = (ULONG)(when % 8),
    };
    return WinUsb_GetCurrentFrameNumberAndQpc(device->usb, answer) ? ERROR_SUCCESS : GetLastError();
}

static bool ask_ahead(const struct device *device, HANDLE tracking, ULONG ahead)
{
    frame_answer now, answer;
    DWORD error = ask(device, tracking, 0, &now);

    if (error == ERROR_SUCCESS)
        error = ask(device, tracking,
                    now.CurrentUSBFrameNumber * 8LL + now.CurrentHardwareMicroFrameNumber + ahead,
                    &answer);
    if (error == ERROR_NOT_READY)
        return true;
    if (!EXPECT_EQUAL(error, ERROR_SUCCESS))
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
