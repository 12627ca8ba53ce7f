/* devices/hub_request.c, hub_descriptor.c: what hubs and controllers answer. */
#include "cmocka_all.h"

#include <libusb.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "devices/hub_request.h"
#include "devices/node.h"
#include "fake_bus.h"
#include "host/posix/sysfs.h"
#include "libusb_fake.h"

#define XHCI "devices/pci0000:00/0000:00:14.0"
#define THING "1-2.3" /* where libusb_fake.h has its device */

enum { ANSWER_MAX = 1024, UNTOUCHED = 0xEE };

static struct wu_hub_list list;
static const struct wu_hub *controller, *root, *super_controller, *super_root, *hub;

/* Interface 0 with two settings, of one endpoint and of two; interface 1 with one. */
static const unsigned char configurations[] = {
    9, 2, 64,   0, 2, 1,   0, 0x80, 50,                                                   /* */
    9, 4, 0,    0, 1, 255, 0, 0,    0,  7, 5, 0x81, 2, 64, 0, 0,                          /* */
    9, 4, 0,    1, 2, 255, 0, 0,    0,  7, 5, 0x82, 2, 32, 0, 0, 7, 5, 0x02, 2, 16, 0, 0, /* */
    9, 4, 1,    0, 1, 255, 0, 0,    0,  7, 5, 0x83, 3, 8,  0, 1,                          /* */
    9, 2, 0x09, 0, 0, 2,   0, 0xC0, 0, /* the second configuration */
};

static const struct fake_bus_device thing = {
    .vid = 0x1234,
    .pid = 0x5678,
    .speed = "480",
    .address = FAKE_ADDRESS,
    .configurations = configurations,
    .size = sizeof(configurations),
    .active = 1,
    .product = "Th\xC3\xAFng \xF0\x9F\x98\x80",
    .serial = "SN1",
};

static int set_up(void **state)
{
    if (fake_sys_set_up(state) != 0)
        return -1;

    fake_libusb_reset();
    fake_bus_add_pci(XHCI, "0x0c0330\n");
    fake_bus_add(1, XHCI, "480", 12);
    fake_bus_add(2, XHCI, "10000", 4);
    fake_bus_plug_hub("1-2", 4);
    fake_bus_plug(THING, &thing);
    if (wu_hub_list_get(&list) != ERROR_SUCCESS || list.count != 5)
        return -1;

    controller = &list.hubs[0];
    root = &list.hubs[1];
    hub = &list.hubs[2];
    super_controller = &list.hubs[3];
    super_root = &list.hubs[4];
    return 0;
}

static int tear_down(void **state)
{
    wu_hub_list_free(&list);
    assert_true(fake_libusb_is_idle());
    return fake_sys_tear_down(state);
}

/* --- Asking ------------------------------------------------------------------------------------
 */

static unsigned char answer[ANSWER_MAX];
static size_t size;

static DWORD ask(const struct wu_hub *of, DWORD code, const void *in, size_t in_size, size_t room)
{
    size = 0;
    memset(answer, UNTOUCHED, sizeof(answer));
    return wu_hub_answer(of, code, in, in_size, answer, room, &size);
}

static DWORD ask_port(const struct wu_hub *of, DWORD code, uint32_t port, size_t room)
{
    return ask(of, code, &port, sizeof(port), room);
}

static struct wu_hub_connection connection_of(const struct wu_hub *of, uint32_t port)
{
    struct wu_hub_connection connection;

    assert_int_equal(ask_port(of, WU_HUB_GET_CONNECTION_EX, port, sizeof(connection)),
                     ERROR_SUCCESS);
    assert_int_equal(size, sizeof(connection));
    memcpy(&connection, answer, sizeof(connection));
    return connection;
}

static struct wu_hub_pipe pipe_at(unsigned which)
{
    struct wu_hub_pipe pipe;

    memcpy(&pipe, answer + sizeof(struct wu_hub_connection) + which * sizeof(pipe), sizeof(pipe));
    return pipe;
}

static struct wu_hub_connection_v2 v2_of(const struct wu_hub *of, uint32_t port)
{
    struct wu_hub_connection_v2 v2 = { .port = port, .length = sizeof(v2) };

    assert_int_equal(ask(of, WU_HUB_GET_CONNECTION_EX_V2, &v2, sizeof(v2), sizeof(v2)),
                     ERROR_SUCCESS);
    assert_int_equal(size, sizeof(v2));
    memcpy(&v2, answer, sizeof(v2));
    return v2;
}

/* @return what the descriptor begins with */
static DWORD descriptor_of(uint32_t port, uint16_t value, uint16_t length)
{
    const struct wu_hub_descriptor_request request = {
        .port = port, .value = value, .index = 0x0409, .length = length
    };

    return ask(hub, WU_HUB_GET_DESCRIPTOR, &request, sizeof(request), sizeof(request) + length);
}

static const unsigned char *descriptor(void)
{
    return answer + sizeof(struct wu_hub_descriptor_request);
}

