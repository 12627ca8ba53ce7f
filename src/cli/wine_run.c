/* Running programs. */
#define _GNU_SOURCE /* pipe2 */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/interrupt.h"
#include "cli/wine_parts.h"

extern char **environ;

enum { LINE_SIZE = 1024, LOOK = 20 /* [ms] between looks at whether it has ended */ };

struct stream {
    int file;
    bool is_error;
    char line[LINE_SIZE];
    size_t length;
};

/* --- Lines ------------------------------------------------------------------------------------ */

static void end_line(struct stream *stream, wu_wine_take_line *take, void *user)
{
    stream->line[stream->length] = '\0';
    if (stream->length > 0)
        take(user, stream->line, stream->is_error);
    stream->length = 0;
}

static void add_character(struct stream *stream, char c, wu_wine_take_line *take, void *user)
{
    if (c == '\r')
        return;
    if (c == '\n' || stream->length + 1 == sizeof(stream->line))
        end_line(stream, take, user);
    if (c != '\n')
        stream->line[stream->length++] = c;
}

static void read_some(struct stream *stream, wu_wine_take_line *take, void *user)
{
    char bytes[LINE_SIZE];
    ssize_t count;

    while ((count = read(stream->file, bytes, sizeof(bytes))) > 0)
        for (ssize_t i = 0; i < count; i++)
            add_character(stream, bytes[i], take, user);
}

/* --- The program ----------------------------------------------------------------------------- */

static void set_files(posix_spawn_file_actions_t *actions, const int out[2], const int err[2])
{
    posix_spawn_file_actions_init(actions);
    posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(actions, out[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(actions, err[1], STDERR_FILENO);
}

/* Ctrl-C is for us; and what we hold back or ignore, it shall not. */
static void set_signals(posix_spawnattr_t *attributes)
{
    sigset_t none, usual;

    sigemptyset(&none);
    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE);
    posix_spawnattr_init(attributes);
    posix_spawnattr_setsigmask(attributes, &none);
    posix_spawnattr_setsigdefault(attributes, &usual);
    posix_spawnattr_setpgroup(attributes, 0);
    posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
                                             POSIX_SPAWN_SETPGROUP);
}

static int spawn(char *const arguments[], const int out[2], const int err[2], pid_t *child_out)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int error;

    set_files(&actions, out, err);
    set_signals(&attributes);
    error = posix_spawn(child_out, arguments[0], &actions, &attributes, arguments, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

/* Wine's server outlives it and keeps the pipes open: they do not tell when it ends. */
static int attend(pid_t child, struct stream streams[2], wu_wine_take_line *take, void *user)
{
    struct pollfd files[] = { { streams[0].file, POLLIN, 0 }, { streams[1].file, POLLIN, 0 } };
    bool ended = false;
    int status = 0;

    while (!ended) {
        poll(files, 2, LOOK);
        if (wu_interrupted())
            kill(child, SIGTERM);
        ended = waitpid(child, &status, WNOHANG) == child;
        for (int i = 0; i < 2; i++)
            read_some(&streams[i], take, user);
    }
    for (int i = 0; i < 2; i++)
        end_line(&streams[i], take, user);

    errno = EINTR;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void close_both(const int files[2])
{
    close(files[0]);
    close(files[1]);
}

static int run(char *const arguments[],
               const int out[2],
               const int err[2],
               wu_wine_take_line *take,
               void *user)
{
    struct stream streams[2] = { { .file = out[0] }, { .file = err[0], .is_error = true } };
    pid_t child;

    fflush(NULL);
    errno = spawn(arguments, out, err, &child);
    if (errno != 0)
        return -1;

    for (int i = 0; i < 2; i++)
        fcntl(streams[i].file, F_SETFL, O_NONBLOCK);
    return attend(child, streams, take, user);
}

int wu_wine_run(char *const arguments[], wu_wine_take_line *take, void *user)
{
    int out[2], err[2], status, error;

    if (pipe2(out, O_CLOEXEC) != 0)
        return -1;
    if (pipe2(err, O_CLOEXEC) != 0) {
        close_both(out);
        return -1;
    }

    status = run(arguments, out, err, take, user);
    error = errno;
    close_both(out);
    close_both(err);
    errno = error;
    return status;
}
