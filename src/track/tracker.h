/*
 * Frame trackers: one per host controller, however many devices and handles follow it.
 *
 * A tracker is never freed, so that a query needs neither lock nor reference: it reads the
 * published clock model as a latch. Its thread exists while somebody tracks; its source is opened
 * by the first who needs it, and stays open while somebody holds the tracker.
 */
#ifndef WU_TRACK_TRACKER_H
#define WU_TRACK_TRACKER_H

#include <stdbool.h>
#include <stdint.h>
#include <windows.h>

#include "frame/controller.h"
#include "frame/frame_source.h"
#include "track/history.h"

struct wu_tracker;

/* One who tracks; embedded in the owner's own struct, which outlives the tracking. */
struct wu_tracker_client {
    /* Tells whether the device that this is about is still there. Called by the tracker's thread
     * now and then (once a second at least), under its lock: no waiting, no calls back. */
    bool (*present)(struct wu_tracker_client *client);

    /* The device is not present any more, and this client tracks no longer. Called once, as
     * above; wu_tracker_stop() is still due. */
    void (*lost)(struct wu_tracker_client *client);

    struct wu_tracker_client *next; /* [tracker] */
    bool attached;                  /* [tracker] */
    DWORD error;                    /* [tracker] why it is attached no more */
};

/**
 * Gets the tracker of a controller. This reads nothing, and does not wait for others who do.
 *
 * @param tracker_out  set on success; to be given back with wu_tracker_release()
 * @return ERROR_SUCCESS or ERROR_NOT_ENOUGH_MEMORY
 */
DWORD wu_tracker_acquire(const struct wu_controller *controller, struct wu_tracker **tracker_out);

/** Gives a tracker back; the last one waits for its thread, however long a read takes, and closes
 *  the source. No client of the caller may be tracking. */
void wu_tracker_release(struct wu_tracker *tracker);

/**
 * Opens the frame source, by the method that the environment variable WINUSB_FRAME_SOURCE names
 * (auto, mmio, debugfs, sim; auto when unset or unknown). Who starts or reads does so by itself.
 *
 * @return ERROR_SUCCESS, an error of wu_frame_source_open(), or ERROR_NOT_READY: somebody else is
 *         reading, and does not come to an end
 */
DWORD wu_tracker_open(struct wu_tracker *tracker);

/**
 * Starts to track for a client, and waits for the first bound.
 *
 * Returns in time whatever a read of the counter takes.
 *
 * @param insist  true: fail when none stands within 2.048 s; false: go on without after 50 ms
 *
 * @return ERROR_SUCCESS; ERROR_NOT_READY: no bound stands (nothing is tracked then);
 *         ERROR_NOT_ENOUGH_MEMORY: no thread to be had; ERROR_DEVICE_NOT_CONNECTED: lost meanwhile;
 *         or an error of wu_frame_source_open()
 */
DWORD wu_tracker_start(struct wu_tracker *tracker, struct wu_tracker_client *client, bool insist);

/**
 * Ends a client's tracking; harmless for one that is lost or never started.
 *
 * The last client's end ends the thread before this returns, unless the counter is just being read
 * and that takes more than 100 ms: the thread ends after that.
 */
void wu_tracker_stop(struct wu_tracker *tracker, struct wu_tracker_client *client);

/**
 * Tells the current microframe, and when another one begins or began.
 *
 * Takes no lock and makes no system call but the clock's; after a pause of the tracker's polling
 * it verifies itself with one read of the counter, ten times a second at most. While somebody else
 * reads it waits for nobody, and believes the model for 100 ms more. Any thread.
 *
 * @param asked       NULL, or which frame and microframe to date
 * @param answer_out  set on success
 *
 * @return ERROR_SUCCESS, or ERROR_NOT_READY: no bound stands yet, the counter stopped, jumped or
 *         contradicts the model, the machine has slept, or nobody could tell for too long
 */
DWORD wu_tracker_query(struct wu_tracker *tracker,
                       const struct wu_tracker_asked *asked,
                       struct wu_tracker_answer *answer_out);

/**
 * Reads the current frame number; needs no tracking, and uses the model where there is one.
 *
 * @param frame_out  [frames] same numbering as wu_tracker_answer.microframe / 8
 * @param time_out   [ns] of wu_host_clock_now(): when that was the frame
 * @return ERROR_SUCCESS; ERROR_NOT_READY: the controller is suspended or gone, or somebody else is
 *         reading and does not come to an end; or an error of wu_frame_source_open()
 */
DWORD wu_tracker_current_frame(struct wu_tracker *tracker, uint32_t *frame_out, int64_t *time_out);

#endif