/* Gives the name in an answer, which is ASCII. */
static const char *name_in(size_t header)
{
    static char name[ANSWER_MAX];

    assert_int_equal((size - header) % 2, 0);
    for (size_t i = 0; header + 2 * i < size; i++) {
        name[i] = (char)answer[header + 2 * i];
        assert_int_equal(answer[header + 2 * i + 1], 0);
    }
    assert_int_equal(name[(size - header) / 2 - 1], '\0');
    return name;
}

static void assert_driver(const struct wu_node *node, const char *driver)
{
    struct wu_node_value value;

    assert_true(wu_node_tell(node, wu_node_fact_of_number(9), &value));
    assert_string_equal(driver, value.text);
}

/* --- Nodes ------------------------------------------------------------------------------------ */

static void a_hub_tells_its_ports(void **state)
{
    struct wu_hub_node_information information;

    (void)state;
    assert_int_equal(ask(root, WU_HUB_GET_NODE_INFORMATION, NULL, 0, 76), ERROR_SUCCESS);

    assert_int_equal(size, 76);
    memcpy(&information, answer, sizeof(information));
    assert_int_equal(information.type, 0);
    assert_int_equal(information.port_count, 12);
    assert_int_equal(information.length, 7 + 2 * 2);
    assert_int_equal(information.descriptor_type, 0x29);
    assert_int_equal(ask(root, WU_HUB_GET_NODE_INFORMATION, NULL, 0, 75),
                     ERROR_INSUFFICIENT_BUFFER);
}

static void a_hub_tells_whether_its_bus_powers_it(void **state)
{
    const struct {
        const struct wu_hub *of;
        const char *attributes;
        uint8_t told;
    } cases[] = { { hub, "a0\n", 1 }, { hub, "e0\n", 0 }, { hub, "\n--", 0 }, { root, "e0\n", 0 } };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        fake_bus_write_text("1-2", "bmAttributes", cases[i].attributes);
        assert_int_equal(ask(cases[i].of, WU_HUB_GET_NODE_INFORMATION, NULL, 0, 76), ERROR_SUCCESS);
        assert_int_equal(answer[75], cases[i].told);
    }
}

static void a_controller_names_its_root_hub_and_driver(void **state)
{
    const struct wu_node node = wu_node_of_hub(controller);
    char path[WU_PATH_SIZE];

    (void)state;
    wu_hub_path(super_root, path);
    assert_int_equal(ask(super_controller, WU_HUB_GET_NODE_INFORMATION, NULL, 0, ANSWER_MAX),
                     ERROR_SUCCESS);
    assert_string_equal(name_in(sizeof(struct wu_hub_name)), path + 4);
    assert_int_equal(answer[0], size);

    assert_int_equal(ask(controller, WU_HUB_GET_CONTROLLER_DRIVER_KEY, NULL, 0, ANSWER_MAX),
                     ERROR_SUCCESS);
    assert_driver(&node, name_in(sizeof(struct wu_hub_name)));
}

static void anything_else_is_not_supported(void **state)
{
    const DWORD codes[] = { 0,        0x22043C, 0x220440, 0x220444, 0x22044C,  0x220450,
                            0x220454, 0x220458, 0x220460, 0x220409, 0xFFFFFFFF };

    (void)state;
    for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++) {
        assert_int_equal(ask_port(root, codes[i], 1, ANSWER_MAX), ERROR_NOT_SUPPORTED);
        assert_int_equal(ask_port(controller, codes[i], 1, ANSWER_MAX), ERROR_NOT_SUPPORTED);
    }
    assert_int_equal(ask_port(controller, WU_HUB_GET_CONNECTION_EX, 1, ANSWER_MAX),
                     ERROR_NOT_SUPPORTED);
    assert_int_equal(ask_port(hub, WU_HUB_GET_CONTROLLER_DRIVER_KEY, 1, ANSWER_MAX),
                     ERROR_NOT_SUPPORTED);
}

/* --- Ports ------------------------------------------------------------------------------------ */

static void a_device_is_described(void **state)
{
    const struct wu_hub_connection connection = connection_of(hub, 3);

    (void)state;
    assert_int_equal(connection.port, 3);
    assert_int_equal(connection.device[0], 18);
    assert_int_equal(connection.device[8] | connection.device[9] << 8, 0x1234);
    assert_int_equal(connection.configuration, 1);
    assert_int_equal(connection.speed, 2);
    assert_int_equal(connection.is_hub, 0);
    assert_int_equal(connection.address, FAKE_ADDRESS);
    assert_int_equal(connection.pipe_count, 2);
    assert_int_equal(connection.status, WU_HUB_DEVICE_CONNECTED);
    assert_int_equal(connection_of(root, 2).is_hub, 1);
}

