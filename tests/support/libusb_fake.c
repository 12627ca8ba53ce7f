#include "libusb_fake.h"

#include <errno.h>
#include <libusb.h>
#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "host/host.h"

enum { CONTEXTS = 4 };

struct libusb_device {
    libusb_context *context;
    _Atomic int references;
};

struct libusb_device_handle {
    libusb_context *context;
    _Atomic int opens;
};

struct libusb_context {
    _Atomic bool open;
    _Atomic bool listed;
    libusb_device *list[2]; /* ends with NULL */
    struct libusb_device device;
    struct libusb_device_handle handle;

    bool handled;     /* [lock] a thread handles events; others only wait for it */
    bool idle;        /* [lock] and that one waits */
    bool interrupted; /* [lock] */
    unsigned rounds;  /* [lock] how often a thread has handled events */
};

struct transfer {
    enum { IDLE, RUNNING, ENDED } state; /* [lock] */
    struct transfer *next;               /* [lock] */
    struct libusb_transfer libusb;       /* last, for its packets follow */
};

static struct libusb_context contexts[CONTEXTS];

struct fake_libusb fake_libusb;

static struct wu_host_mutex lock = WU_HOST_MUTEX_INIT;
static struct wu_host_cond changed; /* [lock] any of what follows, or of a context */
static struct transfer *running;    /* [lock] oldest first */
static struct transfer *ended;      /* [lock] in the order in which they ended */
static int fail_at;                 /* [lock] calls until one fails; 0: none will */
static enum fake_libusb_call kind;  /* [lock] of those; FAKE_CALLS: of any */
static bool has_failed;             /* [lock] */

void fake_libusb_reset(void)
{
    memset(contexts, 0, sizeof(contexts));
    memset(&fake_libusb, 0, sizeof(fake_libusb));
    wu_host_cond_init(&changed);
    running = NULL;
    ended = NULL;
    fake_libusb_fail_at(0);
    fake_libusb.speed = LIBUSB_SPEED_HIGH;
}

bool fake_libusb_is_idle(void)
{
    return fake_libusb.contexts == 0 && fake_libusb.lists == 0 && fake_libusb.configurations == 0 &&
           fake_libusb.handles == 0 && fake_libusb.claims == 0 && fake_libusb.transfers == 0;
}

static void require(bool allowed)
{
    if (!allowed)
        abort(); /* libusb forbids this call */
}

/* --- Failures ------------------------------------------------------------------------------ */

/* What a call may well fail with. */
static const int plausible[FAKE_CALLS] = {
    [FAKE_CONFIGURATION] = LIBUSB_ERROR_NO_MEM,
    [FAKE_INIT] = LIBUSB_ERROR_OTHER,
    [FAKE_LIST] = LIBUSB_ERROR_NO_MEM,
    [FAKE_PORTS] = LIBUSB_ERROR_OVERFLOW,
    [FAKE_DESCRIPTOR] = LIBUSB_ERROR_IO,
    [FAKE_OPEN] = LIBUSB_ERROR_ACCESS,
    [FAKE_AUTO_DETACH] = LIBUSB_ERROR_NOT_SUPPORTED,
    [FAKE_CLAIM] = LIBUSB_ERROR_BUSY,
    [FAKE_RELEASE] = LIBUSB_ERROR_NO_DEVICE,
    [FAKE_CONTROL] = LIBUSB_ERROR_PIPE,
    [FAKE_DRIVER_ACTIVE] = LIBUSB_ERROR_OTHER,
    [FAKE_ALTERNATE] = LIBUSB_ERROR_NOT_FOUND,
    [FAKE_CLEAR_HALT] = LIBUSB_ERROR_IO,
    [FAKE_ALLOC] = LIBUSB_ERROR_NO_MEM,
    [FAKE_SUBMIT] = LIBUSB_ERROR_NO_MEM,
    [FAKE_CANCEL] = LIBUSB_ERROR_NOT_FOUND,
    [FAKE_EVENTS] = LIBUSB_ERROR_IO,
};

void fake_libusb_fail_call_at(enum fake_libusb_call call, int nth)
{
    wu_host_mutex_lock(&lock);
    kind = call;
    fail_at = nth;
    has_failed = false;
    wu_host_mutex_unlock(&lock);
}

void fake_libusb_fail_at(int nth)
{
    fake_libusb_fail_call_at(FAKE_CALLS, nth);
}

