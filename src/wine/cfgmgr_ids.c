/*
 * CfgMgr32's lists of instance IDs. A Wine without them says that the list is empty; so whatever is
 * in Wine's own list is the answer.
 */
#include "wine/cfgmgr_parts.h"

#include <stdio.h>
#include <string.h>

#define NODES "SYSTEM\\CurrentControlSet\\Enum"

enum {
    ENUMERATOR = 0x001, /* CM_GETIDLIST_FILTER_... */
    SERVICE = 0x002,
    CLASS = 0x200,
    FILTERS = 0x2FF, /* those and others, which are of no list here */
    NO_NODES = 2,    /* [characters] of a list that is empty, at most */
    ID_PARTS = 3,
};

struct list {
    char *buffer; /* NULL: it is only measured */
    ULONG room;   /* [characters] */
    ULONG used;   /* [characters]; may be more than there is room for */
    const char *filter;
    ULONG flags;
};

static void append(struct list *list, const char *text)
{
    const ULONG size = (ULONG)strlen(text) + 1;

    if (list->buffer && list->used + size <= list->room)
        memcpy(list->buffer + list->used, text, size);
    list->used += size;
}

static bool has_value(const char *id, const char *name, const char *wanted)
{
    const HKEY key = wu_tree_open(id);
    char text[WU_NODE_ID_SIZE];
    DWORD size = sizeof(text);
    bool has;

    if (!key)
        return false;

    has = RegGetValueA(key, NULL, name, RRF_RT_REG_SZ, NULL, text, &size) == ERROR_SUCCESS &&
          lstrcmpiA(text, wanted) == 0;
    RegCloseKey(key);
    return has;
}

static bool is_wanted(const struct list *list, const char *id)
{
    if (list->flags & SERVICE)
        return has_value(id, "Service", list->filter);
    return !(list->flags & CLASS) || has_value(id, "ClassGUID", list->filter);
}

static void capitalize(char *text)
{
    for (; *text != '\0'; text++)
        if (*text >= 'a' && *text <= 'z')
            *text = (char)(*text - 'a' + 'A');
}

/* Walks the keys below one: those of the third level are the nodes'. */
static void walk(struct list *list, const char *above, unsigned level)
{
    char path[sizeof(NODES) + WU_NODE_ID_SIZE], name[WU_NODE_ID_SIZE], id[2 * WU_NODE_ID_SIZE];
    HKEY key;

    snprintf(path, sizeof(path), NODES "%s%s", level > 0 ? "\\" : "", above);
    if (RegOpenKeyExA(HKEY_LOCAL_MACHINE, path, 0, KEY_READ, &key) != ERROR_SUCCESS)
        return;

    for (DWORD i = 0; RegEnumKeyA(key, i, name, sizeof(name)) != ERROR_NO_MORE_ITEMS; i++) {
        snprintf(id, sizeof(id), "%s%s%s", above, level > 0 ? "\\" : "", name);
        capitalize(id);
        if (strlen(id) >= WU_NODE_ID_SIZE)
            continue;
        if (level + 1 < ID_PARTS)
            walk(list, id, level + 1);
        else if (is_wanted(list, id))
            append(list, id);
    }
    RegCloseKey(key);
}

/* The filter is an enumerator, or one of its devices. */
static unsigned parts_of(const char *id)
{
    unsigned parts = 1;

    for (; *id != '\0'; id++)
        parts += *id == '\\';
    return parts;
}

static CONFIGRET check(const char *filter, ULONG flags)
{
    const ULONG kind = flags & FILTERS;

    if (kind != 0 && kind != ENUMERATOR && kind != SERVICE && kind != CLASS)
        return CR_NO_SUCH_DEVNODE; /* related to a device in a way that none is */
    return kind != 0 && !filter ? CR_INVALID_POINTER : CR_SUCCESS;
}

static CONFIGRET make(struct list *list, const char *filter, ULONG flags)
{
    const CONFIGRET result = check(filter, flags);

    if (result != CR_SUCCESS)
        return result;

    list->filter = filter;
    list->flags = flags;
    if (flags & ENUMERATOR)
        walk(list, filter, parts_of(filter));
    else
        walk(list, "", 0);
    append(list, "");
    return CR_SUCCESS;
}

