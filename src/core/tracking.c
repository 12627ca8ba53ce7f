#include "core/tracking.h"

#include <stdlib.h>

#include "host/host.h"

enum {
    MICROFRAME_BITS = 3, /* of a frame */
    MICROFRAMES_PER_FRAME = 1 << MICROFRAME_BITS,
    HARDWARE_FRAMES = 2048,
    NS_PER_US = 1000,
};

/* One who tracks: a tracking handle. */
struct registration {
    struct wu_tracker_client client; /* must be first */
    struct wu_tracking_owner *owner;
    struct wu_tracker *tracker;
    HANDLE handle;
    struct registration *next; /* [lock] */
};

static struct wu_host_mutex lock = WU_HOST_MUTEX_INIT;
static struct registration *registrations; /* [lock] */

/* --- Start --------------------------------------------------------------------------------- */

static bool present(struct wu_tracker_client *client)
{
    const struct wu_tracking_owner *owner = ((struct registration *)client)->owner;

    return owner->present(owner);
}

static void lost(struct wu_tracker_client *client)
{
    wu_handle_set_unowned(((struct registration *)client)->handle, WU_HANDLE_TRACKING, NULL);
}

static DWORD registration_new(struct wu_tracking_owner *owner,
                              struct wu_tracker *tracker,
                              struct registration **registration_out)
{
    struct registration *registration = calloc(1, sizeof(*registration));
    DWORD error;

    if (!registration)
        return ERROR_NOT_ENOUGH_MEMORY;

    error = wu_handle_new_unowned(WU_HANDLE_TRACKING, tracker, &registration->handle);
    if (error != ERROR_SUCCESS) {
        free(registration);
        return error;
    }

    registration->client.present = present;
    registration->client.lost = lost;
    registration->owner = owner;
    registration->tracker = tracker;
    *registration_out = registration;
    return ERROR_SUCCESS;
}

/* The tracker first: until it has stopped, it may touch the handle. */
static void registration_end(struct registration *registration)
{
    wu_tracker_stop(registration->tracker, &registration->client);
    wu_handle_close_unowned(registration->handle, WU_HANDLE_TRACKING);
    free(registration);
}

/* Hands a registration to its owner, if that has not ended meanwhile. */
static DWORD hand_over(struct registration *registration)
{
    bool ended;

    wu_host_mutex_lock(&lock);
    ended = registration->owner->ended;
    if (!ended) {
        registration->next = registrations;
        registrations = registration;
    }
    wu_host_mutex_unlock(&lock);

    return ended ? ERROR_INVALID_HANDLE : ERROR_SUCCESS;
}

DWORD wu_tracking_start(struct wu_tracking_owner *owner,
                        struct wu_tracker *tracker,
                        USB_START_TRACKING_FOR_TIME_SYNC_INFORMATION *info)
{
    struct registration *registration;
    struct wu_ticks ticks;
    HANDLE handle;
    DWORD error;

    wu_ticks_keep();
    error = wu_ticks_begin(&ticks);
    if (error == ERROR_SUCCESS)
        error = registration_new(owner, tracker, &registration);
    if (error != ERROR_SUCCESS)
        return error;

    handle = registration->handle;
    error = wu_tracker_start(tracker, &registration->client, !info->IsStartupDelayTolerable);
    if (error == ERROR_SUCCESS)
        error = hand_over(registration);
    if (error != ERROR_SUCCESS) {
        registration_end(registration);
        return error;
    }

    info->TimeTrackingHandle = handle;
    return ERROR_SUCCESS;
}

/* --- Stop ---------------------------------------------------------------------------------- */

static bool is_of_device(const struct registration *registration, HANDLE handle, const void *device)
{
    return registration->handle == handle && registration->owner->device == device;
}

/* Takes the first registration off the list that has this handle and device, or this owner. */
static struct registration *
take(HANDLE handle, const void *device, const struct wu_tracking_owner *owner)
{
    struct registration **link = &registrations, *taken;

    wu_host_mutex_lock(&lock);
    while (*link && !is_of_device(*link, handle, device) && (*link)->owner != owner)
        link = &(*link)->next;
    taken = *link;
    if (taken)
        *link = taken->next;
    wu_host_mutex_unlock(&lock);

    return taken;
}

DWORD wu_tracking_stop(const struct wu_tracking_owner *owner,
                       const USB_STOP_TRACKING_FOR_TIME_SYNC_INFORMATION *info)
{
    struct registration *registration;

    if (!info)
        return ERROR_INVALID_HANDLE; /* as documented */

    registration = take(info->TimeTrackingHandle, owner->device, NULL);
    if (!registration)
        return ERROR_INVALID_PARAMETER;

    registration_end(registration);
    return ERROR_SUCCESS;
}

void wu_tracking_end(struct wu_tracking_owner *owner)
{
    struct registration *registration;

    wu_host_mutex_lock(&lock);
    owner->ended = true;
    wu_host_mutex_unlock(&lock);

    while ((registration = take(NULL, NULL, owner)) != NULL)
        registration_end(registration);
}

