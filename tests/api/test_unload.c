/*
 * dlclose leaves the library where it is, as threads may be running in it and handles be open.
 *
 * Not linked with it. What happens to a read that is pending: lab/unloaded.c.
 */
#include "cmocka_all.h"

#include <dlfcn.h>
#include <windows.h>

#define FIND(library, name) ((__typeof__(&name))dlsym(library, #name))

static void functions_are_there_after_dlclose(void **state)
{
    void *const library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);

    (void)state;
    assert_non_null(library);
    const __typeof__(&CloseHandle) close_handle = FIND(library, CloseHandle);
    const __typeof__(&GetLastError) get_last_error = FIND(library, GetLastError);

    assert_int_equal(dlclose(library), 0);

    assert_false(close_handle(NULL));
    assert_int_equal(get_last_error(), ERROR_INVALID_HANDLE);
}

static void library_loaded_again_knows_its_handles(void **state)
{
    void *const before = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);

    (void)state;
    assert_non_null(before);
    const HANDLE event = FIND(before, CreateEventA)(NULL, TRUE, TRUE, NULL);
    assert_int_equal(dlclose(before), 0);

    void *const again = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);

    assert_non_null(again);
    assert_int_equal(FIND(again, WaitForSingleObject)(event, 0), WAIT_OBJECT_0);
    assert_true(FIND(again, CloseHandle)(event));
    assert_int_equal(dlclose(again), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(functions_are_there_after_dlclose),
        cmocka_unit_test(library_loaded_again_knows_its_handles),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
