/*
 * The exports that take no handle: the two that parse descriptors, and the frame arithmetic.
 *
 * Knows nothing but the public header, so that it also runs against Microsoft's DLL.
 */
#include "cmocka_all.h"

#include <windows.h>
#include <winusb.h>

static UCHAR configuration[] = {
    9, 2, 43,   0, 1, 1, 0, 0x80, 50, /* configuration, 43 bytes */
    9, 4, 0,    0, 0, 1, 2, 3,    0,  /* interface 0, setting 0 */
    9, 4, 0,    1, 1, 1, 2, 4,    0,  /* interface 0, setting 1 */
    7, 5, 0x81, 2, 0, 2, 0,           /* endpoint */
    9, 4, 1,    0, 0, 8, 6, 0x50, 0,  /* interface 1 */
    9, 4, 2,    0, 0, 8, 6, 0x50, 0,  /* beyond wTotalLength */
};

static PUSB_INTERFACE_DESCRIPTOR
find(PVOID start, LONG number, LONG setting, LONG class_code, LONG subclass, LONG protocol)
{
    return WinUsb_ParseConfigurationDescriptor((PUSB_CONFIGURATION_DESCRIPTOR)configuration, start,
                                               number, setting, class_code, subclass, protocol);
}

static void interface_is_found_by_any_criterion(void **state)
{
    (void)state;

    assert_ptr_equal(find(configuration, -1, -1, -1, -1, -1), configuration + 9);
    assert_ptr_equal(find(configuration, 1, -1, -1, -1, -1), configuration + 34);
    assert_ptr_equal(find(configuration, -1, 1, -1, -1, -1), configuration + 18);
    assert_ptr_equal(find(configuration, -1, -1, 8, -1, -1), configuration + 34);
    assert_ptr_equal(find(configuration, -1, -1, -1, 6, -1), configuration + 34);
    assert_ptr_equal(find(configuration, -1, -1, -1, -1, 4), configuration + 18);
    assert_null(find(configuration, 0, 0, 1, 2, 4));
}

static void interface_beyond_the_total_length_is_not_found(void **state)
{
    (void)state;

    assert_null(find(configuration, 2, -1, -1, -1, -1));
    assert_null(find(configuration + 43, -1, -1, -1, -1, -1));
}

static void search_goes_on_behind_the_last_find(void **state)
{
    (void)state;

    assert_ptr_equal(find(configuration + 9, 0, -1, -1, -1, -1), configuration + 9);
    assert_ptr_equal(find(configuration + 18, 0, -1, -1, -1, -1), configuration + 18);
    assert_null(find(configuration + 25, 0, -1, -1, -1, -1));
}

static void descriptor_is_found_by_type(void **state)
{
    const ULONG total = sizeof(configuration);

    (void)state;

    assert_ptr_equal(WinUsb_ParseDescriptors(configuration, total, configuration, 5),
                     configuration + 27);
    assert_null(WinUsb_ParseDescriptors(configuration, total, configuration, 6));
    assert_null(WinUsb_ParseDescriptors(configuration, 27, configuration, 5));
    assert_null(WinUsb_ParseDescriptors(configuration, 33, configuration, 5));
    assert_null(WinUsb_ParseDescriptors(configuration, 0, configuration, 2));
}

static void length_of_zero_ends_the_search(void **state)
{
    UCHAR broken[] = { 2, 0x40, 0, 5, 7, 5, 0x81, 2, 0, 2, 0 };

    (void)state;

    assert_null(WinUsb_ParseDescriptors(broken, sizeof(broken), broken, 5));
}

static void null_pointers_find_nothing(void **state)
{
    (void)state;

    assert_null(find(NULL, -1, -1, -1, -1, -1));
    assert_null(WinUsb_ParseConfigurationDescriptor(NULL, configuration, -1, -1, -1, -1, -1));
    assert_null(WinUsb_ParseDescriptors(NULL, 9, configuration, 2));
    assert_null(WinUsb_ParseDescriptors(configuration, 9, NULL, 2));
}

static void adjusted_frame_lies_as_many_milliseconds_ahead(void **state)
{
    LARGE_INTEGER frequency, time;
    ULONG frame = 0xFFFFFFF0;

    (void)state;
    QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&time);
    time.QuadPart -= frequency.QuadPart / 10;

    assert_true(WinUsb_GetAdjustedFrameNumber(&frame, time));

    assert_in_range(frame, 100 - 16, 100 - 16 + 5000); /* slow machines are late */
    SetLastError(0);
    assert_false(WinUsb_GetAdjustedFrameNumber(NULL, time));
    assert_int_equal(GetLastError(), ERROR_INVALID_PARAMETER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(interface_is_found_by_any_criterion),
        cmocka_unit_test(interface_beyond_the_total_length_is_not_found),
        cmocka_unit_test(search_goes_on_behind_the_last_find),
        cmocka_unit_test(descriptor_is_found_by_type),
        cmocka_unit_test(length_of_zero_ends_the_search),
        cmocka_unit_test(null_pointers_find_nothing),
        cmocka_unit_test(adjusted_frame_lies_as_many_milliseconds_ahead),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
