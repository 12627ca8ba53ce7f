/*
 * A program of one or two threads, which does what the bytes say, and a device, which does so too,
 * over the fake bus: every call in any order, with handles that are open, closed or of another
 * kind.
 */
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#include "fibers.h"
#include "fuzz.h"
#include "fuzz_device.h"
#include "fuzz_request.h"
#include "host/host.h"
#include "tracker_fake.h"
#include "usb_fake.h"
#include "winusb.h"

enum { FILES = 2, INTERFACES = 6, EVENTS = 4, BUFFERS = 3, BUFFER_SIZE = 2048, UNSET = 0xA5 };

struct file {
    HANDLE handle;
    bool open;
    bool closing;
};

struct iface {
    HANDLE handle; /* also after it was closed */
    struct file *file;
    bool open;
    unsigned freeing; /* calls under way that close it */
};

struct event {
    HANDLE handle;
    bool manual;
    unsigned waiting; /* calls that wait for it */
};

/* Memory for isochronous transfers. */
struct isoch {
    HANDLE handle; /* also after it was unregistered; NULL: never registered */
    HANDLE file;
    UCHAR *bytes; /* owned; not there once it is unregistered */
    UCHAR pipe;
    bool busy; /* a call that registers or unregisters it is under way */
};

static struct fuzz_input input;
static struct file files[FILES];
static struct iface ifaces[INTERFACES];
static struct event events[EVENTS];
static struct isoch buffers[BUFFERS];

/* --- What a call may say -------------------------------------------------------------------- */

/* Where errors end; success is not among them. */
typedef DWORD error_list[12];

static const error_list open_errors = { ERROR_FILE_NOT_FOUND, ERROR_ACCESS_DENIED,
                                        ERROR_DEVICE_NOT_CONNECTED };
static const error_list initialize_errors = { ERROR_INVALID_HANDLE,    ERROR_NOT_ENOUGH_MEMORY,
                                              ERROR_BAD_COMMAND,       ERROR_ACCESS_DENIED,
                                              ERROR_INVALID_PARAMETER, ERROR_BAD_DEVICE };
static const error_list associated_errors = { ERROR_INVALID_HANDLE,    ERROR_ALREADY_EXISTS,
                                              ERROR_INVALID_PARAMETER, ERROR_NO_MORE_ITEMS,
                                              ERROR_NOT_ENOUGH_MEMORY, ERROR_BAD_COMMAND };
static const error_list query_errors = { ERROR_INVALID_HANDLE, ERROR_INVALID_PARAMETER,
                                         ERROR_NO_MORE_ITEMS, ERROR_INSUFFICIENT_BUFFER };
static const error_list descriptor_errors = { ERROR_INVALID_HANDLE, ERROR_INVALID_PARAMETER,
                                              ERROR_GEN_FAILURE, ERROR_DEVICE_NOT_CONNECTED };
static const error_list setting_errors = { ERROR_INVALID_HANDLE, ERROR_NOT_FOUND, ERROR_BUSY,
                                           ERROR_BAD_COMMAND, ERROR_GEN_FAILURE };
static const error_list policy_errors = { ERROR_INVALID_HANDLE, ERROR_INVALID_PARAMETER,
                                          ERROR_INSUFFICIENT_BUFFER };
static const error_list pipe_errors = { ERROR_INVALID_HANDLE, ERROR_INVALID_PARAMETER };
static const error_list reset_errors = { ERROR_INVALID_HANDLE, ERROR_INVALID_PARAMETER,
                                         ERROR_GEN_FAILURE, ERROR_DEVICE_NOT_CONNECTED };
static const error_list transfer_errors = { ERROR_INVALID_HANDLE,    ERROR_INVALID_PARAMETER,
                                            ERROR_IO_PENDING,        ERROR_NOT_ENOUGH_MEMORY,
                                            ERROR_SEM_TIMEOUT,       ERROR_GEN_FAILURE,
                                            ERROR_OPERATION_ABORTED, ERROR_DEVICE_NOT_CONNECTED };
