/*
 * Which of our files go into a prefix, and where to.
 */
#ifndef WU_WINE_CHOICE_H
#define WU_WINE_CHOICE_H

#include <stdbool.h>

#include "wine/configuration.h"
#include "wine/files.h"
#include "wine/install.h"
#include "wine/loader.h"

struct wu_choice {
    bool serves; /* what the prefix is for; if not, the plan is empty */
    struct wu_plan plan;
    const char *missing; /* file for want of which nothing is chosen, or 32-bit programs of a 64-bit
                            prefix go without; NULL: none */
};

/** Chooses what serves a prefix. In doubt more files than are needed. */
void wu_choose(const struct wu_files *files,
               const char *prefix,
               enum wu_prefix_kind kind,
               enum wu_wow wow,
               struct wu_choice *choice_out);

/** Gives the winusb-wine.exe that runs in a prefix of a kind; NULL: there is none. */
const char *wu_choose_program(const struct wu_files *files, enum wu_prefix_kind kind);

#endif
