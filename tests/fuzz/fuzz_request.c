#include "fuzz_request.h"

#include <stdlib.h>

#include "host/ntstatus.h"

enum { UNTOUCHED = 0x5A5A5A5A };

struct fuzz_request fuzz_requests[FUZZ_REQUESTS];

static bool is_free(const struct fuzz_request *request)
{
    return !request->overlapped && !request->calling && request->waiting == 0;
}

static struct fuzz_request *find_free(void)
{
    for (size_t i = 0; i < FUZZ_REQUESTS; i++)
        if (is_free(&fuzz_requests[i]))
            return &fuzz_requests[i];
    return NULL;
}

struct fuzz_request *fuzz_request_new(HANDLE event, ULONG length)
{
    static unsigned serial;
    struct fuzz_request *request = find_free();

    if (!request)
        return NULL;

    *request = (struct fuzz_request){ .length = length, .calling = true };
    request->serial = ++serial;
    request->overlapped = calloc(1, sizeof(*request->overlapped));
    request->buffer = malloc(length);
    fuzz_require(request->overlapped && (request->buffer || length == 0));
    request->overlapped->Internal = UNTOUCHED;
    request->overlapped->InternalHigh = UNTOUCHED;
    request->overlapped->hEvent = event;
    return request;
}

static void let_go(struct fuzz_request *request)
{
    free(request->buffer);
    free(request->overlapped);
    request->buffer = NULL;
    request->overlapped = NULL;
}

void fuzz_request_called(struct fuzz_request *request, BOOL success, DWORD error)
{
    request->calling = false;
    fuzz_require(!success); /* also one that has ended already is pending */
    if (error == ERROR_IO_PENDING)
        return;

    fuzz_require(request->overlapped != NULL);
    fuzz_require(request->overlapped->Internal == UNTOUCHED);
    fuzz_require(request->overlapped->InternalHigh == UNTOUCHED);
    let_go(request);
}

bool fuzz_request_may_end_with(const struct fuzz_request *request, DWORD error)
{
    switch (error) {
    case ERROR_SUCCESS:
    case ERROR_NOT_ENOUGH_MEMORY:
    case ERROR_GEN_FAILURE:
    case ERROR_NOT_SUPPORTED: /* SET_CONFIGURATION */
    case ERROR_SEM_TIMEOUT:
    case ERROR_OPERATION_ABORTED:
    case ERROR_DEVICE_NOT_CONNECTED:
    case ERROR_BUSY: /* this and the two below: SET_INTERFACE */
    case ERROR_BAD_COMMAND:
    case ERROR_NOT_FOUND:
        return true;
    case ERROR_INVALID_PARAMETER: /* there is no stream to continue, or its frame is over */
        return request->isochronous;
    default:
        return false;
    }
}

static void look_at(struct fuzz_request *request)
{
    const OVERLAPPED *overlapped = request->overlapped;
    const LONG status = (LONG)(ULONG)overlapped->Internal;

    if (overlapped->Internal == UNTOUCHED || status == WU_STATUS_PENDING || request->waiting > 0)
        return;

    fuzz_require(fuzz_request_may_end_with(request, wu_error_of_status(status)));
    fuzz_require(overlapped->InternalHigh <= request->length);
    let_go(request);
}

void fuzz_requests_look(void)
{
    for (size_t i = 0; i < FUZZ_REQUESTS; i++)
        if (fuzz_requests[i].overlapped)
            look_at(&fuzz_requests[i]);
}

static bool is_meant(const struct fuzz_request *request, const struct fuzz_ending *ending)
{
    return request->overlapped && !request->calling &&
           (!ending->file || ending->file == request->file) &&
           (!ending->handle || ending->handle == request->handle) &&
           (ending->pipe < 0 || ending->pipe == request->pipe);
}

void fuzz_ending_begin(struct fuzz_ending *ending)
{
    for (size_t i = 0; i < FUZZ_REQUESTS; i++)
        ending->serials[i] = is_meant(&fuzz_requests[i], ending) ? fuzz_requests[i].serial : 0;
}

/* Another one may have taken its place. */
static bool has_ended(const struct fuzz_request *request, unsigned serial)
{
    return request->serial != serial || !request->overlapped ||
           request->overlapped->Internal != WU_STATUS_PENDING;
}

void fuzz_ending_end(const struct fuzz_ending *ending)
{
    for (size_t i = 0; i < FUZZ_REQUESTS; i++)
        fuzz_require(ending->serials[i] == 0 || has_ended(&fuzz_requests[i], ending->serials[i]));
}

bool fuzz_requests_all_ended(void)
{
    for (size_t i = 0; i < FUZZ_REQUESTS; i++)
        if (!is_free(&fuzz_requests[i]))
            return false;
    return true;
}
