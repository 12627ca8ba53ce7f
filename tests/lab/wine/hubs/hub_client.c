/*
 * A program that finds the lab's device by walking hubs, and uses it, through libusb.
 *
 *     hub_client [CASE]...     those whose names begin so; all without any
 *
 * Exit status 77: one had to be skipped.
 */
#include "hub_client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TRIES = 600 };

static int failures, skipped;

/* --- Expectations ---------------------------------------------------------------------------- */

bool expect(const char *what, long long got, long long wanted)
{
    if (got == wanted)
        return true;

    printf("  FAILED: %s is %lld, not %lld\n", what, got, wanted);
    failures++;
    return false;
}

bool expect_true(const char *what, bool met)
{
    if (met)
        return true;

    printf("  FAILED: %s\n", what);
    failures++;
    return false;
}

void skip(const char *why)
{
    printf("  skipped: %s\n", why);
    skipped++;
}

/* --- The device ------------------------------------------------------------------------------ */

static bool is_ours(libusb_device *device)
{
    struct libusb_device_descriptor descriptor;

    return libusb_get_device_descriptor(device, &descriptor) == 0 &&
           descriptor.idVendor == LABDEV_VENDOR &&
           descriptor.idProduct == LABDEV_PRODUCT_ID + LABDEV_STANDARD;
}

libusb_device *client_find(struct client *client)
{
    libusb_device **list, *found = NULL;
    const ssize_t count = libusb_get_device_list(client->context, &list);

    if (count < 0)
        return NULL;
    for (ssize_t i = 0; i < count && !found; i++)
        if (is_ours(list[i]))
            found = libusb_ref_device(list[i]);
    libusb_free_device_list(list, 1);
    return found;
}

/* Linux shows a device before it has interfaces. */
static int claim(struct client *client)
{
    struct timeval moment = { .tv_sec = 0, .tv_usec = 100000 };
    int result = libusb_claim_interface(client->handle, 0);

    for (int i = 0; i < TRIES && result == LIBUSB_ERROR_NOT_FOUND; i++) {
        libusb_handle_events_timeout_completed(client->context, &moment, NULL);
        result = libusb_claim_interface(client->handle, 0);
    }
    return result;
}

bool client_open(struct client *client)
{
    client->handle =
        libusb_open_device_with_vid_pid(client->context, LABDEV_VENDOR, LABDEV_PRODUCT_ID);
    if (!expect_true("the device opens by its numbers", client->handle))
        return false;

    if (expect("claiming interface 0", claim(client), 0) &&
        client_request(client, LABDEV_CLEAR, 0, NULL, 0))
        return true;
    client_close(client);
    return false;
}

void client_close(struct client *client)
{
    if (!client->handle)
        return;
    libusb_release_interface(client->handle, 0);
    libusb_close(client->handle);
    client->handle = NULL;
}

bool client_request(struct client *client,
                    unsigned request,
                    unsigned index,
                    void *data,
                    size_t size)
{
    return expect("bytes of a request",
                  libusb_control_transfer(client->handle, 0x40, (uint8_t)request, 0,
                                          (uint16_t)index, data, (uint16_t)size, PATIENCE),
                  (long long)size);
}

bool client_behave(struct client *client, unsigned endpoint, enum labdev_kind kind)
{
    struct labdev_behaviour behaviour = { .kind = kind };

    return client_request(client, LABDEV_PROGRAM, endpoint, &behaviour, sizeof(behaviour));
}

bool client_loops(struct client *client, unsigned number)
{
    unsigned char sent[1300], got[4096] = { 0 };
    int written = 0, read = 0;

    for (size_t i = 0; i < sizeof(sent); i++)
        sent[i] = (unsigned char)(i * 7);
    return expect("writing",
                  libusb_bulk_transfer(client->handle, (unsigned char)number, sent, sizeof(sent),
                                       &written, PATIENCE),
                  0) &&
           expect("bytes written", written, sizeof(sent)) &&
           expect("reading",
                  libusb_bulk_transfer(client->handle, (unsigned char)(0x80 | number), got,
                                       sizeof(got), &read, PATIENCE),
                  0) &&
           expect("bytes read", read, sizeof(sent)) &&
           expect_true("what was written comes back", memcmp(sent, got, sizeof(sent)) == 0);
}

bool is_pattern(const unsigned char *data, size_t size, size_t position)
{
    for (size_t i = 0; i < size; i++)
        if (data[i] != (position + i) % 251)
            return false;
    return true;
}

/* --- Cases ----------------------------------------------------------------------------------- */

static bool is_wanted(const char *name, char **beginnings)
{
    if (!*beginnings)
        return true;
    for (; *beginnings; beginnings++)
        if (strncmp(name, *beginnings, strlen(*beginnings)) == 0)
            return true;
    return false;
}

static int run(const struct client_case *cases, struct client *client, char **names)
{
    int count = 0;

    for (; cases->name; cases++) {
        if (!is_wanted(cases->name, names))
            continue;
        printf("# %s\n", cases->name);
        cases->run(client);
        client_close(client);
        count++;
    }
    return count;
}

int main(int argc, char **argv)
{
    const struct libusb_version *version = libusb_get_version();
    struct client client = { NULL, NULL };
    int count;

    (void)argc;
    setvbuf(stdout, NULL, _IONBF, 0);
    if (!expect("libusb's beginning", libusb_init(&client.context), 0))
        return EXIT_FAILURE;

    count = run(device_cases, &client, argv + 1) + run(transfer_cases, &client, argv + 1);
    libusb_exit(client.context);
    printf("libusb %u.%u.%u: %d cases, %d failures, %d skipped\n", version->major, version->minor,
           version->micro, count, failures, skipped);
    if (failures || !count)
        return EXIT_FAILURE;
    return skipped ? 77 : EXIT_SUCCESS;
}
