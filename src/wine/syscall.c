#include "wine/syscall.h"

#include <stdint.h>
#include <string.h>
#include <windows.h>

enum { STUB_SIZE = 32, NUMBER_AT = 4, NUMBER_SIZE = 4, JUMP_SIZE = 12, JUMP_TO = 2 };

/* mov %rcx,%r10; mov $NUMBER,%eax; testb $1,0x7ffe0308; jne; syscall; ret; jmp; ret;
 * call *0x7ffe1000; ret. Nothing in it depends on where it stands. */
static const uint8_t stub[STUB_SIZE] = {
    0x4C, 0x8B, 0xD1, 0xB8, 0,    0,    0,    0,    0xF6, 0x04, 0x25, 0x08, 0x03, 0xFE, 0x7F, 0x01,
    0x75, 0x03, 0x0F, 0x05, 0xC3, 0xEB, 0x01, 0xC3, 0xFF, 0x14, 0x25, 0x00, 0x10, 0xFE, 0x7F, 0xC3,
};

static uint8_t *find(const char *name)
{
    return (uint8_t *)(uintptr_t)GetProcAddress(GetModuleHandleA("ntdll.dll"), name);
}

static bool is_stub(const uint8_t *code)
{
    const size_t behind = NUMBER_AT + NUMBER_SIZE;

    return code && memcmp(code, stub, NUMBER_AT) == 0 &&
           memcmp(code + behind, stub + behind, STUB_SIZE - behind) == 0;
}

/* mov $target,%rax; jmp *%rax. Stubs are aligned to 16 bytes, which are written as one. */
static void write_jump(uint8_t *code, const void *target)
{
    uint8_t jump[16];
    const uint64_t address = (uintptr_t)target;

    memcpy(jump, code, sizeof(jump));
    memcpy(jump, "\x48\xB8", JUMP_TO);
    memcpy(jump + JUMP_TO, &address, sizeof(address));
    memcpy(jump + JUMP_TO + sizeof(address), "\xFF\xE0", 2);
    __asm__ volatile("movups %1, %%xmm0\n\tmovaps %%xmm0, %0"
                     : "=m"(*(uint8_t(*)[16])code)
                     : "m"(jump)
                     : "xmm0");
}

static bool replace(struct wu_syscall *call, uint8_t *copy)
{
    uint8_t *code = find(call->name);
    DWORD before;

    if (!VirtualProtect(code, STUB_SIZE, PAGE_EXECUTE_READWRITE, &before))
        return false;

    memcpy(copy, code, STUB_SIZE);
    call->original = copy;
    write_jump(code, call->replacement);
    VirtualProtect(code, STUB_SIZE, before, &before);
    return true;
}

bool wu_syscalls_replace(struct wu_syscall *calls, unsigned count)
{
    uint8_t *copies;

    for (unsigned i = 0; i < count; i++)
        if (!is_stub(find(calls[i].name)))
            return false;

    copies = VirtualAlloc(NULL, (SIZE_T)count * STUB_SIZE, MEM_COMMIT | MEM_RESERVE,
                          PAGE_EXECUTE_READWRITE);
    for (unsigned i = 0; copies && i < count; i++)
        if (!replace(&calls[i], copies + (size_t)i * STUB_SIZE))
            return false;
    return copies != NULL;
}
