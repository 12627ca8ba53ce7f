#include "wine/registry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#include "wine/record.h"
#include "wine/tree.h"

#define SYSTEM "SYSTEM\\CurrentControlSet\\"
#define DEVICES SYSTEM "Enum\\"
#define INTERFACES WU_REGISTRY_INTERFACES

enum { KEY_SIZE = 1024 };

/* --- Keys and values ------------------------------------------------------------------------ */

static DWORD open_key(HKEY parent, const char *name, HKEY *key_out)
{
    WCHAR wide[KEY_SIZE];

    MultiByteToWideChar(CP_UTF8, 0, name, -1, wide, KEY_SIZE);
    return (DWORD)RegCreateKeyExW(parent, wide, 0, NULL, 0, KEY_ALL_ACCESS, NULL, key_out, NULL);
}

/* What a value is as bytes: a property has a type of its own, which Wine marks. */
struct bytes {
    union {
        WCHAR text[WU_RECORD_TEXT_SIZE];
        DWORD number;
        signed char flag;
        GUID guid;
    } is;
    DWORD type;
    DWORD size;
};

/* Text of several texts has NULs inside. */
static void make_text(const struct wu_record_value *value, struct bytes *bytes)
{
    const bool several = value->type == WU_NODE_TEXTS;
    const size_t length = several ? wu_node_texts_size(value->text) : strlen(value->text) + 1;
    const int count = MultiByteToWideChar(CP_UTF8, 0, value->text, (int)length, bytes->is.text,
                                          WU_RECORD_TEXT_SIZE);

    bytes->size = (DWORD)count * (DWORD)sizeof(WCHAR);
    bytes->type = several ? REG_MULTI_SZ : REG_SZ;
    if (value->property)
        bytes->type = WU_TREE_PROPERTY | (several ? WU_TREE_TEXTS : WU_TREE_TEXT);
}

static void make_number(const struct wu_record_value *value, struct bytes *bytes)
{
    bytes->is.number = value->number;
    bytes->size = sizeof(bytes->is.number);
    bytes->type = value->property ? WU_TREE_PROPERTY | WU_TREE_NUMBER : REG_DWORD;
}

static void make_flag(const struct wu_record_value *value, struct bytes *bytes)
{
    if (!value->property) {
        make_number(value, bytes);
        return;
    }
    bytes->is.flag = value->number != 0 ? -1 : 0;
    bytes->size = sizeof(bytes->is.flag);
    bytes->type = WU_TREE_PROPERTY | WU_TREE_FLAG;
}

static void make_guid(const struct wu_record_value *value, struct bytes *bytes)
{
    if (!value->property || !wu_guid_parse(value->text, strlen(value->text), &bytes->is.guid)) {
        make_text(value, bytes);
        return;
    }
    bytes->size = sizeof(bytes->is.guid);
    bytes->type = WU_TREE_PROPERTY | WU_TREE_GUID;
}

static DWORD set_value(HKEY key, const struct wu_record_value *value)
{
    static void (*const make[])(const struct wu_record_value *, struct bytes *) = {
        [WU_NODE_TEXT] = make_text,     [WU_NODE_TEXTS] = make_text, [WU_NODE_GUID] = make_guid,
        [WU_NODE_NUMBER] = make_number, [WU_NODE_FLAG] = make_flag,
    };
    struct bytes bytes;
    WCHAR name[64];

    make[value->type](value, &bytes);
    MultiByteToWideChar(CP_UTF8, 0, value->name, -1, name, 64);
    return (DWORD)RegSetValueExW(key, name, 0, bytes.type, (const BYTE *)&bytes.is, bytes.size);
}

static DWORD set_below(HKEY parent, const char *path, const struct wu_record_value *value)
{
    HKEY key;
    DWORD error = open_key(parent, path, &key);

    if (error != ERROR_SUCCESS)
        return error;

    error = set_value(key, value);
    RegCloseKey(key);
    return error;
}

static DWORD set_in(HKEY key, const struct wu_record_value *value)
{
    return *value->key != '\0' ? set_below(key, value->key, value) : set_value(key, value);
}

/* --- Removing ------------------------------------------------------------------------------- */

static DWORD remove_tree(const char *path)
{
    WCHAR wide[KEY_SIZE];
    DWORD error;

    MultiByteToWideChar(CP_UTF8, 0, path, -1, wide, KEY_SIZE);
    error = (DWORD)RegDeleteTreeW(HKEY_LOCAL_MACHINE, wide);
    return error == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : error;
}

static bool is_empty(const char *path)
{
    DWORD keys = 1, values = 1;
    HKEY key;

    if (RegOpenKeyExA(HKEY_LOCAL_MACHINE, path, 0, KEY_READ, &key) != ERROR_SUCCESS)
        return false;
    RegQueryInfoKeyW(key, NULL, NULL, NULL, &keys, NULL, NULL, &values, NULL, NULL, NULL, NULL);
    RegCloseKey(key);
    return keys == 0 && values == 0;
}

