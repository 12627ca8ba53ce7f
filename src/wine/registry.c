#include "wine/registry.h"

#include <stdio.h>
#include <string.h>
#include <windows.h>

#define SYSTEM "SYSTEM\\CurrentControlSet\\"
#define DEVICES SYSTEM "Enum\\"
#define INTERFACES WU_REGISTRY_INTERFACES

enum {
    KEY_SIZE = 1024,
    PROPERTY_TEXT = 0x12,    /* DEVPROP_TYPE_STRING */
    PROPERTY_TEXTS = 0x2012, /* DEVPROP_TYPE_STRING_LIST */
};

/* Wine marks the types of properties so, to tell them from the registry's own. */
#define PROPERTY_MARK 0xFFFF0000u

/* --- Keys and values ------------------------------------------------------------------------ */

static DWORD open_key(HKEY parent, const char *name, HKEY *key_out)
{
    WCHAR wide[KEY_SIZE];

    MultiByteToWideChar(CP_UTF8, 0, name, -1, wide, KEY_SIZE);
    return (DWORD)RegCreateKeyExW(parent, wide, 0, NULL, 0, KEY_ALL_ACCESS, NULL, key_out, NULL);
}

/* Text of several texts has NULs inside. */
static DWORD set_text(HKEY key, const char *name, DWORD type, const char *text, size_t length)
{
    WCHAR wide[WU_RECORD_TEXT_SIZE], wide_name[64];
    const int count = MultiByteToWideChar(CP_UTF8, 0, text, (int)length, wide, WU_RECORD_TEXT_SIZE);

    MultiByteToWideChar(CP_UTF8, 0, name, -1, wide_name, 64);
    return (DWORD)RegSetValueExW(key, wide_name, 0, type, (const BYTE *)wide,
                                 (DWORD)count * (DWORD)sizeof(WCHAR));
}

static DWORD set_number(HKEY key, const char *name, DWORD number)
{
    return (DWORD)RegSetValueExA(key, name, 0, REG_DWORD, (const BYTE *)&number, sizeof(number));
}

static size_t length_of_texts(const char *texts)
{
    size_t length = 0;

    while (texts[length] != '\0')
        length += strlen(texts + length) + 1;
    return length + 1;
}

static DWORD set_value(HKEY key, const struct wu_record_value *value)
{
    if (value->type == WU_RECORD_NUMBER)
        return set_number(key, value->name, value->number);
    if (value->type == WU_RECORD_TEXTS)
        return set_text(key, value->name,
                        value->property ? PROPERTY_MARK | PROPERTY_TEXTS : REG_MULTI_SZ,
                        value->text, length_of_texts(value->text));
    return set_text(key, value->name, value->property ? PROPERTY_MARK | PROPERTY_TEXT : REG_SZ,
                    value->text, strlen(value->text) + 1);
}

static DWORD set_in(HKEY parent, const struct wu_record_value *value)
{
    HKEY key = parent;
    DWORD error = *value->key ? open_key(parent, value->key, &key) : ERROR_SUCCESS;

    if (error != ERROR_SUCCESS)
        return error;

    error = set_value(key, value);
    if (key != parent)
        RegCloseKey(key);
    return error;
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

static void device_path(const char *name, char path[KEY_SIZE])
{
    char instance[WU_LINK_SIZE];

    wu_record_instance(name, instance);
    snprintf(path, KEY_SIZE, DEVICES "%s", instance);
}

DWORD wu_registry_add_device(const char *name, const struct wu_record *record)
{
    char path[KEY_SIZE];
    HKEY key;
    DWORD error;

    device_path(name, path);
    error = open_key(HKEY_LOCAL_MACHINE, path, &key);
    if (error != ERROR_SUCCESS)
        return error;

    for (size_t i = 0; i < record->count && error == ERROR_SUCCESS; i++)
        error = set_in(key, &record->values[i]);
    RegCloseKey(key);
    return error;
}

DWORD wu_registry_remove_device(const char *name)
{
    char path[KEY_SIZE];
    DWORD error;

    device_path(name, path);
    error = remove_tree(path);
    remove_empty(path, sizeof(SYSTEM) - 2);
    return error;
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
    struct wu_record_value value = { .key = path, .name = name, .type = WU_RECORD_TEXT };

    snprintf(value.text, sizeof(value.text), "%s", text);
    return set_in(HKEY_LOCAL_MACHINE, &value);
}

static DWORD set_linked(const char *name)
{
    char path[KEY_SIZE];

    interface_path(name, "\\#\\Control", path);
    return set_in(HKEY_LOCAL_MACHINE,
                  &(struct wu_record_value){
                      .key = path, .name = "Linked", .type = WU_RECORD_NUMBER, .number = 1 });
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

bool wu_registry_has_interface(const char *name)
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

DWORD wu_registry_remove_interface(const char *name)
{
    char path[KEY_SIZE];
    DWORD error;

    interface_path(name, "", path);
    error = remove_tree(path);
    remove_empty(path, sizeof(SYSTEM "Control\\") - 2);
    return error;
}
