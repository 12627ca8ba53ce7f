/* devices/hubs.c, hubs_sysfs.c, node_hub_facts.c: controllers and hubs in /sys, and what Windows
 * says of them. */
#include "cmocka_all.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "devices/hubs.h"
#include "devices/node.h"
#include "fake_bus.h"

#define XHCI "devices/pci0000:00/0000:00:14.0"
#define BEHIND_A_BRIDGE "devices/pci0000:00/0000:00:1c.4/0000:03:00.0"
#define VHCI "devices/platform/vhci_hcd.0"

static struct wu_hub_list list;

static void look(void)
{
    wu_hub_list_free(&list);
    assert_int_equal(wu_hub_list_get(&list), ERROR_SUCCESS);
}

static int tear_down(void **state)
{
    wu_hub_list_free(&list);
    list = (struct wu_hub_list){ 0 };
    return fake_sys_tear_down(state);
}

/* An xHCI with its two buses. */
static void add_xhci(void)
{
    fake_bus_add_pci(XHCI, "0x0c0330\n");
    fake_bus_add(1, XHCI, "480", 12);
    fake_bus_add(2, XHCI, "10000", 4);
}

static const struct fake_bus_device thing = { .vid = 0x1234, .pid = 0x5678, .speed = "12" };

static void assert_id(const struct wu_hub *hub, const char *wanted)
{
    const struct wu_node node = wu_node_of_hub(hub);
    char id[WU_NODE_ID_SIZE];

    wu_node_id(&node, id);
    assert_string_equal(id, wanted);
}

/* --- The tree -------------------------------------------------------------------------------- */

static void a_machine_without_usb_has_no_hubs(void **state)
{
    (void)state;

    look();

    assert_int_equal(list.count, 0);
}

static void each_bus_has_a_controller_and_a_root_hub(void **state)
{
    (void)state;
    add_xhci();

    look();

    assert_int_equal(list.count, 4);
    assert_int_equal(list.hubs[0].kind, WU_HUB_CONTROLLER);
    assert_id(&list.hubs[0], "PCI\\VEN_8086&DEV_1E31&SUBSYS_21F317AA&REV_04\\3&00000001&0&A0");
    assert_int_equal(list.hubs[1].kind, WU_HUB_ROOT);
    assert_id(&list.hubs[1], "USB\\ROOT_HUB20\\4&00000001&0&0");
    assert_int_equal(list.hubs[1].port_count, 12);
    assert_id(&list.hubs[2], "PCI\\VEN_8086&DEV_1E31&SUBSYS_21F317AA&REV_04\\3&00000002&0&A0");
    assert_id(&list.hubs[3], "USB\\ROOT_HUB30\\4&00000002&0&0");
    assert_int_equal(list.hubs[3].number, 2);
    assert_ptr_equal(wu_hub_above(&list.hubs[3]), &list.hubs[2]);
    assert_null(wu_hub_above(&list.hubs[2]));
}

static void a_controller_that_is_not_on_pci_has_its_name(void **state)
{
    (void)state;
    fake_bus_add(3, VHCI, "480", 8);
    fake_bus_add(4, VHCI, "5000", 8);
    fake_bus_add(5, "devices/platform/dummy hcd:odd", "12", 1);

    look();

    assert_int_equal(list.count, 6);
    assert_id(&list.hubs[0], "ROOT\\VHCI_HCD.0\\0003");
    assert_string_equal(list.hubs[0].way, "ROOT(VHCI_HCD.0)#USBROOT(0)");
    assert_string_equal(list.hubs[2].way, "ROOT(VHCI_HCD.0)#USBROOT(1)");
    assert_id(&list.hubs[4], "ROOT\\DUMMY_HCD_ODD\\0005");
    assert_id(&list.hubs[5], "USB\\ROOT_HUB\\4&00000005&0&0");
}

static void the_way_goes_by_bridges(void **state)
{
    (void)state;
    add_xhci();
    fake_bus_add_pci(BEHIND_A_BRIDGE, "0x0c0320\n");
    fake_bus_add(3, BEHIND_A_BRIDGE, "480", 2);

    look();

    assert_string_equal(list.hubs[1].way, "PCIROOT(0)#PCI(1400)#USBROOT(0)");
    assert_string_equal(list.hubs[3].way, "PCIROOT(0)#PCI(1400)#USBROOT(1)");
    assert_string_equal(list.hubs[5].way, "PCIROOT(0)#PCI(1C04)#PCI(0000)#USBROOT(0)");
}