static const error_list control_errors = { ERROR_INVALID_HANDLE,
                                           ERROR_INVALID_PARAMETER,
                                           ERROR_IO_PENDING,
                                           ERROR_NOT_ENOUGH_MEMORY,
                                           ERROR_SEM_TIMEOUT,
                                           ERROR_GEN_FAILURE,
                                           ERROR_OPERATION_ABORTED,
                                           ERROR_DEVICE_NOT_CONNECTED,
                                           ERROR_NOT_SUPPORTED,
                                           ERROR_NOT_FOUND,
                                           ERROR_BUSY,
                                           ERROR_BAD_COMMAND };
static const error_list cancel_errors = { ERROR_INVALID_HANDLE, ERROR_NOT_FOUND };

static bool is_listed(const error_list list, DWORD error)
{
    for (size_t i = 0; i < sizeof(error_list) / sizeof(DWORD); i++)
        if (error != ERROR_SUCCESS && list[i] == error)
            return true;
    return false;
}

/* What is true of a handle before a call. */
struct handle_state {
    HANDLE handle;
    bool closed; /* for good: no handle is ever given out twice */
};

/* @return whether it succeeded */
static bool judge(BOOL success, struct handle_state state, const error_list list)
{
    const DWORD error = GetLastError();

    fuzz_require(success || is_listed(list, error));
    fuzz_require(!state.closed || (!success && error == ERROR_INVALID_HANDLE));
    return success;
}

/* --- What it has --------------------------------------------------------------------------- */

static struct iface *pick_iface(void)
{
    return &ifaces[fuzz_pick(&input, INTERFACES)];
}

static struct handle_state state_of(const struct iface *iface)
{
    return (struct handle_state){ iface->handle, !iface->open && iface->freeing == 0 };
}

static UCHAR pick_pipe(void)
{
    static const UCHAR pipes[] = { 0x81, 0x02, 0x03, 0x84, 0x00, 0x85, 0x06, 0x80 };
    const unsigned choice = fuzz_take(&input);

    return choice < 0xF8 ? pipes[choice % 8] : (UCHAR)(choice << 3);
}

static ULONG pick_length(void)
{
    static const ULONG lengths[] = { 0, 1, 18, 63, 64, 65, 512, 513, 1024, 4096, 0x3F000, 0x3F041 };
    const unsigned choice = fuzz_take(&input);

    return choice < 0xF0 ? lengths[choice % 10] : lengths[choice % 12];
}

static HANDLE pick_event(void)
{
    const unsigned choice = fuzz_take(&input);
    const uintptr_t low_bit = choice >= 0xC0;

    if (choice % (EVENTS + 1) == EVENTS)
        return NULL;
    return (HANDLE)((uintptr_t)events[choice % (EVENTS + 1)].handle | low_bit);
}

/* --- Files and interfaces ------------------------------------------------------------------- */

static void open_file(void)
{
    struct file *file = &files[fuzz_pick(&input, FILES)];
    const DWORD flags = fuzz_take(&input) == 0xFF ? 0 : FILE_FLAG_OVERLAPPED;
    const struct handle_state none = { 0 };
    HANDLE handle;

    if (file->open || file->closing)
        return;

    handle = CreateFileA(FUZZ_DEVICE_NODE, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING,
                         flags, NULL);
    if (!judge(handle != INVALID_HANDLE_VALUE, none, open_errors))
        return;
    if (file->open || file->closing) {
        CloseHandle(handle); /* the other thread was faster */
        return;
    }
    file->handle = handle;
    file->open = true;
}

/* Closes the file's interfaces, too. */
static void close_file(struct file *file)
{
    struct fuzz_ending ending = { .file = file->handle, .pipe = -1 };
    bool own[INTERFACES], alone = true;

    if (!file->open)
        return;

    file->open = false;
    file->closing = true;
    for (size_t i = 0; i < INTERFACES; i++) {
        own[i] = ifaces[i].file == file;
        alone = alone && (!own[i] || ifaces[i].freeing == 0);
        ifaces[i].freeing += own[i];
    }
    fuzz_ending_begin(&ending);

    fuzz_require(CloseHandle(file->handle));

    for (size_t i = 0; i < INTERFACES; i++) {
        ifaces[i].freeing -= own[i];
        ifaces[i].open = ifaces[i].open && !own[i];
        alone = alone && (!own[i] || ifaces[i].freeing == 0);
    }
    if (alone)
        fuzz_ending_end(&ending);
    file->closing = false;
}

