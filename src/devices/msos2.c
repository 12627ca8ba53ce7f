#include "devices/msos.h"

#include <string.h>

#include "usb/bytes.h"

enum { BOS_HEADER_SIZE = 5, CAPABILITY = 0x10, PLATFORM = 5, PLATFORM_SIZE = 28 };

/* Descriptors in a set: wLength, wDescriptorType, and then by type. */
enum {
    SET_HEADER = 0,           /* 10 bytes */
    CONFIGURATION_HEADER = 1, /* 8 bytes */
    FUNCTION_HEADER = 2, /* 8 bytes; bFirstInterface is the fifth, wSubsetLength the last two */
    COMPATIBLE_ID = 3,   /* 20 bytes; the ID and another below it, of 8 bytes each */
    REGISTRY_PROPERTY = 4,
};
enum { COMPATIBLE_ID_SIZE = 20, ID_AT = 4 };
enum { NAME_LENGTH_AT = 6, NAME_AT = 8, DATA_LENGTH_SIZE = 2, SMALLEST_PROPERTY = 10 };

static bool is_microsofts(const unsigned char *capability)
{
    static const unsigned char uuid[] = { 0xDF, 0x60, 0xDD, 0xD8, 0x89, 0x45, 0xC7, 0x4C,
                                          0x9C, 0xD2, 0x65, 0x9D, 0x9E, 0x64, 0x8A, 0x9F };

    return capability[0] >= PLATFORM_SIZE && capability[1] == CAPABILITY &&
           capability[2] == PLATFORM && memcmp(capability + 4, uuid, sizeof(uuid)) == 0;
}

bool wu_msos2_platform(const unsigned char *bos,
                       size_t size,
                       struct wu_msos2_platform *platform_out)
{
    size_t at = BOS_HEADER_SIZE;

    while (at + 3 <= size) {
        const size_t length = bos[at];

        if (length < 3 || length > size - at)
            return false;
        if (is_microsofts(bos + at)) {
            platform_out->set_size = (uint16_t)wu_get16(bos + at + 24);
            platform_out->vendor_code = bos[at + 26];
            return true;
        }
        at += length;
    }

    return false;
}

static void add_property(const unsigned char *bytes, size_t size, struct wu_guids *guids)
{
    struct wu_msos_property property = { .name = bytes + NAME_AT };
    size_t data_at;

    if (size < SMALLEST_PROPERTY)
        return;

    property.name_size = wu_get16(bytes + NAME_LENGTH_AT);
    data_at = NAME_AT + property.name_size + DATA_LENGTH_SIZE;
    if (data_at > size)
        return;

    property.data = bytes + data_at;
    property.data_size = wu_get16(bytes + data_at - DATA_LENGTH_SIZE);
    if (property.data_size <= size - data_at)
        wu_msos_add_property(&property, guids);
}

/* Gives the descriptor at *at and moves on; NULL at the end or where the lengths make no sense. */
static const unsigned char *next(const unsigned char *bytes, size_t size, size_t *at)
{
    const unsigned char *found = bytes + *at;
    const size_t left = size - *at;

    if (left < 4 || wu_get16(found) < 4 || wu_get16(found) > left)
        return NULL;

    *at += wu_get16(found);
    return found;
}

/*
 * Headers open subsets that last until the next header of the same or of a higher rank, which is
 * all that their lengths would say as well.
 */
void wu_msos2_add_set(const unsigned char *bytes, size_t size, int function, struct wu_guids *guids)
{
    bool wanted = function < 0;
    const unsigned char *found;

    for (size_t at = 0; (found = next(bytes, size, &at)) != NULL;) {
        const unsigned length = wu_get16(found);
        const unsigned type = wu_get16(found + 2);

        if (type == SET_HEADER || type == CONFIGURATION_HEADER)
            wanted = function < 0;
        else if (type == FUNCTION_HEADER && length >= 5)
            wanted = function < 0 || found[4] == function;
        else if (type == REGISTRY_PROPERTY && wanted)
            add_property(found, length, guids);
    }
}

static bool names_winusb(const unsigned char *found)
{
    return wu_get16(found + 2) == COMPATIBLE_ID && wu_get16(found) >= COMPATIBLE_ID_SIZE &&
           wu_msos_is_winusb(found + ID_AT);
}

bool wu_msos2_is_whole(const unsigned char *bytes, size_t size)
{
    bool named = false;
    const unsigned char *found;

    for (size_t at = 0; (found = next(bytes, size, &at)) != NULL;) {
        if (wu_get16(found + 2) == FUNCTION_HEADER)
            return false;
        named = named || names_winusb(found);
    }

    return named;
}
