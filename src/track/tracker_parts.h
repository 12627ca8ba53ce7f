/*
 * What the parts of a tracker share: tracker.c knows all trackers and answers, turn.c says whose
 * turn it is to read, following.c starts and stops the thread that follows the counter.
 */
#ifndef WU_TRACK_TRACKER_PARTS_H
#define WU_TRACK_TRACKER_PARTS_H

#include "host/host.h"
#include "track/poller.h"
#include "track/tracker.h"

enum wu_tracker_thread { WU_THREAD_NONE, WU_THREAD_RUNS, WU_THREAD_ENDED /* to be joined */ };

/*
 * Lock order: registry, state, source. None is held while the counter is read, which may take any
 * time: whose turn it is has the source to himself.
 */
struct wu_tracker {
    struct wu_tracker *next;         /* [registry] */
    struct wu_controller controller; /* constant */

    struct wu_host_mutex state;
    struct wu_host_cond changed;
    unsigned users;                    /* [state] */
    struct wu_tracker_client *clients; /* [state] */
    unsigned starting;                 /* [state] of whom so many wait for a bound */
    enum wu_tracker_thread thread_is;  /* [state] */
    struct wu_host_thread thread;      /* [state] while there is one */
    bool urgent;                       /* [state] the next step is due at once */

    struct wu_host_mutex source_lock;
    struct wu_host_cond turn_over;
    bool taken;          /* [source] it is somebody's turn... */
    int64_t taken_since; /* [source] [ns] ...since then */

    struct wu_frame_source *source; /* [turn] NULL: not open */
    struct wu_poller poller;        /* [turn] */

    struct wu_history history; /* [turn] to write */
    _Atomic int64_t verified;  /* [ns] until when a query last found the model to be right... */
    _Atomic int64_t refuted;   /* [ns] ...and by when to be wrong */
};

/** Waits for a turn until @p until [ns]. @return whether it is the caller's now */
bool wu_tracker_take_turn(struct wu_tracker *tracker, int64_t until);

/** Takes a turn if it is nobody's. @param since_out  [ns] since when it is somebody's */
bool wu_tracker_try_turn(struct wu_tracker *tracker, int64_t *since_out);

void wu_tracker_end_turn(struct wu_tracker *tracker);

/** Opens the source, unless it is open. In the caller's turn.
 *  @return ERROR_SUCCESS or an error of wu_frame_source_open() */
DWORD wu_tracker_open_source(struct wu_tracker *tracker);

/** Closes the source, if it is open. In the caller's turn. */
void wu_tracker_close_source(struct wu_tracker *tracker);

/** Waits until the thread has ended that follows the counter, or somebody uses the tracker; joins
 *  it then. Needs the state's lock. */
void wu_tracker_end_following_locked(struct wu_tracker *tracker);

/** Has the next step be made at once. */
void wu_tracker_hurry(struct wu_tracker *tracker);

/** Tells whether a query would be answered now, as far as that shows without a read. */
bool wu_tracker_has_answer(struct wu_tracker *tracker);

#endif