bool fake_libusb_has_failed(void)
{
    bool failed;

    wu_host_mutex_lock(&lock);
    failed = has_failed;
    wu_host_mutex_unlock(&lock);
    return failed;
}

static bool is_due_locked(enum fake_libusb_call call)
{
    if (kind != FAKE_CALLS && kind != call)
        return false;
    if (fail_at == 0 || --fail_at > 0)
        return false;

    has_failed = true;
    return true;
}

/* What this call is to return: below 0, if it is to fail. */
static int outcome_locked(enum fake_libusb_call call)
{
    return is_due_locked(call) ? plausible[call] : fake_libusb.result[call];
}

static int outcome_of(enum fake_libusb_call call)
{
    int outcome;

    wu_host_mutex_lock(&lock);
    outcome = outcome_locked(call);
    wu_host_mutex_unlock(&lock);
    return outcome;
}

/* --- Contexts ------------------------------------------------------------------------------ */

static struct libusb_context *begin_locked(void)
{
    struct libusb_context *context = contexts;

    while (context < contexts + CONTEXTS && context->open)
        context++;

    require(context < contexts + CONTEXTS);
    *context = (struct libusb_context){ .open = true };
    context->device.context = context;
    context->handle.context = context;
    return context;
}

int LIBUSB_CALL libusb_init(libusb_context **context_out)
{
    const int outcome = outcome_of(FAKE_INIT);

    if (outcome < 0)
        return outcome;

    wu_host_mutex_lock(&lock);
    *context_out = begin_locked();
    wu_host_mutex_unlock(&lock);
    fake_libusb.contexts++;
    return LIBUSB_SUCCESS;
}

void LIBUSB_CALL libusb_exit(libusb_context *context)
{
    require(context && context->open && !context->listed);
    require(context->device.references == 0 && context->handle.opens == 0);
    context->open = false;
    fake_libusb.contexts--;
}

const char *LIBUSB_CALL libusb_error_name(int code)
{
    (void)code;
    return "fake";
}

/* --- Lists --------------------------------------------------------------------------------- */

ssize_t LIBUSB_CALL libusb_get_device_list(libusb_context *context, libusb_device ***list_out)
{
    require(context && context->open && !context->listed);
    const int outcome = outcome_of(FAKE_LIST);

    if (outcome < 0)
        return outcome;

    context->listed = true;
    context->list[0] = &context->device;
    context->device.references++;
    fake_libusb.lists++;
    *list_out = context->list;
    return 1;
}

void LIBUSB_CALL libusb_free_device_list(libusb_device **list, int unreference)
{
    struct libusb_context *context = list[0]->context;

    require(context->open && context->listed);
    context->listed = false;
    context->device.references -= unreference ? 1 : 0;
    fake_libusb.lists--;
}

static void require_known(libusb_device *device)
{
    require(device && device->context->open && device->references > 0);
}

uint8_t LIBUSB_CALL libusb_get_bus_number(libusb_device *device)
{
    require_known(device);
    return FAKE_BUS;
}

uint8_t LIBUSB_CALL libusb_get_device_address(libusb_device *device)
{
    require_known(device);
    return FAKE_ADDRESS;
}

int LIBUSB_CALL libusb_get_port_numbers(libusb_device *device, uint8_t *ports, int room)
{
    require_known(device);
    require(room >= 2);
    const int outcome = outcome_of(FAKE_PORTS);

    if (outcome < 0)
        return outcome;

    ports[0] = 2;
    ports[1] = 3;
    return 2;
}

int LIBUSB_CALL libusb_get_device_speed(libusb_device *device)
{
    require_known(device);
    return fake_libusb.speed;
}

int LIBUSB_CALL libusb_get_device_descriptor(libusb_device *device,
                                             struct libusb_device_descriptor *descriptor)
{
    require_known(device);
    const int outcome = outcome_of(FAKE_DESCRIPTOR);

    if (outcome < 0)
        return outcome;

    *descriptor = (struct libusb_device_descriptor){
        .bLength = LIBUSB_DT_DEVICE_SIZE,
        .bDescriptorType = LIBUSB_DT_DEVICE,
        .bcdUSB = 0x0200,
        .bMaxPacketSize0 = 64,
        .idVendor = FAKE_VID,
        .idProduct = FAKE_PID,
        .bcdDevice = 0x0102,
        .iManufacturer = 3,
        .iProduct = 4,
        .iSerialNumber = 5,
        .bNumConfigurations = 1,
    };
    return LIBUSB_SUCCESS;
}

