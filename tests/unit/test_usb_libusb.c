/* usb_libusb.c: what becomes of each failure of libusb, and that everything is given back to it. */
#include "cmocka_all.h"

#include <libusb.h>
#include <string.h>
#include <windows.h>

#include "libusb_fake.h"
#include "system.h"
#include "usb/usb.h"

/* What libusb's device calls really fail with. */
static const struct {
    int libusb;
    uint32_t win32;
} failures[] = {
    { LIBUSB_ERROR_IO, ERROR_GEN_FAILURE },
    { LIBUSB_ERROR_INVALID_PARAM, ERROR_INVALID_PARAMETER },
    { LIBUSB_ERROR_ACCESS, ERROR_ACCESS_DENIED },
    { LIBUSB_ERROR_NO_DEVICE, ERROR_DEVICE_NOT_CONNECTED },
    { LIBUSB_ERROR_NOT_FOUND, ERROR_NOT_FOUND },
    { LIBUSB_ERROR_BUSY, ERROR_BUSY },
    { LIBUSB_ERROR_TIMEOUT, ERROR_SEM_TIMEOUT },
    { LIBUSB_ERROR_PIPE, ERROR_GEN_FAILURE },
    { LIBUSB_ERROR_NO_MEM, ERROR_NOT_ENOUGH_MEMORY },
    { LIBUSB_ERROR_NOT_SUPPORTED, ERROR_NOT_SUPPORTED },
    { LIBUSB_ERROR_OTHER, ERROR_GEN_FAILURE },
};

enum { FAILURES = sizeof(failures) / sizeof(failures[0]) };

static int set_up(void **state)
{
    (void)state;
    fake_libusb_reset();
    system_hide_devices();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    return !fake_libusb_is_idle();
}

/* --- Lists --------------------------------------------------------------------------------- */

static struct wu_usb_list get_list(void)
{
    struct wu_usb_list list;

    assert_int_equal(wu_usb_list_get(&list), ERROR_SUCCESS);
    return list;
}

static void assert_list_fails(uint32_t error)
{
    const struct wu_usb_list untouched = { NULL, 77, 78 };
    struct wu_usb_list list = untouched;

    assert_int_equal(wu_usb_list_get(&list), error);
    assert_memory_equal(&list, &untouched, sizeof(list));
    assert_true(fake_libusb_is_idle());
}

static void device_is_described_as_libusb_knows_it(void **state)
{
    const unsigned char descriptor[] = { 18,   1,    0x00, 0x02, 0,    0, 0, 64, 0x34,
                                         0x12, 0x78, 0x56, 0x02, 0x01, 3, 4, 5,  1 };
    struct wu_usb_list list = get_list();

    (void)state;

    assert_int_equal(list.count, 1);
    assert_int_equal(list.devices[0].bus, FAKE_BUS);
    assert_int_equal(list.devices[0].address, FAKE_ADDRESS);
    assert_int_equal(list.devices[0].depth, 2);
    assert_memory_equal(list.devices[0].ports, ((unsigned char[]){ 2, 3 }), 2);
    assert_memory_equal(list.devices[0].device, descriptor, sizeof(descriptor));
    assert_null(list.devices[0].configuration);

    wu_usb_list_free(&list);
}

static void every_speed_is_told(void **state)
{
    const struct {
        int libusb;
        enum wu_usb_speed speed;
    } speeds[] = {
        { LIBUSB_SPEED_UNKNOWN, WU_USB_SPEED_UNKNOWN },
        { LIBUSB_SPEED_LOW, WU_USB_SPEED_LOW },
        { LIBUSB_SPEED_FULL, WU_USB_SPEED_FULL },
        { LIBUSB_SPEED_HIGH, WU_USB_SPEED_HIGH },
        { LIBUSB_SPEED_SUPER, WU_USB_SPEED_SUPER },
        { LIBUSB_SPEED_SUPER_PLUS, WU_USB_SPEED_SUPER_PLUS },
        { 99, WU_USB_SPEED_UNKNOWN },
    };

    (void)state;

    for (size_t i = 0; i < sizeof(speeds) / sizeof(speeds[0]); i++) {
        fake_libusb.speed = speeds[i].libusb;
        struct wu_usb_list list = get_list();

        assert_int_equal(list.devices[0].speed, speeds[i].speed);
        wu_usb_list_free(&list);
    }
}

