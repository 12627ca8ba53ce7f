/*
 * What stands in for CfgMgr32 and SetupDi in a Wine prefix: of a registry that knows nothing of the
 * device, and of one that has what wine/registry.c writes. The program calls them by its imports.
 */
#include "cmocka_all.h"

#include <string.h>
#include <windows.h>
#include <cfgmgr32.h>
#include <devpropdef.h>
#include <setupapi.h>

#include "devices/node.h"
#include "wine/cfgmgr.h"
#include "wine/divert.h"
#include "wine/links.h"
#include "wine/registry.h"
#include "wine/tree.h"

#define OWN "{0badcafe-1111-4222-8333-444455556666}"
#define DEVICE "usb#vid_f055&pid_0001#wu_test"
#define PATH "\\\\?\\" DEVICE "#" OWN
#define ID "USB\\VID_F055&PID_0001\\WU_TEST"
#define WIDE_(text) L##text
#define WIDE(text) WIDE_(text)

enum { ALL = 1, ENUMERATOR = 1, SERVICE = 2, ROOM = 512 };

static const GUID own = { 0x0BADCAFE,
                          0x1111,
                          0x4222,
                          { 0x83, 0x33, 0x44, 0x44, 0x55, 0x55, 0x66, 0x66 } };

static const struct wu_function function = {
    .bus = 77,
    .address = 5,
    .port_path = "2",
    .vid = 0xF055,
    .pid = 0x0001,
    .bcd = 0x0102,
    .class_code = 0xFF,
    .instance = "wu_test",
    .manufacturer = "Maker",
    .product = "Thing",
    .serial = "WU_TEST",
};

/* MinGW's headers do not have these. */
CONFIGRET WINAPI CM_Get_Device_Interface_PropertyW(const WCHAR *path,
                                                   const DEVPROPKEY *key,
                                                   DEVPROPTYPE *type,
                                                   BYTE *data,
                                                   ULONG *size,
                                                   ULONG flags);
DWORD WINAPI CM_MapCrToWin32Err(CONFIGRET code, DWORD otherwise);
BOOL WINAPI SetupDiGetDeviceInterfacePropertyW(HDEVINFO set,
                                               SP_DEVICE_INTERFACE_DATA *iface,
                                               const DEVPROPKEY *key,
                                               DEVPROPTYPE *type,
                                               BYTE *data,
                                               DWORD size,
                                               DWORD *required,
                                               DWORD flags);

/* DEVPKEY_Device_InstanceId, DEVPKEY_Device_BusReportedDeviceDesc */
static const DEVPROPKEY instance_id = {
    { 0x78C34FC8, 0x104A, 0x4ACA, { 0x9E, 0xA4, 0x52, 0x4D, 0x52, 0x99, 0x6E, 0x57 } },
    256
};
static const DEVPROPKEY product = {
    { 0x540B947E, 0x8B40, 0x45BC, { 0xA8, 0xA2, 0x6A, 0x0B, 0x89, 0x4C, 0xBD, 0xA2 } },
    4
};

/* --- The registry ---------------------------------------------------------------------------- */

static void name_of(char name[WU_LINK_SIZE])
{
    wu_link_name(&function, &own, name);
    assert_string_equal(name, DEVICE "#" OWN);
}

static int withdraw(void **state)
{
    char name[WU_LINK_SIZE];

    (void)state;
    name_of(name);
    return wu_registry_remove_interface(name) != ERROR_SUCCESS ||
           wu_registry_remove_device(name) != ERROR_SUCCESS || wu_registry_has_interface(name);
}

static int publish(void **state)
{
    const struct wu_guids guids = { .guid = { own }, .count = 1 };
    const struct wu_node node = { .kind = WU_NODE_FUNCTION, .function = &function };
    char name[WU_LINK_SIZE];

    (void)state;
    name_of(name);
    return wu_registry_add_device(&node, &guids) != ERROR_SUCCESS ||
           wu_registry_add_interface(name) != ERROR_SUCCESS || !wu_registry_has_interface(name);
}

