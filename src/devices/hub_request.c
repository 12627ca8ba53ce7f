#include "devices/hub_request.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "devices/hub_call.h"
#include "devices/known.h"
#include "devices/node.h"
#include "devices/split.h"
#include "usb/bytes.h"
#include "usb/usb_attributes.h"
#include "usb/usb_look.h"

_Static_assert(sizeof(struct wu_hub_node_information) == 76, "as Windows has it");
_Static_assert(sizeof(struct wu_hub_connection) == 35, "as Windows has it");
_Static_assert(sizeof(struct wu_hub_pipe) == 11, "as Windows has it");
_Static_assert(sizeof(struct wu_hub_connection_v2) == 16, "as Windows has it");
_Static_assert(sizeof(struct wu_hub_descriptor_request) == 12, "as Windows has it");

enum { CLASS_HUB = 9, CLASS_AT = 4, DRIVER_KEY = 0x09 /* SPDRP_DRIVER */ };

void wu_hub_put(struct wu_hub_call *call, const void *bytes, size_t size)
{
    const size_t room = call->out_size - call->size;
    const size_t fits = size < room ? size : room;

    if (fits > 0)
        memcpy(call->out + call->size, bytes, fits);
    call->size += fits;
}

/* --- Ports ----------------------------------------------------------------------------------- */

static unsigned port_number(const struct wu_hub_call *call)
{
    return wu_get32(call->in);
}

DWORD wu_hub_look_at_port(const struct wu_hub_call *call, struct wu_hub_port *port_out)
{
    const struct wu_hub *hub = call->hub;
    struct wu_hub_port port = { .number = port_number(call) };

    if (port.number == 0 || port.number > hub->port_count)
        return ERROR_INVALID_PARAMETER;

    snprintf(port.name, sizeof(port.name), "%u-%s%s%u", hub->bus, hub->port_path,
             hub->port_path[0] != '\0' ? "." : "", port.number);
    if (wu_usb_place(port.name, &port.device))
        port.stay = wu_usb_stay(&port.device);
    port.has_device = port.stay != 0 && wu_usb_look(&port.device);
    *port_out = port;
    return ERROR_SUCCESS;
}

bool wu_hub_is_still_at_port(const struct wu_hub_port *port)
{
    return wu_usb_stay(&port->device) == port->stay;
}

static bool is_hub(const struct wu_usb_info *device)
{
    return device->device[CLASS_AT] == CLASS_HUB;
}

/* Describes the hub at a port as far as its names need it. */
static void describe_hub(const struct wu_hub_port *port, struct wu_hub *hub_out)
{
    memset(hub_out, 0, sizeof(*hub_out));
    hub_out->kind = WU_HUB_EXTERNAL;
    hub_out->bus = port->device.bus;
    hub_out->address = port->device.address;
    hub_out->vid = wu_get16(port->device.device + 8);
    hub_out->pid = wu_get16(port->device.device + 10);
    snprintf(hub_out->port_path, sizeof(hub_out->port_path), "%s", strchr(port->name, '-') + 1);
}

/* --- The node itself -------------------------------------------------------------------------- */

/* A root hub is never powered by a bus, nor is what does not say. */
static bool is_bus_powered(const struct wu_hub *hub)
{
    enum { SELF_POWERED = 0x40 };
    struct wu_usb_info info;
    char name[64], text[3] = { 0 };

    snprintf(name, sizeof(name), "%u-%s", hub->bus, hub->port_path);
    return hub->kind == WU_HUB_EXTERNAL && wu_usb_place(name, &info) &&
           wu_usb_file(&info, "bmAttributes", text, 2) == 2 && isxdigit((unsigned char)text[0]) &&
           (strtoul(text, NULL, 16) & SELF_POWERED) == 0;
}

/* Ports are powered together, and all may be unplugged: what no file of the kernel's denies. */
static DWORD get_node_information(struct wu_hub_call *call)
{
    enum { HUB = 0x29, FIXED = 7, EVERY_PORT = 0xFF };
    struct wu_hub_node_information answer = { .descriptor_type = HUB, .power_on_time = 50 };
    const unsigned mask = call->hub->port_count / 8 + 1; /* [bytes] */

    answer.port_count = (uint8_t)call->hub->port_count;
    answer.length = (uint8_t)(FIXED + 2 * mask);
    memset(answer.masks + mask, EVERY_PORT, mask);
    answer.is_bus_powered = is_bus_powered(call->hub);
    wu_hub_put(call, &answer, sizeof(answer));
    return ERROR_SUCCESS;
}

/* Adds a name, as much of it as there is room for, with a NUL at its end. */
static void put_name(struct wu_hub_call *call, const char *name)
{
    size_t room = (call->out_size - call->size) / 2;

    for (; *name != '\0' && room > 1; name++, room--)
        wu_hub_put(call, (const char[]){ *name, '\0' }, 2);
    wu_hub_put(call, "\0", 2);
}

