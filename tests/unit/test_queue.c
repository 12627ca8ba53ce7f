/* request.c, read.c, write.c: several requests on a pipe, with the thread that goes on with them.
 */
#include "cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#include "data_fixture.h"

static void reads_of_whole_packets_wait_on_the_bus(void **state)
{
    (void)state;
    for (size_t i = 0; i < IOS; i++)
        fixture_begin_read(i, BULK_IN, PACKET);

    assert_int_equal(fake_usb_pending(BULK_IN), IOS);

    for (size_t i = 0; i < IOS; i++) {
        fixture_send(BULK_IN, 2);
        fixture_assert_brings(&fixture_ios[i], 2 * i, 2);
    }
}

static void reads_of_part_of_a_packet_wait_for_each_other(void **state)
{
    (void)state;
    for (size_t i = 0; i < 4; i++)
        fixture_begin_read(i, BULK_IN, 40);
    assert_int_equal(fake_usb_pending(BULK_IN), 1);

    fixture_send(BULK_IN, PACKET);
    fixture_assert_brings(&fixture_ios[0], 0, 40);
    fixture_assert_brings(&fixture_ios[1], 40, PACKET - 40);
    fake_usb_await(BULK_IN, 1);
    assert_true(fixture_is_pending(&fixture_ios[2]));
    assert_true(fixture_is_pending(&fixture_ios[3]));
    fixture_send(BULK_IN, 40);
    fixture_assert_brings(&fixture_ios[2], PACKET, 40);
    fake_usb_await(BULK_IN, 1);
    fixture_send(BULK_IN, PACKET);

    fixture_assert_brings(&fixture_ios[3], PACKET + 40, 40);
}

static void some_policies_have_reads_wait_for_each_other(void **state)
{
    const struct {
        ULONG policy, value;
        int pending;
    } cases[] = {
        { AUTO_CLEAR_STALL, 1, 1 },
        { IGNORE_SHORT_PACKETS, 1, 1 },
        { PIPE_TRANSFER_TIMEOUT, 9, 1 },
        { ALLOW_PARTIAL_READS, 0, 3 },
        { AUTO_FLUSH, 1, 3 },
        { RESET_PIPE_ON_RESUME, 1, 3 },
        { RAW_IO, 1, 3 },
    };

    (void)state;

    for (size_t c = 0; c < sizeof(cases) / sizeof(cases[0]); c++) {
        fixture_select(0);
        fixture_set_policy(BULK_IN, cases[c].policy, cases[c].value);
        for (size_t i = 0; i < 3; i++)
            fixture_begin_read(i, BULK_IN, PACKET);
        assert_int_equal(fake_usb_pending(BULK_IN), cases[c].pending);
        assert_true(WinUsb_AbortPipe(fixture.handle, BULK_IN));
        for (size_t i = 0; i < 3; i++)
            fixture_assert_ends(&fixture_ios[i], ERROR_OPERATION_ABORTED, 0);
    }
}

static void raw_reads_with_a_timeout_go_straight_down(void **state)
{
    (void)state;
    fixture_set_policy(BULK_IN, RAW_IO, 1);
    fixture_set_policy(BULK_IN, PIPE_TRANSFER_TIMEOUT, 100);

    fixture_begin_read(0, BULK_IN, PACKET);
    fixture_begin_read(1, BULK_IN, PACKET);

    assert_int_equal(fake_usb_pending(BULK_IN), 2);
    fixture_send(BULK_IN, 1);
    fixture_send(BULK_IN, 1);
    fixture_assert_brings(&fixture_ios[0], 0, 1);
    fixture_assert_brings(&fixture_ios[1], 1, 1);
}

static void read_of_nothing_waits_for_no_other(void **state)
{
    UCHAR nothing;
    ULONG got = 7;

    (void)state;
    fixture_begin_read(0, BULK_IN, PACKET);
    fixture_begin_read(1, BULK_IN, 10);

    assert_true(WinUsb_ReadPipe(fixture.handle, BULK_IN, &nothing, 0, &got, NULL));
    assert_int_equal(got, 0);
    fixture_assert_ends(fixture_begin_read(2, BULK_IN, 0), ERROR_SUCCESS, 0);

    assert_true(WinUsb_AbortPipe(fixture.handle, BULK_IN));
    fixture_assert_ends(&fixture_ios[0], ERROR_OPERATION_ABORTED, 0);
    fixture_assert_ends(&fixture_ios[1], ERROR_OPERATION_ABORTED, 0);
}

