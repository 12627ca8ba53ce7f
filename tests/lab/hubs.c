/*
 * Shows that hubs answer as the devices themselves do, and as libusb knows them: each device that
 * there is hangs on a hub of the tree, and what its hub says of it is what it says.
 *
 * usage: hubs [DEVICES]      fails unless there are so many at least, hubs included
 */
#include <libusb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "devices/hub_request.h"
#include "devices/node.h"

enum { LONGEST = 1024, TIMEOUT = 5000 /* [ms] */ };

static struct wu_hub_list hubs;
static int failures, checks;

static void expect(bool is_so, const char *place, const char *what)
{
    if (!is_so)
        printf("FAILED  %s: %s\n", place, what);
    failures += !is_so;
    checks++;
}

/* --- Asking a hub ------------------------------------------------------------------------------
 */

struct place {
    libusb_device *device;
    libusb_device_handle *handle;
    const struct wu_hub *hub; /* that it is plugged into */
    uint32_t port;
    char name[64];           /* for people */
    char path[WU_PATH_SIZE]; /* of the hub */
};

/* @return [bytes] of the answer; 0 when there is none */
static size_t ask(const struct place *place, DWORD code, const void *in, size_t in_size, void *out)
{
    size_t size = 0;
    const DWORD error = wu_hub_request(place->path, code, in, in_size, out, LONGEST, &size);

    return error == ERROR_SUCCESS ? size : 0;
}

/* Compares a descriptor that the hub gives with what the device sends. */
static void compare_descriptor(const struct place *place, uint16_t value, const char *what)
{
    const struct wu_hub_descriptor_request request = {
        .port = place->port, .value = value, .index = value >> 8 == 3 ? 0x0409 : 0, .length = 255
    };
    unsigned char answer[LONGEST], sent[LONGEST];
    const int length = libusb_control_transfer(place->handle, 0x80, 6, value, request.index, sent,
                                               request.length, TIMEOUT);
    const size_t size = ask(place, WU_HUB_GET_DESCRIPTOR, &request, sizeof(request), answer);

    if (length < 0) {
        expect(size == 0, place->name, what);
        return;
    }
    expect(size == sizeof(request) + (size_t)length &&
               memcmp(answer + sizeof(request), sent, (size_t)length) == 0,
           place->name, what);
}

static void compare_descriptors(struct place *place)
{
    struct libusb_device_descriptor descriptor;

    if (libusb_get_device_descriptor(place->device, &descriptor) != 0 ||
        libusb_open(place->device, &place->handle) != 0) {
        expect(false, place->name, "it can be opened");
        return;
    }

    compare_descriptor(place, 0x100, "its device descriptor");
    compare_descriptor(place, 0x200, "its configuration");
    compare_descriptor(place, 0x201, "its second configuration");
    compare_descriptor(place, 0x300, "the languages of its strings");
    compare_descriptor(place, 0x300 | descriptor.iProduct, "the string of its product");
    compare_descriptor(place, 0x300 | descriptor.iSerialNumber, "the string of its serial number");
    compare_descriptor(place, 0x3EE, "a string that few have");
    if (descriptor.bcdUSB >= 0x0201)
        compare_descriptor(place, 0xF00, "its BOS");
    libusb_close(place->handle);
}

/* Counts the endpoints of the first settings. */
static unsigned count_pipes(libusb_device *device)
{
    struct libusb_config_descriptor *configuration;
    unsigned count = 0;

    if (libusb_get_active_config_descriptor(device, &configuration) != 0)
        return 0;
    for (unsigned i = 0; i < configuration->bNumInterfaces; i++)
        count += configuration->interface[i].altsetting[0].bNumEndpoints;
    libusb_free_config_descriptor(configuration);
    return count;
}

static void compare_connection(const struct place *place)
{
    static const int speeds[] = { LIBUSB_SPEED_LOW, LIBUSB_SPEED_FULL, LIBUSB_SPEED_HIGH,
                                  LIBUSB_SPEED_SUPER };
    struct libusb_device_descriptor descriptor;
    unsigned char answer[LONGEST] = { 0 };
    struct wu_hub_connection connection;
    const size_t size =
        ask(place, WU_HUB_GET_CONNECTION_EX, &place->port, sizeof(place->port), answer);

    libusb_get_device_descriptor(place->device, &descriptor);
    memcpy(&connection, answer, sizeof(connection));
    expect(size == sizeof(connection) + connection.pipe_count * sizeof(struct wu_hub_pipe),
           place->name, "the size of its connection");
    expect(connection.status == 1, place->name, "it is connected");
    expect(connection.address == libusb_get_device_address(place->device), place->name,
           "its address");
    expect(connection.device[8] + connection.device[9] * 256 == descriptor.idVendor, place->name,
           "its vendor");
    expect(connection.is_hub == (descriptor.bDeviceClass == 9), place->name, "whether it is a hub");
    expect(connection.pipe_count == count_pipes(place->device), place->name, "its pipes");
    expect(connection.speed < 4 &&
               speeds[connection.speed] == libusb_get_device_speed(place->device),
           place->name, "its speed");
    printf("%s: %04x:%04x, speed %d, %u pipes, of %s\n", place->name, descriptor.idVendor,
           descriptor.idProduct, connection.speed, (unsigned)connection.pipe_count, place->path);
}

