/*
 * Host controllers and hubs, as a tree: for programs that walk it to find devices.
 *
 * Windows has one root hub a controller. Linux has two for an xHCI, each with its own bus, so one
 * controller is made up for each bus.
 *
 * Entries are plain, without pointers: they look the same to programs of 32 and of 64 bits.
 */
#ifndef WU_DEVICES_HUBS_H
#define WU_DEVICES_HUBS_H

#include <stdbool.h>
#include <stddef.h>
#include <windows.h>

#include "devices/devices.h"

enum {
    WU_HUB_WAY_SIZE = 160,
    WU_HUB_PLACE_SIZE = 32,
    WU_HUB_NAME_SIZE = 48,
};

enum wu_hub_kind {
    WU_HUB_CONTROLLER,
    WU_HUB_ROOT,
    WU_HUB_EXTERNAL,
};

/* What Linux knows of the controller of a bus. */
struct wu_hub_controller {
    bool is_pci;            /* else only its name is known */
    unsigned char revision; /* these as the PCI function says */
    unsigned char program;  /* programming interface: 0x30 for xHCI */
    unsigned short vendor;
    unsigned short device;
    unsigned short subsystem_vendor;
    unsigned short subsystem;
    unsigned short bus; /* where the function is */
    unsigned short slot;
    unsigned short function;
    char name[WU_HUB_NAME_SIZE]; /* "0000:00:14.0", "vhci_hcd.0" */
};

struct wu_hub {
    enum wu_hub_kind kind;
    unsigned above;  /* its parent stands so many entries before it; 0: a controller has none */
    unsigned number; /* [1..] another for each hub; of a controller, its bus */

    unsigned bus;                      /* [1..] */
    unsigned address;                  /* [1..127]; 0: a controller */
    char port_path[WU_HUB_PLACE_SIZE]; /* "1.4"; "": a root hub or controller */
    enum wu_usb_speed speed;           /* of a controller, that of its root hub */
    unsigned port_count;

    unsigned short vid; /* of hubs */
    unsigned short pid;
    unsigned short bcd;
    char manufacturer[WU_TEXT_SIZE]; /* UTF-8; "" when it has none */
    char product[WU_TEXT_SIZE];

    char way[WU_HUB_WAY_SIZE]; /* to the root hub: "PCIROOT(0)#PCI(1400)#USBROOT(0)" */
    struct wu_hub_controller controller;
};

/* Parents stand before their children. */
struct wu_hub_list {
    struct wu_hub *hubs;
    size_t count;
};

/**
 * Lists all controllers and hubs, from /sys alone: no device is opened.
 *
 * What comes or goes meanwhile is left out, with all below it.
 *
 * @param list_out  set on success; to be given to wu_hub_list_free()
 * @return ERROR_SUCCESS or ERROR_NOT_ENOUGH_MEMORY
 */
DWORD wu_hub_list_get(struct wu_hub_list *list_out);

/**
 * Lists the controllers and root hubs, and of the other hubs the one that a path means, with those
 * above it. As wu_hub_list_get(), but looks at no others, which takes a quarter of the time for a
 * full bus. Not under Wine, whose Unix side does so by itself.
 */
DWORD wu_hub_list_get_meant(const char *path, struct wu_hub_list *list_out);

void wu_hub_list_free(struct wu_hub_list *list);

/** Gives the parent of an entry that stands in a list, which a copy does not. @return NULL for a
 *  controller */
const struct wu_hub *wu_hub_above(const struct wu_hub *hub);

/** Finds the hub that a function's device is plugged into. @return NULL when it is not listed */
const struct wu_hub *wu_hub_list_above(const struct wu_hub_list *list,
                                       const struct wu_function *function);

/** Gives the GUID of a controller's or hub's one interface. */
const GUID *wu_hub_guid(const struct wu_hub *hub);

/**
 * Writes the path by which a controller or hub is opened, in lower case:
 * `\\?\usb#vid_1234&pid_5678#instance#{guid}`.
 *
 * @param path  WU_PATH_SIZE bytes
 */
void wu_hub_path(const struct wu_hub *hub, char *path);

/** Finds the entry that a path leads to, in any case, with any of the prefixes of paths and any
 * GUID.
 *  @return NULL when there is none */
const struct wu_hub *wu_hub_list_find(const struct wu_hub_list *list, const char *path);

#endif
