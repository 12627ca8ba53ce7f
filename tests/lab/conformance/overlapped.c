/* Overlapped requests: OVERLAPPED, events, GetOverlappedResult, the Async functions. */
#include "conformance.h"
#include "fixture.h"

#include <pthread.h>
#include <string.h>

static OVERLAPPED *overlapped_of(size_t index)
{
    return &fixture.requests[index].overlapped;
}

/* --- Pending --------------------------------------------------------------------------------- */

static void an_accepted_read_is_pending_also_when_data_are_waiting(void **state)
{
    (void)state;
    fixture_program(BULK_IN, .kind = LABDEV_MESSAGES, .message_count = 1, .messages = { 64 });
    assert_reads(BULK_IN, 10, 0, 10);

    begin_read(0, BULK_IN, 54);
    begin_read(1, BULK_IN, 0);

    assert_read_ends(0, 10, 54);
    assert_ends(1, ERROR_SUCCESS, 0);
}

static void a_read_without_data_is_incomplete_and_then_aborted(void **state)
{
    DWORD bytes = 0;

    (void)state;
    fixture_program(BULK_IN, .kind = LABDEV_NAK);
    begin_read(0, BULK_IN, 64);

    assert_fails(WinUsb_GetOverlappedResult(fixture.first, overlapped_of(0), &bytes, FALSE),
                 ERROR_IO_INCOMPLETE);
    assert_succeeds(WinUsb_AbortPipe(fixture.first, BULK_IN));

    assert_fails(WinUsb_GetOverlappedResult(fixture.first, overlapped_of(0), &bytes, TRUE),
                 ERROR_OPERATION_ABORTED);
}

static void a_pending_request_says_so_in_its_overlapped(void **state)
{
    (void)state;
    fixture_program(BULK_IN, .kind = LABDEV_NAK);
    SetEvent(overlapped_of(0)->hEvent);

    begin_read(0, BULK_IN, 64);

    assert_int_equal(overlapped_of(0)->Internal, STATUS_PENDING);
    assert_int_equal(overlapped_of(0)->InternalHigh, 0);
    assert_int_equal(WaitForSingleObject(overlapped_of(0)->hEvent, 0), WAIT_TIMEOUT);
}

static void a_request_that_is_done_says_so_in_its_overlapped(void **state)
{
    (void)state;
    begin_read(0, BULK_IN, 512);

    assert_int_equal(WaitForSingleObject(overlapped_of(0)->hEvent, PATIENCE), WAIT_OBJECT_0);

    assert_int_equal(overlapped_of(0)->Internal, 0);
    assert_int_equal(overlapped_of(0)->InternalHigh, 512);
}

static void a_length_given_with_an_overlapped_is_left_alone(void **state)
{
    ULONG length = 77;

    (void)state;

    assert_fails(WinUsb_ReadPipe(fixture.first, BULK_IN, fixture.requests[0].data, 512, &length,
                                 overlapped_of(0)),
                 ERROR_IO_PENDING);
    assert_read_ends(0, 0, 512);

    assert_true(length == 77 || length == 0);
}

static void a_refused_request_is_not_pending(void **state)
{
    (void)state;

    assert_fails(WinUsb_ReadPipe(fixture.first, ABSENT_IN, fixture.requests[0].data, 64, NULL,
                                 overlapped_of(0)),
                 ERROR_INVALID_PARAMETER);

    assert_int_equal(overlapped_of(0)->Internal, 0);
    assert_int_equal(WaitForSingleObject(overlapped_of(0)->hEvent, 0), WAIT_TIMEOUT);
}

/* --- Waiting --------------------------------------------------------------------------------- */

static void get_overlapped_result_waits_when_it_is_told_to(void **state)
{
    DWORD bytes = 0;

    (void)state;
    fixture_program(BULK_IN, .kind = LABDEV_SOURCE, .delay = SHORTLY);
    begin_read(0, BULK_IN, 512);

    assert_succeeds(WinUsb_GetOverlappedResult(fixture.first, overlapped_of(0), &bytes, TRUE));

    assert_int_equal(bytes, 512);
}

static void the_files_own_function_gives_the_same_result(void **state)
{
    DWORD bytes = 0;

    (void)state;
    begin_read(0, BULK_IN, 512);

    assert_succeeds(GetOverlappedResult(fixture.file, overlapped_of(0), &bytes, TRUE));

    assert_int_equal(bytes, 512);
}

static void every_handle_of_the_function_gives_the_result(void **state)
{
    DWORD bytes = 0;

    (void)state;
    fixture_open_second();
    begin_read(0, BULK_IN, 512);

    assert_succeeds(WinUsb_GetOverlappedResult(fixture.second, overlapped_of(0), &bytes, TRUE));

    assert_int_equal(bytes, 512);
}

