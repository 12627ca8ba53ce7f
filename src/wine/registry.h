/*
 * The registry of the Wine prefix that this process lives in, as far as it tells of USB devices.
 *
 * What is there once stays until it is removed. Windows forgets with each start which interfaces
 * are linked; here they stay so, as a program may look for its devices before it loads winusb.dll,
 * in a Wine that has just been started.
 */
#ifndef WU_WINE_REGISTRY_H
#define WU_WINE_REGISTRY_H

#include "devices/node.h"
#include "wine/links.h"

/* Below it, a key for each GUID. */
#define WU_REGISTRY_INTERFACES "SYSTEM\\CurrentControlSet\\Control\\DeviceClasses\\"

/** Writes what is said of the device node of a function, of a composite device or of a hub, and of
 *  those above it that are not there.
 *  @param guids  a function or a composite device is found under; NULL of a hub
 *  @return Win32 code */
DWORD wu_registry_add_device(const struct wu_node *node, const struct wu_guids *guids);

/** Tells whether a node that we have described is where it should be in the tree. */
bool wu_registry_is_in_place(const struct wu_node *node);

/** Makes the interface of that name present. @return Win32 code */
DWORD wu_registry_add_interface(const char *name);

/** Tells whether the interface of that name is present, and its device's node is one that we have
 *  described. */
bool wu_registry_has_interface(const char *name);

/** Tells whether somebody else has an interface of a class. */
bool wu_registry_has_foreign(const GUID *guid);

/** Remove what was added, if it is there; and the keys above that are empty then.
 *  @param name  of an interface; of any of a device
 *  @return Win32 code */
DWORD wu_registry_remove_interface(const char *name);
DWORD wu_registry_remove_device(const char *name);

#endif
