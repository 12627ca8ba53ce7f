/* Descriptors, settings and pipes as the library tells them, and the speed. */
#include "conformance.h"
#include "fixture.h"

#include <string.h>

enum { DEVICE_SIZE = 18, STRING_PRODUCT = 2, ENGLISH = 0x0409 };

static const char product_utf16[] = "L\0a\0b\0 \0d\0e\0v\0i\0c\0e"; /* and the literal's own zero */

/* The kernel has them, too: from the device itself. */
static size_t read_kernels(UCHAR *bytes, size_t size)
{
    const size_t got = labdev_descriptors(&fixture.device, bytes, size);

    assert_true(got > DEVICE_SIZE);
    return got;
}

static ULONG get_descriptor(UCHAR type, UCHAR index, USHORT language, ULONG room)
{
    memset(fixture.data, UNTOUCHED, sizeof(fixture.data));
    assert_succeeds(WinUsb_GetDescriptor(fixture.first, type, index, language, fixture.data, room,
                                         &fixture.got));
    return fixture.got;
}

/* --- GetDescriptor --------------------------------------------------------------------------- */

static void the_device_descriptor_is_the_devices(void **state)
{
    UCHAR expected[1024];

    (void)state;
    read_kernels(expected, sizeof(expected));

    assert_int_equal(get_descriptor(USB_DEVICE_DESCRIPTOR_TYPE, 0, 0, 64), DEVICE_SIZE);
    assert_memory_equal(fixture.data, expected, DEVICE_SIZE);
}

static void the_configuration_descriptor_is_the_devices(void **state)
{
    UCHAR expected[1024];
    const size_t size = read_kernels(expected, sizeof(expected)) - DEVICE_SIZE;

    (void)state;

    assert_int_equal(get_descriptor(USB_CONFIGURATION_DESCRIPTOR_TYPE, 0, 0, ROOM), size);
    assert_memory_equal(fixture.data, expected + DEVICE_SIZE, size);
}

static void a_string_comes_from_the_device(void **state)
{
    (void)state;

    assert_int_equal(get_descriptor(USB_STRING_DESCRIPTOR_TYPE, STRING_PRODUCT, ENGLISH, 256),
                     2 + sizeof(product_utf16));
    assert_memory_equal(fixture.data + 2, product_utf16, sizeof(product_utf16));
    assert_int_equal(fixture_logged(0x80, 6).setup[4], ENGLISH & 0xFF);
    assert_int_equal(fixture_logged(0x80, 6).setup[5], ENGLISH >> 8);
}

static void a_small_buffer_gets_the_beginning_of_a_string(void **state)
{
    (void)state;

    assert_int_equal(get_descriptor(USB_STRING_DESCRIPTOR_TYPE, STRING_PRODUCT, ENGLISH, 4), 4);
    assert_int_equal(fixture.data[0], 2 + sizeof(product_utf16));
    assert_int_equal(fixture.data[4], UNTOUCHED);
}

static void a_buffer_may_be_longer_than_any_descriptor(void **state)
{
    static const ULONG rooms[] = { 4095, 4096, 4097, 65535, ROOM };
    const ULONG bos = get_descriptor(USB_BOS_DESCRIPTOR_TYPE, 0, 0, 256);

    (void)state;

    for (size_t i = 0; i < sizeof(rooms) / sizeof(rooms[0]); i++) {
        assert_int_equal(
            get_descriptor(USB_STRING_DESCRIPTOR_TYPE, STRING_PRODUCT, ENGLISH, rooms[i]),
            2 + sizeof(product_utf16));
        assert_memory_equal(fixture.data + 2, product_utf16, sizeof(product_utf16));
        assert_int_equal(get_descriptor(USB_BOS_DESCRIPTOR_TYPE, 0, 0, rooms[i]), bos);
        assert_int_equal(fixture.data[bos], UNTOUCHED);
    }
}

static void a_string_that_is_not_there_is_a_failure(void **state)
{
    (void)state;

    assert_fails(WinUsb_GetDescriptor(fixture.first, USB_STRING_DESCRIPTOR_TYPE, 77, ENGLISH,
                                      fixture.data, 256, &fixture.got),
                 ERROR_GEN_FAILURE);
    get_descriptor(USB_STRING_DESCRIPTOR_TYPE, STRING_PRODUCT, ENGLISH, 256);
}

static void a_type_that_there_is_not_is_a_failure(void **state)
{
    (void)state;

    assert_fails(WinUsb_GetDescriptor(fixture.first, 0x40, 0, 0, fixture.data, 256, &fixture.got),
                 ERROR_GEN_FAILURE);
}

