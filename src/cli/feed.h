/*
 * Who answers when a frame began: the WinUSB API on a device, or a simulated controller's tracker.
 */
#ifndef WU_CLI_FEED_H
#define WU_CLI_FEED_H

#include <stdint.h>
#include <windows.h>
#include <winusb.h>

struct wu_feed_answer {
    uint32_t frame;          /* current USB frame number, low 32 bits */
    uint32_t hardware_frame; /* [0..2047] as on the bus */
    uint32_t microframe;     /* [0..7] */
    int64_t qpc;             /* [ticks] when the current microframe began */
    int64_t asked_qpc;       /* [ticks] when the frame asked for begins or began; 0: none was */
    int64_t frequency;       /* [ticks/s] */
    uint32_t accuracy;       /* [us] of both times */
    uint32_t generation;
};

/** Gives what the API answered. */
struct wu_feed_answer
wu_feed_answer_of(const USB_FRAME_NUMBER_AND_QPC_FOR_TIME_SYNC_INFORMATION *info);

struct wu_feed;

struct wu_feed_ops {
    /** Starts to track, and waits for the first bound; 2.048 s at most. */
    DWORD (*start)(struct wu_feed *feed);

    /** Asks. @param frame  which one to date; 0: none. @param answer_out  set on success */
    DWORD (*query)(struct wu_feed *feed, uint32_t frame, struct wu_feed_answer *answer_out);

    /** Ends all. */
    void (*destroy)(struct wu_feed *feed);
};

/* First member of every implementation's own struct. */
struct wu_feed {
    const struct wu_feed_ops *ops;
};

/**
 * Opens a device by the public API.
 *
 * @param path      interface path of a function
 * @param feed_out  set on success; the caller's, to be given to its ops->destroy
 * @return an error of CreateFile() or WinUsb_Initialize()
 */
DWORD wu_feed_device_open(const char *path, struct wu_feed **feed_out);

/** Opens a simulated controller with the options of the environment variable WINUSB_SIM; as above.
 */
DWORD wu_feed_sim_open(struct wu_feed **feed_out);

#endif
