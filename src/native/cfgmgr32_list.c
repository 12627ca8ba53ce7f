/* CfgMgr32's lists: of interface paths, and of instance IDs. */
#include <cfgmgr32.h>

#include <string.h>

#include "devices/path.h"
#include "host/export.h"
#include "native/fact.h"

/* Texts one after the other, in the caller's buffer of either width, as far as they fit. */
struct list {
    char *narrow; /* both NULL: it is only measured */
    WCHAR *wide;
    ULONG room; /* [characters] */
    ULONG used; /* [characters]; may be more than there is room for */
};

static void append(struct list *list, const char *text)
{
    const ULONG size = (ULONG)strlen(text) + 1;

    if (list->used + size <= list->room && list->narrow)
        memcpy(list->narrow + list->used, text, size);
    if (list->used + size <= list->room && list->wide)
        wu_fact_widen(text, size, list->wide + list->used);
    list->used += size;
}

/* A list that does not fit is an empty one. */
static CONFIGRET end(struct list *list)
{
    append(list, "");
    if (list->used <= list->room || (!list->narrow && !list->wide))
        return CR_SUCCESS;

    list->used = 0;
    append(list, "");
    return CR_BUFFER_SMALL;
}

static bool is_same(const char *a, const char *b)
{
    return strlen(a) == strlen(b) && wu_path_equal(a, strlen(a), b);
}

/* --- Interfaces ------------------------------------------------------------------------------ */

static bool is_device(const struct wu_function *function, const char *device)
{
    const struct wu_node node = { .kind = WU_NODE_FUNCTION, .function = function };
    char id[WU_NODE_ID_SIZE];

    if (!device || *device == '\0')
        return true;

    wu_node_id(&node, id);
    return is_same(id, device);
}

static CONFIGRET list_interfaces(struct list *list, const GUID *guid, const char *device)
{
    struct wu_function_list functions;
    char path[WU_PATH_SIZE];

    if (wu_function_list_get(&functions) != ERROR_SUCCESS)
        return CR_OUT_OF_MEMORY;

    for (size_t i = 0; i < functions.count; i++) {
        const struct wu_function *function = &functions.functions[i];

        if (wu_guids_contain(&function->guids, guid) && is_device(function, device)) {
            wu_function_path(function, guid, path);
            append(list, path);
        }
    }
    wu_function_list_free(&functions);
    return end(list);
}

static CONFIGRET measure_interfaces(ULONG *length, const GUID *guid, const char *device)
{
    struct list list = { .room = 0 };
    CONFIGRET result;

    if (!length || !guid)
        return CR_INVALID_POINTER;

    result = list_interfaces(&list, guid, device);
    if (result == CR_SUCCESS)
        *length = list.used;
    return result;
}

/* Nobody has a name that is no name of a device. */
static const char *narrow(LPCWSTR wide, char text[WU_NODE_ID_SIZE])
{
    return wu_fact_narrow(wide, text, WU_NODE_ID_SIZE) ? text : "?";
}

WU_EXPORT CONFIGRET WINAPI CM_Get_Device_Interface_List_SizeA(ULONG *length,
                                                              GUID *guid,
                                                              DEVINSTID_A device,
                                                              ULONG flags)
{
    UNREFERENCED_PARAMETER(flags);
    return measure_interfaces(length, guid, device);
}

WU_EXPORT CONFIGRET WINAPI CM_Get_Device_Interface_List_SizeW(ULONG *length,
                                                              GUID *guid,
                                                              DEVINSTID_W device,
                                                              ULONG flags)
{
    char text[WU_NODE_ID_SIZE];

    UNREFERENCED_PARAMETER(flags);
    return measure_interfaces(length, guid, device ? narrow(device, text) : NULL);
}

WU_EXPORT CONFIGRET WINAPI CM_Get_Device_Interface_ListA(GUID *guid,
                                                         DEVINSTID_A device,
                                                         CHAR *buffer,
                                                         ULONG length,
                                                         ULONG flags)
{
    struct list list = { .narrow = buffer, .room = length };

    UNREFERENCED_PARAMETER(flags);
    if (!guid || !buffer)
        return CR_INVALID_POINTER;
    return length > 0 ? list_interfaces(&list, guid, device) : CR_INVALID_DATA;
}

WU_EXPORT CONFIGRET WINAPI CM_Get_Device_Interface_ListW(GUID *guid,
                                                         DEVINSTID_W device,
                                                         WCHAR *buffer,
                                                         ULONG length,
                                                         ULONG flags)
{
    struct list list = { .wide = buffer, .room = length };
    char text[WU_NODE_ID_SIZE];

    UNREFERENCED_PARAMETER(flags);
    if (!guid || !buffer)
        return CR_INVALID_POINTER;
    return length > 0 ? list_interfaces(&list, guid, device ? narrow(device, text) : NULL)
                      : CR_INVALID_DATA;
}

