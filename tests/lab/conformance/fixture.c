#include "fixture.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    HUNG = 5 * PATIENCE,     /* [ms] for one test */
    POLL_PAUSE = 2000000,    /* [ns] */
    WATCH_PAUSE = 200000000, /* [ns] */
    ABSENCE = 250,           /* [ms] */
    ID_PRODUCT = 10,         /* where it is in a device descriptor */
};

static const char nobody[] = "";

struct conformance fixture = { .system = CONFORMANCE_SYSTEM };

unsigned elapsed(int64_t start)
{
    return (unsigned)((lab_now() - start) / 1000000);
}

int list_tests(const struct CMUnitTest *tests, size_t count)
{
    for (size_t i = 0; i < count; i++)
        puts(tests[i].name);
    return 0;
}

static void leave_out(const char *place, const char *reason)
{
    fixture.left_out++;
    print_message("             left out on %s: %s\n", place, reason);
    skip();
}

void leave_out_on(const char *places, const char *reason)
{
    if (strstr(places, fixture.controller))
        leave_out(fixture.controller, reason);
    if (strstr(places, fixture.system))
        leave_out(fixture.system, reason);
}

/* --- Plugging -------------------------------------------------------------------------------- */

/* Opens the device that is there, unless its node is this one. */
static bool find_device(const char *other_than)
{
    labdev_close(&fixture.device);
    return lab_present(LABDEV_PRODUCT) && lab_find(LABDEV_PRODUCT, &fixture.where) &&
           strcmp(fixture.where.node, other_than) != 0 &&
           labdev_open(&fixture.device, fixture.where.node);
}

static bool await_device(const char *other_than)
{
    const int64_t start = lab_now();

    while (!find_device(other_than)) {
        if (elapsed(start) > PATIENCE)
            return false;
        lab_sleep(POLL_PAUSE);
    }
    return true;
}

/* Tells which device it is. */
static unsigned personality(void)
{
    UCHAR descriptor[18] = { 0 };

    if (labdev_descriptors(&fixture.device, descriptor, sizeof(descriptor)) != sizeof(descriptor))
        return LABDEV_BROKEN;
    return (unsigned)(descriptor[ID_PRODUCT] | descriptor[ID_PRODUCT + 1] << 8) - LABDEV_PRODUCT_ID;
}

static bool become(unsigned wanted)
{
    const struct labdev_replug replug = { .personality = wanted, .absence = ABSENCE };
    const struct lab_device before = fixture.where;

    return personality() == wanted ||
           (labdev_replug(&fixture.device, &replug) && await_device(before.node));
}

/* It may be back before anybody looks; then it has another address. */
static bool is_still_there(void)
{
    struct lab_device now;

    return lab_present(LABDEV_PRODUCT) && lab_find(LABDEV_PRODUCT, &now) &&
           strcmp(now.node, fixture.where.node) == 0;
}

void fixture_unplug(void)
{
    const struct labdev_replug replug = { .personality = LABDEV_STANDARD, .absence = ABSENCE };
    const int64_t start = lab_now();

    assert_true(labdev_replug(&fixture.device, &replug));
    while (is_still_there() && elapsed(start) < PATIENCE)
        lab_sleep(POLL_PAUSE);
    assert_false(is_still_there());
}

void fixture_await_return(void)
{
    const struct lab_device before = fixture.where;

    assert_true(await_device(before.node));
}

void fixture_become(unsigned personality, unsigned variant)
{
    const struct labdev_replug replug = { .personality = personality,
                                          .variant = variant,
                                          .absence = ABSENCE };

    assert_true(labdev_replug(&fixture.device, &replug));
    fixture_await_return();
}

/* --- Set-up and tear-down -------------------------------------------------------------------- */

/* When the test began, of lab_now() [ns]; 0 between tests. */
static _Atomic int64_t test_begun;

/* Ends the program when a test hangs, in a thread as there are no signals on Windows. */
static void *watch(void *unused)
{
    (void)unused;
    for (;;) {
        const int64_t begun = atomic_load(&test_begun);

        if (begun != 0 && elapsed(begun) > HUNG)
            break;
        lab_sleep(WATCH_PAUSE);
    }
    fputs("conformance: the test hangs\n", stderr);
    _Exit(1);
}

static void begin_watch(void)
{
    static bool watched;
    pthread_t thread;

    atomic_store(&test_begun, lab_now());
    if (!watched && pthread_create(&thread, NULL, watch, NULL) == 0)
        pthread_detach(thread);
    watched = true;
}

static bool plug_in(unsigned wanted)
{
    begin_watch();
    fixture.device.file = -1;
    return await_device(nobody) && become(wanted);
}

static void make_requests(void)
{
    for (size_t i = 0; i < REQUESTS; i++) {
        struct conformance_request *request = &fixture.requests[i];

        memset(request, 0, sizeof(*request));
        memset(request->data, UNTOUCHED, sizeof(request->data));
        request->overlapped.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL);
    }
}

