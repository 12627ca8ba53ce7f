/* devices.c and path.c: the functions present, and the paths that lead to them. */
#include "cmocka_all.h"

#include <string.h>

#include "devices/devices.h"
#include "devices/file.h"
#include "usb_fake.h"

#define A5DCBF10 "{a5dcbf10-6530-11d2-901f-00c04fb951ed}"

#define CONFIGURATION(count) 9, 2, 0, 0, count, 1, 0, 0x80, 50
#define INTERFACE(number) 9, 4, number, 0, 0, 0xFF, 1, 2, 0

static const unsigned char single[] = { CONFIGURATION(1), INTERFACE(0) };
static const unsigned char composite[] = { CONFIGURATION(2), INTERFACE(0), INTERFACE(2) };

/* --- A device that names WINUSB ------------------------------------------------------------- */

#define GUID_OWN "{11111111-2222-3333-4444-555555555555}"
#define LETTER(c) c, 0
#define LETTERS(a, b, c, d) LETTER(a), LETTER(b), LETTER(c), LETTER(d)
#define ONES LETTERS('1', '1', '1', '1')
#define FIVES LETTERS('5', '5', '5', '5')

static const unsigned char bos[] = {
    5,    0x0F, 33,   0,    1,    28,   0x10, 5,    0,    0xDF, 0x60,
    0xDD, 0xD8, 0x89, 0x45, 0xC7, 0x4C, 0x9C, 0xD2, 0x65, 0x9D, 0x9E,
    0x64, 0x8A, 0x9F, 0,    0,    3,    6,    0xFF, 0,    0x5A, 0,
};

#define SET 10, 0, 0, 0, 0, 0, 3, 6, 0, 0
#define FUNCTION(first) 8, 0, 2, 0, first, 0, 0, 0
#define WINUSB 20, 0, 3, 0, 'W', 'I', 'N', 'U', 'S', 'B', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
#define NAME                                                                               \
    LETTERS('D', 'e', 'v', 'i'), LETTERS('c', 'e', 'I', 'n'), LETTERS('t', 'e', 'r', 'f'), \
        LETTERS('a', 'c', 'e', 'G'), LETTERS('U', 'I', 'D', 0)
#define OWN_GUID                                                                            \
    128, 0, 4, 0, 1, 0, 40, 0, NAME, 78, 0, LETTER('{'), ONES, ONES, LETTER('-'),           \
        LETTERS('2', '2', '2', '2'), LETTER('-'), LETTERS('3', '3', '3', '3'), LETTER('-'), \
        LETTERS('4', '4', '4', '4'), LETTER('-'), FIVES, FIVES, FIVES, LETTER('}'), LETTER(0)

static const unsigned char set_of_whole[] = { SET, WINUSB, OWN_GUID };
static const unsigned char set_of_parts[] = { SET,         FUNCTION(0), WINUSB,
                                              FUNCTION(2), WINUSB,      OWN_GUID };

static uint32_t give(const unsigned char *bytes,
                     size_t size,
                     const struct wu_usb_setup *setup,
                     void *data,
                     size_t *got)
{
    *got = size < setup->length ? size : setup->length;
    memcpy(data, bytes, *got);
    return ERROR_SUCCESS;
}

static uint32_t answer_whole(const struct wu_usb_setup *setup, void *data, size_t *transferred)
{
    if (setup->value == 0x0F00)
        return give(bos, sizeof(bos), setup, data, transferred);
    if (setup->request == 0x5A)
        return give(set_of_whole, sizeof(set_of_whole), setup, data, transferred);
    return ERROR_GEN_FAILURE;
}

static uint32_t answer_parts(const struct wu_usb_setup *setup, void *data, size_t *transferred)
{
    if (setup->request == 0x5A)
        return give(set_of_parts, sizeof(set_of_parts), setup, data, transferred);
    return answer_whole(setup, data, transferred);
}

/* Plugs in a device of two interfaces and the serial number SN1. */
static struct fake_usb_device *
add_with_set(unsigned address,
             uint32_t (*control)(const struct wu_usb_setup *setup, void *data, size_t *transferred))
{
    struct fake_usb_device *device =
        fake_usb_add(address, 0x1234, 0xABCD, composite, sizeof(composite));

    device->texts[2] = "SN1";
    device->info.device[2] = 0x10; /* USB 2.10 */
    device->control = control;
    return device;
}

static bool has_own_guid(const struct wu_function *function)
{
    GUID guid;

    assert_true(wu_guid_parse(GUID_OWN, strlen(GUID_OWN), &guid));
    return wu_guids_contain(&function->guids, &guid);
}

