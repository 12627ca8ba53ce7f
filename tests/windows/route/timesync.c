/*
 * Time synchronization on a Windows that has none, over the frame numbers of its winusb.dll: a
 * double whose counter drifts by a known amount, wraps early, and is slow to read now and then.
 * Every answer has to be true within the accuracy that it states.
 *
 *     route_timesync [SECONDS]
 */
#include "check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef USB_FRAME_NUMBER_AND_QPC_FOR_TIME_SYNC_INFORMATION FRAME_INFO;
typedef USB_START_TRACKING_FOR_TIME_SYNC_INFORMATION START_INFO;
typedef USB_STOP_TRACKING_FOR_TIME_SYNC_INFORMATION STOP_INFO;

enum { MOST = 100000, STARTS = 20, PPM = 37 };
enum { PATIENCE = 60000 /* [ms] for what comes, however busy the machine */ };

static LARGE_INTEGER frequency;

static int64_t now(void)
{
    LARGE_INTEGER counter;

    QueryPerformanceCounter(&counter);
    return counter.QuadPart;
}

static double us(double ticks)
{
    return ticks * 1e6 / (double)frequency.QuadPart;
}

/* --- Figures --------------------------------------------------------------------------------- */

struct figures {
    const char *name;
    unsigned count;
    double value[MOST];
};

static struct figures errors_now = { .name = "error, now [us]" };
static struct figures errors_asked = { .name = "error, asked [us]" };
static struct figures bounds_now = { .name = "bound, now [us]" };
static struct figures bounds_asked = { .name = "bound, asked [us]" };
static struct figures patient_starts = { .name = "start that waits [ms]" };
static struct figures hasty_starts = { .name = "first answer after one that does not [ms]" };
static struct figures queries = { .name = "query [us]" };

