/*
 * A PE image names its exports by three arrays: names in the order of their bytes, for each its
 * place in the third, and there the functions, all as distances from the image's beginning. They
 * are replaced by longer ones; what they say of functions of ours is where a jump to it stands, in
 * memory behind the image and no more than 2 GiB away. Where addresses are as short as distances,
 * any memory will do. The image's own function of that name gets a jump to there, too, and its
 * beginning is kept in the same memory.
 */
#include "wine/exports.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <winternl.h>

#include "host/host.h"
#include "wine/divert.h"

enum { ALIGNMENT = 0x10000, LONGEST_NAME = 64 };

/* --- The image ------------------------------------------------------------------------------- */

struct image {
    uint8_t *base;
    IMAGE_EXPORT_DIRECTORY *exports; /* NULL: none */
};

static void *at(const struct image *image, DWORD distance)
{
    return (void *)((uintptr_t)image->base + distance);
}

static const IMAGE_DATA_DIRECTORY *directory(const struct image *image, unsigned which)
{
    const IMAGE_DOS_HEADER *dos = (const IMAGE_DOS_HEADER *)(const void *)image->base;
    const IMAGE_NT_HEADERS *headers = at(image, (DWORD)dos->e_lfanew);

    return &headers->OptionalHeader.DataDirectory[which];
}

static struct image image_of(void *module)
{
    struct image image = { .base = module };
    const IMAGE_DATA_DIRECTORY *exports = directory(&image, IMAGE_DIRECTORY_ENTRY_EXPORT);

    if (exports->Size > 0)
        image.exports = at(&image, exports->VirtualAddress);
    return image;
}

/* Writes to what is only read otherwise. Another thread may be running code of the same page. */
static bool write(void *place, const void *bytes, size_t size)
{
    DWORD before;

    if (!VirtualProtect(place, size, PAGE_EXECUTE_READWRITE, &before))
        return false;

    memcpy(place, bytes, size);
    VirtualProtect(place, size, before, &before);
    return true;
}

