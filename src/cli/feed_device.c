#include "cli/feed.h"

#include <stdlib.h>

#include "cli/open.h"

struct device_feed {
    struct wu_feed base;
    HANDLE file;
    WINUSB_INTERFACE_HANDLE iface;
    HANDLE tracking; /* NULL: not started */
};

static DWORD start(struct wu_feed *feed)
{
    struct device_feed *self = (struct device_feed *)feed;
    USB_START_TRACKING_FOR_TIME_SYNC_INFORMATION info = { .IsStartupDelayTolerable = FALSE };

    if (!WinUsb_StartTrackingForTimeSync(self->iface, &info))
        return GetLastError();

    self->tracking = info.TimeTrackingHandle;
    return ERROR_SUCCESS;
}

static DWORD query(struct wu_feed *feed, uint32_t frame, struct wu_feed_answer *answer_out)
{
    struct device_feed *self = (struct device_feed *)feed;
    USB_FRAME_NUMBER_AND_QPC_FOR_TIME_SYNC_INFORMATION info = {
        .TimeTrackingHandle = self->tracking,
        .InputFrameNumber = frame,
    };

    if (!WinUsb_GetCurrentFrameNumberAndQpc(self->iface, &info))
        return GetLastError();

    *answer_out = wu_feed_answer_of(&info);
    return ERROR_SUCCESS;
}

static void destroy(struct wu_feed *feed)
{
    struct device_feed *self = (struct device_feed *)feed;
    USB_STOP_TRACKING_FOR_TIME_SYNC_INFORMATION info = { self->tracking };

    if (self->tracking)
        WinUsb_StopTrackingForTimeSync(self->iface, &info);
    WinUsb_Free(self->iface);
    CloseHandle(self->file);
    free(self);
}

static const struct wu_feed_ops device_ops = { start, query, destroy };

DWORD wu_feed_device_open(const char *path, struct wu_feed **feed_out)
{
    struct device_feed *self = calloc(1, sizeof(*self));
    if (!self)
        return ERROR_NOT_ENOUGH_MEMORY;

    self->base.ops = &device_ops;
    const DWORD error = wu_open_path(path, &self->file, &self->iface);
    if (error != ERROR_SUCCESS) {
        free(self);
        return error;
    }
    *feed_out = &self->base;
    return ERROR_SUCCESS;
}