static void whole_and_part_reads_keep_their_order(void **state)
{
    (void)state;
    fixture_begin_read(0, BULK_IN, PACKET);
    fixture_begin_read(1, BULK_IN, 10);
    fixture_begin_read(2, BULK_IN, PACKET);
    fixture_begin_read(3, BULK_IN, PACKET);
    assert_int_equal(fake_usb_pending(BULK_IN), 1);

    fixture_send(BULK_IN, PACKET);
    fixture_assert_brings(&fixture_ios[0], 0, PACKET);
    fake_usb_await(BULK_IN, 1);
    assert_int_equal(fake_usb_pending(BULK_IN), 1);
    fixture_send(BULK_IN, PACKET);
    fixture_assert_brings(&fixture_ios[1], PACKET, 10);
    fixture_assert_brings(&fixture_ios[2], PACKET + 10, PACKET - 10); /* of what was left */
    fake_usb_await(BULK_IN, 1);
    fixture_send(BULK_IN, PACKET);

    fixture_assert_brings(&fixture_ios[3], 2 * PACKET, PACKET);
}

static void timeout_begins_with_the_read_and_not_in_the_queue(void **state)
{
    (void)state;
    fixture_set_policy(BULK_IN, PIPE_TRANSFER_TIMEOUT, 3600000);
    fixture_begin_read(0, BULK_IN, PACKET);
    fixture_begin_read(1, BULK_IN, PACKET);
    fixture_set_policy(BULK_IN, PIPE_TRANSFER_TIMEOUT, 1); /* too late for both */

    fixture_send(BULK_IN, 1);
    fake_usb_await(BULK_IN, 1);
    fixture_end(BULK_IN, ERROR_SEM_TIMEOUT);

    fixture_assert_brings(&fixture_ios[0], 0, 1);
    fixture_assert_ends(&fixture_ios[1], ERROR_SEM_TIMEOUT, 0);
    assert_int_equal(fixture.log[1].timeout, 3600000);
}

static int halts_when_submitted;

static void note_halts(void)
{
    halts_when_submitted = fixture.device->halts;
}

static void stalled_pipe_is_reset_before_all_else(void **state)
{
    (void)state;
    fixture.during = note_halts;
    fixture_set_policy(BULK_IN, AUTO_CLEAR_STALL, 1);
    fixture_begin_read(0, BULK_IN, PACKET);
    fixture_begin_read(1, BULK_IN, PACKET);
    assert_int_equal(halts_when_submitted, 0);

    fixture_end(BULK_IN, ERROR_GEN_FAILURE);
    assert_int_equal(WaitForSingleObject(fixture_ios[0].overlapped.hEvent, INFINITE),
                     WAIT_OBJECT_0);
    assert_int_equal(fixture.device->halts, 1);
    fake_usb_await(BULK_IN, 1);
    fixture_send(BULK_IN, 3);

    fixture_assert_ends(&fixture_ios[0], ERROR_GEN_FAILURE, 0);
    fixture_assert_brings(&fixture_ios[1], 0, 3);
    assert_int_equal(halts_when_submitted, 1);
}

static int pending_during_reset;

static void read_during_reset(void)
{
    fixture_begin_read(1, BULK_IN, PACKET);
    pending_during_reset = fake_usb_pending(BULK_IN);
}

static void nothing_begins_while_a_pipe_is_reset(void **state)
{
    (void)state;
    fixture.device->during_halt = read_during_reset;

    assert_true(WinUsb_ResetPipe(fixture.handle, BULK_IN));

    assert_int_equal(pending_during_reset, 0);
    fixture_send(BULK_IN, 3);
    fixture_assert_brings(&fixture_ios[1], 0, 3);
}

static void nothing_begins_while_a_stalled_pipe_is_reset(void **state)
{
    (void)state;
    fixture.device->during_halt = read_during_reset;
    fixture_set_policy(BULK_IN, AUTO_CLEAR_STALL, 1);
    fixture_begin_read(0, BULK_IN, PACKET);

    fixture_end(BULK_IN, ERROR_GEN_FAILURE);

    fixture_assert_ends(&fixture_ios[0], ERROR_GEN_FAILURE, 0);
    assert_int_equal(pending_during_reset, 0);
    fake_usb_await(BULK_IN, 1);
    fixture_send(BULK_IN, 3);
    fixture_assert_brings(&fixture_ios[1], 0, 3);
}

