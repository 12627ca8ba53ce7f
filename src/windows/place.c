#include "windows/place.h"

#include <stdlib.h>
#include <string.h>

/* --- Texts ----------------------------------------------------------------------------------- */

static char upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

/* Gives what follows a beginning, in any case; NULL when the text begins otherwise. */
static const char *after(const char *text, const char *beginning)
{
    while (*beginning != '\0')
        if (upper(*text++) != upper(*beginning++))
            return NULL;

    return text;
}

static bool equal(const char *a, const char *b)
{
    const char *rest = after(a, b);

    return rest && *rest == '\0';
}

/* Gives what follows the first occurrence, in any case; NULL when there is none. */
static const char *after_first(const char *text, const char *part)
{
    for (; *text != '\0'; text++) {
        const char *rest = after(text, part);

        if (rest)
            return rest;
    }
    return NULL;
}

static bool read_hex(const char *text, int digits, unsigned *number_out)
{
    unsigned number = 0;

    for (int i = 0; i < digits; i++) {
        const char c = upper(text[i]);

        if (c >= '0' && c <= '9')
            number = number * 16 + (unsigned)(c - '0');
        else if (c >= 'A' && c <= 'F')
            number = number * 16 + (unsigned)(c - 'A') + 10;
        else
            return false;
    }

    *number_out = number;
    return true;
}

/* --- Names of nodes -------------------------------------------------------------------------- */

/* Reads USB\VID_1234&PID_5678, followed by &MI_nn or not, before the last part. */
static bool read_instance(const char *instance, struct wu_place *place)
{
    const char *rest = after(instance, "USB\\VID_");
    unsigned vid, pid, part;

    if (!rest || !read_hex(rest, 4, &vid))
        return false;
    rest = after(rest + 4, "&PID_");
    if (!rest || !read_hex(rest, 4, &pid))
        return false;

    place->vid = (unsigned short)vid;
    place->pid = (unsigned short)pid;
    place->composite = false;
    for (rest += 4; *rest != '\\' && *rest != '\0'; rest++)
        if (after(rest, "&MI_") && read_hex(rest + 4, 2, &part)) {
            place->composite = true;
            place->first_interface = (unsigned char)part;
        }
    return true;
}

static bool is_root_hub(uint32_t node)
{
    char instance[WU_DEVNODE_TEXT_SIZE];

    return wu_devnode_text(node, WU_DEVNODE_INSTANCE, instance) &&
           after_first(instance, "\\ROOT_HUB");
}

/* Tells whether a node is the object, or the object is a file of the node's. */
static bool is_object(uint32_t node, const char *object)
{
    char name[WU_DEVNODE_TEXT_SIZE];
    const char *rest;

    if (!wu_devnode_text(node, WU_DEVNODE_OBJECT, name))
        return false;

    rest = after(object, name);
    return rest && (*rest == '\0' || *rest == '\\');
}

/* --- Ports ----------------------------------------------------------------------------------- */

static bool port_of_location(uint32_t node, unsigned *port_out)
{
    char text[WU_DEVNODE_TEXT_SIZE];
    const char *number =
        wu_devnode_text(node, WU_DEVNODE_LOCATION, text) ? after(text, "Port_#") : NULL;

    if (!number)
        return false;

    *port_out = (unsigned)strtoul(number, NULL, 10);
    return true;
}

/* The last USB(n) of the first path. */
static bool port_of_paths(uint32_t node, unsigned *port_out)
{
    char text[WU_DEVNODE_TEXT_SIZE];
    const char *rest = text, *last = NULL;

    if (!wu_devnode_text(node, WU_DEVNODE_LOCATION_PATHS, text))
        return false;

    text[strcspn(text, ";")] = '\0';
    while ((rest = after_first(rest, "#USB(")) != NULL)
        last = rest;
    if (!last)
        return false;

    *port_out = (unsigned)strtoul(last, NULL, 10);
    return true;
}

/* As libusb finds it out, in the same order: some hub drivers use the address for something else.
 */
static bool port_of(uint32_t node, unsigned char *port_out)
{
    unsigned port;

    if (!port_of_location(node, &port) && !port_of_paths(node, &port) &&
        !wu_devnode_address(node, &port))
        return false;
    if (port == 0 || port > UINT8_MAX)
        return false;

    *port_out = (unsigned char)port;
    return true;
}

static void reverse(unsigned char *ports, unsigned depth)
{
    for (unsigned i = 0; i < depth / 2; i++) {
        const unsigned char port = ports[i];

        ports[i] = ports[depth - 1 - i];
        ports[depth - 1 - i] = port;
    }
}

/* Leaves depth 0 where the way to the root hub cannot be told. */
static void find_ports(uint32_t device, struct wu_place *place)
{
    uint32_t node = device;
    unsigned depth = 0;

    while (!is_root_hub(node)) {
        if (depth == WU_USB_DEPTH || !port_of(node, &place->ports[depth]) ||
            !wu_devnode_parent(node, &node))
            return;
        depth++;
    }
    if (!wu_devnode_parent(node, &place->controller))
        return;

    reverse(place->ports, depth);
    place->depth = depth;
}

/* --- Functions ------------------------------------------------------------------------------- */

static uint32_t device_of(uint32_t node, const struct wu_place *place)
{
    uint32_t device = node;

    return place->composite && wu_devnode_parent(node, &device) ? device : node;
}

static DWORD describe(uint32_t node, struct wu_place *place_out)
{
    struct wu_place place = { .node = node };

    if (!wu_devnode_text(node, WU_DEVNODE_INSTANCE, place.instance) ||
        !read_instance(place.instance, &place))
        return ERROR_INVALID_HANDLE; /* a hub that has no ids */

    wu_devnode_text(node, WU_DEVNODE_DRIVER, place.driver);
    find_ports(device_of(node, &place), &place);
    *place_out = place;
    return ERROR_SUCCESS;
}

DWORD wu_place_find(const char *object, struct wu_place *place_out)
{
    struct wu_devnode_list list;
    DWORD error = wu_devnode_list_get(&list);
    size_t i = 0;

    if (error != ERROR_SUCCESS)
        return error;

    while (i < list.count && !is_object(list.nodes[i], object))
        i++;
    if (i < list.count)
        error = describe(list.nodes[i], place_out);
    else /* some hub drivers give names that tell */
        error =
            after(object, "\\Device\\USBPDO-") ? ERROR_DEVICE_NOT_CONNECTED : ERROR_INVALID_HANDLE;
    wu_devnode_list_free(&list);
    return error;
}

/* --- Drivers --------------------------------------------------------------------------------- */

bool wu_place_has_driver(const struct wu_place *place, const char *name)
{
    return equal(place->driver, name);
}

static bool is_filtered(const struct wu_place *place, enum wu_devnode_text which)
{
    char text[WU_DEVNODE_TEXT_SIZE];

    return wu_devnode_text(place->node, which, text) && after_first(text, "libusb0");
}

bool wu_place_is_usable(const struct wu_place *place)
{
    static const char *const drivers[] = { "WinUSB", "libusbK", "libusb0", "usbccgp",
                                           "HidUsb", "mouhid",  "kbdhid" };

    for (size_t i = 0; i < sizeof(drivers) / sizeof(drivers[0]); i++)
        if (wu_place_has_driver(place, drivers[i]))
            return true;

    return is_filtered(place, WU_DEVNODE_UPPER_FILTERS) ||
           is_filtered(place, WU_DEVNODE_LOWER_FILTERS);
}
