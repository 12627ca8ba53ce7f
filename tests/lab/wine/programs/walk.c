#include "walk.h"

#include <string.h>
#include <winusb.h>

#include "expect.h"

#define IDS "USB\\VID_1209&PID_0001"
#define COMPOSITE_IDS "USB\\VID_1209&PID_0002"

enum { TEXT_LENGTH = 1000, PATH_LENGTH = 260 };

/* Of the lab's standard device. */
static const GUID guid_standard = { 0x8f1d2c5a,
                                    0x3b47,
                                    0x4e0c,
                                    { 0x9a, 0x61, 0x5c, 0x2e, 0x7d, 0x94, 0xb0, 0x10 } };

static const struct walk_api *api;

/* What the walk has found so far. */
static WCHAR path[PATH_LENGTH], id[MAX_DEVICE_ID_LEN];
static DEVINST node;

/* --- Texts ----------------------------------------------------------------------------------- */

/* All that is looked at consists of ASCII. Of several texts, the first. */
static const char *narrow(const void *wide)
{
    static char text[TEXT_LENGTH];
    const WCHAR *from = wide;
    int i;

    for (i = 0; i < TEXT_LENGTH - 1 && from[i] != 0; i++)
        text[i] = (char)from[i];
    text[i] = '\0';
    return text;
}

