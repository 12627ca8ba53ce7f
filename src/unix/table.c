/*
 * The functions of the Unix library: each takes its numbers apart (calls.h), and calls the function
 * whose name it has.
 */
#include "unix/calls.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "devices/devices.h"
#include "devices/file.h"
#include "devices/hub_request.h"
#include "frame/access.h"
#include "frame/controller.h"
#include "host/host.h"
#include "host/punctual.h"
#include "unix/entry.h"
#include "usb/usb.h"
#include "usb/usb_error.h"
#include "wine/descriptor.h"
#include "wine/links.h"
#include "wine/mark.h"
#include "wine/prefix.h"

/* How numbers come in. */
static void *pointer(uint64_t number)
{
    return (void *)(uintptr_t)number;
}

static uint64_t number_of(const void *address)
{
    return (uint64_t)(uintptr_t)address;
}

static uint64_t error_of(bool done)
{
    return done ? 0 : (uint64_t)errno;
}

/* --- host/host.h ------------------------------------------------------------------------------ */

static uint64_t clock_now(const uint64_t *with)
{
    (void)with;
    return (uint64_t)wu_host_clock_now();
}

static uint64_t clock_read(const uint64_t *with)
{
    return (uint64_t)wu_host_clock_read((enum wu_host_clock)with[1]);
}

static uint64_t clock_error(const uint64_t *with)
{
    (void)with;
    return (uint64_t)wu_host_clock_error();
}

static uint64_t clock_suspended(const uint64_t *with)
{
    (void)with;
    return (uint64_t)wu_host_clock_suspended();
}

static uint64_t clock_sleep_sign(const uint64_t *with)
{
    (void)with;
    return (uint64_t)wu_host_clock_sleep_sign();
}

static uint64_t sleep_until(const uint64_t *with)
{
    wu_host_sleep_until((int64_t)with[1]);
    return 0;
}

static uint64_t be_punctual(const uint64_t *with)
{
    (void)with;
    wu_host_be_punctual();
    return 0;
}

static uint64_t write_line(const uint64_t *with)
{
    wu_host_write_line(pointer(with[1]));
    return 0;
}

/* --- usb/usb.h: devices ----------------------------------------------------------------------- */

WU_UNIX_ENDS(struct wu_usb_info, device, WU_UNIX_INFO_SIZE);

static uint64_t list_get(const uint64_t *with)
{
    struct wu_usb_list *list = malloc(sizeof(*list));
    const uint32_t error = list ? wu_usb_list_get(list) : WU_USB_NO_MEMORY;

    if (error == WU_USB_OK)
        *(uint64_t *)pointer(with[1]) = number_of(list);
    else
        free(list);
    return error;
}

static uint64_t list_size(const uint64_t *with)
{
    return ((const struct wu_usb_list *)pointer(with[1]))->count;
}

static const struct wu_usb_info *info_of(const uint64_t *with)
{
    return &((const struct wu_usb_list *)pointer(with[1]))->devices[with[2]];
}

static uint64_t list_info(const uint64_t *with)
{
    const struct wu_usb_info *info = info_of(with);

    memcpy(pointer(with[3]), info, WU_UNIX_INFO_SIZE);
    return info->configuration ? info->configuration_size : 0;
}

static uint64_t list_configuration(const uint64_t *with)
{
    memcpy(pointer(with[3]), info_of(with)->configuration, (size_t)with[4]);
    return 0;
}

static uint64_t list_free(const uint64_t *with)
{
    struct wu_usb_list *list = pointer(with[1]);

    wu_usb_list_free(list);
    free(list);
    return 0;
}

static uint64_t usb_open(const uint64_t *with)
{
    const struct wu_usb_list *list = pointer(with[1]);

    for (size_t i = 0; i < list->count; i++)
        if (list->devices[i].id == with[2])
            return wu_usb_open(list, &list->devices[i], pointer(with[3]));
    return WU_USB_DEVICE_NOT_CONNECTED;
}

static uint64_t usb_close(const uint64_t *with)
{
    wu_usb_close(with[1]);
    return 0;
}

