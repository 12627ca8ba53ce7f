#include "devices/path.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NODES "/dev/bus/usb/"
#define PREFIX "\\\\?\\"
#define NAME "usb#"

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Windows rejects control characters, commas and all beyond ASCII; the others would end the name
 * or turn it into more than one. */
static bool is_allowed(char c)
{
    return c > 0x20 && c < 0x7F && strchr(",#\\/?*\"<>|", c) == NULL;
}

bool wu_path_instance_from_serial(const char *serial, char *instance)
{
    char text[WU_INSTANCE_SIZE] = { 0 };
    size_t length = 0;

    for (const char *from = serial; *from != '\0'; from++) {
        const char c = *from == ' ' ? '_' : lower(*from);

        if (!is_allowed(c) || length + 1 == sizeof(text))
            return false;
        text[length++] = c;
    }

    if (length == 0)
        return false;
    memcpy(instance, text, sizeof(text));
    return true;
}

/* FNV-1a, of where the device hangs. */
static uint32_t hash_place(const struct wu_function *function)
{
    char place[64];
    uint32_t hash = 2166136261u;

    snprintf(place, sizeof(place), "%u-%s", function->bus, function->port_path);
    for (const char *c = place; *c != '\0'; c++)
        hash = (hash ^ (unsigned char)*c) * 16777619u;

    return hash;
}

void wu_path_instance_from_port(const struct wu_function *function, char *instance)
{
    const char *dot = strrchr(function->port_path, '.');
    const char *port = dot ? dot + 1 : function->port_path;

    if (function->composite)
        snprintf(instance, WU_INSTANCE_SIZE, "6&%08x&0&%04x", (unsigned)hash_place(function),
                 function->first_interface);
    else
        snprintf(instance, WU_INSTANCE_SIZE, "5&%08x&0&%s", (unsigned)hash_place(function),
                 *port != '\0' ? port : "0");
}

void wu_function_path(const struct wu_function *function, const GUID *guid, char *path)
{
    char part[8] = "", text[WU_GUID_TEXT_SIZE];

    if (function->composite)
        snprintf(part, sizeof(part), "&mi_%02x", function->first_interface);

    wu_guid_format(guid, text);
    snprintf(path, WU_PATH_SIZE, PREFIX NAME "vid_%04x&pid_%04x%s#%s#%s", function->vid,
             function->pid, part, function->instance, text);
}

bool wu_path_equal(const char *a, size_t length, const char *b)
{
    for (size_t i = 0; i < length; i++)
        if (b[i] == '\0' || lower(a[i]) != lower(b[i]))
            return false;

    return true;
}

static bool parse_number(const char **text, unsigned *number_out)
{
    char *end;
    const unsigned long number = strtoul(*text, &end, 10);

    if (**text < '0' || **text > '9' || end - *text > 4)
        return false;

    *number_out = (unsigned)number;
    *text = end;
    return true;
}

bool wu_path_parse_node(const char *path, unsigned *bus_out, unsigned *address_out)
{
    const char *rest = path + sizeof(NODES) - 1;
    unsigned bus, address;

    if (strncmp(path, NODES, sizeof(NODES) - 1) != 0 || !parse_number(&rest, &bus) ||
        *rest++ != '/' || !parse_number(&rest, &address) || *rest != '\0')
        return false;

    *bus_out = bus;
    *address_out = address;
    return true;
}

const char *wu_path_name(const char *path)
{
    static const char *const prefixes[] = { PREFIX, "\\\\.\\", "\\??\\" };

    for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
        const size_t length = strlen(prefixes[i]);

        if (strncmp(path, prefixes[i], length) == 0 &&
            wu_path_equal(NAME, sizeof(NAME) - 1, path + length))
            return path + length;
    }

    return NULL;
}

bool wu_path_has_ids(const char *name, unsigned short vid, unsigned short pid)
{
    char start[sizeof(NAME "vid_1234&pid_5678")];

    snprintf(start, sizeof(start), NAME "vid_%04x&pid_%04x", vid, pid);
    return wu_path_equal(start, sizeof(start) - 1, name);
}

size_t wu_path_parse_interface(const char *name, GUID *guid_out)
{
    const char *last = strrchr(name, '#');

    return last && wu_guid_parse(last + 1, strlen(last + 1), guid_out) ? (size_t)(last - name) : 0;
}
