#include "fastboot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "keep.h"

/* One less than a packet, so that the host sees where an answer ends. */
enum { ANSWER = 63 /* [bytes] */ };

static const struct variable {
    const char *name;
    const char *value;
} variables[] = {
    { "version", "0.4" },
    { "product", "labdevice" },
    { "serialno", LABDEV_SERIAL },
    { "max-download-size", "0x04000000" }, /* FASTBOOT_IMAGE */
    { "is-userspace", "no" },
    { "slot-count", "0" },
    { "has-slot:boot", "no" },
    { "has-slot:data", "no" },
    { "partition-type:boot", "raw" },
    { "partition-type:data", "raw" },
    { "partition-size:boot", "0x04000000" },
    { "partition-size:data", "0x04000000" },
};
enum { VARIABLES = sizeof(variables) / sizeof(variables[0]) };

static void answer(struct stream *back, const char *kind, const char *text)
{
    char line[ANSWER + 1];

    snprintf(line, sizeof(line), "%.4s%.59s", kind, text); /* as long as an answer may be */
    stream_give(back, line, (uint32_t)strlen(line));
}

void fastboot_reset(struct fastboot *fastboot)
{
    free(fastboot->image);
    fastboot->image = NULL;
    fastboot->size = 0;
    fastboot->received = 0;
}

/* --- Commands -------------------------------------------------------------------------------- */

static void tell_all(struct stream *back)
{
    for (size_t i = 0; i < VARIABLES; i++) {
        char line[ANSWER + 1];

        snprintf(line, sizeof(line), "%s: %s", variables[i].name, variables[i].value);
        answer(back, "INFO", line);
    }
    answer(back, "OKAY", "");
}

static void get_variable(struct fastboot *self, struct stream *back, const char *name)
{
    (void)self;
    if (strcmp(name, "all") == 0) {
        tell_all(back);
        return;
    }
    for (size_t i = 0; i < VARIABLES; i++) {
        if (strcmp(name, variables[i].name) != 0)
            continue;
        answer(back, "OKAY", variables[i].value);
        return;
    }
    answer(back, "FAIL", "unknown variable");
}

/* Eight hexadecimal digits. */
static bool parse_size(const char *text, uint32_t *size_out)
{
    if (strlen(text) != 8 || strspn(text, "0123456789abcdefABCDEF") != 8)
        return false;
    *size_out = (uint32_t)strtoul(text, NULL, 16);
    return true;
}

static void download(struct fastboot *self, struct stream *back, const char *text)
{
    uint32_t size;

    fastboot_reset(self);
    if (!parse_size(text, &size)) {
        answer(back, "FAIL", "a size has eight hexadecimal digits");
        return;
    }
    if (size == 0 || size > FASTBOOT_IMAGE) {
        answer(back, "FAIL", "no image is of this size");
        return;
    }
    self->image = malloc(size);
    if (!self->image) {
        answer(back, "FAIL", "out of memory");
        return;
    }
    self->size = size;
    answer(back, "DATA", text);
}

static bool is_partition(const char *name)
{
    return strcmp(name, "boot") == 0 || strcmp(name, "data") == 0;
}

static bool keep_image(const struct fastboot *self, const char *name)
{
    FILE *file = keep_open(self->folder, name, "wb");

    if (!file)
        return false;
    const bool written = fwrite(self->image, 1, self->size, file) == self->size;
    return fclose(file) == 0 && written;
}

static void flash(struct fastboot *self, struct stream *back, const char *partition)
{
    if (!is_partition(partition))
        answer(back, "FAIL", "unknown partition");
    else if (!self->image)
        answer(back, "FAIL", "nothing was downloaded");
    else if (!keep_image(self, partition))
        answer(back, "FAIL", "the image cannot be kept");
    else
        answer(back, "OKAY", "");
}

static const struct command {
    const char *name;
    void (*run)(struct fastboot *self, struct stream *back, const char *argument);
} commands[] = {
    { "getvar:", get_variable },
    { "download:", download },
    { "flash:", flash },
};

static void run(struct fastboot *self, struct stream *back, const char *line)
{
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        const size_t length = strlen(commands[i].name);

        if (strncmp(line, commands[i].name, length) != 0)
            continue;
        commands[i].run(self, back, line + length);
        return;
    }
    answer(back, "FAIL", "unknown command");
}

/* --- What the host sends ------------------------------------------------------------------------
 */

static void
take_command(struct fastboot *self, struct stream *back, const uint8_t *data, uint32_t size)
{
    char line[FASTBOOT_COMMAND + 1] = "";

    if (size > FASTBOOT_COMMAND) {
        answer(back, "FAIL", "a command has 64 characters at most");
        return;
    }
    memcpy(line, data, size);
    if (strlen(line) == size)
        run(self, back, line);
    else
        answer(back, "FAIL", "a command is text");
}

static void
take_image(struct fastboot *self, struct stream *back, const uint8_t *data, uint32_t size)
{
    if (size > self->size - self->received) {
        fastboot_reset(self);
        answer(back, "FAIL", "more data than announced");
        return;
    }
    memcpy(self->image + self->received, data, size);
    self->received += size;
    if (self->received == self->size)
        answer(back, "OKAY", "");
}

void fastboot_take(struct fastboot *fastboot,
                   struct stream *back,
                   const uint8_t *data,
                   uint32_t size)
{
    if (size == 0) /* a packet that ends a transfer of whole packets */
        return;
    if (fastboot->received < fastboot->size)
        take_image(fastboot, back, data, size);
    else
        take_command(fastboot, back, data, size);
}
