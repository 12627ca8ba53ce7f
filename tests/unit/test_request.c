/* request.c, pump.c: the life of requests, with the thread that goes on with them. */
#include "cmocka_all.h"

#include <pthread.h>
#include <sched.h>
#include <string.h>

#include "data_fixture.h"

/* --- Beginning and ending -------------------------------------------------------------------- */

static void accepted_requests_are_pending_however_soon_they_end(void **state)
{
    (void)state;
    FIXTURE_SCRIPT({ 0, PACKET }, { 0, 5 }, { ERROR_GEN_FAILURE, 0 });

    fixture_assert_brings(fixture_begin_read(0, BULK_IN, 10), 0, 10);
    fixture_assert_brings(fixture_begin_read(0, BULK_IN, PACKET), 10, PACKET - 10);
    fixture_assert_brings(fixture_begin_read(0, BULK_IN, 0), 0, 0);
    fixture_assert_ends(fixture_begin_write(0, BULK_OUT, 5), ERROR_SUCCESS, 5);
    fixture_assert_ends(fixture_begin_write(0, BULK_OUT, 5), ERROR_GEN_FAILURE, 0);

    assert_int_equal(fixture.submissions, 3);
}

static void pending_request_says_so(void **state)
{
    struct fixture_io *io = fixture_prepare(0, TRUE);
    DWORD bytes = 77;

    (void)state;
    io->overlapped.Internal = 5;
    io->overlapped.InternalHigh = 6;
    SetEvent(io->overlapped.hEvent);

    assert_fails(
        WinUsb_ReadPipe(fixture.handle, BULK_IN, io->buffer, PACKET, NULL, &io->overlapped),
        ERROR_IO_PENDING);

    assert_int_equal(io->overlapped.Internal, PENDING);
    assert_int_equal(io->overlapped.InternalHigh, 0);
    assert_int_equal(WaitForSingleObject(io->overlapped.hEvent, 0), WAIT_TIMEOUT);
    assert_fails(WinUsb_GetOverlappedResult(fixture.handle, &io->overlapped, &bytes, FALSE),
                 ERROR_IO_INCOMPLETE);
    assert_int_equal(bytes, 77);
    fixture_send(BULK_IN, 3);
    fixture_assert_brings(io, 0, 3);
}

static void result_is_there_when_the_event_is(void **state)
{
    (void)state;

    for (size_t i = 0; i < 200; i++) {
        struct fixture_io *io = fixture_begin_read(0, BULK_IN, PACKET);

        fixture_send(BULK_IN, 7);
        assert_int_equal(WaitForSingleObject(io->overlapped.hEvent, INFINITE), WAIT_OBJECT_0);
        assert_int_equal(io->overlapped.Internal, 0);
        assert_int_equal(io->overlapped.InternalHigh, 7);
        fixture_assert_brings(io, 7 * i, 7);
    }
}

static void failed_submission_ends_the_request(void **state)
{
    struct fixture_io *io;

    (void)state;
    fixture.device->submit_error = ERROR_DEVICE_NOT_CONNECTED;

    io = fixture_begin_read(0, BULK_IN, PACKET);

    fixture_assert_ends(io, ERROR_DEVICE_NOT_CONNECTED, 0);
    assert_fails(CancelIoEx(fixture.file, NULL), ERROR_NOT_FOUND);
}

static void refused_request_touches_nothing(void **state)
{
    struct fixture_io *io = fixture_prepare(0, TRUE);

    (void)state;
    io->overlapped.Internal = 5;
    SetEvent(io->overlapped.hEvent);
    fixture_set_policy(BULK_IN, RAW_IO, 1);

    assert_fails(WinUsb_ReadPipe(fixture.handle, BULK_IN, io->buffer, 1, NULL, &io->overlapped),
                 ERROR_INVALID_PARAMETER);
    fixture.device->new_error = ERROR_NOT_ENOUGH_MEMORY;
    assert_fails(
        WinUsb_ReadPipe(fixture.handle, BULK_IN, io->buffer, PACKET, NULL, &io->overlapped),
        ERROR_NOT_ENOUGH_MEMORY);

    assert_int_equal(io->overlapped.Internal, 5);
    assert_int_equal(WaitForSingleObject(io->overlapped.hEvent, 0), WAIT_OBJECT_0);
    CloseHandle(io->overlapped.hEvent);
}

static void request_whose_event_is_closed_is_not_begun(void **state)
{
    struct fixture_io *io = fixture_prepare(0, TRUE);

    (void)state;
    CloseHandle(io->overlapped.hEvent);
    io->overlapped.Internal = 5;

    assert_fails(
        WinUsb_ReadPipe(fixture.handle, BULK_IN, io->buffer, PACKET, NULL, &io->overlapped),
        ERROR_INVALID_HANDLE);

    assert_int_equal(io->overlapped.Internal, 5);
    assert_int_equal(fixture.submissions, 0);
    assert_fails(CancelIoEx(fixture.file, NULL), ERROR_NOT_FOUND);
    io = fixture_begin_read(0, BULK_IN, PACKET);
    fixture_send(BULK_IN, 3);
    fixture_assert_brings(io, 0, 3);
}

