/* wine/descriptor.c: which function an open file stands for. */
#define _GNU_SOURCE /* mkdtemp, O_PATH, makedev */

#include "cmocka_all.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "wine/descriptor.h"

#define FUNCTION "usb#vid_1234&pid_5678&mi_01#sn1"
#define GUID_USB "{a5dcbf10-6530-11d2-901f-00c04fb951ed}"
#define PATH "\\\\?\\" FUNCTION "#" GUID_USB

enum { PATH_SIZE = 260 };

static char folder[64];

static void path_of(char path[256], const char *name)
{
    assert_true(snprintf(path, 256, "%s/%s", folder, name) < 256);
}

static void make_folder(const char *name)
{
    char path[256];

    path_of(path, name);
    assert_int_equal(mkdir(path, 0777), 0);
}

static int open_file(const char *name)
{
    char path[256];
    int fd;

    path_of(path, name);
    fd = open(path, O_RDWR | O_CREAT, 0666);
    assert_true(fd >= 0);
    return fd;
}

static void remove_file(const char *name)
{
    char path[256];

    path_of(path, name);
    remove(path);
}

static int set_up(void **state)
{
    (void)state;
    snprintf(folder, sizeof(folder), "/tmp/test_wine_descriptor.XXXXXX");
    assert_non_null(mkdtemp(folder));
    make_folder("winusb");
    make_folder("winusb/devices");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    remove_file("winusb/devices/" FUNCTION);
    remove_file("winusb/devices");
    remove_file("winusb");
    remove_file("other");
    return rmdir(folder);
}

static void token_stands_for_its_function(void **state)
{
    char path[PATH_SIZE];

    (void)state;
    assert_true(wu_descriptor_identify(open_file("winusb/devices/" FUNCTION), path, sizeof(path)));

    assert_string_equal(path, PATH);
}

static void token_that_is_gone_stands_for_it_still(void **state)
{
    const int fd = open_file("winusb/devices/" FUNCTION);
    char path[PATH_SIZE];

    (void)state;
    remove_file("winusb/devices/" FUNCTION);

    assert_true(wu_descriptor_identify(fd, path, sizeof(path)));
    assert_string_equal(path, PATH);
}

static void node_stands_for_its_device(void **state)
{
    char path[PATH_SIZE], node[256];
    int fd;

    (void)state;
    path_of(node, "other");
    if (mknod(node, S_IFCHR | 0600, makedev(189, 2 * 128 + 41)) != 0)
        skip(); /* which takes root */

    fd = open(node, O_PATH);
    assert_true(fd >= 0);
    assert_true(wu_descriptor_identify(fd, path, sizeof(path)));
    assert_string_equal(path, "/dev/bus/usb/003/042");
}

static void other_file_stands_for_none(void **state)
{
    char path[PATH_SIZE];

    (void)state;
    assert_false(wu_descriptor_identify(open_file("other"), path, sizeof(path)));
    assert_false(wu_descriptor_identify(open_file("winusb/other"), path, sizeof(path)));
    remove_file("winusb/other");
    assert_false(wu_descriptor_identify(open("/dev/null", O_RDWR), path, sizeof(path)));
}

static void path_that_does_not_fit_is_none(void **state)
{
    char path[sizeof(PATH)];

    (void)state;
    assert_false(
        wu_descriptor_identify(open_file("winusb/devices/" FUNCTION), path, sizeof(path) - 1));
    assert_true(wu_descriptor_identify(open_file("winusb/devices/" FUNCTION), path, sizeof(path)));
}

static void descriptor_is_closed(void **state)
{
    const int token = open_file("winusb/devices/" FUNCTION), other = open_file("other");
    char path[PATH_SIZE];

    (void)state;
    wu_descriptor_identify(token, path, sizeof(path));
    wu_descriptor_identify(other, path, sizeof(path));

    assert_int_equal(fcntl(token, F_GETFD), -1);
    assert_int_equal(fcntl(other, F_GETFD), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(token_stands_for_its_function, set_up, tear_down),
        cmocka_unit_test_setup_teardown(token_that_is_gone_stands_for_it_still, set_up, tear_down),
        cmocka_unit_test_setup_teardown(node_stands_for_its_device, set_up, tear_down),
        cmocka_unit_test_setup_teardown(other_file_stands_for_none, set_up, tear_down),
        cmocka_unit_test_setup_teardown(path_that_does_not_fit_is_none, set_up, tear_down),
        cmocka_unit_test_setup_teardown(descriptor_is_closed, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
