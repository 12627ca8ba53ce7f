/* CfgMgr32's device nodes: their numbers, their tree, and what is said of them. */
#include "wine/cfgmgr_parts.h"

#include <stdio.h>

#include "devices/path.h"
#include "wine/divert.h"
#include "wine/record.h"

/* --- Numbers --------------------------------------------------------------------------------- */

/*
 * Wine numbers the devices of a set as long as that is open. One set of ours stays open for good,
 * and gives each device a number there, which Wine's own functions know as well.
 */
static SRWLOCK lock = SRWLOCK_INIT;
static HDEVINFO numbered = INVALID_HANDLE_VALUE; /* [lock] */

typedef HDEVINFO(WINAPI *create_set)(const GUID *class_guid, HWND parent);
typedef CONFIGRET(WINAPI *get_id)(DEVINST, char *, ULONG, ULONG);
typedef BOOL(WINAPI *get_wide_id)(HDEVINFO, SP_DEVINFO_DATA *, WCHAR *, DWORD, DWORD *);

static bool open_locked(const WCHAR *id, DEVINST *node_out)
{
    const create_set create =
        (create_set)wu_divert_find("setupapi.dll", "SetupDiCreateDeviceInfoList");
    const wu_type_SetupDiOpenDeviceInfoW open = WU_ORIGINAL(SetupDiOpenDeviceInfoW);
    SP_DEVINFO_DATA device = { .cbSize = sizeof(device) };

    if (!create || !open)
        return false;
    if (numbered == INVALID_HANDLE_VALUE)
        numbered = create(NULL, NULL);
    if (numbered == INVALID_HANDLE_VALUE || !open(numbered, id, NULL, 0, &device))
        return false;

    *node_out = device.DevInst;
    return true;
}

/* Wine's numbers begin at 0, which is no node to programs. So a set that has got it keeps it, and
 * another one gives out those that follow. */
static bool number_locked(const WCHAR *id, DEVINST *node_out)
{
    if (!open_locked(id, node_out))
        return false;
    if (*node_out != 0)
        return true;

    numbered = INVALID_HANDLE_VALUE;
    return open_locked(id, node_out);
}

/* Wine opens no device that is gone, but a set keeps those that it has. */
static bool recall_locked(const WCHAR *id, DEVINST *node_out)
{
    const wu_type_SetupDiEnumDeviceInfo enumerate = WU_ORIGINAL(SetupDiEnumDeviceInfo);
    const get_wide_id get =
        (get_wide_id)wu_divert_find("setupapi.dll", "SetupDiGetDeviceInstanceIdW");
    SP_DEVINFO_DATA device = { .cbSize = sizeof(device) };
    WCHAR other[WU_NODE_ID_SIZE];

    if (!enumerate || !get || numbered == INVALID_HANDLE_VALUE)
        return false;
    for (DWORD i = 0; enumerate(numbered, i, &device); i++)
        if (get(numbered, &device, other, WU_NODE_ID_SIZE, NULL) && lstrcmpiW(other, id) == 0) {
            *node_out = device.DevInst;
            return true;
        }
    return false;
}

static CONFIGRET number(const WCHAR *id, DEVINST *node_out)
{
    bool done;

    LoadLibraryA("setupapi.dll"); /* stays */
    AcquireSRWLockExclusive(&lock);
    done = number_locked(id, node_out) || recall_locked(id, node_out);
    ReleaseSRWLockExclusive(&lock);
    return done ? CR_SUCCESS : CR_NO_SUCH_DEVNODE;
}

/* A Wine that numbers nodes itself knows them by that number everywhere. Its function for narrow
 * text may call that for wide text, which is the one to call. */
static bool wine_has(DEVINST *node_out, const WCHAR *id, ULONG flags)
{
    const wu_type_CM_Locate_DevNodeW original = WU_ORIGINAL(CM_Locate_DevNodeW);
    DEVINST node = 0;

    if (!original || original(&node, (WCHAR *)id, flags) != CR_SUCCESS || node == 0)
        return false;
    *node_out = node;
    return true;
}

static CONFIGRET find_or_number(DEVINST *node_out, const char *id, ULONG flags)
{
    WCHAR wide[WU_NODE_ID_SIZE];

    if (MultiByteToWideChar(CP_ACP, 0, id, -1, wide, WU_NODE_ID_SIZE) == 0)
        return CR_INVALID_DEVICE_ID;
    return wine_has(node_out, wide, flags) ? CR_SUCCESS : number(wide, node_out);
}

/* Wine finds a node that is gone as long as a set has it. */
CONFIGRET wu_devinst_find(DEVINST *node_out, const char *id, ULONG flags)
{
    return wu_node_owner(id) == WU_NOBODY ? CR_NO_SUCH_DEVNODE
                                          : find_or_number(node_out, id, flags);
}

CONFIGRET wu_devinst_number(DEVINST *node_out, const char *id)
{
    return find_or_number(node_out, id, 0);
}

static bool has_value(HKEY key, const char *name)
{
    return RegQueryValueExA(key, name, NULL, NULL, NULL, NULL) == ERROR_SUCCESS;
}

