/* memory.c, request.c: requests for which the kernel has no memory just now. */
#include "cmocka_all.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "data_fixture.h"

enum {
    ROOM = 4,                   /* transfers of a packet, for which there is memory in most tests */
    TOLD = 0x10000,             /* [bytes] of memory that the kernel tells of in some */
    READS = 26,                 /* of one packet, that take half of what is ours of it */
    PART = 4096,                /* [bytes] of a write then, */
    WRITES = 10,                /* as many of which find room */
    LONGEST = TOLD / 8 * 7 / 4, /* [bytes] of a transfer then */
};

static void end_all(size_t count, DWORD error)
{
    for (size_t i = 0; i < count; i++)
        fixture_assert_ends(&fixture_ios[i], error, 0);
}

/* Fills the memory with reads that the device does not answer. */
static void fill_memory(void)
{
    fake_usb_memory = ROOM * PACKET;
    for (size_t i = 0; i < ROOM; i++)
        fixture_begin_read(i, BULK_IN, PACKET);
    assert_int_equal(fake_usb_pending(BULK_IN), ROOM);
}

static void abort_reads(void)
{
    assert_true(WinUsb_AbortPipe(fixture.handle, BULK_IN));
    end_all(ROOM, ERROR_OPERATION_ABORTED);
}

/* The first has brought a byte. */
static void end_reads_but_the_first(void)
{
    fixture_assert_brings(&fixture_ios[0], 0, 1);
    assert_true(WinUsb_AbortPipe(fixture.handle, BULK_IN));
    for (size_t i = 1; i < ROOM; i++)
        fixture_assert_ends(&fixture_ios[i], ERROR_OPERATION_ABORTED, 0);
}

/* A synchronous write of a packet, in a thread. */
struct writer {
    pthread_t thread;
    DWORD error;
    ULONG sent;
};

static void *write_packet(void *argument)
{
    struct writer *writer = argument;
    UCHAR data[PACKET] = { 0 };

    SetLastError(ERROR_SUCCESS);
    WinUsb_WritePipe(fixture.handle, BULK_OUT, data, sizeof(data), &writer->sent, NULL);
    writer->error = GetLastError();
    return NULL;
}

static void start(struct writer *writer)
{
    assert_int_equal(pthread_create(&writer->thread, NULL, write_packet, writer), 0);
}

static void assert_wrote(struct writer *writer)
{
    pthread_join(writer->thread, NULL);
    assert_int_equal(writer->error, ERROR_SUCCESS);
    assert_int_equal(writer->sent, PACKET);
}

/* --- Waiting --------------------------------------------------------------------------------- */

static void reads_wait_for_memory_in_their_order(void **state)
{
    (void)state;
    fill_memory();
    for (size_t i = ROOM; i < IOS; i++)
        fixture_begin_read(i, BULK_IN, PACKET);

    assert_int_equal(fake_usb_pending(BULK_IN), ROOM);

    for (size_t i = 0; i < IOS; i++) {
        fake_usb_await(BULK_IN, i + ROOM < IOS ? ROOM : (int)(IOS - i));
        fixture_send(BULK_IN, 3);
        fixture_assert_brings(&fixture_ios[i], 3 * i, 3);
    }
}

static void write_begins_when_a_read_has_ended(void **state)
{
    struct fixture_io *io;

    (void)state;
    fill_memory();
    io = fixture_begin_write(ROOM, BULK_OUT, PACKET);
    assert_int_equal(fake_usb_pending(BULK_OUT), 0);
    assert_true(fixture_is_pending(io));

    fixture_send(BULK_IN, 1);
    fake_usb_await(BULK_OUT, 1);
    fixture_send(BULK_OUT, PACKET);

    fixture_assert_ends(io, ERROR_SUCCESS, PACKET);
    end_reads_but_the_first();
}

static void synchronous_write_waits_too(void **state)
{
    struct writer writer;

    (void)state;
    fill_memory();
    start(&writer);
    fixture_send(BULK_IN, 1);

    fake_usb_await(BULK_OUT, 1);
    fixture_send(BULK_OUT, PACKET);

    assert_wrote(&writer);
    end_reads_but_the_first();
}

