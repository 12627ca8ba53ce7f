/*
 * The types of host.h that only the operating system knows: Windows.
 */
#ifndef WU_HOST_WIN32_HOST_TYPES_H
#define WU_HOST_WIN32_HOST_TYPES_H

#include <stdint.h>

/* As Windows' SRWLOCK, CONDITION_VARIABLE and HANDLE: who includes this need not know windows.h. */
struct wu_host_mutex {
    void *lock;
};

/* For mutexes of static duration, instead of wu_host_mutex_init(). */
#define WU_HOST_MUTEX_INIT \
    {                      \
        0                  \
    }

struct wu_host_cond {
    void *cond;
};

struct wu_host_thread {
    uintptr_t thread;
};

#endif
