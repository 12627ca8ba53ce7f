/*
 * Devices, over libusb, which only the files of this folder know.
 *
 * libusb learns of new devices from udev. Where no udev daemon runs (containers, rescue systems),
 * a context knows for ever what it found at its start. So each list has a context of its own,
 * which the devices opened from it share, and which ends with the last of them.
 */
#include "usb/usb.h"

#include <libusb.h>
#include <stdlib.h>

#include "host/host.h"
#include "usb/usb_attributes.h"
#include "usb/usb_error.h"
#include "usb/usb_library.h"
#include "usb/usb_session.h"

static struct wu_usb_session *session_of(uint64_t number)
{
    return (struct wu_usb_session *)(uintptr_t)number;
}

/* --- Sessions ------------------------------------------------------------------------------ */

struct beginning {
    libusb_context *context; /* NULL until it is there */
    int result;              /* libusb's */
};

static void begin(void *opaque)
{
    struct beginning *beginning = opaque;

    beginning->result = libusb_init(&beginning->context);
}

/* Without USB, a session without a context; NULL when there is no memory. */
static struct wu_usb_session *session_new(void)
{
    struct wu_usb_session *session = calloc(1, sizeof(*session));
    struct beginning beginning = { NULL, LIBUSB_SUCCESS };

    if (!session)
        return NULL;

    atomic_init(&session->references, 1);
    wu_host_without_signals(begin, &beginning); /* the first context starts a thread */
    if (beginning.result == LIBUSB_ERROR_NO_MEM) {
        free(session);
        return NULL;
    }
    if (beginning.result < 0)
        wu_log(WU_LOG_WARN, "no USB on this machine: libusb says %s",
               libusb_error_name(beginning.result));
    else
        session->context = beginning.context;

    if (session->context)
        wu_usb_library_configure(session->context);
    return session;
}

static void session_release(struct wu_usb_session *session)
{
    if (atomic_fetch_sub(&session->references, 1) > 1)
        return;

    if (session->context)
        libusb_exit(session->context);
    free(session);
}

/* --- Lists --------------------------------------------------------------------------------- */

static enum wu_usb_speed speed_of(libusb_device *device)
{
    /* clang-format off */
    switch (libusb_get_device_speed(device)) {
    case LIBUSB_SPEED_LOW:        return WU_USB_SPEED_LOW;
    case LIBUSB_SPEED_FULL:       return WU_USB_SPEED_FULL;
    case LIBUSB_SPEED_HIGH:       return WU_USB_SPEED_HIGH;
    case LIBUSB_SPEED_SUPER:      return WU_USB_SPEED_SUPER;
    case LIBUSB_SPEED_SUPER_PLUS: return WU_USB_SPEED_SUPER_PLUS;
    default:                      return WU_USB_SPEED_UNKNOWN;
    }
    /* clang-format on */
}

static void put16(unsigned char *bytes, unsigned value)
{
    bytes[0] = (unsigned char)value;
    bytes[1] = (unsigned char)(value >> 8);
}

/* libusb turned the 16-bit members into the host's byte order; we want the wire's. */
static void serialise(const struct libusb_device_descriptor *from, unsigned char *to)
{
    to[0] = from->bLength;
    to[1] = from->bDescriptorType;
    put16(to + 2, from->bcdUSB);
    to[4] = from->bDeviceClass;
    to[5] = from->bDeviceSubClass;
    to[6] = from->bDeviceProtocol;
    to[7] = from->bMaxPacketSize0;
    put16(to + 8, from->idVendor);
    put16(to + 10, from->idProduct);
    put16(to + 12, from->bcdDevice);
    to[14] = from->iManufacturer;
    to[15] = from->iProduct;
    to[16] = from->iSerialNumber;
    to[17] = from->bNumConfigurations;
}

static uint32_t describe(libusb_device *device, struct wu_usb_info *info)
{
    struct libusb_device_descriptor descriptor = { 0 };
    int depth;

    info->id = wu_usb_number_of(device);
    info->bus = libusb_get_bus_number(device);
    info->address = libusb_get_device_address(device);
    depth = libusb_get_port_numbers(device, info->ports, WU_USB_DEPTH);
    info->depth = depth > 0 ? (unsigned)depth : 0;
    info->speed = speed_of(device);

    libusb_get_device_descriptor(device, &descriptor);
    serialise(&descriptor, info->device);
    return wu_usb_active_configuration(info, &info->configuration, &info->configuration_size);
}

