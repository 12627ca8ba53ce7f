/* A double of cfgmgr32.dll: a tree of devices with what winusb.dll asks of it. */
#include <windows.h>
#include <cfgmgr32.h>

#include "double.h"

struct node {
    const char *instance;
    const char *object;
    DEVINST parent; /* 0: none */
    DWORD address;  /* port */
};

static const struct node nodes[] = {
    { "PCI\\VEN_8086&DEV_A36D\\3&11583659&0&A0", "\\Device\\NTPNP_PCI0015", 0, 20 },
    { "USB\\ROOT_HUB30\\4&1B2C3D4E&0&0", "\\Device\\USBPDO-0", 1, 0 },
    { "USB\\VID_05E3&PID_0610\\5&2A3B4C5D&0&2", "\\Device\\USBPDO-1", 2, 2 },
    { DOUBLE_INSTANCE, DOUBLE_OBJECT, 3, 4 },
    { DOUBLE_OTHER_INSTANCE, DOUBLE_OTHER_OBJECT, 2, 1 },
};

enum { NODES = sizeof(nodes) / sizeof(nodes[0]) };

static const struct node *find(DEVINST number)
{
    return number > 0 && number <= NODES ? &nodes[number - 1] : NULL;
}

static const char ids[] =
    "USB\\ROOT_HUB30\\4&1B2C3D4E&0&0\0"
    "USB\\VID_05E3&PID_0610\\5&2A3B4C5D&0&2\0" DOUBLE_INSTANCE "\0" DOUBLE_OTHER_INSTANCE "\0";

static CONFIGRET check_filter(const char *filter, ULONG flags)
{
    return flags == (CM_GETIDLIST_FILTER_ENUMERATOR | CM_GETIDLIST_FILTER_PRESENT) && filter &&
                   strcmp(filter, "USB") == 0
               ? CR_SUCCESS
               : CR_INVALID_FLAG;
}

CONFIGRET WINAPI CM_Get_Device_ID_List_SizeA(PULONG size, PCSTR filter, ULONG flags)
{
    *size = sizeof(ids);
    return check_filter(filter, flags);
}

CONFIGRET WINAPI CM_Get_Device_ID_ListA(PCSTR filter, PCHAR list, ULONG size, ULONG flags)
{
    if (size < sizeof(ids))
        return CR_BUFFER_SMALL;

    memcpy(list, ids, sizeof(ids));
    return check_filter(filter, flags);
}

CONFIGRET WINAPI CM_Locate_DevNodeA(PDEVINST node, DEVINSTID_A id, ULONG flags)
{
    if (flags != CM_LOCATE_DEVNODE_NORMAL)
        return CR_INVALID_FLAG;

    for (DEVINST i = 1; i <= NODES; i++)
        if (strcmp(nodes[i - 1].instance, id) == 0) {
            *node = i;
            return CR_SUCCESS;
        }
    return CR_NO_SUCH_DEVNODE;
}

CONFIGRET WINAPI CM_Get_Device_IDA(DEVINST number, PSTR text, ULONG size, ULONG flags)
{
    const struct node *node = find(number);

    if (!node || flags != 0)
        return CR_INVALID_DEVNODE;
    if (strlen(node->instance) >= size)
        return CR_BUFFER_SMALL;

    strcpy(text, node->instance);
    return CR_SUCCESS;
}

CONFIGRET WINAPI CM_Get_Parent(PDEVINST parent, DEVINST number, ULONG flags)
{
    const struct node *node = find(number);

    if (!node || node->parent == 0 || flags != 0)
        return CR_NO_SUCH_DEVNODE;

    *parent = node->parent;
    return CR_SUCCESS;
}

static CONFIGRET
give(ULONG type, const void *value, ULONG length, ULONG *type_out, void *to, ULONG *size)
{
    const ULONG room = *size;

    *size = length;
    if (length > room)
        return CR_BUFFER_SMALL;

    if (type_out)
        *type_out = type;
    memcpy(to, value, length);
    return CR_SUCCESS;
}

static CONFIGRET give_text(const char *text, ULONG *type, void *to, ULONG *size)
{
    return give(REG_SZ, text, (ULONG)strlen(text) + 1, type, to, size);
}

static const char *driver_of(const struct node *node)
{
    const char *driver = getenv(DOUBLE_DRIVER);

    if (strstr(node->instance, "PID_0001") == NULL)
        return "USBHUB3";
    return driver ? driver : "libusbK";
}

CONFIGRET WINAPI CM_Get_DevNode_Registry_PropertyA(DEVINST number,
                                                   ULONG property,
                                                   PULONG type,
                                                   PVOID value,
                                                   PULONG size,
                                                   ULONG flags)
{
    static const char filters[] = "another\0libusb0\0";
    const struct node *node = find(number);

    if (!node || flags != 0)
        return CR_INVALID_DEVNODE;

    switch (property) {
    case CM_DRP_PHYSICAL_DEVICE_OBJECT_NAME:
        return give_text(node->object, type, value, size);
    case CM_DRP_SERVICE:
        return give_text(driver_of(node), type, value, size);
    case CM_DRP_UPPERFILTERS:
        if (!double_is("filtered"))
            return CR_NO_SUCH_VALUE;
        return give(REG_MULTI_SZ, filters, sizeof(filters), type, value, size);
    case CM_DRP_ADDRESS:
        return give(REG_DWORD, &node->address, sizeof(node->address), type, value, size);
    default:
        return CR_NO_SUCH_VALUE;
    }
}
