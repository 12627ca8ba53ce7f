/*
 * Wine's server, of which one runs as long as programs do in a prefix.
 */
#ifndef WU_WINE_SERVER_H
#define WU_WINE_SERVER_H

#include <limits.h>
#include <stdbool.h>

/** Finds the program of the server that runs in a prefix now. @return false when there is none */
bool wu_server_find(const char *prefix, char path[PATH_MAX]);

#endif
