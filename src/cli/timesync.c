#include "cli/timesync.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/interrupt.h"
#include "cli/number.h"
#include "devices/select.h"

static const char help[] =
    "Usage: winusb timesync [DEVICE] [OPTION]...\n"
    "Follows the frame clock of a device's bus by the performance counter, and checks each\n"
    "prediction against what came.\n"
    "\n"
    "DEVICE is VID:PID (1234:abcd), bus and ports (1-2.3), an interface path of 'winusb list',\n"
    "or /dev/bus/usb/BBB/DDD. Without: the first that can be opened and has a frame counter,\n"
    "preferably one that no kernel driver uses, because a driver is put aside meanwhile.\n"
    "\n"
    "Options:\n"
    "  --seconds N      how long (default 10; 0: until Ctrl-C)\n"
    "  --interval N     seconds from one line to the next (default 0.5)\n"
    "  --source WAY     how to read the frame counter: auto (default), mmio, debugfs, or sim for\n"
    "                   a simulated controller, which takes no USB at all\n"
    "  --sim OPTIONS    for --source sim, separated by commas: drift=PPM, wander=PPM/MINUTE,\n"
    "                   seed=N, jitter=NS, bits=N, tick=NS, glitch=SHARE, reset=S, stop=S or\n"
    "                   absent=S for outage=S\n"
    "  --json           JSON Lines in place of the table: one object of type \"run\", one of type\n"
    "                   \"sample\" or \"withheld\" per interval, one of type \"summary\"\n"
    "  --plot FILE.svg  a picture of residual, accuracy and rate at the end; takes gnuplot\n"
    "  --help           this text\n"
    "\n"
    "Columns:\n"
    "  frame.u     current USB frame (1 ms) and microframe (125 us)\n"
    "  QPC         performance counter when that microframe began\n"
    "  within      guaranteed accuracy of that\n"
    "  gen         generation; a new one begins when the counter was reset or stood still\n"
    "  rate        by how much a frame lasts longer than 1 ms, since the line before\n"
    "  residual    when a frame was found to have begun, less what the line before predicted\n"
    "\n"
    "Examples:\n"
    "  winusb timesync --source sim --sim drift=37,wander=1,seed=5\n"
    "  winusb timesync 1-2 --seconds 60 --plot bus1.svg\n"
    "  winusb timesync 0627:0001 --json | jq 'select(.type == \"summary\")'\n"
    "\n"
    "Exit status: 0 done, also when ended by Ctrl-C; 1 failed, or no answer came; 2 wrong usage.\n";

static bool parse_method(const char *text, enum wu_frame_method *method)
{
    static const char *const names[] = {
        [WU_FRAME_METHOD_AUTO] = "auto",
        [WU_FRAME_METHOD_MMIO] = "mmio",
        [WU_FRAME_METHOD_DEBUGFS] = "debugfs",
        [WU_FRAME_METHOD_SIM] = "sim",
    };

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        if (strcmp(text, names[i]) == 0) {
            *method = (enum wu_frame_method)i;
            return true;
        }
    }
    return false;
}

/* Takes one option. @return false when its value is wrong */
static bool take_option(struct wu_timesync_settings *settings, int option, const char *value)
{
    switch (option) {
    case 's':
        return wu_parse_seconds(value, 0, &settings->seconds);
    case 'i':
        return wu_parse_seconds(value, 0.01, &settings->interval);
    case 'f':
        settings->source = value;
        return parse_method(value, &settings->method);
    case 'o':
        settings->sim = value;
        return true;
    case 'j':
        settings->json = true;
        return true;
    case 'p':
        settings->plot = value;
        return true;
    default:
        return false;
    }
}

static const char *range_of(int option)
{
    switch (option) {
    case 's':
        return "0 to 1e9 seconds";
    case 'i':
        return "0.01 to 1e9 seconds";
    default:
        return "auto, mmio, debugfs or sim";
    }
}

static const struct option options[] = {
    { "seconds", required_argument, NULL, 's' }, { "interval", required_argument, NULL, 'i' },
    { "source", required_argument, NULL, 'f' },  { "sim", required_argument, NULL, 'o' },
    { "json", no_argument, NULL, 'j' },          { "plot", required_argument, NULL, 'p' },
    { "help", no_argument, NULL, 'h' },          { 0 },
};

static enum wu_cli_exit check_settings(const struct wu_timesync_settings *settings)
{
    const bool is_sim = settings->method == WU_FRAME_METHOD_SIM;

    if (settings->device && wu_select_form(settings->device) == WU_SELECT_NONSENSE)
        return wu_cli_usage("timesync", "'%s' is no VID:PID, port or path", settings->device);
    if (settings->sim && !is_sim)
        return wu_cli_usage("timesync", "--sim goes with --source sim");
    if (settings->device && is_sim)
        return wu_cli_usage("timesync", "--source sim simulates; it takes no device");

    return WU_CLI_OK;
}

/* @param wants_help  set when asked for; nothing else is looked at then */
static enum wu_cli_exit
parse(int count, char **arguments, struct wu_timesync_settings *settings, bool *wants_help)
{
    int option, index;

    while ((option = getopt_long(count, arguments, "h", options, &index)) != -1) {
        if (option == '?')
            return wu_cli_usage("timesync", "wrong arguments");
        if (option == 'h') {
            *wants_help = true;
            return WU_CLI_OK;
        }
        if (!take_option(settings, option, optarg))
            return wu_cli_usage("timesync", "--%s takes %s, not '%s'", options[index].name,
                                range_of(option), optarg);
    }
    if (optind < count)
        settings->device = arguments[optind++];
    if (optind < count)
        return wu_cli_usage("timesync", "one device at a time; what is '%s'?", arguments[optind]);

    return check_settings(settings);
}

static enum wu_cli_exit follow(const struct wu_timesync_settings *settings)
{
    struct wu_run run = { .interval = settings->interval };
    struct wu_feed *feed;

    wu_interrupts_hold(); /* before libusb starts a thread of its own */
    setenv("WINUSB_FRAME_SOURCE", settings->source, 1);
    if (!wu_timesync_open(settings, &run, &feed))
        return WU_CLI_FAILED;

    const enum wu_cli_exit status = wu_timesync_run(settings, &run, feed);
    feed->ops->destroy(feed);
    return status;
}

enum wu_cli_exit wu_cli_timesync(int count, char **arguments)
{
    struct wu_timesync_settings settings = { .seconds = 10, .interval = 0.5, .source = "auto" };
    bool wants_help = false;

    const enum wu_cli_exit status = parse(count, arguments, &settings, &wants_help);
    if (status != WU_CLI_OK)
        return status;
    if (wants_help) {
        fputs(help, stdout);
        return WU_CLI_OK;
    }
    return follow(&settings);
}
