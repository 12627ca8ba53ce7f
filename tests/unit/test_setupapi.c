/* setupapi.c and file.c: finding functions and opening them, as programs do. */
#include "cmocka_all.h"

#include <setupapi.h>
#include <stddef.h>
#include <string.h>

#include "core_fixture.h"
#include "devices/devices.h"

#define PATH "\\\\?\\usb#vid_1234&pid_5678&mi_00#sn1#{a5dcbf10-6530-11d2-901f-00c04fb951ed}"

static struct fake_usb_device *device;
static HDEVINFO set;

static int open_set(void **state)
{
    (void)state;
    device = fixture_reset();
    device->texts[2] = "SN1";
    set = SetupDiGetClassDevsA(&wu_guid_usb_device, NULL, NULL,
                               DIGCF_PRESENT | DIGCF_DEVICEINTERFACE);
    return set == INVALID_HANDLE_VALUE;
}

static int close_set(void **state)
{
    (void)state;
    return !SetupDiDestroyDeviceInfoList(set) || !fixture_is_idle();
}

static SP_DEVICE_INTERFACE_DATA first_interface(void)
{
    SP_DEVICE_INTERFACE_DATA data = { .cbSize = sizeof(data) };

    assert_true(SetupDiEnumDeviceInterfaces(set, NULL, &wu_guid_usb_device, 0, &data));
    return data;
}

#define assert_fails(call, error)                \
    do {                                         \
        SetLastError(0);                         \
        assert_false(call);                      \
        assert_int_equal(GetLastError(), error); \
    } while (0)

/* --- Sets ---------------------------------------------------------------------------------- */

static void set_gives_each_function_and_then_no_more(void **state)
{
    SP_DEVICE_INTERFACE_DATA data = { .cbSize = sizeof(data) };

    (void)state;

    for (DWORD i = 0; i < 2; i++) {
        assert_true(SetupDiEnumDeviceInterfaces(set, NULL, &wu_guid_usb_device, i, &data));
        assert_memory_equal(&data.InterfaceClassGuid, &wu_guid_usb_device, sizeof(GUID));
        assert_int_equal(data.Flags, SPINT_ACTIVE);
    }
    assert_fails(SetupDiEnumDeviceInterfaces(set, NULL, &wu_guid_usb_device, 2, &data),
                 ERROR_NO_MORE_ITEMS);
}

static void other_classes_have_no_interfaces_in_the_set(void **state)
{
    const GUID other = { .Data1 = 1 };
    SP_DEVICE_INTERFACE_DATA data = { .cbSize = sizeof(data) };

    (void)state;

    assert_fails(SetupDiEnumDeviceInterfaces(set, NULL, &other, 0, &data), ERROR_NO_MORE_ITEMS);
}

static void set_of_all_classes_gives_any(void **state)
{
    SP_DEVICE_INTERFACE_DATA data = { .cbSize = sizeof(data) };
    const HDEVINFO all =
        SetupDiGetClassDevsW(NULL, NULL, NULL, DIGCF_ALLCLASSES | DIGCF_DEVICEINTERFACE);

    (void)state;

    assert_true(SetupDiEnumDeviceInterfaces(all, NULL, &wu_guid_usb_device, 1, &data));

    SetupDiDestroyDeviceInfoList(all);
}

static void set_of_devices_has_no_interfaces(void **state)
{
    SP_DEVICE_INTERFACE_DATA data = { .cbSize = sizeof(data) };
    const HDEVINFO devices = SetupDiGetClassDevsA(&wu_guid_usb_device, NULL, NULL, DIGCF_PRESENT);

    (void)state;

    assert_fails(SetupDiEnumDeviceInterfaces(devices, NULL, &wu_guid_usb_device, 0, &data),
                 ERROR_NO_MORE_ITEMS);

    SetupDiDestroyDeviceInfoList(devices);
}

static void sets_that_cannot_be_made_are_invalid_handles(void **state)
{
    (void)state;

    assert_ptr_equal(SetupDiGetClassDevsA(NULL, NULL, NULL, DIGCF_DEVICEINTERFACE),
                     INVALID_HANDLE_VALUE);
    assert_int_equal(GetLastError(), ERROR_INVALID_PARAMETER);
    fake_usb_list_error = ERROR_NOT_ENOUGH_MEMORY;
    assert_ptr_equal(SetupDiGetClassDevsA(&wu_guid_usb_device, NULL, NULL, DIGCF_DEVICEINTERFACE),
                     INVALID_HANDLE_VALUE);
    assert_int_equal(GetLastError(), ERROR_NOT_ENOUGH_MEMORY);
}

