/* windows/file.c and place.c: which device a HANDLE is, over a tree that the test describes. */
#include "cmocka_all.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/interface.h"
#include "devices/file.h"
#include "devnode_fake.h"
#include "host/host.h"
#include "host/win32/file.h"
#include "usb_fake.h"
#include "windows/file.h"

#define CONFIGURATION(count) 9, 2, 0, 0, count, 1, 0, 0x80, 50
#define INTERFACE(number) 9, 4, number, 0, 0, 0xFF, 1, 2, 0
#define ASSOCIATION(first, count) 8, 0x0B, first, count, 0xFF, 3, 4, 0

static const unsigned char one_interface[] = { CONFIGURATION(1), INTERFACE(0) };
static const unsigned char three_interfaces[] = { CONFIGURATION(3), ASSOCIATION(0, 2), INTERFACE(0),
                                                  INTERFACE(1), INTERFACE(2) };

enum { MOD_NOT_FOUND = 126 }; /* which include/native does without */

static const HANDLE file = (HANDLE)0x80;
static struct wu_file_target target;

/* --- Doubles of what is below and beside ----------------------------------------------------- */

static struct {
    HANDLE handle; /* NULL: none is known */
    bool closing;
    struct wu_file_target what;
} known;
static DWORD add_error;
static int closed; /* files whose interfaces were closed */
static char said[1000];

DWORD wu_host_file_add(HANDLE handle, const void *what, size_t size)
{
    if (add_error != ERROR_SUCCESS || known.handle == handle)
        return add_error;

    known.handle = handle;
    known.closing = false;
    memcpy(&known.what, what, size);
    return ERROR_SUCCESS;
}

bool wu_host_file_recall(HANDLE handle, void *what_out, size_t size)
{
    if (known.handle != handle || known.closing)
        return false;

    memcpy(what_out, &known.what, size);
    return true;
}

bool wu_host_file_closing(HANDLE handle)
{
    const bool first = known.handle == handle && !known.closing;

    known.closing = true;
    return first;
}

void wu_host_file_forget(HANDLE handle)
{
    if (known.handle == handle)
        known.handle = NULL;
}

void wu_interface_file_closed(HANDLE handle)
{
    assert_ptr_equal(handle, known.handle);
    assert_true(known.closing);
    closed++;
}

/* What file.c calls wu_log() here. */
void noted_log(enum wu_log_level level, const char *format, ...);

void noted_log(enum wu_log_level level, const char *format, ...)
{
    const size_t length = strlen(said);
    va_list arguments;

    if (level > WU_LOG_WARN)
        return;

    va_start(arguments, format);
    vsnprintf(said + length, sizeof(said) - length, format, arguments);
    va_end(arguments);
}

/* --- Trees ----------------------------------------------------------------------------------- */

static int set_up(void **state)
{
    (void)state;
    fake_devnode_reset();
    fake_usb_reset();
    memset(&known, 0, sizeof(known));
    memset(&target, 0, sizeof(target));
    add_error = ERROR_SUCCESS;
    closed = 0;
    said[0] = '\0';
    return 0;
}

/* @return the root hub of another host controller */
static uint32_t add_bus(unsigned ordinal)
{
    const uint32_t controller = fake_devnode_add(0, "PCI\\VEN_8086&DEV_A36D\\3&11583659&0&A0", 20);

    fake_devnodes[controller - 1].ordinal = ordinal;
    return fake_devnode_add(controller, "USB\\ROOT_HUB30\\4&1B2C3D4E&0&0", 0);
}

static uint32_t add_hub(uint32_t parent, unsigned port)
{
    return fake_devnode_add(parent, "USB\\VID_05E3&PID_0610\\5&2A3B4C5D&0&9", port);
}

static uint32_t add_device(uint32_t hub, unsigned port, const char *object)
{
    const uint32_t node = fake_devnode_add(hub, "USB\\VID_1234&PID_5678\\SERIAL", port);

    fake_devnode_drive(node, object, "libusbK");
    return node;
}

