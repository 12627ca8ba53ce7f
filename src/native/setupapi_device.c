/* The calls of setupapi that tell something of a device, or of an interface. */
#include <string.h>

#include "host/export.h"
#include "native/devnode.h"
#include "native/fact.h"
#include "native/setupapi_set.h"

static BOOL report(DWORD error)
{
    if (error != ERROR_SUCCESS)
        SetLastError(error);
    return error == ERROR_SUCCESS;
}

/* The setup class of devices that WinUSB drives: {88BAE032-5A81-49F0-BC3D-A4FF138216D6}. */
static GUID setup_class(void)
{
    GUID guid = { 0 };

    wu_guid_parse(WU_NODE_CLASS_GUID, sizeof(WU_NODE_CLASS_GUID) - 1, &guid);
    return guid;
}

void wu_set_fill_device(SP_DEVINFO_DATA *device, size_t place, DWORD number)
{
    device->ClassGuid = setup_class();
    device->DevInst = number;
    device->Reserved = place;
}

/* --- Devices of a set ------------------------------------------------------------------------ */

static bool has_device(const struct wu_set *set, const struct wu_function *function)
{
    const GUID own = setup_class();

    if (set->all)
        return true;
    return set->interfaces ? wu_guids_contain(&function->guids, &set->guid)
                           : wu_guid_equal(&set->guid, &own);
}

/* Gives the place in the list, counted from 1, of device @p index of the set; 0: there are fewer.
 */
static size_t find_device(const struct wu_set *set, DWORD index)
{
    for (size_t i = 0; i < set->list.count; i++)
        if (has_device(set, &set->list.functions[i]) && index-- == 0)
            return i + 1;

    return 0;
}

static DWORD enumerate(const struct wu_set *set, DWORD index, SP_DEVINFO_DATA *device)
{
    size_t place;
    struct wu_node node = { .kind = WU_NODE_FUNCTION };

    if (!device || device->cbSize != sizeof(*device))
        return ERROR_INVALID_USER_BUFFER;

    place = find_device(set, index);
    if (place == 0)
        return ERROR_NO_MORE_ITEMS;

    node.function = &set->list.functions[place - 1];
    wu_set_fill_device(device, place, wu_devnode_number(&node));
    return ERROR_SUCCESS;
}

WU_EXPORT BOOL WINAPI SetupDiEnumDeviceInfo(HDEVINFO handle, DWORD index, PSP_DEVINFO_DATA device)
{
    struct wu_object *set = wu_handle_acquire(handle, WU_HANDLE_DEVICE_INFO);
    const DWORD error =
        set ? enumerate((const struct wu_set *)set, index, device) : ERROR_INVALID_HANDLE;

    wu_object_release(set);
    return report(error);
}

/* A device of a set that is held meanwhile. */
struct device {
    struct wu_object *set; /* to be released; NULL: none */
    struct wu_node node;
};

static DWORD hold(HDEVINFO handle, const SP_DEVINFO_DATA *data, struct device *device)
{
    const struct wu_set *set;

    device->set = wu_handle_acquire(handle, WU_HANDLE_DEVICE_INFO);
    if (!device->set)
        return ERROR_INVALID_HANDLE;

    set = (const struct wu_set *)device->set;
    if (!data || data->cbSize != sizeof(*data) || data->Reserved == 0 ||
        data->Reserved > set->list.count)
        return ERROR_INVALID_PARAMETER;

    device->node = (struct wu_node){ .kind = WU_NODE_FUNCTION,
                                     .function = &set->list.functions[data->Reserved - 1] };
    return ERROR_SUCCESS;
}

/* --- What is told ---------------------------------------------------------------------------- */

/* The caller's buffer. */
struct answer {
    DWORD *type; /* may be NULL */
    void *data;
    DWORD size;
    DWORD *required; /* may be NULL */
};

static DWORD give(const struct wu_fact *fact, const struct answer *answer)
{
    if (!answer->data && answer->size > 0)
        return ERROR_INVALID_USER_BUFFER;

    if (answer->required)
        *answer->required = fact->size;
    if (answer->size < fact->size)
        return ERROR_INSUFFICIENT_BUFFER;

    if (answer->type)
        *answer->type = fact->type;
    memcpy(answer->data, &fact->is, fact->size);
    return ERROR_SUCCESS;
}

/* @param none  the error when the device has no such fact */
static DWORD tell(HDEVINFO handle,
                  const SP_DEVINFO_DATA *data,
                  const struct wu_node_fact *which,
                  enum wu_fact_form form,
                  const struct answer *answer,
                  DWORD none)
{
    struct device device;
    struct wu_fact fact;
    DWORD error = hold(handle, data, &device);

    if (error == ERROR_SUCCESS)
        error = wu_fact_tell(&device.node, which, form, &fact) ? give(&fact, answer) : none;
    wu_object_release(device.set);
    return error;
}

WU_EXPORT BOOL WINAPI SetupDiGetDeviceRegistryPropertyA(HDEVINFO set,
                                                        PSP_DEVINFO_DATA device,
                                                        DWORD property,
                                                        PDWORD type,
                                                        PBYTE data,
                                                        DWORD size,
                                                        PDWORD required)
{
    const struct answer answer = { type, data, size, required };

    return report(tell(set, device, wu_node_fact_of_number(property), WU_FACT_ANSI, &answer,
                       ERROR_INVALID_DATA));
}

WU_EXPORT BOOL WINAPI SetupDiGetDeviceRegistryPropertyW(HDEVINFO set,
                                                        PSP_DEVINFO_DATA device,
                                                        DWORD property,
                                                        PDWORD type,
                                                        PBYTE data,
                                                        DWORD size,
                                                        PDWORD required)
{
    const struct answer answer = { type, data, size, required };

    return report(tell(set, device, wu_node_fact_of_number(property), WU_FACT_WIDE, &answer,
                       ERROR_INVALID_DATA));
}

