/* Control transfers. */
#include <string.h>

#include "core/setting.h"
#include "core/transfer.h"

enum {
    FROM_DEVICE = 0x80,
    RECIPIENT_BITS = 0x1F,
    TO_INTERFACE = 0x01,
    TO_DEVICE = 0x00,
    HIGH_BYTE = 0xFF00,
};

/* --- The kind ------------------------------------------------------------------------------ */

static bool is_in(const struct wu_request *request)
{
    return (request->bounce[0] & FROM_DEVICE) != 0;
}

/* A transfer takes place from the beginning, once. */
static bool next(struct wu_request *request, struct wu_usb_submission *submission)
{
    submission->data = request->bounce;
    submission->length = request->asked;
    return true;
}

static bool take(struct wu_request *request, const struct wu_usb_completion *completion)
{
    request->error = completion->error;
    request->bytes = completion->bytes;
    if (is_in(request) && request->bytes > 0)
        memcpy(request->io.buffer, request->bounce + WU_USB_SETUP_SIZE, request->bytes);
    return false;
}

static bool may_queue(const struct wu_request *request)
{
    (void)request;
    return true;
}

static const struct wu_request_kind kind = { next, take, may_queue, NULL };

/* --- What is changed on the way -------------------------------------------------------------- */

/* Windows puts the number of the handle's interface into requests to an interface, and the length
 * of the program's buffer into all: programs leave anything in the packet's own. */
static WINUSB_SETUP_PACKET
corrected(const struct wu_interface *iface, WINUSB_SETUP_PACKET setup, ULONG length)
{
    if ((setup.RequestType & RECIPIENT_BITS) == TO_INTERFACE)
        setup.Index = (USHORT)((setup.Index & HIGH_BYTE) | iface->number);
    setup.Length = (USHORT)length;
    return setup;
}

static bool is_standard(const WINUSB_SETUP_PACKET *setup, UCHAR recipient, UCHAR request)
{
    return setup->RequestType == recipient && setup->Request == request;
}

/* Both would change what the kernel and we know of the device behind their backs. */
static bool changes_settings(const WINUSB_SETUP_PACKET *setup)
{
    return is_standard(setup, TO_INTERFACE, USB_REQUEST_SET_INTERFACE) ||
           is_standard(setup, TO_DEVICE, USB_REQUEST_SET_CONFIGURATION);
}

static UCHAR configuration_value(const struct wu_interface *iface)
{
    return iface->device->configuration.bytes[5];
}

static DWORD change_setting(struct wu_interface *iface, const WINUSB_SETUP_PACKET *setup)
{
    if (setup->Request == USB_REQUEST_SET_INTERFACE)
        return setup->Value <= 0xFF ? wu_setting_set(iface, (UCHAR)setup->Value) : ERROR_NOT_FOUND;
    return setup->Value == configuration_value(iface) ? ERROR_SUCCESS : ERROR_NOT_SUPPORTED;
}

/* --- Making -------------------------------------------------------------------------------- */

static void lay_out(struct wu_request *request, const WINUSB_SETUP_PACKET *setup, const UCHAR *data)
{
    const UCHAR bytes[WU_USB_SETUP_SIZE] = {
        setup->RequestType,   setup->Request,
        (UCHAR)setup->Value,  (UCHAR)(setup->Value >> 8),
        (UCHAR)setup->Index,  (UCHAR)(setup->Index >> 8),
        (UCHAR)setup->Length, (UCHAR)(setup->Length >> 8),
    };

    memcpy(request->bounce, bytes, sizeof(bytes));
    if (!is_in(request) && setup->Length > 0)
        memcpy(request->bounce + WU_USB_SETUP_SIZE, data, setup->Length);
    request->asked = WU_USB_SETUP_SIZE + (ULONG)setup->Length;
}

static DWORD
transfer(struct wu_interface *iface, const WINUSB_SETUP_PACKET *setup, const struct wu_io *io)
{
    struct wu_request *request;
    DWORD error = wu_request_new(iface, &iface->device->pipes[0], &kind,
                                 WU_USB_SETUP_SIZE + (size_t)setup->Length, 0, &request);

    if (error != ERROR_SUCCESS)
        return error;

    lay_out(request, setup, io->buffer);
    return wu_request_run(request, io);
}

DWORD wu_transfer_control(struct wu_interface *iface,
                          const WINUSB_SETUP_PACKET *setup,
                          const struct wu_io *io)
{
    const WINUSB_SETUP_PACKET own = corrected(iface, *setup, io->length);

    if (io->length > WU_USB_LONGEST_CONTROL || (!io->buffer && io->length > 0))
        return ERROR_INVALID_PARAMETER;
    if (changes_settings(&own))
        return wu_io_end(iface, io, change_setting(iface, &own));
    return transfer(iface, &own, io);
}
