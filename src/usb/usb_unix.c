/* Devices and transfers of a DLL whose libusb is on Wine's Unix side. */
#include "usb/usb.h"

#include <stdlib.h>
#include <string.h>
#include <windows.h>

#include "unix/calls.h"
#include "unix/gate.h"
#include "usb/usb_error.h"

/* --- Lists ------------------------------------------------------------------------------------ */

static uint32_t describe(uint64_t list, size_t which, struct wu_usb_info *info)
{
    const size_t size =
        (size_t)wu_unix(WU_UNIX_USB_LIST_INFO, 0, list, which, WU_UNIX_POINTER(info));

    if (size == 0)
        return WU_USB_OK;

    info->configuration = malloc(size);
    if (!info->configuration)
        return WU_USB_NO_MEMORY;

    info->configuration_size = size;
    wu_unix(WU_UNIX_USB_LIST_CONFIGURATION, 0, list, which, WU_UNIX_POINTER(info->configuration),
            size);
    return WU_USB_OK;
}

/* What is in the list after a failure is freed with it. */
static uint32_t fill(struct wu_usb_list *list)
{
    const size_t count = (size_t)wu_unix(WU_UNIX_USB_LIST_SIZE, 0, list->session);
    uint32_t error = WU_USB_OK;

    list->devices = calloc(count + 1, sizeof(*list->devices));
    if (!list->devices)
        return WU_USB_NO_MEMORY;

    for (list->count = 0; list->count < count && error == WU_USB_OK; list->count++)
        error = describe(list->session, list->count, &list->devices[list->count]);
    return error;
}

uint32_t wu_usb_list_get(struct wu_usb_list *list_out)
{
    struct wu_usb_list list = { 0 };
    uint32_t error = wu_unix_open();

    if (error == WU_USB_OK)
        error =
            (uint32_t)wu_unix(WU_UNIX_USB_LIST_GET, WU_USB_FAILURE, WU_UNIX_POINTER(&list.session));
    if (error != WU_USB_OK)
        return error;

    error = fill(&list);
    if (error != WU_USB_OK) {
        wu_usb_list_free(&list);
        return error;
    }

    *list_out = list;
    return WU_USB_OK;
}

void wu_usb_list_free(struct wu_usb_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->devices[i].configuration);
    free(list->devices);
    wu_unix(WU_UNIX_USB_LIST_FREE, 0, list->session);
}

const struct wu_usb_info *
wu_usb_list_find(const struct wu_usb_list *list, unsigned bus, unsigned address)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->devices[i].bus == bus && list->devices[i].address == address)
            return &list->devices[i];

    return NULL;
}

/* --- Devices ---------------------------------------------------------------------------------- */

uint32_t
wu_usb_open(const struct wu_usb_list *list, const struct wu_usb_info *info, uint64_t *device_out)
{
    return (uint32_t)wu_unix(WU_UNIX_USB_OPEN, WU_USB_FAILURE, list->session, info->id,
                             WU_UNIX_POINTER(device_out));
}

void wu_usb_close(uint64_t device)
{
    wu_unix(WU_UNIX_USB_CLOSE, 0, device);
}

static uint32_t claim(uint64_t device, uint8_t number)
{
    return (uint32_t)wu_unix(WU_UNIX_USB_CLAIM, WU_USB_FAILURE, device, number);
}

/* Wine says that a process has ended before Linux has closed all of its files: what it had may be
 * had a moment later. */
uint32_t wu_usb_claim(uint64_t device, uint8_t number)
{
    enum { PATIENCE = 300, STEP = 10 /* [ms] */ };
    uint32_t error = claim(device, number);

    for (int waited = 0; error == WU_USB_BUSY && waited < PATIENCE; waited += STEP) {
        Sleep(STEP);
        error = claim(device, number);
    }
    return error;
}

void wu_usb_release(uint64_t device, uint8_t number)
{
    wu_unix(WU_UNIX_USB_RELEASE, 0, device, number);
}

