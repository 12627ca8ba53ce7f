/* file.h and overlapped.h on Windows: what a program's file handle is told, and its port. */
#include "cmocka_all.h"

#include <stdatomic.h>

#include "host/host.h"
#include "host/ntstatus.h"
#include "host/overlapped.h"
#include "host/win32/file.h"

enum { KEY = 77 };

static HANDLE file, port;
static OVERLAPPED overlapped;
static struct wu_host_notice notice; /* of its request */

static int open_file(void **state)
{
    const int what = 5;

    (void)state;
    file = CreateEventA(NULL, TRUE, FALSE, NULL); /* any handle that is nobody else's */
    port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1);
    overlapped = (OVERLAPPED){ 0 };
    return !file || !port || wu_host_file_add(file, &what, sizeof(what)) != ERROR_SUCCESS;
}

static int close_file(void **state)
{
    (void)state;
    wu_host_file_forget(file);
    return !CloseHandle(file) || !CloseHandle(port);
}

static void begin(HANDLE of, OVERLAPPED *request)
{
    assert_int_equal(wu_host_overlapped_start(of, request, &notice), ERROR_SUCCESS);
}

static void assert_port_gets_nothing(void)
{
    OVERLAPPED *ended = &overlapped;
    ULONG_PTR key;
    DWORD got;

    assert_false(GetQueuedCompletionStatus(port, &got, &key, &ended, 0));
    assert_null(ended);
}

/* --- What is known --------------------------------------------------------------------------- */

static void file_is_known_until_it_is_forgotten(void **state)
{
    int what = 0;

    (void)state;
    assert_true(wu_host_file_is_known(file));
    assert_false(wu_host_file_is_known(port));
    assert_true(wu_host_file_recall(file, &what, sizeof(what)));
    assert_int_equal(what, 5);

    wu_host_file_forget(file);

    assert_false(wu_host_file_is_known(file));
    assert_false(wu_host_file_recall(file, &what, sizeof(what)));
    assert_null(wu_host_file_event(file));
}

static void file_that_is_known_stays_as_it_is_until_it_is_updated(void **state)
{
    const int other = 6;
    int what = 0;

    (void)state;
    assert_int_equal(wu_host_file_add(file, &other, sizeof(other)), ERROR_SUCCESS);
    assert_true(wu_host_file_recall(file, &what, sizeof(what)));
    assert_int_equal(what, 5);

    wu_host_file_update(file, &other, sizeof(other));

    assert_true(wu_host_file_recall(file, &what, sizeof(what)));
    assert_int_equal(what, 6);
}

static void file_is_closed_by_one_and_recalled_by_nobody_then(void **state)
{
    int what = 0;

    (void)state;
    assert_true(wu_host_file_closing(file));

    assert_false(wu_host_file_closing(file));
    assert_false(wu_host_file_closing(port));
    assert_false(wu_host_file_recall(file, &what, sizeof(what)));
    assert_non_null(wu_host_file_event(file)); /* its requests still end */
}

static void several_files_are_told_apart(void **state)
{
    const HANDLE others[] = { CreateEventA(NULL, TRUE, FALSE, NULL),
                              CreateEventA(NULL, TRUE, FALSE, NULL) };
    int what = 0;

    (void)state;
    for (int i = 0; i < 2; i++)
        assert_int_equal(wu_host_file_add(others[i], &i, sizeof(i)), ERROR_SUCCESS);

    wu_host_file_forget(others[0]);

    assert_false(wu_host_file_is_known(others[0]));
    assert_true(wu_host_file_recall(others[1], &what, sizeof(what)));
    assert_int_equal(what, 1);
    assert_true(wu_host_file_is_known(file));
    wu_host_file_forget(others[1]);
    assert_true(CloseHandle(others[0]));
    assert_true(CloseHandle(others[1]));
}

/* --- Waiting --------------------------------------------------------------------------------- */

static DWORD wait_for_file(void)
{
    return WaitForSingleObject(wu_host_file_event(file), 0);
}

