#include "host/completion.h"

#include "host/win32/file.h"

void wu_completion_reset(HANDLE file, HANDLE event)
{
    if (event)
        ResetEvent(event);
    else
        wu_host_file_signal(file, false);
}

void wu_completion_set(HANDLE file, HANDLE event, OVERLAPPED *to, LONG status, ULONG bytes)
{
    if (event)
        SetEvent(event);
    else
        wu_host_file_signal(file, true);
    if (to)
        wu_host_file_post(file, to, status, bytes);
}

/* Looks again every now and then: the event may have been set and reset for another request. */
bool wu_completion_wait(HANDLE file,
                        HANDLE event,
                        bool (*over)(const void *request),
                        const OVERLAPPED *request)
{
    enum { PAUSE = 50 }; /* [ms] */
    const HANDLE told = event ? event : wu_host_file_event(file);
    DWORD result = told ? WAIT_TIMEOUT : WAIT_FAILED;

    while (result == WAIT_TIMEOUT && !over(request))
        result = WaitForSingleObject(told, PAUSE);
    return result != WAIT_FAILED;
}
