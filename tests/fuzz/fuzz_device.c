#include "fuzz_device.h"

#include <string.h>

#include "fibers.h"
#include "host/host.h"
#include "usb_fake.h"
#include "usb/usb_error.h"

enum {
    LONGEST = 1 << 18 /* [bytes] */,
    NS_PER_MS = 1000000,
    CONFIGURATION_SIZE = 96,
    ENDPOINTS = 31
};

/* Longer than anything of the target waits for a time. */
static const int64_t LONGEST_REST = INT64_C(10000000000); /* [ns] */

/* There is no interface 2: numbers may be missing. */
static const unsigned char configuration[CONFIGURATION_SIZE] = {
    9, 2, 96,   0, 3,  1,    0, 0x80, 50, /* configuration */
    9, 4, 0,    0, 0,  0xFF, 0, 0,    0,  /* interface 0, setting 0 */
    9, 4, 0,    1, 3,  0xFF, 0, 0,    0,  /* interface 0, setting 1 */
    7, 5, 0x81, 2, 0,  2,    0,           /* endpoint 81, 512 bytes */
    7, 5, 0x02, 3, 64, 0,    4,           /* endpoint 02, 64 bytes */
    7, 5, 0x03, 2, 64, 0,    0,           /* endpoint 03, 64 bytes */
    9, 4, 1,    0, 1,  0xFF, 0, 0,    0,  /* interface 1, setting 0 */
    7, 5, 0x84, 2, 64, 0,    0,           /* endpoint 84, 64 bytes */
    9, 4, 1,    1, 2,  0xFF, 0, 0,    0,  /* interface 1, setting 1 */
    7, 5, 0x85, 1, 64, 0,    1,           /* endpoint 85, 64 bytes */
    7, 5, 0x06, 1, 64, 0,    1,           /* endpoint 06, 64 bytes */
    9, 4, 3,    0, 0,  0xFF, 0, 0,    0,  /* interface 3 */
};

static struct fuzz_input *script;
static struct fake_usb_device *device;
static unsigned char own_configuration[CONFIGURATION_SIZE];

/* --- How it looks -------------------------------------------------------------------------- */

/* A third of the requests is stalled; the others are answered with any bytes. */
static uint32_t answer(const struct wu_usb_setup *setup, void *data, size_t *transferred)
{
    const unsigned size = fuzz_take_last(script);

    if (size % 3 == 0)
        return WU_USB_FAILURE;

    *transferred = size < setup->length ? size : setup->length;
    for (size_t i = 0; i < *transferred; i++)
        ((unsigned char *)data)[i] = fuzz_take_last(script);
    return WU_USB_OK;
}

static void misdescribe(struct fuzz_input *input)
{
    for (unsigned count = fuzz_pick(input, 4); count > 0; count--) {
        const unsigned place = fuzz_pick(input, CONFIGURATION_SIZE);

        own_configuration[place] = fuzz_take(input);
    }
}

void fuzz_device_plug(struct fuzz_input *input)
{
    static const enum wu_usb_speed speeds[] = { WU_USB_SPEED_HIGH, WU_USB_SPEED_FULL,
                                                WU_USB_SPEED_SUPER, WU_USB_SPEED_UNKNOWN };
    const unsigned manner = fuzz_take(input);

    script = input;
    memcpy(own_configuration, configuration, sizeof(configuration));
    fake_usb_reset();
    device = fake_usb_add(5, 0x1234, 0x5678, own_configuration, sizeof(own_configuration));
    device->info.speed = speeds[manner % 4];
    device->keeps_cancelled = (manner & 4) != 0;
    device->control = answer;
    misdescribe(input);
}

/* --- How transfers end ----------------------------------------------------------------------- */

/* Gives the oldest transfer on the endpoint that is @p nth of those on which transfers pend. */
static struct fake_usb_transfer *find_pending(unsigned nth)
{
    struct fake_usb_transfer *pending[ENDPOINTS];
    unsigned count = 0;

    for (unsigned i = 0; i < ENDPOINTS; i++) {
        const uint8_t endpoint = (uint8_t)(i < 16 ? i : (i - 15) | 0x80);

        if ((pending[count] = fake_usb_oldest(endpoint)) != NULL)
            count++;
    }
    return count > 0 ? pending[nth % count] : NULL;
}

