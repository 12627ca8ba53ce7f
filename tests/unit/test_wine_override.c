/* wine/override.c: which winusb.dll Wine is told to load. */
#define _XOPEN_SOURCE 700

#include "cmocka_all.h"

#include "prefix_fixture.h"
#include "wine/override.h"
#include "wine/prefix.h"

static struct wu_override override;

static enum wu_override_way way(const char *environment)
{
    wu_override_get(fixture_prefix, environment, &override);
    return override.way;
}

/* Each backslash becomes the two that user.reg has. */
static void set_registry(const char *section, const char *lines)
{
    prefix_run(
        "printf 'WINE REGISTRY Version 2\\n\\n[%%s] 1796063148\\n#time=1dd80f9d0c9ade0\\n%%b\\n"
        "[Software\\\\\\\\Other] 1\\n\"winusb\"=\"\"\\n' \"$(printf '%%s' '%s' | sed "
        "'s/\\\\/&&/g')\" '%s' "
        ">prefix/user.reg",
        section, lines);
}

static const char overrides[] = "Software\\Wine\\DllOverrides";

static void the_environment_names_a_way(void **state)
{
    static const struct {
        const char *environment;
        enum wu_override_way way;
    } examples[] = {
        { "winusb=", WU_OVERRIDE_DISABLED },
        { "winusb=n", WU_OVERRIDE_NATIVE },
        { "winusb=n,b", WU_OVERRIDE_NATIVE },
        { "winusb=b,n", WU_OVERRIDE_BUILTIN },
        { "winusb=native", WU_OVERRIDE_NATIVE },
        { "a=n,b;winusb=d", WU_OVERRIDE_DISABLED },
        { "hid,winusb=;a=n", WU_OVERRIDE_DISABLED },
        { "winusb.dll=", WU_OVERRIDE_DISABLED },
        { "winusbx=", WU_OVERRIDE_NONE },
        { "winusb=n,b;other=", WU_OVERRIDE_NATIVE },
        { "WinUSB=b", WU_OVERRIDE_BUILTIN },
        { "*winusb=b", WU_OVERRIDE_BUILTIN },
        { "winusb", WU_OVERRIDE_NONE },
        { ";;=;", WU_OVERRIDE_NONE },
        { "", WU_OVERRIDE_NONE },
        { NULL, WU_OVERRIDE_NONE },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++)
        assert_int_equal(way(examples[i].environment), examples[i].way);
}

static void so_does_the_registry(void **state)
{
    (void)state;
    set_registry("Software\\Other", "\"winusb\"=\"builtin\"");
    assert_int_equal(way(NULL), WU_OVERRIDE_NONE);
    set_registry(overrides, "\"winusb\"=\"native,builtin\"");
    assert_int_equal(way(NULL), WU_OVERRIDE_NATIVE);
    assert_string_equal(override.value, "native,builtin");
    set_registry(overrides, "\"*winusb.dll\"=\"\"");
    assert_int_equal(way(NULL), WU_OVERRIDE_DISABLED);
    set_registry(overrides, "\"hid\"=\"\"");
    assert_int_equal(way(NULL), WU_OVERRIDE_NONE);
}

static void the_environment_goes_before_the_registry(void **state)
{
    (void)state;
    set_registry(overrides, "\"winusb\"=\"native\"");
    assert_int_equal(way("winusb=b"), WU_OVERRIDE_BUILTIN);
    assert_true(override.by_environment);
    assert_int_equal(way("other=b"), WU_OVERRIDE_NATIVE);
    assert_false(override.by_environment);
}

static void the_plain_name_goes_before_that_with_an_asterisk(void **state)
{
    (void)state;
    set_registry(overrides, "\"*winusb\"=\"\"\\n\"winusb\"=\"native\"");
    assert_int_equal(way(NULL), WU_OVERRIDE_NATIVE);
    assert_int_equal(way("*winusb=b"), WU_OVERRIDE_NATIVE);
}

static void a_program_may_have_a_way_of_its_own(void **state)
{
    (void)state;
    set_registry("Software\\Wine\\AppDefaults\\flash.exe\\DllOverrides", "\"winusb\"=\"builtin\"");
    assert_int_equal(way(NULL), WU_OVERRIDE_NONE);
    assert_string_equal(override.program, "flash.exe");
    set_registry("Software\\Wine\\AppDefaults\\flash.exe\\DllOverrides", "\"winusb\"=\"native\"");
    way(NULL);
    assert_string_equal(override.program, "");
    set_registry("Software\\Somebody\\AppDefaults\\flash.exe\\DllOverrides",
                 "\"winusb\"=\"builtin\"");
    way(NULL);
    assert_string_equal(override.program, "");
    set_registry("Software\\Wine\\AppDefaults\\flash.exe\\Direct3D", "\"winusb\"=\"builtin\"");
    way(NULL);
    assert_string_equal(override.program, "");
}

/* Wine's server writes user.reg when it comes to it. */
static void what_was_set_holds_until_the_registry_is_written(void **state)
{
    (void)state;
    assert_true(wu_prefix_make_folder(fixture_prefix));
    set_registry(overrides, "\"winusb\"=\"builtin\"");
    prefix_run("touch -d '1 minute ago' prefix/user.reg");
    assert_false(wu_override_is_noted(fixture_prefix));

    assert_true(wu_override_note(fixture_prefix));
    assert_true(wu_override_is_noted(fixture_prefix));
    prefix_start_server("wine");
    assert_int_equal(way(NULL), WU_OVERRIDE_NATIVE);
    assert_string_equal(override.value, WU_OVERRIDE);

    prefix_end_server(); /* which could not write it */
    assert_int_equal(way(NULL), WU_OVERRIDE_BUILTIN);
    assert_true(wu_override_is_noted(fixture_prefix));
    prefix_run("touch -d '1 minute' prefix/user.reg");
    assert_int_equal(way(NULL), WU_OVERRIDE_BUILTIN);
    assert_true(wu_override_forget(fixture_prefix));
    assert_false(wu_override_is_noted(fixture_prefix));
}

static void a_key_of_ours_is_a_note_as_well(void **state)
{
    (void)state;
    set_registry("Software\\OpenWinUSB", "");
    assert_true(wu_override_is_noted(fixture_prefix));
    set_registry("Software\\OpenWinUSB2", "");
    assert_false(wu_override_is_noted(fixture_prefix));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        prefix_test(the_environment_names_a_way),
        prefix_test(so_does_the_registry),
        prefix_test(the_environment_goes_before_the_registry),
        prefix_test(the_plain_name_goes_before_that_with_an_asterisk),
        prefix_test(a_program_may_have_a_way_of_its_own),
        prefix_test(what_was_set_holds_until_the_registry_is_written),
        prefix_test(a_key_of_ours_is_a_note_as_well),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