static void file_stands_for_a_missing_event(void **state)
{
    struct fixture_io *io = fixture_prepare(0, TRUE);
    const HANDLE event = io->overlapped.hEvent;

    (void)state;
    io->overlapped.hEvent = NULL;

    assert_fails(
        WinUsb_ReadPipe(fixture.handle, BULK_IN, io->buffer, PACKET, NULL, &io->overlapped),
        ERROR_IO_PENDING);
    assert_int_equal(WaitForSingleObject(fixture.file, 0), WAIT_TIMEOUT);
    fixture_send(BULK_IN, 3);

    assert_int_equal(WaitForSingleObject(fixture.file, INFINITE), WAIT_OBJECT_0);
    io->overlapped.hEvent = event;
    fixture_assert_brings(io, 0, 3);
}

static void low_bit_of_an_event_is_none_of_it(void **state)
{
    struct fixture_io *io = fixture_prepare(0, TRUE);
    const HANDLE event = io->overlapped.hEvent;

    (void)state;
    io->overlapped.hEvent = (HANDLE)((uintptr_t)event | 1);

    assert_fails(
        WinUsb_ReadPipe(fixture.handle, BULK_IN, io->buffer, PACKET, NULL, &io->overlapped),
        ERROR_IO_PENDING);
    fixture_send(BULK_IN, 3);

    assert_int_equal(WaitForSingleObject(event, INFINITE), WAIT_OBJECT_0);
    io->overlapped.hEvent = event;
    fixture_assert_brings(io, 0, 3);
}

static void auto_reset_event_may_be_waited_for_first(void **state)
{
    struct fixture_io *io = fixture_prepare(0, FALSE);

    (void)state;
    assert_fails(
        WinUsb_ReadPipe(fixture.handle, BULK_IN, io->buffer, PACKET, NULL, &io->overlapped),
        ERROR_IO_PENDING);
    fixture_send(BULK_IN, 3);

    assert_int_equal(WaitForSingleObject(io->overlapped.hEvent, INFINITE), WAIT_OBJECT_0);

    fixture_assert_brings(io, 0, 3);
}

static void place_for_the_length_is_left_alone(void **state)
{
    struct fixture_io *io = fixture_prepare(0, TRUE);
    ULONG got = 0x77777777;

    (void)state;
    assert_fails(
        WinUsb_ReadPipe(fixture.handle, BULK_IN, io->buffer, PACKET, &got, &io->overlapped),
        ERROR_IO_PENDING);
    fixture_send(BULK_IN, 3);

    fixture_assert_brings(io, 0, 3);
    assert_int_equal(got, 0x77777777);
}

static void other_ways_to_the_result_give_the_same(void **state)
{
    struct fixture_io *io = fixture_begin_read(0, BULK_IN, PACKET);
    DWORD bytes = 0;

    (void)state;
    fixture_send(BULK_IN, 3);

    assert_true(GetOverlappedResult(fixture.file, &io->overlapped, &bytes, TRUE));
    assert_int_equal(bytes, 3);
    assert_fails(WinUsb_GetOverlappedResult(fixture.handle, NULL, &bytes, FALSE),
                 ERROR_INVALID_PARAMETER);
    assert_fails(WinUsb_GetOverlappedResult(fixture.handle, &io->overlapped, NULL, FALSE),
                 ERROR_INVALID_PARAMETER);
    fixture_assert_brings(io, 0, 3);
}

static void synchronous_call_needs_no_place_for_the_length(void **state)
{
    UCHAR buffer[PACKET];

    (void)state;
    FIXTURE_SCRIPT({ 0, 3 }, { 0, 3 });

    assert_true(WinUsb_ReadPipe(fixture.handle, BULK_IN, buffer, PACKET, NULL, NULL));
    assert_true(WinUsb_WritePipe(fixture.handle, BULK_OUT, buffer, 3, NULL, NULL));
}

static void requests_are_used_again(void **state)
{
    (void)state;
    for (size_t i = 0; i < 100; i++) {
        struct fixture_io *io = fixture_begin_read(0, BULK_IN, 7);

        fixture_send(BULK_IN, 7);
        fixture_assert_brings(io, 7 * i, 7);
    }

    /* The event comes before the request is back among the idle ones. */
    assert_in_range(fixture.device->transfers, 1, 2);
}

/* --- Cancelling ------------------------------------------------------------------------------ */

