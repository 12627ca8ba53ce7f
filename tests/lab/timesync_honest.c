/*
 * Are the answers true? At random times it asks when a microframe two to five milliseconds ahead
 * begins, and watches the counter at that moment with nothing of the library's. What was watched
 * must lie within the accuracy that came with the answer; an answer may be withheld, never wrong.
 *
 *     timesync_honest [--queries N] [--accuracy US] [--watch register|debugfs] [--busy]
 *     ... | timesync_honest --answers [--another-clock] [--queries N] [--accuracy US]
 *           [--watch register|debugfs]
 *
 * --accuracy: the goal, that 95 % of the queries are answered with this accuracy [us] or better, is
 * told beside what was reached. It is not judged: a busy machine widens the bounds, and has to.
 * --busy: control transfers run all the while; an EHCI of QEMU's then moves its counter every
 * millisecond instead of every 65 ms.
 * --answers: somebody else asks, of the lab's device, and says so in lines of four numbers, early
 * enough: frame, microframe, when it begins [QPC ticks], accuracy [us]. They are read until enough
 * of them have been watched. On controllers that count frames only, the beginnings of frames are
 * asked for.
 * --another-clock: their ticks are those of CLOCK_BOOTTIME, which is given another rate, of up to
 * 500 ppm, after each answer, as NTP does now and then.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timex.h>
#include <time.h>

#include "lab.h"
#include "lab/device/protocol.h"
#include "watch.h"

enum {
    MICROFRAME = 125000, /* [ns] */
    QPC_TICK = 100,      /* [ns] */
    NEAREST = 16,        /* [microframes] ahead */
    FARTHEST = 40,       /* [microframes] ahead */
    PAUSE = 20000000,    /* [ns] at most, between two queries */
    LEAD = 1500000,      /* [ns] how long before the answer's interval the watch begins */
    GRACE = 300000000,   /* [ns] how long after the expected moment it is given up */
    ENOUGH_PERCENT = 95,
    UNSEEN_PER_QUERY = 20, /* then the machine is too busy to watch anything */
};

struct options {
    size_t queries;
    ULONG accuracy; /* [us] the goal; 0: none */
    enum watch_way way;
    bool busy;
    bool answers;
    bool another_clock;
};

struct results {
    size_t queries;
    size_t withheld;
    size_t outside;
    size_t unseen; /* not watched well enough to tell; not counted as queries */
    size_t answered;
    double *accuracies; /* [us] */
    double *widths;     /* [us] within which the passage was watched */
};

/* One question: which microframe, and its number in the watched counter. */
struct question {
    ULONG frame;
    ULONG microframe;
    uint32_t count; /* [ticks of the watch] */
};

/* Draws a moment ahead of what the counter shows; for one that lags that is not the answer's own
 * idea of now. Not frame 0, microframe 0, which means "not asked": it is too close to the start. */
static struct question draw(const struct watch *watch,
                            const USB_FRAME_NUMBER_AND_QPC_FOR_TIME_SYNC_INFORMATION *now)
{
    const int64_t per_tick = watch->tick / MICROFRAME;
    const int64_t answered =
        (int64_t)now->CurrentUSBFrameNumber * 8 + now->CurrentHardwareMicroFrameNumber;
    const int64_t shown =
        answered / per_tick +
        watch_distance(watch, (uint32_t)(answered / per_tick), watch_read(watch).count);
    const int64_t ahead = shown * per_tick + NEAREST + rand() % (FARTHEST - NEAREST);
    const int64_t ticks = ahead / per_tick;
    const int64_t microframes = ticks * per_tick;

    return (struct question){ (ULONG)(microframes / 8), (ULONG)(microframes % 8), (uint32_t)ticks };
}

/* Tells by how much [QPC ticks] the watched passage misses the answer's interval; 0: it meets it.
 */
static int64_t miss(const USB_FRAME_NUMBER_AND_QPC_FOR_TIME_SYNC_INFORMATION *answer,
                    const struct watch_passage *passage)
{
    const int64_t qpc = answer->QueryPerformanceCounterAtInputFrameOrMicroFrame.QuadPart;
    const int64_t accuracy = (int64_t)answer->PredictedAccuracyInMicroSeconds * 1000 / QPC_TICK;
    const int64_t earliest = passage->earliest / QPC_TICK;
    const int64_t latest = passage->latest / QPC_TICK;

    if (earliest > qpc + accuracy)
        return earliest - (qpc + accuracy);
    if (latest < qpc - accuracy)
        return latest - (qpc - accuracy);
    return 0;
}

static void report_outside(const struct results *results,
                           const struct question *question,
                           const USB_FRAME_NUMBER_AND_QPC_FOR_TIME_SYNC_INFORMATION *answer,
                           const struct watch_passage *passage,
                           int64_t missed)
{
    const double qpc = (double)answer->QueryPerformanceCounterAtInputFrameOrMicroFrame.QuadPart;

    printf("query %zu: %u.%u said to begin within +-%u us, watched %+.1f to %+.1f us from there: "
           "outside by %+.1f us (generation %u)\n",
           results->queries, (unsigned)question->frame, (unsigned)question->microframe,
           (unsigned)answer->PredictedAccuracyInMicroSeconds,
           (double)passage->earliest / 1e3 - qpc / 10, (double)passage->latest / 1e3 - qpc / 10,
           (double)missed / 10, (unsigned)answer->CurrentGenerationID);
}

