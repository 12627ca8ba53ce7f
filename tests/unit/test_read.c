/* read.c: what a read asks of the bus, and what it makes of the answer. Synchronous; nothing but
 * the script ends a transfer, and time stands still. */
#include "cmocka_all.h"

#include <string.h>

#include "data_fixture.h"
#include "host_fake.h"

enum { ROOM = 4096 };

static UCHAR buffer[ROOM + 1];
static ULONG got;

static void forget(void)
{
    memset(buffer, FIXTURE_UNTOUCHED, sizeof(buffer));
    got = 0x77777777;
}

static DWORD read_pipe(UCHAR pipe, ULONG length)
{
    forget();
    SetLastError(ERROR_SUCCESS);
    WinUsb_ReadPipe(fixture.handle, pipe, buffer, length, &got, NULL);
    return GetLastError();
}

/* Reads @p length bytes, of which @p size from @p first on must come, and nothing else. */
static void assert_read(ULONG length, size_t first, ULONG size)
{
    assert_int_equal(read_pipe(BULK_IN, length), ERROR_SUCCESS);
    assert_int_equal(got, size);
    assert_true(fixture_is_data(buffer, first, size));
    assert_int_equal(buffer[size], FIXTURE_UNTOUCHED);
}

/* --- One transfer --------------------------------------------------------------------------- */

static void whole_packets_go_straight_into_the_programs_memory(void **state)
{
    (void)state;
    FIXTURE_SCRIPT({ 0, 2 * PACKET });

    assert_read(2 * PACKET, 0, 2 * PACKET);

    assert_int_equal(fixture.submissions, 1);
    assert_ptr_equal(fixture.log[0].data, buffer);
    assert_int_equal(fixture.log[0].length, 2 * PACKET);
    assert_int_equal(fixture.log[0].endpoint, BULK_IN);
    assert_int_equal(fixture.log[0].type, WU_USB_BULK);
    assert_int_equal(fixture.log[0].timeout, 0);
}

static void interrupt_pipes_are_read_as_bulk_pipes_are(void **state)
{
    (void)state;
    FIXTURE_SCRIPT({ 0, 8 });

    assert_int_equal(read_pipe(INTERRUPT_IN, 5), ERROR_SUCCESS);

    assert_int_equal(got, 5);
    assert_int_equal(fixture.log[0].length, 8);
    assert_int_equal(fixture.log[0].type, WU_USB_INTERRUPT);
}

static void bus_is_asked_for_whole_packets(void **state)
{
    (void)state;

    for (ULONG length = 1; length <= 3 * PACKET; length++) {
        FIXTURE_SCRIPT({ 0, 0 });
        assert_read(length, 0, 0);
        assert_int_equal(fixture.submissions, 1);
        assert_int_equal(fixture.log[0].length, (length + PACKET - 1) / PACKET * PACKET);
    }
}

static void short_packet_ends_a_read(void **state)
{
    (void)state;
    FIXTURE_SCRIPT({ 0, PACKET + 1 }, { 0, 3 });

    assert_read(3 * PACKET, 0, PACKET + 1);
    assert_read(PACKET / 2, PACKET + 1, 3);

    assert_int_equal(fixture.submissions, 2);
}

static void packet_of_nothing_ends_a_read(void **state)
{
    (void)state;
    FIXTURE_SCRIPT({ 0, 0 });

    assert_read(10, 0, 0);
}

static void read_of_nothing_ends_without_the_bus(void **state)
{
    ULONG length = 77;

    (void)state;

    assert_read(0, 0, 0);
    SetLastError(ERROR_SUCCESS);
    assert_true(WinUsb_ReadPipe(fixture.handle, BULK_IN, NULL, 0, &length, NULL));
    assert_true(WinUsb_ReadPipe(fixture.handle, BULK_IN, NULL, 0, NULL, NULL));

    assert_int_equal(length, 0);
    assert_int_equal(fixture.submissions, 0);
}

static void errors_come_with_what_was_read(void **state)
{
    const DWORD errors[] = { ERROR_GEN_FAILURE, ERROR_SEM_TIMEOUT, ERROR_OPERATION_ABORTED,
                             ERROR_DEVICE_NOT_CONNECTED };

    (void)state;

    for (size_t i = 0; i < 4; i++) {
        FIXTURE_SCRIPT({ errors[i], PACKET });
        assert_int_equal(read_pipe(BULK_IN, 100), errors[i]);
        assert_int_equal(got, PACKET);
        assert_true(fixture_is_data(buffer, i * PACKET, PACKET));
        assert_int_equal(fixture.submissions, 1);
    }
    assert_int_equal(fixture.device->halts, 0);
}

