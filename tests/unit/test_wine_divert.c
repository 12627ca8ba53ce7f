/* wine/divert.c and the processor's machine.h: jumps over functions. */
#include "cmocka_all.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <windows.h>

#include "wine/divert.h"

enum { PAGE = 4096, FUNCTION_SIZE = 16, OWN = 1, OTHER = 2 };

typedef int (*function)(void);

/* mov $number,%eax; ret: on either processor. */
static void write_function(unsigned char *code, unsigned char number)
{
    memcpy(code, "\xB8\x00\x00\x00\x00\xC3\x90\x90\x90\x90\x90\x90\x90\x90\x90\x90", FUNCTION_SIZE);
    code[1] = number;
}

/* A page at a place of the test's choice, which is free or nearly so. */
static unsigned char *allocate_near(uintptr_t place)
{
    enum { STEP = 0x10000, TRIES = 100 };
    unsigned char *page = NULL;

    for (int i = 0; i < TRIES && !page; i++, place += STEP)
        page = VirtualAlloc((void *)place, PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    assert_non_null(page);
    return page;
}

static void make_code(unsigned char *page)
{
    DWORD before;

    assert_true(VirtualProtect(page, PAGE, PAGE_EXECUTE_READ, &before));
}

static unsigned char *function_near(uintptr_t place, unsigned char number)
{
    unsigned char *page = allocate_near(place);

    write_function(page, number);
    make_code(page);
    return page;
}

static int call(const void *code)
{
    return ((function)(uintptr_t)code)();
}

static void forget(void *page)
{
    assert_true(VirtualFree(page, 0, MEM_RELEASE));
}

/* --- Jumps ----------------------------------------------------------------------------------- */

static const uintptr_t low = 0x10000000, high = (uintptr_t)(UINT64_C(0x7FFE00000000) & UINTPTR_MAX);

/* Of no 32-bit program's, but near the end of its addresses. */
static uintptr_t far_away(void)
{
    return high != 0 ? high : 0x70000000;
}

static void calls_get_to_the_replacement(void **state)
{
    unsigned char *own = function_near(low, OWN), *other = function_near(low, OTHER);

    (void)state;
    assert_int_equal(call(own), OWN);

    assert_true(wu_divert(own, other));

    assert_int_equal(call(own), OTHER);
    assert_int_equal(call(other), OTHER);
    forget(own);
    forget(other);
}

static void jump_reaches_any_distance_both_ways(void **state)
{
    unsigned char *near_one = function_near(low, OWN), *far_one = function_near(far_away(), OWN);
    unsigned char *first = function_near(low, OTHER), *last = function_near(far_away(), OTHER);

    (void)state;
    assert_true(wu_divert(near_one, last));
    assert_true(wu_divert(far_one, first));

    assert_int_equal(call(near_one), OTHER);
    assert_int_equal(call(far_one), OTHER);
    forget(near_one);
    forget(far_one);
    forget(first);
    forget(last);
}

static void jump_that_is_made_where_it_stands_leads_there(void **state)
{
    unsigned char *page = allocate_near(low), *other = function_near(far_away(), OTHER);

    (void)state;
    wu_divert_make(page + 1, other); /* wherever it is */
    make_code(page);

    assert_int_equal(call(page + 1), OTHER);
    forget(page);
    forget(other);
}

static void jump_tells_where_it_leads(void **state)
{
    unsigned char *own = function_near(low, OWN), *other = function_near(low, OTHER);

    (void)state;
    assert_false(wu_divert_leads_to(own, other));
    assert_true(wu_divert(own, other));

    assert_true(wu_divert_leads_to(own, other));
    assert_false(wu_divert_leads_to(own, other + 1));
    assert_false(wu_divert_leads_to(other, own));
    forget(own);
    forget(other);
}

/* --- Memory ---------------------------------------------------------------------------------- */

static void what_stands_behind_the_jump_stays(void **state)
{
    unsigned char *own = function_near(low, OWN), *other = function_near(far_away(), OTHER);
    unsigned char jump[WU_JUMP_ROOM], before[FUNCTION_SIZE];
    const size_t size = wu_machine_make_jump(jump, own, other);

    (void)state;
    assert_true(size > 0 && size <= WU_JUMP_ROOM);
    memcpy(before, own, sizeof(before));
    assert_true(wu_divert(own, other));

    assert_memory_equal(own, jump, size);
    assert_memory_equal(own + size, before + size, sizeof(before) - size);
    forget(own);
    forget(other);
}

static void memory_is_protected_as_before(void **state)
{
    unsigned char *own = function_near(low, OWN);
    MEMORY_BASIC_INFORMATION memory;

    (void)state;
    assert_true(wu_divert(own, own));

    assert_true(VirtualQuery(own, &memory, sizeof(memory)) != 0);
    assert_int_equal(memory.Protect, PAGE_EXECUTE_READ);
    forget(own);
}

static void what_is_no_memory_is_not_written(void **state)
{
    void *reserved = VirtualAlloc(NULL, PAGE, MEM_RESERVE, PAGE_NOACCESS);

    (void)state;
    assert_non_null(reserved);
    assert_false(wu_divert(reserved, reserved));
    forget(reserved);
}

/* --- Keeping the function -------------------------------------------------------------------- */

/* It begins with a test of a place that is near it, which x64 names by its distance. It returns
 * @number, as there is nothing at that place. */
static unsigned char *function_with_prologue(unsigned char number)
{
    /* push; testb $1,0x400(page); jne to the ret; sub; mov $number; add; pop; ret */
    static const unsigned char x64[] = {
        0x53, 0xF6, 0x05, 0xF8, 0x03, 0x00, 0x00, 0x01, 0x75, 0x0D, 0x48, 0x83, 0xEC,
        0x28, 0xB8, 0x00, 0x00, 0x00, 0x00, 0x48, 0x83, 0xC4, 0x28, 0x5B, 0xC3,
    };
    /* mov; push; mov; sub; mov $number; leave; ret */
    static const unsigned char x86[] = {
        0x8B, 0xFF, 0x55, 0x8B, 0xEC, 0x83, 0xEC, 0x10, 0xB8, 0x00, 0x00, 0x00, 0x00, 0xC9, 0xC3,
    };
    const bool is_x64 = sizeof(void *) == 8;
    unsigned char *page = allocate_near(low);

    memcpy(page, is_x64 ? x64 : x86, is_x64 ? sizeof(x64) : sizeof(x86));
    page[is_x64 ? 15 : 9] = number;
    make_code(page);
    return page;
}

static void kept_function_does_what_it_did(void **state)
{
    unsigned char *own = function_with_prologue(OWN), *other = function_near(low, OTHER);
    unsigned char *room = allocate_near(low + 0x40000000);

    (void)state;
    assert_int_equal(call(own), OWN);
    assert_true(wu_divert_keep(room, own));
    make_code(room);

    assert_true(wu_divert_near(own, other));

    assert_int_equal(call(own), OTHER);
    assert_int_equal(call(room), OWN);
    forget(own);
    forget(other);
    forget(room);
}

static void near_jump_that_leads_to_a_jump_is_known(void **state)
{
    unsigned char *own = function_with_prologue(OWN), *other = function_near(far_away(), OTHER);
    unsigned char *jump = allocate_near(low);

    (void)state;
    wu_divert_make(jump, other);
    make_code(jump);
    assert_true(wu_divert_near(own, jump));

    assert_int_equal(call(own), OTHER);
    assert_true(wu_divert_leads_to(own, other));
    assert_false(wu_divert_leads_to(own, other + 1));
    forget(own);
    forget(other);
    forget(jump);
}

static void what_is_too_far_away_is_not_kept(void **state)
{
    unsigned char *own = function_with_prologue(OWN), *room = allocate_near(far_away());

    (void)state;
    if (sizeof(void *) == 4)
        skip();
    assert_false(wu_divert_keep(room, own));
    assert_false(wu_divert_near(own, room));

    assert_int_equal(call(own), OWN);
    forget(own);
    forget(room);
}

/* xor %eax,%eax; ret: what follows the return may be anything. */
static void function_that_is_too_short_is_not_kept(void **state)
{
    unsigned char *own = allocate_near(low), *room = allocate_near(low);

    (void)state;
    memcpy(own, "\x31\xC0\xC3\x90\x90\x90\x90\x90", 8);
    assert_false(wu_divert_keep(room, own));
    forget(own);
    forget(room);
}

/* --- While others call ----------------------------------------------------------------------- */

/* What a thread would see that comes by between two instructions of ours: it is told of each. */
static struct {
    const unsigned char *place;
    unsigned char before[WU_JUMP_ROOM];
    unsigned char after[WU_JUMP_ROOM];
    volatile bool going_on;
    volatile unsigned seen_before, seen_after, seen_parts; /* [instructions] */
} steps;

static void look(void)
{
    if (memcmp(steps.place, steps.before, WU_JUMP_ROOM) == 0)
        steps.seen_before++;
    else if (memcmp(steps.place, steps.after, WU_JUMP_ROOM) == 0)
        steps.seen_after++;
    else
        steps.seen_parts++;
}

enum { BEGIN = 0xE0000001, TRAP_FLAG = 0x100 };

static LONG CALLBACK step(EXCEPTION_POINTERS *what)
{
    const DWORD code = what->ExceptionRecord->ExceptionCode;

    if (code != (DWORD)BEGIN && code != EXCEPTION_SINGLE_STEP)
        return EXCEPTION_CONTINUE_SEARCH;

    look();
    if (steps.going_on)
        what->ContextRecord->EFlags |= TRAP_FLAG;
    return EXCEPTION_CONTINUE_EXECUTION;
}

static void put_jump_step_by_step(void *place, const void *target)
{
    void *handler = AddVectoredExceptionHandler(TRUE, step);

    assert_non_null(handler);
    steps.going_on = true;
    RaiseException((DWORD)BEGIN, 0, 0, NULL);
    wu_machine_put_jump(place, target);
    steps.going_on = false;
    RemoveVectoredExceptionHandler(handler);
}

/* Where 64-bit code serves 32-bit programs, steps may go on in there, and never end. */
static bool is_served_by_64_bits(void)
{
    BOOL is_wow64 = FALSE;

    return IsWow64Process(GetCurrentProcess(), &is_wow64) && is_wow64;
}

static void jump_is_written_at_once(void **state)
{
    unsigned char *own = allocate_near(low), *other = function_near(far_away(), OTHER);

    (void)state;
    if (is_served_by_64_bits())
        skip();

    write_function(own, OWN);
    steps.place = own;
    memcpy(steps.before, own, WU_JUMP_ROOM);
    memcpy(steps.after, own, WU_JUMP_ROOM);
    wu_machine_make_jump(steps.after, own, other);

    put_jump_step_by_step(own, other);

    assert_true(steps.seen_before > 1 && steps.seen_after > 1);
    assert_int_equal(steps.seen_parts, 0);
    make_code(own);
    assert_int_equal(call(own), OTHER);
    forget(own);
    forget(other);
}

/* --- Finding --------------------------------------------------------------------------------- */

static void function_is_found_by_its_name(void **state)
{
    (void)state;
    assert_ptr_equal(wu_divert_find("kernel32.dll", "CloseHandle"),
                     GetProcAddress(GetModuleHandleA("kernel32.dll"), "CloseHandle"));
    assert_null(wu_divert_find("kernel32.dll", "WuNobodys"));
    assert_null(wu_divert_find("wunobodys.dll", "CloseHandle"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_get_to_the_replacement),
        cmocka_unit_test(jump_reaches_any_distance_both_ways),
        cmocka_unit_test(jump_that_is_made_where_it_stands_leads_there),
        cmocka_unit_test(jump_tells_where_it_leads),
        cmocka_unit_test(what_stands_behind_the_jump_stays),
        cmocka_unit_test(memory_is_protected_as_before),
        cmocka_unit_test(what_is_no_memory_is_not_written),
        cmocka_unit_test(kept_function_does_what_it_did),
        cmocka_unit_test(near_jump_that_leads_to_a_jump_is_known),
        cmocka_unit_test(what_is_too_far_away_is_not_kept),
        cmocka_unit_test(function_that_is_too_short_is_not_kept),
        cmocka_unit_test(jump_is_written_at_once),
        cmocka_unit_test(function_is_found_by_its_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