static DWORD answer_name(struct wu_hub_call *call, const char *name)
{
    const struct wu_hub_name answer = { (uint32_t)(sizeof(struct wu_hub_name) +
                                                   2 * (strlen(name) + 1)) };

    wu_hub_put(call, &answer, sizeof(answer));
    put_name(call, name);
    return ERROR_SUCCESS;
}

/* What follows `\\.\` in its path. */
static const char *name_of(const struct wu_hub *hub, char path[WU_PATH_SIZE])
{
    wu_hub_path(hub, path);
    return path + strlen("\\\\.\\");
}

static DWORD get_root_hub_name(struct wu_hub_call *call)
{
    struct wu_hub root = *call->hub;
    char path[WU_PATH_SIZE];

    root.kind = WU_HUB_ROOT;
    return answer_name(call, name_of(&root, path));
}

static void tell_driver(const struct wu_node *node, struct wu_node_value *value)
{
    wu_node_tell(node, wu_node_fact_of_number(DRIVER_KEY), value);
}

static DWORD get_controller_driver_key(struct wu_hub_call *call)
{
    const struct wu_node node = wu_node_of_hub(call->hub);
    struct wu_node_value value;

    tell_driver(&node, &value);
    return answer_name(call, value.text);
}

/* --- What is at a port -------------------------------------------------------------------------
 */

struct pipes {
    struct wu_hub_pipe pipes[WU_HUB_PIPES_MAX];
    unsigned count;
};

static bool is_selected(const struct wu_hub_port *port, unsigned value, const unsigned char *iface)
{
    char file[128];

    snprintf(file, sizeof(file), "%s:%u.%u/bAlternateSetting", port->name, value, iface[2]);
    return wu_usb_file_number(&port->device, file, 0) == iface[3];
}

/* Takes the endpoints of the settings that are selected. */
static void collect(const struct wu_hub_port *port,
                    const unsigned char *bytes,
                    size_t size,
                    struct pipes *pipes)
{
    enum { INTERFACE = 4, INTERFACE_SIZE = 9, ENDPOINT = 5 };
    bool selected = false;

    for (size_t at = 0; at + 2 <= size && bytes[at] >= 2 && at + bytes[at] <= size;
         at += bytes[at]) {
        const unsigned char *descriptor = bytes + at;

        if (descriptor[1] == INTERFACE && descriptor[0] >= INTERFACE_SIZE)
            selected = is_selected(port, bytes[5], descriptor);
        else if (descriptor[1] == ENDPOINT && descriptor[0] >= WU_HUB_ENDPOINT_SIZE && selected &&
                 pipes->count < WU_HUB_PIPES_MAX)
            memcpy(pipes->pipes[pipes->count++].endpoint, descriptor, WU_HUB_ENDPOINT_SIZE);
    }
}

static uint8_t speed_of(enum wu_usb_speed speed)
{
    switch (speed) {
    case WU_USB_SPEED_LOW:
        return 0;
    case WU_USB_SPEED_HIGH:
        return 2;
    case WU_USB_SPEED_SUPER:
    case WU_USB_SPEED_SUPER_PLUS:
        return 3;
    default:
        return 1;
    }
}

/* A device that goes meanwhile has not been there. */
static DWORD describe_device(const struct wu_hub_port *port,
                             struct wu_hub_connection *answer,
                             struct pipes *pipes)
{
    enum { VALUE = 5 };
    const struct wu_usb_info *device = &port->device;
    unsigned char *configuration;
    size_t size;
    const DWORD error = wu_usb_active_configuration(device, &configuration, &size);

    if (error != ERROR_SUCCESS)
        return error;

    if (configuration && size > VALUE) {
        answer->configuration = configuration[VALUE];
        collect(port, configuration, size, pipes);
    }
    free(configuration);
    if (!wu_hub_is_still_at_port(port)) {
        *answer = (struct wu_hub_connection){ .port = port->number };
        pipes->count = 0;
        return ERROR_SUCCESS;
    }

    memcpy(answer->device, device->device, sizeof(answer->device));
    answer->speed = speed_of(device->speed);
    answer->is_hub = is_hub(device);
    answer->address = (uint16_t)device->address;
    answer->pipe_count = pipes->count;
    answer->status = WU_HUB_DEVICE_CONNECTED;
    return ERROR_SUCCESS;
}

