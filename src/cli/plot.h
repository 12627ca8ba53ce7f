/*
 * A picture of a run, drawn by gnuplot.
 */
#ifndef WU_CLI_PLOT_H
#define WU_CLI_PLOT_H

#include <stdbool.h>
#include <stdio.h>

#include "cli/report.h"
#include "cli/sample.h"

struct wu_plot;

/**
 * Starts gnuplot, so that what is missing shows before the run and not after it.
 *
 * @param file  SVG to be written
 * @return NULL after saying why; else to be given to wu_plot_finish()
 */
struct wu_plot *wu_plot_open(const char *file);

/** Draws, and frees the plot. @return false after saying why */
bool wu_plot_finish(struct wu_plot *plot,
                    const struct wu_run *run,
                    const struct wu_samples *samples,
                    const struct wu_summary *summary);

/** Draws nothing, and frees the plot. */
void wu_plot_discard(struct wu_plot *plot);

/** Writes gnuplot's script with the data in it; there is one residual, and one rate, at least. */
void wu_plot_write_script(FILE *script,
                          const struct wu_run *run,
                          const struct wu_samples *samples,
                          const struct wu_summary *summary);

#endif
