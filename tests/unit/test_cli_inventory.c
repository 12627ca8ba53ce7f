/* wu_inventory_pick(): which of several functions is followed. */
#include "cmocka_all.h"
#include "cli/inventory.h"

#include <string.h>

static struct wu_inventory_item
item_of(unsigned short pid, const char *driver, DWORD access, DWORD source_error)
{
    struct wu_inventory_item item = {
        .function = { .bus = 1, .port_path = "1", .vid = 0x1234, .pid = pid, .access = access },
        .source_error = source_error,
    };

    strcpy(item.function.driver, driver);
    return item;
}

static const struct wu_inventory_item *
pick(struct wu_inventory_item *items, size_t count, const char *text)
{
    const struct wu_inventory inventory = { items, count };

    return wu_inventory_pick(&inventory, text, WU_ANY_INTERFACE);
}

static void usable_without_driver_is_preferred(void **state)
{
    struct wu_inventory_item items[] = {
        item_of(1, "", ERROR_ACCESS_DENIED, ERROR_SUCCESS),
        item_of(2, "", ERROR_SUCCESS, ERROR_NOT_SUPPORTED),
        item_of(3, "usbhid", ERROR_SUCCESS, ERROR_SUCCESS),
        item_of(4, "", ERROR_SUCCESS, ERROR_SUCCESS),
        item_of(5, "", ERROR_SUCCESS, ERROR_SUCCESS),
    };

    (void)state;

    assert_ptr_equal(pick(items, 5, NULL), &items[3]);
    assert_ptr_equal(pick(items, 3, NULL), &items[2]);
    assert_ptr_equal(pick(items, 2, NULL), &items[1]);
    assert_ptr_equal(pick(items, 1, NULL), &items[0]);
}

static void argument_decides_even_for_an_unusable_one(void **state)
{
    struct wu_inventory_item items[] = {
        item_of(1, "", ERROR_SUCCESS, ERROR_SUCCESS),
        item_of(2, "usbhid", ERROR_ACCESS_DENIED, ERROR_NOT_SUPPORTED),
    };

    (void)state;

    assert_ptr_equal(pick(items, 2, "1234:0002"), &items[1]);
}

static void part_of_a_composite_device_is_told_by_an_interface_number(void **state)
{
    struct wu_inventory_item items[] = {
        item_of(1, "", ERROR_SUCCESS, ERROR_SUCCESS),
        item_of(1, "", ERROR_SUCCESS, ERROR_SUCCESS),
    };
    const struct wu_inventory inventory = { items, 2 };

    (void)state;
    items[0].function.interface_count = 2;
    items[1].function.lowest_interface = 2;
    items[1].function.interface_count = 1;

    assert_ptr_equal(wu_inventory_pick(&inventory, "1234:0001", 0), &items[0]);
    assert_ptr_equal(wu_inventory_pick(&inventory, "1234:0001", 1), &items[0]);
    assert_ptr_equal(wu_inventory_pick(&inventory, "1234:0001", 2), &items[1]);
    assert_null(wu_inventory_pick(&inventory, "1234:0001", 3));
}

static void all_devices_that_are_meant_are_told_by_their_ports(void **state)
{
    struct wu_inventory_item items[] = {
        item_of(1, "", ERROR_SUCCESS, ERROR_SUCCESS), item_of(1, "", ERROR_SUCCESS, ERROR_SUCCESS),
        item_of(2, "", ERROR_SUCCESS, ERROR_SUCCESS), item_of(1, "", ERROR_SUCCESS, ERROR_SUCCESS),
        item_of(1, "", ERROR_SUCCESS, ERROR_SUCCESS),
    };
    const struct wu_inventory inventory = { items, 5 };
    char ports[32];

    (void)state;
    strcpy(items[2].function.port_path, "2");
    strcpy(items[3].function.port_path, "3.1");
    items[4].function.bus = 2;
    items[1].function.interface_count = 1; /* others have none */

    assert_int_equal(
        wu_inventory_ports(&inventory, "1234:0001", WU_ANY_INTERFACE, ports, sizeof(ports)), 3);
    assert_string_equal(ports, "1-1, 1-3.1, 2-1");
    assert_int_equal(wu_inventory_ports(&inventory, "1234:0001", 0, ports, sizeof(ports)), 1);
    assert_string_equal(ports, "1-1");
    assert_int_equal(wu_inventory_ports(&inventory, "1234:0001", WU_ANY_INTERFACE, ports, 8), 3);
    assert_string_equal(ports, "1-1, 1-");
    assert_int_equal(wu_inventory_ports(&inventory, "2-2", WU_ANY_INTERFACE, ports, 8), 0);
    assert_string_equal(ports, "");
}

static void nothing_is_picked_where_nothing_matches(void **state)
{
    struct wu_inventory_item items[] = { item_of(1, "", ERROR_SUCCESS, ERROR_SUCCESS) };

    (void)state;

    assert_null(pick(items, 1, "1234:0002"));
    assert_null(pick(items, 0, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(usable_without_driver_is_preferred),
        cmocka_unit_test(argument_decides_even_for_an_unusable_one),
        cmocka_unit_test(part_of_a_composite_device_is_told_by_an_interface_number),
        cmocka_unit_test(all_devices_that_are_meant_are_told_by_their_ports),
        cmocka_unit_test(nothing_is_picked_where_nothing_matches),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
