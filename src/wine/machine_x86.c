#include "wine/machine.h"

#include <string.h>

/* --- Jumps ----------------------------------------------------------------------------------- */

/* Nothing is far away. */
size_t wu_machine_make_jump(unsigned char *code, const void *place, const void *target)
{
    wu_machine_make_near_jump(code, place, target);
    return WU_NEAR_JUMP_SIZE;
}

void wu_machine_put_jump(void *place, const void *target)
{
    wu_machine_put_near_jump(place, target);
}

/* --- Wine's code ----------------------------------------------------------------------------- */

enum { STUB_SIZE = 16 };

_Static_assert((int)STUB_SIZE <= (int)WU_SYSCALL_ROOM, "a stub has room");

/* mov $NUMBER,%eax; mov $DISPATCHER,%edx; call *%edx; ret $PARAMETERS; nop */
size_t wu_machine_syscall_size(const unsigned char *code)
{
    return code[0] == 0xB8 && code[5] == 0xBA && memcmp(code + 10, "\xFF\xD2\xC2", 3) == 0 &&
                   code[14] == 0 && code[15] == 0x90
               ? STUB_SIZE
               : 0;
}

static const unsigned char *skip_nops(const unsigned char *code)
{
    enum { NOP = 0x90, NOPS = 9 };

    for (int i = 0; i < NOPS && *code == NOP; i++)
        code++;
    return code;
}

/* Up to nine nops; sub $0xc,%esp; movl $NAME,4(%esp); movl $MODULE,(%esp); call */
bool wu_machine_is_missing(const unsigned char *code)
{
    const unsigned char *start = skip_nops(code);

    return memcmp(start, "\x83\xEC\x0C\xC7\x44\x24\x04", 7) == 0 &&
           memcmp(start + 11, "\xC7\x04\x24", 3) == 0 && start[18] == 0xE8;
}
