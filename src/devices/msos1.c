#include "devices/msos.h"

#include <string.h>

#include "usb/bytes.h"

/* Of a function: its first interface, a byte, the ID and another below it, six bytes. */
enum { FUNCTION_SECTION = 24, ID_AT = 2 };

/* Of a property: size, type, length of the name, name, length of the data, data. */
enum { NAME_LENGTH_AT = 8, NAME_AT = 10, DATA_LENGTH_SIZE = 4, SMALLEST_SECTION = 14 };

bool wu_msos1_vendor_code(const unsigned char *string, size_t size, uint8_t *code_out)
{
    static const unsigned char signature[] = { 'M', 0,   'S', 0,   'F', 0,   'T',
                                               0,   '1', 0,   '0', 0,   '0', 0 };

    if (size < 2 + sizeof(signature) + 1 || string[1] != 3 ||
        memcmp(string + 2, signature, sizeof(signature)) != 0)
        return false;

    *code_out = string[2 + sizeof(signature)];
    return true;
}

bool wu_msos1_names_winusb(const unsigned char *bytes, size_t size, int function)
{
    size_t at = WU_MSOS1_COMPATIBLE_HEADER_SIZE;

    if (size < at || wu_get16(bytes + 6) != WU_MSOS1_COMPATIBLE)
        return false;

    for (; at + FUNCTION_SECTION <= size; at += FUNCTION_SECTION)
        if ((function < 0 || bytes[at] == function) && wu_msos_is_winusb(bytes + at + ID_AT))
            return true;

    return false;
}

static void add_section(const unsigned char *section, size_t size, struct wu_guids *guids)
{
    struct wu_msos_property property = { .name = section + NAME_AT };
    size_t data_at;

    property.name_size = wu_get16(section + NAME_LENGTH_AT);
    data_at = NAME_AT + property.name_size + DATA_LENGTH_SIZE;
    if (data_at > size)
        return;

    property.data = section + data_at;
    property.data_size = wu_get32(section + data_at - DATA_LENGTH_SIZE);
    if (property.data_size <= size - data_at)
        wu_msos_add_property(&property, guids);
}

void wu_msos1_add_properties(const unsigned char *bytes, size_t size, struct wu_guids *guids)
{
    size_t at = WU_MSOS1_HEADER_SIZE;

    if (size < WU_MSOS1_HEADER_SIZE || wu_get16(bytes + 6) != WU_MSOS1_PROPERTIES)
        return;

    while (at + SMALLEST_SECTION <= size) {
        const size_t section_size = wu_get32(bytes + at);

        if (section_size < SMALLEST_SECTION || section_size > size - at)
            return;
        add_section(bytes + at, section_size, guids);
        at += section_size;
    }
}