static void without_an_event_the_file_is_waited_for(void **state)
{
    OVERLAPPED *overlapped = overlapped_of(0);
    const HANDLE event = overlapped->hEvent;
    DWORD bytes = 0;

    (void)state;
    overlapped->hEvent = NULL;
    fixture_program(BULK_IN, .kind = LABDEV_SOURCE, .delay = SHORTLY);
    begin_read(0, BULK_IN, 512);

    assert_succeeds(WinUsb_GetOverlappedResult(fixture.first, overlapped, &bytes, TRUE));

    assert_int_equal(bytes, 512);
    overlapped->hEvent = event;
}

static void an_auto_reset_event_may_have_been_waited_for_before(void **state)
{
    OVERLAPPED *overlapped = overlapped_of(0);
    DWORD bytes = 0;

    (void)state;
    CloseHandle(overlapped->hEvent);
    overlapped->hEvent = CreateEventA(NULL, FALSE, FALSE, NULL);
    begin_read(0, BULK_IN, 512);

    assert_int_equal(WaitForSingleObject(overlapped->hEvent, PATIENCE), WAIT_OBJECT_0);
    assert_succeeds(WinUsb_GetOverlappedResult(fixture.first, overlapped, &bytes, TRUE));

    assert_int_equal(bytes, 512);
}

static void a_result_needs_a_request_and_a_length(void **state)
{
    DWORD bytes;

    (void)state;

    assert_fails(WinUsb_GetOverlappedResult(fixture.first, NULL, &bytes, FALSE),
                 ERROR_INVALID_PARAMETER);
    assert_fails(WinUsb_GetOverlappedResult(fixture.first, overlapped_of(0), NULL, FALSE),
                 ERROR_INVALID_PARAMETER);
}

/* --- How requests end ------------------------------------------------------------------------ */

static void a_stall_ends_an_overlapped_read_with_its_error(void **state)
{
    (void)state;
    fixture_program(BULK_IN, .kind = LABDEV_SOURCE, .events = { { 1, LABDEV_STALL, 0 } });
    begin_read(0, BULK_IN, 512);

    assert_int_equal(end_of(0, NULL), ERROR_GEN_FAILURE);
}

static void a_timeout_ends_an_overlapped_read_with_its_error(void **state)
{
    (void)state;
    fixture_program(BULK_IN, .kind = LABDEV_NAK);
    fixture_set_policy(BULK_IN, PIPE_TRANSFER_TIMEOUT, SHORTLY);
    begin_read(0, BULK_IN, 512);

    assert_ends(0, ERROR_SEM_TIMEOUT, 0);
}

static void a_timeout_is_what_it_was_when_the_request_was_made(void **state)
{
    int64_t start;

    (void)state;
    fixture_program(BULK_IN, .kind = LABDEV_NAK);
    fixture_set_policy(BULK_IN, PIPE_TRANSFER_TIMEOUT, SHORTLY);
    start = lab_now();
    begin_read(0, BULK_IN, 512);
    fixture_set_policy(BULK_IN, PIPE_TRANSFER_TIMEOUT, 0);

    assert_ends(0, ERROR_SEM_TIMEOUT, 0);
    assert_lasted(start, SHORTLY);
}

static void a_synchronous_request_leaves_pending_ones_alone(void **state)
{
    (void)state;
    begin_read(0, LOOP_IN, 512);

    assert_reads(BULK_IN, 512, 0, 512);
    assert_writes(BULK_OUT, 512, 0);

    assert_true(is_pending(0));
    assert_writes(LOOP_OUT, 10, 0);
    assert_read_ends(0, 0, 10);
}

static void a_synchronous_read_waits_behind_an_overlapped_one(void **state)
{
    (void)state;
    fixture_program(BULK_IN, .kind = LABDEV_SOURCE, .delay = SHORTLY / 2);
    begin_read(0, BULK_IN, 512);

    assert_reads(BULK_IN, 512, 512, 512);

    assert_read_ends(0, 0, 512);
}

static void *read_in_thread(void *argument)
{
    return (void *)(uintptr_t)(WinUsb_ReadPipe(fixture.first, BULK_IN, argument, 512, NULL, NULL)
                                   ? ERROR_SUCCESS
                                   : GetLastError());
}

static void threads_share_a_handle(void **state)
{
    pthread_t threads[8];
    bool seen[8] = { false };

    (void)state;

    for (size_t i = 0; i < 8; i++)
        assert_int_equal(
            pthread_create(&threads[i], NULL, read_in_thread, fixture.requests[i].data), 0);
    assert_writes(BULK_OUT, 512, 0);
    for (size_t i = 0; i < 8; i++) {
        void *error;

        pthread_join(threads[i], &error);
        assert_null(error);
    }

    /* Which thread got which 512 bytes is open; together they got all. */
    for (size_t i = 0; i < 8; i++)
        for (size_t piece = 0; piece < 8; piece++)
            seen[piece] =
                seen[piece] || labdev_mismatch(fixture.requests[i].data, 512, 512 * piece) == 512;
    for (size_t piece = 0; piece < 8; piece++)
        assert_true(seen[piece]);
}

