/* CfgMgr32's lists of interfaces. Wine up to 10.0 has none; one that has lists them as we do. */
#include "wine/cfgmgr_parts.h"

#include <string.h>

#include "devices/guids.h"
#include "wine/registry.h"

enum { KEY_SIZE = 512, ALL_DEVICES = 1 /* CM_GET_DEVICE_INTERFACE_LIST_ALL_DEVICES */ };

/* --- The list -------------------------------------------------------------------------------- */

struct list {
    WCHAR *buffer; /* NULL: it is only measured */
    ULONG room;    /* [characters] */
    ULONG used;    /* [characters]; may be more than there is room for */
};

struct question {
    HKEY interfaces;     /* of the class */
    const WCHAR *device; /* instance id; NULL: all */
    bool present;        /* those alone */
};

static void append(struct list *list, const WCHAR *text, ULONG length)
{
    if (list->used + length <= list->room)
        memcpy(list->buffer + list->used, text, length * sizeof(*text));
    list->used += length;
}

static bool read_text(HKEY key, const WCHAR *path, const WCHAR *name, WCHAR text[KEY_SIZE])
{
    DWORD size = KEY_SIZE * sizeof(*text);

    return RegGetValueW(key, path, name, RRF_RT_REG_SZ, NULL, text, &size) == ERROR_SUCCESS;
}

static bool is_linked(HKEY key)
{
    DWORD linked = 0, size = sizeof(linked);

    return RegGetValueW(key, L"#\\Control", L"Linked", RRF_RT_REG_DWORD, NULL, &linked, &size) ==
               ERROR_SUCCESS &&
           linked != 0;
}

static void add_interface(struct list *list, const struct question *question, HKEY key)
{
    WCHAR text[KEY_SIZE];

    if (question->present && !is_linked(key))
        return;
    if (question->device &&
        (!read_text(key, NULL, L"DeviceInstance", text) || lstrcmpiW(text, question->device) != 0))
        return;
    if (read_text(key, L"#", L"SymbolicLink", text))
        append(list, text, (ULONG)lstrlenW(text) + 1);
}

static void add_interfaces(struct list *list, const struct question *question)
{
    WCHAR name[KEY_SIZE];

    for (DWORD i = 0;; i++) {
        DWORD length = KEY_SIZE;
        HKEY key;

        if (RegEnumKeyExW(question->interfaces, i, name, &length, NULL, NULL, NULL, NULL) !=
            ERROR_SUCCESS)
            return;
        if (RegOpenKeyExW(question->interfaces, name, 0, KEY_READ, &key) != ERROR_SUCCESS)
            continue;
        add_interface(list, question, key);
        RegCloseKey(key);
    }
}

static bool open_class(const GUID *guid, HKEY *key_out)
{
    char path[sizeof(WU_REGISTRY_INTERFACES) + WU_GUID_TEXT_SIZE] = WU_REGISTRY_INTERFACES;

    wu_guid_format(guid, path + sizeof(WU_REGISTRY_INTERFACES) - 1);
    return RegOpenKeyExA(HKEY_LOCAL_MACHINE, path, 0, KEY_READ, key_out) == ERROR_SUCCESS;
}

/* Each text ends with a NUL, and the list with one more. */
static void make(struct list *list, const GUID *guid, const WCHAR *device, ULONG flags)
{
    struct question question = { .device = device && *device ? device : NULL,
                                 .present = flags != ALL_DEVICES };

    if (open_class(guid, &question.interfaces)) {
        add_interfaces(list, &question);
        RegCloseKey(question.interfaces);
    }
    append(list, L"", 1);
}

/* --- The functions ---------------------------------------------------------------------------- */

/* Of a class that nobody has, Wine's own functions say that the list is empty, or fail. */
static bool wine_has_lists(void)
{
    GUID nobodys = { 0x4F70656E, 0x5769, 0x6E55, { 'S', 'B' } };
    const wu_type_CM_Get_Device_Interface_List_SizeW size =
        WU_ORIGINAL(CM_Get_Device_Interface_List_SizeW);
    ULONG length = 0;

    return WU_ORIGINAL(CM_Get_Device_Interface_ListW) && size &&
           size(&length, &nobodys, NULL, ALL_DEVICES) == CR_SUCCESS && length == 1;
}

static CONFIGRET size_w(ULONG *length, GUID *guid, const WCHAR *device, ULONG flags)
{
    struct list list = { .buffer = NULL };

    if (!length || !guid)
        return CR_INVALID_POINTER;

    make(&list, guid, device, flags);
    *length = list.used;
    return CR_SUCCESS;
}