static void one_request_is_cancelled_by_its_overlapped(void **state)
{
    (void)state;
    fixture_begin_read(0, BULK_IN, PACKET);
    fixture_begin_read(1, BULK_IN, PACKET);
    fixture_begin_write(2, BULK_OUT, PACKET);

    assert_true(CancelIoEx(fixture.file, &fixture_ios[1].overlapped));

    fixture_assert_ends(&fixture_ios[1], ERROR_OPERATION_ABORTED, 0);
    assert_int_equal(fake_usb_pending(BULK_IN), 1);
    assert_true(fixture_is_pending(&fixture_ios[0]));
    assert_true(fixture_is_pending(&fixture_ios[2]));
    assert_fails(CancelIoEx(fixture.file, &fixture_ios[1].overlapped), ERROR_NOT_FOUND);
    assert_fails(CancelIoEx(fixture.file, &fixture_ios[3].overlapped), ERROR_NOT_FOUND);
    assert_true(CancelIoEx(fixture.file, NULL));
    fixture_assert_ends(&fixture_ios[0], ERROR_OPERATION_ABORTED, 0);
    fixture_assert_ends(&fixture_ios[2], ERROR_OPERATION_ABORTED, 0);
    assert_fails(CancelIoEx(fixture.file, NULL), ERROR_NOT_FOUND);
}

static void request_that_has_not_begun_is_cancelled_at_once(void **state)
{
    (void)state;
    fixture_begin_read(0, BULK_IN, 10);
    fixture_begin_read(1, BULK_IN, 10);
    fixture_begin_read(2, BULK_IN, 10);
    fixture.device->keeps_cancelled = true;

    assert_true(CancelIoEx(fixture.file, &fixture_ios[1].overlapped));

    assert_false(fixture_is_pending(&fixture_ios[1]));
    assert_int_equal(fixture.device->cancels, 0);
    fixture_send(BULK_IN, PACKET);
    fixture_assert_brings(&fixture_ios[0], 0, 10);
    fixture_assert_ends(&fixture_ios[1], ERROR_OPERATION_ABORTED, 0);
    fixture_assert_brings(&fixture_ios[2], 10, 10);
}

static void cancelled_request_keeps_what_came_in_time(void **state)
{
    (void)state;
    fixture_begin_read(0, BULK_IN, 2 * PACKET);
    fixture_begin_read(1, BULK_IN, PACKET);
    fixture.device->keeps_cancelled = true;

    assert_true(CancelIoEx(fixture.file, &fixture_ios[0].overlapped));
    assert_true(CancelIoEx(fixture.file, &fixture_ios[1].overlapped));
    fake_usb_complete(fake_usb_oldest(BULK_IN), ERROR_OPERATION_ABORTED, PACKET);
    fake_usb_complete(fake_usb_oldest(BULK_IN), ERROR_SUCCESS, PACKET);

    fixture_assert_ends(&fixture_ios[0], ERROR_OPERATION_ABORTED, PACKET);
    fixture_assert_ends(&fixture_ios[1], ERROR_SUCCESS, PACKET);
}

static void cancelled_request_begins_no_other_transfer(void **state)
{
    (void)state;
    fixture_set_policy(BULK_IN, IGNORE_SHORT_PACKETS, 1);
    fixture_set_policy(BULK_IN, AUTO_CLEAR_STALL, 1);
    fixture_begin_read(0, BULK_IN, PACKET);
    fixture.device->keeps_cancelled = true;

    assert_true(CancelIoEx(fixture.file, &fixture_ios[0].overlapped));
    fixture_send(BULK_IN, 10);

    fixture_assert_ends(&fixture_ios[0], ERROR_OPERATION_ABORTED, 10);
    assert_int_equal(fixture.submissions, 1);
    assert_int_equal(fixture.device->halts, 0);
}

static void *read_in_a_thread(void *argument)
{
    const size_t *i = argument;

    fixture_begin_read(*i, BULK_IN, PACKET);
    return NULL;
}

static void cancel_io_ends_what_the_calling_thread_began(void **state)
{
    size_t one = 1;
    pthread_t thread;

    (void)state;
    fixture_begin_read(0, BULK_IN, PACKET);
    assert_int_equal(pthread_create(&thread, NULL, read_in_a_thread, &one), 0);
    fake_usb_await(BULK_IN, 2);

    assert_true(CancelIo(fixture.file));

    fixture_assert_ends(&fixture_ios[0], ERROR_OPERATION_ABORTED, 0);
    assert_int_equal(fake_usb_pending(BULK_IN), 1);
    assert_true(fixture_is_pending(&fixture_ios[1]));
    assert_true(CancelIo(fixture.file)); /* there are none: no error */
    pthread_join(thread, NULL);
    assert_true(CancelIoEx(fixture.file, NULL));
    fixture_assert_ends(&fixture_ios[1], ERROR_OPERATION_ABORTED, 0);
}

static void cancelling_needs_an_open_file(void **state)
{
    const HANDLE none[] = { NULL, INVALID_HANDLE_VALUE, &fixture_ios, fixture.handle };

    (void)state;

    for (size_t i = 0; i < 4; i++) {
        assert_fails(CancelIo(none[i]), ERROR_INVALID_HANDLE);
        assert_fails(CancelIoEx(none[i], NULL), ERROR_INVALID_HANDLE);
    }
    assert_true(WinUsb_Free(fixture.handle));
    assert_true(CancelIo(fixture.file));
    assert_fails(CancelIoEx(fixture.file, NULL), ERROR_NOT_FOUND);
    assert_true(CloseHandle(fixture.file));
    assert_fails(CancelIo(fixture.file), ERROR_INVALID_HANDLE);
    assert_fails(CancelIoEx(fixture.file, NULL), ERROR_INVALID_HANDLE);
}