/* Removes the keys above that are empty now; those of the system itself, above @top, stay. */
static void remove_empty(char *path, size_t top)
{
    char *last;

    while ((last = strrchr(path, '\\')) != NULL && (size_t)(last - path) >= top) {
        *last = '\0';
        if (!is_empty(path))
            return;
        RegDeleteKeyA(HKEY_LOCAL_MACHINE, path);
    }
}

/* --- Devices -------------------------------------------------------------------------------- */

static bool is_class(const struct wu_record_value *value)
{
    return !value->property && strcmp(value->name, WU_RECORD_CLASS) == 0;
}

static DWORD set_those(HKEY key, const struct wu_record *record, bool of_class)
{
    DWORD error = ERROR_SUCCESS;

    for (size_t i = 0; i < record->count && error == ERROR_SUCCESS; i++)
        if (is_class(&record->values[i]) == of_class)
            error = set_in(key, &record->values[i]);
    return error;
}

static DWORD write_record(const struct wu_node *node, const struct wu_record *record)
{
    char id[WU_NODE_ID_SIZE], path[KEY_SIZE];
    HKEY key;
    DWORD error;

    wu_node_id(node, id);
    snprintf(path, KEY_SIZE, DEVICES "%s", id);
    error = open_key(HKEY_LOCAL_MACHINE, path, &key);
    if (error != ERROR_SUCCESS)
        return error;

    error = set_those(key, record, false);
    if (error == ERROR_SUCCESS)
        error = set_those(key, record, true);
    RegCloseKey(key);
    return error;
}

/* The record is large for the stack of a program that loads the DLL. */
static DWORD add_node(const struct wu_node *node, const struct wu_guids *guids)
{
    struct wu_record *record = malloc(sizeof(*record));
    DWORD error;

    if (!record)
        return ERROR_NOT_ENOUGH_MEMORY;

    wu_record_make(node, guids, record);
    error = write_record(node, record);
    free(record);
    return error;
}

/* Adds the nodes above one that are not there, each with a list of those below it. */
static DWORD add_above(struct wu_node node)
{
    char id[WU_NODE_ID_SIZE], parent_id[WU_NODE_ID_SIZE];
    struct wu_node parent;
    DWORD error = ERROR_SUCCESS;

    while (error == ERROR_SUCCESS && wu_node_parent(&node, &parent)) {
        const bool is_there = (wu_node_id(&parent, parent_id), wu_tree_is_ours(parent_id));

        wu_node_id(&node, id);
        if (!is_there)
            error = add_node(&parent, NULL);
        if (error == ERROR_SUCCESS)
            error = wu_tree_add_child(parent_id, id);
        if (is_there)
            break;
        node = parent;
    }
    return error;
}

bool wu_registry_is_in_place(const struct wu_node *node)
{
    char id[WU_NODE_ID_SIZE], parent_id[WU_NODE_ID_SIZE];
    struct wu_node parent;

    wu_node_id(node, id);
    if (!wu_node_parent(node, &parent))
        return wu_tree_is_ours(id);

    wu_node_id(&parent, parent_id);
    return wu_tree_is_below(id, parent_id);
}

static DWORD remove_node(const char *id)
{
    char path[KEY_SIZE];
    DWORD error;

    snprintf(path, KEY_SIZE, DEVICES "%s", id);
    RegDeleteKeyValueA(HKEY_LOCAL_MACHINE, path, WU_RECORD_CLASS);
    error = remove_tree(path);
    remove_empty(path, sizeof(SYSTEM) - 2);
    return error;
}

/* Takes a node from the list of the one above, and tells whether that is to go, too: it was the
 * last, and the one above is not published for itself. */
static bool was_last(const char *id, const char *parent)
{
    return wu_tree_remove_child(parent, id) && !wu_tree_has_interface(parent);
}

/* Removes a node, and those above that are to go with it. */
static DWORD remove_upward(char id[WU_NODE_ID_SIZE])
{
    char parent[WU_NODE_ID_SIZE];
    bool last = true;
    DWORD error = ERROR_SUCCESS;

    while (last && error == ERROR_SUCCESS) {
        last = wu_tree_parent(id, parent);
        error = remove_node(id);
        last = last && was_last(id, parent);
        if (last)
            memcpy(id, parent, WU_NODE_ID_SIZE);
    }
    return error;
}

DWORD wu_registry_remove_device(const char *name)
{
    char instance[WU_LINK_SIZE], id[WU_NODE_ID_SIZE];

    wu_record_instance(name, instance);
    snprintf(id, sizeof(id), "%.*s", WU_NODE_ID_SIZE - 1, instance);
    return remove_upward(id);
}

