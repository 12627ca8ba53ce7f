/*
 * Whether the programs of a prefix get our winusb.dll, and why not.
 */
#ifndef WU_WINE_SERVING_H
#define WU_WINE_SERVING_H

#include <stdbool.h>

#include "wine/configuration.h"
#include "wine/install.h"
#include "wine/loader.h"
#include "wine/override.h"

/* What it depends on besides the files in the prefix. */
struct wu_serving_facts {
    const char *prefix;
    enum wu_prefix_kind kind;
    enum wu_wow wow;
    struct wu_override override;
    const struct wu_plan
        *plan; /* what would be installed, to tell an earlier version; may be empty */
};

struct wu_serving {
    bool served;
    char why[128];       /* in words: why not; empty: it is */
    enum wu_there there; /* at the place from which they would load it */
    char version[32];    /* of ours; empty: unknown */
};

/** Finds out for programs of 64 or of 32 bits. */
void wu_serving_get(const struct wu_serving_facts *facts, int bits, struct wu_serving *serving_out);

#endif
