/* Policies of pipes and of power: defaults, sizes, limits. What they do is tested where it shows.
 */
#include "conformance.h"
#include "fixture.h"

#include <string.h>

static ULONG policy_of(WINUSB_INTERFACE_HANDLE handle, UCHAR pipe, ULONG policy, ULONG *size_out)
{
    ULONG value = 0, size = sizeof(value);

    assert_succeeds(WinUsb_GetPipePolicy(handle, pipe, policy, &size, &value));
    *size_out = size;
    return value;
}

static void assert_policy(UCHAR pipe, ULONG policy, ULONG value, ULONG size)
{
    ULONG own_size;

    assert_int_equal(policy_of(fixture.first, pipe, policy, &own_size), value);
    assert_int_equal(own_size, size);
}

/* --- Defaults -------------------------------------------------------------------------------- */

static void policies_of_a_pipe_begin_with_their_defaults(void **state)
{
    static const UCHAR pipes[] = { BULK_IN, BULK_OUT, INTERRUPT_IN, INTERRUPT_OUT };

    (void)state;

    for (size_t i = 0; i < sizeof(pipes); i++) {
        assert_policy(pipes[i], SHORT_PACKET_TERMINATE, FALSE, 1);
        assert_policy(pipes[i], AUTO_CLEAR_STALL, FALSE, 1);
        assert_policy(pipes[i], PIPE_TRANSFER_TIMEOUT, 0, 4);
        assert_policy(pipes[i], IGNORE_SHORT_PACKETS, FALSE, 1);
        assert_policy(pipes[i], ALLOW_PARTIAL_READS, TRUE, 1);
        assert_policy(pipes[i], AUTO_FLUSH, FALSE, 1);
        assert_policy(pipes[i], RAW_IO, FALSE, 1);
        assert_policy(pipes[i], RESET_PIPE_ON_RESUME, FALSE, 1);
    }
}

static void the_control_pipe_begins_with_5_seconds(void **state)
{
    (void)state;

    assert_policy(0, PIPE_TRANSFER_TIMEOUT, 5000, 4);
}

static void the_maximum_transfer_size_is_what_windows_says(void **state)
{
    (void)state;

    assert_policy(BULK_IN, MAXIMUM_TRANSFER_SIZE, fixture.high ? 0x1FEC00 : 0x3F000, 4);
}

/* --- Setting --------------------------------------------------------------------------------- */

static void every_policy_takes_on_every_pipe(void **state)
{
    static const UCHAR pipes[] = { BULK_IN, BULK_OUT, INTERRUPT_IN, INTERRUPT_OUT, 0 };

    (void)state;

    for (size_t i = 0; i < sizeof(pipes); i++) {
        for (ULONG policy = SHORT_PACKET_TERMINATE; policy <= RESET_PIPE_ON_RESUME; policy++) {
            if (policy == MAXIMUM_TRANSFER_SIZE)
                continue;
            fixture_set_policy(pipes[i], policy, TRUE);
            assert_policy(pipes[i], policy, TRUE, policy == PIPE_TRANSFER_TIMEOUT ? 4 : 1);
        }
    }
}

static void any_flag_that_is_not_0_reads_1(void **state)
{
    (void)state;
    fixture_set_policy(BULK_IN, AUTO_FLUSH, 0x80);

    assert_policy(BULK_IN, AUTO_FLUSH, 1, 1);
}

static void policies_are_of_the_pipe_alone(void **state)
{
    (void)state;
    fixture_set_policy(BULK_IN, PIPE_TRANSFER_TIMEOUT, 1234);

    assert_policy(LOOP_IN, PIPE_TRANSFER_TIMEOUT, 0, 4);
    assert_policy(BULK_OUT, PIPE_TRANSFER_TIMEOUT, 0, 4);
    assert_policy(0, PIPE_TRANSFER_TIMEOUT, 5000, 4);
}

static void a_setting_selected_anew_has_default_policies(void **state)
{
    ULONG size;

    (void)state;
    fixture_select(3);
    fixture_set_policy(OTHER_IN, PIPE_TRANSFER_TIMEOUT, 1234);
    fixture_set_policy(BULK_IN, PIPE_TRANSFER_TIMEOUT, 1234);

    fixture_select(3);

    assert_int_equal(policy_of(fixture.second, OTHER_IN, PIPE_TRANSFER_TIMEOUT, &size), 0);
    assert_policy(BULK_IN, PIPE_TRANSFER_TIMEOUT, 1234, 4);
}

static void a_value_of_the_wrong_size_is_refused(void **state)
{
    ULONG value = 100;

    (void)state;

    assert_fails(WinUsb_SetPipePolicy(fixture.first, BULK_IN, PIPE_TRANSFER_TIMEOUT, 1, &value),
                 ERROR_INVALID_PARAMETER);
    assert_fails(WinUsb_SetPipePolicy(fixture.first, BULK_IN, PIPE_TRANSFER_TIMEOUT, 8, &value),
                 ERROR_INVALID_PARAMETER);
    assert_fails(WinUsb_SetPipePolicy(fixture.first, BULK_IN, AUTO_FLUSH, 4, &value),
                 ERROR_INVALID_PARAMETER);
    assert_fails(WinUsb_SetPipePolicy(fixture.first, BULK_IN, AUTO_FLUSH, 0, &value),
                 ERROR_INVALID_PARAMETER);
    assert_policy(BULK_IN, PIPE_TRANSFER_TIMEOUT, 0, 4);
}