static void pipes_are_those_of_the_selected_settings(void **state)
{
    (void)state;
    assert_int_equal(ask_port(hub, WU_HUB_GET_CONNECTION_EX, 3, ANSWER_MAX), ERROR_SUCCESS);
    assert_int_equal(size, 35 + 2 * 11);
    assert_int_equal(pipe_at(0).endpoint[2], 0x81);
    assert_int_equal(pipe_at(1).endpoint[2], 0x83);

    fake_bus_write_text(THING, THING ":1.0/bAlternateSetting", " 1\n");
    assert_int_equal(connection_of(hub, 3).pipe_count, 3);
    assert_int_equal(ask_port(hub, WU_HUB_GET_CONNECTION_EX, 3, ANSWER_MAX), ERROR_SUCCESS);
    assert_int_equal(pipe_at(0).endpoint[2], 0x82);
    assert_int_equal(pipe_at(1).endpoint[2], 0x02);
    assert_int_equal(pipe_at(1).schedule_offset, 0);
}

static void only_whole_pipes_are_told(void **state)
{
    (void)state;
    assert_int_equal(ask_port(hub, WU_HUB_GET_CONNECTION_EX, 3, 46), ERROR_SUCCESS);
    assert_int_equal(size, 46);
    assert_int_equal(ask_port(hub, WU_HUB_GET_CONNECTION_EX, 3, 56), ERROR_SUCCESS);
    assert_int_equal(size, 46);
    assert_int_equal(ask_port(hub, WU_HUB_GET_CONNECTION_EX, 3, 34), ERROR_INSUFFICIENT_BUFFER);
}

/* Puts other bytes where the configurations are. */
static void rewrite(const unsigned char *bytes, size_t bytes_size)
{
    unsigned char all[18 + sizeof(configurations)] = { 18, 1, 0, 2, 0, 0, 0, 64 };

    all[17] = 1;
    memcpy(all + 18, bytes, bytes_size);
    fake_bus_remove(THING, "descriptors");
    fake_bus_write(THING, "descriptors", all, 18 + bytes_size);
}

static void damaged_configurations_are_read_to_where_they_are_whole(void **state)
{
    unsigned char damaged[sizeof(configurations)];

    (void)state;
    rewrite(configurations, 64 - 1); /* the last endpoint is cut */
    assert_int_equal(connection_of(hub, 3).pipe_count, 1);
    assert_int_equal(descriptor_of(3, 0x200, 200), ERROR_SUCCESS);
    assert_int_equal(size, 12 + 64 - 1);

    for (unsigned char length = 0; length < 2; length++) {
        memcpy(damaged, configurations, sizeof(damaged));
        damaged[9 + 9 + 7] = length; /* of the second setting */
        rewrite(damaged, sizeof(damaged));
        assert_int_equal(connection_of(hub, 3).pipe_count, 1);
    }

    memcpy(damaged, configurations, sizeof(damaged));
    damaged[2] = 5; /* of all of it, less than its own header */
    rewrite(damaged, sizeof(damaged));
    assert_int_equal(connection_of(hub, 3).pipe_count, 0);
    assert_int_equal(descriptor_of(3, 0x200, 200), ERROR_GEN_FAILURE);
}

static void an_empty_port_is_all_zeros(void **state)
{
    const struct wu_hub_connection empty = { .port = 1 }, found = connection_of(hub, 1);

    (void)state;
    assert_memory_equal(&found, &empty, sizeof(empty));
    assert_int_equal(v2_of(hub, 1).flags, 0);
    assert_int_equal(ask_port(hub, WU_HUB_GET_DRIVER_KEY, 1, ANSWER_MAX),
                     ERROR_DEVICE_NOT_CONNECTED);
    assert_int_equal(descriptor_of(1, 0x100, 18), ERROR_DEVICE_NOT_CONNECTED);
}

static void there_are_no_other_ports(void **state)
{
    const uint32_t ports[] = { 0, 5, 256, 0x80000000, 0xFFFFFFFF };

    (void)state;
    for (size_t i = 0; i < sizeof(ports) / sizeof(*ports); i++) {
        const struct wu_hub_connection_v2 v2 = { .port = ports[i], .length = sizeof(v2) };

        assert_int_equal(ask_port(hub, WU_HUB_GET_CONNECTION_EX, ports[i], ANSWER_MAX),
                         ERROR_INVALID_PARAMETER);
        assert_int_equal(ask_port(hub, WU_HUB_GET_CONNECTION, ports[i], ANSWER_MAX),
                         ERROR_INVALID_PARAMETER);
        assert_int_equal(ask_port(hub, WU_HUB_GET_NAME, ports[i], ANSWER_MAX),
                         ERROR_INVALID_PARAMETER);
        assert_int_equal(ask_port(hub, WU_HUB_GET_DRIVER_KEY, ports[i], ANSWER_MAX),
                         ERROR_INVALID_PARAMETER);
        assert_int_equal(descriptor_of(ports[i], 0x100, 18), ERROR_INVALID_PARAMETER);
        assert_int_equal(ask(hub, WU_HUB_GET_CONNECTION_EX_V2, &v2, sizeof(v2), sizeof(v2)),
                         ERROR_INVALID_PARAMETER);
    }
}

