/* timesync.c and interface.c with several threads at once; ThreadSanitizer's turn above all. */
#include "cmocka_all.h"

#include <pthread.h>

#include "core/timesync.h"
#include "core_fixture.h"

typedef USB_FRAME_NUMBER_AND_QPC_FOR_TIME_SYNC_INFORMATION FRAME_INFO;
typedef USB_START_TRACKING_FOR_TIME_SYNC_INFORMATION START_INFO;
typedef USB_STOP_TRACKING_FOR_TIME_SYNC_INFORMATION STOP_INFO;

/* It ends when there were so many rounds and so many good answers to the other threads. */
enum { ROUNDS = 5000, ANSWERS = 500 };

/* Handles that some thread has, or had. */
static _Atomic(HANDLE) shared_file, shared_interface, shared_tracking;
static atomic_bool finished;
static atomic_int wrong;    /* results that are none of those allowed */
static atomic_int answered; /* queries by others than who opens and closes */

static struct fake_usb_device *device;

static void expect(DWORD error, const DWORD *allowed)
{
    while (*allowed != error && *allowed != ERROR_SUCCESS)
        allowed++;
    if (*allowed != error)
        wrong++;
}

/* Each list ends with success, which is always allowed. */
static const DWORD open_errors[] = { ERROR_INVALID_HANDLE, ERROR_BAD_COMMAND, ERROR_SUCCESS };
static const DWORD start_errors[] = { ERROR_INVALID_HANDLE, ERROR_DEVICE_NOT_CONNECTED,
                                      ERROR_SUCCESS };
static const DWORD query_errors[] = { ERROR_INVALID_HANDLE, ERROR_INVALID_PARAMETER,
                                      ERROR_DEVICE_NOT_CONNECTED, ERROR_SUCCESS };
static const DWORD stop_errors[] = { ERROR_INVALID_PARAMETER, ERROR_SUCCESS };

static bool query(HANDLE handle, HANDLE tracking)
{
    FRAME_INFO info = { .TimeTrackingHandle = tracking };
    const DWORD error = wu_timesync_query(handle, &info);

    expect(error, query_errors);
    if (error == ERROR_SUCCESS && info.CurrentGenerationID != 7)
        wrong++;
    return error == ERROR_SUCCESS;
}

static void start(struct wu_interface *iface)
{
    START_INFO info = { NULL, TRUE };
    const DWORD error = wu_timesync_start(iface, &info);

    expect(error, start_errors);
    if (error == ERROR_SUCCESS)
        shared_tracking = info.TimeTrackingHandle;
}

static void stop(struct wu_interface *iface)
{
    const STOP_INFO info = { shared_tracking };

    expect(wu_timesync_stop(iface, &info), stop_errors);
}

/* Opens and closes files and interfaces, in both orders. */
static void *open_and_close(void *argument)
{
    (void)argument;

    for (int i = 0; i < ROUNDS || answered < ANSWERS; i++) {
        const HANDLE file = fixture_open_file();
        HANDLE handle = NULL;

        shared_file = file;
        expect(wu_interface_open(file, &handle), open_errors);
        shared_interface = handle;
        query(handle, shared_tracking);
        if (i % 2 == 0)
            wu_interface_close(handle);
        CloseHandle(file);
        wu_interface_close(handle);
    }

    finished = true;
    return NULL;
}

/* Opens and frees further interfaces of a file that may close at any moment. */
static void *open_and_free(void *argument)
{
    (void)argument;

    while (!finished) {
        HANDLE handle = NULL;

        expect(wu_interface_open(shared_file, &handle), open_errors);
        wu_interface_close(handle);
    }
    return NULL;
}

/* What is started when an interface is new is not stopped: it ends with the interface. */
static void *start_and_stop(void *argument)
{
    HANDLE last = NULL;

    (void)argument;
    while (!finished) {
        struct wu_interface *iface = wu_interface_acquire(shared_interface);

        if (!iface)
            continue;
        if (last != iface->handle)
            start(iface);
        last = iface->handle;
        start(iface);
        answered += query(shared_interface, shared_tracking);
        stop(iface);
        wu_interface_release(iface);
    }
    return NULL;
}

static void *query_all_the_time(void *argument)
{
    (void)argument;

    while (!finished)
        answered += query(shared_interface, shared_tracking);
    return NULL;
}

/* Unplugs and plugs, and does the tracker thread's rounds. */
static void *pull_the_cable(void *argument)
{
    (void)argument;

    for (unsigned i = 0; !finished; i++) {
        device->gone = i % 4 == 3;
        fake_tracker_look();
    }
    device->gone = false;
    return NULL;
}

static void handles_may_be_closed_under_every_call(void **state)
{
    void *(*const work[])(void *) = { open_and_close, open_and_free,      start_and_stop,
                                      start_and_stop, query_all_the_time, pull_the_cable };
    pthread_t threads[sizeof(work) / sizeof(work[0])];

    (void)state;
    device = fixture_reset();
    fake_tracker.quiet = true;
    fake_tracker.answer.generation = 7;

    for (size_t i = 0; i < sizeof(work) / sizeof(work[0]); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, work[i], NULL), 0);
    for (size_t i = 0; i < sizeof(work) / sizeof(work[0]); i++)
        pthread_join(threads[i], NULL);

    assert_int_equal(wrong, 0);
    assert_true(fixture_is_idle());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(handles_may_be_closed_under_every_call),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