static bool is_in(const struct wu_usb_submission *submission)
{
    const uint8_t *setup = submission->data;

    return ((submission->type == WU_USB_CONTROL ? setup[0] : submission->endpoint) & 0x80) != 0;
}

/* Writes, or reads, what the program lent: the address sanitizer sees when it is not there. */
static void touch(uint8_t *data, size_t size, bool write)
{
    static uint8_t other[LONGEST];

    fuzz_require(size <= sizeof(other));
    if (write)
        memset(data, 0xDD, size);
    else
        memcpy(other, data, size);
}

static void end_packets(const struct wu_usb_submission *submission)
{
    uint8_t *data = submission->data;

    for (uint32_t i = 0; i < submission->packet_count; i++) {
        struct wu_usb_packet *packet = &submission->packets[i];

        touch(data, packet->length, is_in(submission));
        data += packet->length;
        packet->status =
            (enum wu_usb_packet_status)(fuzz_take_last(script) % (WU_USB_PACKET_GONE + 1));
        packet->bytes = packet->status == WU_USB_PACKET_DONE ? packet->length : 0;
    }
}

/* [bytes] all, none, or some of what there is room for. */
static uint32_t pick_size(uint32_t room)
{
    const unsigned choice = fuzz_take_last(script);

    if (choice < 0x60)
        return room;
    return choice < 0x80 || room == 0 ? 0 : (choice * 37u) % room;
}

static void end(struct fake_usb_transfer *transfer, uint32_t error)
{
    const struct wu_usb_submission *submission = &transfer->submission;
    const uint32_t setup = submission->type == WU_USB_CONTROL ? WU_USB_SETUP_SIZE : 0;
    uint32_t bytes = 0;

    if (submission->type == WU_USB_ISOCH) {
        end_packets(submission);
    } else {
        bytes = pick_size(submission->length - setup);
        touch((uint8_t *)submission->data + setup, bytes, is_in(submission));
    }
    fake_usb_complete(transfer, error, bytes);
}

static void time_out(struct fake_usb_transfer *transfer)
{
    if (transfer->submission.timeout == 0)
        return;

    fibers_spend((int64_t)transfer->submission.timeout * NS_PER_MS);
    end(transfer, WU_USB_TIMEOUT);
}

static void change_mind(unsigned how)
{
    static const uint32_t errors[] = { WU_USB_OK, WU_USB_FAILURE, WU_USB_NO_MEMORY,
                                       WU_USB_DEVICE_NOT_CONNECTED };

    device->submit_error = errors[how % 4];
    device->halt_error = errors[how / 4 % 2];
    device->alternate_error = errors[how / 8 % 2];
    if (how == 0xFF)
        fake_usb_unplug(device);
}

static void act(void)
{
    const unsigned action = fuzz_take_last(script);
    struct fake_usb_transfer *transfer = find_pending(action / 16);

    if (action % 16 == 15)
        change_mind(fuzz_take_last(script));
    else if (action % 16 == 14)
        fibers_spend((int64_t)fuzz_take_last(script) * NS_PER_MS);
    else if (transfer->cancelled && action % 2 == 0)
        end(transfer, WU_USB_ABORTED);
    else if (action % 16 == 13)
        time_out(transfer);
    else if (action % 16 >= 11)
        end(transfer, WU_USB_FAILURE);
    else if (action % 16 >= 4)
        end(transfer, WU_USB_OK);
}

/* A request that finds no memory looks for it again and again, for as long as the device keeps what
 * another request took. */
void fuzz_device_run(void *unused)
{
    enum fibers_rest rest = FIBERS_HAPPENED;
    int64_t last = wu_host_clock_now(); /* when it did something */

    (void)unused;
    fibers_leave_alone();
    while (rest != FIBERS_ALONE) {
        const bool acts = script->size > 0 && find_pending(0);

        fuzz_require(rest != FIBERS_STUCK || acts || !device->gone);
        if (acts)
            act();
        else if (rest == FIBERS_STUCK)
            fake_usb_unplug(device);
        if (acts || rest == FIBERS_STUCK)
            last = wu_host_clock_now();
        rest = fibers_rest(last + LONGEST_REST);
    }
}
