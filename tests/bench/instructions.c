/*
 * Transfers through the whole library, over a libusb that completes each at once: what is left is
 * our own work, for a profiler to count; see instructions.sh. It fails when a transfer does, or
 * when more memory is allocated than for as many transfers as are under way at a time.
 *
 *     instructions SIDE PATTERN COUNT      SIDE: library, none (the same calls of that libusb
 * alone) PATTERN: single, stream
 */
#include "cmocka_all.h"

#include <libusb.h>
#include <stdlib.h>
#include <string.h>

#include "bench/side.h"
#include "failing_memory.h"
#include "fake_sys.h"
#include "libusb_fake.h"

enum { BULK_IN = 0x81, LENGTH = 512 };

uint8_t bench_memory[BENCH_LONGEST];

/* Of the command line. */
static const struct bench_side *side;
static bool in_stream;
static unsigned count;

/* --- A device that has always sent already -------------------------------------------------- */

static bool send_at_once(struct libusb_transfer *transfer)
{
    transfer->status = LIBUSB_TRANSFER_COMPLETED;
    transfer->actual_length = transfer->length;
    return true;
}

static int plug_in(void **state)
{
    static const unsigned char descriptors[] = {
        18, 1, 0,    2, 0, 0, 0, 64, 0x34, 0x12, 0x78, 0x56, 2, 1, 3, 4, 5, 1, /* device */
        9,  2, 25,   0, 1, 1, 0, 0,  50,                                       /* configuration */
        9,  4, 0,    0, 1, 1, 2, 3,  0,                                        /* interface */
        7,  5, 0x81, 2, 0, 2, 0,                                               /* bulk IN */
    };

    if (fake_sys_set_up(state) != 0)
        return -1;

    fake_libusb_reset();
    fake_libusb.transfer = send_at_once;
    fake_sys_write("bus/usb/devices/1-2.3/descriptors", descriptors, sizeof(descriptors));
    fake_sys_write_text("bus/usb/devices/1-2.3/bConfigurationValue", "1\n");
    return 0;
}

/* --- Without the library ---------------------------------------------------------------------- */

static libusb_context *context;
static libusb_device_handle *handle;
static struct libusb_transfer *transfers[BENCH_DEPTH];
static int under_way;

static bool open_bare(unsigned bus, unsigned address)
{
    libusb_device **list;

    (void)bus;
    (void)address;
    assert_int_equal(libusb_init(&context), 0);
    assert_int_equal(libusb_get_device_list(context, &list), 1);
    assert_int_equal(libusb_open(list[0], &handle), 0);
    libusb_free_device_list(list, 1);
    for (int i = 0; i < BENCH_DEPTH; i++)
        transfers[i] = libusb_alloc_transfer(0);
    return true;
}

static void close_bare(void)
{
    for (int i = 0; i < BENCH_DEPTH; i++)
        libusb_free_transfer(transfers[i]);
    libusb_close(handle);
    libusb_exit(context);
}

static void LIBUSB_CALL ended(struct libusb_transfer *transfer)
{
    (void)transfer;
    under_way--;
}

static void submit(struct libusb_transfer *transfer, uint8_t endpoint, uint32_t length)
{
    libusb_fill_bulk_transfer(transfer, handle, endpoint, bench_memory, (int)length, ended, NULL,
                              0);
    assert_int_equal(libusb_submit_transfer(transfer), 0);
    under_way++;
}

static void handle_all_events(void)
{
    struct timeval minute = { .tv_sec = 60 };

    while (under_way > 0)
        libusb_handle_events_timeout_completed(context, &minute, NULL);
}

static bool single_bare(uint8_t endpoint, uint32_t length)
{
    submit(transfers[0], endpoint, length);
    handle_all_events();
    return true;
}

static bool stream_bare(uint8_t endpoint, uint32_t length, unsigned pieces)
{
    for (unsigned i = 0; i < pieces; i++) {
        submit(transfers[i % BENCH_DEPTH], endpoint, length);
        if (i % BENCH_DEPTH == BENCH_DEPTH - 1)
            handle_all_events();
    }
    handle_all_events();
    return true;
}

static const struct bench_side bare = {
    .name = "none",
    .open = open_bare,
    .close = close_bare,
    .single = single_bare,
    .stream = stream_bare,
};

/* --- The transfers ------------------------------------------------------------------------ */

static bool transfer_some(unsigned transfers_to_do)
{
    if (in_stream)
        return side->stream(BULK_IN, LENGTH, transfers_to_do);
    for (unsigned i = 0; i < transfers_to_do; i++)
        if (!side->single(BULK_IN, LENGTH))
            return false;
    return true;
}

/* A request gives its memory back after it has told the program, which may have made the next. */
enum {
    FOR_A_REQUEST = 3,
    FOR_A_PIPE = 2, /* the queue, and the start of the thread */
    FOR_ALL = FOR_A_PIPE + FOR_A_REQUEST * (BENCH_DEPTH + 1),
};

static void memory_is_allocated_only_for_as_many_as_are_under_way(void **state)
{
    (void)state;
    assert_true(side->open(FAKE_BUS, FAKE_ADDRESS));
    failing_memory_at((in_stream ? FOR_ALL : FOR_A_REQUEST) + 1);

    assert_true(transfer_some(count));

    assert_false(failing_memory_has_failed());
    failing_memory_at(0);
    side->close();
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(memory_is_allocated_only_for_as_many_as_are_under_way,
                                        plug_in, fake_sys_tear_down),
    };

    if (argc != 4)
        return 2;
    side = strcmp(argv[1], "library") == 0 ? &bench_winusb : &bare;
    in_stream = strcmp(argv[2], "stream") == 0;
    count = (unsigned)atoi(argv[3]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
