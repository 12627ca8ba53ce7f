/* cfgmgr32_notify.c: being told of interfaces that come and go, on the real clock. */
#include "cmocka_all.h"

#include <cfgmgr32.h>
#include <stdatomic.h>
#include <string.h>

#include "core_fixture.h"
#include "devices/devices.h"

static struct fake_usb_device *device;

/* What the callback has heard. */
static atomic_int arrivals, removals;
static CHAR last_path[260];
static HCMNOTIFICATION told_as;

static DWORD WINAPI hear(HCMNOTIFICATION notification,
                         PVOID context,
                         CM_NOTIFY_ACTION action,
                         PCM_NOTIFY_EVENT_DATA event,
                         DWORD size)
{
    const WCHAR *path = event->u.DeviceInterface.SymbolicLink;
    const DWORD start = (DWORD)((const char *)path - (const char *)event);

    assert_ptr_equal(context, &device);
    assert_int_equal(event->FilterType, CM_NOTIFY_FILTER_TYPE_DEVICEINTERFACE);
    assert_memory_equal(&event->u.DeviceInterface.ClassGuid, &wu_guid_usb_device, sizeof(GUID));
    for (DWORD i = 0; i < (size - start) / sizeof(*path); i++)
        last_path[i] = (CHAR)path[i];
    told_as = notification;
    atomic_fetch_add(action == CM_NOTIFY_ACTION_DEVICEINTERFACEARRIVAL ? &arrivals : &removals, 1);
    return ERROR_SUCCESS;
}

static int plug(void **state)
{
    (void)state;
    device = fixture_reset();
    device->texts[2] = "SN1";
    arrivals = removals = 0;
    return 0;
}

static int unplug(void **state)
{
    (void)state;
    return !fixture_is_idle();
}

static CM_NOTIFY_FILTER filter_of(const GUID *guid)
{
    CM_NOTIFY_FILTER filter = { .cbSize = sizeof(filter) };

    filter.u.DeviceInterface.ClassGuid = *guid;
    return filter;
}

static bool await(atomic_int *count, int wanted)
{
    for (int i = 0; i < 1000 && *count < wanted; i++)
        Sleep(10);
    return *count == wanted;
}

static void interfaces_that_go_and_come_are_told_of(void **state)
{
    CM_NOTIFY_FILTER filter = filter_of(&wu_guid_usb_device);
    HCMNOTIFICATION notification = NULL;

    (void)state;
    assert_int_equal(CM_Register_Notification(&filter, &device, hear, &notification), CR_SUCCESS);

    device->gone = true;
    assert_true(await(&removals, 2));
    assert_string_equal(last_path, "\\\\?\\usb#vid_1234&pid_5678&mi_01#sn1#"
                                   "{a5dcbf10-6530-11d2-901f-00c04fb951ed}");
    device->gone = false;
    assert_true(await(&arrivals, 2));

    assert_int_equal(CM_Unregister_Notification(notification), CR_SUCCESS);
    assert_ptr_equal(told_as, notification);
    assert_int_equal(removals, 2);
}

static void other_classes_are_not_told_of_unless_all_are_asked_for(void **state)
{
    const GUID other = { .Data1 = 1 };
    CM_NOTIFY_FILTER none = filter_of(&other), all = none;
    HCMNOTIFICATION of_none = NULL, of_all = NULL;

    (void)state;
    all.Flags = CM_NOTIFY_FILTER_FLAG_ALL_INTERFACE_CLASSES;
    assert_int_equal(CM_Register_Notification(&none, &device, hear, &of_none), CR_SUCCESS);
    assert_int_equal(CM_Register_Notification(&all, &device, hear, &of_all), CR_SUCCESS);

    device->gone = true;
    assert_true(await(&removals, 2));
    assert_int_equal(CM_Unregister_Notification(of_none), CR_SUCCESS);
    assert_int_equal(CM_Unregister_Notification(of_all), CR_SUCCESS);
    assert_ptr_equal(told_as, of_all);
    assert_int_equal(removals, 2);
}

static void wrong_registrations_are_refused(void **state)
{
    CM_NOTIFY_FILTER filter = filter_of(&wu_guid_usb_device), wrong = filter, handle = filter;
    HCMNOTIFICATION notification = &device;

    (void)state;
    wrong.cbSize = 1;
    handle.FilterType = CM_NOTIFY_FILTER_TYPE_DEVICEHANDLE;

    assert_int_equal(CM_Register_Notification(NULL, NULL, hear, &notification), CR_INVALID_POINTER);
    assert_int_equal(CM_Register_Notification(&filter, NULL, NULL, &notification),
                     CR_INVALID_POINTER);
    assert_int_equal(CM_Register_Notification(&filter, NULL, hear, NULL), CR_INVALID_POINTER);
    assert_int_equal(CM_Register_Notification(&wrong, NULL, hear, &notification), CR_INVALID_DATA);
    assert_int_equal(CM_Register_Notification(&handle, NULL, hear, &notification),
                     CR_CALL_NOT_IMPLEMENTED);
    fake_usb_list_error = ERROR_NOT_ENOUGH_MEMORY;
    assert_int_equal(CM_Register_Notification(&filter, NULL, hear, &notification),
                     CR_OUT_OF_MEMORY);
    fake_usb_list_error = 0;
    assert_ptr_equal(notification, &device);
    assert_int_equal(CM_Unregister_Notification(NULL), CR_INVALID_DATA);
    assert_int_equal(CM_Unregister_Notification(&device), CR_INVALID_DATA);
}

#define notify_test(test) cmocka_unit_test_setup_teardown(test, plug, unplug)

int main(void)
{
    const struct CMUnitTest tests[] = {
        notify_test(interfaces_that_go_and_come_are_told_of),
        notify_test(other_classes_are_not_told_of_unless_all_are_asked_for),
        notify_test(wrong_registrations_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
