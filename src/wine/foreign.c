#include "wine/foreign.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "devices/devices.h"
#include "devices/guids.h"
#include "wine/prefix.h"
#include "wine/record.h"

enum { LINE_SIZE = 1024 };

/* Nodes that hubs belong to. Their names have two backslashes for one, as all names in there. */
struct nodes {
    char (*names)[LINE_SIZE]; /* owned */
    size_t count;
    bool failed;
};

/* What a pass over the file does with a line of a section. */
typedef void take_line(struct nodes *nodes, const char *section, const char *line);

static void pass(const char *prefix, take_line *take, struct nodes *nodes)
{
    FILE *file = wu_prefix_open(prefix, "system.reg");
    char line[LINE_SIZE], section[LINE_SIZE] = "";

    while (file && fgets(line, sizeof(line), file))
        if (*line == '[')
            memcpy(section, line, sizeof(section));
        else
            take(nodes, section, line);
    if (file)
        fclose(file);
}

/* @return what follows @p part in a text, in any case; NULL: it is not in there */
static const char *behind(const char *text, const char *part)
{
    const size_t size = strlen(part);

    for (; *text != '\0'; text++)
        if (strncasecmp(text, part, size) == 0)
            return text + size;
    return NULL;
}

/* --- Which nodes have hubs ---------------------------------------------------------------------
 */

static void add(struct nodes *nodes, const char *name, size_t length)
{
    char(*grown)[LINE_SIZE] = realloc(nodes->names, (nodes->count + 1) * sizeof(*grown));

    if (!grown) {
        nodes->failed = true;
        return;
    }
    nodes->names = grown;
    memcpy(grown[nodes->count], name, length);
    grown[nodes->count++][length] = '\0';
}

/* [System\\ControlSet001\\Control\\DeviceClasses\\{GUID}\\##?#USB#...]: it names its node. */
static void take_interface(struct nodes *nodes, const char *section, const char *line)
{
    static const char value[] = "\"DeviceInstance\"=\"";
    char guid[WU_GUID_TEXT_SIZE];
    const char *class = behind(section, "\\\\Control\\\\DeviceClasses\\\\");

    wu_guid_format(&wu_guid_usb_hub, guid);
    if (class && strncasecmp(class, guid, strlen(guid)) == 0 &&
        strncasecmp(line, value, sizeof(value) - 1) == 0)
        add(nodes, line + sizeof(value) - 1, strcspn(line + sizeof(value) - 1, "\"\r\n"));
}

/* --- Which of them are ours --------------------------------------------------------------------
 */

static void remove_node(struct nodes *nodes, const char *name, size_t length)
{
    for (size_t i = 0; i < nodes->count;)
        if (strlen(nodes->names[i]) == length && strncasecmp(nodes->names[i], name, length) == 0)
            memmove(nodes->names[i], nodes->names[--nodes->count], sizeof(*nodes->names));
        else
            i++;
}

/* [System\\ControlSet001\\Enum\\NODE]: ours has a mark. */
static void take_node(struct nodes *nodes, const char *section, const char *line)
{
    static const char mark[] = "\"" WU_RECORD_MARK "\"=";
    const char *node = behind(section, "\\\\Enum\\\\");

    if (node && strncmp(line, mark, sizeof(mark) - 1) == 0)
        remove_node(nodes, node, strcspn(node, "]"));
}

bool wu_foreign_has_hubs(const char *prefix)
{
    struct nodes nodes = { .names = NULL };
    bool found;

    pass(prefix, take_interface, &nodes);
    if (nodes.count > 0)
        pass(prefix, take_node, &nodes);
    found = nodes.count > 0 && !nodes.failed;
    free(nodes.names);
    return found;
}
