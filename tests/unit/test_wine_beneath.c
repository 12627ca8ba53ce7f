/* wine/beneath.c, and all that is done by it: nothing that others lay into a prefix leads us out of
 * it. */
#define _XOPEN_SOURCE 700 /* mkdtemp */

#include "cmocka_all.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "wine/configuration.h"
#include "wine/install.h"
#include "wine/links.h"
#include "wine/prefix.h"

#define DEVICE "usb#vid_1234&pid_abcd#sn1"
#define NAME DEVICE "#{11111111-2222-3333-4444-555555555555}"

static char work[64], prefix[96];

/* Runs a command in the folder of the test. */
static void run(const char *format, ...)
{
    char command[1024];
    const int length = snprintf(command, sizeof(command), "cd %s && ", work);
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(command + length, sizeof(command) - (size_t)length, format, arguments);
    va_end(arguments);
    if (system(command) != 0)
        fail_msg("%s", command);
}

/* A prefix, and beside it what must stay as it is: it has all names that we use. */
static int set_up(void **state)
{
    (void)state;
    strcpy(work, "/tmp/test_wine.XXXXXX");
    if (!mkdtemp(work))
        return -1;

    snprintf(prefix, sizeof(prefix), "%s/prefix", work);
    run("mkdir -p prefix/dosdevices prefix/drive_c/windows/system32 prefix/winusb/devices"
        " prefix/drive_c/windows/syswow64");
    run("echo MZ >prefix/drive_c/windows/system32/winusb.dll");
    run("printf '\\177ELF ours' >source");
    run("mkdir -p victim/windows/system32 victim/system32 victim/devices");
    run("for folder in . devices system32 windows/system32; do"
        "  for name in rules rules.new seen lock winusb.dll winusb.dll.new winusb.dll.aside"
        "      winusb.dll.before syswow64.dll.aside winusb-64.so winusb-64.so.new "
        "winusb-64.so.before"
        "      '" DEVICE "' '" NAME "'; do echo keep >\"victim/$folder/$name\"; done; done");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    run("rm -r %s", work);
    return 0;
}

static void install_and_uninstall(void)
{
    struct wu_plan plan = { 0 };
    struct wu_install install;

    for (int i = 0; i < WU_PLACES; i++)
        snprintf(plan.source[i], PATH_MAX, "%s/source", work);
    if (wu_install_begin(prefix, &plan, &install))
        wu_install_keep(&install);
    memset(&plan, 0, sizeof(plan));
    if (wu_install_begin(prefix, &plan, &install))
        wu_install_keep(&install);
}

static void do_all(void)
{
    int lock;

    wu_prefix_make_folder(prefix);
    lock = wu_prefix_lock(prefix, 0);
    wu_prefix_write(prefix, WU_PREFIX_RULES, "hide *\n");
    wu_link_make(prefix, NAME, "001/002");
    wu_link_remove(prefix, NAME);
    wu_token_remove(prefix, DEVICE);
    if (lock >= 0)
        wu_prefix_unlock(lock);
    install_and_uninstall();
    wu_prefix_remove_folder(prefix);
}

/* What all that does in the prefix is its own affair. */
static void assert_victim_is_kept(void)
{
    static const char list[] = "find victim -printf '%p %y %i %s %T@ %n\\n' | sort";

    run("%s >before", list);
    do_all();
    run("%s | diff before - >&2", list);
}

static void restart(void **state)
{
    assert_int_equal(tear_down(state), 0);
    assert_int_equal(set_up(state), 0);
}

/* --- Links ----------------------------------------------------------------------------------- */

static void folders_that_are_links_are_not_entered(void **state)
{
    static const char *const folders[] = {
        "winusb",
        "winusb/devices",
        "dosdevices",
        "drive_c",
        "drive_c/windows",
        "drive_c/windows/system32",
        "drive_c/windows/syswow64",
    };

    for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++) {
        run("rm -r prefix/%s && ln -s %s/victim prefix/%s", folders[i], work, folders[i]);
        assert_victim_is_kept();
        restart(state);
    }
}

static const char *const files[] = {
    "winusb/rules",
    "winusb/rules.new",
    "winusb/lock",
    "winusb/winusb.dll.new",
    "winusb/winusb.dll.aside",
    "winusb/winusb.dll.before",
    "winusb/winusb-64.so",
    "winusb/winusb-64.so.new",
    "winusb/winusb-64.so.before",
    "winusb/devices/" DEVICE,
    "dosdevices/" NAME,
    "drive_c/windows/system32/winusb.dll",
    "drive_c/windows/syswow64/winusb.dll",
};

enum { FILES = sizeof(files) / sizeof(*files) };