static bool begins(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

static bool expect_begins(const char *text, const char *start, const char *what, int line)
{
    if (!begins(text, start))
        say("  %s: %s, not %s", what, text, start);
    return expect(begins(text, start), what, "walk.c", line);
}

#define EXPECT_BEGINS(text, start) expect_begins((text), (start), #text, __LINE__)

/* --- From the list to the node --------------------------------------------------------------- */

#define DEVICE                                             \
    {                                                      \
        0xA45C254E, 0xDF1C, 0x4EFD,                        \
        {                                                  \
            0x80, 0x20, 0x67, 0xD1, 0x46, 0xA8, 0x50, 0xE0 \
        }                                                  \
    }
#define TREE                                               \
    {                                                      \
        0x4340A6C5, 0x93FA, 0x4706,                        \
        {                                                  \
            0x97, 0x2C, 0x7B, 0x64, 0x80, 0x08, 0xA5, 0xA7 \
        }                                                  \
    }

static const DEVPROPKEY instance_id = {
    { 0x78C34FC8, 0x104A, 0x4ACA, { 0x9E, 0xA4, 0x52, 0x4D, 0x52, 0x99, 0x6E, 0x57 } },
    256
};

static void find_interface(void)
{
    static WCHAR paths[TEXT_LENGTH];
    GUID guid = guid_standard;
    ULONG length = 0;

    EXPECT_EQUAL(api->CM_Get_Device_Interface_List_SizeW(&length, &guid, NULL, 0), CR_SUCCESS);
    EXPECT(length > 1 && length < TEXT_LENGTH);
    EXPECT_EQUAL(api->CM_Get_Device_Interface_ListW(&guid, NULL, paths, TEXT_LENGTH, 0),
                 CR_SUCCESS);
    memcpy(path, paths, sizeof(path) - sizeof(*path));
    say("  path %s", narrow(path));
    EXPECT_BEGINS(narrow(path), "\\\\?\\usb#vid_1209&pid_0001#");
}

static void walk_interface_to_id(void)
{
    DEVPROPTYPE type = 0;
    ULONG size = 0;

    find_interface();
    EXPECT_EQUAL(api->CM_Get_Device_Interface_PropertyW(path, &instance_id, &type, NULL, &size, 0),
                 CR_BUFFER_SMALL);
    EXPECT(size > sizeof(IDS) * sizeof(*id) && size <= sizeof(id));
    size = sizeof(id);
    EXPECT_EQUAL(
        api->CM_Get_Device_Interface_PropertyW(path, &instance_id, &type, (BYTE *)id, &size, 0),
        CR_SUCCESS);
    EXPECT_EQUAL(type, DEVPROP_TYPE_STRING);
    say("  instance %s", narrow(id));
    EXPECT_BEGINS(narrow(id), IDS "\\");
}

static void walk_id_to_node(void)
{
    char narrow_id[MAX_DEVICE_ID_LEN];
    WCHAR own[MAX_DEVICE_ID_LEN] = { 0 };
    DEVINST again = 0;
    ULONG status = 0, problem = 1, length = 0;

    strcpy(narrow_id, narrow(id));
    EXPECT_EQUAL(api->CM_Locate_DevNodeW(&node, id, CM_LOCATE_DEVNODE_NORMAL), CR_SUCCESS);
    EXPECT_EQUAL(api->CM_Locate_DevNodeA(&again, narrow_id, CM_LOCATE_DEVNODE_NORMAL), CR_SUCCESS);
    EXPECT_EQUAL(again, node);
    EXPECT_EQUAL(api->CM_Get_Device_ID_Size(&length, node, 0), CR_SUCCESS);
    EXPECT_EQUAL(length, strlen(narrow_id));
    EXPECT_EQUAL(api->CM_Get_Device_IDW(node, own, MAX_DEVICE_ID_LEN, 0), CR_SUCCESS);
    EXPECT_BEGINS(narrow(own), narrow_id);
    EXPECT_EQUAL(api->CM_Get_DevNode_Status(&status, &problem, node, 0), CR_SUCCESS);
    say("  status %lx", (unsigned long)status);
    EXPECT((status & DN_STARTED) != 0 && (status & DN_HAS_PROBLEM) == 0);
    EXPECT_EQUAL(problem, 0);
}

static void walk_tree(void)
{
    DEVINST parent = 0, child = 0;
    char parent_id[MAX_DEVICE_ID_LEN] = "";
    bool found;

    EXPECT_EQUAL(api->CM_Get_Parent(&parent, node, 0), CR_SUCCESS);
    EXPECT_EQUAL(api->CM_Get_Device_IDA(parent, parent_id, MAX_DEVICE_ID_LEN, 0), CR_SUCCESS);
    say("  parent %s", parent_id);
    EXPECT_BEGINS(parent_id, "USB\\ROOT_HUB20\\");
    EXPECT_EQUAL(api->CM_Get_Child(&child, parent, 0), CR_SUCCESS);
    for (found = child == node; !found && api->CM_Get_Sibling(&child, child, 0) == CR_SUCCESS;)
        found = child == node;
    EXPECT(found);
    EXPECT_EQUAL(api->CM_Get_Child(&child, node, 0), CR_NO_SUCH_DEVNODE);

    EXPECT_EQUAL(api->CM_Get_Parent(&parent, parent, 0), CR_SUCCESS);
    EXPECT_EQUAL(api->CM_Get_Device_IDA(parent, parent_id, MAX_DEVICE_ID_LEN, 0), CR_SUCCESS);
    EXPECT_BEGINS(parent_id, "PCI\\VEN_");
    EXPECT_EQUAL(api->CM_Get_Parent(&parent, parent, 0), CR_NO_SUCH_DEVNODE);
}

/* --- What is said of the node ---------------------------------------------------------------- */

static void walk_properties(void)
{
    static const struct {
        DEVPROPKEY key;
        DEVPROPTYPE type;
        const char *text; /* its beginning */
    } texts[] = {
        { { DEVICE, 3 }, DEVPROP_TYPE_STRING_LIST, IDS "&REV_" },
        { { DEVICE, 4 }, DEVPROP_TYPE_STRING_LIST, "USB\\Class_ff&SubClass_" },
        { { DEVICE, 6 }, DEVPROP_TYPE_STRING, "WinUSB" },
        { { DEVICE, 15 }, DEVPROP_TYPE_STRING, "Port_#0001.Hub_#00" },
        { { DEVICE, 24 }, DEVPROP_TYPE_STRING, "USB" },
        { { DEVICE, 37 }, DEVPROP_TYPE_STRING_LIST, "PCIROOT(0)#PCI(" },
        { { TREE, 8 }, DEVPROP_TYPE_STRING, "USB\\ROOT_HUB20\\" },
    };

    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        WCHAR text[TEXT_LENGTH] = { 0 };
        ULONG size = sizeof(text);
        DEVPROPTYPE type = 0;

        EXPECT_EQUAL(
            api->CM_Get_DevNode_PropertyW(node, &texts[i].key, &type, (BYTE *)text, &size, 0),
            CR_SUCCESS);
        EXPECT_EQUAL(type, texts[i].type);
        EXPECT_BEGINS(narrow(text), texts[i].text);
    }
}