static CONFIGRET list_w(GUID *guid, const WCHAR *device, WCHAR *buffer, ULONG length, ULONG flags)
{
    struct list list = { .buffer = buffer, .room = length };

    if (!buffer || !guid)
        return CR_INVALID_POINTER;
    if (length == 0)
        return CR_INVALID_DATA;

    make(&list, guid, device, flags);
    if (list.used <= length)
        return CR_SUCCESS;

    buffer[0] = 0;
    return CR_BUFFER_SMALL;
}

static const WCHAR *widen(const char *text, WCHAR wide[KEY_SIZE])
{
    if (!text || MultiByteToWideChar(CP_ACP, 0, text, -1, wide, KEY_SIZE) == 0)
        return NULL;

    return wide;
}

/* Makes the list as UTF-16, on the heap. */
static CONFIGRET make_wide(struct list *list, GUID *guid, const char *device, ULONG flags)
{
    WCHAR wide[KEY_SIZE];
    const CONFIGRET result = size_w(&list->room, guid, widen(device, wide), flags);

    if (result != CR_SUCCESS)
        return result;

    list->buffer = HeapAlloc(GetProcessHeap(), 0, list->room * sizeof(*list->buffer));
    return list->buffer ? list_w(guid, widen(device, wide), list->buffer, list->room, flags)
                        : CR_OUT_OF_MEMORY;
}

static CONFIGRET list_a(GUID *guid, const char *device, char *buffer, ULONG length, ULONG flags)
{
    struct list list = { .buffer = NULL };
    CONFIGRET result;
    int needed;

    if (!buffer)
        return CR_INVALID_POINTER;

    result = make_wide(&list, guid, device, flags);
    if (result == CR_SUCCESS) {
        needed = WideCharToMultiByte(CP_ACP, 0, list.buffer, (int)list.room, NULL, 0, NULL, NULL);
        if ((ULONG)needed > length)
            result = CR_BUFFER_SMALL;
        else
            WideCharToMultiByte(CP_ACP, 0, list.buffer, (int)list.room, buffer, needed, NULL, NULL);
    }
    HeapFree(GetProcessHeap(), 0, list.buffer);
    return result;
}

static CONFIGRET size_a(ULONG *length, GUID *guid, const char *device, ULONG flags)
{
    struct list list = { .buffer = NULL };
    CONFIGRET result;

    if (!length)
        return CR_INVALID_POINTER;

    result = make_wide(&list, guid, device, flags);
    if (result == CR_SUCCESS)
        *length =
            (ULONG)WideCharToMultiByte(CP_ACP, 0, list.buffer, (int)list.room, NULL, 0, NULL, NULL);
    HeapFree(GetProcessHeap(), 0, list.buffer);
    return result;
}

CONFIGRET WINAPI wu_CM_Get_Device_Interface_List_SizeW(ULONG *length,
                                                       GUID *guid,
                                                       const WCHAR *device,
                                                       ULONG flags)
{
    return wine_has_lists()
               ? WU_ORIGINAL(CM_Get_Device_Interface_List_SizeW)(length, guid, device, flags)
               : size_w(length, guid, device, flags);
}

CONFIGRET WINAPI wu_CM_Get_Device_Interface_List_SizeA(ULONG *length,
                                                       GUID *guid,
                                                       const char *device,
                                                       ULONG flags)
{
    return wine_has_lists()
               ? WU_ORIGINAL(CM_Get_Device_Interface_List_SizeA)(length, guid, device, flags)
               : size_a(length, guid, device, flags);
}

CONFIGRET WINAPI wu_CM_Get_Device_Interface_ListW(GUID *guid,
                                                  const WCHAR *device,
                                                  WCHAR *buffer,
                                                  ULONG length,
                                                  ULONG flags)
{
    return wine_has_lists()
               ? WU_ORIGINAL(CM_Get_Device_Interface_ListW)(guid, device, buffer, length, flags)
               : list_w(guid, device, buffer, length, flags);
}

CONFIGRET WINAPI wu_CM_Get_Device_Interface_ListA(GUID *guid,
                                                  const char *device,
                                                  char *buffer,
                                                  ULONG length,
                                                  ULONG flags)
{
    return wine_has_lists()
               ? WU_ORIGINAL(CM_Get_Device_Interface_ListA)(guid, device, buffer, length, flags)
               : list_a(guid, device, buffer, length, flags);
}
