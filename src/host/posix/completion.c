#include "host/completion.h"

#include "host/posix/event.h"

static HANDLE told_by(HANDLE file, HANDLE event)
{
    return event != NULL ? event : file;
}

void wu_completion_reset(HANDLE file, HANDLE event)
{
    wu_event_handle_set(told_by(file, event), false);
}

void wu_completion_set(HANDLE file, HANDLE event, OVERLAPPED *to, LONG status, ULONG bytes)
{
    (void)to; /* there are no completion ports */
    (void)status;
    (void)bytes;
    wu_event_handle_set(told_by(file, event), true);
}

/* The event may have been set and reset for another request by now. */
bool wu_completion_wait(HANDLE file,
                        HANDLE event,
                        bool (*over)(const void *request),
                        const OVERLAPPED *request)
{
    struct wu_event *told = wu_event_acquire(told_by(file, event));

    if (told == NULL)
        return false;
    wu_event_wait_unless(told, over, request);
    wu_object_release(&told->object);
    return true;
}
