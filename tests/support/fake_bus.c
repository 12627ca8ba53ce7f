#include "fake_bus.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmocka_all.h"
#include "host/posix/sysfs.h"

enum { DESCRIPTOR_SIZE = 18, DESCRIPTORS_SIZE = 4096 };

static void path_of(char path[256], const char *name, const char *file)
{
    snprintf(path, 256, "bus/usb/devices/%s/%s", name, file);
}

void fake_bus_write(const char *name, const char *file, const void *bytes, size_t size)
{
    char path[256];

    path_of(path, name, file);
    fake_sys_write(path, bytes, size);
}

void fake_bus_write_text(const char *name, const char *file, const char *text)
{
    fake_bus_write(name, file, text, strlen(text));
}

void fake_bus_remove(const char *name, const char *file)
{
    char path[256];

    path_of(path, name, file);
    fake_sys_remove(path);
}

void fake_bus_bind(const char *name, const char *interface_name, const char *driver)
{
    char file[64], path[512], target[64];

    snprintf(file, sizeof(file), "%s/bAlternateSetting", interface_name);
    fake_bus_write_text(name, file, " 0\n");
    snprintf(target, sizeof(target), "../../../drivers/%s", driver);
    assert_true(
        wu_sysfs_path(path, sizeof(path), "bus/usb/devices/%s/%s/driver", name, interface_name));
    assert_int_equal(symlink(target, path), 0);
}

static void write_number(const char *name, const char *file, const char *format, unsigned number)
{
    char text[16];

    snprintf(text, sizeof(text), format, number);
    fake_bus_write_text(name, file, text);
}

static void write_descriptors(const char *name, const struct fake_bus_device *device)
{
    unsigned char bytes[DESCRIPTORS_SIZE] = { DESCRIPTOR_SIZE, 1, 0, 2, 0, 0, 0, 64 };

    bytes[4] = (unsigned char)device->class_code;
    bytes[8] = (unsigned char)device->vid;
    bytes[9] = (unsigned char)(device->vid >> 8);
    bytes[10] = (unsigned char)device->pid;
    bytes[11] = (unsigned char)(device->pid >> 8);
    bytes[12] = 0x34;
    bytes[13] = 0x12;
    bytes[14] = 1;
    bytes[15] = 2;
    bytes[16] = 3;
    bytes[17] = 1;
    if (device->configurations)
        memcpy(bytes + DESCRIPTOR_SIZE, device->configurations, device->size);
    fake_bus_write(name, "descriptors", bytes, DESCRIPTOR_SIZE + device->size);
}

static void write_text(const char *name, const char *file, const char *text)
{
    char line[512];

    if (!text)
        return;

    snprintf(line, sizeof(line), "%s\n", text);
    fake_bus_write_text(name, file, line);
}

void fake_bus_plug(const char *name, const struct fake_bus_device *device)
{
    static unsigned last;

    last = last % 126 + 1;
    write_descriptors(name, device);
    write_number(name, "bDeviceClass", "%02x\n", device->class_code);
    write_number(name, "devnum", "%u\n", device->address != 0 ? device->address : last + 1);
    write_number(name, "maxchild", "%u\n", device->ports);
    write_text(name, "speed", device->speed);
    write_text(name, "manufacturer", device->manufacturer);
    write_text(name, "product", device->product);
    write_text(name, "serial", device->serial);
    if (device->active != 0)
        write_number(name, "bConfigurationValue", "%u\n", device->active);
    else
        fake_bus_write_text(name, "bConfigurationValue", "\n");
}

/* What was there stays elsewhere, so that its number is not given again. */
void fake_bus_replace(const char *name, const struct fake_bus_device *device)
{
    static unsigned replaced;
    char place[256], next[256], elsewhere[256];

    fake_bus_plug("next", device);
    assert_true(wu_sysfs_path(place, sizeof(place), "bus/usb/devices/%s", name));
    assert_true(wu_sysfs_path(next, sizeof(next), "bus/usb/devices/next"));
    assert_true(wu_sysfs_path(elsewhere, sizeof(elsewhere), "replaced.%u", replaced++));
    rename(place, elsewhere);
    assert_int_equal(rename(next, place), 0);
}

void fake_bus_plug_hub(const char *name, unsigned ports)
{
    fake_bus_plug(name, &(struct fake_bus_device){ .vid = 0x05E3,
                                                   .pid = 0x0608,
                                                   .class_code = 9,
                                                   .speed = "480",
                                                   .ports = ports,
                                                   .product = "USB2.0 Hub" });
}

void fake_bus_add(unsigned bus, const char *folder, const char *speed, unsigned ports)
{
    char name[16];

    fake_sys_add_root_hub(bus, folder);
    snprintf(name, sizeof(name), "usb%u", bus);
    fake_bus_plug(name, &(struct fake_bus_device){ .vid = 0x1D6B,
                                                   .pid = 2,
                                                   .class_code = 9,
                                                   .speed = speed,
                                                   .ports = ports,
                                                   .address = 1,
                                                   .product = "xHCI Host Controller" });
}

void fake_bus_add_pci(const char *folder, const char *class_code)
{
    const char *const files[][2] = {
        { "vendor", "0x8086\n" }, { "device", "0x1e31\n" },
        { "class", class_code },  { "subsystem_vendor", "0x17aa\n" },
        { "revision", "0x04\n" }, { "subsystem_device", "0x21f3\n" },
    };
    char path[256];

    for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
        snprintf(path, sizeof(path), "%s/%s", folder, files[i][0]);
        fake_sys_write_text(path, files[i][1]);
    }
}
