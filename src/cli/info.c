/* The command `winusb info`. */
#include "cli/info.h"

#include <getopt.h>

#include "cli/collect.h"
#include "cli/interrupt.h"
#include "cli/number.h"
#include "devices/select.h"

static const char help[] =
    "Usage: winusb info DEVICE [--json]\n"
    "Tells what WinUSB knows of a device: descriptors, interfaces with all their alternate "
    "settings,\n"
    "pipes and policies.\n"
    "\n"
    "DEVICE is VID:PID (1234:abcd), bus and ports (1-2), an interface path of 'winusb list', or\n"
    "/dev/bus/usb/BBB/DDD. It is opened meanwhile, and a kernel driver that has it put aside.\n"
    "\n"
    "Columns:\n"
    "  ALT           alternate setting; * marks the selected one\n"
    "  CLASS         class, subclass and protocol\n"
    "  PACKET        MaximumPacketSize in bytes\n"
    "  PER INTERVAL  MaximumBytesPerInterval\n"
    "  INTERVAL      how often the pipe is served at the most\n"
    "Policies are those of the pipes of the selected settings, and of the control pipe 0x00.\n"
    "\n"
    "Options:\n"
    "  --interface N   of a composite device, the part that has this interface\n"
    "  --json          an object in place of the tables\n"
    "  --help          this text\n"
    "\n"
    "Examples:\n"
    "  winusb info 1-2\n"
    "  winusb info 1234:abcd --json | jq '.settings[].pipes[].pipe'\n"
    "\n"
    "Exit status: 0 done; 1 failed, or ended by Ctrl-C; 2 wrong usage.\n";

struct info_settings {
    const char *device;
    int number; /* bInterfaceNumber, or WU_ANY_INTERFACE */
    bool json;
    bool wants_help;
};

static bool has_interface(const struct wu_facts *facts, int number)
{
    bool found = number == WU_ANY_INTERFACE;

    for (size_t i = 0; i < facts->setting_count; i++)
        found = found || facts->settings[i].descriptor.bInterfaceNumber == number;
    return found;
}

static enum wu_cli_exit collect(const struct info_settings *settings, struct wu_facts *facts_out)
{
    struct wu_opened opened;

    wu_interrupts_hold(); /* before libusb starts a thread of its own */
    if (!wu_open_device(settings->device, settings->number, &opened))
        return WU_CLI_FAILED;

    const DWORD error = wu_facts_collect(&opened, facts_out);
    wu_opened_close(&opened);
    return error == ERROR_SUCCESS ? WU_CLI_OK
                                  : wu_cli_fail(error, "cannot describe %s", settings->device);
}

static enum wu_cli_exit tell(const struct info_settings *settings, const struct wu_facts *facts)
{
    const bool told = settings->json ? wu_info_json(facts, stdout) : wu_info_tables(facts, stdout);

    if (!told)
        wu_cli_complain("cannot write it all");
    if (facts->error != ERROR_SUCCESS)
        wu_cli_fail(facts->error, "interfaces are missing");
    return told && facts->error == ERROR_SUCCESS ? WU_CLI_OK : WU_CLI_FAILED;
}

/* The device is given back before anything is told, which may wait for who reads it. */
static enum wu_cli_exit info(const struct info_settings *settings)
{
    struct wu_facts facts;
    enum wu_cli_exit status = collect(settings, &facts);

    if (status != WU_CLI_OK)
        return status;

    if (has_interface(&facts, settings->number)) {
        status = tell(settings, &facts);
    } else {
        wu_cli_complain("%s has no interface %d", settings->device, settings->number);
        status = WU_CLI_FAILED;
    }
    wu_facts_free(&facts);
    return status;
}

static enum wu_cli_exit take_options(int count, char **arguments, struct info_settings *settings)
{
    static const struct option options[] = {
        { "interface", required_argument, NULL, 'i' },
        { "json", no_argument, NULL, 'j' },
        { "help", no_argument, NULL, 'h' },
        { 0 },
    };
    int option;

    while ((option = getopt_long(count, arguments, "h", options, NULL)) != -1) {
        uint32_t number;

        if (option == '?')
            return wu_cli_usage("info", "wrong arguments");
        if (option == 'i' && !wu_parse_number(optarg, 0, 255, &number))
            return wu_cli_usage("info", "--interface takes 0 to 255, not '%s'", optarg);
        if (option == 'i')
            settings->number = (int)number;
        settings->json = settings->json || option == 'j';
        settings->wants_help = settings->wants_help || option == 'h';
    }
    return WU_CLI_OK;
}

enum wu_cli_exit wu_cli_info(int count, char **arguments)
{
    struct info_settings settings = { .number = WU_ANY_INTERFACE };
    const enum wu_cli_exit status = take_options(count, arguments, &settings);

    if (status != WU_CLI_OK)
        return status;
    if (settings.wants_help) {
        fputs(help, stdout);
        return WU_CLI_OK;
    }
    if (optind >= count)
        return wu_cli_usage("info", "which device?");
    settings.device = arguments[optind++];
    if (optind < count)
        return wu_cli_usage("info", "one device at a time; what is '%s'?", arguments[optind]);
    if (wu_select_form(settings.device) == WU_SELECT_NONSENSE)
        return wu_cli_usage("info", "'%s' is no VID:PID, port or path", settings.device);

    return info(&settings);
}
