/* Threads where nobody asks for more than pthreads. */
#include "host/host.h"

#include <stdlib.h>

#include "host/punctual.h"

struct start {
    void (*run)(void *);
    void *argument;
};

static void *run_thread(void *opaque)
{
    const struct start start = *(struct start *)opaque;

    free(opaque);
    wu_host_be_punctual();
    start.run(start.argument);
    return NULL;
}

struct creation {
    struct start *start;
    pthread_t thread; /* if created */
    bool created;
};

static void create(void *opaque)
{
    struct creation *creation = opaque;

    creation->created = pthread_create(&creation->thread, NULL, run_thread, creation->start) == 0;
}

bool wu_host_thread_start(struct wu_host_thread *thread_out, void (*run)(void *), void *argument)
{
    struct creation creation = { .start = malloc(sizeof *creation.start) };

    if (creation.start == NULL)
        return false;
    *creation.start = (struct start){ run, argument };

    wu_host_without_signals(create, &creation);
    if (creation.created)
        thread_out->thread = creation.thread;
    else
        free(creation.start);
    return creation.created;
}

void wu_host_thread_join(struct wu_host_thread *thread)
{
    pthread_join(thread->thread, NULL);
}

/* exit() leaves the other threads running. */
bool wu_host_is_ending(void)
{
    return false;
}
