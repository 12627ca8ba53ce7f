#include "core/timesync.h"

#include <stdlib.h>

enum { MICROFRAMES_PER_FRAME = 8, HARDWARE_FRAMES = 2048, NS_PER_US = 1000 };

/* One who tracks: a tracking handle. */
struct wu_registration {
    struct wu_tracker_client client; /* must be first */
    struct wu_interface *owner;
    HANDLE handle;
    struct wu_registration *next; /* [device's lock] */
};

/* --- Start --------------------------------------------------------------------------------- */

static bool present(struct wu_tracker_client *client)
{
    return wu_device_present(((struct wu_registration *)client)->owner->device);
}

static void lost(struct wu_tracker_client *client)
{
    wu_handle_set_unowned(((struct wu_registration *)client)->handle, WU_HANDLE_TRACKING, NULL);
}

static DWORD registration_new(struct wu_interface *iface,
                              struct wu_tracker *tracker,
                              struct wu_registration **registration_out)
{
    struct wu_registration *registration = calloc(1, sizeof(*registration));
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
    registration->owner = iface;
    *registration_out = registration;
    return ERROR_SUCCESS;
}

/* The tracker first: until it has stopped, it may touch the handle. */
static void registration_end(struct wu_registration *registration, struct wu_tracker *tracker)
{
    wu_tracker_stop(tracker, &registration->client);
    wu_handle_close_unowned(registration->handle, WU_HANDLE_TRACKING);
    free(registration);
}

/* Hands a registration to its interface, if that has not been closed meanwhile. */
static DWORD hand_over(struct wu_registration *registration)
{
    struct wu_interface *iface = registration->owner;
    struct wu_device *device = iface->device;
    bool ended;

    wu_host_mutex_lock(&device->lock);
    ended = iface->ended;
    if (!ended) {
        registration->next = device->registrations;
        device->registrations = registration;
    }
    wu_host_mutex_unlock(&device->lock);

    return ended ? ERROR_INVALID_HANDLE : ERROR_SUCCESS;
}

static DWORD
track(struct wu_interface *iface, struct wu_tracker *tracker, bool wait, HANDLE *handle_out)
{
    struct wu_registration *registration;
    HANDLE handle;
    DWORD error = registration_new(iface, tracker, &registration);

    if (error != ERROR_SUCCESS)
        return error;

    handle = registration->handle;
    error = wu_tracker_start(tracker, &registration->client, wait);
    if (error == ERROR_SUCCESS)
        error = hand_over(registration);
    if (error != ERROR_SUCCESS) {
        registration_end(registration, tracker);
        return error;
    }

    *handle_out = handle;
    return ERROR_SUCCESS;
}

DWORD wu_timesync_start(struct wu_interface *iface,
                        USB_START_TRACKING_FOR_TIME_SYNC_INFORMATION *info)
{
    struct wu_tracker *tracker;
    HANDLE handle;
    DWORD error;

    if (!info)
        return ERROR_INVALID_HANDLE; /* as documented */
    if (!wu_device_present(iface->device))
        return ERROR_DEVICE_NOT_CONNECTED;

    error = wu_device_tracker(iface->device, &tracker);
    if (error == ERROR_SUCCESS)
        error = track(iface, tracker, !info->IsStartupDelayTolerable, &handle);
    if (error == ERROR_SUCCESS)
        info->TimeTrackingHandle = handle;
    return error;
}

/* --- Stop ---------------------------------------------------------------------------------- */

/* Takes the first registration off the list that has this handle, or this owner. */
static struct wu_registration *
take(struct wu_device *device, HANDLE handle, const struct wu_interface *owner)
{
    struct wu_registration **link, *taken;

    wu_host_mutex_lock(&device->lock);
    link = &device->registrations;
    while (*link && (*link)->handle != handle && (*link)->owner != owner)
        link = &(*link)->next;
    taken = *link;
    if (taken)
        *link = taken->next;
    wu_host_mutex_unlock(&device->lock);

    return taken;
}

DWORD wu_timesync_stop(struct wu_interface *iface,
                       const USB_STOP_TRACKING_FOR_TIME_SYNC_INFORMATION *info)
{
    struct wu_registration *registration;

    if (!info)
        return ERROR_INVALID_HANDLE; /* as documented */

    registration = take(iface->device, info->TimeTrackingHandle, NULL);
    if (!registration)
        return ERROR_INVALID_PARAMETER;

    /* Whoever has a registration has the device's tracker, which stays until the device closes. */
    registration_end(registration, iface->device->tracker);
    return ERROR_SUCCESS;
}

void wu_timesync_end(struct wu_interface *iface)
{
    struct wu_registration *registration;

    while ((registration = take(iface->device, NULL, iface)) != NULL)
        registration_end(registration, iface->device->tracker);
}

/* --- Query: no lock, no reference ------------------------------------------------------------ */