static void wrong_arguments_of_enumeration_are_told_apart(void **state)
{
    SP_DEVICE_INTERFACE_DATA data = { .cbSize = sizeof(data) }, wrong = { .cbSize = 1 };
    const GUID *guid = &wu_guid_usb_device;

    (void)state;

    assert_fails(SetupDiEnumDeviceInterfaces(NULL, NULL, guid, 0, &data), ERROR_INVALID_HANDLE);
    assert_fails(SetupDiEnumDeviceInterfaces(set, NULL, NULL, 0, &data), ERROR_INVALID_PARAMETER);
    assert_fails(SetupDiEnumDeviceInterfaces(set, NULL, guid, 0, NULL), ERROR_INVALID_USER_BUFFER);
    assert_fails(SetupDiEnumDeviceInterfaces(set, NULL, guid, 0, &wrong),
                 ERROR_INVALID_USER_BUFFER);
    assert_fails(SetupDiDestroyDeviceInfoList(NULL), ERROR_INVALID_HANDLE);
    assert_fails(SetupDiDestroyDeviceInfoList(INVALID_HANDLE_VALUE), ERROR_INVALID_HANDLE);
}

/* --- Paths --------------------------------------------------------------------------------- */

/* Room for any detail, aligned for it. */
union detail {
    SP_DEVICE_INTERFACE_DETAIL_DATA_A a;
    SP_DEVICE_INTERFACE_DETAIL_DATA_W w;
    char bytes[1024];
};

static void path_comes_after_its_size(void **state)
{
    SP_DEVICE_INTERFACE_DATA data = first_interface();
    SP_DEVINFO_DATA devinfo = { .cbSize = sizeof(devinfo) };
    union detail detail = { .a.cbSize = sizeof(detail.a) };
    DWORD size = 0;

    (void)state;

    assert_fails(SetupDiGetDeviceInterfaceDetailA(set, &data, NULL, 0, &size, NULL),
                 ERROR_INSUFFICIENT_BUFFER);
    assert_int_equal(size, 4 + sizeof(PATH));
    assert_fails(SetupDiGetDeviceInterfaceDetailA(set, &data, &detail.a, size - 1, NULL, NULL),
                 ERROR_INSUFFICIENT_BUFFER);
    assert_int_equal(detail.a.DevicePath[0], 0);

    assert_true(SetupDiGetDeviceInterfaceDetailA(set, &data, &detail.a, size, &size, &devinfo));
    assert_string_equal(detail.bytes + 4, PATH);
    assert_int_equal(devinfo.ClassGuid.Data1, 0x88BAE032);
}

static void wide_path_is_the_same(void **state)
{
    SP_DEVICE_INTERFACE_DATA data = first_interface();
    union detail detail = { .w.cbSize = sizeof(detail.w) };
    DWORD size = 0;

    (void)state;

    assert_fails(SetupDiGetDeviceInterfaceDetailW(set, &data, NULL, 0, &size, NULL),
                 ERROR_INSUFFICIENT_BUFFER);
    assert_int_equal(size, 4 + 2 * sizeof(PATH));

    assert_true(SetupDiGetDeviceInterfaceDetailW(set, &data, &detail.w, size, NULL, NULL));
    for (size_t i = 0; i < sizeof(PATH); i++) {
        WCHAR c;

        memcpy(&c, detail.bytes + 4 + 2 * i, sizeof(c));
        assert_int_equal(c, PATH[i]);
    }
}

