/*
 * The HANDLE is the kernel's, of a device that some driver drives; the same device is one of
 * libusb's. What both know of it is where it is plugged in.
 */
#include "windows/file.h"

#include <string.h>

#include "core/interface.h"
#include "devices/file.h"
#include "devices/split.h"
#include "host/host.h"
#include "host/win32/file.h"
#include "usb/usb.h"
#include "usb/usb_usbdk.h"
#include "windows/identity.h"
#include "windows/place.h"

enum wu_file_driver wu_file_driver(HANDLE file)
{
    struct wu_identity identity;
    struct wu_place place;

    if (wu_identity_get(file, &identity) != ERROR_SUCCESS ||
        wu_place_find(identity.name, &place) != ERROR_SUCCESS)
        return WU_FILE_DRIVER_UNKNOWN;
    return wu_place_has_driver(&place, "WINUSB") ? WU_FILE_DRIVER_WINUSB : WU_FILE_DRIVER_OTHER;
}

/* --- Which of libusb's devices it is --------------------------------------------------------- */

typedef bool fits(const struct wu_place *place, const struct wu_usb_info *info);

static bool fits_ids(const struct wu_place *place, const struct wu_usb_info *info)
{
    const unsigned char *ids = info->device + 8; /* idVendor, idProduct */

    return (ids[0] | ids[1] << 8) == place->vid && (ids[2] | ids[3] << 8) == place->pid;
}

static bool fits_port(const struct wu_place *place, const struct wu_usb_info *info)
{
    return fits_ids(place, info) && place->depth > 0 && info->depth == place->depth &&
           memcmp(info->ports, place->ports, place->depth) == 0;
}

static bool fits_last_port(const struct wu_place *place, const struct wu_usb_info *info)
{
    return fits_ids(place, info) && place->depth > 0 && info->depth == 1 &&
           info->ports[0] == place->ports[place->depth - 1];
}

static bool fits_port_and_bus(const struct wu_place *place, const struct wu_usb_info *info)
{
    return fits_port(place, info) && info->bus == wu_devnode_controller_ordinal(place->controller);
}

/* @return how many devices fit; *info_out is the last of them */
static size_t count_fitting(const struct wu_usb_list *list,
                            const struct wu_place *place,
                            fits *do_fit,
                            const struct wu_usb_info **info_out)
{
    size_t count = 0;

    for (size_t i = 0; i < list->count; i++)
        if (do_fit(place, &list->devices[i])) {
            *info_out = &list->devices[i];
            count++;
        }

    return count;
}

static DWORD say_unseen(const struct wu_place *place)
{
    wu_log(WU_LOG_ERROR, "%s: libusb%s does not see it", place->instance,
           wu_usbdk_is_wanted() ? " with UsbDk" : "");
    return ERROR_DEVICE_NOT_CONNECTED;
}

static DWORD say_ambiguous(const struct wu_place *place, size_t count)
{
    wu_log(
        WU_LOG_ERROR,
        "%s: libusb%s sees %u devices like it, and does not say which one it is: plug all but one "
        "out, or into ports of other numbers",
        place->instance, wu_usbdk_is_wanted() ? " with UsbDk" : "", (unsigned)count);
    return ERROR_NOT_SUPPORTED;
}

/* Never guesses: one device alone has to fit. */
static DWORD choose(const struct wu_usb_list *list,
                    const struct wu_place *place,
                    const struct wu_usb_info **info_out)
{
    const bool with_usbdk = wu_usbdk_is_wanted();
    size_t count = count_fitting(list, place, fits_ids, info_out);

    if (count > 1 && place->depth > 0)
        count = count_fitting(list, place, with_usbdk ? fits_last_port : fits_port, info_out);
    if (count == 0)
        return say_unseen(place);
    if (count == 1)
        return ERROR_SUCCESS;
    if (!with_usbdk && count_fitting(list, place, fits_port_and_bus, info_out) == 1)
        return ERROR_SUCCESS;
    return say_ambiguous(place, count);
}

/* --- Which of its interfaces ----------------------------------------------------------------- */

/* Windows has split it, so it is composite, whatever its descriptors say. */
static struct wu_span span_of_part(const struct wu_usb_info *info, unsigned char first)
{
    const struct wu_span missing = { .first = first, .lowest = first };
    struct wu_span spans[WU_SPLIT_MAX];
    struct wu_usb_info split = *info;
    size_t count;

