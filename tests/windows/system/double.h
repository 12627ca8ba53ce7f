/*
 * A double of System32's winusb.dll: writes down each call with all arguments, does what the test
 * tells it, and has a frame counter whose truth is known.
 *
 * The test gets at its state by the export double_state(), which the real one has not.
 */
#ifndef WU_TESTS_WINDOWS_DOUBLE_H
#define WU_TESTS_WINDOWS_DOUBLE_H

#include <stdbool.h>
#include <stdint.h>
#include <windows.h>

enum { DOUBLE_ARGUMENTS = 7, DOUBLE_CALLS = 256 };

struct double_call {
    const char *name;
    unsigned count;
    uint64_t
        arguments[DOUBLE_ARGUMENTS]; /* numbers as they are, pointers and structures bit by bit */
};

/* The frame counter: frame `first + floor((now - origin) / period)`. */
struct double_counter {
    int64_t origin; /* [ticks of QueryPerformanceCounter] */
    double period;  /* [ticks] of a frame */
    ULONG first;
    DWORD error;        /* that reading it fails with; 0: it works */
    unsigned long seed; /* of how long reads take */
};

struct double_state {
    volatile LONG calls;                   /* how many there were */
    struct double_call call[DOUBLE_CALLS]; /* the last ones: call n is at n % DOUBLE_CALLS */

    ULONG_PTR result; /* of each function */
    DWORD error;      /* each function's last error... */
    bool sets_error;  /* ...or it leaves that alone */
    bool writes;      /* outputs are written to: 0x5A in all bytes, but handles */
    ULONG_PTR handle; /* of the next one that is given out; they count up by 0x10 */

    ULONG_PTR freed;             /* the highest handle that WinUsb_Free was called with */
    volatile LONG after_freeing; /* reads of the counter with handles up to that one */

    HANDLE blocks;   /* NULL; or WinUsb_ReadPipe sets this event... */
    HANDLE released; /* ...and waits for this one, which WinUsb_Free and WinUsb_AbortPipe set */

    const UCHAR *configuration; /* NULL, or what WinUsb_GetDescriptor and the queries tell of */
    ULONG configuration_size;

    SRWLOCK changing;              /* held by who changes the counter as a whole */
    struct double_counter counter; /* period 0: WinUsb_GetCurrentFrameNumber is like the others */
};

typedef struct double_state *WINAPI double_state_function(void);

#endif
