/* cfgmgr32.c, cfgmgr32_list.c, devnode.c, fact.c: what a program asks before it opens a device. */
#include "cmocka_all.h"

#include <initguid.h>
#include <cfgmgr32.h>
#include <devpkey.h>
#include <stdio.h>
#include <string.h>

#include "core_fixture.h"
#include "devices/devices.h"
#include "native/fact.h"

#define DEVICE "USB\\VID_1234&PID_5678\\SN1"
#define FIRST "USB\\VID_1234&PID_5678&MI_00\\SN1"
#define SECOND "USB\\VID_1234&PID_5678&MI_01\\SN1"
#define HUB "USB\\ROOT_HUB30\\4&00000001&0&0"
#define PATH(part)                                  \
    "\\\\?\\usb#vid_1234&pid_5678&mi_" part "#sn1#" \
    "{a5dcbf10-6530-11d2-901f-00c04fb951ed}"

static struct fake_usb_device *device;
static GUID usb_device;

static int plug(void **state)
{
    (void)state;
    device = fixture_reset();
    device->texts[2] = "SN1";
    usb_device = wu_guid_usb_device;
    return 0;
}

static int unplug(void **state)
{
    (void)state;
    return !fixture_is_idle();
}

static DEVINST locate(const char *id)
{
    char text[MAX_DEVICE_ID_LEN];
    DEVINST node = 0;

    strcpy(text, id);
    assert_int_equal(CM_Locate_DevNodeA(&node, text, CM_LOCATE_DEVNODE_NORMAL), CR_SUCCESS);
    assert_int_not_equal(node, 0);
    return node;
}

static void assert_id(DEVINST node, const char *wanted)
{
    char id[MAX_DEVICE_ID_LEN] = "";

    assert_int_equal(CM_Get_Device_IDA(node, id, sizeof(id), 0), CR_SUCCESS);
    assert_string_equal(id, wanted);
}

static void widen(const char *text, WCHAR *wide)
{
    wu_fact_widen(text, strlen(text) + 1, wide);
}

static void assert_wide(const WCHAR *wide, const char *wanted)
{
    for (size_t i = 0; i <= strlen(wanted); i++)
        assert_int_equal(wide[i], (unsigned char)wanted[i]);
}

/* --- Nodes ----------------------------------------------------------------------------------- */

static void nodes_are_found_by_their_ids_in_any_case(void **state)
{
    WCHAR wide[MAX_DEVICE_ID_LEN];
    DEVINST node = 0;

    (void)state;
    assert_id(locate("usb\\vid_1234&pid_5678&mi_01\\sn1"), SECOND);
    assert_id(locate(DEVICE), DEVICE);
    assert_id(locate(HUB), HUB);
    assert_int_equal(locate(FIRST), locate(FIRST));
    assert_int_not_equal(locate(FIRST), locate(SECOND));

    widen(FIRST, wide);
    assert_int_equal(CM_Locate_DevNodeW(&node, wide, 0), CR_SUCCESS);
    assert_int_equal(node, locate(FIRST));
}

static void ids_of_nobody_are_no_nodes(void **state)
{
    static char longest[1000];
    char nobody[] = "USB\\VID_1234&PID_5678&MI_07\\SN1", nonsense[] = "nonsense", empty[] = "";
    WCHAR foreign[] = { 'U', 0x20AC, 0 };
    DEVINST node = 77;

    (void)state;
    memset(longest, 'x', sizeof(longest) - 1);

    assert_int_equal(CM_Locate_DevNodeA(&node, nobody, 0), CR_NO_SUCH_DEVNODE);
    assert_int_equal(CM_Locate_DevNodeA(&node, nonsense, 0), CR_NO_SUCH_DEVNODE);
    assert_int_equal(CM_Locate_DevNodeA(&node, empty, 0), CR_NO_SUCH_DEVNODE);
    assert_int_equal(CM_Locate_DevNodeA(&node, longest, 0), CR_NO_SUCH_DEVNODE);
    assert_int_equal(CM_Locate_DevNodeA(&node, NULL, 0), CR_NO_SUCH_DEVNODE);
    assert_int_equal(CM_Locate_DevNodeW(&node, foreign, 0), CR_NO_SUCH_DEVNODE);
    assert_int_equal(CM_Locate_DevNodeW(&node, NULL, 0), CR_NO_SUCH_DEVNODE);
    assert_int_equal(CM_Locate_DevNodeA(NULL, nonsense, 0), CR_INVALID_POINTER);
    assert_int_equal(node, 77);
}

