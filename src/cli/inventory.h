/*
 * The USB functions that are present, each with its controller and that one's frame counter.
 */
#ifndef WU_CLI_INVENTORY_H
#define WU_CLI_INVENTORY_H

#include "devices/devices.h"
#include "frame/frame_source.h"

enum { WU_ANY_INTERFACE = -1 };

struct wu_inventory_item {
    struct wu_function function;
    struct wu_controller controller;
    DWORD source_error; /* 0: the counter can be read; else why not */
    char source[32];    /* how: "xhci mmio"; empty when it cannot */
};

struct wu_inventory {
    struct wu_inventory_item *items;
    size_t count;
};

/**
 * Looks around. Opens the devices and counters that it may, and closes them again.
 *
 * @param text           ids or a port, as a DEVICE argument has them: only devices with such ids,
 *                       or the ids of what is on the port, are looked at; NULL: all
 * @param method         how counters would be read; NULL: they are not looked at
 * @param inventory_out  set on success; to be given to wu_inventory_free()
 * @return ERROR_SUCCESS or ERROR_NOT_ENOUGH_MEMORY
 */
DWORD wu_inventory_get(const char *text,
                       const enum wu_frame_method *method,
                       struct wu_inventory *inventory_out);

void wu_inventory_free(struct wu_inventory *inventory);

/** Finds controller and, unless the method is NULL, counter of one function; function is set
 *  already. */
void wu_inventory_examine(struct wu_inventory_item *item, const enum wu_frame_method *method);

/**
 * Finds what a DEVICE argument means: of several, the first that can be opened and has a counter;
 * else that can be opened; and of equals one which no kernel driver uses.
 *
 * @param text    NULL: any function
 * @param number  bInterfaceNumber that the function has to have, or WU_ANY_INTERFACE
 * @return NULL when there is none; else borrowed from the inventory
 */
const struct wu_inventory_item *
wu_inventory_pick(const struct wu_inventory *inventory, const char *text, int number);

/**
 * Writes the ports of all devices that a DEVICE argument may mean: "1-2, 1-3".
 *
 * @param text, number  as wu_inventory_pick() takes them
 * @param ports         [size]; what does not fit is left out
 * @return how many devices there are
 */
size_t wu_inventory_ports(const struct wu_inventory *inventory,
                          const char *text,
                          int number,
                          char *ports,
                          size_t size);

#endif
