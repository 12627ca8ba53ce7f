/*
 * The Wine that a prefix belongs to: the program that starts it, and what kind it is of.
 */
#ifndef WU_WINE_LOADER_H
#define WU_WINE_LOADER_H

#include <limits.h>
#include <stdbool.h>

#include "wine/configuration.h"

/* Of how many bits the Linux side of a 32-bit program is. */
enum wu_wow {
    WU_WOW_UNKNOWN,
    WU_WOW_OLD,  /* 32 */
    WU_WOW_NEW,  /* 64 */
    WU_WOW_NONE, /* this Wine runs no 32-bit program */
};

struct wu_loader {
    char path[PATH_MAX]; /* when there is none: what was wished for, or empty */
    const char *why;     /* in words: why this one */
    enum wu_wow wow;
};

/**
 * Finds the program that starts Wine. The first of these counts: what is wished for, WINE,
 * WINELOADER, what runs in the prefix, what Proton and Bottles note of it, who made or updated it
 * last, PATH.
 *
 * @param wish  a path, or a name in PATH; NULL: none
 * @param loader_out  set in any case
 * @return false when there is none, or none of a name that was given
 */
bool wu_loader_find(const char *prefix,
                    enum wu_prefix_kind kind,
                    const char *wish,
                    struct wu_loader *loader_out);

#endif