static void wrong_arguments_of_detail_are_told_apart(void **state)
{
    SP_DEVICE_INTERFACE_DATA data = first_interface(), foreign = data, wrong = data;
    SP_DEVINFO_DATA devinfo = { .cbSize = 1 };
    union detail good = { .a.cbSize = sizeof(good.a) }, bad = { .a.cbSize = sizeof(bad) };
    DWORD size = 77;

    (void)state;
    foreign.Reserved = 3;
    wrong.InterfaceClassGuid.Data1 = 1;

    assert_fails(SetupDiGetDeviceInterfaceDetailA(set, &data, &bad.a, sizeof(bad), &size, NULL),
                 ERROR_INVALID_USER_BUFFER);
    assert_fails(SetupDiGetDeviceInterfaceDetailA(set, &data, &good.a, 4, &size, NULL),
                 ERROR_INVALID_USER_BUFFER);
    assert_fails(SetupDiGetDeviceInterfaceDetailA(set, &data, NULL, 4, &size, NULL),
                 ERROR_INVALID_USER_BUFFER);
    assert_fails(
        SetupDiGetDeviceInterfaceDetailA(set, &data, &good.a, sizeof(good), &size, &devinfo),
        ERROR_INVALID_USER_BUFFER);
    assert_fails(SetupDiGetDeviceInterfaceDetailA(set, NULL, NULL, 0, &size, NULL),
                 ERROR_INVALID_PARAMETER);
    assert_fails(SetupDiGetDeviceInterfaceDetailA(set, &foreign, NULL, 0, &size, NULL),
                 ERROR_INVALID_PARAMETER);
    assert_fails(SetupDiGetDeviceInterfaceDetailA(set, &wrong, NULL, 0, &size, NULL),
                 ERROR_INVALID_PARAMETER);
    assert_fails(SetupDiGetDeviceInterfaceDetailA(NULL, &data, NULL, 0, &size, NULL),
                 ERROR_INVALID_HANDLE);
    assert_int_equal(size, 77);
}

/* --- Devices --------------------------------------------------------------------------------- */

static SP_DEVINFO_DATA device_at(DWORD index)
{
    SP_DEVINFO_DATA data = { .cbSize = sizeof(data) };

    assert_true(SetupDiEnumDeviceInfo(set, index, &data));
    return data;
}

static void set_gives_each_device_and_then_no_more(void **state)
{
    SP_DEVINFO_DATA data = device_at(1), wrong = { .cbSize = 1 };
    char id[200] = "";

    (void)state;
    assert_int_equal(data.ClassGuid.Data1, 0x88BAE032);
    assert_true(SetupDiGetDeviceInstanceIdA(set, &data, id, sizeof(id), NULL));
    assert_string_equal(id, "USB\\VID_1234&PID_5678&MI_01\\SN1");
    assert_fails(SetupDiEnumDeviceInfo(set, 2, &data), ERROR_NO_MORE_ITEMS);
    assert_fails(SetupDiEnumDeviceInfo(set, 0, &wrong), ERROR_INVALID_USER_BUFFER);
    assert_fails(SetupDiEnumDeviceInfo(set, 0, NULL), ERROR_INVALID_USER_BUFFER);
    assert_fails(SetupDiEnumDeviceInfo(NULL, 0, &data), ERROR_INVALID_HANDLE);
}

static void set_of_a_setup_class_has_devices(void **state)
{
    const GUID class_guid = device_at(0).ClassGuid;
    SP_DEVINFO_DATA data = { .cbSize = sizeof(data) };
    const HDEVINFO devices = SetupDiGetClassDevsA(&class_guid, NULL, NULL, DIGCF_PRESENT);
    const HDEVINFO none = SetupDiGetClassDevsA(&wu_guid_usb_device, NULL, NULL, DIGCF_PRESENT);

    (void)state;
    assert_true(SetupDiEnumDeviceInfo(devices, 1, &data));
    assert_fails(SetupDiEnumDeviceInfo(none, 0, &data), ERROR_NO_MORE_ITEMS);

    SetupDiDestroyDeviceInfoList(devices);
    SetupDiDestroyDeviceInfoList(none);
}

static void an_interface_leads_to_its_device(void **state)
{
    SP_DEVICE_INTERFACE_DATA data = first_interface();
    SP_DEVINFO_DATA of_interface = { .cbSize = sizeof(of_interface) }, of_set = device_at(0);
    union detail detail = { .a.cbSize = sizeof(detail.a) };

    (void)state;
    assert_true(SetupDiGetDeviceInterfaceDetailA(set, &data, &detail.a, sizeof(detail), NULL,
                                                 &of_interface));
    assert_memory_equal(&of_interface, &of_set, sizeof(of_set));
}

