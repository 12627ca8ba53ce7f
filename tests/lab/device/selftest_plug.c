/*
 * Leaving and coming back, as the same device or as another one.
 */
#include "selftest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const int64_t plug_patience = 120000000000; /* [ns] */
static const int64_t poll_pause = 10000000;        /* [ns] */

/* Waits for the device to be there under another address, and opens it; no check goes on without.
 */
static void reopen(struct bench *bench)
{
    const struct lab_device before = bench->where;
    const int64_t start = lab_now();

    bench_close(bench);
    while (!bench_open(bench) || strcmp(bench->where.node, before.node) == 0) {
        bench_close(bench);
        if (lab_now() - start > plug_patience) {
            puts("the device did not come back");
            exit(1);
        }
        lab_sleep(poll_pause);
    }
}

static void replug(struct bench *bench, uint32_t personality, uint32_t variant)
{
    const struct labdev_replug next = { .personality = personality,
                                        .variant = variant,
                                        .absence = 250 };

    bench_expect(bench, "replugging", labdev_replug(&bench->script, &next), 1);
    reopen(bench);
}

static void disconnects_during_a_transfer_and_comes_back(struct bench *bench)
{
    unsigned char data[64];
    int actual;

    bench_program(bench, 0x81,
                  (struct labdev_behaviour){ .kind = LABDEV_SOURCE,
                                             .events = { { 1, LABDEV_DISCONNECT, 250 } } });

    bench_expect(bench, "read fails", bench_move(bench, 0x81, data, sizeof(data), &actual) < 0, 1);
    reopen(bench);
    bench_expect(bench, "unplugs",
                 (long long)labdev_log_count(&bench->script, LABDEV_LOG_UNPLUG, 0), 1);
    bench_expect(bench, "plugs", (long long)labdev_log_count(&bench->script, LABDEV_LOG_PLUG, 0),
                 1);
    bench_read_pattern(bench, 0x81, 64, 0);
}

static unsigned interface_count(struct bench *bench, unsigned index)
{
    struct libusb_config_descriptor *configuration;
    unsigned count;

    if (libusb_get_config_descriptor(libusb_get_device(bench->handle), (uint8_t)index,
                                     &configuration) != 0)
        return 0;
    count = configuration->bNumInterfaces;
    libusb_free_config_descriptor(configuration);
    return count;
}

static void comes_back_as_another_device(struct bench *bench)
{
    replug(bench, LABDEV_COMPOSITE, 0);
    bench_expect(bench, "interfaces of the composite device", interface_count(bench, 0), 4);

    replug(bench, LABDEV_CONFIGURATIONS, 0);
    bench_expect(bench, "interfaces of a configuration", interface_count(bench, 0), 4);
    bench_expect(bench, "interfaces of the other", interface_count(bench, 1), 1);

    replug(bench, LABDEV_STANDARD, 0);
    bench_expect(bench, "interfaces of the standard device", interface_count(bench, 0), 2);
    bench_read_pattern(bench, 0x81, 64, 0);
}

/* The kernel has to take it, and what is right of it has to work. */
static void broken_devices_enumerate(struct bench *bench)
{
    for (uint32_t fault = 0; fault < LABDEV_FAULT_COUNT; fault++) {
        replug(bench, LABDEV_BROKEN, fault);
        bench_read_pattern(bench, 0x81, 64, 0);
    }
    replug(bench, LABDEV_STANDARD, 0);
}

static void changes_its_speed(struct bench *bench)
{
    struct labdev_replug next = { .speed = LABDEV_FULL_SPEED, .absence = 250 };

    bench_expect(bench, "replugging", labdev_replug(&bench->script, &next), 1);
    reopen(bench);
    bench_expect(bench, "high speed", bench->high, 0);
    bench_read_pattern(bench, 0x81, 64, 0);

    next.speed = LABDEV_HIGH_SPEED;
    bench_expect(bench, "replugging", labdev_replug(&bench->script, &next), 1);
    reopen(bench);
    bench_expect(bench, "high speed", bench->high, 1);
}

const struct check plug_checks[] = {
    CHECK(disconnects_during_a_transfer_and_comes_back),
    CHECK(comes_back_as_another_device),
    CHECK(broken_devices_enumerate),
    { "changes_its_speed", changes_its_speed, "ehci uhci ohci", "the controller has one speed" },
    { NULL, NULL, NULL, NULL },
};
