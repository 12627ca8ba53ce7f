/*
 * What the registry says of a device node, as values: pure, without the registry.
 */
#ifndef WU_WINE_RECORD_H
#define WU_WINE_RECORD_H

#include "devices/node.h"
#include "wine/links.h"

enum {
    WU_RECORD_MAX = 64,
    WU_RECORD_KEY_SIZE = 64,
    WU_RECORD_TEXT_SIZE = WU_GUIDS_MAX * WU_GUID_TEXT_SIZE + 2,
};

/* The subkey where Wine keeps a node's properties: `{set}\0002`, each as a default value. */
#define WU_RECORD_PROPERTIES "Properties"

/* The value by which the keys that we have written are told from others. */
#define WU_RECORD_MARK "OpenWinUSB"

/* Wine lists a node that has this value: it is written last and removed first, so that no program
 * sees a node with half of its values. */
#define WU_RECORD_CLASS "ClassGUID"

/* A node that is published for itself, and not for those below it, has this value there. */
#define WU_RECORD_PARAMETERS "Device Parameters"
#define WU_RECORD_SYMBOLIC_NAME "SymbolicName"

/* A value below the key of the node. */
struct wu_record_value {
    char key[WU_RECORD_KEY_SIZE]; /* a subkey, or "" */
    const char *name;             /* "": the default value */
    enum wu_node_type type;
    bool property; /* its type in the registry is DEVPROP_TYPE_..., as Wine keeps properties */
    char text[WU_RECORD_TEXT_SIZE]; /* UTF-8 */
    DWORD number;
};

struct wu_record {
    struct wu_record_value values[WU_RECORD_MAX];
    size_t count;
};

/** Composes all values of a node. @param guids  a function or a composite device is found under;
 * NULL: a node that is there for those below it alone, or a hub */
void wu_record_make(const struct wu_node *node,
                    const struct wu_guids *guids,
                    struct wu_record *record_out);

/** Writes the device's instance id, `USB\VID_1234&PID_5678\instance`, from its name in links.h. */
void wu_record_instance(const char *name, char instance[WU_LINK_SIZE]);

/** Writes the name of an interface's key: `##?#USB#VID_1234&PID_5678#instance#{guid}`. */
void wu_record_interface(const char *name, char key[WU_LINK_SIZE + 4]);

#endif
