/* usb_sysfs.c: what Linux knows of devices that are not opened. */
#define _XOPEN_SOURCE 700 /* nftw */

#include "cmocka_all.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "devices/devices.h"
#include "host/posix/sysfs.h"
#include "usb/usb_attributes.h"

static char root[] = "/tmp/winusb-sysfs-XXXXXX";
static char device[256]; /* folder of device 1-2.3 */

static const struct wu_usb_info info = { .bus = 1, .ports = { 2, 3 }, .depth = 2 };

static void make_folders(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0700);
        *slash = '/';
    }
    mkdir(path, 0700);
}

static void write_file_in(const char *folder, const char *name, const void *bytes, size_t size)
{
    char path[512];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    fclose(file);
}

/* Of the device. */
static void write_file(const char *name, const void *bytes, size_t size)
{
    write_file_in(device, name, bytes, size);
}

static int make_tree(void **state)
{
    (void)state;
    strcpy(root + strlen(root) - 6, "XXXXXX");
    if (!mkdtemp(root))
        return -1;
    wu_sysfs_set_root(root);
    snprintf(device, sizeof(device), "%s/bus/usb/devices/1-2.3", root);
    make_folders(device);
    return 0;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status;
    (void)type;
    (void)walk;
    return remove(path);
}

static int remove_tree(void **state)
{
    (void)state;
    return nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void texts_come_without_their_line_end(void **state)
{
    char text[32];

    (void)state;
    write_file("product", "A thing\n", 8);

    wu_usb_text(&info, WU_USB_PRODUCT, text, sizeof(text));

    assert_string_equal(text, "A thing");
}

static void missing_texts_are_empty(void **state)
{
    char text[32] = "before";

    (void)state;

    wu_usb_text(&info, WU_USB_SERIAL, text, sizeof(text));

    assert_string_equal(text, "");
}

static void long_texts_are_cut(void **state)
{
    char text[4];

    (void)state;
    write_file("manufacturer", "Long\n", 5);

    wu_usb_text(&info, WU_USB_MANUFACTURER, text, sizeof(text));

    assert_string_equal(text, "Lon");
}

static void longest_text_of_a_descriptor_is_whole(void **state)
{
    char text[WU_TEXT_SIZE], expected[3 * 126 + 2] = "";

    (void)state;
    for (int i = 0; i < 126; i++)
        strcat(expected, "\xe2\x82\xac");
    write_file("manufacturer", strcat(expected, "\n"), 3 * 126 + 1);

    wu_usb_text(&info, WU_USB_MANUFACTURER, text, sizeof(text));

    expected[3 * 126] = '\0';
    assert_string_equal(text, expected);
}

static void driver_is_the_last_part_of_its_link(void **state)
{
    unsigned char configuration[9] = { 9, 2, 9, 0, 1, 7 };
    struct wu_usb_info configured = info;
    char name[32], path[512];

    (void)state;
    configured.configuration = configuration;
    snprintf(path, sizeof(path), "%s/1-2.3:7.4", device);
    make_folders(path);
    strcat(path, "/driver");
    assert_int_equal(symlink("../../../../bus/usb/drivers/usbhid", path), 0);

    wu_usb_driver(&configured, 4, name, sizeof(name));
    assert_string_equal(name, "usbhid");

    wu_usb_driver(&configured, 5, name, sizeof(name));
    assert_string_equal(name, "");
}

/* A device descriptor, configuration 1 of 9 bytes, configuration 2 of 11 bytes. */
static const unsigned char descriptors[18 + 9 + 11] = {
    18, 1, 0,  2, 0, 0, 0, 64, 1, 0, 2,    0, 3, 0, 0, 0, 0, 2, /* device */
    9,  2, 9,  0, 0, 1, 0, 0,  0,                               /* configuration 1 */
    9,  2, 11, 0, 0, 2, 0, 0,  0, 2, 0x77,                      /* configuration 2 */
};

static void active_configuration_comes_byte_for_byte(void **state)
{
    size_t size;
    unsigned char *bytes;

    (void)state;
    write_file("descriptors", descriptors, sizeof(descriptors));
    write_file("bConfigurationValue", "2\n", 2);

    assert_int_equal(wu_usb_active_configuration(&info, &bytes, &size), 0);

    assert_non_null(bytes);
    assert_int_equal(size, 11);
    assert_memory_equal(bytes, descriptors + 27, 11);
    free(bytes);
}

static void assert_no_configuration(const struct wu_usb_info *of)
{
    unsigned char byte, *bytes = &byte;
    size_t size = 77;

    assert_int_equal(wu_usb_active_configuration(of, &bytes, &size), 0);

    assert_null(bytes);
    assert_int_equal(size, 0);
}

static void unconfigured_device_has_no_configuration(void **state)
{
    (void)state;
    write_file("descriptors", descriptors, sizeof(descriptors));
    write_file("bConfigurationValue", "\n", 1);

    assert_no_configuration(&info);
}

static void configuration_that_ends_early_is_what_there_is(void **state)
{
    size_t size;
    unsigned char *bytes;

    (void)state;
    write_file("descriptors", descriptors, sizeof(descriptors) - 1);
    write_file("bConfigurationValue", "2\n", 2);

    assert_int_equal(wu_usb_active_configuration(&info, &bytes, &size), 0);

    assert_non_null(bytes);
    assert_int_equal(size, 10);
    free(bytes);
}

static void length_of_zero_ends_the_search(void **state)
{
    unsigned char broken[sizeof(descriptors)];

    (void)state;
    memcpy(broken, descriptors, sizeof(broken));
    broken[18 + 2] = 0;
    write_file("descriptors", broken, sizeof(broken));
    write_file("bConfigurationValue", "2\n", 2);

    assert_no_configuration(&info);
}

static void device_that_is_gone_has_no_configuration(void **state)
{
    const struct wu_usb_info other = { .bus = 3, .depth = 0 };

    (void)state;

    assert_no_configuration(&other);
}

static void stay_is_the_number_of_the_devices_folder(void **state)
{
    const struct wu_usb_info other = { .bus = 3, .depth = 0 };
    struct stat status;

    (void)state;
    assert_int_equal(stat(device, &status), 0);

    assert_int_equal(wu_usb_stay(&info), status.st_ino);
    assert_int_equal(wu_usb_stay(&other), 0);
}

static void memory_of_transfers_is_usbfs(void **state)
{
    char folder[256];

    (void)state;
    assert_int_equal(wu_usb_transfer_memory(), 0);
    snprintf(folder, sizeof(folder), "%s/module/usbcore/parameters", root);
    make_folders(folder);

    write_file_in(folder, "usbfs_memory_mb", "16\n", 3);
    assert_int_equal(wu_usb_transfer_memory(), 16 << 20);
    write_file_in(folder, "usbfs_memory_mb", "0\n", 2);
    assert_int_equal(wu_usb_transfer_memory(), 0);
}

#define tree_test(test) cmocka_unit_test_setup_teardown(test, make_tree, remove_tree)

int main(void)
{
    const struct CMUnitTest tests[] = {
        tree_test(texts_come_without_their_line_end),
        tree_test(missing_texts_are_empty),
        tree_test(long_texts_are_cut),
        tree_test(longest_text_of_a_descriptor_is_whole),
        tree_test(driver_is_the_last_part_of_its_link),
        tree_test(active_configuration_comes_byte_for_byte),
        tree_test(unconfigured_device_has_no_configuration),
        tree_test(configuration_that_ends_early_is_what_there_is),
        tree_test(length_of_zero_ends_the_search),
        tree_test(device_that_is_gone_has_no_configuration),
        tree_test(stay_is_the_number_of_the_devices_folder),
        tree_test(memory_of_transfers_is_usbfs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