static void interfaces_and_endpoints_come_from_the_configuration(void **state)
{
    (void)state;
    fixture_open_second();

    assert_int_equal(get_descriptor(USB_INTERFACE_DESCRIPTOR_TYPE, 0, 0, 64), 9);
    assert_int_equal(fixture.data[4], 6);
    assert_int_equal(get_descriptor(USB_ENDPOINT_DESCRIPTOR_TYPE, 1, 0, 64), 7);
    assert_int_equal(fixture.data[2], BULK_OUT);
    assert_fails(WinUsb_GetDescriptor(fixture.second, USB_ENDPOINT_DESCRIPTOR_TYPE, 0, 0,
                                      fixture.data, 64, &fixture.got),
                 ERROR_GEN_FAILURE);
}

static void a_descriptor_needs_a_buffer_and_a_length(void **state)
{
    (void)state;

    assert_fails(WinUsb_GetDescriptor(fixture.first, 1, 0, 0, NULL, 18, &fixture.got),
                 ERROR_INVALID_PARAMETER);
    assert_fails(WinUsb_GetDescriptor(fixture.first, 1, 0, 0, fixture.data, 18, NULL),
                 ERROR_INVALID_PARAMETER);
    assert_succeeds(WinUsb_GetDescriptor(fixture.first, 1, 0, 0, NULL, 0, &fixture.got));
    assert_int_equal(fixture.got, 0);
}

/* --- Settings -------------------------------------------------------------------------------- */

static void settings_are_told_from_the_first_to_the_last(void **state)
{
    USB_INTERFACE_DESCRIPTOR setting;

    (void)state;
    fixture_open_second();

    for (UCHAR i = 0; i < 5; i++) {
        assert_succeeds(WinUsb_QueryInterfaceSettings(fixture.second, i, &setting));
        assert_int_equal(setting.bInterfaceNumber, 1);
        assert_int_equal(setting.bAlternateSetting, i);
        assert_int_equal(setting.bNumEndpoints, i == 0 ? 0 : 2);
    }
}

static void beyond_the_last_setting_there_are_no_more(void **state)
{
    USB_INTERFACE_DESCRIPTOR setting;

    (void)state;
    fixture_open_second();

    assert_fails(WinUsb_QueryInterfaceSettings(fixture.first, 1, &setting), ERROR_NO_MORE_ITEMS);
    assert_fails(WinUsb_QueryInterfaceSettings(fixture.second, 5, &setting), ERROR_NO_MORE_ITEMS);
    assert_fails(WinUsb_QueryInterfaceSettings(fixture.first, 0, NULL), ERROR_INVALID_PARAMETER);
}

/* --- Pipes ----------------------------------------------------------------------------------- */

static void pipes_are_told_in_the_order_of_the_configuration(void **state)
{
    static const UCHAR ids[] = {
        BULK_IN, BULK_OUT, LOOP_IN, LOOP_OUT, INTERRUPT_IN, INTERRUPT_OUT
    };
    WINUSB_PIPE_INFORMATION pipe;

    (void)state;

    for (UCHAR i = 0; i < sizeof(ids); i++) {
        assert_succeeds(WinUsb_QueryPipe(fixture.first, 0, i, &pipe));
        assert_int_equal(pipe.PipeId, ids[i]);
        assert_int_equal(pipe.PipeType, i < 4 ? UsbdPipeTypeBulk : UsbdPipeTypeInterrupt);
        assert_int_equal(pipe.MaximumPacketSize, i < 4 ? fixture.packet : 64);
        assert_int_equal(pipe.Interval, i < 4 ? 0 : fixture.high ? 6 : 4);
    }
}

static void beyond_the_last_pipe_there_are_no_more(void **state)
{
    WINUSB_PIPE_INFORMATION pipe;
    WINUSB_PIPE_INFORMATION_EX pipe_ex;

    (void)state;
    fixture_open_second();

    assert_fails(WinUsb_QueryPipe(fixture.first, 0, 6, &pipe), ERROR_NO_MORE_ITEMS);
    assert_fails(WinUsb_QueryPipeEx(fixture.first, 0, 6, &pipe_ex), ERROR_NO_MORE_ITEMS);
    assert_fails(WinUsb_QueryPipe(fixture.second, 0, 0, &pipe), ERROR_NO_MORE_ITEMS);
}

static void a_pipe_is_told_to_somewhere(void **state)
{
    (void)state;

    assert_fails(WinUsb_QueryPipe(fixture.first, 0, 0, NULL), ERROR_INVALID_PARAMETER);
    assert_fails(WinUsb_QueryPipeEx(fixture.first, 0, 0, NULL), ERROR_INVALID_PARAMETER);
}

static void a_setting_that_is_not_there_has_no_pipes(void **state)
{
    WINUSB_PIPE_INFORMATION pipe;
    WINUSB_PIPE_INFORMATION_EX pipe_ex;

    (void)state;

    assert_fails(WinUsb_QueryPipe(fixture.first, 1, 0, &pipe), ERROR_INVALID_PARAMETER);
    assert_fails(WinUsb_QueryPipeEx(fixture.first, 1, 0, &pipe_ex), ERROR_INVALID_PARAMETER);
}

