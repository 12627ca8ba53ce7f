/*
 * Handles of the system's DLL, each behind one of ours.
 *
 * Programs never get the system's own: these are addresses, so that one that is closed or made up
 * brings the process down, and one might equal a handle of ours.
 */
#ifndef WU_WINDOWS_SYSTEM_HANDLE_H
#define WU_WINDOWS_SYSTEM_HANDLE_H

#include <windows.h>

#include "host/handle.h"
#include "windows/system_counter.h"

/* First member of what such a handle stands for. */
struct wu_system_object {
    struct wu_object object; /* must be first */
    HANDLE handle;           /* the system's */
};

struct wu_system_buffer;

struct wu_system_interface {
    struct wu_system_object base; /* must be first */
    HANDLE file;                  /* the program's */
    struct wu_system_counter counter;

    bool ended;                       /* [buffers] */
    struct wu_system_buffer *buffers; /* [buffers] those that are registered */
};

/** Gets what a handle stands for, to be given back; NULL when none of this kind is open. */
struct wu_system_object *wu_system_acquire(HANDLE handle, enum wu_handle_kind kind);

/** Gives it back, and leaves the last error alone. */
void wu_system_release(struct wu_system_object *object);

/* Errors of those below: ERROR_NOT_ENOUGH_MEMORY. */

/** Makes a handle for an interface of the system's. @param file  of the program's  @param
 *  handle_out  set on success */
DWORD wu_system_interface_new(HANDLE system_handle, HANDLE file, HANDLE *handle_out);

/** Closes the handle of an interface and of all its buffers. Nothing of ours uses the system's
 *  handles any more then, but those who have called the system with them already.
 *  @return what it stood for, to be given back; NULL when it is not open */
struct wu_system_interface *wu_system_interface_close(HANDLE handle);

/** Makes a handle for a buffer of the system's, which ends with its interface.
 *  @return also ERROR_INVALID_HANDLE, when that has been closed */
DWORD wu_system_buffer_new(struct wu_system_interface *iface,
                           HANDLE system_handle,
                           HANDLE *handle_out);

/** Closes the handle of a buffer. @return what it stood for, to be given back; NULL when it is not
 *  open */
struct wu_system_object *wu_system_buffer_close(HANDLE handle);

#endif
