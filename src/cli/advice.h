/*
 * What to do when `winusb timesync` cannot: which permission is missing, and how to get it.
 */
#ifndef WU_CLI_ADVICE_H
#define WU_CLI_ADVICE_H

#include "cli/inventory.h"

/** Says on stderr why a device cannot be opened. */
void wu_advise_on_open(const struct wu_inventory_item *item, DWORD error);

/** Says on stderr why a controller's frame counter cannot be read. */
void wu_advise_on_source(const struct wu_inventory_item *item, DWORD error);

/** Says on stderr why tracking cannot start. */
void wu_advise_on_start(DWORD error);

#endif
