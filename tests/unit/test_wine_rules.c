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

static struct wu_rules parse(const char *text)
{
    struct wu_rules rules;
    unsigned line;

    assert_int_equal(wu_rules_parse(text, &rules, &line), ERROR_SUCCESS);
    return rules;
}

/* Tells how many GUIDs the function is published under; 0: it is not. */
static unsigned count_wanted(const char *text, const struct wu_function *function)
{
    struct wu_rules rules = parse(text);
    struct wu_guids guids = { .count = 0 };
    const bool wanted = wu_rules_want(&rules, function, &guids);

    wu_rules_free(&rules);
    return wanted ? guids.count : 0;
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
        "publish",
        "publish x",
        ("hide 1-2 " ONE),
        "publish 1-2 {1}",
        "published 1-2",
        "publish 1-2 mi_xx",
        "publish 1-2 mi_00 mi_01",
        "publish * 1-2",
        "publish 1-2 mi_-2",
        "publish 1-2 mi_+2",
        "publish 1-2 mi_",
        "publish 1-2 mi_012",
        "publish 1-2 mi_0x",
        "publish 1-2 mi_-2 mi_00",
    };
    char text[128];
    struct wu_rules rules = { .count = 77 };
    unsigned line = 0;

    (void)state;
    for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++) {
        snprintf(text, sizeof(text), "hide *\n%s\n", examples[i]);
        assert_int_equal(wu_rules_parse(text, &rules, &line), ERROR_INVALID_DATA);
        assert_int_equal(line, 2);
        assert_int_equal(rules.count, 77);
    }
}

static void a_rule_has_as_many_guids_as_fit(void **state)
{
    char text[4096] = "publish 1-2";
    struct wu_rules rules;
    unsigned line = 0;

    (void)state;
    for (unsigned i = 0; i < WU_GUIDS_MAX; i++)
        sprintf(text + strlen(text), " {%08x-0000-0000-0000-000000000000}", i);
    rules = parse(text);
    assert_int_equal(rules.rules[0].guids.count, WU_GUIDS_MAX);
    wu_rules_free(&rules);

    strcat(text, " " ONE);
    assert_int_equal(wu_rules_parse(text, &rules, &line), ERROR_INVALID_DATA);
    assert_int_equal(line, 1);
}

/* --- Adding --------------------------------------------------------------------------------- */

/* Adds rules to others, and compares what is written, comments apart. */
static void assert_added(const char *before, const char *more, const char *after)
{
    struct wu_rules rules = parse(before), added = parse(more);
    char *text;

    assert_int_equal(wu_rules_add(&rules, &added), ERROR_SUCCESS);
    text = wu_rules_format(&rules);
    assert_string_equal(strchr(text, '\n') + 1, after);
    free(text);
    wu_rules_free(&added);
    wu_rules_free(&rules);
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
    assert_added("publish 1-3 " ONE "\npublish 1-2 mi_02 " ONE "\nhide 1-4\npublish 1-2 " ONE,
                 "publish 1-4\npublish 1-3 " TWO "\npublish 1-2 mi_02",
                 "publish 1-2 " ONE "\npublish 1-4\npublish 1-3 " TWO " " ONE
                 "\npublish 1-2 mi_02 " ONE "\n");
    assert_added("publish 1-2", "", "publish 1-2\n");
}

static void hiding_all_replaces_all_and_publishing_undoes_it(void **state)
{
    (void)state;
    assert_added("publish 1-2\nhide 1-3", "hide *", "hide *\n");
    assert_added("hide *\npublish 1-2", "publish *", "publish 1-2\n");
    assert_added("", "publish *", "");
    assert_added("hide *", "publish * " ONE, "publish * " ONE "\n");
}

static struct wu_rules many_rules(unsigned count)
{
    struct wu_rules rules = { calloc(count, sizeof(struct wu_rule)), count };

    assert_non_null(rules.rules);
    for (unsigned i = 0; i < count; i++) {
        sprintf(rules.rules[i].device, "1234:%04x", i);
        rules.rules[i].part = WU_ANY_PART;
    }
    return rules;
}

static void there_may_be_any_number_of_rules(void **state)
{
    enum { COUNT = 20000 };
    struct wu_rules rules = { .count = 0 }, many = many_rules(COUNT), again;
    char *text;

    (void)state;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(wu_rules_add(&rules, &many), ERROR_SUCCESS);
        assert_int_equal(rules.count, COUNT);
    }
    text = wu_rules_format(&rules);
    again = parse(text);
    assert_int_equal(again.count, COUNT);
    for (unsigned i = 0; i < COUNT; i++)
        assert_string_equal(again.rules[i].device, many.rules[i].device);

    free(text);
    wu_rules_free(&again);
    wu_rules_free(&many);
    wu_rules_free(&rules);
}

static void guids_that_do_not_fit_are_told(void **state)
{
    struct wu_rules rules = parse("publish 1-1\npublish 1-2 " ONE), more = many_rules(1);

    (void)state;
    strcpy(more.rules[0].device, "1-2");
    for (unsigned i = 0; i < WU_GUIDS_MAX; i++)
        wu_guids_add(&more.rules[0].guids, &(GUID){ .Data1 = i + 1 });

    assert_int_equal(wu_rules_add(&rules, &more), ERROR_MORE_DATA);
    assert_int_equal(rules.count, 2);
    assert_int_equal(rules.rules[1].guids.count, 1);
    wu_rules_free(&more);
    wu_rules_free(&rules);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_rules_free_functions_are_wanted),
        cmocka_unit_test(the_last_rule_that_fits_counts),
        cmocka_unit_test(a_part_means_that_part_alone),
        cmocka_unit_test(a_line_that_is_no_rule_is_named),
        cmocka_unit_test(a_rule_has_as_many_guids_as_fit),
        cmocka_unit_test(what_is_added_supersedes_what_was_said_of_the_device),
        cmocka_unit_test(hiding_all_replaces_all_and_publishing_undoes_it),
        cmocka_unit_test(there_may_be_any_number_of_rules),
        cmocka_unit_test(guids_that_do_not_fit_are_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
