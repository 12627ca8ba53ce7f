#include "wine/machine.h"

#include <emmintrin.h>
#include <stdint.h>
#include <string.h>

/* --- Jumps ----------------------------------------------------------------------------------- */

/* mov $target,%rax; jmp *%rax: which is no parameter. */
size_t wu_machine_make_jump(unsigned char *code, const void *place, const void *target)
{
    const uint64_t address = (uintptr_t)target;

    (void)place;
    memcpy(code, "\x48\xB8", 2);
    memcpy(code + 2, &address, sizeof(address));
    memcpy(code + 2 + sizeof(address), "\xFF\xE0", 2);
    return 2 + sizeof(address) + 2;
}

void wu_machine_put_jump(void *place, const void *target)
{
    unsigned char code[WU_JUMP_ROOM];

    memcpy(code, place, sizeof(code));
    wu_machine_make_jump(code, place, target);
    _mm_storeu_si128(place, _mm_loadu_si128((const __m128i *)(const void *)code));
}

/* --- Wine's code ----------------------------------------------------------------------------- */

enum { STUB_SIZE = 32, NUMBER_AT = 4, NUMBER_SIZE = 4 };

_Static_assert((int)STUB_SIZE <= (int)WU_SYSCALL_ROOM, "a stub has room");

/* mov %rcx,%r10; mov $NUMBER,%eax; testb $1,0x7ffe0308; jne; syscall; ret; jmp; ret;
 * call *0x7ffe1000; ret */
static const uint8_t stub[STUB_SIZE] = {
    0x4C, 0x8B, 0xD1, 0xB8, 0,    0,    0,    0,    0xF6, 0x04, 0x25, 0x08, 0x03, 0xFE, 0x7F, 0x01,
    0x75, 0x03, 0x0F, 0x05, 0xC3, 0xEB, 0x01, 0xC3, 0xFF, 0x14, 0x25, 0x00, 0x10, 0xFE, 0x7F, 0xC3,
};

size_t wu_machine_syscall_size(const unsigned char *code)
{
    const size_t behind = NUMBER_AT + NUMBER_SIZE;

    return memcmp(code, stub, NUMBER_AT) == 0 &&
                   memcmp(code + behind, stub + behind, STUB_SIZE - behind) == 0
               ? STUB_SIZE
               : 0;
}

/* sub $0x28,%rsp; lea MODULE,%rcx; lea NAME,%rdx; call */
bool wu_machine_is_missing(const unsigned char *code)
{
    return memcmp(code, "\x48\x83\xEC\x28\x48\x8D\x0D", 7) == 0 &&
           memcmp(code + 11, "\x48\x8D\x15", 3) == 0 && code[18] == 0xE8;
}
