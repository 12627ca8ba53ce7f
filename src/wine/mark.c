#include "wine/mark.h"

#include <dirent.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "host/posix/sysfs.h"

#define DEVICES "bus/usb/devices"

/* FNV-1a */
static const uint64_t start = UINT64_C(14695981039346656037), prime = UINT64_C(1099511628211);

static uint64_t hash(uint64_t mark, const char *text)
{
    for (; *text != '\0'; text++)
        mark = (mark ^ (unsigned char)*text) * prime;

    return mark;
}

static uint64_t add_file(uint64_t mark, const char *folder, const char *name)
{
    char text[64];

    return wu_sysfs_read_in(folder, name, text, sizeof(text)) ? hash(mark, text) : mark;
}

/* That a program opens a device changes nothing. */
static uint64_t add_driver(uint64_t mark, const char *folder)
{
    char path[PATH_MAX], target[PATH_MAX];
    ssize_t length;

    snprintf(path, sizeof(path), "%.*s/driver", (int)sizeof(path) - 8, folder);
    length = readlink(path, target, sizeof(target) - 1);
    if (length < 0)
        return mark;

    target[length] = '\0';
    return strcmp(strrchr(target, '/'), "/usbfs") == 0 ? mark : hash(mark, target);
}

/* Of a device, an interface has none. */
static uint64_t add_access(uint64_t mark, const char *folder)
{
    char bus[16], address[16], path[64];
    unsigned bus_number, address_number;

    if (!wu_sysfs_read_in(folder, "busnum", bus, sizeof(bus)) ||
        !wu_sysfs_read_in(folder, "devnum", address, sizeof(address)) ||
        sscanf(bus, "%u", &bus_number) != 1 || sscanf(address, "%u", &address_number) != 1)
        return mark;

    snprintf(path, sizeof(path), "/dev/bus/usb/%03u/%03u", bus_number, address_number);
    return hash(hash(mark, path), access(path, R_OK | W_OK) == 0 ? "open" : "closed");
}

static uint64_t mark_of(const char *name)
{
    char folder[PATH_MAX];

    if (!wu_sysfs_path(folder, sizeof(folder), DEVICES "/%s", name))
        return 0;

    return add_access(
        add_driver(add_file(hash(start, name), folder, "bConfigurationValue"), folder), folder);
}

uint64_t wu_mark(const char *text)
{
    uint64_t mark = hash(start, text);
    char path[PATH_MAX];
    const struct dirent *entry;
    DIR *folder = wu_sysfs_path(path, sizeof(path), DEVICES) ? opendir(path) : NULL;

    while (folder && (entry = readdir(folder)) != NULL)
        if (entry->d_name[0] != '.')
            mark += mark_of(entry->d_name); /* whichever comes first */
    if (folder)
        closedir(folder);
    return mark != 0 ? mark : 1;
}
