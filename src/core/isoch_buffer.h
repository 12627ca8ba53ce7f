/*
 * Memory that the program has registered for the transfers of an isochronous pipe.
 */
#ifndef WU_CORE_ISOCH_BUFFER_H
#define WU_CORE_ISOCH_BUFFER_H

#include <windows.h>

#include "core/interface.h"
#include "core/isoch_plan.h"

struct wu_isoch_buffer {
    struct wu_object object; /* must be first */
    struct wu_interface *iface;
    struct wu_pipe *pipe;
    UCHAR *bytes;
    ULONG length; /* [bytes] */
    int64_t lead; /* [ns] of wu_isoch_lead() */
    HANDLE handle;

    bool ended;                   /* [pipe's lock] the handle is closed; nothing may start */
    struct wu_isoch_buffer *next; /* [device's lock] */
};

/* --- Each returns the errors of the export of its name ---------------------------------------- */

/** @param handle_out  set on success */
DWORD wu_isoch_register(struct wu_interface *iface,
                        UCHAR address,
                        UCHAR *bytes,
                        ULONG length,
                        HANDLE *handle_out);

/** Waits for the end of the buffer's requests. */
DWORD wu_isoch_unregister(HANDLE handle);

/* --------------------------------------------------------------------------------------------- */

/** Gets what a handle stands for, to be given back; NULL when it is not open. */
struct wu_isoch_buffer *wu_isoch_buffer_acquire(HANDLE handle);
void wu_isoch_buffer_release(struct wu_isoch_buffer *buffer);

/** Gives the shape of a pipe as it is now.
 *  @return false when it is not open, or not isochronous */
bool wu_isoch_pipe_shape(struct wu_pipe *pipe, struct wu_isoch_shape *shape_out);

/** Unregisters all buffers of an interface whose requests have ended. */
void wu_isoch_end(struct wu_interface *iface);

#endif
