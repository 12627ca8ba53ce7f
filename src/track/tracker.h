/*
 * Frame trackers: one per host controller, however many devices and handles follow it.
 *
 * A tracker is never freed, so that a query needs neither lock nor reference: it reads the
 * published clock model as a latch. Its thread exists while somebody tracks; its source is open
 * while somebody holds the tracker.
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
};

/**
 * Gets the tracker of a controller and opens its frame source, by the method that the environment
 * variable WINUSB_FRAME_SOURCE names (auto, mmio, debugfs, sim; auto when unset or unknown).
 *
 * @param tracker_out  set on success; to be given back with wu_tracker_release()
 * @return ERROR_SUCCESS or an error of wu_frame_source_open()
 */
DWORD wu_tracker_acquire(const struct wu_controller *controller, struct wu_tracker **tracker_out);

/** Gives a tracker back; the last one closes the source. No client of the caller may be tracking.
 */
void wu_tracker_release(struct wu_tracker *tracker);

/**
 * Starts to track for a client.
 *
 * @param wait  true: return only when the first bound stands, 2.048 s at most
 *
 * @return ERROR_SUCCESS; ERROR_NOT_READY: waited, and the counter does not run (nothing is tracked
 *         then); ERROR_NOT_ENOUGH_MEMORY: no thread to be had;
 *         ERROR_DEVICE_NOT_CONNECTED: lost meanwhile
 */
DWORD wu_tracker_start(struct wu_tracker *tracker, struct wu_tracker_client *client, bool wait);

/** Ends a client's tracking; the last client's end ends the thread before this returns. Harmless
 *  for one that is lost or never started. */
void wu_tracker_stop(struct wu_tracker *tracker, struct wu_tracker_client *client);

/**
 * Tells the current microframe, and when another one begins or began.
 *
 * Takes no lock and makes no system call but the clock's; after a pause of the tracker's polling
 * it verifies itself with one read of the counter, ten times a second at most. Any thread.
 *
 * @param asked       NULL, or which frame and microframe to date
 * @param answer_out  set on success
 *
 * @return ERROR_SUCCESS, or ERROR_NOT_READY: no bound stands yet, or the counter stopped, jumped or
 *         contradicts the model
 */
DWORD wu_tracker_query(struct wu_tracker *tracker,
                       const struct wu_tracker_asked *asked,
                       struct wu_tracker_answer *answer_out);

/**
 * Reads the current frame number; needs no tracking, and uses the model where there is one.
 *
 * @param frame_out  [frames] same numbering as wu_tracker_answer.microframe / 8
 * @param time_out   [ns] of wu_host_clock_now(): when that was the frame
 * @return ERROR_SUCCESS, or ERROR_NOT_READY: the controller is suspended or gone
 */
DWORD wu_tracker_current_frame(struct wu_tracker *tracker, uint32_t *frame_out, int64_t *time_out);

#endif
