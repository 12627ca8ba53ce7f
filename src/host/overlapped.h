/*
 * How an overlapped request begins and ends, as far as its caller can see.
 */
#ifndef WU_HOST_OVERLAPPED_H
#define WU_HOST_OVERLAPPED_H

#include <stdbool.h>
#include <windows.h>

/* Who is told of a request's end: settled when it begins, whatever becomes of hEvent meanwhile. */
struct wu_host_notice {
    HANDLE event; /* a reference of ours; NULL: the file's own */
    bool packet;  /* on the completion port, too */
};

/**
 * Marks a request as pending and resets its event, or, when it has none, the file's own.
 *
 * @param file        handle the request is made on
 * @param overlapped  the caller's, lent until wu_host_overlapped_finish(); untouched on failure
 * @param notice_out  set on success; to be given to wu_host_overlapped_finish()
 *
 * @return ERROR_SUCCESS;
 *         ERROR_INVALID_HANDLE  its event is none;
 *         ERROR_ACCESS_DENIED   it may not be set;
 *         ERROR_NOT_ENOUGH_MEMORY and others, when there is no reference to be had
 */
DWORD wu_host_overlapped_start(HANDLE file,
                               OVERLAPPED *overlapped,
                               struct wu_host_notice *notice_out);

/**
 * Ends a request: its bytes, then its status, then its event or the file's own.
 *
 * The application may free all of it at once, so nothing of the request is touched afterwards.
 * Never called under a lock.
 *
 * @param file        handle the request was made on; may be closed by now
 * @param overlapped  of wu_host_overlapped_start()
 * @param notice      the same
 * @param status      NTSTATUS, see ntstatus.h; not WU_STATUS_PENDING
 * @param bytes       transferred
 */
void wu_host_overlapped_finish(HANDLE file,
                               OVERLAPPED *overlapped,
                               struct wu_host_notice notice,
                               LONG status,
                               ULONG bytes);

/**
 * Ends a request that has only just begun.
 *
 * @return ERROR_IO_PENDING; errors of wu_host_overlapped_start(): the caller is not told otherwise
 */
DWORD wu_host_overlapped_end(HANDLE file, OVERLAPPED *overlapped, LONG status, ULONG bytes);

/**
 * Tells how a request ended, or waits for its end: see GetOverlappedResult().
 *
 * The request is looked at before its event: who has waited for an auto-reset event already has
 * taken its signal.
 *
 * @param bytes_out  [bytes] set when the request is done, whether it succeeded or not
 *
 * @return ERROR_SUCCESS, or the error that the request ended with;
 *         ERROR_IO_INCOMPLETE   it is not done: not waited, or something else set the event;
 *         ERROR_INVALID_HANDLE  it is not done, and there is nothing open to wait for
 */
DWORD wu_host_overlapped_result(HANDLE file,
                                const OVERLAPPED *overlapped,
                                DWORD *bytes_out,
                                bool wait);

#endif
