/*
 * What the checks of selftest share: one host with a bare libusb, one device, and expectations.
 */
#ifndef LABDEV_SELFTEST_H
#define LABDEV_SELFTEST_H

#include <libusb.h>

#include "lab/lab.h"
#include "script.h"

enum { PATIENCE = 60000, SHORTLY = 200 /* [ms] in vain */ };
enum { TO_DEVICE = 0x40, FROM_DEVICE = 0xC0 };

struct bench {
    const char *controller;
    struct labdev script;
    struct lab_device where;
    libusb_context *context;
    libusb_device_handle *handle;
    bool high; /* speed */
    bool failed;
};

struct check {
    const char *name;
    void (*run)(struct bench *bench);
    const char *not_on; /* controllers, and then why */
    const char *reason;
};

#define CHECK(name)         \
    {                       \
#name, name, "", "" \
    }

/* Each ends with a check without a name. */
extern const struct check control_checks[];
extern const struct check bulk_checks[];
extern const struct check periodic_checks[];
extern const struct check plug_checks[];

/** Complains and marks the check as failed unless the two are equal. */
bool bench_expect(struct bench *bench, const char *what, long long got, long long expected);

/** Opens the device and its interface 0, when it is there. Says nothing. */
bool bench_open(struct bench *bench);
void bench_close(struct bench *bench);

/** Programs an endpoint. */
void bench_program(struct bench *bench, unsigned endpoint, struct labdev_behaviour behaviour);

/** Asks what an endpoint has done. */
struct labdev_status bench_status_of(struct bench *bench, unsigned endpoint);

/** Waits until the device has seen so many cancels; on UHCI it takes some 32 ms. */
void bench_await_cancels(struct bench *bench, unsigned endpoint, unsigned count);

/** Waits until the device has been sent so many bytes; QEMU says that they are before they are. */
void bench_await_bytes(struct bench *bench, unsigned endpoint, unsigned count);

/** A bulk transfer, or on endpoint 3 an interrupt transfer. @return libusb's error */
int bench_move(struct bench *bench, unsigned endpoint, void *data, int size, int *actual_out);

/** Expects @p size bytes of the pattern from @p position on. */
void bench_read_pattern(struct bench *bench, unsigned endpoint, int size, uint64_t position);

/** Expects an end after @p size bytes of @p room, with libusb's @p error or 0. */
void bench_read_short(struct bench *bench, unsigned endpoint, int room, int error, int size);

/** Sends @p size bytes of the pattern from @p position on. */
void bench_write_pattern(struct bench *bench, unsigned endpoint, int size, uint64_t position);

#endif
