/* control.c: control transfers, and what is changed in them on the way. */
#include "cmocka_all.h"

#include <string.h>

#include "data_fixture.h"

enum { VENDOR_IN = 0xC0, VENDOR_OUT = 0x40, LONGEST = 4096 /* [bytes] */ };

static UCHAR buffer[0x10000];
static ULONG got;

static DWORD control_of(HANDLE handle, WINUSB_SETUP_PACKET setup, ULONG length)
{
    got = 0x77777777;
    SetLastError(ERROR_SUCCESS);
    WinUsb_ControlTransfer(handle, setup, buffer, length, &got, NULL);
    return GetLastError();
}

static DWORD control(UCHAR type, UCHAR request, USHORT value, USHORT index, USHORT length)
{
    const WINUSB_SETUP_PACKET setup = { type, request, value, index, length };

    return control_of(fixture.handle, setup, length);
}

static int set_up(void **state)
{
    memset(buffer, FIXTURE_UNTOUCHED, sizeof(buffer));
    return data_fixture_set_up(state);
}

/* --- On the bus ------------------------------------------------------------------------------ */

static void setup_packet_is_that_of_the_program(void **state)
{
    const UCHAR expected[] = { VENDOR_IN, 0x12, 0x34, 0x56, 0x78, 0x9A, 0x14, 0x01 };

    (void)state;
    FIXTURE_SCRIPT({ 0, 5 });

    assert_int_equal(control(VENDOR_IN, 0x12, 0x5634, 0x9A78, 0x0114), ERROR_SUCCESS);

    assert_int_equal(got, 5);
    assert_true(fixture_is_data(buffer, 0, 5));
    assert_int_equal(buffer[5], FIXTURE_UNTOUCHED);
    assert_memory_equal(fixture.setup, expected, 8);
    assert_int_equal(fixture.log[0].endpoint, 0);
    assert_int_equal(fixture.log[0].type, WU_USB_CONTROL);
    assert_int_equal(fixture.log[0].length, 8 + 0x0114);
    assert_int_equal(fixture.log[0].timeout, 5000);
}

static void data_go_out(void **state)
{
    (void)state;
    memcpy(buffer, "hello", 5);
    FIXTURE_SCRIPT({ 0, 5 });

    assert_int_equal(control(VENDOR_OUT, 1, 2, 3, 5), ERROR_SUCCESS);

    assert_int_equal(got, 5);
    assert_int_equal(fixture.received_size, 5);
    assert_memory_equal(fixture.received, "hello", 5);
    assert_memory_equal(buffer, "hello", 5);
}

static void there_need_be_no_data(void **state)
{
    const WINUSB_SETUP_PACKET out = { VENDOR_OUT, 1, 2, 3, 0 }, in = { VENDOR_IN, 1, 2, 3, 0 };

    (void)state;
    FIXTURE_SCRIPT({ 0, 0 }, { 0, 0 });

    assert_true(WinUsb_ControlTransfer(fixture.handle, out, NULL, 0, NULL, NULL));
    assert_true(WinUsb_ControlTransfer(fixture.handle, in, NULL, 0, NULL, NULL));

    assert_int_equal(fixture.log[1].length, 8);
}

static void as_much_as_there_can_be_is_transferred(void **state)
{
    (void)state;
    FIXTURE_SCRIPT({ 0, LONGEST }, { 0, LONGEST });

    assert_int_equal(control(VENDOR_IN, 1, 2, 3, LONGEST), ERROR_SUCCESS);
    assert_true(fixture_is_data(buffer, 0, LONGEST));
    assert_int_equal(buffer[LONGEST], FIXTURE_UNTOUCHED);
    assert_int_equal(control(VENDOR_OUT, 1, 2, 3, LONGEST), ERROR_SUCCESS);
    assert_true(fixture_is_data(fixture.received, 0, LONGEST));
}

