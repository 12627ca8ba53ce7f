/*
 * Which device is this HANDLE? Here it is Wine's, of a token (token.h) or of a device node, and
 * what the program does with it beside winusb.dll goes to Wine: we watch the system calls for what
 * concerns our requests.
 */
#include "wine/file.h"

#include <winternl.h>

#include "core/interface.h"
#include "core/request.h"
#include "devices/devices.h"
#include "devices/file.h"
#include "devices/hub_request.h"
#include "host/host.h"
#include "host/ntstatus.h"
#include "host/win32/file.h"
#include "unix/gate.h"
#include "wine/descriptor.h"
#include "wine/divert.h"
#include "wine/syscall.h"

/* Of Wine's ntdll: wine_server_handle_to_fd gives a duplicate of the descriptor behind a handle. */
typedef NTSTATUS(CDECL *get_descriptor)(HANDLE handle,
                                        unsigned access,
                                        int *fd_out,
                                        unsigned *options_out);

static get_descriptor descriptor_of; /* set once; NULL: this is no Wine */

struct known {
    struct wu_file_target target;
    bool resolved; /* whether the target is known: it is looked up when it is first needed */
};

/* --- Identifying ----------------------------------------------------------------------------- */

/* Gives the path, as for wu_function_find(), of what a handle was opened for. */
static bool identify(HANDLE file, char path[WU_PATH_SIZE], bool *overlapped_out)
{
    unsigned options = 0;
    int fd;

    if (!descriptor_of || descriptor_of(file, 0, &fd, &options) != WU_STATUS_SUCCESS ||
        !wu_descriptor_identify(fd, path, WU_PATH_SIZE))
        return false;

    *overlapped_out = (options & (FILE_SYNCHRONOUS_IO_ALERT | FILE_SYNCHRONOUS_IO_NONALERT)) == 0;
    return true;
}

/* The device was there when it was opened, or is not where it should be; so it is gone. A composite
 * device has another driver than WinUSB, which Windows says so. */
static DWORD find(const char *path, struct wu_file_target *target)
{
    const DWORD error = wu_file_find(path, target);

    switch (error) {
    case ERROR_FILE_NOT_FOUND:
    case ERROR_INVALID_PARAMETER:
        return ERROR_DEVICE_NOT_CONNECTED;
    case ERROR_NOT_SUPPORTED:
        wu_log(WU_LOG_ERROR, "%s is a composite device as a whole: its functions are opened", path);
        return ERROR_NOT_ENOUGH_MEMORY;
    default:
        return error;
    }
}

DWORD wu_file_resolve(HANDLE file, struct wu_file_target *target_out)
{
    char path[WU_PATH_SIZE];
    struct known known = { 0 };
    DWORD error;

    if (wu_host_file_recall(file, &known, sizeof(known)) && known.resolved) {
        *target_out = known.target;
        return ERROR_SUCCESS;
    }

    error = wu_unix_open();
    if (error != ERROR_SUCCESS)
        return error;
    if (!identify(file, path, &known.target.overlapped))
        return ERROR_INVALID_HANDLE;

    error = find(path, &known.target);
    if (error != ERROR_SUCCESS)
        return error;

    known.resolved = true;
    error = wu_host_file_add(file, &known, sizeof(known));
    if (error != ERROR_SUCCESS)
        return error;

    wu_host_file_update(file, &known, sizeof(known));
    *target_out = known.target;
    return ERROR_SUCCESS;
}

/* --- System calls ---------------------------------------------------------------------------- */

enum call {
    CLOSE,
    SET_INFORMATION,
    CANCEL,
    CANCEL_EX,
    CONTROL,
    WAIT_SINGLE,
    WAIT_MULTIPLE,
    CALLS,
};

static NTSTATUS WINAPI on_close(HANDLE handle);
static NTSTATUS WINAPI on_set_information(HANDLE handle,
                                          IO_STATUS_BLOCK *io,
                                          void *information,
                                          ULONG length,
                                          FILE_INFORMATION_CLASS class);
