/*
 * Requests on endpoint 0.
 */
#include "selftest.h"

#include <string.h>

static void control_echoes(struct bench *bench)
{
    static const int sizes[] = { 1, 8, 64, 100, 512, 4096 };
    unsigned char data[4096], back[4096];

    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        const uint16_t size = (uint16_t)sizes[i];

        labdev_fill(data, size, i);
        bench_expect(bench, "echo OUT",
                     libusb_control_transfer(bench->handle, TO_DEVICE, LABDEV_ECHO, 0x1234, 0x5678,
                                             data, size, PATIENCE),
                     size);
        bench_expect(bench, "echo IN",
                     libusb_control_transfer(bench->handle, FROM_DEVICE, LABDEV_ECHO, 0, 0, back,
                                             sizeof(back), PATIENCE),
                     size);
        bench_expect(bench, "echo", memcmp(data, back, size), 0);
    }
}

static void setup_packets_are_logged(struct bench *bench)
{
    static const uint8_t expected[8] = { 0x40, LABDEV_ECHO, 0x34, 0x12, 0x78, 0x56, 5, 0 };
    unsigned char data[] = "echo";
    struct labdev_log_entry entry = { 0 };

    libusb_control_transfer(bench->handle, TO_DEVICE, LABDEV_ECHO, 0x1234, 0x5678, data,
                            sizeof(data), PATIENCE);

    bench_expect(bench, "request found",
                 labdev_log_request(&bench->script, TO_DEVICE, LABDEV_ECHO, &entry), 1);
    bench_expect(bench, "its setup packet", memcmp(entry.setup, expected, sizeof(expected)), 0);
    bench_expect(bench, "size of its data", entry.data_size, sizeof(data));
    bench_expect(bench, "its data", memcmp(entry.data, data, sizeof(data)), 0);
}

static void control_stalls(struct bench *bench)
{
    unsigned char data[8];

    bench_expect(bench, "request",
                 libusb_control_transfer(bench->handle, FROM_DEVICE, LABDEV_REQUEST_STALL, 0, 0,
                                         data, sizeof(data), PATIENCE),
                 LIBUSB_ERROR_PIPE);
    control_echoes(bench);
}

static void control_is_held_until_cancelled(struct bench *bench)
{
    unsigned char data[8];

    bench_expect(bench, "request",
                 libusb_control_transfer(bench->handle, FROM_DEVICE, LABDEV_REQUEST_NAK, 0, 0, data,
                                         sizeof(data), SHORTLY),
                 LIBUSB_ERROR_TIMEOUT);
    bench_expect(bench, "cancels",
                 (long long)labdev_log_count(&bench->script, LABDEV_LOG_CANCEL, 0), 1);
    control_echoes(bench);
}

static void control_is_delayed(struct bench *bench)
{
    const int64_t start = lab_now();
    unsigned char data[8];

    control_echoes(bench);
    bench_expect(bench, "request",
                 libusb_control_transfer(bench->handle, FROM_DEVICE, LABDEV_REQUEST_DELAY, 100, 0,
                                         data, sizeof(data), PATIENCE),
                 sizeof(data));
    bench_expect(bench, "delayed by 100 ms", lab_now() - start >= 100000000, 1);
}

const struct check control_checks[] = {
    CHECK(control_echoes),     CHECK(setup_packets_are_logged),
    CHECK(control_stalls),     CHECK(control_is_held_until_cancelled),
    CHECK(control_is_delayed), { NULL, NULL, NULL, NULL },
};
