/* Opening and closing: CreateFile, Initialize, GetAssociatedInterface, Free. */
#include "conformance.h"
#include "fixture.h"

#include <setupapi.h>
#include <stdio.h>
#include <string.h>

static const GUID guid_b = { 0x8F1D2C5A,
                             0x3B47,
                             0x4E0C,
                             { 0x9A, 0x61, 0x5C, 0x2E, 0x7D, 0x94, 0xB0, 0xB0 } };

/* Opens the function that registers a GUID, as a program does that knows nothing else. */
static HANDLE open_by_guid(const GUID *guid)
{
    HDEVINFO set;
    SP_DEVICE_INTERFACE_DATA data = { .cbSize = sizeof(data) };
    union {
        SP_DEVICE_INTERFACE_DETAIL_DATA_A detail;
        char bytes[512];
    } buffer = { .detail = { .cbSize = sizeof(buffer.detail) } };
    HANDLE file;

    assert_true(lab_publish());
    set = SetupDiGetClassDevsA(guid, NULL, NULL, DIGCF_PRESENT | DIGCF_DEVICEINTERFACE);
    assert_succeeds(SetupDiEnumDeviceInterfaces(set, NULL, guid, 0, &data));
    assert_succeeds(
        SetupDiGetDeviceInterfaceDetailA(set, &data, &buffer.detail, sizeof(buffer), NULL, NULL));
    file = fixture_open(buffer.bytes + offsetof(SP_DEVICE_INTERFACE_DETAIL_DATA_A, DevicePath));
    assert_ptr_not_equal(file, INVALID_HANDLE_VALUE);
    SetupDiDestroyDeviceInfoList(set);
    return file;
}

/* --- CreateFile ------------------------------------------------------------------------------ */

static void a_device_that_is_not_there_is_not_found(void **state)
{
    (void)state;

    SetLastError(ERROR_SUCCESS);
    assert_ptr_equal(fixture_open("/dev/bus/usb/001/099"), INVALID_HANDLE_VALUE);
    assert_int_equal(GetLastError(), ERROR_FILE_NOT_FOUND);
}

static void a_name_that_is_no_path_is_refused(void **state)
{
    (void)state;
    leave_out_on("wine", "CreateFile is Wine's, to which it is a file of the current folder");

    SetLastError(ERROR_SUCCESS);
    assert_ptr_equal(fixture_open("winusb"), INVALID_HANDLE_VALUE);
    assert_int_equal(GetLastError(), ERROR_INVALID_PARAMETER);
    SetLastError(ERROR_SUCCESS);
    assert_ptr_equal(fixture_open(NULL), INVALID_HANDLE_VALUE);
    assert_int_equal(GetLastError(), ERROR_INVALID_PARAMETER);
}

static void a_device_is_not_created(void **state)
{
    (void)state;
    leave_out_on("wine", "CreateFile is Wine's, which says that the file exists");

    SetLastError(ERROR_SUCCESS);
    assert_ptr_equal(CreateFileA(fixture.where.node, GENERIC_READ | GENERIC_WRITE, 0, NULL,
                                 CREATE_NEW, FILE_FLAG_OVERLAPPED, NULL),
                     INVALID_HANDLE_VALUE);
    assert_int_equal(GetLastError(), ERROR_INVALID_PARAMETER);
}

static void a_function_has_one_file_at_a_time(void **state)
{
    const HANDLE other = fixture_open(fixture.where.node);
    WINUSB_INTERFACE_HANDLE handle;

    (void)state;

    assert_fails(WinUsb_Initialize(other, &handle), ERROR_ACCESS_DENIED);
    WinUsb_Free(fixture.first);
    assert_succeeds(WinUsb_Initialize(other, &handle));

    WinUsb_Free(handle);
    CloseHandle(other);
}

/* --- Initialize ------------------------------------------------------------------------------ */

static void a_file_must_be_overlapped(void **state)
{
    const HANDLE file = CreateFileA(fixture.where.node, GENERIC_READ | GENERIC_WRITE, 0, NULL,
                                    OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, NULL);
    WINUSB_INTERFACE_HANDLE handle = &handle;

    (void)state;

    assert_fails(WinUsb_Initialize(file, &handle), ERROR_INVALID_HANDLE);
    assert_null(handle);

    CloseHandle(file);
}

static void what_is_no_open_file_is_an_invalid_handle(void **state)
{
    const HANDLE closed = fixture_open(fixture.where.node);
    WINUSB_INTERFACE_HANDLE handle = &handle;

    (void)state;
    CloseHandle(closed);

    assert_fails(WinUsb_Initialize(NULL, &handle), ERROR_INVALID_HANDLE);
    assert_null(handle);
    assert_fails(WinUsb_Initialize(INVALID_HANDLE_VALUE, &handle), ERROR_INVALID_HANDLE);
    assert_fails(WinUsb_Initialize(closed, &handle), ERROR_INVALID_HANDLE);
    assert_fails(WinUsb_Initialize(fixture.first, &handle), ERROR_INVALID_HANDLE);
}

