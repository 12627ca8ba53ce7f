#include "tracker_fake.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "host/host.h"
#include "track/ticks.h"

struct wu_tracker {
    pthread_mutex_t lock;
    struct wu_tracker_client *clients; /* [lock] */
};

static struct wu_tracker tracker = { PTHREAD_MUTEX_INITIALIZER, NULL };

struct fake_tracker fake_tracker;

void fake_tracker_reset(void)
{
    memset(&fake_tracker, 0, sizeof(fake_tracker));
    tracker.clients = NULL;
}

int fake_tracker_clients(void)
{
    int count = 0;

    pthread_mutex_lock(&tracker.lock);
    for (struct wu_tracker_client *client = tracker.clients; client; client = client->next)
        count++;
    pthread_mutex_unlock(&tracker.lock);

    return count;
}

static void unlink_locked(struct wu_tracker_client *client)
{
    struct wu_tracker_client **link = &tracker.clients;

    while (*link && *link != client)
        link = &(*link)->next;
    if (*link)
        *link = client->next;
}

void fake_tracker_look(void)
{
    pthread_mutex_lock(&tracker.lock);
    for (struct wu_tracker_client *client = tracker.clients, *next; client; client = next) {
        next = client->next;
        if (client->present(client))
            continue;
        unlink_locked(client);
        client->lost(client);
    }
    pthread_mutex_unlock(&tracker.lock);
}

/* --- controller.h -------------------------------------------------------------------------- */

DWORD wu_controller_find(unsigned bus, struct wu_controller *controller_out)
{
    if (fake_tracker.find_error != ERROR_SUCCESS)
        return fake_tracker.find_error;

    memset(controller_out, 0, sizeof(*controller_out));
    controller_out->kind = WU_CONTROLLER_SIM;
    controller_out->id[0] = (char)('0' + bus);
    return ERROR_SUCCESS;
}

/* --- tracker.h ----------------------------------------------------------------------------- */

DWORD wu_tracker_acquire(const struct wu_controller *controller, struct wu_tracker **tracker_out)
{
    (void)controller;
    if (fake_tracker.acquire_error != ERROR_SUCCESS)
        return fake_tracker.acquire_error;

    pthread_mutex_lock(&tracker.lock);
    fake_tracker.acquired++;
    pthread_mutex_unlock(&tracker.lock);
    *tracker_out = &tracker;
    return ERROR_SUCCESS;
}

void wu_tracker_release(struct wu_tracker *self)
{
    pthread_mutex_lock(&self->lock);
    fake_tracker.acquired--;
    pthread_mutex_unlock(&self->lock);
}

DWORD wu_tracker_start(struct wu_tracker *self, struct wu_tracker_client *client, bool insist)
{
    if (fake_tracker.start_error != ERROR_SUCCESS)
        return fake_tracker.start_error;

    pthread_mutex_lock(&self->lock);
    fake_tracker.insisted = insist;
    client->next = self->clients;
    self->clients = client;
    pthread_mutex_unlock(&self->lock);

    if (fake_tracker.during_start)
        fake_tracker.during_start();
    return ERROR_SUCCESS;
}

void wu_tracker_stop(struct wu_tracker *self, struct wu_tracker_client *client)
{
    pthread_mutex_lock(&self->lock);
    unlink_locked(client);
    pthread_mutex_unlock(&self->lock);
}

static void record(const struct wu_tracker_asked *asked)
{
    fake_tracker.was_asked = asked != NULL;
    if (asked)
        fake_tracker.asked = *asked;
}

DWORD wu_tracker_query(struct wu_tracker *self,
                       const struct wu_tracker_asked *asked,
                       struct wu_tracker_answer *answer_out)
{
    if (self != &tracker)
        abort(); /* the handle stood for something else */

    if (fake_tracker.during_query)
        fake_tracker.during_query();
    if (!fake_tracker.quiet)
        record(asked);
    if (fake_tracker.query_error == ERROR_SUCCESS)
        *answer_out = fake_tracker.answer;
    return fake_tracker.query_error;
}

DWORD wu_tracker_current_frame(struct wu_tracker *self, uint32_t *frame_out, int64_t *time_out)
{
    (void)self;
    if (fake_tracker.frame_error == ERROR_SUCCESS) {
        *frame_out = fake_tracker.frame;
        *time_out = fake_tracker.frame_time;
    }
    return fake_tracker.frame_error;
}

/* --- ticks.h: QueryPerformanceCounter is the clock, or what a test says ------------------------
 */

void wu_ticks_keep(void)
{
}

DWORD wu_ticks_begin(struct wu_ticks *ticks)
{
    *ticks = (struct wu_ticks){ .same = true, .generation = fake_tracker.ticks_generation };
    return fake_tracker.ticks_error;
}

DWORD wu_ticks_end(struct wu_ticks *ticks)
{
    (void)ticks;
    return fake_tracker.ticks_end_error;
}

struct wu_tick_time wu_ticks_at(const struct wu_ticks *ticks, int64_t time)
{
    (void)ticks;
    return (struct wu_tick_time){ wu_host_qpc_nearest(time), fake_tracker.ticks_spread };
}

int64_t wu_ticks_not_after(const struct wu_ticks *ticks, int64_t time)
{
    (void)ticks;
    return wu_host_qpc_from_clock(time);
}
