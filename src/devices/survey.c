#include "devices/survey.h"

#include <string.h>

#include "devices/split.h"
#include "host/host.h"
#include "usb/usb_attributes.h"

/* --- What a device says ---------------------------------------------------------------------- */

bool wu_survey_is_in_use(const struct wu_usb_info *info)
{
    const struct wu_span whole = wu_split_whole(info);
    char driver[64];

    for (unsigned i = 0; i < whole.count; i++) {
        wu_usb_driver(info, whole.lowest + i, driver, sizeof(driver));
        if (strcmp(driver, "usbfs") == 0)
            return true;
    }

    return false;
}

static DWORD ask(struct wu_survey_device *device, uint64_t opened, uint64_t configuration)
{
    const DWORD error = wu_msos_read(opened, device->info, &device->known.said);

    if (error != ERROR_SUCCESS)
        return error;

    device->is_asked = true;
    device->known.asked = configuration;
    wu_known_set(device->info, device->stay, &device->known);
    return ERROR_SUCCESS;
}

/* Runs in any thread. */
static void look_at(void *item)
{
    struct wu_survey_device *device = item;
    const uint64_t configuration = wu_known_configuration(device->info);
    uint64_t opened;

    device->stay = wu_usb_stay(device->info);
    wu_known_get(device->info, device->stay, &device->known);
    device->is_asked = device->known.asked == configuration;

    device->access = wu_usb_open(device->usb, device->info, &opened);
    if (device->access != ERROR_SUCCESS)
        return;

    if (!device->is_asked && !wu_survey_is_in_use(device->info))
        device->access = ask(device, opened, configuration);
    wu_usb_close(opened);
}

/* --- Names ----------------------------------------------------------------------------------- */

static bool share_serial(const struct wu_survey_device *a, const struct wu_survey_device *b)
{
    return a != b && memcmp(a->info->device + 8, b->info->device + 8, 4) == 0 &&
           strcmp(a->serial, b->serial) == 0;
}

static bool is_before(const struct wu_survey_device *a, const struct wu_survey_device *b)
{
    return a->known.name == WU_NAME_SERIAL ||
           (a->known.name == WU_NAME_NONE && (a->stay < b->stay || (a->stay == b->stay && a < b)));
}

static enum wu_known_name
choose(const struct wu_survey_device *devices, size_t count, const struct wu_survey_device *device)
{
    if (device->serial[0] == '\0')
        return WU_NAME_PORT;

    for (size_t i = 0; i < count; i++)
        if (share_serial(&devices[i], device) && is_before(&devices[i], device))
            return WU_NAME_PORT;

    return WU_NAME_SERIAL;
}

/* Each choice counts for the next ones, and comes out the same in any order. */
static void name_all(struct wu_survey_device *devices, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct wu_survey_device *device = &devices[i];

        if (device->known.name != WU_NAME_NONE)
            continue;

        device->known.name = (uint8_t)choose(devices, count, device);
        wu_known_set(device->info, device->stay, &device->known);
    }
}

/* --- Both ------------------------------------------------------------------------------------ */

DWORD wu_survey(struct wu_survey_device *devices, size_t count)
{
    wu_host_run_together(look_at, devices, sizeof(*devices), count);

    for (size_t i = 0; i < count; i++)
        if (devices[i].access == ERROR_NOT_ENOUGH_MEMORY)
            return ERROR_NOT_ENOUGH_MEMORY;

    name_all(devices, count);
    return ERROR_SUCCESS;
}
