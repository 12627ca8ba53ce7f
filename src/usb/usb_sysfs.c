/*
 * Linux keeps the descriptors of each device in sysfs, byte for byte. libusb could tell the same
 * without sysfs, but only as it understood them: interfaces it does not expect are left out.
 */
#include "usb/usb_attributes.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/posix/sysfs.h"
#include "usb/bytes.h"
#include "usb/usb_error.h"
#include "usb/usb_look.h"

enum {
    PATH_SIZE = 512,
    DESCRIPTORS_MAX = 1 << 18, /* more than 255 configurations hold is no device's */
    CONFIGURATION_HEADER = 9,
};

/* "usb2" for a root hub, "2-1.4" for what hangs on it. */
static void device_name(const struct wu_usb_info *info, char *name, size_t size)
{
    int used;

    if (info->depth == 0) {
        snprintf(name, size, "usb%u", info->bus);
        return;
    }

    used = snprintf(name, size, "%u", info->bus);
    for (unsigned i = 0; i < info->depth && i < WU_USB_DEPTH; i++)
        used +=
            snprintf(name + used, size - (size_t)used, "%c%u", i == 0 ? '-' : '.', info->ports[i]);
}

static void device_path(const struct wu_usb_info *info, const char *rest, char *path)
{
    char name[64];

    device_name(info, name, sizeof(name));
    if (!wu_sysfs_path(path, PATH_SIZE, "bus/usb/devices/%s%s", name, rest))
        *path = '\0'; /* what there cannot be */
}

bool wu_usb_file_path(const struct wu_usb_info *info, const char *name, char *path, size_t size)
{
    char device[64];

    device_name(info, device, sizeof(device));
    return wu_sysfs_path(path, size, "bus/usb/devices/%s%s%s", device, *name != '\0' ? "/" : "",
                         name);
}

/* The kernel gives what is long a page at a time. */
size_t wu_usb_file(const struct wu_usb_info *info, const char *name, void *bytes, size_t size)
{
    char path[PATH_SIZE];
    size_t total = 0;
    ssize_t got = 1;

    if (!wu_usb_file_path(info, name, path, sizeof(path)))
        return 0;

    const int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return 0;

    while (got > 0 && total < size) {
        got = read(file, (char *)bytes + total, size - total);
        total += got > 0 ? (size_t)got : 0;
    }

    close(file);
    return total;
}

/* Reads a short text; it is empty when there is none. */
static void read_text(const struct wu_usb_info *info, const char *name, char *text, size_t size)
{
    char path[PATH_SIZE];

    device_path(info, name, path);
    if (!wu_sysfs_read(path, text, size))
        *text = '\0';
}

void wu_usb_text(const struct wu_usb_info *info, enum wu_usb_text which, char *text, size_t size)
{
    static const char *const names[] = { "/manufacturer", "/product", "/serial" };

    read_text(info, names[which], text, size);
    text[strcspn(text, "\n")] = '\0';
}

void wu_usb_driver(const struct wu_usb_info *info,
                   unsigned interface_number,
                   char *name,
                   size_t size)
{
    char device[64], rest[128], path[PATH_SIZE], target[PATH_SIZE];
    ssize_t length;

    device_name(info, device, sizeof(device));
    snprintf(rest, sizeof(rest), "/%s:%u.%u/driver", device, info->configuration[5],
             interface_number);
    device_path(info, rest, path);

    length = readlink(path, target, sizeof(target) - 1);
    target[length > 0 ? length : 0] = '\0';
    snprintf(name, size, "%s", strrchr(target, '/') ? strrchr(target, '/') + 1 : "");
}

/* The kernel counts the folders that it makes below /sys, and gives no number twice. */
uint64_t wu_usb_stay(const struct wu_usb_info *info)
{
    char path[PATH_SIZE];
    struct stat status;

    device_path(info, "", path);
    return stat(path, &status) == 0 ? (uint64_t)status.st_ino : 0;
}

/* Finds the configuration with this value; the file holds the device descriptor, then them all. */
static const unsigned char *
find_configuration(const unsigned char *bytes, size_t size, unsigned value, size_t *size_out)
{
    size_t at = WU_USB_DEVICE_DESCRIPTOR_SIZE;

    while (at + CONFIGURATION_HEADER <= size) {
        const size_t total = wu_get16(bytes + at + 2);

        if (total < CONFIGURATION_HEADER)
            return NULL;
        if (bytes[at + 5] == value) {
            *size_out = total < size - at ? total : size - at;
            return bytes + at;
        }
        at += total;
    }

    return NULL;
}

