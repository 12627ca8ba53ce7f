/*
 * How isochronous data is divided into packets and frames, and when a transfer may begin. Pure.
 *
 * A packet is the data of one service interval; a frame is 1 ms at every speed.
 */
#ifndef WU_CORE_ISOCH_PLAN_H
#define WU_CORE_ISOCH_PLAN_H

#include <stdbool.h>
#include <stdint.h>
#include <windows.h>

#include "usb/usb.h"
#include "winusb.h"

/* How a pipe divides data. */
struct wu_isoch_shape {
    ULONG packet;    /* [bytes] of one that is full; 0: the pipe has no bandwidth */
    ULONG per_frame; /* [1..8] packets */
    ULONG frames;    /* [frames] from one packet to the next; 1 where several are in one */
    ULONG limit;     /* packets in one transfer */
};

struct wu_isoch_shape wu_isoch_shape(const WINUSB_PIPE_INFORMATION_EX *information,
                                     enum wu_usb_speed speed);

/**
 * Tells how many packets make up a transfer, which has to end with a frame.
 *
 * @param length  [bytes]
 * @param full    whether the last packet must be as long as the others
 *
 * @return 0 when a transfer cannot have that length
 */
ULONG wu_isoch_packets(const struct wu_isoch_shape *shape, ULONG length, bool full);

/** Tells how many frames a number of packets takes. */
ULONG wu_isoch_frames(const struct wu_isoch_shape *shape, ULONG packets);

/** Tells how many packets are begun in so many frames. */
ULONG wu_isoch_packets_in(const struct wu_isoch_shape *shape, ULONG frames);

enum wu_isoch_start {
    WU_ISOCH_SOON,      /* as soon as possible */
    WU_ISOCH_CONTINUED, /* right behind another, or not at all */
    WU_ISOCH_AT_FRAME,
};

/* A frame, seen from now. */
struct wu_isoch_moment {
    bool known;    /* there is a clock of frames */
    LONG ahead;    /* [frames] from the current one on; negative: it is past */
    int64_t begin; /* [ns of wu_host_clock_now()] of the frame */
};

/* When a transfer is wanted. */
struct wu_isoch_wish {
    enum wu_isoch_start start;
    ULONG frame;                   /* the first one, for WU_ISOCH_AT_FRAME */
    ULONG frames;                  /* [frames] how many it takes */
    struct wu_isoch_moment moment; /* of the first frame */
    int64_t lead;                  /* [ns] from its submission until the bus begins with it */
};

/* What a transfer comes behind. */
struct wu_isoch_stream {
    bool pending; /* others of the pipe have not ended */
    bool framed;  /* the last of them was given a first frame */
    ULONG frame;  /* the one after its last, when framed */
};

/* When a transfer is submitted, and how much of it. */
struct wu_isoch_schedule {
    int64_t begin; /* [ns of wu_host_clock_now()] 0: at once */
    ULONG late;    /* [frames] which are past, and are left out */
};

/**
 * Decides when a transfer is submitted.
 *
 * Without a clock, or right behind the transfer before, that is at once. Otherwise it is the lead
 * before its first frame.
 *
 * @param schedule_out  set on success
 * @return ERROR_SUCCESS; ERROR_INVALID_PARAMETER: there is nothing to continue, all frames are
 *         past, or the first is more than USBD_ISO_START_FRAME_RANGE away
 */
DWORD wu_isoch_schedule(const struct wu_isoch_wish *wish,
                        const struct wu_isoch_stream *stream,
                        struct wu_isoch_schedule *schedule_out);

#endif
