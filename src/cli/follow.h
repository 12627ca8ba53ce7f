/*
 * Follows a frame clock from one sample to the next, and holds it to its own predictions.
 */
#ifndef WU_CLI_FOLLOW_H
#define WU_CLI_FOLLOW_H

#include "cli/feed.h"
#include "cli/sample.h"

struct wu_follow {
    struct wu_feed *feed; /* borrowed; started */
    uint32_t ahead;       /* [frames] how far ahead to predict: to just before the next sample */

    bool has_previous; /* whether the last sample was answered... */
    struct wu_feed_answer previous;

    uint32_t promised_frame;        /* ...and has been asked for this frame; 0: not */
    struct wu_feed_answer promised; /* what was answered */
};

/** Starts. @param interval  [s] between samples */
void wu_follow_init(struct wu_follow *follow, struct wu_feed *feed, double interval);

/** Takes the next sample. @param elapsed  [s] goes into it */
struct wu_sample wu_follow_sample(struct wu_follow *follow, double elapsed);

#endif
