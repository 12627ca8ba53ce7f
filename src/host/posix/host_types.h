/*
 * The types of host.h that only the operating system knows: POSIX.
 */
#ifndef WU_HOST_POSIX_HOST_TYPES_H
#define WU_HOST_POSIX_HOST_TYPES_H

#include <pthread.h>
#include <stdint.h>

struct wu_host_mutex {
    pthread_mutex_t mutex;
};

/* For mutexes of static duration, instead of wu_host_mutex_init(). */
#define WU_HOST_MUTEX_INIT        \
    {                             \
        PTHREAD_MUTEX_INITIALIZER \
    }

struct wu_host_cond {
    pthread_cond_t cond; /* by CLOCK_MONOTONIC, so there is no static initialiser */
};

struct wu_host_thread {
    uintptr_t thread; /* pthread_t, or a HANDLE under Wine */
};

#endif
