/*
 * Prints the tree of host controllers, hubs and devices as a program for Windows sees it by IOCTLs.
 *
 *     hub_tree [VID:PID]...     devices that have to be in it, in hexadecimal
 *
 * Each hub and device is a line, indented by depth; values follow in lines of their own. Exit
 * status: 1 when something fails, is asked for in vain, or there is no controller.
 */
#include "hub.h"

#include <setupapi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

enum { DEEPEST = 7, MOST = 128 };

static const GUID controllers = { 0x3ABF6F2D,
                                  0x71C4,
                                  0x462A,
                                  { 0x8A, 0x92, 0x1E, 0x68, 0x61, 0xE6, 0xAF, 0x27 } };
static const GUID hubs = { 0xF18A0E88,
                           0xC30C,
                           0x11D0,
                           { 0x88, 0x15, 0x00, 0xA0, 0xC9, 0x06, 0xBE, 0xD8 } };

static struct {
    int controllers, hubs, devices, failures;
    unsigned found[MOST]; /* numbers of devices: vendor above product */
} seen;

/* Prints what failed, with the last error; false. */
static bool fail(int depth, const char *what)
{
    printf("%*sFAILED: %s: error %lu\n", 2 * depth, "", what, GetLastError());
    seen.failures++;
    return false;
}

/* --- Devices --------------------------------------------------------------------------------- */

static unsigned total_length(const UCHAR *configuration)
{
    return configuration[2] | (unsigned)configuration[3] << 8;
}

static void print_configurations(HANDLE hub, ULONG port, unsigned count, int depth)
{
    UCHAR data[DESCRIPTOR_SIZE];

    for (unsigned i = 0; i < count; i++) {
        const ULONG size = hub_descriptor(hub, port, USB_CONFIGURATION_DESCRIPTOR_TYPE, i, 0, data);

        if (size < sizeof(USB_CONFIGURATION_DESCRIPTOR)) {
            fail(depth, "a configuration descriptor");
            continue;
        }
        printf("%*sconfiguration %u: %lu bytes, %u interfaces\n", 2 * depth, "", i, size, data[4]);
        if (size != total_length(data))
            fail(depth, "its length");
    }
}

static void print_string(HANDLE hub, ULONG port, const char *what, unsigned index, int depth)
{
    UCHAR data[DESCRIPTOR_SIZE];

    if (index == 0)
        return;

    const ULONG size = hub_descriptor(hub, port, USB_STRING_DESCRIPTOR_TYPE, index, 0x0409, data);

    if (size < 2 || data[0] != size || data[1] != USB_STRING_DESCRIPTOR_TYPE) {
        fail(depth, what);
        return;
    }
    printf("%*s%s: '%.*ls'\n", 2 * depth, "", what, (int)(size - 2) / 2, (WCHAR *)(data + 2));
}

static void print_bos(HANDLE hub, ULONG port, unsigned version, int depth)
{
    UCHAR data[DESCRIPTOR_SIZE];

    if (version < 0x0201)
        return;

    const ULONG size = hub_descriptor(hub, port, BOS_TYPE, 0, 0, data);

    if (size < 5)
        fail(depth, "the BOS");
    else
        printf("%*sBOS: %lu bytes, %u capabilities\n", 2 * depth, "", size, data[4]);
}

static void print_descriptors(HANDLE hub, const struct hub_connection *info, int depth)
{
    const USB_DEVICE_DESCRIPTOR *device = &info->device;
    const ULONG port = info->port;
    UCHAR data[DESCRIPTOR_SIZE];

    if (hub_descriptor(hub, port, USB_DEVICE_DESCRIPTOR_TYPE, 0, 0, data) != sizeof(*device) ||
        memcmp(data, device, sizeof(*device)) != 0)
        fail(depth, "the device descriptor, by the other request");
    print_configurations(hub, port, device->bNumConfigurations, depth);
    print_string(hub, port, "manufacturer", device->iManufacturer, depth);
    print_string(hub, port, "product", device->iProduct, depth);
    print_string(hub, port, "serial number", device->iSerialNumber, depth);
    print_bos(hub, port, device->bcdUSB, depth);
}

/* Windows 7 and before do not know the request. */
static void print_protocols(HANDLE hub, ULONG port, int depth)
{
    struct hub_protocols answer = { .port = port, .length = sizeof(answer), .protocols = 7 };
    DWORD got;

    if (hub_ask(hub, PORT_PROTOCOLS, &answer, sizeof(answer), &got) && got == sizeof(answer))
        printf("%*sprotocols %lu, flags %lu\n", 2 * depth, "", answer.protocols, answer.flags);
    else
        fail(depth, "the protocols of a port");
}

static void print_pipes(const struct hub_connection *info, int depth)
{
    printf("%*s%lu pipes:", 2 * depth, "", info->pipe_count);
    for (ULONG i = 0; i < info->pipe_count && i < PIPES; i++)
        printf(" %02x", info->pipes[i].endpoint.bEndpointAddress);
    puts("");
}

