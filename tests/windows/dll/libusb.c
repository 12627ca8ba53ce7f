/* A double of libusb-1.0.dll: devices that send back what was written to them. */
#include <libusb.h>
#include <windows.h>

#include "double.h"

enum { DEVICES = 3, TRANSFERS = 64, MESSAGES = 16 };

struct libusb_device {
    uint8_t bus;
    uint8_t address;
    uint8_t ports[7];
    int depth;
    uint16_t vid;
    uint16_t pid;
};

struct message {
    unsigned char bytes[DOUBLE_PACKET];
    int length;
};

static libusb_device devices[DEVICES];
static bool with_usbdk;

static SRWLOCK lock = SRWLOCK_INIT;
static CONDITION_VARIABLE changed = CONDITION_VARIABLE_INIT;
static struct libusb_transfer *pending[TRANSFERS]; /* [lock] oldest first, then NULL */
static bool cancelled[TRANSFERS];                  /* [lock] */
static struct message messages[MESSAGES];          /* [lock] written and not read, oldest first */
static int message_count;                          /* [lock] */
static bool interrupted;                           /* [lock] */

/* --- Context --------------------------------------------------------------------------------- */

int LIBUSB_CALL libusb_init(libusb_context **context)
{
    *context = (libusb_context *)&lock;
    with_usbdk = false;
    return LIBUSB_SUCCESS;
}

void LIBUSB_CALL libusb_exit(libusb_context *context)
{
    (void)context;
}

int LIBUSB_CALL libusb_set_option(libusb_context *context, enum libusb_option option, ...)
{
    (void)context;
    if (option != LIBUSB_OPTION_USE_USBDK || !double_is("usbdk"))
        return LIBUSB_ERROR_NOT_FOUND;

    with_usbdk = true;
    return LIBUSB_SUCCESS;
}

const char *LIBUSB_CALL libusb_error_name(int code)
{
    return code == LIBUSB_ERROR_NOT_FOUND ? "LIBUSB_ERROR_NOT_FOUND" : "LIBUSB_ERROR_OTHER";
}

/* --- Devices --------------------------------------------------------------------------------- */

static int plug_all(void)
{
    static const libusb_device normal[] = {
        { 1, 1, { 0 }, 0, 0x8086, 0xA36D },
        { 1, DOUBLE_OTHER_ADDRESS, { 1 }, 1, DOUBLE_VID, DOUBLE_PID },
        { 1, DOUBLE_ADDRESS, { 2, 4 }, 2, DOUBLE_VID, DOUBLE_PID },
    };
    static const libusb_device twice[] = {
        { 1, DOUBLE_ADDRESS, { 2, 4 }, 2, DOUBLE_VID, DOUBLE_PID },
        { 2, DOUBLE_OTHER_ADDRESS, { 2, 4 }, 2, DOUBLE_VID, DOUBLE_PID },
    };
    static const libusb_device usbdk[] = {
        { 9, 2, { 1 }, 1, DOUBLE_VID, DOUBLE_PID },
        { 9, DOUBLE_USBDK_ADDRESS, { 4 }, 1, DOUBLE_VID, DOUBLE_PID },
    };

    if (double_is("unseen"))
        return 0;
    if (double_is("twice") || double_is("alike")) {
        memcpy(devices, twice, sizeof(twice));
        return 2;
    }
    if (with_usbdk) {
        memcpy(devices, usbdk, sizeof(usbdk));
        return 2;
    }
    memcpy(devices, normal, sizeof(normal));
    return 3;
}

ssize_t LIBUSB_CALL libusb_get_device_list(libusb_context *context, libusb_device ***list_out)
{
    static libusb_device *list[DEVICES + 1];
    const int count = plug_all();

    (void)context;
    for (int i = 0; i < count; i++)
        list[i] = &devices[i];
    list[count] = NULL;
    *list_out = list;
    return count;
}

void LIBUSB_CALL libusb_free_device_list(libusb_device **list, int unreference)
{
    (void)list;
    (void)unreference;
}

uint8_t LIBUSB_CALL libusb_get_bus_number(libusb_device *device)
{
    return device->bus;
}

uint8_t LIBUSB_CALL libusb_get_device_address(libusb_device *device)
{
    return device->address;
}

int LIBUSB_CALL libusb_get_port_numbers(libusb_device *device, uint8_t *ports, int room)
{
    if (device->depth > room)
        return LIBUSB_ERROR_OVERFLOW;

    memcpy(ports, device->ports, (size_t)device->depth);
    return device->depth;
}

int LIBUSB_CALL libusb_get_device_speed(libusb_device *device)
{
    (void)device;
    return LIBUSB_SPEED_HIGH;
}

