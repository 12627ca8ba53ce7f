/* setting.c, interface.c: alternate settings, associated interfaces, and the policies of both. */
#include "cmocka_all.h"

#include "data_fixture.h"

static ULONG timeout_of(HANDLE handle, UCHAR pipe)
{
    ULONG value = 77, length = sizeof(value);

    assert_true(WinUsb_GetPipePolicy(handle, pipe, PIPE_TRANSFER_TIMEOUT, &length, &value));
    return value;
}

static UCHAR current(HANDLE handle)
{
    UCHAR setting = 77;

    assert_true(WinUsb_GetCurrentAlternateSetting(handle, &setting));
    return setting;
}

static HANDLE open_associated(UCHAR index)
{
    HANDLE handle = NULL;

    assert_true(WinUsb_GetAssociatedInterface(fixture.handle, index, &handle));
    assert_non_null(handle);
    return handle;
}

/* --- Alternate settings ---------------------------------------------------------------------- */

static void first_setting_is_current_at_first(void **state)
{
    (void)state;

    assert_int_equal(current(fixture.handle), 0);
    assert_fails(WinUsb_GetCurrentAlternateSetting(fixture.handle, NULL), ERROR_INVALID_PARAMETER);

    assert_int_equal(fixture.device->alternates, 0);
}

static void setting_is_selected_on_the_device(void **state)
{
    (void)state;

    for (UCHAR setting = 0; setting < 3; setting++) {
        fixture_select(setting);
        assert_int_equal(fixture.device->alternates, setting + 1);
        assert_int_equal(fixture.device->alternate_interface, 0);
        assert_int_equal(fixture.device->alternate_setting, setting);
        assert_int_equal(current(fixture.handle), setting);
    }
}

static void missing_setting_is_not_found(void **state)
{
    (void)state;
    fixture_select(1);

    assert_fails(WinUsb_SetCurrentAlternateSetting(fixture.handle, 3), ERROR_NOT_FOUND);
    assert_fails(WinUsb_SetCurrentAlternateSetting(fixture.handle, 255), ERROR_NOT_FOUND);

    assert_int_equal(current(fixture.handle), 1);
    assert_int_equal(fixture.device->alternates, 1);
}

static void pipes_are_those_of_the_current_setting(void **state)
{
    const struct {
        UCHAR setting, pipe;
        bool there;
    } cases[] = {
        { 0, BULK_IN, true },      { 0, INTERRUPT_IN, true },  { 0, ISOCH_IN, false },
        { 1, BULK_IN, true },      { 1, INTERRUPT_IN, false }, { 1, ISOCH_IN, false },
        { 2, BULK_IN, false },     { 2, BULK_OUT, false },     { 2, INTERRUPT_IN, false },
        { 2, ISOCH_IN, true },     { 2, OTHER_IN, true },      { 2, 0, true },
        { 0, INTERRUPT_IN, true },
    };

    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        fixture_select(cases[i].setting);
        SetLastError(ERROR_SUCCESS);
        assert_int_equal(WinUsb_AbortPipe(fixture.handle, cases[i].pipe), cases[i].there);
        assert_int_equal(GetLastError(), cases[i].there ? ERROR_SUCCESS : ERROR_INVALID_PARAMETER);
    }
}

static void policies_begin_anew_with_a_setting(void **state)
{
    (void)state;
    fixture_set_policy(BULK_IN, PIPE_TRANSFER_TIMEOUT, 123);
    fixture_set_policy(OTHER_IN, PIPE_TRANSFER_TIMEOUT, 456);
    fixture_set_policy(0, PIPE_TRANSFER_TIMEOUT, 789);

    fixture_select(0);

    assert_int_equal(timeout_of(fixture.handle, BULK_IN), 0);
    assert_int_equal(timeout_of(fixture.handle, OTHER_IN), 456);
    assert_int_equal(timeout_of(fixture.handle, 0), 789);
}

static void failure_to_select_leaves_the_setting(void **state)
{
    (void)state;
    fixture_select(1);

    fixture.device->alternate_error = ERROR_GEN_FAILURE;
    assert_fails(WinUsb_SetCurrentAlternateSetting(fixture.handle, 2), ERROR_GEN_FAILURE);
    fixture.device->alternate_error = ERROR_DEVICE_NOT_CONNECTED;
    assert_fails(WinUsb_SetCurrentAlternateSetting(fixture.handle, 2), ERROR_BAD_COMMAND);

    assert_int_equal(current(fixture.handle), 1);
    assert_true(WinUsb_AbortPipe(fixture.handle, BULK_IN));
    assert_fails(WinUsb_AbortPipe(fixture.handle, ISOCH_IN), ERROR_INVALID_PARAMETER);
}

