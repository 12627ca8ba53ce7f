/*
 * Device nodes, as a program finds them by the properties that SetupDi gives.
 */
#ifndef LAB_HUBS_NODES_H
#define LAB_HUBS_NODES_H

#include <stdbool.h>
#include <windows.h>
#include <setupapi.h>

#include "hub.h"

extern const GUID guid_usb_device, guid_usb_hub, guid_usb_controller;

/* One that has a device interface: what its properties say. */
struct usb_node {
    WCHAR path[NAME_LENGTH];
    WCHAR id[NAME_LENGTH];       /* of its instance */
    WCHAR parent[NAME_LENGTH];   /* the instance of the hub */
    WCHAR service[NAME_LENGTH];  /* winusb, usbccgp, ... */
    WCHAR hardware[NAME_LENGTH]; /* the first of its IDs */
    WCHAR children[NAME_LENGTH]; /* instances, each with its end, then nothing */
    ULONG port;                  /* of the hub */
    bool has_bus;
    ULONG bus;
};

/** Gives the nodes that are present and have an interface of a GUID. What a node has to say of
 * itself, and does not, is an expectation that failed. @return how many, @p most at most */
int nodes_list(const GUID *guid, struct usb_node *nodes, int most);

/** Reads the properties of an instance that is known by its ID. */
bool nodes_read(const WCHAR *id, struct usb_node *node);

/** Expects a node's path to lead to it in a set that had been empty, as one is made of a path that
 * a program has been told. */
void nodes_expect_by_path(const struct usb_node *node);

/** Gives the path of an instance's interface of a GUID. */
bool nodes_path(const WCHAR *id, const GUID *guid, WCHAR path[NAME_LENGTH]);

/** Gives the path of an instance by the GUIDs in its registry key, DeviceInterfaceGUIDs. */
bool nodes_path_by_key(const WCHAR *id, WCHAR path[NAME_LENGTH]);

/** Opens the hub that a node hangs on, by the node's parent. @param flags  as hub_open() */
HANDLE nodes_open_hub(const struct usb_node *node, DWORD flags);

#endif
