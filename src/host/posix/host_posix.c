/* Needs _GNU_SOURCE for CLOCK_MONOTONIC_RAW, CLOCK_BOOTTIME and the thread's timer slack. */
#include "host/host.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>

#include "host/punctual.h"

enum {
    NS_PER_SECOND = 1000000000,
    NS_PER_TICK = 100, /* of QueryPerformanceCounter, as in Wine and Windows 10 */
};

/* Sleeps are by CLOCK_MONOTONIC, which the kernel cannot sleep without, and are cut into pieces:
 * NTP moves it against the clock we promise. */
static const int64_t LONGEST_SLEEP = 3600LL * NS_PER_SECOND;

/* --- Clock --------------------------------------------------------------------------------- */

static int64_t read_clock(clockid_t id)
{
    struct timespec now;

    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * NS_PER_SECOND + now.tv_nsec;
}

int64_t wu_host_clock_now(void)
{
    return read_clock(CLOCK_MONOTONIC_RAW);
}

int64_t wu_host_clock_read(enum wu_host_clock clock)
{
    static const clockid_t ids[WU_CLOCKS] = {
        [WU_CLOCK_OWN] = CLOCK_MONOTONIC_RAW,
        [WU_CLOCK_MONOTONIC] = CLOCK_MONOTONIC,
        [WU_CLOCK_BOOTTIME] = CLOCK_BOOTTIME,
    };

    return read_clock(ids[clock]);
}

/* What the kernel reads the time from; clock_getres() says 1 ns of all of them. */
static const struct {
    const char *name;
    int64_t resolution; /* [ns] rounded up */
} clocksources[] = {
    { "tsc", 1 },
    { "kvm-clock", 1 },
    { "xen", 1 },
    { "hyperv_clocksource_tsc_page", 100 },
    { "hpet", 100 },
    { "acpi_pm", 280 },
    { "arch_sys_counter", 1000 },
    { "jiffies", 10000000 },
    { "refined-jiffies", 10000000 },
};

static int64_t resolution_of(const char *name)
{
    enum { OTHERS = 1000 }; /* a counter at 1 MHz */

    for (size_t i = 0; i < sizeof clocksources / sizeof clocksources[0]; i++)
        if (strcmp(name, clocksources[i].name) == 0)
            return clocksources[i].resolution;
    return OTHERS;
}

/*
 * The kernel drops a counter that it ever sees go back from one processor to the next. It sees no
 * less than a cache line takes to travel between them, and so much they may differ.
 */
int64_t wu_host_clock_error(void)
{
    enum { HANDOVER = 100 }; /* [ns] */
    char name[64] = "";
    FILE *file = fopen("/sys/devices/system/clocksource/clocksource0/current_clocksource", "re");

    if (file != NULL) {
        if (fgets(name, sizeof name, file) != NULL)
            name[strcspn(name, "\n")] = '\0';
        fclose(file);
    }
    return HANDOVER + resolution_of(name);
}

int64_t wu_host_qpc_frequency(void)
{
    return NS_PER_SECOND / NS_PER_TICK;
}

int64_t wu_host_qpc_from_clock(int64_t now)
{
    return now / NS_PER_TICK - (now % NS_PER_TICK < 0);
}

int64_t wu_host_qpc_nearest(int64_t now)
{
    return wu_host_qpc_from_clock(now + NS_PER_TICK / 2);
}

int64_t wu_host_qpc_half_tick(void)
{
    return NS_PER_TICK / 2;
}

int64_t wu_host_clock_from_qpc(int64_t qpc)
{
    return qpc * NS_PER_TICK;
}

/* The two clocks are read one after the other; the narrowest of a few pairs is not disturbed. */
int64_t wu_host_clock_suspended(void)
{
    enum { PAIRS = 4 };
    int64_t least = INT64_MAX;

    for (int i = 0; i < PAIRS; i++) {
        const int64_t running = read_clock(CLOCK_MONOTONIC);
        const int64_t suspended = read_clock(CLOCK_BOOTTIME) - running;

        if (suspended < least)
            least = suspended;
    }
    return least;
}

/*
 * Both of these are the last tick's, so that no counter need be read: together they cost half of
 * what another clock does. NTP slews them alike, and a tick in between moves them by no more than
 * that. The kernel adds what was slept to CLOCK_REALTIME when it does to CLOCK_BOOTTIME.
 */
int64_t wu_host_clock_sleep_sign(void)
{
    const int64_t all = read_clock(CLOCK_REALTIME_COARSE);

    return all - read_clock(CLOCK_MONOTONIC_COARSE);
}

