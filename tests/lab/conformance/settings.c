/* SetCurrentAlternateSetting, GetCurrentAlternateSetting, ResetPipe. */
#include "conformance.h"
#include "fixture.h"

/* --- Settings -------------------------------------------------------------------------------- */

static void a_setting_begins_with_0_and_is_what_was_set(void **state)
{
    UCHAR setting = 7;

    (void)state;
    fixture_open_second();

    assert_succeeds(WinUsb_GetCurrentAlternateSetting(fixture.second, &setting));
    assert_int_equal(setting, 0);
    fixture_select(3);
    assert_succeeds(WinUsb_GetCurrentAlternateSetting(fixture.second, &setting));
    assert_int_equal(setting, 3);
    assert_succeeds(WinUsb_GetCurrentAlternateSetting(fixture.first, &setting));
    assert_int_equal(setting, 0);
}

static void the_device_is_told_of_the_setting(void **state)
{
    struct labdev_log_entry entry;

    (void)state;
    fixture_select(3);

    entry = fixture_logged(0x01, 11);
    assert_int_equal(entry.setup[2], 3);
    assert_int_equal(entry.setup[4], 1);
    assert_int_equal(fixture_status(OTHER_IN).present, 1);
}

static void the_pipes_of_a_setting_come_and_go_with_it(void **state)
{
    (void)state;

    fixture_select(3);
    assert_writes(OTHER_OUT, 64, 0);
    assert_reads(OTHER_IN, 64, 0, 64);
    fixture_select(0);

    assert_int_equal(fixture_read(OTHER_IN, 64), ERROR_INVALID_PARAMETER);
    assert_int_equal(fixture_write(OTHER_OUT, 64, 0), ERROR_INVALID_PARAMETER);
}

static void a_setting_that_is_not_there_is_not_found(void **state)
{
    UCHAR setting = 7;

    (void)state;
    fixture_select(3);

    assert_fails(WinUsb_SetCurrentAlternateSetting(fixture.second, 5), ERROR_NOT_FOUND);

    assert_succeeds(WinUsb_GetCurrentAlternateSetting(fixture.second, &setting));
    assert_int_equal(setting, 3);
}

static void a_setting_is_told_to_somewhere(void **state)
{
    (void)state;

    assert_fails(WinUsb_GetCurrentAlternateSetting(fixture.first, NULL), ERROR_INVALID_PARAMETER);
}

static void a_setting_cannot_change_under_a_request(void **state)
{
    (void)state;
    fixture_select(3);
    begin_read(0, OTHER_IN, 64);

    assert_fails(WinUsb_SetCurrentAlternateSetting(fixture.second, 0), ERROR_BUSY);
    assert_true(is_pending(0));
    assert_succeeds(WinUsb_SetCurrentAlternateSetting(fixture.first, 0));
    assert_succeeds(WinUsb_AbortPipe(fixture.second, OTHER_IN));

    assert_ends(0, ERROR_OPERATION_ABORTED, 0);
    assert_succeeds(WinUsb_SetCurrentAlternateSetting(fixture.second, 0));
}

static void a_second_interface_that_is_freed_keeps_its_setting(void **state)
{
    UCHAR setting = 7;

    (void)state;
    fixture_select(3);
    WinUsb_Free(fixture.second);

    fixture_open_second();

    assert_succeeds(WinUsb_GetCurrentAlternateSetting(fixture.second, &setting));
    assert_int_equal(setting, 3);
    assert_int_equal(fixture_status(OTHER_IN).present, 1);
}

/* --- ResetPipe ------------------------------------------------------------------------------- */

static void reset_ends_the_halt_of_a_pipe(void **state)
{
    (void)state;
    fixture_program(BULK_OUT, .kind = LABDEV_SINK, .events = { { 1, LABDEV_STALL, 0 } });
    assert_int_equal(fixture_write(BULK_OUT, 64, 0), ERROR_GEN_FAILURE);

    assert_succeeds(WinUsb_ResetPipe(fixture.first, BULK_OUT));

    assert_int_equal(fixture_status(BULK_OUT).clears, 1);
    assert_writes(BULK_OUT, 64, 0);
}

static void reset_cancels_what_is_under_way(void **state)
{
    (void)state;
    fixture_program(BULK_IN, .kind = LABDEV_NAK);
    begin_read(0, BULK_IN, 64);
    begin_read(1, BULK_IN, 64);

    assert_succeeds(WinUsb_ResetPipe(fixture.first, BULK_IN));

    assert_ends(0, ERROR_OPERATION_ABORTED, 0);
    assert_ends(1, ERROR_OPERATION_ABORTED, 0);
}

static void the_control_pipe_can_be_reset(void **state)
{
    (void)state;

    assert_succeeds(WinUsb_ResetPipe(fixture.first, 0));
}

static void an_isochronous_pipe_is_reset_without_the_device(void **state)
{
    (void)state;
    fixture_select(1);

    assert_succeeds(WinUsb_ResetPipe(fixture.second, ISOCH_IN));

    assert_int_equal(fixture_status(ISOCH_IN).clears, 0);
}

static void only_pipes_of_the_current_setting_can_be_reset_or_aborted(void **state)
{
    (void)state;

    assert_fails(WinUsb_ResetPipe(fixture.first, ABSENT_IN), ERROR_INVALID_PARAMETER);
    assert_fails(WinUsb_ResetPipe(fixture.first, OTHER_IN), ERROR_INVALID_PARAMETER);
    assert_fails(WinUsb_AbortPipe(fixture.first, ABSENT_IN), ERROR_INVALID_PARAMETER);
    assert_fails(WinUsb_AbortPipe(fixture.first, OTHER_IN), ERROR_INVALID_PARAMETER);
}

int setting_tests(void)
{
    const struct CMUnitTest tests[] = {
        conformance_test(a_setting_begins_with_0_and_is_what_was_set),
        conformance_test(the_device_is_told_of_the_setting),
        conformance_test(the_pipes_of_a_setting_come_and_go_with_it),
        conformance_test(a_setting_that_is_not_there_is_not_found),
        conformance_test(a_setting_is_told_to_somewhere),
        conformance_test(a_setting_cannot_change_under_a_request),
        conformance_test(a_second_interface_that_is_freed_keeps_its_setting),
        conformance_test(reset_ends_the_halt_of_a_pipe),
        conformance_test(reset_cancels_what_is_under_way),
        conformance_test(the_control_pipe_can_be_reset),
        conformance_test(an_isochronous_pipe_is_reset_without_the_device),
        conformance_test(only_pipes_of_the_current_setting_can_be_reset_or_aborted),
    };

    return run_group("settings", tests, NULL, NULL);
}