static void failure_to_select_leaves_the_pipes_as_they_were(void **state)
{
    UCHAR bytes[PACKET];
    ULONG got;

    (void)state;
    fixture_set_policy(BULK_IN, PIPE_TRANSFER_TIMEOUT, 123);
    FIXTURE_SCRIPT({ 0, PACKET });
    assert_true(WinUsb_ReadPipe(fixture.handle, BULK_IN, bytes, 10, &got, NULL));

    fixture.device->alternate_error = ERROR_GEN_FAILURE;
    assert_fails(WinUsb_SetCurrentAlternateSetting(fixture.handle, 1), ERROR_GEN_FAILURE);

    assert_int_equal(timeout_of(fixture.handle, BULK_IN), 123);
    assert_true(WinUsb_ReadPipe(fixture.handle, BULK_IN, bytes, PACKET, &got, NULL));
    assert_int_equal(got, PACKET - 10);
    assert_true(fixture_is_data(bytes, 10, PACKET - 10));
}

/* Opens the device as one with another configuration. */
static void become(const unsigned char *configuration, size_t size)
{
    WinUsb_Free(fixture.handle);
    CloseHandle(fixture.file);
    fixture.device->info.configuration = (unsigned char *)configuration;
    fixture.device->info.configuration_size = size;
    fixture.file = fixture_open_file();
    assert_true(WinUsb_Initialize(fixture.file, &fixture.handle));
}

/* It could be torn away under a read. */
static void address_of_two_interfaces_stays_with_the_first(void **state)
{
    static const unsigned char twice[] = {
        9, 2, 50,   0, 2,  1, 0, 0x80, 50, /* configuration */
        9, 4, 0,    0, 1,  1, 2, 3,    0,  /* interface 0 */
        7, 5, 0x81, 2, 64, 0, 0,           /* bulk IN */
        9, 4, 1,    0, 0,  1, 2, 3,    0,  /* interface 1, setting 0 */
        9, 4, 1,    1, 1,  1, 2, 3,    0,  /* interface 1, setting 1 */
        7, 5, 0x81, 2, 8,  0, 0,           /* bulk IN */
    };
    HANDLE other;

    (void)state;
    become(twice, sizeof(twice));
    other = open_associated(0);
    fixture_set_policy(BULK_IN, PIPE_TRANSFER_TIMEOUT, 123);
    FIXTURE_SCRIPT({ 0, PACKET });
    fixture.step_count = 0; /* it pends */
    fixture_begin_read(0, BULK_IN, 10);

    assert_true(WinUsb_SetCurrentAlternateSetting(other, 1));

    assert_int_equal(timeout_of(fixture.handle, BULK_IN), 123);
    fixture_send(BULK_IN, PACKET);
    fixture_assert_brings(&fixture_ios[0], 0, 10);
    WinUsb_Free(other);
}

static void setting_0_is_current_at_first_wherever_it_is_listed(void **state)
{
    static const unsigned char backwards[] = {
        9, 2, 41,   0, 1,  1, 0, 0x80, 50, /* configuration */
        9, 4, 0,    1, 1,  1, 2, 3,    0,  /* interface 0, setting 1 */
        7, 5, 0x81, 2, 64, 0, 0,           /* bulk IN */
        9, 4, 0,    0, 1,  1, 2, 3,    0,  /* interface 0, setting 0 */
        7, 5, 0x02, 2, 64, 0, 0,           /* bulk OUT */
    };

    (void)state;
    become(backwards, sizeof(backwards));

    assert_int_equal(current(fixture.handle), 0);
    assert_true(WinUsb_AbortPipe(fixture.handle, BULK_OUT));
    assert_fails(WinUsb_AbortPipe(fixture.handle, BULK_IN), ERROR_INVALID_PARAMETER);
}

/* --- Associated interfaces ------------------------------------------------------------------- */

static void associated_interface_has_its_own_answers(void **state)
{
    const HANDLE other = open_associated(0);
    USB_INTERFACE_DESCRIPTOR descriptor;

    (void)state;

    assert_true(WinUsb_QueryInterfaceSettings(other, 0, &descriptor));
    assert_int_equal(descriptor.bInterfaceNumber, 1);
    fixture_select(1);
    assert_int_equal(current(other), 0);
    assert_true(WinUsb_SetCurrentAlternateSetting(other, 0));
    assert_int_equal(fixture.device->alternate_interface, 1);
    assert_int_equal(current(fixture.handle), 1);
    assert_true(WinUsb_Free(other));
}

