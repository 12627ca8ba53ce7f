/* ReadPipe: where a read ends, what it keeps, and how it fails. */
#include "conformance.h"
#include "fixture.h"

#include <stdlib.h>
#include <string.h>

/* --- Where a read ends ----------------------------------------------------------------------- */

static void a_read_gives_what_the_device_sends(void **state)
{
    (void)state;
    fixture_program(BULK_IN, .kind = LABDEV_SOURCE, .start = 7);

    assert_reads(BULK_IN, 512, 7, 512);
    assert_reads(BULK_IN, 4096, 519, 4096);
}

static void a_read_ends_with_a_short_packet(void **state)
{
    (void)state;
    fixture_program(BULK_IN, .kind = LABDEV_MESSAGES, .message_count = 2, .messages = { 10, 3 });

    assert_reads(BULK_IN, 4096, 0, 10);
    assert_reads(BULK_IN, 4096, 10, 3);
}

static void an_empty_packet_ends_a_read_with_nothing(void **state)
{
    (void)state;
    fixture_program(BULK_IN, .kind = LABDEV_MESSAGES, .message_count = 2, .messages = { 0, 5 });

    assert_reads(BULK_IN, 4096, 0, 0);
    assert_reads(BULK_IN, 4096, 0, 5);
}

static void a_read_of_nothing_ends_at_once_without_the_device(void **state)
{
    (void)state;
    fixture_program(BULK_IN, .kind = LABDEV_NAK);

    assert_reads(BULK_IN, 0, 0, 0);

    assert_int_equal(fixture_status(BULK_IN).peak, 0);
}

/* Longer than a control transfer would. */
static void a_read_waits_for_ever_by_default(void **state)
{
    (void)state;
    fixture_program(BULK_IN, .kind = LABDEV_SOURCE, .delay = 5500);

    assert_reads(BULK_IN, 64, 0, 64);
}

static void a_read_longer_than_the_maximum_transfer_is_split(void **state)
{
    const ULONG length = (fixture.high ? 0x1FEC00 : 0x3F000) + 3 * fixture.packet;
    UCHAR *data = malloc(length);
    ULONG got = 0;

    (void)state;
    leave_out_on("uhci", "takes too long at 1 MB/s, and full speed on xhci shows the same");

    assert_succeeds(WinUsb_ReadPipe(fixture.first, BULK_IN, data, length, &got, NULL));

    assert_int_equal(got, length);
    assert_int_equal(labdev_mismatch(data, length, 0), length);
    assert_true(fixture_status(BULK_IN).transfers > 1);
    free(data);
}

static void ignore_short_packets_reads_on_until_the_buffer_is_full(void **state)
{
    (void)state;
    fixture_program(BULK_IN, .kind = LABDEV_MESSAGES, .message_count = 3,
                    .messages = { 10, 20, 34 });
    fixture_set_policy(BULK_IN, IGNORE_SHORT_PACKETS, TRUE);

    assert_reads(BULK_IN, 64, 0, 64);
}

static void an_interrupt_pipe_is_read_like_a_bulk_pipe(void **state)
{
    (void)state;
    assert_succeeds(WinUsb_SetCurrentAlternateSetting(fixture.first, 0));
    fixture_program(INTERRUPT_IN, .kind = LABDEV_MESSAGES, .message_count = 3,
                    .messages = { 8, 64, 3 });

    assert_reads(INTERRUPT_IN, 64, 0, 8);
    assert_reads(INTERRUPT_IN, 64, 8, 64);
    assert_reads(INTERRUPT_IN, 10, 72, 3);
}

static void a_read_may_go_without_a_length(void **state)
{
    (void)state;

    assert_succeeds(WinUsb_ReadPipe(fixture.first, BULK_IN, fixture.data, 64, NULL, NULL));

    assert_int_equal(labdev_mismatch(fixture.data, 64, 0), 64);
}

/* --- More than was asked for ----------------------------------------------------------------- */

/* The device answers once only, so that more can have come from nowhere else. */
static void program_one_message_of_64(void)
{
    fixture_program(BULK_IN, .kind = LABDEV_MESSAGES, .message_count = 1, .messages = { 64 });
    fixture_set_policy(BULK_IN, PIPE_TRANSFER_TIMEOUT, PATIENCE);
}

static void a_read_of_10_of_64_bytes_keeps_54_for_the_next(void **state)
{
    struct labdev_status before;

    (void)state;
    program_one_message_of_64();

    assert_reads(BULK_IN, 10, 0, 10);
    before = fixture_status(BULK_IN);
    assert_reads(BULK_IN, 54, 10, 54);

    assert_int_equal(fixture_status(BULK_IN).transfers, before.transfers);
    assert_int_equal(fixture_status(BULK_IN).held, before.held);
}

