#include "core/descriptor.h"

#include <stdint.h>

#include "usb/bytes.h"

enum { HEADER_SIZE = 2, PACKET_SIZE_BITS = 0x7FF };

/* Tells whether a whole descriptor lies at @p at. */
static bool is_whole(struct wu_chain chain, const UCHAR *at)
{
    const uintptr_t begin = (uintptr_t)chain.bytes, place = (uintptr_t)at;
    const size_t left = begin + chain.size - place;

    return place >= begin && place - begin <= chain.size && left >= HEADER_SIZE &&
           at[0] >= HEADER_SIZE && at[0] <= left;
}

const UCHAR *wu_descriptor_find(struct wu_chain chain, const void *start, LONG type)
{
    for (const UCHAR *at = start; is_whole(chain, at); at += at[0])
        if (at[1] == type)
            return at;

    return NULL;
}

static bool meets(LONG criterion, UCHAR value)
{
    return criterion == -1 || criterion == value;
}

static bool meets_all(const USB_INTERFACE_DESCRIPTOR *found,
                      const struct wu_interface_criteria *criteria)
{
    return meets(criteria->number, found->bInterfaceNumber) &&
           meets(criteria->alternate, found->bAlternateSetting) &&
           meets(criteria->class_code, found->bInterfaceClass) &&
           meets(criteria->subclass, found->bInterfaceSubClass) &&
           meets(criteria->protocol, found->bInterfaceProtocol);
}

const USB_INTERFACE_DESCRIPTOR *
wu_descriptor_find_interface(struct wu_chain chain,
                             const void *start,
                             const struct wu_interface_criteria *criteria)
{
    const UCHAR *at = start;

    while ((at = wu_descriptor_find(chain, at, USB_INTERFACE_DESCRIPTOR_TYPE)) != NULL) {
        const USB_INTERFACE_DESCRIPTOR *found = (const USB_INTERFACE_DESCRIPTOR *)at;

        if (at[0] >= sizeof(*found) && meets_all(found, criteria))
            return found;
        at += at[0];
    }

    return NULL;
}

const USB_INTERFACE_DESCRIPTOR *
wu_descriptor_alternate(struct wu_chain chain, UCHAR number, unsigned index)
{
    const struct wu_interface_criteria criteria = { number, -1, -1, -1, -1 };
    const USB_INTERFACE_DESCRIPTOR *found =
        wu_descriptor_find_interface(chain, chain.bytes, &criteria);

    while (found && index-- > 0)
        found =
            wu_descriptor_find_interface(chain, (const UCHAR *)found + found->bLength, &criteria);

    return found;
}

const UCHAR *wu_descriptor_endpoint(struct wu_chain chain,
                                    const USB_INTERFACE_DESCRIPTOR *alternate,
                                    unsigned index)
{
    const UCHAR *at = (const UCHAR *)alternate + alternate->bLength;

    if (index >= alternate->bNumEndpoints)
        return NULL;

    for (; is_whole(chain, at) && at[1] != USB_INTERFACE_DESCRIPTOR_TYPE; at += at[0])
        if (at[1] == USB_ENDPOINT_DESCRIPTOR_TYPE && at[0] >= sizeof(USB_ENDPOINT_DESCRIPTOR) &&
            index-- == 0)
            return at;

    return NULL;
}

/* Finds a companion of an endpoint: it follows before the next endpoint or interface. */
static const UCHAR *
find_companion(struct wu_chain chain, const UCHAR *endpoint, UCHAR type, UCHAR size)
{
    const UCHAR *at = endpoint + endpoint[0];

    for (; is_whole(chain, at); at += at[0]) {
        if (at[1] == type && at[0] >= size)
            return at;
        if (at[1] == USB_ENDPOINT_DESCRIPTOR_TYPE || at[1] == USB_INTERFACE_DESCRIPTOR_TYPE)
            break;
    }

    return NULL;
}

/* High speed tells in two bits how many more transactions a microframe may have. */
static ULONG periodic_bytes(struct wu_chain chain, const UCHAR *endpoint, enum wu_usb_speed speed)
{
    const USHORT raw = wu_get16(endpoint + 4);
    const UCHAR *plus, *super;

    if (speed == WU_USB_SPEED_HIGH)
        return (raw & PACKET_SIZE_BITS) * (1u + (raw >> 11 & 3));
    if (speed < WU_USB_SPEED_SUPER)
        return raw & PACKET_SIZE_BITS;

    plus = find_companion(chain, endpoint,
                          USB_SUPERSPEEDPLUS_ISOCH_ENDPOINT_COMPANION_DESCRIPTOR_TYPE, 8);
    super = find_companion(chain, endpoint, USB_SUPERSPEED_ENDPOINT_COMPANION_DESCRIPTOR_TYPE, 6);
    if (plus)
        return wu_get32(plus + 4);
    return super ? wu_get16(super + 4) : raw & PACKET_SIZE_BITS;
}

WINUSB_PIPE_INFORMATION_EX
wu_descriptor_pipe(struct wu_chain chain, const UCHAR *endpoint, enum wu_usb_speed speed)
{
    WINUSB_PIPE_INFORMATION_EX pipe = { 0 };

    pipe.PipeType = (USBD_PIPE_TYPE)(endpoint[3] & USB_ENDPOINT_TYPE_MASK);
    pipe.PipeId = endpoint[2];
    pipe.MaximumPacketSize = wu_get16(endpoint + 4) & PACKET_SIZE_BITS;
    pipe.Interval = endpoint[6];
    pipe.MaximumBytesPerInterval = pipe.MaximumPacketSize;
    if (pipe.PipeType == UsbdPipeTypeIsochronous || pipe.PipeType == UsbdPipeTypeInterrupt)
        pipe.MaximumBytesPerInterval = periodic_bytes(chain, endpoint, speed);

    return pipe;
}