static NTSTATUS WINAPI on_cancel(HANDLE handle, IO_STATUS_BLOCK *io);
static NTSTATUS WINAPI on_cancel_ex(HANDLE handle, IO_STATUS_BLOCK *which, IO_STATUS_BLOCK *io);
static NTSTATUS WINAPI on_control(HANDLE handle,
                                  HANDLE event,
                                  PIO_APC_ROUTINE routine,
                                  void *context,
                                  IO_STATUS_BLOCK *io,
                                  ULONG code,
                                  void *in,
                                  ULONG in_size,
                                  void *out,
                                  ULONG out_size);
static NTSTATUS WINAPI on_wait_single(HANDLE handle,
                                      BOOLEAN alertable,
                                      const LARGE_INTEGER *timeout);
static NTSTATUS WINAPI on_wait_multiple(ULONG count,
                                        const HANDLE *handles,
                                        ULONG any,
                                        BOOLEAN alertable,
                                        const LARGE_INTEGER *timeout);

static struct wu_syscall calls[CALLS] = {
    [CLOSE] = { "NtClose", on_close, NULL },
    [SET_INFORMATION] = { "NtSetInformationFile", on_set_information, NULL },
    [CANCEL] = { "NtCancelIoFile", on_cancel, NULL },
    [CANCEL_EX] = { "NtCancelIoFileEx", on_cancel_ex, NULL },
    [CONTROL] = { "NtDeviceIoControlFile", on_control, NULL },
    [WAIT_SINGLE] = { "NtWaitForSingleObject", on_wait_single, NULL },
    [WAIT_MULTIPLE] = { "NtWaitForMultipleObjects", on_wait_multiple, NULL },
};

static NTSTATUS WINAPI on_close(HANDLE handle)
{
    NTSTATUS(WINAPI *const original)(HANDLE) = calls[CLOSE].original;

    if (!wu_host_is_ending() && wu_host_file_closing(handle)) {
        wu_interface_file_closed(handle);
        wu_host_file_forget(handle);
    }
    return original(handle);
}

/* FILE_COMPLETION_INFORMATION, which not all headers have. */
struct binding {
    HANDLE port;
    ULONG_PTR key;
};

/* Any file may be bound to a port before it is given to WinUsb_Initialize. */
static void note_port(HANDLE handle, const struct binding *binding)
{
    char path[WU_PATH_SIZE];
    struct known known = { 0 };

    if (identify(handle, path, &known.target.overlapped) &&
        wu_host_file_add(handle, &known, sizeof(known)) == ERROR_SUCCESS)
        wu_host_file_bind(handle, binding->port, binding->key);
}

static NTSTATUS WINAPI on_set_information(HANDLE handle,
                                          IO_STATUS_BLOCK *io,
                                          void *information,
                                          ULONG length,
                                          FILE_INFORMATION_CLASS class)
{
    NTSTATUS(WINAPI *const original)
    (HANDLE, IO_STATUS_BLOCK *, void *, ULONG, FILE_INFORMATION_CLASS) =
        calls[SET_INFORMATION].original;
    const NTSTATUS status = original(handle, io, information, length, class);

    if (status == WU_STATUS_SUCCESS && class == FileCompletionInformation)
        note_port(handle, information);
    return status;
}

static NTSTATUS answer(IO_STATUS_BLOCK *io, NTSTATUS status)
{
    io->Status = status;
    io->Information = 0;
    return status;
}

static NTSTATUS WINAPI on_cancel(HANDLE handle, IO_STATUS_BLOCK *io)
{
    NTSTATUS(WINAPI *const original)(HANDLE, IO_STATUS_BLOCK *) = calls[CANCEL].original;

    if (!wu_host_file_is_known(handle))
        return original(handle, io);

    wu_requests_cancel_file(handle, NULL, true);
    return answer(io, WU_STATUS_SUCCESS);
}

static NTSTATUS WINAPI on_cancel_ex(HANDLE handle, IO_STATUS_BLOCK *which, IO_STATUS_BLOCK *io)
{
    NTSTATUS(WINAPI *const original)
    (HANDLE, IO_STATUS_BLOCK *, IO_STATUS_BLOCK *) = calls[CANCEL_EX].original;

    if (!wu_host_file_is_known(handle))
        return original(handle, which, io);

    return answer(io, wu_requests_cancel_file(handle, (OVERLAPPED *)which, false) == ERROR_SUCCESS
                          ? WU_STATUS_SUCCESS
                          : WU_STATUS_NOT_FOUND);
}

