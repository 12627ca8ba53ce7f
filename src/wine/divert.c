#include "wine/divert.h"

#include <emmintrin.h>
#include <stdint.h>
#include <string.h>
#include <windows.h>

void *wu_divert_find(const char *module, const char *name)
{
    const HMODULE handle = GetModuleHandleA(module);

    return handle ? (void *)(uintptr_t)GetProcAddress(handle, name) : NULL;
}

/* mov $replacement,%rax; jmp *%rax */
void wu_divert_make(unsigned char code[WU_DIVERT_SIZE], const void *replacement)
{
    const uint64_t address = (uintptr_t)replacement;

    memcpy(code, "\x48\xB8", 2);
    memcpy(code + 2, &address, sizeof(address));
    memcpy(code + 2 + sizeof(address), "\xFF\xE0", 2);
}

bool wu_divert_leads_to(const void *code, const void *function)
{
    unsigned char jump[WU_DIVERT_SIZE] = { 0 };

    wu_divert_make(jump, function);
    return memcmp(code, jump, WU_JUMP_SIZE) == 0;
}

bool wu_divert(void *function, const void *replacement)
{
    unsigned char code[WU_DIVERT_SIZE];
    DWORD before;

    if (!VirtualProtect(function, WU_DIVERT_SIZE, PAGE_EXECUTE_READWRITE, &before))
        return false;

    memcpy(code, function, sizeof(code));
    wu_divert_make(code, replacement);
    _mm_storeu_si128(function, _mm_loadu_si128((const __m128i *)(const void *)code));
    VirtualProtect(function, WU_DIVERT_SIZE, before, &before);
    return true;
}
