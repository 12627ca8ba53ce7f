/* The Win32 calls of the native build: events, waiting, overlapped results, errors. */
#include "cmocka_all.h"

#include <limits.h>
#include <sched.h>
#include <string.h>
#include <strsafe.h>
#include <windows.h>

#include "host/host.h"
#include "host/ntstatus.h"
#include "host/overlapped.h"
#include "host/posix/event.h"
#include "native/file.h"

/* A file without a device behind it; CloseHandle() comes here instead of to native/file.c. */
static void destroy_nothing(struct wu_object *object)
{
    (void)object;
}

static HANDLE open_file(struct wu_file *file)
{
    HANDLE handle;

    wu_event_init(&file->event, destroy_nothing, true, false);
    assert_int_equal(wu_handle_new(WU_HANDLE_FILE, &file->event.object, &handle), ERROR_SUCCESS);
    return handle;
}

BOOL wu_file_close(HANDLE file)
{
    wu_object_release(wu_handle_close(file, WU_HANDLE_FILE));
    return TRUE;
}

/* A call fails, and this is why. */
static void assert_failed(BOOL result, DWORD error)
{
    assert_false(result);
    assert_int_equal(GetLastError(), error);
    SetLastError(0);
}

static void close_all(const HANDLE *handles, int count)
{
    for (int i = 0; i < count; i++)
        assert_true(CloseHandle(handles[i]));
}

/* --- Last error ---------------------------------------------------------------------------- */

static void read_last_error(void *error_out)
{
    *(DWORD *)error_out = GetLastError();
    SetLastError(3);
}

static void last_error_belongs_to_the_thread(void **state)
{
    struct wu_host_thread thread;
    DWORD seen = 77;

    (void)state;
    SetLastError(42);
    assert_true(wu_host_thread_start(&thread, read_last_error, &seen));
    wu_host_thread_join(&thread);

    assert_int_equal(seen, 0);
    assert_int_equal(GetLastError(), 42);
}

/* --- Events -------------------------------------------------------------------------------- */

static void auto_reset_event_ends_one_wait(void **state)
{
    HANDLE event = CreateEventA(NULL, FALSE, FALSE, NULL);

    (void)state;

    assert_int_equal(WaitForSingleObject(event, 0), WAIT_TIMEOUT);
    assert_true(SetEvent(event));
    assert_true(SetEvent(event));
    assert_int_equal(WaitForSingleObject(event, 0), WAIT_OBJECT_0);
    assert_int_equal(WaitForSingleObject(event, 0), WAIT_TIMEOUT);
    close_all(&event, 1);
}

static void manual_reset_event_ends_waits_until_it_is_reset(void **state)
{
    HANDLE event = CreateEventW(NULL, TRUE, TRUE, NULL);

    (void)state;

    assert_int_equal(WaitForSingleObject(event, INFINITE), WAIT_OBJECT_0);
    assert_int_equal(WaitForSingleObject(event, INFINITE), WAIT_OBJECT_0);
    assert_true(ResetEvent(event));
    assert_int_equal(WaitForSingleObject(event, 1), WAIT_TIMEOUT);
    close_all(&event, 1);
}

static void named_events_are_not_supported(void **state)
{
    (void)state;
    assert_null(CreateEventA(NULL, TRUE, FALSE, "name"));
    assert_failed(FALSE, ERROR_NOT_SUPPORTED);
    assert_null(CreateEventW(NULL, TRUE, FALSE, u"name"));
    assert_failed(FALSE, ERROR_NOT_SUPPORTED);
}

static void closed_and_made_up_handles_are_refused(void **state)
{
    HANDLE closed = CreateEventA(NULL, TRUE, FALSE, NULL);

    (void)state;
    close_all(&closed, 1);
    HANDLE const handles[] = { closed, NULL, INVALID_HANDLE_VALUE, &closed };

    for (int i = 0; i < 4; i++) {
        assert_failed(CloseHandle(handles[i]), ERROR_INVALID_HANDLE);
        assert_failed(SetEvent(handles[i]), ERROR_INVALID_HANDLE);
        assert_failed(ResetEvent(handles[i]), ERROR_INVALID_HANDLE);
        assert_int_equal(WaitForSingleObject(handles[i], 0), WAIT_FAILED);
        assert_failed(FALSE, ERROR_INVALID_HANDLE);
    }
}