static void initialize_needs_somewhere_to_put_the_handle(void **state)
{
    (void)state;

    assert_fails(WinUsb_Initialize(fixture.file, NULL), ERROR_INVALID_PARAMETER);
}

static void a_second_initialize_gives_a_handle_of_its_own(void **state)
{
    WINUSB_INTERFACE_HANDLE again;
    UCHAR setting = 7;

    (void)state;

    assert_succeeds(WinUsb_Initialize(fixture.file, &again));
    assert_ptr_not_equal(again, fixture.first);
    assert_succeeds(WinUsb_Free(again));

    assert_fails(WinUsb_GetCurrentAlternateSetting(again, &setting), ERROR_INVALID_HANDLE);
    assert_reads(BULK_IN, 64, 0, 64);
}

static void initialize_puts_policies_at_their_defaults(void **state)
{
    WINUSB_INTERFACE_HANDLE again;
    ULONG timeout = 77, size = sizeof(timeout);

    (void)state;
    fixture_set_policy(BULK_IN, PIPE_TRANSFER_TIMEOUT, 1234);

    assert_succeeds(WinUsb_Initialize(fixture.file, &again));
    assert_succeeds(WinUsb_GetPipePolicy(again, BULK_IN, PIPE_TRANSFER_TIMEOUT, &size, &timeout));

    assert_int_equal(timeout, 0);
    WinUsb_Free(again);
}

/* --- Associated interfaces ------------------------------------------------------------------- */

static void an_associated_interface_is_out_once_at_a_time(void **state)
{
    WINUSB_INTERFACE_HANDLE again = &again;

    (void)state;

    fixture_open_second();
    assert_fails(WinUsb_GetAssociatedInterface(fixture.first, 0, &again), ERROR_ALREADY_EXISTS);
    assert_ptr_equal(again, &again);
    assert_succeeds(WinUsb_Free(fixture.second));
    fixture_open_second();
}

static void beyond_the_last_interface_there_are_no_more(void **state)
{
    WINUSB_INTERFACE_HANDLE handle;

    (void)state;

    assert_fails(WinUsb_GetAssociatedInterface(fixture.first, 1, &handle), ERROR_NO_MORE_ITEMS);
    assert_fails(WinUsb_GetAssociatedInterface(fixture.first, 254, &handle), ERROR_NO_MORE_ITEMS);
}

static void a_function_of_one_interface_has_no_associated_one(void **state)
{
    struct lab_device tablet;
    struct lab_session session;
    WINUSB_INTERFACE_HANDLE handle;

    (void)state;
    leave_out_on("vhci", "the lab's device, which has two, is the only one there");
    assert_true(lab_find(LAB_TABLET, &tablet));
    assert_true(lab_open(&tablet, &session));

    assert_fails(WinUsb_GetAssociatedInterface(session.iface, 0, &handle), ERROR_NO_MORE_ITEMS);
    assert_fails(WinUsb_GetAssociatedInterface(session.iface, 1, &handle), ERROR_NO_MORE_ITEMS);

    lab_close(&session);
}

static void an_index_of_255_overflows(void **state)
{
    WINUSB_INTERFACE_HANDLE handle;

    (void)state;

    assert_fails(WinUsb_GetAssociatedInterface(fixture.first, 0xFF, &handle),
                 ERROR_INVALID_PARAMETER);
}

static void an_associated_interface_needs_somewhere_to_put_its_handle(void **state)
{
    (void)state;

    assert_fails(WinUsb_GetAssociatedInterface(fixture.first, 0, NULL), ERROR_INVALID_PARAMETER);
}

static void an_associated_interface_begins_with_default_policies(void **state)
{
    ULONG timeout = 1234, size = sizeof(timeout);

    (void)state;
    fixture_select(3);
    assert_succeeds(WinUsb_SetPipePolicy(fixture.second, OTHER_IN, PIPE_TRANSFER_TIMEOUT,
                                         sizeof(timeout), &timeout));
    WinUsb_Free(fixture.second);

    fixture_open_second();
    assert_succeeds(
        WinUsb_GetPipePolicy(fixture.second, OTHER_IN, PIPE_TRANSFER_TIMEOUT, &size, &timeout));

    assert_int_equal(timeout, 0);
}

/* --- Free ------------------------------------------------------------------------------------ */

static void free_is_always_true(void **state)
{
    const WINUSB_INTERFACE_HANDLE handle = fixture.first;

    (void)state;

    assert_true(WinUsb_Free(handle));
    assert_true(WinUsb_Free(handle));
    assert_true(WinUsb_Free(NULL));
    assert_true(WinUsb_Free(INVALID_HANDLE_VALUE));
    assert_true(WinUsb_Free(fixture.file));
}

static void a_freed_handle_is_invalid(void **state)
{
    ULONG got;

    (void)state;
    WinUsb_Free(fixture.first);

    assert_fails(WinUsb_ReadPipe(fixture.first, BULK_IN, fixture.data, 64, &got, NULL),
                 ERROR_INVALID_HANDLE);
}

