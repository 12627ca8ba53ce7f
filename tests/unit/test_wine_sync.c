/* wine/sync.c: a prefix kept in step with the devices, with a registry that is a list. */
#define _XOPEN_SOURCE 700 /* mkdtemp */

#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "usb/usb_attributes.h"
#include "usb_fake.h"
#include "wine/links.h"
#include "wine/prefix.h"
#include "wine/registry.h"
#include "wine/sync.h"

#define GUID_USB "{a5dcbf10-6530-11d2-901f-00c04fb951ed}"
#define OWN "{11111111-2222-3333-4444-555555555555}"
#define DEVICE "usb#vid_1234&pid_0001#sn1"
#define NAME DEVICE "#" GUID_USB

/* A device of two functions, numbers 0 and 2. */
#define PARTS "usb#vid_1234&pid_0002#sn2"
#define PARTS_NAME PARTS "#" GUID_USB
#define GUID_WINUSB "{dee824ef-729b-4a0e-9c14-b7117d33a817}"
#define PART_0 "usb#vid_1234&pid_0002&mi_00#sn2"
#define PART_2 "usb#vid_1234&pid_0002&mi_02#sn2"

static char prefix[64];

/* --- The registry ----------------------------------------------------------------------------- */

static struct wu_links interfaces, devices; /* names */
static struct wu_links written;             /* devices, as often as they were, in that order */
static DWORD registry_error;

static DWORD add(struct wu_links *list, const char *name)
{
    if (registry_error == ERROR_SUCCESS && !wu_links_contain(list, name))
        assert_true(wu_links_add(list, name));
    return registry_error;
}

static DWORD remove_from(struct wu_links *list, const char *name)
{
    for (size_t i = list->count; registry_error == ERROR_SUCCESS && i-- > 0;)
        if (strcmp(list->links[i].name, name) == 0)
            list->links[i] = list->links[--list->count];
    return registry_error;
}

static bool in_place, has_foreign; /* what the registry says of nodes and hubs */

DWORD wu_registry_add_device(const struct wu_node *node, const struct wu_guids *guids)
{
    char device[WU_LINK_SIZE];

    assert_int_equal(guids != NULL, node->function != NULL);
    if (node->kind == WU_NODE_COMPOSITE)
        wu_link_name_of_composite(node->function, device);
    else if (node->function)
        wu_link_name(node->function, &guids->guid[0], device);
    else
        wu_link_name_of_hub(node->hub, device);
    wu_link_device(device, device);
    assert_true(wu_links_add(&written, device));
    in_place = true;
    return add(&devices, device);
}

bool wu_registry_is_in_place(const struct wu_node *node)
{
    (void)node;
    return in_place;
}

bool wu_registry_has_foreign(const GUID *guid)
{
    assert_true(wu_guid_equal(guid, &wu_guid_usb_hub));
    return has_foreign;
}

DWORD wu_registry_remove_device(const char *name)
{
    char device[WU_LINK_SIZE];

    wu_link_device(name, device);
    return remove_from(&devices, device);
}

DWORD wu_registry_add_interface(const char *name)
{
    return add(&interfaces, name);
}

DWORD wu_registry_remove_interface(const char *name)
{
    return remove_from(&interfaces, name);
}

bool wu_registry_has_interface(const char *name)
{
    return wu_links_contain(&interfaces, name);
}

/* --- Hubs ------------------------------------------------------------------------------------ */

/* A controller, its root hub, and a hub there. */
static struct wu_hub hubs[] = {
    { .kind = WU_HUB_CONTROLLER,
      .bus = 1,
      .speed = WU_USB_SPEED_HIGH,
      .controller.name = "vhci.0" },
    { .kind = WU_HUB_ROOT, .above = 1, .bus = 1, .address = 1, .speed = WU_USB_SPEED_HIGH },
    { .kind = WU_HUB_EXTERNAL,
      .above = 1,
      .bus = 1,
      .address = 2,
      .port_path = "1",
      .vid = 0x05E3,
      .pid = 0x0608 },
};

enum { HUBS = sizeof(hubs) / sizeof(*hubs) };

static size_t hub_count;            /* that are there */
static void (*after_devices)(void); /* done once, when devices have been listed and hubs have not */

