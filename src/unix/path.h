/*
 * Wine's files, under Windows' names and under Linux'.
 */
#ifndef WU_UNIX_PATH_H
#define WU_UNIX_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <windows.h>

/**
 * Gives a file's path for Linux.
 *
 * @param name  for Windows, as CreateFile takes it
 * @param path  [size] set on success
 * @return false when Wine knows none, or it does not fit
 */
bool wu_unix_path(const WCHAR *name, char *path, size_t size);

/** Gives the folder of the Wine prefix, as CreateFile takes it, as Wine's loader tells it.
 *  @return false when it does not, or it does not fit */
bool wu_unix_prefix(WCHAR *folder, size_t size);

#endif
