/*
 * The command `winusb timesync`, in three parts: its arguments, what to follow, the run.
 */
#ifndef WU_CLI_TIMESYNC_H
#define WU_CLI_TIMESYNC_H

#include <stdbool.h>

#include "cli/cli.h"
#include "cli/feed.h"
#include "cli/report.h"
#include "frame/frame_source.h"

struct wu_timesync_settings {
    const char *device; /* NULL: any */
    double seconds;     /* 0: until interrupted */
    double interval;    /* [s] */
    const char *source; /* as for WINUSB_FRAME_SOURCE, and the same as an enum */
    enum wu_frame_method method;
    const char *sim; /* NULL: what the environment says */
    bool json;
    const char *plot; /* SVG to be written; NULL: none */
};

/**
 * Finds and opens what is to be followed, and describes it; the frame source is chosen by the
 * environment variable WINUSB_FRAME_SOURCE.
 *
 * @param run_out   subject and source are set on success
 * @param feed_out  set on success; the caller's, to be given to its ops->destroy
 * @return false after saying why, and what to do
 */
bool wu_timesync_open(const struct wu_timesync_settings *settings,
                      struct wu_run *run_out,
                      struct wu_feed **feed_out);

/** Starts, shows and sums up; until the time is over or Ctrl-C, which is held back already. */
enum wu_cli_exit wu_timesync_run(const struct wu_timesync_settings *settings,
                                 const struct wu_run *run,
                                 struct wu_feed *feed);

#endif
