/* ControlTransfer: what reaches the device, and what comes back. */
#include "conformance.h"
#include "fixture.h"

#include <string.h>

enum { VENDOR_OUT = 0x40, VENDOR_IN = 0xC0, TO_INTERFACE = 0x01, TO_ENDPOINT = 0x02 };

static WINUSB_SETUP_PACKET setup_of(UCHAR type, UCHAR request, USHORT length)
{
    const WINUSB_SETUP_PACKET setup = { type, request, 0, 0, length };

    return setup;
}

/* --- Data ------------------------------------------------------------------------------------ */

static void assert_echoes(USHORT length)
{
    labdev_fill(fixture.data, length, length);
    assert_int_equal(fixture_control(setup_of(VENDOR_OUT, LABDEV_ECHO, length)), ERROR_SUCCESS);
    assert_int_equal(fixture.got, length);

    memset(fixture.data, UNTOUCHED, sizeof(fixture.data));
    assert_int_equal(fixture_control(setup_of(VENDOR_IN, LABDEV_ECHO, length)), ERROR_SUCCESS);
    assert_int_equal(fixture.got, length);
    assert_int_equal(labdev_mismatch(fixture.data, length, length), length);
    assert_int_equal(fixture.data[length], UNTOUCHED);
}

static void data_goes_out_and_comes_in(void **state)
{
    (void)state;

    assert_echoes(0);
    assert_echoes(1);
    assert_echoes(64);
    assert_echoes(100);
    assert_echoes(4096);
}

static void more_than_4096_bytes_are_refused(void **state)
{
    (void)state;

    assert_int_equal(fixture_control(setup_of(VENDOR_OUT, LABDEV_ECHO, 4097)),
                     ERROR_INVALID_PARAMETER);
    assert_int_equal(fixture_control(setup_of(VENDOR_IN, LABDEV_ECHO, 4097)),
                     ERROR_INVALID_PARAMETER);
}

static void the_setup_packet_arrives_as_it_is(void **state)
{
    static const UCHAR expected[] = { VENDOR_IN, LABDEV_ECHO, 0x34, 0x12, 0x78, 0x56, 3, 0 };
    const WINUSB_SETUP_PACKET setup = { VENDOR_IN, LABDEV_ECHO, 0x1234, 0x5678, 3 };

    (void)state;

    fixture_control(setup);

    assert_memory_equal(fixture_logged(VENDOR_IN, LABDEV_ECHO).setup, expected, sizeof(expected));
}

static void less_than_asked_for_is_told(void **state)
{
    (void)state;
    labdev_fill(fixture.data, 10, 0);
    fixture_control(setup_of(VENDOR_OUT, LABDEV_ECHO, 10));

    assert_int_equal(fixture_control(setup_of(VENDOR_IN, LABDEV_ECHO, 64)), ERROR_SUCCESS);

    assert_int_equal(fixture.got, 10);
}

/* Programs pass anything as the packet's own length. */
static void assert_moves(USHORT packets_own, ULONG length)
{
    ULONG got = 0;

    labdev_fill(fixture.data, length, length);
    assert_succeeds(WinUsb_ControlTransfer(fixture.first,
                                           setup_of(VENDOR_OUT, LABDEV_ECHO, packets_own),
                                           fixture.data, length, &got, NULL));
    assert_int_equal(got, length);
    assert_int_equal(fixture_logged(VENDOR_OUT, LABDEV_ECHO).setup[6], length & 0xFF);
    assert_int_equal(fixture_logged(VENDOR_OUT, LABDEV_ECHO).setup[7], length >> 8);

    memset(fixture.data, UNTOUCHED, sizeof(fixture.data));
    assert_succeeds(WinUsb_ControlTransfer(fixture.first,
                                           setup_of(VENDOR_IN, LABDEV_ECHO, packets_own),
                                           fixture.data, length, &got, NULL));
    assert_int_equal(got, length);
    assert_int_equal(labdev_mismatch(fixture.data, length, length), length);
    assert_int_equal(fixture.data[length], UNTOUCHED);
    assert_int_equal(fixture_logged(VENDOR_IN, LABDEV_ECHO).setup[6], length & 0xFF);
    assert_int_equal(fixture_logged(VENDOR_IN, LABDEV_ECHO).setup[7], length >> 8);
}

static void the_length_of_the_buffer_is_what_is_moved(void **state)
{
    (void)state;

    assert_moves(4, 3);
    assert_moves(4, 10);
    assert_moves(4, 258);
    assert_moves(0, 64);
    assert_moves(64, 0);
    assert_moves(0xFFFF, 4096);
}