/* One of 1234:5678 as libusb sees it. @param ports  ends with 0 */
static struct fake_usb_device *see(unsigned bus, unsigned address, const unsigned char *ports)
{
    struct fake_usb_device *device =
        fake_usb_add(address, 0x1234, 0x5678, one_interface, sizeof(one_interface));

    device->info.bus = bus;
    for (device->info.depth = 0; ports[device->info.depth] != 0; device->info.depth++)
        device->info.ports[device->info.depth] = ports[device->info.depth];
    return device;
}

#define PORTS(...) ((const unsigned char[]){ __VA_ARGS__, 0 })

static DWORD resolve(const char *object)
{
    fake_identity_name = object;
    return wu_file_resolve(file, &target);
}

static void assert_resolved(const char *object, unsigned bus, unsigned address)
{
    assert_int_equal(resolve(object), ERROR_SUCCESS);
    assert_int_equal(target.bus, bus);
    assert_int_equal(target.address, address);
    assert_string_equal(said, "");
    assert_int_equal(fake_devnode_lists, 0);
    assert_int_equal(fake_usb_lists, 0);
}

static void assert_refused(const char *object, DWORD error, const char *why)
{
    said[0] = '\0';
    memset(&target, 0xAA, sizeof(target));
    assert_int_equal(resolve(object), error);
    assert_int_equal(target.bus, 0xAAAAAAAA);
    assert_non_null(strstr(said, why));
    assert_null(known.handle);
    assert_int_equal(fake_devnode_lists, 0);
    assert_int_equal(fake_usb_lists, 0);
}

/* --- Whole devices --------------------------------------------------------------------------- */

static void whole_device_on_a_root_port_is_found(void **state)
{
    (void)state;
    add_device(add_bus(1), 3, "\\Device\\USBPDO-3");
    fake_usb_add(4, 0x1234, 0x5679, one_interface, sizeof(one_interface));
    see(1, 5, PORTS(3));

    assert_resolved("\\Device\\USBPDO-3", 1, 5);
    assert_int_equal(target.first_interface, 0);
    assert_int_equal(target.lowest_interface, 0);
    assert_int_equal(target.interface_count, 1);
    assert_true(target.overlapped);
    assert_ptr_equal(known.handle, file);
}

static void whole_device_has_all_its_interfaces(void **state)
{
    struct fake_usb_device *device;

    (void)state;
    add_device(add_bus(1), 3, "\\Device\\USBPDO-3");
    device = see(1, 5, PORTS(3));
    device->info.configuration = (unsigned char *)three_interfaces;
    device->info.configuration_size = sizeof(three_interfaces);

    assert_resolved("\\Device\\USBPDO-3", 1, 5);
    assert_int_equal(target.interface_count, 3);
}

static void equal_devices_are_told_apart_by_their_ports(void **state)
{
    const uint32_t root = add_bus(1), outer = add_hub(root, 3), inner = add_hub(outer, 4);

    (void)state;
    add_device(root, 1, "\\Device\\USBPDO-1");
    add_device(outer, 1, "\\Device\\USBPDO-2");
    add_device(inner, 1, "\\Device\\USBPDO-3");
    add_device(inner, 2, "\\Device\\USBPDO-31");
    see(1, 15, PORTS(1, 2)); /* behind a hub that Windows does not know */
    see(1, 14, PORTS(3, 4, 2));
    see(1, 13, PORTS(3, 4, 1));
    see(1, 12, PORTS(3, 1));
    see(1, 11, PORTS(1));

    assert_resolved("\\Device\\USBPDO-1", 1, 11);
    assert_resolved("\\Device\\USBPDO-2", 1, 12);
    assert_resolved("\\Device\\USBPDO-3", 1, 13);
    assert_resolved("\\Device\\USBPDO-31", 1, 14);
}

