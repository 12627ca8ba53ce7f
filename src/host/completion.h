/*
 * What tells a program that a request has ended: its event, or the file when it has none, and where
 * there are such, the completion port that the file is bound to. Beneath overlapped.h only.
 */
#ifndef WU_HOST_COMPLETION_H
#define WU_HOST_COMPLETION_H

#include <stdbool.h>
#include <windows.h>

/**
 * Takes a reference to an event, as its number may be another one's when the request ends.
 *
 * @param event     the program's; NULL: the file's own
 * @param held_out  set on success; to be given to wu_completion_release()
 * @return ERROR_SUCCESS; ERROR_INVALID_HANDLE and others, when there is none to be had
 */
DWORD wu_completion_hold(HANDLE event, HANDLE *held_out);

void wu_completion_release(HANDLE held);

/** Takes back what told of an earlier end. @return ERROR_SUCCESS, or why it cannot be set */
DWORD wu_completion_reset(HANDLE file, HANDLE held);

/** Tells of an end. @param to  the request, for a packet on the port; NULL: wants none */
void wu_completion_set(HANDLE file, HANDLE held, OVERLAPPED *to, LONG status, ULONG bytes);

/**
 * Waits for an end to be told, unless it has been.
 *
 * @param event  NULL: the file's own
 * @param over   asked about @p request; must not wait
 *
 * @return false when there is nothing open to wait for; else the wait is over, if not the request
 */
bool wu_completion_wait(HANDLE file,
                        HANDLE event,
                        bool (*over)(const void *request),
                        const OVERLAPPED *request);

#endif
