/* wine/prologue.c: which instructions may be moved, and how long they are. */
#include "cmocka_all.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "wine/prologue.h"

enum { FILL = 0xC3 /* ret: nothing that may be moved */ };

/* Measures code of so many bytes, behind which there is nothing that may be moved. */
static size_t measure(const char *bytes, size_t count, size_t least, bool x64)
{
    unsigned char code[WU_PROLOGUE_MAX], moved[WU_PROLOGUE_MAX];

    memset(code, FILL, sizeof(code));
    memcpy(code, bytes, count);
    return wu_prologue_move(moved, code, least, x64);
}

/* Each is one instruction: as long as it is here, and no shorter. */
static void assert_instruction(const char *bytes, size_t count, bool x64)
{
    assert_int_equal(measure(bytes, count, 1, x64), count);
    assert_int_equal(measure(bytes, count, count, x64), count);
    assert_int_equal(measure(bytes, count, count + 1, x64), 0);
}

#define X64(bytes) assert_instruction(bytes, sizeof(bytes) - 1, true)
#define X86(bytes) assert_instruction(bytes, sizeof(bytes) - 1, false)
#define NEITHER(bytes)                                                    \
    do {                                                                  \
        assert_int_equal(measure(bytes, sizeof(bytes) - 1, 1, true), 0);  \
        assert_int_equal(measure(bytes, sizeof(bytes) - 1, 1, false), 0); \
    } while (false)

static void instructions_of_x64_are_known(void **state)
{
    (void)state;
    X64("\x53");                                     /* push %rbx */
    X64("\x41\x57");                                 /* push %r15 */
    X64("\x48\x83\xEC\x28");                         /* sub $0x28,%rsp */
    X64("\x48\x81\xEC\x88\x01\x00\x00");             /* sub $0x188,%rsp */
    X64("\x48\x89\x4C\x24\x08");                     /* mov %rcx,8(%rsp) */
    X64("\x44\x89\x44\x24\x18");                     /* mov %r8d,0x18(%rsp) */
    X64("\x48\x8D\xA4\x24\x00\x00\x00\x00");         /* lea 0(%rsp),%rsp */
    X64("\x48\x8D\xAC\x24\x80\x00\x00\x00");         /* lea 0x80(%rsp),%rbp */
    X64("\x49\x89\xCC");                             /* mov %rcx,%r12 */
    X64("\x45\x31\xC0");                             /* xor %r8d,%r8d */
    X64("\x48\x8B\x01");                             /* mov (%rcx),%rax */
    X64("\x48\x8B\x04\x25\x08\x00\x00\x00");         /* mov 8,%rax */
    X64("\x65\x48\x8B\x04\x25\x30\x00\x00\x00");     /* mov %gs:0x30,%rax */
    X64("\xC7\x44\x24\x20\x01\x00\x00\x00");         /* movl $1,0x20(%rsp) */
    X64("\x66\xC7\x44\x24\x20\x01\x00");             /* movw $1,0x20(%rsp) */
    X64("\x48\xB8\x01\x02\x03\x04\x05\x06\x07\x08"); /* movabs */
    X64("\xB8\x01\x02\x03\x04");                     /* mov $n,%eax */
    X64("\x0F\x29\x74\x24\x40");                     /* movaps %xmm6,0x40(%rsp) */
    X64("\x0F\x57\xC0");                             /* xorps */
    X64("\xF3\x0F\x1E\xFA");                         /* endbr64 */
    X64("\xF6\x44\x24\x08\x01");                     /* testb $1,8(%rsp) */
    X64("\x48\x85\xC9");                             /* test %rcx,%rcx */
}

static void instructions_of_x86_are_known(void **state)
{
    (void)state;
    X86("\x8B\xFF");                     /* mov %edi,%edi */
    X86("\x55");                         /* push %ebp */
    X86("\x89\xE5");                     /* mov %esp,%ebp */
    X86("\x83\xE4\xF0");                 /* and $-16,%esp */
    X86("\x81\xEC\x00\x02\x00\x00");     /* sub $0x200,%esp */
    X86("\x8B\x45\x08");                 /* mov 8(%ebp),%eax */
    X86("\x6A\xFF");                     /* push $-1 */
    X86("\x68\x01\x02\x03\x04");         /* push $n */
    X86("\x64\xA1\x00\x00\x00\x00");     /* mov %fs:0,%eax */
    X86("\xA1\x01\x02\x03\x04");         /* mov n,%eax */
    X86("\x8B\x0D\x01\x02\x03\x04");     /* mov n,%ecx: of one place wherever it stands */
    X86("\xFF\x71\xFC");                 /* push -4(%ecx) */
    X86("\xF6\x05\x30\xA1\xEF\x6A\x01"); /* testb $1,n */
    X86("\x66\x90");                     /* nop */
}

static void what_leads_elsewhere_is_not_moved(void **state)
{
    (void)state;
    NEITHER("\xE8\x01\x02\x03\x04"); /* call */
    NEITHER("\xE9\x01\x02\x03\x04"); /* jmp */
    NEITHER("\xEB\x01");             /* jmp */
    NEITHER("\x74\x01");             /* je */
    NEITHER("\x0F\x84\x01\x02\x03\x04");
    NEITHER("\xFF\x25\x01\x02\x03\x04"); /* jmp *n */
    NEITHER("\xFF\x15\x01\x02\x03\x04"); /* call *n */
    NEITHER("\xF6\xD1");                 /* not %cl: of another kind than test */
    NEITHER("\xC3");
    NEITHER("\xC2\x08\x00");
    NEITHER("\xCC");
    NEITHER("\x0F\x05"); /* syscall */
    NEITHER("\x66\x66\x66\x66\x66\x66\x66\x66");
}

