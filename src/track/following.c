/*
 * The thread that follows a counter for the clients of its tracker, and who waits for it.
 *
 * A read may take any time, so nobody waits for the thread without end but the last user, at whose
 * end the library may be unloaded. Until then a thread that nobody needs goes on to the end of its
 * read, and is joined by the next one who comes across it.
 */
#include "track/ticks.h"
#include "track/tracker_parts.h"

#define MILLISECOND INT64_C(1000000) /* [ns] */

/* Microsoft documents 2.048 s; what is left of it is for being woken, on a busy machine too. */
static const int64_t LONGEST_START = 2000 * MILLISECOND;
static const int64_t SHORT_START = 45 * MILLISECOND; /* likewise of 50 ms */
static const int64_t LONGEST_STOP = 100 * MILLISECOND;
static const int64_t PRESENCE_CHECK = 250 * MILLISECOND; /* between questions to a client */

/* --- Clients --------------------------------------------------------------------------------- */

static void attach_locked(struct wu_tracker *tracker, struct wu_tracker_client *client)
{
    client->next = tracker->clients;
    client->attached = true;
    tracker->clients = client;
}

/* @param error  what a start of the client returns that still waits */
static void detach_locked(struct wu_tracker *tracker, struct wu_tracker_client *client, DWORD error)
{
    struct wu_tracker_client **link = &tracker->clients;

    while (*link && *link != client)
        link = &(*link)->next;
    if (*link)
        *link = client->next;
    client->attached = false;
    client->error = error;
    wu_host_cond_broadcast(&tracker->changed);
}

static void drop_lost_locked(struct wu_tracker *tracker)
{
    struct wu_tracker_client *next;

    for (struct wu_tracker_client *client = tracker->clients; client; client = next) {
        next = client->next;
        if (client->present(client))
            continue;
        detach_locked(tracker, client, ERROR_DEVICE_NOT_CONNECTED);
        client->lost(client);
    }
}

static void drop_all_locked(struct wu_tracker *tracker, DWORD error)
{
    while (tracker->clients)
        detach_locked(tracker, tracker->clients, error);
}

/* --- The thread ------------------------------------------------------------------------------ */

static DWORD begin(struct wu_tracker *tracker)
{
    wu_tracker_take_turn(tracker, INT64_MAX);
    const DWORD error = wu_tracker_open_source(tracker);

    if (error == ERROR_SUCCESS)
        wu_poller_start(&tracker->poller, tracker->source, &tracker->history);
    wu_tracker_end_turn(tracker);
    return error;
}

/* @return when the next step is due [ns] */
static int64_t step(struct wu_tracker *tracker)
{
    wu_ticks_keep();
    wu_tracker_take_turn(tracker, INT64_MAX);
    tracker->poller.spread = wu_ticks_spread();
    const int64_t due = wu_poller_step(&tracker->poller);

    wu_tracker_end_turn(tracker);
    return due;
}

static void end(struct wu_tracker *tracker)
{
    wu_tracker_take_turn(tracker, INT64_MAX);
    wu_history_withhold(&tracker->history);
    wu_tracker_end_turn(tracker);
}

static void wait_for_step_locked(struct wu_tracker *tracker, int64_t due)
{
    if (tracker->starting > 0)
        wu_host_cond_broadcast(&tracker->changed);
    while (tracker->clients && !tracker->urgent &&
           wu_host_cond_wait_until(&tracker->changed, &tracker->state, due))
        ;
    tracker->urgent = false;
}

/* Follows the counter for as long as there is somebody to do it for. */
static void follow_locked(struct wu_tracker *tracker)
{
    int64_t check_due = 0;

    for (;;) {
        if (wu_host_clock_now() >= check_due) {
            drop_lost_locked(tracker);
            check_due = wu_host_clock_now() + PRESENCE_CHECK;
        }
        if (!tracker->clients)
            return;

        wu_host_mutex_unlock(&tracker->state);
        const int64_t due = step(tracker);
        wu_host_mutex_lock(&tracker->state);
        wait_for_step_locked(tracker, due);
    }
}