/* Nothing of ours ends: who has given the memory back is another program. */
static void memory_that_another_program_gives_back_is_found(void **state)
{
    struct writer writer;
    struct fixture_io *io;

    (void)state;
    fill_memory();
    io = fixture_begin_write(ROOM, BULK_OUT, PACKET);
    fake_usb_memory += PACKET;
    fake_usb_await(BULK_OUT, 1);
    fixture_send(BULK_OUT, PACKET);
    fixture_assert_ends(io, ERROR_SUCCESS, PACKET);

    fake_usb_memory -= PACKET;
    start(&writer);
    fake_usb_memory += PACKET;
    fake_usb_await(BULK_OUT, 1);
    fixture_send(BULK_OUT, PACKET);
    assert_wrote(&writer);

    abort_reads();
}

static void await_one_that_waits(UCHAR address)
{
    struct wu_device *device = wu_device_find(fixture.file);
    struct wu_pipe *pipe = wu_pipe_of(device, address);
    bool waits = false;

    while (!waits) {
        wu_host_mutex_lock(&pipe->lock);
        waits = pipe->waiting != NULL;
        wu_host_mutex_unlock(&pipe->lock);
    }
    wu_device_release(device);
}

static struct writer late_writer;

static void start_late_writer(void)
{
    start(&late_writer);
    await_one_that_waits(BULK_OUT);
    fake_usb_memory = PACKET;
}

/* When its turn comes, it is another thread that finds no memory for it. */
static void synchronous_write_that_waited_for_its_turn_waits_on(void **state)
{
    (void)state;
    fixture_begin_read(0, BULK_IN, PACKET);
    fixture.device->during_halt = start_late_writer;
    assert_true(WinUsb_ResetPipe(fixture.handle, BULK_OUT));
    assert_int_equal(fake_usb_pending(BULK_OUT), 0);

    fake_usb_memory += PACKET;
    fake_usb_await(BULK_OUT, 1);
    fixture_send(BULK_OUT, PACKET);

    assert_wrote(&late_writer);
    assert_true(WinUsb_AbortPipe(fixture.handle, BULK_IN));
    end_all(1, ERROR_OPERATION_ABORTED);
}

static void control_transfers_wait_too(void **state)
{
    const WINUSB_SETUP_PACKET setup = { 0x40, 1, 2, 3, 8 };
    struct fixture_io *io = fixture_prepare(ROOM, TRUE);

    (void)state;
    fill_memory();
    assert_fails(
        WinUsb_ControlTransfer(fixture.handle, setup, io->buffer, 8, NULL, &io->overlapped),
        ERROR_IO_PENDING);
    assert_int_equal(fake_usb_pending(0), 0);

    abort_reads();
    fake_usb_await(0, 1);
    fixture_send(0, 8);

    fixture_assert_ends(io, ERROR_SUCCESS, 8);
}

static void timeout_runs_while_a_request_waits(void **state)
{
    struct fixture_io *io;
    struct writer writer;

    (void)state;
    fill_memory();
    fixture_set_policy(BULK_OUT, PIPE_TRANSFER_TIMEOUT, 20);

    io = fixture_begin_write(ROOM, BULK_OUT, PACKET);
    fixture_assert_ends(io, ERROR_SEM_TIMEOUT, 0);
    start(&writer);
    pthread_join(writer.thread, NULL);

    assert_int_equal(writer.error, ERROR_SEM_TIMEOUT);
    assert_int_equal(writer.sent, 0);
    abort_reads();
}