static void associated_interface_is_out_once(void **state)
{
    HANDLE other = open_associated(0), again = (HANDLE)77;

    (void)state;

    assert_fails(WinUsb_GetAssociatedInterface(fixture.handle, 0, &again), ERROR_ALREADY_EXISTS);
    assert_ptr_equal(again, (HANDLE)77);
    assert_true(WinUsb_Free(other));
    other = open_associated(0);
    assert_true(WinUsb_Free(other));
}

static void there_is_an_end_to_associated_interfaces(void **state)
{
    HANDLE handle = (HANDLE)77;

    (void)state;

    for (unsigned i = 1; i < 255; i++)
        assert_fails(WinUsb_GetAssociatedInterface(fixture.handle, (UCHAR)i, &handle),
                     ERROR_NO_MORE_ITEMS);
    assert_fails(WinUsb_GetAssociatedInterface(fixture.handle, 255, &handle),
                 ERROR_INVALID_PARAMETER);
    assert_ptr_equal(handle, (HANDLE)77);
    assert_fails(WinUsb_GetAssociatedInterface(fixture.handle, 0, NULL), ERROR_INVALID_PARAMETER);
}

static void associated_interface_of_a_missing_device_is_a_bad_command(void **state)
{
    HANDLE handle = (HANDLE)77;

    (void)state;
    fixture.device->gone = true;

    assert_fails(WinUsb_GetAssociatedInterface(fixture.handle, 0, &handle), ERROR_BAD_COMMAND);

    assert_ptr_equal(handle, (HANDLE)77);
}

static void associated_interface_outlives_the_first(void **state)
{
    const HANDLE other = open_associated(0);
    UCHAR byte = 0;

    (void)state;
    fixture_script(&(const struct fixture_step){ ERROR_SUCCESS, 1 }, 1);

    assert_true(WinUsb_Free(fixture.handle));

    assert_int_equal(fixture.device->claims, 2);
    assert_true(WinUsb_ReadPipe(other, OTHER_IN, &byte, 1, NULL, NULL));
    assert_int_equal(byte, fixture_byte(0));
    assert_true(WinUsb_Free(other));
    assert_int_equal(fixture.device->claims, 0);
}

static void opening_one_resets_its_policies_and_no_others(void **state)
{
    HANDLE other;

    (void)state;
    fixture_set_policy(BULK_IN, PIPE_TRANSFER_TIMEOUT, 123);
    fixture_set_policy(OTHER_IN, PIPE_TRANSFER_TIMEOUT, 456);
    fixture_set_policy(0, PIPE_TRANSFER_TIMEOUT, 789);

    other = open_associated(0);

    assert_int_equal(timeout_of(other, BULK_IN), 123);
    assert_int_equal(timeout_of(other, OTHER_IN), 0);
    assert_int_equal(timeout_of(other, 0), 789);
    assert_true(WinUsb_Free(other));
}

static void initializing_resets_policies(void **state)
{
    (void)state;
    fixture_set_policy(BULK_IN, PIPE_TRANSFER_TIMEOUT, 123);
    fixture_set_policy(0, PIPE_TRANSFER_TIMEOUT, 789);
    WinUsb_Free(fixture.handle);

    assert_true(WinUsb_Initialize(fixture.file, &fixture.handle));

    assert_int_equal(timeout_of(fixture.handle, BULK_IN), 0);
    assert_int_equal(timeout_of(fixture.handle, 0), 5000);
}

static void opening_one_forgets_what_was_kept_for_the_next_read(void **state)
{
    HANDLE other = open_associated(0);
    UCHAR bytes[PACKET];
    ULONG got;

    (void)state;
    FIXTURE_SCRIPT({ 0, PACKET }, { 0, 3 });
    assert_true(WinUsb_ReadPipe(other, OTHER_IN, bytes, 10, &got, NULL));
    WinUsb_Free(other);

    other = open_associated(0);

    assert_true(WinUsb_ReadPipe(other, OTHER_IN, bytes, PACKET, &got, NULL));
    assert_int_equal(got, 3);
    assert_true(fixture_is_data(bytes, PACKET, 3));
    WinUsb_Free(other);
}

/* Descriptors need not follow their numbers. */
static void associated_interfaces_come_in_the_order_of_the_configuration(void **state)
{
    static const unsigned char disordered[] = {
        9, 2, 45, 0, 4, 1, 0, 0x80, 50, /* configuration */
        9, 4, 0,  0, 0, 1, 2, 3,    0,  /* interface 0 */
        9, 4, 3,  0, 0, 1, 2, 3,    0,  /* interface 3 */
        9, 4, 1,  0, 0, 1, 2, 3,    0,  /* interface 1 */
        9, 4, 2,  0, 0, 1, 2, 3,    0,  /* interface 2 */
    };
    const UCHAR expected[] = { 3, 1, 2 };
    HANDLE others[3], none;

    (void)state;
    become(disordered, sizeof(disordered));

    for (UCHAR i = 0; i < 3; i++) {
        USB_INTERFACE_DESCRIPTOR descriptor = { 0 };

        others[i] = open_associated(i);
        assert_true(WinUsb_QueryInterfaceSettings(others[i], 0, &descriptor));
        assert_int_equal(descriptor.bInterfaceNumber, expected[i]);
    }

    assert_fails(WinUsb_GetAssociatedInterface(fixture.handle, 3, &none), ERROR_NO_MORE_ITEMS);
    for (UCHAR i = 0; i < 3; i++)
        assert_true(WinUsb_Free(others[i]));
}

