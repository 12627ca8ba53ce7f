/*
 * How close an isochronous transfer gets to the frame that it was to begin with.
 *
 * The device sees no frame numbers, so it is measured at the end: when the transfer is done,
 * against when its last frame ends by the tracked clock. What is late in that is the begin, the
 * controller's interrupt and our waking.
 *
 *     isoch_start [COUNT]     that many transfers, each the beginning of a stream
 *
 * It fails when they begin before their frames. How late they are is told beside the goal, and how
 * many were too late.
 */
#include <stdio.h>
#include <stdlib.h>

#include "lab/device/script.h"
#include "lab/lab.h"

enum {
    READ_PIPE = 0x84,
    SETTING = 4, /* one packet of 64 bytes a frame */
    PACKET = 64,
    FRAMES = 8,
    AHEAD = 25, /* [frames] from now to the first */
    COUNT = 200,
    SPREAD = 7, /* [ms] pauses differ by up to that, so that any phase of a frame has its turn */
};

static const double ns_per_ms = 1e6;
static const double EARLIEST = -2, LATEST = 5; /* [ms] p1 of the ends, and the goal for p50 */

struct results {
    unsigned count;
    double *late;       /* [ms] */
    double *accuracies; /* [ms] of the clock */
    unsigned refused;   /* this program had been paused until all frames were past */
    unsigned late_packets;
};

static bool open_pipe(const struct lab_session *session,
                      WINUSB_INTERFACE_HANDLE *iface_out,
                      WINUSB_ISOCH_BUFFER_HANDLE *buffer_out,
                      UCHAR *bytes)
{
    return WinUsb_GetAssociatedInterface(session->iface, 0, iface_out) &&
           WinUsb_SetCurrentAlternateSetting(*iface_out, SETTING) &&
           WinUsb_RegisterIsochBuffer(*iface_out, READ_PIPE, bytes, FRAMES * PACKET, buffer_out);
}

/* @return when the frame begins [ns], or -1 */
static double time_of(const struct lab_session *session, ULONG frame)
{
    USB_FRAME_NUMBER_AND_QPC_FOR_TIME_SYNC_INFORMATION answer;

    if (lab_ask(session, frame, 0, &answer) != ERROR_SUCCESS)
        return -1;
    return (double)answer.QueryPerformanceCounterAtInputFrameOrMicroFrame.QuadPart * 1e9 /
           (double)answer.QueryPerformanceCounterFrequency.QuadPart;
}

static bool transfer(const struct lab_session *session,
                     WINUSB_ISOCH_BUFFER_HANDLE buffer,
                     struct results *results)
{
    USB_FRAME_NUMBER_AND_QPC_FOR_TIME_SYNC_INFORMATION now;
    USBD_ISO_PACKET_DESCRIPTOR packets[FRAMES];
    double done;
    ULONG frame;

    if (lab_ask(session, 0, 0, &now) != ERROR_SUCCESS)
        return true; /* the clock is in doubt; another time */
    frame = now.CurrentUSBFrameNumber + AHEAD;
    if (!WinUsb_ReadIsochPipe(buffer, 0, FRAMES * PACKET, &frame, FRAMES, packets, NULL)) {
        results->refused++;
        return GetLastError() == ERROR_INVALID_PARAMETER;
    }

    done = (double)lab_now();
    for (int i = 0; i < FRAMES; i++)
        results->late_packets += packets[i].Status == USBD_STATUS_ISO_NOT_ACCESSED_LATE;
    if (time_of(session, frame) < 0)
        return true;
    results->accuracies[results->count] = now.PredictedAccuracyInMicroSeconds / 1e3;
    results->late[results->count++] = (done - time_of(session, frame)) / ns_per_ms;
    return frame == now.CurrentUSBFrameNumber + AHEAD + FRAMES;
}

static bool measure(const struct lab_session *session,
                    WINUSB_ISOCH_BUFFER_HANDLE buffer,
                    unsigned count,
                    struct results *results)
{
    for (unsigned i = 0; i < count; i++) {
        if (!transfer(session, buffer, results)) {
            printf("isoch_start: failed: transfer %u: error %u\n", i, (unsigned)GetLastError());
            return false;
        }
        lab_sleep((int64_t)(ns_per_ms * SPREAD * (i % 97) / 97));
    }
    return results->count > 0;
}

static void summarize(struct results *results)
{
    printf("isoch_start: %u transfers: the end is late by %.2f ms (p1), %.2f (p50), %.2f (p95), "
           "%.2f (max); goal, %.0f (p50); the clock is true within %.3f ms (p50); %u refused, "
           "%u packets too late\n",
           results->count, lab_percentile(results->late, results->count, 1),
           lab_percentile(results->late, results->count, 50),
           lab_percentile(results->late, results->count, 95),
           lab_percentile(results->late, results->count, 100), LATEST,
           lab_percentile(results->accuracies, results->count, 50), results->refused,
           results->late_packets);
}

/* How late they are, and how many too late, is for the machine to say as well. */
static bool judge(struct results *results)
{
    return lab_percentile(results->late, results->count, 1) > EARLIEST;
}

int main(int count, char **words)
{
    const unsigned wanted = count > 1 ? (unsigned)strtoul(words[1], NULL, 10) : COUNT;
    struct results results = { .late = calloc(wanted, sizeof(double)),
                               .accuracies = calloc(wanted, sizeof(double)) };
    static UCHAR bytes[FRAMES * PACKET];
    WINUSB_ISOCH_BUFFER_HANDLE buffer;
    WINUSB_INTERFACE_HANDLE iface;
    struct lab_session session;
    struct lab_device device;
    bool passed;

    if (!results.late || !results.accuracies || !lab_find(LABDEV_PRODUCT, &device) ||
        !lab_open(&device, &session))
        return 1;

    passed = lab_start(&session, FALSE) == ERROR_SUCCESS &&
             open_pipe(&session, &iface, &buffer, bytes) &&
             measure(&session, buffer, wanted, &results);
    summarize(&results);
    passed = passed && judge(&results);
    lab_close(&session);
    free(results.late);
    free(results.accuracies);
    return passed ? 0 : 1;
}