int LIBUSB_CALL libusb_get_active_config_descriptor(libusb_device *device,
                                                    struct libusb_config_descriptor **out)
{
    require_known(device);
    const int outcome = outcome_of(FAKE_CONFIGURATION);

    if (outcome < 0)
        return outcome;
    if (!fake_libusb.configuration)
        return LIBUSB_ERROR_NOT_FOUND;

    fake_libusb.configurations++;
    *out = fake_libusb.configuration;
    return LIBUSB_SUCCESS;
}

void LIBUSB_CALL libusb_free_config_descriptor(struct libusb_config_descriptor *configuration)
{
    require(configuration == fake_libusb.configuration);
    fake_libusb.configurations--;
}

/* --- Devices ------------------------------------------------------------------------------- */

static void require_open(libusb_device_handle *handle)
{
    require(handle && handle->context->open && handle->opens > 0);
}

int LIBUSB_CALL libusb_open(libusb_device *device, libusb_device_handle **handle_out)
{
    require_known(device);
    const int outcome = outcome_of(FAKE_OPEN);

    if (outcome < 0)
        return outcome;

    device->references++;
    device->context->handle.opens++;
    fake_libusb.handles++;
    *handle_out = &device->context->handle;
    return LIBUSB_SUCCESS;
}

static bool has_one_of(const struct transfer *list, const libusb_device_handle *handle)
{
    while (list && list->libusb.dev_handle != handle)
        list = list->next;
    return list != NULL;
}

static void require_without_transfers(const libusb_device_handle *handle)
{
    wu_host_mutex_lock(&lock);
    require(!has_one_of(running, handle) && !has_one_of(ended, handle));
    wu_host_mutex_unlock(&lock);
}

void LIBUSB_CALL libusb_close(libusb_device_handle *handle)
{
    require_open(handle);
    if (handle->opens == 1)
        require_without_transfers(handle);
    handle->opens--;
    handle->context->device.references--;
    fake_libusb.handles--;
}

int LIBUSB_CALL libusb_set_auto_detach_kernel_driver(libusb_device_handle *handle, int enable)
{
    require_open(handle);
    const int outcome = outcome_of(FAKE_AUTO_DETACH);

    if (outcome < 0)
        return outcome;

    fake_libusb.auto_detach = enable != 0;
    return LIBUSB_SUCCESS;
}

int LIBUSB_CALL libusb_claim_interface(libusb_device_handle *handle, int number)
{
    (void)number;
    require_open(handle);
    const int outcome = outcome_of(FAKE_CLAIM);

    if (outcome < 0)
        return outcome;

    fake_libusb.claims++;
    return LIBUSB_SUCCESS;
}

/* What fails to be released is gone all the same. */
int LIBUSB_CALL libusb_release_interface(libusb_device_handle *handle, int number)
{
    (void)number;
    require_open(handle);
    require(fake_libusb.claims-- > 0);
    return outcome_of(FAKE_RELEASE);
}

int LIBUSB_CALL libusb_kernel_driver_active(libusb_device_handle *handle, int number)
{
    (void)number;
    require_open(handle);
    const int outcome = outcome_of(FAKE_DRIVER_ACTIVE);

    if (outcome < 0)
        return outcome;

    return fake_libusb.driver_active;
}

int LIBUSB_CALL libusb_control_transfer(libusb_device_handle *handle,
                                        uint8_t type,
                                        uint8_t request,
                                        uint16_t value,
                                        uint16_t index,
                                        unsigned char *data,
                                        uint16_t length,
                                        unsigned int timeout)
{
    const struct wu_usb_setup setup = { type, request, value, index, length };

    (void)timeout;
    require_open(handle);
    const int outcome = outcome_of(FAKE_CONTROL);

    if (outcome < 0)
        return outcome;

    return fake_libusb.control ? fake_libusb.control(&setup, data) : LIBUSB_ERROR_PIPE;
}

int LIBUSB_CALL libusb_set_interface_alt_setting(libusb_device_handle *handle,
                                                 int number,
                                                 int setting)
{
    const int outcome = outcome_of(FAKE_ALTERNATE);

    require_open(handle);
    if (outcome < 0)
        return outcome;

    fake_libusb.alternate = setting + 256 * number;
    fake_libusb.alternates++;
    return LIBUSB_SUCCESS;
}