/* Closes the handle when there is no room for it. */
static void keep(HANDLE handle, struct file *file)
{
    for (size_t i = 0; i < INTERFACES; i++)
        if (!ifaces[i].open && ifaces[i].freeing == 0) {
            ifaces[i] = (struct iface){ handle, file, true, 0 };
            return;
        }
    WinUsb_Free(handle);
}

static void initialize(void)
{
    struct file *file = &files[fuzz_pick(&input, FILES)];
    const struct handle_state state = { file->handle, !file->open && !file->closing };
    WINUSB_INTERFACE_HANDLE handle = (HANDLE)(uintptr_t)UNSET;

    if (judge(WinUsb_Initialize(state.handle, &handle), state, initialize_errors))
        keep(handle, file);
    else
        fuzz_require(handle == NULL);
}

static void get_associated(void)
{
    struct iface *iface = pick_iface();
    struct file *file = iface->file;
    const struct handle_state state = state_of(iface);
    WINUSB_INTERFACE_HANDLE handle = (HANDLE)(uintptr_t)UNSET;

    if (judge(WinUsb_GetAssociatedInterface(state.handle, (UCHAR)fuzz_pick(&input, 4), &handle),
              state, associated_errors))
        keep(handle, file);
    else
        fuzz_require(handle == (HANDLE)(uintptr_t)UNSET);
}

/* Who closes what somebody else is closing comes to nothing, and is not told when that is done. */
static void free_iface(struct iface *iface)
{
    struct fuzz_ending ending = { .handle = iface->handle, .pipe = -1 };
    const bool first = iface->open && iface->freeing == 0;

    iface->freeing++;
    fuzz_ending_begin(&ending);

    fuzz_require(WinUsb_Free(iface->handle));

    iface->freeing--;
    iface->open = false;
    if (first && iface->freeing == 0)
        fuzz_ending_end(&ending);
}

/* --- Transfers ----------------------------------------------------------------------------- */

/* How a call that transfers is made. */
typedef BOOL (*transfer)(HANDLE handle,
                         UCHAR pipe,
                         UCHAR *buffer,
                         ULONG length,
                         ULONG *transferred,
                         OVERLAPPED *overlapped);

static BOOL control(HANDLE handle,
                    UCHAR pipe,
                    UCHAR *buffer,
                    ULONG length,
                    ULONG *transferred,
                    OVERLAPPED *overlapped)
{
    static const UCHAR types[] = { 0xC0, 0x40, 0xC1, 0x41, 0x01, 0x00, 0x80, 0xA1 };
    static const UCHAR requests[] = { 0x01, USB_REQUEST_SET_INTERFACE,
                                      USB_REQUEST_SET_CONFIGURATION, USB_REQUEST_GET_DESCRIPTOR };
    const unsigned choice = fuzz_take(&input);
    WINUSB_SETUP_PACKET setup = { types[choice % 8], requests[choice / 8 % 4], 0, 0, 0 };

    (void)pipe;
    setup.Value = (USHORT)fuzz_pick(&input, 3);
    setup.Length = (USHORT)(length + (choice >= 0xF0 ? choice - 0xF7 : 0));
    return WinUsb_ControlTransfer(handle, setup, buffer, length, transferred, overlapped);
}

static void transfer_now(transfer call, struct iface *iface, UCHAR pipe, const error_list errors)
{
    const struct handle_state state = state_of(iface);
    const ULONG length = pick_length();
    UCHAR *buffer = malloc(length);
    ULONG transferred = UNSET;

    fuzz_require(buffer || length == 0);
    if (judge(call(state.handle, pipe, buffer, length, &transferred, NULL), state, errors))
        fuzz_require(transferred <= length);
    else
        fuzz_require(GetLastError() != ERROR_IO_PENDING);
    fuzz_require(transferred <= length || transferred == UNSET);
    free(buffer);
}

static void transfer_later(transfer call, struct iface *iface, UCHAR pipe, const error_list errors)
{
    const struct handle_state state = state_of(iface);
    struct fuzz_request *request = fuzz_request_new(pick_event(), pick_length());
    bool success;

    if (!request)
        return;

    request->file = iface->file ? iface->file->handle : NULL;
    request->handle = state.handle;
    request->pipe = pipe;
    success =
        judge(call(state.handle, pipe, request->buffer, request->length, NULL, request->overlapped),
              state, errors);
    fuzz_request_called(request, success, GetLastError());
}

