/* The command `winusb write`. */
#include <stdio.h>

#include "cli/input.h"
#include "cli/transfer.h"

enum { PIECE = 65536 }; /* [bytes] of a file in one request */

static const char help[] =
    "Usage: winusb write DEVICE PIPE HEX... [OPTION]...\n"
    "       winusb write DEVICE PIPE --file FILE [OPTION]...\n"
    "       winusb write DEVICE PIPE - [OPTION]...\n"
    "Writes bytes, a file or standard input to a bulk or interrupt pipe.\n"
    "\n"
    "DEVICE is VID:PID (1234:abcd), bus and ports (1-2), an interface path of 'winusb list', or\n"
    "/dev/bus/usb/BBB/DDD. PIPE is an address such as 0x01; 'winusb info' tells which there are.\n"
    "HEX are pairs of hexadecimal digits, sent in one request; '' sends an empty packet. Numbers\n"
    "are decimal, or hexadecimal after 0x.\n"
    "\n"
    "Options:\n"
    "  --file FILE     what to write; -: standard input, which is written as it comes\n"
    "  --length N      bytes of one request at most (default: all HEX, 65536 of a file)\n"
    "  --repeat N      how often to write all of it (default 1; 0: until Ctrl-C)\n"
    "  --for SECONDS   how long; without --repeat as often as there is time for, but standard\n"
    "                  input once\n"
    "  --timeout MS    how long a request may take (default 0: for ever)\n"
    "  --queue N       requests in flight, so that the bus need not wait (default 4; 1 with\n"
    "                  --timeout, as the time of each begins when it is submitted)\n"
    "  --zlp           end all of it with a short packet, each time, if need be an empty one\n"
    "  --interface N   the interface (default: the one that has the pipe; of a composite device,\n"
    "                  this chooses the part, too)\n"
    "  --alternate N   the alternate setting to select\n"
    "  --help          this text\n"
    "\n"
    "Bytes, seconds and MB/s (10^6 bytes) are told on stderr.\n"
    "\n"
    "Examples:\n"
    "  winusb write 1-2 0x01 '01 02 ff' --timeout 1000\n"
    "  winusb write 1234:abcd 0x01 --file firmware.bin --zlp\n"
    "  head -c 100000000 /dev/zero | winusb write 1-2 0x01 -\n"
    "\n"
    "Exit status: 0 done, also when ended by Ctrl-C; 1 failed; 2 wrong usage.\n";

struct writing {
    struct wu_input input;
    struct wu_progress progress;
};

static enum wu_stream_next
next(void *context, unsigned char *buffer, uint32_t size, int wait, uint32_t *length_out)
{
    struct writing *self = context;

    return wu_input_next(&self->input, buffer, size, wait, length_out);
}

static bool moved(void *context, const unsigned char *buffer, uint32_t length)
{
    (void)context;
    (void)buffer;
    (void)length;
    return true;
}

static void progress(void *context, const struct wu_amount *amount)
{
    struct writing *self = context;

    wu_progress_show(&self->progress, amount);
}

static uint32_t size_of_request(const struct wu_settings *settings)
{
    if (settings->length > 0)
        return settings->length;
    if (settings->file)
        return PIECE;
    return settings->bytes.count > 0 ? (uint32_t)settings->bytes.count : 1;
}

static bool open_input(const struct wu_settings *settings, struct wu_input *input)
{
    if (settings->file)
        return wu_input_of_file(input, settings->file, settings->count);

    wu_input_of_bytes(input, &settings->bytes, settings->count);
    return true;
}

static enum wu_cli_exit
write_all(struct writing *self, const struct wu_settings *settings, const struct wu_opened *opened)
{
    static const struct wu_stream_ops ops = { next, moved, progress };
    const struct wu_stream stream = {
        .iface = opened->iface,
        .pipe = settings->pipe,
        .size = size_of_request(settings),
        .queue = settings->queue,
        .seconds = settings->seconds,
        .ops = &ops,
        .context = self,
    };

    wu_progress_init(&self->progress, false);
    const enum wu_cli_exit status = wu_transfer_run(&stream, "write");
    return self->input.failed ? WU_CLI_FAILED : status;
}

static enum wu_cli_exit open_and_write(struct writing *self, const struct wu_settings *settings)
{
    struct wu_opened opened;
    WINUSB_PIPE_INFORMATION pipe;

    if (!wu_transfer_open(settings, &opened, &pipe))
        return WU_CLI_FAILED;

    if (settings->terminate)
        self->input.packet = pipe.MaximumPacketSize;
    const enum wu_cli_exit status = write_all(self, settings, &opened);
    wu_opened_close(&opened);
    return status;
}

/* The input comes first: a FIFO may wait for its writer, and a wrong path is no reason to take the
 * device. */
static enum wu_cli_exit write_pipe(const struct wu_settings *settings)
{
    struct writing self;

    if (!open_input(settings, &self.input))
        return WU_CLI_FAILED;

    const enum wu_cli_exit status = open_and_write(&self, settings);
    wu_input_close(&self.input);
    return status;
}

enum wu_cli_exit wu_cli_write(int count, char **arguments)
{
    struct wu_settings settings;
    enum wu_cli_exit status = wu_settings_of_write(count, arguments, &settings);

    if (status == WU_CLI_OK && settings.wants_help)
        fputs(help, stdout);
    else if (status == WU_CLI_OK)
        status = write_pipe(&settings);
    wu_settings_free(&settings);
    return status;
}