/* Gets the tracker behind a tracking handle. */
static DWORD peek(HANDLE interface_handle, HANDLE tracking_handle, struct wu_tracker **tracker_out)
{
    void *tracker;

    if (!wu_handle_is_open(interface_handle, WU_HANDLE_INTERFACE))
        return ERROR_INVALID_HANDLE;
    if (!wu_handle_peek(tracking_handle, WU_HANDLE_TRACKING, &tracker))
        return ERROR_INVALID_PARAMETER;
    if (!tracker)
        return ERROR_DEVICE_NOT_CONNECTED;

    *tracker_out = tracker;
    return ERROR_SUCCESS;
}

static LARGE_INTEGER nearest_qpc(int64_t time)
{
    const LARGE_INTEGER qpc = { .QuadPart = wu_host_qpc_nearest(time) };

    return qpc;
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
void wu_timesync_fill(USB_FRAME_NUMBER_AND_QPC_FOR_TIME_SYNC_INFORMATION *info,
                      const struct wu_tracker_answer *answer,
                      bool asked)
{
    const LARGE_INTEGER none = { .QuadPart = 0 };
    const int64_t frame = answer->microframe / MICROFRAMES_PER_FRAME;

    info->QueryPerformanceCounterAtInputFrameOrMicroFrame =
        asked ? nearest_qpc(answer->asked_time) : none;
    info->QueryPerformanceCounterFrequency.QuadPart = wu_host_qpc_frequency();
    info->PredictedAccuracyInMicroSeconds = accuracy(answer->error);
    info->CurrentGenerationID = answer->generation;
    info->CurrentQueryPerformanceCounter = nearest_qpc(answer->microframe_time);
    info->CurrentHardwareFrameNumber = (ULONG)(frame % HARDWARE_FRAMES);
    info->CurrentHardwareMicroFrameNumber = (ULONG)(answer->microframe % MICROFRAMES_PER_FRAME);
    info->CurrentUSBFrameNumber = (ULONG)frame;
}

/* Both handles are looked at again after the tracker's answer: it may be another's by now. */
static DWORD ask(HANDLE interface_handle,
                 HANDLE tracking_handle,
                 const struct wu_tracker_asked *asked,
                 struct wu_tracker_answer *answer_out)
{
    struct wu_tracker *tracker;
    DWORD error = peek(interface_handle, tracking_handle, &tracker);
    DWORD gone;

    if (error != ERROR_SUCCESS)
        return error;
    if (asked && asked->microframe >= MICROFRAMES_PER_FRAME)
        return ERROR_INVALID_PARAMETER;

    error = wu_tracker_query(tracker, asked, answer_out);
    gone = peek(interface_handle, tracking_handle, &tracker);
    return gone != ERROR_SUCCESS ? gone : error;
}

DWORD wu_timesync_query(HANDLE interface_handle,
                        USB_FRAME_NUMBER_AND_QPC_FOR_TIME_SYNC_INFORMATION *info)
{
    struct wu_tracker_answer answer;
    struct wu_tracker_asked asked;
    bool is_asked;
    DWORD error;

    if (!info)
        return ERROR_INVALID_HANDLE; /* as documented, and for a bad interface handle as well */

    asked.frame = info->InputFrameNumber;
    asked.microframe = info->InputMicroFrameNumber;
    is_asked = asked.frame != 0 || asked.microframe != 0;

    error = ask(interface_handle, info->TimeTrackingHandle, is_asked ? &asked : NULL, &answer);
    if (error == ERROR_SUCCESS)
        wu_timesync_fill(info, &answer, is_asked);
    return error;
}

/* --- Plain frame numbers --------------------------------------------------------------------- */

DWORD wu_timesync_current_frame(struct wu_interface *iface,
                                ULONG *frame_out,
                                LARGE_INTEGER *time_out)
{
    struct wu_tracker *tracker;
    uint32_t frame;
    int64_t time;
    DWORD error;

    if (!frame_out || !time_out)
        return ERROR_INVALID_PARAMETER;
    if (!wu_device_present(iface->device))
        return ERROR_DEVICE_NOT_CONNECTED;

    error = wu_device_tracker(iface->device, &tracker);
    if (error == ERROR_SUCCESS)
        error = wu_tracker_current_frame(tracker, &frame, &time);
    if (error != ERROR_SUCCESS)
        return error;

    *frame_out = frame;
    time_out->QuadPart = wu_host_qpc_from_clock(time);
    return ERROR_SUCCESS;
}

DWORD wu_timesync_adjusted_frame(ULONG *frame, LARGE_INTEGER time)
{
    const int64_t frequency = wu_host_qpc_frequency();
    const int64_t now = wu_host_qpc_from_clock(wu_host_clock_now());
    const int64_t elapsed = (int64_t)((uint64_t)now - (uint64_t)time.QuadPart);

    if (!frame)
        return ERROR_INVALID_PARAMETER;

    /* In two steps, which cannot overflow; frame numbers count on from 2^32 at 0. */
    *frame += (ULONG)(elapsed / frequency * 1000 + elapsed % frequency * 1000 / frequency);
    return ERROR_SUCCESS;
}
