/* devices.c and path.c: the functions present, and the paths that lead to them. */
#include "cmocka_all.h"

#include <string.h>

#include "devices/devices.h"
#include "usb_fake.h"

#define A5DCBF10 "{a5dcbf10-6530-11d2-901f-00c04fb951ed}"

#define CONFIGURATION(count) 9, 2, 0, 0, count, 1, 0, 0x80, 50
#define INTERFACE(number) 9, 4, number, 0, 0, 0xFF, 1, 2, 0

static const unsigned char single[] = { CONFIGURATION(1), INTERFACE(0) };
static const unsigned char composite[] = { CONFIGURATION(2), INTERFACE(0), INTERFACE(2) };

static int reset(void **state)
{
    (void)state;
    fake_usb_reset();
    return 0;
}

/* The list of functions, which the test ends with finish(). */
static struct wu_function_list list_all(void)
{
    struct wu_function_list list = { 0 };

    assert_int_equal(wu_function_list_get(&list), ERROR_SUCCESS);
    return list;
}

static void finish(struct wu_function_list *list)
{
    wu_function_list_free(list);
    assert_true(fake_usb_is_idle());
}

static void function_tells_what_its_device_is(void **state)
{
    struct fake_usb_device *device = fake_usb_add(5, 0x1234, 0xABCD, single, sizeof(single));
    struct wu_function_list list;

    (void)state;
    device->texts[0] = "Maker";
    device->texts[1] = "Thing";
    device->texts[2] = "SN 0001";
    device->driver = "usbhid";
    device->info.depth = 3;
    memcpy(device->info.ports, (const unsigned char[]){ 1, 4, 2 }, 3);

    list = list_all();

    assert_int_equal(list.count, 1);
    assert_int_equal(list.functions[0].bus, 1);
    assert_int_equal(list.functions[0].address, 5);
    assert_string_equal(list.functions[0].port_path, "1.4.2");
    assert_int_equal(list.functions[0].vid, 0x1234);
    assert_int_equal(list.functions[0].pid, 0xABCD);
    assert_int_equal(list.functions[0].bcd, 0x1234);
    assert_int_equal(list.functions[0].class_code, 0xFF);
    assert_string_equal(list.functions[0].manufacturer, "Maker");
    assert_string_equal(list.functions[0].product, "Thing");
    assert_string_equal(list.functions[0].driver, "usbhid");
    assert_string_equal(list.functions[0].instance, "sn_0001");
    assert_int_equal(list.functions[0].access, ERROR_SUCCESS);
    finish(&list);
}

static void hubs_are_left_out(void **state)
{
    struct wu_function_list list;

    (void)state;
    fake_usb_add(1, 1, 1, single, sizeof(single))->info.depth = 0;
    fake_usb_add(2, 1, 1, single, sizeof(single))->info.device[4] = 9;

    list = list_all();

    assert_int_equal(list.count, 0);
    finish(&list);
}

static void path_is_made_of_ids_instance_and_guid(void **state)
{
    struct wu_function_list list;
    char path[WU_PATH_SIZE];

    (void)state;
    fake_usb_add(5, 0x1234, 0xABCD, single, sizeof(single))->texts[2] = "SN1";

    list = list_all();
    wu_function_path(&list.functions[0], &list.functions[0].guids.guid[0], path);

    assert_string_equal(path, "\\\\?\\usb#vid_1234&pid_abcd#sn1#" A5DCBF10);
    finish(&list);
}

static void functions_of_a_composite_device_have_their_own_paths(void **state)
{
    struct wu_function_list list;
    char path[WU_PATH_SIZE];

    (void)state;
    fake_usb_add(5, 0x1234, 0xABCD, composite, sizeof(composite))->texts[2] = "SN1";

    list = list_all();
    assert_int_equal(list.count, 2);
    wu_function_path(&list.functions[1], &wu_guid_usb_device, path);

    assert_string_equal(path, "\\\\?\\usb#vid_1234&pid_abcd&mi_02#sn1#" A5DCBF10);
    finish(&list);
}