/* --- Requests of hubs ------------------------------------------------------------------------ */

typedef NTSTATUS(WINAPI *control)(HANDLE handle,
                                  HANDLE event,
                                  PIO_APC_ROUTINE routine,
                                  void *context,
                                  IO_STATUS_BLOCK *io,
                                  ULONG code,
                                  void *in,
                                  ULONG in_size,
                                  void *out,
                                  ULONG out_size);

/* Those of FILE_DEVICE_USB: the files of ours that they are sent to are hubs. */
static bool is_of_hubs(ULONG code)
{
    enum { FILE_DEVICE_USB = 0x22 };

    return code >> 16 == FILE_DEVICE_USB;
}

/* A request that succeeds ends as one that was waited for does: Windows tells the event and the
 * port of it as well. */
static NTSTATUS
end(HANDLE handle, HANDLE event, void *context, IO_STATUS_BLOCK *io, NTSTATUS status, size_t size)
{
    if (status != WU_STATUS_SUCCESS)
        return status;

    io->Information = size;
    io->Status = status;
    wu_host_file_end(handle, event, context, status, (ULONG)size);
    return status;
}

static NTSTATUS WINAPI on_control(HANDLE handle,
                                  HANDLE event,
                                  PIO_APC_ROUTINE routine,
                                  void *context,
                                  IO_STATUS_BLOCK *io,
                                  ULONG code,
                                  void *in,
                                  ULONG in_size,
                                  void *out,
                                  ULONG out_size)
{
    const control original = (control)calls[CONTROL].original;
    char path[WU_PATH_SIZE];
    bool overlapped;
    size_t size = 0;
    DWORD error;

    if (!is_of_hubs(code) || routine || !io || !identify(handle, path, &overlapped))
        return original(handle, event, routine, context, io, code, in, in_size, out, out_size);

    error = wu_hub_request(path, code, in, in_size, out, out_size, &size);
    return end(handle, event, context, io, wu_status_of_error(error), size);
}

/* --- Waiting --------------------------------------------------------------------------------- */

static HANDLE waitable(HANDLE handle)
{
    const HANDLE event = wu_host_file_event(handle);

    return event ? event : handle;
}

static NTSTATUS WINAPI on_wait_single(HANDLE handle,
                                      BOOLEAN alertable,
                                      const LARGE_INTEGER *timeout)
{
    NTSTATUS(WINAPI *const original)
    (HANDLE, BOOLEAN, const LARGE_INTEGER *) = calls[WAIT_SINGLE].original;

    return original(waitable(handle), alertable, timeout);
}

static NTSTATUS WINAPI on_wait_multiple(ULONG count,
                                        const HANDLE *handles,
                                        ULONG any,
                                        BOOLEAN alertable,
                                        const LARGE_INTEGER *timeout)
{
    NTSTATUS(WINAPI *const original)
    (ULONG, const HANDLE *, ULONG, BOOLEAN, const LARGE_INTEGER *) = calls[WAIT_MULTIPLE].original;
    HANDLE own[MAXIMUM_WAIT_OBJECTS];

    for (ULONG i = 0; i < count && count <= MAXIMUM_WAIT_OBJECTS; i++)
        own[i] = waitable(handles[i]);
    return original(count, count <= MAXIMUM_WAIT_OBJECTS ? own : handles, any, alertable, timeout);
}

void wu_file_watch(void)
{
    descriptor_of = (get_descriptor)wu_divert_find("ntdll.dll", "wine_server_handle_to_fd");
    if (!descriptor_of)
        wu_log(WU_LOG_ERROR, "this is not Wine, or one whose handles cannot be told: no device "
                             "can be opened");
    if (!wu_syscalls_replace(calls, CALLS))
        wu_log(WU_LOG_WARN, "this Wine's ntdll is not known: CancelIo, CancelIoEx and CloseHandle "
                            "do not end requests, and completion ports do not get them");
}
