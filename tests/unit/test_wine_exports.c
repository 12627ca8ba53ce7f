/*
 * wine/exports.c: functions of ours among those of Wine's setupapi.dll, put in place once for all
 * tests; and of a DLL that is loaded only then.
 */
#include "cmocka_all.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>
#include <setupapi.h>

#include "stack_place.h"
#include "wine/divert.h"
#include "wine/exports.h"

#include "../windows/wine/importer.h"

/* --- Ours ------------------------------------------------------------------------------------ */

typedef ULONG(WINAPI *lacked)(ULONG a, ULONG b);
typedef ULONG(WINAPI *missing)(ULONG a, ULONG b, ULONG c);
typedef BOOL(WINAPI *destroy)(HDEVINFO set);

static ULONG WINAPI own_lacked(ULONG a, ULONG b)
{
    return 10 * a + b;
}

static ULONG WINAPI own_missing(ULONG a, ULONG b, ULONG c)
{
    return 100 * a + 10 * b + c;
}

static unsigned destroyed; /* through our function */
static BOOL WINAPI own_destroy(HDEVINFO set);

enum { LACKED, MISSING, DESTROY, ENTRIES };

/* Wine has a function of the second name that says that it is missing and ends the program. */
static struct wu_stand_in entries[ENTRIES] = {
    [LACKED] = { .name = "WuLacked", .function = own_lacked },
    [MISSING] = { .name = "CM_Add_Range", .function = own_missing },
    [DESTROY] = { .name = "SetupDiDestroyDeviceInfoList", .function = own_destroy },
};
static const char *const modules[] = { "setupapi.dll", "hid.dll", NULL };
static struct wu_stand_ins stand_ins = { entries, ENTRIES, modules };

static BOOL WINAPI own_destroy(HDEVINFO set)
{
    const destroy original = (destroy)entries[DESTROY].original;

    destroyed++;
    return original(set);
}

/* --- The module before ----------------------------------------------------------------------- */

struct export
{
    const char *name; /* in the image, or a copy */
    FARPROC function;
};

static struct {
    HMODULE setupapi;
    missing missing;
    FARPROC destroy, by_ordinal;
    WORD ordinal;
    struct export *exports;
    DWORD count;
} before;

static void *at(HMODULE module, DWORD distance)
{
    return (char *)module + distance;
}

static const IMAGE_EXPORT_DIRECTORY *exports_of(HMODULE module)
{
    const IMAGE_DOS_HEADER *dos = at(module, 0);
    const IMAGE_NT_HEADERS *headers = at(module, (DWORD)dos->e_lfanew);

    return at(module, headers->OptionalHeader.DataDirectory[0].VirtualAddress);
}

static void note_exports(HMODULE module)
{
    const IMAGE_EXPORT_DIRECTORY *exports = exports_of(module);
    const DWORD *names = at(module, exports->AddressOfNames);
    const WORD *places = at(module, exports->AddressOfNameOrdinals);

    before.count = exports->NumberOfNames;
    before.exports = calloc(before.count, sizeof(*before.exports));
    assert_non_null(before.exports);
    for (DWORD i = 0; i < before.count; i++) {
        before.exports[i].name = at(module, names[i]);
        before.exports[i].function = GetProcAddress(module, before.exports[i].name);
        if (strcmp(before.exports[i].name, "SetupDiGetClassDevsW") == 0)
            before.ordinal = (WORD)(exports->Base + places[i]);
    }
}

static int put_in_place(void **state)
{
    (void)state;
    before.setupapi = GetModuleHandleA("setupapi.dll");
    note_exports(before.setupapi);
    before.missing = (missing)(uintptr_t)GetProcAddress(before.setupapi, "CM_Add_Range");
    before.destroy = GetProcAddress(before.setupapi, "SetupDiDestroyDeviceInfoList");
    before.by_ordinal = GetProcAddress(before.setupapi, MAKEINTRESOURCEA(before.ordinal));
    if (!before.missing || !before.destroy || !before.by_ordinal ||
        GetProcAddress(before.setupapi, "WuLacked") || GetModuleHandleA("hid.dll"))
        return -1;

    wu_exports_stand_in(&stand_ins);
    return 0;
}

static int forget(void **state)
{
    (void)state;
    free(before.exports);
    return 0;
}

/* --- By name --------------------------------------------------------------------------------- */

static void *find(const char *module, const char *name)
{
    return wu_divert_find(module, name);
}

static void function_that_the_dll_lacks_is_there(void **state)
{
    const lacked function = (lacked)find("setupapi.dll", "WuLacked");

    (void)state;
    assert_non_null(function);
    assert_int_equal(function(4, 2), 42);
    assert_null(entries[LACKED].original);
}

static void function_that_would_end_the_program_is_ours(void **state)
{
    const missing function = (missing)find("setupapi.dll", "CM_Add_Range");

    (void)state;
    assert_true(wu_divert_leads_to((void *)(uintptr_t)function, own_missing));
    assert_int_equal(function(1, 2, 3), 123);
    assert_null(entries[MISSING].original);
}

static void who_has_found_it_before_gets_ours(void **state)
{
    (void)state;
    assert_int_equal(before.missing(3, 2, 1), 321);
}