/* Finds free memory behind an image. */
static void *allocate_behind(const uint8_t *base, size_t size)
{
    const uint8_t *place = base;
    MEMORY_BASIC_INFORMATION found;
    void *memory;

    while ((uint64_t)(place - base) < INT32_MAX - 2 * size &&
           VirtualQuery(place, &found, sizeof(found)) != 0) {
        const uintptr_t start = ((uintptr_t)place + ALIGNMENT - 1) & ~(uintptr_t)(ALIGNMENT - 1);
        const uint8_t *end = (const uint8_t *)found.BaseAddress + found.RegionSize;

        if (found.State == MEM_FREE && start + size <= (uintptr_t)end) {
            memory = VirtualAlloc((void *)start, size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
            if (memory)
                return memory;
        }
        place = end;
    }
    return NULL;
}

static void *allocate(const uint8_t *base, size_t size)
{
    if (sizeof(base) == sizeof(DWORD))
        return VirtualAlloc(NULL, size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);

    return allocate_behind(base, size);
}

/* --- Longer exports -------------------------------------------------------------------------- */

/* What becomes of one function. */
struct way {
    void *own; /* the module's, or of a module that it has it from; NULL: none that is of any use */
    void *jump; /* to ours */
    void *kept; /* how to call its own; as before when it could not be moved */
    bool moved;
};

/* What is put into that memory. */
struct longer {
    const struct image *image;
    DWORD *functions;
    DWORD *names;
    WORD *places; /* of names among the functions */
    DWORD function_count;
    DWORD name_count;
    uint8_t *end; /* of what is used of the memory so far */
};

static DWORD distance(const struct longer *longer, const void *place)
{
    return (DWORD)((uintptr_t)place - (uintptr_t)longer->image->base);
}

static void *take(struct longer *longer, size_t size)
{
    void *const taken = longer->end;

    longer->end += (size + 7) & ~(size_t)7;
    return taken;
}

/* Gives the first name that is not before another. */
static DWORD find_name(const struct longer *longer, const char *name)
{
    DWORD i = 0;

    while (i < longer->name_count && strcmp(at(longer->image, longer->names[i]), name) < 0)
        i++;
    return i;
}

static bool is_name(const struct longer *longer, DWORD i, const char *name)
{
    return i < longer->name_count && strcmp(at(longer->image, longer->names[i]), name) == 0;
}

static void insert_name(struct longer *longer, DWORD i, const char *name)
{
    const size_t size = strlen(name) + 1, behind = longer->name_count++ - i;
    char *own = take(longer, size);

    memcpy(own, name, size);
    memmove(longer->names + i + 1, longer->names + i, behind * sizeof(*longer->names));
    memmove(longer->places + i + 1, longer->places + i, behind * sizeof(*longer->places));
    longer->names[i] = distance(longer, own);
    longer->places[i] = (WORD)longer->function_count++;
}

static void add(struct longer *longer, const struct wu_stand_in *stand_in, struct way *way)
{
    const DWORD i = find_name(longer, stand_in->name);

    way->jump = take(longer, WU_JUMP_ROOM);
    if (!is_name(longer, i, stand_in->name))
        insert_name(longer, i, stand_in->name);
    wu_divert_make(way->jump, stand_in->function);
    longer->functions[longer->places[i]] = distance(longer, way->jump);
}

static void keep(struct longer *longer, struct way *way)
{
    void *const room = take(longer, WU_KEPT_ROOM);

    way->moved = way->own && wu_divert_keep(room, way->own);
    way->kept = way->moved ? room : way->own;
}

static void copy_exports(struct longer *longer, size_t more)
{
    const IMAGE_EXPORT_DIRECTORY *exports = longer->image->exports;
    const DWORD functions = exports->NumberOfFunctions, names = exports->NumberOfNames;

    longer->function_count = functions;
    longer->name_count = names;
    longer->functions = take(longer, (functions + more) * sizeof(*longer->functions));
    longer->names = take(longer, (names + more) * sizeof(*longer->names));
    longer->places = take(longer, (names + more) * sizeof(*longer->places));
    memcpy(longer->functions, at(longer->image, exports->AddressOfFunctions),
           functions * sizeof(*longer->functions));
    memcpy(longer->names, at(longer->image, exports->AddressOfNames),
           names * sizeof(*longer->names));
    memcpy(longer->places, at(longer->image, exports->AddressOfNameOrdinals),
           names * sizeof(*longer->places));
}

/* The directory itself stays where it is: a function whose place is in there is a name of another
 * DLL's. */
static bool publish(const struct longer *longer)
{
    IMAGE_EXPORT_DIRECTORY exports = *longer->image->exports;

    exports.AddressOfFunctions = distance(longer, longer->functions);
    exports.AddressOfNames = distance(longer, longer->names);
    exports.AddressOfNameOrdinals = distance(longer, longer->places);
    exports.NumberOfFunctions = longer->function_count;
    exports.NumberOfNames = longer->name_count;
    return write(longer->image->exports, &exports, sizeof(exports));
}

static size_t size_of_longer(const struct image *image, size_t more)
{
    const IMAGE_EXPORT_DIRECTORY *exports = image->exports;

    return (exports->NumberOfFunctions + more) * sizeof(DWORD) +
           (exports->NumberOfNames + more) * (sizeof(DWORD) + sizeof(WORD)) +
           more * (WU_JUMP_ROOM + WU_KEPT_ROOM + LONGEST_NAME) + 64;
}

/* @param ways  one for each, whose own function is known */
static bool
lengthen(const struct image *image, const struct wu_stand_ins *stand_ins, struct way *ways)
{
    const size_t size = size_of_longer(image, stand_ins->count);
    struct longer longer = { .image = image, .end = allocate(image->base, size) };
    void *const memory = longer.end;
    DWORD before;

    if (!memory)
        return false;

    copy_exports(&longer, stand_ins->count);
    for (size_t i = 0; i < stand_ins->count; i++) {
        add(&longer, &stand_ins->entries[i], &ways[i]);
        keep(&longer, &ways[i]);
    }
    return VirtualProtect(memory, size, PAGE_EXECUTE_READ, &before) && publish(&longer);
}

/* --- A module that exports ------------------------------------------------------------------- */

/* What ends the program is good for nothing: callers that have found it before get ours. What a DLL
 * has from one that was completed before may be ours already. */
static void *find_own(HMODULE module, const struct wu_stand_in *stand_in)
{
    void *const own = (void *)(uintptr_t)GetProcAddress(module, stand_in->name);

    if (!own || wu_divert_leads_to(own, stand_in->function))
        return NULL;
    if (!wu_machine_is_missing(own))
        return own;

    wu_divert(own, stand_in->function);
    return NULL;
}

/* Of several DLLs' own functions of a name the first is the one that we call. Callers that have
 * found one before get ours, when we know how to call it. */
static void take_over(struct wu_stand_in *stand_in, const struct way *way)
{
    if (!stand_in->original || stand_in->original == way->own)
        stand_in->original = way->kept;
    if (way->moved && !wu_divert_near(way->own, way->jump))
        wu_log(WU_LOG_DEBUG, "%s stays as it is for callers that have found it", stand_in->name);
}

static void complete_by(const struct image *image, struct wu_stand_ins *stand_ins, struct way *ways)
{
    for (size_t i = 0; i < stand_ins->count; i++)
        ways[i].own = ways[i].kept = find_own((HMODULE)image->base, &stand_ins->entries[i]);
    if (!lengthen(image, stand_ins, ways))
        wu_log(WU_LOG_WARN, "there is no memory to add functions to a DLL");
    for (size_t i = 0; i < stand_ins->count; i++)
        if (ways[i].own)
            take_over(&stand_ins->entries[i], &ways[i]);
}

static void complete(void *module, struct wu_stand_ins *stand_ins)
{
    const struct image image = image_of(module);
    struct way *ways;
    HMODULE pinned;

    /* Its own functions are called from now on, as long as the program runs. */
    if (!image.exports ||
        !GetModuleHandleExA(GET_MODULE_HANDLE_EX_FLAG_PIN | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS,
                            module, &pinned))
        return;

    ways = calloc(stand_ins->count, sizeof(*ways));
    if (ways)
        complete_by(&image, stand_ins, ways);
    else
        wu_log(WU_LOG_WARN, "there is no memory to complete a DLL");
    free(ways);
}

/* --- A module that imports ------------------------------------------------------------------- */

static const struct wu_stand_in *find(const struct wu_stand_ins *stand_ins, const char *name)
{
    for (size_t i = 0; i < stand_ins->count; i++)
        if (strcmp(stand_ins->entries[i].name, name) == 0)
            return &stand_ins->entries[i];

    return NULL;
}

static void redirect(const struct image *image,
                     const IMAGE_IMPORT_DESCRIPTOR *import,
                     const struct wu_stand_ins *stand_ins)
{
    const IMAGE_THUNK_DATA *name = at(image, import->OriginalFirstThunk);
    IMAGE_THUNK_DATA *slot = at(image, import->FirstThunk);

    for (; import->OriginalFirstThunk != 0 && name->u1.AddressOfData != 0; name++, slot++) {
        const IMAGE_IMPORT_BY_NAME *wanted = at(image, (DWORD)name->u1.AddressOfData);
        const struct wu_stand_in *stand_in = IMAGE_SNAP_BY_ORDINAL(name->u1.Ordinal)
                                                 ? NULL
                                                 : find(stand_ins, (const char *)wanted->Name);

        if (stand_in)
            write(&slot->u1.Function, &stand_in->function, sizeof(stand_in->function));
    }
}

static bool is_one_of(const struct wu_stand_ins *stand_ins, const char *name)
{
    for (const char *const *module = stand_ins->modules; *module; module++)
        if (lstrcmpiA(*module, name) == 0)
            return true;

    return false;
}

static void redirect_imports(void *module, const struct wu_stand_ins *stand_ins)
{
    const struct image image = image_of(module);
    const IMAGE_DATA_DIRECTORY *imports = directory(&image, IMAGE_DIRECTORY_ENTRY_IMPORT);
    const IMAGE_IMPORT_DESCRIPTOR *import = at(&image, imports->VirtualAddress);

    if (imports->Size == 0)
        return;

    for (; import->Name != 0; import++)
        if (is_one_of(stand_ins, at(&image, import->Name)))
            redirect(&image, import, stand_ins);
}

/* --- All modules ----------------------------------------------------------------------------- */

static void narrow(const UNICODE_STRING *name, char text[LONGEST_NAME])
{
    const size_t length = name->Length / sizeof(*name->Buffer);
    size_t i;

    for (i = 0; i < length && i < LONGEST_NAME - 1; i++)
        text[i] = name->Buffer[i] < 0x80 ? (char)name->Buffer[i] : '?';
    text[i] = '\0';
}

/* Calls among the DLLs themselves are not the program's. */
static void look_at(void *module, const UNICODE_STRING *name, struct wu_stand_ins *stand_ins)
{
    char text[LONGEST_NAME];

    narrow(name, text);
    if (is_one_of(stand_ins, text))
        complete(module, stand_ins);
    else
        redirect_imports(module, stand_ins);
}

/* What ntdll knows of a module: LDR_DATA_TABLE_ENTRY, which not all headers have as a whole. */
struct loaded {
    LIST_ENTRY lists[3];
    void *base;
    void *entry;
    ULONG size;
    UNICODE_STRING path;
    UNICODE_STRING name;
};

static void CALLBACK look_at_loaded(const struct loaded *module, void *stand_ins, BOOLEAN *stop)
{
    (void)stop;
    look_at(module->base, &module->name, stand_ins);
}

enum { LOADED = 1 };

/* What ntdll tells when it has loaded a module, whose DllMain it has not called yet. */
struct notice {
    ULONG flags;
    const UNICODE_STRING *path;
    const UNICODE_STRING *name;
    void *base;
    ULONG size;
};

static void CALLBACK hear(ULONG reason, const struct notice *notice, void *stand_ins)
{
    if (reason == LOADED)
        look_at(notice->base, notice->name, stand_ins);
}

typedef void(CALLBACK *look)(const struct loaded *module, void *context, BOOLEAN *stop);
typedef NTSTATUS(WINAPI *enumerate)(void *unused, look look, void *context);
typedef NTSTATUS(WINAPI *listen)(ULONG flags,
                                 void(CALLBACK *hear)(ULONG, const struct notice *, void *),
                                 void *context,
                                 void **cookie_out);

void wu_exports_stand_in(struct wu_stand_ins *stand_ins)
{
    const enumerate enumerate_modules =
        (enumerate)wu_divert_find("ntdll.dll", "LdrEnumerateLoadedModules");
    const listen listen_to_loads =
        (listen)wu_divert_find("ntdll.dll", "LdrRegisterDllNotification");
    void *cookie;

    if (enumerate_modules)
        enumerate_modules(NULL, look_at_loaded, stand_ins);
    if (listen_to_loads)
        listen_to_loads(0, hear, stand_ins, &cookie);
}