/* Found before ours are in place, as programs do that load winusb.dll late. */
static struct {
    const char *module, *name;
    const void *function;
} before[] = {
    { "setupapi.dll", "SetupDiEnumDeviceInfo", NULL },
    { "setupapi.dll", "SetupDiGetDeviceInterfaceDetailA", NULL },
    { "setupapi.dll", "SetupDiGetDeviceInterfaceDetailW", NULL },
    { "setupapi.dll", "SetupDiGetDeviceRegistryPropertyA", NULL },
    { "setupapi.dll", "SetupDiGetDeviceRegistryPropertyW", NULL },
    { "cfgmgr32.dll", "CM_Get_Child", NULL },
    { "cfgmgr32.dll", "CM_Get_DevNode_PropertyW", NULL },
    { "cfgmgr32.dll", "CM_Get_DevNode_Status", NULL },
    { "cfgmgr32.dll", "CM_Get_Device_ID_ListW", NULL },
    { "cfgmgr32.dll", "CM_Get_Parent", NULL },
    { "cfgmgr32.dll", "CM_Get_Sibling", NULL },
    { "cfgmgr32.dll", "CM_Locate_DevNodeW", NULL },
    { "cfgmgr32.dll", "CM_Open_DevNode_Key", NULL },
};

enum { BEFORE = sizeof(before) / sizeof(*before) };

static int complete(void **state)
{
    if (withdraw(state) != 0) /* what a run that was ended has left */
        return -1;

    for (int i = 0; i < BEFORE; i++)
        before[i].function = wu_divert_find(before[i].module, before[i].name);
    wu_cfgmgr_complete();
    return 0;
}

static void functions_that_were_found_before_lead_to_ours(void **state)
{
    (void)state;
    for (int i = 0; i < BEFORE; i++) {
        const unsigned char *now = wu_divert_find(before[i].module, before[i].name);

        assert_non_null(before[i].function);
        assert_ptr_not_equal(now, before[i].function);
        if (wu_machine_near_target(before[i].function) == NULL)
            fail_msg("%s", before[i].name);
    }
}

/* --- Of a device that is not there ----------------------------------------------------------- */

static GUID *guid(void)
{
    static GUID copy;

    copy = own;
    return &copy;
}

static void list_of_interfaces_is_empty(void **state)
{
    char narrow[ROOM] = "?";
    WCHAR wide[ROOM] = L"?";
    ULONG length = 0;

    (void)state;
    assert_int_equal(CM_Get_Device_Interface_List_SizeA(&length, guid(), NULL, ALL), CR_SUCCESS);
    assert_int_equal(length, 1);
    length = 0;
    assert_int_equal(CM_Get_Device_Interface_List_SizeW(&length, guid(), NULL, ALL), CR_SUCCESS);
    assert_int_equal(length, 1);
    assert_int_equal(CM_Get_Device_Interface_ListA(guid(), NULL, narrow, ROOM, ALL), CR_SUCCESS);
    assert_string_equal(narrow, "");
    assert_int_equal(CM_Get_Device_Interface_ListW(guid(), NULL, wide, ROOM, ALL), CR_SUCCESS);
    assert_int_equal(wide[0], 0);
}

static void list_of_nodes_does_not_have_it(void **state)
{
    char list[ROOM];
    ULONG length = ROOM;

    (void)state;
    assert_int_equal(CM_Get_Device_ID_List_SizeA(&length, "USB\\VID_F055&PID_0001", ENUMERATOR),
                     CR_SUCCESS);
    assert_true(length <= 2);
    assert_int_equal(CM_Get_Device_ID_ListA("USB\\VID_F055&PID_0001", list, ROOM, ENUMERATOR),
                     CR_SUCCESS);
    assert_string_equal(list, "");
}