static void what_was_kept_ends_a_longer_read(void **state)
{
    (void)state;
    program_one_message_of_64();

    assert_reads(BULK_IN, 10, 0, 10);
    assert_reads(BULK_IN, 4096, 10, 54);
}

static void ignore_short_packets_reads_on_behind_what_was_kept(void **state)
{
    (void)state;
    fixture_program(BULK_IN, .kind = LABDEV_MESSAGES, .message_count = 2, .messages = { 60, 46 });
    fixture_set_policy(BULK_IN, IGNORE_SHORT_PACKETS, TRUE);

    assert_reads(BULK_IN, 10, 0, 10);
    assert_reads(BULK_IN, 96, 10, 96);
}

static void auto_flush_drops_what_is_beyond_the_read(void **state)
{
    (void)state;
    program_one_message_of_64();
    fixture_set_policy(BULK_IN, AUTO_FLUSH, TRUE);

    assert_reads(BULK_IN, 10, 0, 10);
    fixture_set_policy(BULK_IN, PIPE_TRANSFER_TIMEOUT, SHORTLY);
    assert_int_equal(fixture_read(BULK_IN, 54), ERROR_SEM_TIMEOUT);
    assert_int_equal(fixture.got, 0);
}

static void without_partial_reads_more_than_asked_for_is_a_failure(void **state)
{
    (void)state;
    program_one_message_of_64();
    fixture_set_policy(BULK_IN, ALLOW_PARTIAL_READS, FALSE);

    assert_int_equal(fixture_read(BULK_IN, 10), ERROR_GEN_FAILURE);
}

static void flush_drops_what_was_kept(void **state)
{
    (void)state;
    fixture_program(BULK_IN, .kind = LABDEV_MESSAGES, .message_count = 2, .messages = { 60, 5 });

    assert_reads(BULK_IN, 10, 0, 10);
    assert_succeeds(WinUsb_FlushPipe(fixture.first, BULK_IN));

    assert_reads(BULK_IN, 64, 60, 5);
}

static void reset_drops_what_was_kept(void **state)
{
    (void)state;
    fixture_program(BULK_IN, .kind = LABDEV_MESSAGES, .message_count = 2, .messages = { 60, 5 });

    assert_reads(BULK_IN, 10, 0, 10);
    assert_succeeds(WinUsb_ResetPipe(fixture.first, BULK_IN));

    assert_reads(BULK_IN, 64, 60, 5);
}

static void abort_leaves_what_was_kept(void **state)
{
    (void)state;
    program_one_message_of_64();

    assert_reads(BULK_IN, 10, 0, 10);
    assert_succeeds(WinUsb_AbortPipe(fixture.first, BULK_IN));

    assert_reads(BULK_IN, 54, 10, 54);
}

static void a_setting_selected_anew_drops_what_was_kept(void **state)
{
    (void)state;
    fixture_program(BULK_IN, .kind = LABDEV_MESSAGES, .message_count = 2, .messages = { 60, 5 });

    assert_reads(BULK_IN, 10, 0, 10);
    assert_succeeds(WinUsb_SetCurrentAlternateSetting(fixture.first, 0));

    assert_reads(BULK_IN, 64, 60, 5);
}

static void flush_is_for_in_pipes_that_are_there(void **state)
{
    (void)state;

    assert_succeeds(WinUsb_FlushPipe(fixture.first, BULK_IN));
    assert_fails(WinUsb_FlushPipe(fixture.first, BULK_OUT), ERROR_INVALID_PARAMETER);
    assert_fails(WinUsb_FlushPipe(fixture.first, 0), ERROR_INVALID_PARAMETER);
    assert_fails(WinUsb_FlushPipe(fixture.first, ABSENT_IN), ERROR_INVALID_PARAMETER);
}

/* --- Time ------------------------------------------------------------------------------------ */

static void a_read_of_100_ms_fails_after_100_ms(void **state)
{
    int64_t start;

    (void)state;
    fixture_program(BULK_IN, .kind = LABDEV_NAK);
    fixture_set_policy(BULK_IN, PIPE_TRANSFER_TIMEOUT, SHORTLY);

    start = lab_now();
    assert_int_equal(fixture_read(BULK_IN, 64), ERROR_SEM_TIMEOUT);

    assert_lasted(start, SHORTLY);
    assert_int_equal(fixture.got, 0);
}

