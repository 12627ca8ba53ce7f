/*
 * Bulk endpoints.
 */
#include "selftest.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void source_counts(struct bench *bench)
{
    bench_read_pattern(bench, 0x81, 512, 0);
    bench_read_pattern(bench, 0x81, 65536, 512);
    bench_program(bench, 0x81, (struct labdev_behaviour){ .kind = LABDEV_SOURCE, .start = 7 });
    bench_read_pattern(bench, 0x81, 100, 7);
}

static void sink_checks(struct bench *bench)
{
    struct labdev_status status;

    bench_write_pattern(bench, 0x01, 65536, 0);
    status = bench_status_of(bench, 0x01);
    bench_expect(bench, "bytes", (long long)status.bytes, 65536);
    bench_expect(bench, "wrong bytes", (long long)status.wrong, 0);

    bench_write_pattern(bench, 0x01, 100, 65537);
    status = bench_status_of(bench, 0x01);
    bench_expect(bench, "wrong bytes", (long long)status.wrong, 100);
    bench_expect(bench, "first wrong byte", (long long)status.first_wrong, 65536);
}

static void loopback_gives_back(struct bench *bench)
{
    static const int sizes[] = { 1, 63, 64, 512, 1000, 4096, 65536 };

    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        bench_write_pattern(bench, 0x02, sizes[i], i);
        bench_read_pattern(bench, 0x82, sizes[i], i);
    }
}

/* QEMU's UHCI says nothing of the size, which the kernel takes for one byte. */
static int stalled_size(const struct bench *bench)
{
    return strcmp(bench->controller, "uhci") == 0 ? 1 : 0;
}

static void stall_halts_until_cleared(struct bench *bench)
{
    bench_program(
        bench, 0x81,
        (struct labdev_behaviour){ .kind = LABDEV_SOURCE, .events = { { 2, LABDEV_STALL, 0 } } });

    bench_read_pattern(bench, 0x81, 64, 0);
    bench_read_short(bench, 0x81, 64, LIBUSB_ERROR_PIPE, stalled_size(bench));
    bench_read_short(bench, 0x81, 64, LIBUSB_ERROR_PIPE, stalled_size(bench));
    bench_expect(bench, "halted", bench_status_of(bench, 0x81).halted, 1);
    bench_expect(bench, "clearing", libusb_clear_halt(bench->handle, 0x81), 0);
    bench_expect(bench, "clears", bench_status_of(bench, 0x81).clears, 1);
    bench_read_pattern(bench, 0x81, 64, 64);
}

static void out_stalls_too(struct bench *bench)
{
    unsigned char data[64] = { 0 };
    int actual;

    bench_program(
        bench, 0x01,
        (struct labdev_behaviour){ .kind = LABDEV_SINK, .events = { { 1, LABDEV_STALL, 0 } } });

    bench_expect(bench, "write", bench_move(bench, 0x01, data, sizeof(data), &actual),
                 LIBUSB_ERROR_PIPE);
    bench_expect(bench, "clearing", libusb_clear_halt(bench->handle, 0x01), 0);
    bench_write_pattern(bench, 0x01, 64, 0);
}

static void short_and_empty_packets_end_transfers(struct bench *bench)
{
    bench_program(
        bench, 0x81,
        (struct labdev_behaviour){ .kind = LABDEV_SOURCE,
                                   .events = { { 1, LABDEV_SHORT, 10 }, { 2, LABDEV_SHORT, 0 } } });

    bench_read_short(bench, 0x81, 64, 0, 10);
    bench_read_short(bench, 0x81, 64, 0, 0);
    bench_read_pattern(bench, 0x81, 64, 10);
}

static void messages_come_one_by_one(struct bench *bench)
{
    const int packet = bench->high ? 512 : 64;

    bench_program(bench, 0x81,
                  (struct labdev_behaviour){ .kind = LABDEV_MESSAGES,
                                             .zero_packets = 1,
                                             .message_count = 4,
                                             .messages = { 10, 0, (uint32_t)packet, 3000 } });

    bench_read_short(bench, 0x81, 4096, 0, 10);
    bench_read_short(bench, 0x81, 4096, 0, 0);
    bench_read_short(bench, 0x81, 4096, 0, packet);
    bench_read_short(bench, 0x81, 4096, 0, 3000);
}

