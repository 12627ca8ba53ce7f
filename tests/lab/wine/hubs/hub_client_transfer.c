/*
 * Transfers: there and back, in vain, many at a time, given up, isochronous.
 */
#include "hub_client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    /* Reads under way at a time: more than a wait takes handles. QEMU's xHCI begins 256 transfers
     * at a ring of the bell, and forgets the others when it has had the data for all of them at
     * hand. */
    MANY = 250,
    READ_SIZE = 512, /* [bytes] */
    FEW = 8,
    STREAMS = 8,  /* isochronous transfers under way at a time */
    ROUNDS = 4,   /* how often each is begun */
    PACKETS = 64, /* of each: 8 ms */
};

/* --- Requests and simple transfers ----------------------------------------------------------- */

static void control(struct client *client)
{
    unsigned char sent[200], got[200] = { 0 };

    if (!client_open(client))
        return;
    for (size_t i = 0; i < sizeof(sent); i++)
        sent[i] = (unsigned char)(i + 3);
    client_request(client, LABDEV_ECHO, 0, sent, sizeof(sent));
    expect("bytes that come back",
           libusb_control_transfer(client->handle, 0xC0, LABDEV_ECHO, 0, 0, got, sizeof(got),
                                   PATIENCE),
           sizeof(got));
    expect_true("what was sent comes back", memcmp(sent, got, sizeof(sent)) == 0);
    expect("a request that the device refuses",
           libusb_control_transfer(client->handle, 0x40, LABDEV_REQUEST_STALL, 0, 0, NULL, 0,
                                   PATIENCE),
           LIBUSB_ERROR_PIPE);
}

static void loopback(struct client *client)
{
    if (!client_open(client))
        return;
    for (int i = 0; i < 10; i++)
        client_loops(client, 2);
}

static void timeout(struct client *client)
{
    unsigned char data[READ_SIZE];
    int actual = 0;

    if (!client_open(client) || !client_behave(client, SOURCE, LABDEV_NAK))
        return;
    expect("a read of nothing",
           libusb_bulk_transfer(client->handle, SOURCE, data, sizeof(data), &actual, SHORTLY),
           LIBUSB_ERROR_TIMEOUT);
    expect("its bytes", actual, 0);
    client_loops(client, 2);
}

static void stall(struct client *client)
{
    struct labdev_behaviour behaviour = { .kind = LABDEV_SOURCE,
                                          .events = { { 1, LABDEV_STALL, 0 } } };
    unsigned char data[READ_SIZE];
    int actual = 0;

    if (!client_open(client) ||
        !client_request(client, LABDEV_PROGRAM, SOURCE, &behaviour, sizeof(behaviour)))
        return;
    expect("a read of a pipe that stalls",
           libusb_bulk_transfer(client->handle, SOURCE, data, sizeof(data), &actual, PATIENCE),
           LIBUSB_ERROR_PIPE);
    expect("clearing the halt", libusb_clear_halt(client->handle, SOURCE), 0);
    expect("the read after it",
           libusb_bulk_transfer(client->handle, SOURCE, data, sizeof(data), &actual, PATIENCE), 0);
    expect_true("its data", is_pattern(data, sizeof(data), 0));
}

/* --- Many --------------------------------------------------------------------------------------
 */

struct reads {
    struct libusb_transfer *transfers[MANY];
    unsigned char data[MANY][READ_SIZE];
    int count, ended;
};

static void LIBUSB_CALL on_end(struct libusb_transfer *transfer)
{
    ++*(int *)transfer->user_data;
}

static bool begin(struct client *client, struct reads *reads, int count)
{
    reads->ended = 0;
    for (reads->count = 0; reads->count < count; reads->count++) {
        struct libusb_transfer *transfer = libusb_alloc_transfer(0);

        if (!expect_true("a transfer is made", transfer != NULL))
            return false;
        reads->transfers[reads->count] = transfer;
        libusb_fill_bulk_transfer(transfer, client->handle, SOURCE, reads->data[reads->count],
                                  READ_SIZE, on_end, &reads->ended, PATIENCE);
        if (!expect("submission", libusb_submit_transfer(transfer), 0)) {
            libusb_free_transfer(transfer);
            return false;
        }
    }
    return true;
}

static void await(struct client *client, const int *ended, int count)
{
    while (*ended < count && libusb_handle_events(client->context) == 0)
        continue;
    expect("transfers that ended", *ended, count);
}

static void finish(struct reads *reads)
{
    while (reads->count > 0)
        libusb_free_transfer(reads->transfers[--reads->count]);
}

static void expect_data(struct reads *reads, int number, size_t position)
{
    expect("status", reads->transfers[number]->status, LIBUSB_TRANSFER_COMPLETED);
    expect("bytes", reads->transfers[number]->actual_length, READ_SIZE);
    expect_true("data in their order", is_pattern(reads->data[number], READ_SIZE, position));
}

static void queued(struct client *client)
{
    static struct reads reads;

    if (!client_open(client) || !client_behave(client, SOURCE, LABDEV_SOURCE))
        return;
    begin(client, &reads, MANY);
    await(client, &reads.ended, reads.count);
    for (int i = 0; i < reads.count; i++)
        expect_data(&reads, i, (size_t)i * READ_SIZE);
    finish(&reads);
}

