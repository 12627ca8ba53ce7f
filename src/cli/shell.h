/*
 * Commands that people are told to give.
 */
#ifndef WU_CLI_SHELL_H
#define WU_CLI_SHELL_H

#include <limits.h>

enum { WU_SHELL_QUOTED_SIZE = 4 * PATH_MAX + 3 };

/** Writes a path as a shell takes it: in quotes where it has characters that mean something there.
 *  @param path  shorter than PATH_MAX */
void wu_shell_quote(const char *path, char quoted[WU_SHELL_QUOTED_SIZE]);

#endif
