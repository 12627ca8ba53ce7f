/*
 * The program's own file handles that are devices of ours, and what it has made of them: the
 * completion port that it bound one to, and whether its waiting for the file itself is over.
 *
 * A handle is known from wu_host_file_add() until wu_host_file_forget(), which comes before the
 * system may give the same number to another file. Any thread may call.
 *
 * Under Wine, whoever waits for a handle, closes or cancels, whichever handle it is, asks
 * wu_host_file_event(), _closing() or _is_known(): these take no lock and allocate nothing.
 */
#ifndef WU_HOST_WIN32_FILE_H
#define WU_HOST_WIN32_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <windows.h>

/**
 * Gets to know a file. One that is known already stays as it is.
 *
 * @param what  [size] copied: whatever the caller wants to remember
 * @return ERROR_SUCCESS or ERROR_NOT_ENOUGH_MEMORY
 */
DWORD wu_host_file_add(HANDLE file, const void *what, size_t size);

/** Gives what is remembered of a file. @param what_out  [size] set on success
 *  @return false when it is not known, or being closed */
bool wu_host_file_recall(HANDLE file, void *what_out, size_t size);

/** Tells whether a file is known, and not being closed. */
bool wu_host_file_is_known(HANDLE file);

/** Remembers something else of a file that is known. */
void wu_host_file_update(HANDLE file, const void *what, size_t size);

/** Says that a file is about to be closed: it is not recalled any more, but its requests still end
 *  as they should. @return false when it is not known, or others are closing it */
bool wu_host_file_closing(HANDLE file);

/** Forgets a file; nothing ends for it any more. */
void wu_host_file_forget(HANDLE file);

/** Remembers that the requests of a file that is known shall go to a port; takes a handle of its
 *  own to it. */
void wu_host_file_bind(HANDLE file, HANDLE port, ULONG_PTR key);

/** Tells that a request without an event of its own begins. */
void wu_host_file_begin(HANDLE file);

/** Tells that a request has ended: sets its event, or the file's when it has none, and then queues
 * the end to the port. That is the port that the file had before the event was set: a program that
 * waits for the event may bind the file next.
 *  @param overlapped  NULL: the port hears nothing */
void wu_host_file_end(HANDLE file, HANDLE event, OVERLAPPED *overlapped, LONG status, ULONG bytes);

/** Gives the event to wait for instead of the file: set while no request without an event of its
 *  own has begun since the last one ended. NULL: the file is not known, or there is no event to be
 *  had. It stays ours, and is never closed. */
HANDLE wu_host_file_event(HANDLE file);

#endif