static void an_id_has_a_size_and_needs_room(void **state)
{
    const DEVINST node = locate(FIRST);
    char id[MAX_DEVICE_ID_LEN] = "?";
    WCHAR wide[MAX_DEVICE_ID_LEN] = { 0 };
    ULONG length = 0;

    (void)state;
    assert_int_equal(CM_Get_Device_ID_Size(&length, node, 0), CR_SUCCESS);
    assert_int_equal(length, strlen(FIRST));
    assert_int_equal(CM_Get_Device_IDA(node, id, length, 0), CR_BUFFER_SMALL);
    assert_string_equal(id, "?");
    assert_int_equal(CM_Get_Device_IDW(node, wide, length, 0), CR_BUFFER_SMALL);
    assert_int_equal(CM_Get_Device_IDW(node, wide, length + 1, 0), CR_SUCCESS);
    assert_wide(wide, FIRST);
    assert_int_equal(CM_Get_Device_IDA(node, NULL, 0, 0), CR_INVALID_POINTER);
    assert_int_equal(CM_Get_Device_IDA(0, id, sizeof(id), 0), CR_NO_SUCH_DEVNODE);
}

static void the_tree_leads_up_down_and_along(void **state)
{
    DEVINST node = 0;

    (void)state;
    assert_int_equal(CM_Get_Parent(&node, locate(SECOND), 0), CR_SUCCESS);
    assert_id(node, DEVICE);
    assert_int_equal(CM_Get_Parent(&node, node, 0), CR_SUCCESS);
    assert_id(node, HUB);
    assert_int_equal(CM_Get_Parent(&node, node, 0), CR_NO_SUCH_DEVNODE);

    assert_int_equal(CM_Get_Child(&node, locate(HUB), 0), CR_SUCCESS);
    assert_id(node, DEVICE);
    assert_int_equal(CM_Get_Child(&node, node, 0), CR_SUCCESS);
    assert_id(node, FIRST);
    assert_int_equal(CM_Get_Sibling(&node, node, 0), CR_SUCCESS);
    assert_id(node, SECOND);
    assert_int_equal(CM_Get_Sibling(&node, node, 0), CR_NO_SUCH_DEVNODE);
    assert_int_equal(CM_Get_Child(&node, locate(SECOND), 0), CR_NO_SUCH_DEVNODE);
}

static void a_node_that_is_gone_is_no_node(void **state)
{
    const DEVINST node = locate(FIRST);
    DEVPROPTYPE type = 77;
    ULONG status = 0, problem = 1, size = 0;
    DEVINST other = 77;

    (void)state;
    assert_int_equal(CM_Get_DevNode_Status(&status, &problem, node, 0), CR_SUCCESS);
    assert_int_equal(status & (DN_STARTED | DN_HAS_PROBLEM), DN_STARTED);
    assert_int_equal(problem, 0);

    fake_usb_reset();
    status = 77;

    assert_int_equal(CM_Get_DevNode_Status(&status, &problem, node, 0), CR_NO_SUCH_DEVNODE);
    assert_int_equal(CM_Get_Parent(&other, node, 0), CR_NO_SUCH_DEVNODE);
    assert_int_equal(CM_Get_Sibling(&other, node, 0), CR_NO_SUCH_DEVNODE);
    assert_int_equal(CM_Get_DevNode_PropertyW(node, &DEVPKEY_Device_Service, &type, NULL, &size, 0),
                     CR_NO_SUCH_DEVNODE);
    assert_int_equal(status, 77);
    assert_int_equal(other, 77);
}

