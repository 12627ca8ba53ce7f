#include "cli/feed.h"

#include <stdlib.h>

#include "core/tracking.h"
#include "track/tracker.h"

struct sim_feed {
    struct wu_feed base;
    struct wu_tracker *tracker;
    struct wu_tracker_client client;
};

static bool present(struct wu_tracker_client *client)
{
    (void)client;

    return true;
}

static void lost(struct wu_tracker_client *client)
{
    (void)client;
}

static DWORD start(struct wu_feed *feed)
{
    struct sim_feed *self = (struct sim_feed *)feed;

    return wu_tracker_start(self->tracker, &self->client, true);
}

static DWORD query(struct wu_feed *feed, uint32_t frame, struct wu_feed_answer *answer_out)
{
    const struct wu_tracker_asked asked = { .frame = frame };
    USB_FRAME_NUMBER_AND_QPC_FOR_TIME_SYNC_INFORMATION info;
    struct wu_tracker_answer answer;
    struct wu_ticks ticks;

    DWORD error = wu_ticks_begin(&ticks);
    if (error == ERROR_SUCCESS)
        error = wu_tracker_query(((struct sim_feed *)feed)->tracker, frame != 0 ? &asked : NULL,
                                 &answer);
    if (error == ERROR_SUCCESS)
        error = wu_ticks_end(&ticks);
    if (error != ERROR_SUCCESS)
        return error;

    wu_tracking_fill(&info, &answer, &ticks, frame != 0);
    *answer_out = wu_feed_answer_of(&info);
    return ERROR_SUCCESS;
}

static void destroy(struct wu_feed *feed)
{
    struct sim_feed *self = (struct sim_feed *)feed;

    wu_tracker_stop(self->tracker, &self->client);
    wu_tracker_release(self->tracker);
    free(self);
}

static const struct wu_feed_ops sim_ops = { start, query, destroy };

DWORD wu_feed_sim_open(struct wu_feed **feed_out)
{
    const struct wu_controller controller = wu_controller_sim();
    struct sim_feed *self = calloc(1, sizeof(*self));
    if (!self)
        return ERROR_NOT_ENOUGH_MEMORY;

    self->base.ops = &sim_ops;
    self->client.present = present;
    self->client.lost = lost;
    DWORD error = wu_tracker_acquire(&controller, &self->tracker);
    if (error == ERROR_SUCCESS) {
        error = wu_tracker_open(self->tracker);
        if (error != ERROR_SUCCESS)
            wu_tracker_release(self->tracker);
    }
    if (error == ERROR_SUCCESS)
        *feed_out = &self->base;
    else
        free(self);
    return error;
}
