#include "track/tracker_parts.h"

#include <stdlib.h>
#include <string.h>

/* [ns] A model that was not confirmed for longer is verified first. Whoever is doing so has as
 * long, which is what a sweep takes, or a thread that others keep from running; then nobody
 * believes it. */
static const int64_t UNVERIFIED = 100 * 1000000LL;
static const int64_t LONGEST_TURN = 2000 * 1000000LL; /* [ns] that is waited for */

static struct wu_host_mutex registry = WU_HOST_MUTEX_INIT;
static struct wu_tracker *trackers; /* [registry] */

/* --- Registry -------------------------------------------------------------------------------- */

static struct wu_tracker *find_locked(const struct wu_controller *controller)
{
    for (struct wu_tracker *tracker = trackers; tracker; tracker = tracker->next)
        if (strcmp(tracker->controller.id, controller->id) == 0)
            return tracker;

    return NULL;
}

static struct wu_tracker *add_locked(const struct wu_controller *controller)
{
    struct wu_tracker *tracker = calloc(1, sizeof(*tracker));

    if (!tracker)
        return NULL;

    tracker->controller = *controller;
    wu_host_mutex_init(&tracker->state);
    wu_host_cond_init(&tracker->changed);
    wu_host_mutex_init(&tracker->source_lock);
    wu_host_cond_init(&tracker->turn_over);
    tracker->next = trackers;
    trackers = tracker;
    return tracker;
}

static struct wu_tracker *tracker_of(const struct wu_controller *controller)
{
    wu_host_mutex_lock(&registry);
    struct wu_tracker *tracker = find_locked(controller);

    if (!tracker)
        tracker = add_locked(controller);
    wu_host_mutex_unlock(&registry);
    return tracker;
}

DWORD wu_tracker_acquire(const struct wu_controller *controller, struct wu_tracker **tracker_out)
{
    struct wu_tracker *tracker = tracker_of(controller);

    if (!tracker)
        return ERROR_NOT_ENOUGH_MEMORY;

    wu_host_mutex_lock(&tracker->state);
    tracker->users++;
    wu_host_mutex_unlock(&tracker->state);
    *tracker_out = tracker;
    return ERROR_SUCCESS;
}

static bool is_unused(struct wu_tracker *tracker)
{
    wu_host_mutex_lock(&tracker->state);
    const bool unused = tracker->users == 0;

    wu_host_mutex_unlock(&tracker->state);
    return unused;
}

/* Who comes while this waits for the thread, or for its turn, goes on with what is there. */
void wu_tracker_release(struct wu_tracker *tracker)
{
    wu_host_mutex_lock(&tracker->state);
    const bool last = --tracker->users == 0;

    if (last)
        wu_tracker_end_following_locked(tracker);
    wu_host_mutex_unlock(&tracker->state);
    if (!last || wu_host_is_ending())
        return;

    wu_tracker_take_turn(tracker, INT64_MAX);
    if (is_unused(tracker))
        wu_tracker_close_source(tracker);
    wu_tracker_end_turn(tracker);
}

DWORD wu_tracker_open(struct wu_tracker *tracker)
{
    if (!wu_tracker_take_turn(tracker, wu_host_clock_now() + LONGEST_TURN))
        return ERROR_NOT_READY;

    const DWORD error = wu_tracker_open_source(tracker);

    wu_tracker_end_turn(tracker);
    return error;
}

/* --- Answers --------------------------------------------------------------------------------- */

/* A model, and what is known of it. */
struct belief {
    struct wu_frame_clock clock;
    int64_t confirmed; /* [ns] until when it is known to be right */
    int64_t now;       /* [ns] read after the model, so that the model is no later */
};

/* What has been verified is this model or an earlier one: it is looked at first. */
static bool believe(struct wu_tracker *tracker, struct belief *belief)
{
    const int64_t verified = atomic_load_explicit(&tracker->verified, memory_order_acquire);

    if (!wu_history_latest(&tracker->history, &belief->clock))
        return false;

    const int64_t last_read = belief->clock.last_read;

    belief->confirmed = verified > last_read ? verified : last_read;
    belief->now = wu_host_clock_now();
    return true;
}

