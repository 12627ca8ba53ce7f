#include "cli/settings.h"

#include <getopt.h>
#include <string.h>

#include "cli/open.h"
#include "devices/select.h"
#include "cli/stream.h"

enum { LENGTH_MAX = 64 << 20, CONTROL_MAX = 4096, QUEUE = 4 }; /* [bytes], [bytes], requests */

static const struct option read_options[] = {
    { "length", required_argument, NULL, 'l' },
    { "count", required_argument, NULL, 'c' },
    { "for", required_argument, NULL, 's' },
    { "timeout", required_argument, NULL, 't' },
    { "interface", required_argument, NULL, 'i' },
    { "alternate", required_argument, NULL, 'a' },
    { "queue", required_argument, NULL, 'q' },
    { "out", required_argument, NULL, 'f' },
    { "hex", no_argument, NULL, 'x' },
    { "raw", no_argument, NULL, 'r' },
    { "help", no_argument, NULL, 'h' },
    { 0 },
};

static const struct option write_options[] = {
    { "length", required_argument, NULL, 'l' },
    { "repeat", required_argument, NULL, 'c' },
    { "for", required_argument, NULL, 's' },
    { "timeout", required_argument, NULL, 't' },
    { "interface", required_argument, NULL, 'i' },
    { "alternate", required_argument, NULL, 'a' },
    { "queue", required_argument, NULL, 'q' },
    { "file", required_argument, NULL, 'f' },
    { "zlp", no_argument, NULL, 'z' },
    { "help", no_argument, NULL, 'h' },
    { 0 },
};

static const struct option control_options[] = {
    { "timeout", required_argument, NULL, 't' },
    { "interface", required_argument, NULL, 'i' },
    { "out", required_argument, NULL, 'f' },
    { "hex", no_argument, NULL, 'x' },
    { "raw", no_argument, NULL, 'r' },
    { "help", no_argument, NULL, 'h' },
    { 0 },
};

/* --- Options ------------------------------------------------------------------------------- */

/* Options whose value is a whole number. */
struct range {
    int option;
    uint32_t least;
    uint32_t most;
    const char *unit;
};

static const struct range *find_range(int option)
{
    static const struct range ranges[] = {
        { 'l', 1, LENGTH_MAX, " bytes" }, { 'c', 0, UINT32_MAX, "" },
        { 't', 0, UINT32_MAX, " ms" },    { 'i', 0, UINT8_MAX, "" },
        { 'a', 0, UINT8_MAX, "" },        { 'q', 1, WU_STREAM_QUEUE_MAX, "" },
    };

    for (size_t i = 0; i < sizeof(ranges) / sizeof(*ranges); i++) {
        if (ranges[i].option == option)
            return &ranges[i];
    }
    return NULL;
}

static void set_number(struct wu_settings *settings, int option, uint32_t value)
{
    switch (option) {
    case 'l':
        settings->length = value;
        break;
    case 'c':
        settings->count = value;
        settings->counted = true;
        break;
    case 't':
        settings->timeout = value;
        break;
    case 'i':
        settings->number = (int)value;
        break;
    case 'a':
        settings->alternate = (int)value;
        break;
    default:
        settings->queue = value;
    }
}

static void set_other(struct wu_settings *settings, int option, const char *value)
{
    switch (option) {
    case 'f':
        settings->file = value;
        break;
    case 'x':
        settings->form = WU_OUTPUT_HEX;
        break;
    case 'r':
        settings->form = WU_OUTPUT_RAW;
        break;
    default:
        settings->terminate = settings->terminate || option == 'z';
    }
}

static enum wu_cli_exit
take_option(const char *command, const struct option *option, struct wu_settings *settings)
{
    const struct range *range = find_range(option->val);
    uint32_t value;

    if (option->val == 's' && !wu_parse_seconds(optarg, 0, &settings->seconds))
        return wu_cli_usage(command, "--for takes 0 to 1e9 seconds, not '%s'", optarg);
    if (range && !wu_parse_number(optarg, range->least, range->most, &value))
        return wu_cli_usage(command, "--%s takes %u to %u%s, not '%s'", option->name, range->least,
                            range->most, range->unit, optarg);
    if (range)
        set_number(settings, option->val, value);
    else
        set_other(settings, option->val, optarg);
    return WU_CLI_OK;
}

