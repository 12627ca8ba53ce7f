/*
 * What the tests of the conformance program begin with: the lab's device with nothing of the test
 * before in it, and its function open.
 *
 * Memory that requests write to is the fixture's, so that a test may fail while they are pending:
 * the tear-down ends them.
 */
#ifndef LAB_CONFORMANCE_FIXTURE_H
#define LAB_CONFORMANCE_FIXTURE_H

#include "cmocka_all.h"

#include <limits.h>
#include <pthread.h>
#include <stdbool.h>
#include <windows.h>
#include <winusb.h>

#include "lab/device/script.h"
#include "lab/lab.h"

enum {
    BULK_IN = 0x81, /* interface 0; source, sink */
    BULK_OUT = 0x01,
    LOOP_IN = 0x82, /* loopback */
    LOOP_OUT = 0x02,
    INTERRUPT_IN = 0x83, /* packets of 64 bytes, every 4 ms */
    INTERRUPT_OUT = 0x03,
    ISOCH_IN = 0x84, /* interface 1, settings 1, 2 and 4 */
    ISOCH_OUT = 0x04,
    OTHER_IN = 0x85, /* interface 1, setting 3; loopback */
    OTHER_OUT = 0x05,
    ABSENT_IN = 0x8A, /* in no setting */

    REQUESTS = 32,
    ROOM = 65536, /* [bytes] of synchronous requests */
    REQUEST_ROOM = 8192,
    SHORTLY = 100,    /* [ms] what a test waits for in vain */
    PATIENCE = 60000, /* [ms] what is taken for never, however busy the machine */
    UNTOUCHED = 0xEE,
};

#define STATUS_CANCELLED 0xC0000120 /* in OVERLAPPED */

struct conformance_request {
    OVERLAPPED overlapped; /* has an event */
    UCHAR data[REQUEST_ROOM];
};

struct conformance {
    const char *controller; /* "xhci", ... */
    const char *system;     /* "linux" or "wine": whose Win32 calls the program makes */
    bool list;              /* tests are listed, not run */
    unsigned tests, left_out;

    bool high;    /* the device's speed */
    ULONG packet; /* [bytes] of bulk endpoints */
    struct lab_device where;
    struct labdev device;
    HANDLE file; /* also that of tests to come; NULL: closed */
    struct lab_device opened;
    WINUSB_INTERFACE_HANDLE first;
    WINUSB_INTERFACE_HANDLE second; /* NULL unless fixture_open_second() */

    struct conformance_request requests[REQUESTS];
    UCHAR data[ROOM]; /* of synchronous requests */
    ULONG got;        /* [bytes] by the last of them */
};

extern struct conformance fixture;

/** CMocka's set-up: the standard device is there, in its default state, and open. */
int fixture_set_up(void **state);

/** Likewise, with the composite device, and nothing is open. */
int fixture_set_up_composite(void **state);

/** CMocka's tear-down: frees what is open, but for the file. */
int fixture_tear_down(void **state);
int fixture_tear_down_composite(void **state);

/** CMocka's set-up of a test that shares a device with others of its group. */
int fixture_count(void **state);

/** Closes the file, if it is open. */
void fixture_close_file(void);

#define conformance_test(test) \
    cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)

/* With nothing open; the composite device is there. */
#define conformance_bare_test(test) \
    cmocka_unit_test_setup_teardown(test, fixture_set_up_composite, fixture_tear_down_composite)

/** Runs a group of tests, or prints their names if that is asked for. @return how many failed */
#define run_group(name, tests, set_up, tear_down)                       \
    (fixture.list ? list_tests(tests, sizeof(tests) / sizeof(tests[0])) \
                  : cmocka_run_group_tests_name(name, tests, set_up, tear_down))

int list_tests(const struct CMUnitTest *tests, size_t count);

/**
 * Leaves the test out where it cannot run, and says why; the first thing that it does.
 *
 * @param places  controllers, or the system "wine": "xhci uhci"
 */
void leave_out_on(const char *places, const char *reason);