/* --- The Async functions --------------------------------------------------------------------- */

static void abort_pipe_async_ends_as_a_request_does(void **state)
{
    (void)state;
    fixture_program(BULK_IN, .kind = LABDEV_NAK);
    begin_read(0, BULK_IN, 64);

    assert_fails(WinUsb_AbortPipeAsync(fixture.first, BULK_IN, overlapped_of(1)), ERROR_IO_PENDING);

    assert_ends(1, ERROR_SUCCESS, 0);
    assert_ends(0, ERROR_OPERATION_ABORTED, 0);
    assert_succeeds(WinUsb_AbortPipeAsync(fixture.first, BULK_IN, NULL));
}

static void reset_pipe_async_ends_as_a_request_does(void **state)
{
    (void)state;
    fixture_program(BULK_IN, .kind = LABDEV_SOURCE, .events = { { 1, LABDEV_STALL, 0 } });
    assert_int_equal(fixture_read(BULK_IN, 512), ERROR_GEN_FAILURE);

    assert_fails(WinUsb_ResetPipeAsync(fixture.first, BULK_IN, overlapped_of(0)), ERROR_IO_PENDING);

    assert_ends(0, ERROR_SUCCESS, 0);
    assert_reads(BULK_IN, 512, 0, 512);
    assert_succeeds(WinUsb_ResetPipeAsync(fixture.first, BULK_IN, NULL));
}

static void set_current_alternate_setting_async_ends_as_a_request_does(void **state)
{
    (void)state;
    fixture_open_second();

    assert_fails(WinUsb_SetCurrentAlternateSettingAsync(fixture.second, 3, overlapped_of(0)),
                 ERROR_IO_PENDING);

    assert_ends(0, ERROR_SUCCESS, 0);
    assert_writes(OTHER_OUT, 64, 0);
    assert_succeeds(WinUsb_SetCurrentAlternateSettingAsync(fixture.second, 0, NULL));
}

static void an_async_function_that_fails_ends_with_the_error(void **state)
{
    (void)state;

    assert_fails(WinUsb_AbortPipeAsync(fixture.first, ABSENT_IN, overlapped_of(0)),
                 ERROR_IO_PENDING);
    assert_ends(0, ERROR_INVALID_PARAMETER, 0);
    assert_fails(WinUsb_ResetPipeAsync(fixture.first, ABSENT_IN, overlapped_of(1)),
                 ERROR_IO_PENDING);
    assert_ends(1, ERROR_INVALID_PARAMETER, 0);
    assert_fails(WinUsb_SetCurrentAlternateSettingAsync(fixture.first, 7, overlapped_of(2)),
                 ERROR_IO_PENDING);
    assert_ends(2, ERROR_NOT_FOUND, 0);
    assert_fails(WinUsb_ResetPipeAsync(fixture.first, ABSENT_IN, NULL), ERROR_INVALID_PARAMETER);
}

int overlapped_tests(void)
{
    const struct CMUnitTest tests[] = {
        conformance_test(an_accepted_read_is_pending_also_when_data_are_waiting),
        conformance_test(a_read_without_data_is_incomplete_and_then_aborted),
        conformance_test(a_pending_request_says_so_in_its_overlapped),
        conformance_test(a_request_that_is_done_says_so_in_its_overlapped),
        conformance_test(a_length_given_with_an_overlapped_is_left_alone),
        conformance_test(a_refused_request_is_not_pending),
        conformance_test(get_overlapped_result_waits_when_it_is_told_to),
        conformance_test(the_files_own_function_gives_the_same_result),
        conformance_test(every_handle_of_the_function_gives_the_result),
        conformance_test(without_an_event_the_file_is_waited_for),
        conformance_test(an_auto_reset_event_may_have_been_waited_for_before),
        conformance_test(a_result_needs_a_request_and_a_length),
        conformance_test(a_stall_ends_an_overlapped_read_with_its_error),
        conformance_test(a_timeout_ends_an_overlapped_read_with_its_error),
        conformance_test(a_timeout_is_what_it_was_when_the_request_was_made),
        conformance_test(a_synchronous_request_leaves_pending_ones_alone),
        conformance_test(a_synchronous_read_waits_behind_an_overlapped_one),
        conformance_test(threads_share_a_handle),
        conformance_test(abort_pipe_async_ends_as_a_request_does),
        conformance_test(reset_pipe_async_ends_as_a_request_does),
        conformance_test(set_current_alternate_setting_async_ends_as_a_request_does),
        conformance_test(an_async_function_that_fails_ends_with_the_error),
    };

    return run_group("overlapped", tests, NULL, NULL);
}
