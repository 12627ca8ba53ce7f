/*
 * A program for time synchronization, which MinGW's own winusb.h and import library do not know: it
 * is compiled with ours and linked with ours.
 */
#include <stdio.h>
#include <windows.h>
#include <winusb.h>

static int failed(const char *what, BOOL succeeded)
{
    const DWORD error = GetLastError();

    if (!succeeded && error == ERROR_INVALID_HANDLE)
        return 0;
    printf("%s without a handle: %d, error %lu\n", what, succeeded, error);
    return 1;
}

int main(void)
{
    USB_START_TRACKING_FOR_TIME_SYNC_INFORMATION start = { NULL, FALSE };
    USB_FRAME_NUMBER_AND_QPC_FOR_TIME_SYNC_INFORMATION info = { 0 };
    USB_STOP_TRACKING_FOR_TIME_SYNC_INFORMATION stop = { NULL };
    int mistakes = 0;

    mistakes += failed("start", WinUsb_StartTrackingForTimeSync(NULL, &start));
    mistakes += failed("query", WinUsb_GetCurrentFrameNumberAndQpc(NULL, &info));
    mistakes += failed("stop", WinUsb_StopTrackingForTimeSync(NULL, &stop));
    printf("3 functions called, %d mistakes\n", mistakes);
    return mistakes;
}