/* The halts of the test before are ended on the host's side, too. */
static bool reset_pipes(void)
{
    static const UCHAR pipes[] = { BULK_IN, BULK_OUT, LOOP_IN, LOOP_OUT };
    bool reset = true;

    for (size_t i = 0; i < sizeof(pipes); i++)
        reset = WinUsb_ResetPipe(fixture.first, pipes[i]) && reset;
    return reset;
}

HANDLE fixture_open(const char *path)
{
    return CreateFileA(path, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                       OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL | FILE_FLAG_OVERLAPPED, NULL);
}

void fixture_close_file(void)
{
    CloseHandle(fixture.file);
    fixture.file = NULL;
}

/* Looking for devices takes a while: the file of the test before serves while its device is there.
 */
static bool open_file(void)
{
    if (fixture.file && strcmp(fixture.opened.node, fixture.where.node) == 0)
        return true;

    fixture_close_file();
    fixture.file = fixture_open(fixture.where.node);
    fixture.opened = fixture.where;
    return fixture.file != INVALID_HANDLE_VALUE;
}

static bool open_device(void)
{
    UCHAR speed = 0;
    ULONG size = sizeof(speed);

    if (!open_file() || !WinUsb_Initialize(fixture.file, &fixture.first) ||
        !WinUsb_QueryDeviceInformation(fixture.first, DEVICE_SPEED, &size, &speed))
        return false;
    fixture.high = speed == HighSpeed;
    fixture.packet = fixture.high ? 512 : 64;
    return reset_pipes() && labdev_clear(&fixture.device);
}

int fixture_count(void **state)
{
    (void)state;
    fixture.tests++;
    fflush(stdout); /* the name of a test that may hang: Windows does not buffer by lines */
    return 0;
}

int fixture_set_up(void **state)
{
    fixture_count(state);
    make_requests();
    return plug_in(LABDEV_STANDARD) && open_device() ? 0 : -1;
}

int fixture_set_up_composite(void **state)
{
    fixture_count(state);
    fixture_close_file();
    return plug_in(LABDEV_COMPOSITE) ? 0 : -1;
}

int fixture_tear_down(void **state)
{
    (void)state;
    WinUsb_Free(fixture.second);
    WinUsb_Free(fixture.first);
    fixture.first = NULL;
    fixture.second = NULL;
    for (size_t i = 0; i < REQUESTS; i++)
        CloseHandle(fixture.requests[i].overlapped.hEvent);
    labdev_close(&fixture.device);
    atomic_store(&test_begun, 0);
    return 0;
}

int fixture_tear_down_composite(void **state)
{
    fixture_tear_down(state);
    fixture_close_file();
    return 0;
}

/* --- The device ------------------------------------------------------------------------------ */

struct labdev_status fixture_status(UCHAR endpoint)
{
    struct labdev_status status;

    assert_true(labdev_status(&fixture.device, endpoint, &status));
    return status;
}

void fixture_await_held(UCHAR endpoint, unsigned count)
{
    const int64_t start = lab_now();

    while (fixture_status(endpoint).held < count && elapsed(start) < PATIENCE)
        lab_sleep(POLL_PAUSE);
    assert_int_equal(fixture_status(endpoint).held, count);
}

void fixture_await_cancels(UCHAR endpoint, unsigned count)
{
    const int64_t start = lab_now();

    while (fixture_status(endpoint).cancels < count && elapsed(start) < PATIENCE)
        lab_sleep(POLL_PAUSE);
    assert_int_equal(fixture_status(endpoint).cancels, count);
}

void fixture_await_bytes(UCHAR endpoint, unsigned count)
{
    const int64_t start = lab_now();

    while (fixture_status(endpoint).bytes < count && elapsed(start) < PATIENCE)
        lab_sleep(POLL_PAUSE);
    assert_int_equal(fixture_status(endpoint).bytes, count);
}

struct labdev_log_entry fixture_logged(UCHAR type, UCHAR request)
{
    struct labdev_log_entry entry;

    assert_true(labdev_log_request(&fixture.device, type, request, &entry));
    return entry;
}

/* --- The library ----------------------------------------------------------------------------- */

void fixture_open_second(void)
{
    assert_succeeds(WinUsb_GetAssociatedInterface(fixture.first, 0, &fixture.second));
}

void fixture_select(UCHAR setting)
{
    if (!fixture.second)
        fixture_open_second();
    assert_succeeds(WinUsb_SetCurrentAlternateSetting(fixture.second, setting));
}

