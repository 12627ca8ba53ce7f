/*
 * The thread that goes on with a device's overlapped requests. It starts with the first of them
 * and sleeps while there are none, so that synchronous calls handle their events themselves.
 */
#ifndef WU_CORE_PUMP_H
#define WU_CORE_PUMP_H

#include <windows.h>

#include "host/host.h"

struct wu_device;

struct wu_pump {
    struct wu_device *device;
    uint64_t queue; /* of completions; 0 until the first request */

    struct wu_host_mutex lock;
    struct wu_host_cond changed;
    unsigned pending;   /* [lock] overlapped requests that have not been finished */
    int64_t alarm;      /* [lock] [ns of wu_host_clock_now()] when requests may begin; INT64_MAX */
    bool running;       /* [lock] the thread has been started */
    bool ended;         /* [lock] it is to end */
    const void *thread; /* [lock] identifies it */
    struct wu_host_thread handle;
};

/** Prepares a pump; there is no thread yet. */
void wu_pump_init(struct wu_pump *pump, struct wu_device *device);

/** Ends the thread; nothing may be pending. */
void wu_pump_destroy(struct wu_pump *pump);

/** Announces an overlapped request. @return ERROR_SUCCESS; ERROR_NOT_ENOUGH_MEMORY: there is no
 *  thread to be had */
DWORD wu_pump_begin(struct wu_pump *pump);

/** Tells that it has been finished. */
void wu_pump_end(struct wu_pump *pump);

/** Has requests that wait for their time looked at when it has come, or earlier. */
void wu_pump_set_alarm(struct wu_pump *pump, int64_t when);

#endif
