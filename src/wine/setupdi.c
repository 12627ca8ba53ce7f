/* What SetupDi says of a device and of an interface in a set. */
#include "wine/cfgmgr_parts.h"

#include <stdio.h>
#include <string.h>

#include "wine/divert.h"

typedef BOOL(WINAPI *get_id)(HDEVINFO, SP_DEVINFO_DATA *, char *, DWORD, DWORD *);

static BOOL report(DWORD error)
{
    if (error != ERROR_SUCCESS)
        SetLastError(error);
    return error == ERROR_SUCCESS;
}

static bool has_id(HDEVINFO set, SP_DEVINFO_DATA *device, char id[WU_NODE_ID_SIZE])
{
    const get_id get = (get_id)wu_divert_find("setupapi.dll", "SetupDiGetDeviceInstanceIdA");

    return get && get(set, device, id, WU_NODE_ID_SIZE, NULL);
}

/* A set has a device until that is closed, whether it is plugged in or not. */
static bool is_ours(HDEVINFO set, SP_DEVINFO_DATA *device, char id[WU_NODE_ID_SIZE])
{
    return has_id(set, device, id) && wu_node_owner(id) == WU_US;
}

/* How a read ended, as SetupDi says it. */
static DWORD error_of_read(DWORD error, const void *data, DWORD room, DWORD size, DWORD none)
{
    switch (wu_config_ret_of_read(error, data, room, size)) {
    case CR_SUCCESS:
        return ERROR_SUCCESS;
    case CR_BUFFER_SMALL:
        return ERROR_INSUFFICIENT_BUFFER;
    default:
        return error == ERROR_FILE_NOT_FOUND ? none : error;
    }
}

/* --- Numbers --------------------------------------------------------------------------------- */

/* Wine numbers a device anew in each set. Programs compare the numbers of two, and ask CfgMgr32.
 * That of a device that is gone stays. */
static void number(HDEVINFO set, SP_DEVINFO_DATA *device)
{
    char id[WU_NODE_ID_SIZE];
    DEVINST node;

    if (device && has_id(set, device, id) && wu_node_owner(id) != WU_WINE &&
        wu_devinst_number(&node, id) == CR_SUCCESS)
        device->DevInst = node;
}

BOOL WINAPI wu_SetupDiEnumDeviceInfo(HDEVINFO set, DWORD index, SP_DEVINFO_DATA *device)
{
    const wu_type_SetupDiEnumDeviceInfo original = WU_ORIGINAL(SetupDiEnumDeviceInfo);
    const BOOL done = original ? original(set, index, device) : report(ERROR_INVALID_HANDLE);

    if (done)
        number(set, device);
    return done;
}

BOOL WINAPI wu_SetupDiOpenDeviceInfoA(HDEVINFO set,
                                      const char *id,
                                      HWND parent,
                                      DWORD flags,
                                      SP_DEVINFO_DATA *device)
{
    const wu_type_SetupDiOpenDeviceInfoA original = WU_ORIGINAL(SetupDiOpenDeviceInfoA);
    const BOOL done =
        original ? original(set, id, parent, flags, device) : report(ERROR_INVALID_HANDLE);

    if (done)
        number(set, device);
    return done;
}

BOOL WINAPI wu_SetupDiOpenDeviceInfoW(HDEVINFO set,
                                      const WCHAR *id,
                                      HWND parent,
                                      DWORD flags,
                                      SP_DEVINFO_DATA *device)
{
    const wu_type_SetupDiOpenDeviceInfoW original = WU_ORIGINAL(SetupDiOpenDeviceInfoW);
    const BOOL done =
        original ? original(set, id, parent, flags, device) : report(ERROR_INVALID_HANDLE);

    if (done)
        number(set, device);
    return done;
}

BOOL WINAPI wu_SetupDiGetDeviceInterfaceDetailA(HDEVINFO set,
                                                SP_DEVICE_INTERFACE_DATA *data,
                                                SP_DEVICE_INTERFACE_DETAIL_DATA_A *detail,
                                                DWORD size,
                                                DWORD *required,
                                                SP_DEVINFO_DATA *device)
{
    const wu_type_SetupDiGetDeviceInterfaceDetailA original =
        WU_ORIGINAL(SetupDiGetDeviceInterfaceDetailA);
    const BOOL done = original ? original(set, data, detail, size, required, device)
                               : report(ERROR_INVALID_HANDLE);

    if (done)
        number(set, device);
    return done;
}

