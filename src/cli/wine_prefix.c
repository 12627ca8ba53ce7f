/* What the commands of `winusb wine` do to a prefix in common. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/interrupt.h"
#include "cli/plain.h"
#include "cli/wine_parts.h"
#include "wine/choice.h"
#include "wine/configuration.h"
#include "wine/prefix.h"
#include "wine/rules.h"

enum { LOCK_PATIENCE = 10000 /* [ms] */ };

/* --- Files of ours --------------------------------------------------------------------------- */

const struct wu_files *wu_wine_files(void)
{
    static struct wu_files files;
    static bool found;
    char self[PATH_MAX];
    const ssize_t length = found ? -1 : readlink("/proc/self/exe", self, sizeof(self) - 1);
    char *slash;

    if (length <= 0)
        return &files;
    self[length] = '\0';
    slash = strrchr(self, '/');
    if (slash)
        *slash = '\0';
    wu_files_find(self, WINUSB_WINE_FOLDER, &files);
    found = true;
    return &files;
}

/* --- The prefix ------------------------------------------------------------------------------ */

/* It may have been installed by another winusb. */
static bool is_served_32(const char *prefix)
{
    struct wu_choice choice;

    wu_choose(wu_wine_files(), prefix, WU_PREFIX_WIN32, WU_WOW_UNKNOWN, &choice);
    return choice.serves || wu_there_is_ours(wu_there(prefix, WU_PLACE_SYSTEM32, NULL));
}

/* The command that makes a prefix there: Wine's own programs may be in no folder of PATH. */
static void write_making(const char *prefix, char *command, size_t size)
{
    char folder[WU_SHELL_QUOTED_SIZE], program[WU_SHELL_QUOTED_SIZE];
    struct wu_loader loader;

    wu_shell_quote(prefix, folder);
    if (!wu_loader_find(prefix, WU_PREFIX_NONE, NULL, &loader)) {
        snprintf(command, size, "WINEPREFIX=%s wineboot --init", folder);
        return;
    }
    wu_shell_quote(loader.path, program);
    snprintf(command, size, "WINEPREFIX=%s %s wineboot --init", folder, program);
}

/* Of a folder that is none, "compatdata/ID" of Steam: the prefix is within. */
static bool find_within(const char *prefix, char within[PATH_MAX])
{
    return snprintf(within, PATH_MAX, "%s/pfx", prefix) < PATH_MAX &&
           wu_prefix_kind(within) >= WU_PREFIX_WIN32;
}

static void write_no_prefix(const char *prefix, char why[WU_WINE_WHY_SIZE])
{
    const bool is_missing = access(prefix, F_OK) != 0 && errno == ENOENT;
    char within[PATH_MAX], quoted[WU_SHELL_QUOTED_SIZE];
    int length;

    if (!is_missing && find_within(prefix, within)) {
        wu_shell_quote(within, quoted);
        snprintf(why, WU_WINE_WHY_SIZE,
                 "There is no Wine prefix in %s itself, but in the folder pfx there: winusb wine "
                 "... --prefix %s",
                 prefix, quoted);
        return;
    }

    length = snprintf(why, WU_WINE_WHY_SIZE,
                      is_missing ? "There is no folder %s; have a Wine prefix made there: "
                                 : "There is no Wine prefix in %s; make one: ",
                      prefix);
    write_making(prefix, why + length, WU_WINE_WHY_SIZE - (size_t)length);
}

static void write_unfinished(const char *prefix, char why[WU_WINE_WHY_SIZE])
{
    const int length = snprintf(why, WU_WINE_WHY_SIZE,
                                "Wine is still making %s: there is no system.reg yet; try again "
                                "in a minute, or have it made: ",
                                prefix);

    write_making(prefix, why + length, WU_WINE_WHY_SIZE - (size_t)length);
}