static void a_device_that_goes_leaves_an_empty_port(void **state)
{
    (void)state;
    fake_bus_remove(THING, "devnum");
    assert_int_equal(connection_of(hub, 3).status, 0);
    assert_int_equal(descriptor_of(3, 0x100, 18), ERROR_DEVICE_NOT_CONNECTED);
}

static void a_device_that_is_not_configured_has_no_pipes(void **state)
{
    (void)state;
    fake_bus_remove(THING, "bConfigurationValue");

    assert_int_equal(connection_of(hub, 3).configuration, 0);
    assert_int_equal(connection_of(hub, 3).pipe_count, 0);
    assert_int_equal(connection_of(hub, 3).status, WU_HUB_DEVICE_CONNECTED);
}

enum { STAYS = 300 };

/* Puts one device after the other at the port, each with a configuration of its own. */
static void *come_and_go(void *unused)
{
    for (unsigned i = 1; i <= STAYS; i++) {
        const unsigned char value = (unsigned char)(i % 255 + 1);
        const unsigned char bytes[] = { 9, 2, 9, 0, 0, value, 0, 0, 0 };

        fake_bus_replace(THING, &(struct fake_bus_device){ .vid = i,
                                                           .pid = 1,
                                                           .speed = "480",
                                                           .address = 2 + i % 100,
                                                           .configurations = bytes,
                                                           .size = sizeof(bytes),
                                                           .active = value });
    }
    return unused;
}

static void no_answer_is_of_two_devices(void **state)
{
    unsigned seen = 0;
    pthread_t thread;

    (void)state;
    assert_int_equal(pthread_create(&thread, NULL, come_and_go, NULL), 0);

    while (seen != STAYS) {
        const struct wu_hub_connection connection = connection_of(hub, 3);

        if (connection.status == 0 || connection.device[10] != 1)
            continue;
        seen = connection.device[8] | (unsigned)connection.device[9] << 8;
        assert_int_equal(connection.configuration, seen % 255 + 1);
        assert_int_equal(connection.address, 2 + seen % 100);
    }
    pthread_join(thread, NULL);
}

/* A port below the deepest hub that can be named. */
static void no_device_is_too_deep(void **state)
{
    struct wu_hub deep = *hub;

    (void)state;
    strcpy(deep.port_path, "255.255.255.255.255.255.255");

    assert_int_equal(connection_of(&deep, 1).status, 0);
}

