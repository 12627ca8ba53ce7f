/* Whose turn it is to have the source to himself: to open it, read it or close it. */
#include "track/tracker_parts.h"

#include <string.h>

/* @return false when it is somebody else's turn */
static bool take_locked(struct wu_tracker *tracker)
{
    if (tracker->taken)
        return false;
    tracker->taken = true;
    tracker->taken_since = wu_host_clock_now();
    return true;
}

bool wu_tracker_take_turn(struct wu_tracker *tracker, int64_t until)
{
    bool in_time = true;

    wu_host_mutex_lock(&tracker->source_lock);
    while (tracker->taken && in_time)
        in_time = wu_host_cond_wait_until(&tracker->turn_over, &tracker->source_lock, until);
    const bool free = take_locked(tracker);

    wu_host_mutex_unlock(&tracker->source_lock);
    return free;
}

bool wu_tracker_try_turn(struct wu_tracker *tracker, int64_t *since_out)
{
    wu_host_mutex_lock(&tracker->source_lock);
    const bool free = take_locked(tracker);

    *since_out = tracker->taken_since;
    wu_host_mutex_unlock(&tracker->source_lock);
    return free;
}

void wu_tracker_end_turn(struct wu_tracker *tracker)
{
    wu_host_mutex_lock(&tracker->source_lock);
    tracker->taken = false;
    wu_host_cond_broadcast(&tracker->turn_over);
    wu_host_mutex_unlock(&tracker->source_lock);
}

/* --- Source ---------------------------------------------------------------------------------- */

static enum wu_frame_method method_wanted(void)
{
    static const struct {
        const char *name;
        enum wu_frame_method method;
    } METHODS[] = {
        { "mmio", WU_FRAME_METHOD_MMIO },
        { "debugfs", WU_FRAME_METHOD_DEBUGFS },
        { "sim", WU_FRAME_METHOD_SIM },
    };
    const char *wanted = wu_host_environment("WINUSB_FRAME_SOURCE");

    for (size_t i = 0; wanted && i < sizeof(METHODS) / sizeof(METHODS[0]); i++)
        if (strcmp(METHODS[i].name, wanted) == 0)
            return METHODS[i].method;
    return WU_FRAME_METHOD_AUTO;
}

DWORD wu_tracker_open_source(struct wu_tracker *tracker)
{
    DWORD error;

    if (tracker->source)
        return ERROR_SUCCESS;

    error = wu_frame_source_open(&tracker->controller, method_wanted(), &tracker->source);
    if (error != ERROR_SUCCESS)
        return error;

    wu_log(WU_LOG_INFO, "%s: frame numbers come from %s", tracker->controller.id,
           tracker->source->ops->name);
    wu_poller_start(&tracker->poller, tracker->source, &tracker->history);
    return ERROR_SUCCESS;
}

void wu_tracker_close_source(struct wu_tracker *tracker)
{
    struct wu_frame_source *source = tracker->source;

    tracker->source = NULL;
    if (source)
        source->ops->destroy(source);
}