static void more_than_there_can_be_is_refused_at_once(void **state)
{
    const WINUSB_SETUP_PACKET setup = { VENDOR_IN, 1, 2, 3, LONGEST + 1 };
    struct fixture_io *io = fixture_prepare(0, TRUE);

    (void)state;

    assert_int_equal(control(VENDOR_IN, 1, 2, 3, LONGEST + 1), ERROR_INVALID_PARAMETER);
    assert_int_equal(control(VENDOR_OUT, 1, 2, 3, LONGEST + 1), ERROR_INVALID_PARAMETER);
    assert_fails(
        WinUsb_ControlTransfer(fixture.handle, setup, buffer, LONGEST + 1, NULL, &io->overlapped),
        ERROR_INVALID_PARAMETER);

    assert_int_equal(fixture.submissions, 0);
    CloseHandle(io->overlapped.hEvent);
}

/* --- Lengths that differ --------------------------------------------------------------------- */

/* A program that has been in use for years passes 4 there always. */
static void length_of_the_buffer_is_what_the_device_is_told(void **state)
{
    const WINUSB_SETUP_PACKET in = { VENDOR_IN, 1, 2, 3, 4 }, out = { VENDOR_OUT, 1, 2, 3, 4 };
    const ULONG lengths[] = { 0, 1, 3, 4, 10, 258, LONGEST };

    (void)state;

    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        const ULONG sent = fixture.sent;

        memset(buffer, FIXTURE_UNTOUCHED, sizeof(buffer));
        FIXTURE_SCRIPT({ 0, lengths[i] }, { 0, lengths[i] });
        assert_int_equal(control_of(fixture.handle, in, lengths[i]), ERROR_SUCCESS);
        assert_int_equal(got, lengths[i]);
        assert_true(fixture_is_data(buffer, sent, lengths[i]));
        assert_int_equal(buffer[lengths[i]], FIXTURE_UNTOUCHED);
        assert_int_equal(fixture.setup[6] + 256 * fixture.setup[7], lengths[i]);
        assert_int_equal(control_of(fixture.handle, out, lengths[i]), ERROR_SUCCESS);
        assert_int_equal(got, lengths[i]);
        assert_int_equal(fixture.setup[6] + 256 * fixture.setup[7], lengths[i]);

        assert_int_equal(fixture.log[0].length, 8 + lengths[i]);
        assert_int_equal(fixture.log[1].length, 8 + lengths[i]);
    }
}

static void data_that_have_no_place_are_refused(void **state)
{
    const WINUSB_SETUP_PACKET out = { VENDOR_OUT, 1, 2, 3, 5 }, in = { VENDOR_IN, 1, 2, 3, 5 };

    (void)state;
    got = 0x77777777;

    assert_fails(WinUsb_ControlTransfer(fixture.handle, out, NULL, 5, &got, NULL),
                 ERROR_INVALID_PARAMETER);
    assert_fails(WinUsb_ControlTransfer(fixture.handle, in, NULL, 5, &got, NULL),
                 ERROR_INVALID_PARAMETER);
    assert_fails(WinUsb_ControlTransfer(fixture.handle, in, buffer, 0x10000 + 5, &got, NULL),
                 ERROR_INVALID_PARAMETER);

    assert_int_equal(got, 0x77777777);
    assert_int_equal(fixture.submissions, 0);
}

/* --- Whom it is for -------------------------------------------------------------------------- */

static void assert_index(HANDLE handle, UCHAR type, USHORT index, USHORT expected)
{
    const WINUSB_SETUP_PACKET setup = { type, 1, 2, index, 0 };

    FIXTURE_SCRIPT({ 0, 0 });
    assert_int_equal(control_of(handle, setup, 0), ERROR_SUCCESS);
    assert_int_equal(fixture.setup[4] + 256 * fixture.setup[5], expected);
}