/* More bridges than any machine has. */
static void too_long_a_way_is_that_of_a_name(void **state)
{
    char folder[256] = "devices/pci0000:00";

    (void)state;
    for (int i = 0; i < 15; i++)
        strcat(folder, "/0000:03:00.0");
    fake_bus_add_pci(folder, "0x0c0330\n");
    fake_bus_add(1, folder, "480", 2);

    look();

    assert_string_equal(list.hubs[0].way, "ROOT(0000_03_00.0)#USBROOT(0)");
}

static void hubs_hang_on_hubs(void **state)
{
    (void)state;
    add_xhci();
    fake_bus_plug_hub("1-4.2", 4);
    fake_bus_plug_hub("1-4", 7);
    fake_bus_plug("1-4.1", &thing);

    look();

    assert_int_equal(list.count, 6);
    assert_string_equal(list.hubs[2].port_path, "4");
    assert_string_equal(list.hubs[3].port_path, "4.2");
    assert_ptr_equal(wu_hub_above(&list.hubs[3]), &list.hubs[2]);
    assert_ptr_equal(wu_hub_above(&list.hubs[2]), &list.hubs[1]);
    assert_int_equal(list.hubs[2].port_count, 7);
    assert_int_equal(list.hubs[3].vid, 0x05E3);
    assert_int_equal(list.hubs[3].number, 128 + list.hubs[3].address);
    assert_string_equal(list.hubs[3].way, list.hubs[1].way);
}

static void seven_tiers_are_a_tree(void **state)
{
    char name[48] = "1-255";

    (void)state;
    add_xhci();
    for (int i = 0; i < 7; i++) {
        fake_bus_plug_hub(name, 255);
        strcat(name, ".255");
    }
    fake_bus_plug_hub(name, 255); /* deeper than there can be */

    look();

    assert_int_equal(list.count, 4 + 7);
    assert_string_equal(list.hubs[8].port_path, "255.255.255.255.255.255.255");
    for (const struct wu_hub *hub = &list.hubs[8]; hub; hub = wu_hub_above(hub))
        assert_int_equal(hub->bus, 1);
}

static void a_full_bus_is_listed(void **state)
{
    char name[16];

    (void)state;
    add_xhci();
    for (unsigned i = 2; i <= 127; i++) {
        snprintf(name, sizeof(name), "1-%u", i);
        fake_bus_plug_hub(name, 4);
    }

    look();

    assert_int_equal(list.count, 4 + 126);
}

static void a_hub_whose_parent_is_gone_is_left_out(void **state)
{
    (void)state;
    add_xhci();
    fake_bus_plug_hub("1-4.2", 4);
    fake_bus_plug_hub("1-4.2.1", 4);
    fake_bus_plug("1-4", &thing);
    fake_bus_plug_hub("9-1", 4);

    look();

    assert_int_equal(list.count, 4);
}

static void what_is_not_wholly_there_is_left_out(void **state)
{
    const char *const files[] = { "descriptors", "devnum", "bDeviceClass" };
    char name[16];

    (void)state;
    add_xhci();
    for (unsigned i = 0; i < 3; i++) {
        snprintf(name, sizeof(name), "1-%u", i + 1);
        fake_bus_plug_hub(name, 4);
        fake_bus_remove(name, files[i]);
    }
    fake_bus_plug_hub("1-4", 4);
    fake_bus_write_text("1-4", "devnum", "200\n");
    fake_bus_plug_hub("1-5", 4);
    fake_bus_write_text("1-5", "devnum", "much\n");
    fake_bus_plug_hub("1-6", 4);
    fake_bus_write("1-6", "descriptors", "\x12\x02", 2);
    fake_bus_remove("usb2", "descriptors");

    look();

    assert_int_equal(list.count, 2);
}

static void garbage_is_taken_for_nothing(void **state)
{
    (void)state;
    fake_bus_add_pci(XHCI, "what\n");
    fake_sys_write_text(XHCI "/revision", "0x04567\n");
    fake_sys_write_text(XHCI "/subsystem_vendor", "-1-----\n");
    fake_bus_add(1, XHCI, "unknown", 12);
    fake_bus_write_text("usb1", "maxchild", "70000\n");
    for (const char *const *name =
             (const char *const[]){ "1-0:1.0", "usb", "usbx", "1-", "-1", "1-1.", "1-1..2", "1-300",
                                    "0-1", "1-1:1.0", "12345-1", NULL };
         *name; name++)
        fake_bus_plug_hub(*name, 4);

    look();

    assert_int_equal(list.count, 2);
    assert_id(&list.hubs[0], "PCI\\VEN_8086&DEV_1E31&SUBSYS_21F30000&REV_00\\3&00000001&0&A0");
    assert_int_equal(list.hubs[1].port_count, 0);
}

