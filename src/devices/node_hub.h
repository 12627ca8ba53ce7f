/*
 * What the facts of nodes are told with, and those of hubs and controllers of a tree, for the table
 * in node_facts.c.
 */
#ifndef WU_DEVICES_NODE_HUB_H
#define WU_DEVICES_NODE_HUB_H

#include <stdio.h>

#include "devices/node.h"

#define WU_NODE_USB_CLASS_GUID "{36fc9e60-c465-11cf-8056-444553540000}"
#define WU_NODE_SYSTEM_CONTAINER "{00000000-0000-0000-ffff-ffffffffffff}"

enum {
    WU_NODE_REMOVABLE = 0x04,
    WU_NODE_UNIQUE = 0x10,
    WU_NODE_SURPRISES = 0x80
}; /* CM_DEVCAP_... */

/* --- Telling --------------------------------------------------------------------------------- */

static inline bool wu_node_say(struct wu_node_value *value, const char *text)
{
    snprintf(value->text, sizeof(value->text), "%s", text);
    return *text != '\0';
}

static inline bool wu_node_count(struct wu_node_value *value, DWORD number)
{
    value->number = number;
    return true;
}

/** Adds one more text to several; the longest that there are fit. */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
void wu_node_append(struct wu_node_value *value, const char *format, ...);

/** Adds `#USB(1)#USB(4)` for "1.4" to a text. @return its end */
char *wu_node_write_ports(const char *ports, char *end);

/** Makes a container's GUID of an ID. @param text  WU_GUID_TEXT_SIZE bytes */
void wu_node_container(const char *id, char *text);

/* --- Of a hub or controller ------------------------------------------------------------------ */

/* What is said of each; false: nothing. */
typedef bool wu_hub_tell(const struct wu_hub *hub, struct wu_node_value *value);

wu_hub_tell wu_hub_tell_address;
wu_hub_tell wu_hub_tell_bus;
wu_hub_tell wu_hub_tell_capabilities;
wu_hub_tell wu_hub_tell_class;
wu_hub_tell wu_hub_tell_class_guid;
wu_hub_tell wu_hub_tell_compatible_ids;
wu_hub_tell wu_hub_tell_container;
wu_hub_tell wu_hub_tell_description;
wu_hub_tell wu_hub_tell_driver;
wu_hub_tell wu_hub_tell_enumerator;
wu_hub_tell wu_hub_tell_hardware_ids;
wu_hub_tell wu_hub_tell_id;
wu_hub_tell wu_hub_tell_location;
wu_hub_tell wu_hub_tell_location_paths;
wu_hub_tell wu_hub_tell_manufacturer;
wu_hub_tell wu_hub_tell_object_name;
wu_hub_tell wu_hub_tell_parent;
wu_hub_tell wu_hub_tell_presence;
wu_hub_tell wu_hub_tell_product;
wu_hub_tell wu_hub_tell_removal_policy;
wu_hub_tell wu_hub_tell_service;
wu_hub_tell wu_hub_tell_status;
wu_hub_tell wu_hub_tell_zero;

#endif
