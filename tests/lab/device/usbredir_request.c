#include "usbredir.h"

#include <string.h>

static struct transfer *
take(struct usbredir *self, uint8_t endpoint, uint32_t length, uint8_t *data)
{
    struct transfer *transfer = model_transfer(endpoint, length, 0);

    if (data) {
        memcpy(transfer->data, data, length);
        usbredirparser_free_packet_data(self->parser, data);
    }
    return transfer;
}

static void submit_setup(struct usbredir *self, uint64_t id, struct setup setup, uint8_t *data)
{
    struct transfer *transfer = take(self, 0, setup.length, data);

    transfer->id = id;
    transfer->setup = setup;
    model_submit(self->model, transfer);
}

static void on_control(void *context,
                       uint64_t id,
                       struct usb_redir_control_packet_header *header,
                       uint8_t *data,
                       int size)
{
    const struct setup setup = { header->requesttype, header->request, header->value, header->index,
                                 header->length };

    (void)size;
    submit_setup(context, id, setup, data);
}

static void
on_set_configuration(void *context, uint64_t id, struct usb_redir_set_configuration_header *header)
{
    usbredir_stop_feeds(context);
    submit_setup(context, id,
                 (struct setup){ 0x00, SET_CONFIGURATION, header->configuration, 0, 0 }, NULL);
}

static void on_get_configuration(void *context, uint64_t id)
{
    submit_setup(context, id, (struct setup){ 0x80, GET_CONFIGURATION, 0, 0, 1 }, NULL);
}

static void
on_set_alt_setting(void *context, uint64_t id, struct usb_redir_set_alt_setting_header *header)
{
    submit_setup(context, id,
                 (struct setup){ 0x01, SET_INTERFACE, header->alt, header->interface, 0 }, NULL);
}

static void
on_get_alt_setting(void *context, uint64_t id, struct usb_redir_get_alt_setting_header *header)
{
    submit_setup(context, id, (struct setup){ 0x81, GET_INTERFACE, 0, header->interface, 1 }, NULL);
}

static void on_bulk(void *context,
                    uint64_t id,
                    struct usb_redir_bulk_packet_header *header,
                    uint8_t *data,
                    int size)
{
    struct usbredir *self = context;
    const uint32_t length = header->length | (uint32_t)header->length_high << 16;
    struct transfer *transfer =
        take(self, header->endpoint, header->endpoint & 0x80 ? length : (uint32_t)size, data);

    transfer->id = id;
    model_submit(self->model, transfer);
}

static void on_interrupt(void *context,
                         uint64_t id,
                         struct usb_redir_interrupt_packet_header *header,
                         uint8_t *data,
                         int size)
{
    struct usbredir *self = context;
    struct transfer *transfer = take(self, header->endpoint, (uint32_t)size, data);

    transfer->id = id;
    model_submit(self->model, transfer);
}

static void on_iso(void *context,
                   uint64_t id,
                   struct usb_redir_iso_packet_header *header,
                   uint8_t *data,
                   int size)
{
    struct usbredir *self = context;
    struct transfer *transfer = model_transfer(header->endpoint, (uint32_t)size, 1);

    (void)id;
    memcpy(transfer->data, data, (size_t)size);
    usbredirparser_free_packet_data(self->parser, data);
    transfer->packets[0] = (struct packet){ .length = (uint32_t)size };
    transfer->unlogged = true;
    model_submit(self->model, transfer);
}

static void
on_start_iso(void *context, uint64_t id, struct usb_redir_start_iso_stream_header *header)
{
    struct usbredir *self = context;
    struct usb_redir_iso_stream_status_header status = { .endpoint = header->endpoint };

    if (header->endpoint & 0x80)
        usbredir_start_feed(self, header->endpoint);
    usbredirparser_send_iso_stream_status(self->parser, id, &status);
}

static void on_stop_iso(void *context, uint64_t id, struct usb_redir_stop_iso_stream_header *header)
{
    struct usbredir *self = context;
    struct usb_redir_iso_stream_status_header status = { .endpoint = header->endpoint };

    usbredir_stop_feed(self, header->endpoint);
    usbredirparser_send_iso_stream_status(self->parser, id, &status);
}

static void on_start_interrupt(void *context,
                               uint64_t id,
                               struct usb_redir_start_interrupt_receiving_header *header)
{
    struct usbredir *self = context;
    struct usb_redir_interrupt_receiving_status_header status = { .endpoint = header->endpoint };

    usbredir_start_feed(self, header->endpoint);
    usbredirparser_send_interrupt_receiving_status(self->parser, id, &status);
}

static void on_stop_interrupt(void *context,
                              uint64_t id,
                              struct usb_redir_stop_interrupt_receiving_header *header)
{
    struct usbredir *self = context;
    struct usb_redir_interrupt_receiving_status_header status = { .endpoint = header->endpoint };

    usbredir_stop_feed(self, header->endpoint);
    usbredirparser_send_interrupt_receiving_status(self->parser, id, &status);
}

/* One that is not found has been answered already, and that answer is the one. */
static void on_cancel(void *context, uint64_t id)
{
    struct usbredir *self = context;

    model_cancel(self->model, id);
}

static void on_reset(void *context)
{
    struct usbredir *self = context;

    usbredir_stop_feeds(self);
    model_reset(self->model);
}

static void on_hello(void *context, struct usb_redir_hello_header *hello)
{
    struct usbredir *self = context;

    (void)hello;
    self->greeted = true;
}

void usbredir_set_functions(struct usbredirparser *parser)
{
    parser->hello_func = on_hello;
    parser->reset_func = on_reset;
    parser->set_configuration_func = on_set_configuration;
    parser->get_configuration_func = on_get_configuration;
    parser->set_alt_setting_func = on_set_alt_setting;
    parser->get_alt_setting_func = on_get_alt_setting;
    parser->start_iso_stream_func = on_start_iso;
    parser->stop_iso_stream_func = on_stop_iso;
    parser->start_interrupt_receiving_func = on_start_interrupt;
    parser->stop_interrupt_receiving_func = on_stop_interrupt;
    parser->cancel_data_packet_func = on_cancel;
    parser->control_packet_func = on_control;
    parser->bulk_packet_func = on_bulk;
    parser->iso_packet_func = on_iso;
    parser->interrupt_packet_func = on_interrupt;
}