/* --- The tests ------------------------------------------------------------------------------ */

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

static void driver_of_any_interface_counts(void **state)
{
    static const unsigned char associated[] = {
        CONFIGURATION(4), 8,           0x0B, 0, 2, 0xFF, 0, 0, 0, INTERFACE(0), INTERFACE(1),
        INTERFACE(2),     INTERFACE(3)
    };
    struct fake_usb_device *device = fake_usb_add(5, 1, 1, associated, sizeof(associated));
    struct wu_function_list list;
    struct wu_function whole;

    (void)state;
    device->driver = "usbfs";
    device->driver_from = 1;
    list = list_all();
    assert_int_equal(list.count, 3);
    assert_string_equal(list.functions[0].driver, "usbfs");
    finish(&list);

    device->driver = "cdc_acm";
    device->driver_before = "usbfs";
    list = list_all();
    assert_string_equal(list.functions[0].driver, "cdc_acm");
    finish(&list);

    device->driver_from = 2;
    device->driver_before = NULL;
    list = list_all();
    assert_string_equal(list.functions[0].driver, "");
    assert_string_equal(list.functions[1].driver, "cdc_acm");
    assert_int_equal(wu_function_find("/dev/bus/usb/001/005", &whole), ERROR_SUCCESS);
    assert_string_equal(whole.driver, "cdc_acm");
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

/* Its path leads to it, but nothing is opened by it. */
static void composite_device_is_opened_by_its_functions(void **state)
{
    struct wu_file_target target;

    (void)state;
    fake_usb_add(5, 0x1234, 0xABCD, composite, sizeof(composite))->texts[2] = "SN1";

    assert_int_equal(wu_file_find("\\\\?\\usb#vid_1234&pid_abcd&mi_02#sn1#" A5DCBF10, &target),
                     ERROR_SUCCESS);
    assert_int_equal(wu_file_find("\\\\?\\USB#vid_1234&pid_abcd#sn1#" A5DCBF10, &target),
                     ERROR_NOT_SUPPORTED);
    assert_int_equal(wu_file_find("\\\\?\\usb#vid_1234&pid_abcd#sn2#" A5DCBF10, &target),
                     ERROR_FILE_NOT_FOUND);
    assert_int_equal(wu_file_find("\\\\?\\usb#vid_1234&pid_abcd#sn#" A5DCBF10, &target),
                     ERROR_FILE_NOT_FOUND);
}

static void device_that_names_winusb_as_a_whole_is_one_function(void **state)
{
    struct wu_function_list list;
    char path[WU_PATH_SIZE];

    (void)state;
    add_with_set(5, answer_whole);

    list = list_all();
    wu_function_path(&list.functions[0], &wu_guid_usb_device, path);

    assert_int_equal(list.count, 1);
    assert_false(list.functions[0].composite);
    assert_int_equal(list.functions[0].configuration, 1);
    assert_int_equal(list.functions[0].first_interface, 0);
    assert_int_equal(list.functions[0].interface_count, 3); /* numbers */
    assert_true(has_own_guid(&list.functions[0]));
    assert_string_equal(path, "\\\\?\\usb#vid_1234&pid_abcd#sn1#" A5DCBF10);
    finish(&list);
}

static void device_that_names_winusb_for_its_functions_is_split(void **state)
{
    struct wu_function_list list;

    (void)state;
    add_with_set(5, answer_parts);

    list = list_all();

    assert_int_equal(list.count, 2);
    assert_true(list.functions[0].composite && list.functions[1].composite);
    assert_false(has_own_guid(&list.functions[0]));
    assert_true(has_own_guid(&list.functions[1]));
    finish(&list);
}

static void device_that_may_not_be_asked_is_split(void **state)
{
    struct wu_function_list list;

    (void)state;
    add_with_set(5, answer_whole)->open_error = ERROR_ACCESS_DENIED;

    list = list_all();

    assert_int_equal(list.count, 2);
    assert_int_equal(list.functions[0].access, ERROR_ACCESS_DENIED);
    finish(&list);
}

static void whole_device_is_found_and_its_parts_are_not(void **state)
{
    struct wu_function found;

    (void)state;
    add_with_set(5, answer_whole);

    assert_int_equal(wu_function_find("\\\\?\\usb#vid_1234&pid_abcd&mi_00#sn1#" A5DCBF10, &found),
                     ERROR_FILE_NOT_FOUND);
    assert_int_equal(wu_function_find("\\\\?\\usb#vid_1234&pid_abcd#sn1#" GUID_OWN, &found),
                     ERROR_SUCCESS);

    assert_int_equal(found.interface_count, 3);
    assert_true(fake_usb_is_idle());
}

static void whole_devices_with_one_serial_are_told_apart_and_found(void **state)
{
    struct wu_function_list list;

    (void)state;
    add_with_set(5, answer_whole);
    add_with_set(6, answer_parts);
    add_with_set(7, answer_whole);

    list = list_all();

    assert_int_equal(list.count, 4);
    for (size_t i = 0; i < list.count; i++) {
        struct wu_function found;
        char path[WU_PATH_SIZE];

        wu_function_path(&list.functions[i], &wu_guid_usb_device, path);
        assert_int_equal(wu_function_find(path, &found), ERROR_SUCCESS);
        assert_int_equal(found.address, list.functions[i].address);
        assert_int_equal(found.first_interface, list.functions[i].first_interface);
        assert_int_equal(found.interface_count, list.functions[i].interface_count);
    }
    finish(&list);
}

static void devices_of_other_ids_are_not_asked_to_find_one(void **state)
{
    struct fake_usb_device *const other = add_with_set(5, answer_whole);
    struct wu_function found;

    (void)state;
    fake_usb_add(6, 0x1234, 0xABCE, single, sizeof(single))->texts[2] = "SN1";

    assert_int_equal(wu_function_find("\\\\?\\usb#vid_1234&pid_abce#sn1#" A5DCBF10, &found),
                     ERROR_SUCCESS);

    assert_int_equal(found.address, 6);
    assert_int_equal(other->controls, 0);
}

static void device_that_there_is_no_memory_to_ask_is_not_taken_for_a_split_one(void **state)
{
    struct wu_function found;

    (void)state;
    add_with_set(5, answer_whole)->open_error = ERROR_NOT_ENOUGH_MEMORY;

    assert_int_equal(wu_function_find("\\\\?\\usb#vid_1234&pid_abcd#sn1#" A5DCBF10, &found),
                     ERROR_NOT_ENOUGH_MEMORY);
    assert_true(fake_usb_is_idle());
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

static void path_of(unsigned address, char *path)
{
    struct wu_function_list list = list_all();

    *path = '\0';
    for (size_t i = 0; i < list.count; i++)
        if (list.functions[i].address == address)
            wu_function_path(&list.functions[i], &wu_guid_usb_device, path);
    finish(&list);
}

static struct fake_usb_device *add_twin(unsigned address)
{
    struct fake_usb_device *device = fake_usb_add(address, 1, 1, single, sizeof(single));

    device->texts[2] = "0000";
    return device;
}

static void assert_leads_to(const char *path, unsigned address)
{
    struct wu_function found;

    assert_int_equal(wu_function_find(path, &found), ERROR_SUCCESS);
    assert_int_equal(found.address, address);
}

static void devices_with_one_serial_are_told_apart(void **state)
{
    struct wu_function_list list;

    (void)state;
    for (unsigned address = 1; address <= 3; address++)
        add_twin(address);

    list = list_all();

    assert_int_equal(list.count, 3);
    for (size_t i = 0; i < 3; i++)
        assert_string_not_equal(list.functions[i].instance, list.functions[(i + 1) % 3].instance);
    finish(&list);
}

static void device_keeps_its_path_when_another_with_its_serial_comes(void **state)
{
    char first[WU_PATH_SIZE], second[WU_PATH_SIZE], again[WU_PATH_SIZE];

    (void)state;
    add_twin(5);
    path_of(5, first);
    assert_string_equal(first, "\\\\?\\usb#vid_0001&pid_0001#0000#" A5DCBF10);

    add_twin(4);
    path_of(4, second);
    path_of(5, again);

    assert_string_equal(again, first);
    assert_string_not_equal(second, first);
    assert_leads_to(first, 5);
    assert_leads_to(second, 4);
}

static void path_of_a_device_that_has_left_is_no_others(void **state)
{
    char first[WU_PATH_SIZE], second[WU_PATH_SIZE], again[WU_PATH_SIZE];
    struct wu_function found;

    (void)state;
    add_twin(5);
    add_twin(6);
    path_of(5, first);
    path_of(6, second);

    fake_usb[0].gone = true;
    path_of(6, again);
    assert_string_equal(again, second);
    assert_int_equal(wu_function_find(first, &found), ERROR_FILE_NOT_FOUND);

    add_twin(7); /* it comes back */
    path_of(7, again);
    assert_string_equal(again, first);
    assert_leads_to(second, 6);
}

static void serial_is_the_first_ones_whichever_comes_first_in_the_list(void **state)
{
    char earlier[WU_PATH_SIZE], later[WU_PATH_SIZE];
    struct fake_usb_device *const first = add_twin(6), *const second = add_twin(5);
    const struct fake_usb_device copy = *first;

    (void)state;
    *first = *second; /* as on another bus */
    *second = copy;
    first->info.id = 1;
    second->info.id = 2;

    path_of(5, later);
    path_of(6, earlier);

    assert_string_equal(earlier, "\\\\?\\usb#vid_0001&pid_0001#0000#" A5DCBF10);
    assert_string_not_equal(later, earlier);
}

static uint32_t answer_nothing(const struct wu_usb_setup *setup, void *data, size_t *transferred)
{
    (void)setup;
    (void)data;
    (void)transferred;
    return ERROR_SEM_TIMEOUT;
}

static void device_that_does_not_answer_is_asked_once_while_it_is_there(void **state)
{
    struct fake_usb_device *device = fake_usb_add(5, 0x1234, 0xABCD, composite, sizeof(composite));
    struct wu_function_list list;

    (void)state;
    device->texts[2] = "SN1";
    device->control = answer_nothing;

    list = list_all();
    finish(&list);
    list = list_all();
    assert_int_equal(list.count, 2);
    finish(&list);
    assert_leads_to("\\\\?\\usb#vid_1234&pid_abcd&mi_02#sn1#" A5DCBF10, 5);
    assert_leads_to("/dev/bus/usb/001/005", 5);
    assert_int_equal(device->controls, 1);

    device->stay += 1000; /* plugged in again */
    list = list_all();
    finish(&list);
    assert_int_equal(device->controls, 2);
}

static void what_a_device_has_said_is_remembered(void **state)
{
    struct fake_usb_device *device = add_with_set(5, answer_parts);
    struct wu_function_list list = list_all();
    const int asked = device->controls;

    (void)state;
    finish(&list);
    device->open_error = ERROR_ACCESS_DENIED;

    list = list_all();

    assert_int_equal(device->controls, asked);
    assert_int_equal(list.count, 2);
    assert_false(has_own_guid(&list.functions[0]));
    assert_true(has_own_guid(&list.functions[1]));
    finish(&list);
}

static void other_configuration_is_asked_for_anew(void **state)
{
    struct fake_usb_device *device = add_with_set(5, answer_parts);
    struct wu_function_list list = list_all();
    const int asked = device->controls;

    (void)state;
    finish(&list);
    device->info.configuration = (unsigned char *)single;
    device->info.configuration_size = sizeof(single);

    list = list_all();

    assert_int_equal(device->controls, 2 * asked);
    finish(&list);
}

static void device_that_a_program_has_in_use_is_left_alone(void **state)
{
    struct fake_usb_device *device = add_with_set(5, answer_parts);
    struct wu_function_list list;

    (void)state;
    device->driver = "usbfs";
    device->driver_from = 2;

    list = list_all();

    assert_int_equal(list.count, 2);
    assert_int_equal(device->controls, 0);
    finish(&list);
    assert_leads_to("\\\\?\\usb#vid_1234&pid_abcd&mi_02#sn1#" GUID_OWN, 5);

    device->driver = NULL;
    list = list_all();
    assert_true(has_own_guid(&list.functions[1]));
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

static void device_whose_configuration_is_cut_short_is_listed(void **state)
{
    unsigned char *cut = test_malloc(1); /* a read beyond it is noticed */
    struct wu_function_list list;

    (void)state;
    cut[0] = 9;
    fake_usb_add(5, 0x1234, 0xABCD, cut, 1);

    list = list_all();

    assert_int_equal(list.count, 1);
    assert_int_equal(list.functions[0].configuration, 0);
    finish(&list);
    test_free(cut);
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

static void path_may_begin_in_each_way_that_windows_knows(void **state)
{
    const char *const paths[] = {
        "\\\\?\\usb#vid_1234&pid_abcd#sn1#" A5DCBF10,
        "\\\\.\\usb#vid_1234&pid_abcd#sn1#" A5DCBF10,
        "\\??\\usb#vid_1234&pid_abcd#sn1#" A5DCBF10,
        "\\\\.\\USB#VID_1234&PID_ABCD#SN1#{A5DCBF10-6530-11D2-901F-00C04FB951ED}",
        "\\??\\Usb#Vid_1234&Pid_aBCd#Sn1#{a5DcbF10-6530-11d2-901f-00c04fb951Ed}",
    };

    (void)state;
    fake_usb_add(5, 0x1234, 0xABCD, single, sizeof(single))->texts[2] = "SN1";

    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        struct wu_function found = { 0 };

        assert_int_equal(wu_function_find(paths[i], &found), ERROR_SUCCESS);
        assert_int_equal(found.address, 5);
    }
}

static void node_means_the_device_as_a_whole(void **state)
{
    struct wu_function found;

    (void)state;
    fake_usb_add(6, 1, 1, composite, sizeof(composite));

    assert_int_equal(wu_function_find("/dev/bus/usb/001/006", &found), ERROR_SUCCESS);

    assert_false(found.composite);
    assert_int_equal(found.first_interface, 0);
    assert_int_equal(found.interface_count, 3);
    assert_true(fake_usb_is_idle());
}

static bool means_port(const char *text, const struct wu_function *function)
{
    assert_int_equal(function->bus, 1);
    return strcmp(text, function->port_path) == 0;
}

static void devices_with_other_ids_than_those_meant_are_left_alone(void **state)
{
    struct wu_function_list list;

    (void)state;
    fake_usb_add(5, 0x1234, 1, single, sizeof(single))->texts[2] = "SN";
    fake_usb_add(6, 0x1234, 2, composite, sizeof(composite));
    fake_usb_add(7, 0x1234, 1, single, sizeof(single))->texts[2] = "SN";

    assert_int_equal(wu_function_list_get_meant(means_port, "7", &list), ERROR_SUCCESS);

    assert_int_equal(list.count, 2);
    assert_int_equal(list.functions[1].address, 7);
    assert_string_not_equal(list.functions[0].instance, list.functions[1].instance);
    assert_int_equal(fake_usb[1].controls, 0);
    finish(&list);

    assert_int_equal(wu_function_list_get_meant(means_port, "8", &list), ERROR_SUCCESS);
    assert_int_equal(list.count, 0);
    finish(&list);
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
        "\\\\.\\",
        "\\?\\usb#vid_1234&pid_abcd#sn1#" A5DCBF10,
        "\\\\?\\\\\\.\\usb#vid_1234&pid_abcd#sn1#" A5DCBF10,
        "usb#vid_1234&pid_abcd#sn1#" A5DCBF10,
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
        bus_test(driver_of_any_interface_counts),
        bus_test(hubs_are_left_out),
        bus_test(path_is_made_of_ids_instance_and_guid),
        bus_test(functions_of_a_composite_device_have_their_own_paths),
        bus_test(composite_device_is_opened_by_its_functions),
        bus_test(device_that_names_winusb_as_a_whole_is_one_function),
        bus_test(device_that_names_winusb_for_its_functions_is_split),
        bus_test(device_that_may_not_be_asked_is_split),
        bus_test(whole_device_is_found_and_its_parts_are_not),
        bus_test(whole_devices_with_one_serial_are_told_apart_and_found),
        bus_test(devices_of_other_ids_are_not_asked_to_find_one),
        bus_test(device_that_there_is_no_memory_to_ask_is_not_taken_for_a_split_one),
        bus_test(unusable_serials_give_way_to_the_port),
        bus_test(devices_with_one_serial_are_told_apart),
        bus_test(device_keeps_its_path_when_another_with_its_serial_comes),
        bus_test(path_of_a_device_that_has_left_is_no_others),
        bus_test(serial_is_the_first_ones_whichever_comes_first_in_the_list),
        bus_test(device_that_does_not_answer_is_asked_once_while_it_is_there),
        bus_test(what_a_device_has_said_is_remembered),
        bus_test(other_configuration_is_asked_for_anew),
        bus_test(device_that_a_program_has_in_use_is_left_alone),
        bus_test(device_that_may_not_be_opened_is_listed),
        bus_test(unconfigured_device_is_listed),
        bus_test(device_whose_configuration_is_cut_short_is_listed),
        bus_test(every_path_of_the_list_is_found_in_any_case),
        bus_test(path_may_begin_in_each_way_that_windows_knows),
        bus_test(node_means_the_device_as_a_whole),
        bus_test(devices_with_other_ids_than_those_meant_are_left_alone),
        bus_test(absent_devices_are_not_found),
        bus_test(nonsense_is_no_path),
        bus_test(any_guid_is_believed_of_a_device_that_may_not_be_opened),
        bus_test(failure_to_list_is_passed_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
