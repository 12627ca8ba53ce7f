#include "cli/input.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

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
    if (repeat == 1 || lseek(file, 0, SEEK_CUR) >= 0)
        return true;

    wu_cli_complain("%s can be written only once: %s", path, strerror(errno));
    wu_input_close(input);
    return false;
}

static void fail(struct wu_input *input)
{
    wu_cli_complain("cannot read: %s", strerror(errno));
    input->failed = true;
    input->at_end = true;
}

/* @return false at the end of the last pass */
static bool begin_pass(struct wu_input *input)
{
    if (!input->endless && input->passes_left == 0)
        return false;

    input->passes_left--;
    input->at_end = false;
    input->position = 0;
    if (!input->bytes && lseek(input->file, 0, SEEK_SET) != 0)
        fail(input);
    return !input->failed;
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
static bool is_ready(int file, int wait)
{
    struct pollfd poll_file = { .fd = file, .events = POLLIN };

    return poll(&poll_file, 1, wait) != 0;
}

/* What has come is not held back for more. */
static uint32_t take_of_file(struct wu_input *input, unsigned char *buffer, uint32_t size, int wait)
{
    uint32_t filled = 0;

    while (filled < size && !input->at_end && is_ready(input->file, filled > 0 ? 0 : wait)) {
        const ssize_t got = read(input->file, buffer + filled, size - filled);

        if (got < 0)
            fail(input);
        else if (got == 0)
            input->at_end = true;
        else
            filled += (uint32_t)got;
    }
    return filled;
}

/* Takes what comes next in this pass. */
static enum wu_stream_next
take(struct wu_input *input, unsigned char *buffer, uint32_t size, int wait, uint32_t *length_out)
{
    if (input->at_end)
        return WU_STREAM_END;

    const uint32_t length =
        input->bytes ? take_bytes(input, buffer, size) : take_of_file(input, buffer, size, wait);
    if (length == 0 && !input->bytes)
        return input->at_end ? WU_STREAM_END : WU_STREAM_NOT_YET;
    input->whole = input->packet > 0 && length > 0 && length % input->packet == 0;
    *length_out = length;
    return WU_STREAM_PIECE;
}

/* A short packet tells the device that this was all. */
static enum wu_stream_next end_pass(struct wu_input *input, uint32_t *length_out)
{
    if (!input->whole)
        return WU_STREAM_END;

    input->whole = false;
    *length_out = 0;
    return WU_STREAM_PIECE;
}

enum wu_stream_next wu_input_next(struct wu_input *input,
                                  unsigned char *buffer,
                                  uint32_t size,
                                  int wait,
                                  uint32_t *length_out)
{
    enum wu_stream_next next = take(input, buffer, size, wait, length_out);

    if (next == WU_STREAM_END && !input->failed)
        next = end_pass(input, length_out);
    if (next != WU_STREAM_END || input->failed || !begin_pass(input))
        return next;
    return take(input, buffer, size, wait, length_out); /* an empty file stays empty */
}

void wu_input_close(struct wu_input *input)
{
    if (input->file > STDIN_FILENO)
        close(input->file);
}
