/* The Unix side of the calls: one function for each, in a table that Wine finds by its name. */
#include <stdint.h>

#include "host/export.h"
#include "host/host.h"
#include "unix/calls.h"

typedef int32_t unix_call(void *params);

static int32_t clock_now(void *params)
{
    struct wu_unix_clock_now *const call = params;

    call->now = (uint64_t)wu_host_clock_now();
    return 0;
}

/* Wine's names: for programs of as many bits as this library, and for 32-bit ones on 64 bits. */
extern unix_call *const __wine_unix_call_funcs[WU_UNIX_CODES];
extern WU_EXPORT unix_call *const __wine_unix_call_wow64_funcs[WU_UNIX_CODES]
    __attribute__((alias("__wine_unix_call_funcs")));

WU_EXPORT unix_call *const __wine_unix_call_funcs[WU_UNIX_CODES] = {
    [WU_UNIX_CLOCK_NOW] = clock_now,
};
