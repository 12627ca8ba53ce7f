#include "program_file.h"

#include "core/interface.h"
#include "core/request.h"
#include "devices/file.h"
#include "host/win32/file.h"

static BOOL succeed_or(DWORD error)
{
    if (error != ERROR_SUCCESS)
        SetLastError(error);
    return error == ERROR_SUCCESS;
}

/* The handle is one of Windows', so that its number is nobody else's. */
static DWORD new_file(const struct wu_file_target *target, HANDLE *file_out)
{
    const HANDLE file = CreateEventA(NULL, TRUE, FALSE, NULL);
    DWORD error;

    if (!file)
        return GetLastError();

    error = wu_host_file_add(file, target, sizeof(*target));
    if (error == ERROR_SUCCESS)
        *file_out = file;
    else
        (CloseHandle)(file);
    return error;
}

HANDLE program_file_open(const char *name, DWORD disposition, DWORD flags)
{
    struct wu_file_target target = { .overlapped = (flags & FILE_FLAG_OVERLAPPED) != 0 };
    HANDLE file = INVALID_HANDLE_VALUE;
    DWORD error =
        disposition == OPEN_EXISTING ? wu_file_find(name, &target) : ERROR_INVALID_PARAMETER;

    if (error == ERROR_SUCCESS)
        error = new_file(&target, &file);
    succeed_or(error);
    return file;
}

DWORD wu_file_resolve(HANDLE file, struct wu_file_target *target_out)
{
    return wu_host_file_recall(file, target_out, sizeof(*target_out)) ? ERROR_SUCCESS
                                                                      : ERROR_INVALID_HANDLE;
}

BOOL program_file_close(HANDLE handle)
{
    if (wu_host_file_closing(handle)) {
        wu_interface_file_closed(handle);
        wu_host_file_forget(handle);
    }
    return (CloseHandle)(handle);
}

static DWORD cancel(HANDLE file, const OVERLAPPED *overlapped, bool thread)
{
    return wu_host_file_is_known(file) ? wu_requests_cancel_file(file, overlapped, thread)
                                       : ERROR_INVALID_HANDLE;
}

BOOL program_file_cancel(HANDLE file)
{
    const DWORD error = cancel(file, NULL, true);

    return succeed_or(error == ERROR_NOT_FOUND ? ERROR_SUCCESS : error);
}

BOOL program_file_cancel_ex(HANDLE file, OVERLAPPED *overlapped)
{
    return succeed_or(cancel(file, overlapped, false));
}

DWORD program_file_wait(HANDLE handle, DWORD milliseconds)
{
    const HANDLE event = wu_host_file_event(handle);

    return (WaitForSingleObject)(event ? event : handle, milliseconds);
}
