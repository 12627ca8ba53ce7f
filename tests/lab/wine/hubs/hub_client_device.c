/*
 * The device: finding it among hubs, what it says of itself, its settings, and its coming and
 * going.
 */
#include "hub_client.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { ABSENCE = 1500, LONGEST_ABSENCE = 96000 /* [ms] */, PORTS = 7 };

/* --- Walking --------------------------------------------------------------------------------- */

static void print_device(libusb_device *device)
{
    struct libusb_device_descriptor descriptor = { 0 };
    uint8_t ports[PORTS];
    const int count = libusb_get_port_numbers(device, ports, PORTS);

    libusb_get_device_descriptor(device, &descriptor);
    printf("  bus %d address %d %04x:%04x class %02x speed %d, ports",
           libusb_get_bus_number(device), libusb_get_device_address(device), descriptor.idVendor,
           descriptor.idProduct, descriptor.bDeviceClass, libusb_get_device_speed(device));
    for (int i = 0; i < count; i++)
        printf("%c%d", i ? '.' : ' ', ports[i]);
    puts(count > 0 ? "" : " none");
}

/* The hub that a device hangs on is known as long as the list is. */
static void expect_parent(libusb_device *device)
{
    libusb_device *parent = libusb_get_parent(device);

    if (!expect_true("the device hangs on a hub", parent != NULL))
        return;
    expect("the hub's bus", libusb_get_bus_number(parent), libusb_get_bus_number(device));
    while (libusb_get_parent(parent))
        parent = libusb_get_parent(parent);
    expect("ports to a root hub", libusb_get_port_number(parent), 0);
}

static void list(struct client *client)
{
    libusb_device **devices;
    int found = 0;
    const ssize_t count = libusb_get_device_list(client->context, &devices);

    if (!expect_true("the list", count >= 0))
        return;
    for (ssize_t i = 0; i < count; i++) {
        struct libusb_device_descriptor descriptor = { 0 };

        print_device(devices[i]);
        libusb_get_device_descriptor(devices[i], &descriptor);
        if (descriptor.idVendor != LABDEV_VENDOR)
            continue;
        found++;
        expect("product", descriptor.idProduct, LABDEV_PRODUCT_ID + LABDEV_STANDARD);
        expect("configurations", descriptor.bNumConfigurations, 1);
        expect("address given by the host", libusb_get_device_address(devices[i]) > 0, 1);
        expect_parent(devices[i]);
    }
    libusb_free_device_list(devices, 1);
    expect("devices of ours", found, 1);
}

/* --- Descriptors ----------------------------------------------------------------------------- */

static void expect_configuration(const struct libusb_config_descriptor *configuration)
{
    if (!expect("interfaces", configuration->bNumInterfaces, 2))
        return;
    expect("settings of interface 0", configuration->interface[0].num_altsetting, 1);
    expect("settings of interface 1", configuration->interface[1].num_altsetting, 5);
    expect("endpoints of interface 0", configuration->interface[0].altsetting[0].bNumEndpoints, 6);
}

/* Without opening the device: on Windows the hub is asked. */
static void configuration(struct client *client)
{
    struct libusb_config_descriptor *descriptor;
    libusb_device *device = client_find(client);

    if (!expect_true("the device is found", device != NULL))
        return;
    if (expect("the active configuration", libusb_get_active_config_descriptor(device, &descriptor),
               0)) {
        expect_configuration(descriptor);
        libusb_free_config_descriptor(descriptor);
    }
    if (expect("configuration 0", libusb_get_config_descriptor(device, 0, &descriptor), 0)) {
        expect_configuration(descriptor);
        libusb_free_config_descriptor(descriptor);
    }
    expect("configuration 1", libusb_get_config_descriptor(device, 1, &descriptor),
           LIBUSB_ERROR_NOT_FOUND);
    expect("largest packet of 0x81", libusb_get_max_packet_size(device, SOURCE) % 64, 0);
    libusb_unref_device(device);
}

static void expect_string(struct client *client, int index, const char *wanted)
{
    unsigned char text[64] = { 0 };

    libusb_get_string_descriptor_ascii(client->handle, (uint8_t)index, text, sizeof(text));
    if (!expect("a string is right", strcmp((char *)text, wanted), 0))
        printf("  '%s', not '%s'\n", (char *)text, wanted);
}

static void strings(struct client *client)
{
    struct libusb_bos_descriptor *bos;
    int value = 0;

    if (!client_open(client))
        return;
    expect_string(client, 2, LABDEV_PRODUCT);
    expect_string(client, 3, LABDEV_SERIAL);
    expect("asking for the configuration", libusb_get_configuration(client->handle, &value), 0);
    expect("the configuration", value, 1);
    if (expect("the BOS", libusb_get_bos_descriptor(client->handle, &bos), 0)) {
        expect("capabilities", bos->bNumDeviceCaps, 1);
        libusb_free_bos_descriptor(bos);
    }
}

/* --- Settings and reset ---------------------------------------------------------------------- */

