#include <math.h>

#include "cli/advice.h"
#include "cli/follow.h"
#include "cli/interrupt.h"
#include "cli/plot.h"
#include "cli/sample.h"
#include "cli/timesync.h"
#include "host/host.h"

static double seconds_since(int64_t start)
{
    return (double)(wu_host_clock_now() - start) * 1e-9;
}

/* An answer that will not come any more, unlike one that is merely withheld. */
static bool is_final(DWORD error)
{
    return error != ERROR_SUCCESS && error != ERROR_NOT_READY;
}

struct run_state {
    const struct wu_timesync_settings *settings;
    const struct wu_report *report;
    struct wu_follow follow;
    struct wu_samples samples;
    int64_t start;       /* [ns] of wu_host_clock_now() */
    double first_answer; /* [s]; NAN: none yet */
    bool failed;         /* it ended before its time */
};

/* @return false when the run is over */
static bool take_sample(struct run_state *state)
{
    struct wu_sample sample = wu_follow_sample(&state->follow, seconds_since(state->start));

    if (isnan(state->first_answer) && sample.error == ERROR_SUCCESS)
        state->first_answer = seconds_since(state->start);
    state->report->sample(&sample);
    if (!wu_cli_flush())
        state->failed = true;
    if (!wu_samples_add(&state->samples, &sample)) {
        wu_cli_complain("out of memory; ending early");
        state->failed = true;
    }
    if (is_final(sample.error)) {
        wu_cli_complain("tracking ended: %s", wu_cli_error_text(sample.error));
        state->failed = true;
    }
    return !state->failed;
}

static void take_samples(struct run_state *state)
{
    const double begin = seconds_since(state->start);
    const double end =
        state->settings->seconds > 0 ? begin + state->settings->seconds : (double)INFINITY;
    double next = begin;

    while (take_sample(state)) {
        next += state->settings->interval;
        next = fmax(next, seconds_since(state->start)); /* no catching up */
        if (next > end + 1e-3 || wu_interrupted_within(next - seconds_since(state->start)))
            break;
    }
}

/* Shows a run from its start on. @return false when tracking could not start */
static bool show(struct run_state *state, const struct wu_run *run)
{
    struct wu_feed *feed = state->follow.feed;

    state->start = wu_host_clock_now();
    const DWORD error = feed->ops->start(feed);
    if (error != ERROR_SUCCESS) {
        wu_advise_on_start(error);
        return false;
    }

    state->report->begin(run);
    take_samples(state);
    return true;
}

static enum wu_cli_exit
sum_up(const struct run_state *state, const struct wu_run *run, struct wu_plot *plot)
{
    const struct wu_summary summary = wu_samples_summary(&state->samples, state->first_answer);

    state->report->end(&summary);
    wu_cli_flush(); /* before a picture is drawn, which takes a while */
    if (summary.answers == 0)
        wu_cli_complain("no answer came");
    if (plot && !wu_plot_finish(plot, run, &state->samples, &summary))
        return WU_CLI_FAILED;

    return state->failed || summary.answers == 0 ? WU_CLI_FAILED : WU_CLI_OK;
}

enum wu_cli_exit wu_timesync_run(const struct wu_timesync_settings *settings,
                                 const struct wu_run *run,
                                 struct wu_feed *feed)
{
    struct run_state state = {
        .settings = settings,
        .report = settings->json ? &wu_report_json : &wu_report_table,
        .first_answer = (double)NAN,
    };
    struct wu_plot *plot = settings->plot ? wu_plot_open(settings->plot) : NULL;
    enum wu_cli_exit status = WU_CLI_FAILED;

    if (settings->plot && !plot)
        return WU_CLI_FAILED;

    wu_follow_init(&state.follow, feed, settings->interval);
    if (show(&state, run))
        status = sum_up(&state, run, plot);
    else if (plot)
        wu_plot_discard(plot);
    wu_samples_free(&state.samples);
    return status;
}
