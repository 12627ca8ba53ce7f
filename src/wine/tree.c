#include "wine/tree.h"

#include <stdio.h>
#include <string.h>

#include "wine/record.h"

#define NODES "SYSTEM\\CurrentControlSet\\Enum\\"

enum { PATH_SIZE = sizeof(NODES) + WU_NODE_ID_SIZE + WU_RECORD_KEY_SIZE + 16 };

/* DEVPKEY_Device_Parent, DEVPKEY_Device_Children */
enum { PARENT = 8, CHILDREN = 9 };
static const GUID relations = { 0x4340A6C5,
                                0x93FA,
                                0x4706,
                                { 0x97, 0x2C, 0x7B, 0x64, 0x80, 0x08, 0xA5, 0xA7 } };

/* --- Keys ------------------------------------------------------------------------------------ */

HKEY wu_tree_open(const char *id)
{
    char path[PATH_SIZE];
    HKEY key;

    if (*id == '\0' || strlen(id) >= WU_NODE_ID_SIZE)
        return NULL;

    snprintf(path, sizeof(path), NODES "%s", id);
    return RegOpenKeyExA(HKEY_LOCAL_MACHINE, path, 0, KEY_READ, &key) == ERROR_SUCCESS ? key : NULL;
}

bool wu_tree_is_ours(const char *id)
{
    const HKEY key = wu_tree_open(id);
    bool ours;

    if (!key)
        return false;

    ours = RegQueryValueExA(key, WU_RECORD_MARK, NULL, NULL, NULL, NULL) == ERROR_SUCCESS;
    RegCloseKey(key);
    return ours;
}

bool wu_tree_has_interface(const char *id)
{
    const HKEY key = wu_tree_open(id);
    bool has;

    if (!key)
        return false;

    has = RegGetValueA(key, WU_RECORD_PARAMETERS, WU_RECORD_SYMBOLIC_NAME, RRF_RT_REG_SZ, NULL,
                       NULL, NULL) == ERROR_SUCCESS;
    RegCloseKey(key);
    return has;
}

static void format_property(const GUID *set, DWORD number, char path[WU_RECORD_KEY_SIZE])
{
    char text[WU_GUID_TEXT_SIZE];

    wu_guid_format(set, text);
    snprintf(path, WU_RECORD_KEY_SIZE, WU_RECORD_PROPERTIES "\\%s\\%04X", text, (unsigned)number);
}

static DWORD read_property(HKEY node, const char *path, DWORD *type_out, void *data, DWORD *size)
{
    HKEY key;
    DWORD error, type = 0;

    error = (DWORD)RegOpenKeyExA(node, path, 0, KEY_READ, &key);
    if (error != ERROR_SUCCESS)
        return error;

    error = (DWORD)RegQueryValueExW(key, NULL, NULL, &type, data, size);
    RegCloseKey(key);
    *type_out = type & ~WU_TREE_PROPERTY;
    return error;
}

DWORD wu_tree_property(const char *id,
                       const GUID *set,
                       DWORD number,
                       DWORD *type_out,
                       void *data,
                       DWORD *size)
{
    char path[WU_RECORD_KEY_SIZE];
    const HKEY node = wu_tree_open(id);
    DWORD error;

    if (!node)
        return ERROR_FILE_NOT_FOUND;

    format_property(set, number, path);
    error = read_property(node, path, type_out, data, size);
    RegCloseKey(node);
    return error;
}

static void narrow(const WCHAR *wide, char text[WU_NODE_ID_SIZE])
{
    if (WideCharToMultiByte(CP_ACP, 0, wide, -1, text, WU_NODE_ID_SIZE, NULL, NULL) == 0)
        *text = '\0';
}

bool wu_tree_parent(const char *id, char *parent)
{
    WCHAR wide[WU_NODE_ID_SIZE] = { 0 };
    DWORD type, size = sizeof(wide) - sizeof(*wide);

    if (!wu_tree_is_ours(id) ||
        wu_tree_property(id, &relations, PARENT, &type, wide, &size) != ERROR_SUCCESS ||
        type != WU_TREE_TEXT)
        return false;

    narrow(wide, parent);
    return *parent != '\0';
}

