/* handle.h: handles are told from each other, from closed ones and from nonsense. */
#include "cmocka_all.h"

#include <string.h>

#include "host/handle.h"
#include "host/host.h"

struct thing {
    struct wu_object object;
    bool destroyed;
};

static void destroy(struct wu_object *object)
{
    ((struct thing *)object)->destroyed = true;
}

static struct thing new_thing(void)
{
    struct thing thing = { .destroyed = false };

    wu_object_init(&thing.object, destroy);
    return thing;
}

static HANDLE open_unowned(void *thing)
{
    HANDLE handle = NULL;

    assert_int_equal(wu_handle_new_unowned(WU_HANDLE_TRACKING, thing, &handle), ERROR_SUCCESS);
    return handle;
}

static void close_unowned(HANDLE handle)
{
    assert_true(wu_handle_close_unowned(handle, WU_HANDLE_TRACKING));
}

/* --- Objects ------------------------------------------------------------------------------- */

static void object_is_destroyed_with_its_last_reference(void **state)
{
    struct thing thing = new_thing();

    (void)state;
    wu_object_acquire(&thing.object);

    wu_object_release(&thing.object);
    assert_false(thing.destroyed);
    wu_object_release(&thing.object);

    assert_true(thing.destroyed);
    wu_object_release(NULL);
}

static void closing_hands_the_reference_over_and_destroys_nothing(void **state)
{
    struct thing thing = new_thing();
    HANDLE handle;

    (void)state;
    assert_int_equal(wu_handle_new(WU_HANDLE_FILE, &thing.object, &handle), ERROR_SUCCESS);
    struct wu_object *acquired = wu_handle_acquire(handle, WU_HANDLE_FILE);
    struct wu_object *closed = wu_handle_close(handle, WU_HANDLE_FILE);

    assert_ptr_equal(acquired, &thing.object);
    assert_ptr_equal(closed, &thing.object);
    wu_object_release(acquired);
    assert_false(thing.destroyed);
    wu_object_release(closed);
    assert_true(thing.destroyed);
}

/* --- Handles ------------------------------------------------------------------------------- */

static void handles_are_multiples_of_four_that_fit_32_bits_and_no_two_are_equal(void **state)
{
    enum { COUNT = 1000 };
    static HANDLE handles[COUNT];

    (void)state;
    for (int i = 0; i < COUNT; i++)
        handles[i] = open_unowned(handles);

    for (int i = 0; i < COUNT; i++) {
        assert_non_null(handles[i]);
        assert_true((uintptr_t)handles[i] <= UINT32_MAX);
        assert_int_equal((uintptr_t)handles[i] % 4, 0);
        for (int j = 0; j < i; j++)
            assert_ptr_not_equal(handles[i], handles[j]);
    }
    for (int i = 0; i < COUNT; i++)
        close_unowned(handles[i]);
}

static void closed_handle_stays_closed_when_its_slot_is_used_again(void **state)
{
    enum { ROUNDS = 5000 };
    static HANDLE handles[ROUNDS];
    void *found;

    (void)state;
    for (int i = 0; i < ROUNDS; i++) {
        handles[i] = open_unowned(handles);
        close_unowned(handles[i]);
    }
    HANDLE open = open_unowned(handles);

    for (int i = 0; i < ROUNDS; i++) {
        assert_false(wu_handle_is_open(handles[i], WU_HANDLE_TRACKING));
        assert_false(wu_handle_peek(handles[i], WU_HANDLE_TRACKING, &found));
        assert_false(wu_handle_close_unowned(handles[i], WU_HANDLE_TRACKING));
    }
    close_unowned(open);
}

static void handle_of_another_kind_is_not_open(void **state)
{
    struct thing thing = new_thing();
    void *found = &found;
    HANDLE handle;

    (void)state;
    assert_int_equal(wu_handle_new(WU_HANDLE_EVENT, &thing.object, &handle), ERROR_SUCCESS);

    assert_null(wu_handle_acquire(handle, WU_HANDLE_FILE));
    assert_null(wu_handle_close(handle, WU_HANDLE_FILE));
    assert_false(wu_handle_peek(handle, WU_HANDLE_FILE, &found));
    assert_ptr_equal(found, &found);
    assert_int_equal(wu_handle_kind_of(handle), WU_HANDLE_EVENT);
    assert_non_null(wu_handle_close(handle, WU_HANDLE_EVENT));
    assert_int_equal(wu_handle_kind_of(handle), 0);
}

static void assert_not_open(HANDLE handle)
{
    void *found = &found;

    for (int kind = WU_HANDLE_FILE; kind <= WU_HANDLE_DEVICE_INFO; kind++) {
        const enum wu_handle_kind of = (enum wu_handle_kind)kind;

        assert_null(wu_handle_acquire(handle, of));
        assert_null(wu_handle_close(handle, of));
        assert_false(wu_handle_is_open(handle, of));
        assert_false(wu_handle_peek(handle, of, &found));
        assert_ptr_equal(found, &found);
    }
    assert_int_equal(wu_handle_kind_of(handle), 0);
}

static void nonsense_is_not_open(void **state)
{
    HANDLE open = open_unowned(&open);
    const uintptr_t value = (uintptr_t)open;

    (void)state;

    assert_not_open(NULL);
    assert_not_open(INVALID_HANDLE_VALUE);
    assert_not_open(&open);
    for (uintptr_t bit = 1; bit != 0; bit <<= 1)
        assert_not_open((HANDLE)(value ^ bit));
    for (uintptr_t low = 1; low < 8; low++)
        assert_not_open((HANDLE)low);
    close_unowned(open);
}

