#include "lab.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* --- Sessions ------------------------------------------------------------------------------ */

static bool complain(const char *what, const char *node)
{
    fprintf(stderr, "lab: %s(%s) failed with error %u\n", what, node, (unsigned)GetLastError());
    return false;
}

bool lab_open(const struct lab_device *device, struct lab_session *session_out)
{
    struct lab_session session = { 0 };

    session.file =
        CreateFileA(device->node, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE,
                    NULL, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL | FILE_FLAG_OVERLAPPED, NULL);
    if (session.file == INVALID_HANDLE_VALUE)
        return complain("CreateFile", device->node);
    if (!WinUsb_Initialize(session.file, &session.iface)) {
        complain("WinUsb_Initialize", device->node);
        CloseHandle(session.file);
        return false;
    }
    *session_out = session;
    return true;
}

DWORD lab_start(struct lab_session *session, BOOLEAN delay_tolerable)
{
    USB_START_TRACKING_FOR_TIME_SYNC_INFORMATION start = { NULL, delay_tolerable };

    if (!WinUsb_StartTrackingForTimeSync(session->iface, &start))
        return GetLastError();
    session->tracking = start.TimeTrackingHandle;
    return ERROR_SUCCESS;
}

DWORD lab_ask(const struct lab_session *session,
              ULONG frame,
              ULONG microframe,
              USB_FRAME_NUMBER_AND_QPC_FOR_TIME_SYNC_INFORMATION *answer_out)
{
    USB_FRAME_NUMBER_AND_QPC_FOR_TIME_SYNC_INFORMATION answer = {
        .TimeTrackingHandle = session->tracking,
        .InputFrameNumber = frame,
        .InputMicroFrameNumber = microframe,
    };

    if (!WinUsb_GetCurrentFrameNumberAndQpc(session->iface, &answer))
        return GetLastError();
    *answer_out = answer;
    return ERROR_SUCCESS;
}

DWORD lab_stop(struct lab_session *session)
{
    USB_STOP_TRACKING_FOR_TIME_SYNC_INFORMATION stop = { session->tracking };

    if (!session->tracking)
        return ERROR_SUCCESS;
    session->tracking = NULL;
    return WinUsb_StopTrackingForTimeSync(session->iface, &stop) ? ERROR_SUCCESS : GetLastError();
}

void lab_close(struct lab_session *session)
{
    lab_stop(session);
    WinUsb_Free(session->iface);
    CloseHandle(session->file);
}

bool lab_track_tablet(struct lab_device *device_out, struct lab_session *session_out)
{
    DWORD error;

    if (!lab_find(LAB_TABLET, device_out) || !lab_open(device_out, session_out))
        return false;
    error = lab_start(session_out, FALSE);
    if (error == ERROR_SUCCESS)
        return true;
    fprintf(stderr, "lab: tracking does not start: error %u\n", (unsigned)error);
    lab_close(session_out);
    return false;
}

/* --- Traffic ------------------------------------------------------------------------------- */

/* Reads the first string descriptor again and again, each time from the device itself. */
static void *read_strings(void *argument)
{
    struct lab_traffic *traffic = argument;
    UCHAR text[255];
    ULONG length;

    while (!atomic_load(&traffic->over))
        WinUsb_GetDescriptor(traffic->iface, USB_STRING_DESCRIPTOR_TYPE, 1, 0x0409, text,
                             sizeof(text), &length);
    return NULL;
}

bool lab_traffic_start(struct lab_traffic *traffic, const struct lab_session *session)
{
    traffic->iface = session->iface;
    atomic_init(&traffic->over, false);
    if (pthread_create(&traffic->thread, NULL, read_strings, traffic) == 0)
        return true;
    fprintf(stderr, "lab: no thread for the traffic\n");
    return false;
}

void lab_traffic_stop(struct lab_traffic *traffic)
{
    atomic_store(&traffic->over, true);
    pthread_join(traffic->thread, NULL);
}

/* --- Statistics ---------------------------------------------------------------------------- */

static int compare(const void *left, const void *right)
{
    const double a = *(const double *)left;
    const double b = *(const double *)right;

    return (a > b) - (a < b);
}

double lab_percentile(double *values, size_t count, double percent)
{
    size_t rank;

    if (count == 0)
        return 0;
    qsort(values, count, sizeof(*values), compare);
    rank = (size_t)ceil((double)count * percent / 100);
    return values[rank > 0 ? rank - 1 : 0];
}
