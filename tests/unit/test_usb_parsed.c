/* usb_parsed.c: a configuration that libusb has taken apart, put back into the device's bytes. */
#include "cmocka_all.h"

#include <libusb.h>
#include <stdlib.h>
#include <windows.h>

#include "failing_memory.h"
#include "libusb_fake.h"
#include "usb/usb_attributes.h"

static libusb_context *context;
static libusb_device **devices;
static struct wu_usb_info info;

static int set_up(void **state)
{
    (void)state;
    fake_libusb_reset();
    failing_memory_at(0);
    if (libusb_init(&context) != 0 || libusb_get_device_list(context, &devices) != 1)
        return 1;

    info.id = (uintptr_t)devices[0];
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    libusb_free_device_list(devices, 1);
    libusb_exit(context);
    return !fake_libusb_is_idle();
}

static void assert_is(struct libusb_config_descriptor *parsed, const void *wire, size_t wire_size)
{
    unsigned char *bytes = NULL;
    size_t size = 0;

    fake_libusb.configuration = parsed;

    assert_int_equal(wu_usb_active_configuration(&info, &bytes, &size), ERROR_SUCCESS);

    assert_int_equal(size, wire_size);
    assert_memory_equal(bytes, wire, wire_size);
    free(bytes);
}

/* --- What is put back ------------------------------------------------------------------------ */

static struct libusb_config_descriptor configuration_of(const struct libusb_interface *interfaces,
                                                        uint8_t count)
{
    return (struct libusb_config_descriptor){
        .bLength = 9,
        .bDescriptorType = 2,
        .wTotalLength = 0x7777, /* what the device said: some say it wrong */
        .bNumInterfaces = count,
        .bConfigurationValue = 3,
        .iConfiguration = 4,
        .bmAttributes = 0xC0,
        .MaxPower = 50,
        .interface = interfaces,
    };
}

static struct libusb_interface_descriptor setting_of(uint8_t number,
                                                     uint8_t setting,
                                                     const struct libusb_endpoint_descriptor *first,
                                                     uint8_t count)
{
    return (struct libusb_interface_descriptor){
        .bLength = 9,
        .bDescriptorType = 4,
        .bInterfaceNumber = number,
        .bAlternateSetting = setting,
        .bNumEndpoints = count,
        .bInterfaceClass = 1,
        .bInterfaceSubClass = 2,
        .bInterfaceProtocol = 3,
        .iInterface = 5,
        .endpoint = first,
    };
}

static struct libusb_endpoint_descriptor endpoint_of(uint8_t address, uint8_t attributes)
{
    return (struct libusb_endpoint_descriptor){
        .bLength = 7,
        .bDescriptorType = 5,
        .bEndpointAddress = address,
        .bmAttributes = attributes,
        .wMaxPacketSize = 0x0234,
        .bInterval = 6,
        .bRefresh = 0x77, /* of audio endpoints alone */
        .bSynchAddress = 0x78,
    };
}

static void interfaces_follow_with_all_their_settings(void **state)
{
    const struct libusb_endpoint_descriptor endpoints[] = { endpoint_of(0x81, 2),
                                                            endpoint_of(0x02, 3) };
    const struct libusb_interface_descriptor settings[] = {
        setting_of(0, 0, NULL, 0),
        setting_of(0, 1, endpoints, 2),
        setting_of(7, 0, endpoints, 1),
    };
    const struct libusb_interface interfaces[] = { { settings, 2 }, { settings + 2, 1 } };
    struct libusb_config_descriptor parsed = configuration_of(interfaces, 2);
    const unsigned char wire[] = {
        9, 2, 57,   0, 2,    3, 4, 0xC0, 50, /* configuration */
        9, 4, 0,    0, 0,    1, 2, 3,    5,  /* interface 0, setting 0 */
        9, 4, 0,    1, 2,    1, 2, 3,    5,  /* interface 0, setting 1 */
        7, 5, 0x81, 2, 0x34, 2, 6,           /* endpoint 81 */
        7, 5, 0x02, 3, 0x34, 2, 6,           /* endpoint 02 */
        9, 4, 7,    0, 1,    1, 2, 3,    5,  /* interface 7 */
        7, 5, 0x81, 2, 0x34, 2, 6,           /* endpoint 81 */
    };

    (void)state;
    assert_is(&parsed, wire, sizeof(wire));
}

