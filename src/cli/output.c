#include "cli/output.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/hexdump.h"

static bool complain(const struct wu_output *output)
{
    wu_cli_complain("cannot write %s: %s", output->path, strerror(errno));
    return false;
}

bool wu_output_open(const char *path, enum wu_output_form form, struct wu_output *output_out)
{
    const bool is_file = path && strcmp(path, "-") != 0;
    struct wu_output output = { .path = is_file ? path : NULL, .file = stdout };

    output.raw = form == WU_OUTPUT_RAW || (form == WU_OUTPUT_BY_PLACE && is_file);
    if (is_file)
        output.file = fopen(path, "wb");
    if (!output.file)
        return complain(&output);

    *output_out = output;
    return true;
}

bool wu_output_write(struct wu_output *output, const unsigned char *bytes, size_t count)
{
    if (output->raw)
        fwrite(bytes, 1, count, output->file);
    else
        wu_hexdump(output->file, output->offset, bytes, count);
    output->offset += count;

    if (!output->path)
        return wu_cli_flush();
    return (fflush(output->file) == 0 && !ferror(output->file)) || complain(output);
}

bool wu_output_is_watched(const struct wu_output *output)
{
    return isatty(fileno(output->file)) == 1;
}

bool wu_output_close(struct wu_output *output)
{
    return !output->path || fclose(output->file) == 0 || complain(output);
}
