/*
 * Which threads are within a call of ours that opens a device.
 */
#ifndef WU_WINDOWS_WITHIN_H
#define WU_WINDOWS_WITHIN_H

#include <stdbool.h>

/* One such call, on its stack. */
struct wu_within {
    const void *thread;
    struct wu_within *next; /* [calls] */
};

void wu_within_begin(struct wu_within *call);
void wu_within_end(struct wu_within *call);

/** Tells whether the calling thread is within such a call. */
bool wu_within(void);

#endif
