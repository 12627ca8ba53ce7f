#include "wine/override_set.h"

#include <string.h>

#include "wine/override.h"

#define OVERRIDES "Software\\Wine\\DllOverrides" /* each program that starts makes it */
#define NAME "winusb"
#define KEEP "Software\\" WU_OVERRIDE_KEY
#define BEFORE "OverrideBefore" /* in there: what was said before; no such value: nothing was */

enum { VALUE_SIZE = 256 };

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

/* Makes a value what @p from says: a text, or that there is none. */
static DWORD copy(HKEY key, const char *name, DWORD from, const char *text)
{
    return from == ERROR_SUCCESS ? set(key, name, text) : clear(key, name);
}

static DWORD open_key(const char *name, HKEY *key_out)
{
    return (DWORD)RegOpenKeyExA(HKEY_CURRENT_USER, name, 0, KEY_ALL_ACCESS, key_out);
}

static DWORD make_key(const char *name, HKEY *key_out)
{
    return (DWORD)RegCreateKeyExA(HKEY_CURRENT_USER, name, 0, NULL, 0, KEY_ALL_ACCESS, NULL,
                                  key_out, NULL);
}

/* --- Setting ---------------------------------------------------------------------------------- */

/* Keeps what is there before it changes: whoever is cut short in between has lost nothing. */
static DWORD keep(DWORD found, const char *before)
{
    HKEY key;
    DWORD error = make_key(KEEP, &key);

    if (error != ERROR_SUCCESS)
        return error;
    error = copy(key, BEFORE, found, before);
    RegCloseKey(key);
    return error;
}

static DWORD set_in(HKEY overrides, bool *changed_out)
{
    char before[VALUE_SIZE];
    const DWORD found = get(overrides, NAME, before);
    DWORD error = found == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : found;

    if (found == ERROR_SUCCESS && (before[0] == 'n' || before[0] == 'N'))
        return ERROR_SUCCESS;

    if (error == ERROR_SUCCESS)
        error = keep(found, before);
    if (error == ERROR_SUCCESS)
        error = set(overrides, NAME, WU_OVERRIDE);
    *changed_out = error == ERROR_SUCCESS;
    return error;
}

DWORD wu_override_set(bool *changed_out)
{
    HKEY overrides;
    DWORD error = make_key(OVERRIDES, &overrides);

    *changed_out = false;
    if (error != ERROR_SUCCESS)
        return error;
    error = set_in(overrides, changed_out);
    RegCloseKey(overrides);
    return error;
}

/* --- Putting back ----------------------------------------------------------------------------- */

static DWORD restore_in(HKEY overrides, HKEY kept, bool *changed_out)
{
    char now[VALUE_SIZE], before[VALUE_SIZE];
    DWORD error;

    if (get(overrides, NAME, now) != ERROR_SUCCESS || strcmp(now, WU_OVERRIDE) != 0)
        return ERROR_SUCCESS; /* somebody has changed it since */

    error = copy(overrides, NAME, get(kept, BEFORE, before), before);
    *changed_out = error == ERROR_SUCCESS;
    return error;
}

static DWORD restore_from(HKEY kept, bool *changed_out)
{
    HKEY overrides;
    DWORD error = make_key(OVERRIDES, &overrides);

    if (error != ERROR_SUCCESS)
        return error;
    error = restore_in(overrides, kept, changed_out);
    RegCloseKey(overrides);
    return error == ERROR_SUCCESS ? (DWORD)RegDeleteKeyA(HKEY_CURRENT_USER, KEEP) : error;
}

DWORD wu_override_restore(bool *changed_out)
{
    HKEY kept;
    DWORD error = open_key(KEEP, &kept);

    *changed_out = false;
    if (error == ERROR_FILE_NOT_FOUND)
        return ERROR_SUCCESS; /* nothing of ours */
    if (error != ERROR_SUCCESS)
        return error;
    error = restore_from(kept, changed_out);
    RegCloseKey(kept);
    return error;
}
