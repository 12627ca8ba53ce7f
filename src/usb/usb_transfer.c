/*
 * Transfers that do not block, and the queues their completions go to, over libusb.
 *
 * libusb calls back in whichever thread handles its events, under a lock of its own. So a callback
 * only puts the transfer into its queue, and the thread that fetches it does the rest. For the
 * same reason no lock of ours is held while libusb is called.
 */
#include "usb/usb.h"

#include <errno.h>
#include <libusb.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "host/host.h"
#include "usb/usb_error.h"
#include "usb/usb_session.h"

struct transfer {
    struct wu_usb_device *device;
    struct libusb_transfer *libusb;
    uint32_t packet_room; /* packets that libusb's transfer has room for */

    /* Of the submission; constant while the transfer runs. */
    uint64_t tag;
    struct queue *queue; /* NULL: to wu_usb_transfer_wait() */
    struct wu_usb_packet *packets;

    _Atomic int done;      /* without a queue: the transfer has ended */
    struct transfer *next; /* [queue->lock] */
};

struct queue {
    struct wu_usb_device *device;

    struct wu_host_mutex lock;
    struct transfer *first; /* [lock] ended and not fetched, oldest first */
    struct transfer *last;  /* [lock] undefined while there is no first */
    bool woken;             /* [lock] */
    _Atomic int ready;      /* [lock] to write: something came since the last look */
};

static struct queue *queue_of(uint64_t number)
{
    return (struct queue *)(uintptr_t)number;
}

static struct transfer *transfer_of(uint64_t number)
{
    return (struct transfer *)(uintptr_t)number;
}

/* --- Completions --------------------------------------------------------------------------- */

static enum wu_usb_packet_status packet_status_of(enum libusb_transfer_status status)
{
    /* clang-format off */
    switch (status) {
    case LIBUSB_TRANSFER_COMPLETED: return WU_USB_PACKET_DONE;
    case LIBUSB_TRANSFER_CANCELLED: return WU_USB_PACKET_CANCELLED;
    case LIBUSB_TRANSFER_STALL:     return WU_USB_PACKET_STALLED;
    case LIBUSB_TRANSFER_NO_DEVICE: return WU_USB_PACKET_GONE;
    case LIBUSB_TRANSFER_OVERFLOW:  return WU_USB_PACKET_OVERRUN;
    default:                        return WU_USB_PACKET_FAILED;
    }
    /* clang-format on */
}

/* Never more than was asked for: emulated controllers have been seen to count a control transfer's
 * setup packet, and to come to less than nothing. */
static uint32_t bytes_of(const struct libusb_transfer *libusb)
{
    const bool control = libusb->type == LIBUSB_TRANSFER_TYPE_CONTROL;
    const int room = libusb->length - (control ? WU_USB_SETUP_SIZE : 0);

    if (libusb->type == LIBUSB_TRANSFER_TYPE_ISOCHRONOUS || libusb->actual_length < 0)
        return 0;
    return (uint32_t)(libusb->actual_length < room ? libusb->actual_length : room);
}

static void fetch_packets(const struct transfer *transfer)
{
    const struct libusb_transfer *libusb = transfer->libusb;

    for (int i = 0; i < libusb->num_iso_packets; i++) {
        transfer->packets[i].bytes = libusb->iso_packet_desc[i].actual_length;
        transfer->packets[i].status = packet_status_of(libusb->iso_packet_desc[i].status);
    }
}

/* The kernel reports some transfers that an unplugged device cut off as damaged. */
static uint32_t error_of(const struct transfer *transfer)
{
    const int status = (int)transfer->libusb->status;

    if (status == LIBUSB_TRANSFER_ERROR && !wu_usb_present(wu_usb_number_of(transfer->device)))
        return WU_USB_DEVICE_NOT_CONNECTED;
    return wu_usb_error_of_status(status);
}

static void fetch(const struct transfer *transfer, struct wu_usb_completion *completion_out)
{
    fetch_packets(transfer);
    completion_out->tag = transfer->tag;
    completion_out->error = error_of(transfer);
    completion_out->bytes = bytes_of(transfer->libusb);
}

