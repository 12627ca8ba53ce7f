/*
 * Buses, hubs and devices in the /sys of fake_sys.h.
 */
#ifndef WU_TESTS_FAKE_BUS_H
#define WU_TESTS_FAKE_BUS_H

#include <stddef.h>

#include "fake_sys.h"

struct fake_bus_device {
    unsigned vid;
    unsigned pid;
    unsigned class_code;                 /* 9: a hub */
    const char *speed;                   /* "480" */
    unsigned ports;                      /* of a hub */
    unsigned address;                    /* 0: the next one */
    const unsigned char *configurations; /* as on the wire; NULL: it has none */
    size_t size;                         /* [bytes] of them */
    unsigned active;                     /* value of the one that is selected; 0: none is */
    const char *manufacturer;            /* NULL: none; so of the others */
    const char *product;
    const char *serial;
};

/**
 * Puts a bus into the tree.
 *
 * @param folder  of its controller: "devices/pci0000:00/0000:00:14.0"
 */
void fake_bus_add(unsigned bus, const char *folder, const char *speed, unsigned ports);

/** Writes what a PCI function says. @param class_code  "0x0c0330" */
void fake_bus_add_pci(const char *folder, const char *class_code);

/** Plugs a device in. @param name  its place: "1-2.3" */
void fake_bus_plug(const char *name, const struct fake_bus_device *device);

/** Puts a device, all at once, where another one is or none. As in the kernel's, no folder has the
 *  number of an earlier one. One thread at a time. */
void fake_bus_replace(const char *name, const struct fake_bus_device *device);

/** Plugs a hub in: high speed, 05e3:0608. */
void fake_bus_plug_hub(const char *name, unsigned ports);

/** Writes a device's file. */
void fake_bus_write(const char *name, const char *file, const void *bytes, size_t size);
void fake_bus_write_text(const char *name, const char *file, const char *text);

/** Gives an interface, "1-2:1.0", of a device a driver. */
void fake_bus_bind(const char *name, const char *interface_name, const char *driver);

/** Takes a device's file away. */
void fake_bus_remove(const char *name, const char *file);

#endif