static void an_instance_id_comes_in_both_widths(void **state)
{
    SP_DEVINFO_DATA data = device_at(0), foreign = data;
    char id[100] = "?";
    WCHAR wide[100] = { 0 };
    DWORD length = 0, again = 0;

    (void)state;
    foreign.Reserved = 3;

    assert_fails(SetupDiGetDeviceInstanceIdA(set, &data, NULL, 0, &length),
                 ERROR_INSUFFICIENT_BUFFER);
    assert_int_equal(length, sizeof("USB\\VID_1234&PID_5678&MI_00\\SN1"));
    assert_fails(SetupDiGetDeviceInstanceIdA(set, &data, id, length - 1, NULL),
                 ERROR_INSUFFICIENT_BUFFER);
    assert_string_equal(id, "?");
    assert_true(SetupDiGetDeviceInstanceIdW(set, &data, wide, 100, &again));
    assert_int_equal(again, length);
    assert_int_equal(wide[0], 'U');
    assert_int_equal(wide[length - 1], 0);
    assert_fails(SetupDiGetDeviceInstanceIdA(set, &foreign, id, 100, NULL),
                 ERROR_INVALID_PARAMETER);
    assert_fails(SetupDiGetDeviceInstanceIdA(set, NULL, id, 100, NULL), ERROR_INVALID_PARAMETER);
    assert_fails(SetupDiGetDeviceInstanceIdA(NULL, &data, id, 100, NULL), ERROR_INVALID_HANDLE);
    assert_fails(SetupDiGetDeviceInstanceIdA(set, &data, NULL, 1, NULL), ERROR_INVALID_USER_BUFFER);
}

static void a_device_tells_its_facts_by_number(void **state)
{
    SP_DEVINFO_DATA data = device_at(1);
    char text[200] = "?";
    DWORD type = 0, required = 0, address = 77;

    (void)state;
    assert_fails(
        SetupDiGetDeviceRegistryPropertyA(set, &data, SPDRP_SERVICE, &type, NULL, 0, &required),
        ERROR_INSUFFICIENT_BUFFER);
    assert_int_equal(required, sizeof("WinUSB"));
    assert_true(SetupDiGetDeviceRegistryPropertyA(set, &data, SPDRP_SERVICE, &type, (BYTE *)text,
                                                  sizeof(text), NULL));
    assert_int_equal(type, REG_SZ);
    assert_string_equal(text, "WinUSB");
    assert_true(SetupDiGetDeviceRegistryPropertyA(set, &data, SPDRP_ADDRESS, &type,
                                                  (BYTE *)&address, sizeof(address), NULL));
    assert_int_equal(type, REG_DWORD);
    assert_int_equal(address, 1);
    assert_true(SetupDiGetDeviceRegistryPropertyW(set, &data, SPDRP_ENUMERATOR_NAME, &type,
                                                  (BYTE *)text, sizeof(text), &required));
    assert_int_equal(required, 2 * sizeof("USB"));
    assert_fails(SetupDiGetDeviceRegistryPropertyA(set, &data, 0x77, &type, (BYTE *)text,
                                                   sizeof(text), NULL),
                 ERROR_INVALID_DATA);
}

static void a_device_tells_its_facts_by_key(void **state)
{
    enum { INSTANCE_ID = 256 };
    SP_DEVINFO_DATA data = device_at(1);
    SP_DEVICE_INTERFACE_DATA interface_data = first_interface();
    DEVPROPKEY keys[64], none = { { .Data1 = 1 }, 1 }, id = { .pid = 0 };
    DEVPROPTYPE type = 0;
    WCHAR text[100] = { 0 };
    DWORD count = 0, required = 0;

    (void)state;
    assert_fails(SetupDiGetDevicePropertyKeys(set, &data, NULL, 0, &count, 0),
                 ERROR_INSUFFICIENT_BUFFER);
    assert_in_range(count, 20, 64);
    assert_true(SetupDiGetDevicePropertyKeys(set, &data, keys, 64, &count, 0));
    for (DWORD i = 0; i < count; i++) {
        assert_fails(SetupDiGetDevicePropertyW(set, &data, &keys[i], &type, NULL, 0, &required, 0),
                     ERROR_INSUFFICIENT_BUFFER);
        if (keys[i].pid == INSTANCE_ID)
            id = keys[i];
    }

    assert_int_equal(id.pid, INSTANCE_ID);
    assert_true(SetupDiGetDeviceInterfacePropertyW(set, &interface_data, &id, &type, (BYTE *)text,
                                                   sizeof(text), NULL, 0));
    assert_int_equal(type, DEVPROP_TYPE_STRING);
    assert_int_equal(text[0], 'U');
    assert_fails(SetupDiGetDeviceInterfacePropertyW(set, &interface_data, &none, &type,
                                                    (BYTE *)text, sizeof(text), NULL, 0),
                 ERROR_NOT_FOUND);
    assert_fails(
        SetupDiGetDevicePropertyW(set, &data, &none, &type, (BYTE *)text, sizeof(text), NULL, 0),
        ERROR_NOT_FOUND);
    assert_fails(
        SetupDiGetDevicePropertyW(set, &data, &id, &type, (BYTE *)text, sizeof(text), NULL, 1),
        ERROR_INVALID_FLAGS);
}

