#include "host/overlapped.h"

#include <stdint.h>

#include "host/host.h"
#include "host/ntstatus.h"
#include "host/posix/event.h"

/* Who sees a request's end before its event is set may use both for the next one at once, and that
 * one's event must not be set by the end of this one. So whoever begins waits for who is ending. */
static struct wu_host_mutex lock = WU_HOST_MUTEX_INIT;

/* The low bit of an event asks for no packet on a completion port; it is not part of the handle. */
static HANDLE event_of(HANDLE file, const OVERLAPPED *overlapped)
{
    const uintptr_t event = (uintptr_t)overlapped->hEvent & ~(uintptr_t)1;

    return event != 0 ? (HANDLE)event : file;
}

void wu_host_overlapped_start(HANDLE file, OVERLAPPED *overlapped)
{
    wu_host_mutex_lock(&lock);
    overlapped->InternalHigh = 0;
    __atomic_store_n(&overlapped->Internal, (ULONG_PTR)WU_STATUS_PENDING, __ATOMIC_RELEASE);
    wu_event_handle_set(event_of(file, overlapped), false);
    wu_host_mutex_unlock(&lock);
}

void wu_host_overlapped_finish(HANDLE file, OVERLAPPED *overlapped, LONG status, ULONG bytes)
{
    const HANDLE event = event_of(file, overlapped);

    wu_host_mutex_lock(&lock);
    overlapped->InternalHigh = bytes;
    __atomic_store_n(&overlapped->Internal, (ULONG_PTR)(ULONG)status, __ATOMIC_RELEASE);
    wu_event_handle_set(event, true);
    wu_host_mutex_unlock(&lock);
}

static LONG status_of(const OVERLAPPED *overlapped)
{
    return (LONG)(ULONG)__atomic_load_n(&overlapped->Internal, __ATOMIC_ACQUIRE);
}

static bool is_done(const void *overlapped)
{
    return status_of(overlapped) != WU_STATUS_PENDING;
}

/* Its event may have been set and reset for another request by now. */
static bool wait_for(const OVERLAPPED *overlapped, HANDLE handle)
{
    struct wu_event *event = wu_event_acquire(handle);

    if (event == NULL)
        return false;
    wu_event_wait_unless(event, is_done, overlapped);
    wu_object_release(&event->object);
    return true;
}

DWORD wu_host_overlapped_result(HANDLE file,
                                const OVERLAPPED *overlapped,
                                DWORD *bytes_out,
                                bool wait)
{
    if (wait && !is_done(overlapped) && !wait_for(overlapped, event_of(file, overlapped)))
        return ERROR_INVALID_HANDLE;

    const LONG status = status_of(overlapped);
    if (status == WU_STATUS_PENDING)
        return ERROR_IO_INCOMPLETE;

    *bytes_out = (DWORD)overlapped->InternalHigh;
    return wu_error_of_status(status);
}