static void walk_numbers(void)
{
    static const DEVPROPKEY address = { DEVICE, 30 }, problem = { TREE, 3 },
                            class_guid = { DEVICE, 10 };
    const DEVPROPKEY none = { DEVICE, 4711 };
    DEVPROPTYPE type = 0;
    DWORD number = 77;
    GUID guid = { 0 };
    ULONG size = sizeof(number);

    EXPECT_EQUAL(api->CM_Get_DevNode_PropertyW(node, &address, &type, (BYTE *)&number, &size, 0),
                 CR_SUCCESS);
    EXPECT_EQUAL(type, DEVPROP_TYPE_UINT32);
    EXPECT_EQUAL(number, 1);
    EXPECT_EQUAL(api->CM_Get_DevNode_PropertyW(node, &problem, &type, (BYTE *)&number, &size, 0),
                 CR_SUCCESS);
    EXPECT_EQUAL(number, 0);
    size = sizeof(guid);
    EXPECT_EQUAL(api->CM_Get_DevNode_PropertyW(node, &class_guid, &type, (BYTE *)&guid, &size, 0),
                 CR_SUCCESS);
    EXPECT_EQUAL(type, DEVPROP_TYPE_GUID);
    EXPECT_EQUAL(guid.Data1, 0x88BAE032);
    EXPECT_EQUAL(api->CM_Get_DevNode_PropertyW(node, &none, &type, (BYTE *)&guid, &size, 0),
                 CR_NO_SUCH_VALUE);
}

static void walk_registry_properties(void)
{
    WCHAR text[TEXT_LENGTH] = { 0 };
    ULONG type = 0, size = 0;
    DWORD address = 77;

    EXPECT_EQUAL(
        api->CM_Get_DevNode_Registry_PropertyW(node, CM_DRP_HARDWAREID, NULL, NULL, &size, 0),
        CR_BUFFER_SMALL);
    EXPECT(size > 0 && size < sizeof(text));
    EXPECT_EQUAL(
        api->CM_Get_DevNode_Registry_PropertyW(node, CM_DRP_HARDWAREID, &type, text, &size, 0),
        CR_SUCCESS);
    EXPECT_EQUAL(type, REG_MULTI_SZ);
    EXPECT_BEGINS(narrow(text), IDS "&REV_");
    size = sizeof(address);
    EXPECT_EQUAL(
        api->CM_Get_DevNode_Registry_PropertyW(node, CM_DRP_ADDRESS, &type, &address, &size, 0),
        CR_SUCCESS);
    EXPECT_EQUAL(type, REG_DWORD);
    EXPECT_EQUAL(address, 1);
}

/* --- What is not there ----------------------------------------------------------------------- */

static void walk_refusals(void)
{
    WCHAR nobody[] = { 'U', 'S', 'B', '\\', 'N', 'O', '\\', 'N', 'E', 0 };
    WCHAR no_interface[] = { '\\', '\\', '?', '\\', 'n', 'o', '#', '{', '}', 0 };
    DEVPROPTYPE type = 0;
    DEVINST nowhere = 0;
    ULONG size = 0;

    EXPECT_EQUAL(api->CM_Locate_DevNodeW(&nowhere, nobody, 0), CR_NO_SUCH_DEVNODE);
    EXPECT_EQUAL(
        api->CM_Get_Device_Interface_PropertyW(no_interface, &instance_id, &type, NULL, &size, 0),
        CR_NO_SUCH_DEVICE_INTERFACE);
    EXPECT_EQUAL(api->CM_MapCrToWin32Err(CR_SUCCESS, 4711), ERROR_SUCCESS);
    EXPECT_EQUAL(api->CM_MapCrToWin32Err(CR_NO_SUCH_DEVNODE, 4711), ERROR_NOT_FOUND);
    EXPECT_EQUAL(api->CM_MapCrToWin32Err(CR_BUFFER_SMALL, 4711), ERROR_INSUFFICIENT_BUFFER);
    EXPECT_EQUAL(api->CM_MapCrToWin32Err(CR_DEFAULT, 4711), 4711);
}

/* --- Lists and notifications ----------------------------------------------------------------- */

static bool contains(const char *list, const char *wanted)
{
    for (; *list != '\0'; list += strlen(list) + 1)
        if (strcmp(list, wanted) == 0)
            return true;
    return false;
}

