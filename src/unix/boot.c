/*
 * The code by which a DLL under Wine loads its Unix library, where Wine has no call for it.
 *
 * Wine's call to the Unix side goes to whatever address a table of functions names, and nothing
 * checks the table. So this code is called there, as machine code for Linux that stands in memory
 * of the DLL's. It was called by Wine's ntdll.so: that library's ELF header is found below the
 * address to return to, and in its relocations the places that hold dlopen and dlsym. A page that
 * cannot be read ends the call with a status, since Wine handles faults of its Unix side.
 *
 * The code is cut out of the compiled file and stands alone (gate.c): it has one function, and
 * neither data nor texts nor calls of others.
 */
#include "unix/boot.h"

#include <link.h>
#include <stddef.h>

enum { PAGE = 4096, NOW = 2 /* RTLD_NOW */ };

#define ALONE static inline __attribute__((always_inline))

#ifdef __x86_64__
typedef ElfW(Rela) relocation;
enum { RELOCATIONS = DT_RELA, RELOCATIONS_SIZE = DT_RELASZ, SYMBOL_SHIFT = 32 };
#else
typedef ElfW(Rel) relocation;
enum { RELOCATIONS = DT_REL, RELOCATIONS_SIZE = DT_RELSZ, SYMBOL_SHIFT = 8 };
#endif

struct image {
    const char *base;          /* what its addresses count from */
    const ElfW(Dyn) * dynamic; /* NULL: it has none */
};

ALONE const char *find_header(const void *inside)
{
    const char *page = (const char *)((uintptr_t)inside & ~(uintptr_t)(PAGE - 1));

    while (page[0] != 0x7F || page[1] != 'E' || page[2] != 'L' || page[3] != 'F')
        page -= PAGE;
    return page;
}

ALONE struct image describe(const char *header)
{
    const ElfW(Ehdr) *elf = (const void *)header;
    const ElfW(Phdr) *segments = (const void *)(header + elf->e_phoff);
    struct image image = { header, NULL };
    unsigned i;

    for (i = 0; i < elf->e_phnum; i++)
        if (segments[i].p_type == PT_LOAD && segments[i].p_offset == 0)
            image.base = header - segments[i].p_vaddr;
    for (i = 0; i < elf->e_phnum; i++)
        if (segments[i].p_type == PT_DYNAMIC)
            image.dynamic = (const void *)(image.base + segments[i].p_vaddr);
    return image;
}

ALONE uintptr_t entry(struct image image, ElfW(Sxword) tag)
{
    const ElfW(Dyn) * dynamic;

    for (dynamic = image.dynamic; dynamic->d_tag != DT_NULL; dynamic++)
        if (dynamic->d_tag == tag)
            return dynamic->d_un.d_ptr;
    return 0;
}

/* Some loaders leave addresses in the dynamic section as they are in the file. */
ALONE const char *address(struct image image, ElfW(Sxword) tag)
{
    const uintptr_t value = entry(image, tag);

    return value < (uintptr_t)image.base ? image.base + value : (const char *)value;
}

ALONE int is_name(const char *name, const char *wanted)
{
    while (*name != '\0' && *name == *wanted) {
        name++;
        wanted++;
    }
    return *name == *wanted;
}

ALONE void *
find_among(struct image image, ElfW(Sxword) table, ElfW(Sxword) size_tag, const char *name)
{
    const relocation *relocations = (const void *)address(image, table);
    const size_t count = entry(image, size_tag) / sizeof(*relocations);
    const ElfW(Sym) *symbols = (const void *)address(image, DT_SYMTAB);
    const char *names = address(image, DT_STRTAB);
    size_t i;

    for (i = 0; i < count; i++) {
        const size_t symbol = (size_t)(relocations[i].r_info >> SYMBOL_SHIFT);

        if (symbol != 0 && is_name(names + symbols[symbol].st_name, name))
            return *(void *const *)(const void *)(image.base + relocations[i].r_offset);
    }
    return NULL;
}

ALONE void *find_import(struct image image, uint64_t name)
{
    const char *const text = (const char *)(uintptr_t)name;
    void *const found = find_among(image, DT_JMPREL, DT_PLTRELSZ, text);

    return found ? found : find_among(image, RELOCATIONS, RELOCATIONS_SIZE, text);
}

ALONE void explain(struct image image, struct wu_boot *boot)
{
    char *(*const why)(void) = (char *(*)(void))find_import(image, boot->why_name);
    const char *text = why ? why() : NULL;
    char *to = (char *)(uintptr_t)boot->why;
    uint64_t left = boot->why_size;

    while (text && *text != '\0' && left-- > 1)
        *to++ = *text++;
    if (boot->why_size > 0)
        *to = '\0';
}

int32_t wu_boot(struct wu_boot *boot);

int32_t wu_boot(struct wu_boot *boot)
{
    const struct image image = describe(find_header(__builtin_return_address(0)));
    void *(*open)(const char *, int);
    void *(*find)(void *, const char *);
    void *library, *table;

    boot->step = WU_BOOT_IMAGE;
    if (!image.dynamic)
        return 0;

    boot->step = WU_BOOT_OPEN;
    open = (void *(*)(const char *, int))find_import(image, boot->open_name);
    if (!open)
        return 0;

    boot->step = WU_BOOT_FIND;
    find = (void *(*)(void *, const char *))find_import(image, boot->find_name);
    if (!find)
        return 0;

    boot->step = WU_BOOT_LIBRARY;
    library = open((const char *)(uintptr_t)boot->path, NOW);
    if (!library) {
        explain(image, boot);
        return 0;
    }

    boot->step = WU_BOOT_TABLE;
    table = find(library, (const char *)(uintptr_t)boot->table_name);
    if (!table)
        return 0;

    boot->step = WU_BOOT_DONE;
    boot->table = (uintptr_t)table;
    return 0;
}