static void the_file_may_be_closed_before_its_handle_is_freed(void **state)
{
    (void)state;

    assert_succeeds(CloseHandle(fixture.file));
    assert_true(WinUsb_Free(fixture.first));

    fixture.file = fixture_open(fixture.where.node);
    assert_succeeds(WinUsb_Initialize(fixture.file, &fixture.first));
}

static void the_first_handle_may_be_freed_before_the_second(void **state)
{
    UCHAR setting = 7;

    (void)state;
    fixture_open_second();

    assert_true(WinUsb_Free(fixture.first));

    assert_succeeds(WinUsb_GetCurrentAlternateSetting(fixture.second, &setting));
    assert_int_equal(setting, 0);
}

/* --- Composite devices ----------------------------------------------------------------------- */

static void the_path_behind_a_functions_guid_opens_it(void **state)
{
    (void)state;

    fixture.file = open_by_guid(&guid_b);
    assert_succeeds(WinUsb_Initialize(fixture.file, &fixture.first));

    assert_writes(LOOP_OUT, 10, 0);
    assert_reads(LOOP_IN, 512, 0, 10);
}

static void open_function_b(void)
{
    fixture.file = open_by_guid(&guid_b);
    assert_succeeds(WinUsb_Initialize(fixture.file, &fixture.first));
}

static void a_function_begins_with_its_own_first_interface(void **state)
{
    USB_INTERFACE_DESCRIPTOR descriptor;
    WINUSB_INTERFACE_HANDLE handle;

    (void)state;
    open_function_b();

    assert_succeeds(WinUsb_QueryInterfaceSettings(fixture.first, 0, &descriptor));
    assert_int_equal(descriptor.bInterfaceNumber, 2);
    fixture_open_second();
    assert_succeeds(WinUsb_QueryInterfaceSettings(fixture.second, 0, &descriptor));
    assert_int_equal(descriptor.bInterfaceNumber, 3);
    assert_fails(WinUsb_GetAssociatedInterface(fixture.first, 1, &handle), ERROR_NO_MORE_ITEMS);
}

static void requests_to_an_interface_carry_the_number_of_the_handles(void **state)
{
    const WINUSB_SETUP_PACKET setup = { 0x41, LABDEV_ECHO, 0, 0x1205, 0 };

    (void)state;
    open_function_b();
    fixture_open_second();

    assert_succeeds(WinUsb_ControlTransfer(fixture.first, setup, NULL, 0, NULL, NULL));
    assert_int_equal(fixture_logged(0x41, LABDEV_ECHO).setup[4], 2);
    assert_succeeds(WinUsb_ControlTransfer(fixture.second, setup, NULL, 0, NULL, NULL));
    assert_int_equal(fixture_logged(0x41, LABDEV_ECHO).setup[4], 3);
    assert_int_equal(fixture_logged(0x41, LABDEV_ECHO).setup[5], 0x12);
}

static void endpoints_of_another_function_are_none_of_ours(void **state)
{
    ULONG got;

    (void)state;
    open_function_b();

    assert_fails(WinUsb_ReadPipe(fixture.first, BULK_IN, fixture.data, 64, &got, NULL),
                 ERROR_INVALID_PARAMETER);
}

int open_tests(void)
{
    const struct CMUnitTest tests[] = {
        conformance_test(a_device_that_is_not_there_is_not_found),
        conformance_test(a_name_that_is_no_path_is_refused),
        conformance_test(a_device_is_not_created),
        conformance_test(a_function_has_one_file_at_a_time),
        conformance_test(a_file_must_be_overlapped),
        conformance_test(what_is_no_open_file_is_an_invalid_handle),
        conformance_test(initialize_needs_somewhere_to_put_the_handle),
        conformance_test(a_second_initialize_gives_a_handle_of_its_own),
        conformance_test(initialize_puts_policies_at_their_defaults),
        conformance_test(an_associated_interface_is_out_once_at_a_time),
        conformance_test(beyond_the_last_interface_there_are_no_more),
        conformance_test(a_function_of_one_interface_has_no_associated_one),
        conformance_test(an_index_of_255_overflows),
        conformance_test(an_associated_interface_needs_somewhere_to_put_its_handle),
        conformance_test(an_associated_interface_begins_with_default_policies),
        conformance_test(free_is_always_true),
        conformance_test(a_freed_handle_is_invalid),
        conformance_test(the_file_may_be_closed_before_its_handle_is_freed),
        conformance_test(the_first_handle_may_be_freed_before_the_second),
        conformance_bare_test(the_path_behind_a_functions_guid_opens_it),
        conformance_bare_test(a_function_begins_with_its_own_first_interface),
        conformance_bare_test(requests_to_an_interface_carry_the_number_of_the_handles),
        conformance_bare_test(endpoints_of_another_function_are_none_of_ours),
    };

    return run_group("open", tests, NULL, NULL);
}