static void what_is_left_is_not_read_before_its_turn(void **state)
{
    (void)state;
    fixture_begin_read(0, BULK_IN, 10);
    fixture_send(BULK_IN, PACKET);
    fixture_assert_brings(&fixture_ios[0], 0, 10);
    fixture_set_policy(BULK_IN, RAW_IO, 1);
    fixture_begin_read(0, BULK_IN, PACKET);
    fixture_set_policy(BULK_IN, RAW_IO, 0);

    fixture_begin_read(1, BULK_IN, PACKET);

    assert_true(fixture_is_pending(&fixture_ios[1]));
    fixture_send(BULK_IN, PACKET);
    fixture_assert_brings(&fixture_ios[0], PACKET, PACKET);
    fixture_assert_brings(&fixture_ios[1], 10, PACKET - 10);
}

static void without_policy_a_stall_is_left_to_the_program(void **state)
{
    (void)state;
    fixture_begin_read(0, BULK_IN, 10);
    fixture_begin_read(1, BULK_IN, 10);

    fixture_end(BULK_IN, ERROR_GEN_FAILURE);
    fake_usb_await(BULK_IN, 1);
    fixture_end(BULK_IN, ERROR_GEN_FAILURE);

    fixture_assert_ends(&fixture_ios[0], ERROR_GEN_FAILURE, 0);
    fixture_assert_ends(&fixture_ios[1], ERROR_GEN_FAILURE, 0);
    assert_int_equal(fixture.device->halts, 0);
}

static void writes_wait_on_the_bus(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3; i++)
        fixture_begin_write(i, BULK_OUT, 5);

    assert_int_equal(fake_usb_pending(BULK_OUT), 3);

    for (size_t i = 0; i < 3; i++)
        fixture_send(BULK_OUT, 5);
    for (size_t i = 0; i < 3; i++)
        fixture_assert_ends(&fixture_ios[i], ERROR_SUCCESS, 5);
    assert_memory_equal(fixture.received, "AAAAABBBBBCCCCC", 15);
}

static void end_write(ULONG bytes)
{
    fake_usb_await(BULK_OUT, 1);
    fixture_send(BULK_OUT, bytes);
}

/* Where memory is short a write becomes several transfers, which may come as a surprise: while
 * another write runs before it, and while others wait behind it. */
static void write_in_pieces_is_not_torn_apart(void **state)
{
    enum { LONG_WRITE = FAST_LIMIT };
    UCHAR *data = malloc(LONG_WRITE);
    OVERLAPPED overlapped = { 0 };
    DWORD bytes = 0;

    (void)state;
    assert_non_null(data);
    memset(data, 'B', LONG_WRITE);
    overlapped.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL);
    fixture.device->longest = LONG_WRITE / 2;

    fixture_begin_write(0, BULK_OUT, 5);
    assert_fails(WinUsb_WritePipe(fixture.handle, BULK_OUT, data, LONG_WRITE, NULL, &overlapped),
                 ERROR_IO_PENDING);
    fixture_begin_write(2, BULK_OUT, 5);
    assert_int_equal(fake_usb_pending(BULK_OUT), 2);
    end_write(5);
    fixture_assert_ends(&fixture_ios[0], ERROR_SUCCESS, 5);
    end_write(LONG_WRITE / 2);
    end_write(LONG_WRITE / 2);
    assert_true(WinUsb_GetOverlappedResult(fixture.handle, &overlapped, &bytes, TRUE));
    end_write(5);
    fixture_assert_ends(&fixture_ios[2], ERROR_SUCCESS, 5);

    assert_int_equal(bytes, LONG_WRITE);
    assert_int_equal(fixture.received_size, LONG_WRITE + 10);
    for (size_t i = 0; i < fixture.received_size; i++)
        assert_int_equal(fixture.received[i], i < 5 ? 'A' : i < 5 + LONG_WRITE ? 'B' : 'C');
    CloseHandle(overlapped.hEvent);
    free(data);
}