static void walk_id_list(void)
{
    static char list[4096];
    ULONG length = 0;
    enum { ENUMERATOR = 1, SERVICE = 2 };

    EXPECT_EQUAL(api->CM_Get_Device_ID_List_SizeA(&length, "USB", ENUMERATOR), CR_SUCCESS);
    EXPECT(length > 2 && length <= sizeof(list));
    EXPECT_EQUAL(api->CM_Get_Device_ID_ListA("USB", list, sizeof(list), ENUMERATOR), CR_SUCCESS);
    EXPECT(contains(list, narrow(id)));
    EXPECT_EQUAL(api->CM_Get_Device_ID_ListA("WinUSB", list, sizeof(list), SERVICE), CR_SUCCESS);
    EXPECT(contains(list, narrow(id)));
    EXPECT_EQUAL(api->CM_Get_Device_ID_ListA("nobody", list, sizeof(list), SERVICE), CR_SUCCESS);
    EXPECT(!contains(list, narrow(id)));
}

static DWORD CALLBACK ignore(void *handle, void *context, int action, void *event, DWORD size)
{
    (void)handle;
    (void)context;
    (void)action;
    (void)event;
    (void)size;
    return ERROR_SUCCESS;
}

static void walk_notification(void)
{
    struct {
        DWORD size;
        DWORD flags;
        int type;
        DWORD reserved;
        union {
            GUID guid;
            WCHAR room[MAX_DEVICE_ID_LEN];
        } of;
    } filter = { .size = sizeof(filter), .of.guid = guid_standard };
    void *handle = NULL;

    EXPECT_EQUAL(api->CM_Register_Notification(&filter, NULL, (void *)(ULONG_PTR)ignore, &handle),
                 CR_SUCCESS);
    EXPECT(handle != NULL);
    EXPECT_EQUAL(api->CM_Unregister_Notification(handle), CR_SUCCESS);
    EXPECT(api->CM_Unregister_Notification(NULL) != CR_SUCCESS);
}

/* --- SetupDi --------------------------------------------------------------------------------- */

static void look_at_device(HDEVINFO set, SP_DEVINFO_DATA *device)
{
    static const struct {
        DWORD number, type;
        const char *text; /* its beginning; NULL: a number */
        DWORD value;
    } facts[] = {
        { SPDRP_HARDWAREID, REG_MULTI_SZ, IDS "&REV_", 0 },
        { SPDRP_COMPATIBLEIDS, REG_MULTI_SZ, "USB\\Class_ff&SubClass_", 0 },
        { SPDRP_SERVICE, REG_SZ, "WinUSB", 0 },
        { SPDRP_CLASS, REG_SZ, "USBDevice", 0 },
        { SPDRP_CLASSGUID, REG_SZ, "{88", 0 },
        { SPDRP_DRIVER, REG_SZ, "{88bae032-5a81-49f0-bc3d-a4ff138216d6}\\", 0 },
        { SPDRP_LOCATION_INFORMATION, REG_SZ, "Port_#0001.Hub_#00", 0 },
        { SPDRP_LOCATION_PATHS, REG_MULTI_SZ, "PCIROOT(0)#PCI(", 0 },
        { SPDRP_PHYSICAL_DEVICE_OBJECT_NAME, REG_SZ, "\\Device\\USBPDO-", 0 },
        { SPDRP_ENUMERATOR_NAME, REG_SZ, "USB", 0 },
        { CM_DRP_BASE_CONTAINERID - 1, REG_SZ, "{", 0 },
        { SPDRP_ADDRESS, REG_DWORD, NULL, 1 },
        { SPDRP_INSTALL_STATE, REG_DWORD, NULL, 0 },
    };

    for (size_t i = 0; i < sizeof(facts) / sizeof(*facts); i++) {
        union {
            char text[TEXT_LENGTH];
            DWORD number;
        } data = { .text = "?" };
        DWORD type = 0, required = 0;

        say("  property %lx", (unsigned long)facts[i].number);
        EXPECT(api->SetupDiGetDeviceRegistryPropertyA(set, device, facts[i].number, &type,
                                                      (BYTE *)&data, sizeof(data), &required));
        EXPECT_EQUAL(type, facts[i].type);
        if (facts[i].text)
            EXPECT_BEGINS(data.text, facts[i].text);
        else
            EXPECT_EQUAL(data.number, facts[i].value);
        EXPECT_ERROR(api->SetupDiGetDeviceRegistryPropertyA(set, device, facts[i].number, NULL,
                                                            NULL, 0, NULL),
                     ERROR_INSUFFICIENT_BUFFER);
    }
}