static void run(void *argument)
{
    struct wu_tracker *tracker = argument;

    wu_host_mutex_lock(&tracker->state);
    do {
        wu_host_mutex_unlock(&tracker->state);
        const DWORD error = begin(tracker);
        wu_host_mutex_lock(&tracker->state);
        if (error != ERROR_SUCCESS)
            drop_all_locked(tracker, error);
        follow_locked(tracker);
        wu_host_mutex_unlock(&tracker->state);
        end(tracker);
        wu_host_mutex_lock(&tracker->state);
    } while (tracker->clients); /* who came meanwhile */
    tracker->thread_is = WU_THREAD_ENDED;
    wu_host_cond_broadcast(&tracker->changed);
    wu_host_mutex_unlock(&tracker->state);
}

/* One that has ended needs no lock any more. */
static void join_ended_locked(struct wu_tracker *tracker)
{
    if (tracker->thread_is != WU_THREAD_ENDED)
        return;
    wu_host_thread_join(&tracker->thread);
    tracker->thread_is = WU_THREAD_NONE;
}

/* Those that the end of the process has stopped do not end any more. */
static bool is_still_ending_locked(const struct wu_tracker *tracker)
{
    return tracker->thread_is == WU_THREAD_RUNS && !tracker->clients && !wu_host_is_ending();
}

void wu_tracker_end_following_locked(struct wu_tracker *tracker)
{
    while (is_still_ending_locked(tracker) && tracker->users == 0)
        wu_host_cond_wait(&tracker->changed, &tracker->state);
    join_ended_locked(tracker);
}

void wu_tracker_hurry(struct wu_tracker *tracker)
{
    wu_host_mutex_lock(&tracker->state);
    tracker->urgent = true;
    wu_host_cond_broadcast(&tracker->changed);
    wu_host_mutex_unlock(&tracker->state);
}

/* --- Starting and stopping ------------------------------------------------------------------- */

/* A thread that still runs goes on for the new client. */
static DWORD join_in_locked(struct wu_tracker *tracker, struct wu_tracker_client *client)
{
    join_ended_locked(tracker);
    if (tracker->thread_is == WU_THREAD_RUNS)
        tracker->urgent = true;
    else if (wu_host_thread_start(&tracker->thread, run, tracker))
        tracker->thread_is = WU_THREAD_RUNS;
    else
        return ERROR_NOT_ENOUGH_MEMORY;

    attach_locked(tracker, client);
    wu_host_cond_broadcast(&tracker->changed);
    return ERROR_SUCCESS;
}

/* Waits until a bound stands, the client is detached or the time is up. */
static DWORD
wait_for_bound_locked(struct wu_tracker *tracker, struct wu_tracker_client *client, int64_t until)
{
    bool in_time = true;

    tracker->starting++;
    while (in_time && client->attached && !wu_tracker_has_answer(tracker))
        in_time = wu_host_cond_wait_until(&tracker->changed, &tracker->state, until);
    tracker->starting--;

    if (!client->attached)
        return client->error;
    return wu_tracker_has_answer(tracker) ? ERROR_SUCCESS : ERROR_NOT_READY;
}

DWORD wu_tracker_start(struct wu_tracker *tracker, struct wu_tracker_client *client, bool insist)
{
    const int64_t until = wu_host_clock_now() + (insist ? LONGEST_START : SHORT_START);

    wu_host_mutex_lock(&tracker->state);
    DWORD error = join_in_locked(tracker, client);

    if (error == ERROR_SUCCESS)
        error = wait_for_bound_locked(tracker, client, until);
    if (error == ERROR_NOT_READY && !insist && client->attached)
        error = ERROR_SUCCESS;
    if (error != ERROR_SUCCESS)
        detach_locked(tracker, client, error);
    wu_host_mutex_unlock(&tracker->state);
    return error;
}

void wu_tracker_stop(struct wu_tracker *tracker, struct wu_tracker_client *client)
{
    const int64_t until = wu_host_clock_now() + LONGEST_STOP;
    bool in_time = true;

    wu_host_mutex_lock(&tracker->state);
    if (client->attached) {
        detach_locked(tracker, client, ERROR_SUCCESS);
        while (in_time && is_still_ending_locked(tracker))
            in_time = wu_host_cond_wait_until(&tracker->changed, &tracker->state, until);
    }
    join_ended_locked(tracker);
    wu_host_mutex_unlock(&tracker->state);
}
