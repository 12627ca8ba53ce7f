#include "unix/entry.h"

#include <string.h>

#include "host/export.h"
#include "unix/calls.h"

uint64_t wu_unix_version(const uint64_t *with)
{
    strcpy((char *)(uintptr_t)with[1], WU_UNIX_LIBRARY_VERSION);
    return 8 * sizeof(void *);
}

static int32_t call(void *arguments)
{
    uint64_t *const with = arguments;

    if (with[0] >= wu_unix_function_count)
        return WU_UNIX_UNKNOWN;
    with[0] = wu_unix_functions[with[0]](with);
    return 0;
}

/* Wine has tables of functions, one for each number of a call. This one has one, for all calls; for
 * programs of 32 bits whose Unix side has 64, it is the same. */
typedef int32_t unix_function(void *);

extern unix_function *const WU_UNIX_TABLE[1];
extern WU_EXPORT unix_function *const __wine_unix_call_wow64_funcs[1]
    __attribute__((alias("__wine_unix_call_funcs")));

WU_EXPORT unix_function *const WU_UNIX_TABLE[1] = { call };
