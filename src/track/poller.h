/*
 * The poller: decides when the counter is read, and what the reads mean.
 *
 * It acquires the clock from one step of the counter, sweeps short bursts of reads across predicted
 * boundaries as rarely as the goal allows, tells glitches, resets and stops apart, and publishes
 * models into a history. All its waiting goes through host.h, so it runs in virtual time as well.
 */
#ifndef WU_TRACK_POLLER_H
#define WU_TRACK_POLLER_H

#include <stdbool.h>
#include <stdint.h>

#include "clock/estimator.h"
#include "frame/frame_source.h"
#include "track/history.h"
#include "track/reader.h"

#define WU_SLEPT INT64_C(10000000) /* [ns] of suspension that count */

enum wu_poller_state { WU_POLLER_ACQUIRE, WU_POLLER_TRACK, WU_POLLER_STALLED };

struct wu_poller {
    struct wu_reader reader;
    struct wu_history *history; /* borrowed */
    struct wu_estimator estimator;
    enum wu_poller_state state;

    int64_t spread;     /* [ns] by which its user widens each bound; his to set */
    uint32_t stood_at;  /* [ticks] where the counter stands, while stalled */
    int64_t late;       /* [ns] by how much the counter's steps are taken to lag */
    int64_t uneven_at;  /* [ns] when they last turned out uneven... */
    int uneven;         /* ...and how often in a row */
    int contradicted;   /* [sweeps] in a row */
    int settling;       /* [sweeps] that a new model still gets in a row to reach the goal */
    int64_t planned;    /* [ns] when the next step is due */
    int64_t overshoot;  /* [ns] by how much steps come late, smoothed */
    int64_t suspended;  /* [ns] how long the machine had slept at the last step... */
    int64_t sleep_sign; /* [ns] ...and the sign of that */
    int64_t spent;      /* [ns] that steps took without their sleeps, in all */
};

/** Prepares to poll a source; its counting goes on from where @p poller was, or starts when
 *  @p poller is all zero bytes. */
void wu_poller_start(struct wu_poller *poller,
                     struct wu_frame_source *source,
                     struct wu_history *history);

/**
 * Does what is due: acquires, sweeps or looks whether the counter runs again.
 *
 * @return [ns] when the next step is due
 */
int64_t wu_poller_step(struct wu_poller *poller);

/** Reads the counter outside of any step, again when that took long, and continues it to 64 bits.
 *  @return false when the controller is without power or gone; outputs are untouched then */
bool wu_poller_current(struct wu_poller *poller, int64_t *microframe_out, int64_t *time_out);

/** Reads the counter and compares with a model.
 *  @param time_out  [ns] set when they agree: until when they are known to, when the read began
 *  @return whether they agree */
bool wu_poller_verify(struct wu_poller *poller,
                      const struct wu_frame_clock *clock,
                      int64_t *time_out);

#endif
