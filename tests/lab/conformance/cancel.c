/* The ways to cancel: CancelIoEx, CancelIo, AbortPipe, CloseHandle, Free. */
#include "conformance.h"
#include "fixture.h"

#include <pthread.h>

#define XHCI_LOSES_TRANSFERS "QEMU's xHCI loses the others when one of several is cancelled"

static OVERLAPPED *overlapped_of(size_t index)
{
    return &fixture.requests[index].overlapped;
}

/* Reads that nothing comes for, on the device if they may be. */
static void begin_reads(size_t count)
{
    fixture_program(BULK_IN, .kind = LABDEV_NAK);
    for (size_t i = 0; i < count; i++)
        begin_read(i, BULK_IN, fixture.packet);
}

static void assert_aborted(size_t count)
{
    for (size_t i = 0; i < count; i++)
        assert_ends(i, ERROR_OPERATION_ABORTED, 0);
}

/* --- CancelIoEx ------------------------------------------------------------------------------ */

static void cancel_io_ex_cancels_the_request_it_names(void **state)
{
    (void)state;
    begin_reads(1);
    begin_read(1, LOOP_IN, 512);

    assert_succeeds(CancelIoEx(fixture.file, overlapped_of(0)));

    assert_aborted(1);
    assert_true(is_pending(1));
}

static void cancel_io_ex_leaves_the_other_requests_of_the_pipe(void **state)
{
    (void)state;
    leave_out_on("xhci", XHCI_LOSES_TRANSFERS);
    begin_reads(3);

    assert_succeeds(CancelIoEx(fixture.file, overlapped_of(1)));
    assert_ends(1, ERROR_OPERATION_ABORTED, 0);
    assert_true(is_pending(0) && is_pending(2));
    fixture_program(BULK_IN, .kind = LABDEV_SOURCE);

    assert_read_ends(0, 0, fixture.packet);
    assert_read_ends(2, fixture.packet, fixture.packet);
}

static void cancel_io_ex_of_one_that_waits_leaves_the_one_on_the_device(void **state)
{
    (void)state;
    fixture_program(BULK_IN, .kind = LABDEV_NAK);
    fixture_set_policy(BULK_IN, PIPE_TRANSFER_TIMEOUT, PATIENCE);
    for (size_t i = 0; i < 3; i++)
        begin_read(i, BULK_IN, fixture.packet);

    assert_succeeds(CancelIoEx(fixture.file, overlapped_of(1)));
    assert_ends(1, ERROR_OPERATION_ABORTED, 0);
    fixture_program(BULK_IN, .kind = LABDEV_SOURCE);

    assert_read_ends(0, 0, fixture.packet);
    assert_read_ends(2, fixture.packet, fixture.packet);
}

static void cancel_io_ex_of_null_cancels_all_of_the_file(void **state)
{
    (void)state;
    begin_reads(3);
    begin_read(3, LOOP_IN, 512);

    assert_succeeds(CancelIoEx(fixture.file, NULL));

    assert_aborted(4);
}

static void cancel_io_ex_of_nothing_finds_nothing(void **state)
{
    (void)state;
    begin_read(0, BULK_IN, 512);
    assert_read_ends(0, 0, 512);

    assert_fails(CancelIoEx(fixture.file, overlapped_of(0)), ERROR_NOT_FOUND);
    assert_fails(CancelIoEx(fixture.file, NULL), ERROR_NOT_FOUND);
    assert_fails(CancelIoEx(NULL, NULL), ERROR_INVALID_HANDLE);
}

/* --- CancelIo -------------------------------------------------------------------------------- */

static void *begin_in_thread(void *argument)
{
    begin_read(1, LOOP_IN, 512);
    return argument;
}

static void cancel_io_cancels_what_this_thread_has_begun(void **state)
{
    pthread_t thread;

    (void)state;
    begin_reads(1);
    assert_int_equal(pthread_create(&thread, NULL, begin_in_thread, NULL), 0);
    pthread_join(thread, NULL);

    assert_succeeds(CancelIo(fixture.file));

    assert_aborted(1);
    assert_true(is_pending(1));
    assert_succeeds(CancelIoEx(fixture.file, NULL));
    assert_aborted(2);
}

static void cancel_io_succeeds_when_nothing_is_pending(void **state)
{
    (void)state;

    assert_succeeds(CancelIo(fixture.file));
    assert_fails(CancelIo(NULL), ERROR_INVALID_HANDLE);
}

/* --- AbortPipe ------------------------------------------------------------------------------- */

static void abort_cancels_all_requests_of_the_pipe_before_it_returns(void **state)
{
    (void)state;
    begin_reads(REQUESTS - 1);
    begin_read(REQUESTS - 1, LOOP_IN, 512);

    assert_succeeds(WinUsb_AbortPipe(fixture.first, BULK_IN));

    for (size_t i = 0; i < REQUESTS - 1; i++)
        assert_false(is_pending(i));
    assert_aborted(REQUESTS - 1);
    assert_true(is_pending(REQUESTS - 1));
}

static void abort_succeeds_when_nothing_is_pending(void **state)
{
    (void)state;

    assert_succeeds(WinUsb_AbortPipe(fixture.first, BULK_IN));
    assert_succeeds(WinUsb_AbortPipe(fixture.first, BULK_OUT));
    assert_succeeds(WinUsb_AbortPipe(fixture.first, 0));
}