static void what_cannot_be_set_is_refused(void **state)
{
    ULONG value = 100;

    (void)state;

    assert_fails(WinUsb_SetPipePolicy(fixture.first, BULK_IN, MAXIMUM_TRANSFER_SIZE, 4, &value),
                 ERROR_INVALID_PARAMETER);
    assert_fails(WinUsb_SetPipePolicy(fixture.first, BULK_IN, 0, 1, &value),
                 ERROR_INVALID_PARAMETER);
    assert_fails(WinUsb_SetPipePolicy(fixture.first, BULK_IN, 10, 1, &value),
                 ERROR_INVALID_PARAMETER);
    assert_fails(WinUsb_SetPipePolicy(fixture.first, ABSENT_IN, AUTO_FLUSH, 1, &value),
                 ERROR_INVALID_PARAMETER);
    assert_fails(WinUsb_SetPipePolicy(fixture.first, BULK_IN, AUTO_FLUSH, 1, NULL),
                 ERROR_INVALID_PARAMETER);
}

static void what_cannot_be_told_is_refused(void **state)
{
    ULONG value = 0, size = 4, small = 3, none = 0;

    (void)state;

    assert_fails(WinUsb_GetPipePolicy(fixture.first, BULK_IN, 10, &size, &value),
                 ERROR_INVALID_PARAMETER);
    assert_fails(WinUsb_GetPipePolicy(fixture.first, ABSENT_IN, AUTO_FLUSH, &size, &value),
                 ERROR_INVALID_PARAMETER);
    assert_fails(WinUsb_GetPipePolicy(fixture.first, BULK_IN, AUTO_FLUSH, NULL, &value),
                 ERROR_INVALID_PARAMETER);
    assert_fails(WinUsb_GetPipePolicy(fixture.first, BULK_IN, AUTO_FLUSH, &size, NULL),
                 ERROR_INVALID_PARAMETER);
    assert_fails(
        WinUsb_GetPipePolicy(fixture.first, BULK_IN, PIPE_TRANSFER_TIMEOUT, &small, &value),
        ERROR_INSUFFICIENT_BUFFER);
    assert_fails(WinUsb_GetPipePolicy(fixture.first, BULK_IN, AUTO_FLUSH, &none, &value),
                 ERROR_INSUFFICIENT_BUFFER);
}

/* --- Power ----------------------------------------------------------------------------------- */

static void power_policies_are_kept(void **state)
{
    ULONG delay = 0, size = sizeof(delay);
    UCHAR suspend = 7;

    (void)state;

    assert_succeeds(WinUsb_GetPowerPolicy(fixture.first, SUSPEND_DELAY, &size, &delay));
    assert_int_equal(delay, 5000);
    assert_int_equal(size, 4);
    assert_succeeds(WinUsb_GetPowerPolicy(fixture.first, AUTO_SUSPEND, &size, &suspend));
    assert_int_equal(suspend, FALSE);
    assert_int_equal(size, 1);

    delay = 1234;
    suspend = TRUE;
    assert_succeeds(WinUsb_SetPowerPolicy(fixture.first, SUSPEND_DELAY, 4, &delay));
    assert_succeeds(WinUsb_SetPowerPolicy(fixture.first, AUTO_SUSPEND, 1, &suspend));
    delay = suspend = 0;
    size = sizeof(delay);
    assert_succeeds(WinUsb_GetPowerPolicy(fixture.first, SUSPEND_DELAY, &size, &delay));
    assert_int_equal(delay, 1234);
    assert_succeeds(WinUsb_GetPowerPolicy(fixture.first, AUTO_SUSPEND, &size, &suspend));
    assert_int_equal(suspend, TRUE);
}

static void power_policies_of_the_wrong_size_or_kind_are_refused(void **state)
{
    ULONG value = 0, size = 4, none = 0;

    (void)state;

    assert_fails(WinUsb_SetPowerPolicy(fixture.first, SUSPEND_DELAY, 1, &value),
                 ERROR_INVALID_PARAMETER);
    assert_fails(WinUsb_SetPowerPolicy(fixture.first, AUTO_SUSPEND, 4, &value),
                 ERROR_INVALID_PARAMETER);
    assert_fails(WinUsb_SetPowerPolicy(fixture.first, 0x82, 1, &value), ERROR_INVALID_PARAMETER);
    assert_fails(WinUsb_SetPowerPolicy(fixture.first, AUTO_SUSPEND, 1, NULL),
                 ERROR_INVALID_PARAMETER);
    assert_fails(WinUsb_GetPowerPolicy(fixture.first, 0x82, &size, &value),
                 ERROR_INVALID_PARAMETER);
    assert_fails(WinUsb_GetPowerPolicy(fixture.first, AUTO_SUSPEND, NULL, &value),
                 ERROR_INVALID_PARAMETER);
    assert_fails(WinUsb_GetPowerPolicy(fixture.first, AUTO_SUSPEND, &size, NULL),
                 ERROR_INVALID_PARAMETER);
    assert_fails(WinUsb_GetPowerPolicy(fixture.first, AUTO_SUSPEND, &none, &value),
                 ERROR_INSUFFICIENT_BUFFER);
}

int policy_tests(void)
{
    const struct CMUnitTest tests[] = {
        conformance_test(policies_of_a_pipe_begin_with_their_defaults),
        conformance_test(the_control_pipe_begins_with_5_seconds),
        conformance_test(the_maximum_transfer_size_is_what_windows_says),
        conformance_test(every_policy_takes_on_every_pipe),
        conformance_test(any_flag_that_is_not_0_reads_1),
        conformance_test(policies_are_of_the_pipe_alone),
        conformance_test(a_setting_selected_anew_has_default_policies),
        conformance_test(a_value_of_the_wrong_size_is_refused),
        conformance_test(what_cannot_be_set_is_refused),
        conformance_test(what_cannot_be_told_is_refused),
        conformance_test(power_policies_are_kept),
        conformance_test(power_policies_of_the_wrong_size_or_kind_are_refused),
    };

    return run_group("policy", tests, NULL, NULL);
}