/* Pipes follow as far as there is room for each as a whole. */
static DWORD connection(struct wu_hub_call *call, bool only_low)
{
    struct wu_hub_port port;
    struct pipes pipes = { 0 };
    struct wu_hub_connection answer = { .port = port_number(call) };
    DWORD error = wu_hub_look_at_port(call, &port);

    if (error == ERROR_SUCCESS && port.has_device)
        error = describe_device(&port, &answer, &pipes);
    if (error != ERROR_SUCCESS)
        return error;

    if (only_low)
        answer.speed = answer.status != 0 && port.device.speed == WU_USB_SPEED_LOW;
    wu_hub_put(call, &answer, sizeof(answer));
    for (unsigned i = 0;
         i < pipes.count && call->out_size - call->size >= sizeof(struct wu_hub_pipe); i++)
        wu_hub_put(call, &pipes.pipes[i], sizeof(struct wu_hub_pipe));
    return ERROR_SUCCESS;
}

static DWORD get_connection(struct wu_hub_call *call)
{
    return connection(call, true);
}

static DWORD get_connection_ex(struct wu_hub_call *call)
{
    return connection(call, false);
}

/* A bus is of one kind; what a slower one cannot do, another bus of the same controller does. */
static uint32_t protocols_of(const struct wu_hub *hub)
{
    if (hub->speed >= WU_USB_SPEED_SUPER)
        return WU_HUB_USB300;
    return hub->speed == WU_USB_SPEED_HIGH ? WU_HUB_USB110 | WU_HUB_USB200 : WU_HUB_USB110;
}

static uint32_t flags_of(enum wu_usb_speed speed)
{
    const uint32_t super = WU_HUB_IS_SUPER | WU_HUB_CAN_SUPER;

    if (speed == WU_USB_SPEED_SUPER_PLUS)
        return super | WU_HUB_IS_SUPER_PLUS | WU_HUB_CAN_SUPER_PLUS;
    return speed == WU_USB_SPEED_SUPER ? super : 0;
}

/* Which protocols the caller knows does not matter: there are programs that name none. */
static DWORD get_connection_ex_v2(struct wu_hub_call *call)
{
    struct wu_hub_connection_v2 answer;
    struct wu_hub_port port;
    DWORD error;

    memcpy(&answer, call->in, sizeof(answer));
    if (answer.length != sizeof(answer))
        return ERROR_INVALID_PARAMETER;

    error = wu_hub_look_at_port(call, &port);
    if (error != ERROR_SUCCESS)
        return error;

    answer.protocols = protocols_of(call->hub);
    answer.flags = port.has_device ? flags_of(port.device.speed) : 0;
    wu_hub_put(call, &answer, sizeof(answer));
    return ERROR_SUCCESS;
}

/* --- Names of what is at a port -----------------------------------------------------------------
 */

static DWORD answer_port_name(struct wu_hub_call *call, const char *name)
{
    const struct wu_hub_port_name answer = {
        port_number(call), (uint32_t)(sizeof(struct wu_hub_port_name) + 2 * (strlen(name) + 1))
    };

    wu_hub_put(call, &answer, sizeof(answer));
    put_name(call, name);
    return ERROR_SUCCESS;
}

/* Where there is no hub, it is empty. */
static DWORD get_name(struct wu_hub_call *call)
{
    struct wu_hub_port port;
    struct wu_hub hub;
    char path[WU_PATH_SIZE];
    const DWORD error = wu_hub_look_at_port(call, &port);

    if (error != ERROR_SUCCESS)
        return error;
    if (!port.has_device || !is_hub(&port.device))
        return answer_port_name(call, "");

    describe_hub(&port, &hub);
    return answer_port_name(call, name_of(&hub, path));
}

/* What a device that was not asked would say is not known: it counts as split. */
static bool is_whole(const struct wu_usb_info *info)
{
    struct wu_known known;

    if (!wu_split_is_composite(info))
        return true;

    wu_known_get(info, wu_usb_stay(info), &known);
    return known.asked == wu_known_configuration(info) && known.said.whole;
}

/* The driver of a device is that of its one function, or of what is above its functions. */
static void tell_driver_of_device(const struct wu_usb_info *info, struct wu_node_value *value)
{
    const bool whole = is_whole(info);
    struct wu_function *function = calloc(1, sizeof(*function));
    const struct wu_node node = { .kind = whole ? WU_NODE_FUNCTION : WU_NODE_COMPOSITE,
                                  .function = function };

    value->text[0] = '\0';
    if (!function)
        return;

    function->bus = info->bus;
    function->address = info->address;
    function->first_interface = wu_split_whole(info).first;
    tell_driver(&node, value);
    free(function);
}

