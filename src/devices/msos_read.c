#include "devices/msos.h"

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

struct answer {
    unsigned char bytes[LARGEST];
    size_t size; /* [bytes] that came */
};

static bool
fetch(uint64_t device, struct wu_usb_setup setup, size_t wanted, struct answer *answer_out)
{
    setup.length = (uint16_t)(wanted < LARGEST ? wanted : LARGEST);
    return wu_usb_control(device, &setup, answer_out->bytes, TIMEOUT, &answer_out->size) == 0;
}

static bool read_platform(uint64_t device, struct wu_msos2_platform *platform_out)
{
    const struct wu_usb_setup setup = { FROM_DEVICE, GET_DESCRIPTOR, BOS << 8, 0, 0 };
    struct answer bos;

    return fetch(device, setup, BOS_HEADER_SIZE, &bos) && bos.size == BOS_HEADER_SIZE &&
           fetch(device, setup, wu_get16(bos.bytes + 2), &bos) &&
           wu_msos2_platform(bos.bytes, bos.size, platform_out);
}

/* Devices before USB 2.1 have no BOS descriptor, and some hang when asked. */
static bool read_set(uint64_t device, const struct wu_usb_info *info, struct answer *set_out)
{
    struct wu_msos2_platform platform;
    struct wu_usb_setup setup = { VENDOR_FROM_DEVICE, 0, 0, WU_MSOS2_SET, 0 };

    if (wu_get16(info->device + 2) <= 0x0200 || !read_platform(device, &platform))
        return false;

    setup.request = platform.vendor_code;
    return fetch(device, setup, platform.set_size, set_out);
}

/* As Windows asks: the header first, whose first four bytes tell how much there is. */
static bool fetch_whole(uint64_t device,
                        struct wu_usb_setup setup,
                        size_t header_size,
                        struct answer *answer_out)
{
    return fetch(device, setup, header_size, answer_out) && answer_out->size == header_size &&
           fetch(device, setup, wu_get32(answer_out->bytes), answer_out);
}

static bool read_vendor_code(uint64_t device, uint8_t *code_out)
{
    const struct wu_usb_setup setup = { FROM_DEVICE, GET_DESCRIPTOR,
                                        STRING << 8 | WU_MSOS1_STRING_INDEX, 0, 0 };
    struct answer string;

    return fetch(device, setup, WU_MSOS1_STRING_SIZE, &string) &&
           wu_msos1_vendor_code(string.bytes, string.size, code_out);
}

/* Some firmware answers with the same properties for each of its interfaces, which are WinUSB's
 * only where the device wants WinUSB. */
static bool wants_winusb(uint64_t device, uint8_t code, int function)
{
    const struct wu_usb_setup setup = { VENDOR_FROM_DEVICE, code, 0, WU_MSOS1_COMPATIBLE, 0 };
    struct answer ids;

    return fetch_whole(device, setup, WU_MSOS1_COMPATIBLE_HEADER_SIZE, &ids) &&
           wu_msos1_names_winusb(ids.bytes, ids.size, function);
}

/* The interface goes into the low byte of wValue and the page into the high one, whatever
 * Microsoft's document says: so Windows asks, and so firmware answers. */
static void read_version1(uint64_t device, int function, struct wu_guids *guids)
{
    struct wu_usb_setup setup = { VENDOR_FROM_INTERFACE, 0, 0, WU_MSOS1_PROPERTIES, 0 };
    struct answer properties;

    if (!read_vendor_code(device, &setup.request) || !wants_winusb(device, setup.request, function))
        return;

    setup.value = (uint16_t)(function < 0 ? 0 : function);
    if (fetch_whole(device, setup, WU_MSOS1_HEADER_SIZE, &properties))
        wu_msos1_add_properties(properties.bytes, properties.size, guids);
}

void wu_msos_read(uint64_t device,
                  const struct wu_usb_info *info,
                  int function,
                  struct wu_guids *guids)
{
    struct answer set;

    if (read_set(device, info, &set))
        wu_msos2_add_set(set.bytes, set.size, function, guids);
    else
        read_version1(device, function, guids);
}

bool wu_msos_is_whole(uint64_t device, const struct wu_usb_info *info)
{
    struct answer set;

    return read_set(device, info, &set) && wu_msos2_is_whole(set.bytes, set.size);
}