static void each_speed_is_told(void **state)
{
    const struct {
        const char *speed;
        uint8_t told, low;
        uint32_t flags;
    } speeds[] = {
        { "1.5", 0, 1, 0 },  { "12", 1, 0, 0 },     { "480", 2, 0, 0 },    { "unknown", 1, 0, 0 },
        { "5000", 3, 0, 3 }, { "10000", 3, 0, 15 }, { "20000", 3, 0, 15 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(speeds) / sizeof(*speeds); i++) {
        struct fake_bus_device device = thing;

        device.speed = speeds[i].speed;
        fake_bus_write_text("2-1", "speed", "       \n");
        fake_bus_plug("2-1", &device);

        assert_int_equal(connection_of(super_root, 1).speed, speeds[i].told);
        assert_int_equal(v2_of(super_root, 1).flags, speeds[i].flags);
        assert_int_equal(ask_port(super_root, WU_HUB_GET_CONNECTION, 1, 35), ERROR_SUCCESS);
        assert_int_equal(((struct wu_hub_connection *)answer)->speed, speeds[i].low);
        fake_bus_remove("2-1", "speed");
    }
}

static void protocols_are_those_of_the_bus(void **state)
{
    struct wu_hub full = *root;

    (void)state;
    full.speed = WU_USB_SPEED_FULL;

    assert_int_equal(v2_of(super_root, 1).protocols, WU_HUB_USB300);
    assert_int_equal(v2_of(root, 1).protocols, WU_HUB_USB110 | WU_HUB_USB200);
    assert_int_equal(v2_of(&full, 1).protocols, WU_HUB_USB110);
}

static void a_wrong_length_is_refused(void **state)
{
    const struct wu_hub_connection_v2 v2 = { .port = 1, .length = 12 };

    (void)state;
    assert_int_equal(ask(root, WU_HUB_GET_CONNECTION_EX_V2, &v2, sizeof(v2), ANSWER_MAX),
                     ERROR_INVALID_PARAMETER);
}

/* --- Names ------------------------------------------------------------------------------------ */

static void the_hub_at_a_port_has_its_name(void **state)
{
    char path[WU_PATH_SIZE];

    (void)state;
    wu_hub_path(hub, path);
    assert_int_equal(ask_port(root, WU_HUB_GET_NAME, 2, ANSWER_MAX), ERROR_SUCCESS);
    assert_string_equal(name_in(8), path + 4);
    assert_int_equal(answer[0], 2);
    assert_int_equal(answer[4], size);

    /* What is no hub, and what is not there, have none. */
    for (uint32_t port = 3; port <= 4; port++) {
        assert_int_equal(ask_port(hub, WU_HUB_GET_NAME, port, ANSWER_MAX), ERROR_SUCCESS);
        assert_int_equal(size, 10);
        assert_string_equal(name_in(8), "");
    }
}

static void a_name_that_does_not_fit_is_cut(void **state)
{
    char whole[ANSWER_MAX];
    size_t whole_size;

    (void)state;
    assert_int_equal(ask_port(root, WU_HUB_GET_NAME, 2, ANSWER_MAX), ERROR_SUCCESS);
    strcpy(whole, name_in(8));
    whole_size = size;

    for (size_t room = 10; room < whole_size; room++) {
        assert_int_equal(ask_port(root, WU_HUB_GET_NAME, 2, room), ERROR_SUCCESS);
        assert_int_equal(size, room / 2 * 2);
        assert_int_equal(answer[4], whole_size);
        assert_int_equal(strncmp(name_in(8), whole, strlen(name_in(8))), 0);
        assert_int_equal(strlen(name_in(8)), room / 2 - 5);
    }
}

static void driver_keys_are_those_of_the_nodes(void **state)
{
    struct wu_function function = { .bus = 1, .address = FAKE_ADDRESS, .composite = true };
    const struct wu_node composite = { .kind = WU_NODE_COMPOSITE, .function = &function },
                         whole = { .kind = WU_NODE_FUNCTION, .function = &function },
                         hub_node = wu_node_of_hub(hub);
    struct fake_bus_device device = thing;

    (void)state;
    assert_int_equal(ask_port(hub, WU_HUB_GET_DRIVER_KEY, 3, ANSWER_MAX), ERROR_SUCCESS);
    assert_driver(&composite, name_in(8));
    assert_int_equal(ask_port(root, WU_HUB_GET_DRIVER_KEY, 2, ANSWER_MAX), ERROR_SUCCESS);
    assert_driver(&hub_node, name_in(8));

    device.class_code = 0xFF;
    fake_bus_plug(THING, &device);
    assert_int_equal(ask_port(hub, WU_HUB_GET_DRIVER_KEY, 3, ANSWER_MAX), ERROR_SUCCESS);
    assert_driver(&whole, name_in(8));
}

/* --- Descriptors ------------------------------------------------------------------------------ */

static int controls; /* how often the device was asked */
static struct wu_usb_setup last;

static int control(const struct wu_usb_setup *setup, unsigned char *data)
{
    static const unsigned char text[] = { 6, 3, 'h', 0, 'i', 0 };
    const int length = setup->length < sizeof(text) ? setup->length : (int)sizeof(text);

    controls++;
    last = *setup;
    memcpy(data, text, (size_t)length);
    return length;
}

static void let_device_answer(void)
{
    controls = 0;
    fake_libusb.control = control;
}

static void device_and_configurations_come_without_the_device(void **state)
{
    (void)state;
    let_device_answer();

    assert_int_equal(descriptor_of(3, 0x100, 18), ERROR_SUCCESS);
    assert_int_equal(size, 12 + 18);
    assert_int_equal(descriptor()[16], 3);
    assert_int_equal(descriptor_of(3, 0x200, 9), ERROR_SUCCESS);
    assert_int_equal(size, 12 + 9);
    assert_memory_equal(descriptor(), configurations, 9);
    assert_int_equal(descriptor_of(3, 0x200, 64), ERROR_SUCCESS);
    assert_int_equal(size, 12 + 64);
    assert_int_equal(descriptor_of(3, 0x200, 512), ERROR_SUCCESS);
    assert_int_equal(size, 12 + 64);
    assert_int_equal(descriptor_of(3, 0x201, 512), ERROR_SUCCESS);
    assert_int_equal(size, 12 + 9);
    assert_int_equal(descriptor()[5], 2);
    assert_int_equal(descriptor_of(3, 0x202, 512), ERROR_GEN_FAILURE);
    assert_int_equal(controls, 0);
}

static void the_request_comes_back_before_the_descriptor(void **state)
{
    const struct wu_hub_descriptor_request wanted = {
        .port = 3, .type = 0x80, .request = 6, .value = 0x100, .index = 0x0409, .length = 8
    };

    (void)state;
    assert_int_equal(descriptor_of(3, 0x100, 8), ERROR_SUCCESS);

    assert_memory_equal(answer, &wanted, sizeof(wanted));
}

static void texts_of_sysfs_are_strings(void **state)
{
    static const unsigned char product[] = { 16, 3,   'T', 0,   'h', 0,    0xEF, 0, 'n',
                                             0,  'g', 0,   ' ', 0,   0x3D, 0xD8, 0, 0xDE };

    (void)state;
    let_device_answer();

    assert_int_equal(descriptor_of(3, 0x302, 255), ERROR_SUCCESS);
    assert_int_equal(size, 12 + 18);
    assert_int_equal(descriptor()[0], 18);
    assert_memory_equal(descriptor() + 1, product + 1, 17);
    assert_int_equal(descriptor_of(3, 0x303, 4), ERROR_SUCCESS);
    assert_memory_equal(descriptor(), ((unsigned char[]){ 8, 3, 'S', 0 }), 4);
    assert_int_equal(controls, 0);
}

static void odd_texts_become_strings(void **state)
{
    const struct {
        const char *text;
        unsigned char first[2];
    } texts[] = {
        { "\xFF", { '?', 0 } }, { "\x80", { '?', 0 } },     { "\xC3", { '?', 0 } },
        { "\xE2", { '?', 0 } }, { "\xF4\xFF", { '?', 0 } }, { "\xE2\x82\xAC", { 0xAC, 0x20 } },
    };
    char longest[400];

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        fake_bus_remove(THING, "serial");
        fake_bus_write_text(THING, "serial", texts[i].text);
        assert_int_equal(descriptor_of(3, 0x303, 255), ERROR_SUCCESS);
        assert_memory_equal(descriptor() + 2, texts[i].first, 2);
    }

    memset(longest, 'x', sizeof(longest));
    fake_bus_write("1-2.3", "serial", longest, sizeof(longest));
    assert_int_equal(descriptor_of(3, 0x303, 255), ERROR_SUCCESS);
    assert_in_range(descriptor()[0], 250, 254);
    assert_int_equal(size, 12 + descriptor()[0]);
}

