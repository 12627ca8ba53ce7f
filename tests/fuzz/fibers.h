/*
 * A host whose threads take turns on one: which of them goes on, and where it is interrupted, is
 * decided by numbers that follow from a seed, so that each run can be repeated.
 *
 * Time stands still until everybody waits for it. When everybody waits for ever, it aborts; those
 * who rest wait for a time.
 */
#ifndef WU_TESTS_FUZZ_FIBERS_H
#define WU_TESTS_FUZZ_FIBERS_H

#include <stdbool.h>
#include <stdint.h>

/**
 * Runs a function, and the threads that it starts, until all have ended.
 *
 * @param seed           decides who goes on
 * @param interruptions  [0..255] how often a thread is interrupted where it takes or gives back a
 *                       lock, of 256 times; 0: it goes on until it waits
 * @param look           called each time before a thread goes on, in no thread
 */
void fibers_run(uint32_t seed, unsigned interruptions, void (*run)(void *), void (*look)(void));

/** Lets others go on. */
void fibers_yield(void);

enum fibers_rest { FIBERS_HAPPENED, FIBERS_STUCK, FIBERS_ALONE };

/**
 * Waits until a condition is told of, or all others have ended.
 *
 * @param until  [ns] of the host's clock: from then on, it counts as stuck whatever happens; others
 *               may look for something again and again that never comes
 */
enum fibers_rest fibers_rest(int64_t until);

/** From now on, the thread that calls is not interrupted. */
void fibers_leave_alone(void);

/** Lets time pass [ns]. */
void fibers_spend(int64_t ns);

#endif
