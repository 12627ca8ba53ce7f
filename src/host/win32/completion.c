#include "host/completion.h"

#include "host/win32/file.h"

DWORD wu_completion_hold(HANDLE event, HANDLE *held_out)
{
    const HANDLE self = GetCurrentProcess();
    HANDLE held = NULL;

    if (event && !DuplicateHandle(self, event, self, &held, 0, FALSE, DUPLICATE_SAME_ACCESS))
        return GetLastError();

    *held_out = held;
    return ERROR_SUCCESS;
}

void wu_completion_release(HANDLE held)
{
    if (held)
        CloseHandle(held);
}

DWORD wu_completion_reset(HANDLE file, HANDLE held)
{
    if (held)
        return ResetEvent(held) ? ERROR_SUCCESS : GetLastError();

    wu_host_file_begin(file);
    return ERROR_SUCCESS;
}

void wu_completion_set(HANDLE file, HANDLE held, OVERLAPPED *to, LONG status, ULONG bytes)
{
    wu_host_file_end(file, held, to, status, bytes);
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