static void the_device_is_asked_for_other_strings(void **state)
{
    (void)state;
    let_device_answer();

    assert_int_equal(descriptor_of(3, 0x309, 255), ERROR_SUCCESS);
    assert_int_equal(size, 12 + 6);
    assert_int_equal(descriptor()[2], 'h');
    assert_int_equal(last.type, 0x80);
    assert_int_equal(last.request, 6);
    assert_int_equal(last.value, 0x309);
    assert_int_equal(last.index, 0x0409);
    assert_int_equal(last.length, 255);
    assert_int_equal(descriptor_of(3, 0x301, 255), ERROR_SUCCESS); /* it has none in /sys */
    assert_int_equal(controls, 2);

    fake_libusb.control = NULL;
    assert_int_equal(descriptor_of(3, 0x309, 255), ERROR_GEN_FAILURE);
}

static void a_device_that_cannot_be_asked_has_english_strings(void **state)
{
    (void)state;
    fake_libusb.result[FAKE_OPEN] = LIBUSB_ERROR_ACCESS;

    assert_int_equal(descriptor_of(3, 0x309, 255), ERROR_ACCESS_DENIED);
    assert_int_equal(descriptor_of(3, 0x300, 255), ERROR_SUCCESS);
    assert_int_equal(size, 12 + 4);
    assert_memory_equal(descriptor(), ((unsigned char[]){ 4, 3, 0x09, 0x04 }), 4);
}

static void a_device_in_use_is_not_asked(void **state)
{
    (void)state;
    let_device_answer();
    fake_bus_bind(THING, THING ":1.1", "usbfs");

    assert_int_equal(descriptor_of(3, 0x309, 255), ERROR_BUSY);
    assert_int_equal(descriptor_of(3, 0x302, 255), ERROR_SUCCESS);
    assert_int_equal(descriptor_of(3, 0x200, 9), ERROR_SUCCESS);
    assert_int_equal(controls, 0);

    fake_bus_remove(THING, THING ":1.1/driver");
    fake_bus_bind(THING, THING ":1.0", "usbhid");
    assert_int_equal(descriptor_of(3, 0x309, 255), ERROR_SUCCESS);
}

static void a_device_in_another_place_is_not_asked(void **state)
{
    struct fake_bus_device device = thing;

    (void)state;
    let_device_answer();
    device.product = NULL;
    fake_bus_plug("1-2.4", &device); /* with the address of the one that libusb knows */

    assert_int_equal(descriptor_of(4, 0x309, 255), ERROR_DEVICE_NOT_CONNECTED);
    assert_int_equal(controls, 0);
}

static int control_while_it_goes(const struct wu_usb_setup *setup, unsigned char *data)
{
    char place[256], elsewhere[256];

    assert_true(wu_sysfs_path(place, sizeof(place), "bus/usb/devices/" THING));
    assert_true(wu_sysfs_path(elsewhere, sizeof(elsewhere), "gone"));
    assert_int_equal(rename(place, elsewhere), 0);
    return control(setup, data);
}

static void a_device_that_goes_has_said_nothing(void **state)
{
    (void)state;
    fake_libusb.control = control_while_it_goes;

    assert_int_equal(descriptor_of(3, 0x309, 255), ERROR_DEVICE_NOT_CONNECTED);
    assert_int_equal(descriptor_of(3, 0x309, 255), ERROR_DEVICE_NOT_CONNECTED);
}

static void bos_comes_from_sysfs_or_from_the_device(void **state)
{
    static const unsigned char bos[] = { 5, 15, 12, 0, 1, 7, 16, 2, 0, 0, 0, 0 };
    unsigned char newer[18] = { 18, 1, 0x10, 0x02, 0, 0, 0, 64, 0x34, 0x12 };

    (void)state;
    let_device_answer();
    assert_int_equal(descriptor_of(3, 0xF00, 255), ERROR_GEN_FAILURE); /* it is of USB 2.0 */
    assert_int_equal(controls, 0);

    fake_bus_write(THING, "descriptors", newer, sizeof(newer));
    assert_int_equal(descriptor_of(3, 0xF00, 255), ERROR_SUCCESS);
    assert_int_equal(controls, 1);

    fake_bus_write(THING, "bos_descriptors", bos, sizeof(bos));
    assert_int_equal(descriptor_of(3, 0xF00, 255), ERROR_SUCCESS);
    assert_int_equal(size, 12 + sizeof(bos));
    assert_memory_equal(descriptor(), bos, sizeof(bos));
    assert_int_equal(controls, 1);
}