static void look_at_keys(HDEVINFO set, SP_DEVINFO_DATA *device)
{
    DEVPROPKEY keys[100];
    DWORD count = 0;
    bool found = false;

    EXPECT_ERROR(api->SetupDiGetDevicePropertyKeys(set, device, NULL, 0, &count, 0),
                 ERROR_INSUFFICIENT_BUFFER);
    EXPECT(count > 10 && count <= 100);
    EXPECT(api->SetupDiGetDevicePropertyKeys(set, device, keys, 100, &count, 0));
    for (DWORD i = 0; i < count; i++)
        found = found || memcmp(&keys[i], &instance_id, sizeof(instance_id)) == 0;
    EXPECT(found);
}

static void
look_at_properties(HDEVINFO set, SP_DEVICE_INTERFACE_DATA *data, SP_DEVINFO_DATA *device)
{
    WCHAR text[TEXT_LENGTH] = { 0 };
    DEVPROPTYPE type = 0;

    EXPECT(api->SetupDiGetDevicePropertyW(set, device, &instance_id, &type, (BYTE *)text,
                                          sizeof(text), NULL, 0));
    EXPECT_BEGINS(narrow(text), IDS "\\");
    text[0] = 0;
    EXPECT(api->SetupDiGetDeviceInterfacePropertyW(set, data, &instance_id, &type, (BYTE *)text,
                                                   sizeof(text), NULL, 0));
    EXPECT_EQUAL(type, DEVPROP_TYPE_STRING);
    EXPECT_BEGINS(narrow(text), IDS "\\");
}

static void walk_set(void)
{
    union {
        SP_DEVICE_INTERFACE_DETAIL_DATA_A detail;
        char room[PATH_LENGTH + 8];
    } buffer = { .detail.cbSize = sizeof(buffer.detail) };
    SP_DEVICE_INTERFACE_DATA data = { .cbSize = sizeof(data) };
    SP_DEVINFO_DATA device = { .cbSize = sizeof(device) };
    char own[MAX_DEVICE_ID_LEN] = "";
    const HDEVINFO set = api->SetupDiGetClassDevsA(&guid_standard, NULL, NULL,
                                                   DIGCF_PRESENT | DIGCF_DEVICEINTERFACE);

    if (EXPECT(api->SetupDiEnumDeviceInterfaces(set, NULL, &guid_standard, 0, &data)) &&
        EXPECT(api->SetupDiGetDeviceInterfaceDetailA(set, &data, &buffer.detail, sizeof(buffer),
                                                     NULL, &device))) {
        DEVINST parent = 0;

        EXPECT(api->SetupDiGetDeviceInstanceIdA(set, &device, own, sizeof(own), NULL));
        EXPECT_BEGINS(own, narrow(id));
        EXPECT_EQUAL(api->CM_Get_Parent(&parent, device.DevInst, 0), CR_SUCCESS);
        look_at_device(set, &device);
        look_at_keys(set, &device);
        look_at_properties(set, &data, &device);
    }
    api->SetupDiDestroyDeviceInfoList(set);
}

/* --- A composite device ---------------------------------------------------------------------- */

static void expect_property(DEVINST of, const DEVPROPKEY *key, const char *start)
{
    WCHAR text[TEXT_LENGTH] = { 0 };
    ULONG size = sizeof(text);
    DEVPROPTYPE type = 0;

    EXPECT_EQUAL(api->CM_Get_DevNode_PropertyW(of, key, &type, (BYTE *)text, &size, 0), CR_SUCCESS);
    EXPECT_BEGINS(narrow(text), start);
}

static DEVINST locate_composite(void)
{
    char composite_id[] = COMPOSITE_IDS "\\LAB0001";
    DEVINST composite = 0;

    EXPECT_EQUAL(api->CM_Locate_DevNodeA(&composite, composite_id, 0), CR_SUCCESS);
    return composite;
}

/* Programs look there for the serial number of a device that has several functions. */
static void composite_is_above_its_functions(void)
{
    char second_id[] = COMPOSITE_IDS "&MI_02\\LAB0001";
    const DEVINST composite = locate_composite();
    DEVINST second = 0, above = 0, child = 0, last = 0;

    EXPECT_EQUAL(api->CM_Locate_DevNodeA(&second, second_id, 0), CR_SUCCESS);
    EXPECT_EQUAL(api->CM_Get_Parent(&above, second, 0), CR_SUCCESS);
    EXPECT_EQUAL(above, composite);
    EXPECT_EQUAL(api->CM_Get_Child(&child, composite, 0), CR_SUCCESS);
    EXPECT_EQUAL(api->CM_Get_Sibling(&last, child, 0), CR_SUCCESS);
    EXPECT(second == child || second == last);
    EXPECT_EQUAL(api->CM_Get_Sibling(&last, last, 0), CR_NO_SUCH_DEVNODE);
    EXPECT_EQUAL(api->CM_Get_Parent(&above, composite, 0), CR_SUCCESS);
}

