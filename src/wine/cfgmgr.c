#include "wine/cfgmgr.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <windows.h>
#include <cfgmgr32.h>

#include "devices/guids.h"
#include "wine/divert.h"
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

static CONFIGRET WINAPI size_w(ULONG *length, GUID *guid, const WCHAR *device, ULONG flags)
{
    struct list list = { .buffer = NULL };

    if (!length || !guid)
        return CR_INVALID_POINTER;

    make(&list, guid, device, flags);
    *length = list.used;
    return CR_SUCCESS;
}

static CONFIGRET WINAPI
list_w(GUID *guid, const WCHAR *device, WCHAR *buffer, ULONG length, ULONG flags)
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

static CONFIGRET WINAPI
list_a(GUID *guid, const char *device, char *buffer, ULONG length, ULONG flags)
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

static CONFIGRET WINAPI size_a(ULONG *length, GUID *guid, const char *device, ULONG flags)
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

/* --- Putting them in place ------------------------------------------------------------------- */

/* sub $0x28,%rsp; lea MODULE,%rcx; lea NAME,%rdx; call: what Wine has for functions it has not. */
static bool is_missing(const uint8_t *code)
{
    return code && memcmp(code, "\x48\x83\xEC\x28\x48\x8D\x0D", 7) == 0 &&
           memcmp(code + 11, "\x48\x8D\x15", 3) == 0 && code[18] == 0xE8;
}

static void replace(const char *module, const char *name, const void *replacement)
{
    void *const function = wu_divert_find(module, name);

    if (function)
        wu_divert(function, replacement);
}

/* A Wine without the list cannot tell its size either: it has a function that always fails. */
static void complete_module(const char *module)
{
    void *const list = wu_divert_find(module, "CM_Get_Device_Interface_ListW");

    if (!is_missing(list))
        return;

    wu_divert(list, (const void *)(uintptr_t)list_w);
    replace(module, "CM_Get_Device_Interface_ListA", (const void *)(uintptr_t)list_a);
    replace(module, "CM_Get_Device_Interface_List_SizeW", (const void *)(uintptr_t)size_w);
    replace(module, "CM_Get_Device_Interface_List_SizeA", (const void *)(uintptr_t)size_a);
}

/* A program that has setupapi may load cfgmgr32 later, by name; it costs little more then. */
void wu_cfgmgr_complete(void)
{
    if (GetModuleHandleA("setupapi.dll"))
        LoadLibraryA("cfgmgr32.dll");
    complete_module("cfgmgr32.dll");
    complete_module("setupapi.dll");
}
