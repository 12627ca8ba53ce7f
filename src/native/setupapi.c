/* The calls of setupapi by which programs find interface paths. */
#include "native/setupapi_set.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "host/export.h"
#include "native/devnode.h"
#include "native/fact.h"

static BOOL report(DWORD error)
{
    if (error != ERROR_SUCCESS)
        SetLastError(error);
    return error == ERROR_SUCCESS;
}

/* --- Sets ---------------------------------------------------------------------------------- */

static void destroy(struct wu_object *object)
{
    struct wu_set *set = (struct wu_set *)object;

    wu_function_list_free(&set->list);
    free(set);
}

static DWORD set_new(const GUID *guid, DWORD flags, HDEVINFO *handle_out)
{
    struct wu_set *set = calloc(1, sizeof(*set));
    DWORD error;

    if (!set)
        return ERROR_NOT_ENOUGH_MEMORY;

    wu_object_init(&set->object, destroy);
    set->all = (flags & DIGCF_ALLCLASSES) != 0;
    set->interfaces = (flags & DIGCF_DEVICEINTERFACE) != 0;
    if (guid)
        set->guid = *guid;

    error = wu_function_list_get(&set->list);
    if (error == ERROR_SUCCESS)
        error = wu_handle_new(WU_HANDLE_DEVICE_INFO, &set->object, handle_out);
    if (error != ERROR_SUCCESS)
        wu_object_release(&set->object);
    return error;
}

WU_EXPORT HDEVINFO WINAPI SetupDiGetClassDevsA(const GUID *guid,
                                               PCSTR enumerator,
                                               HWND parent,
                                               DWORD flags)
{
    HDEVINFO handle = INVALID_HANDLE_VALUE;
    const bool valid = guid || (flags & DIGCF_ALLCLASSES) != 0;

    UNREFERENCED_PARAMETER(enumerator);
    UNREFERENCED_PARAMETER(parent);
    report(valid ? set_new(guid, flags, &handle) : ERROR_INVALID_PARAMETER);
    return handle;
}

WU_EXPORT HDEVINFO WINAPI SetupDiGetClassDevsW(const GUID *guid,
                                               PCWSTR enumerator,
                                               HWND parent,
                                               DWORD flags)
{
    UNREFERENCED_PARAMETER(enumerator);
    return SetupDiGetClassDevsA(guid, NULL, parent, flags);
}

WU_EXPORT BOOL WINAPI SetupDiDestroyDeviceInfoList(HDEVINFO handle)
{
    struct wu_object *object = wu_handle_close(handle, WU_HANDLE_DEVICE_INFO);

    wu_object_release(object);
    return report(object ? ERROR_SUCCESS : ERROR_INVALID_HANDLE);
}

/* --- Interfaces of a set -------------------------------------------------------------------- */

/* Gives the place in the list, counted from 1, of the function that is interface @p index of the
 * class; 0 when there are fewer. */
static size_t find_interface(const struct wu_set *set, const GUID *guid, DWORD index)
{
    if (!set->interfaces || (!set->all && !wu_guid_equal(guid, &set->guid)))
        return 0;

    for (size_t i = 0; i < set->list.count; i++)
        if (wu_guids_contain(&set->list.functions[i].guids, guid) && index-- == 0)
            return i + 1;

    return 0;
}

static DWORD
enumerate(const struct wu_set *set, const GUID *guid, DWORD index, SP_DEVICE_INTERFACE_DATA *data)
{
    size_t place;

    if (!guid)
        return ERROR_INVALID_PARAMETER;
    if (!data || data->cbSize != sizeof(*data))
        return ERROR_INVALID_USER_BUFFER;

    place = find_interface(set, guid, index);
    if (place == 0)
        return ERROR_NO_MORE_ITEMS;

    data->InterfaceClassGuid = *guid;
    data->Flags = SPINT_ACTIVE;
    data->Reserved = place;
    return ERROR_SUCCESS;
}

WU_EXPORT BOOL WINAPI SetupDiEnumDeviceInterfaces(HDEVINFO handle,
                                                  PSP_DEVINFO_DATA device,
                                                  const GUID *guid,
                                                  DWORD index,
                                                  PSP_DEVICE_INTERFACE_DATA data)
{
    struct wu_object *set = wu_handle_acquire(handle, WU_HANDLE_DEVICE_INFO);
    DWORD error = ERROR_INVALID_HANDLE;

    UNREFERENCED_PARAMETER(device);
    if (set)
        error = enumerate((struct wu_set *)set, guid, index, data);

    wu_object_release(set);
    return report(error);
}

/* --- Paths --------------------------------------------------------------------------------- */

