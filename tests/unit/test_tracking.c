/* tracking.c: registrations of owners that are no devices of ours. */
#include "cmocka_all.h"

#include <stdlib.h>

#include "core/tracking.h"
#include "tracker_fake.h"

typedef USB_FRAME_NUMBER_AND_QPC_FOR_TIME_SYNC_INFORMATION FRAME_INFO;
typedef USB_START_TRACKING_FOR_TIME_SYNC_INFORMATION START_INFO;
typedef USB_STOP_TRACKING_FOR_TIME_SYNC_INFORMATION STOP_INFO;

/* What an interface handle stands for. */
struct thing {
    struct wu_object object; /* must be first */
    struct wu_tracking_owner tracking;
    HANDLE handle;
    bool gone;
};

static const int first_device, second_device;
static struct thing things[3]; /* two of the first device, one of the second */
static struct wu_tracker *tracker;

static bool present(const struct wu_tracking_owner *owner)
{
    for (int i = 0; i < 3; i++)
        if (owner == &things[i].tracking)
            return !things[i].gone;
    return false;
}

static void ignore(struct wu_object *object)
{
    (void)object;
}

static int set_up(void **state)
{
    const struct wu_controller controller = { .kind = WU_CONTROLLER_OTHER };

    (void)state;
    fake_tracker_reset();
    fake_tracker.answer = (struct wu_tracker_answer){ .microframe = 8, .generation = 1 };
    for (int i = 0; i < 3; i++) {
        things[i] = (struct thing){ .tracking = { .device = i < 2 ? &first_device : &second_device,
                                                  .present = present } };
        wu_object_init(&things[i].object, ignore);
        if (wu_handle_new(WU_HANDLE_SYSTEM_INTERFACE, &things[i].object, &things[i].handle))
            return 1;
    }
    return (int)wu_tracker_acquire(&controller, &tracker);
}

static int tear_down(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        wu_tracking_end(&things[i].tracking);
        wu_object_release(wu_handle_close(things[i].handle, WU_HANDLE_SYSTEM_INTERFACE));
    }
    wu_tracker_release(tracker);
    return fake_tracker_clients();
}

static HANDLE start(struct thing *thing)
{
    START_INFO info = { NULL, TRUE };

    assert_int_equal(wu_tracking_start(&thing->tracking, tracker, &info), ERROR_SUCCESS);
    return info.TimeTrackingHandle;
}

static DWORD stop(const struct thing *thing, HANDLE tracking)
{
    const STOP_INFO info = { tracking };

    return wu_tracking_stop(&thing->tracking, &info);
}

static DWORD query(HANDLE handle, enum wu_handle_kind kind, HANDLE tracking)
{
    FRAME_INFO info = { .TimeTrackingHandle = tracking };

    return wu_tracking_query(handle, kind, &info);
}

static void owners_of_a_device_stop_for_each_other(void **state)
{
    const HANDLE tracking = start(&things[0]);

    (void)state;

    assert_int_equal(stop(&things[2], tracking), ERROR_INVALID_PARAMETER);
    assert_int_equal(fake_tracker_clients(), 1);
    assert_int_equal(stop(&things[1], tracking), ERROR_SUCCESS);
    assert_int_equal(fake_tracker_clients(), 0);
}

static void end_of_an_owner_ends_no_others(void **state)
{
    const HANDLE own = start(&things[0]), other = start(&things[1]);
    START_INFO info = { (HANDLE)77, TRUE };

    (void)state;

    wu_tracking_end(&things[0].tracking);

    assert_int_equal(query(things[1].handle, WU_HANDLE_SYSTEM_INTERFACE, own),
                     ERROR_INVALID_PARAMETER);
    assert_int_equal(query(things[1].handle, WU_HANDLE_SYSTEM_INTERFACE, other), ERROR_SUCCESS);
    assert_int_equal(wu_tracking_start(&things[0].tracking, tracker, &info), ERROR_INVALID_HANDLE);
    assert_ptr_equal(info.TimeTrackingHandle, (HANDLE)77);
    assert_int_equal(fake_tracker_clients(), 1);
}

static void kind_of_the_asker_is_looked_at(void **state)
{
    const HANDLE tracking = start(&things[0]), handle = things[0].handle;

    (void)state;

    assert_int_equal(query(handle, WU_HANDLE_SYSTEM_INTERFACE, tracking), ERROR_SUCCESS);
    assert_int_equal(query(handle, WU_HANDLE_INTERFACE, tracking), ERROR_INVALID_HANDLE);
    assert_int_equal(query(handle, WU_HANDLE_SYSTEM_BUFFER, tracking), ERROR_INVALID_HANDLE);
}

static void presence_is_each_owners_own(void **state)
{
    const HANDLE lost = start(&things[0]), other = start(&things[1]);

    (void)state;
    things[0].gone = true;
    fake_tracker_look();

    assert_int_equal(query(things[0].handle, WU_HANDLE_SYSTEM_INTERFACE, lost),
                     ERROR_DEVICE_NOT_CONNECTED);
    assert_int_equal(query(things[1].handle, WU_HANDLE_SYSTEM_INTERFACE, other), ERROR_SUCCESS);
    assert_int_equal(stop(&things[0], lost), ERROR_SUCCESS);
}

/* What conversion to ticks adds, to the tracker's own. */
static void ticks_widen_the_bound_and_count_generations(void **state)
{
    FRAME_INFO info = { .TimeTrackingHandle = start(&things[0]) };

    (void)state;
    fake_tracker.answer.error = 900;
    fake_tracker.answer.generation = 3;
    assert_int_equal(wu_tracking_query(things[0].handle, WU_HANDLE_SYSTEM_INTERFACE, &info),
                     ERROR_SUCCESS);
    assert_int_equal(info.PredictedAccuracyInMicroSeconds, 1);
    assert_int_equal(info.CurrentGenerationID, 3);

    fake_tracker.ticks_spread = 2000;
    fake_tracker.ticks_generation = 4;
    assert_int_equal(wu_tracking_query(things[0].handle, WU_HANDLE_SYSTEM_INTERFACE, &info),
                     ERROR_SUCCESS);
    assert_int_equal(info.PredictedAccuracyInMicroSeconds, 3);
    assert_int_equal(info.CurrentGenerationID, 7);
}

static void without_ticks_there_is_no_answer(void **state)
{
    const HANDLE tracking = start(&things[0]);
    START_INFO info = { (HANDLE)77, TRUE };

    (void)state;
    fake_tracker.ticks_end_error = ERROR_NOT_READY;
    assert_int_equal(query(things[0].handle, WU_HANDLE_SYSTEM_INTERFACE, tracking),
                     ERROR_NOT_READY);
    fake_tracker.ticks_error = ERROR_NOT_SUPPORTED;
    assert_int_equal(query(things[0].handle, WU_HANDLE_SYSTEM_INTERFACE, tracking),
                     ERROR_NOT_SUPPORTED);
    assert_int_equal(wu_tracking_start(&things[0].tracking, tracker, &info), ERROR_NOT_SUPPORTED);
    assert_ptr_equal(info.TimeTrackingHandle, (HANDLE)77);
    assert_int_equal(fake_tracker_clients(), 1);
}

#define tracking_test(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        tracking_test(owners_of_a_device_stop_for_each_other),
        tracking_test(end_of_an_owner_ends_no_others),
        tracking_test(kind_of_the_asker_is_looked_at),
        tracking_test(presence_is_each_owners_own),
        tracking_test(ticks_widen_the_bound_and_count_generations),
        tracking_test(without_ticks_there_is_no_answer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
