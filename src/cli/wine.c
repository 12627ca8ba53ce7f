/* The command `winusb wine`. */
#define _XOPEN_SOURCE 700 /* realpath */

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/wine_parts.h"
#include "devices/select.h"
#include "wine/rules.h"

static const char help[] =
    "Usage: winusb wine COMMAND [ARGUMENT]...\n"
    "Lets Windows programs under Wine use USB devices by WinUSB, without driver or root.\n"
    "\n"
    "Commands:\n"
    "  install     put winusb.dll into a Wine prefix; Wine's own is kept\n"
    "  uninstall   take it out again, with all that was published\n"
    "  publish     let programs there find devices\n"
    "  unpublish   the reverse\n"
    "  watch       publish as devices are plugged in and out, and tell programs\n"
    "  status      what there is, and what stands in the way\n"
    "\n"
    "Options:\n"
    "  --prefix FOLDER   the Wine prefix; else WINEPREFIX, else ~/.wine\n"
    "  --wine PROGRAM    what starts Wine; else WINE, else WINELOADER, else the prefix's own:\n"
    "                    what runs in it, Proton's, a bottle's runner, what made or updated it;\n"
    "                    else 'wine' or 'wine64' in PATH. 'status' tells which it is\n"
    "  --help            this text; 'winusb wine COMMAND --help' tells about a command\n"
    "\n"
    "Examples:\n"
    "  winusb wine install\n"
    "  winusb wine status\n"
    "\n"
    "Exit status: 0 done, 1 failed, 2 wrong usage.\n";

static const char help_install[] =
    "Usage: winusb wine install [--prefix FOLDER] [--wine PROGRAM]\n"
    "Puts winusb.dll into a Wine prefix, in the place of Wine's own, which is kept, for programs "
    "of\n"
    "64 bits and of 32. From then on programs that load it find the devices that are plugged in "
    "at\n"
    "that time. Where it takes one, an override in the registry has Wine load it (winusb =\n"
    "native,builtin); what was said there before is put back by 'uninstall'. Programs that list\n"
    "USB devices load it, too: it is named there as the installer of their classes.\n"
    "\n"
    "Devices are published then as by 'winusb wine publish'; WINUSB_WINE_PUBLISH=0 in a program's\n"
    "environment turns that off.\n"
    "\n"
    "Options:\n"
    "  --prefix FOLDER   the Wine prefix; else WINEPREFIX, else ~/.wine\n"
    "  --wine PROGRAM    what starts Wine; see 'winusb wine --help'\n"
    "  --help            this text\n"
    "\n"
    "Examples:\n"
    "  winusb wine install\n"
    "  winusb wine install --prefix ~/.steam/steam/steamapps/compatdata/1234/pfx\n"
    "\n"
    "Exit status: 0 done, also when it was installed already; 1 failed; 2 wrong usage.\n";

static const char help_uninstall[] =
    "Usage: winusb wine uninstall [--prefix FOLDER]\n"
    "Takes out of a Wine prefix all that 'winusb wine' has put there: winusb.dll, published "
    "devices\n"
    "and rules. The winusb.dll that was there before is put back, and so is the override.\n"
    "\n"
    "Options:\n"
    "  --prefix FOLDER   the Wine prefix; else WINEPREFIX, else ~/.wine\n"
    "  --wine PROGRAM    what starts Wine; see 'winusb wine --help'\n"
    "  --help            this text\n"
    "\n"
    "Examples:\n"
    "  winusb wine uninstall\n"
    "\n"
    "Exit status: 0 done, also when there was nothing; 1 failed; 2 wrong usage.\n";

static const char help_publish[] =
    "Usage: winusb wine publish [DEVICE] [OPTION]...\n"
    "Lets programs in a Wine prefix find devices (SetupDi, CfgMgr32) and open them (CreateFile):\n"
    "as USB devices, under the interface GUIDs that they name themselves, and those given here.\n"
    "\n"
    "Without DEVICE: those that this user may open and that no driver of the kernel's has. DEVICE\n"
    "is VID:PID (1234:abcd), bus and ports (1-2), or an interface path of 'winusb list'; it is\n"
    "published in any case, and also when it is plugged in later. Or it is 'hubs': host\n"
    "controllers and hubs, which are published unless 'unpublish hubs' was said.\n"
    "What is said here is kept in FOLDER/winusb/rules and holds until 'unpublish'.\n"
    "\n"
    "Options:\n"
    "  --guid {GUID}     an interface GUID that programs look for; repeatable\n"
    "  --inf FILE        the driver's INF file for Windows: its GUIDs, for its devices or DEVICE\n"
    "  --prefix FOLDER   the Wine prefix; else WINEPREFIX, else ~/.wine\n"
    "  --wine PROGRAM    what starts Wine; see 'winusb wine --help'\n"
    "  --help            this text\n"
    "\n"
    "Examples:\n"
    "  winusb wine publish\n"
    "  winusb wine publish 1234:abcd --guid '{01234567-89ab-cdef-0123-456789abcdef}'\n"
    "  winusb wine publish --inf driver/device.inf\n"
    "\n"
    "Exit status: 0 done, also when nothing had to be; 1 failed; 2 wrong usage.\n";

