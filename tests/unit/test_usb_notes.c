/* usb_notes.c: what is noted about devices, in a folder that may be anything. */
#define _XOPEN_SOURCE 700 /* nftw */

#include "cmocka_all.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "usb/usb_notes.h"

enum { STAY = 12345 };

static char folder[64], below[128];
static const struct wu_usb_info info = { .bus = 1, .address = 5 };

static int set_up(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/test_usb_notes.XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(below, sizeof(below), "%s/winusb", folder);
    return setenv("XDG_RUNTIME_DIR", folder, 1);
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status;
    (void)type;
    (void)walk;
    return remove(path);
}

static int tear_down(void **state)
{
    (void)state;
    return nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static bool reads(uint64_t stay, size_t size, const char *expected)
{
    char bytes[16] = "untouched";
    const bool found = wu_usb_notes_read(&info, stay, bytes, size);

    assert_string_equal(bytes, found ? expected : "untouched");
    return found;
}

static void note_is_read_as_it_was_written(void **state)
{
    (void)state;
    assert_false(reads(STAY, 4, ""));

    wu_usb_notes_write(&info, STAY, "one", 4);
    assert_true(reads(STAY, 4, "one"));

    wu_usb_notes_write(&info, STAY, "two", 4);
    assert_true(reads(STAY, 4, "two"));
}

static void note_of_another_stay_or_size_is_none(void **state)
{
    (void)state;
    wu_usb_notes_write(&info, STAY, "one", 4);

    assert_false(reads(STAY + 1, 4, ""));
    assert_false(reads(STAY, 3, ""));
    assert_false(reads(0, 4, ""));
}

static void note_that_is_cut_is_none(void **state)
{
    char path[256];

    (void)state;
    wu_usb_notes_write(&info, STAY, "one", 4);
    snprintf(path, sizeof(path), "%s/001-005", below);

    assert_int_equal(truncate(path, 100), 0);

    assert_false(reads(STAY, 4, ""));
}

static void folder_that_others_may_write_to_is_not_used(void **state)
{
    (void)state;
    wu_usb_notes_write(&info, STAY, "one", 4);

    assert_int_equal(chmod(below, 0770), 0);
    assert_false(reads(STAY, 4, ""));
    assert_int_equal(chmod(below, 0700), 0);
    assert_true(reads(STAY, 4, "one"));

    assert_int_equal(chmod(folder, 01777), 0);
    assert_false(reads(STAY, 4, ""));
}

static void folder_behind_a_link_is_not_used(void **state)
{
    char other[128];

    (void)state;
    snprintf(other, sizeof(other), "%s/other", folder);
    assert_int_equal(mkdir(other, 0700), 0);
    assert_int_equal(symlink(other, below), 0);

    wu_usb_notes_write(&info, STAY, "one", 4);

    assert_false(reads(STAY, 4, ""));
    assert_int_equal(rmdir(other), 0); /* empty */
}

static void without_a_folder_nothing_is_noted(void **state)
{
    (void)state;
    setenv("XDG_RUNTIME_DIR", "/nonexistent", 1);

    wu_usb_notes_write(&info, STAY, "one", 4);

    assert_false(reads(STAY, 4, ""));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(note_is_read_as_it_was_written),   TEST(note_of_another_stay_or_size_is_none),
        TEST(note_that_is_cut_is_none),         TEST(folder_that_others_may_write_to_is_not_used),
        TEST(folder_behind_a_link_is_not_used), TEST(without_a_folder_nothing_is_noted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
