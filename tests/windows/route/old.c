/*
 * Devices of winusb.sys on an older Windows: what its winusb.dll lacks is stood in for, or fails as
 * not supported.
 *
 *     route_old 7|8
 */
#include "check.h"

#include <stdlib.h>
#include <string.h>

enum { UNTOUCHED = 0x5EED /* a last error */ };

static HANDLE handle;

/* --- Asynchronous functions ---------------------------------------------------------------- */

static BOOL abort_pipe(OVERLAPPED *overlapped)
{
    return ours.WinUsb_AbortPipeAsync(handle, 0x81, overlapped);
}

static BOOL reset_pipe(OVERLAPPED *overlapped)
{
    return ours.WinUsb_ResetPipeAsync(handle, 0x81, overlapped);
}

static BOOL set_setting(OVERLAPPED *overlapped)
{
    return ours.WinUsb_SetCurrentAlternateSettingAsync(handle, 0x81, overlapped);
}

static void is_done_at_once(BOOL (*call)(OVERLAPPED *overlapped), const char *stands_for)
{
    OVERLAPPED overlapped = { .hEvent = CreateEventA(NULL, TRUE, FALSE, NULL) };
    DWORD bytes = 77;

    CHECK(!call(&overlapped));
    CHECK_EQUAL(GetLastError(), ERROR_IO_PENDING);
    check(strcmp(last_call()->name, stands_for) == 0, stands_for, __FILE__, __LINE__);
    CHECK_EQUAL(last_call()->arguments[1], 0x81);
    CHECK_EQUAL(WaitForSingleObject(overlapped.hEvent, 0), WAIT_OBJECT_0);
    CHECK(GetOverlappedResult(NULL, &overlapped, &bytes, FALSE));
    CHECK_EQUAL(bytes, 0);

    state->result = FALSE;
    state->sets_error = true;
    state->error = ERROR_GEN_FAILURE;
    CHECK(!call(&overlapped));
    CHECK_EQUAL(GetLastError(), ERROR_IO_PENDING);
    CHECK(!GetOverlappedResult(NULL, &overlapped, &bytes, FALSE));
    CHECK_EQUAL(GetLastError(), ERROR_GEN_FAILURE);

    CHECK(!call(NULL));
    CHECK_EQUAL(GetLastError(), ERROR_GEN_FAILURE);
    state->result = TRUE;
    state->sets_error = false;
    SetLastError(UNTOUCHED);
    CHECK(call(NULL));
    CHECK_EQUAL(GetLastError(), UNTOUCHED);
    CloseHandle(overlapped.hEvent);
}

static void asynchronous_functions_are_done_at_once(void)
{
    is_done_at_once(abort_pipe, "WinUsb_AbortPipe");
    is_done_at_once(reset_pipe, "WinUsb_ResetPipe");
    is_done_at_once(set_setting, "WinUsb_SetCurrentAlternateSetting");
}

/* --- Pipes ----------------------------------------------------------------------------------- */

/* Settings 0: bulk and isochronous, thrice in a microframe; 1: nothing. */
static const UCHAR high[] = {
    9, 2, 41,   0, 1, 1,    0, 0x80, 50, /* configuration */
    9, 4, 0,    0, 2, 0xFF, 0, 0,    0,  /* interface 0, setting 0 */
    7, 5, 0x81, 2, 0, 2,    0,           /* 512 bytes */
    7, 5, 0x82, 1, 0, 0x14, 1,           /* 3 * 1024 bytes */
    9, 4, 0,    1, 0, 0xFF, 0, 0,    0,  /* interface 0, setting 1 */
};

static const UCHAR super[] = {
    9, 2,    31,   0, 1, 1,    0, 0x80, 50, /* configuration */
    9, 4,    0,    0, 1, 0xFF, 0, 0,    0,  /* interface 0, setting 0 */
    7, 5,    0x83, 1, 0, 4,    1,           /* 1024 bytes */
    6, 0x30, 15,   0, 0, 0x40,              /* 16 * 1024 bytes */
};

static BOOL query_pipe(const UCHAR *bytes, ULONG size, UCHAR setting, UCHAR index, ULONG *most_out)
{
    WINUSB_PIPE_INFORMATION_EX pipe;
    BOOL done;

    memset(&pipe, 0xA5, sizeof(pipe));
    state->writes = true;
    state->configuration = bytes;
    state->configuration_size = size;
    done = ours.WinUsb_QueryPipeEx(handle, setting, index, &pipe);
    state->configuration = NULL;
    state->writes = false;

    CHECK_EQUAL((UCHAR)pipe.PipeId, done ? 0x5A : 0xA5);
    CHECK_EQUAL(pipe.MaximumPacketSize, done ? 0x5A5A : 0xA5A5);
    CHECK_EQUAL(pipe.Interval, done ? 0x5A : 0xA5);
    *most_out = pipe.MaximumBytesPerInterval;
    return done;
}