static atomic_bool has_ended;

/* Ends what was cancelled, but not at once. */
static void *end_cancelled(void *argument)
{
    (void)argument;
    while (fixture.device->cancels == 0)
        sched_yield();
    has_ended = true;
    fixture_end(BULK_IN, ERROR_OPERATION_ABORTED);
    return NULL;
}

static void start_to_end_cancelled(pthread_t *thread)
{
    has_ended = false;
    fixture.device->keeps_cancelled = true;
    assert_int_equal(pthread_create(thread, NULL, end_cancelled, NULL), 0);
}

static void aborting_returns_when_all_have_ended(void **state)
{
    pthread_t thread;

    (void)state;
    fixture_begin_read(0, BULK_IN, 10);
    fixture_begin_read(1, BULK_IN, 10);
    fixture_begin_write(2, BULK_OUT, 10);
    start_to_end_cancelled(&thread);

    assert_true(WinUsb_AbortPipe(fixture.handle, BULK_IN));

    assert_true(has_ended);
    assert_false(fixture_is_pending(&fixture_ios[0]));
    assert_false(fixture_is_pending(&fixture_ios[1]));
    assert_true(fixture_is_pending(&fixture_ios[2]));
    pthread_join(thread, NULL);
    fixture_assert_ends(&fixture_ios[0], ERROR_OPERATION_ABORTED, 0);
    fixture_assert_ends(&fixture_ios[1], ERROR_OPERATION_ABORTED, 0);
    fixture_send(BULK_OUT, 10);
    fixture_assert_ends(&fixture_ios[2], ERROR_SUCCESS, 10);
    assert_true(WinUsb_AbortPipe(fixture.handle, BULK_IN)); /* there are none: no error */
    assert_int_equal(fixture.device->halts, 0);
}

static void resetting_cancels_waits_and_clears_the_halt(void **state)
{
    pthread_t thread;

    (void)state;
    fixture_begin_read(0, BULK_IN, 10);
    fixture_begin_read(1, BULK_IN, 10);
    start_to_end_cancelled(&thread);

    assert_true(WinUsb_ResetPipe(fixture.handle, BULK_IN));

    assert_true(has_ended);
    assert_int_equal(fixture.device->halts, 1);
    assert_int_equal(fixture.submissions, 1);
    pthread_join(thread, NULL);
    fixture_assert_ends(&fixture_ios[0], ERROR_OPERATION_ABORTED, 0);
    fixture_assert_ends(&fixture_ios[1], ERROR_OPERATION_ABORTED, 0);
    fixture_begin_read(0, BULK_IN, 10);
    fixture_send(BULK_IN, 3);
    fixture_assert_brings(&fixture_ios[0], 0, 3);
}

static void control_pipe_is_reset_without_the_device(void **state)
{
    (void)state;

    assert_true(WinUsb_ResetPipe(fixture.handle, 0));
    fixture_select(2);
    assert_true(WinUsb_ResetPipe(fixture.handle, ISOCH_IN));

    assert_int_equal(fixture.device->halts, 0);
}

static void failure_to_reset_is_told(void **state)
{
    (void)state;
    fixture.device->halt_error = ERROR_GEN_FAILURE;

    assert_fails(WinUsb_ResetPipe(fixture.handle, BULK_IN), ERROR_GEN_FAILURE);

    FIXTURE_SCRIPT({ 0, 3 });
    fixture_assert_brings(fixture_begin_read(0, BULK_IN, 10), 0, 3);
}

static void asynchronous_calls_end_as_overlapped_ones_do(void **state)
{
    struct fixture_io *io = fixture_prepare(0, TRUE);

    (void)state;
    fixture_begin_read(1, BULK_IN, PACKET);

    assert_fails(WinUsb_AbortPipeAsync(fixture.handle, BULK_IN, &io->overlapped), ERROR_IO_PENDING);
    fixture_assert_ends(&fixture_ios[1], ERROR_OPERATION_ABORTED, 0);
    fixture_assert_ends(io, ERROR_SUCCESS, 0);
    io = fixture_prepare(0, TRUE);
    assert_fails(WinUsb_ResetPipeAsync(fixture.handle, 0x8F, &io->overlapped), ERROR_IO_PENDING);
    fixture_assert_ends(io, ERROR_INVALID_PARAMETER, 0);
    io = fixture_prepare(0, TRUE);
    assert_fails(WinUsb_SetCurrentAlternateSettingAsync(fixture.handle, 1, &io->overlapped),
                 ERROR_IO_PENDING);
    fixture_assert_ends(io, ERROR_SUCCESS, 0);
    fixture_begin_read(1, BULK_IN, PACKET);
    io = fixture_prepare(0, TRUE);
    assert_fails(WinUsb_SetCurrentAlternateSettingAsync(fixture.handle, 0, &io->overlapped),
                 ERROR_IO_PENDING);
    fixture_assert_ends(io, ERROR_BUSY, 0);
    assert_true(WinUsb_AbortPipe(fixture.handle, BULK_IN));
    fixture_assert_ends(&fixture_ios[1], ERROR_OPERATION_ABORTED, 0);
    assert_true(WinUsb_ResetPipeAsync(fixture.handle, BULK_IN, NULL));
    assert_true(WinUsb_AbortPipeAsync(fixture.handle, BULK_IN, NULL));
    assert_fails(WinUsb_AbortPipeAsync(fixture.handle, 0x8F, NULL), ERROR_INVALID_PARAMETER);

    assert_int_equal(fixture.device->halts, 1);
    assert_int_equal(fixture.device->alternates, 1);
}