/* A write of two transfers: the second finds no memory, and what is behind it stays there. */
static void request_goes_on_when_memory_comes_back(void **state)
{
    static UCHAR data[FAST_LIMIT + PACKET];
    struct fixture_io *first = fixture_prepare(0, TRUE), *second;

    (void)state;
    fixture_begin_read(1, BULK_IN, PACKET);
    memset(data, 'A', sizeof(data));
    assert_fails(
        WinUsb_WritePipe(fixture.handle, BULK_OUT, data, sizeof(data), NULL, &first->overlapped),
        ERROR_IO_PENDING);
    second = fixture_begin_write(2, BULK_OUT, PACKET);
    fake_usb_memory = PACKET;

    fixture_send(BULK_OUT, FAST_LIMIT);
    fixture_send(BULK_IN, 1);
    fixture_assert_brings(&fixture_ios[1], 0, 1);
    fake_usb_await(BULK_OUT, 1);
    fixture_send(BULK_OUT, PACKET);
    fixture_assert_ends(first, ERROR_SUCCESS, sizeof(data));
    fake_usb_await(BULK_OUT, 1);
    fixture_send(BULK_OUT, PACKET);
    fixture_assert_ends(second, ERROR_SUCCESS, PACKET);

    assert_int_equal(fixture.received_size, sizeof(data) + PACKET);
    assert_memory_equal(fixture.received, data, sizeof(data));
    assert_int_equal(fixture.received[sizeof(data)], 'A' + 2);
}

/* It would take all again with each of its transfers. */
static void what_waits_comes_before_what_goes_on(void **state)
{
    static UCHAR data[2 * FAST_LIMIT];
    struct fixture_io *first = fixture_prepare(0, TRUE), *second = fixture_prepare(1, TRUE);

    (void)state;
    fake_usb_memory = FAST_LIMIT;
    assert_fails(
        WinUsb_WritePipe(fixture.handle, BULK_OUT, data, 2 * FAST_LIMIT, NULL, &first->overlapped),
        ERROR_IO_PENDING);
    assert_fails(
        WinUsb_WritePipe(fixture.handle, OTHER_OUT, data, FAST_LIMIT, NULL, &second->overlapped),
        ERROR_IO_PENDING);

    fixture_send(BULK_OUT, FAST_LIMIT);
    fake_usb_await(OTHER_OUT, 1);
    assert_int_equal(fake_usb_oldest(OTHER_OUT)->submission.length, FAST_LIMIT);
    fixture_send(OTHER_OUT, FAST_LIMIT);
    fake_usb_await(BULK_OUT, 1);
    fixture_send(BULK_OUT, FAST_LIMIT);

    fixture_assert_ends(first, ERROR_SUCCESS, 2 * FAST_LIMIT);
    fixture_assert_ends(second, ERROR_SUCCESS, FAST_LIMIT);
}

static void what_waits_can_be_cancelled(void **state)
{
    struct fixture_io *io;

    (void)state;
    fill_memory();

    io = fixture_begin_write(ROOM, BULK_OUT, PACKET);
    assert_true(WinUsb_AbortPipe(fixture.handle, BULK_OUT));
    fixture_assert_ends(io, ERROR_OPERATION_ABORTED, 0);
    io = fixture_begin_write(ROOM, BULK_OUT, PACKET);
    assert_true(CancelIoEx(fixture.file, &io->overlapped));
    fixture_assert_ends(io, ERROR_OPERATION_ABORTED, 0);

    assert_int_equal(fake_usb_pending(BULK_OUT), 0);
    abort_reads();
}

static void free_ends_what_waits(void **state)
{
    (void)state;
    fill_memory();
    for (size_t i = ROOM; i < IOS; i++)
        if (i % 2 == 0)
            fixture_begin_write(i, BULK_OUT, PACKET);
        else
            fixture_begin_read(i, BULK_IN, PACKET);

    assert_true(WinUsb_Free(fixture.handle));

    for (size_t i = 0; i < IOS; i++) {
        DWORD bytes = 7;

        assert_false(fixture_is_pending(&fixture_ios[i]));
        assert_fails(GetOverlappedResult(fixture.file, &fixture_ios[i].overlapped, &bytes, FALSE),
                     ERROR_OPERATION_ABORTED);
        CloseHandle(fixture_ios[i].overlapped.hEvent);
    }
}

