/* Threads where nobody asks for more than pthreads. */
#include "host/host.h"

#include <signal.h>
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

/* A thread of ours takes none of the application's signals. */
static bool create_without_signals(pthread_t *thread_out, struct start *start)
{
    sigset_t all, before;
    pthread_t thread;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    const bool created = pthread_create(&thread, NULL, run_thread, start) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);

    if (created)
        *thread_out = thread;
    return created;
}

bool wu_host_thread_start(struct wu_host_thread *thread_out, void (*run)(void *), void *argument)
{
    struct start *start = malloc(sizeof *start);

    if (start == NULL)
        return false;
    *start = (struct start){ run, argument };

    if (create_without_signals(&thread_out->thread, start))
        return true;
    free(start);
    return false;
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
