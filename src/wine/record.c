#include "wine/record.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define CLASS_GUID "{88bae032-5a81-49f0-bc3d-a4ff138216d6}" /* of devices with WinUSB */
#define PARAMETERS "Device Parameters"

enum { REMOVABLE = 0x04, UNIQUE = 0x10, SURPRISES = 0x80 }; /* CM_DEVCAP_... */

/* --- Names ---------------------------------------------------------------------------------- */

static char upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

/* Windows writes all in capitals but the instance, which is the serial number as it is. */
static void raise_ids(char *name)
{
    unsigned separators = 0;

    for (; *name != '\0' && separators < 2; name++) {
        separators += *name == '#';
        *name = upper(*name);
    }
}

void wu_record_instance(const char *name, char instance[WU_LINK_SIZE])
{
    wu_link_device(name, instance);
    raise_ids(instance);
    for (char *c = instance; *c != '\0'; c++)
        if (*c == '#')
            *c = '\\';
}

void wu_record_interface(const char *name, char key[WU_LINK_SIZE + 4])
{
    snprintf(key, WU_LINK_SIZE + 4, "##?#%s", name);
    raise_ids(key + 4);
}

/* --- Values --------------------------------------------------------------------------------- */

static struct wu_record_value *
add(struct wu_record *record, const char *key, const char *name, enum wu_record_type type)
{
    struct wu_record_value *value = &record->values[record->count++];

    value->key = key;
    value->name = name;
    value->type = type;
    return value;
}

static void add_text(struct wu_record *record, const char *name, const char *text)
{
    snprintf(add(record, "", name, WU_RECORD_TEXT)->text, WU_RECORD_TEXT_SIZE, "%s", text);
}

static void add_number(struct wu_record *record, const char *name, DWORD number)
{
    add(record, "", name, WU_RECORD_NUMBER)->number = number;
}

/* Adds one more text to a value of many; it has to fit. */
static void append(struct wu_record_value *value, const char *format, ...)
{
    size_t used = 0;
    va_list arguments;

    while (value->text[used] != '\0')
        used += strlen(value->text + used) + 1;
    va_start(arguments, format);
    vsnprintf(value->text + used, WU_RECORD_TEXT_SIZE - 1 - used, format, arguments);
    va_end(arguments);
}

static void add_ids(struct wu_record *record, const struct wu_function *function)
{
    struct wu_record_value *ids = add(record, "", "HardwareID", WU_RECORD_TEXTS);
    char part[8] = "";

    if (function->composite)
        snprintf(part, sizeof(part), "&MI_%02X", function->first_interface);
    append(ids, "USB\\VID_%04X&PID_%04X&REV_%04X%s", function->vid, function->pid, function->bcd,
           part);
    append(ids, "USB\\VID_%04X&PID_%04X%s", function->vid, function->pid, part);

    ids = add(record, "", "CompatibleIDs", WU_RECORD_TEXTS);
    append(ids, "USB\\Class_%02X&SubClass_%02X&Prot_%02X", function->class_code, function->subclass,
           function->protocol);
    append(ids, "USB\\Class_%02X&SubClass_%02X", function->class_code, function->subclass);
    append(ids, "USB\\Class_%02X", function->class_code);
}

static unsigned port_of(const struct wu_function *function)
{
    const char *dot = strrchr(function->port_path, '.');
    unsigned port = 0;

    sscanf(dot ? dot + 1 : function->port_path, "%u", &port);
    return port;
}

static void add_place(struct wu_record *record, const struct wu_function *function)
{
    char text[64];

    snprintf(text, sizeof(text), "Port_#%04u.Hub_#%04u", port_of(function), function->bus);
    add_text(record, "LocationInformation", text);
    add_number(record, "Address",
               function->composite ? function->first_interface : port_of(function));
}

static void add_names(struct wu_record *record, const struct wu_function *function)
{
    add_text(record, "DeviceDesc", function->product[0] ? function->product : "WinUSB device");
    add_text(record, "Mfg", function->manufacturer[0] ? function->manufacturer : "WinUSB");
    if (function->product[0] != '\0')
        add_text(record, "FriendlyName", function->product);
}

/* Those of the driver; that of all USB devices comes from the bus. */
static void add_guids(struct wu_record *record, const struct wu_guids *guids)
{
    struct wu_record_value *value = NULL;
    char text[WU_GUID_TEXT_SIZE];

    for (unsigned i = 0; i < guids->count; i++) {
        if (wu_guid_equal(&guids->guid[i], &wu_guid_usb_device))
            continue;
        if (!value)
            value = add(record, PARAMETERS, "DeviceInterfaceGUIDs", WU_RECORD_TEXTS);
        wu_guid_format(&guids->guid[i], text);
        append(value, "%s", text);
    }
}

static void add_parameters(struct wu_record *record,
                           const struct wu_function *function,
                           const struct wu_guids *guids)
{
    struct wu_record_value *value;
    char name[WU_LINK_SIZE];

    add_guids(record, guids);
    wu_link_name(function, &wu_guid_usb_device, name);
    value = add(record, PARAMETERS, "SymbolicName", WU_RECORD_TEXT);
    snprintf(value->text, WU_RECORD_TEXT_SIZE, "\\??\\%s", name);
}

/* --- Properties ------------------------------------------------------------------------------- */

#define PROPERTY(number) "Properties\\{a45c254e-df1c-4efd-8020-67d146a850e0}\\" number
#define BUS_REPORTED "Properties\\{540b947e-8b40-45bc-a8a2-6a0b894cbda2}\\0004"

/* What newer programs ask for, by a key of two parts, says the same once more. */
static const struct {
    const char *value;
    const char *key;
} properties[] = {
    { "DeviceDesc", PROPERTY("0002") },    { "HardwareID", PROPERTY("0003") },
    { "CompatibleIDs", PROPERTY("0004") }, { "Service", PROPERTY("0006") },
    { "Class", PROPERTY("0009") },         { "Mfg", PROPERTY("000D") },
    { "FriendlyName", PROPERTY("000E") },  { "LocationInformation", PROPERTY("000F") },
    { "FriendlyName", BUS_REPORTED },
};

static void add_property(struct wu_record *record, const char *name, const char *key)
{
    for (size_t i = 0; i < record->count; i++) {
        const struct wu_record_value *value = &record->values[i];

        if (strcmp(value->name, name) == 0) {
            struct wu_record_value *copy = add(record, key, "", value->type);

            memcpy(copy->text, value->text, sizeof(copy->text));
            copy->property = true;
            return;
        }
    }
}

static void add_properties(struct wu_record *record)
{
    for (size_t i = 0; i < sizeof(properties) / sizeof(*properties); i++)
        add_property(record, properties[i].value, properties[i].key);
}

void wu_record_make(const struct wu_function *function,
                    const struct wu_guids *guids,
                    struct wu_record *record_out)
{
    memset(record_out, 0, sizeof(*record_out));
    add_text(record_out, "Class", "USBDevice");
    add_text(record_out, "ClassGUID", CLASS_GUID);
    add_text(record_out, "Service", "WinUSB");
    add_names(record_out, function);
    add_ids(record_out, function);
    add_place(record_out, function);
    add_number(record_out, "Capabilities",
               REMOVABLE | SURPRISES | (function->serial[0] != '\0' ? UNIQUE : 0));
    add_number(record_out, "ConfigFlags", 0);
    add_parameters(record_out, function, guids);
    add_properties(record_out);
}