/* --- Closing --------------------------------------------------------------------------------- */

static void begin_many(void)
{
    for (size_t i = 0; i < IOS; i++)
        fixture_begin_read(i, BULK_IN, i % 2 == 0 ? PACKET : 10);
}

static void nothing_is_touched_once_the_handle_is_freed(void **state)
{
    static struct fixture_io poison[IOS];

    (void)state;
    memset(poison, 0xA5, sizeof(poison));
    begin_many();
    for (size_t i = 0; i < IOS; i++)
        CloseHandle(fixture_ios[i].overlapped.hEvent);

    assert_true(WinUsb_Free(fixture.handle));
    memcpy(fixture_ios, poison, sizeof(fixture_ios));
    assert_true(CloseHandle(fixture.file));

    assert_true(fake_usb_is_idle());
    assert_memory_equal(fixture_ios, poison, sizeof(fixture_ios));
}

static void all_have_ended_when_the_handle_is_freed(void **state)
{
    (void)state;
    begin_many();

    assert_true(WinUsb_Free(fixture.handle));

    for (size_t i = 0; i < IOS; i++) {
        assert_false(fixture_is_pending(&fixture_ios[i]));
        assert_int_equal(WaitForSingleObject(fixture_ios[i].overlapped.hEvent, 0), WAIT_OBJECT_0);
        CloseHandle(fixture_ios[i].overlapped.hEvent);
    }
    assert_fails(WinUsb_ReadPipe(fixture.handle, BULK_IN, fixture_ios[0].buffer, 10, NULL, NULL),
                 ERROR_INVALID_HANDLE);
}

static void all_have_ended_when_the_file_is_closed(void **state)
{
    (void)state;
    begin_many();

    assert_true(CloseHandle(fixture.file));

    for (size_t i = 0; i < IOS; i++) {
        assert_false(fixture_is_pending(&fixture_ios[i]));
        CloseHandle(fixture_ios[i].overlapped.hEvent);
    }
    assert_true(WinUsb_Free(fixture.handle));
}

static DWORD result_of_wait;

static void *wait_by_the_file(void *argument)
{
    DWORD bytes;

    (void)argument;
    SetLastError(ERROR_SUCCESS);
    WinUsb_GetOverlappedResult(fixture.handle, &fixture_ios[0].overlapped, &bytes, TRUE);
    result_of_wait = GetLastError();
    return NULL;
}

static void closing_wakes_who_waits(void **state)
{
    pthread_t thread;

    (void)state;

    for (int i = 0; i < 50; i++) {
        struct fixture_io *io = fixture_prepare(0, TRUE);

        CloseHandle(io->overlapped.hEvent);
        io->overlapped.hEvent = NULL;
        assert_fails(
            WinUsb_ReadPipe(fixture.handle, BULK_IN, io->buffer, PACKET, NULL, &io->overlapped),
            ERROR_IO_PENDING);
        assert_int_equal(pthread_create(&thread, NULL, wait_by_the_file, NULL), 0);
        assert_true(CloseHandle(fixture.file));
        pthread_join(thread, NULL);
        assert_true(result_of_wait == ERROR_OPERATION_ABORTED ||
                    result_of_wait == ERROR_INVALID_HANDLE);
        data_fixture_tear_down(state);
        assert_int_equal(data_fixture_set_up(state), 0);
    }
}

static void other_handles_keep_their_requests(void **state)
{
    struct fixture_io *io = fixture_prepare(1, TRUE);
    HANDLE other;

    (void)state;
    assert_true(WinUsb_GetAssociatedInterface(fixture.handle, 0, &other));
    fixture_begin_read(0, BULK_IN, PACKET);
    assert_fails(WinUsb_ReadPipe(other, BULK_IN, io->buffer, PACKET, NULL, &io->overlapped),
                 ERROR_IO_PENDING);

    assert_true(WinUsb_Free(other));

    fixture_assert_ends(io, ERROR_OPERATION_ABORTED, 0);
    assert_true(fixture_is_pending(&fixture_ios[0]));
    fixture_send(BULK_IN, 5);
    fixture_assert_brings(&fixture_ios[0], 0, 5);
}

/* --- Synchronous calls beside them ----------------------------------------------------------- */

