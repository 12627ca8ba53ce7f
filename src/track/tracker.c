#include "track/tracker.h"

#include <stdlib.h>
#include <string.h>

#include "host/host.h"
#include "track/poller.h"

static const int64_t LONGEST_START = 2048 * 1000000LL; /* [ns] as Microsoft documents it */
static const int64_t UNVERIFIED = 100 * 1000000LL;     /* [ns] an older model is verified first */
static const int64_t PRESENCE_CHECK = 250 * 1000000LL; /* [ns] between questions to a client */

/* Lock order: registry, lifecycle, state, source. */
struct wu_tracker {
    struct wu_tracker *next; /* [registry] */
    struct wu_controller controller;

    struct wu_host_mutex lifecycle; /* held while the thread or the source come and go */
    unsigned users;                 /* [lifecycle] */
    bool started;                   /* [lifecycle] there is a thread to join */
    struct wu_host_thread thread;   /* [lifecycle] */

    struct wu_host_mutex state;
    struct wu_host_cond changed;
    struct wu_tracker_client *clients; /* [state] */
    bool running;                      /* [state] the thread polls */
    bool urgent;                       /* [state] the next step is due at once */
    bool answering;                    /* [state] a bound stands */

    struct wu_host_mutex source_lock;
    struct wu_frame_source *source; /* [source_lock] */
    struct wu_poller poller;        /* [source_lock] */

    struct wu_history history;
    _Atomic int64_t verified; /* [ns] when a query last found the model to be right... */
    _Atomic int64_t refuted;  /* [ns] ...and when to be wrong */
};

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
    wu_host_mutex_init(&tracker->lifecycle);
    wu_host_mutex_init(&tracker->state);
    wu_host_cond_init(&tracker->changed);
    wu_host_mutex_init(&tracker->source_lock);
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

static DWORD open_source(struct wu_tracker *tracker)
{
    struct wu_frame_source *source;
    const DWORD error = wu_frame_source_open(&tracker->controller, method_wanted(), &source);

    if (error != ERROR_SUCCESS)
        return error;

    wu_log(WU_LOG_INFO, "%s: frame numbers come from %s", tracker->controller.id,
           source->ops->name);
    wu_host_mutex_lock(&tracker->source_lock);
    tracker->source = source;
    wu_poller_start(&tracker->poller, source, &tracker->history);
    wu_host_mutex_unlock(&tracker->source_lock);
    return ERROR_SUCCESS;
}

static void close_source(struct wu_tracker *tracker)
{
    wu_host_mutex_lock(&tracker->source_lock);
    struct wu_frame_source *source = tracker->source;

    tracker->source = NULL;
    wu_host_mutex_unlock(&tracker->source_lock);
    source->ops->destroy(source);
}

DWORD wu_tracker_acquire(const struct wu_controller *controller, struct wu_tracker **tracker_out)
{
    struct wu_tracker *tracker = tracker_of(controller);
    DWORD error = ERROR_SUCCESS;

    if (!tracker)
        return ERROR_NOT_ENOUGH_MEMORY;

    wu_host_mutex_lock(&tracker->lifecycle);
    if (tracker->users == 0)
        error = open_source(tracker);
    if (error == ERROR_SUCCESS)
        tracker->users++;
    wu_host_mutex_unlock(&tracker->lifecycle);

    if (error == ERROR_SUCCESS)
        *tracker_out = tracker;
    return error;
}

/* --- The polling thread ---------------------------------------------------------------------- */

static void detach_locked(struct wu_tracker *tracker, struct wu_tracker_client *client)
{
    struct wu_tracker_client **link = &tracker->clients;

    while (*link && *link != client)
        link = &(*link)->next;
    if (*link)
        *link = client->next;
    client->attached = false;
}

static void drop_lost_locked(struct wu_tracker *tracker)
{
    struct wu_tracker_client *next;

    for (struct wu_tracker_client *client = tracker->clients; client; client = next) {
        next = client->next;
        if (client->present(client))
            continue;
        detach_locked(tracker, client);
        client->lost(client);
    }
}

/* @return when the next step is due [ns] */
static int64_t step(struct wu_tracker *tracker, bool *answering_out)
{
    struct wu_frame_clock clock;

    wu_host_mutex_lock(&tracker->source_lock);
    const int64_t due = wu_poller_step(&tracker->poller);
    wu_host_mutex_unlock(&tracker->source_lock);

    *answering_out = wu_history_latest(&tracker->history, &clock);
    return due;
}