/* On a busy machine nothing may have come in the time, and then it takes more. */
static void what_came_before_the_time_was_over_counts(void **state)
{
    (void)state;
    fixture_set_policy(BULK_IN, IGNORE_SHORT_PACKETS, TRUE);
    fixture.got = 0;

    for (ULONG time = SHORTLY; fixture.got == 0 && time < PATIENCE; time *= 4) {
        fixture_program(BULK_IN, .kind = LABDEV_MESSAGES, .message_count = 1, .messages = { 10 });
        fixture_set_policy(BULK_IN, PIPE_TRANSFER_TIMEOUT, time);
        assert_int_equal(fixture_read(BULK_IN, 64), ERROR_SEM_TIMEOUT);
    }

    assert_int_equal(fixture.got, 10);
    assert_int_equal(labdev_mismatch(fixture.data, 10, 0), 10);
    assert_int_equal(fixture.data[10], UNTOUCHED);
}

static void a_pipe_goes_on_after_a_timeout(void **state)
{
    (void)state;
    fixture_program(BULK_IN, .kind = LABDEV_NAK);
    fixture_set_policy(BULK_IN, PIPE_TRANSFER_TIMEOUT, SHORTLY);
    assert_int_equal(fixture_read(BULK_IN, 64), ERROR_SEM_TIMEOUT);

    fixture_set_policy(BULK_IN, PIPE_TRANSFER_TIMEOUT, PATIENCE);
    fixture_program(BULK_IN, .kind = LABDEV_SOURCE);
    assert_reads(BULK_IN, 64, 0, 64);
}

static void a_reads_time_does_not_pass_while_it_is_queued(void **state)
{
    int64_t start;

    (void)state;
    fixture_program(BULK_IN, .kind = LABDEV_NAK);
    fixture_set_policy(BULK_IN, PIPE_TRANSFER_TIMEOUT, 2 * SHORTLY);
    start = lab_now();
    begin_read(0, BULK_IN, 64);
    begin_read(1, BULK_IN, 64);

    assert_ends(0, ERROR_SEM_TIMEOUT, 0);
    assert_ends(1, ERROR_SEM_TIMEOUT, 0);
    assert_lasted(start, 4 * SHORTLY);
}

/* --- Failures -------------------------------------------------------------------------------- */

static void program_stall(uint32_t at)
{
    fixture_program(BULK_IN, .kind = LABDEV_SOURCE, .events = { { at, LABDEV_STALL, 0 } });
}

static void a_stall_fails_reads_until_the_pipe_is_reset(void **state)
{
    (void)state;
    program_stall(1);

    assert_int_equal(fixture_read(BULK_IN, 64), ERROR_GEN_FAILURE);
    assert_int_equal(fixture_read(BULK_IN, 64), ERROR_GEN_FAILURE);
    assert_succeeds(WinUsb_ResetPipe(fixture.first, BULK_IN));

    assert_int_equal(fixture_status(BULK_IN).clears, 1);
    assert_reads(BULK_IN, 64, 0, 64);
}

static void auto_clear_stall_resets_the_pipe_of_a_failed_read(void **state)
{
    (void)state;
    program_stall(1);
    fixture_set_policy(BULK_IN, AUTO_CLEAR_STALL, TRUE);

    assert_int_equal(fixture_read(BULK_IN, 64), ERROR_GEN_FAILURE);

    assert_int_equal(fixture_status(BULK_IN).clears, 1);
    assert_reads(BULK_IN, 64, 0, 64);
}

static void auto_clear_stall_lets_the_reads_behind_carry_on(void **state)
{
    (void)state;
    program_stall(1);
    fixture_set_policy(BULK_IN, AUTO_CLEAR_STALL, TRUE);

    begin_read(0, BULK_IN, 64);
    begin_read(1, BULK_IN, 64);
    begin_read(2, BULK_IN, 64);

    assert_int_equal(end_of(0, NULL), ERROR_GEN_FAILURE);
    assert_read_ends(1, 0, 64);
    assert_read_ends(2, 64, 64);
}

static void auto_clear_stall_resets_after_a_timeout_too(void **state)
{
    (void)state;
    fixture_program(BULK_IN, .kind = LABDEV_NAK);
    fixture_set_policy(BULK_IN, AUTO_CLEAR_STALL, TRUE);
    fixture_set_policy(BULK_IN, PIPE_TRANSFER_TIMEOUT, SHORTLY);

    assert_int_equal(fixture_read(BULK_IN, 64), ERROR_SEM_TIMEOUT);

    assert_int_equal(fixture_status(BULK_IN).clears, 1);
}

