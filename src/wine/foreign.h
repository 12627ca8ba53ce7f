/*
 * What others than us have published in a Wine prefix, read from its files, without Wine.
 */
#ifndef WU_WINE_FOREIGN_H
#define WU_WINE_FOREIGN_H

#include <stdbool.h>

/**
 * Tells whether somebody else has published hubs, as a Wine that brings its own: then ours are not.
 *
 * Reads system.reg, which Wine's server writes half a minute after a change, or when it ends.
 *
 * @return false also when there is no such file, or not enough memory to tell
 */
bool wu_foreign_has_hubs(const char *prefix);

#endif