static void files_that_are_links_are_not_written(void **state)
{
    for (int i = 0; i < FILES; i++) {
        run("ln -sf %s/victim/rules 'prefix/%s'", work, files[i]);
        assert_victim_is_kept();
        restart(state);
    }
}

/* The name goes, the file itself stays as it is. */
static void files_with_another_name_are_not_written(void **state)
{
    for (int i = 0; i < FILES; i++) {
        run("ln -f victim/rules 'prefix/%s'", files[i]);
        do_all();
        run("echo keep | cmp - victim/rules");
        restart(state);
    }
}

static void links_are_not_read(void **state)
{
    (void)state;
    run("ln -s %s/victim/rules prefix/winusb/rules", work);
    assert_null(wu_prefix_read(prefix, WU_PREFIX_RULES));
    assert_int_equal(errno, ELOOP);
    run("ln -sf %s/source prefix/drive_c/windows/system32/winusb.dll", work);
    assert_int_equal(wu_there(prefix, WU_PLACE_SYSTEM32, NULL), WU_THERE_LINK);
    run("ln -s %s/victim prefix/winusb/devices/link && rm -r prefix/dosdevices", work);
    assert_false(wu_prefix_is_writable(prefix));
    run("ln -s %s/victim prefix/dosdevices", work);
    assert_false(wu_prefix_is_writable(prefix));
    assert_int_equal(errno, ELOOP);
}

/* --- What is no file -------------------------------------------------------------------------- */

static void a_fifo_does_not_hold_us_up(void **state)
{
    (void)state;
    run("mkfifo prefix/winusb/rules prefix/system.reg");
    run("cd prefix/drive_c/windows/system32 && rm winusb.dll && mkfifo winusb.dll");
    alarm(10);

    assert_null(wu_prefix_read(prefix, WU_PREFIX_RULES));
    assert_int_equal(errno, EINVAL);
    assert_int_equal(wu_prefix_kind(prefix), WU_PREFIX_NONE);
    assert_int_equal(wu_there(prefix, WU_PLACE_SYSTEM32, NULL), WU_THERE_OTHER);
    alarm(0);
}

static void folders_are_removed_however_deep_to_a_bound(void **state)
{
    (void)state;
    run("mkdir -p prefix/winusb/a/b/c && touch prefix/winusb/a/b/c/d");
    assert_true(wu_prefix_remove_folder(prefix));
    run("test ! -e prefix/winusb");

    run("cd prefix && for i in $(seq 40); do mkdir winusb && cd winusb; done");
    assert_false(wu_prefix_remove_folder(prefix));
    assert_int_equal(errno, ENAMETOOLONG);
}

/* --- Whose prefix it is ------------------------------------------------------------------------
 */

/* Root can give its prefix away; for others the root folder is somebody else's. */
static void a_prefix_of_another_owner_is_refused(void **state)
{
    const bool is_root = geteuid() == 0;
    const char *other = is_root ? prefix : "/";

    (void)state;
    if (is_root)
        run("echo '#arch=win64' >prefix/system.reg && chown 12345 prefix");

    assert_int_equal(wu_prefix_kind(other), WU_PREFIX_FOREIGN);
    assert_false(wu_prefix_make_folder(other));
    assert_int_equal(errno, EPERM);
    assert_null(wu_prefix_read(other, WU_PREFIX_RULES));
    assert_int_equal(errno, EPERM);
    assert_int_equal(wu_prefix_lock(other, 0), -1);
    assert_int_equal(errno, EPERM);
    assert_false(wu_prefix_is_writable(other));
    assert_false(wu_prefix_remove_folder(other));
    assert_int_equal(errno, EPERM);
    if (is_root) {
        do_all();
        run("test -d prefix/winusb/devices && test ! -e prefix/winusb/rules");
        run("echo MZ | cmp - prefix/drive_c/windows/system32/winusb.dll");
    }
}

/* It is the user's own word, and what it leads to is looked at. */
static void a_prefix_may_be_given_by_a_link(void **state)
{
    (void)state;
    run("ln -s prefix link");
    snprintf(prefix, sizeof(prefix), "%s/link", work);

    assert_true(wu_prefix_make_folder(prefix));
    assert_true(wu_prefix_write(prefix, WU_PREFIX_RULES, "hide *\n"));
    run("test -e prefix/winusb/rules");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(folders_that_are_links_are_not_entered),
        TEST(files_that_are_links_are_not_written),
        TEST(files_with_another_name_are_not_written),
        TEST(links_are_not_read),
        TEST(a_fifo_does_not_hold_us_up),
        TEST(folders_are_removed_however_deep_to_a_bound),
        TEST(a_prefix_of_another_owner_is_refused),
        TEST(a_prefix_may_be_given_by_a_link),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
