#include "cli/plot.h"

#include <math.h>

/* In gnuplot's single quotes only these themselves are special, and a line ends the text. */
static void write_quoted(FILE *script, const char *text)
{
    fputc('\'', script);
    for (; *text; text++) {
        if (*text == '\'')
            fputc('\'', script);
        fputc((unsigned char)*text < ' ' ? ' ' : *text, script);
    }
    fputc('\'', script);
}

/* An empty line interrupts the curves. */
static void write_residuals(FILE *script, const struct wu_samples *samples)
{
    fputs("$residuals << END\n", script);
    for (size_t i = 0; i < samples->count; i++) {
        const struct wu_sample *sample = &samples->sample[i];

        if (sample->error != ERROR_SUCCESS || isnan(sample->residual))
            fputc('\n', script);
        else
            fprintf(script, "%.3f %.3f %.0f\n", sample->elapsed, sample->residual,
                    sample->residual_bound);
    }
    fputs("END\n", script);
}

static void write_answers(FILE *script, const struct wu_samples *samples)
{
    fputs("$answers << END\n", script);
    for (size_t i = 0; i < samples->count; i++) {
        const struct wu_sample *sample = &samples->sample[i];

        if (sample->error != ERROR_SUCCESS)
            fputc('\n', script);
        else
            fprintf(script, "%.3f %u %.4f\n", sample->elapsed, (unsigned)sample->answer.accuracy,
                    sample->rate);
    }
    fputs("END\n", script);
}

/* Where answers were withheld, and where a generation begins. */
static void write_marks(FILE *script, const struct wu_samples *samples)
{
    uint32_t generation = 0;

    for (size_t i = 0; i < samples->count; i++) {
        const struct wu_sample *sample = &samples->sample[i];
        const bool withheld = sample->error != ERROR_SUCCESS;

        if (!withheld && generation == 0)
            generation = sample->answer.generation;
        if (!withheld && generation == sample->answer.generation)
            continue;

        fprintf(script,
                "set arrow from first %.3f, graph 0 to first %.3f, graph 1 nohead back %s\n",
                sample->elapsed, sample->elapsed,
                withheld ? "lw 4 lc rgb '#f5c6c6'" : "dt 2 lc rgb '#c03030'");
        if (!withheld)
            generation = sample->answer.generation;
    }
}

static void write_title(FILE *script, const struct wu_run *run, const struct wu_summary *summary)
{
    char text[1024];

    snprintf(text, sizeof(text), "%s, %s: %zu answers, %zu withheld%s, %u generation%s",
             run->subject, run->source, summary->answers, summary->withheld,
             summary->withheld > 0 ? " (red)" : "", summary->generations,
             summary->generations == 1 ? "" : "s (dashed)");
    fputs("set multiplot layout 3,1 margins 0.09,0.97,0.09,0.90 spacing 0.08 title ", script);
    write_quoted(script, text);
    fputs(" font ',13' noenhanced\n", script);
}

/* Predictions of the first moments may be off by much more than all later ones: half as much again
 * as usual is shown, and whatever was wrong. */
static double residual_limit(const struct wu_summary *summary)
{
    const double usual = 1.5 * summary->residual_bound_median;

    return summary->outside > 0 ? fmax(usual, 1.1 * summary->residual_max) : usual;
}

static void write_residual_range(FILE *script, const struct wu_summary *summary)
{
    const double limit = residual_limit(summary);

    fprintf(script, "set yrange [%.3f:%.3f]\n", -limit, limit);
}

/* With room on both sides; gnuplot warns of a range that it finds empty, as that of a single rate.
 */
static void write_rate_range(FILE *script, const struct wu_samples *samples)
{
    static const double least_room = 0.001; /* [ppm] */
    double lo = INFINITY, hi = -INFINITY;

    for (size_t i = 0; i < samples->count; i++) {
        const struct wu_sample *sample = &samples->sample[i];

        if (sample->error == ERROR_SUCCESS && !isnan(sample->rate)) {
            lo = fmin(lo, sample->rate);
            hi = fmax(hi, sample->rate);
        }
    }

    const double room = fmax(0.1 * (hi - lo), least_room);

    fprintf(script, "set yrange [%.4f:%.4f]\n", lo - room, hi + room);
}

static const char head[] = "set terminal svg size 960,720 font 'sans,12' background 'white'\n"
                           "set datafile missing 'nan'\n"
                           "set border 3 lc rgb '#606060'\n"
                           "set tics nomirror out\n"
                           "set grid lc rgb '#e4e4e4'\n"
                           "set key at graph 1, graph 1.14 right top horizontal maxrows 1\n"
                           "set style fill solid 1.0 noborder\n"
                           "set offsets graph 0, graph 0, graph 0.1, graph 0.1\n";

/* A stretch of one point is drawn, too: by the points and the impulses. */
static const char residual_panel[] =
    "set format x ''\n"
    "set ylabel 'residual, us'\n"
    "plot $residuals using 1:(-$3):3 with filledcurves lc rgb '#d4e4f7' title 'bound', "
    "'' using 1:2 with linespoints lw 1 pt 7 ps 0.35 lc rgb '#1f5fa8' "
    "title 'found, less predicted'\n";

static const char accuracy_panel[] =
    "set ylabel 'accuracy, us'\n"
    "set yrange [0:*]\n"
    "set offsets graph 0, graph 0, graph 0.1, graph 0\n"
    "plot $answers using 1:2 with steps lw 1.5 lc rgb '#2e7d4f' notitle, "
    "'' using 1:2 with points pt 7 ps 0.35 lc rgb '#2e7d4f' title 'guaranteed for now'\n";

static const char rate_panel[] =
    "set format x\n"
    "set xlabel 'seconds since the start of tracking'\n"
    "set ylabel 'rate, ppm'\n"
    "plot $answers using 1:3 with linespoints lw 1 pt 7 ps 0.35 lc rgb '#b06a12' "
    "title 'frame longer than 1 ms by'\n"
    "unset multiplot\n";

void wu_plot_write_script(FILE *script,
                          const struct wu_run *run,
                          const struct wu_samples *samples,
                          const struct wu_summary *summary)
{
    const double end = samples->sample[samples->count - 1].elapsed;

    write_residuals(script, samples);
    write_answers(script, samples);
    fputs(head, script);
    fprintf(script, "set xrange [0:%.3f]\n", end);
    write_title(script, run, summary);
    write_marks(script, samples);
    write_residual_range(script, summary);
    fputs(residual_panel, script);
    fputs(accuracy_panel, script);
    write_rate_range(script, samples);
    fputs(rate_panel, script);
}
