/*
 * A request of the program's on a pipe, from its acceptance to its one completion.
 *
 * A synchronous call is an overlapped one plus a wait. Requests wait in their pipe until they may
 * begin; then they run one transfer after the other until they have ended; then they are finished,
 * which gives the program its memory back. Who ends an overlapped request finishes it; the thread
 * that waits for a synchronous one finishes that.
 */
#ifndef WU_CORE_REQUEST_H
#define WU_CORE_REQUEST_H

#include <windows.h>

#include "core/interface.h"
#include "core/isoch_plan.h"
#include "core/pipe.h"
#include "host/overlapped.h"
#include "usb/usb.h"

enum wu_request_state {
    WU_REQUEST_WAITING, /* none of its transfers runs; for its turn, its time, or for memory */
    WU_REQUEST_RUNNING, /* one does */
    WU_REQUEST_ENDED,   /* not to be touched but by who finishes it */
};

/* What distinguishes reads, writes, control and isochronous requests. All are called with the lock
 * of the pipe held, and may not wait. */
struct wu_request_kind {
    /* Describes the next transfer. false: there is nothing to transfer, and the request ends with
     * the error and bytes that it has. */
    bool (*next)(struct wu_request *request, struct wu_usb_submission *submission);

    /* Takes over what a transfer brought. @return whether there is more to transfer */
    bool (*take)(struct wu_request *request, const struct wu_usb_completion *completion);

    /* Tells whether the request may begin while others, which said the same, run. */
    bool (*may_queue)(const struct wu_request *request);

    /* Looks at the requests before it when it has got its place behind them; NULL: need not.
     * @return ERROR_SUCCESS, or what it ends with at once */
    DWORD (*accept)(struct wu_request *request);
};

/* What the program gave to a call; all of it may be gone once the request has been finished. */
struct wu_io {
    UCHAR *buffer;
    ULONG length;           /* [bytes] */
    ULONG *transferred;     /* [bytes] set when a synchronous request has ended, however; or NULL */
    OVERLAPPED *overlapped; /* NULL: synchronous */
};

/* What only isochronous requests have; [pipe's lock] once they are accepted. */
struct wu_request_isoch {
    struct wu_isoch_buffer *buffer;      /* NULL for others */
    USBD_ISO_PACKET_DESCRIPTOR *results; /* the program's; NULL: to be told to nobody */
    struct wu_isoch_shape shape;
    struct wu_isoch_wish wish;
    ULONG late; /* packets which are left out */
};

struct wu_request {
    const struct wu_request_kind *kind;
    struct wu_pipe *pipe;
    struct wu_interface *iface;
    const void *thread; /* identifies who made it */
    struct wu_io io;
    struct wu_host_notice notice; /* of an overlapped one */
    struct wu_policies policies;  /* as they were when it was made */

    /* All below: [pipe's lock] */
    enum wu_request_state state;
    bool cancelled;
    ULONG end;   /* of an overlapped one: its number among the ends of the pipe */
    bool behind; /* when it ended, earlier ends had not been told */
    DWORD error;
    ULONG bytes;      /* [bytes] transferred so far */
    ULONG limit;      /* [bytes] how long a transfer may be */
    int64_t begin;    /* [ns of wu_host_clock_now()] not before this; 0: at any time */
    int64_t deadline; /* [ns of wu_host_clock_now()] of the timeout; 0: not begun, or none */
    ULONG piece;      /* [bytes] of the program's that the present transfer is about */
    ULONG asked;      /* [bytes] of the present transfer on the bus; not less */

    ULONG serial;
    struct wu_request *previous;
    struct wu_request *next;

    uint64_t transfer;
    struct wu_memory_need memory; /* of the transfer that runs */
    UCHAR *bounce;                /* memory of our own to transfer from and to */
    size_t bounce_size;
    struct wu_usb_packet *packets; /* of an isochronous request */
    ULONG packet_count;            /* 0 for others */
    ULONG packet_room;
    struct wu_request_isoch isoch;
    struct wu_request *ended; /* another one that is to be finished */
};

/**
 * Gets a request that is ready to be filled in and begun.
 *
 * @param bounce_size  [bytes] of memory of its own that it needs
 * @param packets      how many isochronous packets it has; 0 for others
 * @param request_out  set on success; to be given to wu_request_run()
 *
 * @return ERROR_SUCCESS; ERROR_NOT_ENOUGH_MEMORY
 */
DWORD wu_request_new(struct wu_interface *iface,
                     struct wu_pipe *pipe,
                     const struct wu_request_kind *kind,
                     size_t bounce_size,
                     ULONG packets,
                     struct wu_request **request_out);

/**
 * Has a request carried out: waits for its end when it is synchronous.
 *
 * @return the error that a synchronous request ended with; ERROR_IO_PENDING for an overlapped one;
 *         ERROR_OPERATION_ABORTED, also when interface or pipe were closed meanwhile;
 *         ERROR_NOT_ENOUGH_MEMORY, when it was not accepted
 */
DWORD wu_request_run(struct wu_request *request, const struct wu_io *io);

/** Ends at once what the program gave to a call, as a request that did nothing would.
 *  @return @p error, or ERROR_IO_PENDING when it is overlapped */
DWORD wu_io_end(struct wu_interface *iface, const struct wu_io *io, DWORD error);

/** Goes on with a request whose transfer has ended; what wu_usb_queue_wait() fetched comes here. */
void wu_request_continue(struct wu_request *request, const struct wu_usb_completion *completion);

/** Begins those requests of a pipe that may. */
void wu_request_begin_waiting(struct wu_pipe *pipe);

/** Cancels requests of a whole device. @return how many */
size_t wu_requests_cancel(struct wu_device *device, const struct wu_request_filter *filter);

/** Cancels requests of which no new ones can be made, and waits until they have ended. */
void wu_requests_end(struct wu_device *device, const struct wu_request_filter *filter);

/** Cancels requests of the file's programs. @param thread  whether only those of the calling one
 *  @return ERROR_SUCCESS; ERROR_NOT_FOUND: there are none; ERROR_INVALID_HANDLE: not open */
DWORD wu_requests_cancel_file(HANDLE file, const OVERLAPPED *overlapped, bool thread);

/** Frees a request that nobody uses. */
void wu_request_free(struct wu_request *request);

#endif