static uint64_t claim(const uint64_t *with)
{
    return wu_usb_claim(with[1], (uint8_t)with[2]);
}

static uint64_t release(const uint64_t *with)
{
    wu_usb_release(with[1], (uint8_t)with[2]);
    return 0;
}

static uint64_t control(const uint64_t *with)
{
    size_t transferred = 0;
    const uint32_t error = wu_usb_control(with[1], pointer(with[2]), pointer(with[3]),
                                          (unsigned)with[4], &transferred);

    if (error == WU_USB_OK)
        *(uint64_t *)pointer(with[5]) = transferred;
    return error;
}

static uint64_t set_alternate(const uint64_t *with)
{
    return wu_usb_set_alternate(with[1], (uint8_t)with[2], (uint8_t)with[3]);
}

static uint64_t clear_halt(const uint64_t *with)
{
    return wu_usb_clear_halt(with[1], (uint8_t)with[2]);
}

static uint64_t present(const uint64_t *with)
{
    return wu_usb_present(with[1]);
}

/* --- usb/usb.h: transfers --------------------------------------------------------------------- */

WU_UNIX_SAME(struct wu_usb_setup, 8);
WU_UNIX_SAME(struct wu_usb_packet, 12);
WU_UNIX_SAME(struct wu_usb_completion, 16);

static uint64_t queue_new(const uint64_t *with)
{
    return wu_usb_queue_new(with[1], pointer(with[2]));
}

static uint64_t queue_free(const uint64_t *with)
{
    wu_usb_queue_free(with[1]);
    return 0;
}

static uint64_t queue_wait(const uint64_t *with)
{
    return wu_usb_queue_wait(with[1], (int64_t)with[2], pointer(with[3]));
}

static uint64_t queue_wake(const uint64_t *with)
{
    wu_usb_queue_wake(with[1]);
    return 0;
}

static uint64_t transfer_new(const uint64_t *with)
{
    return wu_usb_transfer_new(with[1], (uint32_t)with[2], pointer(with[3]));
}

static uint64_t transfer_free(const uint64_t *with)
{
    wu_usb_transfer_free(with[1]);
    return 0;
}

static uint64_t transfer_memory(const uint64_t *with)
{
    (void)with;
    return wu_usb_transfer_memory();
}

static uint64_t transfer_submit(const uint64_t *with)
{
    const struct wu_usb_submission submission = {
        .tag = with[2],
        .queue = with[3],
        .type = (enum wu_usb_type)with[4],
        .endpoint = (uint8_t)with[5],
        .zero_packet = with[6] != 0,
        .timeout = (uint32_t)with[7],
        .data = pointer(with[8]),
        .length = (uint32_t)with[9],
        .packets = pointer(with[10]),
        .packet_count = (uint32_t)with[11],
    };

    return wu_usb_transfer_submit(with[1], &submission);
}

static uint64_t transfer_cancel(const uint64_t *with)
{
    wu_usb_transfer_cancel(with[1]);
    return 0;
}

static uint64_t transfer_wait(const uint64_t *with)
{
    wu_usb_transfer_wait(with[1], pointer(with[2]));
    return 0;
}

/* --- devices/ --------------------------------------------------------------------------------- */

WU_UNIX_SAME(struct wu_function, WU_UNIX_FUNCTION_SIZE);
WU_UNIX_SAME(struct wu_file_target, WU_UNIX_TARGET_SIZE);

static uint64_t function_list_get(const uint64_t *with)
{
    struct wu_function_list *list = malloc(sizeof(*list));
    const DWORD error = list ? wu_function_list_get(list) : ERROR_NOT_ENOUGH_MEMORY;

    if (error == ERROR_SUCCESS)
        *(uint64_t *)pointer(with[1]) = number_of(list);
    else
        free(list);
    return error;
}

static uint64_t function_list_size(const uint64_t *with)
{
    return ((const struct wu_function_list *)pointer(with[1]))->count;
}

static uint64_t function_list_copy(const uint64_t *with)
{
    const struct wu_function_list *list = pointer(with[1]);

    memcpy(pointer(with[2]), list->functions, list->count * sizeof(*list->functions));
    return 0;
}

