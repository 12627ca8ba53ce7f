/*
 * Where calls come into a Unix library (calls.h): the tables by which Wine knows it. What they lead
 * to is the library's own: it has a file with its functions.
 */
#ifndef WU_UNIX_ENTRY_H
#define WU_UNIX_ENTRY_H

#include <stdint.h>

/** Takes its arguments from @p with, from 1 on. @return the call's result */
typedef uint64_t wu_unix_function(const uint64_t *with);

/* The library's functions, by the numbers of their calls; the first is wu_unix_version. */
extern wu_unix_function *const wu_unix_functions[];
extern const uint64_t wu_unix_function_count;

/** Carries out WU_UNIX_VERSION. */
wu_unix_function wu_unix_version;

#endif