static void file_is_set_while_no_request_without_event_runs(void **state)
{
    (void)state;
    assert_int_equal(wait_for_file(), WAIT_OBJECT_0);

    begin(file, &overlapped);
    assert_int_equal(wait_for_file(), WAIT_TIMEOUT);

    wu_host_overlapped_finish(file, &overlapped, notice, WU_STATUS_SUCCESS, 3);
    assert_int_equal(wait_for_file(), WAIT_OBJECT_0);
}

static void request_with_an_event_leaves_the_file_alone(void **state)
{
    (void)state;
    overlapped.hEvent = CreateEventA(NULL, TRUE, TRUE, NULL);

    begin(file, &overlapped);
    assert_int_equal(wait_for_file(), WAIT_OBJECT_0);
    assert_int_equal(WaitForSingleObject(overlapped.hEvent, 0), WAIT_TIMEOUT);

    wu_host_overlapped_finish(file, &overlapped, notice, WU_STATUS_SUCCESS, 3);
    assert_int_equal(WaitForSingleObject(overlapped.hEvent, 0), WAIT_OBJECT_0);
    assert_true(CloseHandle(overlapped.hEvent));
}

static void finish_later(void *unused)
{
    (void)unused;
    wu_host_sleep_until(wu_host_clock_now() + 5000000);
    wu_host_overlapped_finish(file, &overlapped, notice, WU_STATUS_CANCELLED, 3);
}

static void result_is_waited_for_by_the_file(void **state)
{
    struct wu_host_thread thread;
    DWORD bytes = 0;

    (void)state;
    begin(file, &overlapped);
    assert_int_equal(wu_host_overlapped_result(file, &overlapped, &bytes, false),
                     ERROR_IO_INCOMPLETE);
    assert_true(wu_host_thread_start(&thread, finish_later, NULL));

    assert_int_equal(wu_host_overlapped_result(file, &overlapped, &bytes, true),
                     ERROR_OPERATION_ABORTED);

    assert_int_equal(bytes, 3);
    wu_host_thread_join(&thread);
    begin(file, &overlapped);
    wu_host_file_forget(file);
    assert_int_equal(wu_host_overlapped_result(file, &overlapped, &bytes, true),
                     ERROR_INVALID_HANDLE);
}

/* The next file has its place, and its event. */
static void file_leaves_nothing_of_its_state_to_the_next(void **state)
{
    const HANDLE next = CreateEventA(NULL, TRUE, FALSE, NULL);
    const HANDLE event = wu_host_file_event(file);
    const int what = 6;
    int found = 0;

    (void)state;
    begin(file, &overlapped);
    assert_true(wu_host_file_closing(file));
    wu_host_file_bind(file, port, KEY);
    wu_host_file_forget(file);

    assert_int_equal(wu_host_file_add(next, &what, sizeof(what)), ERROR_SUCCESS);

    assert_ptr_equal(wu_host_file_event(next), event);
    assert_int_equal(WaitForSingleObject(event, 0), WAIT_OBJECT_0);
    assert_true(wu_host_file_recall(next, &found, sizeof(found)));
    assert_int_equal(found, 6);
    wu_host_overlapped_finish(file, &overlapped, notice, WU_STATUS_SUCCESS, 1);
    wu_host_file_end(next, event, &overlapped, WU_STATUS_SUCCESS, 1);
    assert_port_gets_nothing();
    wu_host_file_forget(next);
    assert_true(CloseHandle(next));
}

static void bind_after_the_event(void *unused)
{
    (void)unused;
    WaitForSingleObject(overlapped.hEvent, INFINITE);
    wu_host_file_bind(file, port, KEY);
}

/* As a program that waits for one request by its event, and for the next ones by a port. */
static void port_hears_nothing_of_what_ended_before_it_was_bound(void **state)
{
    const int what = 5;

    (void)state;
    overlapped.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL);
    for (int i = 0; i < 1000; i++) {
        struct wu_host_thread thread;

        begin(file, &overlapped);
        assert_true(wu_host_thread_start(&thread, bind_after_the_event, NULL));
        wu_host_overlapped_finish(file, &overlapped, notice, WU_STATUS_SUCCESS, 3);
        wu_host_thread_join(&thread);
        assert_port_gets_nothing();

        wu_host_file_forget(file);
        assert_int_equal(wu_host_file_add(file, &what, sizeof(what)), ERROR_SUCCESS);
    }
    assert_true(CloseHandle(overlapped.hEvent));
}

