#include "windows/devnode.h"

#include <cfgmgr32.h>
#include <setupapi.h>
#include <stdlib.h>
#include <string.h>

/* --- Listing --------------------------------------------------------------------------------- */

static const char ENUMERATOR[] = "USB";

enum { WHICH = CM_GETIDLIST_FILTER_ENUMERATOR | CM_GETIDLIST_FILTER_PRESENT };

/* @return ids one after the other, the last one empty; NULL when there is no memory, or with
 * another error */
static char *read_ids(DWORD *error_out)
{
    ULONG size = 0;
    char *ids;

    *error_out = ERROR_GEN_FAILURE;
    if (CM_Get_Device_ID_List_SizeA(&size, ENUMERATOR, WHICH) != CR_SUCCESS)
        return NULL;

    ids = calloc(size + 2, 1);
    *error_out = ids ? ERROR_GEN_FAILURE : ERROR_NOT_ENOUGH_MEMORY;
    if (!ids || CM_Get_Device_ID_ListA(ENUMERATOR, ids, size, WHICH) == CR_SUCCESS)
        return ids;

    free(ids);
    return NULL;
}

static size_t count_ids(const char *ids)
{
    size_t count = 0;

    for (; *ids != '\0'; ids += strlen(ids) + 1)
        count++;

    return count;
}

static void locate(char *ids, struct wu_devnode_list *list)
{
    for (char *id = ids; *id != '\0'; id += strlen(id) + 1) {
        DEVINST node;

        if (CM_Locate_DevNodeA(&node, id, CM_LOCATE_DEVNODE_NORMAL) == CR_SUCCESS)
            list->nodes[list->count++] = node;
    }
}

DWORD wu_devnode_list_get(struct wu_devnode_list *list_out)
{
    struct wu_devnode_list list = { 0 };
    DWORD error;
    char *ids = read_ids(&error);

    if (!ids)
        return error;

    list.nodes = calloc(count_ids(ids) + 1, sizeof(*list.nodes));
    if (list.nodes)
        locate(ids, &list);
    free(ids);
    if (!list.nodes)
        return ERROR_NOT_ENOUGH_MEMORY;

    *list_out = list;
    return ERROR_SUCCESS;
}

void wu_devnode_list_free(struct wu_devnode_list *list)
{
    free(list->nodes);
}

/* --- Properties ------------------------------------------------------------------------------ */

static const ULONG properties[] = {
    [WU_DEVNODE_OBJECT] = CM_DRP_PHYSICAL_DEVICE_OBJECT_NAME,
    [WU_DEVNODE_DRIVER] = CM_DRP_SERVICE,
    [WU_DEVNODE_UPPER_FILTERS] = CM_DRP_UPPERFILTERS,
    [WU_DEVNODE_LOWER_FILTERS] = CM_DRP_LOWERFILTERS,
    [WU_DEVNODE_LOCATION] = CM_DRP_LOCATION_INFORMATION,
    [WU_DEVNODE_LOCATION_PATHS] = CM_DRP_LOCATION_PATHS,
};

static bool is_ascii(const char *text)
{
    while (*text >= ' ' && *text <= '~')
        text++;

    return *text == '\0';
}

/* Turns the ends of all texts but the last into ';'. */
static void join(char *text)
{
    for (size_t end = strlen(text); text[end + 1] != '\0'; end += strlen(text + end))
        text[end] = ';';
}

bool wu_devnode_text(uint32_t node, enum wu_devnode_text which, char *text)
{
    ULONG size = WU_DEVNODE_TEXT_SIZE - 2, type = REG_SZ;
    CONFIGRET result;

    memset(text, 0, WU_DEVNODE_TEXT_SIZE);
    if (which == WU_DEVNODE_INSTANCE)
        result = CM_Get_Device_IDA(node, text, size, 0);
    else
        result = CM_Get_DevNode_Registry_PropertyA(node, properties[which], &type, text, &size, 0);

    if (result == CR_SUCCESS && type == REG_MULTI_SZ)
        join(text);
    if (result != CR_SUCCESS || (type != REG_SZ && type != REG_MULTI_SZ) || !is_ascii(text))
        text[0] = '\0';
    return text[0] != '\0';
}