BOOL WINAPI wu_SetupDiGetDeviceInterfaceDetailW(HDEVINFO set,
                                                SP_DEVICE_INTERFACE_DATA *data,
                                                SP_DEVICE_INTERFACE_DETAIL_DATA_W *detail,
                                                DWORD size,
                                                DWORD *required,
                                                SP_DEVINFO_DATA *device)
{
    const wu_type_SetupDiGetDeviceInterfaceDetailW original =
        WU_ORIGINAL(SetupDiGetDeviceInterfaceDetailW);
    const BOOL done = original ? original(set, data, detail, size, required, device)
                               : report(ERROR_INVALID_HANDLE);

    if (done)
        number(set, device);
    return done;
}

/* --- Values ---------------------------------------------------------------------------------- */

typedef DWORD(read_value)(const char *id, DWORD number, DWORD *type, void *data, DWORD *size);

static DWORD read_registry(read_value *read,
                           const char *id,
                           DWORD number,
                           DWORD *type,
                           BYTE *data,
                           DWORD room,
                           DWORD *required)
{
    DWORD any, size = room;
    DWORD error;

    if (!data && room > 0)
        return ERROR_INVALID_USER_BUFFER;

    error = read(id, number, type ? type : &any, data, &size);
    error = error_of_read(error, data, room, size, ERROR_INVALID_DATA);
    if (required && (error == ERROR_SUCCESS || error == ERROR_INSUFFICIENT_BUFFER))
        *required = size;
    return error;
}

BOOL WINAPI wu_SetupDiGetDeviceRegistryPropertyA(HDEVINFO set,
                                                 SP_DEVINFO_DATA *device,
                                                 DWORD number,
                                                 DWORD *type,
                                                 BYTE *data,
                                                 DWORD size,
                                                 DWORD *required)
{
    const wu_type_SetupDiGetDeviceRegistryPropertyA original =
        WU_ORIGINAL(SetupDiGetDeviceRegistryPropertyA);
    char id[WU_NODE_ID_SIZE];

    if (wu_node_fact_of_number(number) && is_ours(set, device, id))
        return report(read_registry(wu_node_value_a, id, number, type, data, size, required));
    return original ? original(set, device, number, type, data, size, required)
                    : report(ERROR_INVALID_HANDLE);
}

BOOL WINAPI wu_SetupDiGetDeviceRegistryPropertyW(HDEVINFO set,
                                                 SP_DEVINFO_DATA *device,
                                                 DWORD number,
                                                 DWORD *type,
                                                 BYTE *data,
                                                 DWORD size,
                                                 DWORD *required)
{
    const wu_type_SetupDiGetDeviceRegistryPropertyW original =
        WU_ORIGINAL(SetupDiGetDeviceRegistryPropertyW);
    char id[WU_NODE_ID_SIZE];

    if (wu_node_fact_of_number(number) && is_ours(set, device, id))
        return report(read_registry(wu_node_value_w, id, number, type, data, size, required));
    return original ? original(set, device, number, type, data, size, required)
                    : report(ERROR_INVALID_HANDLE);
}

/* --- Properties ------------------------------------------------------------------------------ */

static bool has_property(const char *id, const struct wu_node_fact *fact)
{
    DWORD type, size = 0;

    return wu_tree_property(id, &fact->set, fact->key, &type, NULL, &size) == ERROR_SUCCESS;
}

static DWORD list_keys(const char *id, DEVPROPKEY *keys, DWORD room)
{
    const struct wu_node_fact *fact;
    DWORD count = 0;

    for (size_t i = 0; (fact = wu_node_fact_at(i)) != NULL; i++) {
        if (!has_property(id, fact))
            continue;
        if (count < room)
            keys[count] = (DEVPROPKEY){ fact->set, fact->key };
        count++;
    }
    return count;
}

