/* wine/rules.c: what the user wants to be published. */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wine/rules.h"

#define ONE "{11111111-2222-3333-4444-555555555555}"
#define TWO "{22222222-2222-3333-4444-555555555555}"

static struct wu_function function_of(unsigned short pid, const char *driver, DWORD access)
{
    struct wu_function function = {
        .bus = 1, .port_path = "2", .vid = 0x1234, .pid = pid, .access = access
    };

    strcpy(function.driver, driver);
    wu_guids_add(&function.guids, &wu_guid_usb_device);
    return function;
}

/* Tells how many GUIDs the function is published under; 0: it is not. */
static unsigned count_wanted(const char *text, const struct wu_function *function)
{
    struct wu_rules rules;
    struct wu_guids guids = { .count = 0 };

    assert_int_equal(wu_rules_parse(text, &rules), 0);
    return wu_rules_want(&rules, function, &guids) ? guids.count : 0;
}

static void without_rules_free_functions_are_wanted(void **state)
{
    const struct wu_function idle = function_of(1, "", 0), driven = function_of(1, "usbhid", 0),
                             closed = function_of(1, "", ERROR_ACCESS_DENIED);

    (void)state;
    assert_int_equal(count_wanted("", &idle), 1);
    assert_int_equal(count_wanted("", &driven), 0);
    assert_int_equal(count_wanted("", &closed), 0);
}

static void the_last_rule_that_fits_counts(void **state)
{
    static const struct {
        const char *text;
        unsigned idle, driven; /* how many GUIDs */
    } examples[] = {
        { "hide *", 0, 0 },
        { "publish *", 1, 0 },
        { "publish * " ONE, 2, 0 },
        { "publish 1-2", 1, 1 },
        { "publish 1234:0001 " ONE " " TWO, 3, 3 },
        { "publish 1234:0002", 1, 0 },
        { "hide 1-2\npublish 1234:0001 " ONE, 2, 2 },
        { "publish 1-2 " ONE "\nhide *", 0, 0 },
        { "publish 1-2 " ONE "\npublish * " TWO, 3, 3 },
        { "hide *\npublish 1-2", 1, 1 },
        { "publish 1-2 " ONE "\nhide 1-2\npublish *", 1, 0 },
        { "publish 1-2 mi_00 " ONE, 2, 2 },
        { "publish 1-2 mi_02 " ONE, 1, 0 },
        { "# words\n\n  publish\t1-2 \r\n", 1, 1 },
    };
    const struct wu_function idle = function_of(1, "", 0), driven = function_of(1, "usbhid", 0);

    (void)state;
    for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++) {
        assert_int_equal(count_wanted(examples[i].text, &idle), examples[i].idle);
        assert_int_equal(count_wanted(examples[i].text, &driven), examples[i].driven);
    }
}

static void a_part_means_that_part_alone(void **state)
{
    struct wu_function part = function_of(1, "usbhid", 0);

    (void)state;
    part.composite = true;
    part.first_interface = 2;

    assert_int_equal(count_wanted("publish 1-2 mi_02", &part), 1);
    assert_int_equal(count_wanted("publish 1-2 mi_00", &part), 0);
    assert_int_equal(count_wanted("publish 1-2", &part), 1);
}

static void a_line_that_is_no_rule_is_named(void **state)
{
    static const char *const examples[] = {
        "publish",       "publish x",         ("hide 1-2 " ONE),         "publish 1-2 {1}",
        "published 1-2", "publish 1-2 mi_xx", "publish 1-2 mi_00 mi_01", "publish * 1-2",
    };
    char text[128];
    struct wu_rules rules;

    (void)state;
    for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++) {
        snprintf(text, sizeof(text), "hide *\n%s\n", examples[i]);
        assert_int_equal(wu_rules_parse(text, &rules), 2);
    }
}

/* --- Adding --------------------------------------------------------------------------------- */

static struct wu_rule rule_of(const char *text)
{
    struct wu_rules rules;

    assert_int_equal(wu_rules_parse(text, &rules), 0);
    assert_int_equal(rules.count, 1);
    return rules.rules[0];
}

/* Adds a rule to others, and compares what is written, comments apart. */
static void assert_added(const char *before, const char *rule_text, const char *after)
{
    const struct wu_rule rule = rule_of(rule_text);
    struct wu_rules rules;
    char *text;

    assert_int_equal(wu_rules_parse(before, &rules), 0);
    assert_true(wu_rules_add(&rules, &rule));
    text = wu_rules_format(&rules);
    assert_string_equal(strchr(text, '\n') + 1, after);
    free(text);
}

static void what_is_added_supersedes_what_was_said_of_the_device(void **state)
{
    (void)state;
    assert_added("", "publish 1-2", "publish 1-2\n");
    assert_added("publish 1-2", "publish 1-2", "publish 1-2\n");
    assert_added("publish 1-2 " ONE, "publish 1-2 " TWO, "publish 1-2 " TWO " " ONE "\n");
    assert_added("publish 1-2 " ONE, "hide 1-2", "hide 1-2\n");
    assert_added("publish 1-2 mi_02", "publish 1-2", "publish 1-2 mi_02\npublish 1-2\n");
    assert_added("publish 1234:ABCD", "hide 1234:abcd", "hide 1234:abcd\n");
}

static void hiding_all_replaces_all_and_publishing_undoes_it(void **state)
{
    (void)state;
    assert_added("publish 1-2\nhide 1-3", "hide *", "hide *\n");
    assert_added("hide *\npublish 1-2", "publish *", "publish 1-2\n");
    assert_added("", "publish *", "");
    assert_added("hide *", "publish * " ONE, "publish * " ONE "\n");
}

static void one_rule_too_many_is_refused(void **state)
{
    struct wu_rules rules = { .count = 0 };
    struct wu_rule rule = { .part = WU_ANY_PART };

    (void)state;
    for (unsigned i = 0; i < WU_RULES_MAX; i++) {
        snprintf(rule.device, sizeof(rule.device), "1-%u", i);
        assert_true(wu_rules_add(&rules, &rule));
    }

    strcpy(rule.device, "2-1");
    assert_false(wu_rules_add(&rules, &rule));
    strcpy(rule.device, "1-1");
    assert_true(wu_rules_add(&rules, &rule));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_rules_free_functions_are_wanted),
        cmocka_unit_test(the_last_rule_that_fits_counts),
        cmocka_unit_test(a_part_means_that_part_alone),
        cmocka_unit_test(a_line_that_is_no_rule_is_named),
        cmocka_unit_test(what_is_added_supersedes_what_was_said_of_the_device),
        cmocka_unit_test(hiding_all_replaces_all_and_publishing_undoes_it),
        cmocka_unit_test(one_rule_too_many_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