static void transfer_any(transfer call, const error_list errors)
{
    struct iface *iface = pick_iface();
    const UCHAR pipe = call == control ? 0 : pick_pipe();

    if (fuzz_take(&input) % 4 == 0)
        transfer_now(call, iface, pipe, errors);
    else
        transfer_later(call, iface, pipe, errors);
}

/* Chosen by OVERLAPPED; NULL: none is there. */
static struct fuzz_request *pick_request(void)
{
    struct fuzz_request *request = &fuzz_requests[fuzz_pick(&input, FUZZ_REQUESTS)];

    return request->overlapped && !request->calling ? request : NULL;
}

static struct event *event_of(const OVERLAPPED *overlapped)
{
    for (size_t i = 0; i < EVENTS; i++)
        if (((uintptr_t)overlapped->hEvent & ~(uintptr_t)1) == (uintptr_t)events[i].handle)
            return &events[i];
    return NULL;
}

/* Others may take the signal of an event that resets itself: whoever waits for two requests by one
 * waits for ever. So does who waits by another file. */
static bool
may_wait(const struct fuzz_request *request, const struct iface *iface, const struct event *event)
{
    if (request->overlapped->hEvent)
        return event && event->manual;
    return iface->file && iface->file->handle == request->file;
}

static void get_result(void)
{
    struct fuzz_request *request = pick_request();
    const struct iface *iface = pick_iface();
    const struct handle_state state = state_of(iface);
    struct event *event = request ? event_of(request->overlapped) : NULL;
    const bool wait = fuzz_take(&input) % 2 == 0 && request && may_wait(request, iface, event);
    DWORD bytes = UNSET;
    DWORD error = ERROR_SUCCESS;

    if (!request)
        return;

    request->waiting++;
    if (event)
        event->waiting++;
    if (!WinUsb_GetOverlappedResult(state.handle, request->overlapped, &bytes, wait))
        error = GetLastError();
    if (event)
        event->waiting--;
    request->waiting--;

    fuzz_require(!state.closed || error == ERROR_INVALID_HANDLE);
    if (error == ERROR_IO_INCOMPLETE || error == ERROR_INVALID_HANDLE)
        fuzz_require(bytes == UNSET);
    else
        fuzz_require(fuzz_request_may_end_with(request, error) && bytes <= request->length);
}

/* --- Isochronous transfers ------------------------------------------------------------------- */

static void register_buffer(void)
{
    struct isoch *buffer = &buffers[fuzz_pick(&input, BUFFERS)];
    const struct iface *iface = pick_iface();
    const struct handle_state state = state_of(iface);
    const HANDLE file = iface->file ? iface->file->handle : NULL;
    WINUSB_ISOCH_BUFFER_HANDLE handle = (HANDLE)(uintptr_t)UNSET;
    const UCHAR pipe = pick_pipe();

    if (buffer->bytes || buffer->busy)
        return;

    *buffer = (struct isoch){ NULL, file, malloc(BUFFER_SIZE), pipe, true };
    fuzz_require(buffer->bytes != NULL);
    if (judge(WinUsb_RegisterIsochBuffer(state.handle, pipe, buffer->bytes, BUFFER_SIZE, &handle),
              state, transfer_errors)) {
        buffer->handle = handle;
    } else {
        fuzz_require(handle == (HANDLE)(uintptr_t)UNSET);
        free(buffer->bytes);
        buffer->bytes = NULL;
    }
    buffer->busy = false;
}

/* One whose interface was closed is not registered any more; its memory is kept to the end. */
static void unregister_buffer(void)
{
    struct isoch *buffer = &buffers[fuzz_pick(&input, BUFFERS)];
    const struct handle_state state = { buffer->handle, !buffer->bytes };

    if (buffer->busy)
        return;

    buffer->busy = true;
    if (judge(WinUsb_UnregisterIsochBuffer(state.handle), state, pipe_errors)) {
        free(buffer->bytes);
        buffer->bytes = NULL;
    }
    buffer->busy = false;
}

