/*
 * Memory for tests that runs out when they say so.
 *
 * The sources under test are compiled once more for it, with malloc, calloc, realloc and free
 * standing for these functions. Any thread.
 */
#ifndef WU_TESTS_FAILING_MEMORY_H
#define WU_TESTS_FAILING_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

void *failing_malloc(size_t size);
void *failing_calloc(size_t count, size_t size);
void *failing_realloc(void *block, size_t size);
void failing_free(void *block);

/** Makes one allocation fail: the @p nth [1..] from now on; 0: none. */
void failing_memory_at(int nth);

/** Tells whether that allocation has come, and failed. */
bool failing_memory_has_failed(void);

/** Tells how many blocks are allocated now. */
int failing_memory_live(void);

#endif
