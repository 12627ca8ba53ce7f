/*
 * The folder of a prefix as Wine tells its programs, in the environment variable WINECONFIGDIR.
 */
#ifndef WU_UNIX_CONFIG_DIR_H
#define WU_UNIX_CONFIG_DIR_H

#include <stdbool.h>
#include <stddef.h>
#include <windows.h>

/**
 * Turns the name that the system has for a folder, `\??\Z:\home\u\.wine` or
 * `\??\unix\home\u\.wine`, into the path that programs have for it: `Z:\home\u\.wine` or
 * `\\?\unix\home\u\.wine`.
 *
 * @param path  [size] characters, with the end; set on success
 * @return false when @p text is no name of a folder from the root on, or does not fit
 */
bool wu_config_dir_path(const WCHAR *text, WCHAR *path, size_t size);

#endif
