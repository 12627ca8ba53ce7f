#include "wine/syscall.h"

#include <stdint.h>
#include <string.h>
#include <windows.h>

#include "wine/divert.h"

enum { STUB_SIZE = 32, NUMBER_AT = 4, NUMBER_SIZE = 4 };

/* mov %rcx,%r10; mov $NUMBER,%eax; testb $1,0x7ffe0308; jne; syscall; ret; jmp; ret;
 * call *0x7ffe1000; ret. Nothing in it depends on where it stands. */
static const uint8_t stub[STUB_SIZE] = {
    0x4C, 0x8B, 0xD1, 0xB8, 0,    0,    0,    0,    0xF6, 0x04, 0x25, 0x08, 0x03, 0xFE, 0x7F, 0x01,
    0x75, 0x03, 0x0F, 0x05, 0xC3, 0xEB, 0x01, 0xC3, 0xFF, 0x14, 0x25, 0x00, 0x10, 0xFE, 0x7F, 0xC3,
};

static void *find(const char *name)
{
    return wu_divert_find("ntdll.dll", name);
}

static bool is_stub(const uint8_t *code)
{
    const size_t behind = NUMBER_AT + NUMBER_SIZE;

    return code && memcmp(code, stub, NUMBER_AT) == 0 &&
           memcmp(code + behind, stub + behind, STUB_SIZE - behind) == 0;
}

bool wu_syscalls_replace(struct wu_syscall *calls, unsigned count)
{
    const SIZE_T size = (SIZE_T)count * STUB_SIZE;
    uint8_t *copies;
    DWORD before;
    bool replaced = true;

    for (unsigned i = 0; i < count; i++)
        if (!is_stub(find(calls[i].name)))
            return false;

    copies = VirtualAlloc(NULL, size, MEM_COMMIT | MEM_RESERVE, PAGE_READWRITE);
    if (!copies)
        return false;
    for (unsigned i = 0; i < count; i++) {
        calls[i].original = copies + (size_t)i * STUB_SIZE;
        memcpy(calls[i].original, find(calls[i].name), STUB_SIZE);
    }
    if (!VirtualProtect(copies, size, PAGE_EXECUTE_READ, &before))
        return false;

    for (unsigned i = 0; i < count; i++)
        replaced = wu_divert(find(calls[i].name), calls[i].replacement) && replaced;
    return replaced;
}