static void failure_to_submit_is_the_error_of_the_read(void **state)
{
    (void)state;
    fixture.device->submit_error = ERROR_DEVICE_NOT_CONNECTED;

    assert_int_equal(read_pipe(BULK_IN, 64), ERROR_DEVICE_NOT_CONNECTED);

    assert_int_equal(got, 0);
}

static void what_cannot_be_read_is_refused(void **state)
{
    const UCHAR pipes[] = { 0x00, 0x80, 0x01, BULK_OUT, 0x85, 0x91, ISOCH_IN };

    (void)state;

    for (size_t i = 0; i < sizeof(pipes); i++) {
        assert_int_equal(read_pipe(pipes[i], 64), ERROR_INVALID_PARAMETER);
        assert_int_equal(got, 0x77777777);
    }
    fixture_select(2);
    assert_int_equal(read_pipe(ISOCH_IN, 64), ERROR_INVALID_PARAMETER);
    assert_int_equal(read_pipe(BULK_IN, 64), ERROR_INVALID_PARAMETER);
    assert_fails(WinUsb_ReadPipe(fixture.handle, BULK_IN, NULL, 1, &got, NULL),
                 ERROR_INVALID_PARAMETER);
    assert_int_equal(fixture.submissions, 0);
}

static void pipes_of_all_interfaces_of_the_function_are_read(void **state)
{
    (void)state;
    FIXTURE_SCRIPT({ 0, 5 });

    assert_int_equal(read_pipe(OTHER_IN, 64), ERROR_SUCCESS);

    assert_int_equal(got, 5);
}

/* --- More than was asked for ------------------------------------------------------------------ */

static void surplus_is_kept_for_the_next_read(void **state)
{
    (void)state;
    FIXTURE_SCRIPT({ 0, PACKET });

    assert_read(10, 0, 10);
    assert_read(PACKET - 10, 10, PACKET - 10);

    assert_int_equal(fixture.submissions, 1);
}

static void surplus_is_read_in_pieces(void **state)
{
    (void)state;
    FIXTURE_SCRIPT({ 0, PACKET }, { 0, PACKET });

    for (size_t i = 0; i < PACKET; i++)
        assert_read(1, i, 1);
    assert_int_equal(fixture.submissions, 1);
    assert_read(1, PACKET, 1);

    assert_int_equal(fixture.submissions, 2);
}

static void surplus_of_every_size_is_kept(void **state)
{
    (void)state;

    for (ULONG length = 1; length < 2 * PACKET; length++)
        for (ULONG sent = 0; sent <= (length + PACKET - 1) / PACKET * PACKET; sent++) {
            const size_t first = fixture.sent;
            const ULONG size = sent < length ? sent : length;

            FIXTURE_SCRIPT({ 0, sent });
            assert_read(length, first, size);
            if (sent > size)
                assert_read(ROOM, first + size, sent - size);
            assert_int_equal(fixture.submissions, 1);
        }
}

static void surplus_that_is_not_enough_ends_the_read(void **state)
{
    (void)state;
    FIXTURE_SCRIPT({ 0, 20 });

    assert_read(15, 0, 15);
    assert_read(100, 15, 5);

    assert_int_equal(fixture.submissions, 1);
}

static void read_of_nothing_keeps_the_surplus(void **state)
{
    (void)state;
    FIXTURE_SCRIPT({ 0, 20 });

    assert_read(15, 0, 15);
    assert_read(0, 15, 0);
    assert_read(5, 15, 5);
}

static void surplus_belongs_to_its_pipe(void **state)
{
    (void)state;
    FIXTURE_SCRIPT({ 0, PACKET }, { 0, 8 });

    assert_read(10, 0, 10);
    assert_int_equal(read_pipe(INTERRUPT_IN, 8), ERROR_SUCCESS);
    assert_true(fixture_is_data(buffer, PACKET, 8));
    assert_read(5, 10, 5);
}

static void surplus_comes_with_an_error_too(void **state)
{
    (void)state;
    FIXTURE_SCRIPT({ ERROR_OPERATION_ABORTED, PACKET });

    assert_int_equal(read_pipe(BULK_IN, 10), ERROR_OPERATION_ABORTED);
    assert_int_equal(got, 10);

    assert_read(PACKET, 10, PACKET - 10);
}