static void no_memory_is_said(void **state)
{
    char first[] = FIRST;
    DEVINST node = 77;
    ULONG length = 77;

    (void)state;
    fake_usb_list_error = ERROR_NOT_ENOUGH_MEMORY;

    assert_int_equal(CM_Locate_DevNodeA(&node, first, 0), CR_OUT_OF_MEMORY);
    assert_int_equal(CM_Get_Child(&node, 1, 0), CR_OUT_OF_MEMORY);
    assert_int_equal(CM_Get_Device_ID_List_SizeA(&length, NULL, 0), CR_OUT_OF_MEMORY);
    assert_int_equal(CM_Get_Device_Interface_List_SizeA(&length, &usb_device, NULL, 0),
                     CR_OUT_OF_MEMORY);
    assert_int_equal(node, 77);
    assert_int_equal(length, 77);
    fake_usb_list_error = 0;
}

/* --- What is told ---------------------------------------------------------------------------- */

static void properties_have_their_types(void **state)
{
    const DEVINST node = locate(SECOND);
    DEVPROPTYPE type = 0;
    WCHAR text[200] = { 0 };
    DWORD number = 77;
    GUID guid = { 0 };
    DEVPROP_BOOLEAN flag = 0;
    ULONG size = sizeof(text);

    (void)state;
    assert_int_equal(
        CM_Get_DevNode_PropertyW(node, &DEVPKEY_Device_InstanceId, &type, (BYTE *)text, &size, 0),
        CR_SUCCESS);
    assert_int_equal(type, DEVPROP_TYPE_STRING);
    assert_int_equal(size, sizeof(SECOND) * sizeof(*text));
    assert_wide(text, SECOND);

    size = sizeof(text);
    assert_int_equal(
        CM_Get_DevNode_PropertyW(node, &DEVPKEY_Device_HardwareIds, &type, (BYTE *)text, &size, 0),
        CR_SUCCESS);
    assert_int_equal(type, DEVPROP_TYPE_STRING_LIST);
    assert_int_equal(text[size / sizeof(*text) - 1], 0);
    assert_int_equal(text[size / sizeof(*text) - 2], 0);

    size = sizeof(number);
    assert_int_equal(
        CM_Get_DevNode_PropertyW(node, &DEVPKEY_Device_Address, &type, (BYTE *)&number, &size, 0),
        CR_SUCCESS);
    assert_int_equal(type, DEVPROP_TYPE_UINT32);
    assert_int_equal(number, 1);

    size = sizeof(guid);
    assert_int_equal(
        CM_Get_DevNode_PropertyW(node, &DEVPKEY_Device_ClassGuid, &type, (BYTE *)&guid, &size, 0),
        CR_SUCCESS);
    assert_int_equal(type, DEVPROP_TYPE_GUID);
    assert_int_equal(guid.Data1, 0x88BAE032);

    size = sizeof(flag);
    assert_int_equal(
        CM_Get_DevNode_PropertyW(node, &DEVPKEY_Device_IsPresent, &type, (BYTE *)&flag, &size, 0),
        CR_SUCCESS);
    assert_int_equal(type, DEVPROP_TYPE_BOOLEAN);
    assert_int_equal(flag, DEVPROP_TRUE);
}

