/* policy.c: which policies there are, and what they hold. */
#include "cmocka_all.h"

#include "core/policy.h"

enum { FIRST = 0, LAST = 12 /* beyond all that there are */ };

static bool is_number(ULONG type)
{
    return type == PIPE_TRANSFER_TIMEOUT || type == MAXIMUM_TRANSFER_SIZE;
}

static bool exists(ULONG type)
{
    return type >= SHORT_PACKET_TERMINATE && type <= RESET_PIPE_ON_RESUME;
}

static ULONG get(const struct wu_policies *policies, ULONG type)
{
    ULONG value = 0, length = sizeof(value);

    assert_int_equal(wu_policy_get(policies, WU_USB_SPEED_HIGH, type, &length, &value), 0);
    assert_int_equal(length, is_number(type) ? 4 : 1);
    return value;
}

static void only_partial_reads_are_on_at_first(void **state)
{
    const struct wu_policies policies = wu_policy_defaults(false);

    (void)state;

    for (ULONG type = SHORT_PACKET_TERMINATE; type <= RESET_PIPE_ON_RESUME; type++)
        if (type != MAXIMUM_TRANSFER_SIZE)
            assert_int_equal(get(&policies, type), type == ALLOW_PARTIAL_READS);
}

static void control_pipe_times_out_after_5_seconds(void **state)
{
    const struct wu_policies policies = wu_policy_defaults(true);

    (void)state;

    assert_int_equal(get(&policies, PIPE_TRANSFER_TIMEOUT), 5000);
    assert_int_equal(get(&policies, ALLOW_PARTIAL_READS), 1);
}

static void each_policy_is_set_alone(void **state)
{
    (void)state;

    for (ULONG set = SHORT_PACKET_TERMINATE; set <= RESET_PIPE_ON_RESUME; set++) {
        struct wu_policies policies = wu_policy_defaults(false);
        const ULONG value = set == ALLOW_PARTIAL_READS ? 0 : 1;

        if (set == MAXIMUM_TRANSFER_SIZE)
            continue;
        assert_int_equal(wu_policy_set(&policies, set, is_number(set) ? 4 : 1, &value), 0);
        for (ULONG type = SHORT_PACKET_TERMINATE; type <= RESET_PIPE_ON_RESUME; type++)
            if (type != MAXIMUM_TRANSFER_SIZE)
                assert_int_equal(get(&policies, type),
                                 type == set ? value : type == ALLOW_PARTIAL_READS);
    }
}

static void any_value_but_0_is_true(void **state)
{
    struct wu_policies policies = wu_policy_defaults(false);

    (void)state;

    for (unsigned i = 0; i <= 0xFF; i++) {
        const UCHAR value = (UCHAR)i;

        assert_int_equal(wu_policy_set(&policies, AUTO_FLUSH, 1, &value), ERROR_SUCCESS);
        assert_int_equal(get(&policies, AUTO_FLUSH), i != 0);
    }
}

static void timeouts_keep_all_their_bits(void **state)
{
    struct wu_policies policies = wu_policy_defaults(false);
    const ULONG values[] = { 0, 1, 0x12345678, 0xFFFFFFFF };

    (void)state;

    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(wu_policy_set(&policies, PIPE_TRANSFER_TIMEOUT, 4, &values[i]), 0);
        assert_int_equal(get(&policies, PIPE_TRANSFER_TIMEOUT), values[i]);
    }
}

static void wrong_lengths_set_nothing(void **state)
{
    const ULONG value[2] = { 0x01010101, 0x01010101 };

    (void)state;

    for (ULONG type = FIRST; type <= LAST; type++)
        for (ULONG length = 0; length <= 8; length++) {
            struct wu_policies policies = wu_policy_defaults(false);
            const bool right = exists(type) && type != MAXIMUM_TRANSFER_SIZE &&
                               length == (is_number(type) ? 4u : 1u);

            assert_int_equal(wu_policy_set(&policies, type, length, value),
                             right ? ERROR_SUCCESS : ERROR_INVALID_PARAMETER);
            if (!right) {
                assert_int_equal(policies.timeout, 0);
                for (ULONG flag = 0; flag <= RESET_PIPE_ON_RESUME; flag++)
                    assert_int_equal(policies.flags[flag], flag == ALLOW_PARTIAL_READS);
            }
        }
}

static void missing_values_are_refused(void **state)
{
    struct wu_policies policies = wu_policy_defaults(false);
    ULONG length = 4, value = 77;

    (void)state;

    assert_int_equal(wu_policy_set(&policies, AUTO_FLUSH, 1, NULL), ERROR_INVALID_PARAMETER);
    assert_int_equal(wu_policy_get(&policies, WU_USB_SPEED_HIGH, AUTO_FLUSH, NULL, &value),
                     ERROR_INVALID_PARAMETER);
    assert_int_equal(wu_policy_get(&policies, WU_USB_SPEED_HIGH, AUTO_FLUSH, &length, NULL),
                     ERROR_INVALID_PARAMETER);
    assert_int_equal(length, 4);
    assert_int_equal(value, 77);
}

static void what_does_not_exist_or_fit_is_not_given(void **state)
{
    const struct wu_policies policies = wu_policy_defaults(false);

    (void)state;

    for (ULONG type = FIRST; type <= LAST; type++)
        for (ULONG room = 0; room <= 8; room++) {
            ULONG value[2] = { 0x77777777, 0x77777777 }, length = room;
            const DWORD error = wu_policy_get(&policies, WU_USB_SPEED_HIGH, type, &length, value);

            if (!exists(type))
                assert_int_equal(error, ERROR_INVALID_PARAMETER);
            else
                assert_int_equal(error, room < (is_number(type) ? 4u : 1u)
                                            ? ERROR_INSUFFICIENT_BUFFER
                                            : ERROR_SUCCESS);
            if (error != ERROR_SUCCESS) {
                assert_int_equal(length, room);
                assert_int_equal(value[0], 0x77777777);
            } else {
                assert_int_equal(value[0] >> 8 == 0x777777, !is_number(type));
            }
            assert_int_equal(value[1], 0x77777777);
        }
}

static void maximum_depends_on_the_speed(void **state)
{
    const struct wu_policies policies = wu_policy_defaults(false);

    (void)state;

    for (int speed = WU_USB_SPEED_UNKNOWN; speed <= WU_USB_SPEED_SUPER_PLUS; speed++) {
        ULONG value = 0, length = 4;

        assert_int_equal(wu_policy_get(&policies, (enum wu_usb_speed)speed, MAXIMUM_TRANSFER_SIZE,
                                       &length, &value),
                         ERROR_SUCCESS);
        assert_int_equal(value, speed >= WU_USB_SPEED_HIGH ? 0x1FEC00 : 0x3F000);
        assert_int_equal(value % 1024, 0);
        assert_int_equal(value, wu_policy_maximum_transfer((enum wu_usb_speed)speed));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_partial_reads_are_on_at_first),
        cmocka_unit_test(control_pipe_times_out_after_5_seconds),
        cmocka_unit_test(each_policy_is_set_alone),
        cmocka_unit_test(any_value_but_0_is_true),
        cmocka_unit_test(timeouts_keep_all_their_bits),
        cmocka_unit_test(wrong_lengths_set_nothing),
        cmocka_unit_test(missing_values_are_refused),
        cmocka_unit_test(what_does_not_exist_or_fit_is_not_given),
        cmocka_unit_test(maximum_depends_on_the_speed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
