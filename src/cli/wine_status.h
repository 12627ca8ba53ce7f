/*
 * What `winusb wine status` has found out.
 */
#ifndef WU_CLI_WINE_STATUS_H
#define WU_CLI_WINE_STATUS_H

#include <limits.h>

#include "cli/cli.h"
#include "cli/wine_parts.h"
#include "devices/devices.h"
#include "devices/hubs.h"
#include "wine/configuration.h"
#include "wine/install.h"
#include "wine/links.h"
#include "wine/loader.h"
#include "wine/override.h"
#include "wine/rules.h"
#include "wine/serving.h"

enum wu_wine_hubs {
    WU_WINE_HUBS_PUBLISHED,
    WU_WINE_HUBS_NOT_YET,
    WU_WINE_HUBS_HIDDEN,  /* by a rule */
    WU_WINE_HUBS_FOREIGN, /* this Wine has its own */
    WU_WINE_HUBS_NONE,    /* the machine has none, or the folder is no prefix */
};

struct wu_wine_status {
    const char *prefix;
    char option[WU_WINE_OPTION_SIZE]; /* what names it to another command of ours */
    enum wu_prefix_kind kind;
    bool writable;
    bool has_wine;
    struct wu_loader wine;
    char wine_version[128]; /* empty: it does not run */
    bool can_publish;       /* there is a winusb-wine.exe to do it */
    struct wu_override override;
    struct wu_serving serving[2]; /* of 64-bit and of 32-bit programs */
    unsigned wrong_rule;          /* line number; 0: none is */
    struct wu_rules rules;
    struct wu_links links; /* owned */
    struct wu_function_list functions;
    struct wu_hub_list hubs;
    enum wu_wine_hubs hubs_are;
};

/** Gives what is at the place of the winusb.dll for the prefix's own programs. */
enum wu_there wu_wine_status_dll(const struct wu_wine_status *status);

/** Tells whether something of ours is there, but not what would be installed. */
bool wu_wine_status_is_old(const struct wu_wine_status *status);

/** Tells whether some interface of a function is published. */
bool wu_wine_status_is_published(const struct wu_wine_status *status,
                                 const struct wu_function *function);

/** Tells whether a published interface is of a function or hub that is plugged in. */
bool wu_wine_status_is_present(const struct wu_wine_status *status, const char *name);

/** Write it as text, and as a JSON object. @return false when it cannot be written */
bool wu_wine_status_text(const struct wu_wine_status *status);
bool wu_wine_status_json(const struct wu_wine_status *status);

/** Writes in a few words why a function is or is not published. @param why  [size] */
void wu_wine_status_why(const struct wu_wine_status *status,
                        const struct wu_function *function,
                        char *why,
                        size_t size);

#endif
