/*
 * Events, where the operating system has none: what SetEvent sets and WaitForSingleObject waits
 * for.
 *
 * Events and files can be waited for. One lock guards the state of all of them, so that a wait for
 * several can look at them at one time.
 */
#ifndef WU_HOST_POSIX_EVENT_H
#define WU_HOST_POSIX_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <windows.h>

#include "host/handle.h"

/* First member of every object whose handle can be waited for. */
struct wu_event {
    struct wu_object object;
    bool manual_reset; /* constant */
    bool set;          /* [the lock of all events] */
};

/**
 * Starts an event with one reference, the caller's.
 *
 * @param destroy       as for wu_object_init()
 * @param manual_reset  false: a wait that ends by it resets it
 * @param set           whether it is set to begin with
 */
void wu_event_init(struct wu_event *event,
                   void (*destroy)(struct wu_object *object),
                   bool manual_reset,
                   bool set);

/** Sets or resets an event. Waits that it ends are over when this returns: a reset that follows
 *  does not undo that. */
void wu_event_set(struct wu_event *event, bool set);

/** As wu_event_set(), for the handle of an event or a file. @return false: none is open */
bool wu_event_handle_set(HANDLE handle, bool set);

/** Looks up what can be waited for and takes a reference, for wu_object_release(); NULL when no
 *  such handle is open. */
struct wu_event *wu_event_acquire(HANDLE handle);

/**
 * Waits until one, or all at one time, of several events are set, and resets those that it ends by
 * unless they are of manual reset.
 *
 * @param events     [count] borrowed; each once
 * @param all        whether all must be set
 * @param until      [ns of wu_host_clock_now()] when to give up; INT64_MAX: never; a time in the
 *                   past: only look
 * @param index_out  set on success: which one was set, the first of them; 0 for all
 *
 * @return false when the time ran out
 */
bool wu_event_wait(struct wu_event *const *events,
                   size_t count,
                   bool all,
                   int64_t until,
                   size_t *index_out);

/**
 * Waits for an event, however long, unless there is nothing to wait for any more.
 *
 * @param over  asked about @p what when a set that follows cannot be missed; must not wait
 */
void wu_event_wait_unless(struct wu_event *event, bool (*over)(const void *what), const void *what);

#endif
