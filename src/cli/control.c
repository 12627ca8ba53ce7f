/* The command `winusb control`. */
#include <stdio.h>
#include <string.h>

#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/transfer.h"

static const char help[] =
    "Usage: winusb control DEVICE TYPE REQUEST VALUE INDEX [LENGTH | HEX...] [OPTION]...\n"
    "Makes one control transfer. When bit 7 of TYPE is set, LENGTH bytes are asked for and shown;\n"
    "else the bytes HEX, pairs of hexadecimal digits, are sent. 4096 bytes at most.\n"
    "\n"
    "DEVICE is VID:PID (1234:abcd), bus and ports (1-2), an interface path of 'winusb list', or\n"
    "/dev/bus/usb/BBB/DDD. Numbers are decimal, or hexadecimal after 0x.\n"
    "\n"
    "A request to an interface (TYPE & 0x1f is 1) goes to the one that the low byte of INDEX "
    "names;\n"
    "as with Microsoft's WinUSB, that byte is always the number of an interface that is open.\n"
    "\n"
    "Options:\n"
    "  --timeout MS    how long it may take (default 5000; 0: for ever)\n"
    "  --interface N   the interface, in place of INDEX's low byte or the function's first\n"
    "  --out FILE      a file for what comes, as it is, in place of standard output (-)\n"
    "  --hex           offsets, hexadecimal and characters (default on standard output)\n"
    "  --raw           bytes as they are (default to a file)\n"
    "  --help          this text\n"
    "\n"
    "Examples:\n"
    "  winusb control 1-2 0x80 6 0x0100 0 18            the device descriptor\n"
    "  winusb control 1234:abcd 0x40 0x01 0x0002 0 'de ad be ef'\n"
    "\n"
    "Exit status: 0 done; 1 failed, or ended by Ctrl-C; 2 wrong usage.\n";

static bool is_to_interface(const WINUSB_SETUP_PACKET *setup)
{
    return (setup->RequestType & 0x1f) == BMREQUEST_TO_INTERFACE;
}

static bool open_interface(const struct wu_settings *settings, struct wu_opened *opened)
{
    const bool named = settings->number == WU_ANY_INTERFACE && is_to_interface(&settings->setup);
    const struct wu_wanted wanted = { named ? settings->setup.Index & 0xff : settings->number,
                                      WU_ANY_PIPE };

    if (!wu_open_device(settings->device, wanted.number, opened))
        return false;
    const DWORD error = wu_opened_select(opened, &wanted);
    if (error == ERROR_SUCCESS)
        return true;

    wu_cli_fail(error, "cannot open interface %d", wanted.number);
    wu_opened_close(opened);
    return false;
}

/* A stream of one request. */
struct transfer {
    const struct wu_settings *settings;
    struct wu_output output; /* of what comes */
    bool begun;
};

static bool is_in(const struct wu_settings *settings)
{
    return USB_ENDPOINT_DIRECTION_IN(settings->setup.RequestType);
}

static enum wu_stream_next
next(void *context, unsigned char *buffer, uint32_t size, int wait, uint32_t *length_out)
{
    struct transfer *self = context;
    const struct wu_settings *settings = self->settings;

    (void)size;
    (void)wait;
    if (self->begun)
        return WU_STREAM_END;

    self->begun = true;
    if (settings->bytes.count > 0)
        memcpy(buffer, settings->bytes.data, settings->bytes.count);
    *length_out = settings->setup.Length;
    return WU_STREAM_PIECE;
}

static bool moved(void *context, const unsigned char *buffer, uint32_t length)
{
    struct transfer *self = context;

    return !is_in(self->settings) || wu_output_write(&self->output, buffer, length);
}

static void progress(void *context, const struct wu_amount *amount)
{
    (void)context;
    (void)amount;
}

static enum wu_cli_exit sum_up(const struct wu_stream_result *result, bool in)
{
    const unsigned long long bytes = result->amount.bytes;

    if (result->error != ERROR_SUCCESS)
        return wu_cli_fail(result->error, "the control transfer failed");
    if (result->amount.requests == 0) {
        wu_cli_complain("the control transfer was interrupted");
        return WU_CLI_FAILED;
    }
    fprintf(stderr, "control: %llu byte%s %s\n", bytes, bytes == 1 ? "" : "s",
            in ? "received" : "sent");
    return result->failed ? WU_CLI_FAILED : WU_CLI_OK;
}

static enum wu_cli_exit run(struct transfer *self, const struct wu_opened *opened)
{
    static const struct wu_stream_ops ops = { next, moved, progress };
    const struct wu_settings *settings = self->settings;
    const struct wu_stream stream = {
        .iface = opened->iface,
        .setup = settings->setup,
        .size = settings->setup.Length + 1U, /* there may be no data */
        .queue = 1,
        .ops = &ops,
        .context = self,
    };
    struct wu_stream_result result;

    if (!wu_transfer_set_timeout(opened->iface, 0, settings->timeout))
        return WU_CLI_FAILED;
    if (!wu_stream_run(&stream, &result))
        return wu_cli_fail(ERROR_NOT_ENOUGH_MEMORY, "cannot begin");
    return sum_up(&result, is_in(settings));
}

static enum wu_cli_exit open_and_run(struct transfer *self)
{
    struct wu_opened opened;

    wu_interrupts_hold(); /* before libusb starts a thread of its own */
    if (!open_interface(self->settings, &opened))
        return WU_CLI_FAILED;

    const enum wu_cli_exit status = run(self, &opened);
    wu_opened_close(&opened);
    return status;
}

/* The output comes first: what cannot be kept is not asked for. */
static enum wu_cli_exit control(const struct wu_settings *settings)
{
    struct transfer self = { .settings = settings };
    const char *file = is_in(settings) ? settings->file : NULL;

    if (!wu_output_open(file, settings->form, &self.output))
        return WU_CLI_FAILED;

    const enum wu_cli_exit status = open_and_run(&self);
    return wu_output_close(&self.output) ? status : WU_CLI_FAILED;
}

enum wu_cli_exit wu_cli_control(int count, char **arguments)
{
    struct wu_settings settings;
    enum wu_cli_exit status = wu_settings_of_control(count, arguments, &settings);

    if (status == WU_CLI_OK && settings.wants_help)
        fputs(help, stdout);
    else if (status == WU_CLI_OK)
        status = control(&settings);
    wu_settings_free(&settings);
    return status;
}