/* --- No end to it ---------------------------------------------------------------------------- */

static void shortage_that_cannot_end_is_an_error(void **state)
{
    struct writer writer;

    (void)state;
    fake_usb_memory = PACKET - 1;

    fixture_assert_ends(fixture_begin_write(0, BULK_OUT, PACKET), ERROR_NOT_ENOUGH_MEMORY, 0);
    fixture_assert_ends(fixture_begin_read(0, BULK_IN, PACKET), ERROR_NOT_ENOUGH_MEMORY, 0);
    start(&writer);
    pthread_join(writer.thread, NULL);

    assert_int_equal(writer.error, ERROR_NOT_ENOUGH_MEMORY);
}

/* Those that waited for the last transfer end with it. */
static void shortage_becomes_an_error_when_nothing_runs_any_more(void **state)
{
    (void)state;
    fake_usb_memory = PACKET;
    fixture_begin_read(0, BULK_IN, PACKET);
    fixture_begin_write(1, BULK_OUT, PACKET);
    fixture_begin_write(2, BULK_OUT, PACKET);
    fake_usb_memory = 1;

    fixture_send(BULK_IN, 1);

    fixture_assert_brings(&fixture_ios[0], 0, 1);
    fixture_assert_ends(&fixture_ios[1], ERROR_NOT_ENOUGH_MEMORY, 0);
    fixture_assert_ends(&fixture_ios[2], ERROR_NOT_ENOUGH_MEMORY, 0);
}

/* --- What is known beforehand ----------------------------------------------------------------- */

/* Opens the device again, with the kernel's limit. */
static int set_up_told(void **state)
{
    const int status = data_fixture_set_up(state);

    WinUsb_Free(fixture.handle);
    fake_usb_memory_told = TOLD;
    return status != 0 || !WinUsb_Initialize(fixture.file, &fixture.handle) ? -1 : 0;
}

static void reads_leave_memory_to_writes(void **state)
{
    (void)state;

    for (size_t i = 0; i < IOS - 1; i++)
        fixture_begin_read(i, BULK_IN, PACKET);
    assert_int_equal(fake_usb_pending(BULK_IN), READS);
    fixture_begin_write(IOS - 1, BULK_OUT, PACKET);
    assert_int_equal(fake_usb_pending(BULK_OUT), 1);

    fixture_send(BULK_OUT, PACKET);
    fixture_assert_ends(&fixture_ios[IOS - 1], ERROR_SUCCESS, PACKET);
    for (size_t i = 0; i < IOS - 1; i++) {
        fake_usb_await(BULK_IN, 1);
        fixture_send(BULK_IN, 2);
        fixture_assert_brings(&fixture_ios[i], 2 * i, 2);
    }
}

static void first_read_of_a_pipe_always_begins(void **state)
{
    (void)state;

    for (size_t i = 0; i < IOS - 1; i++)
        fixture_begin_read(i, BULK_IN, PACKET);
    fixture_begin_read(IOS - 1, OTHER_IN, PACKET);

    assert_int_equal(fake_usb_pending(BULK_IN), READS);
    assert_int_equal(fake_usb_pending(OTHER_IN), 1);
    assert_true(WinUsb_AbortPipe(fixture.handle, BULK_IN));
    assert_true(WinUsb_AbortPipe(fixture.handle, OTHER_IN));
    end_all(IOS, ERROR_OPERATION_ABORTED);
}

static void no_more_is_begun_than_the_kernel_allows(void **state)
{
    static UCHAR data[PART];

    (void)state;

    for (size_t i = 0; i < IOS; i++)
        assert_fails(WinUsb_WritePipe(fixture.handle, i % 2 == 0 ? BULK_OUT : OTHER_OUT, data,
                                      sizeof(data), NULL, &fixture_prepare(i, TRUE)->overlapped),
                     ERROR_IO_PENDING);
    assert_int_equal(fake_usb_pending(BULK_OUT) + fake_usb_pending(OTHER_OUT), WRITES);

    for (size_t i = 0; i < IOS; i++) {
        const UCHAR pipe = i % 2 == 0 ? BULK_OUT : OTHER_OUT;

        fake_usb_await(pipe, 1);
        fixture_send(pipe, PART);
        fixture_assert_ends(&fixture_ios[i], ERROR_SUCCESS, PART);
    }
}

