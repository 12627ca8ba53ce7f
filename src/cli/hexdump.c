#include "cli/hexdump.h"

#include <inttypes.h>

enum { BYTES_PER_LINE = 16 };

/* A blank more stands between the halves of a line. */
static void write_hexadecimal(FILE *file, const unsigned char *bytes, size_t count)
{
    for (size_t i = 0; i < BYTES_PER_LINE; i++) {
        if (i < count)
            fprintf(file, "%s %02x", i % 8 == 0 ? " " : "", bytes[i]);
        else
            fputs(i % 8 == 0 ? "    " : "   ", file);
    }
}

static void write_characters(FILE *file, const unsigned char *bytes, size_t count)
{
    fputs("  |", file);
    for (size_t i = 0; i < count; i++)
        fputc(bytes[i] >= ' ' && bytes[i] <= '~' ? bytes[i] : '.', file);
    fputs("|\n", file);
}

void wu_hexdump(FILE *file, uint64_t offset, const unsigned char *bytes, size_t count)
{
    for (size_t done = 0; done < count; done += BYTES_PER_LINE) {
        const size_t left = count - done;
        const size_t here = left < BYTES_PER_LINE ? left : BYTES_PER_LINE;

        fprintf(file, "%08" PRIx64, offset + done);
        write_hexadecimal(file, bytes + done, here);
        write_characters(file, bytes + done, here);
    }
}
