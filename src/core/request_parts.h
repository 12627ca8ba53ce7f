/*
 * What the files of requests share.
 */
#ifndef WU_CORE_REQUEST_PARTS_H
#define WU_CORE_REQUEST_PARTS_H

#include "core/request.h"

/* Overlapped requests that have ended and must be finished once no lock is held. */
struct wu_request_ended {
    struct wu_request *first;
    struct wu_request **last;
};

static inline struct wu_request_ended wu_request_none_ended(struct wu_request_ended *ended)
{
    return (struct wu_request_ended){ NULL, &ended->first };
}

/* Those that end in _locked are called with the lock of the request's pipe held. */

/** Ends a request. @param ended  gets it if it is overlapped */
void wu_request_end_locked(struct wu_request *request, DWORD error, struct wu_request_ended *ended);

/** Begins those requests of a pipe that may. @param ended  gets those that ended at that */
void wu_request_begin_waiting_locked(struct wu_pipe *pipe, struct wu_request_ended *ended);

/** Gives the program its memory back, and tells it of the end. Never called under a lock. */
void wu_request_finish_all(struct wu_request_ended *ended);

/** Tells how long a transfer may be [bytes]; where memory is short, shorter ones are tried. */
ULONG wu_request_limit_locked(const struct wu_pipe *pipe);

/** Keeps a request that is in no list for the next one of its pipe. */
void wu_request_recycle_locked(struct wu_request *request);

#endif
