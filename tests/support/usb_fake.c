#include "usb_fake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/host.h"
#include "usb/usb_attributes.h"
#include "usb/usb_error.h"
#include "usb/usb_notes.h"

struct fake_usb_device fake_usb[8];
size_t fake_usb_count;
uint32_t fake_usb_list_error;
_Atomic int fake_usb_lists;
_Atomic uint64_t fake_usb_memory;
_Atomic uint64_t fake_usb_memory_told;

struct queue {
    struct fake_usb_device *device;
    struct fake_usb_transfer *first; /* [lock] ended and not fetched, oldest first */
    bool woken;                      /* [lock] */
};

static uint64_t stays; /* in all, so that nothing is remembered from one test to the next */
static struct wu_host_mutex lock = WU_HOST_MUTEX_INIT;
static struct wu_host_cond changed;       /* [lock] a transfer began or ended, a queue was woken */
static struct fake_usb_transfer *pending; /* [lock] oldest first */

void fake_usb_reset(void)
{
    wu_host_cond_init(&changed);
    pending = NULL;
    memset(fake_usb, 0, sizeof(fake_usb));
    fake_usb_count = 0;
    fake_usb_list_error = WU_USB_OK;
    fake_usb_lists = 0;
    fake_usb_memory = 0;
    fake_usb_memory_told = 0;
}

struct fake_usb_device *fake_usb_add(unsigned address,
                                     unsigned vid,
                                     unsigned pid,
                                     const unsigned char *configuration,
                                     size_t configuration_size)
{
    struct fake_usb_device *device = &fake_usb[fake_usb_count++];
    const unsigned char descriptor[WU_USB_DEVICE_DESCRIPTOR_SIZE] = { 18,
                                                                      1,
                                                                      0x00,
                                                                      0x02,
                                                                      0,
                                                                      0,
                                                                      0,
                                                                      64,
                                                                      (unsigned char)vid,
                                                                      (unsigned char)(vid >> 8),
                                                                      (unsigned char)pid,
                                                                      (unsigned char)(pid >> 8),
                                                                      0x34,
                                                                      0x12,
                                                                      1,
                                                                      2,
                                                                      3,
                                                                      1 };

    memset(device, 0, sizeof(*device));
    device->stay = ++stays;
    device->info.id = fake_usb_count;
    device->info.bus = 1;
    device->info.address = address;
    device->info.ports[0] = (unsigned char)address;
    device->info.depth = 1;
    device->info.speed = WU_USB_SPEED_HIGH;
    memcpy(device->info.device, descriptor, sizeof(descriptor));
    device->info.configuration = (unsigned char *)configuration;
    device->info.configuration_size = configuration_size;
    return device;
}

bool fake_usb_is_idle(void)
{
    for (size_t i = 0; i < fake_usb_count; i++)
        if (fake_usb[i].opens != 0 || fake_usb[i].claims != 0 || fake_usb[i].queues != 0 ||
            fake_usb[i].transfers != 0)
            return false;

    return fake_usb_lists == 0;
}

static void require(bool allowed, const char *what)
{
    if (allowed)
        return;

    fprintf(stderr, "usb_fake: %s\n", what);
    abort();
}

static struct fake_usb_device *device_of(uint64_t number)
{
    require(number > 0 && number <= fake_usb_count && fake_usb[number - 1].opens > 0,
            "a call on a device that is not open");
    return &fake_usb[number - 1];
}

/* --- usb.h --------------------------------------------------------------------------------- */

uint32_t wu_usb_list_get(struct wu_usb_list *list_out)
{
    struct wu_usb_info *devices = calloc(fake_usb_count + 1, sizeof(*devices));
    size_t count = 0;

    if (!devices || fake_usb_list_error != WU_USB_OK) {
        free(devices);
        return fake_usb_list_error;
    }

    for (size_t i = 0; i < fake_usb_count; i++)
        if (!fake_usb[i].gone)
            devices[count++] = fake_usb[i].info;

    fake_usb_lists++;
    *list_out = (struct wu_usb_list){ devices, count, 1 };
    return WU_USB_OK;
}

void wu_usb_list_free(struct wu_usb_list *list)
{
    fake_usb_lists--;
    free(list->devices);
}

const struct wu_usb_info *
wu_usb_list_find(const struct wu_usb_list *list, unsigned bus, unsigned address)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->devices[i].bus == bus && list->devices[i].address == address)
            return &list->devices[i];

    return NULL;
}

