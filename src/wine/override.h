/*
 * Which winusb.dll Wine is told to load: the override, in the registry or in WINEDLLOVERRIDES.
 *
 * Without one it loads its own, however good the file is that is in its place. Wine's server holds
 * the registry and writes user.reg now and then, so that only a program in the prefix may change
 * it: winusb-wine.exe does, as override_set.h says.
 */
#ifndef WU_WINE_OVERRIDE_H
#define WU_WINE_OVERRIDE_H

#include <stdbool.h>

#define WU_OVERRIDE "native,builtin"
#define WU_OVERRIDE_KEY "OpenWinUSB" /* of ours, below HKCU\\Software */

enum wu_override_way {
    WU_OVERRIDE_NONE,
    WU_OVERRIDE_NATIVE,   /* the file first */
    WU_OVERRIDE_BUILTIN,  /* Wine's own first */
    WU_OVERRIDE_DISABLED, /* none at all */
};

struct wu_override {
    enum wu_override_way way;
    char value[64];      /* as it stands there */
    bool by_environment; /* by WINEDLLOVERRIDES, which goes before the registry */
    char program[64];    /* one that has another way of its own in the registry; empty: none */
};

/**
 * Reads which override holds in a prefix, from its files.
 *
 * @param environment  what WINEDLLOVERRIDES is; NULL: nothing
 */
void wu_override_get(const char *prefix, const char *environment, struct wu_override *override_out);

/**
 * Notes in the prefix that the registry has our override, or is about to: it believes that until
 * user.reg is newer, or Wine's server has ended. Our folder has to be there.
 *
 * @return false with errno
 */
bool wu_override_note(const char *prefix);

/** Tells whether that has been noted, or user.reg shows it: whether there is something to take
 * back. */
bool wu_override_is_noted(const char *prefix);

/** Removes the note. @return false with errno */
bool wu_override_forget(const char *prefix);

#endif
