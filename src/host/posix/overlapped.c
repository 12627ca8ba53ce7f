#include "host/overlapped.h"

#include <stdint.h>

#include "host/ntstatus.h"
#include "host/posix/event.h"

/* The low bit of an event asks for no packet on a completion port; it is not part of the handle. */
static HANDLE event_of(HANDLE file, const OVERLAPPED *overlapped)
{
    const uintptr_t event = (uintptr_t)overlapped->hEvent & ~(uintptr_t)1;

    return event != 0 ? (HANDLE)event : file;
}

void wu_host_overlapped_start(HANDLE file, OVERLAPPED *overlapped)
{
    overlapped->InternalHigh = 0;
    __atomic_store_n(&overlapped->Internal, (ULONG_PTR)WU_STATUS_PENDING, __ATOMIC_RELEASE);
    wu_event_handle_set(event_of(file, overlapped), false);
}

void wu_host_overlapped_finish(HANDLE file, OVERLAPPED *overlapped, LONG status, ULONG bytes)
{
    const HANDLE event = event_of(file, overlapped);

    overlapped->InternalHigh = bytes;
    __atomic_store_n(&overlapped->Internal, (ULONG_PTR)(ULONG)status, __ATOMIC_RELEASE);
    wu_event_handle_set(event, true);
}

static LONG status_of(const OVERLAPPED *overlapped)
{
    return (LONG)(ULONG)__atomic_load_n(&overlapped->Internal, __ATOMIC_ACQUIRE);
}

static bool wait_for_event(HANDLE handle)
{
    struct wu_event *event = wu_event_acquire(handle);
    size_t index;

    if (event == NULL)
        return false;
    wu_event_wait(&event, 1, false, INT64_MAX, &index);
    wu_object_release(&event->object);
    return true;
}

DWORD wu_host_overlapped_result(HANDLE file,
                                const OVERLAPPED *overlapped,
                                DWORD *bytes_out,
                                bool wait)
{
    if (wait && status_of(overlapped) == WU_STATUS_PENDING &&
        !wait_for_event(event_of(file, overlapped)))
        return ERROR_INVALID_HANDLE;

    const LONG status = status_of(overlapped);
    if (status == WU_STATUS_PENDING)
        return ERROR_IO_INCOMPLETE;

    *bytes_out = (DWORD)overlapped->InternalHigh;
    return wu_error_of_status(status);
}