/* Host controllers are ours, too, which are on the bus PCI or on none. A node of the bus USB that
 * has no class is not there yet, or is on its way out. */
enum wu_owner wu_node_owner(const char *id)
{
    const HKEY key = wu_tree_open(id);
    const bool is_there = key && has_value(key, WU_RECORD_CLASS);
    const bool ours = is_there && has_value(key, WU_RECORD_MARK);

    if (key)
        RegCloseKey(key);
    if (ours)
        return WU_US;
    return is_there || !wu_path_equal("USB\\", 4, id) ? WU_WINE : WU_NOBODY;
}

static bool has_id(const char *module, DEVINST node, char id[WU_NODE_ID_SIZE])
{
    const get_id get = (get_id)wu_divert_find(module, "CM_Get_Device_IDA");

    return get && get(node, id, WU_NODE_ID_SIZE, 0) == CR_SUCCESS;
}

enum wu_owner wu_devinst_owner(DEVINST node, char id[WU_NODE_ID_SIZE])
{
    return has_id("cfgmgr32.dll", node, id) || has_id("setupapi.dll", node, id) ? wu_node_owner(id)
                                                                                : WU_NOBODY;
}

static CONFIGRET locate_root(DEVINST *node, ULONG flags)
{
    const wu_type_CM_Locate_DevNodeW original = WU_ORIGINAL(CM_Locate_DevNodeW);

    return original ? original(node, NULL, flags) : CR_NO_SUCH_DEVNODE;
}

CONFIGRET WINAPI wu_CM_Locate_DevNodeA(DEVINST *node, const char *id, ULONG flags)
{
    if (!node)
        return CR_INVALID_POINTER;
    return id && *id != '\0' ? wu_devinst_find(node, id, flags) : locate_root(node, flags);
}

CONFIGRET WINAPI wu_CM_Locate_DevNodeW(DEVINST *node, const WCHAR *id, ULONG flags)
{
    char text[WU_NODE_ID_SIZE];

    if (id && WideCharToMultiByte(CP_ACP, 0, id, -1, text, sizeof(text), NULL, NULL) == 0)
        return CR_INVALID_DEVICE_ID;
    return wu_CM_Locate_DevNodeA(node, id ? text : NULL, flags);
}

/* --- The tree -------------------------------------------------------------------------------- */

CONFIGRET WINAPI wu_CM_Get_Parent(DEVINST *parent, DEVINST node, ULONG flags)
{
    const wu_type_CM_Get_Parent original = WU_ORIGINAL(CM_Get_Parent);
    char id[WU_NODE_ID_SIZE], above[WU_NODE_ID_SIZE];
    const enum wu_owner owner = wu_devinst_owner(node, id);

    if (!parent)
        return CR_INVALID_POINTER;
    if (owner == WU_WINE && original)
        return original(parent, node, flags);
    if (owner != WU_US || !wu_tree_parent(id, above))
        return CR_NO_SUCH_DEVNODE;
    return wu_devinst_find(parent, above, 0);
}

CONFIGRET WINAPI wu_CM_Get_Child(DEVINST *child, DEVINST node, ULONG flags)
{
    const wu_type_CM_Get_Child original = WU_ORIGINAL(CM_Get_Child);
    char id[WU_NODE_ID_SIZE], below[WU_NODE_ID_SIZE];
    const enum wu_owner owner = wu_devinst_owner(node, id);

    if (!child)
        return CR_INVALID_POINTER;
    if (owner == WU_WINE && original)
        return original(child, node, flags);
    if (owner != WU_US || !wu_tree_next_child(id, NULL, below))
        return CR_NO_SUCH_DEVNODE;
    return wu_devinst_find(child, below, 0);
}

CONFIGRET WINAPI wu_CM_Get_Sibling(DEVINST *sibling, DEVINST node, ULONG flags)
{
    const wu_type_CM_Get_Sibling original = WU_ORIGINAL(CM_Get_Sibling);
    char id[WU_NODE_ID_SIZE], above[WU_NODE_ID_SIZE], next[WU_NODE_ID_SIZE];
    const enum wu_owner owner = wu_devinst_owner(node, id);

    if (!sibling)
        return CR_INVALID_POINTER;
    if (owner == WU_WINE && original)
        return original(sibling, node, flags);
    if (owner != WU_US || !wu_tree_parent(id, above) || !wu_tree_next_child(above, id, next))
        return CR_NO_SUCH_DEVNODE;
    return wu_devinst_find(sibling, next, 0);
}

/* --- What is said of a node ------------------------------------------------------------------ */

CONFIGRET wu_config_ret_of_read(DWORD error, const void *data, DWORD room, DWORD size)
{
    if (error == ERROR_MORE_DATA || (error == ERROR_SUCCESS && (!data || size > room)))
        return CR_BUFFER_SMALL;
    if (error == ERROR_FILE_NOT_FOUND)
        return CR_NO_SUCH_VALUE;
    return error == ERROR_SUCCESS ? CR_SUCCESS : CR_FAILURE;
}

