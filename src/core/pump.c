#include "core/pump.h"

#include "core/device.h"
#include "core/request.h"

void wu_pump_init(struct wu_pump *pump, struct wu_device *device)
{
    pump->device = device;
    pump->alarm = INT64_MAX;
    wu_host_mutex_init(&pump->lock);
    wu_host_cond_init(&pump->changed);
}

/* --- The thread ---------------------------------------------------------------------------- */

/* @return false when the thread shall end */
static bool await_work(struct wu_pump *pump, int64_t *until_out)
{
    bool ended;

    wu_host_mutex_lock(&pump->lock);
    while (pump->pending == 0 && !pump->ended)
        wu_host_cond_wait(&pump->changed, &pump->lock);
    ended = pump->ended;
    *until_out = pump->alarm;
    wu_host_mutex_unlock(&pump->lock);

    return !ended;
}

static bool take_alarm(struct wu_pump *pump)
{
    bool due;

    wu_host_mutex_lock(&pump->lock);
    due = pump->alarm <= wu_host_clock_now();
    if (due)
        pump->alarm = INT64_MAX;
    wu_host_mutex_unlock(&pump->lock);

    return due;
}

static void run(void *argument)
{
    struct wu_pump *pump = argument;
    struct wu_usb_completion completion;
    int64_t until;

    wu_host_mutex_lock(&pump->lock);
    pump->thread = wu_host_thread_self();
    wu_host_mutex_unlock(&pump->lock);

    while (await_work(pump, &until)) {
        if (wu_usb_queue_wait(pump->queue, until, &completion))
            wu_request_continue((struct wu_request *)(uintptr_t)completion.tag, &completion);
        if (until != INT64_MAX && take_alarm(pump))
            for (size_t i = 0; i < WU_PIPES; i++)
                wu_request_begin_waiting(&pump->device->pipes[i]);
    }
}

static DWORD start_locked(struct wu_pump *pump)
{
    DWORD error = ERROR_SUCCESS;

    if (pump->running)
        return ERROR_SUCCESS;
    if (pump->queue == 0)
        error = wu_usb_queue_new(pump->device->usb, &pump->queue);
    if (error != ERROR_SUCCESS)
        return error;

    pump->running = wu_host_thread_start(&pump->handle, run, pump);
    return pump->running ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
}

void wu_pump_destroy(struct wu_pump *pump)
{
    bool running;

    wu_host_mutex_lock(&pump->lock);
    pump->ended = true;
    running = pump->running;
    wu_host_cond_broadcast(&pump->changed);
    wu_host_mutex_unlock(&pump->lock);

    if (running) {
        wu_usb_queue_wake(pump->queue);
        wu_host_thread_join(&pump->handle);
    }
    if (pump->queue != 0)
        wu_usb_queue_free(pump->queue);
    wu_host_cond_destroy(&pump->changed);
    wu_host_mutex_destroy(&pump->lock);
}

/* --- Its work ------------------------------------------------------------------------------ */

DWORD wu_pump_begin(struct wu_pump *pump)
{
    DWORD error;

    wu_host_mutex_lock(&pump->lock);
    error = start_locked(pump);
    if (error == ERROR_SUCCESS && pump->pending++ == 0)
        wu_host_cond_broadcast(&pump->changed);
    wu_host_mutex_unlock(&pump->lock);

    return error;
}

/* When somebody else than the thread took its last work away, it is still handling events. */
void wu_pump_end(struct wu_pump *pump)
{
    bool wake;

    wu_host_mutex_lock(&pump->lock);
    wake = --pump->pending == 0 && pump->thread != wu_host_thread_self();
    wu_host_mutex_unlock(&pump->lock);

    if (wake)
        wu_usb_queue_wake(pump->queue);
}

void wu_pump_set_alarm(struct wu_pump *pump, int64_t when)
{
    bool sooner;

    wu_host_mutex_lock(&pump->lock);
    sooner = when < pump->alarm;
    if (sooner)
        pump->alarm = when;
    wu_host_mutex_unlock(&pump->lock);

    if (sooner)
        wu_usb_queue_wake(pump->queue);
}