static void other_descriptors_stay_behind_what_they_followed(void **state)
{
    static const unsigned char association[] = { 8, 11, 0, 1, 14, 3, 0, 0 };
    static const unsigned char of_class[] = { 5, 0x24, 1, 2, 3 };
    static const unsigned char companion[] = { 6, 48, 15, 0, 0, 4 };
    struct libusb_endpoint_descriptor endpoint = endpoint_of(0x81, 2);
    struct libusb_interface_descriptor setting = setting_of(0, 0, &endpoint, 1);
    const struct libusb_interface iface = { &setting, 1 };
    struct libusb_config_descriptor parsed = configuration_of(&iface, 1);
    const unsigned char wire[] = {
        9, 2,    44,   0, 1,    3, 4, 0xC0, 50, /* configuration */
        8, 11,   0,    1, 14,   3, 0, 0,        /* association */
        9, 4,    0,    0, 1,    1, 2, 3,    5,  /* interface */
        5, 0x24, 1,    2, 3,                    /* of its class */
        7, 5,    0x81, 2, 0x34, 2, 6,           /* endpoint */
        6, 48,   15,   0, 0,    4,              /* its companion of SuperSpeed */
    };

    (void)state;
    parsed.extra = association;
    parsed.extra_length = sizeof(association);
    setting.extra = of_class;
    setting.extra_length = sizeof(of_class);
    endpoint.extra = companion;
    endpoint.extra_length = sizeof(companion);
    assert_is(&parsed, wire, sizeof(wire));
}

static void endpoint_of_audio_is_longer(void **state)
{
    static const unsigned char of_class[] = { 7, 0x25, 1, 0, 0, 0, 0 };
    struct libusb_endpoint_descriptor endpoint = endpoint_of(0x03, 9);
    const struct libusb_interface_descriptor setting = setting_of(1, 1, &endpoint, 1);
    const struct libusb_interface iface = { &setting, 1 };
    struct libusb_config_descriptor parsed = configuration_of(&iface, 1);
    const unsigned char wire[] = {
        9, 2,    34, 0, 1,    3, 4, 0xC0, 50,   /* configuration */
        9, 4,    1,  1, 1,    1, 2, 3,    5,    /* interface */
        9, 5,    3,  9, 0x34, 2, 6, 0x77, 0x78, /* endpoint with bRefresh and bSynchAddress */
        7, 0x25, 1,  0, 0,    0, 0,             /* of its class */
    };

    (void)state;
    endpoint.bLength = 9;
    endpoint.extra = of_class;
    endpoint.extra_length = sizeof(of_class);
    assert_is(&parsed, wire, sizeof(wire));
}

static void total_length_has_two_bytes(void **state)
{
    static unsigned char large[300];
    struct libusb_config_descriptor parsed = configuration_of(NULL, 0);
    unsigned char wire[9 + sizeof(large)] = { 9, 2, 0x35, 0x01, 0, 3, 4, 0xC0, 50 };

    (void)state;
    for (size_t i = 0; i < sizeof(large); i++)
        wire[9 + i] = large[i] = (unsigned char)(i * 7);
    parsed.extra = large;
    parsed.extra_length = sizeof(large);
    assert_is(&parsed, wire, sizeof(wire));
}

/* --- Where there is nothing to put back ------------------------------------------------------ */

static void assert_has_none(void)
{
    unsigned char *bytes = &(unsigned char){ 0 };
    size_t size = 77;

    assert_int_equal(wu_usb_active_configuration(&info, &bytes, &size), ERROR_SUCCESS);

    assert_null(bytes);
    assert_int_equal(size, 0);
}

static void device_that_is_not_configured_has_none(void **state)
{
    (void)state;
    assert_has_none();
}

static void device_that_is_gone_has_none(void **state)
{
    (void)state;
    fake_libusb.result[FAKE_CONFIGURATION] = LIBUSB_ERROR_NO_DEVICE;
    assert_has_none();
}

static void assert_fails_for_want_of_memory(void)
{
    unsigned char *bytes = NULL;
    size_t size = 77;

    assert_int_equal(wu_usb_active_configuration(&info, &bytes, &size), ERROR_NOT_ENOUGH_MEMORY);

    assert_null(bytes);
    assert_int_equal(size, 77);
}

static void want_of_memory_is_told(void **state)
{
    struct libusb_config_descriptor parsed = configuration_of(NULL, 0);

    (void)state;
    fake_libusb.configuration = &parsed;
    failing_memory_at(1);
    assert_fails_for_want_of_memory();
}

static void want_of_memory_of_libusb_is_told(void **state)
{
    (void)state;
    fake_libusb.result[FAKE_CONFIGURATION] = LIBUSB_ERROR_NO_MEM;
    assert_fails_for_want_of_memory();
}

#define parsed_test(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        parsed_test(interfaces_follow_with_all_their_settings),
        parsed_test(other_descriptors_stay_behind_what_they_followed),
        parsed_test(endpoint_of_audio_is_longer),
        parsed_test(total_length_has_two_bytes),
        parsed_test(device_that_is_not_configured_has_none),
        parsed_test(device_that_is_gone_has_none),
        parsed_test(want_of_memory_is_told),
        parsed_test(want_of_memory_of_libusb_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
