/*
 * An interface handle: its life, and the answers that need no transfer of the program's.
 */
#ifndef WU_CORE_INTERFACE_H
#define WU_CORE_INTERFACE_H

#include <windows.h>

#include "core/device.h"
#include "core/tracking.h"
#include "host/handle.h"

struct wu_interface {
    struct wu_object object; /* must be first */
    struct wu_device *device;
    UCHAR number;    /* bInterfaceNumber */
    bool associated; /* of WinUsb_GetAssociatedInterface() */
    HANDLE handle;
    struct wu_tracking_owner tracking;

    _Atomic bool ended;        /* the handle is closed; nothing may start any more */
    struct wu_interface *next; /* [device's lock] */
};

/* --- Life ---------------------------------------------------------------------------------- */

/**
 * Opens the first interface of the function behind a file handle.
 *
 * @param handle_out  set on success
 * @return ERROR_SUCCESS, or an error of WinUsb_Initialize()
 */
DWORD wu_interface_open(HANDLE file, HANDLE *handle_out);

/**
 * Opens interface @p index [0..] of those that follow the first one of the function, in the order
 * of the configuration.
 *
 * @param handle_out  set on success
 * @return ERROR_SUCCESS, or an error of WinUsb_GetAssociatedInterface()
 */
DWORD wu_interface_open_associated(struct wu_interface *iface, UCHAR index, HANDLE *handle_out);

/**
 * Closes an interface handle: cancels the requests that were made with it and waits for their end,
 * unregisters its isochronous buffers, ends its tracking. Harmless for one that is not open. The
 * device closes with the last call that uses it.
 */
void wu_interface_close(HANDLE handle);

/** Closes all interface handles of a file, whose own handle is closed already. Whoever closes files
 *  calls this; before or after wu_interface_close(). */
void wu_interface_file_closed(HANDLE file);

/** Gets what a handle stands for, to be given back; NULL when it is not open, or the process is
 *  ending. */
struct wu_interface *wu_interface_acquire(HANDLE handle);
void wu_interface_release(struct wu_interface *iface);

/* --- Answers: each returns the errors of the export of its name ------------------------------ */

DWORD wu_interface_query_settings(struct wu_interface *iface,
                                  UCHAR index,
                                  USB_INTERFACE_DESCRIPTOR *descriptor_out);

DWORD wu_interface_query_pipe(struct wu_interface *iface,
                              UCHAR alternate,
                              UCHAR index,
                              WINUSB_PIPE_INFORMATION_EX *pipe_out);

DWORD wu_interface_query_device(struct wu_interface *iface,
                                ULONG type,
                                ULONG *length,
                                void *buffer);

/* Which descriptor, and where it goes. */
struct wu_descriptor_request {
    UCHAR type;
    UCHAR index;
    USHORT language;
    UCHAR *buffer;
    ULONG length; /* [bytes] */
};

/** @param transferred_out  [bytes] set on success */
DWORD wu_interface_get_descriptor(struct wu_interface *iface,
                                  const struct wu_descriptor_request *request,
                                  ULONG *transferred_out);

/* --- Overlapped requests --------------------------------------------------------------------- */

/** Tells how a request on the file ended, or waits for its end.
 *  @return the errors of WinUsb_GetOverlappedResult() */
DWORD wu_interface_result(struct wu_interface *iface,
                          const OVERLAPPED *overlapped,
                          DWORD *bytes_out,
                          bool wait);

#endif
