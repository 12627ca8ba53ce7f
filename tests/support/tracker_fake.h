/*
 * A tracker for tests, which answers what the test says; and the controller that it belongs to.
 */
#ifndef WU_TESTS_TRACKER_FAKE_H
#define WU_TESTS_TRACKER_FAKE_H

#include <stdbool.h>
#include <stdint.h>

#include "track/tracker.h"

struct fake_tracker {
    DWORD find_error; /* of wu_controller_find(), and so on; 0: success */
    DWORD acquire_error;
    DWORD start_error;
    DWORD query_error;
    DWORD frame_error;
    DWORD ticks_error; /* of wu_ticks_begin() */
    DWORD ticks_end_error;

    struct wu_tracker_answer answer;
    uint32_t frame;       /* [frames] of wu_tracker_current_frame() */
    int64_t frame_time;   /* [ns] */
    int64_t ticks_spread; /* [ns] error of wu_ticks_at() */
    uint32_t ticks_generation;

    void (*during_start)(void); /* called in the middle of one; NULL: nothing happens */
    void (*during_query)(void);

    bool insisted;                 /* what the last start asked for */
    bool quiet;                    /* several threads query: record nothing */
    bool was_asked;                /* whether the last query asked for a frame */
    struct wu_tracker_asked asked; /* which */
    int acquired;                  /* references now held */
};

extern struct fake_tracker fake_tracker;

/** Forgets everything. */
void fake_tracker_reset(void);

/** Tells how many clients track now. */
int fake_tracker_clients(void);

/** Looks once after the devices of all clients, as the tracker's thread does. */
void fake_tracker_look(void);

#endif