/* --- Instance IDs ---------------------------------------------------------------------------- */

enum {
    FILTERS =
        CM_GETIDLIST_FILTER_ENUMERATOR | CM_GETIDLIST_FILTER_SERVICE | CM_GETIDLIST_FILTER_CLASS,
};

static bool has_fact(const struct wu_node *node, const char *value, const char *wanted)
{
    const struct wu_node_fact *fact;
    struct wu_node_value told;

    for (size_t i = 0; (fact = wu_node_fact_at(i)) != NULL; i++)
        if (fact->value && strcmp(fact->value, value) == 0)
            return wu_node_tell(node, fact, &told) && is_same(told.text, wanted);

    return false;
}

/* An enumerator, or one of its devices, is what an ID begins with. */
static bool begins(const char *id, const char *start)
{
    const size_t length = strlen(start);

    return strlen(id) > length && id[length] == '\\' && wu_path_equal(start, length, id);
}

static bool is_wanted(const struct wu_node *node, const char *id, const char *filter, ULONG flags)
{
    switch (flags & FILTERS) {
    case CM_GETIDLIST_FILTER_ENUMERATOR:
        return begins(id, filter);
    case CM_GETIDLIST_FILTER_SERVICE:
        return has_fact(node, "Service", filter);
    case CM_GETIDLIST_FILTER_CLASS:
        return has_fact(node, "ClassGUID", filter);
    default:
        return true;
    }
}

/* A node that is above several functions is that of the first. */
static bool is_above_earlier(const struct wu_function_list *functions, size_t count, const char *id)
{
    for (size_t i = 0; i < count; i++) {
        struct wu_node node = { .kind = WU_NODE_FUNCTION, .function = &functions->functions[i] };
        char other[WU_NODE_ID_SIZE];

        while (wu_node_parent(&node, &node)) {
            wu_node_id(&node, other);
            if (strcmp(other, id) == 0)
                return true;
        }
    }

    return false;
}

static void append_nodes(struct list *list,
                         const struct wu_function_list *functions,
                         size_t which,
                         const char *filter,
                         ULONG flags)
{
    struct wu_node node = { .kind = WU_NODE_FUNCTION, .function = &functions->functions[which] };
    char id[WU_NODE_ID_SIZE];

    do {
        wu_node_id(&node, id);
        if (is_wanted(&node, id, filter, flags) && !is_above_earlier(functions, which, id))
            append(list, id);
    } while (wu_node_parent(&node, &node));
}

static CONFIGRET list_ids(struct list *list, const char *filter, ULONG flags)
{
    const ULONG kind = flags & FILTERS;
    struct wu_function_list functions;

    if ((flags & ~(ULONG)(FILTERS | CM_GETIDLIST_FILTER_PRESENT)) != 0 || (kind & (kind - 1)) != 0)
        return CR_INVALID_FLAG;
    if (kind != 0 && !filter)
        return CR_INVALID_POINTER;
    if (wu_function_list_get(&functions) != ERROR_SUCCESS)
        return CR_OUT_OF_MEMORY;

    for (size_t i = 0; i < functions.count; i++)
        append_nodes(list, &functions, i, filter, flags);
    wu_function_list_free(&functions);
    return end(list);
}

WU_EXPORT CONFIGRET WINAPI CM_Get_Device_ID_List_SizeA(ULONG *length, LPCSTR filter, ULONG flags)
{
    struct list list = { .room = 0 };
    CONFIGRET result;

    if (!length)
        return CR_INVALID_POINTER;

    result = list_ids(&list, filter, flags);
    if (result == CR_SUCCESS)
        *length = list.used;
    return result;
}

WU_EXPORT CONFIGRET WINAPI CM_Get_Device_ID_List_SizeW(ULONG *length, LPCWSTR filter, ULONG flags)
{
    char text[WU_NODE_ID_SIZE];

    return CM_Get_Device_ID_List_SizeA(length, filter ? narrow(filter, text) : NULL, flags);
}

WU_EXPORT CONFIGRET WINAPI CM_Get_Device_ID_ListA(LPCSTR filter,
                                                  CHAR *buffer,
                                                  ULONG length,
                                                  ULONG flags)
{
    struct list list = { .narrow = buffer, .room = length };

    return buffer && length > 0 ? list_ids(&list, filter, flags) : CR_INVALID_POINTER;
}

WU_EXPORT CONFIGRET WINAPI CM_Get_Device_ID_ListW(LPCWSTR filter,
                                                  WCHAR *buffer,
                                                  ULONG length,
                                                  ULONG flags)
{
    struct list list = { .wide = buffer, .room = length };
    char text[WU_NODE_ID_SIZE];

    return buffer && length > 0 ? list_ids(&list, filter ? narrow(filter, text) : NULL, flags)
                                : CR_INVALID_POINTER;
}