static void file_is_no_event_to_be_set(void **state)
{
    struct wu_file file;
    HANDLE handle = open_file(&file);

    (void)state;
    assert_failed(SetEvent(handle), ERROR_INVALID_HANDLE);
    assert_int_equal(WaitForSingleObject(handle, 0), WAIT_TIMEOUT);
    close_all(&handle, 1);
}

/* --- Several at once ----------------------------------------------------------------------- */

static void wait_for_any_takes_the_first_that_is_set_and_no_other(void **state)
{
    HANDLE events[3];

    (void)state;
    for (int i = 0; i < 3; i++)
        events[i] = CreateEventA(NULL, FALSE, i > 0, NULL);

    assert_int_equal(WaitForMultipleObjects(3, events, FALSE, INFINITE), WAIT_OBJECT_0 + 1);
    assert_int_equal(WaitForMultipleObjects(3, events, FALSE, INFINITE), WAIT_OBJECT_0 + 2);
    assert_int_equal(WaitForMultipleObjects(3, events, FALSE, 0), WAIT_TIMEOUT);
    close_all(events, 3);
}

static void wait_for_all_takes_none_until_all_are_set(void **state)
{
    HANDLE events[2];

    (void)state;
    events[0] = CreateEventA(NULL, FALSE, TRUE, NULL);
    events[1] = CreateEventA(NULL, FALSE, FALSE, NULL);

    assert_int_equal(WaitForMultipleObjects(2, events, TRUE, 0), WAIT_TIMEOUT);
    assert_true(SetEvent(events[1]));
    assert_int_equal(WaitForMultipleObjects(2, events, TRUE, INFINITE), WAIT_OBJECT_0);
    assert_int_equal(WaitForMultipleObjects(2, events, FALSE, 0), WAIT_TIMEOUT);
    close_all(events, 2);
}

static void impossible_waits_are_refused(void **state)
{
    HANDLE event = CreateEventA(NULL, TRUE, TRUE, NULL);
    HANDLE many[MAXIMUM_WAIT_OBJECTS + 1];

    (void)state;
    for (int i = 0; i <= MAXIMUM_WAIT_OBJECTS; i++)
        many[i] = event;

    assert_int_equal(WaitForMultipleObjects(MAXIMUM_WAIT_OBJECTS, many, FALSE, 0), WAIT_OBJECT_0);
    assert_int_equal(WaitForMultipleObjects(MAXIMUM_WAIT_OBJECTS + 1, many, FALSE, 0), WAIT_FAILED);
    assert_failed(FALSE, ERROR_INVALID_PARAMETER);
    assert_int_equal(WaitForMultipleObjects(0, many, FALSE, 0), WAIT_FAILED);
    assert_failed(FALSE, ERROR_INVALID_PARAMETER);
    assert_int_equal(WaitForMultipleObjects(1, NULL, FALSE, 0), WAIT_FAILED);
    assert_failed(FALSE, ERROR_INVALID_PARAMETER);
    assert_int_equal(WaitForMultipleObjects(2, many, TRUE, 0), WAIT_FAILED);
    assert_failed(FALSE, ERROR_INVALID_PARAMETER);
    many[1] = NULL;
    assert_int_equal(WaitForMultipleObjects(2, many, FALSE, 0), WAIT_FAILED);
    assert_failed(FALSE, ERROR_INVALID_HANDLE);
    close_all(&event, 1);
}

