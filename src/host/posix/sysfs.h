/*
 * The kernel's files about devices and controllers: paths below /sys, and their short texts.
 */
#ifndef WU_HOST_POSIX_SYSFS_H
#define WU_HOST_POSIX_SYSFS_H

#include <stdbool.h>
#include <stddef.h>

/**
 * Composes a path below /sys.
 *
 * @param path    where to; unspecified on failure
 * @param size    [bytes] of @p path
 * @param format  the path relative to /sys, as for printf
 *
 * @return false when it does not fit
 */
#if defined(__GNUC__)
__attribute__((format(printf, 3, 4)))
#endif
bool wu_sysfs_path(char *path, size_t size, const char *format, ...);

/**
 * Reads the beginning of a file.
 *
 * @param path  absolute
 * @param text  filled in and terminated on success, untouched on failure
 * @param size  [bytes] of @p text; what does not fit is left out
 *
 * @return false with errno when it cannot be read
 */
bool wu_sysfs_read(const char *path, char *text, size_t size);

/** The same for the file @p name in a folder. */
bool wu_sysfs_read_in(const char *folder, const char *name, char *text, size_t size);

/** For tests: the folder that stands in for /sys; stays the caller's. */
void wu_sysfs_set_root(const char *root);

#endif
