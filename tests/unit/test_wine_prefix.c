/* wine/prefix.c, links.c and configuration.c: the files of a Wine prefix. */
#define _XOPEN_SOURCE 700 /* mkdtemp */

#include "cmocka_all.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "wine/configuration.h"
#include "wine/install.h"
#include "wine/links.h"
#include "wine/prefix.h"

#define DEVICE "usb#vid_1234&pid_abcd#sn1"
#define NAME DEVICE "#{11111111-2222-3333-4444-555555555555}"
#define OTHER DEVICE "#{a5dcbf10-6530-11d2-901f-00c04fb951ed}"

static char prefix[64];

static void path_of(char path[512], const char *name)
{
    assert_true(snprintf(path, 512, "%s/%s", prefix, name) < 512);
}

static void make_folder(const char *name)
{
    char path[512];

    path_of(path, name);
    assert_int_equal(mkdir(path, 0777), 0);
}

static void write_file(const char *name, const char *text)
{
    char path[512];
    FILE *file;

    path_of(path, name);
    file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static void assert_file(const char *name, const char *text)
{
    char path[512], found[64] = "";
    FILE *file;

    path_of(path, name);
    file = fopen(path, "r");
    assert_non_null(file);
    assert_true(fread(found, 1, sizeof(found) - 1, file) == strlen(text));
    assert_string_equal(found, text);
    fclose(file);
}

static void assert_read(const char *name, const char *text)
{
    char *found = wu_prefix_read(prefix, name);

    assert_non_null(found);
    assert_string_equal(found, text);
    free(found);
}

static bool exists(const char *name)
{
    char path[512];
    struct stat status;

    path_of(path, name);
    return lstat(path, &status) == 0;
}

static int set_up(void **state)
{
    (void)state;
    strcpy(prefix, "/tmp/test_wine.XXXXXX");
    if (!mkdtemp(prefix))
        return -1;

    make_folder("dosdevices");
    make_folder("drive_c");
    make_folder("drive_c/windows");
    make_folder("drive_c/windows/system32");
    return 0;
}

static int tear_down(void **state)
{
    char command[160];

    (void)state;
    snprintf(command, sizeof(command), "chmod -R u+w %s; rm -r %s", prefix, prefix);
    return system(command);
}

/* --- Files ---------------------------------------------------------------------------------- */

static void a_file_is_written_as_a_whole(void **state)
{
    (void)state;
    assert_true(wu_prefix_make_folder(prefix));
    assert_true(wu_prefix_make_folder(prefix));
    assert_read(WU_PREFIX_RULES, "");

    assert_true(wu_prefix_write(prefix, WU_PREFIX_RULES, "one\n"));
    assert_true(wu_prefix_write(prefix, WU_PREFIX_RULES, "two\n"));

    assert_read(WU_PREFIX_RULES, "two\n");
    assert_false(exists(WU_PREFIX_RULES ".new"));
}

static void a_write_that_fails_leaves_the_file_alone(void **state)
{
    (void)state;
    assert_true(wu_prefix_make_folder(prefix));
    assert_true(wu_prefix_write(prefix, WU_PREFIX_RULES, "one\n"));
    make_folder(WU_PREFIX_RULES ".new");

    assert_false(wu_prefix_write(prefix, WU_PREFIX_RULES, "two\n"));
    assert_int_equal(errno, EISDIR);

    assert_file(WU_PREFIX_RULES, "one\n");
}

static void a_lock_has_one_owner(void **state)
{
    int first, second;

    (void)state;
    assert_true(wu_prefix_make_folder(prefix));
    first = wu_prefix_lock(prefix, 0);
    assert_true(first >= 0);

    assert_int_equal(wu_prefix_lock(prefix, 30), -1);
    assert_int_equal(errno, EWOULDBLOCK);

    wu_prefix_unlock(first);
    second = wu_prefix_lock(prefix, 0);
    assert_true(second >= 0);
    wu_prefix_unlock(second);
}

/* As `uninstall` does. The lock ends with the process. */
static pid_t remove_folder_in_a_moment(void)
{
    const struct timespec moment = { .tv_nsec = 100000000 };
    const int lock = wu_prefix_enter(prefix, 0);
    const pid_t process = fork();

    assert_true(lock >= 0 && process >= 0);
    if (process == 0) {
        nanosleep(&moment, NULL);
        _exit(wu_prefix_remove_folder(prefix) ? 0 : 1);
    }

    wu_prefix_unlock(lock);
    return process;
}

static void await_success(pid_t process)
{
    int status;

    assert_int_equal(waitpid(process, &status, 0), process);
    assert_int_equal(status, 0);
}

static void a_lock_that_is_removed_is_none(void **state)
{
    pid_t process;
    int lock;

    (void)state;
    process = remove_folder_in_a_moment();
    assert_int_equal(wu_prefix_lock(prefix, 60000), -1);
    assert_int_equal(errno, ENOENT);
    await_success(process);

    process = remove_folder_in_a_moment();
    lock = wu_prefix_enter(prefix, 60000);
    assert_true(lock >= 0);
    await_success(process);
    assert_int_equal(wu_prefix_lock(prefix, 0), -1); /* it is the one that others find */
    assert_int_equal(errno, EWOULDBLOCK);
    wu_prefix_unlock(lock);
}

static void what_does_not_fit_is_refused(void **state)
{
    char name[300];

    (void)state;
    memset(name, 'x', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';

    assert_null(wu_prefix_read(prefix, name));
    assert_int_equal(errno, ENAMETOOLONG);
    assert_false(wu_prefix_write(prefix, name, "text"));
    assert_int_equal(errno, ENAMETOOLONG);
    assert_null(wu_prefix_read(prefix, "../etc/passwd"));
    assert_int_equal(errno, EINVAL);
}

/* --- Links ---------------------------------------------------------------------------------- */

static void links_lead_to_the_token_of_their_device(void **state)
{
    struct wu_links links;

    (void)state;
    assert_true(wu_prefix_make_folder(prefix));
    assert_true(wu_link_make(prefix, NAME, "001/002"));
    assert_true(wu_link_make(prefix, NAME, "001/002"));
    assert_true(wu_link_make(prefix, OTHER, "001/002"));
    assert_file("dosdevices/" NAME, "001/002");
    assert_true(wu_token_is_at(prefix, DEVICE, "001/002"));
    assert_false(wu_token_is_at(prefix, DEVICE, "001/003"));
    assert_true(exists("winusb/devices/" DEVICE));

    assert_true(wu_links_get(prefix, &links));
    assert_int_equal(links.count, 2);
    assert_true(wu_links_contain(&links, NAME) && wu_links_contain(&links, OTHER));
    assert_true(wu_links_have_device(&links, DEVICE));
    assert_false(wu_links_have_device(&links, "usb#vid_1234&pid_abcd#sn"));
    wu_links_free(&links);
}

static void links_of_others_are_not_ours(void **state)
{
    char path[512];
    struct wu_links links;

    (void)state;
    path_of(path, "dosdevices/c:");
    assert_int_equal(symlink("../drive_c", path), 0);
    path_of(path, "dosdevices/" NAME);
    assert_int_equal(symlink("/dev/bus/usb/001/002", path), 0);
    write_file("dosdevices/" OTHER, "");

    assert_true(wu_links_get(prefix, &links));
    assert_int_equal(links.count, 0);
}

static void what_is_removed_is_gone_and_may_be_gone_already(void **state)
{
    (void)state;
    assert_true(wu_prefix_make_folder(prefix));
    assert_true(wu_link_make(prefix, NAME, "001/002"));

    for (int i = 0; i < 2; i++) {
        assert_true(wu_link_remove(prefix, NAME));
        assert_true(wu_token_remove(prefix, DEVICE));
    }

    assert_false(exists("dosdevices/" NAME));
    assert_false(exists("winusb/devices/" DEVICE));
}

static void without_a_prefix_links_fail(void **state)
{
    struct wu_links links;

    (void)state;
    assert_false(wu_links_get("/nonexistent", &links));
    assert_int_equal(errno, ENOENT);
    assert_false(wu_link_make("/nonexistent", NAME, "001/002"));
    assert_false(wu_prefix_make_folder("/nonexistent"));
}

/* --- Our folder ------------------------------------------------------------------------------- */

static void our_folder_goes_with_all_in_it(void **state)
{
    (void)state;
    assert_true(wu_prefix_make_folder(prefix));
    assert_true(wu_prefix_write(prefix, WU_PREFIX_RULES, "hide *\n"));

    assert_true(wu_prefix_remove_folder(prefix));
    assert_true(wu_prefix_remove_folder(prefix));

    assert_false(exists(WU_PREFIX_FOLDER));
    assert_true(exists("drive_c"));
}

/* --- Configuration --------------------------------------------------------------------------- */

static void the_registry_tells_the_kind_of_a_prefix(void **state)
{
    (void)state;
    assert_int_equal(wu_prefix_kind("/nonexistent"), WU_PREFIX_NONE);
    assert_int_equal(wu_prefix_kind("/dev/null"), WU_PREFIX_NONE);
    write_file("system.reg", "nonsense\n");
    assert_int_equal(wu_prefix_kind(prefix), WU_PREFIX_NONE);
    write_file("system.reg", "WINE REGISTRY Version 2\n;; All keys\n\n#arch=win64\n");
    assert_int_equal(wu_prefix_kind(prefix), WU_PREFIX_WIN64);
    write_file("system.reg", "WINE REGISTRY Version 2\n;; All keys\n\n#arch=win32\n");
    assert_int_equal(wu_prefix_kind(prefix), WU_PREFIX_WIN32);
}

/* Wine makes the folders at once, and the registry's file later. */
static void a_prefix_without_registry_is_being_made(void **state)
{
    char path[512];

    (void)state;
    assert_int_equal(wu_prefix_kind(prefix), WU_PREFIX_UNFINISHED);
    path_of(path, "dosdevices");
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(wu_prefix_kind(prefix), WU_PREFIX_NONE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_file_is_written_as_a_whole),
        TEST(a_write_that_fails_leaves_the_file_alone),
        TEST(a_lock_has_one_owner),
        TEST(a_lock_that_is_removed_is_none),
        TEST(what_does_not_fit_is_refused),
        TEST(links_lead_to_the_token_of_their_device),
        TEST(links_of_others_are_not_ours),
        TEST(what_is_removed_is_gone_and_may_be_gone_already),
        TEST(without_a_prefix_links_fail),
        TEST(our_folder_goes_with_all_in_it),
        TEST(the_registry_tells_the_kind_of_a_prefix),
        TEST(a_prefix_without_registry_is_being_made),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