static void equal_ports_are_told_apart_by_the_host_controller(void **state)
{
    (void)state;
    add_device(add_bus(2), 3, "\\Device\\USBPDO-3");
    add_device(add_bus(1), 3, "\\Device\\USBPDO-4");
    see(1, 5, PORTS(3));
    see(2, 6, PORTS(3));

    assert_resolved("\\Device\\USBPDO-3", 2, 6);
    assert_resolved("\\Device\\USBPDO-4", 1, 5);
}

static void only_one_with_the_ids_is_it_whatever_its_ports_are(void **state)
{
    (void)state;
    add_device(fake_devnode_add(0, "USB\\VIRTUAL", 0), 3, "\\Device\\0000005a");
    add_device(add_bus(1), 3, "\\Device\\0000005b");
    see(7, 5, PORTS(1, 2));

    assert_resolved("\\Device\\0000005a", 7, 5);
    assert_resolved("\\Device\\0000005b", 7, 5);
}

static void devices_that_cannot_be_told_apart_are_refused(void **state)
{
    (void)state;
    add_device(add_bus(0), 3, "\\Device\\USBPDO-3"); /* a controller that SetupDi does not list */
    add_device(fake_devnode_add(0, "USB\\VIRTUAL", 0), 3, "\\Device\\USBPDO-4");
    see(1, 5, PORTS(3));
    see(2, 6, PORTS(3));

    assert_refused("\\Device\\USBPDO-3", ERROR_NOT_SUPPORTED, "libusb sees 2 devices like it");
    assert_refused("\\Device\\USBPDO-4", ERROR_NOT_SUPPORTED, "libusb sees 2 devices like it");
}

static void device_that_libusb_does_not_see_is_not_connected(void **state)
{
    (void)state;
    add_device(add_bus(1), 3, "\\Device\\USBPDO-3");

    assert_refused("\\Device\\USBPDO-3", ERROR_DEVICE_NOT_CONNECTED,
                   "USB\\VID_1234&PID_5678\\SERIAL: libusb does not see it");
    see(1, 5, PORTS(1));
    see(1, 6, PORTS(2));
    assert_refused("\\Device\\USBPDO-3", ERROR_DEVICE_NOT_CONNECTED, "libusb does not see it");
}

static void device_without_a_configuration_has_no_interfaces(void **state)
{
    struct fake_usb_device *device;

    (void)state;
    add_device(add_bus(1), 3, "\\Device\\USBPDO-3");
    device = see(1, 5, PORTS(3));
    device->info.configuration = NULL;

    assert_int_equal(resolve("\\Device\\USBPDO-3"), ERROR_SUCCESS);
    assert_int_equal(target.interface_count, 0);
    assert_non_null(strstr(said, "has no such interfaces"));
}

/* --- Parts of composite devices -------------------------------------------------------------- */

/* @return the node of one of its parts */
static uint32_t add_part(const char *instance, const char *object)
{
    const uint32_t device = add_device(add_hub(add_bus(1), 3), 4, "\\Device\\USBPDO-3");
    const uint32_t part = fake_devnode_add(device, instance, 1);
    struct fake_usb_device *seen = see(1, 5, PORTS(3, 4));

    see(1, 6, PORTS(1));
    fake_devnode_drive(device, "\\Device\\USBPDO-3", "usbccgp");
    fake_devnode_drive(part, object, "WinUSB");
    seen->info.configuration = (unsigned char *)three_interfaces;
    seen->info.configuration_size = sizeof(three_interfaces);
    return part;
}

static void part_with_an_association_has_its_interfaces(void **state)
{
    (void)state;
    add_part("USB\\VID_1234&PID_5678&MI_00\\6&1A2B3C4D&0&0000", "\\Device\\0000005a");

    assert_resolved("\\Device\\0000005a", 1, 5);
    assert_int_equal(target.first_interface, 0);
    assert_int_equal(target.interface_count, 2);
}

