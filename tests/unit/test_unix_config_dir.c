/* wine/config_dir.c: the folder of a prefix, from the name that Wine has for it. */
#include "cmocka_all.h"

#include <string.h>

#include "unix/config_dir.h"

enum { ROOM = 64 }; /* [characters] */

/* Texts of one-byte characters, as all of these are. */
static void widen(const char *text, WCHAR *wide)
{
    size_t i = 0;

    do
        wide[i] = (unsigned char)text[i];
    while (text[i++] != '\0');
}

static void assert_path(const char *text, const char *expected)
{
    WCHAR wide[ROOM], wanted[ROOM], path[ROOM];

    widen(text, wide);
    widen(expected, wanted);
    assert_true(wu_config_dir_path(wide, path, ROOM));
    assert_memory_equal(path, wanted, (strlen(expected) + 1) * sizeof(*path));
}

static void assert_none(const char *text)
{
    WCHAR wide[ROOM], path[ROOM] = { 'x' };

    widen(text, wide);
    assert_false(wu_config_dir_path(wide, path, ROOM));
    assert_int_equal(path[0], 'x');
}

static void each_form_becomes_a_path_of_programs(void **state)
{
    (void)state;
    assert_path("\\??\\Z:\\home\\u\\.wine", "Z:\\home\\u\\.wine");
    assert_path("\\??\\d:\\p", "d:\\p");
    assert_path("\\??\\C:\\", "C:\\");
    assert_path("\\??\\unix\\home\\u\\.wine", "\\\\?\\unix\\home\\u\\.wine");
    assert_path("\\??\\unix\\", "\\\\?\\unix\\");
}

static void what_is_no_folder_from_the_root_on_is_none(void **state)
{
    static const char *const texts[] = {
        "",
        "\\",
        "\\?",
        "\\??",
        "\\??\\",
        "\\??\\Z",
        "\\??\\Z:",
        "\\??\\Z:home",
        "\\??\\Z:/home",
        "\\??\\1:\\home",
        "\\??\\ZZ:\\home",
        "\\??\\\\home",
        "\\??\\unix",
        "\\??\\unixhome",
        "\\??\\unix/home",
        "\\??\\UNC\\server\\share",
        "\\\\?\\Z:\\home",
        "Z:\\home\\u\\.wine",
        "/home/u/.wine",
        " \\??\\Z:\\home",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        assert_none(texts[i]);
}

static void characters_are_compared_whole(void **state)
{
    const WCHAR text[] = { '\\', '?', '?', '\\', 'Z' + 0x100, ':', '\\', 0 };
    WCHAR path[ROOM];

    (void)state;
    assert_false(wu_config_dir_path(text, path, ROOM));
}

/* Each of both forms, in all sizes of room up to the one that it takes. */
static void what_does_not_fit_is_none(void **state)
{
    static const char *const texts[] = { "\\??\\Z:\\home", "\\??\\unix\\home" };

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        WCHAR wide[ROOM], path[ROOM];

        widen(texts[i], wide);
        const size_t takes = strlen(texts[i]) + 1 - (i == 0 ? strlen("\\??\\") : 0);

        for (size_t size = 0; size < takes; size++) {
            path[size] = 'x';
            assert_false(wu_config_dir_path(wide, path, size));
            assert_int_equal(path[size], 'x');
        }
        path[takes] = 'x';
        assert_true(wu_config_dir_path(wide, path, takes));
        assert_int_equal(path[takes], 'x');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_form_becomes_a_path_of_programs),
        cmocka_unit_test(what_is_no_folder_from_the_root_on_is_none),
        cmocka_unit_test(characters_are_compared_whole),
        cmocka_unit_test(what_does_not_fit_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