static void transfers_are_short_enough_for_several(void **state)
{
    static UCHAR data[4 * LONGEST];
    ULONG sent = 0;

    (void)state;
    FIXTURE_SCRIPT({ 0, LONGEST / PACKET * PACKET }, { 0, 1 });

    assert_true(WinUsb_WritePipe(fixture.handle, BULK_OUT, data, sizeof(data), &sent, NULL));

    assert_int_equal(fixture.log[0].length, LONGEST / PACKET * PACKET);
    assert_int_equal(sent, LONGEST / PACKET * PACKET + 1);
}

/* --- Threads --------------------------------------------------------------------------------- */

enum { WRITERS = 4, WRITES_EACH = 300 };

static _Atomic unsigned writers_left;

static void *write_on(void *argument)
{
    const UCHAR pipe = *(const UCHAR *)argument;
    UCHAR data[PACKET] = { 0 };
    unsigned failed = 0;

    for (unsigned i = 0; i < WRITES_EACH; i++)
        failed += !WinUsb_WritePipe(fixture.handle, pipe, data, sizeof(data), NULL, NULL);
    writers_left--;
    return (void *)(uintptr_t)failed;
}

/* The device takes what is sent, until nobody sends any more. */
static void answer(void)
{
    const UCHAR pipes[] = { BULK_OUT, OTHER_OUT };

    for (size_t i = 0; writers_left > 0; i++) {
        struct fake_usb_transfer *transfer = fake_usb_oldest(pipes[i % 2]);

        if (transfer)
            fake_usb_complete(transfer, ERROR_SUCCESS, PACKET);
    }
}

static void threads_share_what_there_is(void **state)
{
    static const UCHAR pipes[WRITERS] = { BULK_OUT, OTHER_OUT, BULK_OUT, OTHER_OUT };
    pthread_t writers[WRITERS];
    void *failed;

    (void)state;
    fixture.device->submitted = NULL;
    fake_usb_memory = 2 * PACKET;
    fixture_begin_read(0, BULK_IN, PACKET);
    writers_left = WRITERS;

    for (size_t i = 0; i < WRITERS; i++)
        assert_int_equal(pthread_create(&writers[i], NULL, write_on, (void *)&pipes[i]), 0);
    answer();
    for (size_t i = 0; i < WRITERS; i++) {
        pthread_join(writers[i], &failed);
        assert_null(failed);
    }
    assert_true(WinUsb_AbortPipe(fixture.handle, BULK_IN));
    end_all(1, ERROR_OPERATION_ABORTED);
}

#define told_test(test) cmocka_unit_test_setup_teardown(test, set_up_told, data_fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(reads_wait_for_memory_in_their_order),
        fixture_test(write_begins_when_a_read_has_ended),
        fixture_test(synchronous_write_waits_too),
        fixture_test(memory_that_another_program_gives_back_is_found),
        fixture_test(synchronous_write_that_waited_for_its_turn_waits_on),
        fixture_test(control_transfers_wait_too),
        fixture_test(timeout_runs_while_a_request_waits),
        fixture_test(request_goes_on_when_memory_comes_back),
        fixture_test(what_waits_comes_before_what_goes_on),
        fixture_test(what_waits_can_be_cancelled),
        fixture_test(free_ends_what_waits),
        fixture_test(shortage_that_cannot_end_is_an_error),
        fixture_test(shortage_becomes_an_error_when_nothing_runs_any_more),
        told_test(reads_leave_memory_to_writes),
        told_test(first_read_of_a_pipe_always_begins),
        told_test(no_more_is_begun_than_the_kernel_allows),
        told_test(transfers_are_short_enough_for_several),
        fixture_test(threads_share_what_there_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
