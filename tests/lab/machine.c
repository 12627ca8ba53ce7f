#include "machine.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* --- Devices ------------------------------------------------------------------------------- */

/* Reads the first line of a device's file in sysfs. */
static bool read_attribute(const char *device, const char *name, char text[64])
{
    char path[512];
    FILE *file;
    bool found;

    snprintf(path, sizeof(path), "/sys/bus/usb/devices/%s/%s", device, name);
    file = fopen(path, "r");
    if (!file)
        return false;
    found = fgets(text, 64, file) != NULL;
    fclose(file);
    text[found ? strcspn(text, "\n") : 0] = '\0';
    return found;
}

static bool match(const char *name, const char *product, struct lab_device *device_out)
{
    char text[64];
    unsigned bus;

    if (!read_attribute(name, "product", text) || strcmp(text, product) != 0 ||
        !read_attribute(name, "busnum", text))
        return false;
    bus = (unsigned)atoi(text);
    if (!read_attribute(name, "devnum", text))
        return false;
    device_out->bus = bus;
    snprintf(device_out->node, sizeof(device_out->node), "/dev/bus/usb/%03u/%03d", bus, atoi(text));
    return true;
}

static bool find(const char *product, struct lab_device *device_out)
{
    DIR *folder = opendir("/sys/bus/usb/devices");
    const struct dirent *entry;
    bool found = false;

    while (folder && !found && (entry = readdir(folder)) != NULL)
        found = match(entry->d_name, product, device_out);
    if (folder)
        closedir(folder);
    return found;
}

bool lab_find(const char *product, struct lab_device *device_out)
{
    if (find(product, device_out))
        return true;
    fprintf(stderr, "lab: no device \"%s\"\n", product);
    return false;
}

bool lab_present(const char *product)
{
    struct lab_device device;

    return find(product, &device);
}

bool lab_publish(void)
{
    const char *command = getenv("LAB_PUBLISH");

    if (!command || system(command) == 0)
        return true;
    fprintf(stderr, "lab: the devices are not published: %s fails\n", command);
    return false;
}

/* --- Clock --------------------------------------------------------------------------------- */

static clockid_t clock_id = CLOCK_MONOTONIC_RAW;

void lab_set_clock(int id)
{
    clock_id = id;
}

int64_t lab_now(void)
{
    struct timespec now;

    clock_gettime(clock_id, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

void lab_sleep(int64_t duration)
{
    const struct timespec time = { (time_t)(duration / 1000000000), (long)(duration % 1000000000) };

    if (duration > 0)
        nanosleep(&time, NULL);
}

/* --- The monitor --------------------------------------------------------------------------- */

bool lab_monitor(const char *command)
{
    FILE *monitor = fopen("/dev/lab/monitor", "w");
    bool sent;

    if (!monitor) {
        fprintf(stderr, "lab: no monitor: %s\n", strerror(errno));
        return false;
    }
    sent = fprintf(monitor, "%s\n", command) > 0;
    return fclose(monitor) == 0 && sent;
}