static void part_with_a_single_interface_has_that_one(void **state)
{
    (void)state;
    add_part("USB\\vid_1234&pid_5678&rev_0100&mi_02\\6&1a2b3c4d&0&0002", "\\Device\\0000005b");

    assert_resolved("\\device\\0000005B", 1, 5);
    assert_int_equal(target.first_interface, 2);
    assert_int_equal(target.lowest_interface, 2);
    assert_int_equal(target.interface_count, 1);
}

static void part_of_what_does_not_look_composite_is_a_part(void **state)
{
    (void)state;
    add_part("USB\\VID_1234&PID_5678&MI_02\\6&1A2B3C4D&0&0002", "\\Device\\0000005b");
    fake_usb[0].info.device[4] = 0xFF; /* an INF has made it so */
    fake_usb[0].info.device[17] = 2;

    assert_resolved("\\Device\\0000005b", 1, 5);
    assert_int_equal(target.first_interface, 2);
    assert_int_equal(target.interface_count, 1);
}

static void part_that_libusb_does_not_know_has_no_interfaces(void **state)
{
    (void)state;
    add_part("USB\\VID_1234&PID_5678&MI_01\\6&1A2B3C4D&0&0001", "\\Device\\0000005b");

    assert_int_equal(resolve("\\Device\\0000005b"), ERROR_SUCCESS);
    assert_int_equal(target.first_interface, 1);
    assert_int_equal(target.interface_count, 0);
}

/* --- Ports ----------------------------------------------------------------------------------- */

static void port_is_read_where_libusb_reads_it(void **state)
{
    const uint32_t root = add_bus(1), first = add_device(root, 7, "\\Device\\USBPDO-1"),
                   second = add_device(root, 7, "\\Device\\USBPDO-2");

    (void)state;
    fake_devnodes[first - 1].texts[WU_DEVNODE_LOCATION] = "Port_#0010.Hub_#0001";
    fake_devnodes[first - 1].texts[WU_DEVNODE_LOCATION_PATHS] = "PCIROOT(0)#USBROOT(0)#USB(9)";
    fake_devnodes[second - 1].texts[WU_DEVNODE_LOCATION] = "0000.0014.0000.001.000";
    fake_devnodes[second - 1].texts[WU_DEVNODE_LOCATION_PATHS] =
        "PCIROOT(0)#PCI(1400)#USBROOT(0)#USB(4)#USB(11)#USBMI(3);ACPI(_SB_)#USB(12)";
    see(1, 3, PORTS(7));
    see(1, 4, PORTS(10));
    see(1, 5, PORTS(11));

    assert_resolved("\\Device\\USBPDO-1", 1, 4);
    assert_resolved("\\Device\\USBPDO-2", 1, 5);
}

static void more_hubs_than_there_can_be_lead_nowhere(void **state)
{
    uint32_t hub = add_bus(1);

    (void)state;
    for (int i = 0; i < WU_USB_DEPTH; i++)
        hub = add_hub(hub, 1);
    add_device(hub, 3, "\\Device\\USBPDO-3");
    see(1, 5, PORTS(1, 1, 1, 1, 1, 1, 3));
    see(1, 6, PORTS(3));

    assert_refused("\\Device\\USBPDO-3", ERROR_NOT_SUPPORTED, "2 devices like it");
}

/* --- UsbDk ----------------------------------------------------------------------------------- */

static void usbdk_knows_the_last_port(void **state)
{
    const uint32_t hub = add_hub(add_bus(1), 3);

    (void)state;
    fake_usbdk = true;
    add_device(hub, 1, "\\Device\\USBPDO-1");
    add_device(hub, 2, "\\Device\\USBPDO-2");
    see(9, 2, PORTS(1));
    see(9, 3, PORTS(2));

    assert_resolved("\\Device\\USBPDO-1", 9, 2);
    assert_resolved("\\Device\\USBPDO-2", 9, 3);
}