/* What was below another node before, as hubs came or went, is not left in its list. */
static DWORD leave_other_parent(const struct wu_node *node)
{
    char id[WU_NODE_ID_SIZE], parent_id[WU_NODE_ID_SIZE], other[WU_NODE_ID_SIZE];
    struct wu_node parent;

    wu_node_id(node, id);
    if (!wu_tree_parent(id, other) || !wu_node_parent(node, &parent))
        return ERROR_SUCCESS;

    wu_node_id(&parent, parent_id);
    if (lstrcmpiA(other, parent_id) == 0 || !was_last(id, other))
        return ERROR_SUCCESS;
    return remove_upward(other);
}

DWORD wu_registry_add_device(const struct wu_node *node, const struct wu_guids *guids)
{
    DWORD error = leave_other_parent(node);

    if (error == ERROR_SUCCESS)
        error = add_node(node, guids);
    return error == ERROR_SUCCESS ? add_above(*node) : error;
}

/* --- Interfaces ----------------------------------------------------------------------------- */

static void interface_path(const char *name, const char *below, char path[KEY_SIZE])
{
    char key[WU_LINK_SIZE + 4];

    wu_record_interface(name, key);
    snprintf(path, KEY_SIZE, INTERFACES "%s\\%s%s", wu_link_guid(name), key, below);
}

static DWORD set_text_at(const char *path, const char *name, const char *text)
{
    struct wu_record_value value = { .name = name, .type = WU_NODE_TEXT };

    snprintf(value.text, sizeof(value.text), "%s", text);
    return set_below(HKEY_LOCAL_MACHINE, path, &value);
}

static DWORD set_linked(const char *name)
{
    char path[KEY_SIZE];

    interface_path(name, "\\#\\Control", path);
    return set_below(
        HKEY_LOCAL_MACHINE, path,
        &(struct wu_record_value){ .name = "Linked", .type = WU_NODE_NUMBER, .number = 1 });
}

DWORD wu_registry_add_interface(const char *name)
{
    char path[KEY_SIZE], text[WU_LINK_SIZE + 4];
    DWORD error;

    wu_record_instance(name, text);
    interface_path(name, "", path);
    error = set_text_at(path, "DeviceInstance", text);
    if (error != ERROR_SUCCESS)
        return error;

    snprintf(text, sizeof(text), "\\\\?\\%s", name);
    interface_path(name, "\\#", path);
    error = set_text_at(path, "SymbolicLink", text);
    return error == ERROR_SUCCESS ? set_linked(name) : error;
}

static bool is_linked(const char *name)
{
    char path[KEY_SIZE];
    WCHAR wide[KEY_SIZE];
    HKEY key;

    interface_path(name, "\\#\\Control", path);
    MultiByteToWideChar(CP_UTF8, 0, path, -1, wide, KEY_SIZE);
    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, wide, 0, KEY_READ, &key) != ERROR_SUCCESS)
        return false;

    RegCloseKey(key);
    return true;
}

bool wu_registry_has_interface(const char *name)
{
    char id[WU_LINK_SIZE];

    wu_record_instance(name, id);
    return is_linked(name) && wu_tree_is_ours(id);
}

/* Whose it is, its node tells. */
static bool is_foreign(HKEY class, const WCHAR *name)
{
    char id[WU_NODE_ID_SIZE];
    DWORD size = sizeof(id);
    HKEY key;
    bool has_node;

    if (RegOpenKeyExW(class, name, 0, KEY_READ, &key) != ERROR_SUCCESS)
        return false;

    has_node =
        RegGetValueA(key, NULL, "DeviceInstance", RRF_RT_REG_SZ, NULL, id, &size) == ERROR_SUCCESS;
    RegCloseKey(key);
    return has_node && !wu_tree_is_ours(id);
}

bool wu_registry_has_foreign(const GUID *guid)
{
    char path[sizeof(INTERFACES) + WU_GUID_TEXT_SIZE] = INTERFACES;
    WCHAR name[WU_LINK_SIZE + 4];
    bool foreign = false;
    HKEY class;

    wu_guid_format(guid, path + sizeof(INTERFACES) - 1);
    if (RegOpenKeyExA(HKEY_LOCAL_MACHINE, path, 0, KEY_READ, &class) != ERROR_SUCCESS)
        return false;

    for (DWORD i = 0; !foreign && RegEnumKeyW(class, i, name, WU_LINK_SIZE + 4) == ERROR_SUCCESS;
         i++)
        foreign = is_foreign(class, name);
    RegCloseKey(class);
    return foreign;
}

DWORD wu_registry_remove_interface(const char *name)
{
    char path[KEY_SIZE];
    DWORD error;

    interface_path(name, "", path);
    error = remove_tree(path);
    remove_empty(path, sizeof(SYSTEM "Control\\") - 2);
    return error;
}