static void a_pci_function_that_says_nothing_has_its_name(void **state)
{
    (void)state;
    fake_bus_add_pci(XHCI, "0x0c0330\n");
    fake_sys_remove(XHCI "/vendor");
    fake_bus_add(1, XHCI, "480", 12);

    look();

    assert_id(&list.hubs[0], "ROOT\\0000_00_14.0\\0001");
}

/* --- While devices come and go ---------------------------------------------------------------- */

enum { STAYS = 300 };

/* Puts one hub after the other at a port. */
static void *come_and_go(void *unused)
{
    for (unsigned i = 1; i <= STAYS; i++)
        fake_bus_replace("1-2", &(struct fake_bus_device){ .vid = i,
                                                           .pid = i,
                                                           .class_code = 9,
                                                           .speed = "480",
                                                           .ports = i % 200,
                                                           .address = 2 + i % 100 });
    return unused;
}

static void no_hub_is_half_of_one_and_half_of_another(void **state)
{
    unsigned seen = 0;
    pthread_t thread;

    (void)state;
    add_xhci();
    assert_int_equal(pthread_create(&thread, NULL, come_and_go, NULL), 0);

    while (seen < STAYS) {
        look();
        if (list.count == 4)
            continue;
        assert_int_equal(list.count, 5);
        assert_true(list.hubs[2].vid >= seen);
        seen = list.hubs[2].vid;
        assert_int_equal(list.hubs[2].pid, seen);
        assert_int_equal(list.hubs[2].address, 2 + seen % 100);
        assert_int_equal(list.hubs[2].port_count, seen % 200);
    }
    pthread_join(thread, NULL);
}

/* --- Finding --------------------------------------------------------------------------------- */

static void a_function_is_below_its_hub(void **state)
{
    struct wu_function function = { .bus = 1, .port_path = "4.2.1" };

    (void)state;
    add_xhci();
    fake_bus_plug_hub("1-4", 7);
    fake_bus_plug_hub("1-4.2", 7);
    look();

    assert_ptr_equal(wu_hub_list_above(&list, &function), &list.hubs[3]);
    strcpy(function.port_path, "4.2");
    assert_ptr_equal(wu_hub_list_above(&list, &function), &list.hubs[2]);
    strcpy(function.port_path, "42");
    assert_ptr_equal(wu_hub_list_above(&list, &function), &list.hubs[1]);
    strcpy(function.port_path, "42.1");
    assert_null(wu_hub_list_above(&list, &function));
    function.bus = 7;
    assert_null(wu_hub_list_above(&list, &function));
}

static void a_path_leads_to_its_hub(void **state)
{
    char path[WU_PATH_SIZE];

    (void)state;
    add_xhci();
    fake_bus_plug_hub("1-4", 7);
    look();

    for (size_t i = 0; i < list.count; i++) {
        wu_hub_path(&list.hubs[i], path);
        assert_ptr_equal(wu_hub_list_find(&list, path), &list.hubs[i]);
    }
    wu_hub_path(&list.hubs[1], path);
    assert_string_equal(path, "\\\\?\\usb#root_hub20#4&00000001&0&0"
                              "#{f18a0e88-c30c-11d0-8815-00a0c906bed8}");
    assert_non_null(wu_hub_list_find(&list, "\\??\\USB#Root_Hub20#4&00000001&0&0"
                                            "#{F18A0E88-C30C-11D0-8815-00A0C906BED8}"));
    wu_hub_path(&list.hubs[0], path);
    assert_string_equal(path, "\\\\?\\pci#ven_8086&dev_1e31&subsys_21f317aa&rev_04"
                              "#3&00000001&0&a0#{3abf6f2d-71c4-462a-8a92-1e6861e6af27}");
    memset(strrchr(path, '#') + 1, '0', 3); /* of any GUID: a hub has one interface */
    assert_ptr_equal(wu_hub_list_find(&list, path), &list.hubs[0]);
    strrchr(path, '#')[-1] = '1';
    assert_null(wu_hub_list_find(&list, path));
    assert_null(wu_hub_list_find(&list, ""));
    assert_null(wu_hub_list_find(&list, "\\\\?\\"));
    assert_null(wu_hub_list_find(&list, "usb#root_hub20#4&00000001&0&0"));
}

