/*
 * All that reads bytes of a device: the configuration, Microsoft's OS descriptors of both versions
 * and BOS. What is found must lie inside of what was given, which has no byte more than it says.
 */
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#include "core/descriptor.h"
#include "devices/devices.h"
#include "devices/msos.h"
#include "devices/split.h"
#include "fuzz.h"
#include "tracker_fake.h"
#include "usb_fake.h"
#include "usb/usb_error.h"
#include "winusb.h"

static bool lies_inside(struct wu_chain chain, const UCHAR *found, size_t least)
{
    return found >= chain.bytes && (size_t)(found - chain.bytes) <= chain.size &&
           chain.size - (size_t)(found - chain.bytes) >= found[0] && found[0] >= least;
}

/* --- Configurations ------------------------------------------------------------------------ */

static void read_endpoints(struct wu_chain chain, const USB_INTERFACE_DESCRIPTOR *setting)
{
    const UCHAR *endpoint;
    unsigned count = 0;

    while ((endpoint = wu_descriptor_endpoint(chain, setting, count)) != NULL) {
        fuzz_require(lies_inside(chain, endpoint, 7) &&
                     endpoint[1] == USB_ENDPOINT_DESCRIPTOR_TYPE);
        for (int speed = WU_USB_SPEED_UNKNOWN; speed <= WU_USB_SPEED_SUPER_PLUS; speed++)
            fuzz_require(wu_descriptor_pipe(chain, endpoint, (enum wu_usb_speed)speed).PipeId ==
                         endpoint[2]);
        count++;
    }
    fuzz_require(count <= setting->bNumEndpoints);
}

static void read_interfaces(struct wu_chain chain)
{
    for (unsigned number = 0; number < 256; number += number < 4 ? 1 : 63)
        for (unsigned i = 0;; i++) {
            const USB_INTERFACE_DESCRIPTOR *setting =
                wu_descriptor_alternate(chain, (UCHAR)number, i);

            if (!setting)
                break;
            fuzz_require(lies_inside(chain, (const UCHAR *)setting, sizeof(*setting)));
            fuzz_require(setting->bInterfaceNumber == number);
            read_endpoints(chain, setting);
        }
}

static void read_types(struct wu_chain chain)
{
    for (LONG type = -1; type < 256; type++) {
        const UCHAR *found = wu_descriptor_find(chain, chain.bytes, type);

        fuzz_require(!found || (lies_inside(chain, found, 2) && found[1] == type));
    }
}

/* Programs give any place to start from, and their own idea of how long it all is. */
static void parse(struct wu_chain chain, unsigned start)
{
    UCHAR *const bytes = (UCHAR *)chain.bytes;
    const UCHAR *found =
        (const UCHAR *)WinUsb_ParseDescriptors(bytes, (ULONG)chain.size, bytes + start, bytes[0]);

    fuzz_require(!found || lies_inside(chain, found, 2));
    if (chain.size < sizeof(USB_CONFIGURATION_DESCRIPTOR) ||
        (bytes[2] | bytes[3] << 8) > (int)chain.size)
        return;

    found = (const UCHAR *)WinUsb_ParseConfigurationDescriptor((PUSB_CONFIGURATION_DESCRIPTOR)bytes,
                                                               bytes + start, -1, 0, -1, -1, -1);
    fuzz_require(!found || lies_inside(chain, found, sizeof(USB_INTERFACE_DESCRIPTOR)));
}

static void split(const struct wu_usb_info *info)
{
    struct wu_span spans[WU_SPLIT_MAX];
    const size_t count = wu_split(info, spans);

    fuzz_require(count <= WU_SPLIT_MAX);
    fuzz_require(count > 0 || wu_split_whole(info).count > 0);
}

/* --- Microsoft's descriptors ----------------------------------------------------------------- */

static void read_msos(const UCHAR *bytes, size_t size)
{
    struct wu_guids guids = { 0 };
    struct wu_msos2_platform platform;
    uint8_t code;

    wu_msos1_vendor_code(bytes, size, &code);
    wu_msos1_add_properties(bytes, size, &guids);
    wu_msos2_platform(bytes, size, &platform);
    wu_msos2_add_set(bytes, size, -1, &guids);
    wu_msos2_add_set(bytes, size, 1, &guids);
    fuzz_require(guids.count <= WU_GUIDS_MAX);
}

/* --- A device that consists of them ---------------------------------------------------------- */

static struct fuzz_input answers;

