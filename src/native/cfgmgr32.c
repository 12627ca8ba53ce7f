/* The calls of CfgMgr32 that are about a device node. */
#include <cfgmgr32.h>

#include <stdio.h>
#include <string.h>

#include "devices/config_ret.h"
#include "devices/devices.h"
#include "devices/path.h"
#include "host/export.h"
#include "native/devnode.h"
#include "native/fact.h"

enum { PATH_SIZE = WU_PATH_SIZE };

static CONFIGRET result_of(DWORD error)
{
    switch (error) {
    case ERROR_SUCCESS:
        return CR_SUCCESS;
    case ERROR_NOT_FOUND:
        return CR_NO_SUCH_DEVNODE;
    case ERROR_NOT_ENOUGH_MEMORY:
        return CR_OUT_OF_MEMORY;
    default:
        return CR_FAILURE;
    }
}

WU_EXPORT DWORD WINAPI CM_MapCrToWin32Err(CONFIGRET code, DWORD otherwise)
{
    return wu_config_ret_error(code, otherwise);
}

/* --- Names and numbers ----------------------------------------------------------------------- */

WU_EXPORT CONFIGRET WINAPI CM_Locate_DevNodeA(DEVINST *node, DEVINSTID_A id, ULONG flags)
{
    struct wu_devnode found;
    struct wu_node as_node;
    DWORD error;

    UNREFERENCED_PARAMETER(flags);
    if (!node)
        return CR_INVALID_POINTER;
    if (!id || *id == '\0') /* the root of the tree, of which nothing is known */
        return CR_NO_SUCH_DEVNODE;

    error = wu_devnode_find_id(id, &found);
    if (error != ERROR_SUCCESS)
        return result_of(error);

    as_node = wu_devnode_node(&found);
    *node = wu_devnode_number(&as_node);
    return CR_SUCCESS;
}

WU_EXPORT CONFIGRET WINAPI CM_Locate_DevNodeW(DEVINST *node, DEVINSTID_W id, ULONG flags)
{
    char text[WU_NODE_ID_SIZE];

    if (!node)
        return CR_INVALID_POINTER;
    return wu_fact_narrow(id, text, sizeof(text)) ? CM_Locate_DevNodeA(node, text, flags)
                                                  : CR_NO_SUCH_DEVNODE;
}

/* Finds the node of a number. @param node_out  borrows from @p found */
static CONFIGRET find(DEVINST number, struct wu_devnode *found, struct wu_node *node_out)
{
    const DWORD error = wu_devnode_find(number, found);

    if (error == ERROR_SUCCESS)
        *node_out = wu_devnode_node(found);
    return result_of(error);
}

static CONFIGRET id_of(DEVINST node, char id[WU_NODE_ID_SIZE])
{
    struct wu_devnode found;
    struct wu_node as_node;
    const CONFIGRET result = find(node, &found, &as_node);

    if (result == CR_SUCCESS)
        wu_node_id(&as_node, id);
    return result;
}

/* @param length  [characters] there is room for, with the NUL */
static CONFIGRET id_within(DEVINST node, ULONG length, char id[WU_NODE_ID_SIZE])
{
    const CONFIGRET result = id_of(node, id);

    if (result != CR_SUCCESS)
        return result;
    return strlen(id) < length ? CR_SUCCESS : CR_BUFFER_SMALL;
}

WU_EXPORT CONFIGRET WINAPI CM_Get_Device_ID_Size(ULONG *length, DEVINST node, ULONG flags)
{
    char id[WU_NODE_ID_SIZE];
    CONFIGRET result;

    UNREFERENCED_PARAMETER(flags);
    if (!length)
        return CR_INVALID_POINTER;

    result = id_of(node, id);
    if (result == CR_SUCCESS)
        *length = (ULONG)strlen(id);
    return result;
}

WU_EXPORT CONFIGRET WINAPI CM_Get_Device_IDA(DEVINST node, CHAR *id, ULONG length, ULONG flags)
{
    char own[WU_NODE_ID_SIZE];
    CONFIGRET result;

    UNREFERENCED_PARAMETER(flags);
    if (!id)
        return CR_INVALID_POINTER;

    result = id_within(node, length, own);
    if (result == CR_SUCCESS)
        memcpy(id, own, strlen(own) + 1);
    return result;
}

WU_EXPORT CONFIGRET WINAPI CM_Get_Device_IDW(DEVINST node, WCHAR *id, ULONG length, ULONG flags)
{
    char own[WU_NODE_ID_SIZE];
    CONFIGRET result;

    UNREFERENCED_PARAMETER(flags);
    if (!id)
        return CR_INVALID_POINTER;

    result = id_within(node, length, own);
    if (result == CR_SUCCESS)
        wu_fact_widen(own, strlen(own) + 1, id);
    return result;
}

/* --- The tree -------------------------------------------------------------------------------- */

/* Gives the number of the node above one. */
static CONFIGRET number_above(DEVINST node, DWORD *number_out)
{
    struct wu_devnode found;
    struct wu_node as_node;
    const CONFIGRET result = find(node, &found, &as_node);

    if (result != CR_SUCCESS)
        return result;
    if (!wu_node_parent(&as_node, &as_node))
        return CR_NO_SUCH_DEVNODE;

    *number_out = wu_devnode_number(&as_node);
    return CR_SUCCESS;
}

WU_EXPORT CONFIGRET WINAPI CM_Get_Parent(DEVINST *parent, DEVINST node, ULONG flags)
{
    UNREFERENCED_PARAMETER(flags);
    return parent ? number_above(node, parent) : CR_INVALID_POINTER;
}

