/*
 * A host for tests: time stands still until the test, a sleep or a simulated read moves it.
 *
 * There are no threads: locks do nothing, and waiting for a condition lets its time pass.
 */
#ifndef WU_TESTS_HOST_FAKE_H
#define WU_TESTS_HOST_FAKE_H

#include <stdint.h>

#include "host/host.h"

/* [ns] what wu_host_clock_now() tells. */
extern int64_t fake_clock;

/* [ns] what each reading of the clock takes; 25 unless a test sets it. */
extern int64_t fake_clock_cost;

/* [ns] resolution of the clock; 0 unless a test sets it. */
extern int64_t fake_clock_resolution;

/* [ns] what wu_host_clock_suspended() tells, and what the sign of it tells more. */
extern int64_t fake_suspended;
extern int64_t fake_time_of_day;

/* [ticks] What QueryPerformanceCounter reads at a time of fake_clock [ns], and [ns] what the other
 * clocks of Linux read then. NULL: it is wu_host_clock_now(). */
extern int64_t (*fake_qpc)(int64_t time);
extern int64_t (*fake_other_clock)(enum wu_host_clock clock, int64_t time);

/* Called before each reading of the clock; NULL: nothing happens. */
extern void (*fake_before_clock)(void);

/* [ns] by how much the next sleep oversleeps; NULL: not at all. */
extern int64_t (*fake_oversleep)(void);

/** Lets time pass [ns]. */
void fake_spend(int64_t ns);

#endif
