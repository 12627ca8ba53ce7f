/*
 * The USB/IP transport, into the vhci_hcd of the kernel it runs on: one end of a socket pair is
 * given to the kernel, which sends each URB as it is. There is no schedule; what the bus would
 * pace, isochronous and interrupt transfers, is paced here.
 *
 * Numbers are big-endian. Isochronous IN data comes without the gaps between the packets.
 */
#include "model.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char attach_path[] = "/sys/devices/platform/vhci_hcd.0/attach";

enum { CMD_SUBMIT = 1, CMD_UNLINK = 2, RET_SUBMIT = 3, RET_UNLINK = 4 };
enum { EARLY = 64 };
enum { FLAG_ZERO_PACKET = 0x40 };
enum { DIRECTION_IN = 1, DEVICE_ID = 1 << 16 | 2, KERNEL_FULL_SPEED = 2, KERNEL_HIGH_SPEED = 3 };

/* What a message begins with: names of its 32-bit words. */
enum {
    COMMAND,
    SEQUENCE,
    DEVICE,
    DIRECTION,
    ENDPOINT,
    SUBMIT_FLAGS,
    SUBMIT_LENGTH,
    SUBMIT_START_FRAME,
    SUBMIT_PACKETS,
    SUBMIT_INTERVAL,
    SUBMIT_SETUP, /* two words, as on the wire */
    WORDS = 12,
    UNLINK_SEQUENCE = 5,
    RETURN_STATUS = 5, /* negative errno */
    RETURN_LENGTH,
    RETURN_START_FRAME,
    RETURN_PACKETS,
    RETURN_ERRORS,
};

/* An isochronous packet on the wire. */
enum { PACKET_OFFSET, PACKET_LENGTH, PACKET_ACTUAL, PACKET_STATUS, PACKET_WORDS };

struct usbip {
    struct transport base;
    struct model *model;
    unsigned port;            /* [0..] of vhci_hcd's */
    int socket;               /* -1: not plugged in */
    uint32_t newest;          /* sequence number of the last request */
    uint32_t early[EARLY][2]; /* cancellations before their request: of which, and their own */
    size_t early_count;
    int64_t busy[MODEL_ENDPOINTS]; /* [ns] until when the bus is taken up by a periodic endpoint */
};

/* --- The socket ------------------------------------------------------------------------------ */

static bool read_all(int socket, void *data, size_t size)
{
    return size == 0 || recv(socket, data, size, MSG_WAITALL) == (ssize_t)size;
}

/* A kernel that has hung up is noticed when reading. */
static void write_all(int socket, const void *data, size_t size)
{
    const uint8_t *bytes = data;

    while (size > 0) {
        const ssize_t written = write(socket, bytes, size);

        if (written <= 0)
            return;
        bytes += written;
        size -= (size_t)written;
    }
}

/* --- Requests -------------------------------------------------------------------------------- */

static struct setup parse_setup(const uint8_t *bytes)
{
    return (struct setup){
        .type = bytes[0],
        .request = bytes[1],
        .value = (uint16_t)(bytes[2] | bytes[3] << 8),
        .index = (uint16_t)(bytes[4] | bytes[5] << 8),
        .length = (uint16_t)(bytes[6] | bytes[7] << 8),
    };
}

static bool read_packets(int socket, struct transfer *transfer)
{
    for (size_t i = 0; i < transfer->packet_count; i++) {
        uint32_t words[PACKET_WORDS];

        if (!read_all(socket, words, sizeof(words)))
            return false;
        transfer->packets[i].offset = ntohl(words[PACKET_OFFSET]);
        transfer->packets[i].length = ntohl(words[PACKET_LENGTH]);
    }
    return true;
}

/* When the bus gets to a transfer of a periodic endpoint and has carried it out. */
static void pace(struct usbip *self, struct transfer *transfer)
{
    const struct endpoint *endpoint = model_endpoint(self->model, transfer->endpoint);
    int64_t *busy = &self->busy[endpoint - self->model->endpoints];
    const int64_t start = *busy > self->model->now ? *busy : self->model->now;

    if (endpoint->type != 1 && endpoint->type != 3)
        return;
    if (transfer->packet_count > 0)
        transfer->not_before = *busy = start + (int64_t)transfer->packet_count * endpoint->period;
    else
        *busy = (transfer->not_before = start) + endpoint->period;
}

