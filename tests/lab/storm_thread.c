#include "storm.h"

#include <string.h>

enum {
    BULK_IN = 0x81,
    BULK_OUT = 0x01,
    LOOP_IN = 0x82,
    LOOP_OUT = 0x02,
    INTERRUPT_IN = 0x83,
    INTERRUPT_OUT = 0x03,
    PACKET = 512,         /* [bytes] of the bulk pipes */
    LEAST_STEPS = 6,      /* of a thread */
    MORE_STEPS = 10,      /* at most */
    LONGEST_TIMEOUT = 4,  /* [ms] */
    LONGEST_CONTROL = 256 /* [bytes] */
};

/* --- What calls may give ------------------------------------------------------------------ */

static bool may_fail(const struct storm_thread *thread, HANDLE handle, DWORD error)
{
    const struct storm_scenario *scenario = thread->scenario;

    switch (error) {
    case ERROR_INVALID_HANDLE: /* the second one goes at any time */
        return atomic_load(&scenario->over) || handle != scenario->first;
    case ERROR_GEN_FAILURE:
    case ERROR_SEM_TIMEOUT:
    case ERROR_OPERATION_ABORTED:
        return true;
    case ERROR_FILE_NOT_FOUND:
    case ERROR_DEVICE_NOT_CONNECTED:
    case ERROR_NO_SUCH_DEVICE:
    case ERROR_BAD_COMMAND:
        return storm_loses_device(scenario);
    default:
        return false;
    }
}

/* Reports a failure that must not be. @return @p succeeded */
static bool check(const struct storm_thread *thread, HANDLE handle, BOOL succeeded)
{
    const DWORD error = GetLastError();
    const char *doing = atomic_load(&storm_doing[thread->number]);

    if (!succeeded && !may_fail(thread, handle, error))
        storm_wrong("%s failed with %u", doing, (unsigned)error);
    return succeeded;
}

static void doing(const struct storm_thread *thread, const char *what)
{
    atomic_store(&storm_doing[thread->number], what);
}

static WINUSB_INTERFACE_HANDLE any_handle(struct storm_thread *thread)
{
    const WINUSB_INTERFACE_HANDLE second = atomic_load(&thread->scenario->second);

    return second && storm_chance(&thread->random, 25) ? second : thread->scenario->first;
}

static UCHAR any_pipe(struct storm_thread *thread)
{
    static const UCHAR pipes[] = { BULK_IN,  BULK_IN,  BULK_IN,      BULK_OUT,     LOOP_IN,
                                   LOOP_IN,  LOOP_OUT, LOOP_OUT,     BULK_OUT,     BULK_IN,
                                   BULK_OUT, LOOP_IN,  INTERRUPT_IN, INTERRUPT_OUT };

    return pipes[storm_random(&thread->random, sizeof(pipes))];
}

/* --- Requests ------------------------------------------------------------------------------ */

static void close_one(struct storm_thread *thread, unsigned index)
{
    struct storm_request *request = thread->pending[index];

    thread->pending[index] = thread->pending[--thread->count];
    storm_request_close(request, thread);
}

/* Requests that nothing ends are cancelled first. */
static void await_one(struct storm_thread *thread, unsigned index)
{
    struct storm_request *request = thread->pending[index];

    doing(thread, "waiting for a request");
    if (storm_cancels(thread->scenario))
        CancelIoEx(thread->scenario->file, &request->loan->overlapped);
    storm_request_await(request, thread);
    close_one(thread, index);
}

static void close_ended(struct storm_thread *thread)
{
    for (unsigned i = thread->count; i-- > 0;)
        if (storm_request_has_ended(thread->pending[i]))
            close_one(thread, i);
}

/* When these calls return, none of the requests is pending. */
static void
check_ended(const struct storm_thread *thread, UCHAR pipe, HANDLE handle, const char *call)
{
    for (unsigned i = 0; i < thread->count; i++) {
        const struct storm_request *request = thread->pending[i];

        if ((handle ? request->handle == handle : request->pipe == pipe) &&
            !storm_request_has_ended(request))
            storm_wrong("%s left a request pending on pipe 0x%02X", call, request->pipe);
    }
}

static void count_pending(struct storm_scenario *scenario)
{
    const unsigned pending = atomic_fetch_add(&scenario->pending, 1) + 1;
    unsigned peak = atomic_load(&scenario->peak);

    while (pending > peak && !atomic_compare_exchange_weak(&scenario->peak, &peak, pending))
        ;
}

