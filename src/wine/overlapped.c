#include "wine/overlapped.h"

#include <stdint.h>
#include <windows.h>

#include "host/win32/file.h"
#include "wine/exports.h"

typedef BOOL(WINAPI *get_result)(HANDLE, OVERLAPPED *, DWORD *, BOOL);
typedef BOOL(WINAPI *get_result_ex)(HANDLE, OVERLAPPED *, DWORD *, DWORD, BOOL);

static BOOL WINAPI on_get_result(HANDLE file, OVERLAPPED *overlapped, DWORD *bytes, BOOL wait);
static BOOL WINAPI
on_get_result_ex(HANDLE file, OVERLAPPED *overlapped, DWORD *bytes, DWORD timeout, BOOL alertable);

enum { GET_RESULT, GET_RESULT_EX, FUNCTIONS };

static struct wu_stand_in functions[FUNCTIONS] = {
    [GET_RESULT] = { .name = "GetOverlappedResult",
                     .function = (const void *)(uintptr_t)on_get_result },
    [GET_RESULT_EX] = { .name = "GetOverlappedResultEx",
                        .function = (const void *)(uintptr_t)on_get_result_ex },
};

/* kernel32's lead there. Were they here, too, the original could be one of them, and lead to ours.
 */
static const char *const modules[] = { "kernelbase.dll", NULL };

static struct wu_stand_ins stand_ins = { functions, FUNCTIONS, modules };

static BOOL clear(HANDLE file, BOOL done)
{
    if (done && wu_host_file_is_known(file))
        SetLastError(ERROR_SUCCESS);
    return done;
}

static BOOL missing(void)
{
    SetLastError(ERROR_CALL_NOT_IMPLEMENTED);
    return FALSE;
}

static BOOL WINAPI on_get_result(HANDLE file, OVERLAPPED *overlapped, DWORD *bytes, BOOL wait)
{
    const get_result original = (get_result)functions[GET_RESULT].original;

    return original ? clear(file, original(file, overlapped, bytes, wait)) : missing();
}

static BOOL WINAPI
on_get_result_ex(HANDLE file, OVERLAPPED *overlapped, DWORD *bytes, DWORD timeout, BOOL alertable)
{
    const get_result_ex original = (get_result_ex)functions[GET_RESULT_EX].original;

    return original ? clear(file, original(file, overlapped, bytes, timeout, alertable))
                    : missing();
}

void wu_overlapped_complete(void)
{
    wu_exports_stand_in(&stand_ins);
}