#define assert_succeeds(call)                                          \
    do {                                                               \
        SetLastError(ERROR_SUCCESS);                                   \
        if (!(call))                                                   \
            fail_msg("%s: error %u", #call, (unsigned)GetLastError()); \
    } while (0)

#define assert_fails(call, error)                \
    do {                                         \
        SetLastError(ERROR_SUCCESS);             \
        assert_false(call);                      \
        assert_int_equal(GetLastError(), error); \
    } while (0)

/* --- The device ------------------------------------------------------------------------------ */

/** Programs an endpoint: fixture_program(BULK_IN, .kind = LABDEV_SOURCE, .start = 7). */
#define fixture_program(endpoint, ...) \
    assert_true(                       \
        labdev_program(&fixture.device, (endpoint), &(struct labdev_behaviour){ __VA_ARGS__ }))

struct labdev_status fixture_status(UCHAR endpoint);

/** Waits until that many transfers wait on the device, or that many have been cancelled. */
void fixture_await_held(UCHAR endpoint, unsigned count);
void fixture_await_cancels(UCHAR endpoint, unsigned count);

/** Waits until the device has taken that many bytes. */
void fixture_await_bytes(UCHAR endpoint, unsigned count);

/** Gives the last request of this type and bRequest from the log; fails without. */
struct labdev_log_entry fixture_logged(UCHAR type, UCHAR request);

/** Has the device leave and come back, and waits until it has left. */
void fixture_unplug(void);

/** Waits until the device is there under another address than before. */
void fixture_await_return(void);

/** Has the device come back as another one: see struct labdev_replug. */
void fixture_become(unsigned personality, unsigned variant);

/* --- The library ----------------------------------------------------------------------------- */

/** Opens the device's node, or an interface path. */
HANDLE fixture_open(const char *path);

/** Opens the second interface. */
void fixture_open_second(void);

/** Selects a setting of the second interface, which is opened if it is not. */
void fixture_select(UCHAR setting);

/** Sets a policy, of the size that it has, of a pipe. */
void fixture_set_policy(UCHAR pipe, ULONG policy, ULONG value);

/** Reads synchronously into fixture.data, fixture.got. @return ERROR_SUCCESS or the error */
DWORD fixture_read(UCHAR pipe, ULONG length);

/** Begins a synchronous read of BULK_IN in a thread, which the device does not answer. */
void fixture_begin_read(pthread_t *thread_out);

/** Waits for its end. @return likewise */
DWORD fixture_end_read(pthread_t thread);

/** Writes @p length bytes of the pattern from @p position on. @return likewise */
DWORD fixture_write(UCHAR pipe, ULONG length, uint64_t position);

/** Reads @p length bytes, of which @p size must come, the pattern's from @p position on. */
void assert_reads(UCHAR pipe, ULONG length, uint64_t position, ULONG size);

/** Writes @p length bytes, all of which must go. */
void assert_writes(UCHAR pipe, ULONG length, uint64_t position);

/* Control transfers on the first handle, with fixture.data. @return likewise */
DWORD fixture_control(WINUSB_SETUP_PACKET setup);

/* --- Overlapped ------------------------------------------------------------------------------ */

/** Begins request @p index; it must be pending. */
void begin_read(size_t index, UCHAR pipe, ULONG length);
void begin_write(size_t index, UCHAR pipe, ULONG length, uint64_t position);
void begin_control(size_t index, WINUSB_SETUP_PACKET setup);

bool is_pending(size_t index);

/** Waits for the end of a request. @return how it ended; @p bytes_out [bytes] may be NULL */
DWORD end_of(size_t index, DWORD *bytes_out);

/** A request must end like that. */
void assert_ends(size_t index, DWORD error, DWORD bytes);

/** A read must succeed with @p size bytes of the pattern from @p position on. */
void assert_read_ends(size_t index, uint64_t position, ULONG size);

/** Tells whether a buffer of request @p index is as before from byte @p from on. */
bool is_untouched(size_t index, ULONG from);

/** Gives the time since @p start, of lab_now() [ms]. */
unsigned elapsed(int64_t start);

/** What began at @p start has lasted that long [ms]; longer it may, on a busy machine. */
#define assert_lasted(start, least) assert_in_range(elapsed(start), least, UINT_MAX)

#endif
