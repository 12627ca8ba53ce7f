/* The calls of kernel32 about events and waiting. */
#include <windows.h>

#include <stdlib.h>

#include "host/export.h"
#include "host/handle.h"
#include "host/host.h"
#include "host/posix/event.h"

/* --- Events -------------------------------------------------------------------------------- */

static void destroy_event(struct wu_object *object)
{
    free(object);
}

static HANDLE create_event(BOOL manual_reset, BOOL initial_state, bool named)
{
    HANDLE handle;

    if (named) {
        SetLastError(ERROR_NOT_SUPPORTED);
        return NULL;
    }

    struct wu_event *event = malloc(sizeof *event);
    if (event == NULL)
        goto no_memory;
    wu_event_init(event, destroy_event, manual_reset != FALSE, initial_state != FALSE);
    if (wu_handle_new(WU_HANDLE_EVENT, &event->object, &handle) == ERROR_SUCCESS)
        return handle;

    free(event);
no_memory:
    SetLastError(ERROR_NOT_ENOUGH_MEMORY);
    return NULL;
}

WU_EXPORT HANDLE WINAPI CreateEventA(LPSECURITY_ATTRIBUTES security,
                                     BOOL manual_reset,
                                     BOOL initial_state,
                                     LPCSTR name)
{
    UNREFERENCED_PARAMETER(security);
    return create_event(manual_reset, initial_state, name != NULL);
}

WU_EXPORT HANDLE WINAPI CreateEventW(LPSECURITY_ATTRIBUTES security,
                                     BOOL manual_reset,
                                     BOOL initial_state,
                                     LPCWSTR name)
{
    UNREFERENCED_PARAMETER(security);
    return create_event(manual_reset, initial_state, name != NULL);
}

static BOOL set_event(HANDLE handle, bool set)
{
    if (wu_handle_kind_of(handle) == WU_HANDLE_EVENT && wu_event_handle_set(handle, set))
        return TRUE;
    SetLastError(ERROR_INVALID_HANDLE);
    return FALSE;
}

WU_EXPORT BOOL WINAPI SetEvent(HANDLE event)
{
    return set_event(event, true);
}

WU_EXPORT BOOL WINAPI ResetEvent(HANDLE event)
{
    return set_event(event, false);
}

/* --- Waiting ------------------------------------------------------------------------------- */

static int64_t end_of_wait(DWORD milliseconds)
{
    if (milliseconds == INFINITE)
        return INT64_MAX;
    return wu_host_clock_now() + (int64_t)milliseconds * 1000000;
}

static void release_events(struct wu_event *const *events, DWORD count)
{
    for (DWORD i = 0; i < count; i++)
        wu_object_release(&events[i]->object);
}

/* Each event is referenced, so that it may be closed while somebody waits for it. */
static bool acquire_events(const HANDLE *handles, DWORD count, struct wu_event **events)
{
    for (DWORD i = 0; i < count; i++) {
        events[i] = wu_event_acquire(handles[i]);
        if (events[i] == NULL) {
            release_events(events, i);
            return false;
        }
    }
    return true;
}

static bool has_twins(const HANDLE *handles, DWORD count)
{
    for (DWORD i = 0; i < count; i++)
        for (DWORD j = 0; j < i; j++)
            if (handles[i] == handles[j])
                return true;
    return false;
}

WU_EXPORT DWORD WINAPI WaitForMultipleObjects(DWORD count,
                                              const HANDLE *handles,
                                              BOOL all,
                                              DWORD milliseconds)
{
    struct wu_event *events[MAXIMUM_WAIT_OBJECTS];
    size_t index;

    if (handles == NULL || count == 0 || count > MAXIMUM_WAIT_OBJECTS ||
        (all && has_twins(handles, count))) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return WAIT_FAILED;
    }
    if (!acquire_events(handles, count, events)) {
        SetLastError(ERROR_INVALID_HANDLE);
        return WAIT_FAILED;
    }

    const bool ended =
        wu_event_wait(events, count, all != FALSE, end_of_wait(milliseconds), &index);
    release_events(events, count);
    return ended ? WAIT_OBJECT_0 + (DWORD)index : WAIT_TIMEOUT;
}

WU_EXPORT DWORD WINAPI WaitForSingleObject(HANDLE handle, DWORD milliseconds)
{
    return WaitForMultipleObjects(1, &handle, FALSE, milliseconds);
}
