/*
 * The usbredir transport: the device in a QEMU's USB port, on any of its controllers.
 *
 * QEMU asks for control and bulk transfers one by one. Interrupt IN and isochronous IN it has sent
 * to it all the time and keeps in store, so for these the device's own transfers are submitted
 * here, at the endpoint's pace. Interrupt and isochronous OUT it takes for sent at once, so their
 * answers are dropped.
 *
 * usbredir_answer.c: what goes to QEMU. usbredir_request.c: what comes. usbredir.c: the rest.
 */
#ifndef LABDEV_USBREDIR_H
#define LABDEV_USBREDIR_H

#include <usbredirparser.h>

#include "model.h"

enum { SET_CONFIGURATION = 9, GET_CONFIGURATION = 8, SET_INTERFACE = 11, GET_INTERFACE = 10 };
enum { ISOCHRONOUS = 1, INTERRUPT = 3 };

/* What is sent without being asked for each time. */
struct feed {
    bool active;
    bool waiting; /* a transfer of ours is with the model */
    int64_t next; /* [ns] when the next one is due */
};

struct usbredir {
    struct transport base;
    struct model *model;
    struct usbredirparser *parser;
    int socket;
    bool greeted; /* the other side has said hello */
    struct feed feeds[MODEL_ENDPOINTS];
};

/** Sends which interfaces and endpoints there are now. */
void usbredir_describe(struct usbredir *self);

/** Answers QEMU: the transport's complete. */
void usbredir_complete(struct transport *transport, const struct transfer *transfer);

/** Begins and ends to send what is not asked for each time. */
void usbredir_start_feed(struct usbredir *self, unsigned address);
void usbredir_stop_feed(struct usbredir *self, unsigned address);
void usbredir_stop_feeds(struct usbredir *self);

/** Gives the feed of an endpoint. */
struct feed *usbredir_feed(struct usbredir *self, unsigned address);

/** Sets the functions that the parser calls when something comes. */
void usbredir_set_functions(struct usbredirparser *parser);

#endif