/* What is listed for a path is found by it, and has the same parents. */
static void only_what_is_meant_is_listed(void **state)
{
    const char *const names[] = { "1-1", "1-1.2", "1-1.2.3", "1-1.3", "1-2", "2-1", "2-1.2.3" };
    char path[WU_PATH_SIZE], above[WU_PATH_SIZE], same[WU_PATH_SIZE];

    (void)state;
    add_xhci();
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        fake_bus_plug_hub(names[i], 4);
    look();
    assert_int_equal(list.count, 4 + 6);

    for (size_t i = 0; i < list.count; i++) {
        struct wu_hub_list meant;
        const struct wu_hub *found;
        size_t depth = 0;

        wu_hub_path(&list.hubs[i], path);
        assert_int_equal(wu_hub_list_get_meant(path, &meant), ERROR_SUCCESS);
        found = wu_hub_list_find(&meant, path);
        for (const struct wu_hub *hub = &list.hubs[i]; hub; hub = wu_hub_above(hub)) {
            assert_non_null(found);
            wu_hub_path(hub, above);
            wu_hub_path(found, same);
            assert_string_equal(above, same);
            assert_string_equal(found->way, hub->way);
            depth += hub->kind == WU_HUB_EXTERNAL;
            found = wu_hub_above(found);
        }
        assert_null(found);
        assert_int_equal(meant.count, 4 + depth);
        wu_hub_list_free(&meant);
    }
}

static void nonsense_means_no_hub(void **state)
{
    const char *const paths[] = { "", "#", "##", "\\\\?\\usb#vid_05e3&pid_0608##{}", "no path" };

    (void)state;
    add_xhci();
    fake_bus_plug_hub("1-1", 4);
    for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
        struct wu_hub_list meant;

        assert_int_equal(wu_hub_list_get_meant(paths[i], &meant), ERROR_SUCCESS);
        assert_int_equal(meant.count, 4);
        assert_null(wu_hub_list_find(&meant, paths[i]));
        wu_hub_list_free(&meant);
    }
}

/* --- Facts ----------------------------------------------------------------------------------- */

static const char *tell(const struct wu_node *node, DWORD number)
{
    static struct wu_node_value value;

    assert_true(wu_node_tell(node, wu_node_fact_of_number(number), &value));
    return value.text;
}

static DWORD tell_number(const struct wu_node *node, DWORD number)
{
    struct wu_node_value value;

    assert_true(wu_node_tell(node, wu_node_fact_of_number(number), &value));
    return value.number;
}

static bool has(const struct wu_node *node, DWORD number)
{
    struct wu_node_value value;

    return wu_node_tell(node, wu_node_fact_of_number(number), &value);
}

static void each_kind_says_what_it_is(void **state)
{
    struct wu_node controller, root, hub;

    (void)state;
    add_xhci();
    fake_bus_plug_hub("1-4", 7);
    look();
    controller = wu_node_of_hub(&list.hubs[0]);
    root = wu_node_of_hub(&list.hubs[1]);
    hub = wu_node_of_hub(&list.hubs[2]);

    assert_string_equal(tell(&controller, 0x00), "USB xHCI Host Controller");
    assert_string_equal(tell(&controller, 0x01), "PCI\\VEN_8086&DEV_1E31&SUBSYS_21F317AA&REV_04");
    assert_string_equal(tell(&controller, 0x04), "USBXHCI");
    assert_string_equal(tell(&controller, 0x16), "PCI");
    assert_string_equal(tell(&controller, 0x0D), "PCI bus 0, device 20, function 0");
    assert_string_equal(tell(&controller, 0x23), "PCIROOT(0)#PCI(1400)");
    assert_int_equal(tell_number(&controller, 0x1C), 0x140000);
    assert_string_equal(tell(&root, 0x01), "USB\\ROOT_HUB20");
    assert_string_equal(tell(&root, 0x04), "usbhub");
    assert_string_equal(tell(&root, 0x16), "USB");
    assert_false(has(&root, 0x0D));
    assert_string_equal(tell(&root, 0x23), "PCIROOT(0)#PCI(1400)#USBROOT(0)");
    assert_int_equal(tell_number(&root, 0x1C), 0);
    assert_string_equal(tell(&hub, 0x01), "USB\\VID_05E3&PID_0608&REV_1234");
    assert_string_equal(tell(&hub, 0x0D), "Port_#0004.Hub_#0001");
    assert_string_equal(tell(&hub, 0x23), "PCIROOT(0)#PCI(1400)#USBROOT(0)#USB(4)");
    assert_int_equal(tell_number(&hub, 0x1C), 4);
    assert_int_equal(tell_number(&hub, 0x15), 1);
    assert_int_equal(tell_number(&hub, 0x22), 0);
    assert_string_equal(tell(&hub, 0x07), "USB");
    assert_string_equal(tell(&hub, 0x08), "{36fc9e60-c465-11cf-8056-444553540000}");
}

