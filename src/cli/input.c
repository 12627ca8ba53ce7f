#include "cli/input.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/interrupt.h"

void wu_input_of_bytes(struct wu_input *input, const struct wu_bytes *bytes, uint32_t repeat)
{
    *input = (struct wu_input){
        .bytes = bytes, .file = -1, .passes_left = repeat - 1, .endless = repeat == 0
    };
}

bool wu_input_of_file(struct wu_input *input, const char *path, uint32_t repeat)
{
    const int file = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);

    if (file < 0) {
        wu_cli_complain("cannot open %s: %s", path, strerror(errno));
        return false;
    }
    *input = (struct wu_input){ .file = file, .passes_left = repeat - 1, .endless = repeat == 0 };
    return true;
}

/* @return false at the end of the last pass */
static bool begin_pass(struct wu_input *input)
{
    if (!input->endless && input->passes_left == 0)
        return false;

    input->passes_left--;
    input->at_end = false;
    input->position = 0;
    return input->bytes || lseek(input->file, 0, SEEK_SET) == 0;
}

static uint32_t take_bytes(struct wu_input *input, unsigned char *buffer, uint32_t size)
{
    const size_t left = input->bytes->count - input->position;
    const uint32_t here = left < size ? (uint32_t)left : size;

    if (here > 0)
        memcpy(buffer, input->bytes->data + input->position, here);
    input->position += here;
    input->at_end = input->position == input->bytes->count;
    return here;
}

/* Held signals do not end a read(), so one is begun only when it will not wait. */
static ssize_t read_some(int file, unsigned char *buffer, size_t size)
{
    struct pollfd poll_file = { .fd = file, .events = POLLIN };

    while (poll(&poll_file, 1, WU_LOOK_AROUND) == 0) {
        if (wu_interrupted())
            return 0;
    }
    return read(file, buffer, size);
}

static uint32_t take_of_file(struct wu_input *input, unsigned char *buffer, uint32_t size)
{
    uint32_t filled = 0;

    while (filled < size && !input->at_end) {
        const ssize_t got = read_some(input->file, buffer + filled, size - filled);

        if (got < 0) {
            wu_cli_complain("cannot read: %s", strerror(errno));
            input->failed = true;
        }
        if (got <= 0)
            input->at_end = true;
        else
            filled += (uint32_t)got;
    }
    return filled;
}

bool wu_input_next(struct wu_input *input,
                   unsigned char *buffer,
                   uint32_t size,
                   uint32_t *length_out)
{
    if (input->failed || (input->at_end && !begin_pass(input)))
        return false;
    if (input->bytes) {
        *length_out = take_bytes(input, buffer, size);
        return true;
    }

    uint32_t length = take_of_file(input, buffer, size);
    if (length == 0 && !input->failed && begin_pass(input))
        length = take_of_file(input, buffer, size); /* an empty file stays empty */
    if (length > 0)
        *length_out = length;
    return length > 0;
}

void wu_input_close(struct wu_input *input)
{
    if (input->file > STDIN_FILENO)
        close(input->file);
}
