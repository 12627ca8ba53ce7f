#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"

static const char help[] =
    "Usage: winusb COMMAND [ARGUMENT]...\n"
    "USB devices as WinUSB sees them.\n"
    "\n"
    "Commands:\n"
    "  list        which devices are there, may be opened, and have a frame counter\n"
    "  info        interfaces, pipes and policies of a device\n"
    "  read        read from a pipe\n"
    "  write       write to a pipe\n"
    "  control     make a control transfer\n"
    "  timesync    follow the frame clock of a USB bus by the performance counter\n"
    "  wine        let Windows programs under Wine find and use devices\n"
    "\n"
    "Options:\n"
    "  --help      this text; 'winusb COMMAND --help' tells about a command\n"
    "  --version   which version this is\n"
    "\n"
    "Examples:\n"
    "  winusb list\n"
    "  winusb info 1-2\n"
    "  winusb read 1-2 0x81 --timeout 1000\n"
    "  winusb timesync --source sim             needs no USB device\n"
    "  winusb timesync 1-2 --seconds 60 --plot bus1.svg\n"
    "\n"
    "Exit status: 0 done, 1 failed, 2 wrong usage.\n"
    "WINUSB_LOG=error|warn|info|debug lets the library say on stderr what it does.\n";

static const struct {
    const char *name;
    enum wu_cli_exit (*run)(int count, char **arguments);
} commands[] = {
    { "list", wu_cli_list },   { "info", wu_cli_info },       { "read", wu_cli_read },
    { "write", wu_cli_write }, { "control", wu_cli_control }, { "timesync", wu_cli_timesync },
    { "wine", wu_cli_wine },
};

static enum wu_cli_exit run_command(int count, char **arguments)
{
    for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
        if (strcmp(arguments[0], commands[i].name) == 0)
            return commands[i].run(count, arguments);
    }

    return wu_cli_usage("", "no command is called '%s'", arguments[0]);
}

static enum wu_cli_exit run(int count, char **arguments)
{
    if (count < 2)
        return wu_cli_usage("", "which command?");

    if (strcmp(arguments[1], "--help") == 0 || strcmp(arguments[1], "-h") == 0) {
        fputs(help, stdout);
        return WU_CLI_OK;
    }
    if (strcmp(arguments[1], "--version") == 0) {
        puts("winusb " WINUSB_VERSION);
        return WU_CLI_OK;
    }
    return run_command(count - 1, arguments + 1);
}

int main(int count, char **arguments)
{
    signal(SIGPIPE, SIG_IGN); /* a write that fails ends the command, which gives the device back */
    const enum wu_cli_exit status = run(count, arguments);

    return (int)(wu_cli_flush() || status != WU_CLI_OK ? status : WU_CLI_FAILED);
}
