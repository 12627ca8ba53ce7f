#include "usbredir.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static const int64_t stream_tick = 1000000; /* [ns] isochronous packets go in batches */

/* --- The socket ------------------------------------------------------------------------------ */

static int outcome(ssize_t result)
{
    if (result < 0 && errno == EAGAIN)
        return 0;
    return result > 0 ? (int)result : -1;
}

static int read_some(void *context, uint8_t *data, int count)
{
    struct usbredir *self = context;

    return outcome(read(self->socket, data, (size_t)count));
}

static int write_some(void *context, uint8_t *data, int count)
{
    struct usbredir *self = context;

    return outcome(write(self->socket, data, (size_t)count));
}

static void say(void *context, int level, const char *message)
{
    (void)context;
    if (level <= usbredirparser_warning)
        fprintf(stderr, "labdevice: %s\n", message);
}

/* --- Feeds ----------------------------------------------------------------------------------- */

struct feed *usbredir_feed(struct usbredir *self, unsigned address)
{
    return &self->feeds[model_endpoint(self->model, address) - self->model->endpoints];
}

void usbredir_start_feed(struct usbredir *self, unsigned address)
{
    *usbredir_feed(self, address) = (struct feed){ .active = true, .next = self->model->now };
}

void usbredir_stop_feed(struct usbredir *self, unsigned address)
{
    *usbredir_feed(self, address) = (struct feed){ .active = false };
    model_drop_stream(self->model, address);
}

void usbredir_stop_feeds(struct usbredir *self)
{
    for (size_t i = 0; i < MODEL_ENDPOINTS; i++)
        usbredir_stop_feed(self, self->model->endpoints[i].address);
}

static void submit_one(struct usbredir *self, const struct endpoint *endpoint)
{
    const uint32_t size = endpoint->stream.packet_size;
    struct transfer *transfer =
        model_transfer(endpoint->address, size, endpoint->type == ISOCHRONOUS);

    if (endpoint->type == ISOCHRONOUS)
        transfer->packets[0] = (struct packet){ .length = size };
    transfer->unlogged = true;
    usbredir_feed(self, endpoint->address)->waiting = true;
    model_submit(self->model, transfer);
}

/* While halted the device says so once, as the host asks no more. */
static void advance(struct usbredir *self, struct feed *feed, const struct endpoint *endpoint)
{
    const int64_t now = self->model->now;

    if (endpoint->halted || !endpoint->present)
        feed->next = now + stream_tick;
    while (feed->next <= now && !feed->waiting) {
        feed->next += endpoint->period;
        submit_one(self, endpoint);
    }
    if (feed->next <= now)
        feed->next = now + endpoint->period;
}

static int64_t usbredir_run(struct transport *transport, int64_t now)
{
    struct usbredir *self = (struct usbredir *)transport;
    int64_t wake = MODEL_IDLE;

    for (size_t i = 0; i < MODEL_ENDPOINTS; i++) {
        struct feed *feed = &self->feeds[i];

        if (!feed->active)
            continue;
        advance(self, feed, &self->model->endpoints[i]);
        if (feed->next < wake)
            wake = feed->next;
    }
    return wake == MODEL_IDLE || wake > now + stream_tick ? wake : now + stream_tick;
}

/* --- Plugging -------------------------------------------------------------------------------- */

static bool usbredir_plug(struct transport *transport)
{
    struct usbredir *self = (struct usbredir *)transport;
    const struct model *model = self->model;
    const uint8_t *device = model->descriptors.device.bytes;
    struct usb_redir_device_connect_header header = {
        .speed = model->identity.speed == LABDEV_HIGH_SPEED ? usb_redir_speed_high
                                                            : usb_redir_speed_full,
        .device_class = device[4],
        .device_subclass = device[5],
        .device_protocol = device[6],
        .vendor_id = LABDEV_VENDOR,
        .product_id = (uint16_t)(LABDEV_PRODUCT_ID + model->identity.personality),
        .device_version_bcd = 0x0100,
    };

    if (!self->greeted)
        return false;
    usbredir_describe(self);
    usbredirparser_send_device_connect(self->parser, &header);
    return true;
}

static void usbredir_unplug(struct transport *transport)
{
    struct usbredir *self = (struct usbredir *)transport;

    usbredir_stop_feeds(self);
    usbredirparser_send_device_disconnect(self->parser);
}

static struct pollfd usbredir_wait_for(struct transport *transport)
{
    const struct usbredir *self = (struct usbredir *)transport;

    return (struct pollfd){
        .fd = self->socket,
        .events =
            (short)(usbredirparser_has_data_to_write(self->parser) ? POLLIN | POLLOUT : POLLIN),
    };
}

static bool usbredir_io(struct transport *transport)
{
    struct usbredir *self = (struct usbredir *)transport;

    return usbredirparser_do_read(self->parser) != usbredirparser_read_io_error &&
           usbredirparser_do_write(self->parser) == 0;
}

/* --- Opening --------------------------------------------------------------------------------- */

static int accept_one(const char *path)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    const int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int connection = -1;

    if (strlen(path) < sizeof(address.sun_path)) {
        memcpy(address.sun_path, path, strlen(path));
        unlink(path);
        if (bind(listener, (struct sockaddr *)&address, sizeof(address)) == 0 &&
            listen(listener, 1) == 0)
            connection = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    }
    if (connection < 0)
        perror(path);
    close(listener);
    return connection;
}

/* Without the last three, QEMU's xHCI refuses the device. */
static void greet(struct usbredirparser *parser)
{
    static const int capabilities[] = { usb_redir_cap_connect_device_version,
                                        usb_redir_cap_ep_info_max_packet_size,
                                        usb_redir_cap_64bits_ids,
                                        usb_redir_cap_32bits_bulk_length };
    uint32_t bits[USB_REDIR_CAPS_SIZE] = { 0 };

    for (size_t i = 0; i < sizeof(capabilities) / sizeof(capabilities[0]); i++)
        usbredirparser_caps_set_cap(bits, capabilities[i]);
    usbredirparser_init(parser, "labdevice", bits, USB_REDIR_CAPS_SIZE, usbredirparser_fl_usb_host);
}

struct transport *usbredir_open(struct model *model, const char *path)
{
    static const struct transport_ops ops = {
        .complete = usbredir_complete,
        .plug = usbredir_plug,
        .unplug = usbredir_unplug,
        .wait_for = usbredir_wait_for,
        .io = usbredir_io,
        .run = usbredir_run,
    };
    static struct usbredir self = { .base = { &ops } };

    self.model = model;
    self.parser = usbredirparser_create();
    if (!self.parser)
        return NULL;
    self.socket = accept_one(path);
    if (self.socket < 0)
        return NULL;
    self.parser->priv = &self;
    self.parser->log_func = say;
    self.parser->read_func = read_some;
    self.parser->write_func = write_some;
    usbredir_set_functions(self.parser);
    greet(self.parser);
    return &self.base;
}