WU_EXPORT CONFIGRET WINAPI CM_Get_Child(DEVINST *child, DEVINST node, ULONG flags)
{
    UNREFERENCED_PARAMETER(flags);
    return child ? result_of(wu_devnode_next(node, 0, child)) : CR_INVALID_POINTER;
}

WU_EXPORT CONFIGRET WINAPI CM_Get_Sibling(DEVINST *sibling, DEVINST node, ULONG flags)
{
    DWORD parent;
    CONFIGRET result;

    UNREFERENCED_PARAMETER(flags);
    if (!sibling)
        return CR_INVALID_POINTER;

    result = number_above(node, &parent);
    return result == CR_SUCCESS ? result_of(wu_devnode_next(parent, node, sibling)) : result;
}

/* --- What is told of a node ------------------------------------------------------------------ */

WU_EXPORT CONFIGRET WINAPI CM_Get_DevNode_Status(ULONG *status,
                                                 ULONG *problem,
                                                 DEVINST node,
                                                 ULONG flags)
{
    struct wu_devnode found;
    DWORD error;

    UNREFERENCED_PARAMETER(flags);
    if (!status || !problem)
        return CR_INVALID_POINTER;

    error = wu_devnode_find(node, &found);
    if (error != ERROR_SUCCESS)
        return result_of(error);

    *status = WU_NODE_STATUS;
    *problem = 0;
    return CR_SUCCESS;
}

static CONFIGRET give(const struct wu_fact *fact, ULONG *type, void *data, ULONG *size)
{
    const ULONG room = *size;

    if (type)
        *type = fact->type;
    *size = fact->size;
    if (room < fact->size)
        return CR_BUFFER_SMALL;

    memcpy(data, &fact->is, fact->size);
    return CR_SUCCESS;
}

static CONFIGRET tell(DEVINST node,
                      const struct wu_node_fact *which,
                      enum wu_fact_form form,
                      ULONG *type,
                      void *data,
                      ULONG *size)
{
    struct wu_devnode found;
    struct wu_node as_node;
    struct wu_fact fact;
    const CONFIGRET result = find(node, &found, &as_node);

    if (result != CR_SUCCESS)
        return result;
    return wu_fact_tell(&as_node, which, form, &fact) ? give(&fact, type, data, size)
                                                      : CR_NO_SUCH_VALUE;
}

WU_EXPORT CONFIGRET WINAPI CM_Get_DevNode_PropertyW(DEVINST node,
                                                    const DEVPROPKEY *key,
                                                    DEVPROPTYPE *type,
                                                    PBYTE data,
                                                    ULONG *size,
                                                    ULONG flags)
{
    if (!key || !type || !size || (!data && *size > 0))
        return CR_INVALID_POINTER;
    if (flags != 0)
        return CR_INVALID_FLAG;
    return tell(node, wu_node_fact_of_key(&key->fmtid, key->pid), WU_FACT_PROPERTY, type, data,
                size);
}

WU_EXPORT CONFIGRET WINAPI CM_Get_DevNode_Registry_PropertyA(DEVINST node,
                                                             ULONG property,
                                                             ULONG *type,
                                                             PVOID data,
                                                             ULONG *size,
                                                             ULONG flags)
{
    UNREFERENCED_PARAMETER(flags);
    if (!size || (!data && *size > 0))
        return CR_INVALID_POINTER;
    return tell(node, wu_node_fact_of_number(property - 1), WU_FACT_ANSI, type, data, size);
}

WU_EXPORT CONFIGRET WINAPI CM_Get_DevNode_Registry_PropertyW(DEVINST node,
                                                             ULONG property,
                                                             ULONG *type,
                                                             PVOID data,
                                                             ULONG *size,
                                                             ULONG flags)
{
    UNREFERENCED_PARAMETER(flags);
    if (!size || (!data && *size > 0))
        return CR_INVALID_POINTER;
    return tell(node, wu_node_fact_of_number(property - 1), WU_FACT_WIDE, type, data, size);
}

/* --- What is told of an interface ------------------------------------------------------------ */

WU_EXPORT CONFIGRET WINAPI CM_Get_Device_Interface_PropertyW(LPCWSTR path,
                                                             const DEVPROPKEY *key,
                                                             DEVPROPTYPE *type,
                                                             PBYTE data,
                                                             ULONG *size,
                                                             ULONG flags)
{
    struct wu_function function;
    const struct wu_node node = { .kind = WU_NODE_FUNCTION, .function = &function };
    char text[PATH_SIZE];
    const char *name;
    struct wu_fact fact;
    GUID guid;
    DWORD error;

    if (!path || !key || !type || !size || (!data && *size > 0))
        return CR_INVALID_POINTER;
    if (flags != 0)
        return CR_INVALID_FLAG;
    name = wu_fact_narrow(path, text, sizeof(text)) ? wu_path_name(text) : NULL;
    if (!name || wu_path_parse_interface(name, &guid) == 0)
        return CR_NO_SUCH_DEVICE_INTERFACE;

    error = wu_function_find(text, &function);
    if (error != ERROR_SUCCESS)
        return error == ERROR_FILE_NOT_FOUND ? CR_NO_SUCH_DEVICE_INTERFACE : result_of(error);
    return wu_fact_of_interface(&node, &guid, key, &fact) ? give(&fact, type, data, size)
                                                          : CR_NO_SUCH_VALUE;
}
