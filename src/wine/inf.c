#include "wine/inf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { LINE_SIZE = 1024, NAME_SIZE = 128 };

static const char blanks[] = " \t\r";

/* A place in the text, after a line that has been taken; where it is in which section. */
struct reader {
    const char *next;
    char section[NAME_SIZE];
    char line[LINE_SIZE]; /* the line taken, without comment and continued as need be */
};

/* --- Lines ---------------------------------------------------------------------------------- */

static char *trim(char *text)
{
    size_t length;

    text += strspn(text, blanks);
    length = strlen(text);
    while (length > 0 && strchr(blanks, text[length - 1]))
        text[--length] = '\0';
    return text;
}

/* A semicolon outside of quotes begins a comment. */
static void cut_comment(char *line)
{
    bool quoted = false;

    for (; *line != '\0'; line++) {
        quoted ^= *line == '"';
        if (*line == ';' && !quoted)
            *line = '\0', line--;
    }
}

/* Adds the next line to what is there; tells whether yet another one continues it. */
static bool append_line(struct reader *reader)
{
    const size_t have = strlen(reader->line);
    const size_t length = strcspn(reader->next, "\n");
    const size_t fits = length < LINE_SIZE - 1 - have ? length : LINE_SIZE - 1 - have;
    char *end;

    memcpy(reader->line + have, reader->next, fits);
    reader->line[have + fits] = '\0';
    reader->next += length + (reader->next[length] == '\n');
    cut_comment(reader->line + have);

    end = strrchr(reader->line, '\\');
    if (!end || *trim(end + 1) != '\0')
        return false;
    *end = '\0';
    return true;
}

static void take_section(struct reader *reader, char *line)
{
    line[strcspn(line, "]")] = '\0';
    snprintf(reader->section, sizeof(reader->section), "%s", trim(line));
}

/* Takes the next line that is none of a section's head. */
static bool next_line(struct reader *reader)
{
    while (*reader->next != '\0') {
        char *line;

        reader->line[0] = '\0';
        while (append_line(reader) && *reader->next != '\0')
            ;
        line = trim(reader->line);
        if (*line != '[' && *line != '\0')
            return true;
        if (*line == '[')
            take_section(reader, line + 1);
    }

    return false;
}

static bool next_line_of(struct reader *reader, const char *section)
{
    while (next_line(reader))
        if (strcasecmp(reader->section, section) == 0)
            return true;

    return false;
}

/* Splits `key = value`; without an equals sign there is no value, but an empty text. */
static char *value_of(char *line, char **key_out)
{
    char *equals = strchr(line, '=');

    if (equals)
        *equals = '\0';
    *key_out = trim(line);
    return equals ? trim(equals + 1) : line + strlen(line);
}

/* Takes the next of a list with commas; NULL at its end. */
static char *next_item(char **list)
{
    char *item = *list;
    bool quoted = false;

    if (!item)
        return NULL;

    while (**list != '\0' && (**list != ',' || quoted))
        quoted ^= *(*list)++ == '"';
    *list = **list == ',' ? (*(*list)++ = '\0', *list) : NULL;
    return trim(item);
}

/* --- GUIDs ---------------------------------------------------------------------------------- */

static void add_guids_in(const char *text, struct wu_guids *guids)
{
    const size_t length = WU_GUID_TEXT_SIZE - 1;
    GUID guid;

    for (; (text = strchr(text, '{')) != NULL; text++)
        if (strnlen(text, length) == length && wu_guid_parse(text, length, &guid))
            wu_guids_add(guids, &guid);
}

static void add_guids_of_string(const char *text, const char *name, struct wu_guids *guids)
{
    struct reader reader = { .next = text };

    while (next_line_of(&reader, "Strings")) {
        char *key, *value = value_of(reader.line, &key);

        if (strcasecmp(key, name) == 0)
            add_guids_in(value, guids);
    }
}

static void add_guids_of_value(const char *text, char *value, struct wu_guids *guids)
{
    char *end = strrchr(value, '%');

    add_guids_in(value, guids);
    if (*value != '%' || end == value)
        return;

    *end = '\0';
    add_guids_of_string(text, value + 1, guids);
}

