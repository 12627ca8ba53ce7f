/* wine/inf*.c, wine/rules.c while memory runs out: it is told, outputs are untouched, and all that
 * was taken is given back. */
#include "cmocka_all.h"

#include <string.h>

#include "failing_memory.h"
#include "inf_pieces.h"
#include "wine/inf.h"
#include "wine/rules.h"

/* Lets each allocation fail in turn, until there is none more. */
static void assert_told(DWORD (*act)(void))
{
    int nth = 1;

    for (;; nth++) {
        const int before = failing_memory_live();

        failing_memory_at(nth);
        const DWORD error = act();
        const bool has_failed = failing_memory_has_failed();

        failing_memory_at(0);
        assert_int_equal(failing_memory_live(), before);
        assert_int_equal(error, has_failed ? ERROR_NOT_ENOUGH_MEMORY : ERROR_SUCCESS);
        if (!has_failed)
            break;
    }
    assert_in_range(nth, 2, 100);
}

static DWORD read_inf(void)
{
    static const char text[] = MAKER MODEL REGISTRY "[Inst.HW]\nNeeds=Common\nAddReg=Reg\n"
                                                    "[Common]\nAddReg=Reg\n" STRINGS;
    struct wu_inf_devices devices = { .count = 77 };
    const DWORD error = wu_inf_read((const unsigned char *)text, strlen(text), &devices);

    assert_int_equal(devices.count, error == ERROR_SUCCESS ? 1 : 77);
    if (error == ERROR_SUCCESS)
        wu_inf_devices_free(&devices);
    return error;
}

static void inf_files_are_told_to_be_unread(void **state)
{
    (void)state;
    assert_told(read_inf);
}

static DWORD parse_rules(void)
{
    struct wu_rules rules = { .count = 77 };
    unsigned line;
    const DWORD error = wu_rules_parse("hide *\npublish 1-2\n", &rules, &line);

    assert_int_equal(rules.count, error == ERROR_SUCCESS ? 2 : 77);
    if (error == ERROR_SUCCESS)
        wu_rules_free(&rules);
    return error;
}

static DWORD add_rules(void)
{
    struct wu_rule rule = { .device = "1-2", .part = WU_ANY_PART };
    const struct wu_rules more = { &rule, 1 };
    struct wu_rules rules = { .count = 0 };
    DWORD error = wu_rules_add(&rules, &more);

    if (error == ERROR_SUCCESS) {
        strcpy(rule.device, "1-3");
        error = wu_rules_add(&rules, &more);
        assert_int_equal(rules.count, error == ERROR_SUCCESS ? 2 : 1);
    }
    wu_rules_free(&rules);
    return error;
}

static void rules_are_told_to_be_unread(void **state)
{
    (void)state;
    assert_told(parse_rules);
}

static void rules_stay_as_they_were(void **state)
{
    (void)state;
    assert_told(add_rules);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(inf_files_are_told_to_be_unread),
        cmocka_unit_test(rules_are_told_to_be_unread),
        cmocka_unit_test(rules_stay_as_they_were),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