/* --- Power ----------------------------------------------------------------------------------- */

static void power_policies_hold_what_was_set(void **state)
{
    ULONG delay = 0, length = sizeof(delay);
    UCHAR suspend = 77;

    (void)state;

    assert_true(WinUsb_GetPowerPolicy(fixture.handle, SUSPEND_DELAY, &length, &delay));
    assert_int_equal(delay, 5000);
    delay = 0x12345678;
    assert_true(WinUsb_SetPowerPolicy(fixture.handle, SUSPEND_DELAY, 4, &delay));
    delay = 0;
    assert_true(WinUsb_GetPowerPolicy(fixture.handle, SUSPEND_DELAY, &length, &delay));
    assert_int_equal(delay, 0x12345678);
    assert_true(WinUsb_SetPowerPolicy(fixture.handle, AUTO_SUSPEND, 1, &suspend));
    assert_true(WinUsb_GetPowerPolicy(fixture.handle, AUTO_SUSPEND, &length, &suspend));
    assert_int_equal(length, 1);
    assert_int_equal(suspend, 1);
    suspend = 0;
    assert_true(WinUsb_SetPowerPolicy(fixture.handle, AUTO_SUSPEND, 1, &suspend));
    suspend = 77;
    assert_true(WinUsb_GetPowerPolicy(fixture.handle, AUTO_SUSPEND, &length, &suspend));
    assert_int_equal(suspend, 0);
}

static void power_policies_are_refused_when_they_are_none(void **state)
{
    ULONG value = 77, length = 4;

    (void)state;

    for (ULONG type = 0x80; type < 0x86; type++) {
        const ULONG size = type == AUTO_SUSPEND ? 1 : type == SUSPEND_DELAY ? 4 : 0;

        for (ULONG room = 0; room <= 8; room++)
            if (size == 0 || room != size)
                assert_fails(WinUsb_SetPowerPolicy(fixture.handle, type, room, &value),
                             ERROR_INVALID_PARAMETER);
        assert_fails(WinUsb_SetPowerPolicy(fixture.handle, type, size, NULL),
                     ERROR_INVALID_PARAMETER);
        assert_fails(WinUsb_GetPowerPolicy(fixture.handle, type, NULL, &value),
                     ERROR_INVALID_PARAMETER);
        assert_fails(WinUsb_GetPowerPolicy(fixture.handle, type, &length, NULL),
                     ERROR_INVALID_PARAMETER);
        length = size == 0 ? 4 : size - 1;
        assert_fails(WinUsb_GetPowerPolicy(fixture.handle, type, &length, &value),
                     size == 0 ? ERROR_INVALID_PARAMETER : ERROR_INSUFFICIENT_BUFFER);
        assert_int_equal(value, 77);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fixture_test(first_setting_is_current_at_first),
        fixture_test(setting_is_selected_on_the_device),
        fixture_test(missing_setting_is_not_found),
        fixture_test(pipes_are_those_of_the_current_setting),
        fixture_test(policies_begin_anew_with_a_setting),
        fixture_test(failure_to_select_leaves_the_setting),
        fixture_test(failure_to_select_leaves_the_pipes_as_they_were),
        fixture_test(address_of_two_interfaces_stays_with_the_first),
        fixture_test(setting_0_is_current_at_first_wherever_it_is_listed),
        fixture_test(opening_one_forgets_what_was_kept_for_the_next_read),
        fixture_test(associated_interface_has_its_own_answers),
        fixture_test(associated_interface_is_out_once),
        fixture_test(there_is_an_end_to_associated_interfaces),
        fixture_test(associated_interface_of_a_missing_device_is_a_bad_command),
        fixture_test(associated_interface_outlives_the_first),
        fixture_test(opening_one_resets_its_policies_and_no_others),
        fixture_test(initializing_resets_policies),
        fixture_test(associated_interfaces_come_in_the_order_of_the_configuration),
        fixture_test(power_policies_hold_what_was_set),
        fixture_test(power_policies_are_refused_when_they_are_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