/* A passage that the watch was late for, or that falls into a pause of the watch's, says little:
 * it can show an answer to be wrong, but does not count as having confirmed one. Such a pause is
 * longer than a tick, and not small beside the accuracy that is to be confirmed. */
static bool
is_telling(const struct watch *watch, const struct watch_passage *passage, int64_t accuracy)
{
    const int64_t close = watch->tick > accuracy / 10 ? watch->tick : accuracy / 10;

    return passage->earliest != INT64_MIN && passage->latest != INT64_MAX &&
           passage->latest - passage->earliest <= close;
}

/* Watches the moment that an answer is about and compares. */
static void check(const struct watch *watch,
                  const struct question *question,
                  const USB_FRAME_NUMBER_AND_QPC_FOR_TIME_SYNC_INFORMATION *answer,
                  struct results *results)
{
    const int64_t accuracy = (int64_t)answer->PredictedAccuracyInMicroSeconds * 1000;
    const int64_t expected =
        answer->QueryPerformanceCounterAtInputFrameOrMicroFrame.QuadPart * QPC_TICK;
    struct watch_passage passage;
    int64_t missed;

    lab_sleep(expected - accuracy - LEAD - lab_now());
    passage = watch_passage(watch, question->count, expected + accuracy + GRACE);
    missed = miss(answer, &passage);
    if (missed != 0) {
        results->outside++;
        report_outside(results, question, answer, &passage, missed);
    }
    if (!is_telling(watch, &passage, accuracy)) {
        results->unseen++;
        return;
    }
    results->accuracies[results->answered] = answer->PredictedAccuracyInMicroSeconds;
    results->widths[results->answered] = (double)(passage.latest - passage.earliest) / 1e3;
    results->answered++;
    results->queries++;
}

/* Asks once, at a random time.
 * @return false when the answer is an error other than "not ready" */
static bool
query(const struct lab_session *session, const struct watch *watch, struct results *results)
{
    USB_FRAME_NUMBER_AND_QPC_FOR_TIME_SYNC_INFORMATION answer;
    struct question question;
    DWORD error;

    lab_sleep(rand() % PAUSE);
    error = lab_ask(session, 0, 0, &answer);
    if (error == ERROR_SUCCESS) {
        question = draw(watch, &answer);
        error = lab_ask(session, question.frame, question.microframe, &answer);
    }
    if (error == ERROR_SUCCESS) {
        check(watch, &question, &answer, results);
    } else if (error == ERROR_NOT_READY) {
        results->withheld++;
        results->queries++;
    } else {
        printf("query %zu: error %u\n", results->queries, (unsigned)error);
    }
    return error == ERROR_SUCCESS || error == ERROR_NOT_READY;
}

static size_t count_accurate(const struct results *results, ULONG accuracy)
{
    size_t accurate = 0;

    for (size_t i = 0; i < results->answered; i++)
        if (results->accuracies[i] <= accuracy)
            accurate++;
    return accurate;
}

static bool judge(const struct options *options, const struct results *results)
{
    return results->queries >= options->queries && results->answered > 0 && results->outside == 0;
}

static void compare_with_goal(const struct options *options, const struct results *results)
{
    const size_t accurate = count_accurate(results, options->accuracy);

    printf("timesync_honest: %zu of %zu answered within %u us; goal, %d %%: %s\n", accurate,
           results->queries, (unsigned)options->accuracy, ENOUGH_PERCENT,
           accurate * 100 >= results->queries * ENOUGH_PERCENT ? "met" : "missed");
}

static void
summarize(const struct options *options, const struct watch *watch, struct results *results)
{
    printf("timesync_honest: %s: %s, %zu queries: %zu answered, %zu withheld, %zu outside; "
           "accuracy p50 %.0f p95 %.0f max %.0f us; watched within p50 %.1f max %.1f us "
           "(%zu more not seen)\n",
           judge(options, results) ? "passed" : "failed", watch->controller, results->queries,
           results->answered, results->withheld, results->outside,
           lab_percentile(results->accuracies, results->answered, 50),
           lab_percentile(results->accuracies, results->answered, 95),
           lab_percentile(results->accuracies, results->answered, 100),
           lab_percentile(results->widths, results->answered, 50),
           lab_percentile(results->widths, results->answered, 100), results->unseen);
    if (options->accuracy > 0)
        compare_with_goal(options, results);
}

