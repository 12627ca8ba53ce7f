#include "libusb_fake.h"

#include <libusb.h>
#include <stdlib.h>
#include <string.h>

enum { CONTEXTS = 4 };

struct libusb_device {
    libusb_context *context;
    int references;
};

struct libusb_device_handle {
    libusb_context *context;
    int opens;
};

struct libusb_context {
    bool open;
    bool listed;
    libusb_device *list[2]; /* ends with NULL */
    struct libusb_device device;
    struct libusb_device_handle handle;
};

static struct libusb_context contexts[CONTEXTS];

struct fake_libusb fake_libusb;

void fake_libusb_reset(void)
{
    memset(contexts, 0, sizeof(contexts));
    memset(&fake_libusb, 0, sizeof(fake_libusb));
    fake_libusb.speed = LIBUSB_SPEED_HIGH;
}

bool fake_libusb_is_idle(void)
{
    return fake_libusb.contexts == 0 && fake_libusb.lists == 0 && fake_libusb.handles == 0 &&
           fake_libusb.claims == 0;
}

static void require(bool allowed)
{
    if (!allowed)
        abort(); /* libusb forbids this call */
}

/* --- Contexts ------------------------------------------------------------------------------ */

static struct libusb_context *unused_context(void)
{
    int i = 0;

    while (i < CONTEXTS && contexts[i].open)
        i++;

    require(i < CONTEXTS);
    return &contexts[i];
}

int LIBUSB_CALL libusb_init(libusb_context **context_out)
{
    struct libusb_context *context = unused_context();

    if (fake_libusb.result[FAKE_INIT] < 0)
        return fake_libusb.result[FAKE_INIT];

    *context = (struct libusb_context){ .open = true };
    context->device.context = context;
    context->handle.context = context;
    fake_libusb.contexts++;
    *context_out = context;
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
    if (fake_libusb.result[FAKE_LIST] < 0)
        return fake_libusb.result[FAKE_LIST];

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
    if (fake_libusb.result[FAKE_PORTS] < 0)
        return fake_libusb.result[FAKE_PORTS];

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
    if (fake_libusb.result[FAKE_DESCRIPTOR] < 0)
        return fake_libusb.result[FAKE_DESCRIPTOR];

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

/* --- Devices ------------------------------------------------------------------------------- */

static void require_open(libusb_device_handle *handle)
{
    require(handle && handle->context->open && handle->opens > 0);
}

int LIBUSB_CALL libusb_open(libusb_device *device, libusb_device_handle **handle_out)
{
    require_known(device);
    if (fake_libusb.result[FAKE_OPEN] < 0)
        return fake_libusb.result[FAKE_OPEN];

    device->references++;
    device->context->handle.opens++;
    fake_libusb.handles++;
    *handle_out = &device->context->handle;
    return LIBUSB_SUCCESS;
}

void LIBUSB_CALL libusb_close(libusb_device_handle *handle)
{
    require_open(handle);
    handle->opens--;
    handle->context->device.references--;
    fake_libusb.handles--;
}

int LIBUSB_CALL libusb_set_auto_detach_kernel_driver(libusb_device_handle *handle, int enable)
{
    require_open(handle);
    if (fake_libusb.result[FAKE_AUTO_DETACH] < 0)
        return fake_libusb.result[FAKE_AUTO_DETACH];

    fake_libusb.auto_detach = enable != 0;
    return LIBUSB_SUCCESS;
}

int LIBUSB_CALL libusb_claim_interface(libusb_device_handle *handle, int number)
{
    (void)number;
    require_open(handle);
    if (fake_libusb.result[FAKE_CLAIM] < 0)
        return fake_libusb.result[FAKE_CLAIM];

    fake_libusb.claims++;
    return LIBUSB_SUCCESS;
}

/* What fails to be released is gone all the same. */
int LIBUSB_CALL libusb_release_interface(libusb_device_handle *handle, int number)
{
    (void)number;
    require_open(handle);
    require(fake_libusb.claims-- > 0);
    return fake_libusb.result[FAKE_RELEASE];
}

int LIBUSB_CALL libusb_kernel_driver_active(libusb_device_handle *handle, int number)
{
    (void)number;
    require_open(handle);
    if (fake_libusb.result[FAKE_DRIVER_ACTIVE] < 0)
        return fake_libusb.result[FAKE_DRIVER_ACTIVE];

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
    if (fake_libusb.result[FAKE_CONTROL] < 0)
        return fake_libusb.result[FAKE_CONTROL];

    return fake_libusb.control ? fake_libusb.control(&setup, data) : LIBUSB_ERROR_PIPE;
}
