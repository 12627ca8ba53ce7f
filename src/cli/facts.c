#include "cli/facts.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

const char *wu_policy_name(ULONG policy)
{
    static const char *const names[] = {
        [SHORT_PACKET_TERMINATE] = "SHORT_PACKET_TERMINATE",
        [AUTO_CLEAR_STALL] = "AUTO_CLEAR_STALL",
        [PIPE_TRANSFER_TIMEOUT] = "PIPE_TRANSFER_TIMEOUT",
        [IGNORE_SHORT_PACKETS] = "IGNORE_SHORT_PACKETS",
        [ALLOW_PARTIAL_READS] = "ALLOW_PARTIAL_READS",
        [AUTO_FLUSH] = "AUTO_FLUSH",
        [RAW_IO] = "RAW_IO",
        [MAXIMUM_TRANSFER_SIZE] = "MAXIMUM_TRANSFER_SIZE",
        [RESET_PIPE_ON_RESUME] = "RESET_PIPE_ON_RESUME",
    };

    return names[policy];
}

bool wu_policy_is_number(ULONG policy)
{
    return policy == PIPE_TRANSFER_TIMEOUT || policy == MAXIMUM_TRANSFER_SIZE;
}

const char *wu_pipe_type_name(USBD_PIPE_TYPE type)
{
    static const char *const names[] = {
        [UsbdPipeTypeControl] = "control",
        [UsbdPipeTypeIsochronous] = "isochronous",
        [UsbdPipeTypeBulk] = "bulk",
        [UsbdPipeTypeInterrupt] = "interrupt",
    };

    return names[type];
}

unsigned wu_pipe_interval(const WINUSB_PIPE_INFORMATION_EX *info, enum wu_usb_speed speed)
{
    const bool fast = speed >= WU_USB_SPEED_HIGH;

    if (info->PipeType != UsbdPipeTypeInterrupt && info->PipeType != UsbdPipeTypeIsochronous)
        return 0;
    if (!fast && info->PipeType == UsbdPipeTypeInterrupt)
        return info->Interval * 1000U;
    if (info->Interval < 1 || info->Interval > 16)
        return 0;
    return (fast ? 125U : 1000U) << (info->Interval - 1);
}

unsigned wu_max_power(const USB_CONFIGURATION_DESCRIPTOR *configuration, enum wu_usb_speed speed)
{
    return configuration->MaxPower * (speed >= WU_USB_SPEED_SUPER ? 8U : 2U);
}

/* --- Text ---------------------------------------------------------------------------------- */

/* @return how many bytes it takes; [1..4] */
static size_t encode(uint32_t character, char *bytes)
{
    static const unsigned char marks[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
    const size_t length = character < 0x80      ? 1
                          : character < 0x800   ? 2
                          : character < 0x10000 ? 3
                                                : 4;

    for (size_t i = length; i-- > 1; character >>= 6)
        bytes[i] = (char)(0x80 | (character & 0x3f));
    bytes[0] = (char)(marks[length] | character);
    return length;
}

static uint32_t unit_at(const unsigned char *bytes)
{
    return bytes[0] | (uint32_t)bytes[1] << 8;
}

/* Half a pair stands for nothing: U+FFFD. @param position  moved behind it */
static uint32_t decode(const unsigned char *bytes, size_t count, size_t *position)
{
    const uint32_t first = unit_at(bytes + *position);

    *position += 2;
    if (first < 0xd800 || first > 0xdfff)
        return first;
    const uint32_t second = *position + 1 < count ? unit_at(bytes + *position) : 0;
    if (first > 0xdbff || second < 0xdc00 || second > 0xdfff)
        return 0xfffd;

    *position += 2;
    return 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
}

void wu_string_text(const unsigned char *bytes, size_t count, char *text, size_t size)
{
    size_t end = count > 0 && bytes[0] < count ? bytes[0] : count;
    size_t length = 0;

    for (size_t position = 2; position + 1 < end;) {
        char encoded[4];
        const uint32_t character = decode(bytes, end, &position);
        const size_t more = encode(character, encoded);

        if (character == 0 || length + more >= size)
            break;
        memcpy(text + length, encoded, more);
        length += more;
    }
    text[length] = '\0';
}

void wu_facts_free(struct wu_facts *facts)
{
    free(facts->settings);
    free(facts->pipes);
}
