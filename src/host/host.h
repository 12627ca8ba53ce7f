/*
 * All that we ask of the operating system: a clock, sleep, threads, locks, a log.
 *
 * posix/host_posix.c or win32/host_win32.c, under Wine the former with threads of win32/thread.c;
 * or tests/support/host_fake.c, where time stands still until the test moves it.
 */
#ifndef WU_HOST_HOST_H
#define WU_HOST_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* struct wu_host_mutex, wu_host_cond, wu_host_thread and their static initialisers: from the
 * folder of the host that is built. */
#include "host_types.h"

/* --- Clock: the one behind QueryPerformanceCounter ----------------------------------------- */

/** Tells the time since some fixed point [ns]; constant rate, never stepped or slewed. */
int64_t wu_host_clock_now(void);

/** Gives by how much one reading of wu_host_clock_now() may be off [ns]: its resolution and the
 *  skew between processors. */
int64_t wu_host_clock_error(void);

/** Gives the rate of QueryPerformanceCounter [ticks/s]; constant. */
int64_t wu_host_qpc_frequency(void);

/** Converts a time of wu_host_clock_now() [ns] to QueryPerformanceCounter [ticks], rounding down.
 */
int64_t wu_host_qpc_from_clock(int64_t now);

/** The same to the nearest tick, which is off by half a tick at most. */
int64_t wu_host_qpc_nearest(int64_t now);

/** Gives half a tick of QueryPerformanceCounter [ns], rounded up. */
int64_t wu_host_qpc_half_tick(void);

/** Gives the first time of wu_host_clock_now() [ns] at which the counter reads @p qpc [ticks]. */
int64_t wu_host_clock_from_qpc(int64_t qpc);

/** Reads QueryPerformanceCounter, as the program does [ticks]. */
int64_t wu_host_qpc_now(void);

/** Tells whether that is wu_host_clock_now() by its making, as the functions above take for
 * granted. Otherwise it is one of the following clocks, or none, and comparing tells which. */
bool wu_host_qpc_is_clock(void);

enum wu_host_clock {
    WU_CLOCK_OWN, /* wu_host_clock_now() */
    WU_CLOCK_MONOTONIC,
    WU_CLOCK_BOOTTIME,
    WU_CLOCKS
};

/** Reads a clock of the system's [ns]; where there are no others, always our own. */
int64_t wu_host_clock_read(enum wu_host_clock clock);

/** Tells how long this machine has slept in all [ns]; it grows at each resume. */
int64_t wu_host_clock_suspended(void);

/**
 * Gives a sign of how long this machine has slept in all [ns], at little cost: one that has changed
 * by WU_SLEEP_SIGN or more since is a reason to ask wu_host_clock_suspended(). It does so at each
 * resume from a longer sleep, before any thread runs again, but also when somebody sets the time of
 * day.
 */
int64_t wu_host_clock_sleep_sign(void);

#define WU_SLEEP_SIGN INT64_C(15000000) /* [ns] more than any tick of the system's */

/** Sleeps until wu_host_clock_now() has reached @p when [ns]; may oversleep, never undersleep. */
void wu_host_sleep_until(int64_t when);

/* --- Threads and locks --------------------------------------------------------------------- */

void wu_host_mutex_init(struct wu_host_mutex *mutex);
void wu_host_mutex_destroy(struct wu_host_mutex *mutex);
void wu_host_mutex_lock(struct wu_host_mutex *mutex);
bool wu_host_mutex_try_lock(struct wu_host_mutex *mutex);
void wu_host_mutex_unlock(struct wu_host_mutex *mutex);

void wu_host_cond_init(struct wu_host_cond *cond);
void wu_host_cond_destroy(struct wu_host_cond *cond);
void wu_host_cond_wait(struct wu_host_cond *cond, struct wu_host_mutex *mutex);
void wu_host_cond_broadcast(struct wu_host_cond *cond);

/** Waits until woken or until wu_host_clock_now() has reached @p when [ns].
 *  @return false when the time ran out */
bool wu_host_cond_wait_until(struct wu_host_cond *cond, struct wu_host_mutex *mutex, int64_t when);

/** Starts a thread whose sleeps end as punctually as an ordinary user's may.
 *  @return false when the system has no thread to give; @p thread_out is untouched then */
bool wu_host_thread_start(struct wu_host_thread *thread_out, void (*run)(void *), void *argument);

/** Waits for the end of a thread; each started thread is joined exactly once. */
void wu_host_thread_join(struct wu_host_thread *thread);

/**
 * Calls a function for each of some items, several at a time, and returns when it has returned for
 * all. It may call nothing of Windows', as the threads are none of Wine's: those would wait for who
 * loads a DLL.
 *
 * @param size  [bytes] of an item
 */
void wu_host_run_together(void (*run)(void *item), void *items, size_t size, size_t count);

/** Calls @p call, while this thread takes none of the application's signals; threads that it starts
 *  never do. Those of a fault go where they always go, as a crash handler may want to see them. */
void wu_host_without_signals(void (*call)(void *argument), void *argument);

/** Identifies the calling thread among those that live. */
const void *wu_host_thread_self(void);

/** Tells whether the process is ending, and all other threads have been stopped where they stood:
 *  locks that they held stay locked, and what they were to do is not done any more. */
bool wu_host_is_ending(void);

/* --- Environment and log ------------------------------------------------------------------- */

/** Reads an environment variable; NULL when it is not set. The text stays the system's. */
const char *wu_host_environment(const char *name);

/** Writes a line, which ends with a newline, to where people look for it. For wu_log(). */
void wu_host_write_line(const char *line);

enum wu_log_level { WU_LOG_ERROR = 1, WU_LOG_WARN, WU_LOG_INFO, WU_LOG_DEBUG };

/** Writes one line to stderr when WINUSB_LOG=error|warn|info|debug asks for this level. Any
 *  thread; not under a lock that a query or a completion waits for. */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
void wu_log(enum wu_log_level level, const char *format, ...);

#endif