static struct transfer *make_transfer(const uint32_t words[WORDS])
{
    const bool in = ntohl(words[DIRECTION]) == DIRECTION_IN;
    const uint32_t number = ntohl(words[ENDPOINT]);
    const uint32_t packets = ntohl(words[SUBMIT_PACKETS]);
    struct transfer *transfer =
        model_transfer((uint8_t)(number == 0 || !in ? number : number | 0x80),
                       ntohl(words[SUBMIT_LENGTH]), packets == UINT32_MAX ? 0 : packets);

    transfer->id = ntohl(words[SEQUENCE]);
    transfer->zero_packet = (ntohl(words[SUBMIT_FLAGS]) & FLAG_ZERO_PACKET) != 0;
    transfer->setup = parse_setup((const uint8_t *)&words[SUBMIT_SETUP]);
    return transfer;
}

static void begin_reply(uint32_t words[WORDS], unsigned command, uint64_t sequence)
{
    memset(words, 0, WORDS * sizeof(words[0]));
    words[COMMAND] = htonl(command);
    words[SEQUENCE] = htonl((uint32_t)sequence);
}

/*
 * What is cancelled is answered first, with what it had moved, and the cancellation then finds
 * nothing: so the host gets the data, which the answer to a cancellation could not carry.
 */
static void cancel(struct usbip *self, uint32_t request, uint32_t sequence)
{
    uint32_t reply[WORDS];

    model_cancel(self->model, request);
    begin_reply(reply, RET_UNLINK, sequence);
    write_all(self->socket, reply, sizeof(reply));
}

/* The kernel sends requests in their order, but may send a cancellation before its request. Were it
 * answered then, request and answer would miss each other. */
static void unlink_transfer(struct usbip *self, const uint32_t words[WORDS])
{
    const uint32_t request = ntohl(words[UNLINK_SEQUENCE]);
    const bool is_early = (int32_t)(request - self->newest) > 0 && self->early_count < EARLY;

    if (!is_early) {
        cancel(self, request, ntohl(words[SEQUENCE]));
        return;
    }
    self->early[self->early_count][0] = request;
    self->early[self->early_count++][1] = ntohl(words[SEQUENCE]);
}

/* Carries out what has waited for the request that has just come. */
static void cancel_early(struct usbip *self)
{
    for (size_t i = self->early_count; i-- > 0;)
        if (self->early[i][0] == self->newest) {
            const uint32_t sequence = self->early[i][1];

            memmove(self->early[i], self->early[--self->early_count], sizeof(self->early[i]));
            cancel(self, self->newest, sequence);
        }
}

static bool submit(struct usbip *self, const uint32_t words[WORDS])
{
    struct transfer *transfer = make_transfer(words);
    const bool in = ntohl(words[DIRECTION]) == DIRECTION_IN;

    if ((!in && !read_all(self->socket, transfer->data, transfer->length)) ||
        !read_packets(self->socket, transfer)) {
        model_transfer_free(transfer);
        return false;
    }
    if (transfer->endpoint)
        pace(self, transfer);
    self->newest = ntohl(words[SEQUENCE]);
    model_submit(self->model, transfer);
    cancel_early(self);
    return true;
}

static bool usbip_io(struct transport *transport)
{
    struct usbip *self = (struct usbip *)transport;
    uint32_t words[WORDS];

    if (!read_all(self->socket, words, sizeof(words)))
        return false;
    if (ntohl(words[COMMAND]) == CMD_SUBMIT)
        return submit(self, words);
    unlink_transfer(self, words);
    return true;
}

/* --- Answers --------------------------------------------------------------------------------- */

static void write_data(int socket, const struct transfer *transfer)
{
    if (transfer->packet_count == 0)
        write_all(socket, transfer->data, transfer->actual);
    for (size_t i = 0; i < transfer->packet_count; i++)
        write_all(socket, transfer->data + transfer->packets[i].offset,
                  transfer->packets[i].actual);
}