static uint64_t function_list_free(const uint64_t *with)
{
    struct wu_function_list *list = pointer(with[1]);

    wu_function_list_free(list);
    free(list);
    return 0;
}

static uint64_t function_find(const uint64_t *with)
{
    return wu_function_find(pointer(with[1]), pointer(with[2]));
}

static uint64_t file_find(const uint64_t *with)
{
    return wu_file_find(pointer(with[1]), pointer(with[2]));
}

/* --- devices/: hubs --------------------------------------------------------------------------- */

WU_UNIX_SAME(struct wu_hub, WU_UNIX_HUB_SIZE);

static uint64_t hub_list_get(const uint64_t *with)
{
    struct wu_hub_list *list = malloc(sizeof(*list));
    const DWORD error = list ? wu_hub_list_get(list) : ERROR_NOT_ENOUGH_MEMORY;

    if (error == ERROR_SUCCESS)
        *(uint64_t *)pointer(with[1]) = number_of(list);
    else
        free(list);
    return error;
}

static uint64_t hub_list_size(const uint64_t *with)
{
    return ((const struct wu_hub_list *)pointer(with[1]))->count;
}

static uint64_t hub_list_copy(const uint64_t *with)
{
    const struct wu_hub_list *list = pointer(with[1]);

    memcpy(pointer(with[2]), list->hubs, list->count * sizeof(*list->hubs));
    return 0;
}

static uint64_t hub_list_free(const uint64_t *with)
{
    struct wu_hub_list *list = pointer(with[1]);

    wu_hub_list_free(list);
    free(list);
    return 0;
}

static uint64_t hub_request(const uint64_t *with)
{
    size_t size = 0;
    const DWORD error = wu_hub_request(pointer(with[1]), (DWORD)with[2], pointer(with[3]),
                                       (size_t)with[4], pointer(with[5]), (size_t)with[6], &size);

    if (error == ERROR_SUCCESS)
        *(uint64_t *)pointer(with[7]) = size;
    return error;
}

/* --- frame/ ----------------------------------------------------------------------------------- */

WU_UNIX_ENDS(struct wu_controller, path, WU_UNIX_CONTROLLER_SIZE);
WU_UNIX_SAME(struct wu_unix_frame, 64);

static uint64_t controller_find(const uint64_t *with)
{
    struct wu_controller controller;
    const DWORD error = wu_controller_find((unsigned)with[1], &controller);

    if (error == ERROR_SUCCESS)
        memcpy(pointer(with[2]), &controller, WU_UNIX_CONTROLLER_SIZE);
    return error;
}

static void describe(struct wu_frame_source *source, struct wu_unix_frame *frame)
{
    memset(frame, 0, sizeof(*frame));
    frame->source = number_of(source);
    frame->tick = source->ops->tick;
    frame->late = source->late;
    frame->bits = source->ops->bits;
    strncpy(frame->name, source->ops->name, sizeof(frame->name) - 1);
}

static uint64_t frame_open(const uint64_t *with)
{
    struct wu_controller controller = { .open = NULL };
    struct wu_frame_source *source;
    DWORD error;

    memcpy(&controller, pointer(with[1]), WU_UNIX_CONTROLLER_SIZE);
    error = wu_frame_controller_open(&controller, (enum wu_frame_method)with[2], &source);
    if (error == ERROR_SUCCESS)
        describe(source, pointer(with[3]));
    return error;
}

static uint64_t frame_read(const uint64_t *with)
{
    struct wu_frame_source *source = pointer(with[1]);

    return source->ops->read(source, pointer(with[2]));
}

static uint64_t frame_close(const uint64_t *with)
{
    struct wu_frame_source *source = pointer(with[1]);

    source->ops->destroy(source);
    return 0;
}

/* --- wine/ ------------------------------------------------------------------------------------ */

WU_UNIX_SAME(struct wu_link, WU_LINK_SIZE);

static uint64_t descriptor_identify(const uint64_t *with)
{
    return wu_descriptor_identify((int)with[1], pointer(with[2]), (size_t)with[3]);
}