int LIBUSB_CALL libusb_clear_halt(libusb_device_handle *handle, unsigned char endpoint)
{
    const int outcome = outcome_of(FAKE_CLEAR_HALT);

    require_open(handle);
    if (outcome < 0)
        return outcome;

    fake_libusb.halt = endpoint;
    fake_libusb.halts++;
    return LIBUSB_SUCCESS;
}

/* --- Transfers ----------------------------------------------------------------------------- */

static struct transfer *transfer_of(struct libusb_transfer *libusb)
{
    return (struct transfer *)(void *)((char *)libusb - offsetof(struct transfer, libusb));
}

static void append_locked(struct transfer **list, struct transfer *transfer)
{
    while (*list)
        list = &(*list)->next;

    transfer->next = NULL;
    *list = transfer;
    wu_host_cond_broadcast(&changed);
}

static void take_off_locked(struct transfer **list, const struct transfer *transfer)
{
    while (*list != transfer)
        list = &(*list)->next;
    *list = transfer->next;
}

struct libusb_transfer *LIBUSB_CALL libusb_alloc_transfer(int packets)
{
    const size_t size = sizeof(struct libusb_iso_packet_descriptor);
    struct transfer *transfer;

    require(packets >= 0);
    if (outcome_of(FAKE_ALLOC) < 0)
        return NULL;

    transfer = calloc(1, sizeof(*transfer) + (size_t)packets * size);
    require(transfer != NULL);
    fake_libusb.transfers++;
    return &transfer->libusb;
}

void LIBUSB_CALL libusb_free_transfer(struct libusb_transfer *libusb)
{
    struct transfer *transfer = transfer_of(libusb);

    wu_host_mutex_lock(&lock);
    require(transfer->state == IDLE);
    wu_host_mutex_unlock(&lock);
    free(transfer);
    fake_libusb.transfers--;
}

static void end_locked(struct transfer *transfer)
{
    require(transfer->state == RUNNING);
    take_off_locked(&running, transfer);
    transfer->state = ENDED;
    append_locked(&ended, transfer);
}

static int submit_locked(struct transfer *transfer)
{
    const int outcome = outcome_locked(FAKE_SUBMIT);

    require(transfer->state == IDLE);
    if (outcome < 0)
        return outcome;

    transfer->state = RUNNING;
    append_locked(&running, transfer);
    if (fake_libusb.transfer && fake_libusb.transfer(&transfer->libusb))
        end_locked(transfer);
    return LIBUSB_SUCCESS;
}

int LIBUSB_CALL libusb_submit_transfer(struct libusb_transfer *libusb)
{
    int result;

    require_open(libusb->dev_handle);
    wu_host_mutex_lock(&lock);
    result = submit_locked(transfer_of(libusb));
    wu_host_mutex_unlock(&lock);
    if (result < 0 && fake_libusb.submit_errno != 0)
        errno = fake_libusb.submit_errno;
    return result;
}

static int cancel_locked(struct transfer *transfer)
{
    const int outcome = outcome_locked(FAKE_CANCEL);

    if (transfer->state != RUNNING)
        return LIBUSB_ERROR_NOT_FOUND;

    transfer->libusb.status = LIBUSB_TRANSFER_CANCELLED;
    transfer->libusb.actual_length = 0;
    end_locked(transfer);
    return outcome < 0 ? outcome : LIBUSB_SUCCESS;
}

int LIBUSB_CALL libusb_cancel_transfer(struct libusb_transfer *libusb)
{
    int result;

    wu_host_mutex_lock(&lock);
    result = cancel_locked(transfer_of(libusb));
    wu_host_mutex_unlock(&lock);
    return result;
}

void fake_libusb_end(struct libusb_transfer *libusb, int status, int actual_length)
{
    wu_host_mutex_lock(&lock);
    libusb->status = (enum libusb_transfer_status)status;
    libusb->actual_length = actual_length;
    end_locked(transfer_of(libusb));
    wu_host_mutex_unlock(&lock);
}

static struct transfer *next_on(struct transfer *transfer, uint8_t endpoint)
{
    while (transfer && transfer->libusb.endpoint != endpoint)
        transfer = transfer->next;
    return transfer;
}

struct libusb_transfer *fake_libusb_oldest(uint8_t endpoint)
{
    struct transfer *transfer;

    wu_host_mutex_lock(&lock);
    transfer = next_on(running, endpoint);
    wu_host_mutex_unlock(&lock);
    return transfer ? &transfer->libusb : NULL;
}