static struct storm_request *
prepare(struct storm_thread *thread, UCHAR pipe, ULONG length, const char *what)
{
    struct storm_request *request;

    if (thread->count == STORM_PENDING)
        await_one(thread, storm_random(&thread->random, STORM_PENDING));
    doing(thread, what);
    request = storm_request_new(length);
    request->handle = any_handle(thread);
    request->pipe = pipe;
    count_pending(thread->scenario);
    return request;
}

static void made(struct storm_thread *thread, struct storm_request *request, BOOL succeeded)
{
    if (succeeded)
        storm_wrong("an overlapped call did not say that it is pending");
    if (!succeeded && GetLastError() == ERROR_IO_PENDING) {
        thread->pending[thread->count++] = request;
        return;
    }
    check(thread, request->handle, succeeded);
    atomic_fetch_sub(&thread->scenario->pending, 1);
    storm_request_refused(request, thread);
}

/* What is looped back is short. Where short reads may be dangerous, those that can be queued are of
 * one length, which is none. */
static ULONG length_to_read(struct storm_thread *thread, UCHAR pipe)
{
    static const ULONG lengths[] = { 0, 1, 10, PACKET, 2 * PACKET, STORM_LENGTH };
    const bool alike = pipe == LOOP_IN && !thread->scenario->shortens;
    const unsigned choice = storm_random(&thread->random, 8);

    if (alike)
        return thread->scenario->is_raw || choice > 2 ? PACKET : lengths[choice];
    if (thread->scenario->is_raw)
        return PACKET * (1 + storm_random(&thread->random, STORM_LENGTH / PACKET));
    return choice < 6 ? lengths[choice] : storm_random(&thread->random, STORM_LENGTH);
}

/* What is looped back is of one packet each, so that a read never gets two pieces. */
static ULONG length_to_write(struct storm_thread *thread, UCHAR pipe)
{
    return storm_random(&thread->random, pipe == BULK_OUT ? STORM_LENGTH : PACKET / 8);
}

static void begin_read(struct storm_thread *thread)
{
    const UCHAR pipe = any_pipe(thread) | 0x80;
    struct storm_request *request =
        prepare(thread, pipe, length_to_read(thread, pipe), "WinUsb_ReadPipe");

    request->is_counting = !thread->scenario->ignores_short;
    made(thread, request,
         WinUsb_ReadPipe(request->handle, pipe, request->loan->data, request->length, NULL,
                         &request->loan->overlapped));
}

static void begin_write(struct storm_thread *thread)
{
    const UCHAR pipe = any_pipe(thread) & 0x7F;
    struct storm_request *request =
        prepare(thread, pipe, length_to_write(thread, pipe), "WinUsb_WritePipe");

    made(thread, request,
         WinUsb_WritePipe(request->handle, pipe, request->loan->data, request->length, NULL,
                          &request->loan->overlapped));
}

static WINUSB_SETUP_PACKET any_setup(struct storm_thread *thread)
{
    static const UCHAR requests[] = { LABDEV_ECHO, LABDEV_ECHO, LABDEV_REQUEST_DELAY,
                                      LABDEV_REQUEST_STALL, LABDEV_REQUEST_NAK };
    const unsigned count = thread->scenario->blocks_control ? 5 : 4;

    return (WINUSB_SETUP_PACKET){
        .RequestType = storm_chance(&thread->random, 50) ? 0x40 : 0xC0,
        .Request = requests[storm_random(&thread->random, count)],
        .Value = (USHORT)storm_random(&thread->random, 4),
        .Length = (USHORT)storm_random(&thread->random, LONGEST_CONTROL),
    };
}

static void begin_control(struct storm_thread *thread)
{
    const WINUSB_SETUP_PACKET setup = any_setup(thread);
    struct storm_request *request = prepare(thread, 0, setup.Length, "WinUsb_ControlTransfer");

    request->is_counting = true;
    made(thread, request,
         WinUsb_ControlTransfer(request->handle, setup, request->loan->data, setup.Length, NULL,
                                &request->loan->overlapped));
}

/* --- Synchronous calls --------------------------------------------------------------------- */

/* They need something else to end them. */
static bool may_wait(const struct storm_thread *thread)
{
    return !storm_cancels(thread->scenario);
}