static void node_is_not_found(void **state)
{
    DEVINST node = 0;

    (void)state;
    assert_int_equal(CM_Locate_DevNodeA(&node, (char *)ID, 0), CR_NO_SUCH_DEVNODE);
    assert_int_equal(CM_Locate_DevNodeW(&node, (WCHAR *)WIDE(ID), 0), CR_NO_SUCH_DEVNODE);
}

static void number_that_is_no_nodes_is_refused(void **state)
{
    enum { NOBODYS = 0xFFFF };
    DEVINST node = 0;
    ULONG status, problem, size = 0, type;
    DEVPROPTYPE property_type;
    HKEY key;

    (void)state;
    assert_int_equal(CM_Get_Parent(&node, NOBODYS, 0), CR_NO_SUCH_DEVNODE);
    assert_int_equal(CM_Get_Child(&node, NOBODYS, 0), CR_NO_SUCH_DEVNODE);
    assert_int_equal(CM_Get_Sibling(&node, NOBODYS, 0), CR_NO_SUCH_DEVNODE);
    assert_int_equal(CM_Get_DevNode_Status(&status, &problem, NOBODYS, 0), CR_NO_SUCH_DEVNODE);
    assert_int_equal(
        CM_Get_DevNode_PropertyW(NOBODYS, &instance_id, &property_type, NULL, &size, 0),
        CR_NO_SUCH_DEVNODE);
    assert_int_equal(CM_Get_DevNode_Registry_PropertyA(NOBODYS, 1, &type, NULL, &size, 0),
                     CR_NO_SUCH_DEVNODE);
    assert_int_equal(CM_Get_DevNode_Registry_PropertyW(NOBODYS, 1, &type, NULL, &size, 0),
                     CR_NO_SUCH_DEVNODE);
    assert_int_equal(
        CM_Open_DevNode_Key(NOBODYS, KEY_READ, 0, RegDisposition_OpenExisting, &key, 0),
        CR_NO_SUCH_DEVNODE);
}

static void interface_has_no_property(void **state)
{
    DEVPROPTYPE type;
    ULONG size = 0;

    (void)state;
    assert_int_equal(
        CM_Get_Device_Interface_PropertyW(WIDE(PATH), &instance_id, &type, NULL, &size, 0),
        CR_NO_SUCH_DEVICE_INTERFACE);
}

static void codes_are_translated(void **state)
{
    enum { OTHERWISE = 4711 };

    (void)state;
    assert_int_equal(CM_MapCrToWin32Err(CR_SUCCESS, OTHERWISE), ERROR_SUCCESS);
    assert_int_equal(CM_MapCrToWin32Err(CR_OUT_OF_MEMORY, OTHERWISE), ERROR_NOT_ENOUGH_MEMORY);
    assert_int_equal(CM_MapCrToWin32Err(0x7777, OTHERWISE), OTHERWISE);
}

typedef CONFIGRET(WINAPI *listen)(void *filter, void *context, void *call, void **handle_out);
typedef CONFIGRET(WINAPI *unlisten)(void *handle);

static void registration_without_filter_is_refused(void **state)
{
    const listen register_it = (listen)wu_divert_find("cfgmgr32.dll", "CM_Register_Notification");
    const unlisten unregister =
        (unlisten)wu_divert_find("cfgmgr32.dll", "CM_Unregister_Notification");
    void *handle;

    (void)state;
    assert_non_null(register_it);
    assert_non_null(unregister);
    assert_int_equal(register_it(NULL, NULL, NULL, &handle), CR_INVALID_POINTER);
    assert_int_equal(unregister(NULL), CR_INVALID_DATA);
}

/* --- Of a device that is published ----------------------------------------------------------- */