static void room_and_length_cut_a_descriptor(void **state)
{
    const struct wu_hub_descriptor_request request = { .port = 3, .value = 0x200, .length = 20 };

    (void)state;
    assert_int_equal(ask(hub, WU_HUB_GET_DESCRIPTOR, &request, sizeof(request), 12 + 10),
                     ERROR_SUCCESS);
    assert_int_equal(size, 12 + 10);
    assert_int_equal(ask(hub, WU_HUB_GET_DESCRIPTOR, &request, sizeof(request), ANSWER_MAX),
                     ERROR_SUCCESS);
    assert_int_equal(size, 12 + 20);
}

/* --- By its path ------------------------------------------------------------------------------ */

static void a_path_is_enough(void **state)
{
    struct wu_hub_connection connection;
    const uint32_t port = 3;
    char path[WU_PATH_SIZE];
    size_t got;

    (void)state;
    wu_hub_path(hub, path);
    assert_int_equal(wu_hub_request(path, WU_HUB_GET_CONNECTION_EX, &port, sizeof(port),
                                    &connection, sizeof(connection), &got),
                     ERROR_SUCCESS);
    assert_int_equal(connection.address, FAKE_ADDRESS);

    fake_bus_remove("1-2", "devnum");
    assert_int_equal(wu_hub_request(path, WU_HUB_GET_CONNECTION_EX, &port, sizeof(port),
                                    &connection, sizeof(connection), &got),
                     ERROR_DEVICE_NOT_CONNECTED);
}

/* --- Laws ------------------------------------------------------------------------------------- */

static const DWORD codes[] = {
    WU_HUB_GET_NODE_INFORMATION, WU_HUB_GET_CONNECTION,
    WU_HUB_GET_DESCRIPTOR,       WU_HUB_GET_NAME,
    WU_HUB_GET_DRIVER_KEY,       WU_HUB_GET_CONTROLLER_DRIVER_KEY,
    WU_HUB_GET_CONNECTION_EX,    WU_HUB_GET_CONNECTION_EX_V2,
};

static const struct wu_hub_descriptor_request requests[] = {
    { .port = 3, .value = 0x200, .length = 200 }, /* its index and length are as of a V2, too */
    { .port = 2, .type = 16, .value = 0, .length = 0 },
    { .port = 1, .type = 16, .value = 0, .length = 0 },
};

/* Asks with just so much memory; what is on both sides of it is ASan's. */
static DWORD ask_exactly(const struct wu_hub *of,
                         DWORD code,
                         const unsigned char *in,
                         size_t in_size,
                         size_t room)
{
    unsigned char *const lent = malloc(in_size + 1), *const out = malloc(room + 1);
    size_t got = (size_t)-1;
    DWORD error;

    assert_true(lent && out);
    memcpy(lent, in, in_size);
    memset(out, UNTOUCHED, room + 1);
    error = wu_hub_answer(of, code, lent, in_size, out, room, &got);
    for (size_t i = error == ERROR_SUCCESS ? got : 0; i <= room; i++)
        assert_int_equal(out[i], UNTOUCHED);
    if (error == ERROR_SUCCESS) {
        assert_in_range(got, 1, room);
        memcpy(answer, out, got);
        size = got;
    }
    free(lent);
    free(out);
    return error;
}

/* Asks with one buffer for both, as Windows has it. */
static void assert_same_in_place(const struct wu_hub *of,
                                 DWORD code,
                                 const unsigned char *in,
                                 size_t in_size,
                                 size_t room)
{
    unsigned char both[ANSWER_MAX] = { 0 };
    size_t got;

    memcpy(both, in, in_size);
    assert_int_equal(wu_hub_answer(of, code, both, in_size, both, room, &got), ERROR_SUCCESS);
    assert_int_equal(got, size);
    assert_memory_equal(both, answer, got);
}

/* Each size gives an error that says so, or as much of the whole answer as there is room for: whole
 * pipes, and names with a NUL. */
