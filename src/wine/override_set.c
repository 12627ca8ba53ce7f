#include "wine/override_set.h"

#include <string.h>

#include "wine/override.h"

#define KEEP "Software\\" WU_OVERRIDE_KEY
#define OVERRIDES "Software\\Wine\\DllOverrides"
#define NAME "winusb"

enum { VALUE_SIZE = 256 };

/* Values of our key: what was there before, where something was; and that its key was not. */
#define BEFORE "OverrideBefore"
#define NO_KEY "OverrideWithoutKey"

struct keys {
    HKEY overrides, keep;
    bool new_overrides; /* it was not there */
};

/* --- Values ----------------------------------------------------------------------------------- */

/* Only texts count. @return ERROR_FILE_NOT_FOUND: there is none */
static DWORD get(HKEY key, const char *name, char text[VALUE_SIZE])
{
    DWORD type = REG_NONE, size = VALUE_SIZE - 1;
    const DWORD error = (DWORD)RegQueryValueExA(key, name, NULL, &type, (BYTE *)text, &size);

    text[error == ERROR_SUCCESS ? size : 0] = '\0';
    return error == ERROR_SUCCESS && type != REG_SZ ? ERROR_INVALID_DATA : error;
}

static DWORD set(HKEY key, const char *name, const char *text)
{
    return (DWORD)RegSetValueExA(key, name, 0, REG_SZ, (const BYTE *)text, (DWORD)strlen(text) + 1);
}

static DWORD clear(HKEY key, const char *name)
{
    const DWORD error = (DWORD)RegDeleteValueA(key, name);

    return error == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : error;
}

static bool has(HKEY key, const char *name)
{
    char text[VALUE_SIZE];

    return get(key, name, text) == ERROR_SUCCESS;
}

/* --- Keys ------------------------------------------------------------------------------------- */

static void close_keys(struct keys *keys)
{
    if (keys->keep)
        RegCloseKey(keys->keep);
    if (keys->overrides)
        RegCloseKey(keys->overrides);
}

static DWORD make_key(const char *name, HKEY *key_out, bool *new_out)
{
    DWORD how = 0;
    const DWORD error = (DWORD)RegCreateKeyExA(HKEY_CURRENT_USER, name, 0, NULL, 0, KEY_ALL_ACCESS,
                                               NULL, key_out, &how);

    *new_out = error == ERROR_SUCCESS && how == REG_CREATED_NEW_KEY;
    return error;
}

static bool is_empty(HKEY key)
{
    DWORD keys = 1, values = 1;

    return RegQueryInfoKeyA(key, NULL, NULL, NULL, &keys, NULL, NULL, &values, NULL, NULL, NULL,
                            NULL) == ERROR_SUCCESS &&
           keys == 0 && values == 0;
}

/* --- Setting ---------------------------------------------------------------------------------- */

/* Keeps what is there before anything changes: whoever is cut short in between has lost nothing. */
static DWORD keep(const struct keys *keys, DWORD found, const char *before)
{
    DWORD error =
        found == ERROR_SUCCESS ? set(keys->keep, BEFORE, before) : clear(keys->keep, BEFORE);

    if (error == ERROR_SUCCESS && keys->new_overrides)
        error = set(keys->keep, NO_KEY, "1");
    return error;
}

static DWORD set_with(struct keys *keys, bool *changed_out)
{
    char before[VALUE_SIZE];
    const DWORD found = get(keys->overrides, NAME, before);
    bool new_keep;
    DWORD error;

    if (found == ERROR_SUCCESS && (before[0] == 'n' || before[0] == 'N'))
        return ERROR_SUCCESS;
    if (found != ERROR_SUCCESS && found != ERROR_FILE_NOT_FOUND)
        return found;

    error = make_key(KEEP, &keys->keep, &new_keep);
    if (error == ERROR_SUCCESS)
        error = keep(keys, found, before);
    if (error == ERROR_SUCCESS)
        error = set(keys->overrides, NAME, WU_OVERRIDE);
    *changed_out = error == ERROR_SUCCESS;
    return error;
}

DWORD wu_override_set(bool *changed_out)
{
    struct keys keys = { 0 };
    DWORD error = make_key(OVERRIDES, &keys.overrides, &keys.new_overrides);

    *changed_out = false;
    if (error == ERROR_SUCCESS)
        error = set_with(&keys, changed_out);
    close_keys(&keys);
    return error;
}

/* --- Putting back ----------------------------------------------------------------------------- */

/* @param gone_out  whether the key of overrides is to go as well */
static DWORD put_back(const struct keys *keys, bool *changed_out, bool *gone_out)
{
    char now[VALUE_SIZE], before[VALUE_SIZE];
    DWORD error = ERROR_SUCCESS;

    if (get(keys->overrides, NAME, now) == ERROR_SUCCESS && strcmp(now, WU_OVERRIDE) == 0) {
        error = get(keys->keep, BEFORE, before) == ERROR_SUCCESS
                    ? set(keys->overrides, NAME, before)
                    : clear(keys->overrides, NAME);
        *changed_out = error == ERROR_SUCCESS;
    }
    *gone_out = error == ERROR_SUCCESS && has(keys->keep, NO_KEY) && is_empty(keys->overrides);
    return error;
}

static DWORD restore(struct keys *keys, bool *changed_out)
{
    bool gone = false;
    DWORD error =
        (DWORD)RegOpenKeyExA(HKEY_CURRENT_USER, OVERRIDES, 0, KEY_ALL_ACCESS, &keys->overrides);

    if (error == ERROR_SUCCESS)
        error = put_back(keys, changed_out, &gone);
    else if (error == ERROR_FILE_NOT_FOUND)
        error = ERROR_SUCCESS;
    if (error == ERROR_SUCCESS && gone)
        error = (DWORD)RegDeleteKeyA(HKEY_CURRENT_USER, OVERRIDES);
    if (error == ERROR_SUCCESS)
        error = (DWORD)RegDeleteKeyA(HKEY_CURRENT_USER, KEEP);
    return error;
}

DWORD wu_override_restore(bool *changed_out)
{
    struct keys keys = { 0 };
    DWORD error = (DWORD)RegOpenKeyExA(HKEY_CURRENT_USER, KEEP, 0, KEY_ALL_ACCESS, &keys.keep);

    *changed_out = false;
    if (error == ERROR_FILE_NOT_FOUND)
        return ERROR_SUCCESS; /* nothing of ours */
    if (error == ERROR_SUCCESS)
        error = restore(&keys, changed_out);
    close_keys(&keys);
    return error;
}
