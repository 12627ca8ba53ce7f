#include "wine/syscall.h"

#include <stdint.h>
#include <string.h>
#include <windows.h>

#include "wine/divert.h"

static void *find(const char *name)
{
    return wu_divert_find("ntdll.dll", name);
}

/* Gives the length of the stub [bytes]; 0 when there is none that we know. */
static size_t size_of(const char *name)
{
    const void *code = find(name);

    return code ? wu_machine_syscall_size(code) : 0;
}

bool wu_syscalls_replace(struct wu_syscall *calls, unsigned count)
{
    const SIZE_T size = (SIZE_T)count * WU_SYSCALL_ROOM;
    uint8_t *copies;
    DWORD before;
    bool replaced = true;

    for (unsigned i = 0; i < count; i++)
        if (size_of(calls[i].name) == 0)
            return false;

    copies = VirtualAlloc(NULL, size, MEM_COMMIT | MEM_RESERVE, PAGE_READWRITE);
    if (!copies)
        return false;
    for (unsigned i = 0; i < count; i++) {
        calls[i].original = copies + (size_t)i * WU_SYSCALL_ROOM;
        memcpy(calls[i].original, find(calls[i].name), size_of(calls[i].name));
    }
    if (!VirtualProtect(copies, size, PAGE_EXECUTE_READ, &before))
        return false;

    for (unsigned i = 0; i < count; i++)
        replaced = wu_divert(find(calls[i].name), calls[i].replacement) && replaced;
    return replaced;
}
