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

static char prefix[64];

/* --- The registry ----------------------------------------------------------------------------- */

static struct wu_links interfaces, devices; /* names */
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

DWORD wu_registry_add_device(const struct wu_function *function, const struct wu_guids *guids)
{
    char device[WU_LINK_SIZE];

    assert_true(guids->count > 0);
    wu_link_name(function, &guids->guid[0], device);
    wu_link_device(device, device);
    return add(&devices, device);
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
    wu_links_free(&interfaces);
    wu_links_free(&devices);
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
        TEST(a_withdrawal_that_fails_is_made_up_for),
        TEST(wrong_rules_change_nothing),
        TEST(who_finds_it_locked_leaves_it_to_the_other),
        TEST(without_a_prefix_it_fails),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
