#include "fake_libusb.h"

#include <string.h>

/* Before its own declarations are imports. */
#include "libusb.h"

enum { ENDLESS = 50 /* claims that only a loop makes */ };

static struct fake_libusb state;
static int something; /* whose address stands for whatever is opaque */

fake_libusb_function fake_libusb_state;

struct fake_libusb *WINAPI fake_libusb_state(void)
{
    return &state;
}

/* --- The device ------------------------------------------------------------------------------ */

static const struct libusb_interface_descriptor setting = {
    .bLength = 9,
    .bDescriptorType = 4,
    .bInterfaceClass = 0xFF,
};
static const struct libusb_interface interfaces[] = { { &setting, 1 } };
static struct libusb_config_descriptor configuration = {
    .bLength = 9,
    .bDescriptorType = 2,
    .wTotalLength = 18,
    .bNumInterfaces = 1,
    .bConfigurationValue = 1,
    .interface = interfaces,
};

int LIBUSB_CALL libusb_init(libusb_context **context)
{
    *context = (libusb_context *)&something;
    return 0;
}

void LIBUSB_CALL libusb_exit(libusb_context *context)
{
    (void)context;
}

ssize_t LIBUSB_CALL libusb_get_device_list(libusb_context *context, libusb_device ***list)
{
    static libusb_device *devices[] = { (libusb_device *)&something, NULL };

    (void)context;
    *list = devices;
    return 1;
}

void LIBUSB_CALL libusb_free_device_list(libusb_device **list, int unref)
{
    (void)list;
    (void)unref;
}

uint8_t LIBUSB_CALL libusb_get_bus_number(libusb_device *device)
{
    (void)device;
    return 1;
}

uint8_t LIBUSB_CALL libusb_get_device_address(libusb_device *device)
{
    (void)device;
    return 2;
}

int LIBUSB_CALL libusb_get_port_numbers(libusb_device *device, uint8_t *ports, int length)
{
    (void)device;
    (void)length;
    ports[0] = 1;
    return 1;
}

int LIBUSB_CALL libusb_get_device_speed(libusb_device *device)
{
    (void)device;
    return LIBUSB_SPEED_HIGH;
}

int LIBUSB_CALL libusb_get_device_descriptor(libusb_device *device,
                                             struct libusb_device_descriptor *descriptor)
{
    (void)device;
    memset(descriptor, 0, sizeof(*descriptor));
    descriptor->bLength = 18;
    descriptor->bDescriptorType = 1;
    descriptor->bNumConfigurations = 1;
    return 0;
}

int LIBUSB_CALL libusb_get_active_config_descriptor(libusb_device *device,
                                                    struct libusb_config_descriptor **out)
{
    (void)device;
    *out = &configuration;
    return 0;
}

void LIBUSB_CALL libusb_free_config_descriptor(struct libusb_config_descriptor *descriptor)
{
    (void)descriptor;
}

const char *LIBUSB_CALL libusb_error_name(int error)
{
    (void)error;
    return "error";
}

/* --- Opening --------------------------------------------------------------------------------- */

int LIBUSB_CALL libusb_open(libusb_device *device, libusb_device_handle **handle)
{
    (void)device;
    *handle = (libusb_device_handle *)&something;
    return 0;
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
    return 0;
}

int LIBUSB_CALL libusb_release_interface(libusb_device_handle *handle, int number)
{
    (void)handle;
    (void)number;
    return 0;
}

static HMODULE load_winusb(void)
{
    char path[MAX_PATH + 16];

    if (state.by_name)
        return LoadLibraryA("winusb.dll");

    GetSystemDirectoryA(path, MAX_PATH);
    strcat(path, "\\winusb.dll");
    return LoadLibraryA(path);
}

int LIBUSB_CALL libusb_claim_interface(libusb_device_handle *handle, int number)
{
    const HMODULE module = load_winusb();
    BOOL(WINAPI * initialize)(HANDLE, HANDLE *);

    (void)handle;
    (void)number;
    if (++state.claims > ENDLESS)
        return LIBUSB_ERROR_OTHER;
    if (!module)
        return 0;

    initialize = (BOOL(WINAPI *)(HANDLE, HANDLE *))(void (*)(void))GetProcAddress(
        module, "WinUsb_Initialize");
    state.handle = (HANDLE)77;
    if (initialize((HANDLE)0x8888, &state.handle))
        return 0;

    state.error = GetLastError();
    state.refused++;
    return LIBUSB_ERROR_NOT_SUPPORTED;
}