uint32_t wu_usb_control(uint64_t device,
                        const struct wu_usb_setup *setup,
                        void *data,
                        unsigned timeout,
                        size_t *transferred)
{
    uint64_t bytes = 0;
    const uint32_t error =
        (uint32_t)wu_unix(WU_UNIX_USB_CONTROL, WU_USB_FAILURE, device, WU_UNIX_POINTER(setup),
                          WU_UNIX_POINTER(data), timeout, WU_UNIX_POINTER(&bytes));

    if (error == WU_USB_OK)
        *transferred = (size_t)bytes;
    return error;
}

uint32_t wu_usb_set_alternate(uint64_t device, uint8_t number, uint8_t setting)
{
    return (uint32_t)wu_unix(WU_UNIX_USB_SET_ALTERNATE, WU_USB_FAILURE, device, number, setting);
}

uint32_t wu_usb_clear_halt(uint64_t device, uint8_t endpoint)
{
    return (uint32_t)wu_unix(WU_UNIX_USB_CLEAR_HALT, WU_USB_FAILURE, device, endpoint);
}

bool wu_usb_present(uint64_t device)
{
    return wu_unix(WU_UNIX_USB_PRESENT, false, device) != 0;
}

/* --- Transfers -------------------------------------------------------------------------------- */

uint32_t wu_usb_queue_new(uint64_t device, uint64_t *queue_out)
{
    return (uint32_t)wu_unix(WU_UNIX_USB_QUEUE_NEW, WU_USB_FAILURE, device,
                             WU_UNIX_POINTER(queue_out));
}

void wu_usb_queue_free(uint64_t queue)
{
    wu_unix(WU_UNIX_USB_QUEUE_FREE, 0, queue);
}

bool wu_usb_queue_wait(uint64_t queue, int64_t until, struct wu_usb_completion *completion_out)
{
    return wu_unix(WU_UNIX_USB_QUEUE_WAIT, false, queue, (uint64_t)until,
                   WU_UNIX_POINTER(completion_out)) != 0;
}

void wu_usb_queue_wake(uint64_t queue)
{
    wu_unix(WU_UNIX_USB_QUEUE_WAKE, 0, queue);
}

uint32_t wu_usb_transfer_new(uint64_t device, uint32_t packets, uint64_t *transfer_out)
{
    return (uint32_t)wu_unix(WU_UNIX_USB_TRANSFER_NEW, WU_USB_FAILURE, device, packets,
                             WU_UNIX_POINTER(transfer_out));
}

void wu_usb_transfer_free(uint64_t transfer)
{
    wu_unix(WU_UNIX_USB_TRANSFER_FREE, 0, transfer);
}

uint64_t wu_usb_transfer_memory(void)
{
    return wu_unix(WU_UNIX_USB_TRANSFER_MEMORY, 0);
}

uint32_t wu_usb_transfer_submit(uint64_t transfer, const struct wu_usb_submission *submission)
{
    return (uint32_t)wu_unix(WU_UNIX_USB_TRANSFER_SUBMIT, WU_USB_FAILURE, transfer, submission->tag,
                             submission->queue, submission->type, submission->endpoint,
                             submission->zero_packet, submission->timeout,
                             WU_UNIX_POINTER(submission->data), submission->length,
                             WU_UNIX_POINTER(submission->packets), submission->packet_count);
}

void wu_usb_transfer_cancel(uint64_t transfer)
{
    wu_unix(WU_UNIX_USB_TRANSFER_CANCEL, 0, transfer);
}

void wu_usb_transfer_wait(uint64_t transfer, struct wu_usb_completion *completion_out)
{
    *completion_out = (struct wu_usb_completion){ .error = WU_USB_FAILURE };
    wu_unix(WU_UNIX_USB_TRANSFER_WAIT, 0, transfer, WU_UNIX_POINTER(completion_out));
}
