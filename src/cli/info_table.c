#include "cli/info.h"

#include "cli/table.h"

/* --- The device ---------------------------------------------------------------------------- */

/* What is not known is told by the error. */
static void add_policy(struct wu_table *table, const struct wu_policy *policy, const char *unit)
{
    if (policy->error != ERROR_SUCCESS)
        wu_table_add(table, "- (%s)", wu_cli_error_text(policy->error));
    else
        wu_table_add(table, "%u%s", policy->value, unit);
}

static void add_text(struct wu_table *table, const char *name, const char *text)
{
    if (*text == '\0')
        return;
    wu_table_add(table, "%s", name);
    wu_table_add(table, "%s", text);
}

static void add_ids(struct wu_table *table, const struct wu_facts *facts)
{
    const USB_DEVICE_DESCRIPTOR *device = &facts->device;

    wu_table_add(table, "device");
    wu_table_add(table, "%u-%s, %04x:%04x, release %x.%02x", facts->function.bus,
                 facts->function.port_path, device->idVendor, device->idProduct,
                 device->bcdDevice >> 8, device->bcdDevice & 0xff);
    if (facts->function.composite) {
        wu_table_add(table, "part");
        wu_table_add(table, "mi_%02x of a composite device; --interface N tells of another part",
                     facts->function.first_interface);
    }
    add_text(table, "manufacturer", facts->function.manufacturer);
    add_text(table, "product", facts->function.product);
    add_text(table, "serial", facts->function.serial);
    wu_table_add(table, "USB");
    wu_table_add(table, "%x.%02x, class %02x/%02x/%02x, control packets of %u bytes",
                 device->bcdUSB >> 8, device->bcdUSB & 0xff, device->bDeviceClass,
                 device->bDeviceSubClass, device->bDeviceProtocol, device->bMaxPacketSize0);
}

static void add_speed(struct wu_table *table, const struct wu_facts *facts)
{
    wu_table_add(table, "speed");
    if (facts->speed.error == ERROR_SUCCESS)
        wu_table_add(table, "%s (DEVICE_SPEED %u), on %s", wu_usb_speed_name(facts->function.speed),
                     facts->speed.value, facts->controller);
    else
        wu_table_add(table, "%s, on %s", wu_usb_speed_name(facts->function.speed),
                     facts->controller);
}

static void add_configuration(struct wu_table *table, const struct wu_facts *facts)
{
    const USB_CONFIGURATION_DESCRIPTOR *configuration = &facts->configuration;

    wu_table_add(table, "configuration");
    wu_table_add(table, "%u of %u, %u interface%s, %s-powered%s, %u mA at most%s%s",
                 configuration->bConfigurationValue, facts->device.bNumConfigurations,
                 configuration->bNumInterfaces, configuration->bNumInterfaces == 1 ? "" : "s",
                 configuration->bmAttributes & USB_CONFIG_SELF_POWERED ? "self" : "bus",
                 configuration->bmAttributes & USB_CONFIG_REMOTE_WAKEUP ? ", remote wakeup" : "",
                 wu_max_power(configuration, facts->function.speed),
                 facts->configuration_name[0] ? ", " : "", facts->configuration_name);
}

static bool print_device(const struct wu_facts *facts, FILE *file)
{
    struct wu_table table;

    wu_table_init(&table, 2);
    add_ids(&table, facts);
    add_speed(&table, facts);
    wu_table_add(&table, "driver");
    wu_table_add(&table, "%s%s", facts->function.driver[0] ? facts->function.driver : "none",
                 facts->function.driver[0] ? ", put aside while it is open" : "");
    add_configuration(&table, facts);
    wu_table_add(&table, "AUTO_SUSPEND");
    add_policy(&table, &facts->auto_suspend, "");
    wu_table_add(&table, "SUSPEND_DELAY");
    add_policy(&table, &facts->suspend_delay, " ms");

    const bool complete = !table.failed;
    wu_table_print(&table, file);
    wu_table_free(&table);
    return complete;
}

/* --- Interfaces and pipes ------------------------------------------------------------------ */

enum { PIPE_COLUMNS = 10 };

static void add_setting(struct wu_table *table, const struct wu_setting_facts *setting)
{
    const USB_INTERFACE_DESCRIPTOR *descriptor = &setting->descriptor;

    wu_table_add(table, "%u", descriptor->bInterfaceNumber);
    wu_table_add(table, "%u%s", descriptor->bAlternateSetting, setting->current ? "*" : "");
    wu_table_add(table, "%02x/%02x/%02x", descriptor->bInterfaceClass,
                 descriptor->bInterfaceSubClass, descriptor->bInterfaceProtocol);
}