/* Another thread begins a request while this one makes the file's event. */
struct race {
    HANDLE file;
    int delay; /* [turns of a loop] */
    atomic_bool ready;
};

enum { ROUNDS = 300, DELAYS = 50 };

static void begin_soon(void *opaque)
{
    struct race *race = opaque;

    race->ready = true;
    for (volatile int i = 0; i < race->delay; i++)
        continue;
    wu_host_file_begin(race->file);
}

/* Only a place that is new, as of a size of its own, has no event yet. */
static void event_is_made_in_the_state_that_it_is_to_have(void **state)
{
    static const unsigned char what[ROUNDS + sizeof(int) + 1];

    (void)state;
    for (int i = 0; i < ROUNDS; i++) {
        struct race race = { .file = CreateEventA(NULL, TRUE, FALSE, NULL),
                             .delay = i % DELAYS * 100 };
        const size_t size = sizeof(int) + 1 + (size_t)i;
        struct wu_host_thread thread;
        HANDLE event;

        assert_int_equal(wu_host_file_add(race.file, what, size), ERROR_SUCCESS);
        assert_true(wu_host_thread_start(&thread, begin_soon, &race));
        while (!race.ready)
            continue;
        event = wu_host_file_event(race.file);
        wu_host_thread_join(&thread);

        assert_int_equal(WaitForSingleObject(event, 0), WAIT_TIMEOUT);
        wu_host_file_forget(race.file);
        assert_true(CloseHandle(race.file));
    }
}

/* --- Whose event it is ----------------------------------------------------------------------- */

enum { TRIES = 64 };

/* Makes events until one has the number of an event that has been closed. */
static HANDLE make_namesake(HANDLE closed, HANDLE others[TRIES])
{
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL);

    for (int i = 0; event != closed && i < TRIES; i++) {
        others[i] = event;
        event = CreateEventA(NULL, TRUE, FALSE, NULL);
    }
    return event;
}

static void close_others(HANDLE others[TRIES])
{
    for (int i = 0; i < TRIES && others[i]; i++)
        assert_true(CloseHandle(others[i]));
}

static void end_sets_the_event_that_it_began_with_and_no_namesake(void **state)
{
    const HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL);
    HANDLE same = NULL, namesake, others[TRIES] = { NULL };

    (void)state;
    assert_true(DuplicateHandle(GetCurrentProcess(), event, GetCurrentProcess(), &same, 0, FALSE,
                                DUPLICATE_SAME_ACCESS));
    overlapped.hEvent = event;
    begin(file, &overlapped);
    assert_true(CloseHandle(event));
    namesake = make_namesake(event, others);
    assert_ptr_equal(namesake, event);

    wu_host_overlapped_finish(file, &overlapped, notice, WU_STATUS_CANCELLED, 0);

    assert_int_equal(WaitForSingleObject(namesake, 0), WAIT_TIMEOUT);
    assert_int_equal(WaitForSingleObject(same, 0), WAIT_OBJECT_0);
    close_others(others);
    assert_true(CloseHandle(namesake));
    assert_true(CloseHandle(same));
}

static void request_whose_event_is_none_does_not_begin(void **state)
{
    const HANDLE closed = CreateEventA(NULL, TRUE, FALSE, NULL);
    const HANDLE handles[] = { port, closed };

    (void)state;
    assert_true(CloseHandle(closed));
    for (int i = 0; i < 2; i++) {
        OVERLAPPED request = { .Internal = 5, .InternalHigh = 7, .hEvent = handles[i] };

        assert_int_equal(wu_host_overlapped_start(file, &request, &notice), ERROR_INVALID_HANDLE);

        assert_int_equal(request.Internal, 5);
        assert_int_equal(request.InternalHigh, 7);
    }
}

static DWORD handle_count(void)
{
    DWORD count = 0;

    assert_true(GetProcessHandleCount(GetCurrentProcess(), &count));
    return count;
}

