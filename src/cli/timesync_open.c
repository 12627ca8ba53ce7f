#include <stdio.h>
#include <stdlib.h>

#include "cli/advice.h"
#include "cli/find.h"
#include "cli/timesync.h"

static void describe_device(const struct wu_inventory_item *item, struct wu_run *run)
{
    const struct wu_function *function = &item->function;

    snprintf(run->subject, sizeof(run->subject), "%u-%s %04x:%04x %s on %s %s", function->bus,
             function->port_path, function->vid, function->pid, function->product,
             wu_controller_kind_name(item->controller.kind), item->controller.id);
    snprintf(run->source, sizeof(run->source), "%s", item->source);
}

/* A controller that slept wakes up when a device on it is opened. */
static bool has_source(struct wu_inventory_item *item, enum wu_frame_method method)
{
    if (item->source_error == ERROR_NOT_READY)
        wu_inventory_examine(item, &method);
    if (item->source_error != ERROR_SUCCESS)
        wu_advise_on_source(item, item->source_error);
    return item->source_error == ERROR_SUCCESS;
}

static bool open_feed(const struct wu_inventory_item *item, struct wu_feed **feed)
{
    char path[WU_PATH_SIZE];

    wu_function_path(&item->function, &wu_guid_usb_device, path);
    const DWORD error = wu_feed_device_open(path, feed);
    if (error != ERROR_SUCCESS)
        wu_advise_on_open(item, error);
    return error == ERROR_SUCCESS;
}

static bool open_device(const struct wu_timesync_settings *settings,
                        struct wu_run *run,
                        struct wu_feed **feed_out)
{
    struct wu_inventory_item item = { 0 };
    struct wu_feed *feed;

    if (!wu_find(settings->device, WU_ANY_INTERFACE, &settings->method, &item))
        return false;
    if (item.source_error != ERROR_NOT_READY && !has_source(&item, settings->method))
        return false;
    if (!open_feed(&item, &feed))
        return false;
    if (!has_source(&item, settings->method)) {
        feed->ops->destroy(feed);
        return false;
    }

    describe_device(&item, run);
    *feed_out = feed;
    return true;
}

static bool
open_sim(const struct wu_timesync_settings *settings, struct wu_run *run, struct wu_feed **feed)
{
    if (settings->sim)
        setenv("WINUSB_SIM", settings->sim, 1);
    const DWORD error = wu_feed_sim_open(feed);
    if (error != ERROR_SUCCESS) {
        wu_cli_complain("cannot simulate%s%s: %s", settings->sim ? " " : "",
                        settings->sim ? settings->sim : "", wu_cli_error_text(error));
        return false;
    }

    snprintf(run->subject, sizeof(run->subject), "simulated controller");
    snprintf(run->source, sizeof(run->source), "sim");
    return true;
}

bool wu_timesync_open(const struct wu_timesync_settings *settings,
                      struct wu_run *run_out,
                      struct wu_feed **feed_out)
{
    return settings->method == WU_FRAME_METHOD_SIM ? open_sim(settings, run_out, feed_out)
                                                   : open_device(settings, run_out, feed_out);
}
