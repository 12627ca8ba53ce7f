/* wine/foreign.c: whose hubs are in a prefix. */
#define _XOPEN_SOURCE 700

#include "cmocka_all.h"

#include "prefix_fixture.h"
#include "wine/foreign.h"

#define HUB "{f18a0e88-c30c-11d0-8815-00a0c906bed8}"
#define DEVICE "{a5dcbf10-6530-11d2-901f-00c04fb951ed}"

/* Writes system.reg, as it is but for single backslashes. */
static void set_registry(const char *text)
{
    prefix_run("printf '%%s' '%s' | sed 's/\\\\/&&/g' >prefix/system.reg", text);
}

#define INTERFACE(guid, node)                                                              \
    "[System\\ControlSet001\\Control\\DeviceClasses\\" guid "\\##?#USB#ROOT_HUB30#1#" guid \
    "] 17\n#time=1\n\"DeviceInstance\"=\"" node "\"\n\n"
#define NODE(name, value) \
    "[System\\ControlSet001\\Enum\\" name "] 17\n#time=1\n\"Service\"=\"x\"\n" value "\n\n"
#define MARK "\"OpenWinUSB\"=dword:00000001"

static void no_hub_is_nobodys(void **state)
{
    (void)state;
    assert_false(wu_foreign_has_hubs(fixture_prefix));
    set_registry(INTERFACE(DEVICE, "USB\\VID_1&PID_2\\1") NODE("USB\\VID_1&PID_2\\1", ""));
    assert_false(wu_foreign_has_hubs(fixture_prefix));
    prefix_run("rm prefix/system.reg");
    assert_false(wu_foreign_has_hubs(fixture_prefix));
}

static void ours_are_marked(void **state)
{
    (void)state;
    set_registry(INTERFACE(HUB, "USB\\ROOT_HUB30\\1") NODE("USB\\ROOT_HUB30\\1", MARK));
    assert_false(wu_foreign_has_hubs(fixture_prefix));
    set_registry(INTERFACE(HUB, "USB\\ROOT_HUB30\\1") NODE("usb\\root_hub30\\1", MARK));
    assert_false(wu_foreign_has_hubs(fixture_prefix));
}

static void others_are_not(void **state)
{
    (void)state;
    set_registry(INTERFACE(HUB, "USB\\ROOT_HUB30\\1") NODE("USB\\ROOT_HUB30\\1", ""));
    assert_true(wu_foreign_has_hubs(fixture_prefix));
    set_registry(INTERFACE(HUB, "USB\\ROOT_HUB30\\1") NODE("USB\\ROOT_HUB30\\10", MARK));
    assert_true(wu_foreign_has_hubs(fixture_prefix));
    set_registry(INTERFACE(HUB, "USB\\A\\1") INTERFACE(HUB, "USB\\B\\1") NODE("USB\\A\\1", MARK)
                     NODE("USB\\B\\1", ""));
    assert_true(wu_foreign_has_hubs(fixture_prefix));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        prefix_test(no_hub_is_nobodys),
        prefix_test(ours_are_marked),
        prefix_test(others_are_not),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
