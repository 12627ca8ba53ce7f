/*
 * Windows' tree of devices, as far as we ask for it: a node for each USB device and for each part
 * of a composite one, below the hubs that lead to it and the host controller of those.
 *
 * Nothing here waits for a device. Any thread.
 */
#ifndef WU_WINDOWS_DEVNODE_H
#define WU_WINDOWS_DEVNODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <windows.h>

enum { WU_DEVNODE_TEXT_SIZE = 512 };

/* Several texts in one are separated by ';'. */
enum wu_devnode_text {
    WU_DEVNODE_INSTANCE,       /* USB\VID_1234&PID_5678\SERIAL; &MI_nn before the last part: of a
                                  composite device */
    WU_DEVNODE_OBJECT,         /* \Device\USBPDO-3: what the kernel calls it */
    WU_DEVNODE_DRIVER,         /* service: WINUSB, usbccgp... */
    WU_DEVNODE_UPPER_FILTERS,  /* services above the driver */
    WU_DEVNODE_LOWER_FILTERS,  /* and below it */
    WU_DEVNODE_LOCATION,       /* Port_#0002.Hub_#0001, with most hub drivers */
    WU_DEVNODE_LOCATION_PATHS, /* PCIROOT(0)#PCI(1400)#USBROOT(0)#USB(2)#USBMI(1) */
};

struct wu_devnode_list {
    uint32_t *nodes;
    size_t count;
};

/**
 * Lists the nodes that are present and that USB has found.
 *
 * @param list_out  set on success; to be given to wu_devnode_list_free()
 * @return ERROR_SUCCESS; ERROR_NOT_ENOUGH_MEMORY; ERROR_GEN_FAILURE: there is no telling
 */
DWORD wu_devnode_list_get(struct wu_devnode_list *list_out);

void wu_devnode_list_free(struct wu_devnode_list *list);

/**
 * Gives a text of a node.
 *
 * @param text  WU_DEVNODE_TEXT_SIZE bytes, ASCII; empty where there is none, or one that does not
 * fit
 * @return whether there is one
 */
bool wu_devnode_text(uint32_t node, enum wu_devnode_text which, char *text);

/** Gives the number that a node has among those of its parent: a device's port, as most hub drivers
 *  have it. @param address_out  set on success */
bool wu_devnode_address(uint32_t node, unsigned *address_out);

/** Gives the node above. @param parent_out  set on success */
bool wu_devnode_parent(uint32_t node, uint32_t *parent_out);

/** Gives the place of a host controller among all of them [1..], as libusb counts its buses; 0 when
 *  it is none. Takes tens of milliseconds. */
unsigned wu_devnode_controller_ordinal(uint32_t node);

#endif
