#define _XOPEN_SOURCE 700 /* nftw */

#include "fake_sys.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmocka_all.h"
#include "host/posix/sysfs.h"

enum { REGISTER_PAGE = 4096, NOBODY = 65534 };

static char root[64];

int fake_sys_set_up(void **state)
{
    (void)state;

    strcpy(root, "/tmp/fake_sys.XXXXXX");
    if (!mkdtemp(root) || chmod(root, 0755) != 0)
        return -1;

    wu_sysfs_set_root(root);
    return 0;
}

static int remove_entry(const char *path, const struct stat *status, int flag, struct FTW *walk)
{
    (void)status;
    (void)flag;
    (void)walk;

    return remove(path);
}

int fake_sys_tear_down(void **state)
{
    (void)state;

    wu_sysfs_set_root("/sys");
    return nftw(root, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

static void full_path(char *full, size_t size, const char *path)
{
    assert_true(wu_sysfs_path(full, size, "%s", path));
}

static void make_folders_of(char *full)
{
    for (char *slash = strchr(full + strlen(root) + 1, '/'); slash;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(full, 0755);
        *slash = '/';
    }
}

void fake_sys_write(const char *path, const void *bytes, size_t size)
{
    char full[512];

    full_path(full, sizeof(full), path);
    make_folders_of(full);

    const int file = open(full, O_WRONLY | O_CREAT, 0644);
    assert_true(file >= 0);
    assert_int_equal(write(file, bytes, size), size);
    close(file);
}

void fake_sys_write_text(const char *path, const char *text)
{
    fake_sys_write(path, text, strlen(text));
}

void fake_sys_remove(const char *path)
{
    char full[512];

    full_path(full, sizeof(full), path);
    assert_int_equal(remove(full), 0);
}

void fake_sys_truncate(const char *path)
{
    char full[512];

    full_path(full, sizeof(full), path);
    assert_int_equal(truncate(full, 0), 0);
}

void fake_sys_make_private(const char *path)
{
    char full[512];

    full_path(full, sizeof(full), path);
    assert_int_equal(chmod(full, geteuid() == 0 ? 0600 : 0), 0);
}

static void pci_path(char *path, size_t size, const char *id, const char *file)
{
    assert_in_range(snprintf(path, size, "devices/pci0000:00/%s/%s", id, file), 1, size - 1);
}

void fake_sys_add_root_hub(unsigned bus, const char *folder)
{
    char target[384];
    char link[384];
    char full[512];

    snprintf(link, sizeof(link), "bus/usb/devices/usb%u", bus);
    snprintf(target, sizeof(target), "../../../%s/usb%u", folder, bus);
    full_path(full, sizeof(full), link);
    make_folders_of(full);
    assert_int_equal(symlink(target, full), 0);

    snprintf(link, sizeof(link), "%s/usb%u/busnum", folder, bus);
    fake_sys_write_text(link, "\n");
}

void fake_sys_add_pci(unsigned bus, const char *id, const char *class_code)
{
    char path[128];

    pci_path(path, sizeof(path), id, "power/runtime_status");
    fake_sys_write_text(path, "active\n");
    pci_path(path, sizeof(path), id, "class");
    fake_sys_write_text(path, class_code);
    snprintf(path, sizeof(path), "devices/pci0000:00/%s", id);
    fake_sys_add_root_hub(bus, path);
}

struct wu_controller fake_sys_controller(enum wu_controller_kind kind, const char *id)
{
    struct wu_controller controller = { .kind = kind };

    snprintf(controller.id, sizeof(controller.id), "%s", id);
    assert_true(
        wu_sysfs_path(controller.path, sizeof(controller.path), "devices/pci0000:00/%s", id));
    return controller;
}

void fake_sys_add_registers(const char *id, size_t start, const void *bytes, size_t size)
{
    unsigned char page[REGISTER_PAGE] = { 0 };
    char path[256];
    char line[128];

    assert_in_range(start + size, 1, sizeof(page));
    memcpy(page + start, bytes, size);
    pci_path(path, sizeof(path), id, "resource0");
    fake_sys_write(path, page, sizeof(page));

    const size_t first = 0xfebec000 + start;
    snprintf(line, sizeof(line), "0x%016zx 0x%016zx 0x0000000000040200\n", first, first + size - 1);
    pci_path(path, sizeof(path), id, "resource");
    fake_sys_write_text(path, line);
}

void fake_sys_drop_root(void)
{
    if (geteuid() == 0)
        assert_int_equal(seteuid(NOBODY), 0);
}

void fake_sys_regain_root(void)
{
    if (getuid() == 0)
        assert_int_equal(seteuid(0), 0);
}
