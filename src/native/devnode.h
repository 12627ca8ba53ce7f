/*
 * Device nodes by their numbers and by their names. Nothing is kept: a number says where its device
 * is plugged in, and each question looks there.
 */
#ifndef WU_NATIVE_DEVNODE_H
#define WU_NATIVE_DEVNODE_H

#include <windows.h>

#include "devices/node.h"

/* A node, with the function that it is the node of, or is above. */
struct wu_devnode {
    enum wu_node_kind kind;
    struct wu_function function;
};

/** Gives the number of a node: never 0, and the same as long as its device is plugged in. */
DWORD wu_devnode_number(const struct wu_node *node);

/**
 * Finds the node of a number, or of an instance ID in any case.
 *
 * @param devnode_out  set on success
 * @return ERROR_SUCCESS; ERROR_NOT_FOUND: no device that is plugged in has it;
 *         ERROR_NOT_ENOUGH_MEMORY
 */
DWORD wu_devnode_find(DWORD number, struct wu_devnode *devnode_out);
DWORD wu_devnode_find_id(const char *id, struct wu_devnode *devnode_out);

/** Gives it as devices/node.h wants it: borrowed. */
struct wu_node wu_devnode_node(const struct wu_devnode *devnode);

/**
 * Finds the node that follows a number in the order of numbers, below the same node.
 *
 * @param parent      its number
 * @param number      0: the first
 * @param number_out  set on success
 * @return as wu_devnode_find()
 */
DWORD wu_devnode_next(DWORD parent, DWORD number, DWORD *number_out);

#endif