static void flushing_drops_the_surplus(void **state)
{
    (void)state;
    FIXTURE_SCRIPT({ 0, PACKET }, { 0, PACKET });
    assert_read(10, 0, 10);

    assert_true(WinUsb_FlushPipe(fixture.handle, BULK_IN));

    assert_read(PACKET, PACKET, PACKET);
    assert_fails(WinUsb_FlushPipe(fixture.handle, BULK_OUT), ERROR_INVALID_PARAMETER);
    assert_fails(WinUsb_FlushPipe(fixture.handle, 0), ERROR_INVALID_PARAMETER);
    assert_fails(WinUsb_FlushPipe(fixture.handle, 0x8F), ERROR_INVALID_PARAMETER);
}

static void resetting_drops_the_surplus(void **state)
{
    (void)state;
    FIXTURE_SCRIPT({ 0, PACKET }, { 0, PACKET });
    assert_read(10, 0, 10);

    assert_true(WinUsb_ResetPipe(fixture.handle, BULK_IN));

    assert_int_equal(fixture.device->halts, 1);
    assert_int_equal(fixture.device->halt_endpoint, BULK_IN);
    assert_read(PACKET, PACKET, PACKET);
}

static void aborting_keeps_the_surplus(void **state)
{
    (void)state;
    FIXTURE_SCRIPT({ 0, PACKET });
    assert_read(10, 0, 10);

    assert_true(WinUsb_AbortPipe(fixture.handle, BULK_IN));

    assert_read(PACKET, 10, PACKET - 10);
}

static void selecting_a_setting_drops_the_surplus(void **state)
{
    (void)state;
    FIXTURE_SCRIPT({ 0, PACKET }, { 0, 512 }, { 0, 512 });
    assert_read(10, 0, 10);

    fixture_select(1);

    assert_read(100, PACKET, 100);
    assert_read(412, PACKET + 100, 412);
    assert_read(512, PACKET + 512, 512);
}

static void auto_flush_drops_the_surplus(void **state)
{
    (void)state;
    fixture_set_policy(BULK_IN, AUTO_FLUSH, 1);
    FIXTURE_SCRIPT({ 0, PACKET }, { 0, PACKET });

    assert_read(10, 0, 10);
    assert_read(10, PACKET, 10);

    assert_int_equal(fixture.submissions, 2);
}

static void without_partial_reads_surplus_is_a_failure(void **state)
{
    (void)state;
    fixture_set_policy(BULK_IN, ALLOW_PARTIAL_READS, 0);
    fixture_set_policy(BULK_IN, AUTO_FLUSH, 1);
    FIXTURE_SCRIPT({ 0, PACKET }, { 0, 10 }, { 0, PACKET });

    assert_int_equal(read_pipe(BULK_IN, 10), ERROR_GEN_FAILURE);
    assert_int_equal(got, 10);
    assert_int_equal(buffer[10], FIXTURE_UNTOUCHED);
    assert_read(10, PACKET, 10);
    assert_read(PACKET, PACKET + 10, PACKET);
}

static void policies_are_of_one_pipe(void **state)
{
    (void)state;
    fixture_set_policy(INTERRUPT_IN, AUTO_FLUSH, 1);
    fixture_set_policy(BULK_OUT, AUTO_FLUSH, 1);
    FIXTURE_SCRIPT({ 0, PACKET });

    assert_read(10, 0, 10);
    assert_read(10, 10, 10);
}

/* --- Short packets ignored -------------------------------------------------------------------- */

static void ignored_short_packets_do_not_end_a_read(void **state)
{
    (void)state;
    fixture_set_policy(BULK_IN, IGNORE_SHORT_PACKETS, 1);
    FIXTURE_SCRIPT({ 0, 10 }, { 0, 0 }, { 0, 1 }, { 0, PACKET }, { 0, PACKET });

    assert_read(2 * PACKET, 0, 2 * PACKET);

    assert_int_equal(fixture.submissions, 5);
    assert_int_equal(fixture.log[0].length, 2 * PACKET);
    assert_int_equal(fixture.log[1].length, 2 * PACKET);
    assert_int_equal(fixture.log[4].length, PACKET);
    fixture_set_policy(BULK_IN, IGNORE_SHORT_PACKETS, 0);
    assert_read(PACKET, 2 * PACKET, 11);
}