static void read_and_wait(struct storm_thread *thread)
{
    UCHAR data[STORM_LENGTH];
    const HANDLE handle = any_handle(thread);
    const UCHAR pipe = any_pipe(thread) | 0x80;
    const ULONG length = length_to_read(thread, pipe);
    ULONG bytes = 0;

    if (!may_wait(thread))
        return;
    doing(thread, "WinUsb_ReadPipe, synchronous,");
    check(thread, handle, WinUsb_ReadPipe(handle, pipe, data, length, &bytes, NULL));
    if (bytes > length)
        storm_wrong("%u bytes of %u were read", (unsigned)bytes, (unsigned)length);
    else if (bytes > 0 && !thread->scenario->ignores_short && !thread->scenario->is_qemu &&
             labdev_mismatch(data, bytes, data[0]) != bytes)
        storm_wrong("pipe 0x%02X: what was read does not count", pipe);
}

static void write_and_wait(struct storm_thread *thread)
{
    UCHAR data[STORM_LENGTH];
    const HANDLE handle = any_handle(thread);
    const UCHAR pipe = any_pipe(thread) & 0x7F;
    const ULONG length = length_to_write(thread, pipe);
    ULONG bytes = 0;

    if (!may_wait(thread))
        return;
    labdev_fill(data, length, 0);
    doing(thread, "WinUsb_WritePipe, synchronous,");
    if (check(thread, handle, WinUsb_WritePipe(handle, pipe, data, length, &bytes, NULL)) &&
        bytes > length)
        storm_wrong("%u bytes of %u were written", (unsigned)bytes, (unsigned)length);
}

static void control_and_wait(struct storm_thread *thread)
{
    UCHAR data[LONGEST_CONTROL];
    const HANDLE handle = any_handle(thread);
    const WINUSB_SETUP_PACKET setup = any_setup(thread);
    ULONG bytes = 0;

    if (!may_wait(thread))
        return;
    labdev_fill(data, sizeof(data), 0);
    doing(thread, "WinUsb_ControlTransfer, synchronous,");
    if (check(thread, handle,
              WinUsb_ControlTransfer(handle, setup, data, setup.Length, &bytes, NULL)) &&
        bytes > setup.Length)
        storm_wrong("%u bytes of %u were transferred", (unsigned)bytes, setup.Length);
}

/* --- Cancelling ---------------------------------------------------------------------------- */

static void abort_pipe(struct storm_thread *thread)
{
    const UCHAR pipe = storm_chance(&thread->random, 10) ? 0 : any_pipe(thread);
    const HANDLE handle = any_handle(thread);

    doing(thread, "WinUsb_AbortPipe");
    if (check(thread, handle, WinUsb_AbortPipe(handle, pipe)))
        check_ended(thread, pipe, NULL, "WinUsb_AbortPipe");
}

static void reset_pipe(struct storm_thread *thread)
{
    const UCHAR pipe = any_pipe(thread);
    const HANDLE handle = any_handle(thread);

    if (!thread->scenario->resets_pipes)
        return;
    doing(thread, "WinUsb_ResetPipe");
    if (check(thread, handle, WinUsb_ResetPipe(handle, pipe)))
        check_ended(thread, pipe, NULL, "WinUsb_ResetPipe");
}

static void flush_pipe(struct storm_thread *thread)
{
    const HANDLE handle = any_handle(thread);

    doing(thread, "WinUsb_FlushPipe");
    check(thread, handle, WinUsb_FlushPipe(handle, any_pipe(thread) | 0x80));
}

static void check_cancel(const struct storm_thread *thread, BOOL succeeded)
{
    if (!succeeded && GetLastError() != ERROR_NOT_FOUND)
        check(thread, thread->scenario->first, succeeded);
}

static void cancel_one(struct storm_thread *thread)
{
    unsigned index;

    if (thread->count == 0)
        return;
    index = storm_random(&thread->random, thread->count);
    doing(thread, "CancelIoEx");
    check_cancel(thread,
                 CancelIoEx(thread->scenario->file, &thread->pending[index]->loan->overlapped));
    if (storm_chance(&thread->random, 50))
        await_one(thread, index);
}

static void cancel_all(struct storm_thread *thread)
{
    doing(thread, "CancelIoEx of all");
    check_cancel(thread, CancelIoEx(thread->scenario->file, NULL));
}

static void cancel_own(struct storm_thread *thread)
{
    doing(thread, "CancelIo");
    check(thread, thread->scenario->first, CancelIo(thread->scenario->file));
}

/* --- Handles and policies ------------------------------------------------------------------- */

static void free_second(struct storm_thread *thread)
{
    const WINUSB_INTERFACE_HANDLE second = atomic_exchange(&thread->scenario->second, NULL);

    if (!second)
        return;
    doing(thread, "WinUsb_Free");
    if (!WinUsb_Free(second))
        storm_wrong("WinUsb_Free failed with %u", (unsigned)GetLastError());
    check_ended(thread, 0, second, "WinUsb_Free");
}