static void interface_is_that_of_the_handle(void **state)
{
    HANDLE other;

    (void)state;
    assert_true(WinUsb_GetAssociatedInterface(fixture.handle, 0, &other));

    for (unsigned type = 0; type <= 0xFF; type++) {
        const bool rewritten = (type & 0x1F) == 1;

        assert_index(fixture.handle, (UCHAR)type, 0x1205, rewritten ? 0x1200 : 0x1205);
        assert_index(other, (UCHAR)type, 0x1205, rewritten ? 0x1201 : 0x1205);
    }
    assert_true(WinUsb_Free(other));
}

/* --- Errors ---------------------------------------------------------------------------------- */

static void errors_are_told_with_what_came(void **state)
{
    const DWORD errors[] = { ERROR_GEN_FAILURE, ERROR_SEM_TIMEOUT, ERROR_DEVICE_NOT_CONNECTED };

    (void)state;

    for (size_t i = 0; i < 3; i++) {
        FIXTURE_SCRIPT({ errors[i], 2 });
        assert_int_equal(control(VENDOR_IN, 1, 2, 3, 5), errors[i]);
        assert_int_equal(got, 2);
    }
    assert_int_equal(fixture.device->halts, 0);
    fixture.device->submit_error = ERROR_NOT_ENOUGH_MEMORY;
    assert_int_equal(control(VENDOR_IN, 1, 2, 3, LONGEST), ERROR_NOT_ENOUGH_MEMORY);
}

static void timeout_can_be_set(void **state)
{
    (void)state;
    FIXTURE_SCRIPT({ 0, 0 }, { 0, 0 });

    fixture_set_policy(0, PIPE_TRANSFER_TIMEOUT, 123);
    assert_int_equal(control(VENDOR_OUT, 1, 2, 3, 0), ERROR_SUCCESS);
    fixture_set_policy(0, PIPE_TRANSFER_TIMEOUT, 0);
    assert_int_equal(control(VENDOR_OUT, 1, 2, 3, 0), ERROR_SUCCESS);

    assert_int_equal(fixture.log[0].timeout, 123);
    assert_int_equal(fixture.log[1].timeout, 0);
}

/* --- What is not left to the program ---------------------------------------------------------- */

static void set_interface_selects_a_setting(void **state)
{
    UCHAR setting = 77;

    (void)state;

    assert_int_equal(control(0x01, USB_REQUEST_SET_INTERFACE, 1, 9, 0), ERROR_SUCCESS);

    assert_int_equal(got, 0);
    assert_int_equal(fixture.submissions, 0);
    assert_int_equal(fixture.device->alternates, 1);
    assert_int_equal(fixture.device->alternate_interface, 0);
    assert_true(WinUsb_GetCurrentAlternateSetting(fixture.handle, &setting));
    assert_int_equal(setting, 1);
    assert_int_equal(control(0x01, USB_REQUEST_SET_INTERFACE, 9, 0, 0), ERROR_NOT_FOUND);
    assert_int_equal(control(0x01, USB_REQUEST_SET_INTERFACE, 0x100, 0, 0), ERROR_NOT_FOUND);
    assert_int_equal(fixture.device->alternates, 1);
}

static void configuration_stays_as_it_is(void **state)
{
    (void)state;

    assert_int_equal(control(0x00, USB_REQUEST_SET_CONFIGURATION, 1, 0, 0), ERROR_SUCCESS);
    assert_int_equal(control(0x00, USB_REQUEST_SET_CONFIGURATION, 2, 0, 0), ERROR_NOT_SUPPORTED);
    assert_int_equal(control(0x00, USB_REQUEST_SET_CONFIGURATION, 0, 0, 0), ERROR_NOT_SUPPORTED);

    assert_int_equal(fixture.submissions, 0);
}

static void requests_that_look_alike_are_left_alone(void **state)
{
    const UCHAR types[] = { 0x40, 0x41, 0x20, 0x21, 0x02, 0x80, 0x81 };

    (void)state;

    for (size_t i = 0; i < sizeof(types); i++) {
        FIXTURE_SCRIPT({ 0, 0 }, { 0, 0 });
        assert_int_equal(control(types[i], USB_REQUEST_SET_INTERFACE, 1, 0, 0), ERROR_SUCCESS);
        assert_int_equal(control(types[i], USB_REQUEST_SET_CONFIGURATION, 2, 0, 0), ERROR_SUCCESS);
        assert_int_equal(fixture.submissions, 2);
    }
    assert_int_equal(fixture.device->alternates, 0);
}

