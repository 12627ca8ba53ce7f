/*
 * `winusb list --json`: an array with one object for each function.
 */
#ifndef WU_CLI_LIST_JSON_H
#define WU_CLI_LIST_JSON_H

#include "cli/cli.h"
#include "cli/inventory.h"

/** Writes the inventory to stdout. */
enum wu_cli_exit wu_cli_list_json(const struct wu_inventory *inventory);

#endif
