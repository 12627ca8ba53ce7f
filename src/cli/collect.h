/*
 * Asks a device for what `winusb info` tells, by the public API.
 */
#ifndef WU_CLI_COLLECT_H
#define WU_CLI_COLLECT_H

#include "cli/facts.h"
#include "cli/open.h"

/**
 * Collects facts; what cannot be had is missing, and says so itself.
 *
 * @param opened     whose first interface is asked, and those beside it
 * @param facts_out  set on success; to be given to wu_facts_free()
 * @return ERROR_SUCCESS; ERROR_NOT_ENOUGH_MEMORY; ERROR_OPERATION_ABORTED after Ctrl-C
 *         (wu_interrupts_hold() was called); or why the device's descriptors cannot be had
 */
DWORD wu_facts_collect(const struct wu_opened *opened, struct wu_facts *facts_out);

#endif
