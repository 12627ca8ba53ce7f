/*
 * The lab's device proves itself to a bare libusb: what it is programmed to do is what the host
 * sees, and what the host did is in its log.
 *
 *     selftest CONTROLLER     the controller's kind, for what QEMU's models of it cannot do
 */
#include "selftest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const int64_t poll_pause = 5000000; /* [ns] */

/* --- The device ------------------------------------------------------------------------------ */

bool bench_open(struct bench *bench)
{
    if (!lab_present(LABDEV_PRODUCT) || !lab_find(LABDEV_PRODUCT, &bench->where) ||
        !labdev_open(&bench->script, bench->where.node))
        return false;
    if (libusb_init(&bench->context) != 0)
        return false;
    for (unsigned i = 0; i <= LABDEV_BROKEN && !bench->handle; i++)
        bench->handle = libusb_open_device_with_vid_pid(bench->context, LABDEV_VENDOR,
                                                        (uint16_t)(LABDEV_PRODUCT_ID + i));
    if (!bench->handle || libusb_claim_interface(bench->handle, 0) != 0) {
        bench_close(bench);
        return false;
    }
    bench->high = libusb_get_device_speed(libusb_get_device(bench->handle)) == LIBUSB_SPEED_HIGH;
    return true;
}

void bench_close(struct bench *bench)
{
    if (bench->handle)
        libusb_close(bench->handle);
    if (bench->context)
        libusb_exit(bench->context);
    labdev_close(&bench->script);
    bench->handle = NULL;
    bench->context = NULL;
}

/* --- Expectations ---------------------------------------------------------------------------- */

bool bench_expect(struct bench *bench, const char *what, long long got, long long expected)
{
    if (got == expected)
        return true;
    printf("  %s: %lld instead of %lld\n", what, got, expected);
    bench->failed = true;
    return false;
}

void bench_program(struct bench *bench, unsigned endpoint, struct labdev_behaviour behaviour)
{
    bench_expect(bench, "programming",
                 labdev_program(&bench->script, (uint8_t)endpoint, &behaviour), 1);
}

struct labdev_status bench_status_of(struct bench *bench, unsigned endpoint)
{
    struct labdev_status status = { 0 };

    bench_expect(bench, "status", labdev_status(&bench->script, (uint8_t)endpoint, &status), 1);
    return status;
}

/* @return libusb's error or the bytes moved */
int bench_move(struct bench *bench, unsigned endpoint, void *data, int size, int *actual_out)
{
    const unsigned char address = (unsigned char)endpoint;

    *actual_out = -1;
    return (endpoint & 0x7F) == 3
               ? libusb_interrupt_transfer(bench->handle, address, data, size, actual_out, PATIENCE)
               : libusb_bulk_transfer(bench->handle, address, data, size, actual_out, PATIENCE);
}

void bench_read_pattern(struct bench *bench, unsigned endpoint, int size, uint64_t position)
{
    unsigned char *data = calloc(1, (size_t)size);
    int actual;

    bench_expect(bench, "read", bench_move(bench, endpoint, data, size, &actual), 0);
    bench_expect(bench, "bytes read", actual, size);
    bench_expect(bench, "bytes that agree",
                 (long long)labdev_mismatch(data, (size_t)size, position), size);
    free(data);
}

void bench_read_short(struct bench *bench, unsigned endpoint, int room, int error, int size)
{
    unsigned char *data = calloc(1, (size_t)room);
    int actual;

    bench_expect(bench, "read", bench_move(bench, endpoint, data, room, &actual), error);
    bench_expect(bench, "bytes read", actual, size);
    free(data);
}

void bench_write_pattern(struct bench *bench, unsigned endpoint, int size, uint64_t position)
{
    unsigned char *data = malloc((size_t)size);
    int actual;

    labdev_fill(data, (size_t)size, position);
    bench_expect(bench, "write", bench_move(bench, endpoint, data, size, &actual), 0);
    bench_expect(bench, "bytes written", actual, size);
    free(data);
}

void bench_await_cancels(struct bench *bench, unsigned endpoint, unsigned count)
{
    const int64_t start = lab_now();

    while (bench_status_of(bench, endpoint).cancels < count &&
           lab_now() - start < PATIENCE * INT64_C(1000000))
        lab_sleep(poll_pause);
    bench_expect(bench, "cancels", bench_status_of(bench, endpoint).cancels, count);
}

void bench_await_bytes(struct bench *bench, unsigned endpoint, unsigned count)
{
    const int64_t start = lab_now();

    while (bench_status_of(bench, endpoint).bytes < count &&
           lab_now() - start < PATIENCE * INT64_C(1000000))
        lab_sleep(poll_pause);
    bench_expect(bench, "bytes", (long long)bench_status_of(bench, endpoint).bytes, count);
}

/* --- Running --------------------------------------------------------------------------------- */

static void run(struct bench *bench, const struct check *check, unsigned *failed)
{
    if (strstr(check->not_on, bench->controller)) {
        printf("%s: skipped: %s\n", check->name, check->reason);
        return;
    }
    bench->failed = false;
    labdev_clear(&bench->script);
    check->run(bench);
    printf("%s: %s\n", check->name, bench->failed ? "FAILED" : "passed");
    *failed += bench->failed;
}

int main(int count, char **words)
{
    static const struct check *const all[] = { control_checks, bulk_checks, periodic_checks,
                                               plug_checks };
    struct bench bench = { .controller = count > 1 ? words[1] : "any", .script = { -1 } };
    unsigned checks = 0, failed = 0;

    setvbuf(stdout, NULL, _IOLBF, 0);
    if (!bench_open(&bench)) {
        puts("no device of the lab's");
        return 1;
    }
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        for (const struct check *check = all[i]; check->name; check++, checks++)
            run(&bench, check, &failed);
    }
    bench_close(&bench);
    printf("selftest: %u checks on %s, %u failed\n", checks, bench.controller, failed);
    return failed > 0;
}
