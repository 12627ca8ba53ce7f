/* devices/node.c, node_facts.c, config_ret.c: what Windows calls a device node and says of it. */
#include "cmocka_all.h"

#include <string.h>

#include "devices/config_ret.h"
#include "devices/node.h"

static struct wu_function function;
static const struct wu_node node = { .kind = WU_NODE_FUNCTION, .function = &function };

static int set_up(void **state)
{
    (void)state;
    function = (struct wu_function){
        .bus = 3,
        .address = 5,
        .port_path = "1.4",
        .vid = 0x1234,
        .pid = 0xABCD,
        .bcd = 0x0102,
        .composite = true,
        .first_interface = 2,
        .class_code = 0xFF,
        .subclass = 0x0A,
        .protocol = 2,
        .device_class = { 0xEF, 2, 1 },
        .instance = "sn1a",
        .manufacturer = "Maker",
        .product = "Thing",
        .serial = "SN1a",
    };
    return 0;
}

/* --- Names and tree -------------------------------------------------------------------------- */

static void assert_id(const struct wu_node *of, const char *wanted)
{
    char id[WU_NODE_ID_SIZE];

    wu_node_id(of, id);
    assert_string_equal(id, wanted);
}

static void a_part_is_below_its_device_and_that_below_the_root_hub(void **state)
{
    struct wu_node parent = node;

    (void)state;
    assert_id(&node, "USB\\VID_1234&PID_ABCD&MI_02\\SN1A");

    assert_true(wu_node_parent(&parent, &parent));
    assert_id(&parent, "USB\\VID_1234&PID_ABCD\\SN1A");
    assert_true(wu_node_parent(&parent, &parent));
    assert_id(&parent, "USB\\ROOT_HUB30\\4&00000003&0&0");
    assert_false(wu_node_parent(&parent, &parent));
}

static void a_whole_device_is_below_the_root_hub(void **state)
{
    struct wu_node parent;

    (void)state;
    function.composite = false;

    assert_id(&node, "USB\\VID_1234&PID_ABCD\\SN1A");
    assert_true(wu_node_parent(&node, &parent));
    assert_int_equal(parent.kind, WU_NODE_ROOT_HUB);
}

/* Parts that are named by their port have a device that is. */
static void a_device_without_a_name_of_its_own_has_its_ports(void **state)
{
    struct wu_node parent;
    char id[WU_NODE_ID_SIZE];

    (void)state;
    strcpy(function.instance, "6&01020304&0&0002");

    assert_true(wu_node_parent(&node, &parent));
    wu_node_id(&parent, id);
    assert_memory_equal(id, "USB\\VID_1234&PID_ABCD\\5&", 24);
    assert_string_equal(id + strlen(id) - 4, "&0&4");
}

static void a_path_is_an_id_and_a_guid_in_lower_case(void **state)
{
    struct wu_node composite;
    char path[WU_PATH_SIZE];

    (void)state;
    assert_true(wu_node_parent(&node, &composite));

    wu_node_path(&composite, &wu_guid_usb_device, path);
    assert_string_equal(path,
                        "\\\\?\\usb#vid_1234&pid_abcd#sn1a#{a5dcbf10-6530-11d2-901f-00c04fb951ed}");
}

static void the_longest_id_fits(void **state)
{
    char id[WU_NODE_ID_SIZE + 1];

    (void)state;
    memset(function.instance, 'i', sizeof(function.instance) - 1);
    memset(id, '!', sizeof(id));

    wu_node_id(&node, id);
    assert_in_range(strlen(id), WU_INSTANCE_SIZE, WU_NODE_ID_SIZE - 1);
    assert_int_equal(id[WU_NODE_ID_SIZE], '!');
}

/* --- Facts ----------------------------------------------------------------------------------- */

static struct wu_node_value tell(const struct wu_node *of, DWORD number)
{
    const struct wu_node_fact *fact = wu_node_fact_of_number(number);
    struct wu_node_value value;

    assert_non_null(fact);
    assert_true(wu_node_tell(of, fact, &value));
    return value;
}

static void assert_texts(const struct wu_node *of, DWORD number, const char *texts, size_t size)
{
    const struct wu_node_value value = tell(of, number);

    assert_int_equal(wu_node_texts_size(value.text), size);
    assert_memory_equal(value.text, texts, size);
}

#define ASSERT_TEXTS(of, number, texts) assert_texts((of), (number), (texts), sizeof(texts))

static void ids_are_written_as_microsoft_documents_them(void **state)
{
    struct wu_node composite = node, hub;

    (void)state;
    assert_true(wu_node_parent(&node, &composite) && wu_node_parent(&composite, &hub));

    ASSERT_TEXTS(&node, 1, "USB\\VID_1234&PID_ABCD&REV_0102&MI_02\0USB\\VID_1234&PID_ABCD&MI_02\0");
    ASSERT_TEXTS(&node, 2,
                 "USB\\Class_ff&SubClass_0a&Prot_02\0USB\\Class_ff&SubClass_0a\0USB\\Class_ff\0");
    ASSERT_TEXTS(&composite, 1, "USB\\VID_1234&PID_ABCD&REV_0102\0USB\\VID_1234&PID_ABCD\0");
    ASSERT_TEXTS(&composite, 2,
                 "USB\\DevClass_ef&SubClass_02&Prot_01\0USB\\DevClass_ef&SubClass_02\0"
                 "USB\\DevClass_ef\0USB\\COMPOSITE\0");
    ASSERT_TEXTS(&hub, 1, "USB\\ROOT_HUB30\0");
}