int LIBUSB_CALL libusb_get_device_descriptor(libusb_device *device,
                                             struct libusb_device_descriptor *descriptor)
{
    *descriptor = (struct libusb_device_descriptor){
        .bLength = LIBUSB_DT_DEVICE_SIZE,
        .bDescriptorType = LIBUSB_DT_DEVICE,
        .bcdUSB = 0x0200,
        .bDeviceClass = 0xFF,
        .bMaxPacketSize0 = 64,
        .idVendor = device->vid,
        .idProduct = device->pid,
        .bNumConfigurations = 1,
    };
    return LIBUSB_SUCCESS;
}

int LIBUSB_CALL libusb_get_active_config_descriptor(libusb_device *device,
                                                    struct libusb_config_descriptor **configuration)
{
    static const struct libusb_endpoint_descriptor endpoints[] = {
        { .bLength = 7,
          .bDescriptorType = 5,
          .bEndpointAddress = DOUBLE_OUT,
          .bmAttributes = 2,
          .wMaxPacketSize = DOUBLE_PACKET },
        { .bLength = 7,
          .bDescriptorType = 5,
          .bEndpointAddress = DOUBLE_IN,
          .bmAttributes = 2,
          .wMaxPacketSize = DOUBLE_PACKET },
    };
    static const struct libusb_interface_descriptor setting = { .bLength = 9,
                                                                .bDescriptorType = 4,
                                                                .bNumEndpoints = 2,
                                                                .bInterfaceClass = 0xFF,
                                                                .endpoint = endpoints };
    static const struct libusb_interface only = { .altsetting = &setting, .num_altsetting = 1 };
    static struct libusb_config_descriptor whole = { .bLength = 9,
                                                     .bDescriptorType = 2,
                                                     .bNumInterfaces = 1,
                                                     .bConfigurationValue = 1,
                                                     .bmAttributes = 0x80,
                                                     .interface = &only };

    (void)device;
    *configuration = &whole;
    return LIBUSB_SUCCESS;
}

void LIBUSB_CALL libusb_free_config_descriptor(struct libusb_config_descriptor *configuration)
{
    (void)configuration;
}

/* --- Handles --------------------------------------------------------------------------------- */

static bool has_foreign_driver(void)
{
    const char *driver = getenv(DOUBLE_DRIVER);

    return driver && strcmp(driver, "usbser") == 0 && !with_usbdk && !double_is("filtered");
}

/* A handle is the device itself. */
int LIBUSB_CALL libusb_open(libusb_device *device, libusb_device_handle **handle)
{
    if (double_is("gone"))
        return LIBUSB_ERROR_NO_DEVICE;
    if (has_foreign_driver())
        return LIBUSB_ERROR_NOT_SUPPORTED;

    *handle = (libusb_device_handle *)device;
    return LIBUSB_SUCCESS;
}

void LIBUSB_CALL libusb_close(libusb_device_handle *handle)
{
    (void)handle;
}

int LIBUSB_CALL libusb_set_auto_detach_kernel_driver(libusb_device_handle *handle, int enable)
{
    (void)handle;
    (void)enable;
    return LIBUSB_ERROR_NOT_SUPPORTED;
}

int LIBUSB_CALL libusb_kernel_driver_active(libusb_device_handle *handle, int number)
{
    (void)handle;
    (void)number;
    return LIBUSB_ERROR_NOT_SUPPORTED;
}

int LIBUSB_CALL libusb_claim_interface(libusb_device_handle *handle, int number)
{
    (void)handle;
    return number == 0 ? LIBUSB_SUCCESS : LIBUSB_ERROR_NOT_FOUND;
}

int LIBUSB_CALL libusb_release_interface(libusb_device_handle *handle, int number)
{
    (void)handle;
    (void)number;
    return LIBUSB_SUCCESS;
}

int LIBUSB_CALL libusb_set_interface_alt_setting(libusb_device_handle *handle,
                                                 int number,
                                                 int setting)
{
    (void)handle;
    return number == 0 && setting == 0 ? LIBUSB_SUCCESS : LIBUSB_ERROR_NOT_FOUND;
}

int LIBUSB_CALL libusb_clear_halt(libusb_device_handle *handle, unsigned char endpoint)
{
    (void)handle;
    (void)endpoint;
    return LIBUSB_SUCCESS;
}

/* --- Transfers ------------------------------------------------------------------------------- */

struct libusb_transfer *LIBUSB_CALL libusb_alloc_transfer(int packets)
{
    return calloc(1, sizeof(struct libusb_transfer) +
                         (size_t)packets * sizeof(struct libusb_iso_packet_descriptor));
}

void LIBUSB_CALL libusb_free_transfer(struct libusb_transfer *transfer)
{
    free(transfer);
}