static void interface_is_listed(void **state)
{
    WCHAR wide[ROOM];
    char narrow[ROOM];
    ULONG length = 0;

    (void)state;
    assert_int_equal(CM_Get_Device_Interface_List_SizeW(&length, guid(), NULL, 0), CR_SUCCESS);
    assert_int_equal(length, sizeof(PATH) + 1);
    assert_int_equal(CM_Get_Device_Interface_ListW(guid(), NULL, wide, length, 0), CR_SUCCESS);
    assert_memory_equal(wide, WIDE(PATH) L"\0", length * sizeof(*wide));
    assert_int_equal(CM_Get_Device_Interface_ListW(guid(), NULL, wide, length - 1, 0),
                     CR_BUFFER_SMALL);
    assert_int_equal(CM_Get_Device_Interface_ListA(guid(), (char *)ID, narrow, ROOM, 0),
                     CR_SUCCESS);
    assert_string_equal(narrow, PATH);
}

static void node_is_listed(void **state)
{
    char list[ROOM];
    ULONG length = 0;

    (void)state;
    assert_int_equal(CM_Get_Device_ID_List_SizeA(&length, "USB\\VID_F055&PID_0001", ENUMERATOR),
                     CR_SUCCESS);
    assert_int_equal(length, sizeof(ID) + 1);
    assert_int_equal(CM_Get_Device_ID_ListA("WinUSB", list, ROOM, SERVICE), CR_SUCCESS);
    assert_string_equal(list, ID);
}

static DEVINST locate(const char *id)
{
    DEVINST node = 0;

    assert_int_equal(CM_Locate_DevNodeA(&node, (char *)id, 0), CR_SUCCESS);
    assert_true(node != 0);
    return node;
}

static void assert_id(DEVINST node, const char *id)
{
    char found[MAX_DEVICE_ID_LEN];

    assert_int_equal(CM_Get_Device_IDA(node, found, sizeof(found), 0), CR_SUCCESS);
    assert_string_equal(found, id);
}

static const struct wu_hub hubs[] = {
    { .kind = WU_HUB_CONTROLLER, .bus = 77, .way = "A#B", .controller.name = "test" },
    { .kind = WU_HUB_ROOT, .above = 1, .bus = 77, .address = 1, .way = "A#B" },
};

static int withdraw_with_hubs(void **state)
{
    char root[WU_LINK_SIZE], controller[WU_LINK_SIZE];

    wu_link_name_of_hub(&hubs[1], root);
    wu_link_name_of_hub(&hubs[0], controller);
    return withdraw(state) != 0 || wu_registry_remove_device(root) != ERROR_SUCCESS ||
           wu_registry_remove_device(controller) != ERROR_SUCCESS;
}

/* As when hubs come and go. */
static void node_that_moves_leaves_none_behind(void **state)
{
    const struct wu_node below_hub = { WU_NODE_FUNCTION, &function, &hubs[1] };
    const struct wu_node hub = wu_node_of_hub(&hubs[1]);
    const struct wu_guids guids = { .guid = { own }, .count = 1 };
    char hub_id[WU_NODE_ID_SIZE], old[WU_NODE_ID_SIZE], child[WU_NODE_ID_SIZE];

    wu_node_id(&hub, hub_id);
    assert_true(wu_tree_parent(ID, old));

    assert_int_equal(wu_registry_add_device(&below_hub, &guids), ERROR_SUCCESS);
    assert_true(wu_tree_is_below(ID, hub_id));
    assert_false(wu_tree_is_ours(old));

    assert_int_equal(publish(state), 0);
    assert_true(wu_tree_is_below(ID, old));
    assert_false(wu_tree_next_child(hub_id, NULL, child));
}

static void node_hangs_below_its_root_hub(void **state)
{
    const struct wu_node node = { .kind = WU_NODE_FUNCTION, .function = &function };
    struct wu_node above;
    char hub[WU_NODE_ID_SIZE];
    DEVINST own_node = locate(ID), parent = 0, child = 0, sibling = 0;

    (void)state;
    assert_true(wu_node_parent(&node, &above));
    wu_node_id(&above, hub);
    assert_id(own_node, ID);
    assert_int_equal(CM_Get_Parent(&parent, own_node, 0), CR_SUCCESS);
    assert_id(parent, hub);
    assert_int_equal(CM_Get_Child(&child, parent, 0), CR_SUCCESS);
    assert_id(child, ID);
    assert_int_equal(CM_Get_Sibling(&sibling, child, 0), CR_NO_SUCH_DEVNODE);
}