/* What is in the list after a failure is freed with it. */
static uint32_t fill(struct wu_usb_list *list, struct wu_usb_session *session)
{
    uint32_t error = WU_USB_OK;
    ssize_t count = 0;

    if (session->context)
        count = libusb_get_device_list(session->context, &session->devices);
    if (count < 0)
        return WU_USB_NO_MEMORY;

    list->devices = calloc((size_t)count + 1, sizeof(*list->devices));
    if (!list->devices)
        return WU_USB_NO_MEMORY;

    list->count = (size_t)count;
    for (size_t i = 0; i < list->count && error == WU_USB_OK; i++)
        error = describe(session->devices[i], &list->devices[i]);
    return error;
}

uint32_t wu_usb_list_get(struct wu_usb_list *list_out)
{
    struct wu_usb_list list = { 0 };
    struct wu_usb_session *session;
    uint32_t error = wu_usb_library_load();

    if (error != WU_USB_OK)
        return error;

    session = session_new();
    if (!session)
        return WU_USB_NO_MEMORY;

    list.session = wu_usb_number_of(session);
    error = fill(&list, session);
    if (error != WU_USB_OK) {
        wu_usb_list_free(&list);
        return error;
    }

    *list_out = list;
    return WU_USB_OK;
}

void wu_usb_list_free(struct wu_usb_list *list)
{
    struct wu_usb_session *session = session_of(list->session);

    for (size_t i = 0; i < list->count; i++)
        free(list->devices[i].configuration);
    free(list->devices);

    if (session->devices)
        libusb_free_device_list(session->devices, 1);
    session->devices = NULL;
    session_release(session);
}

const struct wu_usb_info *
wu_usb_list_find(const struct wu_usb_list *list, unsigned bus, unsigned address)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->devices[i].bus == bus && list->devices[i].address == address)
            return &list->devices[i];

    return NULL;
}

/* --- Devices ------------------------------------------------------------------------------- */

uint32_t
wu_usb_open(const struct wu_usb_list *list, const struct wu_usb_info *info, uint64_t *device_out)
{
    struct wu_usb_device *device = calloc(1, sizeof(*device));
    int result;

    if (!device)
        return WU_USB_NO_MEMORY;

    device->session = session_of(list->session);
    result = libusb_open((libusb_device *)(uintptr_t)info->id, &device->handle);
    if (result < 0) {
        free(device);
        return wu_usb_error(result);
    }

    /* Where this is not supported there are no kernel drivers to detach. */
    libusb_set_auto_detach_kernel_driver(device->handle, 1);
    atomic_fetch_add(&device->session->references, 1);
    *device_out = wu_usb_number_of(device);
    return WU_USB_OK;
}

void wu_usb_close(uint64_t number)
{
    struct wu_usb_device *device = wu_usb_device_of(number);

    libusb_close(device->handle);
    session_release(device->session);
    free(device);
}

uint32_t wu_usb_claim(uint64_t device, uint8_t number)
{
    return wu_usb_error(libusb_claim_interface(wu_usb_device_of(device)->handle, number));
}

void wu_usb_release(uint64_t device, uint8_t number)
{
    libusb_release_interface(wu_usb_device_of(device)->handle, number);
}

uint32_t wu_usb_control(uint64_t device,
                        const struct wu_usb_setup *setup,
                        void *data,
                        unsigned timeout,
                        size_t *transferred)
{
    const int result =
        libusb_control_transfer(wu_usb_device_of(device)->handle, setup->type, setup->request,
                                setup->value, setup->index, data, setup->length, timeout);

    if (result >= 0)
        *transferred = (size_t)result;
    return wu_usb_error(result);
}

/* Once it knows that the device is gone, libusb 1.0.26 unlocks here what it has not locked, and
 * aborts when the device is closed (https://github.com/libusb/libusb/issues/1199). */
uint32_t wu_usb_set_alternate(uint64_t device, uint8_t number, uint8_t setting)
{
    libusb_device_handle *handle = wu_usb_device_of(device)->handle;

    if (!wu_usb_present(device))
        return WU_USB_DEVICE_NOT_CONNECTED;
    return wu_usb_error(libusb_set_interface_alt_setting(handle, number, setting));
}

uint32_t wu_usb_clear_halt(uint64_t device, uint8_t endpoint)
{
    return wu_usb_error(libusb_clear_halt(wu_usb_device_of(device)->handle, endpoint));
}

/*
 * Asks which driver has interface 0: the kernel answers from memory, and once the device is gone
 * it says so, even when another device has taken its place on the same port.
 */
bool wu_usb_present(uint64_t device)
{
    return libusb_kernel_driver_active(wu_usb_device_of(device)->handle, 0) !=
           LIBUSB_ERROR_NO_DEVICE;
}

const char *wu_usb_speed_name(enum wu_usb_speed speed)
{
    static const char *const names[] = { "unknown", "low", "full", "high", "super", "super plus" };

    return names[speed];
}