static void usbdk_does_not_tell_hubs_apart(void **state)
{
    const uint32_t root = add_bus(1);

    (void)state;
    fake_usbdk = true;
    add_device(root, 1, "\\Device\\USBPDO-1");
    add_device(add_hub(root, 4), 1, "\\Device\\USBPDO-2");
    see(1, 2, PORTS(1)); /* not the bus of Windows */
    see(9, 2, PORTS(1));

    assert_refused("\\Device\\USBPDO-1", ERROR_NOT_SUPPORTED, "libusb with UsbDk sees 2 devices");
}

/* --- Drivers --------------------------------------------------------------------------------- */

static void driver_is_told_in_any_case(void **state)
{
    static const struct {
        const char *name;
        enum wu_file_driver driver;
    } cases[] = {
        { "WINUSB", WU_FILE_DRIVER_WINUSB }, { "WinUSB", WU_FILE_DRIVER_WINUSB },
        { "winusb", WU_FILE_DRIVER_WINUSB }, { "WINUSB2", WU_FILE_DRIVER_OTHER },
        { "WINUS", WU_FILE_DRIVER_OTHER },   { "usbccgp", WU_FILE_DRIVER_OTHER },
        { "libusbK", WU_FILE_DRIVER_OTHER }, { NULL, WU_FILE_DRIVER_OTHER },
        { "libusb0", WU_FILE_DRIVER_OTHER },
    };
    const uint32_t node = add_device(add_bus(1), 3, "\\Device\\USBPDO-3");

    (void)state;
    fake_identity_name = "\\Device\\USBPDO-3";

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        fake_devnodes[node - 1].texts[WU_DEVNODE_DRIVER] = cases[i].name;
        assert_int_equal(wu_file_driver(file), cases[i].driver);
    }
    assert_string_equal(said, "");
}

static void driver_of_what_is_no_usb_device_is_unknown(void **state)
{
    (void)state;
    add_device(add_bus(1), 3, "\\Device\\USBPDO-3");

    fake_identity_name = "\\Device\\USBPDO-4";
    assert_int_equal(wu_file_driver(file), WU_FILE_DRIVER_UNKNOWN);
    fake_identity_error = ERROR_INVALID_HANDLE;
    assert_int_equal(wu_file_driver(file), WU_FILE_DRIVER_UNKNOWN);
    assert_string_equal(said, "");
}

static void driver_that_libusb_cannot_use_is_named(void **state)
{
    const uint32_t node = add_device(add_bus(1), 3, "\\Device\\USBPDO-3");
    const char **texts = fake_devnodes[node - 1].texts;

    (void)state;
    see(1, 5, PORTS(3));

    texts[WU_DEVNODE_DRIVER] = "usbser";
    assert_int_equal(resolve("\\Device\\USBPDO-3"), ERROR_SUCCESS);
    assert_non_null(strstr(said, "USB\\VID_1234&PID_5678\\SERIAL: its driver is usbser"));

    said[0] = '\0';
    texts[WU_DEVNODE_DRIVER] = NULL;
    assert_int_equal(resolve("\\Device\\USBPDO-3"), ERROR_SUCCESS);
    assert_non_null(strstr(said, "has no driver"));
}

