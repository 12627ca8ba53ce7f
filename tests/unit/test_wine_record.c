/* wine/record.c: what the registry says of a function. */
#include "cmocka_all.h"

#include <string.h>

#include "wine/record.h"

#define OWN "{11111111-2222-3333-4444-555555555555}"
#define NAME "usb#vid_1234&pid_abcd&mi_02#sn1#" OWN

static const struct wu_function function = {
    .bus = 3,
    .port_path = "1.4",
    .vid = 0x1234,
    .pid = 0xABCD,
    .bcd = 0x0102,
    .composite = true,
    .first_interface = 2,
    .class_code = 0xFF,
    .subclass = 1,
    .protocol = 2,
    .instance = "sn1",
    .manufacturer = "Maker",
    .product = "Thing",
    .serial = "SN1",
};

static const struct wu_node node = { .kind = WU_NODE_FUNCTION, .function = &function };

static const struct wu_record_value *find(const struct wu_record *record, const char *name)
{
    for (size_t i = 0; i < record->count; i++)
        if (strcmp(record->values[i].name, name) == 0)
            return &record->values[i];

    return NULL;
}

static void assert_text(const struct wu_record *record, const char *name, const char *text)
{
    assert_non_null(find(record, name));
    assert_int_equal(find(record, name)->type, WU_NODE_TEXT);
    assert_string_equal(find(record, name)->text, text);
}

/* Of several texts, all of them, each with its end. */
static void
assert_texts(const struct wu_record *record, const char *name, const char *texts, size_t size)
{
    assert_non_null(find(record, name));
    assert_int_equal(find(record, name)->type, WU_NODE_TEXTS);
    assert_memory_equal(find(record, name)->text, texts, size);
}

static void assert_number(const struct wu_record *record, const char *name, DWORD number)
{
    assert_non_null(find(record, name));
    assert_int_equal(find(record, name)->type, WU_NODE_NUMBER);
    assert_int_equal(find(record, name)->number, number);
}

static struct wu_guids both_guids(void)
{
    struct wu_guids guids = { .count = 0 };
    GUID own;

    assert_true(wu_guid_parse(OWN, strlen(OWN), &own));
    wu_guids_add(&guids, &wu_guid_usb_device);
    wu_guids_add(&guids, &own);
    return guids;
}

static void a_part_is_described_as_windows_does(void **state)
{
    static const char hardware[] =
        "USB\\VID_1234&PID_ABCD&REV_0102&MI_02\0USB\\VID_1234&PID_ABCD&MI_02\0";
    static const char compatible[] =
        "USB\\Class_ff&SubClass_01&Prot_02\0USB\\Class_ff&SubClass_01\0USB\\Class_ff\0";
    const struct wu_guids guids = both_guids();
    struct wu_record record;

    (void)state;
    wu_record_make(&node, &guids, &record);

    assert_int_equal(find(&record, "ClassGUID")->type, WU_NODE_GUID);
    assert_string_equal(find(&record, "ClassGUID")->text, WU_NODE_CLASS_GUID);
    assert_text(&record, "Service", "WinUSB");
    assert_text(&record, "DeviceDesc", "Thing");
    assert_text(&record, "FriendlyName", "Thing");
    assert_text(&record, "Mfg", "Maker");
    assert_text(&record, "LocationInformation", "Port_#0004.Hub_#0003");
    assert_texts(&record, "HardwareID", hardware, sizeof(hardware));
    assert_texts(&record, "CompatibleIDs", compatible, sizeof(compatible));
    assert_number(&record, "Address", 2);
    assert_number(&record, "Capabilities", 0x94);
}

static void the_guid_of_all_usb_devices_is_not_the_drivers(void **state)
{
    static const char own[] = OWN "\0";
    struct wu_guids guids = both_guids();
    struct wu_record record;

    (void)state;
    wu_record_make(&node, &guids, &record);
    assert_texts(&record, "DeviceInterfaceGUIDs", own, sizeof(own));
    assert_string_equal(find(&record, "DeviceInterfaceGUIDs")->key, "Device Parameters");

    guids.count = 1;
    wu_record_make(&node, &guids, &record);
    assert_null(find(&record, "DeviceInterfaceGUIDs"));
}

static void a_nameless_device_has_a_description_nevertheless(void **state)
{
    const struct wu_function nameless = { .bus = 1, .port_path = "2" };
    const struct wu_node nameless_node = { .kind = WU_NODE_FUNCTION, .function = &nameless };
    const struct wu_guids guids = both_guids();
    struct wu_record record;

    (void)state;
    wu_record_make(&nameless_node, &guids, &record);

    assert_text(&record, "DeviceDesc", "WinUSB device");
    assert_null(find(&record, "FriendlyName"));
    assert_number(&record, "Address", 2);
    assert_number(&record, "Capabilities", 0x84);
}

