#include "host/host.h"

#include <stdlib.h>
#include <windows.h>

enum { NS_PER_MS = 1000000 };

/* [ms] rounded up, in pieces that fit. */
static DWORD milliseconds(int64_t ns)
{
    enum { LONGEST = 3600000 };
    const int64_t ms = (ns + NS_PER_MS - 1) / NS_PER_MS;

    return (DWORD)(ms < LONGEST ? ms : LONGEST);
}

/* [ns] 0 when that is past, however long. */
static int64_t time_left(int64_t when)
{
    const int64_t now = wu_host_clock_now();

    return when > now ? when - now : 0;
}

/* --- Locks ----------------------------------------------------------------------------------- */

_Static_assert(sizeof(struct wu_host_mutex) == sizeof(SRWLOCK), "a mutex is an SRWLOCK");
_Static_assert(sizeof(struct wu_host_cond) == sizeof(CONDITION_VARIABLE),
               "and a cond one of these");

static SRWLOCK *lock_of(struct wu_host_mutex *mutex)
{
    return (SRWLOCK *)&mutex->lock;
}

static CONDITION_VARIABLE *cond_of(struct wu_host_cond *cond)
{
    return (CONDITION_VARIABLE *)&cond->cond;
}

void wu_host_mutex_init(struct wu_host_mutex *mutex)
{
    InitializeSRWLock(lock_of(mutex));
}

void wu_host_mutex_destroy(struct wu_host_mutex *mutex)
{
    (void)mutex; /* nothing to do */
}

void wu_host_mutex_lock(struct wu_host_mutex *mutex)
{
    AcquireSRWLockExclusive(lock_of(mutex));
}

bool wu_host_mutex_try_lock(struct wu_host_mutex *mutex)
{
    return TryAcquireSRWLockExclusive(lock_of(mutex)) != FALSE;
}

void wu_host_mutex_unlock(struct wu_host_mutex *mutex)
{
    ReleaseSRWLockExclusive(lock_of(mutex));
}

void wu_host_cond_init(struct wu_host_cond *cond)
{
    InitializeConditionVariable(cond_of(cond));
}

void wu_host_cond_destroy(struct wu_host_cond *cond)
{
    (void)cond; /* nothing to do */
}

void wu_host_cond_wait(struct wu_host_cond *cond, struct wu_host_mutex *mutex)
{
    SleepConditionVariableSRW(cond_of(cond), lock_of(mutex), INFINITE, 0);
}

void wu_host_cond_broadcast(struct wu_host_cond *cond)
{
    WakeAllConditionVariable(cond_of(cond));
}

/* Condition variables wait for whole clock interrupts, up to 16 ms apart. The last of them is slept
 * through instead, punctually but without being woken. */
bool wu_host_cond_wait_until(struct wu_host_cond *cond, struct wu_host_mutex *mutex, int64_t when)
{
    enum { INTERRUPT = 16 * NS_PER_MS };
    int64_t left;

    while ((left = time_left(when)) > INTERRUPT)
        if (SleepConditionVariableSRW(cond_of(cond), lock_of(mutex), milliseconds(left - INTERRUPT),
                                      0))
            return true;

    if (left > 0) {
        wu_host_mutex_unlock(mutex);
        wu_host_sleep_until(when);
        wu_host_mutex_lock(mutex);
    }
    return false;
}

/* --- Threads --------------------------------------------------------------------------------- */

/* Only tests ask for it here. */
void wu_host_run_together(void (*run)(void *item), void *items, size_t size, size_t count)
{
    for (size_t i = 0; i < count; i++)
        run((char *)items + i * size);
}

/* There are no signals. */
void wu_host_without_signals(void (*call)(void *argument), void *argument)
{
    call(argument);
}

const void *wu_host_thread_self(void)
{
    return (const void *)(uintptr_t)GetCurrentThreadId();
}

/* --- Environment and log --------------------------------------------------------------------- */

const char *wu_host_environment(const char *name)
{
    return getenv(name);
}