static void add_interval(struct wu_table *table, unsigned microseconds)
{
    if (microseconds == 0)
        wu_table_add(table, "-");
    else if (microseconds % 1000 == 0)
        wu_table_add(table, "%u ms", microseconds / 1000);
    else
        wu_table_add(table, "%u us", microseconds);
}

static void
add_pipe(struct wu_table *table, const WINUSB_PIPE_INFORMATION_EX *info, enum wu_usb_speed speed)
{
    wu_table_add(table, "0x%02x", info->PipeId);
    wu_table_add(table, "%s", USB_ENDPOINT_DIRECTION_IN(info->PipeId) ? "in" : "out");
    wu_table_add(table, "%s", wu_pipe_type_name(info->PipeType));
    wu_table_add(table, "%u", info->MaximumPacketSize);
    wu_table_add(table, "%u", info->MaximumBytesPerInterval);
    add_interval(table, wu_pipe_interval(info, speed));
}

/* A setting is a row for each pipe; one row when it has none. */
static void add_rows(struct wu_table *table, const struct wu_facts *facts, size_t index)
{
    const struct wu_setting_facts *setting = &facts->settings[index];
    bool has_pipe = false;

    for (size_t i = 0; i < facts->pipe_count; i++) {
        if (facts->pipes[i].setting != index)
            continue;
        add_setting(table, setting);
        add_pipe(table, &facts->pipes[i].info, facts->function.speed);
        wu_table_add(table, "%s", setting->name);
        has_pipe = true;
    }
    if (has_pipe)
        return;
    add_setting(table, setting);
    for (int i = 0; i < 6; i++)
        wu_table_add(table, "-");
    wu_table_add(table, "%s", setting->name);
}

static bool print_pipes(const struct wu_facts *facts, FILE *file)
{
    static const char *const head[PIPE_COLUMNS] = {
        "INTERFACE", "ALT",    "CLASS",        "PIPE",     "DIRECTION",
        "TYPE",      "PACKET", "PER INTERVAL", "INTERVAL", "NAME",
    };
    struct wu_table table;

    wu_table_init(&table, PIPE_COLUMNS);
    for (size_t i = 0; i < PIPE_COLUMNS; i++)
        wu_table_add(&table, "%s", head[i]);
    for (size_t i = 0; i < facts->setting_count; i++)
        add_rows(&table, facts, i);

    const bool complete = !table.failed;
    wu_table_print(&table, file);
    wu_table_free(&table);
    return complete;
}

/* --- Policies ------------------------------------------------------------------------------ */

static bool is_in_use(const struct wu_facts *facts, const struct wu_pipe_facts *pipe)
{
    return facts->settings[pipe->setting].current;
}

static size_t pipes_in_use(const struct wu_facts *facts)
{
    size_t count = 0;

    for (size_t i = 0; i < facts->pipe_count; i++)
        count += is_in_use(facts, &facts->pipes[i]);
    return count;
}

static void add_value(struct wu_table *table, const struct wu_policy *policy)
{
    if (policy->error == ERROR_SUCCESS)
        wu_table_add(table, "%u", policy->value);
    else
        wu_table_add(table, "-");
}

static void add_policies(struct wu_table *table, const struct wu_facts *facts, ULONG type)
{
    static const char *const units[WU_POLICIES + 1] = {
        [PIPE_TRANSFER_TIMEOUT] = " [ms]",
        [MAXIMUM_TRANSFER_SIZE] = " [bytes]",
    };

    wu_table_add(table, "%s%s", wu_policy_name(type), units[type] ? units[type] : "");
    if (type == PIPE_TRANSFER_TIMEOUT)
        add_value(table, &facts->control_timeout);
    else
        wu_table_add(table, "-");
    for (size_t i = 0; i < facts->pipe_count; i++) {
        if (is_in_use(facts, &facts->pipes[i]))
            add_value(table, &facts->pipes[i].policies[type - 1]);
    }
}

static bool print_policies(const struct wu_facts *facts, FILE *file)
{
    struct wu_table table;

    wu_table_init(&table, 2 + pipes_in_use(facts));
    wu_table_add(&table, "POLICY");
    wu_table_add(&table, "0x00");
    for (size_t i = 0; i < facts->pipe_count; i++) {
        if (is_in_use(facts, &facts->pipes[i]))
            wu_table_add(&table, "0x%02x", facts->pipes[i].info.PipeId);
    }
    for (ULONG type = 1; type <= WU_POLICIES; type++)
        add_policies(&table, facts, type);

    const bool complete = !table.failed;
    wu_table_print(&table, file);
    wu_table_free(&table);
    return complete;
}

bool wu_info_tables(const struct wu_facts *facts, FILE *file)
{
    bool complete = print_device(facts, file);

    fputc('\n', file);
    complete = print_pipes(facts, file) && complete;
    fputc('\n', file);
    return print_policies(facts, file) && complete;
}
