#include "failing_memory.h"

#include <stdatomic.h>
#include <stdlib.h>

static atomic_int allocations; /* since failing_memory_at() */
static atomic_int failing;     /* which of them fails */
static atomic_int live;

void failing_memory_at(int nth)
{
    allocations = 0;
    failing = nth;
}

bool failing_memory_has_failed(void)
{
    return failing > 0 && allocations >= failing;
}

int failing_memory_live(void)
{
    return live;
}

static bool may_allocate(void)
{
    return atomic_fetch_add(&allocations, 1) + 1 != failing;
}

static void *counted(void *block)
{
    live += block ? 1 : 0;
    return block;
}

void *failing_malloc(size_t size)
{
    return may_allocate() ? counted(malloc(size)) : NULL;
}

void *failing_calloc(size_t count, size_t size)
{
    return may_allocate() ? counted(calloc(count, size)) : NULL;
}

void *failing_realloc(void *block, size_t size)
{
    void *larger = may_allocate() ? realloc(block, size) : NULL;

    return block ? larger : counted(larger);
}

void failing_free(void *block)
{
    live -= block ? 1 : 0;
    free(block);
}
