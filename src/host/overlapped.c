#include "host/overlapped.h"

#include <stdint.h>

#include "host/completion.h"
#include "host/host.h"
#include "host/ntstatus.h"

/* Who sees a request's end before its event is set may use both for the next one at once, and that
 * one's event must not be set by the end of this one. So whoever begins waits for who is ending. */
static struct wu_host_mutex lock = WU_HOST_MUTEX_INIT;

/* The low bit of an event asks for no packet on a completion port; it is not part of the handle. */
static HANDLE event_of(const OVERLAPPED *overlapped)
{
    return (HANDLE)((uintptr_t)overlapped->hEvent & ~(uintptr_t)1);
}

static bool wants_packet(const OVERLAPPED *overlapped)
{
    return ((uintptr_t)overlapped->hEvent & 1) == 0;
}

static DWORD begin(HANDLE file, HANDLE held, OVERLAPPED *overlapped)
{
    DWORD error;

    wu_host_mutex_lock(&lock);
    error = wu_completion_reset(file, held);
    if (error == ERROR_SUCCESS) {
        overlapped->InternalHigh = 0;
        __atomic_store_n(&overlapped->Internal, (ULONG_PTR)WU_STATUS_PENDING, __ATOMIC_RELEASE);
    }
    wu_host_mutex_unlock(&lock);

    return error;
}

DWORD wu_host_overlapped_start(HANDLE file,
                               OVERLAPPED *overlapped,
                               struct wu_host_notice *notice_out)
{
    HANDLE held;
    DWORD error = wu_completion_hold(event_of(overlapped), &held);

    if (error != ERROR_SUCCESS)
        return error;

    error = begin(file, held, overlapped);
    if (error == ERROR_SUCCESS)
        *notice_out = (struct wu_host_notice){ held, wants_packet(overlapped) };
    else
        wu_completion_release(held);
    return error;
}

void wu_host_overlapped_finish(HANDLE file,
                               OVERLAPPED *overlapped,
                               struct wu_host_notice notice,
                               LONG status,
                               ULONG bytes)
{
    OVERLAPPED *to = notice.packet ? overlapped : NULL;

    wu_host_mutex_lock(&lock);
    overlapped->InternalHigh = bytes;
    __atomic_store_n(&overlapped->Internal, (ULONG_PTR)(ULONG)status, __ATOMIC_RELEASE);
    wu_completion_set(file, notice.event, to, status, bytes);
    wu_host_mutex_unlock(&lock);

    wu_completion_release(notice.event);
}

DWORD wu_host_overlapped_end(HANDLE file, OVERLAPPED *overlapped, LONG status, ULONG bytes)
{
    struct wu_host_notice notice;
    const DWORD error = wu_host_overlapped_start(file, overlapped, &notice);

    if (error != ERROR_SUCCESS)
        return error;

    wu_host_overlapped_finish(file, overlapped, notice, status, bytes);
    return ERROR_IO_PENDING;
}

static LONG status_of(const OVERLAPPED *overlapped)
{
    return (LONG)(ULONG)__atomic_load_n(&overlapped->Internal, __ATOMIC_ACQUIRE);
}

static bool is_done(const void *overlapped)
{
    return status_of(overlapped) != WU_STATUS_PENDING;
}

DWORD wu_host_overlapped_result(HANDLE file,
                                const OVERLAPPED *overlapped,
                                DWORD *bytes_out,
                                bool wait)
{
    if (wait && !is_done(overlapped) &&
        !wu_completion_wait(file, event_of(overlapped), is_done, overlapped))
        return ERROR_INVALID_HANDLE;

    const LONG status = status_of(overlapped);
    if (status == WU_STATUS_PENDING)
        return ERROR_IO_INCOMPLETE;

    *bytes_out = (DWORD)overlapped->InternalHigh;
    return wu_error_of_status(status);
}
