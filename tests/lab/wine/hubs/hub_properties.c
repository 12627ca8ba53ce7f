/*
 * A program that finds devices by properties: from a device to its hub, whom it asks for
 * descriptors, and from a device of several functions to the nodes of these. It opens what it finds
 * by WinUSB.
 *
 *     hub_properties standard|composite [CASE]...     which device of the lab's is there
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "lab/wine/programs/device.h"
#include "lab/wine/programs/expect.h"
#include "nodes.h"

enum { MOST = 16 };

static unsigned product; /* of the device that is to be there */
static int used;         /* interfaces that were opened */

/* --- Hubs ------------------------------------------------------------------------------------ */

/* The product's number says which device it is; other devices are none of ours. */
static bool is_ours(HANDLE hub, const struct usb_node *node)
{
    struct hub_connection connection;

    if (!EXPECT(hub_connection(hub, node->port, &connection)) ||
        !EXPECT_EQUAL(connection.status, CONNECTED))
        return false;
    say("  port %lu: %04x:%04x", node->port, connection.device.idVendor,
        connection.device.idProduct);
    return connection.device.idVendor == LABDEV_VENDOR && connection.device.idProduct == product;
}

static void ask_hub(HANDLE hub, const struct usb_node *node)
{
    UCHAR data[DESCRIPTOR_SIZE];
    const ULONG size =
        hub_descriptor(hub, node->port, USB_CONFIGURATION_DESCRIPTOR_TYPE, 0, 0, data);

    if (EXPECT(size >= 9)) {
        EXPECT_EQUAL(size, data[2] | data[3] << 8);
        EXPECT_EQUAL(data[4], product == LABDEV_PRODUCT_ID ? 2 : 4);
    }
    EXPECT_EQUAL(hub_descriptor(hub, node->port, USB_STRING_DESCRIPTOR_TYPE, 3, 0x0409, data),
                 2 + 2 * strlen(LABDEV_SERIAL));
}

/* A hub that is not at a port of another hub hangs on a controller. */
static void expect_controller(const struct usb_node *device)
{
    struct usb_node hub;
    WCHAR path[NAME_LENGTH];

    if (!nodes_read(device->parent, &hub))
        return;
    while (wcsncmp(hub.id, L"USB\\ROOT_HUB", 12) != 0)
        if (!EXPECT(nodes_path(hub.parent, &guid_usb_hub, path)) || !nodes_read(hub.parent, &hub))
            return;
    say("  root hub %ls", hub.id);
    EXPECT_EQUAL(hub.port, 0);
    EXPECT(wcsstr(hub.children, device->id) || wcscmp(device->parent, hub.id) != 0);
    EXPECT(nodes_path(hub.parent, &guid_usb_controller, path));
}

/* --- Devices --------------------------------------------------------------------------------- */

/* Interfaces of the lab's device that loop are 0 of the standard one, 2 of the composite one. */
static void use_path(const WCHAR *path)
{
    const HANDLE file =
        CreateFileW(path, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                    OPEN_EXISTING, FILE_FLAG_OVERLAPPED, NULL);
    USB_INTERFACE_DESCRIPTOR descriptor = { 0 };
    struct device device;

    say("  path %ls", path);
    if (!EXPECT(file != INVALID_HANDLE_VALUE) || !device_initialize(&device, file))
        return;
    used++;
    if (EXPECT(WinUsb_QueryInterfaceSettings(device.usb, 0, &descriptor)) &&
        (product == LABDEV_PRODUCT_ID || descriptor.bInterfaceNumber == 2))
        device_loops(&device);
    device_close(&device);
}

/* Each function has a node, the number of its first interface in its IDs, and a GUID of its own. */
static void use_functions(const struct usb_node *node)
{
    for (const WCHAR *child = node->children; *child; child += wcslen(child) + 1) {
        struct usb_node function;
        WCHAR path[NAME_LENGTH];

        if (!nodes_read(child, &function))
            continue;
        say("  function %ls", function.id);
        EXPECT(wcsstr(function.hardware, L"&MI_0") != NULL);
        EXPECT(_wcsicmp(function.parent, node->id) == 0);
        if (nodes_path_by_key(child, path))
            use_path(path);
    }
}

static void use_device(const struct usb_node *node)
{
    if (_wcsicmp(node->service, L"usbccgp") == 0)
        use_functions(node);
    else
        use_path(node->path);
}

static void look_at(const struct usb_node *node)
{
    const HANDLE hub = nodes_open_hub(node, 0);
    bool ours;

    say("# %ls", node->id);
    if (hub == INVALID_HANDLE_VALUE)
        return;
    ours = is_ours(hub, node);
    if (ours)
        ask_hub(hub, node);
    CloseHandle(hub);
    if (!ours)
        return;
    expect_controller(node);
    use_device(node);
}

static void walk(void)
{
    static struct usb_node nodes[MOST];
    const int count = nodes_list(&guid_usb_device, nodes, MOST);

    for (int i = 0; i < count; i++)
        look_at(&nodes[i]);
    EXPECT_EQUAL(used, product == LABDEV_PRODUCT_ID ? 1 : 2);
}

static void open_by_path(void)
{
    static struct usb_node nodes[MOST];
    const int count = nodes_list(&guid_usb_device, nodes, MOST);

    EXPECT(count > 0);
    for (int i = 0; i < count; i++)
        nodes_expect_by_path(&nodes[i]);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = { { "walk", walk },
                                              { "open_by_path", open_by_path },
                                              { NULL, NULL } };
    const struct test_case *lists[] = { cases, NULL };
    const bool composite = argc > 1 && strcmp(argv[1], "composite") == 0;

    product = LABDEV_PRODUCT_ID + (composite ? LABDEV_COMPOSITE : LABDEV_STANDARD);
    return run_cases(lists, argc > 2 ? argc - 2 : 0, argv + 2);
}