static void unusable_serials_give_way_to_the_port(void **state)
{
    const char *const serials[] = { NULL, "", "a,b", "a#b", "a\\b", "a/b", "tab\t", "\xC3\xA4" };

    (void)state;

    for (size_t i = 0; i < sizeof(serials) / sizeof(serials[0]); i++) {
        struct wu_function_list list;

        fake_usb_reset();
        fake_usb_add(3, 1, 1, single, sizeof(single))->texts[2] = serials[i];
        list = list_all();
        assert_memory_equal(list.functions[0].instance, "5&", 2);
        assert_string_equal(list.functions[0].instance + 2 + 8, "&0&3");
        finish(&list);
    }
}

static void devices_with_one_serial_are_told_apart(void **state)
{
    struct wu_function_list list;

    (void)state;
    for (unsigned address = 1; address <= 3; address++)
        fake_usb_add(address, 1, 1, single, sizeof(single))->texts[2] = "0000";

    list = list_all();

    assert_int_equal(list.count, 3);
    for (size_t i = 0; i < 3; i++)
        assert_string_not_equal(list.functions[i].instance, list.functions[(i + 1) % 3].instance);
    finish(&list);
}

static void device_that_may_not_be_opened_is_listed(void **state)
{
    struct wu_function_list list;

    (void)state;
    fake_usb_add(5, 1, 1, single, sizeof(single))->open_error = ERROR_ACCESS_DENIED;

    list = list_all();

    assert_int_equal(list.count, 1);
    assert_int_equal(list.functions[0].access, ERROR_ACCESS_DENIED);
    assert_int_equal(list.functions[0].guids.count, 1);
    finish(&list);
}

static void unconfigured_device_is_listed(void **state)
{
    struct wu_function_list list;

    (void)state;
    fake_usb_add(5, 1, 1, NULL, 0);

    list = list_all();

    assert_int_equal(list.count, 1);
    assert_int_equal(list.functions[0].interface_count, 0);
    finish(&list);
}

static void every_path_of_the_list_is_found_in_any_case(void **state)
{
    struct wu_function_list list;

    (void)state;
    fake_usb_add(5, 0x1234, 0xABCD, single, sizeof(single));
    fake_usb_add(6, 0x1234, 0xABCD, composite, sizeof(composite))->texts[2] = "SN1";

    list = list_all();
    for (size_t i = 0; i < list.count; i++) {
        struct wu_function found;
        char path[WU_PATH_SIZE];

        wu_function_path(&list.functions[i], &wu_guid_usb_device, path);
        for (char *c = path; *c != '\0'; c++)
            if (*c >= 'a' && *c <= 'z')
                *c = (char)(*c - 'a' + 'A');

        assert_int_equal(wu_function_find(path, &found), ERROR_SUCCESS);
        assert_int_equal(found.address, list.functions[i].address);
        assert_int_equal(found.first_interface, list.functions[i].first_interface);
    }
    finish(&list);
}

static void node_means_the_device_as_a_whole(void **state)
{
    struct wu_function found;

    (void)state;
    fake_usb_add(6, 1, 1, composite, sizeof(composite));

    assert_int_equal(wu_function_find("/dev/bus/usb/001/006", &found), ERROR_SUCCESS);

    assert_false(found.composite);
    assert_int_equal(found.first_interface, 0);
    assert_int_equal(found.interface_count, 2);
    assert_true(fake_usb_is_idle());
}

