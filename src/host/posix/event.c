#include "host/posix/event.h"

#include "host/host.h"

/* Who waits, for how long the wait lasts; on the waiting thread's stack. */
struct waiter {
    struct wu_event *const *events;
    size_t count;
    bool all;
    struct wu_host_cond changed;
    bool taken;          /* [lock] the wait is over */
    size_t index;        /* [lock] by which of the events, when it is */
    struct waiter *next; /* [lock] */
};

static struct wu_host_mutex lock = WU_HOST_MUTEX_INIT;
static struct waiter *waiters; /* [lock] the first has waited longest */

void wu_event_init(struct wu_event *event,
                   void (*destroy)(struct wu_object *object),
                   bool manual_reset,
                   bool set)
{
    wu_object_init(&event->object, destroy);
    event->manual_reset = manual_reset;
    event->set = set;
}

/* --- Taking -------------------------------------------------------------------------------- */

static void consume_locked(struct wu_event *event)
{
    event->set = event->manual_reset;
}

static bool take_any_locked(struct waiter *waiter)
{
    for (size_t i = 0; i < waiter->count; i++) {
        if (!waiter->events[i]->set)
            continue;
        consume_locked(waiter->events[i]);
        waiter->index = i;
        return true;
    }
    return false;
}

static bool take_all_locked(struct waiter *waiter)
{
    for (size_t i = 0; i < waiter->count; i++)
        if (!waiter->events[i]->set)
            return false;

    for (size_t i = 0; i < waiter->count; i++)
        consume_locked(waiter->events[i]);
    return true;
}

static void take_locked(struct waiter *waiter)
{
    waiter->taken = waiter->all ? take_all_locked(waiter) : take_any_locked(waiter);
}

/* --- Setting ------------------------------------------------------------------------------- */

static bool waits_for_locked(const struct waiter *waiter, const struct wu_event *event)
{
    for (size_t i = 0; i < waiter->count; i++)
        if (waiter->events[i] == event)
            return !waiter->taken;
    return false;
}

/* Waits end here and now, as in Windows: the event may be reset before a waiting thread runs. */
void wu_event_set(struct wu_event *event, bool set)
{
    wu_host_mutex_lock(&lock);
    event->set = set;
    for (struct waiter *waiter = waiters; event->set && waiter != NULL; waiter = waiter->next) {
        if (!waits_for_locked(waiter, event))
            continue;
        take_locked(waiter);
        if (waiter->taken)
            wu_host_cond_broadcast(&waiter->changed);
    }
    wu_host_mutex_unlock(&lock);
}

struct wu_event *wu_event_acquire(HANDLE handle)
{
    struct wu_object *object = wu_handle_acquire(handle, WU_HANDLE_EVENT);

    if (object == NULL)
        object = wu_handle_acquire(handle, WU_HANDLE_FILE);
    return (struct wu_event *)object;
}

bool wu_event_handle_set(HANDLE handle, bool set)
{
    struct wu_event *event = wu_event_acquire(handle);

    if (event == NULL)
        return false;
    wu_event_set(event, set);
    wu_object_release(&event->object);
    return true;
}

/* --- Waiting ------------------------------------------------------------------------------- */

static void link_locked(struct waiter *waiter)
{
    struct waiter **link = &waiters;

    while (*link != NULL)
        link = &(*link)->next;
    *link = waiter;
}

static void unlink_locked(struct waiter *waiter)
{
    struct waiter **link = &waiters;

    while (*link != waiter)
        link = &(*link)->next;
    *link = waiter->next;
}

static void wait_locked(struct waiter *self, int64_t until)
{
    wu_host_cond_init(&self->changed);
    link_locked(self);
    take_locked(self);
    while (!self->taken && wu_host_cond_wait_until(&self->changed, &lock, until))
        continue;
    unlink_locked(self);
    wu_host_cond_destroy(&self->changed);
}

bool wu_event_wait(struct wu_event *const *events,
                   size_t count,
                   bool all,
                   int64_t until,
                   size_t *index_out)
{
    struct waiter self = { .events = events, .count = count, .all = all };

    wu_host_mutex_lock(&lock);
    wait_locked(&self, until);
    wu_host_mutex_unlock(&lock);

    if (self.taken)
        *index_out = self.index;
    return self.taken;
}

void wu_event_wait_unless(struct wu_event *event, bool (*over)(const void *what), const void *what)
{
    struct waiter self = { .events = &event, .count = 1 };

    wu_host_mutex_lock(&lock);
    if (!over(what))
        wait_locked(&self, INT64_MAX);
    wu_host_mutex_unlock(&lock);
}
