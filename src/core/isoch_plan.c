#include "core/isoch_plan.h"

enum {
    MICROFRAMES_PER_FRAME = 8,
    LIMIT = 1024, /* packets, as documented */
    FULL_SPEED_LIMIT = 255,
    LONGEST_INTERVAL = 16, /* bInterval */
};

static ULONG per_frame(UCHAR interval, enum wu_usb_speed speed)
{
    if (speed < WU_USB_SPEED_HIGH || interval < 1 || interval > 4)
        return 1;
    return MICROFRAMES_PER_FRAME >> (interval - 1);
}

/* At full speed, too, intervals are powers of two: of frames. */
static ULONG frames_apart(UCHAR interval, enum wu_usb_speed speed)
{
    const unsigned in_one = speed < WU_USB_SPEED_HIGH ? 1 : 4;

    return interval > in_one && interval <= LONGEST_INTERVAL ? 1u << (interval - in_one) : 1;
}

struct wu_isoch_shape wu_isoch_shape(const WINUSB_PIPE_INFORMATION_EX *information,
                                     enum wu_usb_speed speed)
{
    const struct wu_isoch_shape shape = {
        .packet = information->MaximumBytesPerInterval,
        .per_frame = per_frame(information->Interval, speed),
        .frames = frames_apart(information->Interval, speed),
        .limit = speed < WU_USB_SPEED_HIGH ? FULL_SPEED_LIMIT : LIMIT,
    };

    return shape;
}

ULONG wu_isoch_packets(const struct wu_isoch_shape *shape, ULONG length, bool full)
{
    ULONG count;

    if (shape->packet == 0 || (full && length % shape->packet != 0))
        return 0;

    count = length / shape->packet + (length % shape->packet != 0);
    return count <= shape->limit && count % shape->per_frame == 0 ? count : 0;
}

ULONG wu_isoch_frames(const struct wu_isoch_shape *shape, ULONG packets)
{
    return packets / shape->per_frame * shape->frames;
}

ULONG wu_isoch_packets_in(const struct wu_isoch_shape *shape, ULONG frames)
{
    return (frames + shape->frames - 1) / shape->frames * shape->per_frame;
}

/* --- When ---------------------------------------------------------------------------------- */

static bool is_out_of_range(const struct wu_isoch_wish *wish)
{
    return wish->moment.known && wish->moment.ahead > USBD_ISO_START_FRAME_RANGE;
}

/* Behind a stream that lags, frames that are past by the clock are still to come. */
static bool follows(const struct wu_isoch_wish *wish, const struct wu_isoch_stream *stream)
{
    return stream->pending && stream->framed && stream->frame == wish->frame;
}

static DWORD at_frame(const struct wu_isoch_wish *wish, struct wu_isoch_schedule *schedule_out)
{
    const int64_t late = -(int64_t)wish->moment.ahead;

    if (late >= (int64_t)wish->frames)
        return ERROR_INVALID_PARAMETER;

    schedule_out->begin = late < 0 ? wish->moment.begin - wish->lead : 0;
    schedule_out->late = late > 0 ? (ULONG)late : 0;
    return ERROR_SUCCESS;
}

DWORD wu_isoch_schedule(const struct wu_isoch_wish *wish,
                        const struct wu_isoch_stream *stream,
                        struct wu_isoch_schedule *schedule_out)
{
    const struct wu_isoch_schedule at_once = { 0 };

    if (wish->start == WU_ISOCH_CONTINUED && !stream->pending)
        return ERROR_INVALID_PARAMETER;
    if (wish->start == WU_ISOCH_AT_FRAME && is_out_of_range(wish))
        return ERROR_INVALID_PARAMETER;
    if (wish->start == WU_ISOCH_AT_FRAME && wish->moment.known && !follows(wish, stream))
        return at_frame(wish, schedule_out);

    *schedule_out = at_once;
    return ERROR_SUCCESS;
}
