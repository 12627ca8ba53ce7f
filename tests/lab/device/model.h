/*
 * The lab's device: what it is and what it does, whatever it is plugged into.
 *
 * A transport submits the transfers that the host starts and is handed each back once, answered or
 * cancelled. Everything runs in one thread, and time comes from outside: the model never waits, it
 * says until when it has nothing to do.
 */
#ifndef LABDEV_MODEL_H
#define LABDEV_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "adb.h"
#include "descriptors.h"
#include "fastboot.h"
#include "log.h"
#include "protocol.h"
#include "stream.h"
#include "transport.h"

enum { MODEL_ENDPOINTS = 32, MODEL_INTERFACES = 8 };
#define MODEL_IDLE INT64_MAX /* [ns] nothing to do until the host does something */

struct setup {
    uint8_t type;
    uint8_t request;
    uint16_t value;
    uint16_t index;
    uint16_t length;
};

/* Of an isochronous transfer: where its part of the data is, and what became of it. */
struct packet {
    uint32_t offset; /* [bytes] */
    uint32_t length; /* [bytes] */
    uint32_t actual; /* [bytes] */
    uint32_t status; /* 0 or errno */
};

/* What the host asked for. The transport fills in the first part, the model the second. */
struct transfer {
    uint64_t id;
    uint8_t endpoint; /* address; 0: control */
    struct setup setup;
    uint32_t length;        /* [bytes] in data: to send, or that may be received */
    int64_t not_before;     /* [ns] when it may be answered */
    bool zero_packet;       /* OUT: behind whole packets an empty one follows */
    bool unlogged;          /* not the host's own: one of a stream that the transport keeps up */
    size_t packet_count;    /* 0: not isochronous */
    struct packet *packets; /* owned */

    uint8_t *data;   /* owned */
    uint32_t actual; /* [bytes] */
    uint32_t status; /* 0 or errno; ECONNRESET: cancelled */

    bool begun;
    struct stream_plan plan; /* once begun */
    struct transfer *next;
};

struct endpoint {
    uint8_t address;
    uint8_t type;  /* 1 isochronous, 2 bulk, 3 interrupt */
    uint8_t iface; /* number of the interface it belongs to */
    bool present;
    bool halted;
    int64_t period; /* [ns] between packets of isochronous and interrupt endpoints */
    struct stream stream;
    struct labdev_status status;
    struct transfer *head; /* oldest first; only that one is worked on */
};

struct model {
    struct transport *transport;
    struct labdev_replug identity; /* absence: unused */
    struct descriptors descriptors;
    uint8_t configuration;
    uint8_t alternates[MODEL_INTERFACES];
    struct endpoint endpoints[MODEL_ENDPOINTS];
    struct transfer *controls; /* held control requests, in no order */
    uint8_t store[LABDEV_STORE_SIZE];
    uint32_t stored;          /* [bytes] */
    struct fastboot fastboot; /* of the personality fastboot */
    struct adb adb;           /* of the personality adb */
    struct log log;
    int64_t now; /* [ns] as last told */
    bool silent; /* it never answers when it is asked for string 0xEE, and has no BOS */
    bool plugged;
    int64_t unplug_at;         /* [ns] or MODEL_IDLE */
    int64_t plug_at;           /* [ns] or MODEL_IDLE */
    struct labdev_replug next; /* what it will be when it is plugged in */
};

/** Makes a device that plugs itself in at the first model_run(). */
void model_init(struct model *model, struct transport *transport, const struct labdev_replug *is);

/** Frees what is pending, without an answer. */
void model_finish(struct model *model);

/** Makes an empty transfer with room for data and packets; exits the program when memory is out. */
struct transfer *model_transfer(uint8_t endpoint, uint32_t length, size_t packets);
void model_transfer_free(struct transfer *transfer);

/** Tells whether data goes to the host. */
bool transfer_is_in(const struct transfer *transfer);

/** Takes a transfer over; it may be answered before this returns. */
void model_submit(struct model *model, struct transfer *transfer);

/** Answers a pending transfer with ECONNRESET. @return false when none has this id */
bool model_cancel(struct model *model, uint64_t id);

/** Frees the unlogged transfers of an endpoint, without an answer. */
void model_drop_stream(struct model *model, unsigned address);

/** The port is reset: not configured any more, nothing halted; behaviours stay. */
void model_reset(struct model *model);

/** Does what is due. @param now [ns]. @return when to come again [ns], MODEL_IDLE: no need to */
int64_t model_run(struct model *model, int64_t now);

/** Gives an endpoint by its address. */
struct endpoint *model_endpoint(struct model *model, unsigned address);

/* --- Between the parts of the model ---------------------------------------------------------- */

/** Answers all that can be answered now: one endpoint's progress may be what another waits for. */
void queue_work(struct model *model);

/** Carries a transfer out, but for handing it back. @return false: not now */
bool endpoint_answer(struct model *model, struct endpoint *endpoint, struct transfer *transfer);

/** The same for the first @p count packets of an isochronous transfer. */
bool endpoint_answer_packets(struct model *model,
                             struct endpoint *endpoint,
                             struct transfer *transfer,
                             size_t count);

/** Log that a request arrived; that a transfer ended; that something befell the whole device. */
void journal_setup(struct model *model, const struct transfer *transfer);
void journal_end(struct model *model, const struct transfer *transfer, enum labdev_log_kind kind);
void journal_plain(struct model *model, enum labdev_log_kind kind);

/** Programs every endpoint with its default, and empties log, counters and queues. */
void model_clear(struct model *model);

/** Programs an endpoint. @return false when it cannot behave like that */
bool model_program(struct model *model, unsigned address, const struct labdev_behaviour *behaviour);

/** Leaves in @p delay [ns], and comes back as @p next. */
void model_replug(struct model *model, const struct labdev_replug *next, int64_t delay);

/** Looks at the descriptors which endpoints there are now. */
void model_find_endpoints(struct model *model);

/** Gives the configuration in use, NULL when there is none. */
const struct blob *model_configuration(const struct model *model);

/** Sets status and actual of a request, or false: hold it. control.c */
bool control_answer(struct model *model, struct transfer *transfer);

/** The host has cancelled a request that is held. control.c */
void control_given_up(const struct model *model, const struct transfer *transfer);

/** The same for requests of chapter 9; these are never held. standard.c */
void standard_answer(struct model *model, struct transfer *transfer);

#endif