static void nodes_lead_up_to_the_controller(void **state)
{
    struct wu_function function = { .bus = 1,
                                    .address = 9,
                                    .port_path = "4.2",
                                    .composite = true,
                                    .vid = 0x1234,
                                    .pid = 0x5678,
                                    .first_interface = 2,
                                    .instance = "sn1" };
    struct wu_node node = { .kind = WU_NODE_FUNCTION, .function = &function };
    const enum wu_node_kind kinds[] = { WU_NODE_COMPOSITE, WU_NODE_HUB, WU_NODE_ROOT_HUB,
                                        WU_NODE_CONTROLLER };
    char number_of_hub[32];

    (void)state;
    add_xhci();
    fake_bus_plug_hub("1-4", 7);
    look();
    node.hub = wu_hub_list_above(&list, &function);
    snprintf(number_of_hub, sizeof(number_of_hub), "Port_#0002.Hub_#%04u", node.hub->number);

    assert_string_equal(tell(&node, 0x0D), number_of_hub);
    assert_string_equal(tell(&node, 0x23),
                        "PCIROOT(0)#PCI(1400)#USBROOT(0)#USB(4)#USB(2)#USBMI(2)");
    for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
        assert_true(wu_node_parent(&node, &node));
        assert_int_equal(node.kind, kinds[i]);
    }
    assert_false(wu_node_parent(&node, &node));
}

static void no_two_nodes_have_the_same_driver_or_id(void **state)
{
    char drivers[16][WU_NODE_TEXT_SIZE], ids[16][WU_NODE_ID_SIZE];

    (void)state;
    add_xhci();
    fake_bus_add(3, VHCI, "480", 8);
    fake_bus_add(4, VHCI, "5000", 8);
    fake_bus_plug_hub("1-4", 7);
    fake_bus_plug_hub("3-4", 7);
    fake_bus_plug_hub("1-4.4", 7);
    look();
    assert_int_equal(list.count, 11);

    for (size_t i = 0; i < list.count; i++) {
        const struct wu_node node = wu_node_of_hub(&list.hubs[i]);

        strcpy(drivers[i], tell(&node, 0x09));
        wu_node_id(&node, ids[i]);
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(drivers[i], drivers[j]);
            assert_string_not_equal(ids[i], ids[j]);
        }
    }
}

/* Each either has a text or none, and every one fits. */
static void all_facts_of_all_nodes_can_be_told(void **state)
{
    const struct wu_node_fact *fact;
    struct wu_node_value value;

    (void)state;
    add_xhci();
    fake_bus_add(3, VHCI, "480", 8);
    fake_bus_plug_hub("3-4", 7);
    look();

    for (size_t i = 0; i < list.count; i++) {
        const struct wu_node node = wu_node_of_hub(&list.hubs[i]);

        for (size_t j = 0; (fact = wu_node_fact_at(j)) != NULL; j++)
            if (wu_node_tell(&node, fact, &value) && fact->type != WU_NODE_NUMBER &&
                fact->type != WU_NODE_FLAG)
                assert_in_range(wu_node_texts_size(value.text), 3, WU_NODE_TEXT_SIZE);
    }
}

#define hub_test(test) cmocka_unit_test_setup_teardown(test, fake_sys_set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        hub_test(a_machine_without_usb_has_no_hubs),
        hub_test(each_bus_has_a_controller_and_a_root_hub),
        hub_test(a_controller_that_is_not_on_pci_has_its_name),
        hub_test(the_way_goes_by_bridges),
        hub_test(too_long_a_way_is_that_of_a_name),
        hub_test(hubs_hang_on_hubs),
        hub_test(seven_tiers_are_a_tree),
        hub_test(a_full_bus_is_listed),
        hub_test(a_hub_whose_parent_is_gone_is_left_out),
        hub_test(what_is_not_wholly_there_is_left_out),
        hub_test(garbage_is_taken_for_nothing),
        hub_test(a_pci_function_that_says_nothing_has_its_name),
        hub_test(no_hub_is_half_of_one_and_half_of_another),
        hub_test(a_function_is_below_its_hub),
        hub_test(a_path_leads_to_its_hub),
        hub_test(only_what_is_meant_is_listed),
        hub_test(nonsense_means_no_hub),
        hub_test(each_kind_says_what_it_is),
        hub_test(nodes_lead_up_to_the_controller),
        hub_test(no_two_nodes_have_the_same_driver_or_id),
        hub_test(all_facts_of_all_nodes_can_be_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