static const char help_unpublish[] =
    "Usage: winusb wine unpublish [DEVICE] [--prefix FOLDER]\n"
    "Takes devices from where programs in a Wine prefix find them. Without DEVICE: all, and\n"
    "nothing is published any more until 'winusb wine publish', not even by a program's start.\n"
    "DEVICE is VID:PID (1234:abcd), bus and ports (1-2), an interface path of 'winusb list', or\n"
    "'hubs': host controllers and hubs, which 'winusb wine publish hubs' publishes again.\n"
    "\n"
    "Options:\n"
    "  --prefix FOLDER   the Wine prefix; else WINEPREFIX, else ~/.wine\n"
    "  --wine PROGRAM    what starts Wine; see 'winusb wine --help'\n"
    "  --help            this text\n"
    "\n"
    "Examples:\n"
    "  winusb wine unpublish 1-2\n"
    "  winusb wine unpublish hubs\n"
    "\n"
    "Exit status: 0 done, also when nothing had to be; 1 failed; 2 wrong usage.\n";

static const char help_watch[] =
    "Usage: winusb wine watch [--prefix FOLDER]\n"
    "Keeps a Wine prefix in step with what is plugged in, as 'winusb wine publish' would, until "
    "it\n"
    "is ended by Ctrl-C or SIGTERM. Programs that wait for devices hear of them "
    "(WM_DEVICECHANGE).\n"
    "\n"
    "Options:\n"
    "  --prefix FOLDER   the Wine prefix; else WINEPREFIX, else ~/.wine\n"
    "  --wine PROGRAM    what starts Wine; see 'winusb wine --help'\n"
    "  --help            this text\n"
    "\n"
    "Examples:\n"
    "  winusb wine watch &\n"
    "\n"
    "Exit status: 0 ended by Ctrl-C or SIGTERM; 1 failed; 2 wrong usage.\n";

static const char help_status[] =
    "Usage: winusb wine status [--prefix FOLDER] [--json]\n"
    "Tells what is installed and published in a Wine prefix, hubs included, which Wine it is of,\n"
    "whether programs of 64 bits and of 32 get our winusb.dll, and what stands in the way.\n"
    "\n"
    "Options:\n"
    "  --prefix FOLDER   the Wine prefix; else WINEPREFIX, else ~/.wine\n"
    "  --wine PROGRAM    what starts Wine; see 'winusb wine --help'\n"
    "  --json            an object in place of the text\n"
    "  --help            this text\n"
    "\n"
    "Examples:\n"
    "  winusb wine status\n"
    "  winusb wine status --json | jq -r '.published[].path'\n"
    "\n"
    "Exit status: 0 told, whatever it is; 1 failed; 2 wrong usage.\n";

struct command {
    const char *name; /* "install" */
    const char *full; /* "wine install" */
    const char *help;
    const char *options; /* letters of what it takes besides prefix and help */
    bool takes_device;
    enum wu_cli_exit (*run)(const struct wu_wine_settings *settings);
};

static const struct command commands[] = {
    { "install", "wine install", help_install, "", false, wu_wine_install },
    { "uninstall", "wine uninstall", help_uninstall, "", false, wu_wine_uninstall },
    { "publish", "wine publish", help_publish, "gi", true, wu_wine_publish },
    { "unpublish", "wine unpublish", help_unpublish, "", true, wu_wine_unpublish },
    { "watch", "wine watch", help_watch, "", false, wu_wine_watch },
    { "status", "wine status", help_status, "j", false, wu_wine_status },
};

/* --- Arguments ------------------------------------------------------------------------------- */

static enum wu_cli_exit
add_guid(const struct command *command, const char *text, struct wu_wine_settings *settings)
{
    GUID guid;

    if (!wu_guid_parse(text, strlen(text), &guid))
        return wu_cli_usage(command->full,
                            "--guid takes {01234567-89ab-cdef-0123-456789abcdef}, not '%s'", text);
    if (settings->guids.count == WU_GUIDS_MAX)
        return wu_cli_usage(command->full, "--guid may be given %d times", WU_GUIDS_MAX);

    wu_guids_add(&settings->guids, &guid);
    return WU_CLI_OK;
}