static void append(struct queue *queue, struct transfer *transfer)
{
    transfer->next = NULL;

    wu_host_mutex_lock(&queue->lock);
    if (queue->first)
        queue->last->next = transfer;
    else
        queue->first = transfer;
    queue->last = transfer;
    atomic_store(&queue->ready, 1);
    wu_host_mutex_unlock(&queue->lock);
}

/* Once this has told of the end, the transfer may be submitted again or freed. */
static void LIBUSB_CALL ended(struct libusb_transfer *libusb)
{
    struct transfer *transfer = libusb->user_data;

    if (transfer->queue)
        append(transfer->queue, transfer);
    else
        atomic_store_explicit(&transfer->done, 1, memory_order_release);
}

/* --- Events -------------------------------------------------------------------------------- */

enum { NS_PER_SECOND = 1000000000, NS_PER_US = 1000, LONGEST_WAIT = 60 /* [s] */ };

/* In pieces, so that any time fits. */
static struct timeval time_left(int64_t now, int64_t until)
{
    const int64_t longest = (int64_t)LONGEST_WAIT * NS_PER_SECOND;
    const int64_t left = until - now < longest ? until - now : longest;

    return (struct timeval){
        .tv_sec = (long)(left / NS_PER_SECOND),
        .tv_usec = (long)(left % NS_PER_SECOND / NS_PER_US),
    };
}

/* A broken descriptor, say, would make the caller spin. */
static void survive(int result, bool *complained)
{
    enum { PAUSE = 1000000 }; /* [ns] */

    if (result >= 0 || result == LIBUSB_ERROR_INTERRUPTED)
        return;

    if (!*complained)
        wu_log(WU_LOG_WARN, "waiting for USB transfers: %s", libusb_error_name(result));
    *complained = true;
    wu_host_sleep_until(wu_host_clock_now() + PAUSE);
}

/*
 * Handles events, or lets another thread do it, until @p done or @p until; may return earlier.
 * libusb looks at @p done when nobody can change it unnoticed.
 */
static void handle_events(const struct wu_usb_device *device,
                          _Atomic int *done,
                          int64_t now,
                          int64_t until,
                          bool *complained)
{
    struct timeval left = time_left(now, until);

    survive(libusb_handle_events_timeout_completed(device->session->context, &left, (int *)done),
            complained);
}

/* --- Queues -------------------------------------------------------------------------------- */

uint32_t wu_usb_queue_new(uint64_t device, uint64_t *queue_out)
{
    struct queue *queue = calloc(1, sizeof(*queue));

    if (!queue)
        return WU_USB_NO_MEMORY;

    queue->device = wu_usb_device_of(device);
    wu_host_mutex_init(&queue->lock);
    *queue_out = wu_usb_number_of(queue);
    return WU_USB_OK;
}

void wu_usb_queue_free(uint64_t number)
{
    struct queue *queue = queue_of(number);

    wu_host_mutex_destroy(&queue->lock);
    free(queue);
}

static struct transfer *pop_locked(struct queue *queue)
{
    struct transfer *transfer = queue->first;

    if (transfer)
        queue->first = transfer->next;
    return transfer;
}

/* Takes the oldest transfer, or else the wake-up. What comes between this and the wait that follows
 * makes the queue ready, and libusb sees it. */
static struct transfer *take(struct queue *queue, bool *woken_out)
{
    struct transfer *transfer;

    wu_host_mutex_lock(&queue->lock);
    transfer = pop_locked(queue);
    *woken_out = !transfer && queue->woken;
    if (*woken_out)
        queue->woken = false;
    atomic_store(&queue->ready, 0);
    wu_host_mutex_unlock(&queue->lock);

    return transfer;
}

bool wu_usb_queue_wait(uint64_t number, int64_t until, struct wu_usb_completion *completion_out)
{
    struct queue *queue = queue_of(number);
    bool complained = false, woken;
    struct transfer *transfer;

    while (!(transfer = take(queue, &woken))) {
        const int64_t now = wu_host_clock_now();

        if (woken || now >= until)
            return false;
        handle_events(queue->device, &queue->ready, now, until, &complained);
    }

    fetch(transfer, completion_out);
    return true;
}

void wu_usb_queue_wake(uint64_t number)
{
    struct queue *queue = queue_of(number);
    libusb_context *context = queue->device->session->context;

    wu_host_mutex_lock(&queue->lock);
    queue->woken = true;
    atomic_store(&queue->ready, 1);
    wu_host_mutex_unlock(&queue->lock);

    libusb_interrupt_event_handler(context);
}

