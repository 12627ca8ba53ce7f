/*
 * What a descriptor of Linux's was opened for: a token (token.h) or a device node.
 */
#ifndef WU_WINE_DESCRIPTOR_H
#define WU_WINE_DESCRIPTOR_H

#include <stdbool.h>
#include <stddef.h>

/**
 * Gives the path, as for wu_function_find(), of the function or device that a file is.
 *
 * @param fd    is closed
 * @param path  [size] of no meaning on failure
 * @return false when it is something else, or the path does not fit
 */
bool wu_descriptor_identify(int fd, char *path, size_t size);

#endif
