/* What a prefix's registry says of nodes and interfaces, as CfgMgr32 and SetupDi read it. */
#include "wine/cfgmgr_parts.h"

#include <stdio.h>
#include <string.h>

#include "devices/path.h"
#include "wine/links.h"
#include "wine/registry.h"

enum { PATH_SIZE = sizeof(WU_REGISTRY_INTERFACES) + WU_GUID_TEXT_SIZE + WU_LINK_SIZE + 16 };

/* --- Nodes ----------------------------------------------------------------------------------- */

/* A number that we know nothing of is that of no value. */
static const char *value_of(DWORD number)
{
    const struct wu_node_fact *fact = wu_node_fact_of_number(number);

    return fact ? fact->value : "?";
}

DWORD wu_node_value_a(const char *id, DWORD number, DWORD *type, void *data, DWORD *size)
{
    const HKEY key = wu_tree_open(id);
    DWORD error;

    if (!key)
        return ERROR_FILE_NOT_FOUND;

    error = (DWORD)RegQueryValueExA(key, value_of(number), NULL, type, data, size);
    RegCloseKey(key);
    return error;
}

DWORD wu_node_value_w(const char *id, DWORD number, DWORD *type, void *data, DWORD *size)
{
    const HKEY key = wu_tree_open(id);
    WCHAR name[64];
    DWORD error;

    if (!key)
        return ERROR_FILE_NOT_FOUND;

    MultiByteToWideChar(CP_ACP, 0, value_of(number), -1, name, 64);
    error = (DWORD)RegQueryValueExW(key, name, NULL, type, data, size);
    RegCloseKey(key);
    return error;
}

/* --- Interfaces ------------------------------------------------------------------------------ */

static bool narrow_path(const WCHAR *path, char text[WU_PATH_SIZE])
{
    return path && WideCharToMultiByte(CP_ACP, 0, path, -1, text, WU_PATH_SIZE, NULL, NULL) != 0;
}

/* `\\?\usb#...#{guid}` has the key `{guid}\##?#usb#...#{guid}`. */
static bool key_of_interface(const char *path, char key[PATH_SIZE])
{
    const char *guid = strrchr(path, '{');
    char name[WU_PATH_SIZE];

    if (!guid || strlen(guid) >= WU_GUID_TEXT_SIZE)
        return false;

    snprintf(name, sizeof(name), "%s", path);
    for (char *c = name; *c != '\0'; c++)
        if (*c == '\\')
            *c = '#';
    return snprintf(key, PATH_SIZE, WU_REGISTRY_INTERFACES "%s\\%s", guid, name) < PATH_SIZE;
}

bool wu_interface_node(const WCHAR *path, char id[WU_NODE_ID_SIZE])
{
    char text[WU_PATH_SIZE], key[PATH_SIZE];
    DWORD size = WU_NODE_ID_SIZE;

    return narrow_path(path, text) && key_of_interface(text, key) &&
           RegGetValueA(HKEY_LOCAL_MACHINE, key, "DeviceInstance", RRF_RT_REG_SZ, NULL, id,
                        &size) == ERROR_SUCCESS;
}

static DWORD give(const void *value, DWORD length, void *data, DWORD *size)
{
    const DWORD room = *size;

    *size = length;
    if (!data || room < length)
        return ERROR_MORE_DATA;

    memcpy(data, value, length);
    return ERROR_SUCCESS;
}

static DWORD give_id(const char *id, DEVPROPTYPE *type, void *data, DWORD *size)
{
    WCHAR wide[WU_NODE_ID_SIZE];
    const int length = MultiByteToWideChar(CP_ACP, 0, id, -1, wide, WU_NODE_ID_SIZE);

    *type = WU_TREE_TEXT;
    return give(wide, (DWORD)length * (DWORD)sizeof(*wide), data, size);
}

static DWORD give_class(const WCHAR *path, DEVPROPTYPE *type, void *data, DWORD *size)
{
    char text[WU_PATH_SIZE];
    const char *start;
    GUID guid;

    if (!narrow_path(path, text) || (start = strrchr(text, '{')) == NULL ||
        !wu_guid_parse(start, strlen(start), &guid))
        return ERROR_FILE_NOT_FOUND;

    *type = WU_TREE_GUID;
    return give(&guid, sizeof(guid), data, size);
}

DWORD wu_interface_property(const char *id,
                            const WCHAR *path,
                            const DEVPROPKEY *key,
                            DEVPROPTYPE *type,
                            void *data,
                            DWORD *size)
{
    const signed char enabled = -1;

    switch (wu_node_interface_fact(&key->fmtid, key->pid)) {
    case WU_NODE_INTERFACE_ID:
        return give_id(id, type, data, size);
    case WU_NODE_INTERFACE_CLASS:
        return give_class(path, type, data, size);
    case WU_NODE_INTERFACE_ENABLED:
        *type = WU_TREE_FLAG;
        return give(&enabled, sizeof(enabled), data, size);
    default:
        return ERROR_FILE_NOT_FOUND;
    }
}

CONFIGRET WINAPI wu_CM_Get_Device_Interface_PropertyW(const WCHAR *path,
                                                      const DEVPROPKEY *key,
                                                      DEVPROPTYPE *type,
                                                      BYTE *data,
                                                      ULONG *size,
                                                      ULONG flags)
{
    const wu_type_CM_Get_Device_Interface_PropertyW original =
        WU_ORIGINAL(CM_Get_Device_Interface_PropertyW);
    char id[WU_NODE_ID_SIZE];
    ULONG room;
    DWORD error;

    if (!path || !key || !type || !size || (!data && *size > 0))
        return CR_INVALID_POINTER;
    if (flags != 0)
        return CR_INVALID_FLAG;
    if (!wu_interface_node(path, id))
        return CR_NO_SUCH_DEVICE_INTERFACE;
    if (original && wu_node_owner(id) == WU_WINE)
        return original(path, key, type, data, size, flags);

    room = *size;
    error = wu_interface_property(id, path, key, type, data, size);
    return wu_config_ret_of_read(error, data, room, *size);
}