static void function_that_exists_is_ours_and_can_call_wines(void **state)
{
    const destroy function = (destroy)find("setupapi.dll", "SetupDiDestroyDeviceInfoList");
    const unsigned count = destroyed;
    HDEVINFO set = SetupDiCreateDeviceInfoList(NULL, NULL);

    (void)state;
    assert_true(set != INVALID_HANDLE_VALUE);
    assert_ptr_not_equal(entries[DESTROY].original, before.destroy);
    assert_ptr_not_equal(function, before.destroy);

    assert_true(function(set));
    assert_false(function(INVALID_HANDLE_VALUE)); /* as Wine's says */

    assert_int_equal(destroyed, count + 2);
}

static void callers_that_found_it_before_get_ours_too(void **state)
{
    const destroy function = (destroy)(uintptr_t)before.destroy;
    const unsigned count = destroyed;

    (void)state;
    assert_true(function(SetupDiCreateDeviceInfoList(NULL, NULL)));

    assert_int_equal(destroyed, count + 1);
}

static bool is_replaced(const char *name)
{
    for (int i = 0; i < ENTRIES; i++)
        if (strcmp(entries[i].name, name) == 0)
            return true;
    return false;
}

static void all_other_functions_are_as_before(void **state)
{
    (void)state;
    assert_true(before.count > 100);
    for (DWORD i = 0; i < before.count; i++) {
        const struct export *export = &before.exports[i];

        if (!is_replaced(export->name))
            assert_ptr_equal(GetProcAddress(before.setupapi, export->name), export->function);
    }
    assert_ptr_equal(GetProcAddress(before.setupapi, MAKEINTRESOURCEA(before.ordinal)),
                     before.by_ordinal);
    assert_null(find("setupapi.dll", "WuNobodys"));
}

static void names_are_in_their_order(void **state)
{
    const IMAGE_EXPORT_DIRECTORY *exports = exports_of(before.setupapi);
    const char *base = (const char *)before.setupapi;
    const DWORD *names = (const void *)((uintptr_t)base + exports->AddressOfNames);

    (void)state;
    assert_int_equal(exports->NumberOfNames, before.count + 1);
    for (DWORD i = 1; i < exports->NumberOfNames; i++)
        assert_true(strcmp((const char *)((uintptr_t)base + names[i - 1]),
                           (const char *)((uintptr_t)base + names[i])) < 0);
}

/* --- By imports ------------------------------------------------------------------------------ */

static void imports_of_the_program_are_ours(void **state)
{
    const unsigned count = destroyed;

    (void)state;
    assert_true(SetupDiDestroyDeviceInfoList(SetupDiCreateDeviceInfoList(NULL, NULL)));

    assert_int_equal(destroyed, count + 1);
}

static void imports_of_a_dll_that_is_loaded_later_are_ours(void **state)
{
    const HMODULE importer = LoadLibraryA("importer.dll");
    const unsigned count = destroyed;
    lacked import_lacked;
    destroy import_destroy;

    (void)state;
    assert_non_null(importer);
    import_lacked = (lacked)(uintptr_t)GetProcAddress(importer, "wu_import_lacked");
    import_destroy = (destroy)(uintptr_t)GetProcAddress(importer, "wu_import_destroy");

    assert_int_equal(import_lacked(4, 3), 43);
    assert_true(import_destroy(SetupDiCreateDeviceInfoList(NULL, NULL)));

    assert_int_equal(destroyed, count + 1);
}

static void dll_that_is_loaded_later_has_ours_too(void **state)
{
    void *const original = entries[DESTROY].original;

    (void)state;
    assert_non_null(LoadLibraryA("hid.dll"));

    const lacked function = (lacked)find("hid.dll", "WuLacked");
    assert_non_null(function);
    assert_int_equal(function(4, 4), 44);
    assert_non_null(find("hid.dll", "HidD_GetHidGuid"));
    assert_ptr_equal(entries[DESTROY].original, original);
}

static void other_dlls_have_only_their_own(void **state)
{
    (void)state;
    assert_null(find("kernel32.dll", "WuLacked"));
}

static void stack_is_where_it_was_after_calls(void **state)
{
    const lacked function = (lacked)find("setupapi.dll", "WuLacked");
    const uintptr_t place = stack_place();
    ULONG sum = 0;

    (void)state;
    for (ULONG i = 0; i < 100; i++)
        sum += function(0, 1) + before.missing(0, 0, 1) +
               (SetupDiDestroyDeviceInfoList(INVALID_HANDLE_VALUE) ? 0 : 1);
    assert_int_equal(sum, 300);
    assert_int_equal(stack_place(), place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(function_that_the_dll_lacks_is_there),
        cmocka_unit_test(function_that_would_end_the_program_is_ours),
        cmocka_unit_test(who_has_found_it_before_gets_ours),
        cmocka_unit_test(function_that_exists_is_ours_and_can_call_wines),
        cmocka_unit_test(callers_that_found_it_before_get_ours_too),
        cmocka_unit_test(all_other_functions_are_as_before),
        cmocka_unit_test(names_are_in_their_order),
        cmocka_unit_test(imports_of_the_program_are_ours),
        cmocka_unit_test(imports_of_a_dll_that_is_loaded_later_are_ours),
        cmocka_unit_test(dll_that_is_loaded_later_has_ours_too),
        cmocka_unit_test(other_dlls_have_only_their_own),
        cmocka_unit_test(stack_is_where_it_was_after_calls),
    };

    return cmocka_run_group_tests(tests, put_in_place, forget);
}
