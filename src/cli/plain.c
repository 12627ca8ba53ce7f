#include "cli/plain.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Characters that are not shown, but change what is. */
static const struct {
    uint32_t first, last;
} unseen[] = {
    { 0x00, 0x1F },       /* C0: escape sequences, ends of lines */
    { 0x7F, 0x9F },       /* delete, and C1: escape sequences in one character */
    { 0x061C, 0x061C },   /* the direction of text, here and below */
    { 0x200B, 0x200B },   /* a blank without width */
    { 0x200E, 0x200F },   /* direction */
    { 0x2028, 0x202E },   /* ends of lines and paragraphs, direction */
    { 0x2060, 0x206F },   /* joiners, direction */
    { 0xFEFF, 0xFEFF },   /* a joiner, or the mark of a file */
    { 0xFFF9, 0xFFFB },   /* notes between lines */
    { 0xE0000, 0xE0FFF }, /* tags */
};

static bool is_seen(uint32_t character)
{
    for (size_t i = 0; i < sizeof(unseen) / sizeof(*unseen); i++)
        if (character >= unseen[i].first && character <= unseen[i].last)
            return false;

    return true;
}

/* How many bytes begin with this one, and what of it counts. */
static size_t length_from(unsigned char byte, uint32_t *bits_out)
{
    static const struct {
        unsigned char mask, mark;
    } firsts[] = { { 0x80, 0x00 }, { 0xE0, 0xC0 }, { 0xF0, 0xE0 }, { 0xF8, 0xF0 } };

    for (size_t i = 0; i < sizeof(firsts) / sizeof(*firsts); i++)
        if ((byte & firsts[i].mask) == firsts[i].mark) {
            *bits_out = byte & (unsigned char)~firsts[i].mask;
            return i + 1;
        }

    return 0;
}

/* Takes the character at the beginning of text. @return how many bytes it has; 0: it is none */
static size_t decode(const char *text, uint32_t *character_out)
{
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    uint32_t character = 0;
    const size_t length = length_from((unsigned char)text[0], &character);

    for (size_t i = 1; i < length; i++) {
        if ((text[i] & 0xC0) != 0x80) /* the end of the text, too */
            return 0;
        character = character << 6 | (text[i] & 0x3F);
    }
    if (character < least[length] || character > 0x10FFFF ||
        (character >= 0xD800 && character <= 0xDFFF))
        return 0;

    *character_out = character;
    return length;
}

/* Writes the character at the beginning of text as it may be shown. @return how many bytes it has
 */
static size_t show(const char *text, char **out)
{
    uint32_t character = 0;
    const size_t length = decode(text, &character), count = length > 0 ? length : 1;

    if (length > 0 && is_seen(character)) {
        memcpy(*out, text, length);
        *out += length;
    } else {
        for (size_t i = 0; i < count; i++)
            *out += sprintf(*out, "\\x%02x", (unsigned char)text[i]);
    }
    return count;
}

static char *make_plain(const char *text)
{
    char *plain = malloc(strlen("\\x00") * strlen(text) + 1), *out = plain;

    if (!plain)
        return NULL;

    while (*text != '\0')
        text += show(text, &out);
    *out = '\0';
    return plain;
}

char *wu_plain_format(const char *format, va_list arguments)
{
    va_list again;
    char *text, *plain;
    int length;

    va_copy(again, arguments);
    length = vsnprintf(NULL, 0, format, again);
    va_end(again);

    text = length < 0 ? NULL : malloc((size_t)length + 1);
    if (!text)
        return NULL;

    vsnprintf(text, (size_t)length + 1, format, arguments);
    plain = make_plain(text);
    free(text);
    return plain;
}

void wu_plain_line_of(FILE *file, const char *format, va_list arguments)
{
    char *text = wu_plain_format(format, arguments);

    fprintf(file, "%s\n", text ? text : "out of memory");
    free(text);
}

void wu_plain_line(FILE *file, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    wu_plain_line_of(file, format, arguments);
    va_end(arguments);
}