static const char *narrow(const WCHAR *wide, char text[WU_NODE_ID_SIZE])
{
    if (!wide || WideCharToMultiByte(CP_ACP, 0, wide, -1, text, WU_NODE_ID_SIZE, NULL, NULL) == 0)
        return NULL;

    return text;
}

/* --- The functions ---------------------------------------------------------------------------- */

static CONFIGRET measure(ULONG *length, const char *filter, ULONG flags)
{
    struct list list = { .buffer = NULL };
    const CONFIGRET result = make(&list, filter, flags);

    if (result == CR_SUCCESS)
        *length = list.used;
    return result;
}

CONFIGRET WINAPI wu_CM_Get_Device_ID_List_SizeA(ULONG *length, const char *filter, ULONG flags)
{
    const wu_type_CM_Get_Device_ID_List_SizeA original = WU_ORIGINAL(CM_Get_Device_ID_List_SizeA);
    ULONG wines = 0;

    if (!length)
        return CR_INVALID_POINTER;
    if (!original || original(&wines, filter, flags) != CR_SUCCESS || wines <= NO_NODES)
        return measure(length, filter, flags);

    *length = wines;
    return CR_SUCCESS;
}

CONFIGRET WINAPI wu_CM_Get_Device_ID_List_SizeW(ULONG *length, const WCHAR *filter, ULONG flags)
{
    const wu_type_CM_Get_Device_ID_List_SizeW original = WU_ORIGINAL(CM_Get_Device_ID_List_SizeW);
    char text[WU_NODE_ID_SIZE];
    ULONG wines = 0;

    if (!length)
        return CR_INVALID_POINTER;
    if (!original || original(&wines, filter, flags) != CR_SUCCESS || wines <= NO_NODES)
        return measure(length, narrow(filter, text), flags);

    *length = wines;
    return CR_SUCCESS;
}

static CONFIGRET fill(const char *filter, char *buffer, ULONG length, ULONG flags)
{
    struct list list = { .buffer = buffer, .room = length };
    CONFIGRET result = make(&list, filter, flags);
    if (result == CR_SUCCESS && list.used > length)
        result = CR_BUFFER_SMALL;
    if (result != CR_SUCCESS)
        *buffer = '\0';
    return result;
}

CONFIGRET WINAPI wu_CM_Get_Device_ID_ListA(const char *filter,
                                           char *buffer,
                                           ULONG length,
                                           ULONG flags)
{
    const wu_type_CM_Get_Device_ID_ListA original = WU_ORIGINAL(CM_Get_Device_ID_ListA);

    if (!buffer || length == 0)
        return CR_INVALID_POINTER;
    if (original && original(filter, buffer, length, flags) == CR_SUCCESS && *buffer != '\0')
        return CR_SUCCESS;
    return fill(filter, buffer, length, flags);
}

CONFIGRET WINAPI wu_CM_Get_Device_ID_ListW(const WCHAR *filter,
                                           WCHAR *buffer,
                                           ULONG length,
                                           ULONG flags)
{
    const wu_type_CM_Get_Device_ID_ListW original = WU_ORIGINAL(CM_Get_Device_ID_ListW);
    char text[WU_NODE_ID_SIZE];
    char *narrowed;
    CONFIGRET result;

    if (!buffer || length == 0)
        return CR_INVALID_POINTER;
    if (original && original(filter, buffer, length, flags) == CR_SUCCESS && *buffer != 0)
        return CR_SUCCESS;

    narrowed = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, length);
    if (!narrowed)
        return CR_OUT_OF_MEMORY;

    result = fill(narrow(filter, text), narrowed, length, flags);
    for (ULONG i = 0; i < length; i++) /* IDs consist of ASCII */
        buffer[i] = (unsigned char)narrowed[i];
    HeapFree(GetProcessHeap(), 0, narrowed);
    return result;
}