CONFIGRET WINAPI wu_CM_Get_DevNode_Status(ULONG *status, ULONG *problem, DEVINST node, ULONG flags)
{
    const wu_type_CM_Get_DevNode_Status original = WU_ORIGINAL(CM_Get_DevNode_Status);
    char id[WU_NODE_ID_SIZE];
    const enum wu_owner owner = wu_devinst_owner(node, id);

    if (!status || !problem)
        return CR_INVALID_POINTER;
    if (owner == WU_WINE && original)
        return original(status, problem, node, flags);
    if (owner != WU_US)
        return CR_NO_SUCH_DEVNODE;

    *status = WU_NODE_STATUS;
    *problem = 0;
    return CR_SUCCESS;
}

CONFIGRET WINAPI wu_CM_Get_DevNode_PropertyW(DEVINST node,
                                             const DEVPROPKEY *key,
                                             DEVPROPTYPE *type,
                                             BYTE *data,
                                             ULONG *size,
                                             ULONG flags)
{
    const wu_type_CM_Get_DevNode_PropertyW original = WU_ORIGINAL(CM_Get_DevNode_PropertyW);
    char id[WU_NODE_ID_SIZE];
    const enum wu_owner owner = wu_devinst_owner(node, id);
    ULONG room;
    DWORD error;

    if (owner == WU_WINE && original)
        return original(node, key, type, data, size, flags);
    if (owner != WU_US)
        return CR_NO_SUCH_DEVNODE;
    if (!key || !type || !size || (!data && *size > 0))
        return CR_INVALID_POINTER;
    if (flags != 0)
        return CR_INVALID_FLAG;

    room = *size;
    error = wu_tree_property(id, &key->fmtid, key->pid, type, data, size);
    return wu_config_ret_of_read(error, data, room, *size);
}

typedef DWORD(read_value)(const char *id, DWORD number, DWORD *type, void *data, DWORD *size);

static DWORD read_registry(read_value *read,
                           const char *id,
                           ULONG property,
                           ULONG *type,
                           void *data,
                           ULONG *size)
{
    DWORD any;
    ULONG room;

    if (!size || (!data && *size > 0))
        return CR_INVALID_POINTER;

    room = *size;
    return wu_config_ret_of_read(read(id, property - 1, type ? type : &any, data, size), data, room,
                                 *size);
}

CONFIGRET WINAPI wu_CM_Get_DevNode_Registry_PropertyA(DEVINST node,
                                                      ULONG property,
                                                      ULONG *type,
                                                      void *data,
                                                      ULONG *size,
                                                      ULONG flags)
{
    const wu_type_CM_Get_DevNode_Registry_PropertyA original =
        WU_ORIGINAL(CM_Get_DevNode_Registry_PropertyA);
    char id[WU_NODE_ID_SIZE];
    const enum wu_owner owner = wu_devinst_owner(node, id);

    if (owner == WU_WINE && original)
        return original(node, property, type, data, size, flags);
    return owner == WU_US ? read_registry(wu_node_value_a, id, property, type, data, size)
                          : CR_NO_SUCH_DEVNODE;
}

CONFIGRET WINAPI wu_CM_Get_DevNode_Registry_PropertyW(DEVINST node,
                                                      ULONG property,
                                                      ULONG *type,
                                                      void *data,
                                                      ULONG *size,
                                                      ULONG flags)
{
    const wu_type_CM_Get_DevNode_Registry_PropertyW original =
        WU_ORIGINAL(CM_Get_DevNode_Registry_PropertyW);
    char id[WU_NODE_ID_SIZE];
    const enum wu_owner owner = wu_devinst_owner(node, id);

    if (owner == WU_WINE && original)
        return original(node, property, type, data, size, flags);
    return owner == WU_US ? read_registry(wu_node_value_w, id, property, type, data, size)
                          : CR_NO_SUCH_DEVNODE;
}

/* The key of the device's own settings, or of its driver's, which is none. */
CONFIGRET WINAPI wu_CM_Open_DevNode_Key(DEVINST node,
                                        REGSAM access,
                                        ULONG profile,
                                        REGDISPOSITION disposition,
                                        HKEY *key,
                                        ULONG flags)
{
    const wu_type_CM_Open_DevNode_Key original = WU_ORIGINAL(CM_Open_DevNode_Key);
    char id[WU_NODE_ID_SIZE];
    const enum wu_owner owner = wu_devinst_owner(node, id);
    HKEY device;
    LSTATUS error;

    if (owner == WU_WINE && original)
        return original(node, access, profile, disposition, key, flags);
    if (!key)
        return CR_INVALID_POINTER;
    device = owner == WU_US ? wu_tree_open(id) : NULL;
    if (!device)
        return CR_NO_SUCH_DEVNODE;

    error = flags == CM_REGISTRY_HARDWARE
                ? RegOpenKeyExA(device, "Device Parameters", 0, access, key)
                : ERROR_FILE_NOT_FOUND;
    RegCloseKey(device);
    if (error == ERROR_SUCCESS)
        return CR_SUCCESS;
    return error == ERROR_ACCESS_DENIED ? CR_ACCESS_DENIED : CR_NO_SUCH_REGISTRY_KEY;
}