    split.device[4] = 0;  /* bDeviceClass: it is for each interface to say */
    split.device[17] = 1; /* bNumConfigurations */
    count = wu_split(&split, spans);
    for (size_t i = 0; i < count; i++)
        if (spans[i].first == first)
            return spans[i];

    return missing;
}

static struct wu_file_target target_of(const struct wu_usb_info *info, const struct wu_place *place)
{
    const struct wu_span span =
        place->composite ? span_of_part(info, place->first_interface) : wu_split_whole(info);
    const struct wu_file_target target = {
        .bus = info->bus,
        .address = info->address,
        .first_interface = span.first,
        .lowest_interface = span.lowest,
        .interface_count = span.count,
    };

    if (span.count == 0)
        wu_log(WU_LOG_ERROR, "%s: its configuration, as libusb knows it, has no such interfaces",
               place->instance);
    return target;
}

/* --- Resolving ------------------------------------------------------------------------------- */

static DWORD say_not_found(DWORD error, const char *object)
{
    if (error == ERROR_INVALID_HANDLE)
        wu_log(WU_LOG_ERROR, "%s is no USB device", object);
    else if (error == ERROR_DEVICE_NOT_CONNECTED)
        wu_log(WU_LOG_ERROR, "%s is not there any more", object);
    else
        wu_log(WU_LOG_ERROR, "%s: Windows does not tell which device that is", object);
    return error;
}

/* Whether libusb can open it is seen later, but the reason is known here. */
static void say_what_drives(const struct wu_place *place)
{
    if (wu_usbdk_is_wanted() || wu_place_is_usable(place))
        wu_log(WU_LOG_INFO, "%s: its driver is %s", place->instance, place->driver);
    else if (place->driver[0] == '\0')
        wu_log(WU_LOG_ERROR,
               "%s has no driver: libusb needs WinUSB or libusbK, or UsbDk and WINUSB_USBDK=1",
               place->instance);
    else
        wu_log(
            WU_LOG_ERROR,
            "%s: its driver is %s, which libusb cannot use: it needs WinUSB or libusbK instead, or "
            "UsbDk beside it and WINUSB_USBDK=1",
            place->instance, place->driver);
}

static DWORD find_target(const struct wu_place *place, struct wu_file_target *target_out)
{
    const struct wu_usb_info *info = NULL;
    struct wu_usb_list list;
    DWORD error = wu_usb_list_get(&list);

    if (error != ERROR_SUCCESS)
        return error;

    error = choose(&list, place, &info);
    if (error == ERROR_SUCCESS)
        *target_out = target_of(info, place);
    wu_usb_list_free(&list);
    return error;
}

static bool same(const struct wu_file_target *a, const struct wu_file_target *b)
{
    return a->bus == b->bus && a->address == b->address &&
           a->first_interface == b->first_interface && a->overlapped == b->overlapped;
}

/* Nobody tells us when a file is closed: we learn of it when its number is another file's. What
 * the program has not freed goes with the file, as it does in the kernel. */
static DWORD remember(HANDLE file, const struct wu_file_target *target)
{
    struct wu_file_target known;

    if (wu_host_file_recall(file, &known, sizeof(known)) && !same(&known, target) &&
        wu_host_file_closing(file)) {
        wu_interface_file_closed(file);
        wu_host_file_forget(file);
    }
    return wu_host_file_add(file, target, sizeof(*target));
}

DWORD wu_file_resolve(HANDLE file, struct wu_file_target *target_out)
{
    struct wu_file_target target;
    struct wu_identity identity;
    struct wu_place place;
    DWORD error = wu_identity_get(file, &identity);

    if (error != ERROR_SUCCESS)
        return error;

    error = wu_place_find(identity.name, &place);
    if (error != ERROR_SUCCESS)
        return say_not_found(error, identity.name);

    say_what_drives(&place);
    error = find_target(&place, &target);
    if (error != ERROR_SUCCESS)
        return error;

    target.overlapped = identity.overlapped;
    error = remember(file, &target);
    if (error == ERROR_SUCCESS)
        *target_out = target;
    return error;
}
