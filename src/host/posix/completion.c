#include "host/completion.h"

#include "host/posix/event.h"

/* What is held is the event itself, whose object is its first member. */
DWORD wu_completion_hold(HANDLE event, HANDLE *held_out)
{
    struct wu_object *held = event != NULL ? wu_handle_acquire(event, WU_HANDLE_EVENT) : NULL;

    if (event != NULL && held == NULL)
        return ERROR_INVALID_HANDLE;

    *held_out = held;
    return ERROR_SUCCESS;
}

void wu_completion_release(HANDLE held)
{
    struct wu_event *event = held;

    if (event != NULL)
        wu_object_release(&event->object);
}

static void tell(HANDLE file, struct wu_event *held, bool ended)
{
    if (held != NULL)
        wu_event_set(held, ended);
    else
        wu_event_handle_set(file, ended);
}

DWORD wu_completion_reset(HANDLE file, HANDLE held)
{
    tell(file, held, false);
    return ERROR_SUCCESS;
}

void wu_completion_set(HANDLE file, HANDLE held, OVERLAPPED *to, LONG status, ULONG bytes)
{
    (void)to; /* there are no completion ports */
    (void)status;
    (void)bytes;
    tell(file, held, true);
}

/* The event may have been set and reset for another request by now. */
bool wu_completion_wait(HANDLE file,
                        HANDLE event,
                        bool (*over)(const void *request),
                        const OVERLAPPED *request)
{
    struct wu_event *told = wu_event_acquire(event != NULL ? event : file);

    if (told == NULL)
        return false;
    wu_event_wait_unless(told, over, request);
    wu_object_release(&told->object);
    return true;
}