static void composite_has_facts_of_its_own(void)
{
    static const DEVPROPKEY hardware = { DEVICE, 3 }, compatible = { DEVICE, 4 },
                            service = { DEVICE, 6 };
    const DEVINST composite = locate_composite();
    ULONG status = 0, problem = 1;

    expect_property(composite, &hardware, COMPOSITE_IDS "&REV_");
    expect_property(composite, &compatible, "USB\\DevClass_");
    expect_property(composite, &service, "usbccgp");
    EXPECT_EQUAL(api->CM_Get_DevNode_Status(&status, &problem, composite, 0), CR_SUCCESS);
    EXPECT((status & DN_STARTED) != 0);
}

static bool contains_path(const WCHAR *paths, const char *start)
{
    for (; *paths; paths += strlen(narrow(paths)) + 1)
        if (begins(narrow(paths), start))
            return true;
    return false;
}

/* As a USB device, not its functions. Whoever opens it finds no WinUSB there. */
static void composite_is_found_and_not_opened(void)
{
    static const char whole[] = "\\\\?\\usb#vid_1209&pid_0002#lab0001#";
    GUID usb_device = {
        0xA5DCBF10, 0x6530, 0x11D2, { 0x90, 0x1F, 0x00, 0xC0, 0x4F, 0xB9, 0x51, 0xED }
    };
    static WCHAR paths[TEXT_LENGTH];
    WINUSB_INTERFACE_HANDLE usb = NULL;
    char name[PATH_LENGTH];
    HANDLE file;

    EXPECT_EQUAL(api->CM_Get_Device_Interface_ListW(&usb_device, NULL, paths, TEXT_LENGTH, 0),
                 CR_SUCCESS);
    EXPECT(contains_path(paths, whole));
    EXPECT(!contains_path(paths, "\\\\?\\usb#vid_1209&pid_0002&mi_"));

    strcpy(name, whole);
    strcat(name, "{a5dcbf10-6530-11d2-901f-00c04fb951ed}");
    file = CreateFileA(name, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                       OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL | FILE_FLAG_OVERLAPPED, NULL);
    if (!EXPECT(file != INVALID_HANDLE_VALUE))
        return;
    EXPECT_ERROR(WinUsb_Initialize(file, &usb), ERROR_NOT_ENOUGH_MEMORY);
    EXPECT(CloseHandle(file));
}

/* --- The device ------------------------------------------------------------------------------ */

static void walk_to_the_device(void)
{
    WINUSB_INTERFACE_HANDLE usb = NULL;
    const HANDLE file =
        CreateFileW(path, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                    OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL | FILE_FLAG_OVERLAPPED, NULL);

    if (!EXPECT(file != INVALID_HANDLE_VALUE))
        return;

    if (EXPECT(WinUsb_Initialize(file, &usb)))
        EXPECT(WinUsb_Free(usb));
    EXPECT(CloseHandle(file));
}

int walk(const struct walk_api *functions, int count, char **names)
{
    static const struct test_case cases[] = {
        { "walk_interface_to_id", walk_interface_to_id },
        { "walk_id_to_node", walk_id_to_node },
        { "walk_tree", walk_tree },
        { "walk_properties", walk_properties },
        { "walk_numbers", walk_numbers },
        { "walk_registry_properties", walk_registry_properties },
        { "walk_refusals", walk_refusals },
        { "walk_id_list", walk_id_list },
        { "walk_notification", walk_notification },
        { "walk_set", walk_set },
        { "walk_to_the_device", walk_to_the_device },
        { "composite_is_above_its_functions", composite_is_above_its_functions },
        { "composite_has_facts_of_its_own", composite_has_facts_of_its_own },
        { "composite_is_found_and_not_opened", composite_is_found_and_not_opened },
        { 0 },
    };
    static const struct test_case *const lists[] = { cases, NULL };

    api = functions;
    return run_cases(lists, count, names);
}
