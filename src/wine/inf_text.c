#include "wine/inf_text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
    UTF8_SIZE = 3 /* [bytes] that a unit of UTF-16 takes at the most; a pair of units takes 4 */
};

/* What is left of UTF-16. */
struct units {
    const unsigned char *next;
    size_t count;
    bool big_endian;
};

static unsigned peek(const struct units *units)
{
    const unsigned char *unit = units->next;

    return units->big_endian ? (unsigned)unit[0] << 8 | unit[1] : (unsigned)unit[1] << 8 | unit[0];
}

static unsigned take(struct units *units)
{
    const unsigned unit = peek(units);

    units->next += 2;
    units->count--;
    return unit;
}

static unsigned take_character(struct units *units)
{
    const unsigned high = take(units);

    if (high < 0xD800 || high > 0xDFFF)
        return high;
    if (high > 0xDBFF || units->count == 0 || (peek(units) & 0xFC00) != 0xDC00)
        return '?'; /* half a pair */
    return 0x10000 + ((high & 0x3FF) << 10) + (take(units) & 0x3FF);
}

static char *put_character(char *text, unsigned character)
{
    static const unsigned char marks[] = { 0, 0, 0xC0, 0xE0, 0xF0 };
    const unsigned length = character < 0x80      ? 1
                            : character < 0x800   ? 2
                            : character < 0x10000 ? 3
                                                  : 4;

    for (unsigned i = length; i-- > 1; character >>= 6)
        text[i] = (char)(0x80 | (character & 0x3F));
    text[0] = (char)(marks[length] | character);
    return text + length;
}

static char *put_units(char *text, struct units units)
{
    while (units.count > 0)
        text = put_character(text, take_character(&units));
    return text;
}

/* How text is encoded, by its mark, or by the zero in its first character. */
struct encoding {
    const char *mark;
    size_t mark_size, width;
    bool big_endian;
};

static struct encoding encoding_of(const unsigned char *bytes, size_t size)
{
    static const struct encoding encodings[] = {
        { "\xFF\xFE", 2, 2, false },
        { "\xFE\xFF", 2, 2, true },
        { "\xEF\xBB\xBF", 3, 1, false },
    };

    for (size_t i = 0; i < sizeof(encodings) / sizeof(*encodings); i++)
        if (size >= encodings[i].mark_size &&
            memcmp(bytes, encodings[i].mark, encodings[i].mark_size) == 0)
            return encodings[i];

    if (size >= 2 && (bytes[0] == 0) != (bytes[1] == 0))
        return (struct encoding){ "", 0, 2, bytes[0] == 0 };
    return (struct encoding){ "", 0, 1, false };
}

char *wu_inf_text(const unsigned char *bytes, size_t size, size_t *length_out)
{
    const struct encoding encoding = encoding_of(bytes, size);
    const size_t left = size - encoding.mark_size;
    char *text = malloc(size * UTF8_SIZE / 2 + 1), *end = text;

    if (!text)
        return NULL;

    bytes += encoding.mark_size;
    if (encoding.width == 2)
        end = put_units(text, (struct units){ bytes, left / 2, encoding.big_endian });
    else
        end = (char *)memcpy(text, bytes, left) + left;
    for (char *c = text; c < end; c++)
        *c = *c == '\0' ? ' ' : *c;
    *length_out = (size_t)(end - text);
    return text;
}