/* --- The tree ------------------------------------------------------------------------------------
 */

static bool find_place(libusb_device *device, struct place *place)
{
    struct wu_function function = { .bus = libusb_get_bus_number(device) };
    unsigned char ports[WU_USB_DEPTH];
    const int depth = libusb_get_port_numbers(device, ports, WU_USB_DEPTH);
    size_t used = 0;

    for (int i = 0; i < depth; i++)
        used += (size_t)snprintf(function.port_path + used, sizeof(function.port_path) - used,
                                 "%s%u", i == 0 ? "" : ".", ports[i]);
    snprintf(place->name, sizeof(place->name), "%u-%s", function.bus, function.port_path);
    place->device = device;
    place->port = libusb_get_port_number(device);
    place->hub = depth > 0 ? wu_hub_list_above(&hubs, &function) : NULL;
    if (place->hub)
        wu_hub_path(place->hub, place->path);
    return place->hub != NULL;
}

static void look_at(libusb_device *device)
{
    struct place place;

    if (libusb_get_port_number(device) == 0)
        return; /* a root hub */
    expect(find_place(device, &place), place.name, "its hub is in the tree");
    if (!place.hub)
        return;

    compare_connection(&place);
    compare_descriptors(&place);
}

/* A walk from the controllers down, by names, as programs do it. @return how many devices */
static unsigned walk(const struct wu_hub *hub)
{
    struct wu_hub_port_name name;
    unsigned count = 0;

    for (uint32_t port = 1; port <= hub->port_count; port++) {
        unsigned char answer[LONGEST] = { 0 };
        char path[LONGEST] = "\\\\.\\";
        struct wu_hub_connection connection;
        size_t size = 0;

        wu_hub_answer(hub, WU_HUB_GET_CONNECTION_EX, &port, sizeof(port), &connection,
                      sizeof(connection), &size);
        count += connection.status == 1;
        if (wu_hub_answer(hub, WU_HUB_GET_NAME, &port, sizeof(port), answer, sizeof(answer),
                          &size) != ERROR_SUCCESS)
            continue;
        for (size_t i = 0; sizeof(name) + 2 * i < size; i++)
            path[4 + i] = (char)answer[sizeof(name) + 2 * i];
        if (path[4] != '\0') {
            expect(wu_hub_list_find(&hubs, path) != NULL, path, "it is in the tree");
            count += wu_hub_list_find(&hubs, path) ? walk(wu_hub_list_find(&hubs, path)) : 0;
        }
    }
    return count;
}

static void print_facts(const struct wu_hub *hub)
{
    const struct wu_node node = wu_node_of_hub(hub);
    struct wu_node_value value;
    char id[WU_NODE_ID_SIZE];

    wu_node_id(&node, id);
    wu_node_tell(&node, wu_node_fact_of_number(0x23), &value);
    printf("%s, %u ports, %s\n", id, hub->port_count, value.text);
}

int main(int count, char **arguments)
{
    const unsigned wanted = count == 2 ? (unsigned)strtoul(arguments[1], NULL, 10) : 0;
    libusb_device **devices;
    unsigned walked = 0, roots = 0;
    ssize_t found;

    if (libusb_init(NULL) != 0 || (found = libusb_get_device_list(NULL, &devices)) < 0 ||
        wu_hub_list_get(&hubs) != ERROR_SUCCESS) {
        printf("FAILED  there are no lists\n");
        return EXIT_FAILURE;
    }

    for (size_t i = 0; i < hubs.count; i++) {
        print_facts(&hubs.hubs[i]);
        roots += hubs.hubs[i].kind == WU_HUB_ROOT;
        if (hubs.hubs[i].kind == WU_HUB_ROOT)
            walked += walk(&hubs.hubs[i]);
    }
    for (ssize_t i = 0; i < found; i++)
        look_at(devices[i]);
    expect(walked + roots == (size_t)found, "the walk", "it finds as many devices as libusb");
    expect(walked >= wanted, "the machine", "it has as many devices as it should");
    wu_hub_list_free(&hubs);
    printf("%u devices on %u buses: %d checks, %d failures\n", walked, roots, checks, failures);
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
