/*
 * wine/syscall.c: standing in for system calls of this very process. What is replaced stays so, so
 * what is refused comes first.
 */
#include "cmocka_all.h"

#include <string.h>
#include <windows.h>
#include <winternl.h>

#include "stack_place.h"
#include "wine/divert.h"
#include "wine/syscall.h"

enum call { CLOSE, SET_INFORMATION, CANCEL, CANCEL_EX, WAIT_SINGLE, WAIT_MULTIPLE, CALLS };

static NTSTATUS WINAPI on_close(HANDLE handle);
static NTSTATUS WINAPI on_set_information(HANDLE, IO_STATUS_BLOCK *, void *, ULONG, int);
static NTSTATUS WINAPI on_cancel(HANDLE, IO_STATUS_BLOCK *);
static NTSTATUS WINAPI on_cancel_ex(HANDLE, IO_STATUS_BLOCK *, IO_STATUS_BLOCK *);
static NTSTATUS WINAPI on_wait_single(HANDLE, BOOLEAN, const LARGE_INTEGER *);
static NTSTATUS WINAPI
on_wait_multiple(ULONG, const HANDLE *, ULONG, BOOLEAN, const LARGE_INTEGER *);

static struct wu_syscall calls[CALLS] = {
    [CLOSE] = { "NtClose", on_close, NULL },
    [SET_INFORMATION] = { "NtSetInformationFile", on_set_information, NULL },
    [CANCEL] = { "NtCancelIoFile", on_cancel, NULL },
    [CANCEL_EX] = { "NtCancelIoFileEx", on_cancel_ex, NULL },
    [WAIT_SINGLE] = { "NtWaitForSingleObject", on_wait_single, NULL },
    [WAIT_MULTIPLE] = { "NtWaitForMultipleObjects", on_wait_multiple, NULL },
};

static unsigned count[CALLS];

static NTSTATUS WINAPI on_close(HANDLE handle)
{
    NTSTATUS(WINAPI *const original)(HANDLE) = calls[CLOSE].original;

    count[CLOSE]++;
    return original(handle);
}

static NTSTATUS WINAPI
on_set_information(HANDLE handle, IO_STATUS_BLOCK *io, void *information, ULONG length, int kind)
{
    NTSTATUS(WINAPI *const original)
    (HANDLE, IO_STATUS_BLOCK *, void *, ULONG, int) = calls[SET_INFORMATION].original;

    count[SET_INFORMATION]++;
    return original(handle, io, information, length, kind);
}

static NTSTATUS WINAPI on_cancel(HANDLE handle, IO_STATUS_BLOCK *io)
{
    NTSTATUS(WINAPI *const original)(HANDLE, IO_STATUS_BLOCK *) = calls[CANCEL].original;

    count[CANCEL]++;
    return original(handle, io);
}

static NTSTATUS WINAPI on_cancel_ex(HANDLE handle, IO_STATUS_BLOCK *which, IO_STATUS_BLOCK *io)
{
    NTSTATUS(WINAPI *const original)
    (HANDLE, IO_STATUS_BLOCK *, IO_STATUS_BLOCK *) = calls[CANCEL_EX].original;

    count[CANCEL_EX]++;
    return original(handle, which, io);
}

static NTSTATUS WINAPI on_wait_single(HANDLE handle,
                                      BOOLEAN alertable,
                                      const LARGE_INTEGER *timeout)
{
    NTSTATUS(WINAPI *const original)
    (HANDLE, BOOLEAN, const LARGE_INTEGER *) = calls[WAIT_SINGLE].original;

    count[WAIT_SINGLE]++;
    return original(handle, alertable, timeout);
}

static NTSTATUS WINAPI on_wait_multiple(ULONG handles_count,
                                        const HANDLE *handles,
                                        ULONG any,
                                        BOOLEAN alertable,
                                        const LARGE_INTEGER *timeout)
{
    NTSTATUS(WINAPI *const original)
    (ULONG, const HANDLE *, ULONG, BOOLEAN, const LARGE_INTEGER *) = calls[WAIT_MULTIPLE].original;

    count[WAIT_MULTIPLE]++;
    return original(handles_count, handles, any, alertable, timeout);
}