/* Gives the place that an instruction means. @param at  of the distance in it */
static uintptr_t place_meant(const unsigned char *code, size_t at, size_t size)
{
    int32_t distance;

    memcpy(&distance, code + at, sizeof(distance));
    return (uintptr_t)code + size + (uintptr_t)(intptr_t)distance;
}

/* sub $0x48,%rsp; testb $1,n(%rip); jne: as many functions of Wine's begin. */
static void what_is_said_by_its_distance_is_the_same_place(void **state)
{
    static const char bytes[] = "\x48\x83\xEC\x48\xF6\x05\x75\x3A\x00\x00\x01\x75\x0B";
    unsigned char room[300], *code = room, *moved = room + 200;

    (void)state;
    memset(room, FILL, sizeof(room));
    memcpy(code, bytes, sizeof(bytes) - 1);

    assert_int_equal(wu_prologue_move(moved, code, 5, true), 11);

    assert_memory_equal(moved, code, 6);
    assert_int_equal(place_meant(moved, 6, 11), place_meant(code, 6, 11));
    assert_int_equal(moved[10], 1);
    assert_int_equal(wu_prologue_move(moved, code, 12, true), 0); /* jne */
}

/* In x86 it is a place wherever the instruction stands. */
static void place_of_x86_stays_as_it_is(void **state)
{
    static const char bytes[] = "\xF6\x05\x30\xA1\xEF\x6A\x01";
    unsigned char room[300], *code = room, *moved = room + 200;

    (void)state;
    memset(room, FILL, sizeof(room));
    memcpy(code, bytes, sizeof(bytes) - 1);

    assert_int_equal(wu_prologue_move(moved, code, 5, false), 7);

    assert_memory_equal(moved, code, 7);
}

static void place_that_gets_out_of_reach_is_refused(void **state)
{
    static const char bytes[] = "\x48\x8B\x0D\x00\x00\x00\x80"; /* 2 GiB before */
    unsigned char room[300], *code = room, *moved = room + 200;

    (void)state;
    memset(room, FILL, sizeof(room));
    memcpy(code, bytes, sizeof(bytes) - 1);

    assert_int_equal(wu_prologue_move(moved, code, 5, true), 0);
}

/* What is one byte in x86 begins another instruction in x64. */
static void rex_is_of_x64_alone(void **state)
{
    (void)state;
    assert_int_equal(measure("\x48\x83\xEC\x28", 4, 1, false), 0); /* dec %eax: not among them */
}

static void whole_instructions_are_counted(void **state)
{
    /* push %rbp; mov %rsp,%rbp; sub $0x20,%rsp; mov %rcx,%rbx */
    static const char code[] = "\x55\x48\x89\xE5\x48\x83\xEC\x20\x48\x89\xCB";

    (void)state;
    assert_int_equal(measure(code, 11, 1, true), 1);
    assert_int_equal(measure(code, 11, 2, true), 4);
    assert_int_equal(measure(code, 11, 5, true), 8);
    assert_int_equal(measure(code, 11, 9, true), 11);
    assert_int_equal(measure(code, 11, 12, true), 0);
    assert_int_equal(measure(code, 0, 0, true), 0);
}

/* Any bytes: never more than there are, and what is behind the copy stays. */
static void any_bytes_are_moved_within_bounds(void **state)
{
    enum { RUNS = 300000, LEAST = 12 };
    unsigned char code[WU_PROLOGUE_MAX + 16], moved[WU_PROLOGUE_MAX + 16];
    uint32_t random = 1;

    (void)state;
    for (int run = 0; run < RUNS; run++) {
        size_t size;

        for (size_t i = 0; i < sizeof(code); i++) {
            random = random * 1664525 + 1013904223;
            code[i] = (unsigned char)(random >> 24);
        }
        memset(moved, FILL, sizeof(moved));
        size = wu_prologue_move(moved, code, LEAST, run % 2 == 0);
        assert_true(size == 0 || (size >= LEAST && size <= WU_PROLOGUE_MAX));
        for (size_t i = WU_PROLOGUE_MAX; i < sizeof(moved); i++)
            assert_int_equal(moved[i], FILL);
        memset(code + WU_PROLOGUE_MAX, FILL, 16);
        assert_int_equal(wu_prologue_move(moved, code, LEAST, run % 2 == 0), size);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(instructions_of_x64_are_known),
        cmocka_unit_test(instructions_of_x86_are_known),
        cmocka_unit_test(what_leads_elsewhere_is_not_moved),
        cmocka_unit_test(what_is_said_by_its_distance_is_the_same_place),
        cmocka_unit_test(place_of_x86_stays_as_it_is),
        cmocka_unit_test(place_that_gets_out_of_reach_is_refused),
        cmocka_unit_test(rex_is_of_x64_alone),
        cmocka_unit_test(whole_instructions_are_counted),
        cmocka_unit_test(any_bytes_are_moved_within_bounds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