DWORD wu_hub_list_get(struct wu_hub_list *list_out)
{
    void (*const change)(void) = after_devices;

    after_devices = NULL;
    if (change)
        change();
    list_out->count = hub_count;
    list_out->hubs = calloc(hub_count + 1, sizeof(*hubs));
    assert_non_null(list_out->hubs);
    memcpy(list_out->hubs, hubs, hub_count * sizeof(*hubs));
    return ERROR_SUCCESS;
}

/* --- The prefix ------------------------------------------------------------------------------ */

static const unsigned char configuration[] = { 9, 2, 18, 0, 1, 1,    0, 0x80, 50,
                                               9, 4, 0,  0, 0, 0xFF, 1, 2,    0 };
static unsigned published, withdrawn, failures;

static void tell(enum wu_sync_event event, const char *name, const char *why)
{
    assert_non_null(name);
    assert_int_equal(why != NULL, event == WU_SYNC_FAILED);
    published += event == WU_SYNC_PUBLISHED;
    withdrawn += event == WU_SYNC_WITHDRAWN;
    failures += event == WU_SYNC_FAILED;
}

static bool sync_once(void)
{
    published = withdrawn = failures = 0;
    return wu_sync(prefix, 0, tell);
}

static struct fake_usb_device *plug(void)
{
    struct fake_usb_device *device =
        fake_usb_add(1, 0x1234, 0x0001, configuration, sizeof(configuration));

    device->texts[WU_USB_SERIAL] = "SN1";
    return device;
}

static const unsigned char two_functions[] = { 9,    2, 27, 0, 2, 1, 0, 0x80, 50, 9,    4, 0, 0, 0,
                                               0xFF, 1, 2,  0, 9, 4, 2, 0,    0,  0xFF, 1, 2, 0 };

static struct fake_usb_device *plug_composite(void)
{
    struct fake_usb_device *device =
        fake_usb_add(2, 0x1234, 0x0002, two_functions, sizeof(two_functions));

    device->texts[WU_USB_SERIAL] = "SN2";
    return device;
}

static void set_rules(const char *text)
{
    assert_true(wu_prefix_make_folder(prefix));
    assert_true(wu_prefix_write(prefix, WU_PREFIX_RULES, text));
}

static size_t count_links(void)
{
    struct wu_links links;
    size_t count;

    assert_true(wu_links_get(prefix, &links));
    count = links.count;
    wu_links_free(&links);
    return count;
}

static int set_up(void **state)
{
    char path[128];

    (void)state;
    fake_usb_reset();
    registry_error = ERROR_SUCCESS;
    in_place = true;
    has_foreign = false;
    hub_count = 0;
    after_devices = NULL;
    hubs[HUBS - 1].address = 2;
    wu_links_free(&interfaces);
    wu_links_free(&devices);
    wu_links_free(&written);
    strcpy(prefix, "/tmp/test_wine.XXXXXX");
    if (!mkdtemp(prefix))
        return -1;
    snprintf(path, sizeof(path), "%s/dosdevices", prefix);
    return mkdir(path, 0777);
}

static int tear_down(void **state)
{
    char command[128];

    (void)state;
    snprintf(command, sizeof(command), "rm -r %s", prefix);
    return system(command);
}

/* --- Tests ----------------------------------------------------------------------------------- */

static void a_device_is_published_once(void **state)
{
    (void)state;
    plug();

    assert_true(sync_once());
    assert_int_equal(published, 1);
    assert_true(wu_links_contain(&interfaces, NAME) && wu_links_contain(&devices, DEVICE));
    assert_int_equal(count_links(), 1);

    assert_true(sync_once());
    assert_int_equal(published + withdrawn, 0);
}

static void a_device_that_is_gone_is_withdrawn(void **state)
{
    (void)state;
    plug();
    assert_true(sync_once());
    fake_usb_reset();

    assert_true(sync_once());

    assert_int_equal(withdrawn, 1);
    assert_int_equal(interfaces.count + devices.count + count_links(), 0);
}

static void a_device_that_has_come_back_is_published_anew(void **state)
{
    struct fake_usb_device *device = plug();

    (void)state;
    assert_true(sync_once());
    device->info.address++;

    assert_true(sync_once());
    assert_int_equal(withdrawn, 1);
    assert_int_equal(published, 1);
    assert_true(wu_link_leads_to_token(prefix, NAME));
    assert_true(wu_links_contain(&interfaces, NAME) && wu_links_contain(&devices, DEVICE));

    assert_true(sync_once());
    assert_int_equal(withdrawn + published, 0);
}