/* Whether a model was found to be wrong, and no read has spoken for it since. */
static bool is_refuted(struct wu_tracker *tracker, const struct belief *belief)
{
    return atomic_load_explicit(&tracker->refuted, memory_order_acquire) >= belief->confirmed;
}

static bool is_fresh(struct wu_tracker *tracker, const struct belief *belief)
{
    return belief->now - belief->confirmed < UNVERIFIED && !is_refuted(tracker, belief);
}

/* Takes a read's word for the model, in the caller's turn. A read speaks for no later time than
 * that at which it began: the counter may have been looked at then, and have jumped since. */
static bool verify(struct wu_tracker *tracker, struct belief *belief)
{
    const bool right =
        tracker->source && wu_poller_verify(&tracker->poller, &belief->clock, &belief->confirmed);

    belief->now = wu_host_clock_now();
    if (right)
        atomic_store_explicit(&tracker->verified, belief->confirmed, memory_order_release);
    else
        atomic_store_explicit(&tracker->refuted, belief->now, memory_order_release);
    return right && belief->now - belief->confirmed < UNVERIFIED;
}

/*
 * The counter may have stopped or jumped since it was last read: one read tells. Whoever has the
 * turn is reading already, and will find out as well, if he comes to an end.
 */
static bool confirm(struct wu_tracker *tracker, struct belief *belief)
{
    int64_t since;

    if (!wu_tracker_try_turn(tracker, &since))
        return belief->now - since < UNVERIFIED && !is_refuted(tracker, belief);

    const bool right = verify(tracker, belief);

    wu_tracker_end_turn(tracker);
    if (!right)
        wu_tracker_hurry(tracker);
    return right;
}

/* The clock stands still while the machine sleeps, and the counter does as it likes. Asked after
 * the time of the answer was read, so that no sleep before that is overlooked. */
static bool has_slept_since(const struct wu_frame_clock *clock)
{
    const int64_t change = wu_host_clock_sleep_sign() - clock->sleep_sign;

    return (change >= WU_SLEEP_SIGN || change <= -WU_SLEEP_SIGN) &&
           wu_host_clock_suspended() - clock->suspended > WU_SLEPT;
}

bool wu_tracker_has_answer(struct wu_tracker *tracker)
{
    struct belief belief;

    return believe(tracker, &belief) && is_fresh(tracker, &belief) &&
           !has_slept_since(&belief.clock);
}

DWORD wu_tracker_query(struct wu_tracker *tracker,
                       const struct wu_tracker_asked *asked,
                       struct wu_tracker_answer *answer_out)
{
    struct belief belief;

    if (!believe(tracker, &belief))
        return ERROR_NOT_READY;
    if (!is_fresh(tracker, &belief) && !confirm(tracker, &belief))
        return ERROR_NOT_READY;
    if (has_slept_since(&belief.clock)) {
        wu_tracker_hurry(tracker);
        return ERROR_NOT_READY;
    }

    *answer_out = wu_history_answer(&tracker->history, &belief.clock, belief.now, asked);
    return ERROR_SUCCESS;
}

/* In the caller's turn. */
static DWORD read_frame(struct wu_tracker *tracker, uint32_t *frame_out, int64_t *time_out)
{
    const DWORD error = wu_tracker_open_source(tracker);
    int64_t microframe;

    if (error != ERROR_SUCCESS)
        return error;
    if (!wu_poller_current(&tracker->poller, &microframe, time_out))
        return ERROR_NOT_READY;

    *frame_out = (uint32_t)(microframe >> 3);
    return ERROR_SUCCESS;
}

DWORD wu_tracker_current_frame(struct wu_tracker *tracker, uint32_t *frame_out, int64_t *time_out)
{
    struct wu_tracker_answer answer;

    if (wu_tracker_query(tracker, NULL, &answer) == ERROR_SUCCESS) {
        *frame_out = (uint32_t)(answer.microframe >> 3);
        *time_out = answer.time;
        return ERROR_SUCCESS;
    }
    if (!wu_tracker_take_turn(tracker, wu_host_clock_now() + LONGEST_TURN))
        return ERROR_NOT_READY;

    const DWORD error = read_frame(tracker, frame_out, time_out);

    wu_tracker_end_turn(tracker);
    return error;
}