static void machine_without_usb_has_no_devices(void **state)
{
    (void)state;

    for (size_t i = 0; i < FAILURES; i++) {
        if (failures[i].libusb == LIBUSB_ERROR_NO_MEM)
            continue;
        fake_libusb.result[FAKE_INIT] = failures[i].libusb;
        struct wu_usb_list list = get_list();

        assert_int_equal(list.count, 0);
        assert_null(wu_usb_list_find(&list, FAKE_BUS, FAKE_ADDRESS));
        wu_usb_list_free(&list);
    }
}

static void machine_without_memory_is_not_one_without_usb(void **state)
{
    (void)state;
    fake_libusb.result[FAKE_INIT] = LIBUSB_ERROR_NO_MEM;

    assert_list_fails(ERROR_NOT_ENOUGH_MEMORY);
}

static void list_that_cannot_be_had_leaves_nothing_behind(void **state)
{
    (void)state;
    fake_libusb.result[FAKE_LIST] = LIBUSB_ERROR_NO_MEM;

    assert_list_fails(ERROR_NOT_ENOUGH_MEMORY);
}

static void device_whose_place_is_not_told_is_listed_without(void **state)
{
    (void)state;

    for (size_t i = 0; i < FAILURES; i++) {
        fake_libusb.result[FAKE_PORTS] = failures[i].libusb;
        struct wu_usb_list list = get_list();

        assert_int_equal(list.count, 1);
        assert_int_equal(list.devices[0].depth, 0);
        wu_usb_list_free(&list);
    }
}

static void device_whose_descriptor_is_not_told_is_listed_with_zeros(void **state)
{
    const unsigned char zeros[WU_USB_DEVICE_DESCRIPTOR_SIZE] = { 0 };

    (void)state;

    for (size_t i = 0; i < FAILURES; i++) {
        fake_libusb.result[FAKE_DESCRIPTOR] = failures[i].libusb;
        struct wu_usb_list list = get_list();

        assert_memory_equal(list.devices[0].device, zeros, sizeof(zeros));
        wu_usb_list_free(&list);
    }
}

/* --- Opening and closing ------------------------------------------------------------------- */

static uint64_t open_device(void)
{
    struct wu_usb_list list = get_list();
    uint64_t device = 0;

    assert_int_equal(wu_usb_open(&list, &list.devices[0], &device), ERROR_SUCCESS);
    wu_usb_list_free(&list);
    assert_true(device != 0);
    return device;
}

static void device_outlives_the_list_it_was_opened_from(void **state)
{
    const uint64_t device = open_device();

    (void)state;

    assert_int_equal(fake_libusb.lists, 0);
    assert_int_equal(fake_libusb.contexts, 1);
    assert_int_equal(fake_libusb.handles, 1);

    wu_usb_close(device);
    assert_true(fake_libusb_is_idle());
}

static void list_outlives_the_devices_opened_from_it(void **state)
{
    struct wu_usb_list list = get_list();
    uint64_t first, second;

    (void)state;

    assert_int_equal(wu_usb_open(&list, &list.devices[0], &first), ERROR_SUCCESS);
    assert_int_equal(wu_usb_open(&list, &list.devices[0], &second), ERROR_SUCCESS);
    wu_usb_close(first);
    wu_usb_close(second);
    assert_int_equal(fake_libusb.contexts, 1);

    wu_usb_list_free(&list);
    assert_true(fake_libusb_is_idle());
}