/* Its last piece is on its way then, and nothing can come between. */
static void what_waits_behind_a_long_write_follows_its_last_piece(void **state)
{
    enum { PIECE = FAST_LIMIT / 2 / PACKET * PACKET };
    UCHAR *data = calloc(2, PIECE);
    OVERLAPPED overlapped = { 0 };
    DWORD bytes = 0;

    (void)state;
    assert_non_null(data);
    overlapped.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL);
    fixture.device->longest = PIECE;
    assert_fails(WinUsb_WritePipe(fixture.handle, BULK_OUT, data, 2 * PIECE, NULL, &overlapped),
                 ERROR_IO_PENDING);
    fixture_begin_write(0, BULK_OUT, 5);
    assert_int_equal(fake_usb_pending(BULK_OUT), 1);

    end_write(PIECE);

    fake_usb_await(BULK_OUT, 2);
    end_write(PIECE);
    end_write(5);
    assert_true(WinUsb_GetOverlappedResult(fixture.handle, &overlapped, &bytes, TRUE));
    fixture_assert_ends(&fixture_ios[0], ERROR_SUCCESS, 5);
    assert_int_equal(bytes, 2 * PIECE);
    CloseHandle(overlapped.hEvent);
    free(data);
}

/* Likewise with reads that are not to wait for each other. */
static void raw_read_in_pieces_is_not_torn_apart(void **state)
{
    enum { PIECE = FAST_LIMIT / 2 / PACKET * PACKET };
    UCHAR *data = calloc(2, PIECE);
    OVERLAPPED overlapped = { 0 };
    DWORD bytes = 0;

    (void)state;
    assert_non_null(data);
    overlapped.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL);
    fixture_set_policy(BULK_IN, RAW_IO, 1);
    fixture.device->longest = PIECE;
    assert_fails(WinUsb_ReadPipe(fixture.handle, BULK_IN, data, 2 * PIECE, NULL, &overlapped),
                 ERROR_IO_PENDING);

    fixture_begin_read(0, BULK_IN, PACKET);
    assert_int_equal(fake_usb_pending(BULK_IN), 1);
    fixture_send(BULK_IN, PIECE);
    fake_usb_await(BULK_IN, 2);
    fixture_send(BULK_IN, PIECE);
    fixture_send(BULK_IN, PACKET);

    assert_true(WinUsb_GetOverlappedResult(fixture.handle, &overlapped, &bytes, TRUE));
    assert_int_equal(bytes, 2 * PIECE);
    assert_true(fixture_is_data(data, 0, 2 * PIECE));
    fixture_assert_brings(&fixture_ios[0], 2 * PIECE, PACKET);
    CloseHandle(overlapped.hEvent);
    free(data);
}

static void nothing_comes_between_a_write_and_its_empty_packet(void **state)
{
    (void)state;
    fixture_set_policy(INTERRUPT_OUT, SHORT_PACKET_TERMINATE, 1);
    fixture_begin_write(0, INTERRUPT_OUT, 8);
    fixture_begin_write(1, INTERRUPT_OUT, 5);

    assert_int_equal(fake_usb_pending(INTERRUPT_OUT), 1);
    fake_usb_complete(fake_usb_oldest(INTERRUPT_OUT), 0, 8);
    fake_usb_await(INTERRUPT_OUT, 1);
    assert_int_equal(fake_usb_oldest(INTERRUPT_OUT)->submission.length, 0);
    fake_usb_complete(fake_usb_oldest(INTERRUPT_OUT), 0, 0);
    fixture_assert_ends(&fixture_ios[0], ERROR_SUCCESS, 8);
    fake_usb_await(INTERRUPT_OUT, 1);
    fake_usb_complete(fake_usb_oldest(INTERRUPT_OUT), 0, 5);

    fixture_assert_ends(&fixture_ios[1], ERROR_SUCCESS, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(reads_of_whole_packets_wait_on_the_bus),
        fixture_test(reads_of_part_of_a_packet_wait_for_each_other),
        fixture_test(some_policies_have_reads_wait_for_each_other),
        fixture_test(raw_reads_with_a_timeout_go_straight_down),
        fixture_test(read_of_nothing_waits_for_no_other),
        fixture_test(whole_and_part_reads_keep_their_order),
        fixture_test(timeout_begins_with_the_read_and_not_in_the_queue),
        fixture_test(stalled_pipe_is_reset_before_all_else),
        fixture_test(without_policy_a_stall_is_left_to_the_program),
        fixture_test(nothing_begins_while_a_pipe_is_reset),
        fixture_test(nothing_begins_while_a_stalled_pipe_is_reset),
        fixture_test(what_is_left_is_not_read_before_its_turn),
        fixture_test(writes_wait_on_the_bus),
        fixture_test(write_in_pieces_is_not_torn_apart),
        fixture_test(what_waits_behind_a_long_write_follows_its_last_piece),
        fixture_test(raw_read_in_pieces_is_not_torn_apart),
        fixture_test(nothing_comes_between_a_write_and_its_empty_packet),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
