/*
 * Transfers through the whole library, over a libusb that completes each at once: what is left is
 * our own work, for a profiler to count; see instructions.sh. It fails when a transfer does, or
 * when more memory is allocated than for as many transfers as are under way at a time.
 *
 *     instructions SIDE PATTERN COUNT
 *
 * SIDE is library, or none: the same calls of that libusb alone. PATTERN is one of patterns[].
 */
#include "cmocka_all.h"

#include <libusb.h>
#include <stdlib.h>
#include <string.h>

#include "bench/side.h"
#include "failing_memory.h"
#include "fake_sys.h"
#include "libusb_fake.h"

enum { BULK_IN = 0x81, BULK_OUT = 0x02, ISOCH_IN = 0x83, LENGTH = 512, SETUP_SIZE = 8 };

uint8_t bench_memory[BENCH_LONGEST];

/* Of the command line. */
static const struct bench_side *side;
static const struct pattern *pattern;
static unsigned count;

/* --- A device that has always sent already -------------------------------------------------- */

static bool send_at_once(struct libusb_transfer *transfer)
{
    const bool control = transfer->type == LIBUSB_TRANSFER_TYPE_CONTROL;

    transfer->status = LIBUSB_TRANSFER_COMPLETED;
    transfer->actual_length = transfer->length - (control ? SETUP_SIZE : 0);
    for (int i = 0; i < transfer->num_iso_packets; i++) {
        transfer->iso_packet_desc[i].status = LIBUSB_TRANSFER_COMPLETED;
        transfer->iso_packet_desc[i].actual_length = transfer->iso_packet_desc[i].length;
    }
    return true;
}

