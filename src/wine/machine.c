#include "wine/machine.h"

#include <stdint.h>
#include <string.h>
#include <windows.h>

enum { JUMP = 0xE9 };

/* jmp target: how far it is, from behind the jump. */
void wu_machine_make_near_jump(unsigned char *code, const void *place, const void *target)
{
    const uint32_t distance =
        (uint32_t)((uintptr_t)target - ((uintptr_t)place + WU_NEAR_JUMP_SIZE));

    code[0] = JUMP;
    memcpy(code + 1, &distance, sizeof(distance));
}

/* As long as a number that is written at once. */
union piece {
    unsigned char code[8];
    LONG64 whole;
};

void wu_machine_put_near_jump(void *place, const void *target)
{
    union piece before, after;

    do {
        memcpy(&before, place, sizeof(before));
        after = before;
        wu_machine_make_near_jump(after.code, place, target);
    } while (InterlockedCompareExchange64(place, after.whole, before.whole) != before.whole);
}

const void *wu_machine_near_target(const unsigned char *code)
{
    int32_t distance;

    if (code[0] != JUMP)
        return NULL;

    memcpy(&distance, code + 1, sizeof(distance));
    return (const void *)((uintptr_t)code + WU_NEAR_JUMP_SIZE + (uintptr_t)(intptr_t)distance);
}
