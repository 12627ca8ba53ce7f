/*
 * What the user wants to be published in a Wine prefix: the file `PREFIX/winusb/rules`.
 *
 * Without rules, every function is published that may be opened and that no kernel driver uses.
 * The rules say what differs, one a line, the last that fits counting for most:
 *
 *     publish 1-2 {guid}...       this port, 1234:abcd with these ids, or * for all; whether it may
 *                                 be opened or not, unless *; under these GUIDs too
 *     hide 1234:abcd              not these; "hide *": none, but for those of later rules
 *
 * `mi_02` behind the device means one part of a composite one. `hubs` instead of a device means
 * host controllers and hubs, which "hide *" hides as well.
 */
#ifndef WU_WINE_RULES_H
#define WU_WINE_RULES_H

#include "devices/devices.h"

#define WU_RULE_HUBS "hubs" /* as a device: host controllers and hubs */

enum { WU_ANY_PART = -1 };

struct wu_rule {
    bool hide;
    char device[32]; /* as wu_select_matches() takes it, "*", or WU_RULE_HUBS */
    int part;        /* first interface of the function; WU_ANY_PART */
    struct wu_guids guids;
};

struct wu_rules {
    struct wu_rule *rules; /* owned */
    size_t count;
};

/**
 * Reads rules from text. Blank lines and those that begin with '#' say nothing.
 *
 * @param rules_out  set on success; to be given to wu_rules_free()
 * @param line_out   set after ERROR_INVALID_DATA: the number of the first line [1..] that is no
 * rule
 *
 * @return ERROR_SUCCESS, ERROR_INVALID_DATA or ERROR_NOT_ENOUGH_MEMORY
 */
DWORD wu_rules_parse(const char *text, struct wu_rules *rules_out, unsigned *line_out);

void wu_rules_free(struct wu_rules *rules);

/**
 * Writes rules as text.
 *
 * @return owned by the caller; NULL without memory
 */
char *wu_rules_format(const struct wu_rules *rules);

/**
 * Tells whether a function is to be published, and under which GUIDs.
 *
 * @param guids_out  set when it is: its own, and those of the rules
 */
bool wu_rules_want(const struct wu_rules *rules,
                   const struct wu_function *function,
                   struct wu_guids *guids_out);

/** Tells whether host controllers and hubs are to be published. */
bool wu_rules_want_hubs(const struct wu_rules *rules);

/**
 * Adds rules: what earlier ones say of the very same devices no longer counts, but for the GUIDs of
 * "publish", which stay with those of a new one.
 *
 * Without device, "*", "hide" replaces all rules, and "publish" only undoes that.
 *
 * @param more  of any two, not of the same device
 *
 * @return ERROR_SUCCESS; ERROR_NOT_ENOUGH_MEMORY; ERROR_MORE_DATA when a rule would have more GUIDs
 *         than WU_GUIDS_MAX. After failure the rules are as before
 */
DWORD wu_rules_add(struct wu_rules *rules, const struct wu_rules *more);

#endif