/* --- Those below ----------------------------------------------------------------------------- */

/* Reads the list, with room for one more. @return NULL when there is no memory; to be freed */
static WCHAR *read_children(const char *parent)
{
    DWORD type, size = 0, room;
    WCHAR *children;

    wu_tree_property(parent, &relations, CHILDREN, &type, NULL, &size);
    room = size + (WU_NODE_ID_SIZE + 2) * sizeof(*children);
    children = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, room);
    if (children &&
        (wu_tree_property(parent, &relations, CHILDREN, &type, children, &size) != ERROR_SUCCESS ||
         type != WU_TREE_TEXTS))
        *children = 0;
    return children;
}

static bool is(const WCHAR *child, const char *id)
{
    char text[WU_NODE_ID_SIZE];

    narrow(child, text);
    return lstrcmpiA(text, id) == 0;
}

static WCHAR *find(WCHAR *children, const char *id)
{
    WCHAR *child = children;

    while (*child && !is(child, id))
        child += lstrlenW(child) + 1;
    return child;
}

static DWORD write_children(const char *parent, const WCHAR *children)
{
    const WCHAR *end = children;
    char path[PATH_SIZE], property[WU_RECORD_KEY_SIZE];
    HKEY key;
    DWORD error;

    while (*end)
        end += lstrlenW(end) + 1;
    format_property(&relations, CHILDREN, property);
    snprintf(path, sizeof(path), NODES "%s\\%s", parent, property);
    error =
        (DWORD)RegCreateKeyExA(HKEY_LOCAL_MACHINE, path, 0, NULL, 0, KEY_WRITE, NULL, &key, NULL);
    if (error != ERROR_SUCCESS)
        return error;

    error = (DWORD)RegSetValueExW(key, NULL, 0, WU_TREE_PROPERTY | WU_TREE_TEXTS,
                                  (const BYTE *)children,
                                  (DWORD)(end + 1 - children) * sizeof(*children));
    RegCloseKey(key);
    return error;
}

DWORD wu_tree_add_child(const char *parent, const char *child)
{
    WCHAR *children = read_children(parent);
    DWORD error = ERROR_SUCCESS;
    WCHAR *place;

    if (!children)
        return ERROR_NOT_ENOUGH_MEMORY;

    place = find(children, child);
    if (!*place) {
        MultiByteToWideChar(CP_ACP, 0, child, -1, place, WU_NODE_ID_SIZE);
        error = write_children(parent, children);
    }
    HeapFree(GetProcessHeap(), 0, children);
    return error;
}

bool wu_tree_remove_child(const char *parent, const char *child)
{
    WCHAR *children = wu_tree_is_ours(parent) ? read_children(parent) : NULL;
    WCHAR *place, *rest, *end;
    bool last;

    if (!children)
        return false;

    place = find(children, child);
    rest = end = *place ? place + lstrlenW(place) + 1 : place;
    while (*end)
        end += lstrlenW(end) + 1;
    memmove(place, rest, (size_t)(end + 1 - rest) * sizeof(*rest));
    last = !*children;
    write_children(parent, children); /* one that is published for itself stays */
    HeapFree(GetProcessHeap(), 0, children);
    return last;
}

bool wu_tree_next_child(const char *parent, const char *child, char next[WU_NODE_ID_SIZE])
{
    WCHAR *children = read_children(parent);
    WCHAR *place;
    bool found;

    if (!children)
        return false;

    place = child ? find(children, child) : children;
    if (child && *place)
        place += lstrlenW(place) + 1;
    found = *place != 0;
    if (found)
        narrow(place, next);
    HeapFree(GetProcessHeap(), 0, children);
    return found;
}

bool wu_tree_is_below(const char *id, const char *parent)
{
    char above[WU_NODE_ID_SIZE];
    WCHAR *children;
    bool listed;

    if (!wu_tree_parent(id, above) || lstrcmpiA(above, parent) != 0 || !wu_tree_is_ours(parent))
        return false;

    children = read_children(parent);
    listed = children && *find(children, id) != 0;
    HeapFree(GetProcessHeap(), 0, children);
    return listed;
}
