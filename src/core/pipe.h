/*
 * A pipe: the control endpoint, or an endpoint of a setting that is current; its policies, and the
 * requests on it in their order.
 *
 * A pipe belongs to its device, whichever interface handle it is used through.
 */
#ifndef WU_CORE_PIPE_H
#define WU_CORE_PIPE_H

#include <windows.h>

#include "core/memory.h"
#include "core/policy.h"
#include "host/host.h"
#include "winusb.h"

struct wu_device;
struct wu_interface;
struct wu_isoch_buffer;
struct wu_request;

enum { WU_PIPES = 32 }; /* one for each bEndpointAddress; the control pipe is the first */

struct wu_pipe {
    struct wu_device *device; /* constant, as is the address */
    UCHAR address;            /* bEndpointAddress; 0: the control pipe */

    struct wu_host_mutex lock;
    struct wu_host_cond changed; /* a request began to run, ended, or left */

    bool open;                              /* [lock] there is such an endpoint now */
    UCHAR number;                           /* [lock] of its interface */
    WINUSB_PIPE_INFORMATION_EX information; /* [lock] */
    struct wu_policies policies;            /* [lock] */

    struct wu_request *first;     /* [lock] all requests, oldest first */
    struct wu_request *last;      /* [lock] */
    struct wu_request *waiting;   /* [lock] the first of them that has not begun; or NULL */
    struct wu_request *idle;      /* [lock] ready to be used again */
    unsigned running;             /* [lock] how many have a transfer that runs */
    struct wu_request *exclusive; /* [lock] runs, and lets no other begin; or NULL */
    unsigned holds;               /* [lock] while not 0, nothing may begin */
    ULONG serial;                 /* [lock] of the newest request */
    ULONG ends;                   /* [lock] how many overlapped requests have ended */
    unsigned untold;              /* [lock] those of them of which no program knows yet */
    bool starved;                 /* [lock] the first that waits has found no memory */
    struct wu_memory_place memory;

    UCHAR *surplus;       /* [lock] what a device sent beyond the end of a read; room for one
                             packet; NULL: not needed yet */
    ULONG surplus_offset; /* [lock] [bytes] how much of it has been read */
    ULONG surplus_size;   /* [lock] [bytes] */
};

/** Prepares the pipes of a device; none is open but the control pipe. */
void wu_pipes_init(struct wu_device *device);
/** Frees what they hold; no request may be left. */
void wu_pipes_destroy(struct wu_device *device);

/** Opens the pipes of a setting, with policies at their defaults. One whose address another
 *  interface has open stays that one's. */
void wu_pipes_open(struct wu_device *device, const USB_INTERFACE_DESCRIPTOR *setting);
/** Closes the pipes of an interface. @param closed_out  which, for wu_pipes_reopen()
 *  @return ERROR_SUCCESS; ERROR_BUSY: requests are under way, and nothing was closed */
DWORD wu_pipes_close(struct wu_device *device, UCHAR number, uint32_t *closed_out);
/** Opens pipes again, as they were when they were closed. */
void wu_pipes_reopen(struct wu_device *device, uint32_t closed);

/** Makes the pipes of an interface as they are when it is opened: policies at their defaults, and
 *  nothing kept for the next read, unless one is under way; with those of the function's first
 *  interface, which it was opened by, also the control pipe. */
void wu_pipes_begin_anew(struct wu_device *device, UCHAR number);

/** Gives the pipe of an address, open or not; NULL when the address has reserved bits. */
struct wu_pipe *wu_pipe_of(struct wu_device *device, UCHAR address);

/** Which requests. Members that are 0 allow all. */
struct wu_request_filter {
    const struct wu_interface *iface;
    const OVERLAPPED *overlapped;
    const void *thread;
    const struct wu_isoch_buffer *buffer;
};

/** Cancels requests, the newest first. @return how many */
size_t wu_pipe_cancel(struct wu_pipe *pipe, const struct wu_request_filter *filter);

/** Waits until those requests that are there now have ended, and nothing of the program's memory is
 *  used for them any more. */
void wu_pipe_drain(struct wu_pipe *pipe, const struct wu_request_filter *filter);

/** Cancels those requests that are there now, and waits as wu_pipe_drain() does; not for any that
 *  come meanwhile. */
void wu_pipe_end(struct wu_pipe *pipe, const struct wu_request_filter *filter);

/** Forgets what a device sent beyond the end of a read. */
void wu_pipe_drop_surplus_locked(struct wu_pipe *pipe);

/* --- Each returns the errors of the export of its name ---------------------------------------- */

DWORD wu_pipe_abort(struct wu_interface *iface, UCHAR address);
DWORD wu_pipe_reset(struct wu_interface *iface, UCHAR address);
DWORD wu_pipe_flush(struct wu_interface *iface, UCHAR address);

DWORD wu_pipe_set_policy(struct wu_interface *iface,
                         UCHAR address,
                         ULONG type,
                         ULONG length,
                         const void *value);
DWORD wu_pipe_get_policy(struct wu_interface *iface,
                         UCHAR address,
                         ULONG type,
                         ULONG *length,
                         void *value);

#endif
