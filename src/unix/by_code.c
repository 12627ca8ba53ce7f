/*
 * The way to a Unix library for Wines that have no call for it: their dispatcher calls whatever
 * address a table names, so it is led to code of ours for Linux, which is in memory of the DLL's.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "boot_code.h"
#include "unix/boot.h"
#include "unix/calls.h"
#include "unix/gate.h"
#include "unix/way.h"

#define TEXT_OF(name) TEXT_OF_WHAT(name)
#define TEXT_OF_WHAT(text) #text

/* --- Code of ours on the Unix side ----------------------------------------------------------- */

struct code {
    uint32_t functions[2]; /* a table of one address, whether those have 32 bits or 64 */
    unsigned char bytes[];
};

static void free_code(struct code *code)
{
    VirtualFree(code, 0, MEM_RELEASE);
}

/* @return NULL without memory that may be executed */
static struct code *make_code(const unsigned char *bytes, size_t size)
{
    struct code *code =
        VirtualAlloc(NULL, sizeof(*code) + size, MEM_COMMIT | MEM_RESERVE, PAGE_READWRITE);
    DWORD before;

    if (!code)
        return NULL;

    code->functions[0] = (uint32_t)WU_UNIX_POINTER(code->bytes);
    code->functions[1] = (uint32_t)(WU_UNIX_POINTER(code->bytes) >> 32);
    memcpy(code->bytes, bytes, size);
    if (VirtualProtect(code, sizeof(*code) + size, PAGE_EXECUTE_READ, &before))
        return code;

    free_code(code);
    return NULL;
}

/* @return false when there is no memory for it; *status_out is that of a fault, or what the code
 * returned */
static bool run(wu_unix_dispatcher dispatch,
                const unsigned char *bytes,
                size_t size,
                void *arguments,
                LONG *status_out)
{
    struct code *code = make_code(bytes, size);

    if (!code)
        return false;

    *status_out = dispatch(WU_UNIX_POINTER(code), 0, arguments);
    free_code(code);
    return true;
}

unsigned wu_unix_bits(wu_unix_dispatcher dispatch)
{
    /* xor %eax,%eax; inc %eax; nop; ret. With 64 bits the byte of inc is a prefix of nop. */
    static const unsigned char code[] = { 0x31, 0xC0, 0x40, 0x90, 0xC3 };
    LONG answer;

    return run(dispatch, code, sizeof(code), NULL, &answer) && answer == 1 ? 32 : 64;
}

/* --- Loading --------------------------------------------------------------------------------- */

static void explain(const struct wu_boot *boot, const char *path, const char *text, char *why)
{
    switch (boot->step) {
    case WU_BOOT_IMAGE:
        snprintf(why, WU_UNIX_WHY_SIZE, "Wine's ntdll.so does not describe itself");
        break;
    case WU_BOOT_OPEN:
    case WU_BOOT_FIND:
        snprintf(why, WU_UNIX_WHY_SIZE, "Wine's ntdll.so does not import %s",
                 boot->step == WU_BOOT_OPEN ? "dlopen" : "dlsym");
        break;
    case WU_BOOT_LIBRARY:
        snprintf(why, WU_UNIX_WHY_SIZE, "%s", text[0] != '\0' ? text : path);
        break;
    default:
        snprintf(why, WU_UNIX_WHY_SIZE, "%s is another library: it has no table of calls", path);
    }
}

uint32_t wu_unix_load_by_code(wu_unix_dispatcher dispatch,
                              const char *path,
                              unsigned bits,
                              uint64_t *table,
                              char *why)
{
    char text[WU_UNIX_WHY_SIZE] = "";
    struct wu_boot boot = {
        .open_name = WU_UNIX_POINTER("dlopen"),
        .find_name = WU_UNIX_POINTER("dlsym"),
        .why_name = WU_UNIX_POINTER("dlerror"),
        .table_name = WU_UNIX_POINTER(TEXT_OF(WU_UNIX_TABLE)),
        .path = WU_UNIX_POINTER(path),
        .why = WU_UNIX_POINTER(text),
        .why_size = sizeof(text),
    };
    const unsigned char *code = bits == 64 ? wu_boot_code_64 : wu_boot_code_32;
    const size_t size = bits == 64 ? sizeof(wu_boot_code_64) : sizeof(wu_boot_code_32);
    LONG status;

    if (!run(dispatch, code, size, &boot, &status)) {
        snprintf(why, WU_UNIX_WHY_SIZE, "there is no memory for code");
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    if (status != 0) {
        snprintf(why, WU_UNIX_WHY_SIZE, "looking for Wine's ntdll.so ended with status %08lx",
                 (unsigned long)status);
        return ERROR_MOD_NOT_FOUND;
    }
    if (boot.step != WU_BOOT_DONE) {
        explain(&boot, path, text, why);
        return ERROR_MOD_NOT_FOUND;
    }

    *table = boot.table;
    return ERROR_SUCCESS;
}