static void nothing_of_an_event_is_kept(void **state)
{
    DWORD before;

    (void)state;
    overlapped.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL);
    before = handle_count();

    for (int i = 0; i < TRIES; i++) {
        begin(file, &overlapped);
        wu_host_overlapped_finish(file, &overlapped, notice, WU_STATUS_SUCCESS, 0);
    }

    assert_int_equal(handle_count(), before);
    assert_true(CloseHandle(overlapped.hEvent));
}

/* --- Completion ports ------------------------------------------------------------------------ */

static void assert_port_gets(DWORD error, DWORD bytes)
{
    OVERLAPPED *ended = NULL;
    ULONG_PTR key = 0;
    DWORD got = 0;

    SetLastError(ERROR_SUCCESS);
    assert_int_equal(GetQueuedCompletionStatus(port, &got, &key, &ended, 0),
                     error == ERROR_SUCCESS);
    assert_int_equal(GetLastError(), error);
    assert_ptr_equal(ended, &overlapped);
    assert_int_equal(key, KEY);
    assert_int_equal(got, bytes);
}

static void end_a_request(LONG status, ULONG bytes)
{
    begin(file, &overlapped);
    wu_host_overlapped_finish(file, &overlapped, notice, status, bytes);
}

static void port_gets_what_became_of_requests(void **state)
{
    (void)state;
    end_a_request(WU_STATUS_SUCCESS, 1);
    assert_port_gets_nothing();
    wu_host_file_bind(file, port, KEY);

    end_a_request(WU_STATUS_SUCCESS, 2);
    end_a_request(WU_STATUS_CANCELLED, 3);

    assert_port_gets(ERROR_SUCCESS, 2);
    assert_port_gets(ERROR_OPERATION_ABORTED, 3);
    assert_port_gets_nothing();
}

static void port_stays_the_one_that_was_bound_first(void **state)
{
    const HANDLE other = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1);

    (void)state;
    wu_host_file_bind(file, port, KEY);
    wu_host_file_bind(file, other, KEY + 1);

    end_a_request(WU_STATUS_SUCCESS, 2);

    assert_port_gets(ERROR_SUCCESS, 2);
    assert_true(CloseHandle(other));
}

static void low_bit_of_an_event_asks_for_no_packet(void **state)
{
    const HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL);

    (void)state;
    wu_host_file_bind(file, port, KEY);
    overlapped.hEvent = (HANDLE)((ULONG_PTR)event | 1);

    end_a_request(WU_STATUS_SUCCESS, 2);

    assert_int_equal(WaitForSingleObject(event, 0), WAIT_OBJECT_0);
    assert_port_gets_nothing();
    assert_true(CloseHandle(event));
}

static void forgotten_file_sends_nothing(void **state)
{
    (void)state;
    wu_host_file_bind(file, port, KEY);
    wu_host_file_forget(file);

    end_a_request(WU_STATUS_SUCCESS, 2);

    assert_port_gets_nothing();
}

#define file_test(test) cmocka_unit_test_setup_teardown(test, open_file, close_file)

int main(void)
{
    const struct CMUnitTest tests[] = {
        file_test(file_is_known_until_it_is_forgotten),
        file_test(file_that_is_known_stays_as_it_is_until_it_is_updated),
        file_test(file_is_closed_by_one_and_recalled_by_nobody_then),
        file_test(several_files_are_told_apart),
        file_test(file_is_set_while_no_request_without_event_runs),
        file_test(request_with_an_event_leaves_the_file_alone),
        file_test(result_is_waited_for_by_the_file),
        file_test(file_leaves_nothing_of_its_state_to_the_next),
        file_test(port_hears_nothing_of_what_ended_before_it_was_bound),
        file_test(event_is_made_in_the_state_that_it_is_to_have),
        file_test(end_sets_the_event_that_it_began_with_and_no_namesake),
        file_test(request_whose_event_is_none_does_not_begin),
        file_test(nothing_of_an_event_is_kept),
        file_test(port_gets_what_became_of_requests),
        file_test(port_stays_the_one_that_was_bound_first),
        file_test(low_bit_of_an_event_asks_for_no_packet),
        file_test(forgotten_file_sends_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
