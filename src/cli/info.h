/*
 * The two forms of `winusb info`.
 */
#ifndef WU_CLI_INFO_H
#define WU_CLI_INFO_H

#include <stdio.h>

#include "cli/cli.h"
#include "cli/facts.h"

/** Writes tables for people. @return false without memory; something may be missing then */
bool wu_info_tables(const struct wu_facts *facts, FILE *file);

/** Writes a JSON object. @return false when it cannot be written */
bool wu_info_json(const struct wu_facts *facts, FILE *file);

#endif