static void driver_that_libusb_can_use_is_nothing_to_talk_about(void **state)
{
    static const char *const drivers[] = { "WINUSB", "libusbk", "LIBUSB0", "HidUsb", "USBCCGP" };
    const uint32_t node = add_device(add_bus(1), 3, "\\Device\\USBPDO-3");
    const char **texts = fake_devnodes[node - 1].texts;

    (void)state;
    see(1, 5, PORTS(3));

    for (size_t i = 0; i < sizeof(drivers) / sizeof(drivers[0]); i++) {
        texts[WU_DEVNODE_DRIVER] = drivers[i];
        assert_resolved("\\Device\\USBPDO-3", 1, 5);
    }
    texts[WU_DEVNODE_DRIVER] = "usbser";
    texts[WU_DEVNODE_UPPER_FILTERS] = "other;libusb0";
    assert_resolved("\\Device\\USBPDO-3", 1, 5);
    texts[WU_DEVNODE_UPPER_FILTERS] = NULL;
    texts[WU_DEVNODE_LOWER_FILTERS] = "libusb0";
    assert_resolved("\\Device\\USBPDO-3", 1, 5);
    texts[WU_DEVNODE_LOWER_FILTERS] = NULL;
    fake_usbdk = true;
    assert_resolved("\\Device\\USBPDO-3", 1, 5);
}

/* --- Handles --------------------------------------------------------------------------------- */

static void rest_of_an_objects_name_does_not_matter(void **state)
{
    (void)state;
    add_device(add_bus(1), 3, "\\Device\\USBPDO-3");
    see(1, 5, PORTS(3));

    assert_refused("\\Device\\USBPDO-30", ERROR_DEVICE_NOT_CONNECTED, "");
    said[0] = '\0';
    assert_resolved("\\Device\\USBPDO-3\\", 1, 5);
    assert_resolved("\\Device\\usbpdo-3\\Reference\\PIPE00", 1, 5);
}

static void what_is_no_usb_device_is_an_invalid_handle(void **state)
{
    static const char *const names[] = {
        "\\Device\\HarddiskVolume3\\Users\\a.txt",
        "\\Device\\NamedPipe\\a",
        "\\Device\\ConDrv\\Input",
        "\\Device\\Null",
        "\\Device\\0000005b",
        "\\Device",
        "",
    };

    (void)state;
    add_device(add_bus(1), 3, "\\Device\\USBPDO-3");
    fake_devnode_drive(1, "\\Device\\NTPNP_PCI0015", "USBXHCI");
    see(1, 5, PORTS(3));

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        assert_refused(names[i], ERROR_INVALID_HANDLE, "is no USB device");
    assert_refused("\\Device\\NTPNP_PCI0015", ERROR_INVALID_HANDLE, "is no USB device");
}

static void hub_without_ids_is_an_invalid_handle(void **state)
{
    (void)state;
    fake_devnode_drive(add_bus(1), "\\Device\\USBPDO-0", "USBHUB3");

    assert_refused("\\Device\\USBPDO-0", ERROR_INVALID_HANDLE, "");
}

static void device_that_is_gone_is_not_connected(void **state)
{
    const uint32_t node = add_device(add_bus(1), 3, "\\Device\\USBPDO-3");

    (void)state;
    see(1, 5, PORTS(3));
    fake_devnodes[node - 1].gone = true;

    assert_refused("\\Device\\USBPDO-3", ERROR_DEVICE_NOT_CONNECTED, "is not there any more");
}

static void file_opened_for_synchronous_use_is_told(void **state)
{
    (void)state;
    add_device(add_bus(1), 3, "\\Device\\USBPDO-3");
    see(1, 5, PORTS(3));
    fake_identity_overlapped = false;

    assert_resolved("\\Device\\USBPDO-3", 1, 5);
    assert_false(target.overlapped);
}

static void errors_of_all_that_is_asked_are_handed_on(void **state)
{
    (void)state;
    add_device(add_bus(1), 3, "\\Device\\USBPDO-3");
    see(1, 5, PORTS(3));

    fake_identity_error = ERROR_NOT_ENOUGH_MEMORY;
    assert_refused("\\Device\\USBPDO-3", ERROR_NOT_ENOUGH_MEMORY, "");
    fake_identity_error = ERROR_SUCCESS;
    fake_devnode_error = ERROR_NOT_ENOUGH_MEMORY;
    assert_refused("\\Device\\USBPDO-3", ERROR_NOT_ENOUGH_MEMORY, "does not tell");
    fake_devnode_error = ERROR_SUCCESS;
    fake_usb_list_error = MOD_NOT_FOUND;
    assert_refused("\\Device\\USBPDO-3", MOD_NOT_FOUND, "");
    fake_usb_list_error = 0;
    add_error = ERROR_NOT_ENOUGH_MEMORY;
    assert_refused("\\Device\\USBPDO-3", ERROR_NOT_ENOUGH_MEMORY, "");
    add_error = ERROR_SUCCESS;
    assert_resolved("\\Device\\USBPDO-3", 1, 5);
}