static void node_works_and_tells_what_it_is(void **state)
{
    const DEVINST node = locate(ID);
    ULONG status = 0, problem = 1, type = 0, size = ROOM;
    DEVPROPTYPE property_type = 0;
    char text[ROOM];
    WCHAR wide[ROOM];

    (void)state;
    assert_int_equal(CM_Get_DevNode_Status(&status, &problem, node, 0), CR_SUCCESS);
    assert_int_equal(status, WU_NODE_STATUS);
    assert_int_equal(problem, 0);

    assert_int_equal(
        CM_Get_DevNode_Registry_PropertyA(node, CM_DRP_HARDWAREID, &type, text, &size, 0),
        CR_SUCCESS);
    assert_int_equal(type, REG_MULTI_SZ);
    assert_string_equal(text, "USB\\VID_F055&PID_0001&REV_0102");
    size = ROOM * sizeof(*wide);
    assert_int_equal(CM_Get_DevNode_Registry_PropertyW(node, CM_DRP_SERVICE, &type, wide, &size, 0),
                     CR_SUCCESS);
    assert_int_equal(size, sizeof(L"WinUSB"));
    assert_memory_equal(wide, L"WinUSB", size);

    size = ROOM * sizeof(*wide);
    assert_int_equal(
        CM_Get_DevNode_PropertyW(node, &product, &property_type, (BYTE *)wide, &size, 0),
        CR_SUCCESS);
    assert_int_equal(size, sizeof(L"Thing"));
    assert_memory_equal(wide, L"Thing", size);
    size = 2;
    assert_int_equal(
        CM_Get_DevNode_PropertyW(node, &product, &property_type, (BYTE *)wide, &size, 0),
        CR_BUFFER_SMALL);
    assert_int_equal(size, sizeof(L"Thing"));
}

static void node_has_its_parameters(void **state)
{
    HKEY key = NULL;
    char text[ROOM] = "";
    DWORD size = sizeof(text);

    (void)state;
    assert_int_equal(CM_Open_DevNode_Key(locate(ID), KEY_READ, 0, RegDisposition_OpenExisting, &key,
                                         CM_REGISTRY_HARDWARE),
                     CR_SUCCESS);
    assert_int_equal(RegQueryValueExA(key, "DeviceInterfaceGUIDs", NULL, NULL, (BYTE *)text, &size),
                     ERROR_SUCCESS);
    assert_string_equal(text, OWN);
    RegCloseKey(key);
}

static void interface_tells_whose_it_is(void **state)
{
    DEVPROPTYPE type = 0;
    WCHAR wide[ROOM];
    ULONG size = sizeof(wide);

    (void)state;
    assert_int_equal(
        CM_Get_Device_Interface_PropertyW(WIDE(PATH), &instance_id, &type, (BYTE *)wide, &size, 0),
        CR_SUCCESS);
    assert_int_equal(size, sizeof(WIDE(ID)));
    assert_memory_equal(wide, WIDE(ID), size);
}

/* --- By SetupDi ------------------------------------------------------------------------------ */

