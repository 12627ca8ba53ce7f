/*
 * The Wine prefix that this process lives in.
 */
#ifndef WU_WINE_HERE_H
#define WU_WINE_HERE_H

#include <stdbool.h>
#include <stddef.h>

enum { WU_PREFIX_PATH_SIZE = 4096 }; /* [bytes]: as long as a path of Linux's may be */

/** Writes the path of the prefix. @param path  [size] @return false when Wine does not tell */
bool wu_prefix_here(char *path, size_t size);

/**
 * Publishes devices as a program loads the DLL, so that it finds them without anything else done
 * before; see sync.h. Changes nothing, and costs a few files' reading, while the devices and the
 * rules are the same. Says what fails in the log alone. WINUSB_WINE_PUBLISH=0 turns it off.
 */
void wu_publish_on_load(void);

#endif
