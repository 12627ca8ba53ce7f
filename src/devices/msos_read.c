#include "devices/msos.h"

#include "devices/split.h"
#include "usb/bytes.h"

enum {
    GET_DESCRIPTOR = 6,
    STRING = 3,
    BOS = 0x0F,
    BOS_HEADER_SIZE = 5,
    FROM_DEVICE = 0x80,
    VENDOR_FROM_DEVICE = 0xC0,
    VENDOR_FROM_INTERFACE = 0xC1,
    LARGEST = 4096, /* [bytes] of any of these; real ones are below one tenth */
    TIMEOUT = 1000, /* [ms] */
};

/* With a device, until it does not answer. */
struct conversation {
    uint64_t device;
    const struct wu_usb_info *info;
    DWORD error; /* what ended it */
    struct wu_msos said;
};

struct answer {
    unsigned char bytes[LARGEST];
    size_t size; /* [bytes] that came */
};

/* Any other error, as a stall, is an answer. */
static bool ends(DWORD error)
{
    return error == ERROR_SEM_TIMEOUT || error == ERROR_DEVICE_NOT_CONNECTED ||
           error == ERROR_NOT_ENOUGH_MEMORY;
}

static bool fetch(struct conversation *with,
                  struct wu_usb_setup setup,
                  size_t wanted,
                  struct answer *answer_out)
{
    DWORD error;

    if (with->error != ERROR_SUCCESS)
        return false;

    setup.length = (uint16_t)(wanted < LARGEST ? wanted : LARGEST);
    error = wu_usb_control(with->device, &setup, answer_out->bytes, TIMEOUT, &answer_out->size);
    if (ends(error))
        with->error = error;
    return error == ERROR_SUCCESS;
}

static void add(struct conversation *with, uint8_t function, const struct wu_guids *guids)
{
    struct wu_msos *said = &with->said;

    for (unsigned i = 0; i < guids->count && said->count < WU_MSOS_GUIDS_MAX; i++)
        said->guids[said->count++] = (struct wu_msos_guid){ function, guids->guid[i] };
}

/* --- Version 2.0 ----------------------------------------------------------------------------- */

static bool read_platform(struct conversation *with, struct wu_msos2_platform *platform_out)
{
    const struct wu_usb_setup setup = { FROM_DEVICE, GET_DESCRIPTOR, BOS << 8, 0, 0 };
    struct answer bos;

    return fetch(with, setup, BOS_HEADER_SIZE, &bos) && bos.size == BOS_HEADER_SIZE &&
           fetch(with, setup, wu_get16(bos.bytes + 2), &bos) &&
           wu_msos2_platform(bos.bytes, bos.size, platform_out);
}

/* Devices before USB 2.1 have no BOS descriptor, and some hang when asked. */
static bool read_set(struct conversation *with, struct answer *set_out)
{
    struct wu_msos2_platform platform;
    struct wu_usb_setup setup = { VENDOR_FROM_DEVICE, 0, 0, WU_MSOS2_SET, 0 };

    if (wu_get16(with->info->device + 2) <= 0x0200 || !read_platform(with, &platform))
        return false;

    setup.request = platform.vendor_code;
    return fetch(with, setup, platform.set_size, set_out);
}

static void take_set(struct conversation *with, const struct answer *set)
{
    struct wu_span spans[WU_SPLIT_MAX];
    const size_t count = wu_split(with->info, spans);

    with->said.whole = wu_msos2_is_whole(set->bytes, set->size);
    for (size_t i = 0; i < (with->said.whole ? 1 : count); i++) {
        const bool part = !with->said.whole && wu_split_is_composite(with->info);
        struct wu_guids guids = { 0 };

        wu_msos2_add_set(set->bytes, set->size, part ? spans[i].first : -1, &guids);
        add(with, spans[i].first, &guids);
    }
}

/* --- Version 1.0 ----------------------------------------------------------------------------- */

/* As Windows asks: the header first, whose first four bytes tell how much there is. */
static bool fetch_whole(struct conversation *with,
                        struct wu_usb_setup setup,
                        size_t header_size,
                        struct answer *answer_out)
{
    return fetch(with, setup, header_size, answer_out) && answer_out->size == header_size &&
           fetch(with, setup, wu_get32(answer_out->bytes), answer_out);
}

static bool read_vendor_code(struct conversation *with, uint8_t *code_out)
{
    const struct wu_usb_setup setup = { FROM_DEVICE, GET_DESCRIPTOR,
                                        STRING << 8 | WU_MSOS1_STRING_INDEX, 0, 0 };
    struct answer string;

    return fetch(with, setup, WU_MSOS1_STRING_SIZE, &string) &&
           wu_msos1_vendor_code(string.bytes, string.size, code_out);
}

/* The interface goes into the low byte of wValue and the page into the high one, whatever
 * Microsoft's document says: so Windows asks, and so firmware answers. */
static void read_properties(struct conversation *with, uint8_t code, uint8_t function)
{
    const struct wu_usb_setup setup = { VENDOR_FROM_INTERFACE, code, function, WU_MSOS1_PROPERTIES,
                                        0 };
    struct answer properties;
    struct wu_guids guids = { 0 };

    if (!fetch_whole(with, setup, WU_MSOS1_HEADER_SIZE, &properties))
        return;

    wu_msos1_add_properties(properties.bytes, properties.size, &guids);
    add(with, function, &guids);
}

/* Some firmware answers with the same properties for each of its interfaces, which are WinUSB's
 * only where the device wants WinUSB. */
static void read_version1(struct conversation *with)
{
    struct wu_usb_setup setup = { VENDOR_FROM_DEVICE, 0, 0, WU_MSOS1_COMPATIBLE, 0 };
    struct wu_span spans[WU_SPLIT_MAX];
    const size_t count = wu_split(with->info, spans);
    struct answer ids;

    if (!read_vendor_code(with, &setup.request) ||
        !fetch_whole(with, setup, WU_MSOS1_COMPATIBLE_HEADER_SIZE, &ids))
        return;

    for (size_t i = 0; i < count; i++) {
        const bool part = wu_split_is_composite(with->info);

        if (wu_msos1_names_winusb(ids.bytes, ids.size, part ? spans[i].first : -1))
            read_properties(with, setup.request, part ? spans[i].first : 0);
    }
}

/* --- Both ------------------------------------------------------------------------------------ */

DWORD wu_msos_read(uint64_t device, const struct wu_usb_info *info, struct wu_msos *said_out)
{
    struct conversation with = { .device = device, .info = info };
    struct answer set;

    if (read_set(&with, &set))
        take_set(&with, &set);
    else
        read_version1(&with);

    if (with.error == ERROR_DEVICE_NOT_CONNECTED || with.error == ERROR_NOT_ENOUGH_MEMORY)
        return with.error;

    *said_out = with.said;
    return ERROR_SUCCESS;
}

void wu_msos_add_guids(const struct wu_msos *said, int function, struct wu_guids *guids)
{
    for (unsigned i = 0; i < said->count; i++)
        if (function < 0 || said->guids[i].function == function)
            wu_guids_add(guids, &said->guids[i].guid);
}
