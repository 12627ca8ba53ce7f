#include "core/isoch_time.h"

#include "frame/controller.h"

enum { NS_PER_FRAME = 1000000, MICROFRAMES_PER_FRAME = 8 };

/* Which controller that is does not change: the files of sysfs are read once. */
static DWORD find_tracker(struct wu_device *device, struct wu_tracker **tracker_out)
{
    wu_host_mutex_lock(&device->lock);
    *tracker_out = device->tracker;
    wu_host_mutex_unlock(&device->lock);

    return *tracker_out ? ERROR_SUCCESS : wu_device_tracker(device, tracker_out);
}

/* The time of a number that was read lies half a frame after the frame's begin, on average. */
static struct wu_isoch_moment when_by_number(struct wu_tracker *tracker, ULONG frame)
{
    struct wu_isoch_moment moment = { .known = false };
    uint32_t current;
    int64_t time;

    if (wu_tracker_current_frame(tracker, &current, &time) != ERROR_SUCCESS)
        return moment;

    moment.known = true;
    moment.ahead = (LONG)(frame - current);
    moment.begin = time + (int64_t)moment.ahead * NS_PER_FRAME - NS_PER_FRAME / 2;
    return moment;
}

struct wu_isoch_moment wu_isoch_when(struct wu_device *device, ULONG frame)
{
    const struct wu_tracker_asked asked = { .frame = frame };
    struct wu_isoch_moment moment = { .known = false };
    struct wu_tracker_answer answer;
    struct wu_tracker *tracker;

    if (find_tracker(device, &tracker) != ERROR_SUCCESS)
        return moment;
    if (wu_tracker_query(tracker, &asked, &answer) != ERROR_SUCCESS)
        return when_by_number(tracker, frame);

    moment.known = true;
    moment.ahead = (LONG)(frame - (ULONG)(answer.microframe / MICROFRAMES_PER_FRAME));
    moment.begin = answer.asked_time;
    return moment;
}

/* [frames] that the kernel's driver leaves idle before a new stream; an xHCI begins at once. */
static int64_t idle_frames(enum wu_controller_kind kind)
{
    switch (kind) {
    case WU_CONTROLLER_UHCI:
        return 1;
    case WU_CONTROLLER_EHCI:
        return 5;
    case WU_CONTROLLER_OHCI:
        return 8;
    default:
        return 0;
    }
}

/* One more frame is for our waking, as waits end with a whole millisecond. */
int64_t wu_isoch_lead(const struct wu_device *device)
{
    struct wu_controller controller;

    if (wu_controller_find(device->target.bus, &controller) != ERROR_SUCCESS)
        return 0;
    return (idle_frames(controller.kind) + 1) * NS_PER_FRAME;
}
