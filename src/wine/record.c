#include "wine/record.h"

#include <stdio.h>
#include <string.h>

/* --- Names ---------------------------------------------------------------------------------- */

static char upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

/* Raises what stands before so many separators. */
static void raise_ids(char *name, unsigned separators)
{
    for (; *name != '\0' && separators > 0; name++) {
        separators -= *name == '#';
        *name = upper(*name);
    }
}

void wu_record_instance(const char *name, char instance[WU_LINK_SIZE])
{
    wu_link_device(name, instance);
    raise_ids(instance, 3);
    for (char *c = instance; *c != '\0'; c++)
        if (*c == '#')
            *c = '\\';
}

void wu_record_interface(const char *name, char key[WU_LINK_SIZE + 4])
{
    snprintf(key, WU_LINK_SIZE + 4, "##?#%s", name);
    raise_ids(key + 4, 2);
}

/* --- Values --------------------------------------------------------------------------------- */

static struct wu_record_value *
add(struct wu_record *record, const char *key, const char *name, enum wu_node_type type)
{
    struct wu_record_value *value = &record->values[record->count++];

    snprintf(value->key, sizeof(value->key), "%s", key);
    value->name = name;
    value->type = type;
    return value;
}

static void format_key(const struct wu_node_fact *fact, char key[WU_RECORD_KEY_SIZE])
{
    char set[WU_GUID_TEXT_SIZE];

    wu_guid_format(&fact->set, set);
    snprintf(key, WU_RECORD_KEY_SIZE, WU_RECORD_PROPERTIES "\\%s\\%04X", set, (unsigned)fact->key);
}

static void set_value(struct wu_record_value *value, const struct wu_node_value *told)
{
    memcpy(value->text, told->text, sizeof(told->text));
    value->number = told->number;
}

/* What older programs ask for by a number is a value; newer ones ask by a key of two parts. */
static void
add_fact(struct wu_record *record, const struct wu_node *node, const struct wu_node_fact *fact)
{
    struct wu_record_value *property;
    struct wu_node_value told;
    char key[WU_RECORD_KEY_SIZE];

    if (!wu_node_tell(node, fact, &told))
        return;

    if (fact->value)
        set_value(add(record, "", fact->value, fact->type), &told);
    format_key(fact, key);
    property = add(record, key, "", fact->type);
    property->property = true;
    set_value(property, &told);
}

static void add_facts(struct wu_record *record, const struct wu_node *node)
{
    const struct wu_node_fact *fact;

    for (size_t i = 0; (fact = wu_node_fact_at(i)) != NULL; i++)
        add_fact(record, node, fact);
}

/* Adds one more text to a value of many; it has to fit. */
static void append(struct wu_record_value *value, const char *text)
{
    const size_t used = wu_node_texts_size(value->text) - 1;

    snprintf(value->text + used, sizeof(value->text) - 1 - used, "%s", text);
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
            value = add(record, WU_RECORD_PARAMETERS, "DeviceInterfaceGUIDs", WU_NODE_TEXTS);
        wu_guid_format(&guids->guid[i], text);
        append(value, text);
    }
}

static void
add_symbolic_name(struct wu_record *record, const struct wu_node *node, const GUID *guid)
{
    char path[WU_PATH_SIZE];

    wu_node_path(node, guid, path);
    snprintf(add(record, WU_RECORD_PARAMETERS, WU_RECORD_SYMBOLIC_NAME, WU_NODE_TEXT)->text,
             WU_RECORD_TEXT_SIZE, "\\??\\%s", path + strlen("\\\\?\\"));
}

void wu_record_make(const struct wu_node *node,
                    const struct wu_guids *guids,
                    struct wu_record *record_out)
{
    memset(record_out, 0, sizeof(*record_out));
    add(record_out, "", WU_RECORD_MARK, WU_NODE_FLAG)->number = 1;
    add_facts(record_out, node);
    if (guids) {
        add_guids(record_out, guids);
        add_symbolic_name(record_out, node, &guids->guid[0]);
    } else if (!node->function) {
        add_symbolic_name(record_out, node, wu_hub_guid(node->hub));
    }
}