/* --- Transfers ----------------------------------------------------------------------------- */

uint32_t wu_usb_transfer_new(uint64_t device, uint32_t packets, uint64_t *transfer_out)
{
    struct transfer *transfer = calloc(1, sizeof(*transfer));

    if (!transfer)
        return WU_USB_NO_MEMORY;

    transfer->libusb = packets <= INT_MAX ? libusb_alloc_transfer((int)packets) : NULL;
    if (!transfer->libusb) {
        free(transfer);
        return WU_USB_NO_MEMORY;
    }

    transfer->device = wu_usb_device_of(device);
    transfer->packet_room = packets;
    *transfer_out = wu_usb_number_of(transfer);
    return WU_USB_OK;
}

void wu_usb_transfer_free(uint64_t number)
{
    struct transfer *transfer = transfer_of(number);

    libusb_free_transfer(transfer->libusb);
    free(transfer);
}

static uint8_t type_of(enum wu_usb_type type)
{
    /* clang-format off */
    switch (type) {
    case WU_USB_CONTROL: return LIBUSB_TRANSFER_TYPE_CONTROL;
    case WU_USB_ISOCH:   return LIBUSB_TRANSFER_TYPE_ISOCHRONOUS;
    case WU_USB_BULK:    return LIBUSB_TRANSFER_TYPE_BULK;
    default:             return LIBUSB_TRANSFER_TYPE_INTERRUPT;
    }
    /* clang-format on */
}

/* What the kernel never comes to do has no result of its own, but must not have an old one. */
static void fill_packets(struct libusb_transfer *libusb, const struct wu_usb_submission *submission)
{
    libusb->num_iso_packets = (int)submission->packet_count;

    for (uint32_t i = 0; i < submission->packet_count; i++)
        libusb->iso_packet_desc[i] = (struct libusb_iso_packet_descriptor){
            .length = submission->packets[i].length,
            .status = LIBUSB_TRANSFER_CANCELLED,
        };
}

static void fill(struct transfer *transfer, const struct wu_usb_submission *submission)
{
    struct libusb_transfer *libusb = transfer->libusb;

    transfer->tag = submission->tag;
    transfer->queue = queue_of(submission->queue);
    transfer->packets = submission->packets;
    atomic_store_explicit(&transfer->done, 0, memory_order_relaxed);

    libusb->dev_handle = transfer->device->handle;
    libusb->flags = submission->zero_packet ? LIBUSB_TRANSFER_ADD_ZERO_PACKET : 0;
    libusb->endpoint = submission->endpoint;
    libusb->type = type_of(submission->type);
    libusb->timeout = submission->timeout;
    libusb->buffer = submission->data;
    libusb->length = (int)submission->length;
    libusb->user_data = transfer;
    libusb->callback = ended;
    fill_packets(libusb, submission);
}

/* libusb tells of the kernel's lack of memory in bulk transfers only; of others it says
 * LIBUSB_ERROR_IO, and leaves what the kernel said in errno. */
static int submit(struct libusb_transfer *libusb)
{
    int result;

    errno = 0;
    result = libusb_submit_transfer(libusb);
    return result == LIBUSB_ERROR_IO && errno == ENOMEM ? LIBUSB_ERROR_NO_MEM : result;
}

uint32_t wu_usb_transfer_submit(uint64_t number, const struct wu_usb_submission *submission)
{
    struct transfer *transfer = transfer_of(number);

    if (submission->length > INT_MAX || submission->packet_count > transfer->packet_room)
        return WU_USB_INVALID_PARAMETER;

    fill(transfer, submission);
    return wu_usb_error(submit(transfer->libusb));
}

void wu_usb_transfer_cancel(uint64_t number)
{
    libusb_cancel_transfer(transfer_of(number)->libusb);
}

void wu_usb_transfer_wait(uint64_t number, struct wu_usb_completion *completion_out)
{
    struct transfer *transfer = transfer_of(number);
    bool complained = false;

    while (!atomic_load_explicit(&transfer->done, memory_order_acquire))
        handle_events(transfer->device, &transfer->done, 0, INT64_MAX, &complained);

    fetch(transfer, completion_out);
}
