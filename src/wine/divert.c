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

static bool is_jump_to(const void *code, const void *function)
{
    unsigned char jump[WU_JUMP_ROOM];
    const size_t size = wu_machine_make_jump(jump, code, function);

    return memcmp(code, jump, size) == 0;
}

bool wu_divert_leads_to(const void *code, const void *function)
{
    const void *const next = wu_machine_near_target(code);

    return is_jump_to(code, function) || (next && is_jump_to(next, function));
}

static bool
put(void *function, size_t room, void (*put_jump)(void *, const void *), const void *target)
{
    DWORD before;

    if (!VirtualProtect(function, room, PAGE_EXECUTE_READWRITE, &before))
        return false;

    put_jump(function, target);
    VirtualProtect(function, room, before, &before);
    return true;
}

bool wu_divert(void *function, const void *replacement)
{
    return put(function, WU_JUMP_ROOM, wu_machine_put_jump, replacement);
}

static bool is_near(const void *function, const void *target)
{
    const int64_t distance =
        (int64_t)(intptr_t)target - ((int64_t)(intptr_t)function + WU_NEAR_JUMP_SIZE);

    return sizeof(function) == sizeof(int32_t) || distance == (int32_t)distance;
}

bool wu_divert_near(void *function, const void *target)
{
    enum { ROOM = 8 };

    return is_near(function, target) && put(function, ROOM, wu_machine_put_near_jump, target);
}

bool wu_divert_keep(void *room, const void *function)
{
    const bool x64 = sizeof(void *) == sizeof(uint64_t);
    const size_t size = wu_prologue_move(room, function, WU_NEAR_JUMP_SIZE, x64);

    if (size > 0)
        wu_divert_make((unsigned char *)room + size, (const unsigned char *)function + size);
    return size > 0;
}