/* Answers each ping with a pong, until the last event is set. */
static void answer_pings(void *opaque)
{
    const HANDLE *events = opaque;

    while (WaitForMultipleObjects(2, (const HANDLE[]){ events[0], events[2] }, FALSE, INFINITE) ==
           WAIT_OBJECT_0)
        SetEvent(events[1]);
}

static void waiting_threads_are_woken_and_no_signal_is_lost(void **state)
{
    struct wu_host_thread thread;
    HANDLE events[3];

    (void)state;
    for (int i = 0; i < 3; i++)
        events[i] = CreateEventA(NULL, i == 2, FALSE, NULL);
    assert_true(wu_host_thread_start(&thread, answer_pings, events));

    for (int i = 0; i < 1000; i++) {
        assert_true(SetEvent(events[0]));
        assert_int_equal(WaitForSingleObject(events[1], INFINITE), WAIT_OBJECT_0);
    }
    assert_true(SetEvent(events[2]));

    wu_host_thread_join(&thread);
    close_all(events, 3);
}

/* --- Overlapped requests ------------------------------------------------------------------- */

/* What the last request has begun with. */
static struct wu_host_notice notice;

static void begin(HANDLE file, OVERLAPPED *overlapped)
{
    assert_int_equal(wu_host_overlapped_start(file, overlapped, &notice), ERROR_SUCCESS);
}

static void pending_request_is_incomplete_and_then_done(void **state)
{
    struct wu_file file;
    HANDLE handle = open_file(&file);
    OVERLAPPED overlapped = { .hEvent = CreateEventA(NULL, TRUE, TRUE, NULL) };
    DWORD bytes = 77;

    (void)state;
    begin(handle, &overlapped);

    assert_false(HasOverlappedIoCompleted(&overlapped));
    assert_int_equal(WaitForSingleObject(overlapped.hEvent, 0), WAIT_TIMEOUT);
    assert_failed(GetOverlappedResult(handle, &overlapped, &bytes, FALSE), ERROR_IO_INCOMPLETE);
    assert_int_equal(bytes, 77);

    wu_host_overlapped_finish(handle, &overlapped, notice, WU_STATUS_SUCCESS, 12);

    assert_true(HasOverlappedIoCompleted(&overlapped));
    assert_int_equal(WaitForSingleObject(overlapped.hEvent, 0), WAIT_OBJECT_0);
    assert_true(GetOverlappedResult(handle, &overlapped, &bytes, TRUE));
    assert_int_equal(bytes, 12);
    close_all((const HANDLE[]){ overlapped.hEvent, handle }, 2);
}

static void failed_request_gives_its_error_and_its_bytes(void **state)
{
    struct wu_file file;
    HANDLE handle = open_file(&file);
    OVERLAPPED overlapped = { .hEvent = NULL };
    DWORD bytes = 0;

    (void)state;
    begin(handle, &overlapped);
    wu_host_overlapped_finish(handle, &overlapped, notice, WU_STATUS_CANCELLED, 5);

    assert_failed(GetOverlappedResult(handle, &overlapped, &bytes, TRUE), ERROR_OPERATION_ABORTED);
    assert_int_equal(bytes, 5);
    close_all(&handle, 1);
}

static void done_request_needs_no_event(void **state)
{
    struct wu_file file;
    HANDLE handle = open_file(&file);
    OVERLAPPED overlapped = { .hEvent = CreateEventA(NULL, FALSE, FALSE, NULL) };
    DWORD bytes = 0;

    (void)state;
    begin(handle, &overlapped);
    wu_host_overlapped_finish(handle, &overlapped, notice, WU_STATUS_SUCCESS, 1);
    assert_int_equal(WaitForSingleObject(overlapped.hEvent, INFINITE), WAIT_OBJECT_0);

    assert_true(GetOverlappedResult(handle, &overlapped, &bytes, TRUE));
    assert_int_equal(bytes, 1);
    close_all((const HANDLE[]){ overlapped.hEvent, handle }, 2);
}