static void failed_open_says_why_and_leaves_nothing_behind(void **state)
{
    struct wu_usb_list list = get_list();

    (void)state;

    for (size_t i = 0; i < FAILURES; i++) {
        uint64_t device = 77;

        fake_libusb.result[FAKE_OPEN] = failures[i].libusb;
        assert_int_equal(wu_usb_open(&list, &list.devices[0], &device), failures[i].win32);
        assert_int_equal(device, 77);
        assert_int_equal(fake_libusb.handles, 0);
    }

    wu_usb_list_free(&list);
}

static void kernel_drivers_are_put_aside(void **state)
{
    const uint64_t device = open_device();

    (void)state;

    assert_true(fake_libusb.auto_detach);

    wu_usb_close(device);
}

static void device_opens_where_no_driver_can_be_put_aside(void **state)
{
    (void)state;

    for (size_t i = 0; i < FAILURES; i++) {
        fake_libusb.result[FAKE_AUTO_DETACH] = failures[i].libusb;
        wu_usb_close(open_device());
    }
}

/* --- Interfaces ---------------------------------------------------------------------------- */

static void failed_claim_says_why_and_claims_nothing(void **state)
{
    const uint64_t device = open_device();

    (void)state;

    for (size_t i = 0; i < FAILURES; i++) {
        fake_libusb.result[FAKE_CLAIM] = failures[i].libusb;
        assert_int_equal(wu_usb_claim(device, 0), failures[i].win32);
        assert_int_equal(fake_libusb.claims, 0);
    }

    wu_usb_close(device);
}

static void claim_is_given_back_though_the_device_is_gone(void **state)
{
    const uint64_t device = open_device();

    (void)state;

    assert_int_equal(wu_usb_claim(device, 0), ERROR_SUCCESS);
    assert_int_equal(fake_libusb.claims, 1);
    fake_libusb.result[FAKE_RELEASE] = LIBUSB_ERROR_NO_DEVICE;
    wu_usb_release(device, 0);
    assert_int_equal(fake_libusb.claims, 0);

    wu_usb_close(device);
}

static void libusb_is_not_asked_for_settings_of_a_device_that_is_gone(void **state)
{
    const uint64_t device = open_device();

    (void)state;
    fake_libusb.result[FAKE_DRIVER_ACTIVE] = LIBUSB_ERROR_NO_DEVICE;

    assert_int_equal(wu_usb_set_alternate(device, 2, 3), ERROR_DEVICE_NOT_CONNECTED);

    assert_int_equal(fake_libusb.alternates, 0);
    wu_usb_close(device);
}

static void alternate_setting_is_selected(void **state)
{
    const uint64_t device = open_device();

    (void)state;

    assert_int_equal(wu_usb_set_alternate(device, 2, 3), ERROR_SUCCESS);

    assert_int_equal(fake_libusb.alternates, 1);
    assert_int_equal(fake_libusb.alternate, 0x0203);
    wu_usb_close(device);
}

static void failed_selection_says_why(void **state)
{
    const uint64_t device = open_device();

    (void)state;

    for (size_t i = 0; i < FAILURES; i++) {
        fake_libusb.result[FAKE_ALTERNATE] = failures[i].libusb;
        assert_int_equal(wu_usb_set_alternate(device, 2, 3), failures[i].win32);
    }

    wu_usb_close(device);
}

static void halt_of_an_endpoint_is_cleared(void **state)
{
    const uint64_t device = open_device();

    (void)state;

    assert_int_equal(wu_usb_clear_halt(device, 0x81), ERROR_SUCCESS);

    assert_int_equal(fake_libusb.halts, 1);
    assert_int_equal(fake_libusb.halt, 0x81);
    wu_usb_close(device);
}

static void halt_that_stays_says_why(void **state)
{
    const uint64_t device = open_device();

    (void)state;

    for (size_t i = 0; i < FAILURES; i++) {
        fake_libusb.result[FAKE_CLEAR_HALT] = failures[i].libusb;
        assert_int_equal(wu_usb_clear_halt(device, 0x81), failures[i].win32);
    }

    wu_usb_close(device);
}