/* Gives the time of CLOCK_MONOTONIC that is about @p when; sooner rather than later. */
static struct timespec monotonic_time_of(int64_t when)
{
    const int64_t monotonic = read_clock(CLOCK_MONOTONIC);
    const int64_t now = wu_host_clock_now();
    const int64_t left = when <= now ? 0 : when - now < LONGEST_SLEEP ? when - now : LONGEST_SLEEP;
    const int64_t until = monotonic + left;

    return (struct timespec){
        .tv_sec = (time_t)(until / NS_PER_SECOND),
        .tv_nsec = (long)(until % NS_PER_SECOND),
    };
}

void wu_host_sleep_until(int64_t when)
{
    while (wu_host_clock_now() < when) {
        const struct timespec until = monotonic_time_of(when);

        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
    }
}

/* --- Locks --------------------------------------------------------------------------------- */

void wu_host_mutex_init(struct wu_host_mutex *mutex)
{
    pthread_mutex_init(&mutex->mutex, NULL);
}

void wu_host_mutex_destroy(struct wu_host_mutex *mutex)
{
    pthread_mutex_destroy(&mutex->mutex);
}

void wu_host_mutex_lock(struct wu_host_mutex *mutex)
{
    pthread_mutex_lock(&mutex->mutex);
}

bool wu_host_mutex_try_lock(struct wu_host_mutex *mutex)
{
    return pthread_mutex_trylock(&mutex->mutex) == 0;
}

void wu_host_mutex_unlock(struct wu_host_mutex *mutex)
{
    pthread_mutex_unlock(&mutex->mutex);
}

void wu_host_cond_init(struct wu_host_cond *cond)
{
    pthread_condattr_t attributes;

    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&cond->cond, &attributes);
    pthread_condattr_destroy(&attributes);
}

void wu_host_cond_destroy(struct wu_host_cond *cond)
{
    pthread_cond_destroy(&cond->cond);
}

void wu_host_cond_wait(struct wu_host_cond *cond, struct wu_host_mutex *mutex)
{
    pthread_cond_wait(&cond->cond, &mutex->mutex);
}

void wu_host_cond_broadcast(struct wu_host_cond *cond)
{
    pthread_cond_broadcast(&cond->cond);
}

bool wu_host_cond_wait_until(struct wu_host_cond *cond, struct wu_host_mutex *mutex, int64_t when)
{
    while (wu_host_clock_now() < when) {
        const struct timespec until = monotonic_time_of(when);

        if (pthread_cond_timedwait(&cond->cond, &mutex->mutex, &until) != ETIMEDOUT)
            return true;
    }
    return false;
}

/* --- Threads ------------------------------------------------------------------------------- */

void wu_host_be_punctual(void)
{
    prctl(PR_SET_TIMERSLACK, 1UL);
}

/* A fault whose signal is blocked ends the process at once; under Wine, faults are usual. */
static void fill_but_faults(sigset_t *signals)
{
    static const int faults[] = { SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGSYS, SIGTRAP };

    sigfillset(signals);
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
        sigdelset(signals, faults[i]);
}

void wu_host_without_signals(void (*call)(void *argument), void *argument)
{
    sigset_t signals, before;

    fill_but_faults(&signals);
    pthread_sigmask(SIG_BLOCK, &signals, &before);
    call(argument);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

enum { HELPERS = 31 };

struct crowd {
    void (*run)(void *item);
    char *items;
    size_t size; /* [bytes] of an item */
    size_t count;
    _Atomic size_t next; /* item that nobody has begun */

    pthread_t helpers[HELPERS];
    size_t helper_count;
};

static void *run_some(void *opaque)
{
    struct crowd *crowd = opaque;
    size_t i;

    while ((i = atomic_fetch_add(&crowd->next, 1)) < crowd->count)
        crowd->run(crowd->items + i * crowd->size);
    return NULL;
}

static void get_help(void *opaque)
{
    struct crowd *crowd = opaque;
    size_t *const count = &crowd->helper_count;

    while (*count < HELPERS && *count + 1 < crowd->count &&
           pthread_create(&crowd->helpers[*count], NULL, run_some, crowd) == 0)
        ++*count;
}

/* This thread takes part, and does it all where there are no others to be had. */
void wu_host_run_together(void (*run)(void *item), void *items, size_t size, size_t count)
{
    struct crowd crowd = { .run = run, .items = items, .size = size, .count = count };

    wu_host_without_signals(get_help, &crowd);
    run_some(&crowd);
    for (size_t i = 0; i < crowd.helper_count; i++)
        pthread_join(crowd.helpers[i], NULL);
}

/* Each living thread has its own, and so an address of its own. */
const void *wu_host_thread_self(void)
{
    static _Thread_local char self;

    return &self;
}

/* --- Environment and log ------------------------------------------------------------------- */

const char *wu_host_environment(const char *name)
{
    return getenv(name);
}

void wu_host_write_line(const char *line)
{
    fputs(line, stderr);
}
