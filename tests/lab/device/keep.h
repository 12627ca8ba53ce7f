/*
 * Files that a host sends to the lab's device, kept in a folder for a test to compare.
 */
#ifndef LABDEV_KEEP_H
#define LABDEV_KEEP_H

#include <stdbool.h>
#include <stdio.h>

enum { KEEP_NAME = 64 /* [characters] of a name, with its end */ };

/** Tells whether a file may be called so: letters, digits, '_', '-' and '.', not in front. */
bool keep_is_name(const char *name);

/**
 * Opens a file of the folder, as fopen().
 *
 * @param folder  NULL: nothing is kept
 * @return NULL when there is no folder, @p name is none, or opening fails
 */
FILE *keep_open(const char *folder, const char *name, const char *mode);

#endif
