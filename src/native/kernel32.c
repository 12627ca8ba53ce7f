/* The calls of kernel32 that are not about waiting (wait.c) or opening files (file.c). */
#include <windows.h>

#include "host/export.h"
#include "host/handle.h"
#include "host/host.h"
#include "host/overlapped.h"
#include "native/file.h"

/* --- Last error ---------------------------------------------------------------------------- */

static _Thread_local DWORD last_error;

WU_EXPORT DWORD WINAPI GetLastError(void)
{
    return last_error;
}

WU_EXPORT void WINAPI SetLastError(DWORD error)
{
    last_error = error;
}

static BOOL fail(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

/* --- Handles ------------------------------------------------------------------------------- */

static BOOL close_event(HANDLE event)
{
    struct wu_object *object = wu_handle_close(event, WU_HANDLE_EVENT);

    if (object == NULL)
        return fail(ERROR_INVALID_HANDLE);
    wu_object_release(object);
    return TRUE;
}

WU_EXPORT BOOL WINAPI CloseHandle(HANDLE handle)
{
    if (wu_handle_kind_of(handle) == WU_HANDLE_FILE)
        return wu_file_close(handle);
    return close_event(handle);
}

/* --- Overlapped requests ------------------------------------------------------------------- */

WU_EXPORT BOOL WINAPI GetOverlappedResult(HANDLE file,
                                          LPOVERLAPPED overlapped,
                                          LPDWORD bytes,
                                          BOOL wait)
{
    if (overlapped == NULL || bytes == NULL)
        return fail(ERROR_INVALID_PARAMETER);

    const DWORD error = wu_host_overlapped_result(file, overlapped, bytes, wait != FALSE);
    return error == ERROR_SUCCESS || fail(error);
}

/* --- Time ---------------------------------------------------------------------------------- */

WU_EXPORT BOOL WINAPI QueryPerformanceCounter(LARGE_INTEGER *counter)
{
    if (counter == NULL)
        return fail(ERROR_NOACCESS);
    counter->QuadPart = wu_host_qpc_from_clock(wu_host_clock_now());
    return TRUE;
}

WU_EXPORT BOOL WINAPI QueryPerformanceFrequency(LARGE_INTEGER *frequency)
{
    if (frequency == NULL)
        return fail(ERROR_NOACCESS);
    frequency->QuadPart = wu_host_qpc_frequency();
    return TRUE;
}

WU_EXPORT void WINAPI Sleep(DWORD milliseconds)
{
    const int64_t forever = INT64_MAX;

    wu_host_sleep_until(
        milliseconds == INFINITE ? forever : wu_host_clock_now() + (int64_t)milliseconds * 1000000);
}
