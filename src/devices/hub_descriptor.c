/* Descriptors of devices, which hubs are asked for: from /sys, where Linux keeps what it has read
 * of each device, else from the device. */
#include <stdlib.h>
#include <string.h>

#include "devices/hub_call.h"
#include "devices/survey.h"
#include "usb/bytes.h"
#include "usb/usb_attributes.h"
#include "usb/usb_look.h"

enum {
    DEVICE = 1,
    CONFIGURATION = 2,
    STRING = 3,
    BOS = 0x0F,
    FROM_DEVICE = 0x80,
    GET_DESCRIPTOR = 6,
    HEADER = 2,               /* [bytes] of any descriptor */
    CONFIGURATION_HEADER = 9, /* of a configuration */
    STRING_MAX = 254,         /* [bytes] of the longest string that is whole */
    FIRST_WITH_BOS = 0x0201,  /* bcdUSB */
    TIMEOUT = 1000,           /* [ms] */
    LARGEST = 1 << 18,        /* [bytes] of all descriptors of a device */
};

/* What is wanted of which device, and what was found. */
struct search {
    const struct wu_hub_port *port;
    struct wu_hub_descriptor_request request;
    unsigned char *bytes; /* LARGEST of them; the descriptor begins at start */
    size_t start;
    size_t size; /* [bytes] of it */
};

static unsigned type_of(const struct search *search)
{
    return search->request.value >> 8;
}

static unsigned number_of(const struct search *search)
{
    return search->request.value & 0xFF;
}

/* --- Strings -----------------------------------------------------------------------------------
 */

static enum wu_usb_text const texts[] = { WU_USB_MANUFACTURER, WU_USB_PRODUCT, WU_USB_SERIAL };

/* Decodes a character of UTF-8; what is none becomes a question mark. */
static uint32_t next_character(const unsigned char **text)
{
    const unsigned char first = *(*text)++;
    const unsigned more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : first >= 0xC0 ? 1 : 0;
    uint32_t character = more == 0 ? first : first & (0x3Fu >> more);

    if (first >= 0xF8 || (first >= 0x80 && first < 0xC0))
        return '?';
    for (unsigned i = 0; i < more; i++) {
        if ((**text & 0xC0) != 0x80)
            return '?';
        character = character << 6 | (*(*text)++ & 0x3F);
    }
    return character <= 0x10FFFF ? character : '?';
}

static void put16(struct search *search, uint32_t value)
{
    search->bytes[search->size++] = (unsigned char)value;
    search->bytes[search->size++] = (unsigned char)(value >> 8);
}

static void write_string(struct search *search, const char *text)
{
    const unsigned char *rest = (const unsigned char *)text;

    put16(search, STRING << 8);
    while (*rest != '\0' && search->size + 4 <= STRING_MAX) {
        const uint32_t character = next_character(&rest);

        if (character > 0xFFFF) {
            put16(search, 0xD7C0 + (character >> 10));
            put16(search, 0xDC00 + (character & 0x3FF));
        } else {
            put16(search, character);
        }
    }
    search->bytes[0] = (unsigned char)search->size;
}

/* Linux reads a device's three texts when it is plugged in. */
static void find_string(struct search *search)
{
    const struct wu_usb_info *info = &search->port->device;
    const unsigned number = number_of(search);
    char text[WU_TEXT_SIZE];

    for (unsigned i = 0; i < 3 && search->size == 0 && number != 0; i++) {
        if (info->device[14 + i] != number)
            continue;
        wu_usb_text(info, texts[i], text, sizeof(text));
        if (text[0] != '\0')
            write_string(search, text);
    }
}

/* Linux does not tell in which languages there are strings. Most devices have them in English. */
static void assume_languages(struct search *search)
{
    const unsigned char *device = search->port->device.device;

    if (type_of(search) != STRING || number_of(search) != 0 ||
        (device[14] | device[15] | device[16]) == 0)
        return;

    search->start = search->size = 0;
    put16(search, STRING << 8 | 4);
    put16(search, 0x0409);
}

/* --- From /sys ----------------------------------------------------------------------------------
 */

/* Behind the device's own, configurations stand in the order of their numbers. */
static void find_configuration(struct search *search)
{
    const size_t all = wu_usb_file(&search->port->device, "descriptors", search->bytes, LARGEST);
    unsigned left = number_of(search);
    size_t at = WU_USB_DEVICE_DESCRIPTOR_SIZE;

    while (at + CONFIGURATION_HEADER <= all) {
        const size_t total = wu_get16(search->bytes + at + 2);

        if (total < CONFIGURATION_HEADER)
            return;
        if (left-- == 0) {
            search->start = at;
            search->size = total < all - at ? total : all - at;
            return;
        }
        at += total;
    }
}