static void a_control_transfer_needs_its_buffer(void **state)
{
    ULONG got;

    (void)state;

    assert_fails(WinUsb_ControlTransfer(fixture.first, setup_of(VENDOR_OUT, LABDEV_ECHO, 64), NULL,
                                        64, &got, NULL),
                 ERROR_INVALID_PARAMETER);
    assert_fails(WinUsb_ControlTransfer(fixture.first, setup_of(VENDOR_IN, LABDEV_ECHO, 64), NULL,
                                        64, &got, NULL),
                 ERROR_INVALID_PARAMETER);
}

static void a_control_transfer_may_go_without_a_length(void **state)
{
    (void)state;

    assert_succeeds(WinUsb_ControlTransfer(fixture.first, setup_of(VENDOR_OUT, LABDEV_ECHO, 0),
                                           NULL, 0, NULL, NULL));
    assert_succeeds(WinUsb_ControlTransfer(fixture.first, setup_of(VENDOR_OUT, LABDEV_ECHO, 8),
                                           fixture.data, 8, NULL, NULL));
}

/* --- wIndex ---------------------------------------------------------------------------------- */

/* Sends wIndex 0x1205 with a handle. @return what has reached the device */
static unsigned index_of(WINUSB_INTERFACE_HANDLE handle, UCHAR type)
{
    const WINUSB_SETUP_PACKET setup = { type, LABDEV_ECHO, 0, 0x1205, 0 };
    struct labdev_log_entry entry;

    assert_succeeds(WinUsb_ControlTransfer(handle, setup, NULL, 0, NULL, NULL));
    entry = fixture_logged(type, LABDEV_ECHO);
    return (unsigned)(entry.setup[4] | entry.setup[5] << 8);
}

static void a_request_to_an_interface_goes_to_the_handles(void **state)
{
    (void)state;
    fixture_open_second();

    assert_int_equal(index_of(fixture.first, VENDOR_OUT | TO_INTERFACE), 0x1200);
    assert_int_equal(index_of(fixture.second, VENDOR_OUT | TO_INTERFACE), 0x1201);
}

static void a_class_request_with_0x1205_arrives_with_0x1200(void **state)
{
    const WINUSB_SETUP_PACKET setup = { 0x21, LABDEV_ECHO, 0, 0x1205, 0 };
    struct labdev_log_entry entry;

    (void)state;

    /* The device knows no class requests: it refuses, and has it in its log. */
    WinUsb_ControlTransfer(fixture.first, setup, NULL, 0, NULL, NULL);

    entry = fixture_logged(0x21, LABDEV_ECHO);
    assert_int_equal(entry.setup[4] | entry.setup[5] << 8, 0x1200);
}

static void windex_of_other_recipients_is_left_alone(void **state)
{
    (void)state;
    fixture_open_second();

    assert_int_equal(index_of(fixture.second, VENDOR_OUT), 0x1205);
}

static void windex_of_an_endpoint_is_left_alone(void **state)
{
    const WINUSB_SETUP_PACKET setup = { VENDOR_OUT | TO_ENDPOINT, LABDEV_ECHO, 0, BULK_IN, 0 };

    (void)state;
    fixture_open_second();

    assert_succeeds(WinUsb_ControlTransfer(fixture.second, setup, NULL, 0, NULL, NULL));

    assert_int_equal(fixture_logged(VENDOR_OUT | TO_ENDPOINT, LABDEV_ECHO).setup[4], BULK_IN);
}

/* --- Standard requests ----------------------------------------------------------------------- */

static void set_interface_selects_the_setting(void **state)
{
    const WINUSB_SETUP_PACKET setup = { 0x01, 11, 3, 0, 0 };
    UCHAR setting = 7;

    (void)state;
    fixture_open_second();

    assert_succeeds(WinUsb_ControlTransfer(fixture.second, setup, NULL, 0, NULL, NULL));

    assert_succeeds(WinUsb_GetCurrentAlternateSetting(fixture.second, &setting));
    assert_int_equal(setting, 3);
    assert_writes(OTHER_OUT, 64, 0);
    assert_reads(OTHER_IN, 64, 0, 64);
}

static void set_configuration_to_the_current_value_does_nothing(void **state)
{
    const WINUSB_SETUP_PACKET setup = { 0x00, 9, 1, 0, 0 };
    struct labdev_log_entry entry;

    (void)state;
    fixture_select(3);

    assert_succeeds(WinUsb_ControlTransfer(fixture.first, setup, NULL, 0, NULL, NULL));

    assert_false(labdev_log_request(&fixture.device, 0x00, 9, &entry));
    assert_int_equal(fixture_status(OTHER_IN).present, 1);
}

