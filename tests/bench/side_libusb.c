/* Bare libusb's sides of a comparison. */
#include "bench/side.h"

#include <libusb.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>

/* A piece of a stream that is under way. */
struct piece {
    struct libusb_transfer *transfer;
    sem_t ended; /* where there is an event thread */
};

static libusb_context *context;
static libusb_device_handle *handle;
static struct piece pieces[BENCH_DEPTH];
static bool has_isoch; /* the setting with isochronous endpoints has been selected */

static pthread_t thread;
static _Atomic int over; /* the thread is to end */

static bool complain(const char *what, int result)
{
    fprintf(stderr, "bench: libusb: %s: %s\n", what, libusb_error_name(result));
    return false;
}

/* --- Opening ------------------------------------------------------------------------------- */

static bool open_found(libusb_device **list, unsigned bus, unsigned address)
{
    int result = LIBUSB_ERROR_NOT_FOUND;

    for (size_t i = 0; list[i] && !handle; i++)
        if (libusb_get_bus_number(list[i]) == bus && libusb_get_device_address(list[i]) == address)
            result = libusb_open(list[i], &handle);
    return handle || complain("open", result);
}

static bool claim(void)
{
    int result;

    libusb_set_auto_detach_kernel_driver(handle, 1);
    result = libusb_claim_interface(handle, 0);
    return result == 0 || complain("claim", result);
}

static bool open_device(unsigned bus, unsigned address)
{
    libusb_device **list;
    bool opened;

    handle = NULL;
    if (libusb_init(&context) != 0 || libusb_get_device_list(context, &list) < 0)
        return false;
    opened = open_found(list, bus, address) && claim();
    libusb_free_device_list(list, 1);

    for (int i = 0; i < BENCH_DEPTH; i++) {
        pieces[i].transfer = libusb_alloc_transfer(BENCH_ISOCH_PACKETS);
        sem_init(&pieces[i].ended, 0, 0);
    }
    return opened;
}

static void close_device(void)
{
    for (int i = 0; i < BENCH_DEPTH; i++) {
        libusb_free_transfer(pieces[i].transfer);
        sem_destroy(&pieces[i].ended);
    }
    if (has_isoch)
        libusb_release_interface(handle, BENCH_ISOCH_INTERFACE);
    has_isoch = false;
    libusb_release_interface(handle, 0);
    libusb_close(handle);
    libusb_exit(context);
}

/* --- Synchronous --------------------------------------------------------------------------- */

static bool control(uint32_t length)
{
    const int result = libusb_control_transfer(
        handle, LIBUSB_ENDPOINT_IN, LIBUSB_REQUEST_GET_DESCRIPTOR, LIBUSB_DT_CONFIG << 8, 0,
        bench_memory, (uint16_t)length, BENCH_CONTROL_TIMEOUT);

    return result >= 0 || complain("control", result);
}

static bool single(uint8_t endpoint, uint32_t length)
{
    int bytes;
    const int result = libusb_bulk_transfer(handle, endpoint, bench_memory, (int)length, &bytes, 0);

    return (result == 0 && bytes == (int)length) || complain("bulk", result);
}

/* --- Streams ------------------------------------------------------------------------------- */

/* What is left of a stream whose callbacks start the next piece. */
static unsigned left;    /* pieces to be started */
static int under_way;    /* pieces */
static int none_is_left; /* as libusb wants it */
static bool failed;

static bool start(int i, uint8_t endpoint, uint32_t length, libusb_transfer_cb_fn ended)
{
    struct piece *piece = &pieces[i];
    int result;

    libusb_fill_bulk_transfer(piece->transfer, handle, endpoint,
                              bench_memory + (size_t)i * BENCH_PIECE, (int)length, ended, piece, 0);
    result = libusb_submit_transfer(piece->transfer);
    return result == 0 || complain("submit", result);
}

static bool is_whole(const struct libusb_transfer *transfer)
{
    return transfer->status == LIBUSB_TRANSFER_COMPLETED &&
           (transfer->type == LIBUSB_TRANSFER_TYPE_ISOCHRONOUS ||
            transfer->actual_length == transfer->length);
}