static bool parse(int argc, char **argv, struct options *options)
{
    static const struct option known[] = {
        { "queries", required_argument, NULL, 'q' },
        { "accuracy", required_argument, NULL, 'a' },
        { "watch", required_argument, NULL, 'w' },
        { "busy", no_argument, NULL, 'b' },
        { "answers", no_argument, NULL, 'n' },
        { "another-clock", no_argument, NULL, 'c' },
        { 0 },
    };
    int found;

    while ((found = getopt_long(argc, argv, "", known, NULL)) != -1) {
        if (found == 'q')
            options->queries = (size_t)atoi(optarg);
        else if (found == 'a')
            options->accuracy = (ULONG)atoi(optarg);
        else if (found == 'w')
            options->way = strcmp(optarg, "debugfs") == 0 ? WATCH_DEBUGFS : WATCH_REGISTER;
        else if (found == 'b')
            options->busy = true;
        else if (found == 'n')
            options->answers = true;
        else if (found == 'c')
            options->another_clock = true;
        else
            return false;
    }
    return true;
}

/* Starts without waiting: a counter that moves in bursts may take its time. */
static bool start(struct lab_session *session, struct lab_device *device)
{
    DWORD error;

    if (!lab_find(LAB_TABLET, device) || !lab_open(device, session))
        return false;
    error = lab_start(session, TRUE);
    if (error != ERROR_SUCCESS) {
        printf("timesync_honest: failed: tracking does not start: error %u\n", (unsigned)error);
        lab_close(session);
    }
    return error == ERROR_SUCCESS;
}

static void ask_all(const struct options *options,
                    const struct lab_session *session,
                    const struct watch *watch,
                    struct results *results)
{
    lab_sleep(100000000);
    while (results->queries < options->queries &&
           results->unseen < UNSEEN_PER_QUERY * options->queries && query(session, watch, results))
        ;
}

static bool run(const struct options *options, struct results *results)
{
    struct lab_traffic traffic;
    struct lab_device device;
    struct lab_session session;
    struct watch watch;

    if (!start(&session, &device))
        return false;
    if (!watch_open(device.bus, options->way, &watch) ||
        (options->busy && !lab_traffic_start(&traffic, &session))) {
        lab_close(&session);
        return false;
    }

    ask_all(options, &session, &watch, results);
    if (options->busy)
        lab_traffic_stop(&traffic);
    lab_close(&session);
    summarize(options, &watch, results);
    return judge(options, results);
}

/* --- Somebody else's answers ----------------------------------------------------------------- */

/* @return false when there are no more */
static bool next_answer(const struct watch *watch,
                        struct question *question,
                        USB_FRAME_NUMBER_AND_QPC_FOR_TIME_SYNC_INFORMATION *answer)
{
    unsigned long frame, microframe, accuracy;
    long long qpc;

    if (scanf("%lu %lu %lld %lu", &frame, &microframe, &qpc, &accuracy) != 4)
        return false;

    question->frame = (ULONG)frame;
    question->microframe = (ULONG)microframe;
    question->count = (uint32_t)((frame * 8 + microframe) / (uint64_t)(watch->tick / MICROFRAME));
    answer->QueryPerformanceCounterAtInputFrameOrMicroFrame.QuadPart = qpc;
    answer->PredictedAccuracyInMicroSeconds = (ULONG)accuracy;
    return true;
}

static bool slew(void)
{
    enum { MOST = 500 /* [ppm] */, UNIT = 65536 /* of a timex's frequency, in a ppm */ };
    const int ppm = rand() % (2 * MOST + 1) - MOST;
    struct timex change = { .modes = ADJ_FREQUENCY, .freq = ppm * UNIT };

    if (adjtimex(&change) >= 0)
        return true;
    printf("timesync_honest: failed: the clock's rate cannot be set: %s\n", strerror(errno));
    return false;
}

static bool run_on_answers(const struct options *options, struct results *results)
{
    USB_FRAME_NUMBER_AND_QPC_FOR_TIME_SYNC_INFORMATION answer = { 0 };
    struct question question;
    struct lab_device device;
    struct watch watch;

    if (!lab_find(LABDEV_PRODUCT, &device) || !watch_open(device.bus, options->way, &watch))
        return false;

    if (options->another_clock) {
        lab_set_clock(CLOCK_BOOTTIME);
        if (!slew()) /* for the first time before the counter is looked at */
            return false;
    }
    while (results->queries < options->queries && next_answer(&watch, &question, &answer) &&
           (!options->another_clock || slew()))
        check(&watch, &question, &answer, results);
    summarize(options, &watch, results);
    return judge(options, results);
}

int main(int argc, char **argv)
{
    struct options options = { .queries = 500, .way = WATCH_REGISTER };
    struct results results = { 0 };
    bool passed;

    if (!parse(argc, argv, &options))
        return 1;
    results.accuracies = calloc(options.queries, sizeof(*results.accuracies));
    results.widths = calloc(options.queries, sizeof(*results.widths));
    passed = results.accuracies && results.widths &&
             (options.answers ? run_on_answers : run)(&options, &results);
    free(results.accuracies);
    free(results.widths);
    return passed ? 0 : 1;
}