/* Another thread may be faster, and the main thread may have looked for it too early. */
static void open_second(struct storm_thread *thread)
{
    WINUSB_INTERFACE_HANDLE second = NULL;
    const HANDLE first = thread->scenario->first;

    doing(thread, "WinUsb_GetAssociatedInterface");
    if (WinUsb_GetAssociatedInterface(first, 0, &second)) {
        atomic_store(&thread->scenario->second, second);
        if (atomic_load(&thread->scenario->over))
            free_second(thread);
    } else if (GetLastError() != ERROR_ALREADY_EXISTS) {
        check(thread, first, FALSE);
    }
}

static void change_second(struct storm_thread *thread)
{
    if (atomic_load(&thread->scenario->second))
        free_second(thread);
    else
        open_second(thread);
}

static void set_policy(struct storm_thread *thread)
{
    static const ULONG flags[] = { SHORT_PACKET_TERMINATE, ALLOW_PARTIAL_READS, AUTO_FLUSH,
                                   AUTO_CLEAR_STALL };
    const unsigned count = thread->scenario->resets_pipes ? 4 : 3;
    const ULONG policy = flags[storm_random(&thread->random, count)];
    UCHAR value = (UCHAR)storm_random(&thread->random, 2);
    const HANDLE handle = any_handle(thread);

    doing(thread, "WinUsb_SetPipePolicy");
    check(thread, handle, WinUsb_SetPipePolicy(handle, any_pipe(thread), policy, 1, &value));
}

static void set_timeout(struct storm_thread *thread)
{
    ULONG value = 1 + storm_random(&thread->random, LONGEST_TIMEOUT);
    const HANDLE handle = any_handle(thread);

    doing(thread, "WinUsb_SetPipePolicy");
    check(thread, handle,
          WinUsb_SetPipePolicy(handle, any_pipe(thread), PIPE_TRANSFER_TIMEOUT, sizeof(value),
                               &value));
}

/* --- The thread ---------------------------------------------------------------------------- */

static const struct {
    unsigned percent;
    void (*make)(struct storm_thread *thread);
} calls[] = {
    { 36, begin_read },    { 16, begin_write },     { 8, begin_control }, { 4, read_and_wait },
    { 3, write_and_wait }, { 3, control_and_wait }, { 4, abort_pipe },    { 3, reset_pipe },
    { 2, flush_pipe },     { 5, cancel_one },       { 1, cancel_all },    { 2, cancel_own },
    { 4, change_second },  { 4, set_policy },       { 2, set_timeout },   { 3, close_ended },
};

static void make_any_call(struct storm_thread *thread)
{
    unsigned number = storm_random(&thread->random, 100);
    size_t i = 0;

    while (number >= calls[i].percent)
        number -= calls[i++].percent;
    calls[i].make(thread);
}

/* Many of them pend, as nobody writes what they wait for. */
static void begin_all(struct storm_thread *thread)
{
    while (thread->count < STORM_PENDING && !atomic_load(&thread->scenario->over)) {
        const unsigned count = thread->count;

        begin_read(thread);
        if (thread->count == count)
            return; /* refused: handles are being closed */
    }
}

static void await_all(struct storm_thread *thread)
{
    if (storm_cancels(thread->scenario))
        cancel_own(thread);
    while (thread->count > 0)
        await_one(thread, storm_random(&thread->random, thread->count));
}

void *storm_thread_run(void *argument)
{
    struct storm_thread *thread = argument;
    const enum storm_end end = thread->scenario->end;
    const unsigned steps = LEAST_STEPS + storm_random(&thread->random, MORE_STEPS);

    if (thread->scenario->is_crowded)
        begin_all(thread);
    for (unsigned i = 0; i < steps && !atomic_load(&thread->scenario->over); i++)
        make_any_call(thread);
    if (end != STORM_CLOSE && (end != STORM_CUT || storm_chance(&thread->random, 50)))
        await_all(thread);
    doing(thread, "nothing");
    return NULL;
}

void storm_thread_end(struct storm_thread *thread)
{
    for (unsigned i = 0; i < thread->count; i++)
        if (!storm_request_has_ended(thread->pending[i]))
            storm_wrong("pipe 0x%02X: a request is pending with all handles closed",
                        thread->pending[i]->pipe);
    close_ended(thread);
    while (thread->over) {
        struct storm_request *request = thread->over;

        thread->over = request->next;
        storm_request_free(request);
    }
}