void wu_wine_prefix_why(const char *prefix, enum wu_prefix_kind kind, char why[WU_WINE_WHY_SIZE])
{
    *why = '\0';
    if (kind == WU_PREFIX_WIN32 && !is_served_32(prefix))
        snprintf(why, WU_WINE_WHY_SIZE,
                 "%s is a prefix for 32-bit programs alone (win32), for which this winusb has no "
                 "winusb.dll; make another: WINEPREFIX=... wineboot --init",
                 prefix);
    else if (kind == WU_PREFIX_UNFINISHED)
        write_unfinished(prefix, why);
    else if (kind == WU_PREFIX_FOREIGN)
        snprintf(why, WU_WINE_WHY_SIZE, "%s is not owned by you", prefix);
    else if (kind == WU_PREFIX_NONE)
        write_no_prefix(prefix, why);
}

void wu_wine_prefix_option(const struct wu_wine_settings *settings,
                           char option[WU_WINE_OPTION_SIZE])
{
    char quoted[WU_SHELL_QUOTED_SIZE];

    *option = '\0';
    if (!settings->prefix_is_given)
        return;
    wu_shell_quote(settings->prefix, quoted);
    snprintf(option, WU_WINE_OPTION_SIZE, " --prefix %s", quoted);
}

bool wu_wine_check_prefix(const char *prefix)
{
    char why[WU_WINE_WHY_SIZE];

    wu_wine_prefix_why(prefix, wu_prefix_kind(prefix), why);
    if (*why != '\0')
        wu_cli_complain("%s", why);
    return *why == '\0';
}

const char *wu_wine_reason(int error)
{
    switch (error) {
    case ELOOP:
        return "a symbolic link stands in the way, and is not followed";
    case EMLINK:
        return "a file there has another name elsewhere, and is not written";
    case EINVAL:
        return "what is there is no file";
    case EPERM:
        return "it is not owned by you, or may not be changed";
    case EWOULDBLOCK:
        return "another program of ours is at work there";
    default:
        return strerror(error);
    }
}

/* --- Bringing it in step --------------------------------------------------------------------- */

static void pass_on(void *user, const char *line, bool is_error)
{
    unsigned *changes = user;

    *changes += !is_error;
    if (is_error)
        fflush(stdout);
    wu_plain_line(is_error ? stderr : stdout, "%s", line);
    fflush(stdout);
}

static bool run_program(const struct wu_wine_settings *settings,
                        const struct wu_loader *loader,
                        const char *program,
                        const char *argument,
                        void *changes)
{
    char *arguments[] = { (char *)loader->path, (char *)program, (char *)argument, NULL };
    const char *debug = getenv("WINEDEBUG"), *own = getenv("WINELOADER");

    setenv("WINEPREFIX", settings->prefix, 1);
    if (!debug)
        setenv("WINEDEBUG", "-all", 1); /* its own remarks are not for our users */
    if (own && strcmp(own, loader->path) != 0)
        unsetenv("WINELOADER"); /* another Wine's, which it would start */

    const int status = wu_wine_run(arguments, pass_on, changes);
    if (status < 0 && errno == EINTR && wu_interrupted())
        return false;
    if (status < 0 && errno != EINTR)
        wu_cli_complain("cannot run %s: %s", loader->path, strerror(errno));
    else if (status < 0)
        wu_cli_complain("%s was ended", loader->path);
    else if (status > 1)
        wu_cli_complain("%s does not run %s: exit status %d; WINEDEBUG=fixme-all shows more",
                        loader->path, program, status);
    else if (status == 1)
        wu_cli_complain("not all could be done in %s", settings->prefix);
    return status == 0;
}

void wu_wine_loader_why(const struct wu_loader *loader, char why[WU_WINE_WHY_SIZE])
{
    if (loader->path[0] != '\0')
        snprintf(why, WU_WINE_WHY_SIZE, "there is no program %s, %s", loader->path, loader->why);
    else
        snprintf(
            why, WU_WINE_WHY_SIZE,
            "there is no 'wine' or 'wine64' in PATH; install Wine, or name its program: --wine "
            "PROGRAM");
}

