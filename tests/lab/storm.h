/*
 * The fault storm: one scenario after the other, each of them all random: how the device behaves,
 * what four threads ask of it, how it ends. What must hold whatever happens is checked.
 *
 * storm.c runs scenarios and looks after the process, storm_scenario.c is one of them,
 * storm_thread.c what each of its threads does, storm_request.c the life of an overlapped request.
 */
#ifndef LAB_STORM_H
#define LAB_STORM_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <windows.h>
#include <winusb.h>

#include "lab/device/script.h"
#include "lab/lab.h"

enum {
    STORM_THREADS = 4,
    STORM_PENDING = 8,  /* requests of each thread */
    STORM_LENGTH = 4096 /* [bytes] of a request, at most */
};

/* --- Random numbers ----------------------------------------------------------------------- */

/* A sequence that its seed alone determines. */
struct storm_random {
    uint64_t state;
};

/** Gives a number from 0 to @p count - 1. */
unsigned storm_random(struct storm_random *random, unsigned count);

/** Tells yes @p percent times of a hundred. */
static inline bool storm_chance(struct storm_random *random, unsigned percent)
{
    return storm_random(random, 100) < percent;
}

/* --- What is wrong ------------------------------------------------------------------------ */

/** Reports what must not be; the scenario has failed, and goes on. Any thread. */
__attribute__((format(printf, 1, 2))) void storm_wrong(const char *format, ...);

/* What the threads are at, for the report when they hang; the last one is the main thread. */
extern _Atomic(const char *) storm_doing[STORM_THREADS + 1];

/* --- Scenarios ---------------------------------------------------------------------------- */

/* How requests that the device does not answer end in a scenario. Nothing else helps them. */
enum storm_end {
    STORM_TIMEOUT, /* each pipe has one */
    STORM_CANCEL,  /* who made them cancels them */
    STORM_CLOSE,   /* the handles are closed when the threads have made their calls */
    STORM_CUT,     /* the handles are closed under the threads */
    STORM_UNPLUG,  /* the device goes, by itself or when it is told to */
    STORM_LEAVE,   /* who made them cancels them, and then the device goes */
    STORM_DELETE,  /* QEMU takes the device away */
};

struct storm_scenario {
    struct storm_random random; /* the main thread's */
    enum storm_end end;
    bool closes_file;    /* it ends with the file's end */
    bool is_crowded;     /* threads begin with as many requests as they may have */
    bool blocks_control; /* by requests that are not answered */
    bool resets_pipes;
    bool is_qemu; /* a controller of QEMU's: when it loses a queue of reads in which two have been
                     answered, it takes the length of the second off what the first left, so what
                     was read is not compared; and its kernel takes babble for a fault of its own */
    bool ignores_short; /* the IN pipes do */
    bool is_raw;        /* likewise */
    bool shortens;      /* the device may answer any read with less than was asked for */
    HANDLE file;
    WINUSB_INTERFACE_HANDLE first;
    _Atomic(WINUSB_INTERFACE_HANDLE) second; /* comes and goes; NULL: out of reach */
    atomic_bool over;                        /* handles are being closed */
    atomic_uint pending, peak;               /* overlapped requests, now and at most */
    unsigned completed;
};

/* The device. Opening it takes longer than a scenario, so that several share a file; what keeps it
 * open between them is one more handle. */
struct storm_device {
    struct lab_device where;
    struct labdev script;
    struct lab_session session; /* file NULL: not open */
};

/** Finds the device, when it has come; opens the script. */
bool storm_device_await(struct storm_device *device);

/** Opens file and handle, unless they are open. */
bool storm_device_open(struct storm_device *device);

/** Closes them, unless they are closed. */
void storm_device_close(struct storm_device *device);

/** Runs a scenario with a device that is open. @return false when it cannot be run */
bool storm_scenario_run(struct storm_scenario *scenario, struct storm_device *device);

/** Tells whether the device goes in this scenario. */
bool storm_loses_device(const struct storm_scenario *scenario);

/** Tells whether each pipe has a timeout from the beginning. */
bool storm_has_timeouts(const struct storm_scenario *scenario);

/** Tells whether threads cancel what they wait for. */
bool storm_cancels(const struct storm_scenario *scenario);

/* --- Threads ------------------------------------------------------------------------------ */

struct storm_request;

struct storm_thread {
    struct storm_scenario *scenario;
    struct storm_random random;
    unsigned number;
    struct storm_request *pending[STORM_PENDING];
    unsigned count;             /* of them */
    struct storm_request *over; /* whose ends are known */
    unsigned completed;
};

/** Makes random calls, then waits for what has to end. */
void *storm_thread_run(void *thread);

/** Checks all that it left, once no handle is open, and frees it. */
void storm_thread_end(struct storm_thread *thread);

/* --- Requests ----------------------------------------------------------------------------- */

/* An overlapped request. What the library writes to is apart, and goes at once when it has ended:
 * freed, for the address sanitizer, or poisoned, as the kernel's writes are seen by nobody. */
struct storm_request {
    struct storm_request *next;
    HANDLE event; /* auto-reset */
    WINUSB_INTERFACE_HANDLE handle;
    UCHAR pipe;
    struct storm_loan *loan;
    ULONG length;      /* [bytes] */
    bool is_counting;  /* what is read continues as the pattern does */
    bool is_signalled; /* the event has been signalled as often as it may be */
    bool may_be_seen;  /* ... or perhaps */
    bool is_poisoned;
};

/* All of it is the library's while the request is pending. */
struct storm_loan {
    OVERLAPPED overlapped;
    UCHAR data[]; /* request.length, and a guard behind */
};

/** Makes one, with the pattern in its buffer. */
struct storm_request *storm_request_new(ULONG length);

/** Waits for the end, in one way or another. */
void storm_request_await(struct storm_request *request, struct storm_thread *thread);

/** Tells whether it has ended. */
bool storm_request_has_ended(const struct storm_request *request);

/** Checks how it ended, and takes the memory back that the library must not use any more. */
void storm_request_close(struct storm_request *request, struct storm_thread *thread);

/** Takes back one that the library has not accepted. */
void storm_request_refused(struct storm_request *request, struct storm_thread *thread);

/** Checks that nobody has touched it since, and frees it; once all handles are closed. */
void storm_request_free(struct storm_request *request);

#endif
