#include "usbredir.h"

#include <errno.h>
#include <string.h>

/* --- What the device is ---------------------------------------------------------------------- */

static unsigned interval_of(const struct usbredir *self, const struct endpoint *endpoint)
{
    const bool high = self->model->identity.speed == LABDEV_HIGH_SPEED;
    const int64_t interval = endpoint->period / (high ? 125000 : 1000000);

    return interval > 255 ? 255 : interval < 1 ? 1 : (unsigned)interval;
}

static void send_endpoints(struct usbredir *self)
{
    struct usb_redir_ep_info_header info = { .type = { 0 } };

    memset(info.type, usb_redir_type_invalid, sizeof(info.type));
    for (size_t i = 0; i < MODEL_ENDPOINTS; i++) {
        const struct endpoint *endpoint = &self->model->endpoints[i];

        if (!endpoint->present)
            continue;
        info.type[i] = endpoint->type;
        info.interval[i] = (uint8_t)interval_of(self, endpoint);
        info.interface[i] = endpoint->iface;
        info.max_packet_size[i] = (uint16_t)endpoint->stream.packet_size;
    }
    for (size_t i = 0; i < MODEL_ENDPOINTS; i += 16) {
        info.type[i] = usb_redir_type_control;
        info.max_packet_size[i] = 64;
    }
    usbredirparser_send_ep_info(self->parser, &info);
}

static void send_interfaces(struct usbredir *self)
{
    const struct blob *blob = &self->model->descriptors.configurations[0];
    struct usb_redir_interface_info_header info = { .interface_count = 0 };

    if (model_configuration(self->model))
        blob = model_configuration(self->model);
    for (size_t at = 0; at + 9 <= blob->size && blob->bytes[at] >= 2; at += blob->bytes[at]) {
        const uint8_t *bytes = blob->bytes + at;

        if (bytes[1] != 4 || bytes[3] != 0)
            continue;
        info.interface[info.interface_count] = bytes[2];
        info.interface_class[info.interface_count++] = bytes[5];
    }
    usbredirparser_send_interface_info(self->parser, &info);
}

void usbredir_describe(struct usbredir *self)
{
    send_interfaces(self);
    send_endpoints(self);
}

/* --- Answers --------------------------------------------------------------------------------- */

static uint8_t status_of(const struct transfer *transfer)
{
    switch (transfer->status) {
    case 0:
        return usb_redir_success;
    case EPIPE:
        return usb_redir_stall;
    case EOVERFLOW:
        return usb_redir_babble;
    case ECONNRESET:
        return usb_redir_cancelled;
    default:
        return usb_redir_ioerror;
    }
}

static void answer_control(struct usbredir *self, const struct transfer *transfer)
{
    const struct setup *setup = &transfer->setup;
    struct usb_redir_control_packet_header header = {
        .endpoint = setup->type & 0x80,
        .request = setup->request,
        .requesttype = setup->type,
        .status = status_of(transfer),
        .value = setup->value,
        .index = setup->index,
        .length = (uint16_t)transfer->actual,
    };

    if (setup->type & 0x80)
        usbredirparser_send_control_packet(self->parser, transfer->id, &header, transfer->data,
                                           (int)transfer->actual);
    else
        usbredirparser_send_control_packet(self->parser, transfer->id, &header, NULL, 0);
}

static void answer_configuration(struct usbredir *self, const struct transfer *transfer)
{
    struct usb_redir_configuration_status_header header = { .status = status_of(transfer),
                                                            .configuration =
                                                                self->model->configuration };

    usbredir_describe(self);
    usbredirparser_send_configuration_status(self->parser, transfer->id, &header);
}

static void answer_setting(struct usbredir *self, const struct transfer *transfer)
{
    const unsigned iface = transfer->setup.index;
    struct usb_redir_alt_setting_status_header header = {
        .status = status_of(transfer),
        .interface = (uint8_t)iface,
        .alt = iface < MODEL_INTERFACES ? self->model->alternates[iface] : 0,
    };

    usbredir_describe(self);
    usbredirparser_send_alt_setting_status(self->parser, transfer->id, &header);
}

/* Four requests have messages of their own. */
static void answer_request(struct usbredir *self, const struct transfer *transfer)
{
    const struct setup *setup = &transfer->setup;

    if ((setup->type & 0x7F) == 0 &&
        (setup->request == SET_CONFIGURATION || setup->request == GET_CONFIGURATION))
        answer_configuration(self, transfer);
    else if ((setup->type & 0x7F) == 1 &&
             (setup->request == SET_INTERFACE || setup->request == GET_INTERFACE))
        answer_setting(self, transfer);
    else
        answer_control(self, transfer);
}

static void answer_bulk(struct usbredir *self, const struct transfer *transfer)
{
    struct usb_redir_bulk_packet_header header = {
        .endpoint = transfer->endpoint,
        .status = status_of(transfer),
        .length = (uint16_t)transfer->actual,
        .length_high = (uint16_t)(transfer->actual >> 16),
    };

    if (transfer->endpoint & 0x80)
        usbredirparser_send_bulk_packet(self->parser, transfer->id, &header, transfer->data,
                                        (int)transfer->actual);
    else
        usbredirparser_send_bulk_packet(self->parser, transfer->id, &header, NULL, 0);
}

static void feed_interrupt(struct usbredir *self, const struct transfer *transfer)
{
    struct usb_redir_interrupt_packet_header header = { .endpoint = transfer->endpoint,
                                                        .status = status_of(transfer),
                                                        .length = (uint16_t)transfer->actual };

    usbredirparser_send_interrupt_packet(self->parser, 0, &header, transfer->data,
                                         (int)transfer->actual);
}

static void feed_isochronous(struct usbredir *self, const struct transfer *transfer)
{
    const struct packet *packet = transfer->packets;
    struct usb_redir_iso_packet_header header = {
        .endpoint = transfer->endpoint,
        .status = packet->status ? usb_redir_ioerror : usb_redir_success,
        .length = (uint16_t)packet->actual,
    };

    usbredirparser_send_iso_packet(self->parser, 0, &header, transfer->data, (int)packet->actual);
}

void usbredir_complete(struct transport *transport, const struct transfer *transfer)
{
    struct usbredir *self = (struct usbredir *)transport;
    const unsigned type = model_endpoint(self->model, transfer->endpoint)->type;

    if (transfer->unlogged && transfer->endpoint & 0x80)
        usbredir_feed(self, transfer->endpoint)->waiting = false;
    if (transfer->endpoint == 0)
        answer_request(self, transfer);
    else if (type != ISOCHRONOUS && type != INTERRUPT)
        answer_bulk(self, transfer);
    else if (transfer->endpoint & 0x80 && type == INTERRUPT)
        feed_interrupt(self, transfer);
    else if (transfer->endpoint & 0x80)
        feed_isochronous(self, transfer);
}