uint32_t
wu_usb_open(const struct wu_usb_list *list, const struct wu_usb_info *info, uint64_t *device_out)
{
    struct fake_usb_device *device = &fake_usb[info->id - 1];

    (void)list;
    if (device->gone)
        return WU_USB_DEVICE_NOT_CONNECTED;
    if (device->open_error != WU_USB_OK)
        return device->open_error;

    device->opens++;
    *device_out = info->id;
    return WU_USB_OK;
}

void wu_usb_close(uint64_t number)
{
    struct fake_usb_device *device = device_of(number);

    device->opens--;
    require(device->opens > 0 || (device->queues == 0 && device->transfers == 0),
            "a device is closed that has queues or transfers");
}

uint32_t wu_usb_claim(uint64_t device, uint8_t number)
{
    (void)number;
    if (device_of(device)->claim_error != WU_USB_OK)
        return device_of(device)->claim_error;

    if (device_of(device)->during_claim)
        device_of(device)->during_claim();
    device_of(device)->claims++;
    return WU_USB_OK;
}

void wu_usb_release(uint64_t device, uint8_t number)
{
    (void)number;
    device_of(device)->claims--;
}

uint32_t wu_usb_control(uint64_t number,
                        const struct wu_usb_setup *setup,
                        void *data,
                        unsigned timeout,
                        size_t *transferred)
{
    struct fake_usb_device *device = device_of(number);

    device->controls++;
    device->control_timeout = timeout;
    if (device->gone)
        return WU_USB_DEVICE_NOT_CONNECTED;
    if (setup->length > WU_USB_LONGEST_CONTROL)
        return WU_USB_INVALID_PARAMETER;
    return device->control ? device->control(setup, data, transferred) : WU_USB_FAILURE;
}

bool wu_usb_present(uint64_t device)
{
    return !device_of(device)->gone;
}

const char *wu_usb_speed_name(enum wu_usb_speed speed)
{
    (void)speed;
    return "fake";
}

uint32_t wu_usb_set_alternate(uint64_t number, uint8_t iface, uint8_t setting)
{
    struct fake_usb_device *device = device_of(number);

    if (device->gone)
        return WU_USB_DEVICE_NOT_CONNECTED;
    if (device->alternate_error != WU_USB_OK)
        return device->alternate_error;

    device->alternate_interface = iface;
    device->alternate_setting = setting;
    device->alternates++;
    return WU_USB_OK;
}

uint32_t wu_usb_clear_halt(uint64_t number, uint8_t endpoint)
{
    struct fake_usb_device *device = device_of(number);

    if (device->gone)
        return WU_USB_DEVICE_NOT_CONNECTED;
    if (device->halt_error != WU_USB_OK)
        return device->halt_error;

    if (device->during_halt)
        device->during_halt();
    device->halt_endpoint = endpoint;
    device->halts++;
    return WU_USB_OK;
}

/* --- usb.h: queues ------------------------------------------------------------------------- */

static void append(struct fake_usb_transfer **list, struct fake_usb_transfer *transfer)
{
    while (*list)
        list = &(*list)->next;

    transfer->next = NULL;
    *list = transfer;
}

/* Waits for any change. Where the host has no threads, waiting for ever aborts, and any other wait
 * lasts until the end. */
static bool wait_locked(int64_t until)
{
    if (until != INT64_MAX)
        return wu_host_cond_wait_until(&changed, &lock, until);

    wu_host_cond_wait(&changed, &lock);
    return true;
}

static struct queue *queue_of(uint64_t number)
{
    return (struct queue *)(uintptr_t)number;
}

uint32_t wu_usb_queue_new(uint64_t number, uint64_t *queue_out)
{
    struct fake_usb_device *device = device_of(number);
    struct queue *queue = device->new_error == WU_USB_OK ? calloc(1, sizeof(*queue)) : NULL;

    if (!queue)
        return WU_USB_NO_MEMORY;

    queue->device = device;
    device->queues++;
    *queue_out = (uintptr_t)queue;
    return WU_USB_OK;
}

static void require_no_transfers_to(uint64_t queue)
{
    wu_host_mutex_lock(&lock);
    for (const struct fake_usb_transfer *one = pending; one; one = one->next)
        require(one->submission.queue != queue, "a queue is freed that a transfer goes to");
    wu_host_mutex_unlock(&lock);
}

void wu_usb_queue_free(uint64_t number)
{
    struct queue *queue = queue_of(number);

    require_no_transfers_to(number);
    require(!queue->first, "a queue is freed with completions in it");
    queue->device->queues--;
    free(queue);
}

static void fetch_locked(struct fake_usb_transfer *transfer,
                         struct wu_usb_completion *completion_out)
{
    *completion_out = transfer->completion;
    transfer->state = FAKE_USB_IDLE;
}