static void a_property_needs_room_and_valid_arguments(void **state)
{
    const DEVINST node = locate(FIRST);
    const DEVPROPKEY nothing = { { .Data1 = 1 }, 2 };
    DEVPROPTYPE type = 77;
    WCHAR text[200] = { 'x' };
    ULONG size = 0;

    (void)state;
    assert_int_equal(CM_Get_DevNode_PropertyW(node, &DEVPKEY_Device_Service, &type, NULL, &size, 0),
                     CR_BUFFER_SMALL);
    assert_int_equal(size, sizeof("WinUSB") * sizeof(WCHAR));
    size--;
    assert_int_equal(
        CM_Get_DevNode_PropertyW(node, &DEVPKEY_Device_Service, &type, (BYTE *)text, &size, 0),
        CR_BUFFER_SMALL);
    assert_int_equal(text[0], 'x');
    size = 1;
    assert_int_equal(CM_Get_DevNode_PropertyW(node, &DEVPKEY_Device_Service, &type, NULL, &size, 0),
                     CR_INVALID_POINTER);
    assert_int_equal(CM_Get_DevNode_PropertyW(node, NULL, &type, NULL, &size, 0),
                     CR_INVALID_POINTER);
    assert_int_equal(
        CM_Get_DevNode_PropertyW(node, &DEVPKEY_Device_Service, &type, (BYTE *)text, &size, 1),
        CR_INVALID_FLAG);
    assert_int_equal(CM_Get_DevNode_PropertyW(node, &nothing, &type, (BYTE *)text, &size, 0),
                     CR_NO_SUCH_VALUE);
}

static void registry_properties_come_in_both_widths(void **state)
{
    const DEVINST node = locate(FIRST);
    ULONG type = 0, size = 0;
    char text[200] = "";
    WCHAR wide[200] = { 0 };

    (void)state;
    assert_int_equal(
        CM_Get_DevNode_Registry_PropertyA(node, CM_DRP_HARDWAREID, NULL, NULL, &size, 0),
        CR_BUFFER_SMALL);
    assert_int_equal(
        CM_Get_DevNode_Registry_PropertyA(node, CM_DRP_HARDWAREID, &type, text, &size, 0),
        CR_SUCCESS);
    assert_int_equal(type, REG_MULTI_SZ);
    assert_string_equal(text + strlen(text) + 1, "USB\\VID_1234&PID_5678&MI_00");

    size = sizeof(wide);
    assert_int_equal(CM_Get_DevNode_Registry_PropertyW(node, CM_DRP_SERVICE, &type, wide, &size, 0),
                     CR_SUCCESS);
    assert_int_equal(type, REG_SZ);
    assert_wide(wide, "WinUSB");
    assert_int_equal(CM_Get_DevNode_Registry_PropertyA(node, 0, &type, text, &size, 0),
                     CR_NO_SUCH_VALUE);
    assert_int_equal(CM_Get_DevNode_Registry_PropertyA(node, CM_DRP_SERVICE, &type, text, NULL, 0),
                     CR_INVALID_POINTER);
}

static void an_interface_says_whose_it_is(void **state)
{
    WCHAR path[260], text[MAX_DEVICE_ID_LEN] = { 0 };
    DEVPROPTYPE type = 0;
    ULONG size = sizeof(text);
    GUID guid;

    (void)state;
    widen(PATH("01"), path);

    assert_int_equal(CM_Get_Device_Interface_PropertyW(path, &DEVPKEY_Device_InstanceId, &type,
                                                       (BYTE *)text, &size, 0),
                     CR_SUCCESS);
    assert_int_equal(type, DEVPROP_TYPE_STRING);
    assert_wide(text, SECOND);

    size = sizeof(guid);
    assert_int_equal(CM_Get_Device_Interface_PropertyW(path, &DEVPKEY_DeviceInterface_ClassGuid,
                                                       &type, (BYTE *)&guid, &size, 0),
                     CR_SUCCESS);
    assert_memory_equal(&guid, &usb_device, sizeof(guid));
    assert_int_equal(CM_Get_Device_Interface_PropertyW(path, &DEVPKEY_Device_Service, &type,
                                                       (BYTE *)text, &size, 0),
                     CR_NO_SUCH_VALUE);
    widen(PATH("07"), path);
    assert_int_equal(CM_Get_Device_Interface_PropertyW(path, &DEVPKEY_Device_InstanceId, &type,
                                                       (BYTE *)text, &size, 0),
                     CR_NO_SUCH_DEVICE_INTERFACE);
    widen(FIXTURE_NODE, path);
    assert_int_equal(CM_Get_Device_Interface_PropertyW(path, &DEVPKEY_Device_InstanceId, &type,
                                                       (BYTE *)text, &size, 0),
                     CR_NO_SUCH_DEVICE_INTERFACE);
    widen("HID#1#{a5dcbf10-6530-11d2-901f-00c04fb951ed}", path);
    assert_int_equal(CM_Get_Device_Interface_PropertyW(path, &DEVPKEY_Device_InstanceId, &type,
                                                       (BYTE *)text, &size, 0),
                     CR_NO_SUCH_DEVICE_INTERFACE);
    assert_int_equal(CM_Get_Device_Interface_PropertyW(NULL, &DEVPKEY_Device_InstanceId, &type,
                                                       (BYTE *)text, &size, 0),
                     CR_INVALID_POINTER);
}