static void set_tells_of_the_device(void **state)
{
    HDEVINFO set = SetupDiGetClassDevsA(&own, NULL, NULL, DIGCF_PRESENT | DIGCF_DEVICEINTERFACE);
    SP_DEVINFO_DATA device = { .cbSize = sizeof(device) };
    DWORD type = 0, required = 0;
    char text[ROOM];
    WCHAR wide[ROOM];
    DEVPROPKEY keys[64];

    (void)state;
    assert_true(set != INVALID_HANDLE_VALUE);
    assert_true(SetupDiEnumDeviceInfo(set, 0, &device));

    assert_true(SetupDiGetDeviceRegistryPropertyA(set, &device, SPDRP_DEVICEDESC, &type,
                                                  (BYTE *)text, sizeof(text), &required));
    assert_string_equal(text, "Thing");
    assert_true(SetupDiGetDeviceRegistryPropertyW(set, &device, SPDRP_MFG, &type, (BYTE *)wide,
                                                  sizeof(wide), &required));
    assert_memory_equal(wide, L"Maker", sizeof(L"Maker"));
    assert_false(
        SetupDiGetDeviceRegistryPropertyW(set, &device, SPDRP_MFG, &type, NULL, 0, &required));
    assert_int_equal(GetLastError(), ERROR_INSUFFICIENT_BUFFER);
    assert_int_equal(required, sizeof(L"Maker"));
    assert_true(SetupDiGetDevicePropertyKeys(set, &device, keys, 64, &required, 0));
    assert_true(required > 5 && required <= 64);
    assert_true(SetupDiDestroyDeviceInfoList(set));
}

static void set_tells_of_the_interface(void **state)
{
    HDEVINFO set = SetupDiGetClassDevsA(&own, NULL, NULL, DIGCF_PRESENT | DIGCF_DEVICEINTERFACE);
    SP_DEVICE_INTERFACE_DATA data = { .cbSize = sizeof(data) };
    DEVPROPTYPE type = 0;
    DWORD required = 0;
    WCHAR wide[ROOM];

    (void)state;
    assert_true(SetupDiEnumDeviceInterfaces(set, NULL, &own, 0, &data));

    assert_true(SetupDiGetDeviceInterfacePropertyW(set, &data, &instance_id, &type, (BYTE *)wide,
                                                   sizeof(wide), &required, 0));
    assert_int_equal(required, sizeof(WIDE(ID)));
    assert_memory_equal(wide, WIDE(ID), required);
    assert_true(SetupDiDestroyDeviceInfoList(set));
}

static void interface_is_opened_by_its_path(void **state)
{
    const HDEVINFO set = SetupDiCreateDeviceInfoList(NULL, NULL);
    SP_DEVICE_INTERFACE_DATA data = { .cbSize = sizeof(data) }, wrong = { .cbSize = 1 };

    (void)state;
    assert_false(SetupDiOpenDeviceInterfaceA(set, "\\\\?\\" DEVICE "#" OWN, DIODI_NO_ADD, &data));
    assert_int_equal(GetLastError(), ERROR_NO_SUCH_DEVICE_INTERFACE);
    assert_false(SetupDiOpenDeviceInterfaceA(set, "\\\\?\\" DEVICE "#" OWN, 0, &wrong));
    assert_int_equal(GetLastError(), ERROR_INVALID_USER_BUFFER);
    assert_true(SetupDiOpenDeviceInterfaceA(set, "\\\\?\\" DEVICE "#" OWN, 0, &data));
    assert_memory_equal(&data.InterfaceClassGuid, &own, sizeof(own));
    data = (SP_DEVICE_INTERFACE_DATA){ .cbSize = sizeof(data) };
    assert_true(SetupDiOpenDeviceInterfaceA(set, "\\\\?\\" DEVICE "#" OWN, DIODI_NO_ADD, &data));
    assert_memory_equal(&data.InterfaceClassGuid, &own, sizeof(own));
    assert_false(SetupDiEnumDeviceInterfaces(set, NULL, &own, 1, &data)); /* it is there once */
    SetupDiDestroyDeviceInfoList(set);
}

#define PUBLISHED(test) cmocka_unit_test_setup_teardown(test, publish, withdraw)

/* Of a set of its own, in which there is nothing else before it. */
static DEVINST number_in_set(void)
{
    const HDEVINFO set = SetupDiCreateDeviceInfoList(NULL, NULL);
    SP_DEVINFO_DATA opened = { .cbSize = sizeof(opened) }, listed = { .cbSize = sizeof(listed) };

    assert_true(SetupDiOpenDeviceInfoA(set, ID, NULL, 0, &opened));
    assert_true(SetupDiEnumDeviceInfo(set, 0, &listed));
    assert_int_equal(opened.DevInst, listed.DevInst);
    SetupDiDestroyDeviceInfoList(set);
    return opened.DevInst;
}