static void surplus_begins_a_read_that_ignores_short_packets(void **state)
{
    (void)state;
    FIXTURE_SCRIPT({ 0, PACKET }, { 0, 10 }, { 0, PACKET });
    assert_read(10, 0, 10);
    fixture_set_policy(BULK_IN, IGNORE_SHORT_PACKETS, 1);

    assert_read(PACKET, 10, PACKET);

    assert_int_equal(fixture.submissions, 2);
    assert_read(30, PACKET + 10, 30);
}

static void error_ends_a_read_that_ignores_short_packets(void **state)
{
    (void)state;
    fixture_set_policy(BULK_IN, IGNORE_SHORT_PACKETS, 1);
    FIXTURE_SCRIPT({ 0, 10 }, { ERROR_GEN_FAILURE, 5 });

    assert_int_equal(read_pipe(BULK_IN, 2 * PACKET), ERROR_GEN_FAILURE);

    assert_int_equal(got, 15);
    assert_true(fixture_is_data(buffer, 0, 15));
}

/* --- RAW_IO ---------------------------------------------------------------------------------- */

static void raw_reads_are_of_whole_packets(void **state)
{
    (void)state;
    fixture_set_policy(BULK_IN, RAW_IO, 1);

    for (ULONG length = 0; length <= 4 * PACKET; length++) {
        FIXTURE_SCRIPT({ 0, 0 });
        assert_int_equal(read_pipe(BULK_IN, length),
                         length % PACKET == 0 ? ERROR_SUCCESS : ERROR_INVALID_PARAMETER);
        assert_int_equal(fixture.submissions, length % PACKET == 0);
        assert_int_equal(got, length % PACKET == 0 ? 0 : 0x77777777);
    }
}

static void raw_reads_are_no_longer_than_a_transfer_may_be(void **state)
{
    static UCHAR large[FAST_LIMIT + PACKET];
    ULONG length = 77;

    (void)state;
    fixture_set_policy(BULK_IN, RAW_IO, 1);
    FIXTURE_SCRIPT({ 0, FAST_LIMIT });

    assert_fails(
        WinUsb_ReadPipe(fixture.handle, BULK_IN, large, FAST_LIMIT + PACKET, &length, NULL),
        ERROR_INVALID_PARAMETER);
    assert_int_equal(length, 77);
    assert_true(WinUsb_ReadPipe(fixture.handle, BULK_IN, large, FAST_LIMIT, &length, NULL));

    assert_int_equal(length, FAST_LIMIT);
}

static void raw_reads_leave_the_surplus_alone(void **state)
{
    (void)state;
    FIXTURE_SCRIPT({ 0, PACKET }, { 0, PACKET });
    assert_read(10, 0, 10);
    fixture_set_policy(BULK_IN, RAW_IO, 1);

    assert_read(PACKET, PACKET, PACKET);
    fixture_set_policy(BULK_IN, RAW_IO, 0);

    assert_read(PACKET, 10, PACKET - 10);
}

static void raw_reads_handle_no_errors(void **state)
{
    (void)state;
    fixture_set_policy(BULK_IN, RAW_IO, 1);
    fixture_set_policy(BULK_IN, AUTO_CLEAR_STALL, 1);
    fixture_set_policy(BULK_IN, IGNORE_SHORT_PACKETS, 1);
    FIXTURE_SCRIPT({ ERROR_GEN_FAILURE, 0 }, { 0, 10 });

    assert_int_equal(read_pipe(BULK_IN, PACKET), ERROR_GEN_FAILURE);
    assert_int_equal(fixture.device->halts, 0);
    assert_read(PACKET, 0, 10);
}

/* --- Long reads ------------------------------------------------------------------------------ */

static UCHAR large[3 * FAST_LIMIT];

static DWORD read_large(ULONG length)
{
    memset(large, FIXTURE_UNTOUCHED, sizeof(large));
    got = 0x77777777;
    SetLastError(ERROR_SUCCESS);
    WinUsb_ReadPipe(fixture.handle, BULK_IN, large, length, &got, NULL);
    return GetLastError();
}