static void message_larger_than_the_buffer_babbles(struct bench *bench)
{
    bench_program(bench, 0x81,
                  (struct labdev_behaviour){
                      .kind = LABDEV_MESSAGES, .message_count = 1, .messages = { 60 } });

    unsigned char data[10];
    int actual;

    bench_expect(bench, "read", bench_move(bench, 0x81, data, sizeof(data), &actual),
                 LIBUSB_ERROR_OVERFLOW);
}

static void unanswered_transfer_is_cancelled(struct bench *bench)
{
    unsigned char data[64];
    int actual;

    bench_program(
        bench, 0x81,
        (struct labdev_behaviour){ .kind = LABDEV_SOURCE, .events = { { 1, LABDEV_HOLD, 0 } } });

    bench_expect(bench, "read",
                 libusb_bulk_transfer(bench->handle, 0x81, data, sizeof(data), &actual, SHORTLY),
                 LIBUSB_ERROR_TIMEOUT);
    bench_await_cancels(bench, 0x81, 1);
    bench_expect(bench, "held", bench_status_of(bench, 0x81).held, 0);
    bench_read_pattern(bench, 0x81, 64, 0);
}

static void cancelled_transfer_keeps_what_it_had(struct bench *bench)
{
    const int packet = bench->high ? 512 : 64;
    unsigned char data[1024];
    int actual;

    bench_program(bench, 0x81,
                  (struct labdev_behaviour){ .kind = LABDEV_MESSAGES,
                                             .message_count = 1,
                                             .messages = { (uint32_t)packet } });

    bench_expect(bench, "read",
                 libusb_bulk_transfer(bench->handle, 0x81, data, sizeof(data), &actual, SHORTLY),
                 LIBUSB_ERROR_TIMEOUT);
    bench_expect(bench, "bytes read", actual, packet);
    bench_expect(bench, "bytes that agree", (long long)labdev_mismatch(data, (size_t)packet, 0),
                 packet);
}

static void babble_is_an_overflow(struct bench *bench)
{
    unsigned char data[64];
    int actual;

    bench_program(
        bench, 0x81,
        (struct labdev_behaviour){ .kind = LABDEV_SOURCE, .events = { { 1, LABDEV_BABBLE, 0 } } });

    bench_expect(bench, "read", bench_move(bench, 0x81, data, sizeof(data), &actual),
                 LIBUSB_ERROR_OVERFLOW);
    libusb_clear_halt(bench->handle, 0x81);
    bench_read_short(bench, 0x81, 64, 0, 64);
}

/* Each time: the kernel's xHCI driver tries a few times more. */
static void failure_is_an_io_error(struct bench *bench)
{
    unsigned char data[64];
    int actual;

    bench_program(bench, 0x81,
                  (struct labdev_behaviour){ .kind = LABDEV_SOURCE,
                                             .events = { { LABDEV_EVERY, LABDEV_FAIL, EPROTO } } });

    bench_expect(bench, "read fails", bench_move(bench, 0x81, data, sizeof(data), &actual) < 0, 1);
    libusb_clear_halt(bench->handle, 0x81);
    bench_program(bench, 0x81, (struct labdev_behaviour){ .kind = LABDEV_SOURCE });
    bench_read_pattern(bench, 0x81, 64, 0);
}

const struct check bulk_checks[] = {
    CHECK(source_counts),
    CHECK(sink_checks),
    CHECK(loopback_gives_back),
    CHECK(stall_halts_until_cleared),
    CHECK(out_stalls_too),
    CHECK(short_and_empty_packets_end_transfers),
    CHECK(messages_come_one_by_one),
    CHECK(message_larger_than_the_buffer_babbles),
    CHECK(unanswered_transfer_is_cancelled),
    { "cancelled_transfer_keeps_what_it_had", cancelled_transfer_keeps_what_it_had,
      "xhci ehci uhci ohci", "QEMU cannot give back a part" },
    CHECK(babble_is_an_overflow),
    CHECK(failure_is_an_io_error),
    { NULL, NULL, NULL, NULL },
};
