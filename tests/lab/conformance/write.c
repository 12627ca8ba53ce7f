/* WritePipe: what goes, in which packets and order, and how it fails. */
#include "conformance.h"
#include "fixture.h"

#include <stdlib.h>

static void a_write_arrives_as_it_is(void **state)
{
    (void)state;

    assert_writes(BULK_OUT, 1, 0);
    assert_writes(BULK_OUT, 512, 1);
    assert_writes(BULK_OUT, 10000, 513);

    assert_int_equal(fixture_status(BULK_OUT).bytes, 10513);
    assert_int_equal(fixture_status(BULK_OUT).wrong, 0);
}

static void an_interrupt_pipe_is_written_like_a_bulk_pipe(void **state)
{
    (void)state;

    assert_writes(INTERRUPT_OUT, 64, 0);
    assert_writes(INTERRUPT_OUT, 10, 64);

    fixture_await_bytes(INTERRUPT_OUT, 74);
    assert_int_equal(fixture_status(INTERRUPT_OUT).wrong, 0);
}

static void a_write_longer_than_the_maximum_transfer_is_split(void **state)
{
    const ULONG length = (fixture.high ? 0x1FEC00 : 0x3F000) + 100;
    UCHAR *data = malloc(length);
    ULONG got = 0;

    (void)state;
    leave_out_on("uhci", "takes too long at 1 MB/s, and full speed on xhci shows the same");
    labdev_fill(data, length, 0);

    assert_succeeds(WinUsb_WritePipe(fixture.first, BULK_OUT, data, length, &got, NULL));

    assert_int_equal(got, length);
    assert_int_equal(fixture_status(BULK_OUT).bytes, length);
    assert_int_equal(fixture_status(BULK_OUT).wrong, 0);
    assert_true(fixture_status(BULK_OUT).transfers > 1);
    free(data);
}

static void writes_arrive_and_complete_in_their_order(void **state)
{
    uint64_t position = 0;

    (void)state;

    for (size_t i = 0; i < REQUESTS; i++) {
        begin_write(i, BULK_OUT, 1 + 100 * (ULONG)i, position);
        position += 1 + 100 * (ULONG)i;
    }
    for (size_t i = 0; i < REQUESTS; i++)
        assert_ends(i, ERROR_SUCCESS, 1 + 100 * (ULONG)i);

    assert_int_equal(fixture_status(BULK_OUT).bytes, position);
    assert_int_equal(fixture_status(BULK_OUT).wrong, 0);
}

static void a_write_may_go_without_a_length(void **state)
{
    (void)state;
    labdev_fill(fixture.data, 64, 0);

    assert_succeeds(WinUsb_WritePipe(fixture.first, BULK_OUT, fixture.data, 64, NULL, NULL));

    assert_int_equal(fixture_status(BULK_OUT).bytes, 64);
}

/* --- Empty packets --------------------------------------------------------------------------- */

/* What tells apart a packet that ends a message from none: the loopback gives the packets back as
 * they came, and a read of more than was sent ends with a short one. */

static void a_write_of_nothing_sends_an_empty_packet(void **state)
{
    (void)state;

    assert_writes(LOOP_OUT, 0, 0);
    assert_reads(LOOP_IN, 512, 0, 0);
}

static void whole_packets_go_without_an_empty_one(void **state)
{
    (void)state;

    assert_writes(LOOP_OUT, 2 * fixture.packet, 0);

    assert_reads(LOOP_IN, 2 * fixture.packet, 0, 2 * fixture.packet);
    fixture_set_policy(LOOP_IN, PIPE_TRANSFER_TIMEOUT, SHORTLY);
    assert_int_equal(fixture_read(LOOP_IN, 512), ERROR_SEM_TIMEOUT);
}

static void short_packet_terminate_sends_an_empty_packet_behind_whole_ones(void **state)
{
    (void)state;
    fixture_set_policy(LOOP_OUT, SHORT_PACKET_TERMINATE, TRUE);
    fixture_set_policy(LOOP_IN, PIPE_TRANSFER_TIMEOUT, PATIENCE);

    assert_writes(LOOP_OUT, 2 * fixture.packet, 0);

    assert_reads(LOOP_IN, 2 * fixture.packet, 0, 2 * fixture.packet);
    assert_reads(LOOP_IN, 512, 0, 0);
}

static void short_packet_terminate_sends_none_behind_a_short_one(void **state)
{
    (void)state;
    fixture_set_policy(LOOP_OUT, SHORT_PACKET_TERMINATE, TRUE);

    assert_writes(LOOP_OUT, fixture.packet + 1, 0);

    assert_reads(LOOP_IN, 2 * fixture.packet, 0, fixture.packet + 1);
    fixture_set_policy(LOOP_IN, PIPE_TRANSFER_TIMEOUT, SHORTLY);
    assert_int_equal(fixture_read(LOOP_IN, 512), ERROR_SEM_TIMEOUT);
}

static void short_packet_terminate_makes_no_second_empty_packet(void **state)
{
    (void)state;
    fixture_set_policy(LOOP_OUT, SHORT_PACKET_TERMINATE, TRUE);

    assert_writes(LOOP_OUT, 0, 0);

    assert_reads(LOOP_IN, 512, 0, 0);
    fixture_set_policy(LOOP_IN, PIPE_TRANSFER_TIMEOUT, SHORTLY);
    assert_int_equal(fixture_read(LOOP_IN, 512), ERROR_SEM_TIMEOUT);
}

/* --- Failures -------------------------------------------------------------------------------- */