int LIBUSB_CALL libusb_submit_transfer(struct libusb_transfer *transfer)
{
    int result = LIBUSB_ERROR_NO_MEM;

    AcquireSRWLockExclusive(&lock);
    for (int i = 0; i < TRANSFERS && result != LIBUSB_SUCCESS; i++)
        if (!pending[i]) {
            pending[i] = transfer;
            cancelled[i] = false;
            result = LIBUSB_SUCCESS;
        }
    WakeAllConditionVariable(&changed);
    ReleaseSRWLockExclusive(&lock);
    return result;
}

int LIBUSB_CALL libusb_cancel_transfer(struct libusb_transfer *transfer)
{
    int result = LIBUSB_ERROR_NOT_FOUND;

    AcquireSRWLockExclusive(&lock);
    for (int i = 0; i < TRANSFERS; i++)
        if (pending[i] == transfer) {
            cancelled[i] = true;
            result = LIBUSB_SUCCESS;
        }
    WakeAllConditionVariable(&changed);
    ReleaseSRWLockExclusive(&lock);
    return result;
}

static bool answer_locked(struct libusb_transfer *transfer)
{
    const unsigned char *setup = transfer->buffer;
    const libusb_device *device = (const libusb_device *)transfer->dev_handle;

    transfer->status = LIBUSB_TRANSFER_STALL;
    if (setup[0] == 0xC0 && setup[1] == DOUBLE_REQUEST && setup[6] > 0) {
        transfer->buffer[LIBUSB_CONTROL_SETUP_SIZE] = device->address;
        transfer->actual_length = 1;
        transfer->status = LIBUSB_TRANSFER_COMPLETED;
    }
    return true;
}

static bool take_locked(struct libusb_transfer *transfer)
{
    struct message *message = &messages[message_count];

    if (message_count == MESSAGES || transfer->length > DOUBLE_PACKET)
        return false;

    memcpy(message->bytes, transfer->buffer, (size_t)transfer->length);
    message->length = transfer->length;
    message_count++;
    transfer->actual_length = transfer->length;
    return true;
}

static bool send_locked(struct libusb_transfer *transfer)
{
    if (message_count == 0 || messages[0].length > transfer->length)
        return false;

    memcpy(transfer->buffer, messages[0].bytes, (size_t)messages[0].length);
    transfer->actual_length = messages[0].length;
    message_count--;
    memmove(messages, messages + 1, sizeof(messages) - sizeof(messages[0]));
    return true;
}

/* @return whether the transfer has ended */
static bool progress_locked(struct libusb_transfer *transfer, bool is_cancelled)
{
    transfer->actual_length = 0;
    transfer->status = is_cancelled ? LIBUSB_TRANSFER_CANCELLED : LIBUSB_TRANSFER_COMPLETED;
    if (is_cancelled)
        return true;
    if (transfer->type == LIBUSB_TRANSFER_TYPE_CONTROL)
        return answer_locked(transfer);
    return transfer->endpoint == DOUBLE_OUT ? take_locked(transfer) : send_locked(transfer);
}

static struct libusb_transfer *take_ended_locked(void)
{
    for (int i = 0; i < TRANSFERS && pending[i]; i++) {
        struct libusb_transfer *transfer = pending[i];

        if (!progress_locked(transfer, cancelled[i]))
            continue;
        for (int j = i; j < TRANSFERS - 1; j++) {
            pending[j] = pending[j + 1];
            cancelled[j] = cancelled[j + 1];
        }
        pending[TRANSFERS - 1] = NULL;
        return transfer;
    }
    return NULL;
}

static void call_back_locked(struct libusb_transfer *transfer)
{
    ReleaseSRWLockExclusive(&lock);
    transfer->callback(transfer);
    AcquireSRWLockExclusive(&lock);
    WakeAllConditionVariable(&changed);
}

int LIBUSB_CALL libusb_handle_events_timeout_completed(libusb_context *context,
                                                       struct timeval *timeout,
                                                       int *completed)
{
    const DWORD milliseconds = (DWORD)(timeout->tv_sec * 1000 + timeout->tv_usec / 1000);

    (void)context;
    AcquireSRWLockExclusive(&lock);
    while (!interrupted && !(completed && *(volatile int *)completed)) {
        struct libusb_transfer *ended = take_ended_locked();

        if (ended) {
            call_back_locked(ended);
            break;
        }
        if (!SleepConditionVariableSRW(&changed, &lock, milliseconds, 0))
            break;
    }
    interrupted = false;
    ReleaseSRWLockExclusive(&lock);
    return LIBUSB_SUCCESS;
}

void LIBUSB_CALL libusb_interrupt_event_handler(libusb_context *context)
{
    (void)context;
    AcquireSRWLockExclusive(&lock);
    interrupted = true;
    WakeAllConditionVariable(&changed);
    ReleaseSRWLockExclusive(&lock);
}