void fixture_set_policy(UCHAR pipe, ULONG policy, ULONG value)
{
    const UCHAR flag = (UCHAR)value;
    const bool is_time = policy == PIPE_TRANSFER_TIMEOUT;

    assert_succeeds(WinUsb_SetPipePolicy(fixture.first, pipe, policy,
                                         is_time ? sizeof(value) : sizeof(flag),
                                         is_time ? (void *)&value : (void *)&flag));
}

DWORD fixture_read(UCHAR pipe, ULONG length)
{
    memset(fixture.data, UNTOUCHED, length + 1);
    fixture.got = UNTOUCHED;
    return WinUsb_ReadPipe(fixture.first, pipe, fixture.data, length, &fixture.got, NULL)
               ? ERROR_SUCCESS
               : GetLastError();
}

static void *read_in_vain(void *argument)
{
    (void)argument;
    return (void *)(uintptr_t)fixture_read(BULK_IN, 64);
}

void fixture_begin_read(pthread_t *thread_out)
{
    fixture_program(BULK_IN, .kind = LABDEV_NAK);
    assert_int_equal(pthread_create(thread_out, NULL, read_in_vain, NULL), 0);
    fixture_await_held(BULK_IN, 1);
}

DWORD fixture_end_read(pthread_t thread)
{
    void *error;

    pthread_join(thread, &error);
    return (DWORD)(uintptr_t)error;
}

DWORD fixture_write(UCHAR pipe, ULONG length, uint64_t position)
{
    labdev_fill(fixture.data, length, position);
    fixture.got = UNTOUCHED;
    return WinUsb_WritePipe(fixture.first, pipe, fixture.data, length, &fixture.got, NULL)
               ? ERROR_SUCCESS
               : GetLastError();
}

void assert_reads(UCHAR pipe, ULONG length, uint64_t position, ULONG size)
{
    assert_int_equal(fixture_read(pipe, length), ERROR_SUCCESS);
    assert_int_equal(fixture.got, size);
    assert_int_equal(labdev_mismatch(fixture.data, size, position), size);
}

void assert_writes(UCHAR pipe, ULONG length, uint64_t position)
{
    assert_int_equal(fixture_write(pipe, length, position), ERROR_SUCCESS);
    assert_int_equal(fixture.got, length);
}

DWORD fixture_control(WINUSB_SETUP_PACKET setup)
{
    fixture.got = UNTOUCHED;
    return WinUsb_ControlTransfer(fixture.first, setup, fixture.data, setup.Length, &fixture.got,
                                  NULL)
               ? ERROR_SUCCESS
               : GetLastError();
}

/* --- Overlapped ------------------------------------------------------------------------------ */

void begin_read(size_t index, UCHAR pipe, ULONG length)
{
    struct conformance_request *request = &fixture.requests[index];

    assert_fails(
        WinUsb_ReadPipe(fixture.first, pipe, request->data, length, NULL, &request->overlapped),
        ERROR_IO_PENDING);
}

void begin_write(size_t index, UCHAR pipe, ULONG length, uint64_t position)
{
    struct conformance_request *request = &fixture.requests[index];

    labdev_fill(request->data, length, position);
    assert_fails(
        WinUsb_WritePipe(fixture.first, pipe, request->data, length, NULL, &request->overlapped),
        ERROR_IO_PENDING);
}

void begin_control(size_t index, WINUSB_SETUP_PACKET setup)
{
    struct conformance_request *request = &fixture.requests[index];

    assert_fails(WinUsb_ControlTransfer(fixture.first, setup, request->data, setup.Length, NULL,
                                        &request->overlapped),
                 ERROR_IO_PENDING);
}

bool is_pending(size_t index)
{
    return !HasOverlappedIoCompleted(&fixture.requests[index].overlapped);
}

DWORD end_of(size_t index, DWORD *bytes_out)
{
    OVERLAPPED *overlapped = &fixture.requests[index].overlapped;
    DWORD bytes = 0;
    BOOL succeeded;

    assert_int_equal(WaitForSingleObject(overlapped->hEvent, PATIENCE), WAIT_OBJECT_0);
    succeeded = WinUsb_GetOverlappedResult(fixture.first, overlapped, &bytes, FALSE);
    if (bytes_out)
        *bytes_out = bytes;
    return succeeded ? ERROR_SUCCESS : GetLastError();
}

void assert_ends(size_t index, DWORD error, DWORD bytes)
{
    DWORD moved;

    assert_int_equal(end_of(index, &moved), error);
    assert_int_equal(moved, bytes);
}

void assert_read_ends(size_t index, uint64_t position, ULONG size)
{
    assert_ends(index, ERROR_SUCCESS, size);
    assert_int_equal(labdev_mismatch(fixture.requests[index].data, size, position), size);
}

bool is_untouched(size_t index, ULONG from)
{
    const UCHAR *data = fixture.requests[index].data;

    while (from < REQUEST_ROOM && data[from] == UNTOUCHED)
        from++;
    return from == REQUEST_ROOM;
}