static void assert_sizes(const struct wu_hub *of, DWORD code, const unsigned char *in)
{
    unsigned char whole[ANSWER_MAX];
    size_t whole_size, same;
    const DWORD error = ask_exactly(of, code, in, 16, ANSWER_MAX - 1);

    if (error != ERROR_SUCCESS)
        return;

    whole_size = size;
    memcpy(whole, answer, size);
    for (size_t room = 0; room <= whole_size + 8; room++) {
        const DWORD outcome = ask_exactly(of, code, in, 16, room);

        if (outcome != ERROR_SUCCESS) {
            assert_int_equal(outcome, ERROR_INSUFFICIENT_BUFFER);
            assert_in_range(room, 0, whole_size - 1);
            continue;
        }
        same = size < whole_size ? size - 2 : size;
        assert_memory_equal(answer, whole, same);
        assert_same_in_place(of, code, in, 16, room);
        if (room >= whole_size)
            assert_int_equal(size, whole_size);
    }
    for (size_t in_size = 0; in_size < 16; in_size++) {
        const DWORD outcome = ask_exactly(of, code, in, in_size, ANSWER_MAX - 1);

        if (outcome != ERROR_SUCCESS)
            assert_int_equal(outcome, ERROR_INSUFFICIENT_BUFFER);
        else
            assert_int_equal(size, whole_size);
    }
}

static void every_size_of_every_answer_is_kept_to(void **state)
{
    unsigned char in[16] = { 0 };

    (void)state;
    let_device_answer();
    for (size_t i = 0; i < list.count; i++)
        for (size_t j = 0; j < sizeof(codes) / sizeof(*codes); j++)
            for (size_t k = 0; k < sizeof(requests) / sizeof(*requests); k++) {
                memcpy(in, &requests[k], sizeof(requests[k]));
                assert_sizes(&list.hubs[i], codes[j], in);
            }
}

static uint32_t next_random(void)
{
    static uint32_t seed = 1;

    seed = seed * 1664525 + 1013904223;
    return seed >> 8;
}

/* Puts bytes that are no descriptors, or damaged ones, where those of a device are. */
static void damage(void)
{
    unsigned char bytes[18 + sizeof(configurations)];

    memcpy(bytes, (unsigned char[18]){ 18, 1, 0, 3, 0, 0, 0, 64, 0x34, 0x12 }, 18);
    bytes[14] = bytes[15] = bytes[16] = (unsigned char)(next_random() % 5);
    memcpy(bytes + 18, configurations, sizeof(configurations));
    for (uint32_t i = next_random() % 6; i > 0; i--)
        bytes[2 + next_random() % (sizeof(bytes) - 2)] = (unsigned char)next_random();
    fake_bus_remove(THING, "descriptors");
    fake_bus_write(THING, "descriptors", bytes, next_random() % sizeof(bytes));
}

/* An error of those that are documented, and nothing beyond the buffer. */
static void random_requests_are_answered(void **state)
{
    unsigned char in[24];

    (void)state;
    let_device_answer();
    for (int i = 0; i < 20000; i++) {
        const struct wu_hub *of = &list.hubs[next_random() % list.count];
        const DWORD code = codes[next_random() % (sizeof(codes) / sizeof(*codes))];

        if (i % 50 == 0)
            damage();
        for (size_t j = 0; j < sizeof(in); j++)
            in[j] = (unsigned char)(next_random() % 3 == 0 ? next_random() : next_random() % 4);
        if (next_random() % 2 == 0)
            memset(in + 1, 0, 3);
        ask_exactly(of, code, in, next_random() % (sizeof(in) + 1), next_random() % 300);
    }
}

#define hub_test(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        hub_test(a_hub_tells_its_ports),
        hub_test(a_hub_tells_whether_its_bus_powers_it),
        hub_test(a_controller_names_its_root_hub_and_driver),
        hub_test(anything_else_is_not_supported),
        hub_test(a_device_is_described),
        hub_test(pipes_are_those_of_the_selected_settings),
        hub_test(only_whole_pipes_are_told),
        hub_test(damaged_configurations_are_read_to_where_they_are_whole),
        hub_test(an_empty_port_is_all_zeros),
        hub_test(there_are_no_other_ports),
        hub_test(a_device_that_goes_leaves_an_empty_port),
        hub_test(a_device_that_is_not_configured_has_no_pipes),
        hub_test(no_answer_is_of_two_devices),
        hub_test(no_device_is_too_deep),
        hub_test(each_speed_is_told),
        hub_test(protocols_are_those_of_the_bus),
        hub_test(a_wrong_length_is_refused),
        hub_test(the_hub_at_a_port_has_its_name),
        hub_test(a_name_that_does_not_fit_is_cut),
        hub_test(driver_keys_are_those_of_the_nodes),
        hub_test(device_and_configurations_come_without_the_device),
        hub_test(the_request_comes_back_before_the_descriptor),
        hub_test(texts_of_sysfs_are_strings),
        hub_test(odd_texts_become_strings),
        hub_test(the_device_is_asked_for_other_strings),
        hub_test(a_device_that_cannot_be_asked_has_english_strings),
        hub_test(a_device_in_use_is_not_asked),
        hub_test(a_device_in_another_place_is_not_asked),
        hub_test(a_device_that_goes_has_said_nothing),
        hub_test(bos_comes_from_sysfs_or_from_the_device),
        hub_test(room_and_length_cut_a_descriptor),
        hub_test(a_path_is_enough),
        hub_test(every_size_of_every_answer_is_kept_to),
        hub_test(random_requests_are_answered),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