struct isoch_call {
    HANDLE handle;
    unsigned manner;
    ULONG offset;  /* [bytes] */
    ULONG length;  /* [bytes] */
    ULONG packets; /* of results */
    USBD_ISO_PACKET_DESCRIPTOR *results;
    OVERLAPPED *overlapped;
};

static BOOL call_isoch(const struct isoch_call *call)
{
    ULONG frame = call->manner;

    switch (call->manner % 4) {
    case 0:
        return WinUsb_ReadIsochPipeAsap(call->handle, call->offset, call->length, call->manner >= 8,
                                        call->packets, call->results, call->overlapped);
    case 1:
        return WinUsb_WriteIsochPipeAsap(call->handle, call->offset, call->length,
                                         call->manner >= 8, call->overlapped);
    case 2:
        return WinUsb_ReadIsochPipe(call->handle, call->offset, call->length, &frame, call->packets,
                                    call->results, call->overlapped);
    default:
        return WinUsb_WriteIsochPipe(call->handle, call->offset, call->length, &frame,
                                     call->overlapped);
    }
}

/* [packets] mostly as many as a whole number of frames has, of 64 bytes each. */
static ULONG pick_packets(void)
{
    const unsigned choice = fuzz_take(&input);

    return choice < 0xE0 ? (choice % 4 + 1) * 8 : choice % 40;
}

static void isoch_now(struct isoch_call call, struct handle_state state)
{
    call.results = calloc(call.packets + 1, sizeof(*call.results));
    fuzz_require(call.results != NULL);
    if (!judge(call_isoch(&call), state, transfer_errors))
        fuzz_require(GetLastError() != ERROR_IO_PENDING);
    free(call.results);
}

static void
isoch_later(struct isoch_call call, const struct isoch *buffer, struct handle_state state)
{
    const ULONG size = call.packets * (ULONG)sizeof(*call.results);
    struct fuzz_request *request = fuzz_request_new(pick_event(), size);
    bool success;

    if (!request)
        return;

    request->isochronous = true;
    request->length = 0; /* bytes are not counted */
    request->file = buffer->file;
    request->pipe = buffer->pipe;
    call.results = (USBD_ISO_PACKET_DESCRIPTOR *)request->buffer;
    call.overlapped = request->overlapped;
    success = judge(call_isoch(&call), state, transfer_errors);
    fuzz_request_called(request, success, GetLastError());
}

static void transfer_isoch(void)
{
    struct isoch *buffer = &buffers[fuzz_pick(&input, BUFFERS)];
    const struct handle_state state = { buffer->handle, !buffer->bytes && !buffer->busy };
    struct isoch_call call = { .handle = state.handle };

    call.manner = fuzz_pick(&input, 16);
    call.packets = pick_packets();
    call.length = call.packets * 64;
    call.offset = fuzz_take(&input) < 0xE0 ? 0 : 64;
    if (fuzz_take(&input) % 4 == 0)
        isoch_now(call, state);
    else
        isoch_later(call, buffer, state);
}

/* --- Pipes --------------------------------------------------------------------------------- */

static void end_pipe(BOOL(WINAPI *call)(HANDLE, UCHAR), const error_list errors)
{
    struct iface *iface = pick_iface();
    const struct handle_state state = state_of(iface);
    struct fuzz_ending ending = { .file = iface->file ? iface->file->handle : NULL };
    const UCHAR pipe = pick_pipe();

    ending.pipe = pipe;
    fuzz_ending_begin(&ending);
    if (judge(call(state.handle, pipe), state, errors) && ending.file)
        fuzz_ending_end(&ending);
}

static void flush(void)
{
    const struct handle_state state = state_of(pick_iface());

    judge(WinUsb_FlushPipe(state.handle, pick_pipe()), state, pipe_errors);
}

static void set_policy(void)
{
    const struct handle_state state = state_of(pick_iface());
    const ULONG type = fuzz_pick(&input, RESET_PIPE_ON_RESUME + 2);
    const UCHAR pipe = pick_pipe();
    ULONG value = fuzz_pick(&input, 3);
    const ULONG length = type == PIPE_TRANSFER_TIMEOUT ? sizeof(value) : sizeof(UCHAR);

    judge(WinUsb_SetPipePolicy(state.handle, pipe, type, length, &value), state, policy_errors);
}