static uint64_t links_get(const uint64_t *with)
{
    struct wu_links *links = malloc(sizeof(*links));

    if (links && wu_links_get(pointer(with[1]), links)) {
        *(uint64_t *)pointer(with[2]) = number_of(links);
        return 0;
    }

    free(links);
    return (uint64_t)errno;
}

static uint64_t links_size(const uint64_t *with)
{
    return ((const struct wu_links *)pointer(with[1]))->count;
}

static uint64_t links_copy(const uint64_t *with)
{
    const struct wu_links *links = pointer(with[1]);

    memcpy(pointer(with[2]), links->links, links->count * sizeof(*links->links));
    return 0;
}

static uint64_t links_free(const uint64_t *with)
{
    struct wu_links *links = pointer(with[1]);

    wu_links_free(links);
    free(links);
    return 0;
}

static uint64_t link_make(const uint64_t *with)
{
    return error_of(wu_link_make(pointer(with[1]), pointer(with[2]), pointer(with[3])));
}

static uint64_t link_leads_to_token(const uint64_t *with)
{
    return wu_link_leads_to_token(pointer(with[1]), pointer(with[2]));
}

static uint64_t link_remove(const uint64_t *with)
{
    return error_of(wu_link_remove(pointer(with[1]), pointer(with[2])));
}

static uint64_t token_is_at(const uint64_t *with)
{
    return wu_token_is_at(pointer(with[1]), pointer(with[2]), pointer(with[3]));
}

static uint64_t token_remove(const uint64_t *with)
{
    return error_of(wu_token_remove(pointer(with[1]), pointer(with[2])));
}

static uint64_t prefix_make_folder(const uint64_t *with)
{
    return error_of(wu_prefix_make_folder(pointer(with[1])));
}

static uint64_t prefix_read(const uint64_t *with)
{
    char *text = wu_prefix_read(pointer(with[1]), pointer(with[2]));
    const size_t size = text ? strlen(text) + 1 : 0;
    uint64_t error = 0;

    if (!text)
        error = (uint64_t)errno;
    else if (size > with[4])
        error = ERANGE;
    else
        memcpy(pointer(with[3]), text, size);
    free(text);
    return error;
}

static uint64_t prefix_write(const uint64_t *with)
{
    return error_of(wu_prefix_write(pointer(with[1]), pointer(with[2]), pointer(with[3])));
}

static uint64_t prefix_lock(const uint64_t *with)
{
    const int lock = wu_prefix_lock(pointer(with[1]), (int)with[2]);

    if (lock < 0)
        return (uint64_t)errno;
    *(uint64_t *)pointer(with[3]) = (uint64_t)lock;
    return 0;
}

static uint64_t prefix_unlock(const uint64_t *with)
{
    wu_prefix_unlock((int)with[1]);
    return 0;
}

static uint64_t prefix_error(const uint64_t *with)
{
    errno = (int)with[1];
    snprintf(pointer(with[2]), (size_t)with[3], "%s", wu_prefix_error());
    return 0;
}

static uint64_t mark(const uint64_t *with)
{
    return wu_mark(pointer(with[1]));
}

/* --- The table -------------------------------------------------------------------------------- */

