#include "cli/sample.h"

#include <math.h>
#include <stdlib.h>

double wu_rate(const struct wu_feed_answer *first, const struct wu_feed_answer *last)
{
    const int64_t frames = (int32_t)(last->frame - first->frame);
    const int64_t microframes = frames * 8 + (int64_t)last->microframe - (int64_t)first->microframe;
    const double measured = (double)(last->qpc - first->qpc) / (double)last->frequency;
    const double nominal = (double)microframes * 125e-6;

    return microframes == 0 ? (double)NAN : (measured - nominal) / nominal * 1e6;
}

bool wu_samples_add(struct wu_samples *samples, const struct wu_sample *sample)
{
    if (samples->count == samples->room) {
        const size_t room = samples->room ? 2 * samples->room : 64;
        struct wu_sample *grown = realloc(samples->sample, room * sizeof(*grown));
        if (!grown)
            return false;

        samples->sample = grown;
        samples->room = room;
    }

    samples->sample[samples->count++] = *sample;
    return true;
}

void wu_samples_free(struct wu_samples *samples)
{
    free(samples->sample);
}

static int compare_doubles(const void *a, const void *b)
{
    const double left = *(const double *)a;
    const double right = *(const double *)b;

    return (left > right) - (left < right);
}

static double median_of_sorted(const double *values, size_t count)
{
    return (values[(count - 1) / 2] + values[count / 2]) / 2;
}

/* What is picked of a sample. @return false when it has no such value */
typedef bool pick_value(const struct wu_sample *sample, double *value);

static bool pick_accuracy(const struct wu_sample *sample, double *value)
{
    *value = sample->answer.accuracy;
    return sample->error == ERROR_SUCCESS;
}

static bool pick_residual_bound(const struct wu_sample *sample, double *value)
{
    *value = sample->residual_bound;
    return sample->error == ERROR_SUCCESS && !isnan(sample->residual);
}

/* Gives the values in ascending order; NULL when there are none, or no memory for them. */
static double *sorted_values(const struct wu_samples *samples, pick_value *pick, size_t *count)
{
    double *values = malloc((samples->count + 1) * sizeof(*values));
    if (!values)
        return NULL;

    *count = 0;
    for (size_t i = 0; i < samples->count; i++)
        *count += pick(&samples->sample[i], &values[*count]) ? 1 : 0;
    if (*count > 0) {
        qsort(values, *count, sizeof(*values), compare_doubles);
        return values;
    }
    free(values);
    return NULL;
}

static void sum_up_accuracy(const struct wu_samples *samples, struct wu_summary *summary)
{
    size_t count;
    double *values = sorted_values(samples, pick_accuracy, &count);
    if (!values)
        return;

    summary->accuracy_min = values[0];
    summary->accuracy_median = median_of_sorted(values, count);
    summary->accuracy_max = values[count - 1];
    free(values);
}

static void sum_up_residual_bounds(const struct wu_samples *samples, struct wu_summary *summary)
{
    size_t count;
    double *values = sorted_values(samples, pick_residual_bound, &count);
    if (!values)
        return;

    summary->residual_bound_median = median_of_sorted(values, count);
    free(values);
}

static void sum_up_residuals(const struct wu_samples *samples, struct wu_summary *summary)
{
    double squares = 0;
    double max = 0;

    for (size_t i = 0; i < samples->count; i++) {
        const struct wu_sample *sample = &samples->sample[i];

        if (sample->error != ERROR_SUCCESS || isnan(sample->residual))
            continue;
        summary->residuals++;
        squares += sample->residual * sample->residual;
        max = fmax(max, fabs(sample->residual));
        summary->outside += fabs(sample->residual) > sample->residual_bound;
    }
    if (summary->residuals > 0) {
        summary->residual_rms = sqrt(squares / (double)summary->residuals);
        summary->residual_max = max;
    }
}

/* Rate over the longest stretch, which may have gaps but is of one generation. */
static void sum_up_generations(const struct wu_samples *samples, struct wu_summary *summary)
{
    const struct wu_sample *first = NULL;
    double longest = 0;

    for (size_t i = 0; i < samples->count; i++) {
        const struct wu_sample *sample = &samples->sample[i];

        if (sample->error != ERROR_SUCCESS)
            continue;
        if (!first || first->answer.generation != sample->answer.generation) {
            first = sample;
            summary->generations++;
        }
        if (sample->elapsed - first->elapsed > longest) {
            longest = sample->elapsed - first->elapsed;
            summary->rate = wu_rate(&first->answer, &sample->answer);
        }
    }
}

static size_t count_answers(const struct wu_samples *samples)
{
    size_t count = 0;

    for (size_t i = 0; i < samples->count; i++)
        count += samples->sample[i].error == ERROR_SUCCESS;
    return count;
}

struct wu_summary wu_samples_summary(const struct wu_samples *samples, double first_answer)
{
    struct wu_summary summary = {
        .first_answer = first_answer,
        .accuracy_min = (double)NAN,
        .accuracy_median = (double)NAN,
        .accuracy_max = (double)NAN,
        .rate = (double)NAN,
        .residual_rms = (double)NAN,
        .residual_max = (double)NAN,
        .residual_bound_median = (double)NAN,
    };

    summary.answers = count_answers(samples);
    summary.withheld = samples->count - summary.answers;
    sum_up_accuracy(samples, &summary);
    sum_up_residuals(samples, &summary);
    sum_up_residual_bounds(samples, &summary);
    sum_up_generations(samples, &summary);
    return summary;
}