static void poll(void *argument)
{
    struct wu_tracker *tracker = argument;
    int64_t check_due = 0;

    wu_host_mutex_lock(&tracker->state);
    while (tracker->running) {
        bool answering;

        if (wu_host_clock_now() >= check_due) {
            drop_lost_locked(tracker);
            check_due = wu_host_clock_now() + PRESENCE_CHECK;
        }
        if (!tracker->clients)
            break;

        wu_host_mutex_unlock(&tracker->state);
        const int64_t due = step(tracker, &answering);
        wu_host_mutex_lock(&tracker->state);

        if (answering != tracker->answering) {
            tracker->answering = answering;
            wu_host_cond_broadcast(&tracker->changed);
        }
        while (tracker->running && !tracker->urgent &&
               wu_host_cond_wait_until(&tracker->changed, &tracker->state, due))
            ;
        tracker->urgent = false;
    }
    wu_history_withhold(&tracker->history);
    tracker->running = false;
    tracker->answering = false;
    wu_host_cond_broadcast(&tracker->changed);
    wu_host_mutex_unlock(&tracker->state);
}

/* Joins the thread if it has ended; needs the lifecycle lock. */
static void join_ended_thread(struct wu_tracker *tracker)
{
    wu_host_mutex_lock(&tracker->state);
    const bool ended = !tracker->running;

    wu_host_mutex_unlock(&tracker->state);
    if (!ended || !tracker->started)
        return;
    wu_host_thread_join(&tracker->thread);
    tracker->started = false;
}

/* Ends the thread if it has nothing to do any more; needs the lifecycle lock. */
static void end_idle_thread(struct wu_tracker *tracker)
{
    wu_host_mutex_lock(&tracker->state);
    if (!tracker->clients) {
        tracker->running = false;
        wu_host_cond_broadcast(&tracker->changed);
    }
    wu_host_mutex_unlock(&tracker->state);
    join_ended_thread(tracker);
}

static void attach(struct wu_tracker *tracker, struct wu_tracker_client *client)
{
    wu_host_mutex_lock(&tracker->state);
    client->next = tracker->clients;
    client->attached = true;
    tracker->clients = client;
    wu_host_mutex_unlock(&tracker->state);
}

static void detach(struct wu_tracker *tracker, struct wu_tracker_client *client)
{
    wu_host_mutex_lock(&tracker->state);
    detach_locked(tracker, client);
    wu_host_mutex_unlock(&tracker->state);
}

static void set_running(struct wu_tracker *tracker, bool running)
{
    wu_host_mutex_lock(&tracker->state);
    tracker->running = running;
    wu_host_mutex_unlock(&tracker->state);
}

static DWORD start_thread(struct wu_tracker *tracker)
{
    wu_host_mutex_lock(&tracker->source_lock);
    wu_poller_start(&tracker->poller, tracker->source, &tracker->history);
    wu_host_mutex_unlock(&tracker->source_lock);

    set_running(tracker, true);
    tracker->started = wu_host_thread_start(&tracker->thread, poll, tracker);
    if (tracker->started)
        return ERROR_SUCCESS;

    set_running(tracker, false);
    return ERROR_NOT_ENOUGH_MEMORY;
}

/* --- Starting and stopping ------------------------------------------------------------------- */

/* The client first: a thread that still runs then goes on for it, one that has just lost its last
 * client has ended. */
static DWORD join_in(struct wu_tracker *tracker, struct wu_tracker_client *client)
{
    DWORD error = ERROR_SUCCESS;

    wu_host_mutex_lock(&tracker->lifecycle);
    attach(tracker, client);
    join_ended_thread(tracker);
    if (!tracker->started)
        error = start_thread(tracker);
    if (error != ERROR_SUCCESS)
        detach(tracker, client);
    wu_host_mutex_unlock(&tracker->lifecycle);
    return error;
}

/* Waits until a bound stands, the client is lost or the time is up. */
static DWORD wait_for_bound(struct wu_tracker *tracker, struct wu_tracker_client *client)
{
    const int64_t until = wu_host_clock_now() + LONGEST_START;
    bool in_time = true;

    wu_host_mutex_lock(&tracker->state);
    while (in_time && client->attached && !tracker->answering)
        in_time = wu_host_cond_wait_until(&tracker->changed, &tracker->state, until);
    const bool lost = !client->attached;
    const bool answering = tracker->answering;

    wu_host_mutex_unlock(&tracker->state);
    if (lost)
        return ERROR_DEVICE_NOT_CONNECTED;
    return answering ? ERROR_SUCCESS : ERROR_NOT_READY;
}

