#include "watch.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lab.h"

enum { UHCI, OHCI, EHCI, XHCI, KINDS };

/* Where the four kinds differ. The last byte of the PCI class code, divided by 16, is the index. */
static const struct kind {
    const char *name;
    const char *module; /* folder in debugfs */
    const char *file;   /* in there, below or in place of the controller's id */
    const char *label;  /* what precedes the number */
    unsigned bits;      /* for 2048 frames */
    int64_t tick;       /* [ns] */
} kinds[KINDS] = {
    [UHCI] = { "UHCI", "uhci", "", "usbfrnum  =   (", 11, 1000000 },
    [OHCI] = { "OHCI", "ohci", "/registers", "hcca frame 0x", 11, 1000000 },
    [EHCI] = { "EHCI", "ehci", "/registers", "uframe ", 14, 125000 },
    [XHCI] = { "xHCI", "xhci", "/reg-runtime", "MFINDEX = 0x", 14, 125000 },
};

static bool complain(const char *what, const char *path)
{
    fprintf(stderr, "watch: cannot %s %s: %s\n", what, path, strerror(errno));
    return false;
}

/* Finds the PCI device of a bus' controller: its folder in sysfs, and its kind. */
static bool find_controller(unsigned bus, char folder[PATH_MAX], unsigned *kind_out)
{
    char path[PATH_MAX + 16];
    unsigned class_code;
    FILE *file;
    int found;

    snprintf(path, sizeof(path), "/sys/bus/usb/devices/usb%u/..", bus);
    if (!realpath(path, folder))
        return complain("find", path);
    snprintf(path, sizeof(path), "%s/class", folder);
    file = fopen(path, "r");
    if (!file)
        return complain("open", path);
    found = fscanf(file, "%x", &class_code);
    fclose(file);
    if (found != 1 || class_code >> 8 != 0x0c03 || (class_code & 0xff) >> 4 >= KINDS)
        return complain("watch: no known controller at", folder);
    *kind_out = (class_code & 0xff) >> 4;
    return true;
}

/* --- By register --------------------------------------------------------------------------- */

static uint32_t read_mapped(const struct watch *watch)
{
    return *watch->counter;
}

/* Byte 6 of the I/O ports: FRNUM. */
static uint32_t read_port(const struct watch *watch)
{
    uint16_t number;

    if (pread(watch->file, &number, sizeof(number), 6) != (ssize_t)sizeof(number))
        return UINT32_MAX;
    return number;
}

/* Index of the counter's 32-bit register, from the registers themselves where it is not fixed. */
static size_t counter_index(unsigned kind, const volatile uint32_t *registers)
{
    switch (kind) {
    case XHCI: /* RTSOFF, then MFINDEX comes first */
        return (registers[0x18 / 4] & ~0x1fU) / 4;
    case EHCI: /* CAPLENGTH, then FRINDEX */
        return ((registers[0] & 0xff) + 0x0c) / 4;
    default: /* HcFmNumber */
        return 0x3c / 4;
    }
}

static bool open_mapped(unsigned kind, const char *folder, struct watch *watch)
{
    char path[PATH_MAX + 16];
    const volatile uint32_t *registers;
    const size_t size = kind == XHCI ? 0x4000 : 0x1000;
    int file;

    snprintf(path, sizeof(path), "%s/resource0", folder);
    file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return complain("open", path);
    registers = mmap(NULL, size, PROT_READ, MAP_SHARED, file, 0);
    close(file);
    if (registers == MAP_FAILED)
        return complain("map", path);
    watch->counter = registers + counter_index(kind, registers);
    watch->read = read_mapped;
    return true;
}

static bool open_port(const char *folder, struct watch *watch)
{
    char path[PATH_MAX + 16];

    snprintf(path, sizeof(path), "%s/resource4", folder);
    watch->file = open(path, O_RDONLY | O_CLOEXEC);
    watch->read = read_port;
    return watch->file >= 0 || complain("open", path);
}

/* --- By debugfs ---------------------------------------------------------------------------- */

static uint32_t read_text(const struct watch *watch)
{
    char text[4096];
    const ssize_t length = pread(watch->file, text, sizeof(text) - 1, 0);
    const char *number;

    if (length <= 0)
        return UINT32_MAX;
    text[length] = '\0';
    number = strstr(text, watch->label);
    if (!number)
        return UINT32_MAX;
    number += strlen(watch->label);
    if (number[0] != '\0' && number[1] == ')') /* UHCI: bit 10, then four times the bits below */
        return (uint32_t)(number[0] - '0') << 10 | (uint32_t)strtoul(number + 2, NULL, 16) / 4;
    return (uint32_t)strtoul(number, NULL, 16);
}

static bool open_text(const struct kind *kind, const char *folder, struct watch *watch)
{
    char path[PATH_MAX];

    snprintf(path, sizeof(path), "/sys/kernel/debug/usb/%s/%s%s", kind->module,
             strrchr(folder, '/') + 1, kind->file);
    watch->file = open(path, O_RDONLY | O_CLOEXEC);
    watch->read = read_text;
    watch->label = kind->label;
    return watch->file >= 0 || complain("open", path);
}

/* ------------------------------------------------------------------------------------------- */

bool watch_open(unsigned bus, enum watch_way way, struct watch *watch_out)
{
    char folder[PATH_MAX];
    struct watch watch = { .file = -1 };
    unsigned kind;
    bool opened;

    if (!find_controller(bus, folder, &kind))
        return false;

    watch.controller = kinds[kind].name;
    watch.bits = kinds[kind].bits;
    watch.tick = kinds[kind].tick;
    if (way == WATCH_DEBUGFS)
        opened = open_text(&kinds[kind], folder, &watch);
    else if (kind == UHCI)
        opened = open_port(folder, &watch);
    else
        opened = open_mapped(kind, folder, &watch);
    if (opened)
        *watch_out = watch;
    return opened;
}

struct watch_reading watch_read(const struct watch *watch)
{
    const int64_t before = lab_now();
    const uint32_t count = watch->read(watch);
    const int64_t after = lab_now();

    return (struct watch_reading){ count & ((1U << watch->bits) - 1), before, after };
}

int32_t watch_distance(const struct watch *watch, uint32_t from, uint32_t to)
{
    const unsigned spare = 32 - watch->bits;

    return (int32_t)((to - from) << spare) >> spare;
}

struct watch_passage watch_passage(const struct watch *watch, uint32_t count, int64_t deadline)
{
    struct watch_passage passage = { INT64_MIN, INT64_MAX };
    struct watch_reading reading = watch_read(watch);

    while (watch_distance(watch, count, reading.count) < 0 && reading.after <= deadline) {
        passage.earliest = reading.before;
        reading = watch_read(watch);
    }
    if (watch_distance(watch, count, reading.count) >= 0)
        passage.latest = reading.after;
    return passage;
}
