/*
 * Device nodes: what Windows calls them and what it says of them. Pure.
 *
 * This is the one source of these facts: SetupDi and CfgMgr32 of the native library ask here, and
 * so does whoever writes the registry of a Wine prefix, which their stand-ins under Wine read.
 *
 * Three nodes are known for each function: its own; above it that of its device, if the device is
 * composite; and above that the root hub. Hubs between them are left out, unless the tree of hubs
 * (hubs.h) is known: then all of them are above it, and the controller above the root hub.
 */
#ifndef WU_DEVICES_NODE_H
#define WU_DEVICES_NODE_H

#include "devices/devices.h"
#include "devices/hubs.h"

enum {
    WU_NODE_ID_SIZE = 200,   /* of an instance ID with its NUL: Windows' MAX_DEVICE_ID_LEN */
    WU_NODE_TEXT_SIZE = 512, /* of the longest fact */
};

enum wu_node_kind {
    WU_NODE_FUNCTION,
    WU_NODE_COMPOSITE,
    WU_NODE_ROOT_HUB,
    WU_NODE_HUB,        /* an external one, of a tree */
    WU_NODE_CONTROLLER, /* of a tree */
};

/* Of a tree, a hub or controller is known by its entry in a list; else a root hub by a function
 * below it. What is not known is NULL; all is borrowed. */
struct wu_node {
    enum wu_node_kind kind;
    const struct wu_function *function; /* this one, or one below */
    const struct wu_hub *hub;           /* this one, or the one that the device is plugged into */
};

/** Gives the node of a hub or controller that stands in a list. */
struct wu_node wu_node_of_hub(const struct wu_hub *hub);

/** Writes a node's instance ID in capitals, as Windows does: `USB\VID_1234&PID_ABCD\SN1`.
 *  @param id  WU_NODE_ID_SIZE bytes */
void wu_node_id(const struct wu_node *node, char *id);

/** Writes the path of a node's interface, in lower case: `\\?\usb#vid_1234&pid_abcd#sn1#{guid}`.
 *  @param path  WU_PATH_SIZE bytes */
void wu_node_path(const struct wu_node *node, const GUID *guid, char *path);

/** Tells which node is above another. @return false when there is none known,
 *  as above the root hub or controller */
bool wu_node_parent(const struct wu_node *node, struct wu_node *parent_out);

/* --- Facts ----------------------------------------------------------------------------------- */

enum wu_node_type {
    WU_NODE_TEXT,
    WU_NODE_TEXTS, /* each ends with a NUL, and the last with two */
    WU_NODE_GUID,  /* as text; a GUID where properties are asked for */
    WU_NODE_NUMBER,
    WU_NODE_FLAG, /* a number, 0 or 1 */
};

struct wu_node_value {
    char text[WU_NODE_TEXT_SIZE]; /* UTF-8 */
    DWORD number;
};

enum { WU_NODE_UNNUMBERED = -1 };

struct wu_node_fact {
    enum wu_node_type type;
    int number;        /* SPDRP_...; what CfgMgr32 calls CM_DRP_... is one more; or UNNUMBERED */
    const char *value; /* name of its value in the registry; NULL when it has no number */
    GUID set;          /* the two parts of DEVPKEY_Device_... */
    DWORD key;
    bool (*tell)(const struct wu_node *node, struct wu_node_value *value);

    /* Tells the same of a hub or controller of a tree; NULL: it is said of none. */
    bool (*tell_hub)(const struct wu_hub *hub, struct wu_node_value *value);
};

/** Gives the facts one after the other. @return NULL when there are no more */
const struct wu_node_fact *wu_node_fact_at(size_t index);

/** Finds a fact. @return NULL when that is nothing that we know of any node */
const struct wu_node_fact *wu_node_fact_of_key(const GUID *set, DWORD key);
const struct wu_node_fact *wu_node_fact_of_number(DWORD number);

/**
 * Tells a fact of a node.
 *
 * @param value_out  filled in on success, else of no meaning
 * @return false when this node has none
 */
bool wu_node_tell(const struct wu_node *node,
                  const struct wu_node_fact *fact,
                  struct wu_node_value *value_out);

/* What is said of an interface: whose it is, and what it is. */
enum wu_node_interface_fact {
    WU_NODE_INTERFACE_UNKNOWN,
    WU_NODE_INTERFACE_ID,      /* of its node */
    WU_NODE_INTERFACE_CLASS,   /* its GUID */
    WU_NODE_INTERFACE_ENABLED, /* it always is */
};

/** Tells which fact of an interface has this key. */
enum wu_node_interface_fact wu_node_interface_fact(const GUID *set, DWORD key);

/** Gives the length of several texts [bytes], with the NUL after the last. */
size_t wu_node_texts_size(const char *texts);

/* What Windows says of a device that works: DN_DRIVER_LOADED, DN_STARTED, DN_DISABLEABLE,
 * DN_REMOVABLE, DN_NT_ENUMERATOR, DN_NT_DRIVER. */
enum { WU_NODE_STATUS = 0x0180600A };

/** The setup class of a function with WinUSB: {88BAE032-5A81-49F0-BC3D-A4FF138216D6}. */
#define WU_NODE_CLASS_GUID "{88bae032-5a81-49f0-bc3d-a4ff138216d6}"

#endif