static void auto_clear_stall_leaves_a_cancelled_read_alone(void **state)
{
    (void)state;
    fixture_program(BULK_IN, .kind = LABDEV_NAK);
    fixture_set_policy(BULK_IN, AUTO_CLEAR_STALL, TRUE);
    begin_read(0, BULK_IN, 64);

    assert_succeeds(WinUsb_AbortPipe(fixture.first, BULK_IN));

    assert_ends(0, ERROR_OPERATION_ABORTED, 0);
    assert_int_equal(fixture_status(BULK_IN).clears, 0);
}

static void a_bus_error_fails_a_read(void **state)
{
    (void)state;
    fixture_program(BULK_IN, .kind = LABDEV_SOURCE,
                    .events = { { LABDEV_EVERY, LABDEV_FAIL, LABDEV_EPROTO } });

    assert_int_equal(fixture_read(BULK_IN, 64), ERROR_GEN_FAILURE);

    assert_succeeds(WinUsb_ResetPipe(fixture.first, BULK_IN));
    fixture_program(BULK_IN, .kind = LABDEV_SOURCE);
    assert_reads(BULK_IN, 64, 0, 64);
}

static void babble_fails_a_read(void **state)
{
    (void)state;
    fixture_program(BULK_IN, .kind = LABDEV_SOURCE, .events = { { 1, LABDEV_BABBLE, 0 } });

    assert_int_equal(fixture_read(BULK_IN, fixture.packet), ERROR_GEN_FAILURE);
}

static void data_before_a_failure_counts(void **state)
{
    (void)state;
    fixture_program(BULK_IN, .kind = LABDEV_MESSAGES, .message_count = 2, .messages = { 10, 5 },
                    .events = { { 2, LABDEV_STALL, 0 } });
    fixture_set_policy(BULK_IN, IGNORE_SHORT_PACKETS, TRUE);
    leave_out_on("uhci", "the kernel's driver takes the stall of QEMU's for one byte");

    assert_int_equal(fixture_read(BULK_IN, 64), ERROR_GEN_FAILURE);

    assert_int_equal(fixture.got, 10);
    assert_int_equal(labdev_mismatch(fixture.data, 10, 0), 10);
}

static void only_in_pipes_of_the_current_setting_can_be_read(void **state)
{
    (void)state;

    assert_int_equal(fixture_read(BULK_OUT, 64), ERROR_INVALID_PARAMETER);
    assert_int_equal(fixture_read(0, 64), ERROR_INVALID_PARAMETER);
    assert_int_equal(fixture_read(0x80, 64), ERROR_INVALID_PARAMETER);
    assert_int_equal(fixture_read(ABSENT_IN, 64), ERROR_INVALID_PARAMETER);
    assert_int_equal(fixture_read(OTHER_IN, 64), ERROR_INVALID_PARAMETER);
    fixture_select(1);
    assert_int_equal(fixture_read(ISOCH_IN, 64), ERROR_INVALID_PARAMETER);
}

static void a_read_needs_a_buffer(void **state)
{
    ULONG got;

    (void)state;

    assert_fails(WinUsb_ReadPipe(fixture.first, BULK_IN, NULL, 64, &got, NULL),
                 ERROR_INVALID_PARAMETER);
    assert_succeeds(WinUsb_ReadPipe(fixture.first, BULK_IN, NULL, 0, &got, NULL));
}

/* --- RAW_IO ---------------------------------------------------------------------------------- */

static void a_raw_read_of_100_bytes_is_refused(void **state)
{
    (void)state;
    fixture_set_policy(BULK_IN, RAW_IO, TRUE);

    assert_int_equal(fixture_read(BULK_IN, 100), ERROR_INVALID_PARAMETER);
}

static void a_raw_read_beyond_the_maximum_transfer_is_refused(void **state)
{
    const ULONG length = (fixture.high ? 0x1FEC00 : 0x3F000) + fixture.packet;
    UCHAR *data = malloc(length);
    ULONG got;

    (void)state;
    fixture_set_policy(BULK_IN, RAW_IO, TRUE);

    assert_fails(WinUsb_ReadPipe(fixture.first, BULK_IN, data, length, &got, NULL),
                 ERROR_INVALID_PARAMETER);

    free(data);
}

static void a_raw_read_of_whole_packets_succeeds(void **state)
{
    (void)state;
    fixture_set_policy(BULK_IN, RAW_IO, TRUE);

    assert_reads(BULK_IN, 2 * fixture.packet, 0, 2 * fixture.packet);
}

