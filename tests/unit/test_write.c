/* write.c: what a write has the bus do. Synchronous; time stands still. */
#include "cmocka_all.h"

#include <string.h>

#include "data_fixture.h"

static UCHAR data[2 * FAST_LIMIT + 100];
static ULONG sent;

static DWORD write_pipe(UCHAR pipe, ULONG length)
{
    sent = 0x77777777;
    SetLastError(ERROR_SUCCESS);
    WinUsb_WritePipe(fixture.handle, pipe, data, length, &sent, NULL);
    return GetLastError();
}

static int set_up(void **state)
{
    for (size_t i = 0; i < sizeof(data); i++)
        data[i] = fixture_byte(i);
    return data_fixture_set_up(state);
}

static void whole_write_is_one_transfer(void **state)
{
    (void)state;
    FIXTURE_SCRIPT({ 0, 100 });

    assert_int_equal(write_pipe(BULK_OUT, 100), ERROR_SUCCESS);

    assert_int_equal(sent, 100);
    assert_int_equal(fixture.submissions, 1);
    assert_ptr_equal(fixture.log[0].data, data);
    assert_int_equal(fixture.log[0].length, 100);
    assert_int_equal(fixture.log[0].endpoint, BULK_OUT);
    assert_false(fixture.log[0].zero_packet);
    assert_true(fixture_is_data(fixture.received, 0, 100));
}

static void write_of_nothing_is_a_packet_of_nothing(void **state)
{
    (void)state;

    for (ULONG terminate = 0; terminate <= 1; terminate++) {
        fixture_set_policy(BULK_OUT, SHORT_PACKET_TERMINATE, terminate);
        FIXTURE_SCRIPT({ 0, 0 });
        assert_int_equal(write_pipe(BULK_OUT, 0), ERROR_SUCCESS);
        assert_int_equal(sent, 0);
        assert_int_equal(fixture.submissions, 1);
        assert_int_equal(fixture.log[0].length, 0);
        assert_false(fixture.log[0].zero_packet); /* one is enough */
    }
    FIXTURE_SCRIPT({ 0, 0 });
    assert_true(WinUsb_WritePipe(fixture.handle, BULK_OUT, NULL, 0, NULL, NULL));
}

static void long_writes_are_split(void **state)
{
    (void)state;
    FIXTURE_SCRIPT({ 0, FAST_LIMIT }, { 0, FAST_LIMIT }, { 0, 100 });

    assert_int_equal(write_pipe(BULK_OUT, sizeof(data)), ERROR_SUCCESS);

    assert_int_equal(sent, sizeof(data));
    assert_int_equal(fixture.received_size, sizeof(data));
    assert_memory_equal(fixture.received, data, sizeof(data));
    assert_int_equal(fixture.log[0].length, FAST_LIMIT);
    assert_int_equal(fixture.log[2].length, 100);
}

static void only_the_last_transfer_is_terminated(void **state)
{
    (void)state;
    fixture_set_policy(BULK_OUT, SHORT_PACKET_TERMINATE, 1);
    FIXTURE_SCRIPT({ 0, FAST_LIMIT }, { 0, FAST_LIMIT });

    assert_int_equal(write_pipe(BULK_OUT, 2 * FAST_LIMIT), ERROR_SUCCESS);

    assert_int_equal(fixture.submissions, 2);
    assert_false(fixture.log[0].zero_packet);
    assert_true(fixture.log[1].zero_packet);
}

/* The kernel knows of such packets on bulk endpoints only. */
static void interrupt_write_is_terminated_by_a_transfer_of_its_own(void **state)
{
    (void)state;
    fixture_set_policy(INTERRUPT_OUT, SHORT_PACKET_TERMINATE, 1);
    FIXTURE_SCRIPT({ 0, 16 }, { 0, 0 }, { 0, 15 }, { 0, 0 });

    assert_int_equal(write_pipe(INTERRUPT_OUT, 16), ERROR_SUCCESS);
    assert_int_equal(sent, 16);
    assert_int_equal(write_pipe(INTERRUPT_OUT, 15), ERROR_SUCCESS);
    assert_int_equal(write_pipe(INTERRUPT_OUT, 0), ERROR_SUCCESS);

    assert_int_equal(fixture.submissions, 4);
    for (size_t i = 0; i < 4; i++)
        assert_false(fixture.log[i].zero_packet);
    assert_int_equal(fixture.log[1].length, 0);
    assert_int_equal(fixture.log[2].length, 15);
}