/* --- CreateFile ---------------------------------------------------------------------------- */

static HANDLE create(const char *name)
{
    SetLastError(0);
    return CreateFileA(name, 0, 0, NULL, OPEN_EXISTING, FILE_FLAG_OVERLAPPED, NULL);
}

static void path_opens_its_function(void **state)
{
    struct wu_file_target target;
    HANDLE file;

    (void)state;

    file = create("\\\\?\\USB#VID_1234&PID_5678&MI_01#SN1#"
                  "{A5DCBF10-6530-11D2-901F-00C04FB951ED}");

    assert_int_equal(wu_file_resolve(file, &target), ERROR_SUCCESS);
    assert_int_equal(target.bus, 1);
    assert_int_equal(target.address, 5);
    assert_int_equal(target.first_interface, 1);
    assert_int_equal(target.interface_count, 1);
    assert_true(target.overlapped);
    assert_true(CloseHandle(file));
    assert_int_equal(wu_file_resolve(file, &target), ERROR_INVALID_HANDLE);
}

static void wide_name_opens_the_same(void **state)
{
    WCHAR name[sizeof(PATH)];
    HANDLE file;

    (void)state;
    for (size_t i = 0; i < sizeof(PATH); i++)
        name[i] = (WCHAR)PATH[i];

    file = CreateFileW(name, 0, 0, NULL, OPEN_EXISTING, FILE_FLAG_OVERLAPPED, NULL);

    assert_ptr_not_equal(file, INVALID_HANDLE_VALUE);
    assert_true(CloseHandle(file));
}

static void files_that_cannot_be_opened_say_why(void **state)
{
    static WCHAR endless[3000];

    (void)state;
    for (size_t i = 0; i < 2999; i++)
        endless[i] = 'a';

    assert_ptr_equal(create("/dev/bus/usb/001/006"), INVALID_HANDLE_VALUE);
    assert_int_equal(GetLastError(), ERROR_FILE_NOT_FOUND);
    assert_ptr_equal(create("nonsense"), INVALID_HANDLE_VALUE);
    assert_int_equal(GetLastError(), ERROR_INVALID_PARAMETER);
    assert_ptr_equal(create(NULL), INVALID_HANDLE_VALUE);
    assert_int_equal(GetLastError(), ERROR_INVALID_PARAMETER);
    assert_ptr_equal(CreateFileW(NULL, 0, 0, NULL, OPEN_EXISTING, 0, NULL), INVALID_HANDLE_VALUE);
    assert_ptr_equal(CreateFileW(endless, 0, 0, NULL, OPEN_EXISTING, 0, NULL),
                     INVALID_HANDLE_VALUE);
    assert_ptr_equal(CreateFileA(FIXTURE_NODE, 0, 0, NULL, CREATE_ALWAYS, 0, NULL),
                     INVALID_HANDLE_VALUE);
    device->open_error = ERROR_ACCESS_DENIED;
    assert_ptr_equal(create(PATH), INVALID_HANDLE_VALUE);
    assert_int_equal(GetLastError(), ERROR_ACCESS_DENIED);
}

#define set_test(test) cmocka_unit_test_setup_teardown(test, open_set, close_set)

int main(void)
{
    const struct CMUnitTest tests[] = {
        set_test(set_gives_each_function_and_then_no_more),
        set_test(other_classes_have_no_interfaces_in_the_set),
        set_test(set_of_all_classes_gives_any),
        set_test(set_of_devices_has_no_interfaces),
        set_test(sets_that_cannot_be_made_are_invalid_handles),
        set_test(wrong_arguments_of_enumeration_are_told_apart),
        set_test(path_comes_after_its_size),
        set_test(wide_path_is_the_same),
        set_test(wrong_arguments_of_detail_are_told_apart),
        set_test(set_gives_each_device_and_then_no_more),
        set_test(set_of_a_setup_class_has_devices),
        set_test(an_interface_leads_to_its_device),
        set_test(an_instance_id_comes_in_both_widths),
        set_test(a_device_tells_its_facts_by_number),
        set_test(a_device_tells_its_facts_by_key),
        set_test(path_opens_its_function),
        set_test(wide_name_opens_the_same),
        set_test(files_that_cannot_be_opened_say_why),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