static void print_device(HANDLE hub, const struct hub_connection *info, int depth)
{
    const USB_DEVICE_DESCRIPTOR *device = &info->device;
    WCHAR key[NAME_LENGTH];

    printf("%*sport %lu: %s %04x:%04x, class %02x, USB %04x, speed %u, address %u, "
           "configuration %u\n",
           2 * depth, "", info->port, info->is_hub ? "hub" : "device", device->idVendor,
           device->idProduct, device->bDeviceClass, device->bcdUSB, info->speed, info->address,
           info->configuration);
    if (seen.devices < MOST)
        seen.found[seen.devices++] = (unsigned)device->idVendor << 16 | device->idProduct;
    print_pipes(info, depth + 1);
    if (hub_port_name(hub, PORT_KEY_NAME, info->port, key))
        printf("%*sdriver key %ls\n", 2 * depth + 2, "", key);
    else
        fail(depth + 1, "the driver key");
    print_descriptors(hub, info, depth + 1);
}

/* --- Hubs ------------------------------------------------------------------------------------ */

static void print_hub(const WCHAR *name, int depth);

static void print_port(HANDLE hub, ULONG port, int depth)
{
    struct hub_connection connection;
    WCHAR name[NAME_LENGTH];

    if (!hub_connection(hub, port, &connection)) {
        fail(depth, "what is at a port");
        return;
    }
    if (connection.status != CONNECTED) {
        printf("%*sport %lu: nothing, status %lu\n", 2 * depth, "", port, connection.status);
        print_protocols(hub, port, depth + 1);
        return;
    }
    print_device(hub, &connection, depth);
    print_protocols(hub, port, depth + 1);
    if (!connection.is_hub)
        return;
    if (hub_port_name(hub, PORT_HUB_NAME, port, name))
        print_hub(name, depth + 1);
    else
        fail(depth + 1, "the hub's name");
}

static void print_hub(const WCHAR *name, int depth)
{
    const HANDLE hub = hub_open(name, 0);
    ULONG ports = 0;

    printf("%*shub %ls\n", 2 * depth, "", name);
    seen.hubs++;
    if (hub == INVALID_HANDLE_VALUE) {
        fail(depth + 1, "the hub's file");
        return;
    }
    if (!hub_ports(hub, &ports))
        fail(depth + 1, "the number of ports");
    printf("%*s%lu ports\n", 2 * depth + 2, "", ports);
    for (ULONG port = 1; port <= ports && depth < 2 * DEEPEST; port++)
        print_port(hub, port, depth + 1);
    CloseHandle(hub);
}

/* --- Controllers -------------------------------------------------------------------------------
 */

static void print_controller(const WCHAR *path)
{
    const HANDLE controller = hub_open(path, 0);
    WCHAR name[NAME_LENGTH];

    printf("controller %ls\n", path);
    seen.controllers++;
    if (controller == INVALID_HANDLE_VALUE) {
        fail(1, "the controller's file");
        return;
    }
    if (hub_controller_name(controller, CONTROLLER_KEY_NAME, name))
        printf("  driver key %ls\n", name);
    else
        fail(1, "the driver key");
    if (hub_controller_name(controller, ROOT_HUB_NAME, name))
        print_hub(name, 1);
    else
        fail(1, "the root hub's name");
    CloseHandle(controller);
}

/* Has something done with each path of a GUID, and counts them. */
static int for_each_path(const GUID *guid, void (*use)(const WCHAR *path))
{
    const HDEVINFO set =
        SetupDiGetClassDevsW(guid, NULL, NULL, DIGCF_PRESENT | DIGCF_DEVICEINTERFACE);
    SP_DEVICE_INTERFACE_DATA data = { .cbSize = sizeof(data) };
    int count = 0;

    if (set == INVALID_HANDLE_VALUE)
        return 0;
    while (SetupDiEnumDeviceInterfaces(set, NULL, guid, (DWORD)count, &data)) {
        union {
            SP_DEVICE_INTERFACE_DETAIL_DATA_W detail;
            UCHAR bytes[sizeof(SP_DEVICE_INTERFACE_DETAIL_DATA_W) + NAME_LENGTH * sizeof(WCHAR)];
        } both = { .detail.cbSize = sizeof(both.detail) };

        count++;
        if (SetupDiGetDeviceInterfaceDetailW(set, &data, &both.detail, sizeof(both), NULL, NULL))
            use(both.detail.DevicePath);
        else
            fail(0, "a path");
    }
    SetupDiDestroyDeviceInfoList(set);
    return count;
}

static void ignore(const WCHAR *path)
{
    (void)path;
}

static bool is_found(unsigned vendor, unsigned product)
{
    for (int i = 0; i < seen.devices; i++)
        if (seen.found[i] == (vendor << 16 | product))
            return true;
    return false;
}

static void expect_device(const char *numbers)
{
    unsigned vendor = 0, product = 0;

    if (sscanf(numbers, "%4x:%4x", &vendor, &product) == 2 && is_found(vendor, product))
        return;
    printf("FAILED: %s is not in the tree\n", numbers);
    seen.failures++;
}

int main(int argc, char **argv)
{
    int listed;

    setvbuf(stdout, NULL, _IONBF, 0);
    /* Wine lets a library answer for hubs; it has to be there by then. */
    LoadLibraryW(L"winusb.dll");
    for_each_path(&controllers, print_controller);
    listed = for_each_path(&hubs, ignore);
    if (listed != seen.hubs) {
        printf("FAILED: %d hubs are listed\n", listed);
        seen.failures++;
    }
    for (int i = 1; i < argc; i++)
        expect_device(argv[i]);
    printf("%d controllers, %d hubs, %d devices at their ports, %d failures\n", seen.controllers,
           seen.hubs, seen.devices, seen.failures);
    return seen.controllers == 0 || seen.failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
