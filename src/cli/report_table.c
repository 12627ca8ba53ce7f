#include "cli/report.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "cli/cli.h"
#include "cli/plain.h"

static void begin(const struct wu_run *run)
{
    wu_plain_line(stdout, "%s", run->subject);
    wu_plain_line(stdout, "frame source: %s", run->source);
    putchar('\n');
    printf("%8s  %12s  %18s  %8s  %3s  %9s  %11s\n", "time s", "frame.u", "QPC", "within", "gen",
           "rate ppm", "residual us");
}

/* What is not known is a dash. */
static void print_number(int width, const char *format, double value)
{
    char text[32];

    if (isnan(value))
        snprintf(text, sizeof(text), "-");
    else
        snprintf(text, sizeof(text), format, value);
    printf("  %*s", width, text);
}

static void print_sample(const struct wu_sample *sample)
{
    const struct wu_feed_answer *answer = &sample->answer;

    printf("%8.3f", sample->elapsed);
    if (sample->error != ERROR_SUCCESS) {
        printf("  no answer: %s\n", wu_cli_error_text(sample->error));
        return;
    }

    printf("  %10" PRIu32 ".%" PRIu32 "  %18" PRId64 "  %5" PRIu32 " us  %3" PRIu32, answer->frame,
           answer->microframe, answer->qpc, answer->accuracy, answer->generation);
    print_number(9, "%+.3f", sample->rate);
    print_number(11, "%+.2f", sample->residual);
    putchar('\n');
}

static void end(const struct wu_summary *summary)
{
    printf("\nfirst answer after");
    print_number(1, "%.1f ms", summary->first_answer * 1000);
    printf("\nanswers             %zu, withheld %zu, generations %u\n", summary->answers,
           summary->withheld, summary->generations);
    printf("accuracy          ");
    print_number(1, "min %.0f", summary->accuracy_min);
    print_number(1, "median %.1f", summary->accuracy_median);
    print_number(1, "max %.0f us", summary->accuracy_max);
    printf("\nrate              ");
    print_number(1, "%+.3f ppm", summary->rate);
    printf("\nresidual          ");
    print_number(1, "rms %.2f", summary->residual_rms);
    print_number(1, "max %.2f us", summary->residual_max);
    printf("  (%zu, outside their bound: %zu)\n", summary->residuals, summary->outside);
}

const struct wu_report wu_report_table = { begin, print_sample, end };