/* --- Control transfers --------------------------------------------------------------------- */

static const struct wu_usb_setup setup = { 0xC0, 0x42, 0x1234, 0x5678, 4 };

static int answer_two_bytes(const struct wu_usb_setup *asked, unsigned char *data)
{
    assert_memory_equal(asked, &setup, sizeof(setup));
    data[0] = 7;
    data[1] = 8;
    return 2;
}

static void short_answers_tell_their_length(void **state)
{
    const uint64_t device = open_device();
    unsigned char data[4] = { 0 };
    size_t transferred = 77;

    (void)state;
    fake_libusb.control = answer_two_bytes;

    assert_int_equal(wu_usb_control(device, &setup, data, 0, &transferred), ERROR_SUCCESS);

    assert_int_equal(transferred, 2);
    assert_int_equal(data[1], 8);
    wu_usb_close(device);
}

static void failed_control_transfer_says_why_and_moves_nothing(void **state)
{
    const uint64_t device = open_device();

    (void)state;

    for (size_t i = 0; i < FAILURES; i++) {
        unsigned char data[4];
        size_t transferred = 77;

        fake_libusb.result[FAKE_CONTROL] = failures[i].libusb;
        assert_int_equal(wu_usb_control(device, &setup, data, 0, &transferred), failures[i].win32);
        assert_int_equal(transferred, 77);
    }

    wu_usb_close(device);
}

/* --- Presence ------------------------------------------------------------------------------ */

static void device_is_there_with_a_driver_and_without(void **state)
{
    const uint64_t device = open_device();

    (void)state;

    assert_true(wu_usb_present(device));
    fake_libusb.driver_active = 1;
    assert_true(wu_usb_present(device));

    wu_usb_close(device);
}

static void only_a_device_that_is_gone_is_not_present(void **state)
{
    const uint64_t device = open_device();

    (void)state;

    for (size_t i = 0; i < FAILURES; i++) {
        fake_libusb.result[FAKE_DRIVER_ACTIVE] = failures[i].libusb;
        assert_int_equal(wu_usb_present(device), failures[i].libusb != LIBUSB_ERROR_NO_DEVICE);
    }

    wu_usb_close(device);
}

#define libusb_test(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        libusb_test(device_is_described_as_libusb_knows_it),
        libusb_test(every_speed_is_told),
        libusb_test(machine_without_usb_has_no_devices),
        libusb_test(machine_without_memory_is_not_one_without_usb),
        libusb_test(list_that_cannot_be_had_leaves_nothing_behind),
        libusb_test(device_whose_place_is_not_told_is_listed_without),
        libusb_test(device_whose_descriptor_is_not_told_is_listed_with_zeros),
        libusb_test(device_outlives_the_list_it_was_opened_from),
        libusb_test(list_outlives_the_devices_opened_from_it),
        libusb_test(failed_open_says_why_and_leaves_nothing_behind),
        libusb_test(kernel_drivers_are_put_aside),
        libusb_test(device_opens_where_no_driver_can_be_put_aside),
        libusb_test(failed_claim_says_why_and_claims_nothing),
        libusb_test(claim_is_given_back_though_the_device_is_gone),
        libusb_test(libusb_is_not_asked_for_settings_of_a_device_that_is_gone),
        libusb_test(alternate_setting_is_selected),
        libusb_test(failed_selection_says_why),
        libusb_test(halt_of_an_endpoint_is_cleared),
        libusb_test(halt_that_stays_says_why),
        libusb_test(short_answers_tell_their_length),
        libusb_test(failed_control_transfer_says_why_and_moves_nothing),
        libusb_test(device_is_there_with_a_driver_and_without),
        libusb_test(only_a_device_that_is_gone_is_not_present),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
