#include "windows/system_counter.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "host/ntstatus.h"
#include "host/win32/module.h"
#include "windows/system.h"

static const int64_t FRAME = 1000000; /* [ns] */

enum { FAILURES_OF_A_LOST_DEVICE = 100 /* in a row, which take a second */ };

/* A number that trackers are known by. As these are never freed, numbers are used again. */
struct wu_system_slot {
    unsigned number;                   /* constant */
    struct wu_system_counter *counter; /* [slots] whose number it is; NULL: nobody's */
    struct wu_system_slot *next;       /* constant */
};

static struct wu_host_mutex slots_lock = WU_HOST_MUTEX_INIT;
static struct wu_system_slot *slots; /* [slots] */

/* --- Reading ------------------------------------------------------------------------------- */

/* Whether no such device will ever answer again. */
static bool means_lost(DWORD error)
{
    switch (error) {
    case ERROR_FILE_NOT_FOUND:
    case ERROR_ACCESS_DENIED:
    case ERROR_INVALID_HANDLE:
    case ERROR_BAD_COMMAND:
    case ERROR_NO_SUCH_DEVICE:
    case ERROR_DEVICE_NOT_CONNECTED:
        return true;
    default:
        return false;
    }
}

static DWORD ask_locked(struct wu_system_counter *counter, ULONG *frame_out)
{
    LARGE_INTEGER time;
    DWORD error = ERROR_SUCCESS;

    if (counter->ended)
        return ERROR_INVALID_HANDLE;
    if (!wu_system()->WinUsb_GetCurrentFrameNumber(counter->handle, frame_out, &time))
        error = GetLastError();

    counter->failures = error == ERROR_SUCCESS ? 0 : counter->failures + 1;
    if (means_lost(error) || counter->failures >= FAILURES_OF_A_LOST_DEVICE)
        counter->lost = true;
    return error;
}

/* Once in seven weeks a frame has the number that means no answer: until the next one then. */
static DWORD ask(struct wu_system_counter *counter, ULONG *frame_out)
{
    const int64_t until = wu_host_clock_now() + 2 * FRAME;
    DWORD error;

    wu_host_mutex_lock(&counter->lock);
    do {
        error = ask_locked(counter, frame_out);
    } while (error == ERROR_SUCCESS && *frame_out == WU_FRAME_ABSENT &&
             wu_host_clock_now() < until);
    wu_host_mutex_unlock(&counter->lock);

    return error;
}

/* --- As a frame source ----------------------------------------------------------------------- */

struct system_source {
    struct wu_frame_source source; /* must be first */
    struct wu_system_counter *counter;
};

/* A device that does not answer just now may do so later. */
static bool read(struct wu_frame_source *source, uint32_t *raw)
{
    struct wu_system_counter *counter = ((struct system_source *)source)->counter;
    ULONG frame;
    const DWORD error = ask(counter, &frame);

    if (error != ERROR_SUCCESS && counter->lost)
        return false;
    *raw = error == ERROR_SUCCESS ? frame : WU_FRAME_ABSENT;
    return true;
}

static void source_destroy(struct wu_frame_source *source)
{
    free(source);
}

static const struct wu_frame_source_ops system_ops = {
    .name = "winusb.sys",
    .bits = 32,
    .tick = 1000000,
    .read = read,
    .destroy = source_destroy,
};

static DWORD open(void *context, struct wu_frame_source **source_out)
{
    struct system_source *self = calloc(1, sizeof(*self));

    if (!self)
        return ERROR_NOT_ENOUGH_MEMORY;

    self->source.ops = &system_ops;
    self->counter = ((struct wu_system_slot *)context)->counter;
    *source_out = &self->source;
    return ERROR_SUCCESS;
}

/* --- Numbers ------------------------------------------------------------------------------- */

static struct wu_system_slot *add_slot_locked(void)
{
    struct wu_system_slot *slot = calloc(1, sizeof(*slot));