static void names_beyond_ascii_are_utf_16(void **state)
{
    static const WCHAR wanted[] = { 'Z', 0xFC, 0x20AC, 0xD83D, 0xDE00, 0xFFFD, '!', 0 };
    WCHAR text[50] = { 0 };
    ULONG type, size = sizeof(text);

    (void)state;
    device->texts[1] = "Z\xC3\xBC\xE2\x82\xAC\xF0\x9F\x98\x80\xFF!";

    assert_int_equal(
        CM_Get_DevNode_Registry_PropertyW(locate(FIRST), CM_DRP_DEVICEDESC, &type, text, &size, 0),
        CR_SUCCESS);
    assert_int_equal(size, sizeof(wanted));
    assert_memory_equal(text, wanted, sizeof(wanted));
}

/* --- Lists ----------------------------------------------------------------------------------- */

static void interfaces_are_listed_one_after_the_other(void **state)
{
    static const char both[] = PATH("00") "\0" PATH("01") "\0";
    char second[] = SECOND;
    char list[400] = "";
    WCHAR wide[400] = { 0 };
    ULONG length = 0;

    (void)state;
    assert_int_equal(CM_Get_Device_Interface_List_SizeA(&length, &usb_device, NULL, 0), CR_SUCCESS);
    assert_int_equal(length, sizeof(both));
    assert_int_equal(CM_Get_Device_Interface_ListA(&usb_device, NULL, list, length, 0), CR_SUCCESS);
    assert_memory_equal(list, both, sizeof(both));
    assert_int_equal(CM_Get_Device_Interface_ListA(&usb_device, NULL, list, length - 1, 0),
                     CR_BUFFER_SMALL);
    assert_int_equal(list[0], 0);
    assert_int_equal(CM_Get_Device_Interface_ListA(&usb_device, second, list, length, 0),
                     CR_SUCCESS);
    assert_string_equal(list, PATH("01"));
    assert_int_equal(list[sizeof(PATH("01"))], 0);
    assert_int_equal(CM_Get_Device_Interface_List_SizeW(&length, &usb_device, NULL, 0), CR_SUCCESS);
    assert_int_equal(CM_Get_Device_Interface_ListW(&usb_device, NULL, wide, length, 0), CR_SUCCESS);
    assert_wide(wide, PATH("00"));
}