/* Each answer is preceded by how long it is. */
static uint32_t answer(const struct wu_usb_setup *setup, void *data, size_t *transferred)
{
    size_t size = fuzz_take(&answers);

    if (size == 0xFF)
        return WU_USB_FAILURE;
    if (size > setup->length)
        size = setup->length;
    if (size > answers.size)
        size = answers.size;
    memcpy(data, answers.bytes, size);
    answers.bytes += size;
    answers.size -= size;
    *transferred = size;
    return WU_USB_OK;
}

static void ask(WINUSB_INTERFACE_HANDLE handle, struct wu_chain chain)
{
    WINUSB_PIPE_INFORMATION_EX pipe;
    USB_INTERFACE_DESCRIPTOR setting;
    WINUSB_INTERFACE_HANDLE associated;
    UCHAR buffer[300];
    ULONG transferred = 0;

    for (UCHAR i = 0; i < 4; i++) {
        if (WinUsb_QueryInterfaceSettings(handle, i, &setting))
            fuzz_require(setting.bDescriptorType == USB_INTERFACE_DESCRIPTOR_TYPE);
        for (UCHAR j = 0; j < 4; j++)
            WinUsb_QueryPipeEx(handle, i, j, &pipe);
        for (UCHAR type = 1; type < 6; type++)
            if (WinUsb_GetDescriptor(handle, type, i, 0, buffer, sizeof(buffer), &transferred))
                fuzz_require(transferred <= sizeof(buffer));
        WinUsb_SetCurrentAlternateSetting(handle, i);
        if (WinUsb_GetAssociatedInterface(handle, i, &associated))
            WinUsb_Free(associated);
    }
    fuzz_require(chain.size > 0);
}

static void open_path(const struct wu_function *function, struct wu_chain chain)
{
    WINUSB_INTERFACE_HANDLE handle;
    char path[WU_PATH_SIZE];
    HANDLE file;

    wu_function_path(function, &wu_guid_usb_device, path);
    file = CreateFileA(path, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING,
                       FILE_FLAG_OVERLAPPED, NULL);
    if (file == INVALID_HANDLE_VALUE)
        return; /* two functions of one name: the device has two interfaces of one number */

    if (WinUsb_Initialize(file, &handle)) {
        ask(handle, chain);
        WinUsb_Free(handle);
    }
    CloseHandle(file);
}

static void open_all(struct wu_chain chain)
{
    struct wu_function_list list;

    fuzz_require(wu_function_list_get(&list) == ERROR_SUCCESS);
    for (size_t i = 0; i < list.count; i++)
        open_path(&list.functions[i], chain);
    wu_function_list_free(&list);
}

/* --- The target ---------------------------------------------------------------------------- */

static struct fake_usb_device *plug(struct wu_chain chain, unsigned manner)
{
    struct fake_usb_device *device;

    fake_usb_reset();
    fake_tracker_reset();
    device = fake_usb_add(5, 0x1234, 0x5678, chain.bytes, chain.size);
    device->control = answer;
    device->info.speed = (enum wu_usb_speed)(manner % (WU_USB_SPEED_SUPER_PLUS + 1));
    device->info.device[2] = (manner & 0x10) != 0 ? 0x10 : 0; /* USB 2.1 has a BOS descriptor */
    device->info.device[17] = (manner & 0x20) != 0 ? 2 : 1;
    if ((manner & 0x40) != 0)
        memcpy(device->info.device + 4, (const unsigned char[]){ 0xEF, 2, 1 }, 3);
    return device;
}

static void read_all(struct wu_chain chain, unsigned manner, unsigned start)
{
    const struct fake_usb_device *device = plug(chain, manner);

    read_interfaces(chain);
    read_types(chain);
    if (start < chain.size)
        parse(chain, start);
    split(&device->info);
    read_msos(chain.bytes, chain.size);
    open_all(chain);
    fuzz_require(fake_usb_is_idle());
}

/* The manner, a place, how many bytes are the configuration; then they; then what it answers. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct fuzz_input input = { bytes, size };
    const unsigned manner = fuzz_take(&input), start = fuzz_take(&input);
    struct wu_chain chain = { .size = fuzz_take(&input) };
    UCHAR *own;

    chain.size = chain.size < input.size ? chain.size : input.size;
    if (chain.size == 0)
        return 0;

    own = malloc(chain.size);
    fuzz_require(own != NULL);
    memcpy(own, input.bytes, chain.size);
    chain.bytes = own;
    answers = (struct fuzz_input){ input.bytes + chain.size, input.size - chain.size };
    read_all(chain, manner, start);
    free(own);
    return 0;
}