/* One of several is given up, which the others do not feel. */
static void cancel_one(struct client *client)
{
    static struct reads reads;
    int before = 0;

    if (!client_open(client) || !client_behave(client, SOURCE, LABDEV_NAK))
        return;
    begin(client, &reads, FEW);
    expect("giving one up", libusb_cancel_transfer(reads.transfers[3]), 0);
    await(client, &reads.ended, 1);
    expect("its status", reads.transfers[3]->status, LIBUSB_TRANSFER_CANCELLED);
    client_behave(client, SOURCE, LABDEV_SOURCE);
    await(client, &reads.ended, reads.count);
    for (int i = 0; i < reads.count; i++)
        if (i != 3)
            expect_data(&reads, i, (size_t)before++ * READ_SIZE);
    finish(&reads);
}

static void cancel_all(struct client *client)
{
    static struct reads reads;

    if (!client_open(client) || !client_behave(client, SOURCE, LABDEV_NAK))
        return;
    begin(client, &reads, FEW);
    for (int i = 0; i < reads.count; i++)
        expect("giving up", libusb_cancel_transfer(reads.transfers[i]), 0);
    await(client, &reads.ended, reads.count);
    for (int i = 0; i < reads.count; i++)
        expect("status", reads.transfers[i]->status, LIBUSB_TRANSFER_CANCELLED);
    expect("giving up what has ended", libusb_cancel_transfer(reads.transfers[0]),
           LIBUSB_ERROR_NOT_FOUND);
    finish(&reads);
    client_behave(client, SOURCE, LABDEV_SOURCE);
    client_loops(client, 2);
}

/* --- Isochronous -------------------------------------------------------------------------------
 */

struct stream {
    int ended, running, wrong, empty;
    long long bytes;
};

/* Which bytes get lost is QEMU's; within a packet none do. */
static bool counts_on(const unsigned char *data, size_t size)
{
    return size == 0 || is_pattern(data, size, data[0]);
}

static void LIBUSB_CALL on_packets(struct libusb_transfer *transfer)
{
    struct stream *stream = transfer->user_data;

    stream->ended++;
    if (transfer->status != LIBUSB_TRANSFER_COMPLETED)
        stream->wrong++;
    for (int i = 0; i < transfer->num_iso_packets; i++) {
        const struct libusb_iso_packet_descriptor *packet = &transfer->iso_packet_desc[i];

        stream->bytes += packet->actual_length;
        stream->empty += packet->actual_length == 0;
        if (!counts_on(libusb_get_iso_packet_buffer_simple(transfer, (unsigned)i),
                       packet->actual_length))
            stream->wrong++;
    }
    if (stream->ended + stream->running - 1 < STREAMS * ROUNDS &&
        libusb_submit_transfer(transfer) == 0)
        return;
    stream->running--;
}

static void
stream_begin(struct client *client, struct stream *stream, struct libusb_transfer **out, int size)
{
    struct libusb_transfer *transfer = libusb_alloc_transfer(PACKETS);
    unsigned char *data = calloc(PACKETS, (size_t)size);

    *out = transfer;
    if (!expect_true("a transfer is made", transfer && data)) {
        free(data);
        return;
    }
    libusb_fill_iso_transfer(transfer, client->handle, 0x84, data, PACKETS * size, PACKETS,
                             on_packets, stream, PATIENCE);
    transfer->flags = LIBUSB_TRANSFER_FREE_BUFFER;
    libusb_set_iso_packet_lengths(transfer, (unsigned)size);
    if (expect("submission", libusb_submit_transfer(transfer), 0))
        stream->running++;
}

static void isochronous(struct client *client)
{
    struct stream stream = { 0 };
    struct libusb_transfer *transfers[STREAMS];
    int size;

    if (!client_open(client) ||
        !expect("claiming interface 1", libusb_claim_interface(client->handle, 1), 0) ||
        !expect("setting 1", libusb_set_interface_alt_setting(client->handle, 1, 1), 0))
        return;

    size = libusb_get_max_iso_packet_size(libusb_get_device(client->handle), 0x84);
    expect_true("the size of packets", size == 1024 || size == 256);
    for (int i = 0; i < STREAMS; i++)
        stream_begin(client, &stream, &transfers[i], size);
    while (stream.running > 0 && libusb_handle_events(client->context) == 0)
        continue;
    expect("transfers", stream.ended, STREAMS * ROUNDS);
    expect("packets or transfers that are wrong", stream.wrong, 0);
    expect_true("there is data", stream.bytes > 0);
    printf("  %lld bytes in %d packets, %d more were empty\n", stream.bytes,
           STREAMS * ROUNDS * PACKETS - stream.empty, stream.empty);
    for (int i = 0; i < STREAMS; i++)
        libusb_free_transfer(transfers[i]);
    expect("setting 0", libusb_set_interface_alt_setting(client->handle, 1, 0), 0);
}

const struct client_case transfer_cases[] = {
    { "control", control },       { "loopback", loopback },       { "timeout", timeout },
    { "stall", stall },           { "queued", queued },           { "cancel_one", cancel_one },
    { "cancel_all", cancel_all }, { "isochronous", isochronous }, { NULL, NULL },
};
