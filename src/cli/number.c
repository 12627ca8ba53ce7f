#include "cli/number.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

bool wu_parse_number(const char *text, uint32_t least, uint32_t most, uint32_t *value_out)
{
    const bool hexadecimal = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    char *end;

    /* strtoull takes blanks and signs, which are none of a number's here; "0x" alone ends early. */
    if (!isdigit((unsigned char)text[0]))
        return false;
    const unsigned long long value = strtoull(text, &end, hexadecimal ? 16 : 10);
    if (*end != '\0' || value < least || value > most)
        return false;

    *value_out = (uint32_t)value;
    return true;
}

bool wu_parse_seconds(const char *text, double least, double *seconds_out)
{
    char *end;
    const double value = strtod(text, &end);

    if (end == text || *end != '\0' || !(value >= least) || value > 1e9)
        return false;

    *seconds_out = value;
    return true;
}

/* @return -1: no such digit */
static int digit(char character)
{
    static const char digits[] = "0123456789abcdef";
    const char *found = character ? strchr(digits, tolower((unsigned char)character)) : NULL;

    return found ? (int)(found - digits) : -1;
}

/* @return how many bytes the text stands for, all written to data; -1: it is no bytes */
static int convert(const char *text, unsigned char *data)
{
    int count = 0;

    if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X'))
        text += 2;
    while (*text != '\0') {
        const int high = digit(text[0]);
        const int low = high < 0 ? -1 : digit(text[1]);

        if (low < 0)
            return -1;
        data[count++] = (unsigned char)(high << 4 | low);
        text += 2;
        text += strspn(text, " :");
    }
    return count;
}

bool wu_bytes_append_hex(struct wu_bytes *bytes, const char *text)
{
    unsigned char *data = realloc(bytes->data, bytes->count + strlen(text) / 2 + 1);
    if (!data)
        return false;

    bytes->data = data;
    const int count = convert(text, data + bytes->count);
    if (count < 0)
        return false;
    bytes->count += (size_t)count;
    return true;
}

void wu_bytes_free(struct wu_bytes *bytes)
{
    free(bytes->data);
    *bytes = (struct wu_bytes){ 0 };
}