static void a_write_of_100_ms_fails_after_100_ms(void **state)
{
    int64_t start;

    (void)state;
    fixture_program(BULK_OUT, .kind = LABDEV_NAK);
    fixture_set_policy(BULK_OUT, PIPE_TRANSFER_TIMEOUT, SHORTLY);

    start = lab_now();
    assert_int_equal(fixture_write(BULK_OUT, 64, 0), ERROR_SEM_TIMEOUT);

    assert_lasted(start, SHORTLY);
}

static void a_write_that_was_not_taken_counts_nothing(void **state)
{
    (void)state;
    leave_out_on("xhci", "the kernel takes what QEMU has stopped for sent");
    fixture_program(BULK_OUT, .kind = LABDEV_NAK);
    fixture_set_policy(BULK_OUT, PIPE_TRANSFER_TIMEOUT, SHORTLY);

    assert_int_equal(fixture_write(BULK_OUT, 64, 0), ERROR_SEM_TIMEOUT);

    assert_int_equal(fixture.got, 0);
}

static void a_stall_fails_writes_until_the_pipe_is_reset(void **state)
{
    (void)state;
    fixture_program(BULK_OUT, .kind = LABDEV_SINK, .events = { { 1, LABDEV_STALL, 0 } });

    assert_int_equal(fixture_write(BULK_OUT, 64, 0), ERROR_GEN_FAILURE);
    assert_int_equal(fixture_write(BULK_OUT, 64, 0), ERROR_GEN_FAILURE);
    assert_succeeds(WinUsb_ResetPipe(fixture.first, BULK_OUT));

    assert_writes(BULK_OUT, 64, 0);
}

static void auto_clear_stall_is_not_for_writes(void **state)
{
    (void)state;
    fixture_program(BULK_OUT, .kind = LABDEV_SINK, .events = { { 1, LABDEV_STALL, 0 } });
    fixture_set_policy(BULK_OUT, AUTO_CLEAR_STALL, TRUE);

    assert_int_equal(fixture_write(BULK_OUT, 64, 0), ERROR_GEN_FAILURE);

    assert_int_equal(fixture_status(BULK_OUT).clears, 0);
}

static void a_bus_error_fails_a_write(void **state)
{
    (void)state;
    fixture_program(BULK_OUT, .kind = LABDEV_SINK,
                    .events = { { LABDEV_EVERY, LABDEV_FAIL, LABDEV_EPROTO } });

    assert_int_equal(fixture_write(BULK_OUT, 64, 0), ERROR_GEN_FAILURE);

    assert_succeeds(WinUsb_ResetPipe(fixture.first, BULK_OUT));
    fixture_program(BULK_OUT, .kind = LABDEV_SINK);
    assert_writes(BULK_OUT, 64, 0);
}

static void raw_io_makes_no_difference_to_writes(void **state)
{
    (void)state;
    fixture_set_policy(BULK_OUT, RAW_IO, TRUE);

    assert_writes(BULK_OUT, 100, 0);

    assert_int_equal(fixture_status(BULK_OUT).bytes, 100);
}

static void only_out_pipes_of_the_current_setting_can_be_written(void **state)
{
    (void)state;

    assert_int_equal(fixture_write(BULK_IN, 64, 0), ERROR_INVALID_PARAMETER);
    assert_int_equal(fixture_write(0, 64, 0), ERROR_INVALID_PARAMETER);
    assert_int_equal(fixture_write(0x0A, 64, 0), ERROR_INVALID_PARAMETER);
    assert_int_equal(fixture_write(OTHER_OUT, 64, 0), ERROR_INVALID_PARAMETER);
    fixture_select(1);
    assert_int_equal(fixture_write(ISOCH_OUT, 64, 0), ERROR_INVALID_PARAMETER);
}

static void a_write_needs_a_buffer(void **state)
{
    ULONG got;

    (void)state;

    assert_fails(WinUsb_WritePipe(fixture.first, BULK_OUT, NULL, 64, &got, NULL),
                 ERROR_INVALID_PARAMETER);
    assert_succeeds(WinUsb_WritePipe(fixture.first, BULK_OUT, NULL, 0, &got, NULL));
}

int write_tests(void)
{
    const struct CMUnitTest tests[] = {
        conformance_test(a_write_arrives_as_it_is),
        conformance_test(an_interrupt_pipe_is_written_like_a_bulk_pipe),
        conformance_test(a_write_longer_than_the_maximum_transfer_is_split),
        conformance_test(writes_arrive_and_complete_in_their_order),
        conformance_test(a_write_may_go_without_a_length),
        conformance_test(a_write_of_nothing_sends_an_empty_packet),
        conformance_test(whole_packets_go_without_an_empty_one),
        conformance_test(short_packet_terminate_sends_an_empty_packet_behind_whole_ones),
        conformance_test(short_packet_terminate_sends_none_behind_a_short_one),
        conformance_test(short_packet_terminate_makes_no_second_empty_packet),
        conformance_test(a_write_of_100_ms_fails_after_100_ms),
        conformance_test(a_write_that_was_not_taken_counts_nothing),
        conformance_test(a_stall_fails_writes_until_the_pipe_is_reset),
        conformance_test(auto_clear_stall_is_not_for_writes),
        conformance_test(a_bus_error_fails_a_write),
        conformance_test(raw_io_makes_no_difference_to_writes),
        conformance_test(only_out_pipes_of_the_current_setting_can_be_written),
        conformance_test(a_write_needs_a_buffer),
    };

    return run_group("write", tests, NULL, NULL);
}