static void each_node_has_its_driver(void **state)
{
    struct wu_node composite, hub;

    (void)state;
    assert_true(wu_node_parent(&node, &composite) && wu_node_parent(&composite, &hub));

    assert_string_equal(tell(&node, 4).text, "WinUSB");
    assert_string_equal(tell(&composite, 4).text, "usbccgp");
    assert_string_equal(tell(&hub, 4).text, "USBHUB3");
    assert_string_equal(tell(&node, 8).text, WU_NODE_CLASS_GUID);
    assert_string_not_equal(tell(&node, 9).text, tell(&composite, 9).text);
    assert_string_not_equal(tell(&hub, 9).text, tell(&composite, 9).text);
    assert_string_not_equal(tell(&node, 0x0E).text, tell(&composite, 0x0E).text);
}

static void the_place_is_port_hub_and_way(void **state)
{
    struct wu_node composite, hub;

    (void)state;
    assert_true(wu_node_parent(&node, &composite) && wu_node_parent(&composite, &hub));

    assert_string_equal(tell(&node, 0x0D).text, "Port_#0004.Hub_#0003");
    ASSERT_TEXTS(&node, 0x23, "USBROOT(2)#USB(1)#USB(4)#USBMI(2)\0");
    ASSERT_TEXTS(&composite, 0x23, "USBROOT(2)#USB(1)#USB(4)\0");
    ASSERT_TEXTS(&hub, 0x23, "USBROOT(2)\0");
    assert_int_equal(tell(&node, 0x1C).number, 2);
    assert_int_equal(tell(&composite, 0x1C).number, 4);
    assert_int_equal(tell(&hub, 0x1C).number, 0);
}

static void all_nodes_of_a_device_share_a_container(void **state)
{
    struct wu_node composite;
    struct wu_function other = function;
    const struct wu_node other_node = { .kind = WU_NODE_FUNCTION, .function = &other };
    GUID guid;

    (void)state;
    assert_true(wu_node_parent(&node, &composite));
    strcpy(other.instance, "sn2");
    strcpy(other.serial, "SN2");

    assert_string_equal(tell(&node, 0x24).text, tell(&composite, 0x24).text);
    assert_string_not_equal(tell(&node, 0x24).text, tell(&other_node, 0x24).text);
    assert_true(wu_guid_parse(tell(&node, 0x24).text, WU_GUID_TEXT_SIZE - 1, &guid));
}

static void a_nameless_device_has_a_description_but_no_friendly_name(void **state)
{
    struct wu_node_value value;

    (void)state;
    function.product[0] = function.manufacturer[0] = '\0';

    assert_string_equal(tell(&node, 0).text, "WinUSB device");
    assert_string_equal(tell(&node, 0x0B).text, "WinUSB");
    assert_false(wu_node_tell(&node, wu_node_fact_of_number(0x0C), &value));
}

/* The same fact, by its number, which is two less than its key in the set of devices. */
static void facts_are_found_by_number_and_by_key(void **state)
{
    const struct wu_node_fact *fact;
    size_t count = 0;

    (void)state;
    for (; (fact = wu_node_fact_at(count)) != NULL; count++) {
        assert_ptr_equal(wu_node_fact_of_key(&fact->set, fact->key), fact);
        assert_int_equal(fact->value != NULL, fact->number != WU_NODE_UNNUMBERED);
        if (fact->value)
            assert_ptr_equal(wu_node_fact_of_number((DWORD)fact->number), fact);
    }
    assert_in_range(count, 25, 40);
    assert_null(wu_node_fact_of_number(0x7777));
    assert_null(wu_node_fact_of_number((DWORD)-1));
    assert_null(wu_node_fact_of_key(&(GUID){ 0 }, 2));
}

static void every_fact_of_the_longest_names_fits(void **state)
{
    struct wu_node of = node;
    const struct wu_node_fact *fact;
    struct wu_node_value value;

    (void)state;
    memset(function.instance, 'i', sizeof(function.instance) - 1);
    memset(function.product, 'p', sizeof(function.product) - 1);
    memset(function.manufacturer, 'm', sizeof(function.manufacturer) - 1);
    strcpy(function.port_path, "255.255.255.255.255.255.255");

    do {
        for (size_t i = 0; (fact = wu_node_fact_at(i)) != NULL; i++)
            if (wu_node_tell(&of, fact, &value))
                assert_in_range(wu_node_texts_size(value.text), 1, WU_NODE_TEXT_SIZE);
    } while (wu_node_parent(&of, &of));
}

/* --- Codes ----------------------------------------------------------------------------------- */

static void codes_of_cfgmgr32_become_errors(void **state)
{
    (void)state;
    assert_int_equal(wu_config_ret_error(0, 77), ERROR_SUCCESS);
    assert_int_equal(wu_config_ret_error(0x0D, 77), ERROR_NOT_FOUND);
    assert_int_equal(wu_config_ret_error(0x1A, 77), ERROR_INSUFFICIENT_BUFFER);
    assert_int_equal(wu_config_ret_error(0x01, 77), 77);
    assert_int_equal(wu_config_ret_error(0xFFFFFFFF, 77), 77);
}

#define node_test(test) cmocka_unit_test_setup(test, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        node_test(a_part_is_below_its_device_and_that_below_the_root_hub),
        node_test(a_whole_device_is_below_the_root_hub),
        node_test(a_device_without_a_name_of_its_own_has_its_ports),
        node_test(a_path_is_an_id_and_a_guid_in_lower_case),
        node_test(the_longest_id_fits),
        node_test(ids_are_written_as_microsoft_documents_them),
        node_test(each_node_has_its_driver),
        node_test(the_place_is_port_hub_and_way),
        node_test(all_nodes_of_a_device_share_a_container),
        node_test(a_nameless_device_has_a_description_but_no_friendly_name),
        node_test(facts_are_found_by_number_and_by_key),
        node_test(every_fact_of_the_longest_names_fits),
        node_test(codes_of_cfgmgr32_become_errors),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