static int plug_in(void **state)
{
    static const unsigned char descriptors[] = {
        18, 1,  0,    2, 0, 0, 0, 64, 0x34, 0x12, 0x78, 0x56, 2, 1, 3, 4, 5, 1, /* device */
        9,  2,  65,   0, 2, 1, 0, 0,  50,                                       /* configuration */
        8,  11, 0,    2, 1, 2, 3, 0,     /* both interfaces are one function */
        9,  4,  0,    0, 2, 1, 2, 3,  0, /* interface 0 */
        7,  5,  0x81, 2, 0, 2, 0,        /* bulk IN */
        7,  5,  0x02, 2, 0, 2, 0,        /* bulk OUT */
        9,  4,  1,    0, 0, 1, 2, 3,  0, /* interface 1, setting 0 */
        9,  4,  1,    1, 1, 1, 2, 3,  0, /* interface 1, setting 1 */
        7,  5,  0x83, 1, 0, 4, 1,        /* isochronous IN */
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
        transfers[i] = libusb_alloc_transfer(BENCH_ISOCH_PACKETS);
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

static void submit(struct libusb_transfer *transfer)
{
    assert_int_equal(libusb_submit_transfer(transfer), 0);
    under_way++;
}

static void submit_bulk(struct libusb_transfer *transfer, uint8_t endpoint, uint32_t length)
{
    libusb_fill_bulk_transfer(transfer, handle, endpoint, bench_memory, (int)length, ended, NULL,
                              0);
    submit(transfer);
}

static void submit_isoch(struct libusb_transfer *transfer, uint8_t endpoint)
{
    libusb_fill_iso_transfer(transfer, handle, endpoint, bench_memory, BENCH_ISOCH_PIECE,
                             BENCH_ISOCH_PACKETS, ended, NULL, 0);
    libusb_set_iso_packet_lengths(transfer, BENCH_ISOCH_PACKET);
    submit(transfer);
}

static void handle_all_events(void)
{
    struct timeval minute = { .tv_sec = 60 };

    while (under_way > 0)
        libusb_handle_events_timeout_completed(context, &minute, NULL);
}

static bool control_bare(uint32_t length)
{
    libusb_fill_control_setup(bench_memory, LIBUSB_ENDPOINT_IN, LIBUSB_REQUEST_GET_DESCRIPTOR,
                              LIBUSB_DT_CONFIG << 8, 0, (uint16_t)length);
    libusb_fill_control_transfer(transfers[0], handle, bench_memory, ended, NULL,
                                 BENCH_CONTROL_TIMEOUT);
    submit(transfers[0]);
    handle_all_events();
    return true;
}

static bool single_bare(uint8_t endpoint, uint32_t length)
{
    submit_bulk(transfers[0], endpoint, length);
    handle_all_events();
    return true;
}

static bool stream_bare(uint8_t endpoint, uint32_t length, unsigned pieces)
{
    for (unsigned i = 0; i < pieces; i++) {
        submit_bulk(transfers[i % BENCH_DEPTH], endpoint, length);
        if (i % BENCH_DEPTH == BENCH_DEPTH - 1)
            handle_all_events();
    }
    handle_all_events();
    return true;
}

static bool isoch_bare(uint8_t endpoint, unsigned pieces)
{
    for (unsigned i = 0; i < pieces; i++) {
        submit_isoch(transfers[i % BENCH_ISOCH_DEPTH], endpoint);
        if (i % BENCH_ISOCH_DEPTH == BENCH_ISOCH_DEPTH - 1)
            handle_all_events();
    }
    handle_all_events();
    return true;
}

static const struct bench_side bare = {
    .name = "none",
    .open = open_bare,
    .close = close_bare,
    .control = control_bare,
    .single = single_bare,
    .stream = stream_bare,
    .isoch = isoch_bare,
};

/* --- The transfers ------------------------------------------------------------------------ */

static bool repeat(uint8_t endpoint, uint32_t length, unsigned times)
{
    for (unsigned i = 0; i < times; i++)
        if (!side->single(endpoint, length))
            return false;
    return true;
}

static bool read_packets(unsigned times)
{
    return repeat(BULK_IN, LENGTH, times);
}

/* Half a packet each: the first comes from the device, the second is what is left of that. */
static bool read_parts(unsigned times)
{
    return repeat(BULK_IN, LENGTH / 2, times);
}

static bool write_packets(unsigned times)
{
    return repeat(BULK_OUT, LENGTH, times);
}

static bool control(unsigned times)
{
    for (unsigned i = 0; i < times; i++)
        if (!side->control(64))
            return false;
    return true;
}

static bool stream(unsigned times)
{
    return side->stream(BULK_IN, LENGTH, times);
}

static bool isoch(unsigned times)
{
    return side->isoch(ISOCH_IN, times);
}

/* A request gives its memory back after it has told the program, which may have made the next. */
enum {
    FOR_A_REQUEST = 3,
    FOR_A_BOUNCE = 1, /* memory that is transferred to or from instead of the program's */
    FOR_THE_REST = 1, /* of a packet that was read in part */
    FOR_THE_PUMP = 2, /* the queue, and the start of the thread */
    FOR_A_BUFFER = 2, /* an isochronous one, and its interface */
    FOR_A_STREAM = FOR_THE_PUMP + FOR_A_REQUEST * (BENCH_DEPTH + 1),
    FOR_ISOCH = FOR_A_BUFFER + FOR_THE_PUMP + FOR_A_REQUEST * (BENCH_ISOCH_DEPTH + 1),
};

static const struct pattern {
    const char *name;
    bool (*transfer)(unsigned times);
    int allocations; /* that it may take, however often */
} patterns[] = {
    { "single", read_packets, FOR_A_REQUEST },
    { "part", read_parts, FOR_A_REQUEST + FOR_A_BOUNCE + FOR_THE_REST },
    { "write", write_packets, FOR_A_REQUEST },
    { "control", control, FOR_A_REQUEST + FOR_A_BOUNCE },
    { "stream", stream, FOR_A_STREAM },
    { "isoch", isoch, FOR_ISOCH },
};

static void memory_is_allocated_only_for_as_many_as_are_under_way(void **state)
{
    (void)state;
    assert_true(side->open(FAKE_BUS, FAKE_ADDRESS));
    failing_memory_at(pattern->allocations + 1);

    assert_true(pattern->transfer(count));

    assert_false(failing_memory_has_failed());
    failing_memory_at(0);
    side->close();
}

static const struct pattern *pattern_of(const char *name)
{
    for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
        if (strcmp(patterns[i].name, name) == 0)
            return &patterns[i];
    return NULL;
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
    pattern = pattern_of(argv[2]);
    count = (unsigned)atoi(argv[3]);
    if (!pattern)
        return 2;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