static void error_ends_a_write(void **state)
{
    const DWORD errors[] = { ERROR_GEN_FAILURE, ERROR_SEM_TIMEOUT, ERROR_OPERATION_ABORTED,
                             ERROR_DEVICE_NOT_CONNECTED };

    (void)state;
    fixture_set_policy(BULK_OUT, AUTO_CLEAR_STALL, 1); /* which is for reads */

    for (size_t i = 0; i < 4; i++) {
        FIXTURE_SCRIPT({ 0, FAST_LIMIT }, { errors[i], PACKET }, { 0, 100 });
        assert_int_equal(write_pipe(BULK_OUT, sizeof(data)), errors[i]);
        assert_int_equal(sent, FAST_LIMIT + PACKET);
        assert_int_equal(fixture.submissions, 2);
    }
    assert_int_equal(fixture.device->halts, 0);
}

static void raw_io_is_nothing_to_writes(void **state)
{
    (void)state;
    fixture_set_policy(BULK_OUT, RAW_IO, 1);
    FIXTURE_SCRIPT({ 0, 5 }, { 0, FAST_LIMIT }, { 0, 1 });

    assert_int_equal(write_pipe(BULK_OUT, 5), ERROR_SUCCESS);
    assert_int_equal(write_pipe(BULK_OUT, FAST_LIMIT + 1), ERROR_SUCCESS);

    assert_int_equal(sent, FAST_LIMIT + 1);
}

static void timeout_of_a_write_is_its_policy(void **state)
{
    (void)state;
    FIXTURE_SCRIPT({ 0, 5 }, { ERROR_SEM_TIMEOUT, 0 });

    assert_int_equal(write_pipe(BULK_OUT, 5), ERROR_SUCCESS);
    fixture_set_policy(BULK_OUT, PIPE_TRANSFER_TIMEOUT, 250);
    assert_int_equal(write_pipe(BULK_OUT, 5), ERROR_SEM_TIMEOUT);

    assert_int_equal(fixture.log[0].timeout, 0);
    assert_int_equal(fixture.log[1].timeout, 250);
}

static void writes_are_shorter_where_memory_is_short(void **state)
{
    (void)state;
    fixture.device->longest = FAST_LIMIT / 2;
    fixture_set_policy(BULK_OUT, SHORT_PACKET_TERMINATE, 1);
    FIXTURE_SCRIPT({ 0, FAST_LIMIT / 2 }, { 0, FAST_LIMIT / 2 });

    assert_int_equal(write_pipe(BULK_OUT, FAST_LIMIT), ERROR_SUCCESS);

    assert_memory_equal(fixture.received, data, FAST_LIMIT);
    assert_false(fixture.log[0].zero_packet);
    assert_true(fixture.log[1].zero_packet);
    fixture.device->longest = 1;
    assert_int_equal(write_pipe(BULK_OUT, FAST_LIMIT), ERROR_NOT_ENOUGH_MEMORY);
    assert_int_equal(sent, 0);
}

static void what_cannot_be_written_is_refused(void **state)
{
    const UCHAR pipes[] = { 0x00, 0x80, 0x01, BULK_IN, 0x0F, 0x12 };

    (void)state;

    for (size_t i = 0; i < sizeof(pipes); i++) {
        assert_int_equal(write_pipe(pipes[i], 5), ERROR_INVALID_PARAMETER);
        assert_int_equal(sent, 0x77777777);
    }
    assert_fails(WinUsb_WritePipe(fixture.handle, BULK_OUT, NULL, 1, &sent, NULL),
                 ERROR_INVALID_PARAMETER);
    fixture_select(2);
    assert_int_equal(write_pipe(BULK_OUT, 5), ERROR_INVALID_PARAMETER);
    assert_int_equal(fixture.submissions, 0);
}

#define write_test(test) cmocka_unit_test_setup_teardown(test, set_up, data_fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        write_test(whole_write_is_one_transfer),
        write_test(write_of_nothing_is_a_packet_of_nothing),
        write_test(long_writes_are_split),
        write_test(only_the_last_transfer_is_terminated),
        write_test(interrupt_write_is_terminated_by_a_transfer_of_its_own),
        write_test(error_ends_a_write),
        write_test(raw_io_is_nothing_to_writes),
        write_test(timeout_of_a_write_is_its_policy),
        write_test(writes_are_shorter_where_memory_is_short),
        write_test(what_cannot_be_written_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