static void get_policy(void)
{
    const struct handle_state state = state_of(pick_iface());
    const ULONG type = fuzz_pick(&input, RESET_PIPE_ON_RESUME + 2);
    const ULONG room = fuzz_pick(&input, 6);
    const UCHAR pipe = pick_pipe();
    UCHAR *value = calloc(1, room + 1);
    ULONG length = room;

    fuzz_require(value != NULL);
    if (!judge(WinUsb_GetPipePolicy(state.handle, pipe, type, &length, value), state,
               policy_errors))
        fuzz_require(length == room && value[0] == 0);
    fuzz_require(length <= room);
    free(value);
}

static void set_power(void)
{
    const struct handle_state state = state_of(pick_iface());
    const ULONG value = fuzz_take(&input);
    const ULONG type = fuzz_pick(&input, 2) == 0 ? AUTO_SUSPEND : SUSPEND_DELAY;

    judge(WinUsb_SetPowerPolicy(state.handle, type, type == AUTO_SUSPEND ? 1 : 4, (void *)&value),
          state, policy_errors);
}

/* --- Settings and questions ----------------------------------------------------------------- */

static void set_setting(void)
{
    const struct handle_state state = state_of(pick_iface());

    judge(WinUsb_SetCurrentAlternateSetting(state.handle, (UCHAR)fuzz_pick(&input, 3)), state,
          setting_errors);
}

static void get_setting(void)
{
    const struct handle_state state = state_of(pick_iface());
    UCHAR setting = UNSET;

    if (!judge(WinUsb_GetCurrentAlternateSetting(state.handle, &setting), state, query_errors))
        fuzz_require(setting == UNSET);
}

static void query(void)
{
    const struct handle_state state = state_of(pick_iface());
    const unsigned choice = fuzz_take(&input);
    WINUSB_PIPE_INFORMATION_EX pipe = { .PipeId = UNSET };
    USB_INTERFACE_DESCRIPTOR setting = { .bLength = UNSET };
    ULONG length = choice % 2;
    UCHAR speed = UNSET;

    if (!judge(
            WinUsb_QueryPipeEx(state.handle, (UCHAR)(choice % 4), (UCHAR)(choice / 4 % 4), &pipe),
            state, query_errors))
        fuzz_require(pipe.PipeId == UNSET);
    if (!judge(WinUsb_QueryInterfaceSettings(state.handle, (UCHAR)(choice % 4), &setting), state,
               query_errors))
        fuzz_require(setting.bLength == UNSET);
    if (!judge(WinUsb_QueryDeviceInformation(state.handle, DEVICE_SPEED, &length, &speed), state,
               query_errors))
        fuzz_require(speed == UNSET && length == choice % 2);
}

static void get_descriptor(void)
{
    const struct handle_state state = state_of(pick_iface());
    const UCHAR type = (UCHAR)fuzz_pick(&input, 16);
    const UCHAR index = (UCHAR)fuzz_pick(&input, 3);
    const ULONG length = pick_length();
    ULONG transferred = UNSET;
    UCHAR *buffer = malloc(length);

    fuzz_require(buffer || length == 0);
    if (judge(WinUsb_GetDescriptor(state.handle, type, index, 0, buffer, length, &transferred),
              state, descriptor_errors))
        fuzz_require(transferred <= length);
    else
        fuzz_require(transferred == UNSET);
    free(buffer);
}

/* --- Cancelling, events --------------------------------------------------------------------- */

static void cancel(void)
{
    const struct file *file = &files[fuzz_pick(&input, FILES)];
    const struct handle_state state = { file->handle, !file->open && !file->closing };
    const unsigned choice = fuzz_take(&input);
    const struct fuzz_request *request = pick_request();

    if (choice % 3 == 0)
        judge(CancelIo(state.handle), state, cancel_errors);
    else
        judge(CancelIoEx(state.handle, choice % 3 == 1 && request ? request->overlapped : NULL),
              state, cancel_errors);
}

static void make_event(struct event *event, unsigned choice)
{
    event->manual = choice % 2 == 0;
    event->handle = CreateEventA(NULL, event->manual, choice % 4 >= 2, NULL);
    fuzz_require(event->handle != NULL);
}

