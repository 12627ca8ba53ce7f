/*
 * A number that tells whether anything has changed about the USB devices of this machine.
 */
#ifndef WU_WINE_MARK_H
#define WU_WINE_MARK_H

#include <stdint.h>

/**
 * Looks at which devices and interfaces are there, which drivers have them, and whether this user
 * may open them. Reads the kernel's files alone, and disturbs no device.
 *
 * @param text  makes part of the number, too
 * @return the same as long as nothing has changed, also in another process; never 0
 */
uint64_t wu_mark(const char *text);

#endif