/* HKR,,DeviceInterfaceGUIDs,0x10000,"{...}" */
static void add_guids_of_line(const char *text, char *line, struct wu_guids *guids)
{
    char *rest = line;
    const char *root = next_item(&rest);
    const char *key = next_item(&rest);
    const char *name = next_item(&rest);
    char *item;

    if (!root || !key || !name)
        return;

    name += *name == '"';
    if (strncasecmp(name, "DeviceInterfaceGUID", strlen("DeviceInterfaceGUID")) != 0)
        return;
    while ((item = next_item(&rest)) != NULL)
        add_guids_of_value(text, item, guids);
}

static void add_guids_of_section(const char *text, const char *section, struct wu_guids *guids)
{
    struct reader reader = { .next = text };

    while (next_line_of(&reader, section))
        add_guids_of_line(text, reader.line, guids);
}

/* The install section itself has values of the driver; those of the device are in NAME[.NT...].HW
 */
static bool is_hardware_of(const char *section, const char *install)
{
    const size_t length = strlen(install), all = strlen(section);

    return all > length + 2 && strncasecmp(section, install, length) == 0 &&
           section[length] == '.' && strcasecmp(section + all - 3, ".HW") == 0;
}

static void add_guids_of_install(const char *text, const char *install, struct wu_guids *guids)
{
    struct reader reader = { .next = text };

    while (next_line(&reader)) {
        char *key, *list, *section;

        if (!is_hardware_of(reader.section, install))
            continue;
        list = value_of(reader.line, &key);
        while (strcasecmp(key, "AddReg") == 0 && (section = next_item(&list)) != NULL)
            add_guids_of_section(text, section, guids);
    }
}

/* --- Models --------------------------------------------------------------------------------- */

static bool parse_hardware_id(const char *text, struct wu_inf_device *device)
{
    unsigned vid, pid, part;
    const int count =
        strncasecmp(text, "USB\\", 4) == 0
            ? sscanf(text + 4, "%*[Vv]%*[Ii]%*[Dd]_%4x&%*[Pp]%*[Ii]%*[Dd]_%4x&%*[Mm]%*[Ii]_%2x",
                     &vid, &pid, &part)
            : 0;

    if (count < 2)
        return false;

    device->vid = (unsigned short)vid;
    device->pid = (unsigned short)pid;
    device->part = count == 3 ? (int)part : -1;
    return true;
}

static bool is_known(const struct wu_inf_device *devices, size_t count)
{
    const struct wu_inf_device *last = &devices[count];

    for (size_t i = 0; i < count; i++)
        if (devices[i].vid == last->vid && devices[i].pid == last->pid &&
            devices[i].part == last->part)
            return true;

    return false;
}

/* %Name% = Install, USB\VID_1234&PID_5678; the same for each kind of Windows, in several sections
 */
static size_t add_model(const char *text, char *line, struct wu_inf_device *devices, size_t count)
{
    char *key, *list = value_of(line, &key);
    const char *install = next_item(&list);
    char *id;

    while (list && (id = next_item(&list)) != NULL && count < WU_INF_DEVICES_MAX) {
        struct wu_inf_device *device = &devices[count];

        memset(device, 0, sizeof(*device));
        if (!parse_hardware_id(id, device) || is_known(devices, count))
            continue;
        add_guids_of_install(text, install, &device->guids);
        count += device->guids.count > 0;
    }

    return count;
}

size_t wu_inf_devices(const char *text, struct wu_inf_device *devices)
{
    struct reader reader = { .next = text };
    size_t count = 0;

    while (next_line(&reader))
        if (strchr(reader.line, '='))
            count = add_model(text, reader.line, devices, count);

    return count;
}

/* --- Text ----------------------------------------------------------------------------------- */

static char plain(unsigned character)
{
    return character > 0 && character < 0x80 ? (char)character : '?';
}

char *wu_inf_text(const unsigned char *bytes, size_t size)
{
    const bool little = size >= 2 && bytes[0] == 0xFF && bytes[1] == 0xFE;
    const bool big = size >= 2 && bytes[0] == 0xFE && bytes[1] == 0xFF;
    const size_t width = little || big ? 2 : 1;
    char *text = malloc(size / width + 1);
    size_t length = 0;

    if (!text)
        return NULL;

    for (size_t i = width == 2 ? 2 : 0; i + width <= size; i += width)
        text[length++] = plain(width == 1 ? bytes[i]
                               : little   ? bytes[i] | (unsigned)bytes[i + 1] << 8
                                          : bytes[i + 1] | (unsigned)bytes[i] << 8);
    text[length] = '\0';
    return text;
}