static void a_class_of_nobody_has_an_empty_list(void **state)
{
    GUID other = { .Data1 = 1 };
    ULONG length = 0;
    char list[10] = "?";

    (void)state;
    assert_int_equal(CM_Get_Device_Interface_List_SizeA(&length, &other, NULL, 0), CR_SUCCESS);
    assert_int_equal(length, 1);
    assert_int_equal(CM_Get_Device_Interface_ListA(&other, NULL, list, length, 0), CR_SUCCESS);
    assert_int_equal(list[0], 0);
    assert_int_equal(CM_Get_Device_Interface_ListA(&other, NULL, list, 0, 0), CR_INVALID_DATA);
    assert_int_equal(CM_Get_Device_Interface_ListA(&other, NULL, NULL, 1, 0), CR_INVALID_POINTER);
    assert_int_equal(CM_Get_Device_Interface_List_SizeA(NULL, &other, NULL, 0), CR_INVALID_POINTER);
}

static void assert_ids(const char *filter, ULONG flags, const char *wanted, size_t size)
{
    char list[600] = "";
    ULONG length = 0;

    assert_int_equal(CM_Get_Device_ID_List_SizeA(&length, filter, flags), CR_SUCCESS);
    assert_int_equal(length, size);
    assert_int_equal(CM_Get_Device_ID_ListA(filter, list, length, flags), CR_SUCCESS);
    assert_memory_equal(list, wanted, size);
}

#define ASSERT_IDS(filter, flags, wanted) assert_ids((filter), (flags), (wanted), sizeof(wanted))

static void ids_are_listed_once_and_by_what_they_are(void **state)
{
    WCHAR wide[400], service[10];
    ULONG length = 0;

    (void)state;
    ASSERT_IDS(NULL, 0, FIRST "\0" DEVICE "\0" HUB "\0" SECOND "\0");
    ASSERT_IDS("usb\\vid_1234&pid_5678", CM_GETIDLIST_FILTER_ENUMERATOR, DEVICE "\0");
    ASSERT_IDS("WINUSB", CM_GETIDLIST_FILTER_SERVICE | CM_GETIDLIST_FILTER_PRESENT,
               FIRST "\0" SECOND "\0");
    ASSERT_IDS("{36FC9E60-C465-11CF-8056-444553540000}", CM_GETIDLIST_FILTER_CLASS,
               DEVICE "\0" HUB "\0");
    ASSERT_IDS("PCI", CM_GETIDLIST_FILTER_ENUMERATOR, "");

    widen("usbccgp", service);
    assert_int_equal(CM_Get_Device_ID_List_SizeW(&length, service, CM_GETIDLIST_FILTER_SERVICE),
                     CR_SUCCESS);
    assert_int_equal(CM_Get_Device_ID_ListW(service, wide, length, CM_GETIDLIST_FILTER_SERVICE),
                     CR_SUCCESS);
    assert_wide(wide, DEVICE);
    assert_int_equal(CM_Get_Device_ID_List_SizeA(&length, NULL, CM_GETIDLIST_FILTER_SERVICE),
                     CR_INVALID_POINTER);
    assert_int_equal(CM_Get_Device_ID_List_SizeA(&length, "USB", 3), CR_INVALID_FLAG);
}

#define cfgmgr_test(test) cmocka_unit_test_setup_teardown(test, plug, unplug)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cfgmgr_test(nodes_are_found_by_their_ids_in_any_case),
        cfgmgr_test(ids_of_nobody_are_no_nodes),
        cfgmgr_test(an_id_has_a_size_and_needs_room),
        cfgmgr_test(the_tree_leads_up_down_and_along),
        cfgmgr_test(a_node_that_is_gone_is_no_node),
        cfgmgr_test(no_memory_is_said),
        cfgmgr_test(properties_have_their_types),
        cfgmgr_test(a_property_needs_room_and_valid_arguments),
        cfgmgr_test(registry_properties_come_in_both_widths),
        cfgmgr_test(an_interface_says_whose_it_is),
        cfgmgr_test(names_beyond_ascii_are_utf_16),
        cfgmgr_test(interfaces_are_listed_one_after_the_other),
        cfgmgr_test(a_class_of_nobody_has_an_empty_list),
        cfgmgr_test(ids_are_listed_once_and_by_what_they_are),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
