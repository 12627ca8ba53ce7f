/*
 * What tells a program that a request has ended: its event, or the file when it has none, and where
 * there are such, the completion port that the file is bound to. Beneath overlapped.h only.
 */
#ifndef WU_HOST_COMPLETION_H
#define WU_HOST_COMPLETION_H

#include <stdbool.h>
#include <windows.h>

/** Takes back what told of an earlier end. @param event  NULL: the file's own */
void wu_completion_reset(HANDLE file, HANDLE event);

/**
 * Tells of an end.
 *
 * @param event  NULL: the file's own
 * @param to     the request, for a packet on the port; NULL: wants none
 */
void wu_completion_set(HANDLE file, HANDLE event, OVERLAPPED *to, LONG status, ULONG bytes);

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
