#include "cli/plot.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/cli.h"

extern char **environ;

struct wu_plot {
    pid_t gnuplot;
    FILE *script; /* its stdin */
    const char *file;
};

/* gnuplot reads the pipe and writes to the file. In a process group of its own Ctrl-C, which ends
 * the run, does not end it too. */
static int spawn_gnuplot(int input, int output, pid_t *gnuplot)
{
    char *const arguments[] = { "gnuplot", NULL };
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;

    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);

    const int error =
        posix_spawnp(gnuplot, arguments[0], &actions, &attributes, arguments, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

static void complain_about_gnuplot(int error)
{
    if (error == ENOENT)
        wu_cli_complain("--plot takes gnuplot, which is not installed: apt install gnuplot-nox");
    else
        wu_cli_complain("cannot run gnuplot: %s", strerror(error));
}

/* Neither end reaches the child but by dup2(). */
static bool make_pipe(int ends[2])
{
    if (pipe(ends) != 0)
        return false;

    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    return true;
}

static bool start_gnuplot(struct wu_plot *plot, int output)
{
    int ends[2];

    if (!make_pipe(ends)) {
        complain_about_gnuplot(errno);
        return false;
    }

    const int error = spawn_gnuplot(ends[0], output, &plot->gnuplot);
    close(ends[0]);
    if (error != 0) {
        complain_about_gnuplot(error);
        close(ends[1]);
        return false;
    }
    plot->script = fdopen(ends[1], "w");
    if (plot->script)
        return true;

    close(ends[1]); /* which ends gnuplot */
    waitpid(plot->gnuplot, NULL, 0);
    return false;
}

struct wu_plot *wu_plot_open(const char *file)
{
    struct wu_plot *plot = calloc(1, sizeof(*plot));
    if (!plot)
        return NULL;

    plot->file = file;
    const int output = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (output < 0) {
        wu_cli_complain("cannot write %s: %s", file, strerror(errno));
        free(plot);
        return NULL;
    }

    const bool started = start_gnuplot(plot, output);
    close(output);
    if (!started) {
        unlink(file);
        free(plot);
        return NULL;
    }
    return plot;
}

void wu_plot_discard(struct wu_plot *plot)
{
    fclose(plot->script);
    waitpid(plot->gnuplot, NULL, 0);
    unlink(plot->file);
    free(plot);
}

bool wu_plot_finish(struct wu_plot *plot,
                    const struct wu_run *run,
                    const struct wu_samples *samples,
                    const struct wu_summary *summary)
{
    int status = 0;

    if (summary->residuals == 0) {
        wu_cli_complain("too few answers for a picture; it takes two in a row");
        wu_plot_discard(plot);
        return false;
    }

    wu_plot_write_script(plot->script, run, samples, summary);
    const bool written = fclose(plot->script) == 0;
    waitpid(plot->gnuplot, &status, 0);

    const bool drawn = written && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (!drawn)
        wu_cli_complain("gnuplot could not draw %s", plot->file);
    free(plot);
    return drawn;
}
