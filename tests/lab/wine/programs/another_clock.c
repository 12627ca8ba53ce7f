/*
 * Has Wine read CLOCK_BOOTTIME where it reads CLOCK_MONOTONIC_RAW, for LD_PRELOAD: so an old Wine
 * has the QueryPerformanceCounter of 10.17 and later. Nobody else's clocks are changed.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

enum { CALLERS = 4096 };

typedef int (*clock_function)(clockid_t, struct timespec *);

static bool look_up(void *caller)
{
    Dl_info info;

    return dladdr(caller, &info) && info.dli_fname && strstr(info.dli_fname, "/ntdll.so");
}

/* Looking up takes far longer than reading a clock, so each place in a program is looked up once.
 */
static bool is_wine(void *caller)
{
    static _Atomic(void *) wine[CALLERS];
    static _Atomic(void *) others[CALLERS];
    const size_t place = (uintptr_t)caller % CALLERS;

    if (wine[place] == caller)
        return true;
    if (others[place] == caller)
        return false;

    const bool is = look_up(caller);

    *(is ? &wine[place] : &others[place]) = caller;
    return is;
}

static clock_function find(void)
{
    static _Atomic(clock_function) found;
    clock_function function = found;

    if (!function)
        found = function = (clock_function)dlsym(RTLD_NEXT, "clock_gettime");
    return function;
}

__attribute__((visibility("default"))) int clock_gettime(clockid_t id, struct timespec *time_out)
{
    if (id == CLOCK_MONOTONIC_RAW && is_wine(__builtin_return_address(0)))
        id = CLOCK_BOOTTIME;
    return find()(id, time_out);
}
