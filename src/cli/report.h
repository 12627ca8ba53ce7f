/*
 * Ways to show a run of `winusb timesync` on stdout while it goes on; who runs it flushes.
 */
#ifndef WU_CLI_REPORT_H
#define WU_CLI_REPORT_H

#include "cli/sample.h"

/* What is being followed. */
struct wu_run {
    char subject[640]; /* device and controller, for people */
    char source[32];   /* how the counter is read: "xhci mmio" */
    double interval;   /* [s] */
};

struct wu_report {
    void (*begin)(const struct wu_run *run);
    void (*sample)(const struct wu_sample *sample);
    void (*end)(const struct wu_summary *summary);
};

extern const struct wu_report wu_report_table; /* for people */
extern const struct wu_report wu_report_json;  /* JSON Lines: run, sample..., summary */

#endif