static void bytes_per_interval_count_additional_transactions(void **state)
{
    WINUSB_PIPE_INFORMATION_EX pipe;

    (void)state;
    fixture_open_second();

    assert_succeeds(WinUsb_QueryPipeEx(fixture.second, 2, 0, &pipe));
    assert_int_equal(pipe.PipeType, UsbdPipeTypeIsochronous);
    assert_int_equal(pipe.MaximumPacketSize, fixture.high ? 1024 : 512);
    assert_int_equal(pipe.MaximumBytesPerInterval, fixture.high ? 3072 : 512);
    assert_succeeds(WinUsb_QueryPipeEx(fixture.first, 0, 0, &pipe));
    assert_int_equal(pipe.MaximumBytesPerInterval, fixture.packet);
}

/* --- The device ------------------------------------------------------------------------------ */

static void speed_is_told_as_1_or_3(void **state)
{
    const bool full = strcmp(fixture.controller, "uhci") == 0;
    UCHAR speed = 0;
    ULONG size = 8;

    (void)state;

    assert_succeeds(WinUsb_QueryDeviceInformation(fixture.first, DEVICE_SPEED, &size, &speed));

    assert_int_equal(size, 1);
    assert_true(speed == LowSpeed || speed == HighSpeed);
    assert_true(!full || speed == LowSpeed);
    assert_int_equal(speed == HighSpeed, fixture.packet == 512);
}

static void only_the_speed_is_told_of_a_device(void **state)
{
    UCHAR speed = 0;
    ULONG size = 1, none = 0;

    (void)state;

    assert_fails(WinUsb_QueryDeviceInformation(fixture.first, 2, &size, &speed),
                 ERROR_INVALID_PARAMETER);
    assert_fails(WinUsb_QueryDeviceInformation(fixture.first, DEVICE_SPEED, NULL, &speed),
                 ERROR_INVALID_PARAMETER);
    assert_fails(WinUsb_QueryDeviceInformation(fixture.first, DEVICE_SPEED, &size, NULL),
                 ERROR_INVALID_PARAMETER);
    assert_fails(WinUsb_QueryDeviceInformation(fixture.first, DEVICE_SPEED, &none, &speed),
                 ERROR_INSUFFICIENT_BUFFER);
}

/* --- Parsing --------------------------------------------------------------------------------- */

static void the_devices_own_configuration_can_be_parsed(void **state)
{
    const ULONG size = get_descriptor(USB_CONFIGURATION_DESCRIPTOR_TYPE, 0, 0, ROOM);
    USB_CONFIGURATION_DESCRIPTOR *all = (void *)fixture.data;
    const USB_INTERFACE_DESCRIPTOR *setting =
        WinUsb_ParseConfigurationDescriptor(all, all, 1, 3, -1, -1, -1);
    const UCHAR *endpoint;

    (void)state;

    assert_non_null(setting);
    assert_int_equal(setting->bAlternateSetting, 3);
    endpoint = (UCHAR *)WinUsb_ParseDescriptors(all, size, (void *)setting, 5);
    assert_non_null(endpoint);
    assert_int_equal(endpoint[2], OTHER_IN);
    assert_null(WinUsb_ParseConfigurationDescriptor(all, all, 1, 5, -1, -1, -1));
}

int descriptor_tests(void)
{
    const struct CMUnitTest tests[] = {
        conformance_test(the_device_descriptor_is_the_devices),
        conformance_test(the_configuration_descriptor_is_the_devices),
        conformance_test(a_string_comes_from_the_device),
        conformance_test(a_small_buffer_gets_the_beginning_of_a_string),
        conformance_test(a_buffer_may_be_longer_than_any_descriptor),
        conformance_test(a_string_that_is_not_there_is_a_failure),
        conformance_test(a_type_that_there_is_not_is_a_failure),
        conformance_test(interfaces_and_endpoints_come_from_the_configuration),
        conformance_test(a_descriptor_needs_a_buffer_and_a_length),
        conformance_test(settings_are_told_from_the_first_to_the_last),
        conformance_test(beyond_the_last_setting_there_are_no_more),
        conformance_test(pipes_are_told_in_the_order_of_the_configuration),
        conformance_test(beyond_the_last_pipe_there_are_no_more),
        conformance_test(a_pipe_is_told_to_somewhere),
        conformance_test(a_setting_that_is_not_there_has_no_pipes),
        conformance_test(bytes_per_interval_count_additional_transactions),
        conformance_test(speed_is_told_as_1_or_3),
        conformance_test(only_the_speed_is_told_of_a_device),
        conformance_test(the_devices_own_configuration_can_be_parsed),
    };

    return run_group("descriptors", tests, NULL, NULL);
}
