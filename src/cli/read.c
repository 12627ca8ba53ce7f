/* The command `winusb read`. */
#include <stdio.h>

#include "cli/output.h"
#include "cli/transfer.h"

static const char help[] =
    "Usage: winusb read DEVICE PIPE [OPTION]...\n"
    "Reads from a bulk or interrupt pipe, and shows what comes.\n"
    "\n"
    "DEVICE is VID:PID (1234:abcd), bus and ports (1-2), an interface path of 'winusb list', or\n"
    "/dev/bus/usb/BBB/DDD. PIPE is an address such as 0x81; 'winusb info' tells which there are.\n"
    "Numbers are decimal, or hexadecimal after 0x.\n"
    "\n"
    "Options:\n"
    "  --length N      bytes to ask for in one request (default: one packet; 65536 for speed)\n"
    "  --count N       how many requests (default 1; 0: until Ctrl-C)\n"
    "  --for SECONDS   how long; without --count as many requests as there is time for\n"
    "  --timeout MS    how long a request may take (default 0: for ever)\n"
    "  --queue N       requests in flight, so that the bus need not wait (default 4); with\n"
    "                  --timeout, or where --length is not of whole packets, the library makes\n"
    "                  them one at a time\n"
    "  --interface N   the interface (default: the one that has the pipe; of a composite device,\n"
    "                  this chooses the part, too)\n"
    "  --alternate N   the alternate setting to select\n"
    "  --out FILE      a file for what comes, as it is, in place of standard output (-)\n"
    "  --hex           offsets, hexadecimal and characters (default on standard output)\n"
    "  --raw           bytes as they are (default to a file)\n"
    "  --help          this text\n"
    "\n"
    "Bytes, seconds and MB/s (10^6 bytes) are told on stderr.\n"
    "\n"
    "Examples:\n"
    "  winusb read 1-2 0x81 --count 10 --timeout 1000\n"
    "  winusb read 1234:abcd 0x81 --length 65536 --for 10 --out data.bin\n"
    "  winusb read 1-2 0x81 --count 0 --raw | hexdump -C\n"
    "\n"
    "Exit status: 0 done, also when ended by Ctrl-C; 1 failed; 2 wrong usage.\n";

struct reading {
    struct wu_output output;
    struct wu_progress progress;
    uint32_t left; /* requests */
    bool endless;
};

static enum wu_stream_next
next(void *context, unsigned char *buffer, uint32_t size, int wait, uint32_t *length_out)
{
    struct reading *self = context;

    (void)buffer;
    (void)wait;
    if (!self->endless && self->left == 0)
        return WU_STREAM_END;

    self->left--;
    *length_out = size;
    return WU_STREAM_PIECE;
}

static bool moved(void *context, const unsigned char *buffer, uint32_t length)
{
    struct reading *self = context;

    return wu_output_write(&self->output, buffer, length);
}

static void progress(void *context, const struct wu_amount *amount)
{
    struct reading *self = context;

    wu_progress_show(&self->progress, amount);
}

static enum wu_cli_exit read_all(struct reading *self,
                                 const struct wu_settings *settings,
                                 const struct wu_opened *opened,
                                 const WINUSB_PIPE_INFORMATION *pipe)
{
    static const struct wu_stream_ops ops = { next, moved, progress };
    const struct wu_stream stream = {
        .iface = opened->iface,
        .pipe = settings->pipe,
        .size = settings->length > 0 ? settings->length : pipe->MaximumPacketSize,
        .queue = settings->queue,
        .seconds = settings->seconds,
        .ops = &ops,
        .context = self,
    };

    wu_progress_init(&self->progress, wu_output_is_watched(&self->output));
    return wu_transfer_run(&stream, "read");
}

static enum wu_cli_exit open_and_read(struct reading *self, const struct wu_settings *settings)
{
    struct wu_opened opened;
    WINUSB_PIPE_INFORMATION pipe;

    if (!wu_transfer_open(settings, &opened, &pipe))
        return WU_CLI_FAILED;

    const enum wu_cli_exit status = read_all(self, settings, &opened, &pipe);
    wu_opened_close(&opened);
    return status;
}

/* The output comes first: a FIFO may wait for its reader, and a wrong path is no reason to take the
 * device. */
static enum wu_cli_exit read_pipe(const struct wu_settings *settings)
{
    struct reading self = { .left = settings->count, .endless = settings->count == 0 };

    if (!wu_output_open(settings->file, settings->form, &self.output))
        return WU_CLI_FAILED;

    const enum wu_cli_exit status = open_and_read(&self, settings);
    return wu_output_close(&self.output) ? status : WU_CLI_FAILED;
}

enum wu_cli_exit wu_cli_read(int count, char **arguments)
{
    struct wu_settings settings;
    enum wu_cli_exit status = wu_settings_of_read(count, arguments, &settings);

    if (status == WU_CLI_OK && settings.wants_help)
        fputs(help, stdout);
    else if (status == WU_CLI_OK)
        status = read_pipe(&settings);
    wu_settings_free(&settings);
    return status;
}