WU_EXPORT BOOL WINAPI SetupDiGetDevicePropertyW(HDEVINFO set,
                                                PSP_DEVINFO_DATA device,
                                                const DEVPROPKEY *key,
                                                DEVPROPTYPE *type,
                                                PBYTE data,
                                                DWORD size,
                                                PDWORD required,
                                                DWORD flags)
{
    const struct answer answer = { type, data, size, required };

    if (flags != 0)
        return report(ERROR_INVALID_FLAGS);
    if (!key || !type)
        return report(ERROR_INVALID_PARAMETER);
    return report(tell(set, device, wu_node_fact_of_key(&key->fmtid, key->pid), WU_FACT_PROPERTY,
                       &answer, ERROR_NOT_FOUND));
}

static DWORD give_id(HDEVINFO handle,
                     const SP_DEVINFO_DATA *data,
                     enum wu_fact_form form,
                     const struct answer *answer)
{
    struct device device;
    struct wu_fact fact;
    char id[WU_NODE_ID_SIZE];
    DWORD error = hold(handle, data, &device);

    if (error == ERROR_SUCCESS) {
        wu_node_id(&device.node, id);
        wu_fact_of_text(id, form, &fact);
        error = give(&fact, answer);
    }
    wu_object_release(device.set);
    return error;
}

WU_EXPORT BOOL WINAPI SetupDiGetDeviceInstanceIdA(HDEVINFO set,
                                                  PSP_DEVINFO_DATA device,
                                                  PSTR id,
                                                  DWORD size,
                                                  PDWORD required)
{
    const struct answer answer = { NULL, id, size, required };

    return report(give_id(set, device, WU_FACT_ANSI, &answer));
}

/* Sizes are in characters here. */
WU_EXPORT BOOL WINAPI SetupDiGetDeviceInstanceIdW(HDEVINFO set,
                                                  PSP_DEVINFO_DATA device,
                                                  PWSTR id,
                                                  DWORD size,
                                                  PDWORD required)
{
    DWORD bytes = 0;
    const DWORD room = size < WU_NODE_ID_SIZE ? size : WU_NODE_ID_SIZE;
    const struct answer answer = { NULL, id, room * (DWORD)sizeof(*id), &bytes };
    const DWORD error = give_id(set, device, WU_FACT_WIDE, &answer);

    if (required && (error == ERROR_SUCCESS || error == ERROR_INSUFFICIENT_BUFFER))
        *required = bytes / (DWORD)sizeof(*id);
    return report(error);
}

/* --- Which there are ------------------------------------------------------------------------- */

static DWORD list_keys(const struct wu_node *node, DEVPROPKEY *keys, DWORD room)
{
    const struct wu_node_fact *fact;
    struct wu_node_value value;
    DWORD count = 0;

    for (size_t i = 0; (fact = wu_node_fact_at(i)) != NULL; i++) {
        if (!wu_node_tell(node, fact, &value))
            continue;
        if (count < room)
            keys[count] = (DEVPROPKEY){ fact->set, fact->key };
        count++;
    }
    return count;
}

WU_EXPORT BOOL WINAPI SetupDiGetDevicePropertyKeys(HDEVINFO handle,
                                                   PSP_DEVINFO_DATA data,
                                                   DEVPROPKEY *keys,
                                                   DWORD count,
                                                   PDWORD required,
                                                   DWORD flags)
{
    struct device device;
    DWORD found = 0;
    DWORD error;

    if (flags != 0)
        return report(ERROR_INVALID_FLAGS);
    if (!keys && count > 0)
        return report(ERROR_INVALID_USER_BUFFER);

    error = hold(handle, data, &device);
    if (error == ERROR_SUCCESS) {
        found = list_keys(&device.node, keys, count);
        error = found <= count ? ERROR_SUCCESS : ERROR_INSUFFICIENT_BUFFER;
    }
    wu_object_release(device.set);
    if (required && found > 0)
        *required = found;
    return report(error);
}

/* --- Interfaces ------------------------------------------------------------------------------ */

static DWORD tell_of_interface(const struct wu_set *set,
                               const SP_DEVICE_INTERFACE_DATA *data,
                               const DEVPROPKEY *key,
                               const struct answer *answer)
{
    const struct wu_node node = { .kind = WU_NODE_FUNCTION,
                                  .function = wu_set_interface(set, data) };
    struct wu_fact fact;

    if (!node.function)
        return ERROR_INVALID_PARAMETER;
    return wu_fact_of_interface(&node, &data->InterfaceClassGuid, key, &fact) ? give(&fact, answer)
                                                                              : ERROR_NOT_FOUND;
}

WU_EXPORT BOOL WINAPI SetupDiGetDeviceInterfacePropertyW(HDEVINFO handle,
                                                         PSP_DEVICE_INTERFACE_DATA data,
                                                         const DEVPROPKEY *key,
                                                         DEVPROPTYPE *type,
                                                         PBYTE buffer,
                                                         DWORD size,
                                                         PDWORD required,
                                                         DWORD flags)
{
    const struct answer answer = { type, buffer, size, required };
    struct wu_object *set;
    DWORD error = ERROR_INVALID_HANDLE;

    if (flags != 0)
        return report(ERROR_INVALID_FLAGS);
    if (!key || !type)
        return report(ERROR_INVALID_PARAMETER);

    set = wu_handle_acquire(handle, WU_HANDLE_DEVICE_INFO);
    if (set)
        error = tell_of_interface((const struct wu_set *)set, data, key, &answer);
    wu_object_release(set);
    return report(error);
}