/* Leaves optind at the first argument that is no option. */
static enum wu_cli_exit take_options(int count,
                                     char **arguments,
                                     const struct option *options,
                                     struct wu_settings *settings)
{
    enum wu_cli_exit status = WU_CLI_OK;
    int option, index;

    while (status == WU_CLI_OK && !settings->wants_help &&
           (option = getopt_long(count, arguments, "h", options, &index)) != -1) {
        if (option == '?')
            status = wu_cli_usage(arguments[0], "wrong arguments");
        else if (option == 'h')
            settings->wants_help = true;
        else
            status = take_option(arguments[0], &options[index], settings);
    }
    if (settings->seconds > 0 && !settings->counted)
        settings->count = 0;
    return status;
}

/* --- Arguments ----------------------------------------------------------------------------- */

static enum wu_cli_exit take_device(char **arguments, int count, struct wu_settings *settings)
{
    if (optind >= count)
        return wu_cli_usage(arguments[0], "which device?");
    settings->device = arguments[optind++];
    if (wu_select_form(settings->device) == WU_SELECT_NONSENSE)
        return wu_cli_usage(arguments[0], "'%s' is no VID:PID, port or path", settings->device);

    return WU_CLI_OK;
}

static enum wu_cli_exit
take_pipe(char **arguments, int count, UCHAR direction, struct wu_settings *settings)
{
    const char *text = optind < count ? arguments[optind++] : NULL;
    uint32_t pipe;

    if (!text)
        return wu_cli_usage(arguments[0], "which pipe?");
    if (!wu_parse_number(text, 1, 255, &pipe) || (pipe & 0x70) != 0 || (pipe & 0x0f) == 0)
        return wu_cli_usage(arguments[0],
                            "'%s' is no pipe; pipes are 0x01 to 0x0f and 0x81 to 0x8f", text);
    if ((pipe & USB_ENDPOINT_DIRECTION_MASK) != direction)
        return wu_cli_usage(arguments[0], "pipe 0x%02x is for the other direction; 0x%02x?", pipe,
                            pipe ^ USB_ENDPOINT_DIRECTION_MASK);

    settings->pipe = (UCHAR)pipe;
    return WU_CLI_OK;
}

static enum wu_cli_exit take_hex(char **arguments, int count, struct wu_settings *settings)
{
    for (; optind < count; optind++) {
        if (!wu_bytes_append_hex(&settings->bytes, arguments[optind]))
            return wu_cli_usage(arguments[0], "'%s' are no bytes: pairs of hexadecimal digits",
                                arguments[optind]);
    }
    return WU_CLI_OK;
}

static enum wu_cli_exit take_nothing_more(char **arguments, int count)
{
    return optind < count ? wu_cli_usage(arguments[0], "what is '%s'?", arguments[optind])
                          : WU_CLI_OK;
}

static void init(struct wu_settings *settings)
{
    *settings = (struct wu_settings){
        .number = WU_ANY_INTERFACE,
        .alternate = WU_AS_IT_IS,
        .count = 1,
        .timeout = WU_AS_IT_IS,
    };
}

/* The time of a write begins when it is submitted, whatever is before it: behind a slow one the
 * others would end before the device comes to them. Reads with a timeout wait for each other
 * anyway.
 */
static void choose_queue(struct wu_settings *settings)
{
    const bool writes = !USB_ENDPOINT_DIRECTION_IN(settings->pipe);

    if (settings->queue == 0)
        settings->queue = writes && settings->timeout > 0 ? 1 : QUEUE;
}

/* --- Commands ------------------------------------------------------------------------------ */

enum wu_cli_exit wu_settings_of_read(int count, char **arguments, struct wu_settings *settings_out)
{
    init(settings_out);
    enum wu_cli_exit status = take_options(count, arguments, read_options, settings_out);

    if (status != WU_CLI_OK || settings_out->wants_help)
        return status;
    status = take_device(arguments, count, settings_out);
    if (status == WU_CLI_OK)
        status = take_pipe(arguments, count, USB_ENDPOINT_DIRECTION_MASK, settings_out);
    choose_queue(settings_out);
    return status == WU_CLI_OK ? take_nothing_more(arguments, count) : status;
}