bool wu_wine_find(const struct wu_wine_settings *settings, struct wu_loader *loader_out)
{
    char why[WU_WINE_WHY_SIZE];

    if (wu_loader_find(settings->prefix, wu_prefix_kind(settings->prefix), settings->wine,
                       loader_out))
        return true;

    wu_wine_loader_why(loader_out, why);
    wu_cli_complain("%s", why);
    return false;
}

static bool
run(const struct wu_wine_settings *settings, const char *argument, unsigned *changes_out)
{
    const enum wu_prefix_kind kind = wu_prefix_kind(settings->prefix);
    const char *program = wu_choose_program(wu_wine_files(), kind);
    struct wu_loader loader;

    *changes_out = 0;
    if (!wu_wine_find(settings, &loader))
        return false;
    if (!program) {
        wu_cli_complain("there is no winusb-wine.exe: this winusb was built without its part for "
                        "Wine");
        return false;
    }

    return run_program(settings, &loader, program, argument, changes_out);
}

bool wu_wine_sync(const struct wu_wine_settings *settings, unsigned *changes_out)
{
    return run(settings, NULL, changes_out);
}

bool wu_wine_set_override(const struct wu_wine_settings *settings, bool set)
{
    unsigned changes;

    return run(settings, set ? "override" : "restore", &changes);
}

/* --- Rules ----------------------------------------------------------------------------------- */

static bool complain_of_rules(const char *prefix, const char *why)
{
    wu_cli_complain("%s/" WU_PREFIX_RULES ": %s", prefix, why);
    return false;
}

static bool complain_of_error(const char *prefix, DWORD error)
{
    char why[96];

    snprintf(why, sizeof(why), "a device would have more than %d interface GUIDs", WU_GUIDS_MAX);
    return complain_of_rules(prefix, error == ERROR_MORE_DATA ? why : wu_cli_error_text(error));
}

static bool parse(const char *prefix, const char *text, struct wu_rules *rules_out)
{
    char why[96];
    unsigned line;
    const DWORD error = wu_rules_parse(text, rules_out, &line);

    if (error == ERROR_SUCCESS)
        return true;
    if (error != ERROR_INVALID_DATA)
        return complain_of_error(prefix, error);

    snprintf(why, sizeof(why), "line %u is no rule; edit or remove the file", line);
    return complain_of_rules(prefix, why);
}

static bool write_rules(const char *prefix, const struct wu_rules *rules)
{
    char *text = wu_rules_format(rules);
    const bool written = text && wu_prefix_write(prefix, WU_PREFIX_RULES, text);

    if (!written)
        complain_of_rules(prefix, wu_wine_reason(errno));
    free(text);
    return written;
}

static bool
change_text(const char *prefix, const char *text, wu_wine_change *change, const void *user)
{
    struct wu_rules rules;
    DWORD error;
    bool changed;

    if (!parse(prefix, text, &rules))
        return false;

    error = change(&rules, user);
    changed =
        error == ERROR_SUCCESS ? write_rules(prefix, &rules) : complain_of_error(prefix, error);
    wu_rules_free(&rules);
    return changed;
}

static bool change_locked(const char *prefix, wu_wine_change *change, const void *user)
{
    char *text = wu_prefix_read(prefix, WU_PREFIX_RULES);
    const bool changed = text ? change_text(prefix, text, change, user)
                              : complain_of_rules(prefix, wu_wine_reason(errno));

    free(text);
    return changed;
}

bool wu_wine_change_rules(const char *prefix, wu_wine_change *change, const void *user)
{
    bool changed;
    int lock;

    if (!wu_prefix_make_folder(prefix)) {
        wu_cli_complain("cannot write to %s: %s", prefix, wu_wine_reason(errno));
        return false;
    }
    lock = wu_prefix_lock(prefix, LOCK_PATIENCE);
    if (lock < 0) {
        wu_cli_complain("cannot lock %s/" WU_PREFIX_LOCK ": %s", prefix, wu_wine_reason(errno));
        return false;
    }

    changed = change_locked(prefix, change, user);
    wu_prefix_unlock(lock);
    return changed;
}