static void peek_finds_what_was_set_last(void **state)
{
    int first, second;
    void *found = NULL;
    HANDLE handle = open_unowned(&first);

    (void)state;

    assert_true(wu_handle_peek(handle, WU_HANDLE_TRACKING, &found));
    assert_ptr_equal(found, &first);
    wu_handle_set_unowned(handle, WU_HANDLE_TRACKING, &second);
    assert_true(wu_handle_peek(handle, WU_HANDLE_TRACKING, &found));
    assert_ptr_equal(found, &second);
    wu_handle_set_unowned(handle, WU_HANDLE_TRACKING, NULL);
    assert_true(wu_handle_peek(handle, WU_HANDLE_TRACKING, &found));
    assert_null(found);
    close_unowned(handle);
}

/* --- Threads ------------------------------------------------------------------------------- */

enum { THINGS = 64, REOPENINGS = 20000 };

/* Handle i always stands for things[i]; the tester opens and closes while others look. */
static int things[THINGS];
static _Atomic(HANDLE) shared[THINGS];
static atomic_bool finished;
static atomic_int wrong;

static void look(void *unused)
{
    (void)unused;
    while (!atomic_load(&finished))
        for (int i = 0; i < THINGS; i++) {
            void *found;

            if (wu_handle_peek(atomic_load(&shared[i]), WU_HANDLE_TRACKING, &found) &&
                found != &things[i])
                atomic_fetch_add(&wrong, 1);
        }
}

static void peek_never_finds_what_another_handle_stands_for(void **state)
{
    struct wu_host_thread threads[3];

    (void)state;
    for (int i = 0; i < 3; i++)
        assert_true(wu_host_thread_start(&threads[i], look, NULL));

    for (int i = 0; i < REOPENINGS; i++) {
        const int which = i % THINGS;

        wu_handle_close_unowned(atomic_load(&shared[which]), WU_HANDLE_TRACKING);
        atomic_store(&shared[which], open_unowned(&things[which]));
    }
    atomic_store(&finished, true);
    for (int i = 0; i < 3; i++)
        wu_host_thread_join(&threads[i]);

    assert_int_equal(atomic_load(&wrong), 0);
    for (int i = 0; i < THINGS; i++)
        close_unowned(atomic_load(&shared[i]));
}

static struct thing shared_thing;
static HANDLE shared_handle;
static atomic_int acquired_dead;

static void acquire_until_closed(void *unused)
{
    struct wu_object *object;

    (void)unused;
    while ((object = wu_handle_acquire(shared_handle, WU_HANDLE_FILE)) != NULL) {
        if (((struct thing *)object)->destroyed)
            atomic_fetch_add(&acquired_dead, 1);
        wu_object_release(object);
    }
}

static void acquired_object_outlives_its_handle(void **state)
{
    struct wu_host_thread threads[3];

    (void)state;
    shared_thing = new_thing();
    assert_int_equal(wu_handle_new(WU_HANDLE_FILE, &shared_thing.object, &shared_handle),
                     ERROR_SUCCESS);
    for (int i = 0; i < 3; i++)
        assert_true(wu_host_thread_start(&threads[i], acquire_until_closed, NULL));

    wu_object_release(wu_handle_close(shared_handle, WU_HANDLE_FILE));
    for (int i = 0; i < 3; i++)
        wu_host_thread_join(&threads[i]);

    assert_int_equal(atomic_load(&acquired_dead), 0);
    assert_true(shared_thing.destroyed);
}

/* Last, because the table keeps what it once took. */
static void full_table_gives_no_handle_and_leaves_the_output_alone(void **state)
{
    enum { MORE_THAN_FIT = 40000 };
    static HANDLE handles[MORE_THAN_FIT];
    HANDLE untouched = &untouched;
    int count = 0;

    (void)state;
    while (count < MORE_THAN_FIT &&
           wu_handle_new_unowned(WU_HANDLE_TRACKING, handles, &handles[count]) == ERROR_SUCCESS)
        count++;

    assert_in_range(count, 30000, MORE_THAN_FIT - 1);
    assert_int_equal(wu_handle_new_unowned(WU_HANDLE_TRACKING, handles, &untouched),
                     ERROR_NOT_ENOUGH_MEMORY);
    assert_ptr_equal(untouched, &untouched);
    while (count-- > 0)
        close_unowned(handles[count]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(object_is_destroyed_with_its_last_reference),
        cmocka_unit_test(closing_hands_the_reference_over_and_destroys_nothing),
        cmocka_unit_test(handles_are_multiples_of_four_that_fit_32_bits_and_no_two_are_equal),
        cmocka_unit_test(closed_handle_stays_closed_when_its_slot_is_used_again),
        cmocka_unit_test(handle_of_another_kind_is_not_open),
        cmocka_unit_test(nonsense_is_not_open),
        cmocka_unit_test(peek_finds_what_was_set_last),
        cmocka_unit_test(peek_never_finds_what_another_handle_stands_for),
        cmocka_unit_test(acquired_object_outlives_its_handle),
        cmocka_unit_test(full_table_gives_no_handle_and_leaves_the_output_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
