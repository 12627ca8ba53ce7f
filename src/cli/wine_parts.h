/*
 * What the commands of `winusb wine` share.
 */
#ifndef WU_CLI_WINE_PARTS_H
#define WU_CLI_WINE_PARTS_H

#include <limits.h>
#include <stdbool.h>

#include "cli/cli.h"
#include "cli/shell.h"
#include "devices/guids.h"
#include "wine/configuration.h"
#include "wine/files.h"
#include "wine/loader.h"

struct wu_inf_devices;
struct wu_rules;

enum {
    WU_WINE_OPTION_SIZE = WU_SHELL_QUOTED_SIZE + 16,
    WU_WINE_WHY_SIZE = WU_SHELL_QUOTED_SIZE + 2 * PATH_MAX + 256,
};

/* The arguments of all of them; each takes some. */
struct wu_wine_settings {
    char prefix[PATH_MAX]; /* absolute */
    bool prefix_is_given;  /* by an option */
    const char *wine;      /* the program that starts Wine; NULL: whichever is found */
    const char *device;    /* NULL: all */
    struct wu_guids guids;
    const char *inf; /* path of an INF file; NULL */
    bool json;
};

enum wu_cli_exit wu_wine_install(const struct wu_wine_settings *settings);
enum wu_cli_exit wu_wine_uninstall(const struct wu_wine_settings *settings);
enum wu_cli_exit wu_wine_publish(const struct wu_wine_settings *settings);
enum wu_cli_exit wu_wine_unpublish(const struct wu_wine_settings *settings);
enum wu_cli_exit wu_wine_watch(const struct wu_wine_settings *settings);
enum wu_cli_exit wu_wine_status(const struct wu_wine_settings *settings);

/** Says so when the prefix is none, or of a kind that has no use for us. */
bool wu_wine_check_prefix(const char *prefix);

/** Writes why a prefix of a kind is not to be used, and what to do about it; "" of one that is. */
void wu_wine_prefix_why(const char *prefix, enum wu_prefix_kind kind, char why[WU_WINE_WHY_SIZE]);

/** Writes what another command of `winusb wine` takes to mean the same prefix: " --prefix FOLDER",
 *  or "" where no option was given. */
void wu_wine_prefix_option(const struct wu_wine_settings *settings,
                           char option[WU_WINE_OPTION_SIZE]);

/** Describes an errno of what happened in a prefix. */
const char *wu_wine_reason(int error);

/** Gives the files of ours for Wine. */
const struct wu_files *wu_wine_files(void);

/** Finds the Wine of the prefix. @return false after saying that there is none */
bool wu_wine_find(const struct wu_wine_settings *settings, struct wu_loader *loader_out);

/** Writes what is missing when there is no Wine of the prefix. */
void wu_wine_loader_why(const struct wu_loader *loader, char why[WU_WINE_WHY_SIZE]);

/** Takes a line that a program has written. @param is_error  on stderr */
typedef void wu_wine_take_line(void *user, const char *line, bool is_error);

/**
 * Runs a program and takes its lines until it ends, or until an interrupt comes that is held back
 * (interrupt.h), which ends it. What it leaves running may keep its pipes.
 *
 * @param arguments  the first is the program's path; NULL at the end
 * @return its exit status; -1 with errno when it cannot be run, or was ended
 */
int wu_wine_run(char *const arguments[], wu_wine_take_line *take, void *user);

/**
 * Brings the prefix in step, by winusb-wine.exe in Wine. Passes on what changes.
 *
 * @param changes_out  set in any case: how many
 * @return false after saying what failed
 */
bool wu_wine_sync(const struct wu_wine_settings *settings, unsigned *changes_out);

/** Sets our override in the prefix's registry, or takes it back, in the same way. */
bool wu_wine_set_override(const struct wu_wine_settings *settings, bool set);

/** Changes rules. @return ERROR_SUCCESS; ERROR_MORE_DATA: there would be too many GUIDs in one;
 *  ERROR_NOT_ENOUGH_MEMORY */
typedef DWORD wu_wine_change(struct wu_rules *rules, const void *user);

/** Changes the prefix's rules by a function of the caller's, and says what fails. */
bool wu_wine_change_rules(const char *prefix, wu_wine_change *change, const void *user);

/**
 * Reads which devices an INF file gives GUIDs to; no file has none.
 *
 * @param devices_out  set on success; to be given to wu_inf_devices_free()
 * @return false after saying what fails
 */
bool wu_wine_read_inf(const char *path, struct wu_inf_devices *devices_out);

#endif