static void long_reads_are_split(void **state)
{
    const ULONG length = 2 * FAST_LIMIT + 100;

    (void)state;
    FIXTURE_SCRIPT({ 0, FAST_LIMIT }, { 0, FAST_LIMIT }, { 0, 2 * PACKET });

    assert_int_equal(read_large(length), ERROR_SUCCESS);

    assert_int_equal(got, length);
    assert_true(fixture_is_data(large, 0, length));
    assert_int_equal(large[length], FIXTURE_UNTOUCHED);
    assert_int_equal(fixture.log[0].length, FAST_LIMIT);
    assert_int_equal(fixture.log[1].length, FAST_LIMIT);
    assert_int_equal(fixture.log[2].length, 2 * PACKET);
    assert_read(PACKET, length, 28);
}

static void short_packet_ends_a_long_read(void **state)
{
    (void)state;
    FIXTURE_SCRIPT({ 0, FAST_LIMIT }, { 0, FAST_LIMIT - 1 });

    assert_int_equal(read_large(3 * FAST_LIMIT), ERROR_SUCCESS);

    assert_int_equal(got, 2 * FAST_LIMIT - 1);
    assert_int_equal(fixture.submissions, 2);
}

static void error_ends_a_long_read(void **state)
{
    (void)state;
    FIXTURE_SCRIPT({ 0, FAST_LIMIT }, { ERROR_GEN_FAILURE, PACKET });

    assert_int_equal(read_large(3 * FAST_LIMIT), ERROR_GEN_FAILURE);

    assert_int_equal(got, FAST_LIMIT + PACKET);
    assert_int_equal(fixture.submissions, 2);
}

static int reset_slow(void **state)
{
    const int result = data_fixture_set_up(state);

    WinUsb_Free(fixture.handle);
    fixture.device->info.speed = WU_USB_SPEED_FULL;
    return result != 0 || !WinUsb_Initialize(fixture.file, &fixture.handle);
}

static void slow_devices_get_shorter_transfers(void **state)
{
    (void)state;
    FIXTURE_SCRIPT({ 0, SLOW_LIMIT }, { 0, PACKET });

    assert_int_equal(read_large(SLOW_LIMIT + 1), ERROR_SUCCESS);

    assert_int_equal(got, SLOW_LIMIT + 1);
    assert_int_equal(fixture.log[0].length, SLOW_LIMIT);
}

static void exact_limit_is_one_transfer(void **state)
{
    (void)state;
    FIXTURE_SCRIPT({ 0, FAST_LIMIT });

    assert_int_equal(read_large(FAST_LIMIT), ERROR_SUCCESS);

    assert_int_equal(fixture.submissions, 1);
}

/* --- Memory ---------------------------------------------------------------------------------- */

static void shorter_transfers_are_tried_where_memory_is_short(void **state)
{
    (void)state;
    fixture.device->longest = FAST_LIMIT / 2;
    FIXTURE_SCRIPT({ 0, FAST_LIMIT / 2 }, { 0, FAST_LIMIT / 2 }, { 0, PACKET });

    assert_int_equal(read_large(FAST_LIMIT + 1), ERROR_SUCCESS);

    assert_int_equal(got, FAST_LIMIT + 1);
    assert_true(fixture_is_data(large, 0, FAST_LIMIT + 1));
    assert_int_equal(large[FAST_LIMIT + 1], FIXTURE_UNTOUCHED);
    assert_int_equal(fixture.log[1].length, FAST_LIMIT / 2);
    assert_int_equal(fixture.log[2].length, PACKET);
}

static void shorter_transfers_are_of_whole_packets(void **state)
{
    (void)state;
    fixture.device->longest = FAST_LIMIT / 4;
    fixture_select(1);

    assert_int_not_equal(FAST_LIMIT / 4 % 512, 0);
    FIXTURE_SCRIPT({ 0, 0 });
    assert_int_equal(read_large(FAST_LIMIT), ERROR_SUCCESS);

    assert_int_equal(fixture.log[0].length, FAST_LIMIT / 4 / 512 * 512);
}

static void there_is_an_end_to_trying(void **state)
{
    (void)state;
    fixture.device->longest = 1;

    assert_int_equal(read_large(FAST_LIMIT), ERROR_NOT_ENOUGH_MEMORY);
    assert_int_equal(got, 0);
    assert_int_equal(read_large(1), ERROR_NOT_ENOUGH_MEMORY);

    assert_int_equal(fixture.submissions, 0);
}

/* --- Stalls ---------------------------------------------------------------------------------- */