static void abort_cancels_writes(void **state)
{
    (void)state;
    fixture_program(BULK_OUT, .kind = LABDEV_NAK);
    begin_write(0, BULK_OUT, 512, 0);
    begin_write(1, BULK_OUT, 512, 0);

    assert_succeeds(WinUsb_AbortPipe(fixture.first, BULK_OUT));

    /* How much went is not looked at: see a_write_that_was_not_taken_counts_nothing. */
    assert_int_equal(end_of(0, NULL), ERROR_OPERATION_ABORTED);
    assert_int_equal(end_of(1, NULL), ERROR_OPERATION_ABORTED);
}

static void an_aborted_pipe_goes_on(void **state)
{
    (void)state;
    begin_reads(3);
    assert_succeeds(WinUsb_AbortPipe(fixture.first, BULK_IN));
    assert_aborted(3);

    fixture_program(BULK_IN, .kind = LABDEV_SOURCE);
    assert_reads(BULK_IN, 512, 0, 512);
}

static void abort_ends_the_synchronous_read_of_another_thread(void **state)
{
    pthread_t thread;

    (void)state;
    fixture_begin_read(&thread);

    assert_succeeds(WinUsb_AbortPipe(fixture.first, BULK_IN));

    assert_int_equal(fixture_end_read(thread), ERROR_OPERATION_ABORTED);
}

static void what_came_before_the_cancel_counts(void **state)
{
    (void)state;
    fixture_program(BULK_IN, .kind = LABDEV_MESSAGES, .message_count = 1, .messages = { 10 });
    fixture_set_policy(BULK_IN, IGNORE_SHORT_PACKETS, TRUE);
    begin_read(0, BULK_IN, 512);
    while (fixture_status(BULK_IN).bytes < 10 || fixture_status(BULK_IN).held == 0)
        continue;

    assert_succeeds(WinUsb_AbortPipe(fixture.first, BULK_IN));

    assert_ends(0, ERROR_OPERATION_ABORTED, 10);
    assert_int_equal(labdev_mismatch(fixture.requests[0].data, 10, 0), 10);
}

static void the_device_sees_the_cancel(void **state)
{
    (void)state;
    begin_reads(1);
    fixture_await_held(BULK_IN, 1);

    assert_succeeds(WinUsb_AbortPipe(fixture.first, BULK_IN));

    fixture_await_cancels(BULK_IN, 1);
    assert_int_equal(fixture_status(BULK_IN).held, 0);
}

/* --- Closing --------------------------------------------------------------------------------- */

static void free_cancels_what_is_pending_before_it_returns(void **state)
{
    (void)state;
    begin_reads(3);
    begin_read(3, LOOP_IN, 512);

    WinUsb_Free(fixture.first);

    for (size_t i = 0; i < 4; i++) {
        DWORD bytes = 7;

        assert_false(is_pending(i));
        assert_fails(GetOverlappedResult(fixture.file, overlapped_of(i), &bytes, FALSE),
                     ERROR_OPERATION_ABORTED);
        assert_int_equal(bytes, 0);
    }
}

static void free_leaves_requests_of_another_handle_alone(void **state)
{
    WINUSB_INTERFACE_HANDLE again;

    (void)state;
    begin_reads(1);
    assert_succeeds(WinUsb_Initialize(fixture.file, &again));

    WinUsb_Free(again);

    assert_true(is_pending(0));
}

static void closing_the_file_cancels_what_is_pending(void **state)
{
    (void)state;
    begin_reads(3);

    fixture_close_file();

    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(WaitForSingleObject(overlapped_of(i)->hEvent, PATIENCE), WAIT_OBJECT_0);
        assert_int_equal((ULONG)overlapped_of(i)->Internal, STATUS_CANCELLED);
        assert_int_equal(overlapped_of(i)->InternalHigh, 0);
    }
}

int cancel_tests(void)
{
    const struct CMUnitTest tests[] = {
        conformance_test(cancel_io_ex_cancels_the_request_it_names),
        conformance_test(cancel_io_ex_leaves_the_other_requests_of_the_pipe),
        conformance_test(cancel_io_ex_of_one_that_waits_leaves_the_one_on_the_device),
        conformance_test(cancel_io_ex_of_null_cancels_all_of_the_file),
        conformance_test(cancel_io_ex_of_nothing_finds_nothing),
        conformance_test(cancel_io_cancels_what_this_thread_has_begun),
        conformance_test(cancel_io_succeeds_when_nothing_is_pending),
        conformance_test(abort_cancels_all_requests_of_the_pipe_before_it_returns),
        conformance_test(abort_succeeds_when_nothing_is_pending),
        conformance_test(abort_cancels_writes),
        conformance_test(an_aborted_pipe_goes_on),
        conformance_test(abort_ends_the_synchronous_read_of_another_thread),
        conformance_test(what_came_before_the_cancel_counts),
        conformance_test(the_device_sees_the_cancel),
        conformance_test(free_cancels_what_is_pending_before_it_returns),
        conformance_test(free_leaves_requests_of_another_handle_alone),
        conformance_test(closing_the_file_cancels_what_is_pending),
    };

    return run_group("cancel", tests, NULL, NULL);
}
