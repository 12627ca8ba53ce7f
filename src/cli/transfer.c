#include "cli/transfer.h"

#include <stdio.h>
#include <unistd.h>

#include "cli/interrupt.h"

static const int64_t PROGRESS_INTERVAL = 500000000; /* [ns] */

/* --- The way to the pipe ------------------------------------------------------------------- */

static void complain_of_no_pipe(const struct wu_settings *settings, const struct wu_opened *opened)
{
    const struct wu_function *function = &opened->item.function;

    if (settings->number != WU_ANY_INTERFACE)
        wu_cli_complain(
            "interface %d of %s has no pipe 0x%02x; see 'winusb info %s --interface %d'",
            settings->number, settings->device, settings->pipe, settings->device, settings->number);
    else if (function->composite)
        wu_cli_complain("part mi_%02x of %s has no pipe 0x%02x; --interface chooses another part",
                        function->first_interface, settings->device, settings->pipe);
    else
        wu_cli_complain("%s has no pipe 0x%02x; see 'winusb info %s'", settings->device,
                        settings->pipe, settings->device);
}

static bool select_interface(const struct wu_settings *settings, struct wu_opened *opened)
{
    const struct wu_wanted wanted = { settings->number, settings->pipe };
    const DWORD error = wu_opened_select(opened, &wanted);

    if (error == ERROR_NO_MORE_ITEMS)
        complain_of_no_pipe(settings, opened);
    else if (error != ERROR_SUCCESS)
        wu_cli_fail(error, "cannot open another interface");
    return error == ERROR_SUCCESS;
}

static bool select_alternate(const struct wu_settings *settings, WINUSB_INTERFACE_HANDLE iface)
{
    if (settings->alternate == WU_AS_IT_IS ||
        WinUsb_SetCurrentAlternateSetting(iface, (UCHAR)settings->alternate))
        return true;

    wu_cli_fail(GetLastError(), "cannot select alternate setting %d", settings->alternate);
    return false;
}

/* Settings are numbered by place there, and by bAlternateSetting here. */
static bool find_in_setting(WINUSB_INTERFACE_HANDLE iface,
                            UCHAR alternate,
                            UCHAR pipe,
                            WINUSB_PIPE_INFORMATION *pipe_out)
{
    USB_INTERFACE_DESCRIPTOR setting;

    for (unsigned i = 0; i <= UINT8_MAX && WinUsb_QueryInterfaceSettings(iface, (UCHAR)i, &setting);
         i++) {
        if (setting.bAlternateSetting == alternate)
            return wu_setting_find_pipe(iface, (UCHAR)i, pipe, pipe_out);
    }
    return false;
}

static bool find_pipe(WINUSB_INTERFACE_HANDLE iface, UCHAR pipe, WINUSB_PIPE_INFORMATION *pipe_out)
{
    WINUSB_PIPE_INFORMATION info;
    UCHAR alternate;

    if (!WinUsb_GetCurrentAlternateSetting(iface, &alternate)) {
        wu_cli_fail(GetLastError(), "cannot tell the alternate setting");
        return false;
    }
    if (!find_in_setting(iface, alternate, pipe, &info)) {
        wu_cli_complain("alternate setting %u has no pipe 0x%02x; choose one by --alternate",
                        alternate, pipe);
        return false;
    }
    if (info.PipeType != UsbdPipeTypeBulk && info.PipeType != UsbdPipeTypeInterrupt) {
        wu_cli_complain("pipe 0x%02x is neither bulk nor interrupt", pipe);
        return false;
    }
    *pipe_out = info;
    return true;
}

bool wu_transfer_set_timeout(WINUSB_INTERFACE_HANDLE iface, UCHAR pipe, int64_t timeout)
{
    ULONG value = (ULONG)timeout;

    if (timeout == WU_AS_IT_IS ||
        WinUsb_SetPipePolicy(iface, pipe, PIPE_TRANSFER_TIMEOUT, sizeof(value), &value))
        return true;

    wu_cli_fail(GetLastError(), "cannot set the timeout of pipe 0x%02x", pipe);
    return false;
}

bool wu_transfer_open(const struct wu_settings *settings,
                      struct wu_opened *opened_out,
                      WINUSB_PIPE_INFORMATION *pipe_out)
{
    struct wu_opened opened;

    wu_interrupts_hold(); /* before libusb starts a thread of its own */
    if (!wu_open_device(settings->device, settings->number, &opened))
        return false;
    if (!select_interface(settings, &opened) || !select_alternate(settings, opened.iface) ||
        !find_pipe(opened.iface, settings->pipe, pipe_out) ||
        !wu_transfer_set_timeout(opened.iface, settings->pipe, settings->timeout)) {
        wu_opened_close(&opened);
        return false;
    }
    *opened_out = opened;
    return true;
}

/* --- How it goes, and how it went ---------------------------------------------------------- */

void wu_progress_init(struct wu_progress *progress, bool watched)
{
    *progress = (struct wu_progress){ .wanted = !watched && isatty(STDERR_FILENO) == 1 };
}

void wu_progress_show(struct wu_progress *progress, const struct wu_amount *amount)
{
    char text[WU_RATE_SIZE];

    if (!progress->wanted || amount->time - progress->shown < PROGRESS_INTERVAL)
        return;

    progress->shown = amount->time;
    wu_rate_format(amount, text);
    fprintf(stderr, "%-*s\r", WU_RATE_SIZE / 2, text);
}

enum wu_cli_exit wu_transfer_run(const struct wu_stream *stream, const char *verb)
{
    struct wu_stream_result result;
    char text[WU_RATE_SIZE];

    if (!wu_stream_run(stream, &result))
        return wu_cli_fail(ERROR_NOT_ENOUGH_MEMORY, "cannot %s", verb);

    wu_rate_format(&result.amount, text);
    fprintf(stderr, "%s pipe 0x%02x: %s\n", verb, stream->pipe, text);
    if (result.error != ERROR_SUCCESS)
        return wu_cli_fail(result.error, "cannot %s pipe 0x%02x", verb, stream->pipe);
    return result.failed ? WU_CLI_FAILED : WU_CLI_OK;
}