DWORD wu_tracker_start(struct wu_tracker *tracker, struct wu_tracker_client *client, bool wait)
{
    DWORD error = join_in(tracker, client);

    if (error != ERROR_SUCCESS || !wait)
        return error;

    error = wait_for_bound(tracker, client);
    if (error != ERROR_SUCCESS)
        wu_tracker_stop(tracker, client);
    return error;
}

void wu_tracker_stop(struct wu_tracker *tracker, struct wu_tracker_client *client)
{
    wu_host_mutex_lock(&tracker->lifecycle);
    detach(tracker, client);
    end_idle_thread(tracker);
    wu_host_mutex_unlock(&tracker->lifecycle);
}

void wu_tracker_release(struct wu_tracker *tracker)
{
    wu_host_mutex_lock(&tracker->lifecycle);
    if (--tracker->users == 0) {
        end_idle_thread(tracker);
        close_source(tracker);
    }
    wu_host_mutex_unlock(&tracker->lifecycle);
}

/* --- Answers --------------------------------------------------------------------------------- */

static void hurry(struct wu_tracker *tracker)
{
    wu_host_mutex_lock(&tracker->state);
    tracker->urgent = true;
    wu_host_cond_broadcast(&tracker->changed);
    wu_host_mutex_unlock(&tracker->state);
}

static bool is_fresh(struct wu_tracker *tracker, const struct wu_frame_clock *clock, int64_t now)
{
    const int64_t verified = atomic_load_explicit(&tracker->verified, memory_order_relaxed);

    return now - clock->last_read < UNVERIFIED || now - verified < UNVERIFIED;
}

/* Whether a model was found to be wrong, and no read has spoken for it since. */
static bool is_refuted(struct wu_tracker *tracker, const struct wu_frame_clock *clock)
{
    const int64_t refuted = atomic_load(&tracker->refuted);

    return refuted > clock->last_read && refuted > atomic_load(&tracker->verified);
}

/*
 * The counter may have stopped or jumped since it was last read: one read tells. Whoever holds the
 * source is reading already, and will find out as well, unless that has been found out before.
 */
static bool verify(struct wu_tracker *tracker, const struct wu_frame_clock *clock)
{
    int64_t time;

    if (!wu_host_mutex_try_lock(&tracker->source_lock))
        return !is_refuted(tracker, clock);
    const bool right = tracker->source && wu_poller_verify(&tracker->poller, clock, &time);

    if (right)
        atomic_store(&tracker->verified, time);
    else
        atomic_store(&tracker->refuted, wu_host_clock_now());
    wu_host_mutex_unlock(&tracker->source_lock);
    if (!right)
        hurry(tracker);
    return right;
}

DWORD wu_tracker_query(struct wu_tracker *tracker,
                       const struct wu_tracker_asked *asked,
                       struct wu_tracker_answer *answer_out)
{
    struct wu_frame_clock clock;
    int64_t now = wu_host_clock_now();

    if (!wu_history_latest(&tracker->history, &clock))
        return ERROR_NOT_READY;
    if (!is_fresh(tracker, &clock, now)) {
        if (!verify(tracker, &clock))
            return ERROR_NOT_READY;
        now = wu_host_clock_now();
    }

    *answer_out = wu_history_answer(&tracker->history, &clock, now, asked);
    return ERROR_SUCCESS;
}

DWORD wu_tracker_current_frame(struct wu_tracker *tracker, uint32_t *frame_out, int64_t *time_out)
{
    struct wu_tracker_answer answer;
    int64_t microframe;
    int64_t time;

    if (wu_tracker_query(tracker, NULL, &answer) == ERROR_SUCCESS) {
        *frame_out = (uint32_t)(answer.microframe >> 3);
        *time_out = answer.time;
        return ERROR_SUCCESS;
    }

    wu_host_mutex_lock(&tracker->source_lock);
    const bool read = tracker->source && wu_poller_current(&tracker->poller, &microframe, &time);

    wu_host_mutex_unlock(&tracker->source_lock);
    if (!read)
        return ERROR_NOT_READY;

    *frame_out = (uint32_t)(microframe >> 3);
    *time_out = time;
    return ERROR_SUCCESS;
}