static void low_bit_of_an_event_is_no_part_of_its_handle(void **state)
{
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL);
    OVERLAPPED overlapped = { .hEvent = (HANDLE)((ULONG_PTR)event | 1) };
    DWORD bytes = 0;

    (void)state;
    begin(NULL, &overlapped);
    wu_host_overlapped_finish(NULL, &overlapped, notice, WU_STATUS_SUCCESS, 3);

    assert_int_equal(WaitForSingleObject(event, 0), WAIT_OBJECT_0);
    assert_true(GetOverlappedResult(NULL, &overlapped, &bytes, TRUE));
    close_all(&event, 1);
}

struct request {
    HANDLE file;
    OVERLAPPED overlapped;
};

static void finish_request(void *opaque)
{
    struct request *request = opaque;

    wu_host_overlapped_finish(request->file, &request->overlapped, notice, WU_STATUS_SUCCESS, 9);
}

static void request_without_event_is_waited_for_by_its_file(void **state)
{
    struct wu_host_thread thread;
    struct wu_file file;
    struct request request = { .file = open_file(&file) };
    DWORD bytes = 0;

    (void)state;
    begin(request.file, &request.overlapped);
    assert_true(wu_host_thread_start(&thread, finish_request, &request));

    assert_true(GetOverlappedResult(request.file, &request.overlapped, &bytes, TRUE));
    assert_int_equal(bytes, 9);
    wu_host_thread_join(&thread);
    close_all(&request.file, 1);
}

static void results_that_nobody_can_wait_for_are_refused(void **state)
{
    OVERLAPPED overlapped = { .hEvent = NULL };
    DWORD bytes = 77;

    (void)state;
    begin(NULL, &overlapped);

    assert_failed(GetOverlappedResult(NULL, &overlapped, &bytes, TRUE), ERROR_INVALID_HANDLE);
    assert_failed(GetOverlappedResult(NULL, NULL, &bytes, TRUE), ERROR_INVALID_PARAMETER);
    assert_failed(GetOverlappedResult(NULL, &overlapped, NULL, TRUE), ERROR_INVALID_PARAMETER);
    assert_int_equal(bytes, 77);
}

struct waits {
    HANDLE event;
    _Atomic int begun;
    _Atomic int over;
};

enum { WAITS = 20 };

static void wait_in_turn(void *argument)
{
    struct waits *waits = argument;

    for (int i = 1; i <= WAITS; i++) {
        while (waits->begun < i)
            ;
        WaitForSingleObject(waits->event, INFINITE);
        waits->over = i;
    }
}

/* Whether the thread waits already cannot be seen, so some setting may be in vain. */
static void event_that_is_reset_at_once_ends_waits(void **state)
{
    struct waits waits = { .event = CreateEventA(NULL, TRUE, FALSE, NULL) };
    struct wu_host_thread thread;
    int times = 0;

    (void)state;
    assert_true(wu_host_thread_start(&thread, wait_in_turn, &waits));
    for (int i = 1; i <= WAITS; i++) {
        waits.begun = i;
        for (; waits.over < i; times++) {
            Sleep(1);
            SetEvent(waits.event);
            ResetEvent(waits.event);
        }
    }
    wu_host_thread_join(&thread);

    assert_in_range(times, WAITS, INT_MAX);

    CloseHandle(waits.event);
}

static bool is_over(const void *what)
{
    (void)what;
    return true;
}

static void what_is_over_is_not_waited_for(void **state)
{
    const HANDLE handle = CreateEventA(NULL, FALSE, TRUE, NULL);
    struct wu_event *event = wu_event_acquire(handle);

    (void)state;
    wu_event_wait_unless(event, is_over, NULL); /* the signal stays */
    assert_int_equal(WaitForSingleObject(handle, 0), WAIT_OBJECT_0);
    wu_event_wait_unless(event, is_over, NULL);

    wu_object_release(&event->object);
    CloseHandle(handle);
}

/* One OVERLAPPED for request after request: one thread begins them, another ends them. */
struct turns {
    HANDLE file;
    OVERLAPPED overlapped;
    _Atomic int begun;
};