/* --- Overlapped ------------------------------------------------------------------------------ */

static void assert_pends(WINUSB_SETUP_PACKET setup, ULONG length, OVERLAPPED *overlapped)
{
    memset(overlapped, 0, sizeof(*overlapped));
    overlapped->hEvent = CreateEventA(NULL, TRUE, FALSE, NULL);
    assert_fails(WinUsb_ControlTransfer(fixture.handle, setup, buffer, length, NULL, overlapped),
                 ERROR_IO_PENDING);
}

static void assert_ends(OVERLAPPED *overlapped, DWORD error, ULONG bytes)
{
    DWORD size = 77;

    SetLastError(ERROR_SUCCESS);
    WinUsb_GetOverlappedResult(fixture.handle, overlapped, &size, TRUE);
    assert_int_equal(GetLastError(), error);
    assert_int_equal(size, bytes);
    CloseHandle(overlapped->hEvent);
}

static void overlapped_transfers_end_later(void **state)
{
    const WINUSB_SETUP_PACKET in = { VENDOR_IN, 1, 2, 3, 20 };
    const WINUSB_SETUP_PACKET set = { 0x01, USB_REQUEST_SET_INTERFACE, 1, 0, 0 };
    const WINUSB_SETUP_PACKET configure = { 0x00, USB_REQUEST_SET_CONFIGURATION, 7, 0, 0 };
    OVERLAPPED overlapped;

    (void)state;

    assert_pends(in, 20, &overlapped);
    fixture_send(0, 10);
    assert_ends(&overlapped, ERROR_SUCCESS, 10);
    assert_true(fixture_is_data(buffer, 0, 10));
    assert_pends(in, 20, &overlapped);
    assert_true(WinUsb_AbortPipe(fixture.handle, 0));
    assert_ends(&overlapped, ERROR_OPERATION_ABORTED, 0);
    assert_pends(set, 0, &overlapped);
    assert_ends(&overlapped, ERROR_SUCCESS, 0);
    assert_pends(configure, 0, &overlapped);
    assert_ends(&overlapped, ERROR_NOT_SUPPORTED, 0);
}

static void data_are_taken_when_the_call_is_made(void **state)
{
    const WINUSB_SETUP_PACKET out = { VENDOR_OUT, 1, 2, 3, 5 };
    OVERLAPPED first, second;

    (void)state;
    memcpy(buffer, "first", 5);
    assert_pends(out, 5, &first);
    memcpy(buffer, "other", 5);
    assert_pends(out, 5, &second);

    assert_int_equal(fake_usb_pending(0), 2);
    fixture_send(0, 5);
    fixture_send(0, 5);

    assert_memory_equal(fixture.received, "firstother", 10);
    assert_ends(&first, ERROR_SUCCESS, 5);
    assert_ends(&second, ERROR_SUCCESS, 5);
}

#define control_test(test) cmocka_unit_test_setup_teardown(test, set_up, data_fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        control_test(setup_packet_is_that_of_the_program),
        control_test(data_go_out),
        control_test(there_need_be_no_data),
        control_test(as_much_as_there_can_be_is_transferred),
        control_test(more_than_there_can_be_is_refused_at_once),
        control_test(length_of_the_buffer_is_what_the_device_is_told),
        control_test(data_that_have_no_place_are_refused),
        control_test(interface_is_that_of_the_handle),
        control_test(errors_are_told_with_what_came),
        control_test(timeout_can_be_set),
        control_test(set_interface_selects_a_setting),
        control_test(configuration_stays_as_it_is),
        control_test(requests_that_look_alike_are_left_alone),
        control_test(overlapped_transfers_end_later),
        control_test(data_are_taken_when_the_call_is_made),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
