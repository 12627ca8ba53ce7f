#include "wine/installer_set.h"

#include <stdbool.h>
#include <string.h>

#include "devices/node.h"
#include "devices/node_hub.h"
#include "wine/record.h"

#define CLASSES "System\\CurrentControlSet\\Control\\Class\\"
#define NAME "Installer32"
#define VALUE "winusb.dll,OpenWinUSB" /* of system32; it has no such function */

static const char *const classes[] = { CLASSES WU_NODE_USB_CLASS_GUID, CLASSES WU_NODE_CLASS_GUID };

enum { CLASS_COUNT = sizeof(classes) / sizeof(*classes) };

static bool has_value(HKEY key, const char *name)
{
    return RegQueryValueExA(key, name, NULL, NULL, NULL, NULL) != ERROR_FILE_NOT_FOUND;
}

/* --- Setting ---------------------------------------------------------------------------------- */

/* The mark tells later that the key was made here; it comes first, as whoever is cut short then
 * leaves nothing that is not taken back. */
static DWORD set_in(HKEY key, bool made)
{
    const DWORD one = 1;
    DWORD error = ERROR_SUCCESS;

    if (made)
        error = (DWORD)RegSetValueExA(key, WU_RECORD_MARK, 0, REG_DWORD, (const BYTE *)&one,
                                      sizeof(one));
    if (error == ERROR_SUCCESS && !has_value(key, NAME))
        error = (DWORD)RegSetValueExA(key, NAME, 0, REG_SZ, (const BYTE *)VALUE, sizeof(VALUE));
    return error;
}

static DWORD set(const char *class)
{
    HKEY key;
    DWORD how, error;

    error = (DWORD)RegCreateKeyExA(HKEY_LOCAL_MACHINE, class, 0, NULL, 0, KEY_ALL_ACCESS, NULL,
                                   &key, &how);
    if (error != ERROR_SUCCESS)
        return error;

    error = set_in(key, how == REG_CREATED_NEW_KEY);
    RegCloseKey(key);
    return error;
}

DWORD wu_installer_set(void)
{
    DWORD error = ERROR_SUCCESS;

    for (int i = 0; i < CLASS_COUNT && error == ERROR_SUCCESS; i++)
        error = set(classes[i]);
    return error;
}

/* --- Taking back ------------------------------------------------------------------------------ */

static bool is_ours(HKEY key)
{
    char value[sizeof(VALUE)] = "";
    DWORD type = REG_NONE, size = sizeof(value);

    return RegQueryValueExA(key, NAME, NULL, &type, (BYTE *)value, &size) == ERROR_SUCCESS &&
           type == REG_SZ && size == sizeof(VALUE) && memcmp(value, VALUE, sizeof(VALUE)) == 0;
}

static DWORD clear(HKEY key, const char *name)
{
    const DWORD error = (DWORD)RegDeleteValueA(key, name);

    return error == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : error;
}

static bool is_empty(HKEY key)
{
    DWORD keys = 1, values = 1;

    return RegQueryInfoKeyW(key, NULL, NULL, NULL, &keys, NULL, NULL, &values, NULL, NULL, NULL,
                            NULL) == ERROR_SUCCESS &&
           keys == 0 && values == 0;
}

/* @param empty_out  whether the key was made here, and holds nothing of anybody else's */
static DWORD clear_in(HKEY key, bool *empty_out)
{
    const bool made = has_value(key, WU_RECORD_MARK);
    DWORD error = is_ours(key) ? clear(key, NAME) : ERROR_SUCCESS;

    if (error == ERROR_SUCCESS)
        error = clear(key, WU_RECORD_MARK);
    *empty_out = error == ERROR_SUCCESS && made && is_empty(key);
    return error;
}

static DWORD take_back(const char *class)
{
    HKEY key;
    bool empty;
    DWORD error = (DWORD)RegOpenKeyExA(HKEY_LOCAL_MACHINE, class, 0, KEY_ALL_ACCESS, &key);

    if (error != ERROR_SUCCESS)
        return error == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : error;

    error = clear_in(key, &empty);
    RegCloseKey(key);
    return empty ? (DWORD)RegDeleteKeyA(HKEY_LOCAL_MACHINE, class) : error;
}

DWORD wu_installer_restore(void)
{
    DWORD first = ERROR_SUCCESS;

    for (int i = 0; i < CLASS_COUNT; i++) {
        const DWORD error = take_back(classes[i]);

        if (first == ERROR_SUCCESS)
            first = error;
    }
    return first;
}
