/*
 * What tests of transfers begin with: one device with pipes, its file and its first interface open,
 * and a script of what the device does with the transfers that it is asked for.
 *
 * The device sends the bytes of fixture_byte(0), fixture_byte(1), ... however they are fetched, so
 * that what is lost, doubled or exchanged shows.
 */
#ifndef WU_TESTS_DATA_FIXTURE_H
#define WU_TESTS_DATA_FIXTURE_H

#include <windows.h>

#include "core/interface.h"
#include "tracker_fake.h"
#include "usb_fake.h"
#include "winusb.h"

enum {
    BULK_IN = 0x81,      /* interface 0, setting 0; packets of 64 bytes; of 512 in setting 1 */
    BULK_OUT = 0x02,     /* packets of 64 bytes; of 512 in setting 1 */
    INTERRUPT_IN = 0x83, /* of 8 bytes; not in setting 1 */
    INTERRUPT_OUT = 0x07,
    OTHER_IN = 0x84, /* interface 1; of 64 bytes */
    OTHER_OUT = 0x05,
    ISOCH_IN = 0x86, /* interface 0, setting 2 */
    PACKET = 64,
    FAST_LIMIT = 0x1FEC00, /* MAXIMUM_TRANSFER_SIZE at high speed and above */
    SLOW_LIMIT = 0x3F000,
    STEPS = 64,
    IOS = 30,
    PENDING = 0x103, /* STATUS_PENDING */
    FIXTURE_UNTOUCHED = 0xEE,
};

/* What the device does with a transfer. */
struct fixture_step {
    DWORD error;
    ULONG bytes;
};

struct data_fixture {
    struct fake_usb_device *device;
    HANDLE file;
    HANDLE handle;

    /* Set by fixture_script(). */
    struct fixture_step steps[STEPS];
    size_t step_count;
    void (*during)(void); /* called in the middle of each transfer; NULL: nothing happens */

    size_t submissions; /* how many there were, and what the first of them were about */
    struct wu_usb_submission log[STEPS];
    UCHAR setup[WU_USB_SETUP_SIZE]; /* of the last control transfer */
    UCHAR *received;                /* what came with OUT transfers; owned */
    ULONG received_size;
    ULONG sent; /* [bytes] how far the device is with fixture_byte() */
};

extern struct data_fixture fixture;

/** Plugs the device in and opens it; a CMocka set-up. */
int data_fixture_set_up(void **state);

/** Closes what is open; a CMocka tear-down, which fails when anything is left. */
int data_fixture_tear_down(void **state);

/** Opens the file of the device as a whole. */
HANDLE fixture_open_file(void);

/** Makes the device end each transfer at once: the first as the first step says. What comes after
 *  the last step pends. */
void fixture_script(const struct fixture_step *steps, size_t count);

/** Tells byte @p i of what the device sends. */
UCHAR fixture_byte(size_t i);

/** Tells whether @p size bytes are those of fixture_byte() from @p first on. */
bool fixture_is_data(const UCHAR *bytes, size_t first, size_t size);

/** Sends the next bytes of fixture_byte() to the oldest transfer of an endpoint. */
void fixture_send(UCHAR endpoint, ULONG size);

/** Ends the oldest transfer of an endpoint. */
void fixture_end(UCHAR endpoint, DWORD error);

/** Sets a policy of a pipe to @p value; of the size that it has. */
void fixture_set_policy(UCHAR pipe, ULONG policy, ULONG value);

/** Selects an alternate setting of interface 0. */
void fixture_select(UCHAR setting);

/* --- Overlapped requests --------------------------------------------------------------------- */

struct fixture_io {
    OVERLAPPED overlapped;
    UCHAR buffer[8 * PACKET];
};

extern struct fixture_io fixture_ios[IOS];

/** Makes one of fixture_ios ready: with an event, and FIXTURE_UNTOUCHED in its buffer. */
struct fixture_io *fixture_prepare(size_t i, BOOL manual_reset);

/** Prepares one and begins to read with it, which must pend. */
struct fixture_io *fixture_begin_read(size_t i, UCHAR pipe, ULONG length);

/** Prepares one and begins to write 'A' + @p i with it, which must pend. */
struct fixture_io *fixture_begin_write(size_t i, UCHAR pipe, ULONG length);

bool fixture_is_pending(const struct fixture_io *io);

/** Waits for the end, which must be this one, and closes the event. */
void fixture_assert_ends(struct fixture_io *io, DWORD error, ULONG bytes);

/** The same for a read that brings bytes of fixture_byte() from @p first on. */
void fixture_assert_brings(struct fixture_io *io, size_t first, ULONG bytes);

/* --- Short forms ----------------------------------------------------------------------------- */

/* Makes the device end the next transfers at once: { error, bytes }, ... */
#define FIXTURE_SCRIPT(...)                                      \
    do {                                                         \
        const struct fixture_step steps[] = { __VA_ARGS__ };     \
        fixture_script(steps, sizeof(steps) / sizeof(steps[0])); \
    } while (0)

#define assert_fails(call, error)                \
    do {                                         \
        SetLastError(ERROR_SUCCESS);             \
        assert_false(call);                      \
        assert_int_equal(GetLastError(), error); \
    } while (0)

#define fixture_test(test) \
    cmocka_unit_test_setup_teardown(test, data_fixture_set_up, data_fixture_tear_down)

#endif
