/*
 * Many transfers on one pipe, several in flight, so that the bus need not wait for us.
 */
#ifndef WU_CLI_STREAM_H
#define WU_CLI_STREAM_H

#include <stdbool.h>
#include <stdint.h>
#include <windows.h>
#include <winusb.h>

#include "cli/rate.h"

enum { WU_STREAM_QUEUE_MAX = 64 };

enum wu_stream_next {
    WU_STREAM_PIECE,
    WU_STREAM_NOT_YET, /* nothing at the moment */
    WU_STREAM_END,
};

/* What a stream moves. All are called by the thread that runs the stream. */
struct wu_stream_ops {
    /**
     * Prepares the next request.
     *
     * @param buffer      [size] for a write, to be filled in
     * @param wait        [ms] for which it may wait until there is something
     * @param length_out  [bytes] to be moved; set with WU_STREAM_PIECE
     */
    enum wu_stream_next (
        *next)(void *context, unsigned char *buffer, uint32_t size, int wait, uint32_t *length_out);

    /** Takes what was moved; in order. @return false to end the stream as failed */
    bool (*moved)(void *context, const unsigned char *buffer, uint32_t length);

    /** Is told now and then how far it is. */
    void (*progress)(void *context, const struct wu_amount *amount);
};

struct wu_stream {
    WINUSB_INTERFACE_HANDLE iface;
    UCHAR pipe;
    WINUSB_SETUP_PACKET setup; /* of each request to pipe 0 */
    uint32_t size;             /* [bytes] of a request at most; not 0 */
    unsigned queue;            /* requests in flight at most; [1..WU_STREAM_QUEUE_MAX] */
    double seconds;            /* after which it ends; 0: never */
    const struct wu_stream_ops *ops;
    void *context;
};

struct wu_stream_result {
    struct wu_amount amount;
    DWORD error; /* of the first request that failed; ERROR_SUCCESS: none did */
    bool failed; /* ended by ops->moved */
};

/**
 * Moves until nothing is left, the time is over, something fails, the device is unplugged or Ctrl-C
 * comes (wu_interrupts_hold() was called). Then cancels what is in flight and waits for its end.
 *
 * @param result_out  filled in also when it fails
 * @return whether it could be tried at all: false without memory, nothing is set then
 */
bool wu_stream_run(const struct wu_stream *stream, struct wu_stream_result *result_out);

#endif
