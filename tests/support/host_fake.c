#include "host_fake.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

int64_t fake_clock = 1000000000;
int64_t fake_clock_cost = 25;
int64_t fake_clock_resolution = 0;
int64_t fake_suspended = 0;
int64_t fake_time_of_day = 0;
int64_t (*fake_qpc)(int64_t time) = NULL;
int64_t (*fake_other_clock)(enum wu_host_clock clock, int64_t time) = NULL;
void (*fake_before_clock)(void) = NULL;
int64_t (*fake_oversleep)(void) = NULL;

void fake_spend(int64_t ns)
{
    fake_clock += ns;
}

int64_t wu_host_clock_now(void)
{
    if (fake_before_clock)
        fake_before_clock();
    fake_clock += fake_clock_cost;
    return fake_clock_resolution > 0 ? fake_clock - fake_clock % fake_clock_resolution : fake_clock;
}

int64_t wu_host_clock_error(void)
{
    return fake_clock_resolution;
}

int64_t wu_host_qpc_frequency(void)
{
    return 10000000;
}

int64_t wu_host_qpc_from_clock(int64_t now)
{
    return now / 100;
}

int64_t wu_host_qpc_nearest(int64_t now)
{
    return (now + 50) / 100;
}

int64_t wu_host_qpc_half_tick(void)
{
    return 50;
}

int64_t wu_host_clock_from_qpc(int64_t qpc)
{
    return qpc * 100;
}

int64_t wu_host_qpc_now(void)
{
    const int64_t now = wu_host_clock_now();

    return fake_qpc ? fake_qpc(now) : wu_host_qpc_from_clock(now);
}

bool wu_host_qpc_is_clock(void)
{
    return fake_qpc == NULL;
}

int64_t wu_host_clock_read(enum wu_host_clock clock)
{
    const int64_t now = wu_host_clock_now();

    return clock == WU_CLOCK_OWN || !fake_other_clock ? now : fake_other_clock(clock, now);
}

int64_t wu_host_clock_suspended(void)
{
    return fake_suspended;
}

int64_t wu_host_clock_sleep_sign(void)
{
    return fake_suspended + fake_time_of_day;
}

void wu_host_sleep_until(int64_t when)
{
    if (when > fake_clock)
        fake_clock = when;
    if (fake_oversleep)
        fake_clock += fake_oversleep();
}

void wu_host_mutex_init(struct wu_host_mutex *mutex)
{
    (void)mutex;
}

void wu_host_mutex_destroy(struct wu_host_mutex *mutex)
{
    (void)mutex;
}

void wu_host_mutex_lock(struct wu_host_mutex *mutex)
{
    (void)mutex;
}

bool wu_host_mutex_try_lock(struct wu_host_mutex *mutex)
{
    (void)mutex;
    return true;
}

void wu_host_mutex_unlock(struct wu_host_mutex *mutex)
{
    (void)mutex;
}

void wu_host_cond_init(struct wu_host_cond *cond)
{
    (void)cond;
}

void wu_host_cond_destroy(struct wu_host_cond *cond)
{
    (void)cond;
}

void wu_host_cond_wait(struct wu_host_cond *cond, struct wu_host_mutex *mutex)
{
    (void)cond;
    (void)mutex;
    fputs("host_fake: a wait for what nobody can ever do\n", stderr);
    abort();
}

void wu_host_cond_broadcast(struct wu_host_cond *cond)
{
    (void)cond;
}

bool wu_host_cond_wait_until(struct wu_host_cond *cond, struct wu_host_mutex *mutex, int64_t when)
{
    (void)cond;
    (void)mutex;
    wu_host_sleep_until(when);
    return false;
}

bool wu_host_thread_start(struct wu_host_thread *thread_out, void (*run)(void *), void *argument)
{
    (void)thread_out;
    (void)run;
    (void)argument;
    return false;
}

void wu_host_run_together(void (*run)(void *item), void *items, size_t size, size_t count)
{
    for (size_t i = 0; i < count; i++)
        run((char *)items + i * size);
}

void wu_host_without_signals(void (*call)(void *argument), void *argument)
{
    call(argument);
}

const void *wu_host_thread_self(void)
{
    static _Thread_local char self;

    return &self;
}

bool wu_host_is_ending(void)
{
    return false;
}

void wu_host_thread_join(struct wu_host_thread *thread)
{
    (void)thread;
}

const char *wu_host_environment(const char *name)
{
    return getenv(name);
}

void wu_log(enum wu_log_level level, const char *format, ...)
{
    (void)level;
    (void)format;
}
