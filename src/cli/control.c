/* The command `winusb control`. */
#include <stdio.h>
#include <stdlib.h>

#include "cli/output.h"
#include "cli/transfer.h"

static const char help[] =
    "Usage: winusb control DEVICE TYPE REQUEST VALUE INDEX [LENGTH | HEX...] [OPTION]...\n"
    "Makes one control transfer. When bit 7 of TYPE is set, LENGTH bytes are asked for and shown;\n"
    "else the bytes HEX, pairs of hexadecimal digits, are sent.\n"
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
    "  --out FILE      a file for what comes, as it is, in place of standard output\n"
    "  --hex           offsets, hexadecimal and characters (default on standard output)\n"
    "  --raw           bytes as they are (default to a file)\n"
    "  --help          this text\n"
    "\n"
    "Examples:\n"
    "  winusb control 1-2 0x80 6 0x0100 0 18            the device descriptor\n"
    "  winusb control 1234:abcd 0x40 0x01 0x0002 0 'de ad be ef'\n"
    "\n"
    "Exit status: 0 done; 1 failed; 2 wrong usage.\n";

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

static enum wu_cli_exit
show(const struct wu_settings *settings, const unsigned char *bytes, ULONG count)
{
    struct wu_output output;

    if (!wu_output_open(settings->file, settings->form, &output))
        return WU_CLI_FAILED;

    const bool written = wu_output_write(&output, bytes, count);
    return wu_output_close(&output) && written ? WU_CLI_OK : WU_CLI_FAILED;
}

static enum wu_cli_exit
transfer(const struct wu_settings *settings, const struct wu_opened *opened, unsigned char *buffer)
{
    const WINUSB_SETUP_PACKET setup = settings->setup;
    ULONG moved = 0;

    if (!wu_transfer_set_timeout(opened->iface, 0, settings->timeout))
        return WU_CLI_FAILED;
    if (!WinUsb_ControlTransfer(opened->iface, setup, buffer, setup.Length, &moved, NULL))
        return wu_cli_fail(GetLastError(), "the control transfer failed");

    if (USB_ENDPOINT_DIRECTION_IN(setup.RequestType))
        return show(settings, buffer, moved);
    fprintf(stderr, "control: %u byte%s sent\n", moved, moved == 1 ? "" : "s");
    return WU_CLI_OK;
}

static enum wu_cli_exit control(struct wu_settings *settings)
{
    const bool in = USB_ENDPOINT_DIRECTION_IN(settings->setup.RequestType);
    unsigned char *incoming = calloc(1, settings->setup.Length + 1U);
    struct wu_opened opened;
    enum wu_cli_exit status = WU_CLI_FAILED;

    if (!incoming)
        return wu_cli_fail(ERROR_NOT_ENOUGH_MEMORY, "cannot begin");
    if (open_interface(settings, &opened)) {
        status = transfer(settings, &opened, in ? incoming : settings->bytes.data);
        wu_opened_close(&opened);
    }
    free(incoming);
    return status;
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
