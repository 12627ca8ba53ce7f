#include "devices/select.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "devices/path.h"

static const char hexadecimal[] = "0123456789abcdefABCDEF";
static const char digits[] = "0123456789";

static bool is_ids(const char *text)
{
    return strspn(text, hexadecimal) == 4 && text[4] == ':' && strspn(text + 5, hexadecimal) == 4 &&
           text[9] == '\0';
}

static bool is_port(const char *text)
{
    const size_t bus = strspn(text, digits);
    if (bus == 0 || text[bus] != '-')
        return false;

    const char *port = text + bus;
    do {
        port++; /* the dash, or a dot */
        const size_t length = strspn(port, digits);
        if (length == 0)
            return false;
        port += length;
    } while (*port == '.');
    return *port == '\0';
}

static bool is_path(const char *text)
{
    return strncmp(text, "/dev/bus/usb/", strlen("/dev/bus/usb/")) == 0 ||
           wu_path_name(text) != NULL;
}

enum wu_select_form wu_select_form(const char *text)
{
    if (is_path(text))
        return WU_SELECT_PATH;
    if (is_ids(text))
        return WU_SELECT_IDS;
    return is_port(text) ? WU_SELECT_PORT : WU_SELECT_NONSENSE;
}

bool wu_select_matches(const char *text, const struct wu_function *function)
{
    char ids[16];
    char port[64];

    snprintf(ids, sizeof(ids), "%04x:%04x", function->vid, function->pid);
    snprintf(port, sizeof(port), "%u-%s", function->bus, function->port_path);
    return strcasecmp(text, ids) == 0 || strcmp(text, port) == 0;
}
