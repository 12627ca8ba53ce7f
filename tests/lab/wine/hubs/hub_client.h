/*
 * A program over libusb, which finds devices by walking hubs where it is libusb for Windows: what
 * its files share. It knows nothing but libusb, so that the same source shows on Linux what should
 * be.
 */
#ifndef LAB_HUB_CLIENT_H
#define LAB_HUB_CLIENT_H

#include <libusb.h>
#include <stdbool.h>
#include <stddef.h>

#include "lab/device/protocol.h"

enum {
    SOURCE = 0x81,    /* gives the pattern */
    LOOP_OUT = 0x02,  /* gives... */
    LOOP_IN = 0x82,   /* ...back */
    PATIENCE = 60000, /* [ms] for what does come, however busy the machine */
    SHORTLY = 300,    /* [ms] in vain */
};

struct client {
    libusb_context *context;
    libusb_device_handle *handle; /* with interface 0 claimed */
};

struct client_case {
    const char *name;
    void (*run)(struct client *client);
};

/* Each ends with a case without a name. */
extern const struct client_case device_cases[];
extern const struct client_case transfer_cases[];

/** Expects a number, and gives whether it was; what failed is printed and counted. */
bool expect(const char *what, long long got, long long wanted);

/** Expects it to be true. */
bool expect_true(const char *what, bool met);

/** Says that a case cannot be tried here, and why. */
void skip(const char *why);

/** Opens the lab's device and claims its interface 0. @return false: expectations failed */
bool client_open(struct client *client);
void client_close(struct client *client);

/** Gives the lab's device, which the caller gives back by libusb_unref_device(); NULL: not there.
 */
libusb_device *client_find(struct client *client);

/** Sends a vendor request to the device. */
bool client_request(struct client *client,
                    unsigned request,
                    unsigned index,
                    void *data,
                    size_t size);

/** Has an endpoint do the same to each transfer, LABDEV_NAK for instance. */
bool client_behave(struct client *client, unsigned endpoint, enum labdev_kind kind);

/** Writes something into a loopback and reads it back. */
bool client_loops(struct client *client, unsigned number);

/** Tells whether data is the pattern, from a position on. */
bool is_pattern(const unsigned char *data, size_t size, size_t position);

#endif