static int count_locked(uint8_t endpoint)
{
    int count = 0;

    for (struct transfer *one = running; (one = next_on(one, endpoint)); one = one->next)
        count++;
    return count;
}

void fake_libusb_await(uint8_t endpoint, int count)
{
    wu_host_mutex_lock(&lock);
    while (count_locked(endpoint) < count)
        wu_host_cond_wait(&changed, &lock);
    wu_host_mutex_unlock(&lock);
}

/* --- Events -------------------------------------------------------------------------------- */

static struct transfer *ended_of(const struct libusb_context *context)
{
    struct transfer *transfer = ended;

    while (transfer && transfer->libusb.dev_handle->context != context)
        transfer = transfer->next;
    return transfer;
}

/* With the lock held, as libusb holds one: whoever calls libusb with a lock that the callback wants
 * is found out. The callback may hand the transfer to a thread that frees it. */
static void call_back_locked(const struct libusb_context *context)
{
    struct transfer *transfer;

    while ((transfer = ended_of(context))) {
        take_off_locked(&ended, transfer);
        transfer->state = IDLE;
        transfer->libusb.callback(&transfer->libusb);
    }
}

static bool is_set(int *completed)
{
    return completed && atomic_load((_Atomic int *)completed) != 0;
}

static void await_event_locked(struct libusb_context *context, int64_t until)
{
    bool in_time = true;

    context->idle = true;
    wu_host_cond_broadcast(&changed);
    while (in_time && !ended_of(context) && !context->interrupted)
        in_time = wu_host_cond_wait_until(&changed, &lock, until);
    context->idle = false;
}

/* As in libusb, @completed is looked at once, and only events end the wait that follows. */
static void handle_locked(struct libusb_context *context, int64_t until, int *completed)
{
    context->handled = true;
    if (!is_set(completed)) {
        await_event_locked(context, until);
        call_back_locked(context);
        context->interrupted = false;
    }
    context->handled = false;
    context->rounds++;
    wu_host_cond_broadcast(&changed);
}

/* Until the thread that handles events has done so once. */
static void wait_locked(struct libusb_context *context, int64_t until, int *completed)
{
    const unsigned rounds = context->rounds;
    bool in_time = !is_set(completed);

    while (in_time && context->rounds == rounds)
        in_time = wu_host_cond_wait_until(&changed, &lock, until);
}

static int events_outcome_locked(void)
{
    if (is_due_locked(FAKE_EVENTS))
        return plausible[FAKE_EVENTS];
    if (fake_libusb.event_failures == 0)
        return LIBUSB_SUCCESS;

    fake_libusb.event_failures--;
    return fake_libusb.result[FAKE_EVENTS];
}

int LIBUSB_CALL libusb_handle_events_timeout_completed(libusb_context *context,
                                                       struct timeval *timeout,
                                                       int *completed)
{
    const int64_t ns = (int64_t)timeout->tv_sec * 1000000000 + (int64_t)timeout->tv_usec * 1000;
    const int64_t until = wu_host_clock_now() + ns;
    int outcome;

    require(context && context->open);
    require(timeout->tv_sec >= 0 && timeout->tv_sec < INT_MAX / 1000); /* libusb counts in ms */
    require(timeout->tv_usec >= 0 && timeout->tv_usec < 1000000);
    if (fake_libusb.before_events)
        fake_libusb.before_events();
    wu_host_mutex_lock(&lock);
    outcome = events_outcome_locked();
    if (outcome >= 0) {
        if (context->handled)
            wait_locked(context, until, completed);
        else
            handle_locked(context, until, completed);
    }
    wu_host_mutex_unlock(&lock);
    return outcome;
}

void LIBUSB_CALL libusb_interrupt_event_handler(libusb_context *context)
{
    require(context && context->open);
    wu_host_mutex_lock(&lock);
    context->interrupted = true;
    fake_libusb.interrupts++;
    wu_host_cond_broadcast(&changed);
    wu_host_mutex_unlock(&lock);
}

static bool is_idle(const struct libusb_context *context)
{
    return context->idle && !context->interrupted && !ended_of(context);
}

static bool has_idle_handler(void)
{
    int i = 0;

    while (i < CONTEXTS && !is_idle(&contexts[i]))
        i++;
    return i < CONTEXTS;
}

void fake_libusb_await_handler(void)
{
    wu_host_mutex_lock(&lock);
    while (!has_idle_handler())
        wu_host_cond_wait(&changed, &lock);
    wu_host_mutex_unlock(&lock);
}