static void properties_repeat_the_values(void **state)
{
    const struct wu_guids guids = both_guids();
    unsigned properties = 0;
    struct wu_record record;

    (void)state;
    wu_record_make(&node, &guids, &record);

    for (size_t i = 0; i < record.count; i++) {
        const struct wu_record_value *value = &record.values[i];

        properties += value->property;
        if (value->property && strstr(value->key, "{a45c254e-") && strstr(value->key, "\\0003"))
            assert_memory_equal(value->text, find(&record, "HardwareID")->text, WU_NODE_TEXT_SIZE);
    }
    assert_in_range(properties, 20, WU_RECORD_MAX);
}

/* Keys that we have written are marked; and those of the nodes above have no driver of WinUSB. */
static void a_node_above_is_described_as_well(void **state)
{
    const struct wu_node composite = { .kind = WU_NODE_COMPOSITE, .function = &function };
    struct wu_record record;

    (void)state;
    wu_record_make(&composite, NULL, &record);

    assert_non_null(find(&record, WU_RECORD_MARK));
    assert_text(&record, "Service", "usbccgp");
    assert_null(find(&record, "DeviceInterfaceGUIDs"));
    assert_null(find(&record, "SymbolicName"));
}

/* One that is found for itself has the name of its interface, and its GUID from the bus. */
static void a_composite_device_may_have_an_interface(void **state)
{
    const struct wu_node composite = { .kind = WU_NODE_COMPOSITE, .function = &function };
    const struct wu_guids guids = { .guid = { wu_guid_usb_device }, .count = 1 };
    struct wu_record record;

    (void)state;
    wu_record_make(&composite, &guids, &record);

    assert_text(&record, "SymbolicName",
                "\\??\\usb#vid_1234&pid_abcd#sn1#{a5dcbf10-6530-11d2-901f-00c04fb951ed}");
    assert_null(find(&record, "DeviceInterfaceGUIDs"));
}

static void an_interface_is_named_by_the_first_guid(void **state)
{
    struct wu_guids guids = both_guids();
    struct wu_record record;

    (void)state;
    wu_record_make(&node, &guids, &record);
    assert_text(&record, "SymbolicName",
                "\\??\\usb#vid_1234&pid_abcd&mi_02#sn1#{a5dcbf10-6530-11d2-901f-00c04fb951ed}");

    guids.guid[0] = guids.guid[1];
    guids.count = 1;
    wu_record_make(&node, &guids, &record);
    assert_text(&record, "SymbolicName", "\\??\\" NAME);
}

/* As many GUIDs and as long names as there may be. */
static void the_longest_values_fit(void **state)
{
    struct wu_function longest = function;
    const struct wu_node longest_node = { .kind = WU_NODE_FUNCTION, .function = &longest };
    struct wu_guids guids = { .count = 0 };
    struct wu_record record;

    (void)state;
    memset(longest.product, 'x', sizeof(longest.product) - 1);
    memset(longest.instance, 'i', sizeof(longest.instance) - 1);
    for (unsigned i = 0; i < WU_GUIDS_MAX; i++)
        wu_guids_add(&guids, &(GUID){ .Data1 = i + 1 });
    wu_record_make(&longest_node, &guids, &record);

    assert_in_range(record.count, 1, WU_RECORD_MAX);
    assert_text(&record, "FriendlyName", longest.product);
    assert_memory_equal(find(&record, "DeviceInterfaceGUIDs")->text +
                            (WU_GUIDS_MAX - 1) * WU_GUID_TEXT_SIZE,
                        "{00000020-0000-0000-0000-000000000000}\0", WU_GUID_TEXT_SIZE + 1);
}

static void names_become_keys(void **state)
{
    char instance[WU_LINK_SIZE], key[WU_LINK_SIZE + 4];

    (void)state;
    wu_record_instance(NAME, instance);
    wu_record_interface(NAME, key);

    assert_string_equal(instance, "USB\\VID_1234&PID_ABCD&MI_02\\SN1");
    assert_string_equal(key, "##?#USB#VID_1234&PID_ABCD&MI_02#sn1#" OWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_part_is_described_as_windows_does),
        cmocka_unit_test(the_guid_of_all_usb_devices_is_not_the_drivers),
        cmocka_unit_test(a_nameless_device_has_a_description_nevertheless),
        cmocka_unit_test(properties_repeat_the_values),
        cmocka_unit_test(a_node_above_is_described_as_well),
        cmocka_unit_test(a_composite_device_may_have_an_interface),
        cmocka_unit_test(an_interface_is_named_by_the_first_guid),
        cmocka_unit_test(the_longest_values_fit),
        cmocka_unit_test(names_become_keys),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
