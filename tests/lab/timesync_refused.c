/*
 * A device whose frames cannot be tracked: both ways to start must fail with the error named, and
 * leave the handle of the tracking untouched; so must the question for the current frame.
 *
 *     timesync_refused PRODUCT ERROR
 */
#include <stdio.h>
#include <stdlib.h>

#include "lab.h"

/* Starts; says what happened when it is not what was expected. */
static bool refused(struct lab_session *session, BOOLEAN delay_tolerable, DWORD expected)
{
    HANDLE const before = (HANDLE)0x5a5a;
    USB_START_TRACKING_FOR_TIME_SYNC_INFORMATION start = { before, delay_tolerable };
    const BOOL started = WinUsb_StartTrackingForTimeSync(session->iface, &start);
    const DWORD error = started ? ERROR_SUCCESS : GetLastError();

    if (error == expected && start.TimeTrackingHandle == before)
        return true;
    printf("start, delay %s: error %u instead of %u, handle %s\n",
           delay_tolerable ? "tolerable" : "not tolerable", (unsigned)error, (unsigned)expected,
           start.TimeTrackingHandle == before ? "untouched" : "overwritten");
    return false;
}

static bool frame_refused(struct lab_session *session, DWORD expected)
{
    LARGE_INTEGER stamp;
    ULONG frame;
    const BOOL told = WinUsb_GetCurrentFrameNumber(session->iface, &frame, &stamp);
    const DWORD error = told ? ERROR_SUCCESS : GetLastError();

    if (error != expected)
        printf("current frame: error %u instead of %u\n", (unsigned)error, (unsigned)expected);
    return error == expected;
}

int main(int argc, char **argv)
{
    struct lab_device device;
    struct lab_session session;
    DWORD expected;
    bool passed;

    if (argc != 3 || !lab_find(argv[1], &device) || !lab_open(&device, &session))
        return 1;

    expected = (DWORD)atoi(argv[2]);
    passed = refused(&session, FALSE, expected);
    passed = refused(&session, TRUE, expected) && passed;
    passed = frame_refused(&session, expected) && passed;
    lab_close(&session);
    printf("timesync_refused: %s: %s, error %u expected\n", passed ? "passed" : "failed", argv[1],
           (unsigned)expected);
    return passed ? 0 : 1;
}