wu_unix_function *const wu_unix_functions[WU_UNIX_CALLS] = {
    [WU_UNIX_VERSION] = wu_unix_version,
    [WU_UNIX_CLOCK_NOW] = clock_now,
    [WU_UNIX_CLOCK_READ] = clock_read,
    [WU_UNIX_CLOCK_ERROR] = clock_error,
    [WU_UNIX_CLOCK_SUSPENDED] = clock_suspended,
    [WU_UNIX_CLOCK_SLEEP_SIGN] = clock_sleep_sign,
    [WU_UNIX_SLEEP_UNTIL] = sleep_until,
    [WU_UNIX_BE_PUNCTUAL] = be_punctual,
    [WU_UNIX_WRITE_LINE] = write_line,
    [WU_UNIX_USB_LIST_GET] = list_get,
    [WU_UNIX_USB_LIST_SIZE] = list_size,
    [WU_UNIX_USB_LIST_INFO] = list_info,
    [WU_UNIX_USB_LIST_CONFIGURATION] = list_configuration,
    [WU_UNIX_USB_LIST_FREE] = list_free,
    [WU_UNIX_USB_OPEN] = usb_open,
    [WU_UNIX_USB_CLOSE] = usb_close,
    [WU_UNIX_USB_CLAIM] = claim,
    [WU_UNIX_USB_RELEASE] = release,
    [WU_UNIX_USB_CONTROL] = control,
    [WU_UNIX_USB_SET_ALTERNATE] = set_alternate,
    [WU_UNIX_USB_CLEAR_HALT] = clear_halt,
    [WU_UNIX_USB_PRESENT] = present,
    [WU_UNIX_USB_QUEUE_NEW] = queue_new,
    [WU_UNIX_USB_QUEUE_FREE] = queue_free,
    [WU_UNIX_USB_QUEUE_WAIT] = queue_wait,
    [WU_UNIX_USB_QUEUE_WAKE] = queue_wake,
    [WU_UNIX_USB_TRANSFER_NEW] = transfer_new,
    [WU_UNIX_USB_TRANSFER_FREE] = transfer_free,
    [WU_UNIX_USB_TRANSFER_MEMORY] = transfer_memory,
    [WU_UNIX_USB_TRANSFER_SUBMIT] = transfer_submit,
    [WU_UNIX_USB_TRANSFER_CANCEL] = transfer_cancel,
    [WU_UNIX_USB_TRANSFER_WAIT] = transfer_wait,
    [WU_UNIX_FUNCTION_LIST_GET] = function_list_get,
    [WU_UNIX_FUNCTION_LIST_SIZE] = function_list_size,
    [WU_UNIX_FUNCTION_LIST_COPY] = function_list_copy,
    [WU_UNIX_FUNCTION_LIST_FREE] = function_list_free,
    [WU_UNIX_FUNCTION_FIND] = function_find,
    [WU_UNIX_FILE_FIND] = file_find,
    [WU_UNIX_HUB_LIST_GET] = hub_list_get,
    [WU_UNIX_HUB_LIST_SIZE] = hub_list_size,
    [WU_UNIX_HUB_LIST_COPY] = hub_list_copy,
    [WU_UNIX_HUB_LIST_FREE] = hub_list_free,
    [WU_UNIX_HUB_REQUEST] = hub_request,
    [WU_UNIX_CONTROLLER_FIND] = controller_find,
    [WU_UNIX_FRAME_OPEN] = frame_open,
    [WU_UNIX_FRAME_READ] = frame_read,
    [WU_UNIX_FRAME_CLOSE] = frame_close,
    [WU_UNIX_DESCRIPTOR_IDENTIFY] = descriptor_identify,
    [WU_UNIX_LINKS_GET] = links_get,
    [WU_UNIX_LINKS_SIZE] = links_size,
    [WU_UNIX_LINKS_COPY] = links_copy,
    [WU_UNIX_LINKS_FREE] = links_free,
    [WU_UNIX_LINK_MAKE] = link_make,
    [WU_UNIX_LINK_LEADS_TO_TOKEN] = link_leads_to_token,
    [WU_UNIX_LINK_REMOVE] = link_remove,
    [WU_UNIX_TOKEN_IS_AT] = token_is_at,
    [WU_UNIX_TOKEN_REMOVE] = token_remove,
    [WU_UNIX_PREFIX_MAKE_FOLDER] = prefix_make_folder,
    [WU_UNIX_PREFIX_READ] = prefix_read,
    [WU_UNIX_PREFIX_WRITE] = prefix_write,
    [WU_UNIX_PREFIX_LOCK] = prefix_lock,
    [WU_UNIX_PREFIX_UNLOCK] = prefix_unlock,
    [WU_UNIX_PREFIX_ERROR] = prefix_error,
    [WU_UNIX_MARK] = mark,
};

const uint64_t wu_unix_function_count = sizeof(wu_unix_functions) / sizeof(*wu_unix_functions);
