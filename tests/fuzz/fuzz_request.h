/*
 * The overlapped requests of the program, and what it was promised of them: each that was accepted
 * ends once, within its bounds; the memory is the program's again from then on, and it frees it at
 * once, so that the address sanitizer sees who still uses it.
 */
#ifndef WU_TESTS_FUZZ_REQUEST_H
#define WU_TESTS_FUZZ_REQUEST_H

#include <windows.h>

#include "fuzz.h"

struct fuzz_request {
    unsigned serial;        /* unique */
    OVERLAPPED *overlapped; /* NULL: none, or it has ended */
    UCHAR *buffer;          /* owned, as is overlapped */
    ULONG length;           /* [bytes] */
    HANDLE file;
    HANDLE handle; /* of the interface it was made with */
    UCHAR pipe;
    bool isochronous;
    bool calling;     /* the call that makes it has not returned */
    unsigned waiting; /* calls that have been lent overlapped */
};

enum { FUZZ_REQUESTS = 32 };

extern struct fuzz_request fuzz_requests[FUZZ_REQUESTS];

/** Makes a request; NULL when there are too many. */
struct fuzz_request *fuzz_request_new(HANDLE event, ULONG length);

/** Tells what the call said. */
void fuzz_request_called(struct fuzz_request *request, BOOL success, DWORD error);

/** Frees what belongs to those that have ended. */
void fuzz_requests_look(void);

/** Those that a call is to end: members that are NULL allow all. */
struct fuzz_ending {
    HANDLE file;
    HANDLE handle;
    int pipe;                        /* -1: any */
    unsigned serials[FUZZ_REQUESTS]; /* which; 0: not that one */
};

/** Notes which requests a call has to end that is about to be made. */
void fuzz_ending_begin(struct fuzz_ending *ending);

/** Demands that they have ended. */
void fuzz_ending_end(const struct fuzz_ending *ending);

/** Tells whether none is left. */
bool fuzz_requests_all_ended(void);

/** Tells whether a request may end with an error. */
bool fuzz_request_may_end_with(const struct fuzz_request *request, DWORD error);

#endif