static void absent_devices_are_not_found(void **state)
{
    const char *const absent[] = {
        "/dev/bus/usb/001/007",
        "/dev/bus/usb/002/005",
        "\\\\?\\usb#vid_1234&pid_abce#sn1#" A5DCBF10,
        "\\\\?\\usb#vid_1234&pid_abcd#sn#" A5DCBF10,
        "\\\\?\\usb#vid_1234&pid_abcd#sn11#" A5DCBF10,
        "\\\\?\\usb#vid_1234&pid_abcd#" A5DCBF10,
        "\\\\?\\usb#vid_1234&pid_abcd#sn1#{11111111-6530-11d2-901f-00c04fb951ed}",
    };
    struct wu_function found = { .bus = 77 };

    (void)state;
    fake_usb_add(5, 0x1234, 0xABCD, single, sizeof(single))->texts[2] = "SN1";

    for (size_t i = 0; i < sizeof(absent) / sizeof(absent[0]); i++)
        assert_int_equal(wu_function_find(absent[i], &found), ERROR_FILE_NOT_FOUND);

    assert_int_equal(found.bus, 77);
    assert_true(fake_usb_is_idle());
}

static void nonsense_is_no_path(void **state)
{
    const char *const nonsense[] = {
        "",
        "/etc/passwd",
        "/dev/bus/usb/",
        "/dev/bus/usb/001",
        "/dev/bus/usb/001/",
        "/dev/bus/usb/001/005/",
        "/dev/bus/usb/001/-05",
        "/dev/bus/usb/001/ 05",
        "/dev/bus/usb/99999999999/005",
        "#" A5DCBF10,
        "\\\\?\\usb#vid_1234&pid_abcd#sn1",
        "\\\\?\\hid#vid_1234&pid_abcd#sn1#" A5DCBF10,
    };
    struct wu_function found;

    (void)state;

    for (size_t i = 0; i < sizeof(nonsense) / sizeof(nonsense[0]); i++)
        assert_int_equal(wu_function_find(nonsense[i], &found), ERROR_INVALID_PARAMETER);
}

static void any_guid_is_believed_of_a_device_that_may_not_be_opened(void **state)
{
    struct wu_function found;

    (void)state;
    fake_usb_add(5, 1, 1, single, sizeof(single))->texts[2] = "SN1";
    fake_usb[0].open_error = ERROR_ACCESS_DENIED;

    assert_int_equal(
        wu_function_find("\\\\?\\usb#vid_0001&pid_0001#sn1#{11111111-6530-11d2-901f-00c04fb951ed}",
                         &found),
        ERROR_SUCCESS);

    assert_int_equal(found.access, ERROR_ACCESS_DENIED);
}

static void failure_to_list_is_passed_on(void **state)
{
    struct wu_function_list list = { .count = 77 };
    struct wu_function found;

    (void)state;
    fake_usb_list_error = ERROR_NOT_ENOUGH_MEMORY;

    assert_int_equal(wu_function_list_get(&list), ERROR_NOT_ENOUGH_MEMORY);
    assert_int_equal(wu_function_find("/dev/bus/usb/001/001", &found), ERROR_NOT_ENOUGH_MEMORY);

    assert_int_equal(list.count, 77);
}

#define bus_test(test) cmocka_unit_test_setup(test, reset)

int main(void)
{
    const struct CMUnitTest tests[] = {
        bus_test(function_tells_what_its_device_is),
        bus_test(hubs_are_left_out),
        bus_test(path_is_made_of_ids_instance_and_guid),
        bus_test(functions_of_a_composite_device_have_their_own_paths),
        bus_test(unusable_serials_give_way_to_the_port),
        bus_test(devices_with_one_serial_are_told_apart),
        bus_test(device_that_may_not_be_opened_is_listed),
        bus_test(unconfigured_device_is_listed),
        bus_test(every_path_of_the_list_is_found_in_any_case),
        bus_test(node_means_the_device_as_a_whole),
        bus_test(absent_devices_are_not_found),
        bus_test(nonsense_is_no_path),
        bus_test(any_guid_is_believed_of_a_device_that_may_not_be_opened),
        bus_test(failure_to_list_is_passed_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