/* --- What is refused ------------------------------------------------------------------------- */

static unsigned char *code_of(const char *name)
{
    unsigned char *code = wu_divert_find("ntdll.dll", name);

    assert_non_null(code);
    return code;
}

/* Of calls that nobody makes here. */
#define SPARE "NtSystemDebugControl"

static void stub_has_the_shape_that_is_known(void **state)
{
    (void)state;
    for (int i = 0; i < CALLS; i++)
        assert_true(wu_machine_syscall_size(code_of(calls[i].name)) != 0);
    assert_true(wu_machine_syscall_size(code_of(SPARE)) != 0);
    assert_int_equal(wu_machine_syscall_size(code_of("RtlInitUnicodeString")), 0);
}

static void assert_refused(const char *name)
{
    struct wu_syscall both[] = { calls[CLOSE], { name, on_close, NULL } };
    unsigned char *code = code_of("NtClose");
    unsigned char before[WU_SYSCALL_ROOM];

    memcpy(before, code, sizeof(before));
    assert_false(wu_syscalls_replace(both, 2));

    assert_memory_equal(code, before, sizeof(before));
    assert_null(both[0].original);
}

static void with_a_call_that_is_not_there_none_is_replaced(void **state)
{
    (void)state;
    assert_refused("NtWuNobodys");
}

static void with_code_that_is_no_stub_none_is_replaced(void **state)
{
    (void)state;
    assert_refused("RtlInitUnicodeString");
}

/* Whoever has written to a stub may have done so at any place but its number's. */
static void with_a_stub_that_was_altered_none_is_replaced(void **state)
{
    unsigned char *code = code_of(SPARE);
    const size_t size = wu_machine_syscall_size(code);
    unsigned char before[WU_SYSCALL_ROOM];
    size_t refused = 0;
    DWORD protection;

    (void)state;
    memcpy(before, code, size);
    assert_true(VirtualProtect(code, size, PAGE_EXECUTE_READWRITE, &protection));
    for (size_t i = 0; i < size; i++) {
        code[i] ^= 0xFF;
        if (wu_machine_syscall_size(code) == 0) {
            assert_refused(SPARE);
            refused++;
        }
        code[i] = before[i];
    }
    VirtualProtect(code, size, protection, &protection);

    /* all but the number; on x86 also but where the system is entered, and what the call takes */
    assert_int_equal(refused, sizeof(void *) == 8 ? size - 4 : size - 4 - 4 - 1);
    assert_true(wu_machine_syscall_size(code) != 0);
}

/* --- What is replaced ------------------------------------------------------------------------ */

static void calls_are_replaced(void **state)
{
    (void)state;
    assert_true(wu_syscalls_replace(calls, CALLS));

    for (int i = 0; i < CALLS; i++)
        assert_true(wu_divert_leads_to(code_of(calls[i].name), calls[i].replacement));
}

static unsigned change(enum call call)
{
    static unsigned before[CALLS];
    const unsigned changed = count[call] - before[call];

    before[call] = count[call];
    return changed;
}

static void handle_is_closed_by_way_of_the_stand_in(void **state)
{
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL);
    DWORD flags;

    (void)state;
    assert_true(GetHandleInformation(event, &flags));
    change(CLOSE);

    assert_true(CloseHandle(event));

    assert_int_equal(change(CLOSE), 1);
    assert_false(GetHandleInformation(event, &flags));
    assert_false(CloseHandle(event)); /* what the original says is passed on */
    assert_int_equal(GetLastError(), ERROR_INVALID_HANDLE);
    assert_int_equal(change(CLOSE), 1);
}