static void failed_reads_reset_the_pipe_when_asked_to(void **state)
{
    const struct {
        DWORD error;
        int halts;
    } cases[] = {
        { ERROR_GEN_FAILURE, 1 },          { ERROR_SEM_TIMEOUT, 1 }, { ERROR_OPERATION_ABORTED, 0 },
        { ERROR_DEVICE_NOT_CONNECTED, 0 }, { ERROR_SUCCESS, 0 },
    };

    (void)state;
    fixture_set_policy(BULK_IN, AUTO_CLEAR_STALL, 1);

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        FIXTURE_SCRIPT({ cases[i].error, 0 });
        fixture.device->halts = 0;
        assert_int_equal(read_pipe(BULK_IN, PACKET), cases[i].error);
        assert_int_equal(fixture.device->halts, cases[i].halts);
    }
    assert_int_equal(fixture.device->halt_endpoint, BULK_IN);
}

static void failure_to_reset_leaves_the_reads_own_error(void **state)
{
    (void)state;
    fixture_set_policy(BULK_IN, AUTO_CLEAR_STALL, 1);
    fixture.device->halt_error = ERROR_DEVICE_NOT_CONNECTED;
    FIXTURE_SCRIPT({ ERROR_GEN_FAILURE, 0 }, { 0, PACKET });

    assert_int_equal(read_pipe(BULK_IN, PACKET), ERROR_GEN_FAILURE);

    assert_read(PACKET, 0, PACKET);
}

/* --- Timeouts -------------------------------------------------------------------------------- */

enum { MS = 1000000 };

static int64_t takes; /* [ns] each transfer */

static void pass(void)
{
    fake_clock += takes;
}

static void timeout_is_that_of_the_policy(void **state)
{
    (void)state;
    fixture_set_policy(BULK_IN, PIPE_TRANSFER_TIMEOUT, 100);
    FIXTURE_SCRIPT({ ERROR_SEM_TIMEOUT, 0 }, { 0, 1 });

    assert_int_equal(read_pipe(BULK_IN, PACKET), ERROR_SEM_TIMEOUT);
    fixture_set_policy(BULK_IN, PIPE_TRANSFER_TIMEOUT, 0xFFFFFFFF);
    assert_read(PACKET, 0, 1);

    assert_int_equal(got, 1);
    assert_int_equal(fixture.log[0].timeout, 100);
    assert_int_equal(fixture.log[1].timeout, 0xFFFFFFFF);
}

static void timeout_is_of_the_read_as_a_whole(void **state)
{
    (void)state;
    fixture_set_policy(BULK_IN, PIPE_TRANSFER_TIMEOUT, 100);
    fixture_set_policy(BULK_IN, IGNORE_SHORT_PACKETS, 1);
    fixture.during = pass;
    takes = 30 * MS;
    fake_clock_cost = 0;
    FIXTURE_SCRIPT({ 0, 1 }, { 0, 1 }, { 0, 1 }, { 0, 1 }, { 0, 1 });

    assert_int_equal(read_pipe(BULK_IN, 2 * PACKET), ERROR_SEM_TIMEOUT);

    assert_int_equal(got, 4);
    assert_int_equal(fixture.submissions, 4);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(fixture.log[i].timeout, 100 - 30 * i);
}

static void part_of_a_millisecond_that_is_left_counts_as_one(void **state)
{
    (void)state;
    fixture_set_policy(BULK_IN, PIPE_TRANSFER_TIMEOUT, 100);
    fixture_set_policy(BULK_IN, IGNORE_SHORT_PACKETS, 1);
    fixture.during = pass;
    takes = 100 * MS - 1;
    fake_clock_cost = 0;
    FIXTURE_SCRIPT({ 0, 1 }, { 0, PACKET });

    assert_int_equal(read_pipe(BULK_IN, 1 + PACKET), ERROR_SUCCESS);

    assert_int_equal(fixture.log[1].timeout, 1);
}

static void each_read_has_its_own_timeout(void **state)
{
    (void)state;
    fixture_set_policy(BULK_IN, PIPE_TRANSFER_TIMEOUT, 100);
    fixture.during = pass;
    takes = 90 * MS;
    FIXTURE_SCRIPT({ 0, 1 }, { 0, 1 });

    assert_read(PACKET, 0, 1);
    assert_read(PACKET, 1, 1);

    assert_int_equal(fixture.log[1].timeout, 100);
}

/* --- Answers about policies, through the API ---------------------------------------------- */

