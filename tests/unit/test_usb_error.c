/* usb_error.c: what libusb says, in Win32's words. */
#include "cmocka_all.h"

#include <libusb.h>
#include <windows.h>

#include "usb/usb_error.h"

static void every_code_of_libusb_has_its_win32_code(void **state)
{
    const struct {
        int libusb;
        uint32_t win32;
    } codes[] = {
        { LIBUSB_SUCCESS, ERROR_SUCCESS },
        { LIBUSB_ERROR_IO, ERROR_GEN_FAILURE },
        { LIBUSB_ERROR_INVALID_PARAM, ERROR_INVALID_PARAMETER },
        { LIBUSB_ERROR_ACCESS, ERROR_ACCESS_DENIED },
        { LIBUSB_ERROR_NO_DEVICE, ERROR_DEVICE_NOT_CONNECTED },
        { LIBUSB_ERROR_NOT_FOUND, ERROR_NOT_FOUND },
        { LIBUSB_ERROR_BUSY, ERROR_BUSY },
        { LIBUSB_ERROR_TIMEOUT, ERROR_SEM_TIMEOUT },
        { LIBUSB_ERROR_OVERFLOW, ERROR_GEN_FAILURE },
        { LIBUSB_ERROR_PIPE, ERROR_GEN_FAILURE },
        { LIBUSB_ERROR_INTERRUPTED, ERROR_OPERATION_ABORTED },
        { LIBUSB_ERROR_NO_MEM, ERROR_NOT_ENOUGH_MEMORY },
        { LIBUSB_ERROR_NOT_SUPPORTED, ERROR_NOT_SUPPORTED },
        { LIBUSB_ERROR_OTHER, ERROR_GEN_FAILURE },
    };

    (void)state;
    assert_int_equal(sizeof(codes) / sizeof(codes[0]), LIBUSB_ERROR_COUNT);

    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
        assert_int_equal(wu_usb_error(codes[i].libusb), codes[i].win32);
}

static void byte_counts_are_no_errors(void **state)
{
    (void)state;

    assert_int_equal(wu_usb_error(1), ERROR_SUCCESS);
    assert_int_equal(wu_usb_error(65535), ERROR_SUCCESS);
}

static void codes_of_later_libusbs_are_failures(void **state)
{
    (void)state;

    assert_int_equal(wu_usb_error(-50), ERROR_GEN_FAILURE);
}

static void every_end_of_a_transfer_has_its_win32_code(void **state)
{
    const struct {
        enum libusb_transfer_status libusb;
        uint32_t win32;
    } ends[] = {
        { LIBUSB_TRANSFER_COMPLETED, ERROR_SUCCESS },
        { LIBUSB_TRANSFER_ERROR, ERROR_GEN_FAILURE },
        { LIBUSB_TRANSFER_TIMED_OUT, ERROR_SEM_TIMEOUT },
        { LIBUSB_TRANSFER_CANCELLED, ERROR_OPERATION_ABORTED },
        { LIBUSB_TRANSFER_STALL, ERROR_GEN_FAILURE },
        { LIBUSB_TRANSFER_NO_DEVICE, ERROR_DEVICE_NOT_CONNECTED },
        { LIBUSB_TRANSFER_OVERFLOW, ERROR_GEN_FAILURE },
    };

    (void)state;

    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
        assert_int_equal(wu_usb_error_of_status((int)ends[i].libusb), ends[i].win32);
}

static void ends_of_later_libusbs_are_failures(void **state)
{
    (void)state;

    assert_int_equal(wu_usb_error_of_status(LIBUSB_TRANSFER_OVERFLOW + 1), ERROR_GEN_FAILURE);
    assert_int_equal(wu_usb_error_of_status(-1), ERROR_GEN_FAILURE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_of_libusb_has_its_win32_code),
        cmocka_unit_test(byte_counts_are_no_errors),
        cmocka_unit_test(codes_of_later_libusbs_are_failures),
        cmocka_unit_test(every_end_of_a_transfer_has_its_win32_code),
        cmocka_unit_test(ends_of_later_libusbs_are_failures),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
