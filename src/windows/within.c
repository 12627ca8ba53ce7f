#include "windows/within.h"

#include "host/host.h"

static struct wu_host_mutex lock = WU_HOST_MUTEX_INIT;
static struct wu_within *calls; /* [lock] */

void wu_within_begin(struct wu_within *call)
{
    call->thread = wu_host_thread_self();

    wu_host_mutex_lock(&lock);
    call->next = calls;
    calls = call;
    wu_host_mutex_unlock(&lock);
}

void wu_within_end(struct wu_within *call)
{
    struct wu_within **link = &calls;

    wu_host_mutex_lock(&lock);
    while (*link != call)
        link = &(*link)->next;
    *link = call->next;
    wu_host_mutex_unlock(&lock);
}

bool wu_within(void)
{
    const void *self = wu_host_thread_self();
    const struct wu_within *call;

    wu_host_mutex_lock(&lock);
    call = calls;
    while (call && call->thread != self)
        call = call->next;
    wu_host_mutex_unlock(&lock);

    return call != NULL;
}