BOOL WINAPI wu_SetupDiGetDevicePropertyKeys(HDEVINFO set,
                                            SP_DEVINFO_DATA *device,
                                            DEVPROPKEY *keys,
                                            DWORD count,
                                            DWORD *required,
                                            DWORD flags)
{
    const wu_type_SetupDiGetDevicePropertyKeys original = WU_ORIGINAL(SetupDiGetDevicePropertyKeys);
    char id[WU_NODE_ID_SIZE];
    DWORD found;

    if (!is_ours(set, device, id))
        return original ? original(set, device, keys, count, required, flags)
                        : report(ERROR_CALL_NOT_IMPLEMENTED);
    if (flags != 0)
        return report(ERROR_INVALID_FLAGS);
    if (!keys && count > 0)
        return report(ERROR_INVALID_USER_BUFFER);

    found = list_keys(id, keys, count);
    if (required)
        *required = found;
    return report(found <= count ? ERROR_SUCCESS : ERROR_INSUFFICIENT_BUFFER);
}

/* --- Interfaces ------------------------------------------------------------------------------ */

union detail {
    SP_DEVICE_INTERFACE_DETAIL_DATA_W data;
    WCHAR room[sizeof(SP_DEVICE_INTERFACE_DETAIL_DATA_W) / sizeof(WCHAR) + WU_PATH_SIZE];
};

static DWORD find_interface(HDEVINFO set,
                            SP_DEVICE_INTERFACE_DATA *data,
                            union detail *detail,
                            char id[WU_NODE_ID_SIZE])
{
    const wu_type_SetupDiGetDeviceInterfaceDetailW get =
        WU_ORIGINAL(SetupDiGetDeviceInterfaceDetailW);

    detail->data.cbSize = sizeof(detail->data);
    if (!get || !get(set, data, &detail->data, sizeof(*detail), NULL, NULL))
        return get ? GetLastError() : ERROR_INVALID_HANDLE;
    return wu_interface_node(detail->data.DevicePath, id) ? ERROR_SUCCESS
                                                          : ERROR_NO_SUCH_DEVICE_INTERFACE;
}

static DWORD read_interface(const char *id,
                            const WCHAR *path,
                            const DEVPROPKEY *key,
                            DEVPROPTYPE *type,
                            BYTE *data,
                            DWORD room,
                            DWORD *required)
{
    DWORD size = room;
    DWORD error;

    if (!key || !type || (!data && room > 0))
        return ERROR_INVALID_USER_BUFFER;

    error = wu_interface_property(id, path, key, type, data, &size);
    error = error_of_read(error, data, room, size, ERROR_NOT_FOUND);
    if (required && (error == ERROR_SUCCESS || error == ERROR_INSUFFICIENT_BUFFER))
        *required = size;
    return error;
}

BOOL WINAPI wu_SetupDiGetDeviceInterfacePropertyW(HDEVINFO set,
                                                  SP_DEVICE_INTERFACE_DATA *data,
                                                  const DEVPROPKEY *key,
                                                  DEVPROPTYPE *type,
                                                  BYTE *buffer,
                                                  DWORD size,
                                                  DWORD *required,
                                                  DWORD flags)
{
    const wu_type_SetupDiGetDeviceInterfacePropertyW original =
        WU_ORIGINAL(SetupDiGetDeviceInterfacePropertyW);
    union detail detail;
    char id[WU_NODE_ID_SIZE];
    const DWORD error = find_interface(set, data, &detail, id);

    if (original && (error != ERROR_SUCCESS || wu_node_owner(id) != WU_US))
        return original(set, data, key, type, buffer, size, required, flags);
    if (error != ERROR_SUCCESS)
        return report(error);
    if (flags != 0)
        return report(ERROR_INVALID_FLAGS);
    return report(read_interface(id, detail.data.DevicePath, key, type, buffer, size, required));
}

/* --- Interfaces by their paths --------------------------------------------------------------- */

typedef BOOL(WINAPI *enum_interfaces)(HDEVINFO,
                                      SP_DEVINFO_DATA *,
                                      const GUID *,
                                      DWORD,
                                      SP_DEVICE_INTERFACE_DATA *);
typedef HDEVINFO(
    WINAPI *get_class)(const GUID *, const WCHAR *, HWND, DWORD, HDEVINFO, const WCHAR *, void *);

static bool guid_of_path(const WCHAR *path, GUID *guid_out)
{
    char text[WU_PATH_SIZE];
    const char *last;

    if (WideCharToMultiByte(CP_ACP, 0, path, -1, text, sizeof(text), NULL, NULL) == 0)
        return false;
    last = strrchr(text, '#');
    return last && wu_guid_parse(last + 1, strlen(last + 1), guid_out);
}