static void waits_go_by_way_of_the_stand_ins(void **state)
{
    HANDLE events[] = { CreateEventA(NULL, TRUE, FALSE, NULL),
                        CreateEventA(NULL, TRUE, TRUE, NULL) };

    (void)state;
    change(WAIT_SINGLE);
    change(WAIT_MULTIPLE);

    assert_int_equal(WaitForSingleObject(events[0], 1), WAIT_TIMEOUT);
    assert_int_equal(WaitForSingleObject(events[1], INFINITE), WAIT_OBJECT_0);
    assert_int_equal(WaitForMultipleObjects(2, events, FALSE, INFINITE), WAIT_OBJECT_0 + 1);
    assert_int_equal(WaitForMultipleObjects(2, events, TRUE, 1), WAIT_TIMEOUT);

    /* a wait for one may be made as a wait for several */
    assert_int_equal(change(WAIT_SINGLE) + change(WAIT_MULTIPLE), 4);
    CloseHandle(events[0]);
    CloseHandle(events[1]);
}

static HANDLE open_file(char path[MAX_PATH])
{
    char folder[MAX_PATH];
    HANDLE file;

    assert_true(GetTempPathA(sizeof(folder), folder) != 0);
    assert_true(GetTempFileNameA(folder, "wu", 0, path) != 0);
    file = CreateFileA(path, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING,
                       FILE_FLAG_OVERLAPPED | FILE_FLAG_DELETE_ON_CLOSE, NULL);
    assert_true(file != INVALID_HANDLE_VALUE);
    return file;
}

static void file_is_bound_and_cancelled_by_way_of_the_stand_ins(void **state)
{
    enum { KEY = 5 };
    char path[MAX_PATH];
    HANDLE file = open_file(path), port;

    (void)state;
    change(SET_INFORMATION);
    port = CreateIoCompletionPort(file, NULL, KEY, 0);
    assert_non_null(port);
    assert_int_equal(change(SET_INFORMATION), 1);

    CancelIo(file);
    assert_int_equal(change(CANCEL), 1);
    CancelIoEx(file, NULL); /* Wines differ in what they say when there is nothing */
    assert_int_equal(change(CANCEL_EX), 1);
    CloseHandle(file);
    CloseHandle(port);
}

/* All have the parameters that the stub takes from the stack. */
static void stack_is_where_it_was_after_calls(void **state)
{
    char path[MAX_PATH];
    HANDLE file = open_file(path), event = CreateEventA(NULL, TRUE, TRUE, NULL);
    const HANDLE both[] = { event, event };
    IO_STATUS_BLOCK io;
    FILETIME time;
    NTSTATUS(WINAPI *const set)
    (HANDLE, IO_STATUS_BLOCK *, void *, ULONG, int) = (NTSTATUS(WINAPI *)(
        HANDLE, IO_STATUS_BLOCK *, void *, ULONG, int))(uintptr_t)code_of("NtSetInformationFile");

    (void)state;
    const uintptr_t place = stack_place();
    for (DWORD i = 0; i < 100; i++) {
        CloseHandle(NULL);
        WaitForSingleObject(event, 0);
        WaitForMultipleObjects(1 + i % 2, both, FALSE, 0);
        CancelIo(INVALID_HANDLE_VALUE);
        CancelIoEx(INVALID_HANDLE_VALUE, NULL);
        set(NULL, &io, &time, sizeof(time), 0);
    }
    assert_int_equal(stack_place(), place);
    CloseHandle(file);
    CloseHandle(event);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stub_has_the_shape_that_is_known),
        cmocka_unit_test(with_a_call_that_is_not_there_none_is_replaced),
        cmocka_unit_test(with_code_that_is_no_stub_none_is_replaced),
        cmocka_unit_test(with_a_stub_that_was_altered_none_is_replaced),
        cmocka_unit_test(calls_are_replaced),
        cmocka_unit_test(handle_is_closed_by_way_of_the_stand_in),
        cmocka_unit_test(waits_go_by_way_of_the_stand_ins),
        cmocka_unit_test(file_is_bound_and_cancelled_by_way_of_the_stand_ins),
        cmocka_unit_test(stack_is_where_it_was_after_calls),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
