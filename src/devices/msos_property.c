#include "devices/msos.h"

#include <string.h>

#include "usb/bytes.h"

bool wu_msos_is_winusb(const unsigned char *id)
{
    return memcmp(id, "WINUSB\0", 8) == 0;
}

/* Takes the next text up to a NUL or the end; what is not ASCII becomes '?'. */
static size_t take_text(const unsigned char *data, size_t size, char *text, size_t room)
{
    size_t length = 0;

    for (size_t at = 0; at + 2 <= size && length < room; at += 2) {
        const unsigned unit = wu_get16(data + at);

        if (unit == 0)
            break;
        text[length++] = unit < 0x80 ? (char)unit : '?';
    }

    return length;
}

static bool names_guids(const struct wu_msos_property *property)
{
    static const char singular[] = "DeviceInterfaceGUID";
    char text[sizeof(singular) + 2] = { 0 };
    const size_t length = take_text(property->name, property->name_size, text, sizeof(text) - 1);
    const size_t stem = sizeof(singular) - 1;

    return memcmp(text, singular, stem) == 0 &&
           (length == stem || (length == stem + 1 && text[stem] == 's'));
}

void wu_msos_add_property(const struct wu_msos_property *property, struct wu_guids *guids)
{
    size_t at = 0;

    if (!names_guids(property))
        return;

    while (at < property->data_size) {
        char text[WU_GUID_TEXT_SIZE];
        const size_t length =
            take_text(property->data + at, property->data_size - at, text, sizeof(text));
        GUID guid;

        if (wu_guid_parse(text, length, &guid))
            wu_guids_add(guids, &guid);
        at += 2 * (length + 1);
    }
}