bool wu_usb_queue_wait(uint64_t number, int64_t until, struct wu_usb_completion *completion_out)
{
    struct queue *queue = queue_of(number);
    struct fake_usb_transfer *transfer;
    bool in_time = true;

    wu_host_mutex_lock(&lock);
    while (!queue->first && !queue->woken && in_time)
        in_time = wait_locked(until);

    transfer = queue->first;
    if (transfer) {
        queue->first = transfer->next;
        fetch_locked(transfer, completion_out);
    } else if (queue->woken) {
        queue->woken = false;
    }
    wu_host_mutex_unlock(&lock);
    return transfer != NULL;
}

void wu_usb_queue_wake(uint64_t number)
{
    wu_host_mutex_lock(&lock);
    queue_of(number)->woken = true;
    wu_host_cond_broadcast(&changed);
    wu_host_mutex_unlock(&lock);
}

/* --- usb.h: transfers ---------------------------------------------------------------------- */

static struct fake_usb_transfer *transfer_of(uint64_t number)
{
    return (struct fake_usb_transfer *)(uintptr_t)number;
}

uint32_t wu_usb_transfer_new(uint64_t number, uint32_t packets, uint64_t *transfer_out)
{
    struct fake_usb_device *device = device_of(number);
    struct fake_usb_transfer *transfer =
        device->new_error == WU_USB_OK ? calloc(1, sizeof(*transfer)) : NULL;

    if (!transfer)
        return WU_USB_NO_MEMORY;

    if (device->during_new)
        device->during_new();
    transfer->device = device;
    transfer->packet_room = packets;
    device->transfers++;
    *transfer_out = (uintptr_t)transfer;
    return WU_USB_OK;
}

void wu_usb_transfer_free(uint64_t number)
{
    struct fake_usb_transfer *transfer = transfer_of(number);

    require(transfer->state == FAKE_USB_IDLE, "a transfer is freed that runs");
    transfer->device->transfers--;
    free(transfer);
}

uint64_t wu_usb_transfer_memory(void)
{
    return fake_usb_memory_told;
}

static uint64_t memory_in_use_locked(void)
{
    uint64_t size = 0;

    for (const struct fake_usb_transfer *one = pending; one; one = one->next)
        size += one->submission.length;
    return size;
}

static uint32_t submit_error_of(const struct fake_usb_device *device, uint32_t length)
{
    if (device->gone)
        return WU_USB_DEVICE_NOT_CONNECTED;
    if (device->longest != 0 && length > device->longest)
        return WU_USB_NO_MEMORY;
    if (fake_usb_memory != 0 && memory_in_use_locked() + length > fake_usb_memory)
        return WU_USB_NO_MEMORY;
    return device->submits < device->submits_allowed ? WU_USB_OK : device->submit_error;
}

static uint32_t begin_locked(struct fake_usb_transfer *transfer,
                             const struct wu_usb_submission *submission)
{
    const uint32_t error = submit_error_of(transfer->device, submission->length);

    require(transfer->state == FAKE_USB_IDLE, "a transfer is submitted that runs");
    require(submission->packet_count <= transfer->packet_room, "too many packets are submitted");
    if (error != WU_USB_OK)
        return error;

    transfer->submission = *submission;
    transfer->cancelled = false;
    transfer->state = FAKE_USB_PENDING;
    append(&pending, transfer);
    transfer->device->submits++;
    wu_host_cond_broadcast(&changed);
    return WU_USB_OK;
}

uint32_t wu_usb_transfer_submit(uint64_t number, const struct wu_usb_submission *submission)
{
    struct fake_usb_transfer *transfer = transfer_of(number);
    void (*const submitted)(struct fake_usb_transfer *) = transfer->device->submitted;
    uint32_t error;

    wu_host_mutex_lock(&lock);
    error = begin_locked(transfer, submission);
    wu_host_mutex_unlock(&lock);

    if (error == WU_USB_OK && submitted)
        submitted(transfer);
    return error;
}

static void take_off_locked(struct fake_usb_transfer *transfer)
{
    struct fake_usb_transfer **link = &pending;

    while (*link != transfer)
        link = &(*link)->next;
    *link = transfer->next;
}

static void end_locked(struct fake_usb_transfer *transfer, uint32_t error, uint32_t bytes)
{
    const struct wu_usb_submission *submission = &transfer->submission;

    require(transfer->state == FAKE_USB_PENDING, "a transfer ends that does not pend");
    take_off_locked(transfer);
    transfer->completion = (struct wu_usb_completion){ submission->tag, error, bytes };
    transfer->state = FAKE_USB_ENDED;
    if (submission->queue)
        append(&queue_of(submission->queue)->first, transfer);
    wu_host_cond_broadcast(&changed);
}