static void bytes_per_interval_come_from_the_configuration(void)
{
    WINUSB_PIPE_INFORMATION_EX pipe;
    ULONG most;

    CHECK(query_pipe(high, sizeof(high), 0, 0, &most));
    CHECK_EQUAL(most, 512);
    CHECK(query_pipe(high, sizeof(high), 0, 1, &most));
    CHECK_EQUAL(most, 3 * 1024);
    CHECK(query_pipe(super, sizeof(super), 0, 0, &most));
    CHECK_EQUAL(most, 0x4000);
    CHECK(!query_pipe(high, sizeof(high), 0, 2, &most));
    CHECK(!query_pipe(high, sizeof(high), 1, 0, &most));
    CHECK(!query_pipe(high, 8, 0, 0, &most));
    CHECK(!query_pipe(high, 30, 0, 1, &most));

    CHECK(!ours.WinUsb_QueryPipeEx(handle, 0, 0, NULL));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    state->result = FALSE;
    state->sets_error = true;
    state->error = ERROR_NO_MORE_ITEMS;
    CHECK(!ours.WinUsb_QueryPipeEx(handle, 0, 0, &pipe));
    CHECK_EQUAL(GetLastError(), ERROR_NO_MORE_ITEMS);
    state->result = TRUE;
    state->sets_error = false;
}

/* --- What is not supported ----------------------------------------------------------------- */

#define NOT_SUPPORTED(call)                               \
    do {                                                  \
        CHECK(!(call));                                   \
        CHECK_EQUAL(GetLastError(), ERROR_NOT_SUPPORTED); \
    } while (0)

static void the_rest_is_not_supported(void)
{
    USB_START_TRACKING_FOR_TIME_SYNC_INFORMATION info = { (HANDLE)77, TRUE };
    const LONG before = state->calls;
    LARGE_INTEGER time;
    HANDLE buffer = (HANDLE)77;
    ULONG frame;

    NOT_SUPPORTED(ours.WinUsb_RegisterIsochBuffer(handle, 1, NULL, 0, &buffer));
    NOT_SUPPORTED(ours.WinUsb_GetCurrentFrameNumber(handle, &frame, &time));
    NOT_SUPPORTED(ours.WinUsb_GetCurrentFrameNumber(handle, &frame, &time));
    NOT_SUPPORTED(ours.WinUsb_StartTrackingForTimeSync(handle, &info));
    CHECK(buffer == (HANDLE)77);
    CHECK(info.TimeTrackingHandle == (HANDLE)77);
    CHECK_EQUAL(state->calls, before);
}

/* --- What needs no device ------------------------------------------------------------------ */

static void frame_numbers_are_adjusted_by_ours(void)
{
    LARGE_INTEGER time, frequency;
    ULONG frame = 0xFFFFFFFF;

    QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&time);
    time.QuadPart -= frequency.QuadPart;
    CHECK(ours.WinUsb_GetAdjustedFrameNumber(&frame, time));
    CHECK(frame >= 999 && frame < 1999);
}

/* --- Time synchronization: its errors ------------------------------------------------------ */

static void infos_and_handles_are_checked(void)
{
    USB_FRAME_NUMBER_AND_QPC_FOR_TIME_SYNC_INFORMATION query = { .TimeTrackingHandle = handle };
    USB_STOP_TRACKING_FOR_TIME_SYNC_INFORMATION stop = { handle };

    CHECK(!ours.WinUsb_GetCurrentFrameNumberAndQpc(handle, NULL));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_HANDLE);
    CHECK(!ours.WinUsb_StopTrackingForTimeSync(handle, NULL));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_HANDLE);
    CHECK(!ours.WinUsb_StartTrackingForTimeSync(handle, NULL));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_HANDLE);
    CHECK(!ours.WinUsb_GetCurrentFrameNumberAndQpc(handle, &query));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK(!ours.WinUsb_StopTrackingForTimeSync(handle, &stop));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
}

int main(int count, char **arguments)
{
    load_ours();
    load_double();
    CHECK(state != NULL && count == 2);
    if (!state || count != 2)
        return report();

    handle = open_interface();
    infos_and_handles_are_checked();
    if (atoi(arguments[1]) == 7) {
        asynchronous_functions_are_done_at_once();
        bytes_per_interval_come_from_the_configuration();
        the_rest_is_not_supported();
        frame_numbers_are_adjusted_by_ours();
    } else {
        CHECK(ours.WinUsb_QueryPipeEx(handle, 1, 2, NULL));
        CHECK(strcmp(last_call()->name, "WinUsb_QueryPipeEx") == 0);
    }
    CHECK(ours.WinUsb_Free(handle));
    return report();
}