static void a_rule_adds_guids_and_its_end_takes_them(void **state)
{
    (void)state;
    plug();
    set_rules("publish 1234:0001 " OWN "\n");
    assert_true(sync_once());
    assert_int_equal(published, 2);

    set_rules("");
    assert_true(sync_once());

    assert_int_equal(withdrawn, 1);
    assert_true(wu_links_contain(&interfaces, NAME) && wu_links_contain(&devices, DEVICE));
    assert_int_equal(interfaces.count, 1);
}

static void what_a_driver_has_is_published_by_name_alone(void **state)
{
    (void)state;
    plug()->driver = "usbhid";

    assert_true(sync_once());
    assert_int_equal(published, 0);

    set_rules("publish 1234:0001\n");
    assert_true(sync_once());
    assert_int_equal(published, 1);
}

/* It is not asked what it says, by a process that does not know. */
static void what_a_program_has_in_use_stays_as_it_is(void **state)
{
    struct fake_usb_device *device = plug();

    (void)state;
    set_rules("publish 1234:0001 " OWN "\n");
    assert_true(sync_once());
    assert_int_equal(published, 2);

    set_rules("");
    device->driver = "usbfs";
    device->stay++;
    assert_true(sync_once());
    assert_int_equal(withdrawn, 0);

    set_rules("hide 1234:0001\n");
    assert_true(sync_once());
    assert_int_equal(withdrawn, 2);
}

static void what_the_registry_has_lost_is_published_again(void **state)
{
    (void)state;
    plug();
    assert_true(sync_once());
    assert_false(wu_sync_is_due(prefix));
    interfaces.count = 0;

    assert_true(wu_sync_is_due(prefix));
    assert_true(sync_once());

    assert_int_equal(published, 1);
    assert_int_equal(interfaces.count, 1);
}

static void it_is_due_until_it_has_succeeded(void **state)
{
    (void)state;
    plug();
    assert_true(wu_sync_is_due(prefix));
    registry_error = ERROR_ACCESS_DENIED;
    assert_false(sync_once());
    assert_int_equal(failures, 1);
    assert_int_equal(published, 0);
    assert_true(wu_sync_is_due(prefix));

    registry_error = ERROR_SUCCESS;
    assert_true(sync_once());
    assert_false(wu_sync_is_due(prefix));

    set_rules("hide *\n");
    assert_true(wu_sync_is_due(prefix));
}

static void what_goes_while_it_looks_does_not_stay(void **state)
{
    (void)state;
    plug();
    after_devices = fake_usb_reset;
    assert_true(sync_once());
    assert_int_equal(published, 1);
    assert_int_equal(withdrawn, 1);
    assert_int_equal(count_links(), 0);
    assert_false(wu_sync_is_due(prefix));
}

static void a_withdrawal_that_fails_is_made_up_for(void **state)
{
    (void)state;
    plug();
    assert_true(sync_once());
    fake_usb_reset();
    registry_error = ERROR_ACCESS_DENIED;
    assert_false(sync_once());
    assert_int_equal(count_links(), 1);

    registry_error = ERROR_SUCCESS;
    assert_true(sync_once());

    assert_int_equal(interfaces.count + devices.count + count_links(), 0);
}

static bool have_hub(const struct wu_hub *hub)
{
    char name[WU_LINK_SIZE], device[WU_LINK_SIZE];

    wu_link_name_of_hub(hub, name);
    wu_link_device(name, device);
    return wu_links_contain(&interfaces, name) && wu_links_contain(&devices, device) &&
           wu_link_leads_to_token(prefix, name);
}

static void hubs_are_published_and_withdrawn(void **state)
{
    (void)state;
    hub_count = HUBS;
    assert_true(sync_once());
    assert_int_equal(published, HUBS);
    for (int i = 0; i < HUBS; i++)
        assert_true(have_hub(&hubs[i]));
    assert_int_equal(count_links(), HUBS);
    assert_true(sync_once());
    assert_int_equal(published + withdrawn, 0);

    hub_count--;
    assert_true(sync_once());
    assert_int_equal(withdrawn, 1);
    assert_false(have_hub(&hubs[HUBS - 1]));
    assert_int_equal(count_links(), HUBS - 1);
}