static unsigned active_value(const struct wu_usb_info *info)
{
    char text[16];

    read_text(info, "/bConfigurationValue", text, sizeof(text));
    return (unsigned)strtoul(text, NULL, 10);
}

uint32_t wu_usb_active_configuration(const struct wu_usb_info *info,
                                     unsigned char **bytes_out,
                                     size_t *size_out)
{
    const unsigned value = active_value(info);
    unsigned char *all = malloc(DESCRIPTORS_MAX);
    const unsigned char *found = NULL;
    size_t size = 0;

    if (!all)
        return WU_USB_NO_MEMORY;

    if (value != 0)
        found = find_configuration(all, wu_usb_file(info, "descriptors", all, DESCRIPTORS_MAX),
                                   value, &size);
    if (found) {
        memmove(all, found, size);
    } else {
        free(all);
        all = NULL;
    }

    *bytes_out = all;
    *size_out = size;
    return WU_USB_OK;
}

/* usbfs lets all programs together have so many MiB under way; 0 is no limit. */
uint64_t wu_usb_transfer_memory(void)
{
    char path[PATH_SIZE], text[32];

    if (!wu_sysfs_path(path, sizeof(path), "module/usbcore/parameters/usbfs_memory_mb") ||
        !wu_sysfs_read(path, text, sizeof(text)))
        return 0;
    return (uint64_t)strtoul(text, NULL, 10) << 20;
}

/* --- Looking, without libusb ------------------------------------------------------------------ */

/* Reads a number of at most three digits, and the character after it. */
static bool parse_part(const char **text, unsigned *number_out, char *end_out)
{
    unsigned number = 0, digits = 0;

    for (; isdigit((unsigned char)**text) && digits < 4; digits++)
        number = number * 10 + (unsigned)(*(*text)++ - '0');
    *number_out = number;
    *end_out = **text;
    *text += **text != '\0';
    return digits > 0 && digits < 4 && number > 0;
}

bool wu_usb_place(const char *name, struct wu_usb_info *info_out)
{
    const bool root = strncmp(name, "usb", 3) == 0;
    struct wu_usb_info info = { 0 };
    const char *rest = root ? name + 3 : name;
    unsigned port;
    char end;

    if (!parse_part(&rest, &info.bus, &end) || end != (root ? '\0' : '-'))
        return false;

    for (; end != '\0'; info.ports[info.depth++] = (unsigned char)port)
        if (info.depth == WU_USB_DEPTH || !parse_part(&rest, &port, &end) || port > 255 ||
            (end != '.' && end != '\0'))
            return false;

    *info_out = info;
    return true;
}

unsigned wu_usb_file_number(const struct wu_usb_info *info, const char *name, unsigned otherwise)
{
    char text[16] = { 0 };
    unsigned number;

    wu_usb_file(info, name, text, sizeof(text) - 1);
    return strchr(text, '-') == NULL && sscanf(text, "%9u", &number) == 1 ? number : otherwise;
}

/* [Mbit/s] "1.5" is low speed. */
static enum wu_usb_speed look_at_speed(const struct wu_usb_info *info)
{
    switch (wu_usb_file_number(info, "speed", 0)) {
    case 1:
        return WU_USB_SPEED_LOW;
    case 12:
        return WU_USB_SPEED_FULL;
    case 480:
        return WU_USB_SPEED_HIGH;
    case 5000:
        return WU_USB_SPEED_SUPER;
    case 10000:
    case 20000:
        return WU_USB_SPEED_SUPER_PLUS;
    default:
        return WU_USB_SPEED_UNKNOWN;
    }
}

bool wu_usb_look(struct wu_usb_info *info)
{
    enum { DEVICE = 1, ADDRESS_MAX = 127 };
    struct wu_usb_info found = *info;

    found.address = wu_usb_file_number(info, "devnum", 0);
    found.speed = look_at_speed(info);
    if (found.address == 0 || found.address > ADDRESS_MAX ||
        wu_usb_file(info, "descriptors", found.device, sizeof(found.device)) !=
            sizeof(found.device) ||
        found.device[0] != sizeof(found.device) || found.device[1] != DEVICE)
        return false;

    *info = found;
    return true;
}
