/*
 * What the programs of the lab share: the machine they run in, a session with a device through the
 * public API, and simple statistics.
 *
 * Nothing here ends the program; functions that return false have said why on stderr.
 */
#ifndef LAB_LAB_H
#define LAB_LAB_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <windows.h>
#include <winusb.h>

#include "lab/machine.h"

struct lab_session {
    HANDLE file;
    WINUSB_INTERFACE_HANDLE iface;
    HANDLE tracking; /* NULL while not tracking */
};

/** Opens the device and its first interface. */
bool lab_open(const struct lab_device *device, struct lab_session *session_out);

/** Starts to track. @return ERROR_SUCCESS or what GetLastError() gives; says nothing */
DWORD lab_start(struct lab_session *session, BOOLEAN delay_tolerable);

/**
 * Asks for the current frame and, unless both are 0, when a frame and microframe begin.
 *
 * @param answer_out  set on success
 * @return ERROR_SUCCESS or what GetLastError() gives; says nothing
 */
DWORD lab_ask(const struct lab_session *session,
              ULONG frame,
              ULONG microframe,
              USB_FRAME_NUMBER_AND_QPC_FOR_TIME_SYNC_INFORMATION *answer_out);

/** Ends the tracking, if any. @return ERROR_SUCCESS or what GetLastError() gives */
DWORD lab_stop(struct lab_session *session);

/** Ends everything. */
void lab_close(struct lab_session *session);

/** Finds and opens the tablet and waits until it is tracked. */
bool lab_track_tablet(struct lab_device *device_out, struct lab_session *session_out);

/* Control transfers that go on and on in a thread of their own. */
struct lab_traffic {
    WINUSB_INTERFACE_HANDLE iface;
    pthread_t thread;
    atomic_bool over;
};

/** Starts them on a session that stays open until they are stopped. */
bool lab_traffic_start(struct lab_traffic *traffic, const struct lab_session *session);
void lab_traffic_stop(struct lab_traffic *traffic);

/** Sorts and gives the value that @p percent of the values do not exceed; 0 of none. */
double lab_percentile(double *values, size_t count, double percent);

#endif
