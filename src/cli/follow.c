#include "cli/follow.h"

#include <math.h>

void wu_follow_init(struct wu_follow *follow, struct wu_feed *feed, double interval)
{
    /* One frame early, so that what has been promised has happened when it is looked at. */
    const double frames = floor(interval * 1000) - 1;

    *follow = (struct wu_follow){ .feed = feed, .ahead = frames > 1 ? (uint32_t)frames : 1 };
}

/* Asks when a frame a good interval from now will begin; 0 would mean none. */
static void promise(struct wu_follow *follow, uint32_t now)
{
    const uint32_t frame = now + follow->ahead != 0 ? now + follow->ahead : 1;
    struct wu_feed *feed = follow->feed;

    follow->promised_frame =
        feed->ops->query(feed, frame, &follow->promised) == ERROR_SUCCESS ? frame : 0;
}

static void compare_with_promise(const struct wu_follow *follow, struct wu_sample *sample)
{
    const struct wu_feed_answer *measured = &sample->answer;
    const struct wu_feed_answer *promised = &follow->promised;

    if (follow->promised_frame == 0 || promised->generation != measured->generation)
        return;

    sample->residual =
        (double)(measured->asked_qpc - promised->asked_qpc) * 1e6 / (double)measured->frequency;
    sample->residual_bound = (double)measured->accuracy + (double)promised->accuracy;
}

struct wu_sample wu_follow_sample(struct wu_follow *follow, double elapsed)
{
    struct wu_feed *feed = follow->feed;
    struct wu_sample sample = { .elapsed = elapsed, .rate = (double)NAN, .residual = (double)NAN };

    sample.error = feed->ops->query(feed, follow->promised_frame, &sample.answer);
    if (sample.error != ERROR_SUCCESS) {
        follow->has_previous = false;
        follow->promised_frame = 0;
        return sample;
    }

    if (follow->has_previous && follow->previous.generation == sample.answer.generation)
        sample.rate = wu_rate(&follow->previous, &sample.answer);
    compare_with_promise(follow, &sample);
    follow->previous = sample.answer;
    follow->has_previous = true;
    promise(follow, sample.answer.frame);
    return sample;
}