bool wu_devnode_address(uint32_t node, unsigned *address_out)
{
    ULONG address = 0, size = sizeof(address), type = 0;

    if (CM_Get_DevNode_Registry_PropertyA(node, CM_DRP_ADDRESS, &type, &address, &size, 0) !=
            CR_SUCCESS ||
        type != REG_DWORD)
        return false;

    *address_out = address;
    return true;
}

bool wu_devnode_parent(uint32_t node, uint32_t *parent_out)
{
    DEVINST parent;

    if (CM_Get_Parent(&parent, node, 0) != CR_SUCCESS)
        return false;

    *parent_out = parent;
    return true;
}

/* --- Host controllers ------------------------------------------------------------------------ */

/*
 * libusb numbers its buses in the order in which SetupDi gives the host controllers, and CfgMgr32
 * promises no order at all. So that once SetupAPI is asked, by the calls that libusb uses; few
 * programs ever need it, so it is not linked.
 */
struct setupapi {
    HDEVINFO(WINAPI *get_sets)(const GUID *, const char *, HWND, DWORD);
    BOOL(WINAPI *get_interface)
    (HDEVINFO, SP_DEVINFO_DATA *, const GUID *, DWORD, SP_DEVICE_INTERFACE_DATA *);
    BOOL(WINAPI *get_detail)
    (HDEVINFO,
     SP_DEVICE_INTERFACE_DATA *,
     SP_DEVICE_INTERFACE_DETAIL_DATA_A *,
     DWORD,
     DWORD *,
     SP_DEVINFO_DATA *);
    BOOL(WINAPI *free_sets)(HDEVINFO);
};

/* GUID_DEVINTERFACE_USB_HOST_CONTROLLER */
static const GUID CONTROLLERS = { 0x3ABF6F2D,
                                  0x71C4,
                                  0x462A,
                                  { 0x8A, 0x92, 0x1E, 0x68, 0x61, 0xE6, 0xAF, 0x27 } };

static bool find_function(HMODULE module, const char *name, void *function_out)
{
    const FARPROC function = GetProcAddress(module, name);

    memcpy(function_out, &function, sizeof(function));
    return function != NULL;
}

static bool load_setupapi(struct setupapi *api)
{
    const HMODULE module = LoadLibraryW(L"setupapi.dll");

    return module && find_function(module, "SetupDiGetClassDevsA", &api->get_sets) &&
           find_function(module, "SetupDiEnumDeviceInterfaces", &api->get_interface) &&
           find_function(module, "SetupDiGetDeviceInterfaceDetailA", &api->get_detail) &&
           find_function(module, "SetupDiDestroyDeviceInfoList", &api->free_sets);
}

static bool is_controller(const struct setupapi *api,
                          HDEVINFO sets,
                          SP_DEVICE_INTERFACE_DATA *found,
                          DEVINST node)
{
    union {
        SP_DEVICE_INTERFACE_DETAIL_DATA_A detail;
        char room[1024];
    } path = { .detail = { .cbSize = sizeof(path.detail) } };
    SP_DEVINFO_DATA device = { .cbSize = sizeof(device) };

    return api->get_detail(sets, found, &path.detail, sizeof(path), NULL, &device) &&
           device.DevInst == node;
}

unsigned wu_devnode_controller_ordinal(uint32_t node)
{
    SP_DEVICE_INTERFACE_DATA found = { .cbSize = sizeof(found) };
    struct setupapi api;
    unsigned ordinal = 0;
    HDEVINFO sets;

    if (!load_setupapi(&api))
        return 0;

    sets = api.get_sets(NULL, NULL, NULL, DIGCF_ALLCLASSES | DIGCF_PRESENT | DIGCF_DEVICEINTERFACE);
    if (sets == INVALID_HANDLE_VALUE)
        return 0;

    for (DWORD i = 0; ordinal == 0 && api.get_interface(sets, NULL, &CONTROLLERS, i, &found); i++)
        if (is_controller(&api, sets, &found, node))
            ordinal = i + 1;
    api.free_sets(sets);
    return ordinal;
}