/* --- Query: no lock, no reference ------------------------------------------------------------ */

/* An interface handle, and what it has to be of. */
struct asker {
    HANDLE handle;
    enum wu_handle_kind kind;
};

/* Gets the tracker behind a tracking handle. */
static DWORD
peek(const struct asker *asker, HANDLE tracking_handle, struct wu_tracker **tracker_out)
{
    void *tracker;

    if (!wu_handle_is_open(asker->handle, asker->kind))
        return ERROR_INVALID_HANDLE;
    if (!wu_handle_peek(tracking_handle, WU_HANDLE_TRACKING, &tracker))
        return ERROR_INVALID_PARAMETER;
    if (!tracker)
        return ERROR_DEVICE_NOT_CONNECTED;

    *tracker_out = tracker;
    return ERROR_SUCCESS;
}

/* Whole microseconds, rounded up; 1 is the best there is. */
static ULONG accuracy(int64_t error)
{
    const int64_t most = (int64_t)UINT32_MAX * NS_PER_US;
    const int64_t ns = error < most ? error + wu_host_qpc_half_tick() : most;
    const int64_t us = (ns + NS_PER_US - 1) / NS_PER_US;

    if (us < 1)
        return 1;
    return us < UINT32_MAX ? (ULONG)us : UINT32_MAX;
}

/* Member by member: what follows the last one need not be the caller's. */
void wu_tracking_fill(USB_FRAME_NUMBER_AND_QPC_FOR_TIME_SYNC_INFORMATION *info,
                      const struct wu_tracker_answer *answer,
                      const struct wu_ticks *ticks,
                      bool asked)
{
    const struct wu_tick_time none = { 0, 0 };
    const struct wu_tick_time began = wu_ticks_at(ticks, answer->microframe_time);
    const struct wu_tick_time wanted = asked ? wu_ticks_at(ticks, answer->asked_time) : none;
    const int64_t more = began.error > wanted.error ? began.error : wanted.error;
    const uint64_t microframe = (uint64_t)answer->microframe;
    const uint64_t frame = microframe >> MICROFRAME_BITS;

    info->QueryPerformanceCounterAtInputFrameOrMicroFrame.QuadPart = wanted.ticks;
    info->QueryPerformanceCounterFrequency.QuadPart = wu_host_qpc_frequency();
    info->PredictedAccuracyInMicroSeconds = accuracy(answer->error + more);
    info->CurrentGenerationID = answer->generation + ticks->generation; /* either may grow */
    info->CurrentQueryPerformanceCounter.QuadPart = began.ticks;
    info->CurrentHardwareFrameNumber = (ULONG)(frame % HARDWARE_FRAMES);
    info->CurrentHardwareMicroFrameNumber = (ULONG)(microframe % MICROFRAMES_PER_FRAME);
    info->CurrentUSBFrameNumber = (ULONG)frame;
}

/* Both handles are looked at again after the tracker's answer: it may be another's by now. */
static DWORD ask(const struct asker *asker,
                 HANDLE tracking_handle,
                 const struct wu_tracker_asked *asked,
                 struct wu_tracker_answer *answer_out,
                 struct wu_ticks *ticks_out)
{
    struct wu_tracker *tracker;
    DWORD error = peek(asker, tracking_handle, &tracker);
    DWORD gone;

    if (error != ERROR_SUCCESS)
        return error;
    if (asked && asked->microframe >= MICROFRAMES_PER_FRAME)
        return ERROR_INVALID_PARAMETER;

    error = wu_ticks_begin(ticks_out);
    if (error == ERROR_SUCCESS)
        error = wu_tracker_query(tracker, asked, answer_out);
    if (error == ERROR_SUCCESS)
        error = wu_ticks_end(ticks_out);
    gone = peek(asker, tracking_handle, &tracker);
    return gone != ERROR_SUCCESS ? gone : error;
}

DWORD wu_tracking_query(HANDLE interface_handle,
                        enum wu_handle_kind kind,
                        USB_FRAME_NUMBER_AND_QPC_FOR_TIME_SYNC_INFORMATION *info)
{
    const struct asker asker = { interface_handle, kind };
    struct wu_tracker_answer answer;
    struct wu_tracker_asked asked;
    struct wu_ticks ticks;
    bool is_asked;
    DWORD error;

    if (!info)
        return ERROR_INVALID_HANDLE; /* as documented, and for a bad interface handle as well */

    asked.frame = info->InputFrameNumber;
    asked.microframe = info->InputMicroFrameNumber;
    is_asked = asked.frame != 0 || asked.microframe != 0;

    error = ask(&asker, info->TimeTrackingHandle, is_asked ? &asked : NULL, &answer, &ticks);
    if (error == ERROR_SUCCESS)
        wu_tracking_fill(info, &answer, &ticks, is_asked);
    return error;
}
