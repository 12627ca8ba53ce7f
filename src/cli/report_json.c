#include "cli/report.h"

#include <math.h>
#include <stdio.h>

#include "cli/cli.h"
#include "cli/json_set.h"

static json_t *object_of_type(const char *type)
{
    json_t *object = json_object();

    wu_json_set_text(object, "type", type);
    return object;
}

/* One object a line, so that each can be used while more are coming. */
static void print_line(json_t *object)
{
    if (json_dumpf(object, stdout, JSON_COMPACT | JSON_REAL_PRECISION(9)) == 0)
        putchar('\n');
    json_decref(object);
}

static void begin(const struct wu_run *run)
{
    json_t *object = object_of_type("run");

    wu_json_set_text(object, "subject", run->subject);
    wu_json_set_text(object, "source", run->source);
    wu_json_set_number(object, "interval_s", run->interval);
    print_line(object);
}

static void print_withheld(const struct wu_sample *sample)
{
    json_t *object = object_of_type("withheld");

    wu_json_set_number(object, "time_s", sample->elapsed);
    wu_json_set_integer(object, "error", sample->error);
    wu_json_set_text(object, "reason", wu_cli_error_text(sample->error));
    print_line(object);
}

static void set_answer(json_t *object, const struct wu_feed_answer *answer)
{
    wu_json_set_integer(object, "frame", answer->frame);
    wu_json_set_integer(object, "hardware_frame", answer->hardware_frame);
    wu_json_set_integer(object, "microframe", answer->microframe);
    wu_json_set_integer(object, "qpc", answer->qpc);
    wu_json_set_integer(object, "qpc_frequency", answer->frequency);
    wu_json_set_integer(object, "accuracy_us", answer->accuracy);
    wu_json_set_integer(object, "generation", answer->generation);
}

static void print_answer(const struct wu_sample *sample)
{
    json_t *object = object_of_type("sample");
    const double bound = isnan(sample->residual) ? sample->residual : sample->residual_bound;

    wu_json_set_number(object, "time_s", sample->elapsed);
    set_answer(object, &sample->answer);
    wu_json_set_number(object, "rate_ppm", sample->rate);
    wu_json_set_number(object, "residual_us", sample->residual);
    wu_json_set_number(object, "residual_bound_us", bound);
    print_line(object);
}

static void print_sample(const struct wu_sample *sample)
{
    if (sample->error == ERROR_SUCCESS)
        print_answer(sample);
    else
        print_withheld(sample);
}

static void end(const struct wu_summary *summary)
{
    json_t *object = object_of_type("summary");

    wu_json_set_number(object, "first_answer_s", summary->first_answer);
    wu_json_set_integer(object, "answers", (json_int_t)summary->answers);
    wu_json_set_integer(object, "withheld", (json_int_t)summary->withheld);
    wu_json_set_integer(object, "generations", summary->generations);
    wu_json_set_number(object, "accuracy_min_us", summary->accuracy_min);
    wu_json_set_number(object, "accuracy_median_us", summary->accuracy_median);
    wu_json_set_number(object, "accuracy_max_us", summary->accuracy_max);
    wu_json_set_number(object, "rate_ppm", summary->rate);
    wu_json_set_integer(object, "residuals", (json_int_t)summary->residuals);
    wu_json_set_number(object, "residual_rms_us", summary->residual_rms);
    wu_json_set_number(object, "residual_max_us", summary->residual_max);
    wu_json_set_number(object, "residual_bound_median_us", summary->residual_bound_median);
    wu_json_set_integer(object, "outside_bound", (json_int_t)summary->outside);
    print_line(object);
}

const struct wu_report wu_report_json = { begin, print_sample, end };