struct call {
    UCHAR pipe;
    ULONG length, got;
    DWORD error;
    UCHAR buffer[4 * PACKET];
    pthread_t thread;
};

static void *read_synchronously(void *argument)
{
    struct call *call = argument;

    SetLastError(ERROR_SUCCESS);
    WinUsb_ReadPipe(fixture.handle, call->pipe, call->buffer, call->length, &call->got, NULL);
    call->error = GetLastError();
    return NULL;
}

static void start(struct call *call)
{
    assert_int_equal(pthread_create(&call->thread, NULL, read_synchronously, call), 0);
}

static void assert_returns(struct call *call, DWORD error, ULONG bytes)
{
    pthread_join(call->thread, NULL);
    assert_int_equal(call->error, error);
    assert_int_equal(call->got, bytes);
}

static void synchronous_calls_on_other_pipes_do_not_wait(void **state)
{
    UCHAR buffer[PACKET] = { 0 };
    ULONG got = 0;

    (void)state;
    fixture_begin_read(0, BULK_IN, PACKET);
    fixture_begin_read(1, BULK_IN, 10);
    FIXTURE_SCRIPT({ 0, 5 }, { 0, 5 });

    assert_true(WinUsb_WritePipe(fixture.handle, BULK_OUT, buffer, 5, &got, NULL));
    assert_true(WinUsb_ReadPipe(fixture.handle, OTHER_IN, buffer, PACKET, &got, NULL));

    assert_int_equal(got, 5);
    assert_true(fixture_is_pending(&fixture_ios[0]));
    assert_true(WinUsb_AbortPipe(fixture.handle, BULK_IN));
    fixture_assert_ends(&fixture_ios[0], ERROR_OPERATION_ABORTED, 0);
    fixture_assert_ends(&fixture_ios[1], ERROR_OPERATION_ABORTED, 0);
}

static void synchronous_read_takes_its_turn(void **state)
{
    struct call call = { .pipe = BULK_IN, .length = 10 };

    (void)state;
    fixture_begin_read(0, BULK_IN, 10);
    start(&call);
    fixture_send(BULK_IN, PACKET);

    fixture_assert_brings(&fixture_ios[0], 0, 10);
    assert_returns(&call, ERROR_SUCCESS, 10);
    assert_true(fixture_is_data(call.buffer, 10, 10));
}

static void overlapped_read_takes_its_turn(void **state)
{
    struct call call = { .pipe = BULK_IN, .length = 10 };

    (void)state;
    start(&call);
    fake_usb_await(BULK_IN, 1);
    fixture_begin_read(0, BULK_IN, PACKET);
    assert_int_equal(fake_usb_pending(BULK_IN), 1);

    fixture_send(BULK_IN, 10);
    assert_returns(&call, ERROR_SUCCESS, 10);
    fake_usb_await(BULK_IN, 1);
    fixture_send(BULK_IN, 3);

    fixture_assert_brings(&fixture_ios[0], 10, 3);
}

static void synchronous_reads_follow_each_other(void **state)
{
    struct call calls[3] = { 0 };
    size_t sum = 0;

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        calls[i] = (struct call){ .pipe = BULK_IN, .length = 10 };
        start(&calls[i]);
    }
    for (size_t i = 0; i < 3; i++) {
        fake_usb_await(BULK_IN, 1);
        fixture_send(BULK_IN, 10);
    }

    for (size_t i = 0; i < 3; i++) {
        assert_returns(&calls[i], ERROR_SUCCESS, 10);
        sum += calls[i].buffer[0];
    }
    assert_int_equal(sum, fixture_byte(0) + fixture_byte(10) + fixture_byte(20));
}

static void aborting_ends_synchronous_calls(void **state)
{
    struct call call = { .pipe = BULK_IN, .length = 10, .got = 77 };

    (void)state;
    start(&call);
    fake_usb_await(BULK_IN, 1);

    assert_true(WinUsb_AbortPipe(fixture.handle, BULK_IN));

    assert_returns(&call, ERROR_OPERATION_ABORTED, 0);
}

static void freeing_ends_synchronous_calls(void **state)
{
    struct call call = { .pipe = BULK_IN, .length = 10, .got = 77 };

    (void)state;
    start(&call);
    fake_usb_await(BULK_IN, 1);

    assert_true(WinUsb_Free(fixture.handle));

    assert_returns(&call, ERROR_OPERATION_ABORTED, 0);
}

/* --- Unplugging ------------------------------------------------------------------------------ */

static void all_end_when_the_device_is_gone(void **state)
{
    struct call call = { .pipe = OTHER_IN, .length = PACKET };

    (void)state;
    fixture_set_policy(BULK_IN, AUTO_CLEAR_STALL, 1);
    begin_many();
    start(&call);
    fake_usb_await(OTHER_IN, 1);

    fake_usb_unplug(fixture.device);

    for (size_t i = 0; i < IOS; i++)
        fixture_assert_ends(&fixture_ios[i], ERROR_DEVICE_NOT_CONNECTED, 0);
    assert_returns(&call, ERROR_DEVICE_NOT_CONNECTED, 0);
    fixture_assert_ends(fixture_begin_read(0, BULK_IN, 10), ERROR_DEVICE_NOT_CONNECTED, 0);
    assert_fails(WinUsb_ReadPipe(fixture.handle, BULK_IN, fixture_ios[0].buffer, 10, NULL, NULL),
                 ERROR_DEVICE_NOT_CONNECTED);
}