static enum wu_cli_exit take_option(const struct command *command,
                                    int option,
                                    struct wu_wine_settings *settings,
                                    const char **prefix)
{
    if (option == 'p' && *optarg == '\0')
        return wu_cli_usage(command->full, "--prefix takes a folder, not ''");
    if (option == 'p')
        *prefix = optarg;
    else if (option == 'w')
        settings->wine = optarg;
    else if (option == '?' || !strchr(command->options, option))
        return wu_cli_usage(command->full, "wrong arguments");
    else if (option == 'g')
        return add_guid(command, optarg, settings);
    else if (option == 'i')
        settings->inf = optarg;
    else
        settings->json = true;
    return WU_CLI_OK;
}

/* An absolute path, for Wine runs elsewhere and takes no other; of a prefix that is not there, too.
 */
static bool make_absolute(const char *path, char absolute[PATH_MAX])
{
    char here[PATH_MAX] = "";

    if (realpath(path, absolute))
        return true;
    if (*path != '/' && (!getcwd(here, sizeof(here) - 1) || !strcat(here, "/")))
        return false;
    return snprintf(absolute, PATH_MAX, "%s%s", here, path) < PATH_MAX;
}

static bool choose_prefix(const char *given, char path[PATH_MAX])
{
    const char *environment = getenv("WINEPREFIX"), *home = getenv("HOME");

    if (!given && environment && *environment != '\0')
        given = environment;
    if (!given && !home) {
        wu_cli_complain("neither --prefix nor WINEPREFIX nor HOME says which Wine prefix");
        return false;
    }

    if (snprintf(path, PATH_MAX, "%s%s", given ? given : home, given ? "" : "/.wine") < PATH_MAX)
        return true;
    wu_cli_complain("the path of the Wine prefix is too long");
    return false;
}

static bool set_prefix(const char *given, struct wu_wine_settings *settings)
{
    char path[PATH_MAX];

    settings->prefix_is_given = given != NULL;
    if (!choose_prefix(given, path))
        return false;
    if (make_absolute(path, settings->prefix))
        return true;
    wu_cli_complain("cannot tell where %s is: %s", path, strerror(errno));
    return false;
}

/* Windows has one GUID for controllers, and one for hubs. */
static enum wu_cli_exit check_hubs(const struct command *command,
                                   const struct wu_wine_settings *settings)
{
    if (settings->guids.count == 0 && !settings->inf)
        return WU_CLI_OK;
    return wu_cli_usage(command->full, "hubs take neither --guid nor --inf");
}

static enum wu_cli_exit take_device(const struct command *command,
                                    int count,
                                    char **arguments,
                                    struct wu_wine_settings *settings)
{
    if (optind < count && command->takes_device)
        settings->device = arguments[optind++];
    if (optind < count)
        return wu_cli_usage(command->full, "what is '%s'?", arguments[optind]);
    if (!settings->device)
        return WU_CLI_OK;
    if (strcmp(settings->device, WU_RULE_HUBS) == 0)
        return check_hubs(command, settings);
    if (wu_select_form(settings->device) == WU_SELECT_NONSENSE)
        return wu_cli_usage(command->full, "'%s' is no VID:PID, port, path or 'hubs'",
                            settings->device);
    return WU_CLI_OK;
}

static enum wu_cli_exit run_command(const struct command *command, int count, char **arguments)
{
    static const struct option options[] = {
        { "prefix", required_argument, NULL, 'p' },
        { "wine", required_argument, NULL, 'w' },
        { "guid", required_argument, NULL, 'g' },
        { "inf", required_argument, NULL, 'i' },
        { "json", no_argument, NULL, 'j' },
        { "help", no_argument, NULL, 'h' },
        { 0 },
    };
    struct wu_wine_settings settings = { .json = false };
    const char *prefix = NULL;
    enum wu_cli_exit status = WU_CLI_OK;
    int option;

    while (status == WU_CLI_OK &&
           (option = getopt_long(count, arguments, "h", options, NULL)) != -1) {
        if (option == 'h') {
            fputs(command->help, stdout);
            return WU_CLI_OK;
        }
        status = take_option(command, option, &settings, &prefix);
    }
    if (status == WU_CLI_OK)
        status = take_device(command, count, arguments, &settings);
    if (status != WU_CLI_OK)
        return status;
    return set_prefix(prefix, &settings) ? command->run(&settings) : WU_CLI_FAILED;
}

enum wu_cli_exit wu_cli_wine(int count, char **arguments)
{
    if (count < 2)
        return wu_cli_usage("wine", "which command?");
    if (strcmp(arguments[1], "--help") == 0 || strcmp(arguments[1], "-h") == 0) {
        fputs(help, stdout);
        return WU_CLI_OK;
    }

    for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
        if (strcmp(arguments[1], commands[i].name) == 0)
            return run_command(&commands[i], count - 1, arguments + 1);

    return wu_cli_usage("wine", "no command of it is called '%s'", arguments[1]);
}
