/*
 * Isochronous transfers from and to buffers that the program has registered.
 */
#ifndef WU_CORE_ISOCH_H
#define WU_CORE_ISOCH_H

#include <windows.h>

#include "core/isoch_buffer.h"
#include "core/isoch_plan.h"

/* What the program gave to a call. */
struct wu_isoch_call {
    ULONG offset; /* [bytes] into the buffer */
    ULONG length; /* [bytes] */
    enum wu_isoch_start start;
    ULONG *frame; /* for WU_ISOCH_AT_FRAME; becomes the one after the last when it is accepted */
    ULONG result_count;
    USBD_ISO_PACKET_DESCRIPTOR *results;
    OVERLAPPED *overlapped; /* NULL: synchronous */
};

/* Each returns the errors of the export of its name: ERROR_IO_PENDING for an overlapped request
 * that was accepted, however soon it ends. */

DWORD wu_isoch_read(struct wu_isoch_buffer *buffer, const struct wu_isoch_call *call);

/** Results of packets are not asked for. */
DWORD wu_isoch_write(struct wu_isoch_buffer *buffer, const struct wu_isoch_call *call);

#endif