/* --- Handles that come again ----------------------------------------------------------------- */

static void same_device_again_is_left_alone(void **state)
{
    (void)state;
    add_device(add_bus(1), 3, "\\Device\\USBPDO-3");
    see(1, 5, PORTS(3));

    assert_resolved("\\Device\\USBPDO-3", 1, 5);
    assert_resolved("\\Device\\USBPDO-3", 1, 5);
    assert_int_equal(closed, 0);
}

static void number_of_another_file_closes_what_it_was_before(void **state)
{
    const uint32_t root = add_bus(1);

    (void)state;
    add_device(root, 3, "\\Device\\USBPDO-3");
    add_device(root, 4, "\\Device\\USBPDO-4");
    see(1, 5, PORTS(3));
    see(1, 6, PORTS(4));

    assert_resolved("\\Device\\USBPDO-3", 1, 5);
    assert_resolved("\\Device\\USBPDO-4", 1, 6);
    assert_int_equal(closed, 1);
    assert_int_equal(known.what.address, 6);
}

static void device_plugged_again_is_another_file(void **state)
{
    struct fake_usb_device *device;

    (void)state;
    add_device(add_bus(1), 3, "\\Device\\USBPDO-3");
    device = see(1, 5, PORTS(3));
    assert_resolved("\\Device\\USBPDO-3", 1, 5);

    device->info.address = 6;
    assert_resolved("\\Device\\USBPDO-3", 1, 6);
    assert_int_equal(closed, 1);
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(whole_device_on_a_root_port_is_found),
        TEST(whole_device_has_all_its_interfaces),
        TEST(equal_devices_are_told_apart_by_their_ports),
        TEST(equal_ports_are_told_apart_by_the_host_controller),
        TEST(only_one_with_the_ids_is_it_whatever_its_ports_are),
        TEST(devices_that_cannot_be_told_apart_are_refused),
        TEST(device_that_libusb_does_not_see_is_not_connected),
        TEST(device_without_a_configuration_has_no_interfaces),
        TEST(part_with_an_association_has_its_interfaces),
        TEST(part_with_a_single_interface_has_that_one),
        TEST(part_of_what_does_not_look_composite_is_a_part),
        TEST(part_that_libusb_does_not_know_has_no_interfaces),
        TEST(port_is_read_where_libusb_reads_it),
        TEST(more_hubs_than_there_can_be_lead_nowhere),
        TEST(usbdk_knows_the_last_port),
        TEST(usbdk_does_not_tell_hubs_apart),
        TEST(driver_is_told_in_any_case),
        TEST(driver_of_what_is_no_usb_device_is_unknown),
        TEST(driver_that_libusb_cannot_use_is_named),
        TEST(driver_that_libusb_can_use_is_nothing_to_talk_about),
        TEST(rest_of_an_objects_name_does_not_matter),
        TEST(what_is_no_usb_device_is_an_invalid_handle),
        TEST(hub_without_ids_is_an_invalid_handle),
        TEST(device_that_is_gone_is_not_connected),
        TEST(file_opened_for_synchronous_use_is_told),
        TEST(errors_of_all_that_is_asked_are_handed_on),
        TEST(same_device_again_is_left_alone),
        TEST(number_of_another_file_closes_what_it_was_before),
        TEST(device_plugged_again_is_another_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
