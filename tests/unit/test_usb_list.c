/* usb_libusb.c on the machine at hand, whatever it has; without USB that is nothing. */
#include "cmocka_all.h"

#include "usb/usb.h"

static void every_device_of_a_list_is_found_in_it(void **state)
{
    struct wu_usb_list list;

    (void)state;

    assert_int_equal(wu_usb_list_get(&list), 0);

    for (size_t i = 0; i < list.count; i++) {
        const struct wu_usb_info *info = &list.devices[i];

        assert_ptr_equal(wu_usb_list_find(&list, info->bus, info->address), info);
        assert_int_equal(info->device[0], WU_USB_DEVICE_DESCRIPTOR_SIZE);
    }
    assert_null(wu_usb_list_find(&list, 0, 0));
    wu_usb_list_free(&list);
}

static void lists_live_side_by_side(void **state)
{
    struct wu_usb_list first, second;

    (void)state;

    assert_int_equal(wu_usb_list_get(&first), 0);
    assert_int_equal(wu_usb_list_get(&second), 0);
    wu_usb_list_free(&first);
    assert_null(wu_usb_list_find(&second, 0, 0));
    wu_usb_list_free(&second);
}

static void every_speed_has_a_name(void **state)
{
    (void)state;

    assert_string_equal(wu_usb_speed_name(WU_USB_SPEED_UNKNOWN), "unknown");
    assert_string_equal(wu_usb_speed_name(WU_USB_SPEED_HIGH), "high");
    assert_string_equal(wu_usb_speed_name(WU_USB_SPEED_SUPER_PLUS), "super plus");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_device_of_a_list_is_found_in_it),
        cmocka_unit_test(lists_live_side_by_side),
        cmocka_unit_test(every_speed_has_a_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
