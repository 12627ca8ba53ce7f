#include "devices/guids.h"

#include <stdio.h>
#include <string.h>

const GUID wu_guid_usb_device = { 0xA5DCBF10,
                                  0x6530,
                                  0x11D2,
                                  { 0x90, 0x1F, 0x00, 0xC0, 0x4F, 0xB9, 0x51, 0xED } };

const GUID wu_guid_winusb = { 0xDEE824EF,
                              0x729B,
                              0x4A0E,
                              { 0x9C, 0x14, 0xB7, 0x11, 0x7D, 0x33, 0xA8, 0x17 } };

const GUID wu_guid_usb_hub = { 0xF18A0E88,
                               0xC30C,
                               0x11D0,
                               { 0x88, 0x15, 0x00, 0xA0, 0xC9, 0x06, 0xBE, 0xD8 } };

const GUID wu_guid_usb_controller = { 0x3ABF6F2D,
                                      0x71C4,
                                      0x462A,
                                      { 0x8A, 0x92, 0x1E, 0x68, 0x61, 0xE6, 0xAF, 0x27 } };

bool wu_guid_equal(const GUID *a, const GUID *b)
{
    return memcmp(a, b, sizeof(*a)) == 0;
}

void wu_guid_format(const GUID *guid, char *text)
{
    const unsigned char *d = guid->Data4;

    snprintf(text, WU_GUID_TEXT_SIZE, "{%08x-%04x-%04x-%02x%02x-%02x%02x%02x%02x%02x%02x}",
             (unsigned)guid->Data1, guid->Data2, guid->Data3, d[0], d[1], d[2], d[3], d[4], d[5],
             d[6], d[7]);
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* Where the shape has an x there is a digit, and anything else stands for itself. */
static bool read_digits(const char *text, const char *shape, unsigned char *digits)
{
    for (; *shape != '\0'; shape++, text++) {
        const int digit = hex_digit(*text);

        if (*shape != 'x' && *shape != *text)
            return false;
        if (*shape == 'x' && digit < 0)
            return false;
        if (*shape == 'x')
            *digits++ = (unsigned char)digit;
    }

    return true;
}

bool wu_guid_parse(const char *text, size_t length, GUID *guid_out)
{
    unsigned char digits[32], bytes[16];

    if (length != WU_GUID_TEXT_SIZE - 1 ||
        !read_digits(text, "{xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx}", digits))
        return false;

    for (int i = 0; i < 16; i++)
        bytes[i] = (unsigned char)(digits[2 * i] << 4 | digits[2 * i + 1]);

    guid_out->Data1 =
        (DWORD)bytes[0] << 24 | (DWORD)bytes[1] << 16 | (DWORD)bytes[2] << 8 | bytes[3];
    guid_out->Data2 = (WORD)(bytes[4] << 8 | bytes[5]);
    guid_out->Data3 = (WORD)(bytes[6] << 8 | bytes[7]);
    memcpy(guid_out->Data4, bytes + 8, sizeof(guid_out->Data4));
    return true;
}

bool wu_guids_contain(const struct wu_guids *guids, const GUID *guid)
{
    for (unsigned i = 0; i < guids->count; i++)
        if (wu_guid_equal(&guids->guid[i], guid))
            return true;

    return false;
}

bool wu_guids_add(struct wu_guids *guids, const GUID *guid)
{
    if (wu_guids_contain(guids, guid))
        return true;
    if (guids->count == WU_GUIDS_MAX)
        return false;

    guids->guid[guids->count++] = *guid;
    return true;
}
