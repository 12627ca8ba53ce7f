#include "cli/info.h"

#include "cli/json_set.h"

/* null when it is not known */
static void set_policy(json_t *object, const char *key, const struct wu_policy *policy)
{
    if (policy->error == ERROR_SUCCESS)
        wu_json_set_integer(object, key, policy->value);
    else
        json_object_set_new(object, key, json_null());
}

static void set_class(json_t *object, UCHAR class_code, UCHAR subclass, UCHAR protocol)
{
    wu_json_set_integer(object, "class", class_code);
    wu_json_set_integer(object, "subclass", subclass);
    wu_json_set_integer(object, "protocol", protocol);
}

/* --- The device ---------------------------------------------------------------------------- */

static void set_hex(json_t *object, const char *key, const char *format, unsigned a, unsigned b)
{
    json_object_set_new(object, key, json_sprintf(format, a, b));
}

static void set_device(json_t *object, const struct wu_facts *facts)
{
    const USB_DEVICE_DESCRIPTOR *device = &facts->device;
    const struct wu_function *function = &facts->function;

    json_object_set_new(object, "device",
                        json_sprintf("%u-%s", function->bus, function->port_path));
    set_hex(object, "id", "%04x:%04x", device->idVendor, device->idProduct);
    json_object_set_new(object, "composite", json_boolean(function->composite));
    wu_json_set_integer(object, "first_interface", function->first_interface);
    set_hex(object, "release", "%x.%02x", device->bcdDevice >> 8U, device->bcdDevice & 0xffU);
    set_hex(object, "usb", "%x.%02x", device->bcdUSB >> 8U, device->bcdUSB & 0xffU);
    set_class(object, device->bDeviceClass, device->bDeviceSubClass, device->bDeviceProtocol);
    wu_json_set_integer(object, "control_packet", device->bMaxPacketSize0);
    wu_json_set_text(object, "manufacturer", function->manufacturer);
    wu_json_set_text(object, "product", function->product);
    wu_json_set_text(object, "serial", function->serial);
    wu_json_set_text(object, "speed", wu_usb_speed_name(function->speed));
    set_policy(object, "device_speed", &facts->speed);
    wu_json_set_text(object, "controller", facts->controller);
    wu_json_set_text(object, "driver", function->driver);
}

static void set_configuration(json_t *object, const struct wu_facts *facts)
{
    const USB_CONFIGURATION_DESCRIPTOR *descriptor = &facts->configuration;
    const UCHAR attributes = descriptor->bmAttributes;
    json_t *configuration = json_object();

    wu_json_set_integer(configuration, "value", descriptor->bConfigurationValue);
    wu_json_set_integer(configuration, "configurations", facts->device.bNumConfigurations);
    wu_json_set_text(configuration, "name", facts->configuration_name);
    wu_json_set_integer(configuration, "interfaces", descriptor->bNumInterfaces);
    json_object_set_new(configuration, "self_powered",
                        json_boolean(attributes & USB_CONFIG_SELF_POWERED));
    json_object_set_new(configuration, "remote_wakeup",
                        json_boolean(attributes & USB_CONFIG_REMOTE_WAKEUP));
    wu_json_set_integer(configuration, "max_power_ma",
                        wu_max_power(descriptor, facts->function.speed));
    json_object_set_new(object, "configuration", configuration);
}

/* --- Interfaces and pipes ------------------------------------------------------------------ */

static json_t *policies_of(const struct wu_pipe_facts *pipe)
{
    json_t *object = json_object();

    for (ULONG type = 1; type <= WU_POLICIES; type++)
        set_policy(object, wu_policy_name(type), &pipe->policies[type - 1]);
    return object;
}

static json_t *
pipe_object(const struct wu_pipe_facts *pipe, enum wu_usb_speed speed, bool has_policies)
{
    const WINUSB_PIPE_INFORMATION_EX *info = &pipe->info;
    const unsigned interval = wu_pipe_interval(info, speed);
    json_t *object = json_object();

    wu_json_set_integer(object, "pipe", info->PipeId);
    wu_json_set_text(object, "direction", USB_ENDPOINT_DIRECTION_IN(info->PipeId) ? "in" : "out");
    wu_json_set_text(object, "type", wu_pipe_type_name(info->PipeType));
    wu_json_set_integer(object, "max_packet", info->MaximumPacketSize);
    wu_json_set_integer(object, "max_bytes_per_interval", info->MaximumBytesPerInterval);
    wu_json_set_integer(object, "interval", info->Interval);
    json_object_set_new(object, "interval_us", interval > 0 ? json_integer(interval) : json_null());
    json_object_set_new(object, "policies", has_policies ? policies_of(pipe) : json_null());
    return object;
}

static json_t *setting_object(const struct wu_facts *facts, size_t index)
{
    const struct wu_setting_facts *setting = &facts->settings[index];
    const USB_INTERFACE_DESCRIPTOR *descriptor = &setting->descriptor;
    json_t *object = json_object();
    json_t *pipes = json_array();

    wu_json_set_integer(object, "interface", descriptor->bInterfaceNumber);
    wu_json_set_integer(object, "alternate", descriptor->bAlternateSetting);
    json_object_set_new(object, "current", json_boolean(setting->current));
    set_class(object, descriptor->bInterfaceClass, descriptor->bInterfaceSubClass,
              descriptor->bInterfaceProtocol);
    wu_json_set_text(object, "name", setting->name);
    for (size_t i = 0; i < facts->pipe_count; i++) {
        if (facts->pipes[i].setting == index)
            json_array_append_new(
                pipes, pipe_object(&facts->pipes[i], facts->function.speed, setting->current));
    }
    json_object_set_new(object, "pipes", pipes);
    return object;
}

bool wu_info_json(const struct wu_facts *facts, FILE *file)
{
    json_t *object = json_object();
    json_t *settings = json_array();

    set_device(object, facts);
    set_configuration(object, facts);
    set_policy(object, "auto_suspend", &facts->auto_suspend);
    set_policy(object, "suspend_delay_ms", &facts->suspend_delay);
    set_policy(object, "control_timeout_ms", &facts->control_timeout);
    for (size_t i = 0; i < facts->setting_count; i++)
        json_array_append_new(settings, setting_object(facts, i));
    json_object_set_new(object, "settings", settings);

    const int error = json_dumpf(object, file, JSON_INDENT(2));
    json_decref(object);
    return error == 0 && fputc('\n', file) != EOF;
}