enum { TURNS = 20000 };

static void end_in_turn(void *argument)
{
    struct turns *turns = argument;

    for (int i = 1; i <= TURNS; i++) {
        while (turns->begun < i)
            sched_yield();
        wu_host_overlapped_finish(turns->file, &turns->overlapped, notice, WU_STATUS_SUCCESS, 0);
    }
}

static void end_of_a_request_does_not_set_the_event_of_the_next(void **state)
{
    struct wu_file file;
    struct turns turns = { .file = open_file(&file) };
    struct wu_host_thread thread;
    int early = 0;

    (void)state;
    turns.overlapped.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL);
    assert_true(wu_host_thread_start(&thread, end_in_turn, &turns));
    for (int i = 1; i <= TURNS; i++) {
        begin(turns.file, &turns.overlapped);
        early += WaitForSingleObject(turns.overlapped.hEvent, 0) == WAIT_OBJECT_0;
        turns.begun = i;
        while (!HasOverlappedIoCompleted(&turns.overlapped))
            sched_yield();
    }
    wu_host_thread_join(&thread);

    assert_int_equal(early, 0);

    close_all((const HANDLE[]){ turns.overlapped.hEvent, turns.file }, 2);
}

static void event_set_by_others_does_not_end_a_request(void **state)
{
    OVERLAPPED overlapped = { .hEvent = CreateEventA(NULL, TRUE, FALSE, NULL) };
    DWORD bytes = 77;

    (void)state;
    begin(NULL, &overlapped);
    assert_true(SetEvent(overlapped.hEvent));

    assert_failed(GetOverlappedResult(NULL, &overlapped, &bytes, TRUE), ERROR_IO_INCOMPLETE);
    assert_int_equal(bytes, 77);
    wu_host_overlapped_finish(NULL, &overlapped, notice, WU_STATUS_SUCCESS, 0);
    close_all(&overlapped.hEvent, 1);
}

static void event_that_is_closed_meanwhile_is_no_harm(void **state)
{
    OVERLAPPED overlapped = { .hEvent = CreateEventA(NULL, TRUE, FALSE, NULL) };

    (void)state;
    begin(NULL, &overlapped);
    close_all(&overlapped.hEvent, 1);

    wu_host_overlapped_finish(NULL, &overlapped, notice, WU_STATUS_SUCCESS, 0);

    assert_true(HasOverlappedIoCompleted(&overlapped));
}

static void request_whose_event_is_none_does_not_begin(void **state)
{
    struct wu_file file;
    const HANDLE handles[] = { open_file(&file), CreateEventA(NULL, TRUE, FALSE, NULL) };

    (void)state;
    close_all(&handles[1], 1);
    for (int i = 0; i < 2; i++) {
        OVERLAPPED overlapped = { .Internal = 5, .InternalHigh = 7, .hEvent = handles[i] };

        assert_int_equal(wu_host_overlapped_start(handles[0], &overlapped, &notice),
                         ERROR_INVALID_HANDLE);

        assert_int_equal(overlapped.Internal, 5);
        assert_int_equal(overlapped.InternalHigh, 7);
    }
    close_all(handles, 1);
}

/* --- Time ---------------------------------------------------------------------------------- */

static void counter_counts_as_often_as_its_frequency_says(void **state)
{
    LARGE_INTEGER frequency, before, after;

    (void)state;
    assert_true(QueryPerformanceFrequency(&frequency));
    assert_int_equal(frequency.QuadPart, 10000000);

    const int64_t began = wu_host_clock_now();
    assert_true(QueryPerformanceCounter(&before));
    Sleep(2);
    assert_true(QueryPerformanceCounter(&after));
    const int64_t spent = wu_host_clock_now() - began;

    assert_in_range(after.QuadPart - before.QuadPart, 20000, spent / 100 + 1);
    Sleep(0);
}