static void LIBUSB_CALL start_next(struct libusb_transfer *transfer)
{
    failed = failed || !is_whole(transfer);
    if (left > 0 && !failed && libusb_submit_transfer(transfer) == 0)
        left--;
    else
        none_is_left = --under_way == 0;
}

static void begin(unsigned count)
{
    left = count;
    under_way = 0;
    none_is_left = count == 0;
    failed = false;
}

static bool await_end(void)
{
    while (!none_is_left)
        libusb_handle_events_completed(context, &none_is_left);
    return left == 0 && !failed;
}

static bool stream(uint8_t endpoint, uint32_t length, unsigned count)
{
    begin(count);
    for (int i = 0; i < BENCH_DEPTH && left > 0; i++, left--, under_way++)
        if (!start(i, endpoint, length, start_next))
            return false;
    return await_end();
}

static bool prepare_isoch(void)
{
    if (!has_isoch)
        has_isoch = libusb_claim_interface(handle, BENCH_ISOCH_INTERFACE) == 0 &&
                    libusb_set_interface_alt_setting(handle, BENCH_ISOCH_INTERFACE,
                                                     BENCH_ISOCH_SETTING) == 0;
    return has_isoch || complain("setting", LIBUSB_ERROR_OTHER);
}

static bool start_isoch(int i, uint8_t endpoint)
{
    struct libusb_transfer *transfer = pieces[i].transfer;
    int result;

    libusb_fill_iso_transfer(transfer, handle, endpoint,
                             bench_memory + (size_t)i * BENCH_ISOCH_PIECE, BENCH_ISOCH_PIECE,
                             BENCH_ISOCH_PACKETS, start_next, &pieces[i], 0);
    libusb_set_iso_packet_lengths(transfer, BENCH_ISOCH_PACKET);
    result = libusb_submit_transfer(transfer);
    return result == 0 || complain("isochronous", result);
}

static bool isoch(uint8_t endpoint, unsigned count)
{
    if (!prepare_isoch())
        return false;
    begin(count);
    for (int i = 0; i < BENCH_ISOCH_DEPTH && left > 0; i++, left--, under_way++)
        if (!start_isoch(i, endpoint))
            return false;
    return await_end();
}

const struct bench_side bench_libusb = {
    .name = "libusb",
    .open = open_device,
    .close = close_device,
    .control = control,
    .single = single,
    .stream = stream,
    .isoch = isoch,
};

/* --- The same with a thread for events ------------------------------------------------------ */

static void *handle_events(void *argument)
{
    (void)argument;
    while (!over)
        libusb_handle_events_completed(context, (int *)&over);
    return NULL;
}

static bool open_with_thread(unsigned bus, unsigned address)
{
    over = 0;
    return open_device(bus, address) && pthread_create(&thread, NULL, handle_events, NULL) == 0;
}

static void close_with_thread(void)
{
    over = 1;
    libusb_interrupt_event_handler(context);
    pthread_join(thread, NULL);
    close_device();
}

static void LIBUSB_CALL tell(struct libusb_transfer *transfer)
{
    struct piece *piece = transfer->user_data;

    sem_post(&piece->ended);
}

/* The caller gets each piece, in their order, and starts the next. */
static bool stream_with_thread(uint8_t endpoint, uint32_t length, unsigned count)
{
    bool ok = true;

    for (unsigned i = 0; ok && i < count + BENCH_DEPTH; i++) {
        struct piece *piece = &pieces[i % BENCH_DEPTH];

        if (i >= BENCH_DEPTH && i - BENCH_DEPTH < count) {
            sem_wait(&piece->ended);
            ok = is_whole(piece->transfer);
        }
        if (ok && i < count)
            ok = start((int)(i % BENCH_DEPTH), endpoint, length, tell);
    }
    return ok;
}

const struct bench_side bench_libusb_thread = {
    .name = "libusb, thread",
    .open = open_with_thread,
    .close = close_with_thread,
    .control = control,
    .single = single,
    .stream = stream_with_thread,
    .isoch = isoch,
};
