/*
 * Where the stack ends: calls that have taken as much from it as they were given leave it there. On
 * x86 it is the called function that takes its parameters.
 */
#ifndef WU_TESTS_STACK_PLACE_H
#define WU_TESTS_STACK_PLACE_H

#include <stdint.h>

static uintptr_t place_of_local(void)
{
    volatile char local = 0;

    (void)local;
    return (uintptr_t)&local;
}

/* By a pointer, lest it become part of its caller. */
static uintptr_t (*volatile stack_place)(void) = place_of_local;

#endif