static void counter_needs_somewhere_to_go(void **state)
{
    (void)state;
    assert_failed(QueryPerformanceCounter(NULL), ERROR_NOACCESS);
    assert_failed(QueryPerformanceFrequency(NULL), ERROR_NOACCESS);
}

/* --- What the headers bring along ----------------------------------------------------------- */

static void copied_text_fits_and_ends(void **state)
{
    char text[4] = { '#', '#', '#', '#' };
    WCHAR wide[3] = { '#', '#', '#' };

    (void)state;
    assert_int_equal(StringCbCopyA(text, 4, "abc"), S_OK);
    assert_memory_equal(text, "abc", 4);
    assert_int_equal(StringCchCopyA(text, 3, "xyz"), STRSAFE_E_INSUFFICIENT_BUFFER);
    assert_memory_equal(text, "xy\0", 4);
    assert_int_equal(StringCbCopyW(wide, 5, u"ab"), STRSAFE_E_INSUFFICIENT_BUFFER);
    assert_memory_equal(wide, u"a\0#", 6);
    assert_int_equal(StringCbCopyW(wide, 1, u""), STRSAFE_E_INVALID_PARAMETER);
    assert_memory_equal(wide, u"a\0#", 6);
}

static void errors_become_results(void **state)
{
    (void)state;
    assert_int_equal(HRESULT_FROM_WIN32(ERROR_SUCCESS), S_OK);
    assert_int_equal(HRESULT_FROM_WIN32(ERROR_ACCESS_DENIED), E_ACCESSDENIED);
    assert_int_equal(HRESULT_FROM_WIN32((DWORD)E_FAIL), E_FAIL);
    assert_true(FAILED(E_FAIL) && SUCCEEDED(S_FALSE));
}

static void local_memory_is_zeroed_when_asked(void **state)
{
    const char zeros[100] = "";
    char *memory = LocalAlloc(LPTR, sizeof zeros);

    (void)state;
    assert_memory_equal(memory, zeros, sizeof zeros);
    assert_null(LocalFree(memory));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(last_error_belongs_to_the_thread),
        cmocka_unit_test(auto_reset_event_ends_one_wait),
        cmocka_unit_test(manual_reset_event_ends_waits_until_it_is_reset),
        cmocka_unit_test(named_events_are_not_supported),
        cmocka_unit_test(closed_and_made_up_handles_are_refused),
        cmocka_unit_test(file_is_no_event_to_be_set),
        cmocka_unit_test(wait_for_any_takes_the_first_that_is_set_and_no_other),
        cmocka_unit_test(wait_for_all_takes_none_until_all_are_set),
        cmocka_unit_test(impossible_waits_are_refused),
        cmocka_unit_test(waiting_threads_are_woken_and_no_signal_is_lost),
        cmocka_unit_test(pending_request_is_incomplete_and_then_done),
        cmocka_unit_test(failed_request_gives_its_error_and_its_bytes),
        cmocka_unit_test(done_request_needs_no_event),
        cmocka_unit_test(low_bit_of_an_event_is_no_part_of_its_handle),
        cmocka_unit_test(request_without_event_is_waited_for_by_its_file),
        cmocka_unit_test(results_that_nobody_can_wait_for_are_refused),
        cmocka_unit_test(event_that_is_reset_at_once_ends_waits),
        cmocka_unit_test(what_is_over_is_not_waited_for),
        cmocka_unit_test(end_of_a_request_does_not_set_the_event_of_the_next),
        cmocka_unit_test(event_set_by_others_does_not_end_a_request),
        cmocka_unit_test(event_that_is_closed_meanwhile_is_no_harm),
        cmocka_unit_test(request_whose_event_is_none_does_not_begin),
        cmocka_unit_test(counter_counts_as_often_as_its_frequency_says),
        cmocka_unit_test(counter_needs_somewhere_to_go),
        cmocka_unit_test(copied_text_fits_and_ends),
        cmocka_unit_test(errors_become_results),
        cmocka_unit_test(local_memory_is_zeroed_when_asked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