    if (slot) {
        slot->number = slots ? slots->number + 1 : 1;
        slot->next = slots;
        slots = slot;
    }
    return slot;
}

static struct wu_system_slot *take_slot(struct wu_system_counter *counter)
{
    struct wu_system_slot *slot;

    wu_host_mutex_lock(&slots_lock);
    slot = slots;
    while (slot && slot->counter)
        slot = slot->next;
    if (!slot)
        slot = add_slot_locked();
    if (slot)
        slot->counter = counter;
    wu_host_mutex_unlock(&slots_lock);

    return slot;
}

static void give_slot_back(struct wu_system_slot *slot)
{
    wu_host_mutex_lock(&slots_lock);
    slot->counter = NULL;
    wu_host_mutex_unlock(&slots_lock);
}

/* --- Life ---------------------------------------------------------------------------------- */

static bool present(const struct wu_tracking_owner *owner)
{
    return !((const struct wu_system_counter *)owner)->lost;
}

void wu_system_counter_init(struct wu_system_counter *counter, HANDLE handle, HANDLE file)
{
    *counter = (struct wu_system_counter){ .tracking = { .device = file, .present = present },
                                           .handle = handle };
    wu_host_mutex_init(&counter->opening);
    wu_host_mutex_init(&counter->lock);
}

/* Who is starting to track meanwhile finds the counter lost, and its owner ended. When the process
 * is ending the thread that tracks is dead, and nobody may wait for what it held. */
void wu_system_counter_end(struct wu_system_counter *counter)
{
    if (wu_host_is_ending())
        return;

    wu_host_mutex_lock(&counter->lock);
    counter->ended = true;
    counter->lost = true;
    wu_host_mutex_unlock(&counter->lock);

    wu_tracking_end(&counter->tracking);
}

void wu_system_counter_destroy(struct wu_system_counter *counter)
{
    if (wu_host_is_ending())
        return;

    if (counter->tracker)
        wu_tracker_release(counter->tracker);
    if (counter->slot)
        give_slot_back(counter->slot);
    wu_host_mutex_destroy(&counter->opening);
    wu_host_mutex_destroy(&counter->lock);
}

static DWORD acquire_tracker_locked(struct wu_system_counter *counter)
{
    struct wu_controller controller = { .kind = WU_CONTROLLER_OTHER, .open = open };

    if (!counter->slot)
        counter->slot = take_slot(counter);
    if (!counter->slot)
        return ERROR_NOT_ENOUGH_MEMORY;

    controller.context = counter->slot;
    snprintf(controller.id, sizeof(controller.id), "winusb.sys %u", counter->slot->number);
    return wu_tracker_acquire(&controller, &counter->tracker);
}

static DWORD get_tracker(struct wu_system_counter *counter, struct wu_tracker **tracker_out)
{
    DWORD error = ERROR_SUCCESS;

    wu_host_mutex_lock(&counter->opening);
    if (!counter->tracker)
        error = acquire_tracker_locked(counter);
    if (error == ERROR_SUCCESS)
        *tracker_out = counter->tracker;
    wu_host_mutex_unlock(&counter->opening);

    return error;
}

DWORD wu_system_counter_start(struct wu_system_counter *counter,
                              USB_START_TRACKING_FOR_TIME_SYNC_INFORMATION *info)
{
    struct wu_tracker *tracker;
    ULONG frame;
    DWORD error;

    if (!info)
        return ERROR_INVALID_HANDLE; /* as documented */
    if (!wu_system()->WinUsb_GetCurrentFrameNumber)
        return ERROR_NOT_SUPPORTED;

    error = ask(counter, &frame);
    if (error != ERROR_SUCCESS)
        return error != ERROR_INVALID_HANDLE && means_lost(error) ? ERROR_DEVICE_NOT_CONNECTED
                                                                  : error;

    wu_module_pin();
    error = get_tracker(counter, &tracker);
    return error == ERROR_SUCCESS ? wu_tracking_start(&counter->tracking, tracker, info) : error;
}
