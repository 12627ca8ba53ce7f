/* What Windows says of the nodes of host controllers and hubs. */
#include "devices/node_hub.h"

#include <stdio.h>
#include <string.h>

/* Programming interfaces of PCI functions. */
enum { UHCI = 0x00, OHCI = 0x10, EHCI = 0x20, XHCI = 0x30 };

static bool is_super(const struct wu_hub *hub)
{
    return hub->speed >= WU_USB_SPEED_SUPER;
}

static bool is_removable(const struct wu_hub *hub)
{
    return hub->kind == WU_HUB_EXTERNAL;
}

/* --- Names ----------------------------------------------------------------------------------- */

bool wu_hub_tell_id(const struct wu_hub *hub, struct wu_node_value *value)
{
    const struct wu_node node = wu_node_of_hub(hub);

    wu_node_id(&node, value->text);
    return true;
}

bool wu_hub_tell_parent(const struct wu_hub *hub, struct wu_node_value *value)
{
    const struct wu_hub *above = wu_hub_above(hub);

    return above ? wu_hub_tell_id(above, value) : wu_node_say(value, "HTREE\\ROOT\\0");
}

static const char *describe_controller(const struct wu_hub *hub)
{
    switch (hub->controller.is_pci ? hub->controller.program : -1) {
    case UHCI:
        return "USB UHCI Host Controller";
    case OHCI:
        return "USB OHCI Host Controller";
    case EHCI:
        return "USB EHCI Host Controller";
    case XHCI:
        return "USB xHCI Host Controller";
    default:
        return "USB Host Controller";
    }
}

bool wu_hub_tell_description(const struct wu_hub *hub, struct wu_node_value *value)
{
    if (hub->kind == WU_HUB_CONTROLLER)
        return wu_node_say(value, describe_controller(hub));
    if (hub->kind == WU_HUB_ROOT)
        return wu_node_say(value, is_super(hub) ? "USB Root Hub (USB 3.0)" : "USB Root Hub");
    return wu_node_say(value, is_super(hub) ? "Generic SuperSpeed USB Hub" : "Generic USB Hub");
}

/* The kernel's own name for a root hub is nobody's. */
bool wu_hub_tell_product(const struct wu_hub *hub, struct wu_node_value *value)
{
    return is_removable(hub) && wu_node_say(value, hub->product);
}

bool wu_hub_tell_manufacturer(const struct wu_hub *hub, struct wu_node_value *value)
{
    return wu_node_say(value, hub->kind == WU_HUB_CONTROLLER ? "(Standard USB Host Controller)"
                                                             : "(Standard USB HUBs)");
}

static void append_pci_ids(const struct wu_hub_controller *pci, struct wu_node_value *value)
{
    wu_node_append(value, "PCI\\VEN_%04X&DEV_%04X&SUBSYS_%04X%04X&REV_%02X", pci->vendor,
                   pci->device, pci->subsystem, pci->subsystem_vendor, pci->revision);
    wu_node_append(value, "PCI\\VEN_%04X&DEV_%04X&SUBSYS_%04X%04X", pci->vendor, pci->device,
                   pci->subsystem, pci->subsystem_vendor);
    wu_node_append(value, "PCI\\VEN_%04X&DEV_%04X&REV_%02X", pci->vendor, pci->device,
                   pci->revision);
    wu_node_append(value, "PCI\\VEN_%04X&DEV_%04X", pci->vendor, pci->device);
}

/* Of an ID, what stands before the instance. */
static void append_kind(const struct wu_hub *hub, struct wu_node_value *value)
{
    const struct wu_node node = wu_node_of_hub(hub);
    char id[WU_NODE_ID_SIZE];

    wu_node_id(&node, id);
    *strrchr(id, '\\') = '\0';
    wu_node_append(value, "%s", id);
}

bool wu_hub_tell_hardware_ids(const struct wu_hub *hub, struct wu_node_value *value)
{
    if (hub->kind == WU_HUB_CONTROLLER && hub->controller.is_pci)
        append_pci_ids(&hub->controller, value);
    else if (hub->kind == WU_HUB_EXTERNAL)
        wu_node_append(value, "USB\\VID_%04X&PID_%04X&REV_%04X", hub->vid, hub->pid, hub->bcd);
    if (hub->kind != WU_HUB_CONTROLLER || !hub->controller.is_pci)
        append_kind(hub, value);
    return true;
}

bool wu_hub_tell_compatible_ids(const struct wu_hub *hub, struct wu_node_value *value)
{
    if (hub->kind == WU_HUB_CONTROLLER && hub->controller.is_pci)
        wu_node_append(value, "PCI\\CC_0C03%02X", hub->controller.program);
    else if (hub->kind == WU_HUB_EXTERNAL)
        wu_node_append(value, "USB\\Class_09");
    return value->text[0] != '\0';
}

/* --- Driver ---------------------------------------------------------------------------------- */

static const char *controller_service(const struct wu_hub *hub)
{
    switch (hub->controller.is_pci ? hub->controller.program : -1) {
    case UHCI:
        return "usbuhci";
    case OHCI:
        return "usbohci";
    case EHCI:
        return "usbehci";
    default:
        return "USBXHCI";
    }
}