/* Standard input is sent for as long as there is time, but once. */
static enum wu_cli_exit take_standard_input(char **arguments, struct wu_settings *settings)
{
    if (settings->counted && settings->count != 1)
        return wu_cli_usage(arguments[0], "standard input can be sent only once");

    settings->count = 1;
    return WU_CLI_OK;
}

/* Bytes, or "-", or --file. */
static enum wu_cli_exit take_data(char **arguments, int count, struct wu_settings *settings)
{
    if (!settings->file && optind < count && strcmp(arguments[optind], "-") == 0)
        settings->file = arguments[optind++];
    if (settings->file && strcmp(settings->file, "-") == 0 &&
        take_standard_input(arguments, settings) != WU_CLI_OK)
        return WU_CLI_USAGE;
    if (settings->file)
        return take_nothing_more(arguments, count);
    if (optind >= count)
        return wu_cli_usage(arguments[0], "write what? bytes, --file FILE, or - ?");

    return take_hex(arguments, count, settings);
}

enum wu_cli_exit wu_settings_of_write(int count, char **arguments, struct wu_settings *settings_out)
{
    init(settings_out);
    enum wu_cli_exit status = take_options(count, arguments, write_options, settings_out);

    if (status != WU_CLI_OK || settings_out->wants_help)
        return status;
    status = take_device(arguments, count, settings_out);
    if (status == WU_CLI_OK)
        status = take_pipe(arguments, count, 0, settings_out);
    choose_queue(settings_out);
    return status == WU_CLI_OK ? take_data(arguments, count, settings_out) : status;
}

static enum wu_cli_exit take_setup(char **arguments, int count, WINUSB_SETUP_PACKET *setup)
{
    static const struct {
        const char *name;
        uint32_t most;
    } fields[] = { { "type", 255 }, { "request", 255 }, { "value", 65535 }, { "index", 65535 } };
    uint32_t values[4];

    for (size_t i = 0; i < 4; i++, optind++) {
        if (optind >= count)
            return wu_cli_usage(arguments[0], "which %s?", fields[i].name);
        if (!wu_parse_number(arguments[optind], 0, fields[i].most, &values[i]))
            return wu_cli_usage(arguments[0], "'%s' is no %s: [0..%u]", arguments[optind],
                                fields[i].name, fields[i].most);
    }
    *setup = (WINUSB_SETUP_PACKET){ .RequestType = (UCHAR)values[0],
                                    .Request = (UCHAR)values[1],
                                    .Value = (USHORT)values[2],
                                    .Index = (USHORT)values[3] };
    return WU_CLI_OK;
}

/* How many bytes to ask for, or the bytes to send. */
static enum wu_cli_exit take_stage(char **arguments, int count, struct wu_settings *settings)
{
    const bool in = settings->setup.RequestType & USB_ENDPOINT_DIRECTION_MASK;

    if (in && optind < count) {
        if (!wu_parse_number(arguments[optind], 0, CONTROL_MAX, &settings->length))
            return wu_cli_usage(arguments[0], "'%s' is no length: [0..%d]", arguments[optind],
                                CONTROL_MAX);
        optind++;
        settings->setup.Length = (USHORT)settings->length;
    }
    if (in)
        return take_nothing_more(arguments, count);

    const enum wu_cli_exit status = take_hex(arguments, count, settings);
    if (status == WU_CLI_OK && settings->bytes.count > CONTROL_MAX)
        return wu_cli_usage(arguments[0], "more than %d bytes", CONTROL_MAX);
    settings->setup.Length = (USHORT)settings->bytes.count;
    return status;
}

enum wu_cli_exit
wu_settings_of_control(int count, char **arguments, struct wu_settings *settings_out)
{
    init(settings_out);
    enum wu_cli_exit status = take_options(count, arguments, control_options, settings_out);

    if (status != WU_CLI_OK || settings_out->wants_help)
        return status;
    status = take_device(arguments, count, settings_out);
    if (status == WU_CLI_OK)
        status = take_setup(arguments, count, &settings_out->setup);
    return status == WU_CLI_OK ? take_stage(arguments, count, settings_out) : status;
}

void wu_settings_free(struct wu_settings *settings)
{
    wu_bytes_free(&settings->bytes);
}