static void a_hub_that_has_come_back_is_published_anew(void **state)
{
    (void)state;
    hub_count = HUBS;
    assert_true(sync_once());
    hubs[HUBS - 1].address = 7;

    assert_true(sync_once());

    assert_int_equal(withdrawn, 1);
    assert_int_equal(published, 1);
    assert_true(have_hub(&hubs[HUBS - 1]));
}

static void rules_hide_hubs(void **state)
{
    (void)state;
    hub_count = HUBS;
    plug();
    set_rules("hide hubs\n");
    assert_true(sync_once());
    assert_int_equal(published, 1);

    set_rules("hide hubs\npublish hubs\n");
    assert_true(sync_once());
    assert_int_equal(published, HUBS);

    set_rules("hide *\n");
    assert_true(sync_once());
    assert_int_equal(withdrawn, HUBS + 1);
    assert_int_equal(count_links(), 0);

    set_rules("hide *\npublish hubs\n");
    assert_true(sync_once());
    assert_int_equal(published, HUBS);
}

static void where_another_has_hubs_there_are_none_of_ours(void **state)
{
    (void)state;
    hub_count = HUBS;
    has_foreign = true;
    plug();

    assert_true(sync_once());

    assert_int_equal(published, 1);
    assert_true(wu_links_contain(&interfaces, NAME));
}

/* --- Composite devices ----------------------------------------------------------------------- */

static bool have(const char *device, const char *guid)
{
    char name[WU_LINK_SIZE];

    snprintf(name, sizeof(name), "%s#%s", device, guid);
    return wu_links_contain(&interfaces, name) && wu_links_contain(&devices, device) &&
           wu_link_leads_to_token(prefix, name);
}

static void without_hubs_functions_are_usb_devices(void **state)
{
    (void)state;
    plug_composite();

    assert_true(sync_once());

    assert_int_equal(published, 2);
    assert_true(have(PART_0, GUID_USB) && have(PART_2, GUID_USB));
}

static void with_hubs_the_composite_device_is_one(void **state)
{
    (void)state;
    hub_count = HUBS;
    plug_composite();
    set_rules("publish 1234:0002 mi_02 " OWN "\n");

    assert_true(sync_once());

    assert_int_equal(published, HUBS + 4);
    assert_true(have(PARTS, GUID_USB) && have(PART_0, GUID_WINUSB) && have(PART_2, GUID_WINUSB));
    assert_true(have(PART_2, OWN));
    assert_int_equal(interfaces.count, HUBS + 4);
    assert_string_equal(written.links[HUBS].name, PARTS);
    assert_true(sync_once());
    assert_int_equal(published + withdrawn, 0);
}

static void a_rule_may_give_functions_the_guid_of_usb_devices(void **state)
{
    (void)state;
    hub_count = HUBS;
    plug_composite();
    set_rules("publish 1234:0002 mi_00 " GUID_USB "\n");

    assert_true(sync_once());

    assert_true(have(PARTS, GUID_USB) && have(PART_0, GUID_USB) && !have(PART_2, GUID_USB));
    assert_true(sync_once());
    assert_int_equal(published + withdrawn, 0);
}

static void a_composite_device_goes_with_its_last_function(void **state)
{
    (void)state;
    hub_count = HUBS;
    plug_composite();
    assert_true(sync_once());

    set_rules("hide 1234:0002 mi_00\n");
    assert_true(sync_once());
    assert_int_equal(withdrawn, 1);
    assert_true(have(PARTS, GUID_USB) && have(PART_2, GUID_WINUSB));

    set_rules("hide 1234:0002\n");
    assert_true(sync_once());
    assert_int_equal(withdrawn, 2);
    assert_int_equal(interfaces.count, HUBS);
    assert_int_equal(count_links(), HUBS);
}

static void a_composite_device_that_has_come_back_is_published_anew(void **state)
{
    struct fake_usb_device *device = plug_composite();

    (void)state;
    hub_count = HUBS;
    assert_true(sync_once());
    device->info.address++;

    assert_true(sync_once());

    assert_int_equal(withdrawn, 3);
    assert_int_equal(published, 3);
    assert_true(have(PARTS, GUID_USB) && have(PART_0, GUID_WINUSB) && have(PART_2, GUID_WINUSB));
}

