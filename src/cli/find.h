/*
 * From a DEVICE argument to the function it means.
 */
#ifndef WU_CLI_FIND_H
#define WU_CLI_FIND_H

#include <stdbool.h>

#include "cli/inventory.h"

/**
 * Finds a function, or says why there is none, or which devices there are to choose from.
 *
 * @param text      as wu_select_form() takes it; NULL: any function
 * @param number    bInterfaceNumber that the function has to have; WU_ANY_INTERFACE
 * @param method    how its controller's frame counter would be read; NULL: it is not looked at
 * @param item_out  set on success
 */
bool wu_find(const char *text,
             int number,
             const enum wu_frame_method *method,
             struct wu_inventory_item *item_out);

#endif