static void alternate(struct client *client)
{
    if (!client_open(client) ||
        !expect("claiming interface 1", libusb_claim_interface(client->handle, 1), 0))
        return;

    for (int i = 0; i < 3; i++) {
        expect("setting 3", libusb_set_interface_alt_setting(client->handle, 1, 3), 0);
        client_loops(client, 5);
        expect("setting 0", libusb_set_interface_alt_setting(client->handle, 1, 0), 0);
    }
    expect_true("setting 9 is refused",
                libusb_set_interface_alt_setting(client->handle, 1, 9) != 0);
    client_loops(client, 2);
    expect("releasing interface 1", libusb_release_interface(client->handle, 1), 0);
}

static void reset(struct client *client)
{
    if (!client_open(client))
        return;
    expect("reset", libusb_reset_device(client->handle), 0);
    client_loops(client, 2);
}

/* --- Coming and going ------------------------------------------------------------------------ */

static void pause_shortly(struct client *client)
{
    struct timeval moment = { .tv_sec = 0, .tv_usec = 100000 };

    libusb_handle_events_timeout_completed(client->context, &moment, NULL);
}

/* Waits, and has events handled, while something is not what it should be. */
static bool await(struct client *client,
                  bool (*is_so)(struct client *client, void *data),
                  void *data,
                  int patience) /* [ms] */
{
    const time_t end = time(NULL) + patience / 1000;

    while (!is_so(client, data)) {
        if (time(NULL) > end)
            return false;
        pause_shortly(client);
    }
    return true;
}

static bool leave(struct client *client, uint32_t absence)
{
    struct labdev_replug replug = { .personality = LABDEV_STANDARD, .absence = absence };
    const bool left = client_request(client, LABDEV_REPLUG, 0, &replug, sizeof(replug));

    client_close(client);
    return left;
}

static bool is_there(struct client *client, void *wanted)
{
    libusb_device *device = client_find(client);

    if (device)
        libusb_unref_device(device);
    return (device != NULL) == *(bool *)wanted;
}

static bool opens(struct client *client, void *unused)
{
    libusb_device_handle *handle =
        libusb_open_device_with_vid_pid(client->context, LABDEV_VENDOR, LABDEV_PRODUCT_ID);

    (void)unused;
    if (handle)
        libusb_close(handle);
    return handle != NULL;
}

/* Has the device leave, and waits until that shows. On a busy machine a short absence is over
 * before anybody has noticed: then the device leaves for longer. */
static bool
goes(struct client *client, bool (*shows)(struct client *client, void *data), void *data)
{
    for (uint32_t absence = ABSENCE; absence <= LONGEST_ABSENCE; absence *= 2) {
        if (!client_open(client) || !leave(client, absence))
            return false;
        if (await(client, shows, data, (int)(2 * absence)))
            return true;
        if (!expect_true("the device comes back", await(client, opens, NULL, 5 * PATIENCE)))
            return false;
    }
    return expect_true("the device goes", false);
}

/* Programs that are told nothing ask again. */
static void replug(struct client *client)
{
    bool there = false;

    if (!goes(client, is_there, &there))
        return;
    there = true;
    if (expect_true("the device comes", await(client, is_there, &there, 5 * PATIENCE)) &&
        client_open(client))
        client_loops(client, 2);
}

struct told {
    int arrived, left;
};

static int LIBUSB_CALL on_plug(libusb_context *context,
                               libusb_device *device,
                               libusb_hotplug_event event,
                               void *data)
{
    struct told *told = data;

    (void)context;
    (void)device;
    if (event == LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED)
        told->arrived++;
    else
        told->left++;
    return 0;
}

static bool is_told_that_it_left(struct client *client, void *told)
{
    (void)client;
    return ((struct told *)told)->left > 0;
}

/* Of an absence that was over before it showed, the program may be told later. */
static bool is_told_that_it_is_back(struct client *client, void *data)
{
    const struct told *told = data;

    (void)client;
    return told->left > 0 && told->arrived == told->left + 1;
}

static void hotplug(struct client *client)
{
    struct told told = { 0, 0 };
    libusb_hotplug_callback_handle callback;

    if (!libusb_has_capability(LIBUSB_CAP_HAS_HOTPLUG)) {
        skip("this libusb tells of no device");
        return;
    }
    if (!expect("a callback",
                libusb_hotplug_register_callback(
                    client->context,
                    LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED | LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT,
                    LIBUSB_HOTPLUG_ENUMERATE, LABDEV_VENDOR, LABDEV_PRODUCT_ID,
                    LIBUSB_HOTPLUG_MATCH_ANY, on_plug, &told, &callback),
                0))
        return;

    expect("devices that are there", told.arrived, 1);
    if (goes(client, is_told_that_it_left, &told) &&
        expect_true("the device opens", await(client, opens, NULL, 5 * PATIENCE)) &&
        client_open(client))
        client_loops(client, 2);
    expect_true("the device comes as often as it goes",
                await(client, is_told_that_it_is_back, &told, 5 * PATIENCE));
    printf("  told of %d that came and %d that went\n", told.arrived, told.left);
    libusb_hotplug_deregister_callback(client->context, callback);
}

/* What is told comes first: libusb may still have to tell of what the case before did. It cannot
 * begin anew for each case, as its window of hotplug is made once in a process. */
const struct client_case device_cases[] = {
    { "hotplug", hotplug },
    { "list", list },
    { "configuration", configuration },
    { "strings", strings },
    { "alternate", alternate },
    { "reset", reset },
    { "replug", replug },
    { NULL, NULL },
};
