#include "wine/divert.h"

#include <stdint.h>
#include <string.h>
#include <windows.h>

void *wu_divert_find(const char *module, const char *name)
{
    const HMODULE handle = GetModuleHandleA(module);

    return handle ? (void *)(uintptr_t)GetProcAddress(handle, name) : NULL;
}

void wu_divert_make(void *place, const void *function)
{
    wu_machine_make_jump(place, place, function);
}

bool wu_divert_leads_to(const void *code, const void *function)
{
    unsigned char jump[WU_JUMP_ROOM];
    const size_t size = wu_machine_make_jump(jump, code, function);

    return memcmp(code, jump, size) == 0;
}

bool wu_divert(void *function, const void *replacement)
{
    DWORD before;

    if (!VirtualProtect(function, WU_JUMP_ROOM, PAGE_EXECUTE_READWRITE, &before))
        return false;

    wu_machine_put_jump(function, replacement);
    VirtualProtect(function, WU_JUMP_ROOM, before, &before);
    return true;
}