static void note(struct figures *figures, double value)
{
    if (figures->count < MOST)
        figures->value[figures->count++] = value;
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double quantile(struct figures *figures, double share)
{
    qsort(figures->value, figures->count, sizeof(double), by_value);
    return figures->value[(unsigned)(share * (figures->count - 1))];
}

static void print(struct figures *figures)
{
    printf("%-42s %6u  p50 %9.3f  p95 %9.3f  max %9.3f\n", figures->name, figures->count,
           quantile(figures, 0.5), quantile(figures, 0.95), quantile(figures, 1));
}

/* --- The truth ------------------------------------------------------------------------------- */

static void set_counter(ULONG first)
{
    AcquireSRWLockExclusive(&state->changing);
    state->counter.origin = now();
    state->counter.period = (double)frequency.QuadPart / 1000 * (1 + PPM * 1e-6);
    state->counter.first = first;
    state->counter.seed = 1;
    state->counter.error = 0;
    ReleaseSRWLockExclusive(&state->changing);
}

/* When a microframe begins [ticks since the origin]. */
static double truth(ULONG frame, ULONG microframe)
{
    return ((double)(LONG)(frame - state->counter.first) + microframe / 8.0) *
           state->counter.period;
}

static double since_origin(LARGE_INTEGER time)
{
    return (double)(time.QuadPart - state->counter.origin);
}

/* --- Calls ----------------------------------------------------------------------------------- */

static HANDLE start(HANDLE handle, BOOLEAN hasty)
{
    START_INFO info = { NULL, hasty };

    CHECK(ours.WinUsb_StartTrackingForTimeSync(handle, &info));
    CHECK(info.TimeTrackingHandle != NULL);
    return info.TimeTrackingHandle;
}

static BOOL stop(HANDLE handle, HANDLE tracking)
{
    STOP_INFO info = { tracking };

    return ours.WinUsb_StopTrackingForTimeSync(handle, &info);
}

static DWORD query(HANDLE handle, HANDLE tracking)
{
    FRAME_INFO info = { .TimeTrackingHandle = tracking };

    return ours.WinUsb_GetCurrentFrameNumberAndQpc(handle, &info) ? ERROR_SUCCESS : GetLastError();
}

static double ms_since(int64_t time)
{
    return us((double)(now() - time)) / 1000;
}

/* Asks until the answer is the one wanted. @return how long that took [ms], or a lot */
static double wait_for(HANDLE handle, HANDLE tracking, DWORD wanted)
{
    const int64_t began = now();

    while (query(handle, tracking) != wanted && ms_since(began) < PATIENCE)
        Sleep(1);
    return ms_since(began);
}

/* On a busy machine any answer may be withheld for a moment. */
static BOOL answers(HANDLE handle, HANDLE tracking)
{
    return wait_for(handle, tracking, ERROR_SUCCESS) < PATIENCE;
}

/* Asks until there is an answer. @param before_out  when the call began that gave it */
static BOOL await_answer(HANDLE handle, FRAME_INFO *info, int64_t *before_out)
{
    const int64_t began = now();
    BOOL answered;

    do {
        *before_out = now();
        answered = ours.WinUsb_GetCurrentFrameNumberAndQpc(handle, info);
    } while (!answered && GetLastError() == ERROR_NOT_READY && ms_since(began) < PATIENCE);
    return answered;
}

/* Asks until the answers are of the counter as it has just been set; none may be withheld between.
 */
static void wait_for_counter(HANDLE handle, HANDLE tracking, ULONG first)
{
    const int64_t began = now();
    FRAME_INFO info;

    do { /* those of the counter as it was are seconds away */
        Sleep(1);
        info = (FRAME_INFO){ .TimeTrackingHandle = tracking };
    } while ((!ours.WinUsb_GetCurrentFrameNumberAndQpc(handle, &info) ||
              fabs((LONG)(info.CurrentUSBFrameNumber - first) - ms_since(began)) > 1000) &&
             ms_since(began) < PATIENCE);
    CHECK(ms_since(began) < PATIENCE);
}

/* --- Answers are true ------------------------------------------------------------------------ */

static void check_now(const FRAME_INFO *info, int64_t before, int64_t after)
{
    const double bound = info->PredictedAccuracyInMicroSeconds;
    const double said = since_origin(info->CurrentQueryPerformanceCounter);
    const double error =
        us(fabs(said - truth(info->CurrentUSBFrameNumber, info->CurrentHardwareMicroFrameNumber)));
    const double eighth = us(state->counter.period) / 8;

    CHECK(error <= bound);
    CHECK_EQUAL(info->CurrentHardwareFrameNumber, info->CurrentUSBFrameNumber % 2048);
    CHECK(us(said - (double)(after - state->counter.origin)) <= bound);
    CHECK(us((double)(before - state->counter.origin) - said) <= eighth + bound);
    note(&errors_now, error);
    note(&bounds_now, bound);
}

static void check_asked(const FRAME_INFO *info)
{
    const double bound = info->PredictedAccuracyInMicroSeconds;
    const double error =
        us(fabs(since_origin(info->QueryPerformanceCounterAtInputFrameOrMicroFrame) -
                truth(info->InputFrameNumber, info->InputMicroFrameNumber)));

    CHECK(error <= bound);
    note(&errors_asked, error);
    note(&bounds_asked, bound);
}

/* [frames] from ten seconds ago to ten seconds ahead, most of them near. */
static LONG some_distance(void)
{
    const LONG distance = rand() % 10000;

    return (rand() % 2 ? distance : -distance) / (1 + rand() % 100);
}

static void ask(HANDLE handle, HANDLE tracking)
{
    FRAME_INFO info = { .TimeTrackingHandle = tracking };
    int64_t before, after;

    CHECK(await_answer(handle, &info, &before));
    after = now();
    CHECK_EQUAL(info.QueryPerformanceCounterAtInputFrameOrMicroFrame.QuadPart, 0);
    check_now(&info, before, after);
    note(&queries, us((double)(after - before)));

    info.InputFrameNumber = info.CurrentUSBFrameNumber + (ULONG)some_distance();
    info.InputMicroFrameNumber = (ULONG)rand() % 8;
    if (info.InputFrameNumber == 0 && info.InputMicroFrameNumber == 0)
        return;
    CHECK(await_answer(handle, &info, &before));
    check_asked(&info);
}

/* Across the number that would mean that nobody answers, and from the last to the first. */
static void answers_are_true(HANDLE handle, int seconds)
{
    const HANDLE tracking = start(handle, FALSE);
    const int64_t began = now();
    bool wrapped = false;

    set_counter(0xFFFFFFFF - 2000);
    wait_for_counter(handle, tracking, 0xFFFFFFFF - 2000);
    while (us((double)(now() - began)) < 1e6 * seconds) {
        ULONG frame = 0;
        LARGE_INTEGER time;

        ask(handle, tracking);
        CHECK(ours.WinUsb_GetCurrentFrameNumber(handle, &frame, &time));
        wrapped |= frame < 0x80000000;
        Sleep(1);
    }
    CHECK(wrapped || seconds < 3);
    CHECK(stop(handle, tracking));
    CHECK_EQUAL(query(handle, tracking), ERROR_INVALID_PARAMETER);
    CHECK(!stop(handle, tracking));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
}

/* --- Particular numbers ---------------------------------------------------------------------- */

/* All 32 bits count, also of a counter that was another's before. */
static void numbers_are_the_counters_own(void)
{
    const ULONG firsts[] = { 5, 0x70000000, 0xC0000000, 0x30000000 };
    const HANDLE handle = open_interface();
    const HANDLE tracking = start(handle, FALSE);

    for (size_t i = 0; i < sizeof(firsts) / sizeof(firsts[0]); i++) {
        set_counter(firsts[i]);
        wait_for_counter(handle, tracking, firsts[i]);
        for (int k = 0; k < 20; k++)
            ask(handle, tracking);
    }
    CHECK(ours.WinUsb_Free(handle));
}

/* Asks while the counter shows all ones. @return whether that was answered, and in time */
static bool is_answered_at_all_ones(HANDLE handle)
{
    enum { BEFORE = 700 /* [frames] */ };
    HANDLE tracking;
    bool answered;

    set_counter(0xFFFFFFFF - BEFORE);
    tracking = start(handle, FALSE);
    CHECK(answers(handle, tracking));
    Sleep(BEFORE - 50);
    while ((double)(now() - state->counter.origin) < (BEFORE + 0.3) * state->counter.period)
        ;
    answered = query(handle, tracking) == ERROR_SUCCESS;
    return answered &&
           (double)(now() - state->counter.origin) < (BEFORE + 1) * state->counter.period;
}

/* The frame lasts a millisecond, which a busy machine may miss. */
static void all_ones_are_a_number(void)
{
    enum { ROUNDS = 4, TRIES = 40 };
    int answered = 0;

    for (int i = 0; i < TRIES && answered < ROUNDS; i++) {
        const HANDLE handle = open_interface();

        answered += is_answered_at_all_ones(handle);
        CHECK(ours.WinUsb_Free(handle));
    }
    CHECK_EQUAL(answered, ROUNDS);
}

/* --- Starts ---------------------------------------------------------------------------------- */

/* Each with an interface of its own, so that nothing is known before. */
static void starts_are_quick(void)
{
    for (int i = 0; i < STARTS; i++) {
        const HANDLE handle = open_interface();
        const int64_t began = now();
        const HANDLE tracking = start(handle, FALSE);

        note(&patient_starts, us((double)(now() - began)) / 1000);
        CHECK(answers(handle, tracking));
        CHECK(ours.WinUsb_Free(handle));
    }
    for (int i = 0; i < STARTS; i++) {
        const HANDLE handle = open_interface();
        const int64_t began = now();
        const HANDLE tracking = start(handle, TRUE);

        wait_for(handle, tracking, ERROR_SUCCESS);
        note(&hasty_starts, us((double)(now() - began)) / 1000);
        CHECK(ours.WinUsb_Free(handle));
    }
    printf("goal of starts, 50 ms: %s\n",
           quantile(&patient_starts, 0.5) < 50 && quantile(&hasty_starts, 0.5) < 50 ? "met"
                                                                                    : "missed");
}

/* --- Ends ---------------------------------------------------------------------------------- */

static void free_ends_tracking(void)
{
    const HANDLE handle = open_interface();
    const HANDLE tracking = start(handle, FALSE);
    LONG calls;

    CHECK(ours.WinUsb_Free(handle));
    calls = state->calls;
    CHECK_EQUAL(query(handle, tracking), ERROR_INVALID_HANDLE);
    Sleep(100);
    CHECK_EQUAL(state->calls, calls);
    CHECK_EQUAL(state->after_freeing, 0);
}

static void any_interface_of_the_file_stops(void)
{
    const HANDLE handle = open_interface();
    HANDLE associated = NULL, tracking;

    state->writes = true;
    CHECK(ours.WinUsb_GetAssociatedInterface(handle, 0, &associated));
    state->writes = false;
    tracking = start(associated, FALSE);
    CHECK(answers(handle, tracking));
    CHECK(stop(handle, tracking));
    CHECK_EQUAL(query(associated, tracking), ERROR_INVALID_PARAMETER);
    tracking = start(associated, FALSE);
    CHECK(ours.WinUsb_Free(associated));
    CHECK(!stop(handle, tracking));
    CHECK(ours.WinUsb_Free(handle));
}

/* @return false when it has lasted too long for that, as this program was paused */
static bool is_waited_for(HANDLE handle)
{
    const HANDLE tracking = start(handle, FALSE);
    const int64_t began = now();
    DWORD error;

    state->counter.error = ERROR_GEN_FAILURE;
    do {
        Sleep(1);
        error = query(handle, tracking);
    } while (error == ERROR_SUCCESS && ms_since(began) < PATIENCE);
    Sleep(100);
    state->counter.error = 0;
    if (error == ERROR_NOT_READY)
        while ((error = query(handle, tracking)) == ERROR_NOT_READY && ms_since(began) < PATIENCE)
            Sleep(1);
    CHECK(stop(handle, tracking));
    return error == ERROR_SUCCESS;
}

/* When it stays for a second, the device is taken for lost. */
static void silence_is_waited_for(void)
{
    const HANDLE handle = open_interface();
    const int64_t began = now();
    bool waited;

    while (!(waited = is_waited_for(handle)) && ms_since(began) < PATIENCE)
        ;
    CHECK(waited);
    CHECK(ours.WinUsb_Free(handle));
}

/* An error that means as much is believed at once, any other when it stays for a second. */
static void lost_device_is_told(DWORD error)
{
    const HANDLE handle = open_interface();
    const HANDLE tracking = start(handle, FALSE);
    START_INFO info = { (HANDLE)77, TRUE };
    LONG calls;

    state->counter.error = error;
    calls = state->calls;
    CHECK(wait_for(handle, tracking, ERROR_DEVICE_NOT_CONNECTED) < PATIENCE);
    CHECK(error == ERROR_GEN_FAILURE || state->calls - calls < 80);
    CHECK(!ours.WinUsb_StartTrackingForTimeSync(handle, &info));
    CHECK_EQUAL(GetLastError(),
                error == ERROR_GEN_FAILURE ? ERROR_GEN_FAILURE : ERROR_DEVICE_NOT_CONNECTED);
    CHECK(info.TimeTrackingHandle == (HANDLE)77);
    CHECK(stop(handle, tracking));
    CHECK(ours.WinUsb_Free(handle));
    state->counter.error = 0;
}

/* --- Several threads ----------------------------------------------------------------------- */

static volatile HANDLE shared_handle, shared_tracking;
static volatile LONG finished, answered;

static DWORD WINAPI query_all_the_time(void *unused)
{
    UNREFERENCED_PARAMETER(unused);
    while (!finished) {
        const DWORD error = query(shared_handle, shared_tracking);

        CHECK(error == ERROR_SUCCESS || error == ERROR_INVALID_HANDLE || error == ERROR_NOT_READY ||
              error == ERROR_INVALID_PARAMETER || error == ERROR_DEVICE_NOT_CONNECTED);
        if (error == ERROR_SUCCESS)
            InterlockedIncrement(&answered);
    }
    return 0;
}

static DWORD WINAPI start_all_the_time(void *unused)
{
    UNREFERENCED_PARAMETER(unused);
    while (!finished) {
        START_INFO info = { NULL, TRUE };

        if (ours.WinUsb_StartTrackingForTimeSync(shared_handle, &info))
            shared_tracking = info.TimeTrackingHandle;
        else
            CHECK(GetLastError() == ERROR_INVALID_HANDLE ||
                  GetLastError() == ERROR_DEVICE_NOT_CONNECTED);
    }
    return 0;
}

/* Nobody reads the counter once WinUsb_Free has been called. */
static void ends_overtake_starts(void)
{
    HANDLE threads[2];

    threads[0] = CreateThread(NULL, 0, query_all_the_time, NULL, 0, NULL);
    threads[1] = CreateThread(NULL, 0, start_all_the_time, NULL, 0, NULL);
    for (int i = 0; i < 300 || (answered == 0 && i < 30000); i++) {
        shared_handle = open_interface();
        if (i % 3 > 0)
            Sleep(i % 10 == 0 ? 50 : (DWORD)i % 7);
        CHECK(ours.WinUsb_Free(shared_handle));
    }
    finished = true;
    CHECK_EQUAL(WaitForMultipleObjects(2, threads, TRUE, PATIENCE), WAIT_OBJECT_0);
    CHECK_EQUAL(state->after_freeing, 0);
    CHECK(answered > 0);
    printf("%ld answers while interfaces were opened and freed\n", answered);
}

int main(int count, char **arguments)
{
    HANDLE handle;

    load_ours();
    load_double();
    CHECK(state != NULL);
    if (!state)
        return report();

    QueryPerformanceFrequency(&frequency);
    set_counter(1000000);
    starts_are_quick();
    handle = open_interface();
    answers_are_true(handle, count > 1 ? atoi(arguments[1]) : 10);
    CHECK(ours.WinUsb_Free(handle));
    numbers_are_the_counters_own();
    all_ones_are_a_number();
    free_ends_tracking();
    any_interface_of_the_file_stops();
    silence_is_waited_for();
    lost_device_is_told(ERROR_DEVICE_NOT_CONNECTED);
    lost_device_is_told(ERROR_BAD_COMMAND);
    lost_device_is_told(433);
    lost_device_is_told(ERROR_GEN_FAILURE);
    ends_overtake_starts();
    CHECK(stays_loaded());
    start(open_interface(), FALSE); /* who forgets to stop ends all the same */

    print(&errors_now);
    print(&bounds_now);
    print(&errors_asked);
    print(&bounds_asked);
    print(&queries);
    print(&patient_starts);
    print(&hasty_starts);
    return report();
}