static void set_configuration_to_another_value_is_not_supported(void **state)
{
    const WINUSB_SETUP_PACKET setup = { 0x00, 9, 2, 0, 0 };

    (void)state;

    assert_fails(WinUsb_ControlTransfer(fixture.first, setup, NULL, 0, NULL, NULL),
                 ERROR_NOT_SUPPORTED);
}

/* --- Failures -------------------------------------------------------------------------------- */

static void a_stall_fails_one_request_and_not_the_next(void **state)
{
    (void)state;

    assert_int_equal(fixture_control(setup_of(VENDOR_IN, LABDEV_REQUEST_STALL, 8)),
                     ERROR_GEN_FAILURE);
    assert_int_equal(fixture.got, 0);

    assert_echoes(8);
}

static void a_request_of_100_ms_fails_after_100_ms(void **state)
{
    int64_t start;

    (void)state;
    fixture_set_policy(0, PIPE_TRANSFER_TIMEOUT, SHORTLY);

    start = lab_now();
    assert_int_equal(fixture_control(setup_of(VENDOR_IN, LABDEV_REQUEST_NAK, 8)),
                     ERROR_SEM_TIMEOUT);

    assert_lasted(start, SHORTLY);
    assert_echoes(8);
}

static void a_request_fails_after_5_seconds_by_default(void **state)
{
    const int64_t start = lab_now();

    (void)state;

    assert_int_equal(fixture_control(setup_of(VENDOR_IN, LABDEV_REQUEST_NAK, 8)),
                     ERROR_SEM_TIMEOUT);

    assert_lasted(start, 5000);
}

static void an_overlapped_request_is_pending_and_then_done(void **state)
{
    (void)state;
    labdev_fill(fixture.data, 64, 0);
    fixture_control(setup_of(VENDOR_OUT, LABDEV_ECHO, 64));

    begin_control(0, setup_of(VENDOR_IN, LABDEV_ECHO, 64));
    begin_control(1, setup_of(VENDOR_IN, LABDEV_REQUEST_STALL, 64));
    begin_control(2, setup_of(VENDOR_IN, LABDEV_ECHO, 64));

    assert_read_ends(0, 0, 64);
    assert_ends(1, ERROR_GEN_FAILURE, 0);
    assert_read_ends(2, 0, 64);
}

static void an_overlapped_set_interface_is_pending_and_then_done(void **state)
{
    const WINUSB_SETUP_PACKET good = { 0x01, 11, 0, 0, 0 }, missing = { 0x01, 11, 7, 0, 0 };

    (void)state;

    begin_control(0, good);
    begin_control(1, missing);

    assert_ends(0, ERROR_SUCCESS, 0);
    assert_ends(1, ERROR_NOT_FOUND, 0);
}

static void abort_of_pipe_0_cancels_a_request(void **state)
{
    (void)state;
    begin_control(0, setup_of(VENDOR_IN, LABDEV_REQUEST_NAK, 8));

    assert_succeeds(WinUsb_AbortPipe(fixture.first, 0));

    assert_ends(0, ERROR_OPERATION_ABORTED, 0);
    assert_echoes(8);
}

int control_tests(void)
{
    const struct CMUnitTest tests[] = {
        conformance_test(data_goes_out_and_comes_in),
        conformance_test(more_than_4096_bytes_are_refused),
        conformance_test(the_setup_packet_arrives_as_it_is),
        conformance_test(less_than_asked_for_is_told),
        conformance_test(the_length_of_the_buffer_is_what_is_moved),
        conformance_test(a_control_transfer_needs_its_buffer),
        conformance_test(a_control_transfer_may_go_without_a_length),
        conformance_test(a_request_to_an_interface_goes_to_the_handles),
        conformance_test(a_class_request_with_0x1205_arrives_with_0x1200),
        conformance_test(windex_of_other_recipients_is_left_alone),
        conformance_test(windex_of_an_endpoint_is_left_alone),
        conformance_test(set_interface_selects_the_setting),
        conformance_test(set_configuration_to_the_current_value_does_nothing),
        conformance_test(set_configuration_to_another_value_is_not_supported),
        conformance_test(a_stall_fails_one_request_and_not_the_next),
        conformance_test(a_request_of_100_ms_fails_after_100_ms),
        conformance_test(a_request_fails_after_5_seconds_by_default),
        conformance_test(an_overlapped_request_is_pending_and_then_done),
        conformance_test(an_overlapped_set_interface_is_pending_and_then_done),
        conformance_test(abort_of_pipe_0_cancels_a_request),
    };

    return run_group("control", tests, NULL, NULL);
}
