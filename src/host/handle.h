/*
 * The one table behind every HANDLE that we give out.
 *
 * A handle is a number that is looked up, with a generation: NULL, INVALID_HANDLE_VALUE, closed
 * and made-up handles are told apart from open ones and never dereferenced.
 */
#ifndef WU_HOST_HANDLE_H
#define WU_HOST_HANDLE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <windows.h>

enum wu_handle_kind {
    WU_HANDLE_FILE = 1, /* CreateFile; native build only */
    WU_HANDLE_EVENT,    /* CreateEvent; native build only */
    WU_HANDLE_INTERFACE,
    WU_HANDLE_ISOCH_BUFFER,
    WU_HANDLE_TRACKING,
    WU_HANDLE_DEVICE_INFO,  /* HDEVINFO; native build only */
    WU_HANDLE_NOTIFICATION, /* HCMNOTIFICATION; native build only */

    /* Of System32's winusb.dll, on Windows only: there are no more numbers than the native build
     * needs. */
    WU_HANDLE_SYSTEM_INTERFACE = WU_HANDLE_FILE,
    WU_HANDLE_SYSTEM_BUFFER = WU_HANDLE_EVENT,
};

/* First member of everything that is reference-counted. */
struct wu_object {
    _Atomic unsigned references;
    void (*destroy)(struct wu_object *object); /* called with the last reference */
};

/** Starts an object with one reference, the caller's. */
void wu_object_init(struct wu_object *object, void (*destroy)(struct wu_object *object));
/** Takes one more reference. */
void wu_object_acquire(struct wu_object *object);
/** Gives a reference back; NULL is accepted and ignored. */
void wu_object_release(struct wu_object *object);

/**
 * Makes a handle for an object.
 *
 * @param kind        what it is a handle of
 * @param object      reference-counted: the table takes over the caller's reference on success
 * @param handle_out  set on success; never NULL or INVALID_HANDLE_VALUE
 *
 * @return ERROR_SUCCESS, or ERROR_NOT_ENOUGH_MEMORY when the table is full
 */
DWORD wu_handle_new(enum wu_handle_kind kind, struct wu_object *object, HANDLE *handle_out);

/** Looks a handle up and takes a reference for the caller; NULL when no such handle is open. */
struct wu_object *wu_handle_acquire(HANDLE handle, enum wu_handle_kind kind);

/** Closes a handle and hands the table's reference to the caller; NULL when none is open. */
struct wu_object *wu_handle_close(HANDLE handle, enum wu_handle_kind kind);

/** Tells what kind of handle this is; 0 when none is open. */
enum wu_handle_kind wu_handle_kind_of(HANDLE handle);

/*
 * Handles of things that are never freed, for paths that may not wait: no lock, no reference.
 * The reader peeks, works on atomics, and asks wu_handle_is_open() before it believes the result.
 */

/** As wu_handle_new(), for a @p thing that is not reference-counted and outlives its handles;
 *  closed with wu_handle_close_unowned(). */
DWORD wu_handle_new_unowned(enum wu_handle_kind kind, void *thing, HANDLE *handle_out);

/** Closes such a handle. @return false when none is open */
bool wu_handle_close_unowned(HANDLE handle, enum wu_handle_kind kind);

/** Exchanges what an open handle stands for, for instance for NULL when it is lost. */
void wu_handle_set_unowned(HANDLE handle, enum wu_handle_kind kind, void *thing);

/** Looks such a handle up without lock or reference.
 *  @param thing_out  set when the handle is open
 *  @return whether it is open */
bool wu_handle_peek(HANDLE handle, enum wu_handle_kind kind, void **thing_out);

/** Tells, without lock, whether a handle is open; also for reference-counted kinds. Acquire loads
 *  before this call in program order happen before the check. */
bool wu_handle_is_open(HANDLE handle, enum wu_handle_kind kind);

#endif