static void policies_belong_to_pipes_that_are_there(void **state)
{
    const UCHAR none[] = { 0x01, 0x82, 0x91, ISOCH_IN, 0xFF };
    ULONG value = 77, length = 4;

    (void)state;

    for (size_t i = 0; i < sizeof(none); i++) {
        length = 4;
        assert_fails(
            WinUsb_GetPipePolicy(fixture.handle, none[i], PIPE_TRANSFER_TIMEOUT, &length, &value),
            ERROR_INVALID_PARAMETER);
        assert_fails(
            WinUsb_SetPipePolicy(fixture.handle, none[i], PIPE_TRANSFER_TIMEOUT, 4, &value),
            ERROR_INVALID_PARAMETER);
        assert_fails(WinUsb_AbortPipe(fixture.handle, none[i]), ERROR_INVALID_PARAMETER);
        assert_fails(WinUsb_ResetPipe(fixture.handle, none[i]), ERROR_INVALID_PARAMETER);
        assert_int_equal(value, 77);
    }
    assert_true(WinUsb_GetPipePolicy(fixture.handle, 0, PIPE_TRANSFER_TIMEOUT, &length, &value));
    assert_int_equal(value, 5000);
    length = 4;
    assert_true(
        WinUsb_GetPipePolicy(fixture.handle, BULK_IN, MAXIMUM_TRANSFER_SIZE, &length, &value));
    assert_int_equal(value, FAST_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(whole_packets_go_straight_into_the_programs_memory),
        fixture_test(interrupt_pipes_are_read_as_bulk_pipes_are),
        fixture_test(bus_is_asked_for_whole_packets),
        fixture_test(short_packet_ends_a_read),
        fixture_test(packet_of_nothing_ends_a_read),
        fixture_test(read_of_nothing_ends_without_the_bus),
        fixture_test(errors_come_with_what_was_read),
        fixture_test(failure_to_submit_is_the_error_of_the_read),
        fixture_test(what_cannot_be_read_is_refused),
        fixture_test(pipes_of_all_interfaces_of_the_function_are_read),
        fixture_test(surplus_is_kept_for_the_next_read),
        fixture_test(surplus_is_read_in_pieces),
        fixture_test(surplus_of_every_size_is_kept),
        fixture_test(surplus_that_is_not_enough_ends_the_read),
        fixture_test(read_of_nothing_keeps_the_surplus),
        fixture_test(surplus_belongs_to_its_pipe),
        fixture_test(surplus_comes_with_an_error_too),
        fixture_test(flushing_drops_the_surplus),
        fixture_test(resetting_drops_the_surplus),
        fixture_test(aborting_keeps_the_surplus),
        fixture_test(selecting_a_setting_drops_the_surplus),
        fixture_test(auto_flush_drops_the_surplus),
        fixture_test(without_partial_reads_surplus_is_a_failure),
        fixture_test(policies_are_of_one_pipe),
        fixture_test(ignored_short_packets_do_not_end_a_read),
        fixture_test(surplus_begins_a_read_that_ignores_short_packets),
        fixture_test(error_ends_a_read_that_ignores_short_packets),
        fixture_test(raw_reads_are_of_whole_packets),
        fixture_test(raw_reads_are_no_longer_than_a_transfer_may_be),
        fixture_test(raw_reads_leave_the_surplus_alone),
        fixture_test(raw_reads_handle_no_errors),
        fixture_test(long_reads_are_split),
        fixture_test(short_packet_ends_a_long_read),
        fixture_test(error_ends_a_long_read),
        cmocka_unit_test_setup_teardown(slow_devices_get_shorter_transfers, reset_slow,
                                        data_fixture_tear_down),
        fixture_test(exact_limit_is_one_transfer),
        fixture_test(shorter_transfers_are_tried_where_memory_is_short),
        fixture_test(shorter_transfers_are_of_whole_packets),
        fixture_test(there_is_an_end_to_trying),
        fixture_test(failed_reads_reset_the_pipe_when_asked_to),
        fixture_test(failure_to_reset_leaves_the_reads_own_error),
        fixture_test(timeout_is_that_of_the_policy),
        fixture_test(timeout_is_of_the_read_as_a_whole),
        fixture_test(part_of_a_millisecond_that_is_left_counts_as_one),
        fixture_test(each_read_has_its_own_timeout),
        fixture_test(policies_belong_to_pipes_that_are_there),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