/* Finds an interface that is in a set already. */
static DWORD
find_in_set(HDEVINFO set, const WCHAR *path, const GUID *guid, SP_DEVICE_INTERFACE_DATA *data_out)
{
    const enum_interfaces next =
        (enum_interfaces)wu_divert_find("setupapi.dll", "SetupDiEnumDeviceInterfaces");
    SP_DEVICE_INTERFACE_DATA data = { .cbSize = sizeof(data) };
    union detail detail;
    char id[WU_NODE_ID_SIZE];

    if (!next)
        return ERROR_CALL_NOT_IMPLEMENTED;
    for (DWORD i = 0; next(set, NULL, guid, i, &data); i++)
        if (find_interface(set, &data, &detail, id) == ERROR_SUCCESS &&
            lstrcmpiW(detail.data.DevicePath, path) == 0) {
            *data_out = data;
            return ERROR_SUCCESS;
        }
    return GetLastError() == ERROR_NO_MORE_ITEMS ? ERROR_NO_SUCH_DEVICE_INTERFACE : GetLastError();
}

/* Adds what a device has of a GUID to a set, for which the set need not know the device. */
static DWORD add_to_set(HDEVINFO set, const char *id, const GUID *guid)
{
    const get_class get = (get_class)wu_divert_find("setupapi.dll", "SetupDiGetClassDevsExW");
    WCHAR wide[WU_NODE_ID_SIZE];

    if (!get)
        return ERROR_CALL_NOT_IMPLEMENTED;
    MultiByteToWideChar(CP_ACP, 0, id, -1, wide, WU_NODE_ID_SIZE);
    return get(guid, wide, NULL, DIGCF_DEVICEINTERFACE, set, NULL, NULL) != INVALID_HANDLE_VALUE
               ? ERROR_SUCCESS
               : GetLastError();
}

static DWORD open_ours(HDEVINFO set,
                       const char *id,
                       const WCHAR *path,
                       DWORD flags,
                       SP_DEVICE_INTERFACE_DATA *data)
{
    SP_DEVICE_INTERFACE_DATA found;
    GUID guid;
    DWORD error;

    if (data && data->cbSize != sizeof(*data))
        return ERROR_INVALID_USER_BUFFER;
    if (!guid_of_path(path, &guid))
        return ERROR_NO_SUCH_DEVICE_INTERFACE;

    error = find_in_set(set, path, &guid, &found);
    if (error == ERROR_NO_SUCH_DEVICE_INTERFACE && !(flags & DIODI_NO_ADD)) {
        error = add_to_set(set, id, &guid);
        if (error == ERROR_SUCCESS)
            error = find_in_set(set, path, &guid, &found);
    }
    if (error == ERROR_SUCCESS && data)
        *data = found;
    return error;
}

/* Wine's function comes first: up to 10.0 it is a stub, which opens nothing. */
BOOL WINAPI wu_SetupDiOpenDeviceInterfaceW(HDEVINFO set,
                                           const WCHAR *path,
                                           DWORD flags,
                                           SP_DEVICE_INTERFACE_DATA *data)
{
    const wu_type_SetupDiOpenDeviceInterfaceW original = WU_ORIGINAL(SetupDiOpenDeviceInterfaceW);
    char id[WU_NODE_ID_SIZE];

    if (original && original(set, path, flags, data))
        return TRUE;
    if (!path)
        return report(ERROR_INVALID_PARAMETER);
    if (wu_interface_node(path, id) && wu_node_owner(id) == WU_US)
        return report(open_ours(set, id, path, flags, data));
    return original ? FALSE : report(ERROR_NO_SUCH_DEVICE_INTERFACE);
}

BOOL WINAPI wu_SetupDiOpenDeviceInterfaceA(HDEVINFO set,
                                           const char *path,
                                           DWORD flags,
                                           SP_DEVICE_INTERFACE_DATA *data)
{
    WCHAR wide[WU_PATH_SIZE];

    if (path && MultiByteToWideChar(CP_ACP, 0, path, -1, wide, WU_PATH_SIZE) == 0)
        return report(ERROR_NO_SUCH_DEVICE_INTERFACE);
    return wu_SetupDiOpenDeviceInterfaceW(set, path ? wide : NULL, flags, data);
}