static void raw_reads_go_to_the_device_at_once(void **state)
{
    (void)state;
    leave_out_on("uhci", "QEMU hands its device one packet at a time");
    fixture_program(BULK_IN, .kind = LABDEV_NAK);
    fixture_set_policy(BULK_IN, RAW_IO, TRUE);
    fixture_set_policy(BULK_IN, PIPE_TRANSFER_TIMEOUT, PATIENCE);

    begin_read(0, BULK_IN, fixture.packet);
    begin_read(1, BULK_IN, fixture.packet);

    fixture_await_held(BULK_IN, 2);
}

static void reads_go_to_the_device_one_at_a_time(void **state)
{
    (void)state;
    fixture_program(BULK_IN, .kind = LABDEV_NAK);

    begin_read(0, BULK_IN, 10);
    begin_read(1, BULK_IN, 10);
    fixture_await_held(BULK_IN, 1);
    assert_succeeds(WinUsb_AbortPipe(fixture.first, BULK_IN));

    assert_int_equal(fixture_status(BULK_IN).peak, 1);
}

static void reads_complete_in_their_order(void **state)
{
    (void)state;

    for (size_t i = 0; i < REQUESTS; i++)
        begin_read(i, BULK_IN, 512 + 512 * (ULONG)(i % 3));

    for (size_t i = 0, position = 0; i < REQUESTS; i++) {
        const ULONG length = 512 + 512 * (ULONG)(i % 3);

        assert_read_ends(i, position, length);
        assert_true(is_untouched(i, length));
        position += length;
    }
}

int read_tests(void)
{
    const struct CMUnitTest tests[] = {
        conformance_test(a_read_gives_what_the_device_sends),
        conformance_test(a_read_ends_with_a_short_packet),
        conformance_test(an_empty_packet_ends_a_read_with_nothing),
        conformance_test(a_read_of_nothing_ends_at_once_without_the_device),
        conformance_test(a_read_waits_for_ever_by_default),
        conformance_test(a_read_longer_than_the_maximum_transfer_is_split),
        conformance_test(ignore_short_packets_reads_on_until_the_buffer_is_full),
        conformance_test(an_interrupt_pipe_is_read_like_a_bulk_pipe),
        conformance_test(a_read_may_go_without_a_length),
        conformance_test(a_read_of_10_of_64_bytes_keeps_54_for_the_next),
        conformance_test(what_was_kept_ends_a_longer_read),
        conformance_test(ignore_short_packets_reads_on_behind_what_was_kept),
        conformance_test(auto_flush_drops_what_is_beyond_the_read),
        conformance_test(without_partial_reads_more_than_asked_for_is_a_failure),
        conformance_test(flush_drops_what_was_kept),
        conformance_test(reset_drops_what_was_kept),
        conformance_test(abort_leaves_what_was_kept),
        conformance_test(a_setting_selected_anew_drops_what_was_kept),
        conformance_test(flush_is_for_in_pipes_that_are_there),
        conformance_test(a_read_of_100_ms_fails_after_100_ms),
        conformance_test(what_came_before_the_time_was_over_counts),
        conformance_test(a_pipe_goes_on_after_a_timeout),
        conformance_test(a_reads_time_does_not_pass_while_it_is_queued),
        conformance_test(a_stall_fails_reads_until_the_pipe_is_reset),
        conformance_test(auto_clear_stall_resets_the_pipe_of_a_failed_read),
        conformance_test(auto_clear_stall_lets_the_reads_behind_carry_on),
        conformance_test(auto_clear_stall_resets_after_a_timeout_too),
        conformance_test(auto_clear_stall_leaves_a_cancelled_read_alone),
        conformance_test(a_bus_error_fails_a_read),
        conformance_test(babble_fails_a_read),
        conformance_test(data_before_a_failure_counts),
        conformance_test(only_in_pipes_of_the_current_setting_can_be_read),
        conformance_test(a_read_needs_a_buffer),
        conformance_test(a_raw_read_of_100_bytes_is_refused),
        conformance_test(a_raw_read_beyond_the_maximum_transfer_is_refused),
        conformance_test(a_raw_read_of_whole_packets_succeeds),
        conformance_test(raw_reads_go_to_the_device_at_once),
        conformance_test(reads_go_to_the_device_one_at_a_time),
        conformance_test(reads_complete_in_their_order),
    };

    return run_group("read", tests, NULL, NULL);
}