/* --- Settings -------------------------------------------------------------------------------- */

static void setting_is_not_changed_under_a_request(void **state)
{
    UCHAR setting = 77;

    (void)state;
    fixture_set_policy(BULK_OUT, SHORT_PACKET_TERMINATE, 1);
    fixture_begin_read(0, BULK_IN, PACKET);

    assert_fails(WinUsb_SetCurrentAlternateSetting(fixture.handle, 1), ERROR_BUSY);

    assert_true(WinUsb_GetCurrentAlternateSetting(fixture.handle, &setting));
    assert_int_equal(setting, 0);
    assert_int_equal(fixture.device->alternates, 0);
    FIXTURE_SCRIPT({ 0, 5 });
    fixture_assert_ends(fixture_begin_write(1, BULK_OUT, 5), ERROR_SUCCESS, 5);
    assert_true(fixture.log[0].zero_packet);
    fixture_send(BULK_IN, 5);
    fixture_assert_brings(&fixture_ios[0], 0, 5);
    fixture_select(1);
}

static void other_interfaces_requests_do_not_matter(void **state)
{
    (void)state;
    fixture_begin_read(0, OTHER_IN, PACKET);

    fixture_select(1);

    fixture_send(OTHER_IN, 5);
    fixture_assert_brings(&fixture_ios[0], 0, 5);
}

static void setting_may_be_changed_once_the_last_event_is_set(void **state)
{
    (void)state;

    for (UCHAR i = 0; i < 200; i++) {
        struct fixture_io *io = fixture_begin_read(0, BULK_IN, PACKET);

        fake_usb_complete(fake_usb_oldest(BULK_IN), ERROR_SUCCESS, 0);
        WaitForSingleObject(io->overlapped.hEvent, INFINITE);
        fixture_select(i % 2);
        fixture_assert_ends(io, ERROR_SUCCESS, 0);
    }
}

static void select_larger_packets(void)
{
    fixture.device->during_new = NULL;
    fixture_select(1);
}

static void setting_changed_while_a_read_is_made_ends_it(void **state)
{
    UCHAR buffer[512];
    ULONG got = 77;

    (void)state;
    fixture.device->during_new = select_larger_packets;
    FIXTURE_SCRIPT({ 0, 512 });

    assert_fails(WinUsb_ReadPipe(fixture.handle, BULK_IN, buffer, 10, &got, NULL),
                 ERROR_OPERATION_ABORTED);

    assert_int_equal(got, 0);
    assert_int_equal(fixture.submissions, 0);
    assert_true(WinUsb_ReadPipe(fixture.handle, BULK_IN, buffer, 10, &got, NULL));
    assert_true(WinUsb_ReadPipe(fixture.handle, BULK_IN, buffer + 10, 502, &got, NULL));
    assert_true(fixture_is_data(buffer, 0, 512));
}

static void select_nothing(void)
{
    fixture.device->during_new = NULL;
    fixture_select(2);
}

static void pipe_closed_while_a_request_is_made_ends_it(void **state)
{
    (void)state;
    fixture.device->during_new = select_nothing;

    fixture_assert_ends(fixture_begin_read(0, BULK_IN, PACKET), ERROR_OPERATION_ABORTED, 0);

    assert_int_equal(fixture.submissions, 0);
}

/* --- All at once: ThreadSanitizer's turn above all ------------------------------------------- */

enum { ROUNDS = 300, READERS = 3 };

static atomic_bool over;
static atomic_int wrong;

static void submitted_under_load(struct fake_usb_transfer *transfer)
{
    static atomic_uint count;

    if (++count % 3 != 0)
        fake_usb_complete(transfer, count % 7 == 0 ? ERROR_GEN_FAILURE : ERROR_SUCCESS, 0);
}

static void *read_and_cancel(void *argument)
{
    UCHAR buffer[PACKET];
    OVERLAPPED overlapped = { .hEvent = CreateEventA(NULL, FALSE, FALSE, NULL) };

    (void)argument;

    for (int i = 0; i < ROUNDS; i++) {
        DWORD bytes;

        WinUsb_ReadPipe(fixture.handle, i % 3 == 0 ? OTHER_IN : BULK_IN, buffer,
                        i % 2 == 0 ? PACKET : 10, NULL, &overlapped);
        if (GetLastError() == ERROR_INVALID_PARAMETER)
            continue; /* the setting is just being changed */
        wrong += GetLastError() != ERROR_IO_PENDING;
        CancelIoEx(fixture.file, &overlapped);
        wrong += WaitForSingleObject(overlapped.hEvent, INFINITE) != WAIT_OBJECT_0;
        wrong += !WinUsb_GetOverlappedResult(fixture.handle, &overlapped, &bytes, TRUE) &&
                 GetLastError() != ERROR_OPERATION_ABORTED && GetLastError() != ERROR_GEN_FAILURE;
        wrong += WaitForSingleObject(overlapped.hEvent, 0) != WAIT_TIMEOUT;
    }
    CloseHandle(overlapped.hEvent);
    return NULL;
}

