#include "devices/msos.h"

#include <stdlib.h>

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

/* The caller's; *size is how much is wanted, and then how much there is. NULL on failure. */
static unsigned char *fetch(uint64_t device, struct wu_usb_setup setup, size_t *size)
{
    unsigned char *bytes = malloc(LARGEST);

    setup.length = (uint16_t)(*size < LARGEST ? *size : LARGEST);
    if (bytes && wu_usb_control(device, &setup, bytes, TIMEOUT, size) == 0)
        return bytes;

    free(bytes);
    return NULL;
}

static bool read_platform(uint64_t device, struct wu_msos2_platform *platform_out)
{
    const struct wu_usb_setup setup = { FROM_DEVICE, GET_DESCRIPTOR, BOS << 8, 0, 0 };
    size_t size = BOS_HEADER_SIZE;
    unsigned char *bos = fetch(device, setup, &size);
    bool found = false;

    if (bos && size == BOS_HEADER_SIZE) {
        size = wu_get16(bos + 2);
        free(bos);
        bos = fetch(device, setup, &size);
        found = bos && wu_msos2_platform(bos, size, platform_out);
    }

    free(bos);
    return found;
}

static bool read_version2(uint64_t device, int function, struct wu_guids *guids)
{
    struct wu_msos2_platform platform;
    struct wu_usb_setup setup = { VENDOR_FROM_DEVICE, 0, 0, WU_MSOS2_SET, 0 };
    size_t size;
    unsigned char *set;

    if (!read_platform(device, &platform))
        return false;

    setup.request = platform.vendor_code;
    size = platform.set_size;
    set = fetch(device, setup, &size);
    if (set)
        wu_msos2_add_set(set, size, function, guids);

    free(set);
    return set != NULL;
}

/* As Windows asks: the header first, which tells how much there is. */
static void read_properties(uint64_t device, struct wu_usb_setup setup, struct wu_guids *guids)
{
    size_t size = WU_MSOS1_HEADER_SIZE;
    unsigned char *bytes = fetch(device, setup, &size);

    if (bytes && size == WU_MSOS1_HEADER_SIZE) {
        size = wu_get16(bytes);
        free(bytes);
        bytes = fetch(device, setup, &size);
        if (bytes)
            wu_msos1_add_properties(bytes, size, guids);
    }

    free(bytes);
}

static void read_version1(uint64_t device, int function, struct wu_guids *guids)
{
    const struct wu_usb_setup ask = { FROM_DEVICE, GET_DESCRIPTOR,
                                      STRING << 8 | WU_MSOS1_STRING_INDEX, 0, 0 };
    struct wu_usb_setup setup = { VENDOR_FROM_INTERFACE, 0, 0, WU_MSOS1_PROPERTIES, 0 };
    size_t size = WU_MSOS1_STRING_SIZE;
    unsigned char *string = fetch(device, ask, &size);

    if (string && wu_msos1_vendor_code(string, size, &setup.request)) {
        setup.value = (uint16_t)((function < 0 ? 0 : function) << 8);
        read_properties(device, setup, guids);
    }

    free(string);
}

void wu_msos_read(uint64_t device,
                  const struct wu_usb_info *info,
                  int function,
                  struct wu_guids *guids)
{
    const unsigned version = wu_get16(info->device + 2);

    /* Devices before USB 2.1 have no BOS descriptor, and some hang when asked. */
    if (version <= 0x0200 || !read_version2(device, function, guids))
        read_version1(device, function, guids);
}