static void find(struct search *search)
{
    const struct wu_usb_info *info = &search->port->device;

    switch (type_of(search)) {
    case DEVICE:
        search->size = sizeof(info->device);
        memcpy(search->bytes, info->device, sizeof(info->device));
        break;
    case CONFIGURATION:
        find_configuration(search);
        break;
    case STRING:
        find_string(search);
        break;
    case BOS: /* from Linux 6.9 on */
        search->size = wu_usb_file(info, "bos_descriptors", search->bytes, LARGEST);
        break;
    }
}

/* --- From the device ----------------------------------------------------------------------------
 */

/* What it would stall is not asked. */
static bool may_have(const struct search *search)
{
    const unsigned char *device = search->port->device.device;

    switch (type_of(search)) {
    case DEVICE:
    case CONFIGURATION:
        return false;
    case BOS:
        return wu_get16(device + 2) >= FIRST_WITH_BOS;
    default:
        return true;
    }
}

static DWORD ask_device(struct search *search, uint64_t device)
{
    const size_t length = search->request.length;
    const struct wu_usb_setup setup = {
        FROM_DEVICE,
        GET_DESCRIPTOR,
        search->request.value,
        search->request.index,
        (uint16_t)(length < WU_USB_LONGEST_CONTROL ? length : WU_USB_LONGEST_CONTROL),
    };

    return wu_usb_control(device, &setup, search->bytes, TIMEOUT, &search->size);
}

static DWORD
open_and_ask(struct search *search, const struct wu_usb_list *list, const struct wu_usb_info *info)
{
    uint64_t device;
    DWORD error = wu_usb_open(list, info, &device);

    if (error != ERROR_SUCCESS)
        return error;

    error = ask_device(search, device);
    wu_usb_close(device);
    return error;
}

/* A program that has the device may be in the middle of something. */
static DWORD ask(struct search *search)
{
    const struct wu_usb_info *place = &search->port->device, *info;
    struct wu_usb_list list;
    DWORD error = wu_usb_list_get(&list);

    if (error != ERROR_SUCCESS)
        return error;

    info = wu_usb_list_find(&list, place->bus, place->address);
    if (!info || info->depth != place->depth ||
        memcmp(info->ports, place->ports, place->depth) != 0)
        error = ERROR_DEVICE_NOT_CONNECTED;
    else if (wu_survey_is_in_use(info))
        error = ERROR_BUSY;
    else
        error = open_and_ask(search, &list, info);
    wu_usb_list_free(&list);
    return error;
}

/* --- The request ---------------------------------------------------------------------------------
 */

/* A search that fails, but for languages, is an error. */
static DWORD look_for(struct search *search)
{
    DWORD error = ERROR_GEN_FAILURE;

    find(search);
    if (search->size >= HEADER)
        return ERROR_SUCCESS;

    if (may_have(search))
        error = ask(search);
    if (error != ERROR_SUCCESS && error != ERROR_NOT_ENOUGH_MEMORY)
        assume_languages(search);
    return search->size >= HEADER ? ERROR_SUCCESS : error;
}

/* As on Windows, it does not matter which request the caller has set. */
static void answer(struct wu_hub_call *call, const struct search *search)
{
    struct wu_hub_descriptor_request request = search->request;
    const size_t wanted = request.length;

    request.type = FROM_DEVICE;
    request.request = GET_DESCRIPTOR;
    wu_hub_put(call, &request, sizeof(request));
    wu_hub_put(call, search->bytes + search->start, search->size < wanted ? search->size : wanted);
}

DWORD wu_hub_get_descriptor(struct wu_hub_call *call)
{
    struct wu_hub_port port;
    struct search search = { .port = &port };
    DWORD error = wu_hub_look_at_port(call, &port);

    if (error != ERROR_SUCCESS)
        return error;
    if (!port.has_device)
        return ERROR_DEVICE_NOT_CONNECTED;

    memcpy(&search.request, call->in, sizeof(search.request));
    search.bytes = malloc(LARGEST);
    if (!search.bytes)
        return ERROR_NOT_ENOUGH_MEMORY;

    error = look_for(&search);
    if (error == ERROR_SUCCESS && !wu_hub_is_still_at_port(&port))
        error = ERROR_DEVICE_NOT_CONNECTED;
    if (error == ERROR_SUCCESS)
        answer(call, &search);
    free(search.bytes);
    return error;
}
