/* CreateFile and what its handles stand for: USB functions, opened when they are initialized. */
#include "native/file.h"

#include <stdlib.h>

#include "core/interface.h"
#include "core/request.h"
#include "devices/file.h"
#include "host/export.h"

enum { NAME_SIZE = 1024 };

struct file {
    struct wu_file base; /* must be first */
    struct wu_file_target target;
};

/* --- Opening ------------------------------------------------------------------------------- */

static void destroy(struct wu_object *object)
{
    free(object);
}

static DWORD file_new(const struct wu_file_target *target, HANDLE *handle_out)
{
    struct file *file = calloc(1, sizeof(*file));
    DWORD error;

    if (!file)
        return ERROR_NOT_ENOUGH_MEMORY;

    wu_event_init(&file->base.event, destroy, true, false);
    file->target = *target;

    error = wu_handle_new(WU_HANDLE_FILE, &file->base.event.object, handle_out);
    if (error != ERROR_SUCCESS)
        free(file);
    return error;
}

static DWORD open_function(const char *name, DWORD disposition, DWORD flags, HANDLE *handle_out)
{
    struct wu_file_target target = { .overlapped = (flags & FILE_FLAG_OVERLAPPED) != 0 };
    DWORD error;

    if (!name || disposition != OPEN_EXISTING)
        return ERROR_INVALID_PARAMETER;

    error = wu_file_find(name, &target);
    if (error == ERROR_SUCCESS)
        error = file_new(&target, handle_out);
    return error;
}

WU_EXPORT HANDLE WINAPI CreateFileA(LPCSTR name,
                                    DWORD access,
                                    DWORD share,
                                    LPSECURITY_ATTRIBUTES security,
                                    DWORD disposition,
                                    DWORD flags,
                                    HANDLE template_file)
{
    HANDLE handle = INVALID_HANDLE_VALUE;
    const DWORD error = open_function(name, disposition, flags, &handle);

    UNREFERENCED_PARAMETER(access);
    UNREFERENCED_PARAMETER(share);
    UNREFERENCED_PARAMETER(security);
    UNREFERENCED_PARAMETER(template_file);
    if (error != ERROR_SUCCESS)
        SetLastError(error);
    return handle;
}

/* All names there are consist of ASCII; anything else becomes '?', which no name has there. */
static bool narrow(LPCWSTR wide, char *name)
{
    size_t length = 0;

    for (; wide[length] != 0 && length < NAME_SIZE - 1; length++)
        name[length] = wide[length] < 0x80 ? (char)wide[length] : '?';

    name[length] = '\0';
    return wide[length] == 0;
}

WU_EXPORT HANDLE WINAPI CreateFileW(LPCWSTR name,
                                    DWORD access,
                                    DWORD share,
                                    LPSECURITY_ATTRIBUTES security,
                                    DWORD disposition,
                                    DWORD flags,
                                    HANDLE template_file)
{
    char narrowed[NAME_SIZE];
    const bool valid = name && narrow(name, narrowed);

    return CreateFileA(valid ? narrowed : NULL, access, share, security, disposition, flags,
                       template_file);
}

/* --- Cancelling ---------------------------------------------------------------------------- */

static BOOL cancel(HANDLE file, const OVERLAPPED *overlapped, bool thread, DWORD none)
{
    DWORD error = ERROR_INVALID_HANDLE;

    if (wu_handle_is_open(file, WU_HANDLE_FILE))
        error = wu_requests_cancel_file(file, overlapped, thread);
    if (error == ERROR_NOT_FOUND)
        error = none;
    if (error != ERROR_SUCCESS)
        SetLastError(error);
    return error == ERROR_SUCCESS;
}

WU_EXPORT BOOL WINAPI CancelIo(HANDLE file)
{
    return cancel(file, NULL, true, ERROR_SUCCESS);
}

WU_EXPORT BOOL WINAPI CancelIoEx(HANDLE file, LPOVERLAPPED overlapped)
{
    return cancel(file, overlapped, false, ERROR_NOT_FOUND);
}

/* --- Using and closing ---------------------------------------------------------------------- */

DWORD wu_file_resolve(HANDLE handle, struct wu_file_target *target_out)
{
    struct wu_object *object = wu_handle_acquire(handle, WU_HANDLE_FILE);

    if (!object)
        return ERROR_INVALID_HANDLE;

    *target_out = ((struct file *)object)->target;
    wu_object_release(object);
    return ERROR_SUCCESS;
}

/* The handle first, so that WinUsb_Initialize opens no more interfaces of it. Who waits for a
 * request by the file itself can no longer be told by its handle. */
BOOL wu_file_close(HANDLE handle)
{
    struct wu_object *object = wu_handle_close(handle, WU_HANDLE_FILE);

    if (!object) {
        SetLastError(ERROR_INVALID_HANDLE);
        return FALSE;
    }

    wu_interface_file_closed(handle);
    wu_event_set(&((struct file *)object)->base.event, true);
    wu_object_release(object);
    return TRUE;
}