const struct wu_function *wu_set_interface(const struct wu_set *set,
                                           const SP_DEVICE_INTERFACE_DATA *data)
{
    const struct wu_function *function;

    if (!data || data->cbSize != sizeof(*data) || data->Reserved == 0 ||
        data->Reserved > set->list.count)
        return NULL;

    function = &set->list.functions[data->Reserved - 1];
    return wu_guids_contain(&function->guids, &data->InterfaceClassGuid) ? function : NULL;
}

static DWORD find_path(const struct wu_set *set,
                       const SP_DEVICE_INTERFACE_DATA *data,
                       char *path,
                       DWORD *number_out)
{
    const struct wu_function *function = wu_set_interface(set, data);
    const struct wu_node node = { .kind = WU_NODE_FUNCTION, .function = function };

    if (!function)
        return ERROR_INVALID_PARAMETER;

    wu_function_path(function, &data->InterfaceClassGuid, path);
    *number_out = wu_devnode_number(&node);
    return ERROR_SUCCESS;
}

/* The caller's buffer for a path, in either width. */
struct buffer {
    const DWORD *cb_size; /* NULL when there is no buffer */
    DWORD fixed;          /* what *cb_size must be */
    DWORD header;         /* [bytes] in front of the path */
    DWORD width;          /* [bytes] of a character */
    DWORD size;           /* [bytes] in all */
};

static DWORD check(const struct buffer *buffer, size_t length, DWORD *required)
{
    const DWORD needed = buffer->header + ((DWORD)length + 1) * buffer->width;

    if (!buffer->cb_size && buffer->size > 0)
        return ERROR_INVALID_USER_BUFFER;
    if (buffer->cb_size && (buffer->size < buffer->fixed || *buffer->cb_size != buffer->fixed))
        return ERROR_INVALID_USER_BUFFER;

    if (required)
        *required = needed;
    return buffer->size >= needed ? ERROR_SUCCESS : ERROR_INSUFFICIENT_BUFFER;
}

/* Everything but writing the path into the caller's buffer. */
static DWORD get_path(HDEVINFO handle,
                      const SP_DEVICE_INTERFACE_DATA *data,
                      const struct buffer *buffer,
                      DWORD *required,
                      SP_DEVINFO_DATA *device,
                      char *path)
{
    struct wu_object *set = wu_handle_acquire(handle, WU_HANDLE_DEVICE_INFO);
    DWORD number = 0;
    DWORD error = set ? find_path((struct wu_set *)set, data, path, &number) : ERROR_INVALID_HANDLE;

    wu_object_release(set);
    if (error == ERROR_SUCCESS && device && device->cbSize != sizeof(*device))
        error = ERROR_INVALID_USER_BUFFER;
    if (error == ERROR_SUCCESS)
        error = check(buffer, strlen(path), required);
    if (error == ERROR_SUCCESS && device)
        wu_set_fill_device(device, (size_t)data->Reserved, number);
    return error;
}

WU_EXPORT BOOL WINAPI SetupDiGetDeviceInterfaceDetailA(HDEVINFO set,
                                                       PSP_DEVICE_INTERFACE_DATA data,
                                                       PSP_DEVICE_INTERFACE_DETAIL_DATA_A detail,
                                                       DWORD size,
                                                       PDWORD required,
                                                       PSP_DEVINFO_DATA device)
{
    const struct buffer buffer = {
        .cb_size = detail ? &detail->cbSize : NULL,
        .fixed = sizeof(*detail),
        .header = offsetof(SP_DEVICE_INTERFACE_DETAIL_DATA_A, DevicePath),
        .width = sizeof(CHAR),
        .size = size,
    };
    char path[WU_PATH_SIZE];
    const DWORD error = get_path(set, data, &buffer, required, device, path);

    if (error == ERROR_SUCCESS)
        memcpy((char *)detail + buffer.header, path, strlen(path) + 1);
    return report(error);
}

WU_EXPORT BOOL WINAPI SetupDiGetDeviceInterfaceDetailW(HDEVINFO set,
                                                       PSP_DEVICE_INTERFACE_DATA data,
                                                       PSP_DEVICE_INTERFACE_DETAIL_DATA_W detail,
                                                       DWORD size,
                                                       PDWORD required,
                                                       PSP_DEVINFO_DATA device)
{
    const struct buffer buffer = {
        .cb_size = detail ? &detail->cbSize : NULL,
        .fixed = sizeof(*detail),
        .header = offsetof(SP_DEVICE_INTERFACE_DETAIL_DATA_W, DevicePath),
        .width = sizeof(WCHAR),
        .size = size,
    };
    char path[WU_PATH_SIZE];
    WCHAR wide[WU_PATH_SIZE];
    const DWORD error = get_path(set, data, &buffer, required, device, path);

    if (error != ERROR_SUCCESS)
        return report(error);

    memcpy((char *)detail + buffer.header, wide,
           wu_fact_widen(path, strlen(path) + 1, wide) * sizeof(*wide));
    return TRUE;
}