static void *read_and_write(void *argument)
{
    UCHAR buffer[PACKET] = { 0 };

    (void)argument;
    while (!over) {
        WinUsb_ReadPipe(fixture.handle, BULK_IN, buffer, 10, NULL, NULL);
        WinUsb_WritePipe(fixture.handle, BULK_OUT, buffer, PACKET, NULL, NULL);
    }
    return NULL;
}

static void *change_things(void *argument)
{
    UCHAR clear = 0;

    (void)argument;
    while (!over) {
        clear = !clear;
        WinUsb_SetPipePolicy(fixture.handle, BULK_IN, AUTO_CLEAR_STALL, 1, &clear);
        WinUsb_SetPipePolicy(fixture.handle, BULK_IN, IGNORE_SHORT_PACKETS, 1, &clear);
        WinUsb_ResetPipe(fixture.handle, BULK_IN);
        WinUsb_AbortPipe(fixture.handle, BULK_OUT);
        WinUsb_FlushPipe(fixture.handle, BULK_IN);
        WinUsb_SetCurrentAlternateSetting(fixture.handle, clear);
    }
    return NULL;
}

static void each_request_ends_once_whatever_else_happens(void **state)
{
    pthread_t readers[READERS], writer, changer;

    (void)state;
    over = false;
    fixture.device->submitted = submitted_under_load;
    for (size_t i = 0; i < READERS; i++)
        assert_int_equal(pthread_create(&readers[i], NULL, read_and_cancel, NULL), 0);
    assert_int_equal(pthread_create(&writer, NULL, read_and_write, NULL), 0);
    assert_int_equal(pthread_create(&changer, NULL, change_things, NULL), 0);

    for (size_t i = 0; i < READERS; i++)
        pthread_join(readers[i], NULL);
    over = true;
    pthread_join(changer, NULL);
    assert_true(WinUsb_Free(fixture.handle));
    pthread_join(writer, NULL);
    fixture.device->submitted = NULL;

    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(accepted_requests_are_pending_however_soon_they_end),
        fixture_test(pending_request_says_so),
        fixture_test(result_is_there_when_the_event_is),
        fixture_test(failed_submission_ends_the_request),
        fixture_test(refused_request_touches_nothing),
        fixture_test(file_stands_for_a_missing_event),
        fixture_test(request_whose_event_is_closed_is_not_begun),
        fixture_test(low_bit_of_an_event_is_none_of_it),
        fixture_test(auto_reset_event_may_be_waited_for_first),
        fixture_test(place_for_the_length_is_left_alone),
        fixture_test(other_ways_to_the_result_give_the_same),
        fixture_test(synchronous_call_needs_no_place_for_the_length),
        fixture_test(requests_are_used_again),
        fixture_test(one_request_is_cancelled_by_its_overlapped),
        fixture_test(request_that_has_not_begun_is_cancelled_at_once),
        fixture_test(cancelled_request_keeps_what_came_in_time),
        fixture_test(cancelled_request_begins_no_other_transfer),
        fixture_test(cancel_io_ends_what_the_calling_thread_began),
        fixture_test(cancelling_needs_an_open_file),
        fixture_test(aborting_returns_when_all_have_ended),
        fixture_test(resetting_cancels_waits_and_clears_the_halt),
        fixture_test(control_pipe_is_reset_without_the_device),
        fixture_test(failure_to_reset_is_told),
        fixture_test(asynchronous_calls_end_as_overlapped_ones_do),
        fixture_test(nothing_is_touched_once_the_handle_is_freed),
        fixture_test(all_have_ended_when_the_handle_is_freed),
        fixture_test(all_have_ended_when_the_file_is_closed),
        fixture_test(closing_wakes_who_waits),
        fixture_test(other_handles_keep_their_requests),
        fixture_test(synchronous_calls_on_other_pipes_do_not_wait),
        fixture_test(synchronous_read_takes_its_turn),
        fixture_test(overlapped_read_takes_its_turn),
        fixture_test(synchronous_reads_follow_each_other),
        fixture_test(aborting_ends_synchronous_calls),
        fixture_test(freeing_ends_synchronous_calls),
        fixture_test(all_end_when_the_device_is_gone),
        fixture_test(setting_is_not_changed_under_a_request),
        fixture_test(other_interfaces_requests_do_not_matter),
        fixture_test(setting_may_be_changed_once_the_last_event_is_set),
        fixture_test(setting_changed_while_a_read_is_made_ends_it),
        fixture_test(pipe_closed_while_a_request_is_made_ends_it),
        fixture_test(each_request_ends_once_whatever_else_happens),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