static DWORD find_driver(const struct wu_hub_port *port, struct wu_node_value *value)
{
    struct wu_usb_info info = port->device;
    struct wu_hub hub;
    DWORD error;

    if (is_hub(&info)) {
        const struct wu_node node = { .kind = WU_NODE_HUB, .hub = &hub };

        describe_hub(port, &hub);
        tell_driver(&node, value);
        return ERROR_SUCCESS;
    }

    error = wu_usb_active_configuration(&info, &info.configuration, &info.configuration_size);
    if (error != ERROR_SUCCESS)
        return error;

    tell_driver_of_device(&info, value);
    free(info.configuration);
    return value->text[0] != '\0' ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
}

static DWORD get_driver_key(struct wu_hub_call *call)
{
    struct wu_hub_port port;
    struct wu_node_value value;
    DWORD error = wu_hub_look_at_port(call, &port);

    if (error == ERROR_SUCCESS && !port.has_device)
        error = ERROR_DEVICE_NOT_CONNECTED;
    if (error == ERROR_SUCCESS)
        error = find_driver(&port, &value);
    if (error == ERROR_SUCCESS && !wu_hub_is_still_at_port(&port))
        error = ERROR_DEVICE_NOT_CONNECTED;
    return error == ERROR_SUCCESS ? answer_port_name(call, value.text) : error;
}

/* --- All requests ------------------------------------------------------------------------------
 */

enum { HUBS = 1, CONTROLLERS = 2, CHARACTER = 2 /* [bytes] */, PORT = 4 };

static const struct request {
    DWORD code;
    unsigned of;     /* of which nodes it may be asked */
    size_t least_in; /* [bytes] */
    size_t least_out;
    DWORD (*answer)(struct wu_hub_call *call);
} requests[] = {
    { WU_HUB_GET_NODE_INFORMATION, HUBS, 0, sizeof(struct wu_hub_node_information),
      get_node_information },
    { WU_HUB_GET_NODE_INFORMATION, CONTROLLERS, 0, sizeof(struct wu_hub_name) + CHARACTER,
      get_root_hub_name },
    { WU_HUB_GET_CONTROLLER_DRIVER_KEY, CONTROLLERS, 0, sizeof(struct wu_hub_name) + CHARACTER,
      get_controller_driver_key },
    { WU_HUB_GET_CONNECTION, HUBS, PORT, sizeof(struct wu_hub_connection), get_connection },
    { WU_HUB_GET_CONNECTION_EX, HUBS, PORT, sizeof(struct wu_hub_connection), get_connection_ex },
    { WU_HUB_GET_CONNECTION_EX_V2, HUBS, sizeof(struct wu_hub_connection_v2),
      sizeof(struct wu_hub_connection_v2), get_connection_ex_v2 },
    { WU_HUB_GET_DESCRIPTOR, HUBS, sizeof(struct wu_hub_descriptor_request),
      sizeof(struct wu_hub_descriptor_request), wu_hub_get_descriptor },
    { WU_HUB_GET_NAME, HUBS, PORT, sizeof(struct wu_hub_port_name) + CHARACTER, get_name },
    { WU_HUB_GET_DRIVER_KEY, HUBS, PORT, sizeof(struct wu_hub_port_name) + CHARACTER,
      get_driver_key },
};

static const struct request *find_request(const struct wu_hub *hub, DWORD code)
{
    const unsigned of = hub->kind == WU_HUB_CONTROLLER ? CONTROLLERS : HUBS;

    for (size_t i = 0; i < sizeof(requests) / sizeof(*requests); i++)
        if (requests[i].code == code && requests[i].of == of)
            return &requests[i];

    return NULL;
}

DWORD wu_hub_answer(const struct wu_hub *hub,
                    DWORD code,
                    const void *in,
                    size_t in_size,
                    void *out,
                    size_t out_size,
                    size_t *size_out)
{
    const struct request *request = find_request(hub, code);
    struct wu_hub_call call = { .hub = hub, .out = out, .out_size = out_size };
    DWORD error;

    if (!request)
        return ERROR_NOT_SUPPORTED;
    if (in_size < request->least_in || out_size < request->least_out)
        return ERROR_INSUFFICIENT_BUFFER;

    if (request->least_in > 0)
        memcpy(call.in, in, request->least_in);
    error = request->answer(&call);
    if (error == ERROR_SUCCESS)
        *size_out = call.size;
    return error;
}

DWORD wu_hub_request(const char *path,
                     DWORD code,
                     const void *in,
                     size_t in_size,
                     void *out,
                     size_t out_size,
                     size_t *size_out)
{
    struct wu_hub_list list;
    const struct wu_hub *hub;
    DWORD error = wu_hub_list_get_meant(path, &list);

    if (error != ERROR_SUCCESS)
        return error;

    hub = wu_hub_list_find(&list, path);
    error = hub ? wu_hub_answer(hub, code, in, in_size, out, out_size, size_out)
                : ERROR_DEVICE_NOT_CONNECTED;
    wu_hub_list_free(&list);
    return error;
}