static uint32_t write_packets(int socket, const struct transfer *transfer, bool really)
{
    uint32_t errors = 0;

    for (size_t i = 0; i < transfer->packet_count; i++) {
        const struct packet *packet = &transfer->packets[i];
        const uint32_t words[PACKET_WORDS] = { htonl(packet->offset), htonl(packet->length),
                                               htonl(packet->actual), htonl(0 - packet->status) };

        errors += packet->status != 0;
        if (really)
            write_all(socket, words, sizeof(words));
    }
    return errors;
}

/* Which (micro)frame the first packet was in. */
static uint32_t start_frame(struct model *model, const struct transfer *transfer)
{
    const struct endpoint *endpoint = model_endpoint(model, transfer->endpoint);
    const int64_t length = (int64_t)transfer->packet_count * endpoint->period;

    if (transfer->packet_count == 0)
        return 0;
    return (uint32_t)((transfer->not_before - length) /
                      (model->identity.speed == LABDEV_HIGH_SPEED ? 125000 : 1000000)) &
           INT32_MAX;
}

static void usbip_complete(struct transport *transport, const struct transfer *transfer)
{
    struct usbip *self = (struct usbip *)transport;
    const bool in = (transfer->endpoint ? transfer->endpoint : transfer->setup.type) & 0x80;
    uint32_t words[WORDS];

    begin_reply(words, RET_SUBMIT, transfer->id);
    words[RETURN_STATUS] = htonl(0 - transfer->status);
    words[RETURN_LENGTH] = htonl(transfer->actual);
    words[RETURN_START_FRAME] = htonl(start_frame(self->model, transfer));
    words[RETURN_PACKETS] = htonl((uint32_t)transfer->packet_count);
    words[RETURN_ERRORS] = htonl(write_packets(self->socket, transfer, false));
    write_all(self->socket, words, sizeof(words));
    if (in)
        write_data(self->socket, transfer);
    write_packets(self->socket, transfer, true);
}

/* --- Plugging -------------------------------------------------------------------------------- */

static bool attach(const struct usbip *self, int socket)
{
    const int file = open(attach_path, O_WRONLY | O_CLOEXEC);
    char text[64];
    bool attached;

    if (file < 0)
        return false;
    snprintf(text, sizeof(text), "%u %d %d %d", self->port, socket, DEVICE_ID,
             self->model->identity.speed == LABDEV_HIGH_SPEED ? KERNEL_HIGH_SPEED
                                                              : KERNEL_FULL_SPEED);
    attached = write(file, text, strlen(text)) > 0;
    close(file);
    return attached;
}

/* The port may still be busy with the device that left. */
static bool usbip_plug(struct transport *transport)
{
    struct usbip *self = (struct usbip *)transport;
    int ends[2];
    bool attached;

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return false;
    attached = attach(self, ends[1]);
    close(ends[1]);
    if (attached)
        self->socket = ends[0];
    else
        close(ends[0]);
    return attached;
}

static void usbip_unplug(struct transport *transport)
{
    struct usbip *self = (struct usbip *)transport;

    close(self->socket);
    self->socket = -1;
    self->early_count = 0;
    memset(self->busy, 0, sizeof(self->busy));
}

static struct pollfd usbip_wait_for(struct transport *transport)
{
    return (struct pollfd){ .fd = ((struct usbip *)transport)->socket, .events = POLLIN };
}

/* The host asks for each packet itself. */
static int64_t usbip_run(struct transport *transport, int64_t now)
{
    (void)transport;
    (void)now;
    return MODEL_IDLE;
}

struct transport *usbip_open(struct model *model, unsigned port)
{
    static const struct transport_ops ops = {
        .complete = usbip_complete,
        .plug = usbip_plug,
        .unplug = usbip_unplug,
        .wait_for = usbip_wait_for,
        .io = usbip_io,
        .run = usbip_run,
    };
    static struct usbip self = { .base = { &ops }, .socket = -1 };

    self.model = model;
    self.port = port;
    if (access(attach_path, W_OK) == 0)
        return &self.base;
    perror(attach_path);
    return NULL;
}