/* Requests may still be going to set it. */
static void replace_event(void)
{
    struct event *event = &events[fuzz_pick(&input, EVENTS)];
    struct event replacement = { 0 }, replaced;

    make_event(&replacement, fuzz_take(&input));
    replaced = event->waiting > 0 ? replacement : *event;
    if (event->waiting == 0)
        *event = replacement;
    fuzz_require(CloseHandle(replaced.handle));
}

/* --- The program --------------------------------------------------------------------------- */

static void act(void)
{
    switch (fuzz_pick(&input, 32)) {
    case 0:
        open_file();
        break;
    case 1:
        close_file(&files[fuzz_pick(&input, FILES)]);
        break;
    case 2:
    case 3:
        initialize();
        break;
    case 4:
        get_associated();
        break;
    case 5:
        free_iface(pick_iface());
        break;
    case 6:
    case 7:
        set_policy();
        break;
    case 8:
        get_policy();
        break;
    case 9:
        set_power();
        break;
    case 10:
    case 11:
        set_setting();
        break;
    case 12:
        get_setting();
        break;
    case 13:
        query();
        break;
    case 14:
        get_descriptor();
        break;
    case 15:
        end_pipe(WinUsb_AbortPipe, pipe_errors);
        break;
    case 16:
        end_pipe(WinUsb_ResetPipe, reset_errors);
        break;
    case 17:
        flush();
        break;
    case 18:
        cancel();
        break;
    case 19:
        replace_event();
        break;
    case 20:
    case 21:
        get_result();
        break;
    case 22:
        transfer_any(control, control_errors);
        break;
    case 23:
        register_buffer();
        break;
    case 24:
    case 25:
        transfer_any(WinUsb_WritePipe, transfer_errors);
        break;
    case 26:
        unregister_buffer();
        break;
    case 28:
    case 29:
        transfer_isoch();
        break;
    default:
        transfer_any(WinUsb_ReadPipe, transfer_errors);
        break;
    }
}

static void act_to_the_end(void)
{
    while (input.size > 0) {
        act();
        fibers_yield();
    }
}

static void run_other(void *unused)
{
    (void)unused;
    act_to_the_end();
}

static void begin(void)
{
    memset(files, 0, sizeof(files));
    memset(ifaces, 0, sizeof(ifaces));
    memset(buffers, 0, sizeof(buffers));
    memset(fuzz_requests, 0, sizeof(fuzz_requests));
    for (unsigned i = 0; i < EVENTS; i++)
        make_event(&events[i], i);
}

static void end(bool files_first)
{
    for (size_t i = 0; i < FILES && files_first; i++)
        close_file(&files[i]);
    for (size_t i = 0; i < INTERFACES; i++)
        free_iface(&ifaces[i]);
    for (size_t i = 0; i < FILES; i++)
        close_file(&files[i]);
    for (size_t i = 0; i < EVENTS; i++)
        CloseHandle(events[i].handle);
    for (size_t i = 0; i < BUFFERS; i++)
        free(buffers[i].bytes);
}

static void run_program(void *unused)
{
    const unsigned manner = fuzz_take(&input);
    struct wu_host_thread device, other;

    (void)unused;
    begin();
    if ((manner & 2) == 0) {
        open_file();
        initialize();
    }
    wu_host_thread_start(&device, fuzz_device_run, NULL);
    if ((manner & 4) != 0)
        wu_host_thread_start(&other, run_other, NULL);
    act_to_the_end();
    if ((manner & 4) != 0)
        wu_host_thread_join(&other);
    end(manner % 2 == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    uint32_t seed;
    unsigned interruptions;

    input = (struct fuzz_input){ bytes, size };
    seed = fuzz_take(&input) * 0x9E3779B9u;
    interruptions = fuzz_take(&input);
    fake_tracker_reset();
    fuzz_device_plug(&input);

    fibers_run(seed, interruptions, run_program, fuzz_requests_look);

    fuzz_requests_look();
    fuzz_require(fuzz_requests_all_ended());
    fuzz_require(fake_usb_is_idle());
    fuzz_require(fake_tracker.acquired == 0);
    return 0;
}