void wu_usb_transfer_cancel(uint64_t number)
{
    struct fake_usb_transfer *transfer = transfer_of(number);

    wu_host_mutex_lock(&lock);
    if (transfer->state == FAKE_USB_PENDING) {
        transfer->cancelled = true;
        transfer->device->cancels++;
        if (!transfer->device->keeps_cancelled)
            end_locked(transfer, WU_USB_ABORTED, 0);
    }
    wu_host_mutex_unlock(&lock);
}

void wu_usb_transfer_wait(uint64_t number, struct wu_usb_completion *completion_out)
{
    struct fake_usb_transfer *transfer = transfer_of(number);

    wu_host_mutex_lock(&lock);
    require(transfer->state != FAKE_USB_IDLE, "a wait for a transfer that does not run");
    require(transfer->submission.queue == 0, "a wait for a transfer that goes to a queue");
    while (transfer->state != FAKE_USB_ENDED)
        wait_locked(INT64_MAX);
    fetch_locked(transfer, completion_out);
    wu_host_mutex_unlock(&lock);
}

/* --- The device's side of transfers -------------------------------------------------------- */

static int pending_locked(uint8_t endpoint)
{
    int count = 0;

    for (const struct fake_usb_transfer *one = pending; one; one = one->next)
        count += one->submission.endpoint == endpoint;
    return count;
}

int fake_usb_pending(uint8_t endpoint)
{
    int count;

    wu_host_mutex_lock(&lock);
    count = pending_locked(endpoint);
    wu_host_mutex_unlock(&lock);
    return count;
}

struct fake_usb_transfer *fake_usb_oldest(uint8_t endpoint)
{
    struct fake_usb_transfer *transfer;

    wu_host_mutex_lock(&lock);
    transfer = pending;
    while (transfer && transfer->submission.endpoint != endpoint)
        transfer = transfer->next;
    wu_host_mutex_unlock(&lock);
    return transfer;
}

void fake_usb_await(uint8_t endpoint, int count)
{
    wu_host_mutex_lock(&lock);
    while (pending_locked(endpoint) < count)
        wait_locked(INT64_MAX);
    wu_host_mutex_unlock(&lock);
}

void fake_usb_complete(struct fake_usb_transfer *transfer, uint32_t error, uint32_t bytes)
{
    wu_host_mutex_lock(&lock);
    end_locked(transfer, error, bytes);
    wu_host_mutex_unlock(&lock);
}

void fake_usb_send(struct fake_usb_transfer *transfer, const void *data, uint32_t size)
{
    const struct wu_usb_submission *submission = &transfer->submission;
    const uint32_t setup = submission->type == WU_USB_CONTROL ? WU_USB_SETUP_SIZE : 0;
    const uint32_t room = submission->length - setup;
    const uint32_t bytes = size < room ? size : room;

    memcpy((unsigned char *)submission->data + setup, data, bytes);
    fake_usb_complete(transfer, WU_USB_OK, bytes);
}

void fake_usb_unplug(struct fake_usb_device *device)
{
    struct fake_usb_transfer *next;

    wu_host_mutex_lock(&lock);
    device->gone = true;
    for (struct fake_usb_transfer *one = pending; one; one = next) {
        next = one->next;
        if (one->device == device)
            end_locked(one, WU_USB_DEVICE_NOT_CONNECTED, 0);
    }
    wu_host_mutex_unlock(&lock);
}

/* --- usb_attributes.h ---------------------------------------------------------------------- */

void wu_usb_text(const struct wu_usb_info *info, enum wu_usb_text which, char *text, size_t size)
{
    const char *own = fake_usb[info->id - 1].texts[which];

    snprintf(text, size, "%s", own ? own : "");
}

void wu_usb_driver(const struct wu_usb_info *info,
                   unsigned interface_number,
                   char *name,
                   size_t size)
{
    const struct fake_usb_device *device = &fake_usb[info->id - 1];
    const char *own =
        interface_number >= device->driver_from ? device->driver : device->driver_before;

    snprintf(name, size, "%s", own ? own : "");
}

uint64_t wu_usb_stay(const struct wu_usb_info *info)
{
    return fake_usb[info->id - 1].stay;
}

/* --- usb_notes.h: programs of other tests are none of ours ---------------------------------- */

bool wu_usb_notes_read(const struct wu_usb_info *info, uint64_t stay, void *bytes_out, size_t size)
{
    (void)info;
    (void)stay;
    (void)bytes_out;
    (void)size;
    return false;
}

void wu_usb_notes_write(const struct wu_usb_info *info,
                        uint64_t stay,
                        const void *bytes,
                        size_t size)
{
    (void)info;
    (void)stay;
    (void)bytes;
    (void)size;
}
