#include "host/posix/event.h"

#include "host/host.h"

/* Who waits, for how long the wait lasts; on the waiting thread's stack. */
struct waiter {
    struct wu_event *const *events;
    size_t count;
    struct wu_host_cond changed;
    struct waiter *next; /* [lock] */
};

static struct wu_host_mutex lock = WU_HOST_MUTEX_INIT;
static struct waiter *waiters; /* [lock] */

void wu_event_init(struct wu_event *event,
                   void (*destroy)(struct wu_object *object),
                   bool manual_reset,
                   bool set)
{
    wu_object_init(&event->object, destroy);
    event->manual_reset = manual_reset;
    event->set = set;
}

/* --- Setting ------------------------------------------------------------------------------- */

static bool waits_for_locked(const struct waiter *waiter, const struct wu_event *event)
{
    for (size_t i = 0; i < waiter->count; i++)
        if (waiter->events[i] == event)
            return true;
    return false;
}

void wu_event_set(struct wu_event *event, bool set)
{
    wu_host_mutex_lock(&lock);
    event->set = set;
    for (struct waiter *waiter = waiters; set && waiter != NULL; waiter = waiter->next)
        if (waits_for_locked(waiter, event))
            wu_host_cond_broadcast(&waiter->changed);
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

static void consume_locked(struct wu_event *event)
{
    event->set = event->manual_reset;
}

static bool take_any_locked(struct wu_event *const *events, size_t count, size_t *index_out)
{
    for (size_t i = 0; i < count; i++) {
        if (!events[i]->set)
            continue;
        consume_locked(events[i]);
        *index_out = i;
        return true;
    }
    return false;
}

static bool take_all_locked(struct wu_event *const *events, size_t count, size_t *index_out)
{
    for (size_t i = 0; i < count; i++)
        if (!events[i]->set)
            return false;

    for (size_t i = 0; i < count; i++)
        consume_locked(events[i]);
    *index_out = 0;
    return true;
}

static void unlink_locked(struct waiter *waiter)
{
    struct waiter **link = &waiters;

    while (*link != waiter)
        link = &(*link)->next;
    *link = waiter->next;
}

bool wu_event_wait(struct wu_event *const *events,
                   size_t count,
                   bool all,
                   int64_t until,
                   size_t *index_out)
{
    bool (*take_locked)(struct wu_event *const *, size_t, size_t *) =
        all ? take_all_locked : take_any_locked;
    struct waiter self = { .events = events, .count = count };
    bool taken;

    wu_host_cond_init(&self.changed);
    wu_host_mutex_lock(&lock);
    self.next = waiters;
    waiters = &self;

    do
        taken = take_locked(events, count, index_out);
    while (!taken && wu_host_cond_wait_until(&self.changed, &lock, until));

    unlink_locked(&self);
    wu_host_mutex_unlock(&lock);
    wu_host_cond_destroy(&self.changed);
    return taken;
}