bool wu_hub_tell_service(const struct wu_hub *hub, struct wu_node_value *value)
{
    if (hub->kind == WU_HUB_CONTROLLER)
        return wu_node_say(value, controller_service(hub));
    return wu_node_say(value, is_super(hub) ? "USBHUB3" : "usbhub");
}

bool wu_hub_tell_class(const struct wu_hub *hub, struct wu_node_value *value)
{
    (void)hub;
    return wu_node_say(value, "USB");
}

bool wu_hub_tell_class_guid(const struct wu_hub *hub, struct wu_node_value *value)
{
    (void)hub;
    return wu_node_say(value, WU_NODE_USB_CLASS_GUID);
}

/* A number that no other node has; those of devices begin with their addresses, from 1 on. */
static unsigned number_of(const struct wu_hub *hub)
{
    if (hub->kind == WU_HUB_EXTERNAL)
        return hub->bus << 16 | hub->address << 8;
    return hub->bus << 16 | (hub->kind == WU_HUB_CONTROLLER);
}

bool wu_hub_tell_driver(const struct wu_hub *hub, struct wu_node_value *value)
{
    snprintf(value->text, sizeof(value->text), WU_NODE_USB_CLASS_GUID "\\%04u", number_of(hub));
    return true;
}

bool wu_hub_tell_object_name(const struct wu_hub *hub, struct wu_node_value *value)
{
    snprintf(value->text, sizeof(value->text), "\\Device\\USBPDO-%u", number_of(hub));
    return true;
}

bool wu_hub_tell_enumerator(const struct wu_hub *hub, struct wu_node_value *value)
{
    if (hub->kind != WU_HUB_CONTROLLER)
        return wu_node_say(value, "USB");
    return wu_node_say(value, hub->controller.is_pci ? "PCI" : "ROOT");
}

bool wu_hub_tell_zero(const struct wu_hub *hub, struct wu_node_value *value)
{
    (void)hub;
    return wu_node_count(value, 0);
}

bool wu_hub_tell_presence(const struct wu_hub *hub, struct wu_node_value *value)
{
    (void)hub;
    return wu_node_count(value, 1);
}

bool wu_hub_tell_status(const struct wu_hub *hub, struct wu_node_value *value)
{
    (void)hub;
    return wu_node_count(value, WU_NODE_STATUS);
}

bool wu_hub_tell_capabilities(const struct wu_hub *hub, struct wu_node_value *value)
{
    return wu_node_count(value, is_removable(hub) ? WU_NODE_REMOVABLE | WU_NODE_SURPRISES : 0);
}

/* CM_REMOVAL_POLICY_EXPECT_NO_REMOVAL, CM_REMOVAL_POLICY_EXPECT_SURPRISE_REMOVAL */
bool wu_hub_tell_removal_policy(const struct wu_hub *hub, struct wu_node_value *value)
{
    return wu_node_count(value, is_removable(hub) ? 3 : 1);
}

/* --- Place ----------------------------------------------------------------------------------- */

static unsigned port_of(const struct wu_hub *hub)
{
    const char *dot = strrchr(hub->port_path, '.');
    unsigned port = 0;

    sscanf(dot ? dot + 1 : hub->port_path, "%u", &port);
    return port;
}

static bool locate_controller(const struct wu_hub_controller *pci, struct wu_node_value *value)
{
    if (!pci->is_pci)
        return false;

    snprintf(value->text, sizeof(value->text), "PCI bus %u, device %u, function %u", pci->bus,
             pci->slot, pci->function);
    return true;
}

bool wu_hub_tell_location(const struct wu_hub *hub, struct wu_node_value *value)
{
    if (hub->kind == WU_HUB_CONTROLLER)
        return locate_controller(&hub->controller, value);
    if (hub->kind == WU_HUB_ROOT)
        return false;

    snprintf(value->text, sizeof(value->text), "Port_#%04u.Hub_#%04u", port_of(hub),
             wu_hub_above(hub)->number);
    return true;
}

/* The controller's ends before the root hub's. */
bool wu_hub_tell_location_paths(const struct wu_hub *hub, struct wu_node_value *value)
{
    const int length = snprintf(value->text, sizeof(value->text), "%s", hub->way);

    if (hub->kind == WU_HUB_CONTROLLER)
        *strrchr(value->text, '#') = '\0';
    else
        wu_node_write_ports(hub->port_path, value->text + length);
    return true;
}

bool wu_hub_tell_bus(const struct wu_hub *hub, struct wu_node_value *value)
{
    return wu_node_count(value, hub->bus);
}

/* Of a PCI function, both of its numbers; of a hub, its port. */
bool wu_hub_tell_address(const struct wu_hub *hub, struct wu_node_value *value)
{
    const struct wu_hub_controller *pci = &hub->controller;

    if (hub->kind == WU_HUB_CONTROLLER)
        return wu_node_count(value, (DWORD)pci->slot << 16 | pci->function);
    return wu_node_count(value, port_of(hub));
}

bool wu_hub_tell_container(const struct wu_hub *hub, struct wu_node_value *value)
{
    const struct wu_node node = wu_node_of_hub(hub);
    char id[WU_NODE_ID_SIZE];

    if (!is_removable(hub))
        return wu_node_say(value, WU_NODE_SYSTEM_CONTAINER);

    wu_node_id(&node, id);
    wu_node_container(id, value->text);
    return true;
}