static void number_of_the_device_is_the_same_in_each_set(void **state)
{
    DEVINST located = 0;
    const DEVINST first = number_in_set(), second = number_in_set();

    (void)state;
    assert_int_equal(CM_Locate_DevNodeA(&located, (char *)ID, 0), CR_SUCCESS);
    assert_true(first != 0);
    assert_int_equal(first, second);
    assert_int_equal(first, located);
}

/* As it is while it is written or removed. */
static void node_without_class_is_not_there(void **state)
{
    const HKEY key = wu_tree_open(ID);
    DEVINST node;

    (void)state;
    assert_non_null(key);
    RegCloseKey(key);
    assert_int_equal(
        RegDeleteKeyValueA(HKEY_LOCAL_MACHINE, "SYSTEM\\CurrentControlSet\\Enum\\" ID, "ClassGUID"),
        ERROR_SUCCESS);
    assert_int_equal(CM_Locate_DevNodeA(&node, ID, 0), CR_NO_SUCH_DEVNODE);
    assert_int_equal(publish(state), 0);
    assert_int_equal(CM_Locate_DevNodeA(&node, ID, 0), CR_SUCCESS);
}

static void node_that_is_gone_keeps_its_number(void **state)
{
    const HDEVINFO set = SetupDiGetClassDevsA(NULL, "USB", NULL, DIGCF_PRESENT | DIGCF_ALLCLASSES);
    SP_DEVINFO_DATA device = { .cbSize = sizeof(device) };
    DWORD index = 0;
    DEVINST number, node;
    char id[ROOM];

    assert_true(set != INVALID_HANDLE_VALUE);
    do {
        assert_true(SetupDiEnumDeviceInfo(set, index++, &device));
        assert_true(SetupDiGetDeviceInstanceIdA(set, &device, id, sizeof(id), NULL));
    } while (strcmp(id, ID) != 0);
    number = device.DevInst;

    assert_int_equal(withdraw(state), 0);
    assert_int_equal(CM_Locate_DevNodeA(&node, ID, 0), CR_NO_SUCH_DEVNODE);
    assert_true(SetupDiEnumDeviceInfo(set, index - 1, &device));
    assert_int_equal(device.DevInst, number);
    assert_int_equal(publish(state), 0);
    assert_int_equal(CM_Locate_DevNodeA(&node, ID, 0), CR_SUCCESS);
    assert_int_equal(node, number);
    assert_true(SetupDiDestroyDeviceInfoList(set));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(functions_that_were_found_before_lead_to_ours),
        cmocka_unit_test(list_of_interfaces_is_empty),
        cmocka_unit_test(list_of_nodes_does_not_have_it),
        cmocka_unit_test(node_is_not_found),
        cmocka_unit_test(number_that_is_no_nodes_is_refused),
        cmocka_unit_test(interface_has_no_property),
        cmocka_unit_test(codes_are_translated),
        cmocka_unit_test(registration_without_filter_is_refused),
        PUBLISHED(interface_is_listed),
        PUBLISHED(node_is_listed),
        PUBLISHED(node_hangs_below_its_root_hub),
        cmocka_unit_test_setup_teardown(node_that_moves_leaves_none_behind, publish,
                                        withdraw_with_hubs),
        PUBLISHED(node_works_and_tells_what_it_is),
        PUBLISHED(node_has_its_parameters),
        PUBLISHED(interface_tells_whose_it_is),
        PUBLISHED(number_of_the_device_is_the_same_in_each_set),
        PUBLISHED(set_tells_of_the_device),
        PUBLISHED(set_tells_of_the_interface),
        PUBLISHED(interface_is_opened_by_its_path),
        PUBLISHED(node_without_class_is_not_there),
        PUBLISHED(node_that_is_gone_keeps_its_number),
    };

    return cmocka_run_group_tests(tests, complete, withdraw);
}