/* All that is said of functions is said anew, also where an interface of theirs stays. */
static void functions_change_with_the_hubs(void **state)
{
    (void)state;
    plug_composite();
    set_rules("publish 1234:0002 " GUID_WINUSB "\n");
    assert_true(sync_once());
    assert_int_equal(published, 4);

    hub_count = HUBS;
    wu_links_free(&written);
    assert_true(sync_once());
    assert_int_equal(withdrawn, 2);
    assert_true(have(PARTS, GUID_USB) && have(PART_0, GUID_WINUSB) && have(PART_2, GUID_WINUSB));
    assert_true(wu_links_contain(&written, PART_0) && wu_links_contain(&written, PART_2));
    assert_true(sync_once());
    assert_int_equal(published + withdrawn, 0);

    set_rules("hide hubs\npublish 1234:0002 " GUID_WINUSB "\n");
    assert_true(sync_once());
    assert_true(have(PART_0, GUID_USB) && have(PART_2, GUID_USB) && have(PART_2, GUID_WINUSB));
    assert_int_equal(interfaces.count, 4);
    assert_int_equal(devices.count, 2);
}

/* What it names is not known again: what it is published under stays, but for what depends on the
 * tree. */
static void a_composite_device_in_use_changes_with_the_hubs(void **state)
{
    struct fake_usb_device *device = plug_composite();

    (void)state;
    set_rules("publish 1234:0002 " OWN "\n");
    assert_true(sync_once());

    set_rules("");
    hub_count = HUBS;
    device->driver = "usbfs";
    device->stay++;
    assert_true(sync_once());

    assert_true(have(PARTS, GUID_USB) && have(PART_0, OWN) && have(PART_0, GUID_WINUSB));
    assert_false(have(PART_0, GUID_USB));
}

/* As when the hubs above it have come or gone. */
static void what_is_elsewhere_in_the_tree_is_published_again(void **state)
{
    (void)state;
    plug();
    assert_true(sync_once());
    in_place = false;

    assert_true(sync_once());

    assert_int_equal(published, 1);
}

static void wrong_rules_change_nothing(void **state)
{
    (void)state;
    plug();
    assert_true(sync_once());
    set_rules("nonsense\n");

    assert_false(sync_once());

    assert_int_equal(failures, 1);
    assert_int_equal(count_links(), 1);
}

static void who_finds_it_locked_leaves_it_to_the_other(void **state)
{
    int lock;

    (void)state;
    plug();
    assert_true(wu_prefix_make_folder(prefix));
    lock = wu_prefix_lock(prefix, 0);

    assert_false(sync_once());
    assert_int_equal(count_links(), 0);

    wu_prefix_unlock(lock);
    assert_true(sync_once());
}

static void without_a_prefix_it_fails(void **state)
{
    (void)state;
    failures = 0;
    assert_false(wu_sync("/nonexistent", 0, tell));
    assert_int_equal(failures, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_device_is_published_once),
        TEST(a_device_that_is_gone_is_withdrawn),
        TEST(a_device_that_has_come_back_is_published_anew),
        TEST(a_rule_adds_guids_and_its_end_takes_them),
        TEST(what_a_driver_has_is_published_by_name_alone),
        TEST(what_a_program_has_in_use_stays_as_it_is),
        TEST(what_the_registry_has_lost_is_published_again),
        TEST(it_is_due_until_it_has_succeeded),
        TEST(what_goes_while_it_looks_does_not_stay),
        TEST(a_withdrawal_that_fails_is_made_up_for),
        TEST(hubs_are_published_and_withdrawn),
        TEST(a_hub_that_has_come_back_is_published_anew),
        TEST(rules_hide_hubs),
        TEST(where_another_has_hubs_there_are_none_of_ours),
        TEST(without_hubs_functions_are_usb_devices),
        TEST(with_hubs_the_composite_device_is_one),
        TEST(a_rule_may_give_functions_the_guid_of_usb_devices),
        TEST(a_composite_device_goes_with_its_last_function),
        TEST(a_composite_device_that_has_come_back_is_published_anew),
        TEST(functions_change_with_the_hubs),
        TEST(a_composite_device_in_use_changes_with_the_hubs),
        TEST(what_is_elsewhere_in_the_tree_is_published_again),
        TEST(wrong_rules_change_nothing),
        TEST(who_finds_it_locked_leaves_it_to_the_other),
        TEST(without_a_prefix_it_fails),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
