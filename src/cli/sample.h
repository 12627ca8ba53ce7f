/*
 * What is seen of a frame clock once per interval, and what all of that comes to.
 *
 * Rate: by how much a frame lasts longer than 1 ms of the performance counter [ppm].
 * Residual: the time that a frame is found to have begun, less the time that was predicted for it
 * an interval earlier [us]. Both are NAN where there is nothing to compare with: at first, after an
 * answer was withheld, and with a new generation.
 */
#ifndef WU_CLI_SAMPLE_H
#define WU_CLI_SAMPLE_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/feed.h"

struct wu_sample {
    double elapsed;               /* [s] since tracking was asked for */
    DWORD error;                  /* 0; else the answer was withheld, and nothing below holds */
    struct wu_feed_answer answer; /* without asked_qpc */
    double rate;
    double residual;
    double residual_bound; /* [us] accuracy of both, summed: where the residual may be */
};

/* All samples of a run. */
struct wu_samples {
    struct wu_sample *sample;
    size_t count;
    size_t room;
};

struct wu_summary {
    double first_answer; /* [s] from asking for tracking to the first answer; NAN: none came */
    size_t answers;
    size_t withheld;
    unsigned generations;

    double accuracy_min; /* [us] these three are NAN without answers */
    double accuracy_median;
    double accuracy_max;

    double rate;                  /* [ppm] over the longest stretch of one generation; NAN: none */
    size_t residuals;             /* how many there are; NAN below when none */
    double residual_rms;          /* [us] */
    double residual_max;          /* [us] greatest absolute value */
    double residual_bound_median; /* [us] */
    size_t outside;               /* residuals greater than their bound: wrong answers */
};

/** Tells the rate from two answers of one generation; NAN when no time lies between them. */
double wu_rate(const struct wu_feed_answer *first, const struct wu_feed_answer *last);

/** Adds a copy; the struct starts as all zero. @return false when there is no memory */
bool wu_samples_add(struct wu_samples *samples, const struct wu_sample *sample);

void wu_samples_free(struct wu_samples *samples);

/** Sums a run up. @param first_answer  [s], NAN when none came */
struct wu_summary wu_samples_summary(const struct wu_samples *samples, double first_answer);

#endif
